/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_VMALLOC_H
#define SIM_LINUX_VMALLOC_H

#include <linux/slab.h>

#define vmalloc_array(n, size)	sim_alloc(size_mul(n, size))
#define vcalloc(n, size)	sim_alloc(size_mul(n, size))
#define vfree(p)		sim_free(p)

#endif
