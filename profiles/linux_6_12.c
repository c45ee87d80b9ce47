// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-6.12: lists follow pageblocks; a request claims a whole pageblock or steals a
 * single block (the 6.15 rework, in 6.12.107 by backport); the high of per-cpu lists moves;
 * a zone above its high mark needs no other test.
 */
#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/minmax.h>

#include "fallback.h"
#include "pcp.h"
#include "rooms.h"
#include "zones.h"

/* --- fallback --------------------------------------------------------------------------------- */

/* __rmqueue_claim(): the largest foreign block whose pageblock can be had. */
static bool propose_claim(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p)
{
	int from;

	while (q->below > shb_fallback_lowest(z, q)) {
		q->below--;
		if (z->rules.buddy->worth_before_candidate &&
		    !shb_fallback_worth(q->below, q->type))
			break;
		from = shb_fallback_type(z, q->below, q->type);
		if (from < 0)
			continue;
		if (!shb_fallback_worth(q->below, q->type))
			break;
		p->block = shb_zone_first(z, q->below, from);
		p->act = SHB_CLAIM;
		return true;
	}
	q->below = 0;
	return false;
}

/* __rmqueue_steal(): the smallest foreign block; its rest stays foreign. */
static bool propose_steal(const struct shb_zone *z, const struct shb_search *q,
			  struct shb_proposal *p)
{
	int found, from;

	for (found = q->order; found < SHB_NR_ORDERS; found++) {
		from = shb_fallback_type(z, found, q->type);
		if (from < 0)
			continue;
		p->block = shb_zone_first(z, found, from);
		p->act = SHB_STEAL;
		return true;
	}
	return false;
}

/**
 * shb_propose_claim_or_steal() - a pageblock if one can be had, else a block
 * @q: a refill that stole does not try to claim again
 * @p: proposal, out
 *
 * __rmqueue() of 6.12 and 7.2, from its mode CLAIM on.
 *
 * Context: holds z->lock.
 * Return: there is one.
 */
bool shb_propose_claim_or_steal(const struct shb_zone *z, struct shb_search *q,
				struct shb_proposal *p)
{
	if (!q->stole && propose_claim(z, q, p))
		return true;
	return !(q->flags & SHB_ALLOC_NOFRAGMENT) && propose_steal(z, q, p);
}

/**
 * shb_highatomic_percent() - one percent in whole pageblocks, nothing for less than one
 *
 * Context: any.
 * Return: pages.
 */
unsigned long shb_highatomic_percent(const struct shb_zone *z)
{
	unsigned long percent = z->extent.managed / 100;

	return percent < SHB_PAGEBLOCK_PAGES ? 0 : ALIGN(percent, SHB_PAGEBLOCK_PAGES);
}

const struct shb_buddy_rules shb_6_12_buddy = {
	.lists_follow_blocks	= true,
	.split_order10_free	= true,
	.claim_spares_highatomic = true,
	.unreserve_checks_type	= true,
	.boosts			= true,
	.reserve_at_last	= true,
	.propose		= shb_propose_claim_or_steal,
	.highatomic_limit	= shb_highatomic_percent,
};

/* --- per-cpu lists ---------------------------------------------------------------------------- */

/**
 * shb_pcp_refill_auto() - how much a refill takes, when the high moves
 * @order: order of the blocks
 *
 * nr_pcp_alloc(): raises pcp->high by what it takes; order-0 refills double.
 *
 * Context: owns @pcp.
 * Return: blocks.
 */
int shb_pcp_refill_auto(struct shb_zone *z, struct shb_pcp *pcp, int order)
{
	int base = READ_ONCE(pcp->batch), batch, high, room;
	int high_min = READ_ONCE(pcp->high_min), high_max = READ_ONCE(pcp->high_max);

	high = clamp(pcp->high, high_min, high_max);
	pcp->high = high;
	if (high < base)
		return 1;
	batch = order ? base : base << pcp->alloc_factor;
	if (high_min != high_max && !test_bit(SHB_ZONE_BELOW_HIGH, &z->flags)) {
		high = min(high + batch, high_max);
		pcp->high = high;
	}
	if (!order) {
		room = max(high - pcp->count - base, base);
		if (batch <= room && pcp->alloc_factor < SHB_PCP_SCALE_MAX)
			pcp->alloc_factor++;
		batch = min(batch, room);
	}
	return batch > 1 ? max(batch >> order, 2) : batch;
}

/* A batch is enough. */
static int row_batch(int batch, int high_min)
{
	return batch;
}

/* nr_pcp_high(): the limit that holds for this free; moves pcp->high on the way. */
static int limit_auto(const struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	int batch = READ_ONCE(pcp->batch), high;
	int high_min = READ_ONCE(pcp->high_min), high_max = READ_ONCE(pcp->high_max);

	high = clamp(pcp->high, high_min, high_max);
	pcp->high = high;
	if (!high)
		return 0;
	if (free_high) {
		pcp->high = max(high - (batch << SHB_PCP_SCALE_MAX), high_min);
		return 0;
	}
	if (test_bit(SHB_ZONE_RECLAIM_ACTIVE, &z->flags)) {
		pcp->high = max(high - max(pcp->free_count, batch), high_min);
		return min(batch << 2, pcp->high);
	}
	if (high_min == high_max)
		return high;
	if (test_bit(SHB_ZONE_BELOW_HIGH, &z->flags)) {
		pcp->high = max(high - max(pcp->free_count, batch), high_min);
		return max(pcp->count, high_min);
	}
	if (pcp->count >= high && pcp->high < pcp->free_count + batch)
		pcp->high = clamp(pcp->free_count + batch, high_min, high_max);
	return high;
}

/**
 * shb_pcp_excess_auto() - what a free gives back, when the high moves
 * @free_high: high orders are freed in a row
 *
 * nr_pcp_high() and nr_pcp_free(): as much as was freed in a row, a batch at least, a batch
 * stays.
 *
 * Context: owns @pcp.
 * Return: pages; negative: the limit is not reached.
 */
int shb_pcp_excess_auto(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	int batch = READ_ONCE(pcp->batch), limit = limit_auto(z, pcp, free_high);

	if (pcp->count < limit)
		return -1;
	if (free_high)
		return min(pcp->count, batch << SHB_PCP_SCALE_MAX);
	if (limit < batch)
		return 1;
	return min(max(pcp->free_count, batch), limit - batch);
}

const struct shb_pcp_rules shb_6_12_pcp = {
	SHB_PCP_TWO_BIG_LISTS,
	.batch_max		= 64,
	.auto_high		= true,
	.serves_highatomic	= true,
	.refill			= shb_pcp_refill_auto,
	.excess			= shb_pcp_excess_auto,
	.in_a_row		= row_batch,
};

/* --- the rest --------------------------------------------------------------------------------- */

const struct shb_gate_rules shb_6_12_gate = {
	.boost_needs_kswapd	= true,
	.high_mark_first	= true,
	.past_reserve		= SHB_ALLOC_RESERVES,
};

const struct shb_marks_rules shb_6_12_marks = {
	.movable_min_clamped	= true,
	.min_free_max		= 262144,
};

const struct shb_walk_rules shb_6_12_walk = {
	.nofragment		= true,
};

const struct shb_boot_rules shb_6_12_boot = {
	.mirror_must_exist	= true,
	.to_tail		= true,
	.deferred_order		= SHB_MAX_ORDER,
};

/* Compound pages are moved, too, to targets that are as large; a batch is unmapped at once. */
const struct shb_compact_rules shb_6_12_compact = { };

const struct shb_profile shb_linux_6_12 = {
	.name		= "linux-6.12",
	.release	= "6.12.107",
	.since		= 6012,
	.rules = {
		.buddy	= &shb_6_12_buddy,
		.pcp	= &shb_6_12_pcp,
		.gate	= &shb_6_12_gate,
		.marks	= &shb_6_12_marks,
		.walk	= &shb_6_12_walk,
		.slow	= &shb_6_1_slow,
		.boot	= &shb_6_12_boot,
		.compact = &shb_6_12_compact,
	},
};
