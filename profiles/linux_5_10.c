// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-5.10: blocks that are moved or fresh go to the tails of the lists; the reserve a request
 * leaves alone is that for its highest zone; order 0 leaves the atomic reserve alone, too, but
 * with less free than reserved this release let it through (mended later in the series).
 */
#include "fallback.h"
#include "rooms.h"

const struct shb_buddy_rules shb_5_10_buddy = {
	.unreserve_checks_type	= true,
	.joins_reserved		= true,
	.boosts			= true,
	.fragments_no_order	= true,
	.propose		= shb_propose_largest,
	.highatomic_limit	= shb_highatomic_plus_block,
};

const struct shb_gate_rules shb_5_10_gate = {
	.discount_reserved	= true,
	.boost_off_for_atomic_gfp = true,
	.harder			= true,
	.past_reserve		= SHB_ALLOC_NON_BLOCK | SHB_ALLOC_OOM,
	.fast			= SHB_FAST_WRAPS,
};

const struct shb_marks_rules shb_5_10_marks = {
	.min_free_max		= 262144,
};

const struct shb_profile shb_linux_5_10 = {
	.name		= "linux-5.10",
	.release	= "5.10.89",
	.since		= 5010,
	.rules = {
		.buddy	= &shb_5_10_buddy,
		.pcp	= &shb_5_4_pcp,
		.gate	= &shb_5_10_gate,
		.marks	= &shb_5_10_marks,
		.walk	= &shb_5_4_walk,
		.slow	= &shb_5_4_slow,
		.boot	= &shb_6_1_boot,
		.compact = &shb_6_1_compact,
	},
};
