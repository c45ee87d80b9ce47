// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux-4.1: a fallback hands out the block it finds, and what is left of that becomes ours; two
 * pageblocks are kept for whoever finds nothing else; zones of a node take turns; whether a larger
 * block is there is inferred from counts.
 */
#include "fallback.h"
#include "pcp.h"
#include "request.h"
#include "rooms.h"
#include "zones.h"

/* __rmqueue_fallback(): the largest block, and its pageblock if that is worth it. */
static bool propose_taking(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p)
{
	int found, from = -1;

	for (found = SHB_MAX_ORDER; found >= q->order; found--) {
		from = shb_fallback_type(z, found, q->type);
		if (from >= 0)
			break;
	}
	if (from < 0)
		return false;
	p->block = shb_zone_first(z, found, from);
	p->act = shb_fallback_worth(found, q->type) ? SHB_TAKE_PAGEBLOCK : SHB_TAKE_BLOCK;
	return true;
}

/* There is no atomic reserve yet. */
static unsigned long no_highatomic(const struct shb_zone *z)
{
	return 0;
}

const struct shb_buddy_rules shb_4_1_buddy = {
	.joins_reserved		= true,
	.moves_to_head		= true,
	.third_type_reserve	= true,
	.propose		= propose_taking,
	.highatomic_limit	= no_highatomic,
};

const struct shb_pcp_rules shb_4_1_pcp = {
	SHB_PCP_SIX_BATCHES,
	.cold_ends		= true,
	.reclaimable_first	= true,
	.batch_max		= 32,
};

const struct shb_gate_rules shb_4_1_gate = {
	.discount_reserved	= true,
	.boost_off_for_atomic_gfp = true,	/* of boosts others left behind: none of its own */
	.index_of_preferred	= true,
	.order_by_counting	= true,
	.harder			= true,
	.past_reserve		= SHB_ALLOC_NON_BLOCK | SHB_ALLOC_OOM,
	.fast			= SHB_FAST_NONE,
};

const struct shb_marks_rules shb_4_1_marks = {
	.plain_steps		= true,
	.thp_counts_all_zones	= true,
	.no_ratio_is_one	= true,
	.min_free_max		= 65536,
};

const struct shb_walk_rules shb_4_1_walk = {
	.memoryless_first	= true,
	.fair			= true,
	.zonelist_cache		= true,
	.zone_order		= true,
	.load_counts_down	= true,
};

/*
 * gfp_to_alloc_flags(): who may not wait goes harder, also without reserves, unless kswapd may not
 * be woken either: __GFP_NO_KSWAPD was a hint that failing is no harm.
 */
static unsigned int grant_to_nowait(const struct shb_request *r, unsigned int flags)
{
	bool nowait = (r->gfp & __GFP_RECLAIM) == (__force gfp_t)__GFP_KSWAPD_RECLAIM;

	if (!nowait)
		return r->by & SHB_BY_REALTIME ? flags | SHB_ALLOC_NON_BLOCK : flags;
	if (!(r->gfp & __GFP_NOMEMALLOC))
		flags |= SHB_ALLOC_NON_BLOCK;
	return flags & ~SHB_ALLOC_CPUSET;
}

/* It loops instead. */
static unsigned int nofail_nothing(const struct shb_request *r)
{
	return 0;
}

const struct shb_slow_rules shb_4_1_slow = {
	.wakes_each_zone	= true,
	.thisnode_fails_at_once	= true,
	.reserves_at_home	= true,
	.keeps_nodemask		= true,
	.victims_get_all	= true,
	.grant			= grant_to_nowait,
	.nofail			= nofail_nothing,
};

const struct shb_profile shb_linux_4_1 = {
	.name		= "linux-4.1",
	.release	= "4.1.52",
	.since		= 4001,
	.rules = {
		.buddy	= &shb_4_1_buddy,
		.pcp	= &shb_4_1_pcp,
		.gate	= &shb_4_1_gate,
		.marks	= &shb_4_1_marks,
		.walk	= &shb_4_1_walk,
		.slow	= &shb_4_1_slow,
		.boot	= &shb_4_14_boot,
		.compact = &shb_6_1_compact,
	},
};
