// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-7.2: as 6.12, but for which claims are worth a look, isolation that remembers, trims
 * in slices, nodes that are busy, defrag_mode, and a slow path that looks once.
 */
#include "fallback.h"
#include "pcp.h"
#include "rooms.h"

const struct shb_buddy_rules shb_7_2_buddy = {
	.lists_follow_blocks	= true,
	.split_order10_free	= true,
	.isolate_keeps_type	= true,
	.worth_before_candidate	= true,
	.boosts			= true,
	.reserve_at_last	= true,
	.propose		= shb_propose_claim_or_steal,
	.highatomic_limit	= shb_highatomic_percent,
};

/* A batch, and half of high_min more. */
static int row_batch_and_half(int batch, int high_min)
{
	return batch + high_min / 2;
}

const struct shb_pcp_rules shb_7_2_pcp = {
	SHB_PCP_TWO_BIG_LISTS,
	.batch_max		= 64,
	.trim_in_slices		= true,
	.auto_high		= true,
	.refill			= shb_pcp_refill_auto,
	.excess			= shb_pcp_excess_auto,
	.in_a_row		= row_batch_and_half,
};

const struct shb_walk_rules shb_7_2_walk = {
	.skips_busy_nodes	= true,
	.defrag_mode		= true,
	.nofragment		= true,
};

const struct shb_slow_rules shb_7_2_slow = {
	.waits			= true,
	.looks_first		= true,
	.bulk			= true,
	.grant			= shb_grant_flags,
	.nofail			= shb_nofail_reserve,
};

const struct shb_boot_rules shb_7_2_boot = {
	.mirror_must_exist	= true,
	.to_tail		= true,
	.types_reserved_pages	= true,
	.deferred_order		= SHB_MAX_ORDER,
};

const struct shb_compact_rules shb_7_2_compact = {
	.small_gap		= true,
	.mark_of_request	= true,
	.spares_cma		= true,
	.blocks_from_anywhere	= true,
	.capture_is_fallback	= true,
};

const struct shb_profile shb_linux_7_2 = {
	.name		= "linux-7.2",
	.release	= "7.2.13",
	.since		= 7002,
	.rules = {
		.buddy	= &shb_7_2_buddy,
		.pcp	= &shb_7_2_pcp,
		.gate	= &shb_6_12_gate,
		.marks	= &shb_6_12_marks,
		.walk	= &shb_7_2_walk,
		.slow	= &shb_7_2_slow,
		.boot	= &shb_7_2_boot,
		.compact = &shb_7_2_compact,
	},
};
