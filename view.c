// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy may look at (policy.h). Everything is an answer; nothing can be changed from here.
 *
 * The free pages of a pageblock are counted when they are asked for and followed from then on, as
 * long as each change is one that own.c knows of: whatever else changes a zone's lists moves its
 * generation on, and they are counted anew.
 *
 *     known      | 512 |  17 |  ?  |  ?  | 300 | ..        ?  not asked for since
 */
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "own.h"
#include "policy.h"
#include "zones.h"

static void forget_counts(struct shb_zone *z)
{
	size_t blocks = z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER;

	memset(z->own->free, 0xff, blocks * sizeof(*z->own->free));
	z->own->generation = z->buddy.generation;
}

/**
 * shb_own_begin() - a block is about to come to the free lists, or to go
 *
 * What else has happened to them since the last time is unknown.
 *
 * Context: holds z->lock.
 */
void shb_own_begin(struct shb_zone *z)
{
	lockdep_assert_held(&z->lock);
	if (unlikely(z->own->generation != z->buddy.generation))
		forget_counts(z);
}

/**
 * shb_own_count() - it has
 * @i: block; shb_own_begin() was before, and nothing else came or went
 * @sign: 1 or -1
 *
 * Context: holds z->lock.
 */
void shb_own_count(struct shb_zone *z, u32 i, int order, int sign)
{
	u32 b = i >> SHB_PAGEBLOCK_ORDER, end = b + (1U << max(order - SHB_PAGEBLOCK_ORDER, 0));
	int pages = min(1U << order, SHB_PAGEBLOCK_PAGES);

	lockdep_assert_held(&z->lock);
	for (; b < end; b++)
		if (z->own->free[b] != SHB_OWN_UNKNOWN)
			z->own->free[b] += sign * pages;
	z->own->generation = z->buddy.generation;
}

/**
 * shb_policy_pages() - pages of a zone, for which there are numbers
 *
 * Context: any.
 */
u32 shb_policy_pages(const struct shb_zone *z)
{
	return z->extent.nr_frames;
}
EXPORT_SYMBOL_GPL(shb_policy_pages);

/**
 * shb_policy_free_pages() - free pages of a zone, without those on per-cpu lists
 *
 * Context: any; a racy look without the lock.
 */
long shb_policy_free_pages(const struct shb_zone *z)
{
	return READ_ONCE(z->buddy.free_pages);
}
EXPORT_SYMBOL_GPL(shb_policy_free_pages);

/**
 * shb_policy_nid() - the node of a zone
 *
 * Context: any.
 */
int shb_policy_nid(const struct shb_zone *z)
{
	return z->nid;
}
EXPORT_SYMBOL_GPL(shb_policy_nid);

/**
 * shb_policy_cpus() - cpus there can be
 *
 * Context: any.
 */
int shb_policy_cpus(const struct shb_zone *z)
{
	return z->state->topo.nr_cpus;
}
EXPORT_SYMBOL_GPL(shb_policy_cpus);

/**
 * shb_policy_kept() - pages a cpu keeps on its lists of a zone
 * @cpu: a number without a cpu keeps none
 *
 * Context: any; a racy look at another cpu's.
 */
int shb_policy_kept(const struct shb_zone *z, int cpu)
{
	return cpu >= 0 && cpu < z->state->topo.nr_cpus ? READ_ONCE(z->pcps[cpu].count) : 0;
}
EXPORT_SYMBOL_GPL(shb_policy_kept);

/**
 * shb_policy_data() - what the zone keeps for its policy
 *
 * Context: holds the zone's lock, as pick, merge, place and fallback do.
 * Return: zone_bytes of memory, zero when the zone came into being; aligned for a u64.
 */
void *shb_policy_data(struct shb_zone *z)
{
	lockdep_assert_held(&z->lock);
	return z->own->data;
}
EXPORT_SYMBOL_GPL(shb_policy_data);

/**
 * shb_policy_block_type() - migratetype of the pageblock around a page
 *
 * Context: as shb_policy_data().
 * Return: type, also one no rule is asked about; -1 beyond the zone.
 */
int shb_policy_block_type(const struct shb_zone *z, u32 page)
{
	return page < z->extent.nr_frames ? shb_block_type(z, page) : -1;
}
EXPORT_SYMBOL_GPL(shb_policy_block_type);

/* Pages of a frame's block, as far as they lie in its pageblock. */
static u32 len_of(const struct shb_frame *f)
{
	return f->state == SHB_FRAME_INSIDE ? 1 : min(1U << f->order, SHB_PAGEBLOCK_PAGES);
}

static unsigned int count_free(const struct shb_zone *z, u32 first)
{
	u32 i = first, end = first + SHB_PAGEBLOCK_PAGES, len;
	unsigned int nr = 0;

	/* It may be the second half of a block. */
	if (i % SHB_GRANULE_PAGES && z->frames[i].state == SHB_FRAME_INSIDE) {
		const struct shb_frame *head = &z->frames[i - SHB_PAGEBLOCK_PAGES];

		if (head->order > SHB_PAGEBLOCK_ORDER)
			return head->state == SHB_FRAME_FREE ? SHB_PAGEBLOCK_PAGES : 0;
	}
	for (; i < end; i += len) {
		len = len_of(&z->frames[i]);
		nr += z->frames[i].state == SHB_FRAME_FREE ? len : 0;
	}
	return nr;
}

/**
 * shb_policy_block_free() - free pages of the pageblock around a page
 *
 * Those of every type, without those on per-cpu lists. Cheap when it was asked for before.
 *
 * Context: as shb_policy_data().
 * Return: 0 to 512; 0 beyond the zone.
 */
unsigned int shb_policy_block_free(struct shb_zone *z, u32 page)
{
	u32 b = page >> SHB_PAGEBLOCK_ORDER;

	lockdep_assert_held(&z->lock);
	if (page >= z->extent.nr_frames)
		return 0;
	shb_own_begin(z);
	if (z->own->free[b] == SHB_OWN_UNKNOWN)
		z->own->free[b] = count_free(z, b << SHB_PAGEBLOCK_ORDER);
	return z->own->free[b];
}
EXPORT_SYMBOL_GPL(shb_policy_block_free);

/**
 * shb_own_know() - count the free pages of both pageblocks around a block, before it merges
 *
 * While it does, its frames cannot be counted.
 *
 * Context: holds z->lock; after shb_own_begin().
 */
void shb_own_know(struct shb_zone *z, u32 i)
{
	u32 first = i & ~(SHB_GRANULE_PAGES - 1);

	shb_policy_block_free(z, first);
	shb_policy_block_free(z, first + SHB_PAGEBLOCK_PAGES);
}

/**
 * shb_policy_order() - the order of the free block that begins at a page
 *
 * Context: as shb_policy_data().
 * Return: order, or -1: none begins there.
 */
int shb_policy_order(const struct shb_zone *z, u32 page)
{
	if (page >= z->extent.nr_frames || z->frames[page].state != SHB_FRAME_FREE)
		return -1;
	return z->frames[page].order;
}
EXPORT_SYMBOL_GPL(shb_policy_order);

/* Has a pageblock room for a block that may begin in it? */
static bool may_have(struct shb_zone *z, u32 page, int order)
{
	return shb_policy_block_free(z, page) >= min(1U << order, SHB_PAGEBLOCK_PAGES);
}

/**
 * shb_policy_next() - the next free block of a type, by address
 * @from: page from where on
 * @end: page up to which it may begin, this one excluded
 * @order: of the block, at least
 * @type: of the list it is on
 *
 * Pageblocks without room are passed over in a step.
 *
 * Context: as shb_policy_data().
 * Return: its first page, or SHB_POLICY_NONE.
 */
u32 shb_policy_next(struct shb_zone *z, u32 from, u32 end, int order, int type)
{
	u32 i = from;

	if (order < 0 || order > SHB_MAX_ORDER)
		return SHB_POLICY_NONE;
	end = min(end, z->extent.nr_frames);
	while (i < end) {
		const struct shb_frame *f = &z->frames[i];

		if ((i == from || !(i % SHB_PAGEBLOCK_PAGES)) && !may_have(z, i, order)) {
			i = (i | (SHB_PAGEBLOCK_PAGES - 1)) + 1;
			continue;
		}
		if (f->state == SHB_FRAME_FREE && f->order >= order && f->type == type)
			return i;
		i += len_of(f);
	}
	return SHB_POLICY_NONE;
}
EXPORT_SYMBOL_GPL(shb_policy_next);

/**
 * shb_policy_list() - the first block on the list of an order and a type
 *
 * Context: as shb_policy_data().
 * Return: its first page; SHB_POLICY_NONE: the list is empty, or there is none.
 */
u32 shb_policy_list(const struct shb_zone *z, int order, int type)
{
	if (order < 0 || order > SHB_MAX_ORDER || type < 0 || type >= SHB_PCPTYPES ||
	    !z->buddy.blocks[type][order])
		return SHB_POLICY_NONE;
	return shb_zone_first(z, order, type);
}
EXPORT_SYMBOL_GPL(shb_policy_list);
