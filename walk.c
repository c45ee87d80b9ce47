// SPDX-License-Identifier: GPL-2.0-only
/*
 * Long walks over a zone, piece by piece.
 *
 *       piece          piece          piece
 *     [ locked ]     [ locked ]     [ locked ]
 *      7      7       7      7       9
 *                          somebody   the walk is told
 *
 * Nobody may hold a zone for as long as it has blocks, so a walk gives the lock up
 * after every piece. z->buddy.generation grows with each operation that brings blocks to a
 * free list, takes them off or cuts one into pages: if it is what the walk left, the zone
 * is, too, and the walk goes on where it was. Otherwise the walk is told, and decides: start
 * over, go on, or give up. A walk whose answer must be exact needs a zone that is left alone.
 */
#include <linux/lockdep.h>
#include <linux/sched.h>

#include "walk.h"
#include "zones.h"

/**
 * shb_walk_start() - stand before the first block of the first list
 * @w: walk, out
 */
void shb_walk_start(struct shb_walk *w, struct shb_zone *z)
{
	*w = (struct shb_walk){
		.z = z, .generation = READ_ONCE(z->buddy.generation), .block = SHB_NONE,
	};
}

/**
 * shb_walk_lock() - begin a piece
 *
 * Context: takes z->lock until shb_walk_unlock().
 * Return: nobody has changed the zone since the last piece, or since the start.
 */
bool shb_walk_lock(struct shb_walk *w)
{
	raw_spin_lock_irqsave(&w->z->lock, w->irq);
	return w->z->buddy.generation == w->generation;
}

/**
 * shb_walk_unlock() - end a piece, and let others run
 * @w: walk; what the piece changed itself is no surprise to the next one
 *
 * Context: process context; may reschedule.
 */
void shb_walk_unlock(struct shb_walk *w)
{
	w->generation = w->z->buddy.generation;
	raw_spin_unlock_irqrestore(&w->z->lock, w->irq);
	cond_resched();
}

/**
 * shb_walk_next_list() - stand before the first block of the next list
 *
 * Return: false behind the last order of the last type.
 */
bool shb_walk_next_list(struct shb_walk *w)
{
	w->block = SHB_NONE;
	if (++w->order == SHB_NR_ORDERS) {
		w->order = 0;
		w->type++;
	}
	return w->type < SHB_NR_TYPES;
}

/**
 * shb_walk_on_list() - is the last visited block still on the list?
 * @w: walk; true, too, before the first block
 *
 * Context: holds z->lock.
 */
bool shb_walk_on_list(const struct shb_walk *w)
{
	const struct shb_frame *f = &w->z->frames[w->block];

	lockdep_assert_held(&w->z->lock);
	return w->block == SHB_NONE || (f->state == SHB_FRAME_FREE && f->order == w->order &&
					f->type == w->type);
}

/**
 * shb_walk_next_block() - the block behind the last visited one
 * @w: walk, on the list
 *
 * Context: holds z->lock.
 * Return: its index, or SHB_NONE at the end of the list.
 */
u32 shb_walk_next_block(const struct shb_walk *w)
{
	u32 head = shb_zone_root(w->z, w->order, w->type);
	u32 next = w->z->frames[w->block == SHB_NONE ? head : w->block].next;

	lockdep_assert_held(&w->z->lock);
	return next == head ? SHB_NONE : next;
}
