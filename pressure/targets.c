// SPDX-License-Identifier: GPL-2.0-only
/*
 * The free scanner: where compaction moves pages to.
 *
 *        migrate scanner ->                          <- free scanner, block by block
 *     |  #.#.##.#  |  .#.##..#  |     ...     |  ##.#.#..  |  .#..##.#  |
 *                                             inside a block: ->
 *
 * It takes free blocks of Movable pageblocks (staging.c), from the free lists (fast.c) or by scanning,
 * until there are as many pages as wait to be moved, and hands them out one by one. A release either
 * keeps the blocks by order and halves what is too large, or makes single pages of all of them, the
 * last one first. What nobody needed is freed in the end.
 */
#include <linux/bug.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "free.h"
#include "pressure/capture.h"
#include "pressure/fast.h"
#include "pressure/hints.h"
#include "pressure/staging.h"
#include "pressure/targets.h"
#include "zones.h"

#define STRIDE_MAX	32

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
			shb_staged_push(c, i + k, 0);
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
		shb_staged_push(c, i + (1U << from), from);
	shb_frame_set(&c->z->frames[i], order, SHB_MOVABLE, SHB_FRAME_STAGED);
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
}

/* A pageblock was looked at to its end: it is not worth another look, nor what is above it. */
static void leave_block(struct shb_compact *c, u32 block)
{
	shb_hint_set(c->z, block);
	shb_hints_lower_free(c->z, (long)block -
			     (c->z->rules.compact->resumes_in_block ? 0 : SHB_PAGEBLOCK_PAGES));
}

/*
 * From the free scanner's place downward, block by block, to the one above the migrate scanner's. A
 * block that gave nothing makes the next one be looked at less closely.
 */
static void scan_downward(struct shb_compact *c)
{
	u32 block = shb_pageblock_start(c->free), at = c->free;
	u32 lowest = shb_pageblock_start(c->migrate) + SHB_PAGEBLOCK_PAGES;
	u32 stride = c->goal.mode == SHB_MIGRATE_ASYNC ? STRIDE_MAX : 1;

	for (; block >= lowest; block -= SHB_PAGEBLOCK_PAGES, at = block) {
		u32 end = block + SHB_PAGEBLOCK_PAGES, taken;

		cond_resched();
		if (shb_compact_is_hole(c->z, block) || !shb_stage_is_suitable(c, block) ||
		    shb_hint_skips(c, block))
			continue;
		taken = shb_stage_range(c, &at, end, stride);
		if (at == end)
			leave_block(c, block);
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
}

/* isolate_freepages(): from the free lists, or else by scanning. Too small ones count, too. */
static void find_targets(struct shb_compact *c)
{
	shb_fast_targets(c);
	if (!c->targets.pages)
		scan_downward(c);
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
	i = shb_staged_pop(c, from);
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

	shb_staged_push(c, i, order);
	c->targets.pages += 1UL << order;
}

static void release(struct shb_compact *c, u32 i, int order)
{
	struct shb_state *s = c->z->state;
	int cpu;

	shb_frame_set(&c->z->frames[i], order, SHB_MOVABLE, SHB_FRAME_USED);
	cpu = shb_capture_pin(c);
	WARN_ON_ONCE(shb_free(s, shb_pfn_of(c->z, i), order, cpu, _THIS_IP_) != SHB_FREE_OK);
	shb_capture_unpin(c);
}

/**
 * shb_targets_release() - free what nobody was moved to
 *
 * release_freepages(), later release_free_list(): as any block is freed, small ones first.
 *
 * Context: process context; takes z->lock.
 * Return: the highest frame, or SHB_NO_POSITION: there was none.
 */
long shb_targets_release(struct shb_compact *c)
{
	long highest = SHB_NO_POSITION;
	int order;
	u32 i;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		while (c->targets.first[order] != SHB_NONE) {
			i = shb_staged_pop(c, order);
			highest = max_t(long, highest, i);
			release(c, i, order);
		}
	}
	c->targets.pages = 0;
	return highest;
}
