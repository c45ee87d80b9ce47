// SPDX-License-Identifier: GPL-2.0-only
/*
 * MIGRATE_RESERVE: up to two pageblocks of a zone are kept free until nobody finds anything else,
 * in the hope that some larger block survives there. 4.4 gave up on it for the atomic reserve,
 * whose number it had; here, too, its blocks are of type HighAtomic.
 *
 *      | kept | kept | movable | movable | ..        the first pageblocks that are Movable
 */
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/minmax.h>

#include "reserve.h"
#include "zones.h"

#define KEPT_MAX	2UL

/* A pageblock changes sides, and what is free in it. */
static void retag(struct shb_zone *z, u32 i, int type)
{
	shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
	shb_zone_move_pageblock(z, i, type);
}

/**
 * shb_reserve_setup() - as many pageblocks as the min mark asks for
 * @z: zone with its marks
 *
 * setup_zone_migrate_reserve(): min(2, pageblocks of MIN), looked at again only when that number
 * changes. What is kept beyond it becomes Movable. Nothing in the releases that have no such reserve.
 *
 * Context: holds state->tune_lock; takes z->lock.
 */
void shb_reserve_setup(struct shb_zone *z)
{
	long want = min(KEPT_MAX, DIV_ROUND_UP(z->marks.watermark[SHB_WMARK_MIN], SHB_PAGEBLOCK_PAGES));
	long old = z->buddy.kept;
	unsigned long irq;
	u32 i;

	lockdep_assert_held(&z->state->tune_lock);
	if (!z->rules.buddy->third_type_reserve || want == old)
		return;
	raw_spin_lock_irqsave(&z->lock, irq);
	z->buddy.kept = want;
	for (i = 0; i < z->extent.nr_frames && (want || old); i += SHB_PAGEBLOCK_PAGES) {
		int type = shb_block_type(z, i);

		if (want && (type == SHB_HIGHATOMIC || type == SHB_MOVABLE)) {
			if (type == SHB_MOVABLE)
				retag(z, i, SHB_HIGHATOMIC);
			want--;
		} else if (type == SHB_HIGHATOMIC) {
			retag(z, i, SHB_MOVABLE);
		}
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
}
