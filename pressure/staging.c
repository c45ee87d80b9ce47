// SPDX-License-Identifier: GPL-2.0-only
/*
 * Free blocks that compaction takes off the free lists to move something to (state STAGED: free for
 * nobody, in use by nobody), and the lists they wait on, by order: which pageblocks they may come from,
 * what the marks allow, and how a pageblock is looked through.
 */
#include <linux/lockdep.h>
#include <linux/minmax.h>

#include "place.h"
#include "pressure/staging.h"
#include "trace.h"
#include "watermark.h"
#include "zones.h"

/* --- the lists -------------------------------------------------------------------------------- */

/**
 * shb_staged_init() - no targets
 */
void shb_staged_init(struct shb_targets *t)
{
	int order;

	for (order = 0; order < SHB_NR_ORDERS; order++)
		t->first[order] = t->last[order] = SHB_NONE;
	t->pages = 0;
}

/**
 * shb_staged_push() - a staged block becomes the first of its list
 *
 * Context: process context; holds z->lock where it was part of a larger one.
 */
void shb_staged_push(struct shb_compact *c, u32 i, int order)
{
	struct shb_targets *t = &c->targets;

	shb_frame_set(&c->z->frames[i], order, SHB_MOVABLE, SHB_FRAME_STAGED);
	c->z->frames[i].next = t->first[order];
	t->first[order] = i;
	if (t->last[order] == SHB_NONE)
		t->last[order] = i;
}

static void push_last(struct shb_compact *c, u32 i, int order, int list)
{
	struct shb_targets *t = &c->targets;

	shb_frame_set(&c->z->frames[i], order, SHB_MOVABLE, SHB_FRAME_STAGED);
	c->z->frames[i].next = SHB_NONE;
	if (t->last[list] == SHB_NONE)
		t->first[list] = i;
	else
		c->z->frames[t->last[list]].next = i;
	t->last[list] = i;
}

/**
 * shb_staged_pop() - the first block of a list that is not empty
 *
 * Return: its first frame.
 */
u32 shb_staged_pop(struct shb_compact *c, int order)
{
	struct shb_targets *t = &c->targets;
	u32 i = t->first[order];

	t->first[order] = c->z->frames[i].next;
	if (t->first[order] == SHB_NONE)
		t->last[order] = SHB_NONE;
	return i;
}

/* --- scanning --------------------------------------------------------------------------------- */

/**
 * shb_compact_is_hole() - is there no memory in a pageblock?
 * @i: its first frame
 *
 * Context: any; a racy look.
 */
bool shb_compact_is_hole(const struct shb_zone *z, u32 i)
{
	const struct shb_frame *f = &z->frames[shb_place_head(z, i)];

	return f->state == SHB_FRAME_ABSENT && f->order >= SHB_PAGEBLOCK_ORDER;
}

/**
 * shb_stage_is_suitable() - may a pageblock take pages?
 * @i: its first frame
 *
 * suitable_migration_target(): not where a large block is free, and only among what can move.
 *
 * Context: any; a racy look.
 */
bool shb_stage_is_suitable(const struct shb_compact *c, u32 i)
{
	struct shb_frame f = { .word = READ_ONCE(c->z->frames[i].word) };
	int large = SHB_PAGEBLOCK_ORDER, type = shb_block_type(c->z, i);

	if (c->goal.order > 0 && !c->z->rules.compact->spares_pageblocks)
		large = c->goal.order;
	if (f.state == SHB_FRAME_FREE && f.order >= large)
		return false;
	return c->goal.ignores_types || type == SHB_MOVABLE || type == SHB_CMA;
}

/*
 * A pageblock of which half or more was free is Movable from now on, as most were before; but where
 * lists follow pageblocks, what else is free in it moves to their tails.
 */
static void retype(struct shb_zone *z, u32 i, int order)
{
	u32 end = i + (1U << order);

	for (; i < end && order >= SHB_PAGEBLOCK_ORDER - 1; i += SHB_PAGEBLOCK_PAGES) {
		if (!shb_type_mergeable(shb_block_type(z, i)))
			continue;
		if (z->rules.buddy->lists_follow_blocks)
			shb_zone_move_pageblock(z, i, SHB_MOVABLE);
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, SHB_MOVABLE);
	}
}

/**
 * shb_stage_block() - a free block is a target from here on
 * @i: its head
 *
 * __isolate_free_page(): out of the lists, if the zone stays above MIN + 2^order.
 *
 * Context: holds z->lock.
 * Return: the marks allow it.
 */
bool shb_stage_block(struct shb_compact *c, u32 i)
{
	struct shb_zone *z = c->z;
	int order = z->frames[i].order;

	lockdep_assert_held(&z->lock);
	if (shb_block_type(z, i) != SHB_ISOLATE &&
	    !shb_watermark_ok(z, 0, z->marks.watermark[SHB_WMARK_MIN] + (1UL << order), 0,
			      SHB_ALLOC_CMA, z->buddy.free_pages))
		return false;
	shb_zone_take_block(z, i, order);
	retype(z, i, order);
	push_last(c, i, order, z->rules.compact->single_targets ? 0 : order);
	c->targets.pages += 1UL << order;
	return true;
}

/* In use as one block: nothing in it is looked at. Of one that goes on behind @end, in later releases. */
static bool is_compound(const struct shb_compact_rules *rules, const struct shb_frame *f, u32 i, u32 end)
{
	return f->state == SHB_FRAME_USED && f->order &&
	       (rules->skipped_count_once || i + (1U << f->order) <= end);
}

/**
 * shb_stage_range() - take what is free in a part of a pageblock
 * @at: first frame to look at; out, how far it came
 * @stride: only every so-many-th frame is looked at
 *
 * isolate_freepages_block(). Ends early when there is enough, or when the marks refuse.
 *
 * Context: process context; takes z->lock.
 * Return: pages taken.
 */
u32 shb_stage_range(struct shb_compact *c, u32 *at, u32 end, u32 stride)
{
	const struct shb_compact_rules *rules = c->z->rules.compact;
	u32 i, scanned = 0, taken = 0, len;
	struct shb_zone *z = c->z;
	unsigned long irq, pfn;

	raw_spin_lock_irqsave(&z->lock, irq);
	for (i = *at; i < end; i += stride) {
		const struct shb_frame *f = &z->frames[i];

		len = 1U << f->order;
		scanned++;
		if (is_compound(rules, f, i, end)) {
			scanned += rules->skipped_count_once ? 0 : len - 1;
			i += len - 1;
			continue;
		}
		if (f->state != SHB_FRAME_FREE)
			continue;
		if (!shb_stage_block(c, i))
			break;
		scanned += len - 1;
		taken += len;
		if (c->wanted <= c->targets.pages) {
			i += len;
			break;
		}
		i += len - 1;
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	i = min(i, end);
	pfn = shb_pfn_of(z, *at);
	trace_mm_compaction_isolate_freepages(z, pfn, pfn + i - *at, scanned, taken);
	c->free_scanned += scanned;
	c->isolated += taken;
	*at = i;
	return taken;
}
