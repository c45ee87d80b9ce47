// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buddy of one zone: free lists by order and migratetype, splitting, merging,
 * pageblock types.
 *
 * A free block of order o starts at a multiple of 2^o and is on exactly one list;
 * its head frame carries order and list type, its other frames are INSIDE. Two
 * free buddies never coexist below order 9; at order 9 they may, after a pageblock
 * changed its type. Merging cannot leave a granule, because a granule is one order-10 block:
 *
 *      |            granule, order 10            |            granule ...
 *      | order 9           | order 9             |
 *      | pageblock         | pageblock           |
 *      | 8       | 8       |          buddy of a block at i: i ^ (1 << order)
 *
 * buddy.free_pages counts the pages on all lists but ISOLATE's, buddy.pages[] those of each
 * type, buddy.blocks[][] blocks; all three are exact whenever the lock is free.
 * Which list a request may fall back to is decided in fallback.c.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "own.h"
#include "trace.h"
#include "zones.h"

/**
 * shb_zone_nr_roots() - list roots a zone needs behind its own frames
 * @nr_cpus: cpus the zone keeps lists for
 *
 * Return: roots of the free lists, padded to a cache line, and of every pcp.
 */
size_t shb_zone_nr_roots(int nr_cpus)
{
	return SHB_NR_TYPES * SHB_TYPE_ROOTS + (size_t)nr_cpus * SHB_PCP_ROOTS;
}

/* Once for each operation: a walk that comes back for the lock sees that it was not alone. */
static __always_inline void changed(struct shb_zone *z)
{
	z->buddy.generation++;
}

/**
 * shb_zone_moved() - lists or blocks have changed, but not which pages are free
 *
 * Context: holds z->lock.
 */
void shb_zone_moved(struct shb_zone *z)
{
	if (unlikely(z->own))
		z->own->generation++;
	changed(z);
}

static __always_inline void account(struct shb_zone *z, int type, long nr_pages)
{
	z->buddy.pages[type] += nr_pages;
	if (likely(type != SHB_ISOLATE))
		WRITE_ONCE(z->buddy.free_pages, z->buddy.free_pages + nr_pages);
}

/* Big blocks are counted apart (NR_FREE_PAGES_BLOCKS, 7.2). */
static __always_inline void account_block(struct shb_zone *z, int order, int type, long sign)
{
	if (unlikely(order >= SHB_PAGEBLOCK_ORDER) && type != SHB_ISOLATE)
		z->buddy.big_pages += sign * (1L << order);
}

static __always_inline void link_free(struct shb_zone *z, u32 i, int order, int type, bool tail)
{
	struct shb_frame *frames = z->frames;
	u32 head = shb_zone_root(z, order, type);

	if (tail)
		shb_link(frames, i, frames[head].prev, head);
	else
		shb_link(frames, i, head, frames[head].next);
	shb_frame_set(&frames[i], order, type, SHB_FRAME_FREE);
	z->buddy.blocks[type][order]++;
	z->buddy.orders[type] |= 1U << order;
	account_block(z, order, type, 1);
}

static __always_inline void unlink_free(struct shb_zone *z, u32 i, int order, int type)
{
	shb_unlink(z->frames, i);
	if (!--z->buddy.blocks[type][order])
		z->buddy.orders[type] &= ~(1U << order);
	account_block(z, order, type, -1);
}

/*
 * Hand back what is left of the block at @i when only its first 2^low pages are
 * wanted: the upper half goes to the head of its list, the lower is halved again.
 */
static __always_inline void expand(struct shb_zone *z, u32 i, int high, int low, int type)
{
	struct shb_frame *frames = z->frames;
	int order = high;
	u32 head, half;

	while (order > low) {
		order--;
		half = i + (1U << order);
		head = shb_zone_root(z, order, type);
		shb_link(frames, half, head, frames[head].next);
		shb_frame_set(&frames[half], order, type, SHB_FRAME_FREE);
		z->buddy.blocks[type][order]++;
	}
	if (high > low) {
		/* One of each order, and of those only order 9 is counted as big. */
		z->buddy.orders[type] |= (1U << high) - (1U << low);
		if (high > SHB_PAGEBLOCK_ORDER)
			account_block(z, SHB_PAGEBLOCK_ORDER, type, 1);
		z->buddy.splits += high - low;
		trace_split(z, i, high, low, type);
	}
}

/* Mark the block as handed out; the caller decides where it goes from here. */
static __always_inline void frame_use(struct shb_zone *z, u32 i, int order, int type)
{
	shb_frame_set(&z->frames[i], order, type, SHB_FRAME_USED);
}

/* A granule nobody has touched: free, at the tail of its list, or not there yet. */
static void begin_granule(struct shb_zone *z, u32 g, int type, bool absent)
{
	u32 i = g << SHB_GRANULE_ORDER;

	if (absent) {
		shb_frame_set(&z->frames[i], SHB_MAX_ORDER, 0, SHB_FRAME_ABSENT);
		z->buddy.absent += SHB_GRANULE_PAGES;
		return;
	}
	link_free(z, i, SHB_MAX_ORDER, type, z->rules.boot->to_tail);
	account(z, type, SHB_GRANULE_PAGES);
}

/**
 * shb_zone_forget_hints() - no run of compaction has left anything
 *
 * Context: nobody else uses the hints.
 */
void shb_zone_forget_hints(struct shb_zone *z)
{
	struct shb_hints *h = &z->hints;

	memset(h->skip, 0, BITS_TO_LONGS(z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER) * sizeof(long));
	h->migrate[0] = h->migrate[1] = h->first_migrate = SHB_NO_POSITION;
	h->free = h->first_free = SHB_NO_POSITION;
	h->flush = false;
	h->considered = h->shift = h->order_failed = 0;
}

/**
 * shb_zone_init() - free lists as they are after memory was onlined
 * @z: zone with frames, pageblocks and counts in place, all frames zero
 * @absent: no page is there yet; shb_zone_release() brings them
 *
 * All pageblocks are Movable, every granule is one order-10 block, ascending, up to 5.9 descending.
 * (online_pages() and undo_isolate_page_range().)
 */
void shb_zone_init(struct shb_zone *z, bool absent)
{
	int order, type;
	u32 g;

	memset(z->pageblocks, SHB_MOVABLE, z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER);
	for (order = 0; order < SHB_NR_ORDERS; order++)
		for (type = 0; type < SHB_NR_TYPES; type++)
			shb_list_init(z->frames, shb_zone_root(z, order, type));
	shb_list_init(z->frames, z->roots + SHB_HELD_ROOT);
	shb_zone_forget_hints(z);
	for (g = 0; g < z->extent.nr_granules; g++)
		begin_granule(z, g, SHB_MOVABLE, absent);
}

/*
 * __rmqueue_smallest() of every release: first order with a block, head of that list; a larger
 * block is split and its low part kept. Who takes accounts for the pages.
 */
static __always_inline u32 take_smallest(struct shb_zone *z, int order, int type)
{
	unsigned int fit = z->buddy.orders[type] >> order;
	int cur;
	u32 i;

	if (unlikely(!fit))
		return SHB_NONE;
	cur = order + __ffs(fit);
	i = shb_zone_first(z, cur, type);
	unlink_free(z, i, cur, type);
	expand(z, i, cur, order, type);
	return i;
}

/**
 * shb_zone_take() - take the smallest block that fits from one type's lists
 * @order: wanted order
 * @type: list type; there is no fallback here
 *
 * Context: holds z->lock. Never sleeps.
 * Return: index of the first frame, or SHB_NONE when no block is large enough.
 */
u32 shb_zone_take(struct shb_zone *z, int order, int type)
{
	u32 i;

	lockdep_assert_held(&z->lock);
	i = take_smallest(z, order, type);
	if (unlikely(i == SHB_NONE))
		return i;
	changed(z);
	account(z, type, -(1L << order));
	frame_use(z, i, order, type);
	trace_mm_page_alloc_zone_locked(z, i, order, type);
	return i;
}

/**
 * shb_zone_take_list() - take blocks for a per-cpu list, as long as one type's lists last
 * @root: of the list; each block goes to its tail
 * @wanted: blocks
 *
 * What rmqueue_bulk() does most of the time: shb_zone_take() again and again.
 *
 * Context: holds z->lock and owns the list. Never sleeps.
 * Return: blocks that came.
 */
int shb_zone_take_list(struct shb_zone *z, u32 root, int order, int type, int wanted)
{
	int got = 0;
	u32 i;

	lockdep_assert_held(&z->lock);
	while (got < wanted && (i = take_smallest(z, order, type)) != SHB_NONE) {
		shb_link(z->frames, i, z->frames[root].prev, root);
		shb_frame_set(&z->frames[i], order, type, SHB_FRAME_PCP);
		/* At once: others look at what is free without the lock. */
		account(z, type, -(1L << order));
		trace_mm_page_alloc_zone_locked(z, i, order, type);
		got++;
	}
	if (likely(got))
		changed(z);
	return got;
}

/**
 * shb_zone_take_block() - take the low part of one particular free block
 * @i: head of a free block
 * @order: wanted order, not above the block's
 *
 * What is left goes back to the lists the block came from.
 *
 * Context: holds z->lock.
 * Return: @i.
 */
u32 shb_zone_take_block(struct shb_zone *z, u32 i, int order)
{
	int cur = z->frames[i].order, type = z->frames[i].type;

	lockdep_assert_held(&z->lock);
	changed(z);
	unlink_free(z, i, cur, type);
	expand(z, i, cur, order, type);
	account(z, type, -(1L << order));
	frame_use(z, i, order, type);
	return i;
}

/**
 * shb_zone_take_picked() - take a free block somebody picked, for a request
 * @i: head of a free block
 *
 * shb_zone_take() of a block that need not be the first of its list.
 *
 * Context: holds z->lock.
 * Return: @i.
 */
u32 shb_zone_take_picked(struct shb_zone *z, u32 i, int order)
{
	int type = z->frames[i].type;

	shb_zone_take_block(z, i, order);
	trace_mm_page_alloc_zone_locked(z, i, order, type);
	return i;
}

/**
 * shb_zone_retake() - take the low part of one particular free block for another type
 * @i: head of a free block
 * @type: of the lists that get the rest; pageblock types are left alone
 *
 * Context: holds z->lock.
 */
void shb_zone_retake(struct shb_zone *z, u32 i, int order, int type)
{
	int cur = z->frames[i].order, old = z->frames[i].type;

	lockdep_assert_held(&z->lock);
	changed(z);
	unlink_free(z, i, cur, old);
	account(z, old, -(1L << cur));
	expand(z, i, cur, order, type);
	account(z, type, (1L << cur) - (1L << order));
	frame_use(z, i, order, type);
}

/**
 * shb_zone_retake_as() - take a block of pageblock size or more under a new type
 * @i: head of a free block of order 9 or 10
 * @type: type all its pageblocks get, and of the lists that get the rest
 *
 * Context: holds z->lock.
 */
void shb_zone_retake_as(struct shb_zone *z, u32 i, int order, int type)
{
	lockdep_assert_held(&z->lock);
	shb_zone_set_types(z, i, z->frames[i].order, type);
	shb_zone_retake(z, i, order, type);
}

/**
 * shb_zone_set_types() - give every pageblock of a block a type
 * @i: any frame of the block's first pageblock
 * @order: order of the block; below 9 it is the one pageblock around @i
 * @type: new type
 *
 * Lists are not touched. Context: holds z->lock.
 */
void shb_zone_set_types(struct shb_zone *z, u32 i, int order, int type)
{
	u32 b = i >> SHB_PAGEBLOCK_ORDER;
	u32 nr = order > SHB_PAGEBLOCK_ORDER ? 1U << (order - SHB_PAGEBLOCK_ORDER) : 1;

	lockdep_assert_held(&z->lock);
	while (nr--)
		WRITE_ONCE(z->pageblocks[b++], type);
}

/*
 * A block is likely to merge soon when the buddy of its parent is already free;
 * it then goes to the tail, where it is left alone longest.
 *
 *      |   parent, order+1   | its buddy, order+1: free? |
 *      | block    | buddy    |
 */
static bool merge_likely(const struct shb_zone *z, u32 i, int order)
{
	u32 parent;

	if (order >= SHB_MAX_ORDER - 1)
		return false;
	parent = i & ~(1U << order);
	return shb_is_free_block(z, parent ^ (1U << (order + 1)), order + 1);
}

/*
 * At order 9 the buddy is another pageblock. Blocks of different types become
 * one only if both are mergeable; before 6.1, if none is isolated.
 */
static bool may_join(const struct shb_zone *z, u32 buddy, int order, int type)
{
	int other;

	if (order < SHB_PAGEBLOCK_ORDER)
		return true;
	other = shb_block_type(z, buddy);
	if (likely(other == type || (shb_type_mergeable(type) && shb_type_mergeable(other))))
		return true;
	return z->rules.buddy->joins_reserved && type != SHB_ISOLATE && other != SHB_ISOLATE;
}

/* Take a free buddy off its list, as part of a block of @type. */
static __always_inline void absorb(struct shb_zone *z, u32 buddy, int order, int type)
{
	int old = z->frames[buddy].type;

	unlink_free(z, buddy, order, old);
	if (old != type) {
		account(z, old, -(1L << order));
		account(z, type, 1L << order);
	}
	if (order >= SHB_PAGEBLOCK_ORDER && z->rules.buddy->lists_follow_blocks)
		shb_zone_set_types(z, buddy, order, type);
}

/*
 * compaction_capture(): not what belongs to CMA or is isolated; and a small block of a Movable pageblock
 * is for Movable requests alone, in 6.1 for nobody.
 */
static bool captures(const struct shb_zone *z, const struct shb_capture *c, int order, int type)
{
	if (order != c->order || type == SHB_CMA || type == SHB_ISOLATE)
		return false;
	if (order >= SHB_PAGEBLOCK_ORDER || type != SHB_MOVABLE)
		return true;
	return c->type == SHB_MOVABLE && !z->rules.compact->captures_no_movable;
}

/* The block that was waited for, merged from order @from on; it merges no further. */
static void capture(struct shb_zone *z, u32 i, int from, int order, int type, struct shb_capture *c)
{
	if (order > from) {
		z->buddy.merges += order - from;
		trace_merge(z, i, from, order, type);
	}
	account(z, type, -(1L << order));
	shb_frame_set(&z->frames[i], order, type, SHB_FRAME_STAGED);
	if (z->rules.compact->capture_is_fallback && type != c->type)
		trace_mm_page_alloc_extfrag(z, i, order, order, c->type, type);
	WRITE_ONCE(c->block, i);
	changed(z);
}

/*
 * @asks: a policy has a say in merging and in places; its zone keeps count of free pages.
 * @c: a run of compaction waits for a block, or NULL
 */
static __always_inline void put(struct shb_zone *z, u32 i, int order, int type, int fpi, const bool asks,
				struct shb_capture *c)
{
	struct shb_frame *frames = z->frames;
	int from = order;
	bool tail;
	u32 buddy;

	account(z, type, 1L << order);
	while (order < SHB_MAX_ORDER) {
		if (c && captures(z, c, order, type))
			return capture(z, i, from, order, type, c);
		buddy = i ^ (1U << order);
		if (!shb_is_free_block(z, buddy, order) || !may_join(z, buddy, order, type))
			break;
		if (asks && !shb_own_merges(z, i, order))
			break;
		absorb(z, buddy, order, type);
		frames[i | buddy].state = SHB_FRAME_INSIDE;
		i &= buddy;
		order++;
	}
	tail = (fpi & SHB_FPI_TO_TAIL) || merge_likely(z, i, order);
	link_free(z, i, order, type, asks ? shb_own_to_tail(z, i, order, type, tail) : tail);
	if (order > from) {
		z->buddy.merges += order - from;
		trace_merge(z, i, from, order, type);
	}
	changed(z);
}

/**
 * shb_zone_put() - put one block on the free lists, merging upward
 * @i: first frame of the block; it must not be on any list
 * @type: type of the list it goes to
 * @fpi: SHB_FPI_TO_TAIL forces the tail
 *
 * __free_one_page() of 6.1, 6.12 and 7.2. B2 = B1 ^ (1 << o), the parent is B1 & B2.
 *
 * Context: holds z->lock. Never sleeps.
 */
void shb_zone_put(struct shb_zone *z, u32 i, int order, int type, int fpi)
{
	lockdep_assert_held(&z->lock);
	put(z, i, order, type, fpi, false, NULL);
}

static void put_by_policy(struct shb_zone *z, u32 i, int order, int type, int fpi, struct shb_capture *c)
{
	shb_own_begin(z);
	if (shb_own_asks_back(z))
		shb_own_know(z, i);
	put(z, i, order, type, fpi, true, c);
	shb_own_count(z, i, order, 1);
	if (c && c->block != SHB_NONE)
		shb_own_count(z, c->block, c->order, -1);
}

/**
 * shb_zone_put_asking() - shb_zone_put() where a policy or a run of compaction has a say
 * @cpu: who frees; a run takes what its own cpu frees. SHB_CPU_OF_NOBODY: nobody in particular
 *
 * Context: as shb_zone_put().
 */
void shb_zone_put_asking(struct shb_zone *z, u32 i, int order, int type, int fpi, int cpu)
{
	struct shb_capture *c = z->capture;

	lockdep_assert_held(&z->lock);
	if (c && (cpu == SHB_CPU_OF_NOBODY || READ_ONCE(c->cpu) != cpu || c->block != SHB_NONE))
		c = NULL;
	if (z->own)
		put_by_policy(z, i, order, type, fpi, c);
	else
		put(z, i, order, type, fpi, false, c);
}

static void put_asking_nobody(struct shb_zone *z, u32 i, int order, int type, int fpi)
{
	shb_zone_put_asking(z, i, order, type, fpi, SHB_CPU_OF_NOBODY);
}

/**
 * shb_zone_set_asked() - what frees have at hand of who has a say
 *
 * Context: holds z->lock, or nobody uses the zone.
 */
void shb_zone_set_asked(struct shb_zone *z)
{
	WRITE_ONCE(z->asks, z->own || z->capture);
	WRITE_ONCE(z->frees_whole, !z->rules.pcp->in_turn && !z->asks);
}

static __always_inline void free_any(struct shb_zone *z, u32 i, int order, int type, int fpi,
				     void (*put_one)(struct shb_zone *z, u32 i, int order, int type, int fpi))
{
	u32 half = i + SHB_PAGEBLOCK_PAGES;

	if (unlikely(order > SHB_PAGEBLOCK_ORDER) && z->rules.buddy->split_order10_free) {
		shb_frame_set(&z->frames[half], SHB_PAGEBLOCK_ORDER, 0, SHB_FRAME_USED);
		put_one(z, i, SHB_PAGEBLOCK_ORDER, shb_block_type(z, i), fpi);
		put_one(z, half, SHB_PAGEBLOCK_ORDER, shb_block_type(z, half), fpi);
		return;
	}
	if (z->rules.buddy->lists_follow_blocks)
		type = shb_block_type(z, i);
	put_one(z, i, order, type, fpi);
}

/**
 * shb_zone_free() - free one block of any order to the lists
 * @i: first frame
 * @type: type noted when the block was freed; used only by profiles without
 *	lists_follow_blocks, the others read the pageblock
 * @fpi: SHB_FPI_*
 *
 * An order-10 block is freed whole up to 6.1; later releases free its two
 * pageblocks one after the other, each under its own type (split_large_buddy()).
 *
 * Context: holds z->lock.
 */
void shb_zone_free(struct shb_zone *z, u32 i, int order, int type, int fpi)
{
	lockdep_assert_held(&z->lock);
	if (unlikely(z->asks))
		free_any(z, i, order, type, fpi, put_asking_nobody);
	else
		free_any(z, i, order, type, fpi, shb_zone_put);
}

/**
 * shb_zone_move() - move one free block to another type's list
 * @i: head of a free block
 * @type: new list type; pageblock types are left alone
 *
 * To its tail; up to 5.9 to its head.
 *
 * Context: holds z->lock.
 */
void shb_zone_move(struct shb_zone *z, u32 i, int type)
{
	int order = z->frames[i].order, old = z->frames[i].type;

	lockdep_assert_held(&z->lock);
	shb_zone_moved(z);
	unlink_free(z, i, order, old);
	account(z, old, -(1L << order));
	account(z, type, 1L << order);
	link_free(z, i, order, type, !z->rules.buddy->moves_to_head);
}

/* Frames the block at @i covers; a frame inside a block that began earlier counts alone. */
static u32 block_len(const struct shb_frame *f)
{
	return f->state == SHB_FRAME_INSIDE ? 1 : 1U << f->order;
}

/**
 * shb_zone_move_pageblock() - move all free blocks of a pageblock to another type
 * @i: any frame of the pageblock
 * @type: new list type
 *
 * Ascending pfn (move_freepages_block()), each as shb_zone_move() says.
 *
 * Context: holds z->lock.
 * Return: pages moved.
 */
int shb_zone_move_pageblock(struct shb_zone *z, u32 i, int type)
{
	u32 end;
	int moved = 0;

	lockdep_assert_held(&z->lock);
	i &= ~(SHB_PAGEBLOCK_PAGES - 1);
	end = i + SHB_PAGEBLOCK_PAGES;
	while (i < end) {
		u32 len = block_len(&z->frames[i]);

		if (z->frames[i].state == SHB_FRAME_FREE) {
			shb_zone_move(z, i, type);
			moved += len;
		}
		i += len;
	}
	return moved;
}

/**
 * shb_zone_count_pageblock() - what a claim wants to know about a pageblock
 * @i: any frame of the pageblock
 * @c: counts, out
 *
 * Pages on per-cpu lists are neither free nor movable, as in the kernel.
 *
 * Context: holds z->lock; the movable marks may change meanwhile.
 */
void shb_zone_count_pageblock(const struct shb_zone *z, u32 i, struct shb_block_count *c)
{
	u32 end;

	lockdep_assert_held(&z->lock);
	*c = (struct shb_block_count){ };
	i &= ~(SHB_PAGEBLOCK_PAGES - 1);
	end = i + SHB_PAGEBLOCK_PAGES;
	while (i < end) {
		const struct shb_frame *f = &z->frames[i];
		u32 len = block_len(f);

		if (f->state == SHB_FRAME_FREE)
			c->free += len;
		else if (f->state == SHB_FRAME_USED && (READ_ONCE(f->flags) & SHB_FRAME_MOVABLE))
			c->movable += len;
		i += len;
	}
}

/**
 * shb_zone_make_cma() - turn the highest granules of a fresh zone into its CMA region
 * @z: zone straight from shb_zone_init(); z->extent.cma_granules says how many
 *
 * Only movable requests may use them (init_cma_reserved_pageblock()).
 *
 * Context: holds z->lock.
 */
void shb_zone_make_cma(struct shb_zone *z)
{
	u32 g;

	lockdep_assert_held(&z->lock);
	for (g = z->extent.nr_granules - z->extent.cma_granules; g < z->extent.nr_granules; g++) {
		shb_zone_move(z, g << SHB_GRANULE_ORDER, SHB_CMA);
		shb_zone_set_types(z, g << SHB_GRANULE_ORDER, SHB_MAX_ORDER, SHB_CMA);
	}
}

/* The absent block around a frame is halved until the one of @order at @i stands alone. */
static void cut_absent(struct shb_zone *z, u32 i, int order)
{
	u32 head = i;
	int cur;

	for (cur = order; z->frames[head].state == SHB_FRAME_INSIDE; cur++)
		head = i & ~((1U << cur) - 1);
	for (cur = z->frames[head].order; cur > order;) {
		u32 half = head + (1U << --cur);

		shb_frame_set(&z->frames[head], cur, 0, SHB_FRAME_ABSENT);
		shb_frame_set(&z->frames[half], cur, 0, SHB_FRAME_ABSENT);
		if (i >= half)
			head = half;
	}
}

/**
 * shb_zone_release() - an absent block comes to the buddy
 * @i: its first frame; a multiple of 2^order, all of it absent
 * @fpi: SHB_FPI_*
 *
 * __free_pages_core(): the pages are managed from now on and freed as one block.
 *
 *     |            absent, order 4            |
 *     |    absent, 3      | abs., 2 |X | a. 1 |     X: order 1 comes
 *
 * Context: holds z->lock.
 */
void shb_zone_release(struct shb_zone *z, u32 i, int order, int fpi)
{
	lockdep_assert_held(&z->lock);
	cut_absent(z, i, order);
	z->buddy.absent -= 1UL << order;
	z->extent.managed += 1UL << order;
	frame_use(z, i, order, 0);
	shb_zone_free(z, i, order, shb_block_type(z, i), fpi);
}

/**
 * shb_zone_reset_granule() - make a granule what it was in the fresh zone
 * @g: number of the granule
 *
 * One order-10 block at the tail of its list, so that all granules in ascending order
 * leave a fresh zone's lists; or an absent one, where the machine boots.
 *
 * Context: holds z->lock.
 * Return: false when a page of it is out; then nothing has changed.
 */
bool shb_zone_reset_granule(struct shb_zone *z, u32 g)
{
	int type = g < z->extent.nr_granules - z->extent.cma_granules ? SHB_MOVABLE : SHB_CMA;
	u32 first = g << SHB_GRANULE_ORDER, end = first + SHB_GRANULE_PAGES, i, len;

	lockdep_assert_held(&z->lock);
	for (i = first; i < end; i += 1U << z->frames[i].order)
		if (z->frames[i].state != SHB_FRAME_FREE && z->frames[i].state != SHB_FRAME_ABSENT)
			return false;
	changed(z);
	for (i = first; i < end; i += len) {
		struct shb_frame *f = &z->frames[i];

		len = 1U << f->order;
		if (f->state == SHB_FRAME_FREE) {
			unlink_free(z, i, f->order, f->type);
			account(z, f->type, -(long)len);
		} else {
			z->buddy.absent -= len;
		}
		f->state = SHB_FRAME_INSIDE;
	}
	for (i = first; i < end; i += SHB_PAGEBLOCK_PAGES) {
		z->buddy.isolated -= shb_block_type(z, i) == SHB_ISOLATE;
		if (shb_block_type(z, i) == SHB_HIGHATOMIC)
			z->buddy.reserved -= min_t(unsigned long, SHB_PAGEBLOCK_PAGES,
							   z->buddy.reserved);
	}
	shb_zone_set_types(z, first, SHB_MAX_ORDER, type);
	if (z->state->release)
		z->extent.managed = 0;
	begin_granule(z, g, type, z->state->release);
	return true;
}
