// SPDX-License-Identifier: GPL-2.0-only
/*
 * A state that decides nothing: it takes the pages the kernel took and gets back what the
 * kernel got back. Which pages are free is the kernel's doing then, and which free blocks
 * they make follows from that, because merging does not depend on the way. On which list and in
 * which order a block stands is not known; per-cpu lists are empty, their pages are in the buddy.
 */
#include <linux/minmax.h>

#include "pcp.h"
#include "place.h"
#include "traffic/mirror.h"
#include "traffic/record.h"
#include "zones.h"

/**
 * shb_mirror_init() - make a mirror of the image of a machine
 * @s: state with the kernel's lists in it; what is on per-cpu lists goes to the buddy
 *
 * Context: nobody else uses the state.
 */
void shb_mirror_init(struct shb_state *s)
{
	struct shb_zone *z;
	int n, cpu;

	shb_for_each_zone(s, z, n)
		for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
			while (shb_pcp_drain(z, &z->pcps[cpu]))
				;
}

/**
 * shb_mirror_has() - does the mirror have all of a block?
 * @order: at most SHB_MAX_ORDER
 */
bool shb_mirror_has(const struct shb_state *s, unsigned long pfn, int order)
{
	u32 i;

	return order <= SHB_MAX_ORDER && !(pfn & ((1UL << order) - 1)) && shb_zone_of(s, pfn, &i);
}

/**
 * shb_mirror_used() - pages of a block that the kernel has out
 * @pfn: first page of a block the mirror has
 */
u32 shb_mirror_used(const struct shb_state *s, unsigned long pfn, int order)
{
	const struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	return shb_place_count_used(z, i, order);
}

/**
 * shb_mirror_take() - the kernel handed a block out
 * @pfn: first page of a block the mirror has
 *
 * Context: nobody else changes the state; others may look. Takes the zone's lock.
 * Return: it is in use now as one block; false, and nothing has changed: not all of it was free.
 */
bool shb_mirror_take(struct shb_state *s, unsigned long pfn, int order)
{
	struct shb_zone *z;
	unsigned long irq;
	bool done;
	u32 i = 0, k, half;

	z = shb_zone_of(s, pfn, &i);
	raw_spin_lock_irqsave(&z->lock, irq);
	done = shb_place_take(z, i, order);
	/* Where types may not merge, two blocks of order 9 are one to nobody but who had it. */
	half = 1U << SHB_PAGEBLOCK_ORDER;
	if (!done && order > SHB_PAGEBLOCK_ORDER && !shb_place_count_used(z, i, order)) {
		for (k = 0; k < 1U << order; k += half)
			shb_place_take(z, i + k, SHB_PAGEBLOCK_ORDER);
		done = shb_place_shape(z, i, order);
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return done;
}

/**
 * shb_mirror_free() - the kernel got a block back, or a part of one
 * @pfn: first page of a block the mirror has
 *
 * Context: as shb_mirror_take().
 * Return: it is free; false, and nothing has changed: not all of it was out.
 */
bool shb_mirror_free(struct shb_state *s, unsigned long pfn, int order)
{
	struct shb_zone *z;
	unsigned long irq;
	bool done;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	raw_spin_lock_irqsave(&z->lock, irq);
	done = shb_place_shape(z, i, order);
	if (done)
		shb_place_free(z, i, order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return done;
}

/* Is a pageblock half of a free block? The kernel has some of the other half on a cpu's list. */
static bool is_half(const struct shb_zone *z, u32 i)
{
	const struct shb_frame *head = &z->frames[shb_place_head(z, i)];

	return head->state == SHB_FRAME_FREE && head->order > SHB_PAGEBLOCK_ORDER;
}

/* A pageblock gets a type, and its free blocks come along. @alone: without its neighbour. */
static void give_type(struct shb_zone *z, u32 i, u32 type, bool alone)
{
	bool half = alone && is_half(z, i) && shb_place_take(z, i, SHB_PAGEBLOCK_ORDER);

	shb_zone_move_pageblock(z, i, type);
	shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, type);
	if (half)
		shb_place_free(z, i, SHB_PAGEBLOCK_ORDER);
}

/**
 * shb_mirror_fall_back() - a block of another type served the kernel
 * @r: SHB_REC_EXTFRAG
 *
 * A pageblock that got the wanted type gets it here, and its free blocks come along. Pageblocks
 * that are isolated or reserved stay as they are.
 *
 * Context: as shb_mirror_take().
 */
void shb_mirror_fall_back(struct shb_state *s, const struct shb_record *r)
{
	u32 type = SHB_EXTFRAG_TYPE(r->arg), i = 0, end;
	struct shb_zone *z;
	unsigned long irq;

	if (!SHB_EXTFRAG_OWNED(r->arg))
		return;
	z = shb_zone_of(s, r->pfn, &i);
	i &= ~(SHB_PAGEBLOCK_PAGES - 1);
	end = i + max(1U << SHB_EXTFRAG_FOUND(r->arg), SHB_PAGEBLOCK_PAGES);
	raw_spin_lock_irqsave(&z->lock, irq);
	for (; i < min(end, z->extent.nr_frames); i += SHB_PAGEBLOCK_PAGES) {
		if (!shb_type_mergeable(shb_block_type(z, i)))
			continue;
		give_type(z, i, type, SHB_EXTFRAG_FOUND(r->arg) <= SHB_PAGEBLOCK_ORDER);
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
}
