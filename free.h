/* SPDX-License-Identifier: GPL-2.0-only */
/* What may be done with a block that is out; see free.c. The way back is shb_give_back(). */
#ifndef SHB_FREE_H
#define SHB_FREE_H

#include "count.h"
#include "host.h"
#include "pcp.h"
#include "types.h"

/* Why a free was refused. */
enum shb_bad_free {
	SHB_FREE_OK,
	SHB_FREE_FOREIGN,	/* not a page of this state */
	SHB_FREE_DOUBLE,	/* the page is free already */
	SHB_FREE_ORDER,		/* the block has another order */
	SHB_FREE_MIDDLE,	/* inside a block that began earlier */
};

enum shb_bad_free shb_free_long(struct shb_state *s, unsigned long pfn, int order, int cpu,
				u32 owner, bool shared);
enum shb_bad_free shb_free(struct shb_state *s, unsigned long pfn, int order, int cpu, u32 owner);
enum shb_bad_free shb_free_batched(struct shb_state *s, unsigned long pfn, int order, int cpu,
				   u32 owner);
enum shb_bad_free shb_free_cold(struct shb_state *s, unsigned long pfn, int order, int cpu, u32 owner);
enum shb_bad_free shb_free_to_tail(struct shb_state *s, unsigned long pfn, int cpu, u32 owner);
enum shb_bad_free shb_free_check(const struct shb_state *s, unsigned long pfn, int order);
int shb_block_state(const struct shb_state *s, unsigned long pfn);
int shb_split(struct shb_state *s, unsigned long pfn, int order);
int shb_set_movable(struct shb_state *s, unsigned long pfn, int order, bool movable);

/* As in __free_pages(), the first page speaks for the block. */
static inline bool shb_is_shared(const struct shb_state *s, unsigned long pfn)
{
	return s->pages && s->pages->count(pfn) != 1;
}

/* Return: the block is on a pcp list. HighAtomic and CMA pages ride with Movable. */
static __always_inline bool shb_free_to_pcp(struct shb_zone *z, u32 i, int order, int type,
					    unsigned int cpu, const bool cold)
{
	struct shb_pcp *pcp = &z->pcps[cpu];

	if (unlikely(!shb_pcp_own(pcp)))
		return false;
	pcp->events[SHB_PGFREE] += 1UL << order;
	shb_pcp_push_end(z, pcp, i, order, type < SHB_PCPTYPES ? type : SHB_MOVABLE, type, cold);
	shb_pcp_disown(pcp);
	return true;
}

#endif
