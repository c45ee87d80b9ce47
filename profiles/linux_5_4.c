// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-5.4: external fragmentation is watched. A fallback raises the marks for a while, and the
 * first look of a request leaves small blocks of other types alone (5.0). Batches double.
 */
#include "fallback.h"
#include "pcp.h"
#include "rooms.h"

const struct shb_buddy_rules shb_5_4_buddy = {
	.unreserve_checks_type	= true,
	.joins_reserved		= true,
	.moves_to_head		= true,
	.boosts			= true,
	.fragments_no_order	= true,
	.propose		= shb_propose_largest,
	.highatomic_limit	= shb_highatomic_plus_block,
};

const struct shb_pcp_rules shb_5_4_pcp = {
	SHB_PCP_SIX_BATCHES,
	.batch_max		= 64,
	.serves_highatomic	= true,
};

const struct shb_gate_rules shb_5_4_gate = {
	.discount_reserved	= true,
	.boost_off_for_atomic_gfp = true,
	.index_of_preferred	= true,
	.harder			= true,
	.past_reserve		= SHB_ALLOC_NON_BLOCK | SHB_ALLOC_OOM,
	.fast			= SHB_FAST_PLAIN,
};

/* A write to a tunable while a zone is boosted makes the boost of that moment a part of its marks. */
const struct shb_marks_rules shb_5_4_marks = {
	.boost_sticks		= true,
	.min_free_max		= 65536,
};

const struct shb_walk_rules shb_5_4_walk = {
	.memoryless_first	= true,
	.load_counts_down	= true,
	.nofragment		= true,
};

const struct shb_slow_rules shb_5_4_slow = {
	.second_look		= true,
	.grant			= shb_grant_harder,
	.nofail			= shb_nofail_harder,
};

const struct shb_profile shb_linux_5_4 = {
	.name		= "linux-5.4",
	.release	= "5.4.286",
	.since		= 5004,
	.rules = {
		.buddy	= &shb_5_4_buddy,
		.pcp	= &shb_5_4_pcp,
		.gate	= &shb_5_4_gate,
		.marks	= &shb_5_4_marks,
		.walk	= &shb_5_4_walk,
		.slow	= &shb_5_4_slow,
		.boot	= &shb_4_14_boot,
		.compact = &shb_6_1_compact,
	},
};
