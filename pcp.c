// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per-cpu page lists: refill, trim, drain, decay and their sizes.
 *
 *      buddy --- refill: n blocks to the tail ---> [ list of (order, type) ] --- head ---> request
 *      buddy <-- trim: from the tail, this list first, then the next ones ] <--- head ---- free
 *
 * There are 14 lists per cpu and zone: orders 0..3 by three types, and order 9
 * movable or not; 15 in 5.15, and three of order 0 before. One count, one high, one batch
 * rule over all of them. How much
 * is moved when is the profile's business; how it is moved is the same everywhere.
 * The owner of a pcp may take the zone lock; nobody does it the other way round.
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/minmax.h>

#include "fallback.h"
#include "own.h"
#include "pcp.h"
#include "quarantine.h"
#include "trace.h"
#include "watermark.h"
#include "zones.h"

/**
 * shb_pcp_init() - empty lists of one cpu
 * @z: zone with frames and pcps in place
 *
 * Sizes are those of the kernel's boot pageset until shb_pcp_setup_zone().
 */
void shb_pcp_init(struct shb_zone *z, int cpu)
{
	struct shb_pcp *pcp = &z->pcps[cpu];
	int list;

	pcp->roots = z->roots + SHB_NR_TYPES * SHB_TYPE_ROOTS + cpu * SHB_PCP_ROOTS;
	pcp->batch = 1;
	shb_pcp_follow(z, pcp);
	pcp->local_event = z->state->topo.cpu_node[cpu] == z->nid ? SHB_NUMA_LOCAL : SHB_NUMA_OTHER;
	for (list = 0; list < SHB_NR_PCP_LISTS; list++)
		shb_list_init(z->frames, pcp->roots + list);
}

/* Block by block, each as any request gets it. Return: blocks. */
static int take_singly(struct shb_zone *z, u32 root, struct shb_search *q, int wanted)
{
	int got = 0;
	u32 i;

	while (got < wanted) {
		i = shb_fallback_take(z, q);
		if (i == SHB_NONE)
			break;
		if (shb_quarantine_sift(z, i, q->order))
			continue;
		z->frames[i].state = SHB_FRAME_PCP;
		shb_link(z->frames, i, z->frames[root].prev, root);
		got++;
	}
	return got;
}

/**
 * shb_pcp_refill() - bring blocks from the buddy to an empty list
 * @pcp: lists, owned by the caller
 * @order: order of the blocks
 * @type: type wanted; falls back like any request
 * @flags: SHB_ALLOC_* of the request that found the list empty
 *
 * rmqueue_bulk(): one zone lock hold, each block to the tail of the list.
 *
 * Context: owns @pcp, takes z->lock. Never sleeps.
 * Return: the list has a block now.
 */
bool shb_pcp_refill(struct shb_zone *z, struct shb_pcp *pcp, int order, int type,
		    unsigned int flags)
{
	int list = shb_pcp_list(z, order, type), wanted = z->rules.pcp->refill(z, pcp, order), got = 0;
	u32 root = pcp->roots + list;
	unsigned long irq;

	if ((flags & SHB_ALLOC_HIGHATOMIC) && !z->rules.pcp->serves_highatomic)
		return false;
	raw_spin_lock_irqsave(&z->lock, irq);
	if (likely(shb_fallback_own_only(z, flags)))
		got = shb_zone_take_list(z, root, order, type, wanted);
	if (unlikely(got < wanted)) {
		struct shb_search q = {
			.order = order, .type = type, .flags = flags, .cpu = pcp - z->pcps,
		};

		got += take_singly(z, root, &q, wanted - got);
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	pcp->nr[list] += got;
	pcp->count += got << order;
	pcp->refills[list]++;
	pcp->moved = true;
	trace_pcp_refill(z, pcp - z->pcps, order, type, wanted, got);
	return got;
}

/* A list with its first block last. */
static void reverse(struct shb_frame *frames, u32 root)
{
	u32 i = root, next;

	do {
		next = frames[i].next;
		frames[i].next = frames[i].prev;
		frames[i].prev = next;
		i = next;
	} while (i != root);
}

/**
 * shb_pcp_pop_cold() - take the last block of a list, which the cpu's cache knows least
 * @pcp: lists, owned by the caller
 * @type: below SHB_PCPTYPES
 * @flags: SHB_ALLOC_* of the request
 *
 * buffered_rmqueue() with __GFP_COLD, up to 4.14: a refill for it comes in the opposite order.
 *
 * Context: owns @pcp, takes z->lock. Never sleeps.
 * Return: index of the block, marked used, or SHB_NONE.
 */
u32 shb_pcp_pop_cold(struct shb_zone *z, struct shb_pcp *pcp, int order, int type, unsigned int flags)
{
	int list = shb_pcp_list(z, order, type);
	u32 root = pcp->roots + list, i;

	if (z->frames[root].next == root) {
		if (!shb_pcp_refill(z, pcp, order, type, flags))
			return SHB_NONE;
		reverse(z->frames, root);
	}
	i = z->frames[root].prev;
	shb_pcp_take(z, pcp, list, i, order);
	return i;
}

/*
 * The coldest block of a list goes back to the buddy. Where the profile notes a type for a
 * block, it goes by that as long as nothing is isolated. @asks: somebody may have a say. Return: pages.
 */
static __always_inline int free_tail(struct shb_zone *z, struct shb_pcp *pcp, int list, bool noted,
				     const bool asks)
{
	u32 i = z->frames[pcp->roots + list].prev;
	int type = noted ? z->frames[i].type : shb_block_type(z, i);
	int order = shb_pcp_list_order(list);

	shb_unlink(z->frames, i);
	pcp->nr[list]--;
	pcp->count -= 1 << order;
	if (asks)
		shb_zone_put_back(z, i, order, type, SHB_FPI_NONE, pcp - z->pcps);
	else
		shb_zone_put(z, i, order, type, SHB_FPI_NONE);
	trace_mm_page_pcpu_drain(z, i, order, type);
	return 1 << order;
}

/* In 4.1 Reclaimable had the number before that of Movable. */
static int list_in_turn(const struct shb_zone *z, int turn)
{
	return z->rules.pcp->reclaimable_first && turn ? SHB_PCPTYPES - turn : turn;
}

/*
 * Up to 5.15: from list after list, beginning with the second, and the more from one the more
 * were passed over on the way to it; all of the rest from the only one that has something.
 */
static noinline void free_in_turn(struct shb_zone *z, struct shb_pcp *pcp, int nr)
{
	int turn = 0, quota = 0, lists = z->rules.pcp->nr_lists, list;
	unsigned long irq;
	bool noted;

	raw_spin_lock_irqsave(&z->lock, irq);
	noted = z->rules.pcp->keeps_type && !z->buddy.isolated;
	while (nr > 0) {
		do {
			quota++;
			turn = turn + 1 < lists ? turn + 1 : 0;
			list = list_in_turn(z, turn);
		} while (!pcp->nr[list]);
		if (quota == lists)
			quota = nr;
		do {
			nr -= free_tail(z, pcp, list, noted, true);
		} while (nr > 0 && --quota && pcp->nr[list]);
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/* Whole list after whole list, cyclically, from the tail; the last block may overshoot. */
static __always_inline void free_whole(struct shb_zone *z, struct shb_pcp *pcp, int nr, int list,
				       const bool asks)
{
	unsigned long irq;
	bool noted;

	raw_spin_lock_irqsave(&z->lock, irq);
	noted = z->rules.pcp->keeps_type && !z->buddy.isolated;
	while (nr > 0) {
		if (likely(pcp->nr[list]))
			nr -= free_tail(z, pcp, list, noted, asks);
		else
			list = list + 1 < SHB_NR_PCP_LISTS ? list + 1 : 0;
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

static noinline void free_whole_asking(struct shb_zone *z, struct shb_pcp *pcp, int nr, int list)
{
	free_whole(z, pcp, nr, list, true);
}

/* free_pcppages_bulk(). @list: where the late releases begin. */
static void free_bulk(struct shb_zone *z, struct shb_pcp *pcp, int nr, int list)
{
	nr = min(nr, pcp->count);
	if (nr <= 0)
		return;
	pcp->moved = true;
	if (likely(z->frees_whole))
		free_whole(z, pcp, nr, list, false);
	else if (z->rules.pcp->in_turn)
		free_in_turn(z, pcp, nr);
	else
		free_whole_asking(z, pcp, nr, list);
}

/* A batch for each hold of the zone lock. */
static void free_in_slices(struct shb_zone *z, struct shb_pcp *pcp, int nr, int list)
{
	int batch = READ_ONCE(pcp->batch);

	for (; nr > 0 && pcp->count > 0; nr -= batch)
		free_bulk(z, pcp, min(nr, batch), list);
}

/* Memory is plentiful again: stop shrinking the lists. */
static void leave_below_high(struct shb_zone *z)
{
	if (shb_watermark_ok(z, 0, shb_watermark(z, SHB_WMARK_HIGH), SHB_MOVABLE_ZONE, 0,
			     READ_ONCE(z->buddy.free_pages)))
		clear_bit(SHB_ZONE_BELOW_HIGH, &z->flags);
}

/**
 * shb_pcp_trim() - give pages back if a free took the lists over their limit
 * @pcp: lists, owned by the caller
 * @list: list the block was freed to; it is emptied first
 * @free_high: high orders are freed in a row
 *
 * The second half of free_unref_page_commit() (6.1, 6.12) and
 * free_frozen_page_commit() (7.2).
 *
 * Context: owns @pcp, takes z->lock. Never sleeps.
 */
void shb_pcp_trim(struct shb_zone *z, struct shb_pcp *pcp, int list, bool free_high)
{
	int nr = z->rules.pcp->excess(z, pcp, free_high);

	if (nr < 0)
		return;
	pcp->trims[list]++;
	if (z->rules.pcp->trim_in_slices)
		free_in_slices(z, pcp, nr, list);
	else
		free_bulk(z, pcp, nr, list);
	if (unlikely(test_bit(SHB_ZONE_BELOW_HIGH, &z->flags)))
		leave_below_high(z);
}

/**
 * shb_pcp_drain() - give pages back, as many as one hold of the zone lock allows
 * @pcp: lists, owned by the caller
 *
 * One round of drain_pages_zone(): 32 batches, from the first list on; up to 5.15 all there is.
 *
 * Context: owns @pcp, takes z->lock. Never sleeps.
 * Return: there are more; the owner may let go of the lists before the next round.
 */
bool shb_pcp_drain(struct shb_zone *z, struct shb_pcp *pcp)
{
	free_bulk(z, pcp, z->rules.pcp->in_turn ? pcp->count : pcp->batch << SHB_PCP_SCALE_MAX, 0);
	return pcp->count;
}

/**
 * shb_pcp_forgo() - give back what lies on lists the release does not have
 * @pcp: lists as another release filled them, which nobody uses
 *
 * By the types of the pageblocks: the other release may have noted none.
 *
 * Context: takes z->lock.
 */
void shb_pcp_forgo(struct shb_zone *z, struct shb_pcp *pcp)
{
	unsigned long irq;
	int list;

	raw_spin_lock_irqsave(&z->lock, irq);
	for (list = z->rules.pcp->nr_lists; list < SHB_NR_PCP_LISTS; list++)
		while (pcp->nr[list])
			free_tail(z, pcp, list, false, true);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/**
 * shb_pcp_reset() - forget what the sizes of empty lists went by
 * @pcp: lists, owned by the caller
 */
void shb_pcp_reset(struct shb_zone *z, struct shb_pcp *pcp)
{
	pcp->alloc_factor = 0;
	pcp->free_factor = 0;
	pcp->free_count = 0;
	pcp->flags = 0;
	pcp->expire = 0;
	pcp->high = z->rules.pcp->auto_high && z->extent.nr_granules ? 0 : pcp->high_min;
}

/* decay_pcp_high(): let the limit sink by an eighth and free what is above it. */
static bool decay_high(struct shb_zone *z, struct shb_pcp *pcp)
{
	int batch = pcp->batch, nr;
	bool again = false;

	if (pcp->high > pcp->high_min) {
		pcp->high = max3(pcp->count - (batch << SHB_PCP_SCALE_MAX),
				 pcp->high - (pcp->high >> 3), pcp->high_min);
		again = pcp->high > pcp->high_min;
	}
	for (nr = pcp->count - pcp->high; nr > 0; nr -= batch) {
		free_bulk(z, pcp, min(nr, batch), 0);
		again = true;
	}
	return again;
}

/**
 * shb_pcp_tick() - what the kernel's vmstat worker does to a pcp once per interval
 * @pcp: lists, owned by the caller
 * @remote: the zone is not on the cpu's node
 *
 * Decays the limit where the profile has an automatic one. A remote zone's pages
 * go back by a batch after three ticks in which nothing moved between the lists
 * and the buddy.
 *
 * Context: owns @pcp, takes z->lock. Never sleeps.
 * Return: there will be something to do next time, too.
 */
bool shb_pcp_tick(struct shb_zone *z, struct shb_pcp *pcp, bool remote)
{
	bool again;

	if (pcp->moved)
		pcp->expire = 3;
	pcp->moved = false;
	again = z->rules.pcp->auto_high && decay_high(z, pcp);
	if (!pcp->expire || !pcp->count)
		return again;
	if (!remote) {
		pcp->expire = 0;
		return again;
	}
	if (--pcp->expire)
		return true;
	free_bulk(z, pcp, pcp->batch, 0);
	return true;
}

/**
 * shb_pcp_batchsize() - refill and trim unit of a zone, before it is made at least 1
 * @managed: pages of the zone
 * @most: 64; up to 4.14 it was 32
 *
 * zone_batchsize(): b = clamp(managed >> 12, 1, @most); 2^floor(log2(b + b/2)) - 1.
 *
 * Return: pages.
 */
int shb_pcp_batchsize(unsigned long managed, int most)
{
	int batch = clamp(managed >> 12, 1UL, (unsigned long)most);

	return rounddown_pow_of_two(batch + batch / 2) - 1;
}

/*
 * Up to 5.12: six batches, which is none in a small zone; with a fraction a share of the zone, and
 * a quarter of that as batch, up to 96 (setup_pageset(), pageset_set_high()).
 */
static int six_batches(const struct shb_zone *z, int fraction, int *batch)
{
	int high = 6 * shb_pcp_batchsize(z->extent.managed, z->rules.pcp->batch_max);

	if (fraction) {
		high = z->extent.managed / fraction;
		*batch = clamp(high / 4, 1, 96);
	}
	return high;
}

/* max(total / cpus of the node, 4 * batch); all online cpus when the node has none. */
static int high_for(const struct shb_zone *z, int fraction, int batch, int coming)
{
	const struct shb_topology *t = &z->state->topo;
	unsigned long total = shb_watermark(z, SHB_WMARK_LOW);
	int cpu, all = 0, local = coming;

	if (fraction)
		total = z->extent.managed / fraction;
	for (cpu = 0; cpu < t->nr_cpus; cpu++) {
		all += t->cpu_online[cpu];
		local += t->cpu_online[cpu] && t->cpu_node[cpu] == z->nid;
	}
	return max_t(unsigned long, total / (local ?: max(all, 1)), 4 * batch);
}

/**
 * shb_pcp_follow() - what follows from batch and high_min
 * @pcp: lists with both set
 *
 * Context: holds state->tune_lock, or nobody uses the lists.
 */
void shb_pcp_follow(const struct shb_zone *z, struct shb_pcp *pcp)
{
	const struct shb_pcp_rules *rules = z->rules.pcp;

	WRITE_ONCE(pcp->free_count_cap, rules->auto_high ? pcp->batch << SHB_PCP_SCALE_MAX : 0);
	WRITE_ONCE(pcp->row, rules->in_a_row ? rules->in_a_row(pcp->batch, pcp->high_min) : INT_MAX);
}

/**
 * shb_pcp_setup_zone() - sizes of all pcps of a zone
 * @coming: 1 while a cpu of the node comes online and is not counted yet, else 0
 *
 * zone_set_pageset_high_and_batch(): high_min from the low watermark, high_max from
 * an eighth of the zone; percpu_pagelist_high_fraction fixes both. A profile
 * without an automatic high has one value, and the oldest look at neither marks nor cpus.
 *
 * Context: holds state->tune_lock. Owners of a pcp see the new sizes at their next look.
 */
void shb_pcp_setup_zone(struct shb_zone *z, int coming)
{
	int fraction = z->state->tune.percpu_pagelist_high_fraction;
	int batch = max(shb_pcp_batchsize(z->extent.managed, z->rules.pcp->batch_max), 1);
	int cpu, high_min, high_max;

	lockdep_assert_held(&z->state->tune_lock);
	high_min = z->rules.pcp->six_batches ? six_batches(z, fraction, &batch) :
					       high_for(z, fraction, batch, coming);
	high_max = high_min;
	if (z->rules.pcp->auto_high && !fraction)
		high_max = high_for(z, 8, batch, coming);
	if (z->own) {
		high_min = shb_own_high(z, high_min, batch);
		high_max = max(shb_own_high(z, high_max, batch), high_min);
	}
	for (cpu = 0; cpu < z->state->topo.nr_cpus; cpu++) {
		struct shb_pcp *pcp = &z->pcps[cpu];
		const unsigned long *slice = z->state->topo.cache_slice;

		WRITE_ONCE(pcp->batch, batch);
		WRITE_ONCE(pcp->high_min, high_min);
		WRITE_ONCE(pcp->high_max, high_max);
		shb_pcp_follow(z, pcp);
		WRITE_ONCE(pcp->high_batch, slice && slice[cpu] > 3UL * batch);
		/* An automatic one begins where it stands; on paper nothing ever moves it. */
		if (!z->rules.pcp->auto_high || !z->extent.nr_granules)
			WRITE_ONCE(pcp->high, high_min);
	}
}
