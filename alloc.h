/* SPDX-License-Identifier: GPL-2.0-only */
/* Zones in turn, and what is tried below LOW; see alloc.c. The way in is shb_serve(). */
#ifndef SHB_ALLOC_H
#define SHB_ALLOC_H

#include "types.h"

unsigned long shb_alloc(struct shb_state *s, gfp_t gfp, unsigned int order, int nid,
			const nodemask_t *nodemask, int cpu, u32 owner, u8 by);
int shb_alloc_bulk(struct shb_state *s, struct shb_request *r, int nr, unsigned long *pfns);
void shb_trace_alloc(const struct shb_state *s, unsigned long pfn, int order, gfp_t gfp);
void shb_count_interleave(struct shb_state *s, unsigned long pfn, int cpu);

#endif
