// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that may not be handed out, although nobody of ours has them.
 *
 *   HELD       given back while somebody still holds a reference: a page that is mapped
 *              somewhere, or on its way through a driver. Waits on the zone's held list;
 *              when the last such reference goes, the block goes to the free lists.
 *   POISONED   the kernel found its memory broken. Never handed out again; the kernel
 *              keeps it offline when it gets it back.
 *   LOST       somebody dropped our own reference, so the kernel took the page. It is not
 *              ours any more and is not given back either.
 *
 * Of a block only the bad pages go out of service, as blocks of order 0; the others go
 * back to the free lists. What is true of a page is asked of s->pages; a state without
 * real pages never comes here.
 */
#include <linux/lockdep.h>
#include <linux/sched.h>

#include "host.h"
#include "quarantine.h"
#include "zones.h"

static u32 held_root(const struct shb_zone *z)
{
	return z->roots + SHB_HELD_ROOT;
}

static void link_held(struct shb_zone *z, u32 i, int order)
{
	u32 head = held_root(z);

	shb_frame_set(&z->frames[i], order, 0, SHB_FRAME_HELD);
	shb_link(z->frames, i, z->frames[head].prev, head);
	z->quarantine.held += 1UL << order;
}

/* What becomes of one page that is taken out of its block. */
static int fitness(const struct shb_zone *z, unsigned long pfn)
{
	const struct shb_page_ops *pages = z->state->pages;
	int count = pages->count(pfn);

	if (pages->poisoned(pfn))
		return SHB_FRAME_POISONED;
	if (count < 1)
		return SHB_FRAME_LOST;
	return count > 1 ? SHB_FRAME_HELD : SHB_FRAME_USED;
}

static bool has_bad_page(const struct shb_zone *z, u32 i, int order)
{
	unsigned long pfn = shb_pfn_of(z, i), end = pfn + (1UL << order);
	int state;

	for (; pfn < end; pfn++) {
		state = fitness(z, pfn);
		if (state == SHB_FRAME_POISONED || state == SHB_FRAME_LOST)
			return true;
	}
	return false;
}

static void retire(struct shb_zone *z, u32 i, int state)
{
	shb_frame_set(&z->frames[i], 0, 0, state);
	if (state == SHB_FRAME_POISONED)
		z->quarantine.poisoned++;
	else
		z->quarantine.lost++;
}

/**
 * shb_quarantine_take_apart() - bad pages out of service, the others to the free lists
 * @i: first frame of a block that is on no list
 *
 * A page that somebody holds waits by itself.
 *
 * Context: holds z->lock.
 * Return: false for a block without a bad page, which is left as it is.
 */
bool shb_quarantine_take_apart(struct shb_zone *z, u32 i, int order)
{
	u32 end = i + (1U << order);
	int state;

	lockdep_assert_held(&z->lock);
	if (!has_bad_page(z, i, order))
		return false;
	z->buddy.generation++;
	for (; i < end; i++) {
		state = fitness(z, shb_pfn_of(z, i));
		if (state == SHB_FRAME_USED)
			shb_zone_free(z, i, 0, shb_block_type(z, i), SHB_FPI_NONE);
		else if (state == SHB_FRAME_HELD)
			link_held(z, i, 0);
		else
			retire(z, i, state);
	}
	return true;
}

/**
 * shb_quarantine_hold() - keep a block until its last reference is gone
 * @i: first frame of a handed-out block that was just given back
 *
 * What __free_pages() and the last put_page() do together in the kernel. A page without
 * any reference is known for lost here or never: the kernel gives it to somebody, whose
 * reference looks like ours.
 *
 * Context: any but NMI; takes z->lock.
 * Return: false when another free of the block came first.
 */
bool shb_quarantine_hold(struct shb_zone *z, u32 i, int order)
{
	unsigned long irq;
	bool used;

	raw_spin_lock_irqsave(&z->lock, irq);
	used = shb_is_used_block(z, i, order);
	if (used && !shb_quarantine_take_apart(z, i, order))
		link_held(z, i, order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return used;
}

static bool is_referenced(const struct shb_zone *z, u32 i, int order)
{
	unsigned long pfn = shb_pfn_of(z, i), end = pfn + (1UL << order);

	while (pfn < end)
		if (z->state->pages->count(pfn++) > 1)
			return true;
	return false;
}

/* The block that waits longest: free, or behind the others. Return: its pages, 0 for none. */
static unsigned long look_at_one(struct shb_zone *z)
{
	u32 head = held_root(z), i = z->frames[head].next;
	int order;

	if (i == head)
		return 0;
	order = z->frames[i].order;
	shb_unlink(z->frames, i);
	if (is_referenced(z, i, order)) {
		shb_link(z->frames, i, z->frames[head].prev, head);
		return 1UL << order;
	}
	z->quarantine.held -= 1UL << order;
	if (!shb_quarantine_take_apart(z, i, order))
		shb_zone_free(z, i, order, shb_block_type(z, i), SHB_FPI_NONE);
	return 1UL << order;
}

/**
 * shb_quarantine_release() - free the blocks nobody holds any more
 *
 * Context: process context; takes z->lock for one block at a time.
 */
void shb_quarantine_release(struct shb_zone *z)
{
	long left = READ_ONCE(z->quarantine.held), seen;
	unsigned long irq;

	while (left > 0) {
		raw_spin_lock_irqsave(&z->lock, irq);
		seen = look_at_one(z);
		raw_spin_unlock_irqrestore(&z->lock, irq);
		left = seen ? left - seen : 0;
		cond_resched();
	}
}

/**
 * shb_quarantine_pages() - pages that are neither free nor handed out
 */
unsigned long shb_quarantine_pages(const struct shb_zone *z)
{
	return READ_ONCE(z->quarantine.held) + READ_ONCE(z->quarantine.poisoned) + READ_ONCE(z->quarantine.lost);
}
