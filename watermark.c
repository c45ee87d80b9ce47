// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watermark arithmetic: may a request have a page of this zone, and where do the
 * marks come from. Reads counters, takes no lock, touches no list.
 *
 *     free pages
 *       |  plenty: every request
 *     high ------ kswapd goes back to sleep
 *     low  ------ first attempt of a request; below: wake kswapd
 *     min  ------ second attempt; reserve flags go below it
 *       |  + lowmem_reserve[highest zone of the request] on top of each mark
 *
 * Every line of this arithmetic is the same in 6.1, 6.12 and 7.2 unless the
 * profile has a switch for it.
 */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "watermark.h"

/* GFP_ATOMIC as a mask: it may use reserves and may not wait. */
static bool is_atomic(gfp_t gfp)
{
	return (gfp & __GFP_HIGH) && !(gfp & __GFP_DIRECT_RECLAIM);
}

/**
 * shb_watermark_counts() - are there pages enough in blocks that are large enough?
 * @mark: threshold in pages, boost included
 * @free: free pages to judge by, enough for order 0
 *
 * __zone_watermark_ok() of 4.1: for each smaller order its blocks no longer count, and half of the
 * mark is asked of the rest.
 *
 * Context: any; lockless reads.
 * Return: the request may be served from this zone.
 */
bool shb_watermark_counts(const struct shb_zone *z, int order, unsigned long mark,
			  unsigned int flags, long free)
{
	long least = shb_watermark_discount(z, mark, flags);
	int k, type;

	free -= (1L << order) - 1;
	free -= shb_watermark_unusable(z, flags);
	for (k = 0; k < order; k++) {
		for (type = 0; type < SHB_NR_TYPES; type++)
			free -= (long)READ_ONCE(z->buddy.blocks[type][k]) << k;
		least >>= 1;
		if (free <= least)
			return false;
	}
	return true;
}

/**
 * shb_watermark_passes() - order-0 test against any threshold, as the release makes it
 * @mark: threshold in pages, boost included
 * @highest: zone kind that picks the lowmem_reserve
 *
 * zone_watermark_fast() as the bulk allocator asks it: free pages alone first, then the full test.
 *
 * Context: any; lockless reads.
 * Return: the request may be served from this zone.
 */
bool shb_watermark_passes(const struct shb_zone *z, unsigned long mark, int highest,
			  unsigned int flags)
{
	unsigned long enough = mark + READ_ONCE(z->marks.lowmem_reserve[highest]);
	long free = READ_ONCE(z->buddy.free_pages);

	switch (z->rules.gate->fast) {
	case SHB_FAST_PLAIN:
		if (free - shb_watermark_unusable(z, flags | z->rules.gate->past_reserve) > (long)enough)
			return true;
		break;
	case SHB_FAST_WRAPS:
		if ((unsigned long)(free - shb_watermark_unusable(z, flags)) > enough)
			return true;
		break;
	case SHB_FAST_CLAMPED:
		/* min(free, unusable) is taken off; no mark is below 0, so that is the same. */
		if (free - shb_watermark_unusable(z, flags) > (long)enough)
			return true;
		break;
	case SHB_FAST_NONE:
		break;
	}
	return shb_watermark_ok(z, 0, mark, highest, flags, free);
}

/**
 * shb_watermark_fast() - watermark test of one zone for one request
 * @flags: flags of this attempt
 * @wmark: which mark
 *
 * zone_watermark_fast(): order 0 is judged by free pages alone first, without any
 * discount; an order-0 request that may use reserves looks past a boost.
 *
 * Context: any; lockless reads.
 * Return: the request may be served from this zone.
 */
bool shb_watermark_fast(const struct shb_zone *z, const struct shb_request *r,
			     unsigned int flags, int wmark)
{
	unsigned long mark = shb_watermark(z, wmark);

	if (r->order)
		return shb_watermark_ok(z, r->order, mark, r->index, flags,
					READ_ONCE(z->buddy.free_pages));
	if (shb_watermark_passes(z, mark, r->index, flags))
		return true;
	if (!READ_ONCE(z->marks.boost) ||
	    (flags & SHB_ALLOC_WMARK_MASK) != SHB_WMARK_MIN)
		return false;
	if (z->rules.gate->boost_off_for_atomic_gfp ? !is_atomic(r->gfp) :
						  !(flags & SHB_ALLOC_MIN_RESERVE))
		return false;
	return shb_watermark_ok(z, 0, READ_ONCE(z->marks.watermark[SHB_WMARK_MIN]), r->index,
				flags, READ_ONCE(z->buddy.free_pages));
}

/**
 * shb_watermark_buffer_pages() - pages above the high mark in zones up to Normal
 *
 * nr_free_buffer_pages(): sum of managed - high where positive, over all nodes.
 * It reads the current high mark, so what follows from it depends on history, as
 * in the kernel.
 *
 * Return: pages.
 */
unsigned long shb_watermark_buffer_pages(const struct shb_state *s)
{
	unsigned long sum = 0;
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n) {
		unsigned long high = shb_watermark(z, SHB_WMARK_HIGH);

		if (z->kind <= SHB_NORMAL && z->extent.managed > high)
			sum += z->extent.managed - high;
	}
	return sum;
}

/**
 * shb_watermark_min_free_kbytes() - min_free_kbytes by size
 *
 * calculate_min_free_kbytes(): clamp(sqrt(lowmem_kbytes * 16), 128, 262144), unless
 * the user set a larger value. Up to 5.4 the largest was 65536.
 *
 * Return: KiB.
 */
int shb_watermark_min_free_kbytes(const struct shb_state *s)
{
	unsigned long kbytes = shb_watermark_buffer_pages(s) * (PAGE_SIZE >> 10);
	int by_size = int_sqrt(kbytes * 16);

	if (by_size > s->tune.user_min_free_kbytes)
		return clamp(by_size, 128, s->rules.marks->min_free_max);
	return s->tune.min_free_kbytes;
}

/**
 * shb_watermark_recommended_kbytes() - what khugepaged raises min_free_kbytes to
 *
 * set_recommended_min_free_kbytes(): two pageblocks and nine more for each zone up
 * to Normal (each zone at all up to 4.14), at most a twentieth of the buffer pages.
 *
 * Return: KiB.
 */
int shb_watermark_recommended_kbytes(const struct shb_state *s)
{
	unsigned long pages = 0;
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		if (z->kind <= SHB_NORMAL || s->rules.marks->thp_counts_all_zones)
			pages += SHB_PAGEBLOCK_PAGES * (2 + SHB_PCPTYPES * SHB_PCPTYPES);
	pages = min(pages, shb_watermark_buffer_pages(s) / 20);
	return pages * (PAGE_SIZE >> 10);
}

/* Does the zone share in min_free_kbytes? Since 6.12 ZONE_MOVABLE does not. */
static bool shares_min(const struct shb_zone *z)
{
	return !(z->rules.marks->movable_min_clamped && z->kind == SHB_MOVABLE_ZONE);
}

static void setup_zone(struct shb_zone *z, unsigned long pages_min, unsigned long lowmem_pages)
{
	unsigned long share, min_pages, gap, two, sticks = 0, flags;

	share = lowmem_pages ? div64_ul((u64)pages_min * z->extent.managed, lowmem_pages) : 0;
	min_pages = share;
	if (!shares_min(z))
		min_pages = clamp(z->extent.managed / 1024, 32UL, 128UL);
	gap = max(share >> 2, mult_frac(z->extent.managed,
			(unsigned long)z->state->tune.watermark_scale_factor, 10000UL));

	two = 2 * gap;
	if (z->rules.marks->plain_steps) {
		gap = share >> 2;
		two = share >> 1;
	}

	raw_spin_lock_irqsave(&z->lock, flags);
	if (z->rules.marks->boost_sticks)
		sticks = z->marks.boost;
	z->marks.boost = 0;
	z->marks.watermark[SHB_WMARK_MIN] = min_pages;
	z->marks.watermark[SHB_WMARK_LOW] = min_pages + sticks + gap;
	z->marks.watermark[SHB_WMARK_HIGH] = min_pages + sticks + two;
	z->marks.watermark[SHB_WMARK_PROMO] = min_pages + sticks + two + gap;
	raw_spin_unlock_irqrestore(&z->lock, flags);
}

/* Largest reserve plus the high mark, per zone; only dirty limits and MemAvailable use the sum. */
static void setup_totalreserve(struct shb_state *s)
{
	unsigned long total = 0;
	struct shb_zone *z;
	int n, k;

	shb_for_each_zone(s, z, n) {
		long reserve = 0;

		for (k = z->kind; k < SHB_NR_KINDS; k++)
			reserve = max(reserve, z->marks.lowmem_reserve[k]);
		total += min(z->extent.managed, reserve + shb_watermark(z, SHB_WMARK_HIGH));
	}
	s->totalreserve_pages = total;
}

/**
 * shb_watermark_setup() - marks of every zone from min_free_kbytes
 *
 * __setup_per_zone_wmarks(): min is the zone's share of min_free_kbytes; low, high
 * and promo follow at steps of max(share / 4, managed * scale factor / 10000). Any
 * boost ends.
 *
 * Context: holds s->tune_lock; takes each zone lock. May not be called under one.
 */
void shb_watermark_setup(struct shb_state *s)
{
	unsigned long pages_min = (unsigned long)s->tune.min_free_kbytes / (PAGE_SIZE >> 10);
	unsigned long lowmem_pages = 0;
	struct shb_zone *z;
	int n;

	lockdep_assert_held(&s->tune_lock);
	shb_for_each_zone(s, z, n)
		if (shares_min(z))
			lowmem_pages += z->extent.managed;
	shb_for_each_zone(s, z, n)
		setup_zone(z, pages_min, lowmem_pages);
	setup_totalreserve(s);
}

/* reserve[i][j] = (managed(i+1) + .. + managed(j)) / ratio[i], same node only. */
static void setup_lowmem_zone(struct shb_node *node, struct shb_zone *z, int ratio)
{
	unsigned long above = 0;
	int k;

	if (z->rules.marks->no_ratio_is_one)
		ratio = max(ratio, 1);

	for (k = 0; k <= z->kind; k++)
		z->marks.lowmem_reserve[k] = 0;
	for (k = z->kind + 1; k < SHB_NR_KINDS; k++) {
		if (node->zones[k])
			above += node->zones[k]->extent.managed;
		z->marks.lowmem_reserve[k] = ratio ? above / ratio : 0;
	}
}

/**
 * shb_watermark_setup_lowmem() - lowmem_reserve of every zone
 *
 * setup_per_zone_lowmem_reserve(), and the total that hangs on it.
 *
 * Context: holds s->tune_lock.
 */
void shb_watermark_setup_lowmem(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	lockdep_assert_held(&s->tune_lock);
	shb_for_each_zone(s, z, n)
		setup_lowmem_zone(&s->nodes[z->nid], z, s->tune.lowmem_reserve_ratio[z->kind]);
	setup_totalreserve(s);
}

/**
 * shb_watermark_setup_thresholds() - the vm stats threshold zoneinfo prints
 *
 * calculate_normal_threshold(): min(125, 2 * fls(cpus) * (1 + fls(managed / 128 MiB))).
 * Shown only: the shadow's counters are exact and fold nothing.
 *
 * Context: holds s->tune_lock.
 */
void shb_watermark_setup_thresholds(struct shb_state *s)
{
	struct shb_zone *z;
	int n, cpu, cpus = 0;

	lockdep_assert_held(&s->tune_lock);
	for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
		cpus += s->topo.cpu_online[cpu];
	shb_for_each_zone(s, z, n)
		z->stat_threshold = min(125, 2 * fls(cpus) *
					(1 + fls(z->extent.managed >> (27 - PAGE_SHIFT))));
}

/**
 * shb_watermark_set_first() - which marks the short way in goes by
 *
 * Which mark a request is tested against first, by the zone's flags: HIGH as long as the
 * zone was not found below it, where the profile does that, otherwise LOW. A boost that
 * waits for an answer, a node that is passed by, zones that take turns, or blocks that must be
 * looked at, a policy that chooses, or faults that are injected, are not for the short way in (serve.h): the last mark is above whatever a zone can
 * have free.
 *
 * Context: any; holds z->lock, or nobody uses the zone.
 */
void shb_watermark_set_first(struct shb_zone *z)
{
	int flags;

	z->marks.watermark[SHB_NR_WMARK] = LONG_MAX / 2;
	for (flags = 0; flags < ARRAY_SIZE(z->marks.first); flags++) {
		bool passed_by = (flags & BIT(SHB_ZONE_KSWAPD_RUNS)) &&
				 z->rules.walk->skips_busy_nodes && z->state->online_nodes > 1;

		if (passed_by || z->fair || READ_ONCE(z->state->asks_first) ||
		    READ_ONCE(z->state->fails.armed) ||
		    (flags & (BIT(SHB_ZONE_BOOSTED) | BIT(SHB_ZONE_POISONED))))
			WRITE_ONCE(z->marks.first[flags], SHB_NR_WMARK);
		else if (z->rules.gate->high_mark_first && !(flags & BIT(SHB_ZONE_BELOW_HIGH)))
			WRITE_ONCE(z->marks.first[flags], SHB_WMARK_HIGH);
		else
			WRITE_ONCE(z->marks.first[flags], SHB_WMARK_LOW);
	}
}
