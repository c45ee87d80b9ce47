// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs of compaction leave for later ones, so that a request does not do again what
 * another has just done in vain:
 *
 *     pageblock   | skip |      | skip | skip |      |      | skip | skip |
 *                        ^ cached migrate position   ^ cached free position
 *
 * A bit for each pageblock that gave nothing, the places where the scanners came to, and how many
 * runs are left out after a failure. All of it is a matter of speed: read and written without a
 * lock, and wrong values do no harm, because a run begins with a look at whether they are in the zone.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "place.h"
#include "pressure/hints.h"
#include "pressure/staging.h"
#include "trace.h"

#define DEFER_SHIFT_MAX	6	/* COMPACT_MAX_DEFER_SHIFT */
#define SAMPLE		(1U << SHB_COSTLY_ORDER)

/* --- bits ------------------------------------------------------------------------------------- */

static bool has_hint(const struct shb_zone *z, u32 i)
{
	return test_bit(i >> SHB_PAGEBLOCK_ORDER, z->hints.skip);
}

/**
 * shb_hint_skips() - is a pageblock not worth a look?
 * @i: any frame of it
 *
 * isolation_suitable(). Context: any.
 */
bool shb_hint_skips(const struct shb_compact *c, u32 i)
{
	return !c->goal.ignores_hints && has_hint(c->z, i);
}

/**
 * shb_hint_set() - a pageblock is not worth a look
 *
 * set_pageblock_skip(). Context: any.
 */
void shb_hint_set(struct shb_zone *z, u32 i)
{
	set_bit(i >> SHB_PAGEBLOCK_ORDER, z->hints.skip);
}

/**
 * shb_hint_claim() - nobody else needs to look at a pageblock of which something is taken
 * @first: frame where the look at the pageblock began, or SHB_NONE: not at its start
 * @i: frame of what is taken first
 *
 * test_and_set_skip().
 *
 * Context: process context.
 * Return: somebody else was first.
 */
bool shb_hint_claim(struct shb_compact *c, u32 first, u32 i)
{
	if (c->goal.ignores_hints)
		return false;
	if (c->z->rules.compact->first_page_hints)
		first = i & (SHB_PAGEBLOCK_PAGES - 1) ? SHB_NONE : i;
	return first != SHB_NONE && test_and_set_bit(first >> SHB_PAGEBLOCK_ORDER, c->z->hints.skip);
}

/* --- positions -------------------------------------------------------------------------------- */

/**
 * shb_hints_raise_migrate() - a pageblock is done with: later runs begin behind it
 * @i: its end, which is the start of the next one; so that is passed over, too
 *
 * update_cached_migrate(). Context: process context.
 */
void shb_hints_raise_migrate(struct shb_compact *c, u32 i)
{
	struct shb_hints *h = &c->z->hints;
	long next = (long)shb_pageblock_start(i) + SHB_PAGEBLOCK_PAGES;

	WRITE_ONCE(h->migrate[0], max(READ_ONCE(h->migrate[0]), next));
	if (c->goal.mode != SHB_MIGRATE_ASYNC)
		WRITE_ONCE(h->migrate[1], max(READ_ONCE(h->migrate[1]), next));
}

/**
 * shb_hints_lower_free() - there are no targets above a pageblock
 * @i: its first frame; may lie before the zone
 *
 * update_pageblock_skip(). Context: process context.
 */
void shb_hints_lower_free(struct shb_zone *z, long i)
{
	WRITE_ONCE(z->hints.free, min(READ_ONCE(z->hints.free), i));
}

/**
 * shb_hints_raise_free() - there are targets again
 * @i: first frame of a pageblock
 *
 * The end of compact_zone(). Context: process context.
 */
void shb_hints_raise_free(struct shb_zone *z, long i)
{
	WRITE_ONCE(z->hints.free, max(READ_ONCE(z->hints.free), i));
}

static void set_migrate(struct shb_hints *h, long i)
{
	WRITE_ONCE(h->migrate[0], i);
	WRITE_ONCE(h->migrate[1], i);
}

/**
 * shb_hints_restart() - the next run begins at both ends
 *
 * reset_cached_positions(). Context: process context.
 */
void shb_hints_restart(struct shb_zone *z)
{
	set_migrate(&z->hints, 0);
	WRITE_ONCE(z->hints.free, (long)z->extent.nr_frames - SHB_PAGEBLOCK_PAGES);
}

/* One block in use that is a pageblock or more: nothing in it is looked at. */
static bool is_one_block(const struct shb_frame *f)
{
	return f->state == SHB_FRAME_USED && f->order >= SHB_PAGEBLOCK_ORDER;
}

/* A page of eight: one that could move, or a free block that begins there. */
static bool has_sample(const struct shb_zone *z, u32 block, bool source, bool target)
{
	u32 i;

	for (i = block; i < block + SHB_PAGEBLOCK_PAGES; i += SAMPLE) {
		struct shb_frame f = { .word = READ_ONCE(z->frames[shb_place_head(z, i)].word) };

		if (source && f.state == SHB_FRAME_USED && (f.flags & SHB_FRAME_MOVABLE))
			return true;
		if (target && READ_ONCE(z->frames[i].state) == SHB_FRAME_FREE)
			return true;
	}
	return false;
}

/* __reset_isolation_pfn(). Return: a scanner may begin here. */
static bool flush_pageblock(struct shb_zone *z, u32 i, bool source, bool target)
{
	u32 block = shb_pageblock_start(i);

	if (shb_compact_is_hole(z, block) || is_one_block(&z->frames[shb_place_head(z, i)]))
		return false;
	if (source && target && !has_hint(z, i))
		return true;
	if (!source && target && shb_block_type(z, i) != SHB_MOVABLE)
		return false;
	if (!has_sample(z, block, source, target))
		return false;
	clear_bit(i >> SHB_PAGEBLOCK_ORDER, z->hints.skip);
	return true;
}

/**
 * shb_hints_flush() - forget bits, if a run has gone to the end since the last time
 *
 * __reset_isolation_suitable(): from both ends to the middle; the first source and the first target
 * found are where later runs begin.
 *
 * Context: process context, may sleep.
 */
void shb_hints_flush(struct shb_zone *z)
{
	long migrate = 0, free = (long)z->extent.nr_frames - 1;
	long first = free, last = migrate;
	struct shb_hints *h = &z->hints;
	bool source_found = false, target_found = false;

	if (!h->flush)
		return;
	h->flush = false;
	for (; migrate < free; migrate += SHB_PAGEBLOCK_PAGES, free -= SHB_PAGEBLOCK_PAGES) {
		cond_resched();
		if (flush_pageblock(z, migrate, true, source_found) && migrate < first) {
			source_found = true;
			first = migrate;
			WRITE_ONCE(h->first_migrate, first);
			set_migrate(h, first);
		}
		if (flush_pageblock(z, free, target_found, true) && free > last) {
			target_found = true;
			last = free;
			WRITE_ONCE(h->first_free, last);
			WRITE_ONCE(h->free, last);
		}
	}
	if (first >= last) {
		set_migrate(h, migrate);
		WRITE_ONCE(h->free, free);
	}
}

/* --- deferral --------------------------------------------------------------------------------- */

/**
 * shb_defer_is_due() - is a run left out, because others failed?
 *
 * compaction_deferred(): of 1 << shift runs for an order that failed, all but the last.
 *
 * Context: process context.
 */
bool shb_defer_is_due(struct shb_zone *z, int order)
{
	struct shb_hints *h = &z->hints;

	if (order < h->order_failed)
		return false;
	if (++h->considered >= 1U << h->shift) {
		h->considered = 1U << h->shift;
		return false;
	}
	trace_mm_compaction_deferred(z, order);
	return true;
}

/**
 * shb_defer_more() - a run has not helped: twice as many are left out
 *
 * defer_compaction(). Context: process context.
 */
void shb_defer_more(struct shb_zone *z, int order)
{
	struct shb_hints *h = &z->hints;

	h->considered = 0;
	h->shift = min(h->shift + 1, (unsigned int)DEFER_SHIFT_MAX);
	h->order_failed = min(h->order_failed, order);
	trace_mm_compaction_defer_compaction(z, order);
}

/**
 * shb_defer_reset() - a run has helped
 * @allocated: the request has its block
 *
 * compaction_defer_reset(). Context: process context.
 */
void shb_defer_reset(struct shb_zone *z, int order, bool allocated)
{
	struct shb_hints *h = &z->hints;

	if (allocated)
		h->considered = h->shift = 0;
	if (order >= h->order_failed)
		h->order_failed = order + 1;
	trace_mm_compaction_defer_reset(z, order);
}

/**
 * shb_defer_is_over() - as many runs were left out as ever are
 *
 * compaction_restarting(). Context: process context.
 */
bool shb_defer_is_over(const struct shb_zone *z, int order)
{
	const struct shb_hints *h = &z->hints;

	return order >= h->order_failed && h->shift == DEFER_SHIFT_MAX &&
	       h->considered >= 1U << DEFER_SHIFT_MAX;
}
