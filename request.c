// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a gfp mask asks for, and what the reserves grant to whoever asks. The caller is
 * data: nothing here looks at who runs.
 *
 *     gfp, order, node, by -> highest zone, type, first zone, flags      at LOW
 *                          -> flags and reserves                         below it
 */
#include <linux/printk.h>

#include "request.h"
#include "zonelist.h"

/**
 * shb_request_nofragment() - may a request take small blocks of other types?
 *
 * alloc_flags_nofragment(): they are left alone as long as another local zone can serve.
 *
 * Context: any.
 * Return: SHB_ALLOC_NOFRAGMENT or 0.
 */
unsigned int shb_request_nofragment(const struct shb_state *s, const struct shb_request *r)
{
	const struct shb_zone *z = *r->preferred;

	if (s->rules.walk->defrag_mode && READ_ONCE(s->tune.defrag_mode))
		return SHB_ALLOC_NOFRAGMENT;
	if (!z || z->kind != SHB_NORMAL || !(s->kinds & BIT(SHB_DMA32)))
		return 0;
	if (s->online_nodes > 1 && !s->nodes[z->nid].zones[SHB_DMA32])
		return 0;
	return s->rules.walk->nofragment ? SHB_ALLOC_NOFRAGMENT : 0;
}

/**
 * shb_request_init() - work out what a gfp mask asks for
 * @r: request with what the caller fills in; the rest is filled in here
 *
 * prepare_alloc_pages(), gfp_zone() and gfp_migratetype() of every release.
 *
 * Context: any.
 * Return: false when the mask or the order is not valid; one line says so.
 */
bool shb_request_init(const struct shb_state *s, struct shb_request *r)
{
	if (unlikely(r->order > SHB_MAX_ORDER)) {
		if (!(r->gfp & __GFP_NOWARN))
			pr_warn_once("order %d: the largest block has order %d\n", r->order,
				     SHB_MAX_ORDER);
		return false;
	}
	r->type = shb_gfp_type(r->gfp);
	r->highest = shb_gfp_highest(s, r->gfp);
	if (unlikely(r->highest >= SHB_NR_KINDS)) {
		if (!shb_gfp_is_valid(r->gfp))
			pr_warn_once("gfp %#x: zone or mobility bits exclude each other\n",
				     (__force unsigned int)r->gfp);
		return false;
	}
	shb_request_prefer(s, r);
	r->flags = SHB_WMARK_LOW | shb_cma_flag(r->type);
	return true;
}

/**
 * shb_request_slow_flags() - what a request may do below LOW
 *
 * gfp_to_alloc_flags().
 *
 * Context: any.
 * Return: SHB_ALLOC_*.
 */
unsigned int shb_request_slow_flags(const struct shb_state *s, const struct shb_request *r)
{
	unsigned int flags = SHB_WMARK_MIN | SHB_ALLOC_CPUSET | shb_cma_flag(r->type);
	gfp_t gfp = r->gfp;

	if (gfp & __GFP_HIGH)
		flags |= SHB_ALLOC_MIN_RESERVE;
	if (gfp & __GFP_KSWAPD_RECLAIM)
		flags |= SHB_ALLOC_KSWAPD;
	flags = s->rules.slow->grant(r, flags);
	if (s->rules.walk->defrag_mode && READ_ONCE(s->tune.defrag_mode))
		flags |= SHB_ALLOC_NOFRAGMENT;
	return flags;
}

/**
 * shb_request_reserves() - what those may have that free memory, or die for it
 *
 * __gfp_pfmemalloc_flags().
 *
 * Context: any.
 * Return: SHB_ALLOC_NO_WATERMARKS for all of it, SHB_ALLOC_OOM for a part, or 0.
 */
unsigned int shb_request_reserves(const struct shb_state *s, const struct shb_request *r)
{
	if (r->gfp & __GFP_NOMEMALLOC)
		return 0;
	if ((r->gfp & __GFP_MEMALLOC) || (r->by & SHB_BY_MEMALLOC))
		return SHB_ALLOC_NO_WATERMARKS;
	if (r->by & SHB_BY_OOM_VICTIM)
		return s->rules.slow->victims_get_all ? SHB_ALLOC_NO_WATERMARKS : SHB_ALLOC_OOM;
	return 0;
}
