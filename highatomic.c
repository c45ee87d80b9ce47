// SPDX-License-Identifier: GPL-2.0-only
/*
 * The highatomic reserve: pageblocks that are kept for requests of order 1 and more that
 * may not wait. One is reserved when such a request is served, and given up when somebody
 * else would fail.
 */
#include <linux/lockdep.h>
#include <linux/minmax.h>

#include "highatomic.h"
#include "zones.h"

/**
 * shb_highatomic_reserve() - keep the pageblock of an allocation for atomic requests
 * @i: block that was just handed out
 *
 * Bounded by the profile's limit, about 1 % of the zone. Only a pageblock of a
 * mergeable type is taken. (reserve_highatomic_pageblock().)
 *
 * Context: holds z->lock.
 */
void shb_highatomic_reserve(struct shb_zone *z, u32 i, int order)
{
	lockdep_assert_held(&z->lock);
	if (z->buddy.reserved >= (long)z->rules.buddy->highatomic_limit(z) ||
	    !shb_type_mergeable(shb_block_type(z, i)))
		return;
	if (order < SHB_PAGEBLOCK_ORDER || !z->rules.buddy->lists_follow_blocks) {
		shb_zone_move_pageblock(z, i, SHB_HIGHATOMIC);
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, SHB_HIGHATOMIC);
		z->buddy.reserved += SHB_PAGEBLOCK_PAGES;
	} else {
		shb_zone_set_types(z, i, order, SHB_HIGHATOMIC);
		z->buddy.reserved += 1UL << order;
	}
}

/* Give up the reserve around one free HighAtomic block. Return: something moved. */
static bool unreserve_block(struct shb_zone *z, u32 i, int order, int type)
{
	long size = max(SHB_PAGEBLOCK_PAGES, 1U << order);

	if (!z->rules.buddy->lists_follow_blocks)
		size = SHB_PAGEBLOCK_PAGES;
	if (!z->rules.buddy->unreserve_checks_type || shb_block_type(z, i) == SHB_HIGHATOMIC)
		z->buddy.reserved -= min(size, z->buddy.reserved);
	if (order < SHB_PAGEBLOCK_ORDER || !z->rules.buddy->lists_follow_blocks) {
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
	if (!force && z->buddy.reserved <= (long)SHB_PAGEBLOCK_PAGES)
		return false;
	for (order = 0; order < SHB_NR_ORDERS; order++)
		if (z->buddy.blocks[SHB_HIGHATOMIC][order] &&
		    unreserve_block(z, shb_zone_first(z, order, SHB_HIGHATOMIC), order, type))
			return true;
	return false;
}
