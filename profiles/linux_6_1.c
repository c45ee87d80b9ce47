// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-6.1: lists and pageblocks may part; per-cpu lists have one fixed high, and frees in
 * a row give back twice as much each time.
 */
#include <linux/minmax.h>

#include "fallback.h"
#include "pcp.h"
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

/*
 * __rmqueue_fallback(): always from the largest block, but for a small Movable request,
 * which may leave the pageblock alone, from the smallest.
 */
static bool propose_largest(const struct shb_zone *z, struct shb_search *q,
			    struct shb_proposal *p)
{
	int found;

	for (found = SHB_MAX_ORDER; found >= shb_fallback_lowest(q); found--) {
		if (shb_fallback_type(z, found, q->type) < 0)
			continue;
		if (shb_fallback_worth(found, q->type) || found <= q->order)
			break;
		for (found = q->order; shb_fallback_type(z, found, q->type) < 0; found++)
			;
		break;
	}
	return found >= shb_fallback_lowest(q) &&
	       bring(z, p, found, q->type, shb_fallback_worth(found, q->type));
}

/* One percent and a pageblock. */
static unsigned long percent_plus_block(const struct shb_zone *z)
{
	return z->extent.managed / 100 + SHB_PAGEBLOCK_PAGES;
}

const struct shb_buddy_rules shb_6_1_buddy = {
	.unreserve_checks_type	= true,
	.propose		= propose_largest,
	.highatomic_limit	= percent_plus_block,
};

/* --- per-cpu lists ---------------------------------------------------------------------------- */

static int refill_batch(struct shb_zone *z, struct shb_pcp *pcp, int order)
{
	int batch = READ_ONCE(pcp->batch);

	return batch > 1 ? max(batch >> order, 2) : batch;
}

static int limit_fixed(const struct shb_zone *z, const struct shb_pcp *pcp, bool free_high)
{
	int high = READ_ONCE(pcp->high_min);

	if (!high || free_high)
		return 0;
	if (test_bit(SHB_ZONE_RECLAIM_ACTIVE, &z->flags))
		return min(READ_ONCE(pcp->batch) << 2, high);
	return high;
}

/* Twice as much each time, as long as frees follow each other. */
static int excess_doubling(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	int batch = READ_ONCE(pcp->batch), limit = limit_fixed(z, pcp, free_high), nr;

	if (pcp->count < limit)
		return -1;
	if (free_high)
		return pcp->count;
	if (limit < batch)
		return 1;
	nr = batch << pcp->free_factor;
	if (nr < limit - batch && pcp->free_factor < SHB_PCP_SCALE_MAX)
		pcp->free_factor++;
	return clamp(nr, batch, limit - batch);
}

const struct shb_pcp_rules shb_6_1_pcp = {
	.keeps_type		= true,
	.serves_highatomic	= true,
	.refill			= refill_batch,
	.excess			= excess_doubling,
};

/* --- the rest --------------------------------------------------------------------------------- */

const struct shb_gate_rules shb_6_1_gate = {
	.discount_reserved	= true,
	.boost_off_for_atomic_gfp = true,
};

const struct shb_marks_rules shb_6_1_marks;

const struct shb_walk_rules shb_6_1_walk = {
	.memoryless_first	= true,
};

const struct shb_slow_rules shb_6_1_slow = {
	.second_look		= true,
};

const struct shb_boot_rules shb_6_1_boot = {
	.any_zone_restarts	= true,
	.to_tail		= true,
	.deferred_order		= SHB_PAGEBLOCK_ORDER,
};

const struct shb_profile shb_linux_6_1 = {
	.name		= "linux-6.1",
	.release	= "6.1.192",
	.since		= 6001,
	.rules = {
		.buddy	= &shb_6_1_buddy,
		.pcp	= &shb_6_1_pcp,
		.gate	= &shb_6_1_gate,
		.marks	= &shb_6_1_marks,
		.walk	= &shb_6_1_walk,
		.slow	= &shb_6_1_slow,
		.boot	= &shb_6_1_boot,
	},
};
