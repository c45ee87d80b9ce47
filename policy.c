// SPDX-License-Identifier: GPL-2.0-only
/*
 * Behaviour profiles: in what one Linux release decides differently from another.
 *
 * A profile is a row of data and of small functions; nothing else in the
 * allocator knows a release. A new one is a new row and the functions that
 * differ. Rows are named after a stable point release, because stable kernels
 * change decisions by backport.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "fallback.h"
#include "pcp.h"
#include "policy.h"

/* --- highatomic limit -------------------------------------------------------------- */

/* 6.1: one percent and a pageblock. */
static unsigned long percent_plus_block(const struct shb_zone *z)
{
	return z->managed / 100 + SHB_PAGEBLOCK_PAGES;
}

/* Later: one percent rounded up, nothing when that is less than a pageblock. */
static unsigned long percent_in_blocks(const struct shb_zone *z)
{
	unsigned long percent = z->managed / 100;

	return percent < SHB_PAGEBLOCK_PAGES ? 0 : ALIGN(percent, SHB_PAGEBLOCK_PAGES);
}

/* --- pcp, 6.1: fixed high, frees double ---------------------------------------------- */

static int refill_batch(struct shb_zone *z, struct shb_pcp *pcp, int order)
{
	int batch = READ_ONCE(pcp->batch);

	return batch > 1 ? max(batch >> order, 2) : batch;
}

static bool free_high_after_trim(const struct shb_pcp *pcp, int order)
{
	return pcp->free_factor;
}

static int limit_fixed(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	int high = READ_ONCE(pcp->high_min);

	if (!high || free_high)
		return 0;
	if (test_bit(SHB_ZONE_RECLAIM_ACTIVE, &z->flags))
		return min(READ_ONCE(pcp->batch) << 2, high);
	return high;
}

static int trim_doubling(struct shb_pcp *pcp, int limit, bool free_high)
{
	int batch = READ_ONCE(pcp->batch), nr;

	if (free_high)
		return pcp->count;
	if (limit < batch)
		return 1;
	nr = batch << pcp->free_factor;
	if (nr < limit - batch && pcp->free_factor < SHB_PCP_SCALE_MAX)
		pcp->free_factor++;
	return clamp(nr, batch, limit - batch);
}

/* --- pcp, 6.12 and 7.2: automatic high ----------------------------------------------- */

/* nr_pcp_alloc(): raises pcp->high by what it takes; order-0 refills double. */
static int refill_auto(struct shb_zone *z, struct shb_pcp *pcp, int order)
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

static bool freeing_in_a_row(const struct shb_pcp *pcp, int enough)
{
	return pcp->free_count >= enough && (pcp->flags & SHB_PCP_PREV_FREE_HIGH_ORDER) &&
	       (!READ_ONCE(pcp->high_batch) || pcp->count >= READ_ONCE(pcp->batch));
}

/* 6.12: a batch freed in a row is enough. */
static bool free_high_batch(const struct shb_pcp *pcp, int order)
{
	return freeing_in_a_row(pcp, READ_ONCE(pcp->batch));
}

/* 7.2: half of high_min more. */
static bool free_high_batch_and_half(const struct shb_pcp *pcp, int order)
{
	return freeing_in_a_row(pcp, READ_ONCE(pcp->batch) + READ_ONCE(pcp->high_min) / 2);
}

/* nr_pcp_high(): the limit that holds for this free; moves pcp->high on the way. */
static int limit_auto(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
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

/* nr_pcp_free(): as much as was freed in a row, a batch at least, a batch stays. */
static int trim_auto(struct shb_pcp *pcp, int limit, bool free_high)
{
	int batch = READ_ONCE(pcp->batch);

	if (free_high)
		return min(pcp->count, batch << SHB_PCP_SCALE_MAX);
	if (limit < batch)
		return 1;
	return min(max(pcp->free_count, batch), limit - batch);
}

/* --- the rows ------------------------------------------------------------------------- */

const struct shb_policy shb_policies[] = {
	{
		.name			= "linux-6.1",
		.release		= "6.1.192",
		.since			= 6001,
		.pcp_keeps_type		= true,
		.discount_reserved	= true,
		.memoryless_first	= true,
		.highatomic_on_pcp	= true,
		.unreserve_checks_type	= true,
		.boost_off_for_atomic_gfp = true,
		.second_look		= true,
		.rmqueue		= shb_fallback_steal_retry,
		.highatomic_limit	= percent_plus_block,
		.pcp_refill		= refill_batch,
		.pcp_free_high		= free_high_after_trim,
		.pcp_limit		= limit_fixed,
		.pcp_trim		= trim_doubling,
	},
	{
		.name			= "linux-6.12",
		.release		= "6.12.107",
		.since			= 6012,
		.lists_follow_blocks	= true,
		.split_order10_free	= true,
		.boost_needs_kswapd	= true,
		.high_mark_first	= true,
		.movable_min_clamped	= true,
		.pcp_auto_high		= true,
		.highatomic_on_pcp	= true,
		.claim_spares_highatomic = true,
		.unreserve_checks_type	= true,
		.second_look		= true,
		.rmqueue		= shb_fallback_claim_steal,
		.highatomic_limit	= percent_in_blocks,
		.pcp_refill		= refill_auto,
		.pcp_free_high		= free_high_batch,
		.pcp_limit		= limit_auto,
		.pcp_trim		= trim_auto,
	},
	{
		.name			= "linux-7.2",
		.release		= "7.2.13",
		.since			= 7002,
		.lists_follow_blocks	= true,
		.split_order10_free	= true,
		.boost_needs_kswapd	= true,
		.high_mark_first	= true,
		.movable_min_clamped	= true,
		.trim_in_slices		= true,
		.pcp_auto_high		= true,
		.isolate_keeps_type	= true,
		.worth_before_candidate	= true,
		.defrag_mode		= true,
		.skips_busy_nodes	= true,
		.rmqueue		= shb_fallback_claim_steal,
		.highatomic_limit	= percent_in_blocks,
		.pcp_refill		= refill_auto,
		.pcp_free_high		= free_high_batch_and_half,
		.pcp_limit		= limit_auto,
		.pcp_trim		= trim_auto,
	},
};

const int shb_nr_policies = ARRAY_SIZE(shb_policies);

/**
 * shb_policy_find() - profile by name
 * @name: as in the parameter profile=
 *
 * Return: the row, or NULL.
 */
const struct shb_policy *shb_policy_find(const char *name)
{
	int k;

	for (k = 0; k < shb_nr_policies; k++)
		if (!strcmp(name, shb_policies[k].name))
			return &shb_policies[k];
	return NULL;
}

/**
 * shb_policy_for() - profile that speaks for a kernel release
 * @release: as uname -r prints it
 * @exact: the release is of the very series the row was checked against, out
 *
 * Return: the newest row that is not newer than the release; the oldest otherwise.
 */
const struct shb_policy *shb_policy_for(const char *release, bool *exact)
{
	const struct shb_policy *best = &shb_policies[0];
	unsigned int major = 0, minor = 0;
	int k, number;

	*exact = false;
	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		return best;
	number = major * 1000 + minor;
	for (k = 0; k < shb_nr_policies; k++)
		if (shb_policies[k].since <= number)
			best = &shb_policies[k];
	*exact = best->since == number;
	return best;
}
