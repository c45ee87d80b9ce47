// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-5.15: per-cpu lists of orders 1 to 3 and of pageblocks, whose limit comes from the low
 * mark; frees in a row give back twice as much each time; pages come in bulks (5.13, 5.14).
 */
#include <linux/minmax.h>

#include "fallback.h"
#include "pcp.h"
#include "rooms.h"

static int limit_fixed(const struct shb_zone *z, const struct shb_pcp *pcp)
{
	int high = READ_ONCE(pcp->high_min);

	if (test_bit(SHB_ZONE_RECLAIM_ACTIVE, &z->flags))
		return min(READ_ONCE(pcp->batch) << 2, high);
	return high;
}

/**
 * shb_pcp_excess_doubling() - twice as much each time, as long as frees follow each other
 * @most: doublings
 *
 * nr_pcp_high() and nr_pcp_free(); a batch stays.
 *
 * Context: owns @pcp.
 * Return: pages; negative: the limit is not reached.
 */
int shb_pcp_excess_doubling(struct shb_zone *z, struct shb_pcp *pcp, int most)
{
	int batch = READ_ONCE(pcp->batch), limit = limit_fixed(z, pcp), nr;

	if (pcp->count < limit)
		return -1;
	if (limit < batch)
		return 1;
	nr = batch << pcp->free_factor;
	if (nr < limit - batch && pcp->free_factor < most)
		pcp->free_factor++;
	return clamp(nr, batch, limit - batch);
}

/* As often as the limit allows, whatever orders were freed. */
static int excess_without_end(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	return shb_pcp_excess_doubling(z, pcp, SHB_PCP_DOUBLINGS);
}

const struct shb_pcp_rules shb_5_15_pcp = {
	.nr_lists		= SHB_NR_PCP_LISTS,
	.big_list		= { SHB_UNMOVABLE, SHB_MOVABLE, SHB_RECLAIMABLE },
	.high_orders		= true,
	.in_turn		= true,
	.miss_is_final		= true,
	.surplus_comes_here	= true,
	.batch_max		= 64,
	.keeps_type		= true,
	.serves_highatomic	= true,
	.refill			= shb_pcp_refill_batch,
	.excess			= excess_without_end,
};

const struct shb_gate_rules shb_5_15_gate = {
	.discount_reserved	= true,
	.boost_off_for_atomic_gfp = true,
	.harder			= true,
	.past_reserve		= SHB_ALLOC_NON_BLOCK | SHB_ALLOC_OOM,
};

const struct shb_slow_rules shb_5_15_slow = {
	.second_look		= true,
	.bulk			= true,
	.grant			= shb_grant_harder,
	.nofail			= shb_nofail_harder,
};

const struct shb_profile shb_linux_5_15 = {
	.name		= "linux-5.15",
	.release	= "5.15.135",
	.since		= 5015,
	.rules = {
		.buddy	= &shb_5_10_buddy,
		.pcp	= &shb_5_15_pcp,
		.gate	= &shb_5_15_gate,
		.marks	= &shb_5_10_marks,
		.walk	= &shb_5_4_walk,
		.slow	= &shb_5_15_slow,
		.boot	= &shb_6_1_boot,
		.compact = &shb_6_1_compact,
	},
};
