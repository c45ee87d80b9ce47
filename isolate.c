// SPDX-License-Identifier: GPL-2.0-only
/*
 * Isolation: a pageblock out of circulation, and back.
 *
 *      | order 10, free as a whole |      | order 9 Movable | order 9 Isolate |
 *      | Movable     | Movable     |  ->  | Movable         | Isolate         |
 *
 * What is free in it moves to the Isolate lists, counts for nobody and is found by nobody;
 * what is freed into it later goes there, too.
 */
#include <linux/errno.h>
#include <linux/lockdep.h>

#include "isolate.h"
#include "zones.h"

/*
 * Free blocks of one pageblock change sides. A block that is larger than the
 * pageblock is taken apart first, so that only this half moves.
 */
static void switch_pageblock(struct shb_zone *z, u32 i, int type)
{
	u32 granule = i & ~(SHB_GRANULE_PAGES - 1);
	u32 half = granule + SHB_PAGEBLOCK_PAGES;
	int old = z->frames[granule].type;

	if (!shb_is_free_block(z, granule, SHB_MAX_ORDER)) {
		shb_zone_move_pageblock(z, i, type);
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
		return;
	}
	shb_zone_take_block(z, granule, SHB_MAX_ORDER);
	shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
	shb_frame_set(&z->frames[granule], SHB_PAGEBLOCK_ORDER, old, SHB_FRAME_USED);
	shb_frame_set(&z->frames[half], SHB_PAGEBLOCK_ORDER, old, SHB_FRAME_USED);
	shb_zone_put(z, granule, SHB_PAGEBLOCK_ORDER, shb_block_type(z, granule), SHB_FPI_NONE);
	shb_zone_put(z, half, SHB_PAGEBLOCK_ORDER, shb_block_type(z, half), SHB_FPI_NONE);
}

/**
 * shb_isolate_pageblock() - take a pageblock out of circulation
 * @i: any frame of it
 *
 * Its free blocks move to the Isolate lists: they no longer count as free, no
 * request finds them, and nothing merges across the pageblock's edges.
 * (set_migratetype_isolate(), 6.12.)
 *
 * Context: holds z->lock.
 * Return: 0, or -EBUSY when it is isolated already.
 */
int shb_isolate_pageblock(struct shb_zone *z, u32 i)
{
	int type = shb_block_type(z, i);

	lockdep_assert_held(&z->lock);
	if (type == SHB_ISOLATE)
		return -EBUSY;
	z->isolated_from[i >> SHB_PAGEBLOCK_ORDER] = type;
	z->buddy.isolated++;
	switch_pageblock(z, i, SHB_ISOLATE);
	return 0;
}

/**
 * shb_unisolate_pageblock() - bring an isolated pageblock back
 * @i: any frame of it
 *
 * It becomes Movable, or what it was before where the profile keeps the type.
 * A pageblock that is free as a whole and whose buddy waits is put back as one
 * block, at the tail since 5.10, so that the two merge. (unset_migratetype_isolate().)
 *
 * Context: holds z->lock.
 * Return: 0, or -EINVAL when it is not isolated.
 */
int shb_unisolate_pageblock(struct shb_zone *z, u32 i)
{
	int type = SHB_MOVABLE;
	u32 buddy;

	lockdep_assert_held(&z->lock);
	i &= ~(SHB_PAGEBLOCK_PAGES - 1);
	if (shb_block_type(z, i) != SHB_ISOLATE)
		return -EINVAL;
	if (z->rules.buddy->isolate_keeps_type)
		type = z->isolated_from[i >> SHB_PAGEBLOCK_ORDER];
	z->buddy.isolated--;
	buddy = i ^ SHB_PAGEBLOCK_PAGES;
	if (shb_is_free_block(z, i, SHB_PAGEBLOCK_ORDER) &&
	    shb_is_free_block(z, buddy, SHB_PAGEBLOCK_ORDER) &&
	    shb_block_type(z, buddy) != SHB_ISOLATE) {
		shb_zone_take_block(z, i, SHB_PAGEBLOCK_ORDER);
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
		shb_zone_put(z, i, SHB_PAGEBLOCK_ORDER, type,
			     z->rules.buddy->moves_to_head ? SHB_FPI_NONE : SHB_FPI_TO_TAIL);
		return 0;
	}
	switch_pageblock(z, i, type);
	return 0;
}
