// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way back. A free is checked before anything changes: what is not exactly one block
 * that was handed out with this order is refused, counted and reported.
 *
 *     pfn, order -> zone and frame       not ours, not out, another order, a middle: refuse
 *                -> somebody holds it    quarantine.c
 *                -> the cpu's lists      pcp.h; in use by what this interrupted, or another
 *                -> the buddy            order: zones.c
 */
#include <linux/errno.h>
#include <linux/printk.h>

#include "count.h"
#include "free.h"
#include "names.h"
#include "owners.h"
#include "pcp.h"
#include "place.h"
#include "quarantine.h"
#include "trace.h"
#include "zones.h"

static enum shb_bad_free diagnose(const struct shb_zone *z, u32 i)
{
	const struct shb_frame *f = &z->frames[i];
	const struct shb_frame *head;

	switch (READ_ONCE(f->state)) {
	case SHB_FRAME_USED:
		return SHB_FREE_ORDER;
	case SHB_FRAME_ABSENT:
		return SHB_FREE_FOREIGN;
	case SHB_FRAME_INSIDE:
		head = &z->frames[shb_place_head(z, i)];
		if (READ_ONCE(head->state) == SHB_FRAME_ABSENT)
			return SHB_FREE_FOREIGN;
		return READ_ONCE(head->state) == SHB_FRAME_USED ? SHB_FREE_MIDDLE : SHB_FREE_DOUBLE;
	default:
		return SHB_FREE_DOUBLE;
	}
}

static const char *const state_text[] = {
	[SHB_FRAME_INSIDE] = "inside a block", [SHB_FRAME_FREE] = "free",
	[SHB_FRAME_PCP] = "on a per-cpu list", [SHB_FRAME_USED] = "handed out",
	[SHB_FRAME_HELD] = "held by a reference", [SHB_FRAME_POISONED] = "poisoned",
	[SHB_FRAME_LOST] = "lost to the kernel", [SHB_FRAME_ABSENT] = "not handed over by boot",
	[SHB_FRAME_STAGED] = "a target of compaction",
};

static const char *const bad_free_text[] = {
	[SHB_FREE_FOREIGN] = "not a page of shadowbuddy",
	[SHB_FREE_DOUBLE]  = "it is free already",
	[SHB_FREE_ORDER]   = "the block has another order",
	[SHB_FREE_MIDDLE]  = "it lies inside a block",
};

static enum shb_bad_free refuse(struct shb_state *s, struct shb_zone *z, u32 i,
				unsigned long pfn, int order)
{
	enum shb_bad_free why = z ? diagnose(z, i) : SHB_FREE_FOREIGN;
	const struct shb_frame *f;

	atomic_long_inc(&s->events[SHB_BAD_FREE]);
	if (!z) {
		pr_err_ratelimited("refused to free pfn %#lx order %d: %s\n", pfn, order,
				   bad_free_text[why]);
		return why;
	}
	f = &z->frames[shb_place_head(z, i)];
	pr_err_ratelimited("refused to free pfn %#lx order %d: %s (block pfn %#lx order %d, %s, pageblock %s, last touched by %pS)\n",
			   pfn, order, bad_free_text[why], shb_pfn_of(z, f - z->frames), f->order,
			   state_text[f->state], shb_type_name(shb_block_type(z, i)),
			   shb_owner_address(f->owner));
	return why;
}

/* Under the lock it shows whether another free of the block came first. */
static bool free_to_buddy(struct shb_zone *z, u32 i, int order, int cpu, int fpi)
{
	unsigned long irq;
	bool used;

	raw_spin_lock_irqsave(&z->lock, irq);
	used = shb_is_used_block(z, i, order);
	if (likely(used && order <= SHB_PAGEBLOCK_ORDER))
		shb_zone_put_back(z, i, order, shb_block_type(z, i), fpi, cpu);
	else if (used)
		shb_zone_free(z, i, order, shb_block_type(z, i), fpi);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (likely(used))
		shb_count_events(z, cpu, SHB_PGFREE, 1L << order);
	return used;
}

static bool free_held(struct shb_state *s, struct shb_zone *z, u32 i, int order, int cpu)
{
	if (!shb_quarantine_hold(z, i, order))
		return false;
	atomic_long_inc(&s->events[SHB_HELD_FREE]);
	shb_count_events(z, cpu, SHB_PGFREE, 1L << order);
	return true;
}

/* How a block comes back. */
enum way { ALONE, BATCHED, COLD };

static enum shb_bad_free free_block(struct shb_state *s, unsigned long pfn, int order, int cpu,
				    u32 owner, enum way way)
{
	struct shb_zone *z;
	int type;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	if (unlikely(!z || !shb_is_used_block(z, i, order)))
		return refuse(s, z, i, pfn, order);
	trace_mm_page_free(z, pfn, order);
	z->frames[i].owner = owner;
	if (unlikely(shb_is_shared(s, pfn)))
		return free_held(s, z, i, order, cpu) ? SHB_FREE_OK : refuse(s, z, i, pfn, order);
	type = shb_block_type(z, i);
	if (likely(shb_order_on_pcp(&s->rules, order) && type != SHB_ISOLATE)) {
		if (way == BATCHED)
			trace_mm_page_free_batched(z, pfn, order);
		if (likely(shb_free_to_pcp(z, i, order, type, cpu, way == COLD && z->rules.pcp->cold_ends)))
			return SHB_FREE_OK;
		atomic_long_inc(&z->irq_events[SHB_PCP_BUSY]);
	}
	if (likely(free_to_buddy(z, i, order, cpu, SHB_FPI_NONE)))
		return SHB_FREE_OK;
	return refuse(s, z, i, pfn, order);
}

/* The one look at the block, under the lock, is final: what it refuses is not tried again. */
static enum shb_bad_free free_to_zone(struct shb_state *s, unsigned long pfn, int order, int cpu,
				      u32 owner)
{
	struct shb_zone *z;
	unsigned long irq;
	bool used;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	if (unlikely(!z))
		return refuse(s, z, i, pfn, order);
	if (unlikely(shb_is_shared(s, pfn)))
		return free_block(s, pfn, order, cpu, owner, ALONE);
	raw_spin_lock_irqsave(&z->lock, irq);
	used = shb_is_used_block(z, i, order);
	if (likely(used)) {
		z->frames[i].owner = owner;
		if (likely(order <= SHB_PAGEBLOCK_ORDER))
			shb_zone_put_back(z, i, order, shb_block_type(z, i), SHB_FPI_NONE, cpu);
		else
			shb_zone_free(z, i, order, shb_block_type(z, i), SHB_FPI_NONE);
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (unlikely(!used))
		return refuse(s, z, i, pfn, order);
	shb_count_events(z, cpu, SHB_PGFREE, 1L << order);
	return SHB_FREE_OK;
}

/**
 * shb_free_long() - free a block the short way of serve.h declined
 * @shared: somebody else holds a reference on it (shb_is_shared())
 *
 * An order that no cpu keeps goes straight to the buddy.
 *
 * Context: as shb_give_back().
 * Return: SHB_FREE_OK or why not.
 */
noinline enum shb_bad_free shb_free_long(struct shb_state *s, unsigned long pfn, int order,
					 int cpu, u32 owner, bool shared)
{
	if (likely(!shared && !shb_order_on_pcp(&s->rules, order) && !trace_mm_page_free_enabled()))
		return free_to_zone(s, pfn, order, cpu, owner);
	return free_block(s, pfn, order, cpu, owner, ALONE);
}

/**
 * shb_free() - free one block
 *
 * A block that is not exactly one handed-out block of this order is refused: it is
 * counted, reported, and nothing changes. A block whose first page somebody else holds
 * a reference on is kept from others until that is gone. One load of the frame tells. Two frees
 * of the same block at the same instant on two cpus are not told apart where it goes to
 * a per-cpu list.
 *
 * Context: any but NMI; pinned to cpu @cpu (host->pin()).
 * Return: SHB_FREE_OK or why not.
 */
enum shb_bad_free shb_free(struct shb_state *s, unsigned long pfn, int order, int cpu, u32 owner)
{
	return free_block(s, pfn, order, cpu, owner, ALONE);
}

/**
 * shb_free_batched() - free one block of a list
 *
 * As shb_free(), with the mm_page_free_batched event of the kernel's list frees.
 *
 * Return: SHB_FREE_OK or why not.
 */
enum shb_bad_free shb_free_batched(struct shb_state *s, unsigned long pfn, int order, int cpu,
				   u32 owner)
{
	return free_block(s, pfn, order, cpu, owner, BATCHED);
}

/**
 * shb_free_cold() - free a block that the cpu's cache does not know
 *
 * free_hot_cold_page() with cold set, up to 4.14: to the tail of the cpu's list. As shb_free() in
 * releases that make no such difference.
 *
 * Return: SHB_FREE_OK or why not.
 */
enum shb_bad_free shb_free_cold(struct shb_state *s, unsigned long pfn, int order, int cpu, u32 owner)
{
	return free_block(s, pfn, order, cpu, owner, COLD);
}

/**
 * shb_free_to_tail() - free one page to the tail of the buddy, past the pcp
 *
 * The surplus of an exact allocation goes this way (make_alloc_exact()); up to 5.15 as any page.
 *
 * Return: SHB_FREE_OK or why not.
 */
enum shb_bad_free shb_free_to_tail(struct shb_state *s, unsigned long pfn, int cpu, u32 owner)
{
	struct shb_zone *z;
	u32 i = 0;

	if (s->rules.pcp->surplus_comes_here)
		return shb_free(s, pfn, 0, cpu, owner);
	z = shb_zone_of(s, pfn, &i);
	if (!z || !shb_is_used_block(z, i, 0))
		return refuse(s, z, i, pfn, 0);
	trace_mm_page_free(z, pfn, 0);
	z->frames[i].owner = owner;
	if (shb_is_shared(s, pfn) ? free_held(s, z, i, 0, cpu) :
				free_to_buddy(z, i, 0, cpu, SHB_FPI_TO_TAIL))
		return SHB_FREE_OK;
	return refuse(s, z, i, pfn, 0);
}

/**
 * shb_free_check() - would a free of this block be accepted?
 *
 * Return: SHB_FREE_OK or why not; nothing is counted or printed.
 */
enum shb_bad_free shb_free_check(const struct shb_state *s, unsigned long pfn, int order)
{
	struct shb_zone *z;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	if (!z)
		return SHB_FREE_FOREIGN;
	return shb_is_used_block(z, i, order) ? SHB_FREE_OK : diagnose(z, i);
}

/**
 * shb_block_state() - what is going on with the block around a page
 * @pfn: page of the state
 *
 * Return: enum shb_frame_state; a racy look unless nobody uses the zone.
 */
int shb_block_state(const struct shb_state *s, unsigned long pfn)
{
	const struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	return READ_ONCE(z->frames[shb_place_head(z, i)].state);
}

/**
 * shb_split() - turn a handed-out block into order-0 pages
 *
 * split_page(): each page is freed on its own from now on.
 *
 * Context: any; takes the zone lock.
 * Return: 0, or -EINVAL when this is not a handed-out block of @order.
 */
int shb_split(struct shb_state *s, unsigned long pfn, int order)
{
	struct shb_zone *z;
	unsigned long irq;
	u32 i, k;

	z = shb_zone_of(s, pfn, &i);
	if (!z || !shb_is_used_block(z, i, order))
		return -EINVAL;
	raw_spin_lock_irqsave(&z->lock, irq);
	if (!shb_is_used_block(z, i, order)) {
		raw_spin_unlock_irqrestore(&z->lock, irq);
		return -EINVAL;
	}
	shb_zone_moved(z);
	for (k = 1U << order; k-- > 0;) {
		struct shb_frame *f = &z->frames[i + k];
		u8 flags = z->frames[i].flags;

		shb_frame_set(f, 0, z->frames[i].type, SHB_FRAME_USED);
		f->flags = flags;
		f->owner = z->frames[i].owner;
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return 0;
}

/**
 * shb_set_movable() - say whether a block's pages count as movable
 * @pfn: first page of a handed-out block
 * @movable: they do, as pages on an LRU list would
 *
 * Claims look at this. The mark goes with the block when it is freed.
 *
 * Return: 0, or -EINVAL when this is not a handed-out block of @order.
 */
int shb_set_movable(struct shb_state *s, unsigned long pfn, int order, bool movable)
{
	struct shb_zone *z;
	unsigned long irq;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	if (!z || !shb_is_used_block(z, i, order))
		return -EINVAL;
	raw_spin_lock_irqsave(&z->lock, irq);
	z->frames[i].flags = movable ? SHB_FRAME_MOVABLE : 0;
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return 0;
}
