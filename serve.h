/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way in and out for everybody: the exported calls, commands, tests. First the short
 * way, compiled into the caller: the preferred zone is above its mark and this cpu has a
 * block of the order on its list (for orders without one: the type's own lists have); a
 * block goes to the list it belongs on, or to the buddy. Nothing has been handed out or
 * taken back when that declines, so alloc.c and free.c begin from the beginning; both are
 * made of the same parts.
 */
#ifndef SHB_SERVE_H
#define SHB_SERVE_H

#include "alloc.h"
#include "count.h"
#include "free.h"
#include "pcp.h"
#include "request.h"
#include "trace.h"
#include "watermark.h"
#include "zonelist.h"

/* The short way in for one order; a constant one folds much of it away. */
static __always_inline bool shb_serve_order(const struct shb_state *s, gfp_t gfp,
					    unsigned int order, int nid, int cpu, u32 owner,
					    unsigned long *pfn)
{
	unsigned int type = shb_gfp_type(gfp);
	struct shb_zone *z;
	struct shb_pcp *pcp;
	u32 root, i;

	z = shb_alloc_zone(s, gfp, order, nid, SHB_WMARK_LOW | shb_cma_flag(type));
	if (unlikely(!z || (order && !shb_block_exists(z, order, shb_cma_flag(type)))))
		return false;
	pcp = &z->pcps[cpu];
	if (unlikely(!shb_pcp_own(pcp)))
		return false;
	root = pcp->roots + shb_pcp_list(z, order, type);
	i = z->frames[root].next;
	if (unlikely(i == root)) {
		shb_pcp_disown(pcp);
		return false;
	}
	shb_pcp_begin_alloc(pcp);
	shb_pcp_take(z, pcp, shb_pcp_list(z, order, type), i, order);
	z->frames[i].owner = owner;
	shb_count_alloc(s, pcp, z, z, cpu, order);
	shb_pcp_disown(pcp);
	*pfn = shb_pfn_of(z, i);
	if (trace_mm_page_alloc_enabled())
		shb_trace_alloc(s, *pfn, order, gfp);
	return true;
}

static __always_inline bool shb_serve_short(struct shb_state *s, const struct shb_request r,
					    unsigned long *pfn)
{
	if (unlikely(r.nodemask))
		return false;
	if (likely(!r.order))
		return shb_serve_order(s, r.gfp, 0, r.nid, r.cpu, r.owner, pfn);
	if (likely(r.order < SHB_PCP_ORDERS))
		return shb_serve_order(s, r.gfp, r.order, r.nid, r.cpu, r.owner, pfn);
	if (likely(r.order == SHB_PAGEBLOCK_ORDER))
		return shb_serve_order(s, r.gfp, SHB_PAGEBLOCK_ORDER, r.nid, r.cpu, r.owner, pfn);
	*pfn = shb_alloc_short(s, r.gfp, r.order, r.nid, r.cpu, r.owner);
	return *pfn != SHB_NO_PFN;
}

/**
 * shb_serve() - serve a request
 * @r: what the caller fills in of it, but perhaps not who asks
 * @by: says who asks, SHB_BY_*; called only where it matters, in the long way. NULL: @r does.
 *
 * @r never becomes memory in the caller: the short way is made of registers.
 *
 * __alloc_pages(), get_page_from_freelist() and below.
 *
 * Context: pinned to cpu r.cpu (host->pin()). Any but NMI; never sleeps.
 * Return: first pfn of the block, or SHB_NO_PFN.
 */
static __always_inline unsigned long shb_serve(struct shb_state *s, const struct shb_request r,
					       u8 (*by)(void))
{
	unsigned long pfn;

	if (likely(shb_serve_short(s, r, &pfn)))
		return pfn;
	return shb_alloc(s, r.gfp, r.order, r.nid, r.nodemask, r.cpu, r.owner, by ? by() : r.by);
}

/* The short way out for one order. HighAtomic and CMA blocks take the long one. */
static __always_inline bool shb_give_back_order(const struct shb_state *s, unsigned long pfn,
						unsigned int order, unsigned int cpu, u32 owner)
{
	struct shb_zone *z;
	int type;
	u32 i = 0;

	z = shb_zone_at(s, pfn, &i);
	if (unlikely(!z || !shb_is_used_block(z, i, order) || trace_mm_page_free_enabled()))
		return false;
	type = shb_block_type(z, i);
	z->frames[i].owner = owner;
	return likely(type < (order ? z->high_types : SHB_PCPTYPES)) &&
	       shb_free_to_pcp(z, i, order, type, cpu, false);
}

/* The short way out for orders with per-cpu lists. */
static __always_inline bool shb_give_back_short(const struct shb_state *s, unsigned long pfn,
						unsigned int order, unsigned int cpu, u32 owner)
{
	if (likely(!order))
		return shb_give_back_order(s, pfn, 0, cpu, owner);
	if (likely(order < SHB_PCP_ORDERS))
		return shb_give_back_order(s, pfn, order, cpu, owner);
	if (likely(order == SHB_PAGEBLOCK_ORDER))
		return shb_give_back_order(s, pfn, SHB_PAGEBLOCK_ORDER, cpu, owner);
	return false;
}

/**
 * shb_give_back() - free a block
 * @shared: somebody else holds a reference on the first page (shb_is_shared())
 *
 * Context: as shb_serve().
 * Return: SHB_FREE_OK, or why it was refused.
 */
static __always_inline enum shb_bad_free shb_give_back(struct shb_state *s, unsigned long pfn,
						       unsigned int order, unsigned int cpu,
						       u32 owner, bool shared)
{
	if (likely(!shared && shb_give_back_short(s, pfn, order, cpu, owner)))
		return SHB_FREE_OK;
	return shb_free_long(s, pfn, order, cpu, owner, shared);
}

#endif
