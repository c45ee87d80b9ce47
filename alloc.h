/* SPDX-License-Identifier: GPL-2.0-only */
/* Zones in turn, and what is tried below LOW; see alloc.c. The way in is shb_serve(). */
#ifndef SHB_ALLOC_H
#define SHB_ALLOC_H

#include "request.h"
#include "trace.h"
#include "types.h"
#include "watermark.h"
#include "zonelist.h"

unsigned long shb_alloc(struct shb_state *s, gfp_t gfp, unsigned int order, int nid,
			const nodemask_t *nodemask, int cpu, u32 owner, u8 by);
unsigned long shb_alloc_short(struct shb_state *s, gfp_t gfp, unsigned int order, int nid, int cpu,
			      u32 owner);
unsigned long shb_alloc_at_first(struct shb_state *s, struct shb_request *r);
unsigned long shb_alloc_look(struct shb_state *s, struct shb_request *r, unsigned int flags);
void shb_alloc_wake_kswapds(struct shb_state *s, struct shb_request *r);
bool shb_alloc_unreserve(struct shb_state *s, struct shb_request *r, bool force);
int shb_alloc_bulk(struct shb_state *s, struct shb_request *r, int nr, unsigned long *pfns);
void shb_trace_alloc(const struct shb_state *s, unsigned long pfn, int order, gfp_t gfp);
void shb_count_interleave(struct shb_state *s, unsigned long pfn, int cpu);

/**
 * shb_alloc_zone() - the gate of the short ways
 * @flags: SHB_ALLOC_* without reserves, for which the sum alone is the test of order 0
 *
 * Whether the zone has a block of the order is for the caller to look at.
 *
 * Context: any; lockless reads.
 * Return: the preferred zone of a request from any node, if it is above its mark and nobody
 * listens to the gate; else NULL.
 */
static __always_inline struct shb_zone *shb_alloc_zone(const struct shb_state *s, gfp_t gfp,
						       unsigned int order, int nid,
						       unsigned int flags)
{
	unsigned int highest = shb_gfp_highest(s, gfp);
	const struct shb_zonelist *list;
	unsigned long mark;
	struct shb_zone *z;

	if (unlikely(highest >= SHB_NR_KINDS || trace_watermark_ok_enabled()))
		return NULL;
	list = shb_zonelist_of(s, nid, gfp);
	z = list->zones[list->first[highest]];
	if (unlikely(!z))
		return NULL;
	mark = shb_watermark(z, READ_ONCE(z->marks.first[READ_ONCE(z->flags) & SHB_GATE_FLAGS]));
	if (unlikely(!shb_watermark_enough(z, order, mark, highest, flags,
					   READ_ONCE(z->buddy.free_pages))))
		return NULL;
	return z;
}

#endif
