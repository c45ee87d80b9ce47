/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shortest ways in and out, compiled into their callers: the preferred zone is above
 * its mark and this cpu has a block of the order on its list; a block goes to the list it
 * belongs on. Nothing has changed when they decline, so alloc.c begins from the
 * beginning; both are made of the same parts.
 */
#ifndef SHB_FAST_H
#define SHB_FAST_H

#include "alloc.h"
#include "pcp.h"
#include "trace.h"
#include "watermark.h"
#include "zonelist.h"

#define SHB_GFP_BITS	(__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE | __GFP_RECLAIMABLE)
static_assert((__force unsigned int)SHB_GFP_BITS == 0x1f);
static_assert((__force unsigned int)(__GFP_MOVABLE | __GFP_RECLAIMABLE) == 3 << 3);

/* gfp_migratetype(), of a mask that shb_gfp_highest() finds valid. */
static inline unsigned int shb_gfp_type(gfp_t gfp)
{
	return ((__force unsigned int)gfp >> 3) & 3;
}

/* gfp_zone(); SHB_NR_KINDS for zone or mobility bits that exclude each other. */
static inline unsigned int shb_gfp_highest(const struct shb_state *s, gfp_t gfp)
{
	return s->highest[(__force unsigned int)(gfp & SHB_GFP_BITS)];
}

/* SHB_ALLOC_CMA has no meaning where the profile knows no CMA pages, and no effect either. */
static inline unsigned int shb_cma_flag(unsigned int type)
{
	return type == SHB_MOVABLE ? SHB_ALLOC_CMA : 0;
}

/* Count on this cpu's line; when an interrupt finds the line in use, on the zone's. */
static inline void shb_count_events(struct shb_zone *z, int cpu, enum shb_event event, long n)
{
	struct shb_pcp *pcp = &z->pcps[cpu];

	if (likely(shb_pcp_own(pcp))) {
		pcp->events[event] += n;
		shb_pcp_disown(pcp);
	} else {
		atomic_long_add(n, &z->irq_events[event]);
	}
}

/*
 * zone_statistics(): hit or miss against the node of the preferred zone, local or
 * other against the node of the cpu; one per call, whatever the order.
 */
static inline void shb_count_numa(const struct shb_state *s, struct shb_pcp *pcp,
				  struct shb_zone *z, struct shb_zone *preferred, int cpu, int n)
{
	if (!s->tune.numa_stat)
		return;
	if (likely(z->nid == preferred->nid)) {
		pcp->events[SHB_NUMA_HIT] += n;
	} else {
		pcp->events[SHB_NUMA_MISS] += n;
		shb_count_events(preferred, cpu, SHB_NUMA_FOREIGN, n);
	}
	pcp->events[pcp->local_event] += n;
}

/* A request was served by the lists of a cpu. */
static __always_inline void shb_count_alloc(const struct shb_state *s, struct shb_pcp *pcp,
					    struct shb_zone *z, struct shb_zone *preferred,
					    int cpu, int order)
{
	pcp->events[SHB_PGALLOC] += 1UL << order;
	shb_count_numa(s, pcp, z, preferred, cpu, 1);
}

/* rmqueue_pcplist(): an allocation ends what was freed in a row. */
static __always_inline void shb_pcp_begin_alloc(struct shb_pcp *pcp)
{
	pcp->free_factor >>= 1;
	pcp->free_count >>= 1;
}

/* shb_alloc_fast() for one order; a constant one folds most of it away. */
static __always_inline bool shb_alloc_fast_order(const struct shb_state *s, gfp_t gfp,
						 unsigned int order, int nid, int cpu, u32 owner,
						 unsigned long *pfn)
{
	unsigned int type = shb_gfp_type(gfp), highest = shb_gfp_highest(s, gfp);
	unsigned int flags = SHB_WMARK_LOW | shb_cma_flag(type);
	const struct shb_zonelist *list;
	unsigned long mark;
	struct shb_zone *z;
	struct shb_pcp *pcp;
	u32 head, i;

	if (unlikely(highest >= SHB_NR_KINDS))
		return false;
	list = shb_zonelist_of(s, nid, gfp);
	z = list->zones[list->first[highest]];
	if (unlikely(!z))
		return false;
	mark = shb_watermark(z, z->first_mark[READ_ONCE(z->flags)]);
	if (unlikely(!(order ? shb_watermark_ok(z, order, mark, highest, flags,
						READ_ONCE(z->nr_free)) :
			       shb_watermark_above(z, mark, highest, flags))))
		return false;
	pcp = &z->pcps[cpu];
	if (unlikely(!shb_pcp_own(pcp)))
		return false;
	head = pcp->heads + shb_pcp_list(order, type);
	i = z->frames[head].next;
	if (unlikely(i == head)) {
		shb_pcp_disown(pcp);
		return false;
	}
	shb_pcp_begin_alloc(pcp);
	shb_pcp_take(z, pcp, shb_pcp_list(order, type), i, order);
	z->frames[i].owner = owner;
	shb_count_alloc(s, pcp, z, z, cpu, order);
	shb_pcp_disown(pcp);
	*pfn = shb_pfn_of(z, i);
	if (trace_mm_page_alloc_enabled())
		shb_trace_alloc(s, *pfn, order, gfp);
	return true;
}

/**
 * shb_alloc_fast() - serve a request if that is simple
 * @s: state
 * @gfp: gfp mask, with the task's context applied
 * @order: order
 * @nid: preferred node; every node is allowed
 * @cpu: this cpu
 * @owner: caller, for reports
 * @pfn: first page, out
 *
 * Context: as shb_alloc().
 * Return: served; otherwise ask shb_alloc(), which decides the same from the start.
 */
static __always_inline bool shb_alloc_fast(const struct shb_state *s, gfp_t gfp,
					   unsigned int order, int nid, int cpu, u32 owner,
					   unsigned long *pfn)
{
	if (likely(!order))
		return shb_alloc_fast_order(s, gfp, 0, nid, cpu, owner, pfn);
	return likely(shb_order_on_pcp(order)) &&
	       shb_alloc_fast_order(s, gfp, order, nid, cpu, owner, pfn);
}

/* Return: the block is on a pcp list. HighAtomic and CMA pages ride with Movable. */
static __always_inline bool shb_free_to_pcp(struct shb_zone *z, u32 i, int order, int type,
					    unsigned int cpu)
{
	struct shb_pcp *pcp = &z->pcps[cpu];

	if (unlikely(!shb_pcp_own(pcp)))
		return false;
	pcp->events[SHB_PGFREE] += 1UL << order;
	shb_pcp_push(z, pcp, i, order, type < SHB_PCPTYPES ? type : SHB_MOVABLE, type);
	shb_pcp_disown(pcp);
	return true;
}

/* shb_free_fast() for one order. */
static __always_inline bool shb_free_fast_order(const struct shb_state *s, unsigned long pfn,
						unsigned int order, unsigned int cpu,
						u32 owner)
{
	struct shb_zone *z;
	int type;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	if (unlikely(!z || !shb_is_used_block(z, i, order) || trace_mm_page_free_enabled()))
		return false;
	type = shb_block_type(z, i);
	z->frames[i].owner = owner;
	return likely(type < SHB_PCPTYPES) && shb_free_to_pcp(z, i, order, type, cpu);
}

/**
 * shb_free_fast() - free a block if that is simple
 * @s: state
 * @pfn: first page
 * @order: order
 * @cpu: this cpu
 * @owner: caller, for reports
 *
 * Context: as shb_free().
 * Return: done; otherwise nothing has changed and shb_free() does it, or refuses it.
 */
static __always_inline bool shb_free_fast(const struct shb_state *s, unsigned long pfn,
					  unsigned int order, unsigned int cpu,
						u32 owner)
{
	if (likely(!order))
		return shb_free_fast_order(s, pfn, 0, cpu, owner);
	return likely(shb_order_on_pcp(order)) && shb_free_fast_order(s, pfn, order, cpu, owner);
}

#endif
