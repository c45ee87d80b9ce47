// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which block serves a request when its own lists are empty, and what that does to the
 * pageblock it comes from.
 *
 *     own lists -> CMA -> the profile proposes a block of another type -> done, or not
 *                            ^                                              |
 *                            +---------------- the next one ----------------+
 *
 *     | request     | first choice | second choice |
 *     | Unmovable   | Reclaimable  | Movable       |
 *     | Movable     | Reclaimable  | Unmovable     |
 *     | Reclaimable | Unmovable    | Movable       |
 *
 * Everything here runs under the zone lock. A proposal that can not be is counted and
 * refused: whatever a rule says, lists and counts stay whole.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "fallback.h"
#include "own.h"
#include "trace.h"
#include "zones.h"

static const u8 fallbacks[SHB_PCPTYPES][2] = {
	[SHB_UNMOVABLE]   = { SHB_RECLAIMABLE, SHB_MOVABLE },
	[SHB_MOVABLE]     = { SHB_RECLAIMABLE, SHB_UNMOVABLE },
	[SHB_RECLAIMABLE] = { SHB_UNMOVABLE, SHB_MOVABLE },
};

/**
 * shb_fallback_type() - first fallback type with a block of exactly this order
 *
 * find_suitable_fallback() without its judgement.
 *
 * Context: any; without z->lock a racy look.
 * Return: type, or -1.
 */
int shb_fallback_type(const struct shb_zone *z, int order, int type)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(fallbacks[0]); k++)
		if (z->buddy.blocks[fallbacks[type][k]][order])
			return fallbacks[type][k];
	return -1;
}

/**
 * shb_fallback_worth() - is a block of this order worth taking its whole pageblock for?
 * @found: order of the block
 *
 * should_try_claim_block() of 6.12, can_steal_fallback() before.
 *
 * Return: false only for small blocks and Movable requests.
 */
bool shb_fallback_worth(int found, int type)
{
	return found >= SHB_PAGEBLOCK_ORDER / 2 || type == SHB_UNMOVABLE ||
	       type == SHB_RECLAIMABLE;
}

/**
 * shb_fallback_lowest() - the lowest order a fallback may take from
 *
 * Return: the wanted order; with NOFRAGMENT whole pageblocks only. Up to 5.15 a request for two
 * pageblocks, too, takes what is one.
 */
int shb_fallback_lowest(const struct shb_zone *z, const struct shb_search *q)
{
	if ((q->flags & SHB_ALLOC_NOFRAGMENT) &&
	    (q->order < SHB_PAGEBLOCK_ORDER || z->rules.buddy->fragments_no_order))
		return SHB_PAGEBLOCK_ORDER;
	return q->order;
}

static void trace_extfrag(struct shb_zone *z, u32 i, int order, int found, int type, int from)
{
	atomic_long_t *events = z->state->events;

	atomic_long_inc(&events[SHB_EXTFRAG]);
	atomic_long_inc(&events[SHB_EXTFRAG_UNMOVABLE + type]);
	if (shb_block_type(z, i) == type)
		atomic_long_inc(&events[SHB_EXTFRAG_CLAIM]);
	trace_mm_page_alloc_extfrag(z, i, order, found, type, from);
}

/*
 * Raise the watermarks for a while after fragmentation, by a pageblock at a time:
 * boost = min(boost + 512, max(512, high * factor / 10000)).
 */
static bool boost_watermark(struct shb_zone *z)
{
	unsigned long factor = READ_ONCE(z->state->tune.watermark_boost_factor);
	unsigned long limit;

	if (!z->rules.buddy->boosts || !factor || z->extent.managed < 4 * SHB_PAGEBLOCK_PAGES)
		return false;
	limit = mult_frac(z->marks.watermark[SHB_WMARK_HIGH], factor, 10000);
	if (!limit)
		return false;
	limit = max_t(unsigned long, limit, SHB_PAGEBLOCK_PAGES);
	z->marks.boost = min(z->marks.boost + SHB_PAGEBLOCK_PAGES, limit);
	atomic_long_inc(&z->state->events[SHB_BOOST]);
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

/* The block a policy picks, or the smallest that fits. */
static u32 take(struct shb_zone *z, const struct shb_search *q)
{
	u32 i = unlikely(z->own) ? shb_own_pick(z, q->order, q->type, q->cpu) : SHB_NONE;

	return unlikely(i != SHB_NONE) ? shb_zone_take_picked(z, i, q->order) :
					 shb_zone_take(z, q->order, q->type);
}

/* try_to_claim_block(), 6.12 and 7.2. */
static u32 try_claim(struct shb_zone *z, const struct shb_search *q, u32 i, int found)
{
	int block_type = shb_block_type(z, i);

	if (z->rules.buddy->claim_spares_highatomic && block_type == SHB_HIGHATOMIC)
		return SHB_NONE;
	if (found >= SHB_PAGEBLOCK_ORDER) {
		shb_zone_retake_as(z, i, q->order, q->type);
		return i;
	}
	boost_for(z, q->flags);
	if (!claimable(z, i, q->type, block_type))
		return SHB_NONE;
	shb_zone_move_pageblock(z, i, q->type);
	shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, q->type);
	return take(z, q);
}

/*
 * steal_suitable_fallback(), 6.1: bring the block, or all free blocks of its
 * pageblock, to the lists of @type. Pageblock and list types may part here.
 */
static void bring(struct shb_zone *z, const struct shb_search *q, u32 i, int found, bool whole)
{
	int block_type = shb_block_type(z, i), type = q->type;
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
	boost_for(z, q->flags);
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

/* __rmqueue_fallback() of 4.1: what was found is what is handed out. */
static void take_over(struct shb_zone *z, const struct shb_search *q, u32 i, int found, bool whole)
{
	if (whole && found >= SHB_PAGEBLOCK_ORDER)
		shb_zone_set_types(z, i, found, q->type);
	else if (whole && shb_zone_move_pageblock(z, i, q->type) >= (int)SHB_PAGEBLOCK_PAGES / 2)
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, q->type);
	shb_zone_retake(z, i, q->order, q->type);
}

/* A proposal is done. Return: index of the block, marked used, or SHB_NONE: look further. */
static u32 act(struct shb_zone *z, struct shb_search *q, const struct shb_proposal *p)
{
	int found = z->frames[p->block].order, from = z->frames[p->block].type;
	u32 i = p->block;

	switch (p->act) {
	case SHB_CLAIM:
		i = try_claim(z, q, i, found);
		break;
	case SHB_STEAL:
		i = shb_zone_take_block(z, i, q->order);
		q->stole = true;
		break;
	case SHB_TAKE_BLOCK:
	case SHB_TAKE_PAGEBLOCK:
		take_over(z, q, i, found, p->act == SHB_TAKE_PAGEBLOCK);
		break;
	case SHB_BRING_BLOCK:
	case SHB_BRING_PAGEBLOCK:
		bring(z, q, i, found, p->act == SHB_BRING_PAGEBLOCK);
		trace_extfrag(z, i, q->order, found, q->type, from);
		return take(z, q);
	}
	if (i != SHB_NONE)
		trace_extfrag(z, i, q->order, found, q->type, from);
	return i;
}

/**
 * shb_fallback_can_be() - is what a rule proposes a block that can be had?
 *
 * Context: holds z->lock.
 */
bool shb_fallback_can_be(const struct shb_zone *z, const struct shb_search *q,
			 const struct shb_proposal *p)
{
	const struct shb_frame *f = &z->frames[p->block];
	bool brings = p->act == SHB_BRING_BLOCK || p->act == SHB_BRING_PAGEBLOCK;
	int least = brings ? min(q->order, shb_fallback_lowest(z, q)) : q->order;

	return p->block < z->extent.nr_frames && f->state == SHB_FRAME_FREE &&
	       f->order >= least && shb_type_mergeable(f->type) && f->type != q->type;
}

/* The reserve of 4.1 is for whoever finds nothing else. */
static u32 take_reserve(struct shb_zone *z, const struct shb_search *q)
{
	return z->rules.buddy->third_type_reserve ? shb_zone_take(z, q->order, SHB_HIGHATOMIC) : SHB_NONE;
}

/*
 * CMA pages, then what the profile proposes. Each of its proposals is for another order, or brings
 * a block that is too small, which leaves fewer of those.
 */
static u32 search_elsewhere(struct shb_zone *z, struct shb_search *q)
{
	struct shb_proposal p;
	int tries;
	u32 i;

	if (q->flags & SHB_ALLOC_CMA) {
		i = shb_zone_take(z, q->order, SHB_CMA);
		if (i != SHB_NONE)
			return i;
	}
	q->below = SHB_NR_ORDERS;
	q->attempt = 0;
	for (tries = z->own ? -SHB_OWN_ATTEMPTS : 0; tries <= SHB_NR_ORDERS; tries++) {
		if (!z->rules.buddy->propose(z, q, &p))
			return take_reserve(z, q);
		if (!shb_fallback_can_be(z, q, &p))
			break;
		tries -= z->frames[p.block].order < q->order;
		i = act(z, q, &p);
		if (i != SHB_NONE)
			return i;
	}
	atomic_long_inc(&z->state->events[SHB_BAD_PROPOSAL]);
	return SHB_NONE;
}

/**
 * shb_fallback_take() - take a block of a type, falling back as the profile does
 *
 * __rmqueue(). Looking at lists that an earlier block of the refill found empty changes
 * nothing: they stay empty under the lock.
 *
 * Context: holds z->lock. Never sleeps.
 * Return: index of the block, marked used, or SHB_NONE.
 */
u32 shb_fallback_take(struct shb_zone *z, struct shb_search *q)
{
	u32 i = SHB_NONE;

	lockdep_assert_held(&z->lock);
	if (unlikely(z->own))
		shb_own_begin(z);
	if (unlikely(shb_fallback_cma_first(z, q->flags)))
		i = shb_zone_take(z, q->order, SHB_CMA);
	if (likely(i == SHB_NONE))
		i = take(z, q);
	if (unlikely(i == SHB_NONE))
		i = search_elsewhere(z, q);
	if (unlikely(z->own) && i != SHB_NONE)
		shb_own_count(z, i, q->order, -1);
	return i;
}

static u32 take_reserved(struct shb_zone *z, int order)
{
	u32 i;

	if (unlikely(z->own))
		shb_own_begin(z);
	i = shb_zone_take(z, order, SHB_HIGHATOMIC);
	if (unlikely(z->own) && i != SHB_NONE)
		shb_own_count(z, i, order, -1);
	return i;
}

/**
 * shb_fallback_rmqueue() - serve one request from the buddy
 *
 * rmqueue_buddy(): the highatomic reserve first for those it is kept for, last
 * for those that may not wait, since 6.1. @cpu: for whom, for a policy.
 *
 * Context: holds z->lock. Never sleeps.
 * Return: index of the block, marked used, or SHB_NONE.
 */
u32 shb_fallback_rmqueue(struct shb_zone *z, int order, int type, unsigned int flags, int cpu)
{
	struct shb_search q = { .order = order, .type = type, .flags = flags, .cpu = cpu };
	u32 i = SHB_NONE;

	lockdep_assert_held(&z->lock);
	if (flags & SHB_ALLOC_HIGHATOMIC)
		i = take_reserved(z, order);
	if (i == SHB_NONE)
		i = shb_fallback_take(z, &q);
	if (i == SHB_NONE && z->rules.buddy->reserve_at_last &&
	    (flags & (SHB_ALLOC_OOM | SHB_ALLOC_NON_BLOCK)))
		i = take_reserved(z, order);
	return i;
}
