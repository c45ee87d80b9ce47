// SPDX-License-Identifier: GPL-2.0-only
/*
 * The free scanner: where compaction moves pages to.
 *
 *        migrate scanner ->                          <- free scanner, block by block
 *     |  #.#.##.#  |  .#.##..#  |     ...     |  ##.#.#..  |  .#..##.#  |
 *                                             inside a block: ->
 *
 * It takes free blocks of Movable pageblocks off the free lists (state STAGED: free for nobody,
 * in use by nobody) until there are as many pages as wait to be moved, and hands them out one
 * by one. A release either keeps the blocks by order and halves what is too large, or makes
 * single pages of all of them, the last one first. What nobody needed is freed in the end.
 */
#include <linux/bug.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "free.h"
#include "host.h"
#include "place.h"
#include "pressure/targets.h"
#include "trace.h"
#include "watermark.h"
#include "zones.h"

#define STRIDE_MAX	32

/* --- the lists -------------------------------------------------------------------------------- */

/**
 * shb_targets_init() - no targets
 */
void shb_targets_init(struct shb_targets *t)
{
	int order;

	for (order = 0; order < SHB_NR_ORDERS; order++)
		t->first[order] = t->last[order] = SHB_NONE;
	t->pages = 0;
}

static void push_first(struct shb_compact *c, u32 i, int order)
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

static u32 pop(struct shb_compact *c, int order)
{
	struct shb_targets *t = &c->targets;
	u32 i = t->first[order];

	t->first[order] = c->z->frames[i].next;
	if (t->first[order] == SHB_NONE)
		t->last[order] = SHB_NONE;
	return i;
}

/* split_map_pages() of 6.1: single pages, the last found first. All were found since the list was empty. */
static void make_single_pages(struct shb_compact *c)
{
	u32 i = c->targets.first[0], next, k;
	unsigned long irq;
	int order;

	c->targets.first[0] = c->targets.last[0] = SHB_NONE;
	raw_spin_lock_irqsave(&c->z->lock, irq);
	shb_zone_moved(c->z);
	for (; i != SHB_NONE; i = next) {
		next = c->z->frames[i].next;
		order = c->z->frames[i].order;
		for (k = 0; k < 1U << order; k++)
			push_first(c, i + k, 0);
	}
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
}

/* The lower half of a block, as often as it takes; the upper ones are targets of their own. */
static void halve(struct shb_compact *c, u32 i, int from, int order)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&c->z->lock, irq);
	shb_zone_moved(c->z);
	while (from-- > order)
		push_first(c, i + (1U << from), from);
	shb_frame_set(&c->z->frames[i], order, SHB_MOVABLE, SHB_FRAME_STAGED);
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
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

/* suitable_migration_target(): not where a large block is free, and only among what can move. */
static bool is_suitable(const struct shb_zone *z, u32 i)
{
	int type = shb_block_type(z, i);

	if (READ_ONCE(z->frames[i].state) == SHB_FRAME_FREE && z->frames[i].order >= SHB_PAGEBLOCK_ORDER)
		return false;
	return type == SHB_MOVABLE || type == SHB_CMA;
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

/*
 * __isolate_free_page(): a free block out of the lists, if the zone stays above MIN + 2^order.
 */
static bool stage(struct shb_compact *c, u32 i)
{
	struct shb_zone *z = c->z;
	int order = z->frames[i].order;

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

/*
 * isolate_freepages_block(): every stride-th frame from @at on. Ends early when there is enough,
 * or when the marks refuse; *@at says how far it came.
 * Return: pages taken.
 */
static u32 scan_block(struct shb_compact *c, u32 *at, u32 end, u32 stride)
{
	const struct shb_compact_rules *rules = c->z->rules.compact;
	u32 i, scanned = 0, taken = 0, len;
	struct shb_zone *z = c->z;
	unsigned long irq;

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
		if (!stage(c, i))
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
	trace_mm_compaction_isolate_freepages(z, *at, i, scanned, taken);
	c->free_scanned += scanned;
	c->isolated += taken;
	*at = i;
	return taken;
}

/*
 * isolate_freepages(): downward, block by block, to the one the migrate scanner is in. A block
 * that gave nothing makes the next one be looked at less closely. While there are any, too small
 * ones that is, no more are looked for.
 */
static void find_targets(struct shb_compact *c)
{
	u32 block = c->free & ~(SHB_PAGEBLOCK_PAGES - 1), at = c->free;
	u32 lowest = (c->migrate & ~(SHB_PAGEBLOCK_PAGES - 1)) + SHB_PAGEBLOCK_PAGES;
	u32 stride = 1;

	if (c->targets.pages)
		return;
	for (; block >= lowest; block -= SHB_PAGEBLOCK_PAGES, at = block) {
		u32 end = block + SHB_PAGEBLOCK_PAGES, taken;

		cond_resched();
		if (shb_compact_is_hole(c->z, block) || !is_suitable(c->z, block))
			continue;
		taken = scan_block(c, &at, end, stride);
		if (c->targets.pages >= c->wanted) {
			if (at == end)
				at = block - SHB_PAGEBLOCK_PAGES;
			break;
		}
		if (at < end)
			break;
		stride = taken ? 1 : min(stride << 1, (u32)STRIDE_MAX);
	}
	c->free = at;
	if (c->z->rules.compact->single_targets)
		make_single_pages(c);
}

static int first_fit(const struct shb_targets *t, int order)
{
	while (order < SHB_NR_ORDERS && t->first[order] == SHB_NONE)
		order++;
	return order;
}

/**
 * shb_target_take() - a place for a block that is to be moved
 * @order: of the block
 *
 * compaction_alloc(): scans when nothing that fits is left. The lower half of what is too large
 * is used. A zone that was told of broken pages gives none: what is in a block would have to be
 * looked at.
 *
 * Context: process context; takes z->lock.
 * Return: first frame, STAGED, or SHB_NONE.
 */
u32 shb_target_take(struct shb_compact *c, int order)
{
	int from = first_fit(&c->targets, order);
	u32 i;

	if (test_bit(SHB_ZONE_POISONED, &c->z->flags))
		return SHB_NONE;
	if (from == SHB_NR_ORDERS) {
		find_targets(c);
		from = first_fit(&c->targets, order);
		if (from == SHB_NR_ORDERS || test_bit(SHB_ZONE_POISONED, &c->z->flags))
			return SHB_NONE;
	}
	i = pop(c, from);
	if (from > order)
		halve(c, i, from, order);
	c->targets.pages -= 1UL << order;
	if (!c->z->rules.compact->single_targets)
		c->wanted -= 1UL << order;
	return i;
}

/**
 * shb_target_put_back() - a place that is not used after all
 *
 * compaction_free(). Context: process context.
 */
void shb_target_put_back(struct shb_compact *c, u32 i)
{
	int order = c->z->frames[i].order;

	push_first(c, i, order);
	c->targets.pages += 1UL << order;
}

/**
 * shb_targets_release() - free what nobody was moved to
 *
 * release_freepages(), later release_free_list(): as any block is freed, small ones first.
 *
 * Context: process context; takes z->lock.
 */
void shb_targets_release(struct shb_compact *c)
{
	struct shb_state *s = c->z->state;
	int order, cpu;
	u32 i;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		while (c->targets.first[order] != SHB_NONE) {
			i = pop(c, order);
			shb_frame_set(&c->z->frames[i], order, SHB_MOVABLE, SHB_FRAME_USED);
			cpu = s->host->pin(c->cpu);
			WARN_ON_ONCE(shb_free(s, shb_pfn_of(c->z, i), order, cpu, _THIS_IP_) != SHB_FREE_OK);
			s->host->unpin();
		}
	}
	c->targets.pages = 0;
}
