/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_SLAB_H
#define SIM_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <stdlib.h>
#include <string.h>

/* Memory for tables. A test makes the n-th of these fail: sim_fail_alloc. */
void *sim_alloc(size_t bytes);
void sim_free(const void *p);
extern long sim_fail_alloc;

#define kmalloc(size, gfp)			sim_alloc(size)
#define kzalloc(size, gfp)			sim_alloc(size)
#define kcalloc(n, size, gfp)			sim_alloc(size_mul(n, size))
#define kvcalloc(n, size, gfp)			sim_alloc(size_mul(n, size))
#define kvzalloc(size, gfp)			sim_alloc(size)
#define kvmalloc_array(n, size, gfp)		sim_alloc(size_mul(n, size))
#define kvzalloc_node(size, gfp, nid)		sim_alloc(size)
#define vzalloc_node(size, nid)			sim_alloc(size)
#define kfree(p)				sim_free(p)
#define kvfree(p)				sim_free(p)

static inline char *kstrdup(const char *text, gfp_t gfp)
{
	size_t bytes = strlen(text) + 1;
	char *copy = sim_alloc(bytes);

	return copy ? memcpy(copy, text, bytes) : NULL;
}

#endif
