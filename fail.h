/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests that fail because somebody wants to see it; see fail.c. */
#ifndef SHB_FAIL_H
#define SHB_FAIL_H

#include "types.h"

#define SHB_FAIL_WORD	48

bool shb_fail_injects(struct shb_state *s, gfp_t gfp, unsigned int order);
void shb_fail_init(struct shb_state *s);
int shb_fail_write(struct shb_state *s, const char *words, char bad[SHB_FAIL_WORD],
		   const char **accepts);
void shb_fail_off(struct shb_state *s);

/* Table of attributes; NULL behind the last. */
const char *shb_fail_name(int attribute);
const char *shb_fail_accepts(int attribute);

/* Is a request to fail? Costs a load when nobody asked for it. */
static __always_inline bool shb_fail_now(struct shb_state *s, gfp_t gfp, unsigned int order)
{
	return unlikely(READ_ONCE(s->fails.armed)) && shb_fail_injects(s, gfp, order);
}

#endif
