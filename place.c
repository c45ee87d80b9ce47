// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks by place: for who does not ask for a block but has seen which one somebody else took,
 * gave back, or gave back a part of.
 *
 *     free   |        order 3        |    take order 1 at 4:   |   2   | 1 |###|   the rest stays free
 *     in use |#######################|    shape order 1 at 4:  |###2###|#1#|#1#|   all of it stays used
 *     in use |#|#|#|#|                    shape order 2 at 0:  |###2###|
 *
 * A state that is driven this way has no other user: the lock is for those who only look.
 */
#include <linux/lockdep.h>

#include "place.h"
#include "zones.h"

/**
 * shb_place_head() - the head of the block around a frame
 *
 * Return: index; @i itself if it is a head, or if nothing around it is one.
 */
u32 shb_place_head(const struct shb_zone *z, u32 i)
{
	u32 head;
	int order;

	for (order = 0; order <= SHB_MAX_ORDER; order++) {
		head = i & ~((1U << order) - 1);
		if (READ_ONCE(z->frames[head].state) != SHB_FRAME_INSIDE)
			return head;
	}
	return i;
}

/* The half of a block with @i in it becomes the block; return the other one. */
static u32 halve(u32 *head, int order, u32 i)
{
	u32 half = *head + (1U << order), other = half;

	if (i >= half) {
		other = *head;
		*head = half;
	}
	return other;
}

/**
 * shb_place_take() - take one particular block out of the free lists
 * @i: its first frame, a multiple of 2^@order
 *
 * What is left of a larger block around it goes back to its lists. __isolate_free_page() and
 * break_down_buddy_pages() of every release do the like.
 *
 * Context: holds z->lock.
 * Return: false when no free block has all of it; nothing has changed then.
 */
bool shb_place_take(struct shb_zone *z, u32 i, int order)
{
	u32 head = shb_place_head(z, i);
	int cur = z->frames[head].order, type = z->frames[head].type;

	lockdep_assert_held(&z->lock);
	if (z->frames[head].state != SHB_FRAME_FREE || cur < order)
		return false;
	shb_zone_take_block(z, head, cur);
	while (cur > order) {
		u32 other = halve(&head, --cur, i);

		shb_frame_set(&z->frames[head], cur, type, SHB_FRAME_USED);
		shb_zone_put(z, other, cur, type, SHB_FPI_NONE);
	}
	return true;
}

/* Cut a used block down to the part of @order at @i. */
static void cut(struct shb_zone *z, u32 head, u32 i, int order)
{
	struct shb_frame whole = z->frames[head];
	int cur = whole.order;

	while (cur > order) {
		u32 other = halve(&head, --cur, i);

		whole.order = cur;
		z->frames[head] = whole;
		z->frames[other] = whole;
	}
}

/* One used block of those that fill it. */
static bool join(struct shb_zone *z, u32 i, int order)
{
	u32 end = i + (1U << order), k;

	if (shb_place_count_used(z, i, order) != 1U << order)
		return false;
	for (k = i + 1; k < end; k++)
		z->frames[k].state = SHB_FRAME_INSIDE;
	z->frames[i].order = order;
	return true;
}

/**
 * shb_place_shape() - make one used block of pages that are in use
 * @i: first frame, a multiple of 2^@order
 *
 * A larger block around it is cut as often as it takes, smaller ones become one.
 *
 * Context: holds z->lock.
 * Return: false when not all of it is in use; nothing has changed then.
 */
bool shb_place_shape(struct shb_zone *z, u32 i, int order)
{
	u32 head = shb_place_head(z, i);

	lockdep_assert_held(&z->lock);
	if (z->frames[head].state != SHB_FRAME_USED)
		return false;
	if (z->frames[head].order < order)
		return join(z, i, order);
	cut(z, head, i, order);
	return true;
}

/**
 * shb_place_free() - give a used block of exactly this order to the buddy, past the pcp
 *
 * Context: holds z->lock.
 */
void shb_place_free(struct shb_zone *z, u32 i, int order)
{
	shb_zone_free(z, i, order, shb_block_type(z, i), SHB_FPI_NONE);
}

/**
 * shb_place_count_used() - pages of a block's place that are in use
 *
 * Context: holds z->lock, or nobody else uses the zone.
 */
u32 shb_place_count_used(const struct shb_zone *z, u32 i, int order)
{
	u32 end = i + (1U << order), used = 0, head = shb_place_head(z, i), len;

	if (z->frames[head].order >= order)
		return z->frames[head].state == SHB_FRAME_USED ? 1U << order : 0;
	for (; i < end; i += len) {
		len = 1U << z->frames[i].order;
		used += z->frames[i].state == SHB_FRAME_USED ? len : 0;
	}
	return used;
}
