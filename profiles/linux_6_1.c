// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-6.1: flags say apart what was one hint that somebody is in a hurry; a reserved pageblock
 * keeps to itself; per-cpu lists are emptied one after the other; what a list does not have the
 * buddy is asked for.
 */
#include "pcp.h"
#include "request.h"
#include "rooms.h"

const struct shb_buddy_rules shb_6_1_buddy = {
	.unreserve_checks_type	= true,
	.boosts			= true,
	.reserve_at_last	= true,
	.propose		= shb_propose_largest,
	.highatomic_limit	= shb_highatomic_plus_block,
};

/* --- per-cpu lists ---------------------------------------------------------------------------- */

/* Up to a limit; but high orders that are freed in a row go at once. */
static int excess_doubling(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	if (free_high)
		return pcp->count;
	return shb_pcp_excess_doubling(z, pcp, SHB_PCP_SCALE_MAX);
}

const struct shb_pcp_rules shb_6_1_pcp = {
	SHB_PCP_TWO_BIG_LISTS,
	.batch_max		= 64,
	.keeps_type		= true,
	.serves_highatomic	= true,
	.refill			= shb_pcp_refill_batch,
	.excess			= excess_doubling,
};

/* --- the rest --------------------------------------------------------------------------------- */

const struct shb_gate_rules shb_6_1_gate = {
	.discount_reserved	= true,
	.boost_off_for_atomic_gfp = true,
	.past_reserve		= SHB_ALLOC_RESERVES,
};

const struct shb_walk_rules shb_6_1_walk = {
	.memoryless_first	= true,
	.nofragment		= true,
};

/**
 * shb_grant_flags() - what urgency adds to the flags
 * @flags: SHB_ALLOC_* so far
 *
 * gfp_to_alloc_flags(): who may not wait goes below the mark only where it may use reserves, too.
 *
 * Context: any.
 * Return: flags.
 */
unsigned int shb_grant_flags(const struct shb_request *r, unsigned int flags)
{
	if (r->gfp & __GFP_DIRECT_RECLAIM)
		return r->by & SHB_BY_REALTIME ? flags | SHB_ALLOC_MIN_RESERVE : flags;
	if (!(r->gfp & __GFP_NOMEMALLOC)) {
		flags |= SHB_ALLOC_NON_BLOCK;
		if (r->order && (flags & SHB_ALLOC_MIN_RESERVE))
			flags |= SHB_ALLOC_HIGHATOMIC;
	}
	if (flags & SHB_ALLOC_MIN_RESERVE)
		flags &= ~SHB_ALLOC_CPUSET;
	return flags;
}

/**
 * shb_nofail_reserve() - the last look of who may not fail is into the reserve
 *
 * Return: SHB_ALLOC_*.
 */
unsigned int shb_nofail_reserve(const struct shb_request *r)
{
	return SHB_ALLOC_MIN_RESERVE;
}

const struct shb_slow_rules shb_6_1_slow = {
	.waits			= true,
	.put_off_is_stall	= true,
	.nothing_is_free	= true,
	.second_look		= true,
	.bulk			= true,
	.grant			= shb_grant_flags,
	.nofail			= shb_nofail_reserve,
};

const struct shb_boot_rules shb_6_1_boot = {
	.any_zone_restarts	= true,
	.to_tail		= true,
	.deferred_order		= SHB_PAGEBLOCK_ORDER,
};

const struct shb_compact_rules shb_6_1_compact = {
	.single_targets		= true,
	.one_by_one		= true,
	.skipped_count_once	= true,
	.remembers_begin	= true,
	.jumps_on_failure	= true,
	.first_page_hints	= true,
	.found_is_hinted	= true,
	.resumes_in_block	= true,
	.spares_pageblocks	= true,
	.searches_on		= true,
	.captures_no_movable	= true,
	.captures_late		= true,
	.success_is_told	= true,
};

const struct shb_profile shb_linux_6_1 = {
	.name		= "linux-6.1",
	.release	= "6.1.192",
	.since		= 6001,
	.rules = {
		.buddy	= &shb_6_1_buddy,
		.pcp	= &shb_6_1_pcp,
		.gate	= &shb_6_1_gate,
		.marks	= &shb_5_10_marks,
		.walk	= &shb_6_1_walk,
		.slow	= &shb_6_1_slow,
		.boot	= &shb_6_1_boot,
		.compact = &shb_6_1_compact,
	},
};
