/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs: allocate and free, by pfn; see alloc.c. */
#ifndef SHB_ALLOC_H
#define SHB_ALLOC_H

#include "types.h"

/* Why a free was refused. */
enum shb_bad_free {
	SHB_FREE_OK,
	SHB_FREE_FOREIGN,	/* not a page of this state */
	SHB_FREE_DOUBLE,	/* the page is free already */
	SHB_FREE_ORDER,		/* the block has another order */
	SHB_FREE_MIDDLE,	/* inside a block that began earlier */
};

bool shb_request_init(const struct shb_state *s, struct shb_request *r, gfp_t gfp, int order,
		      int nid, const nodemask_t *nodemask, int cpu);
unsigned long shb_alloc(struct shb_state *s, struct shb_request *r);
void shb_trace_alloc(const struct shb_state *s, unsigned long pfn, int order, gfp_t gfp);
int shb_alloc_bulk(struct shb_state *s, struct shb_request *r, int nr, unsigned long *pfns);

enum shb_bad_free shb_free(struct shb_state *s, unsigned long pfn, int order, int cpu, u32 owner);
enum shb_bad_free shb_free_batched(struct shb_state *s, unsigned long pfn, int order, int cpu,
				   u32 owner);
enum shb_bad_free shb_free_to_tail(struct shb_state *s, unsigned long pfn, int cpu, u32 owner);
enum shb_bad_free shb_free_check(const struct shb_state *s, unsigned long pfn, int order);
int shb_block_state(const struct shb_state *s, unsigned long pfn);
int shb_split(struct shb_state *s, unsigned long pfn, int order);
int shb_set_movable(struct shb_state *s, unsigned long pfn, int order, bool movable);

void shb_count_interleave(struct shb_state *s, unsigned long pfn, int cpu);
u64 shb_zone_events(const struct shb_zone *z, enum shb_event event);

#endif
