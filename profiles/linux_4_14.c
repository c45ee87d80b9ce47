// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-4.14: a fallback brings blocks to the lists and looks again; lists of order 0 only, of six
 * batches; who is in a hurry goes harder; a reserve for atomic requests of higher orders.
 */
#include <linux/minmax.h>

#include "fallback.h"
#include "pcp.h"
#include "request.h"
#include "rooms.h"
#include "zones.h"

/* --- fallback --------------------------------------------------------------------------------- */

static bool bring(const struct shb_zone *z, struct shb_proposal *p, int found, int type, bool whole)
{
	int from = shb_fallback_type(z, found, type);

	if (from < 0)
		return false;
	p->block = shb_zone_first(z, found, from);
	p->act = whole ? SHB_BRING_PAGEBLOCK : SHB_BRING_BLOCK;
	return true;
}

/**
 * shb_propose_largest() - the largest block of another type
 * @p: proposal, out
 *
 * __rmqueue_fallback(): always from the largest block, but for a small Movable request,
 * which may leave the pageblock alone, from the smallest.
 *
 * Context: holds z->lock.
 * Return: there is one.
 */
bool shb_propose_largest(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p)
{
	int found;

	for (found = SHB_MAX_ORDER; found >= shb_fallback_lowest(z, q); found--) {
		if (shb_fallback_type(z, found, q->type) < 0)
			continue;
		if (shb_fallback_worth(found, q->type) || found <= q->order)
			break;
		for (found = q->order; shb_fallback_type(z, found, q->type) < 0; found++)
			;
		break;
	}
	return found >= shb_fallback_lowest(z, q) &&
	       bring(z, p, found, q->type, shb_fallback_worth(found, q->type));
}

/**
 * shb_highatomic_plus_block() - one percent and a pageblock
 *
 * Context: any.
 * Return: pages.
 */
unsigned long shb_highatomic_plus_block(const struct shb_zone *z)
{
	return z->extent.managed / 100 + SHB_PAGEBLOCK_PAGES;
}

const struct shb_buddy_rules shb_4_14_buddy = {
	.unreserve_checks_type	= true,
	.joins_reserved		= true,
	.moves_to_head		= true,
	.propose		= shb_propose_largest,
	.highatomic_limit	= shb_highatomic_plus_block,
};

/* --- per-cpu lists ---------------------------------------------------------------------------- */

/**
 * shb_pcp_refill_batch() - how much a refill takes, when the high is fixed
 * @order: order of the blocks
 *
 * Context: owns @pcp.
 * Return: blocks.
 */
int shb_pcp_refill_batch(struct shb_zone *z, struct shb_pcp *pcp, int order)
{
	int batch = READ_ONCE(pcp->batch);

	return batch > 1 ? max(batch >> order, 2) : batch;
}

/**
 * shb_pcp_excess_batch() - a free that reaches the limit gives a batch back
 *
 * free_hot_cold_page(), later free_unref_page_commit().
 *
 * Context: owns @pcp.
 * Return: pages; negative: the limit is not reached.
 */
int shb_pcp_excess_batch(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	return pcp->count < READ_ONCE(pcp->high_min) ? -1 : READ_ONCE(pcp->batch);
}

const struct shb_pcp_rules shb_4_14_pcp = {
	SHB_PCP_SIX_BATCHES,
	.cold_ends		= true,
	.batch_max		= 32,
	.serves_highatomic	= true,
};

/* --- marks and urgency ------------------------------------------------------------------------ */

const struct shb_gate_rules shb_4_14_gate = {
	.discount_reserved	= true,
	.boost_off_for_atomic_gfp = true,	/* of boosts others left behind: none of its own */
	.index_of_preferred	= true,
	.harder			= true,
	.past_reserve		= SHB_ALLOC_NON_BLOCK | SHB_ALLOC_OOM,
	.fast			= SHB_FAST_PLAIN,
};

const struct shb_marks_rules shb_4_14_marks = {
	.thp_counts_all_zones	= true,
	.no_ratio_is_one	= true,
	.min_free_max		= 65536,
};

const struct shb_walk_rules shb_4_14_walk = {
	.memoryless_first	= true,
	.load_counts_down	= true,
};

/**
 * shb_nofail_harder() - the last look of who may not fail goes harder
 *
 * ALLOC_HARDER: a quarter below the mark, and the HighAtomic reserve for more than a page.
 *
 * Context: any.
 * Return: SHB_ALLOC_*.
 */
unsigned int shb_nofail_harder(const struct shb_request *r)
{
	return SHB_ALLOC_NON_BLOCK | (r->order ? SHB_ALLOC_HIGHATOMIC : 0);
}

/**
 * shb_grant_harder() - what urgency adds to the flags
 * @flags: SHB_ALLOC_* so far
 *
 * gfp_to_alloc_flags(): an atomic mask goes harder and is bound to no cpuset; any other of a
 * realtime task goes harder, too. __GFP_ATOMIC is what may use reserves and may not wait.
 *
 * Context: any.
 * Return: flags.
 */
unsigned int shb_grant_harder(const struct shb_request *r, unsigned int flags)
{
	bool atomic = (r->gfp & __GFP_HIGH) && !(r->gfp & __GFP_DIRECT_RECLAIM);

	if (!atomic)
		return r->by & SHB_BY_REALTIME ? flags | shb_nofail_harder(r) : flags;
	if (!(r->gfp & __GFP_NOMEMALLOC))
		flags |= shb_nofail_harder(r);
	return flags & ~SHB_ALLOC_CPUSET;
}

const struct shb_slow_rules shb_4_14_slow = {
	.second_look		= true,
	.keeps_nodemask		= true,
	.grant			= shb_grant_harder,
	.nofail			= shb_nofail_harder,
};

/* Fresh memory came to the heads of the lists. */
const struct shb_boot_rules shb_4_14_boot = {
	.any_zone_restarts	= true,
	.deferred_order		= SHB_PAGEBLOCK_ORDER,
};

const struct shb_profile shb_linux_4_14 = {
	.name		= "linux-4.14",
	.release	= "4.14.177",
	.since		= 4014,
	.rules = {
		.buddy	= &shb_4_14_buddy,
		.pcp	= &shb_4_14_pcp,
		.gate	= &shb_4_14_gate,
		.marks	= &shb_4_14_marks,
		.walk	= &shb_4_14_walk,
		.slow	= &shb_4_14_slow,
		.boot	= &shb_4_14_boot,
		.compact = &shb_6_1_compact,
	},
};
