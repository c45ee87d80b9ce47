// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which migratetype serves a request when its own lists are empty, what that does
 * to the pageblock it comes from, and the highatomic reserve.
 *
 * Two engines exist. Since the 6.15 rework (in 6.12.107 by backport) a request
 * first tries to claim a whole pageblock, largest block first, and otherwise
 * steals a single block, smallest first, whose rest stays with its old type.
 * Before, it always took from the largest block, moved what it could to its own
 * lists, and looked again.
 *
 *     | request     | first choice | second choice |
 *     | Unmovable   | Reclaimable  | Movable       |
 *     | Movable     | Reclaimable  | Unmovable     |
 *     | Reclaimable | Unmovable    | Movable       |
 *
 * Everything here runs under the zone lock.
 */
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "fallback.h"
#include "trace.h"
#include "zones.h"

static const u8 fallbacks[SHB_PCPTYPES][2] = {
	[SHB_UNMOVABLE]   = { SHB_RECLAIMABLE, SHB_MOVABLE },
	[SHB_MOVABLE]     = { SHB_RECLAIMABLE, SHB_UNMOVABLE },
	[SHB_RECLAIMABLE] = { SHB_UNMOVABLE, SHB_MOVABLE },
};

/* First fallback type with a block of exactly this order, or -1. */
static int fallback_type(const struct shb_zone *z, int order, int type)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(fallbacks[0]); k++)
		if (z->nr[fallbacks[type][k]][order])
			return fallbacks[type][k];
	return -1;
}

/* Is a found block of this order worth taking its whole pageblock for? False only for small Movable. */
static bool worth_pageblock(int found, int type)
{
	return found >= SHB_PAGEBLOCK_ORDER / 2 || type == SHB_UNMOVABLE ||
	       type == SHB_RECLAIMABLE;
}

/* The lowest order a fallback may take from: NOFRAGMENT leaves smaller blocks alone. */
static int lowest_order(int order, unsigned int flags)
{
	if (order < SHB_PAGEBLOCK_ORDER && (flags & SHB_ALLOC_NOFRAGMENT))
		return SHB_PAGEBLOCK_ORDER;
	return order;
}

static void trace_extfrag(struct shb_zone *z, u32 i, int order, int found, int type, int from)
{
	atomic_long_inc(&z->state->events[SHB_EXTFRAG]);
	if (!trace_mm_page_alloc_extfrag_enabled())
		return;
	trace_mm_page_alloc_extfrag(shb_pfn_of(z, i), order, found, type, from,
				    shb_block_type(z, i) == type, z->nid, z->kind,
				    shb_fragmentation_index(z, order));
}

/*
 * Raise the watermarks for a while after fragmentation, by a pageblock at a time:
 * boost = min(boost + 512, max(512, high * factor / 10000)).
 */
static bool boost_watermark(struct shb_zone *z)
{
	unsigned long factor = READ_ONCE(z->state->tune.watermark_boost_factor);
	unsigned long limit;

	if (!factor || z->managed < 4 * SHB_PAGEBLOCK_PAGES)
		return false;
	limit = mult_frac(z->watermark[SHB_WMARK_HIGH], factor, 10000);
	if (!limit)
		return false;
	limit = max_t(unsigned long, limit, SHB_PAGEBLOCK_PAGES);
	z->boost = min(z->boost + SHB_PAGEBLOCK_PAGES, limit);
	return true;
}

static void boost_for(struct shb_zone *z, unsigned int flags)
{
	if (boost_watermark(z) && (flags & SHB_ALLOC_KSWAPD))
		set_bit(SHB_ZONE_BOOSTED, &z->flags);
}

/*
 * Pages of a pageblock that suit @type: free ones, and used ones of a like kind.
 * A Movable request counts the movable pages, the others count what is neither
 * free nor movable, unless the block was not Movable to begin with.
 */
static bool claimable(const struct shb_zone *z, u32 i, int type, int block_type)
{
	struct shb_block_count c;
	int alike = 0;

	shb_zone_count_pageblock(z, i, &c);
	if (type == SHB_MOVABLE)
		alike = c.movable;
	else if (block_type == SHB_MOVABLE)
		alike = SHB_PAGEBLOCK_PAGES - c.free - c.movable;
	return c.free + alike >= SHB_PAGEBLOCK_PAGES / 2;
}

/* try_to_claim_block(), 6.12 and 7.2. */
static u32 try_claim(struct shb_zone *z, u32 i, int found, int order, int type,
		     unsigned int flags)
{
	int block_type = shb_block_type(z, i);

	if (z->policy->claim_spares_highatomic && block_type == SHB_HIGHATOMIC)
		return SHB_NONE;
	if (found >= SHB_PAGEBLOCK_ORDER) {
		shb_zone_retake_as(z, i, order, type);
		return i;
	}
	boost_for(z, flags);
	if (!claimable(z, i, type, block_type))
		return SHB_NONE;
	shb_zone_move_pageblock(z, i, type);
	shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
	return shb_zone_take(z, order, type);
}

/* __rmqueue_claim(), 6.12 and 7.2: the largest foreign block whose pageblock can be had. */
static u32 claim(struct shb_zone *z, int order, int type, unsigned int flags)
{
	int found, from;
	u32 i;

	for (found = SHB_MAX_ORDER; found >= lowest_order(order, flags); found--) {
		if (z->policy->worth_before_candidate && !worth_pageblock(found, type))
			break;
		from = fallback_type(z, found, type);
		if (from < 0)
			continue;
		if (!worth_pageblock(found, type))
			break;
		i = try_claim(z, shb_zone_first(z, found, from), found, order, type, flags);
		if (i != SHB_NONE) {
			trace_extfrag(z, i, order, found, type, from);
			return i;
		}
	}
	return SHB_NONE;
}

/* __rmqueue_steal(), 6.12 and 7.2: the smallest foreign block; its rest stays foreign. */
static u32 steal(struct shb_zone *z, int order, int type)
{
	int found, from;
	u32 i;

	for (found = order; found < SHB_NR_ORDERS; found++) {
		from = fallback_type(z, found, type);
		if (from < 0)
			continue;
		i = shb_zone_take_block(z, shb_zone_first(z, found, from), order);
		trace_extfrag(z, i, order, found, type, from);
		return i;
	}
	return SHB_NONE;
}

/* CMA pages go first once they are more than half of what is free. */
static u32 take_cma_first(struct shb_zone *z, int order, unsigned int flags)
{
	if (!(flags & SHB_ALLOC_CMA) || z->free[SHB_CMA] <= z->nr_free / 2)
		return SHB_NONE;
	return shb_zone_take(z, order, SHB_CMA);
}

/**
 * shb_fallback_claim_steal() - take a block of a type, falling back as 6.12 and 7.2 do
 * @z: zone
 * @order: wanted order
 * @type: wanted type, below SHB_PCPTYPES
 * @flags: SHB_ALLOC_KSWAPD, _NOFRAGMENT and _CMA matter
 * @mode: where to start; kept by the caller over one refill, so that a refill
 *	that had to steal does not look at the lists it knows to be empty
 *
 * __rmqueue(). Stages: own lists, CMA, claim, steal.
 *
 * Context: holds z->lock. Never sleeps.
 * Return: index of the block, marked used, or SHB_NONE.
 */
u32 shb_fallback_claim_steal(struct shb_zone *z, int order, int type, unsigned int flags,
			     enum shb_rmqueue_mode *mode)
{
	u32 i;

	lockdep_assert_held(&z->lock);
	i = take_cma_first(z, order, flags);
	if (unlikely(i != SHB_NONE))
		return i;
	switch (*mode) {
	case SHB_RMQUEUE_NORMAL:
		i = shb_zone_take(z, order, type);
		if (likely(i != SHB_NONE))
			return i;
		fallthrough;
	case SHB_RMQUEUE_CMA:
		if (flags & SHB_ALLOC_CMA) {
			i = shb_zone_take(z, order, SHB_CMA);
			if (i != SHB_NONE) {
				*mode = SHB_RMQUEUE_CMA;
				return i;
			}
		}
		fallthrough;
	case SHB_RMQUEUE_CLAIM:
		i = claim(z, order, type, flags);
		if (i != SHB_NONE) {
			*mode = SHB_RMQUEUE_NORMAL;
			return i;
		}
		fallthrough;
	case SHB_RMQUEUE_STEAL:
		if (flags & SHB_ALLOC_NOFRAGMENT)
			return SHB_NONE;
		i = steal(z, order, type);
		if (i != SHB_NONE)
			*mode = SHB_RMQUEUE_STEAL;
		return i;
	}
	return SHB_NONE;
}

/*
 * steal_suitable_fallback(), 6.1: bring the block, or all free blocks of its
 * pageblock, to the lists of @type. Pageblock and list types may part here.
 */
static void grab(struct shb_zone *z, u32 i, int found, int type, unsigned int flags, bool whole)
{
	int block_type = shb_block_type(z, i);
	bool claim;

	if (block_type == SHB_HIGHATOMIC) {
		shb_zone_move(z, i, type);
		return;
	}
	if (found >= SHB_PAGEBLOCK_ORDER) {
		shb_zone_set_types(z, i, found, type);
		shb_zone_move(z, i, type);
		return;
	}
	boost_for(z, flags);
	if (!whole) {
		shb_zone_move(z, i, type);
		return;
	}
	claim = claimable(z, i, type, block_type);
	if (!shb_zone_move_pageblock(z, i, type))
		shb_zone_move(z, i, type);
	else if (claim)
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
}

/* Pick (found, from): the largest block, but the smallest for a small Movable request. */
static bool pick(const struct shb_zone *z, int order, int type, unsigned int flags,
		 int *found, int *from)
{
	for (*found = SHB_MAX_ORDER; *found >= lowest_order(order, flags); (*found)--) {
		*from = fallback_type(z, *found, type);
		if (*from < 0)
			continue;
		if (worth_pageblock(*found, type) || type != SHB_MOVABLE || *found <= order)
			return true;
		for (*found = order; *found < SHB_NR_ORDERS; (*found)++) {
			*from = fallback_type(z, *found, type);
			if (*from >= 0)
				return true;
		}
	}
	return false;
}

/**
 * shb_fallback_steal_retry() - take a block of a type, falling back as 6.1 does
 * @z: zone
 * @order: wanted order
 * @type: wanted type, below SHB_PCPTYPES
 * @flags: SHB_ALLOC_KSWAPD, _NOFRAGMENT and _CMA matter
 * @mode: not used; 6.1 keeps no memory over a refill
 *
 * Context: holds z->lock. Never sleeps.
 * Return: index of the block, marked used, or SHB_NONE.
 */
u32 shb_fallback_steal_retry(struct shb_zone *z, int order, int type, unsigned int flags,
			     enum shb_rmqueue_mode *mode)
{
	int found, from;
	u32 i;

	lockdep_assert_held(&z->lock);
	i = take_cma_first(z, order, flags);
	if (unlikely(i != SHB_NONE))
		return i;
	for (;;) {
		i = shb_zone_take(z, order, type);
		if (likely(i != SHB_NONE))
			return i;
		if (flags & SHB_ALLOC_CMA) {
			i = shb_zone_take(z, order, SHB_CMA);
			if (i != SHB_NONE)
				return i;
		}
		if (!pick(z, order, type, flags, &found, &from))
			return SHB_NONE;
		i = shb_zone_first(z, found, from);
		grab(z, i, found, type, flags, worth_pageblock(found, type));
		trace_extfrag(z, i, order, found, type, from);
	}
}

/**
 * shb_fallback_rmqueue() - serve one request from the buddy
 * @z: zone
 * @order: wanted order
 * @type: wanted type
 * @flags: SHB_ALLOC_*
 *
 * rmqueue_buddy(): the highatomic reserve first for those it is kept for, last
 * for those that may not wait.
 *
 * Context: holds z->lock. Never sleeps.
 * Return: index of the block, marked used, or SHB_NONE.
 */
u32 shb_fallback_rmqueue(struct shb_zone *z, int order, int type, unsigned int flags)
{
	enum shb_rmqueue_mode mode = SHB_RMQUEUE_NORMAL;
	u32 i = SHB_NONE;

	lockdep_assert_held(&z->lock);
	if (flags & SHB_ALLOC_HIGHATOMIC)
		i = shb_zone_take(z, order, SHB_HIGHATOMIC);
	if (i == SHB_NONE)
		i = z->policy->rmqueue(z, order, type, flags, &mode);
	if (i == SHB_NONE && (flags & (SHB_ALLOC_OOM | SHB_ALLOC_NON_BLOCK)))
		i = shb_zone_take(z, order, SHB_HIGHATOMIC);
	return i;
}

/**
 * shb_highatomic_reserve() - keep the pageblock of an allocation for atomic requests
 * @z: zone
 * @i: block that was just handed out
 * @order: its order
 *
 * Bounded by the profile's limit, about 1 % of the zone. Only a pageblock of a
 * mergeable type is taken. (reserve_highatomic_pageblock().)
 *
 * Context: holds z->lock.
 */
void shb_highatomic_reserve(struct shb_zone *z, u32 i, int order)
{
	lockdep_assert_held(&z->lock);
	if (z->nr_reserved_highatomic >= z->policy->highatomic_limit(z) ||
	    !shb_type_mergeable(shb_block_type(z, i)))
		return;
	if (order < SHB_PAGEBLOCK_ORDER || !z->policy->lists_follow_blocks) {
		shb_zone_move_pageblock(z, i, SHB_HIGHATOMIC);
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, SHB_HIGHATOMIC);
		z->nr_reserved_highatomic += SHB_PAGEBLOCK_PAGES;
	} else {
		shb_zone_set_types(z, i, order, SHB_HIGHATOMIC);
		z->nr_reserved_highatomic += 1UL << order;
	}
}

/* Give up the reserve around one free HighAtomic block. Return: something moved. */
static bool unreserve_block(struct shb_zone *z, u32 i, int order, int type)
{
	unsigned long size = max(SHB_PAGEBLOCK_PAGES, 1U << order);

	if (!z->policy->lists_follow_blocks)
		size = SHB_PAGEBLOCK_PAGES;
	if (!z->policy->unreserve_checks_type || shb_block_type(z, i) == SHB_HIGHATOMIC)
		z->nr_reserved_highatomic -= min(size, z->nr_reserved_highatomic);
	if (order < SHB_PAGEBLOCK_ORDER || !z->policy->lists_follow_blocks) {
		int moved = shb_zone_move_pageblock(z, i, type);

		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
		return moved;
	}
	shb_zone_move(z, i, type);
	shb_zone_set_types(z, i, order, type);
	return true;
}

/**
 * shb_highatomic_unreserve() - give one reserved pageblock back under pressure
 * @z: zone
 * @type: type the pageblock gets: that of the request in need
 * @force: also the last pageblock
 *
 * unreserve_highatomic_pageblock() for one zone of the zonelist.
 *
 * Context: holds z->lock.
 * Return: true when a block was given back.
 */
bool shb_highatomic_unreserve(struct shb_zone *z, int type, bool force)
{
	int order;

	lockdep_assert_held(&z->lock);
	if (!force && z->nr_reserved_highatomic <= SHB_PAGEBLOCK_PAGES)
		return false;
	for (order = 0; order < SHB_NR_ORDERS; order++)
		if (z->nr[SHB_HIGHATOMIC][order] &&
		    unreserve_block(z, shb_zone_first(z, order, SHB_HIGHATOMIC), order, type))
			return true;
	return false;
}

/**
 * shb_zone_nr_order() - free blocks of one order, all types
 * @z: zone
 * @order: order
 *
 * Context: any; exact under z->lock.
 * Return: the number buddyinfo prints.
 */
unsigned long shb_zone_nr_order(const struct shb_zone *z, int order)
{
	unsigned long nr = 0;
	int type;

	for (type = 0; type < SHB_NR_TYPES; type++)
		nr += READ_ONCE(z->nr[type][order]);
	return nr;
}

struct free_totals {
	unsigned long pages;	/* in all free blocks */
	unsigned long blocks;	/* free blocks of any order */
	unsigned long fit;	/* blocks of the wanted order that could be made */
};

static void total_free(const struct shb_zone *z, int order, struct free_totals *t)
{
	int o;

	*t = (struct free_totals){ };
	for (o = 0; o < SHB_NR_ORDERS; o++) {
		unsigned long nr = shb_zone_nr_order(z, o);

		t->blocks += nr;
		t->pages += nr << o;
		if (o >= order)
			t->fit += nr << (o - order);
	}
}

/**
 * shb_fragmentation_index() - would a failure be for lack of memory or of contiguity?
 * @z: zone
 * @order: wanted order
 *
 * 1000 - (1000 + pages * 1000 / 2^order) / blocks, two truncating divisions
 * (fragmentation_index(), all releases).
 *
 * Return: towards 0 lack of memory, towards 1000 fragmentation, -1000 no failure.
 */
int shb_fragmentation_index(const struct shb_zone *z, int order)
{
	struct free_totals t;

	total_free(z, order, &t);
	if (!t.blocks)
		return 0;
	if (t.fit)
		return -1000;
	return 1000 - (int)div_u64(1000 + div_u64(t.pages * 1000ULL, 1UL << order), t.blocks);
}

/**
 * shb_unusable_index() - share of free memory that cannot serve an order
 * @z: zone
 * @order: wanted order
 *
 * (pages - fit * 2^order) * 1000 / pages (unusable_free_index(), all releases).
 *
 * Return: thousandths; 1000 when nothing is free.
 */
int shb_unusable_index(const struct shb_zone *z, int order)
{
	struct free_totals t;

	total_free(z, order, &t);
	if (!t.pages)
		return 1000;
	return div_u64((t.pages - (t.fit << order)) * 1000ULL, t.pages);
}
