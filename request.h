/* SPDX-License-Identifier: GPL-2.0-only */
/* What a gfp mask asks for; see request.c. */
#ifndef SHB_REQUEST_H
#define SHB_REQUEST_H

#include <linux/gfp.h>

#include "types.h"
#include "zonelist.h"

bool shb_request_init(const struct shb_state *s, struct shb_request *r);
unsigned int shb_request_nofragment(const struct shb_state *s, const struct shb_request *r);
unsigned int shb_request_slow_flags(const struct shb_state *s, const struct shb_request *r);
unsigned int shb_request_reserves(const struct shb_state *s, const struct shb_request *r);

#define SHB_GFP_BITS	(__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE | __GFP_RECLAIMABLE)
static_assert((__force unsigned int)SHB_GFP_BITS == 0x1f);
static_assert((__force unsigned int)(__GFP_MOVABLE | __GFP_RECLAIMABLE) == 3 << 3);

/* gfp_migratetype(), of a mask that shb_gfp_highest() finds valid. */
static inline unsigned int shb_gfp_type(gfp_t gfp)
{
	return ((__force unsigned int)gfp >> 3) & 3;
}

/* At most one zone, and one sort. */
static inline bool shb_gfp_is_valid(gfp_t gfp)
{
	unsigned int zone = (__force unsigned int)(gfp & (__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32));

	return !(zone & (zone - 1)) && !(gfp & __GFP_MOVABLE && gfp & __GFP_RECLAIMABLE);
}

/* gfp_zone(); SHB_NR_KINDS for zone or mobility bits that exclude each other. */
static inline unsigned int shb_gfp_highest(const struct shb_state *s, gfp_t gfp)
{
	return READ_ONCE(s->highest[(__force unsigned int)(gfp & SHB_GFP_BITS)]);
}

/* SHB_ALLOC_CMA has no meaning where the profile knows no CMA pages, and no effect either. */
static inline unsigned int shb_cma_flag(unsigned int type)
{
	return type == SHB_MOVABLE ? SHB_ALLOC_CMA : 0;
}

/**
 * shb_request_prefer() - the first zone that may serve a request, and whose reserve counts
 * @r: request with nid, gfp, highest and nodemask
 *
 * Up to 5.4 the reserve was that for the preferred zone (classzone_idx).
 *
 * Context: any.
 */
static inline void shb_request_prefer(const struct shb_state *s, struct shb_request *r)
{
	const struct shb_zonelist *list = shb_zonelist_of(s, r->nid, r->gfp);

	r->preferred = shb_zonelist_first(list, r->highest, r->nodemask);
	r->index = r->highest;
	if (unlikely(s->rules.gate->index_of_preferred) && *r->preferred)
		r->index = (*r->preferred)->kind;
}

#endif
