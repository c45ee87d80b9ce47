// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is compaction of a zone worth while for a request, and when has it done enough?
 *
 *     the order above its mark?            yes: nothing to do, SUCCESS
 *     enough free pages for targets?       no:  SKIPPED      free > mark + gap(order)
 *     a large order: too little memory     no:  SKIPPED      fragmentation index 0 .. extfrag_threshold
 *     rather than too much in pieces?
 *                                          CONTINUE
 */
#include <linux/minmax.h>

#include "fallback.h"
#include "index.h"
#include "pressure/suitable.h"
#include "trace.h"
#include "watermark.h"
#include "zones.h"

/**
 * shb_compact_gap() - free pages a run needs besides the mark
 *
 * compact_gap(): 2 << order; since 7.2 at most a batch.
 *
 * Return: pages.
 */
unsigned long shb_compact_gap(const struct shb_zone *z, int order)
{
	unsigned long gap = 2UL << order;

	return z->rules.compact->small_gap ? min_t(unsigned long, gap, SHB_COMPACT_CLUSTER_MAX) : gap;
}

/* MIN, or LOW for large orders; since 7.2 the caller's mark, for large orders with that much more. */
static unsigned long target_mark(const struct shb_zone *z, int order, unsigned long mark)
{
	const bool large = order > SHB_COSTLY_ORDER;

	if (!z->rules.compact->mark_of_request)
		return shb_watermark(z, large ? SHB_WMARK_LOW : SHB_WMARK_MIN);
	return mark + (large ? shb_watermark(z, SHB_WMARK_LOW) - shb_watermark(z, SHB_WMARK_MIN) : 0);
}

/* __compaction_suitable(). @mark: the caller's */
static bool has_room(const struct shb_zone *z, int order, unsigned long mark, int highest, long free)
{
	return shb_watermark_ok(z, 0, target_mark(z, order, mark) + shb_compact_gap(z, order), highest,
				SHB_ALLOC_CMA, free);
}

/* For large orders: a failure would be for lack of contiguity, not of memory. */
static bool is_fragmented(const struct shb_zone *z, int order)
{
	int index = shb_index_fragmentation(z, order);

	return order <= SHB_COSTLY_ORDER || index < 0 || index > READ_ONCE(z->state->tune.extfrag_threshold);
}

/* compaction_suitable() */
static bool is_suitable(const struct shb_zone *z, int order, unsigned long mark, int highest)
{
	enum shb_compact_result result = SHB_COMPACT_CONTINUE;

	if (!has_room(z, order, mark, highest, READ_ONCE(z->buddy.free_pages)))
		result = SHB_COMPACT_SKIPPED;
	else if (!is_fragmented(z, order))
		result = SHB_COMPACT_NOT_SUITABLE_ZONE;
	trace_mm_compaction_suitable(z, order, result);
	return result == SHB_COMPACT_CONTINUE;
}

/* A large block of CMA pages is of no use to who may not have them, and hasty runs cannot make another. */
static bool lacks_other_than_cma(const struct shb_zone *z, const struct shb_compact_goal *g, unsigned long mark)
{
	if (!z->rules.compact->spares_cma || g->order <= SHB_COSTLY_ORDER || g->mode != SHB_MIGRATE_ASYNC ||
	    (g->flags & SHB_ALLOC_CMA))
		return false;
	return !shb_watermark_ok(z, 0, mark + shb_compact_gap(z, g->order), g->highest, 0,
				 READ_ONCE(z->buddy.free_pages));
}

/* An answer that needs no look at what is free; up to 6.1 it is an event all the same. */
static enum shb_compact_result tell_answer(const struct shb_zone *z, int order, enum shb_compact_result answer)
{
	if (z->rules.compact->success_is_told)
		trace_mm_compaction_suitable(z, order, answer);
	return answer;
}

/**
 * shb_suitable() - should a zone be compacted for a request?
 *
 * compaction_suit_allocation_order(); in 6.1 compaction_suitable().
 *
 * Context: any; racy looks.
 * Return: SHB_COMPACT_SUCCESS: a request can have its block; _SKIPPED: it would not help; _CONTINUE.
 */
enum shb_compact_result shb_suitable(const struct shb_zone *z, const struct shb_compact_goal *g)
{
	unsigned long mark = shb_watermark(z, g->flags & SHB_ALLOC_WMARK_MASK);

	if (g->order == SHB_COMPACT_WHOLE)
		return tell_answer(z, g->order, SHB_COMPACT_CONTINUE);
	if (shb_watermark_ok(z, g->order, mark, g->highest, g->flags, READ_ONCE(z->buddy.free_pages)))
		return tell_answer(z, g->order, SHB_COMPACT_SUCCESS);
	if (lacks_other_than_cma(z, g, mark) || !is_suitable(z, g->order, mark, g->highest))
		return SHB_COMPACT_SKIPPED;
	return SHB_COMPACT_CONTINUE;
}

/**
 * shb_suitable_with() - would it be, with so many free pages?
 * @free: pages to judge by
 *
 * What compaction_zonelist_suitable() asks of each zone. In 6.1 a zone that has the block does not need any.
 *
 * Context: any; racy looks.
 */
bool shb_suitable_with(const struct shb_zone *z, int order, int highest, unsigned int flags, long free)
{
	unsigned long mark = shb_watermark(z, flags & SHB_ALLOC_WMARK_MASK);

	if (z->rules.compact->success_is_told &&
	    shb_watermark_ok(z, order, mark, highest, flags, READ_ONCE(z->buddy.free_pages)))
		return false;
	return has_room(z, order, shb_watermark(z, SHB_WMARK_MIN), highest, free);
}

/**
 * shb_suitable_has_block() - is there a block a request of this type would get?
 *
 * The last question of compact_finished(): of its own type, for Movable also CMA, or of a type whose
 * pageblock would be claimed.
 *
 * Context: any; a racy look.
 */
bool shb_suitable_has_block(const struct shb_zone *z, int order, int type)
{
	for (; order < SHB_NR_ORDERS; order++) {
		if (READ_ONCE(z->buddy.blocks[type][order]) ||
		    (type == SHB_MOVABLE && READ_ONCE(z->buddy.blocks[SHB_CMA][order])))
			return true;
		if (shb_fallback_worth(order, type) && shb_fallback_type(z, order, type) >= 0)
			return true;
	}
	return false;
}
