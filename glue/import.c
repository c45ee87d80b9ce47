// SPDX-License-Identifier: GPL-2.0-only
/*
 * A zone of the live kernel as a snapshot: its free lists and per-cpu lists in order,
 * pageblock types, counters and marks, all of one moment.
 *
 * The moment is made by the kernel's own locks, in the kernel's own order: the lock
 * of every cpu's list, then zone->lock, interrupts off. The machine's allocations
 * from this zone wait for as long as the copy takes, about 10 ns for each free block.
 *
 * A zone with too many blocks for that is scanned: the pages on each cpu's lists under the lock of
 * those, then granule after granule under zone->lock, each with a moment of its own. Free blocks
 * never reach over a granule, so each is whole. What moves between the buddy and a list in between
 * is for the records to tell (traffic/start.c); the order of lists is not known, blocks come by
 * address.
 *
 * Nothing is written but the snapshot.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#include "glue/compat.h"
#include "glue/import.h"
#include "glue/topology.h"
#include "pcp.h"

static unsigned long first_pfn(const struct zone *zone)
{
	return ALIGN_DOWN(zone->zone_start_pfn, SHB_GRANULE_PAGES);
}

/**
 * shb_import_init() - room for the state of a zone of the kernel
 * @m: snapshot, out; shb_snapshot_free() in any case
 * @zone: zone; its span is widened to whole granules
 *
 * Context: process context, sleeps.
 * Return: 0, -ENOMEM, or -E2BIG: it spans 2 TiB or more.
 */
int shb_import_init(struct shb_snapshot *m, struct zone *zone)
{
	unsigned long end = ALIGN(zone_end_pfn(zone), SHB_GRANULE_PAGES);

	if (end - first_pfn(zone) > INT_MAX / sizeof(*m->listed))
		return -E2BIG;
	return shb_snapshot_init(m, first_pfn(zone), end - first_pfn(zone), nr_cpu_ids);
}

/* CMA has its number where it exists, and only there; Isolate comes last. */
static int type_of(int migratetype)
{
	return migratetype == MIGRATE_ISOLATE ? SHB_ISOLATE : migratetype;
}

/*
 * Nobody else takes more than one cpu's list lock, and we take them in the order of
 * the cpus; lockdep has one class for all of them and would call it a deadlock.
 */
static void lock_zone(struct zone *zone)
{
	int cpu;

	lockdep_off();
	for_each_possible_cpu(cpu)
		spin_lock(&per_cpu_ptr(zone->per_cpu_pageset, cpu)->lock);
	spin_lock(&zone->lock);
}

static void unlock_zone(struct zone *zone)
{
	int cpu;

	spin_unlock(&zone->lock);
	for_each_possible_cpu(cpu)
		spin_unlock(&per_cpu_ptr(zone->per_cpu_pageset, cpu)->lock);
	lockdep_on();
}

/* @type: of the list, or -1: what the release noted for each page. */
static bool copy_list(struct shb_snapshot *m, struct list_head *list, int type, u32 *nr)
{
	struct page *page;

	*nr = 0;
	list_for_each_entry(page, list, lru) {
		if (!shb_snapshot_add(m, page_to_pfn(page) - m->start_pfn,
				      type < 0 ? shb_noted_migratetype(page) : type))
			return false;
		(*nr)++;
	}
	return true;
}

static bool copy_free_lists(struct shb_snapshot *m, struct zone *zone)
{
	int order, type;
	bool ok = true;

	memset(m->blocks, 0, sizeof(m->blocks));
	for (order = 0; order < SHB_NR_ORDERS; order++) {
		struct free_area *area = &zone->free_area[order];

		for (type = 0; type < MIGRATE_TYPES; type++)
			ok &= copy_list(m, &area->free_list[type], type_of(type),
					&m->blocks[type_of(type)][order]);
		m->counted[order] = area->nr_free;
	}
	return ok;
}

static void copy_pcp_numbers(struct shb_snapshot *m, const struct per_cpu_pages *pcp, int cpu)
{
	m->pcps[cpu] = (struct shb_snapshot_pcp){
		.number = {
			[SHB_P_COUNT] = pcp->count, [SHB_P_HIGH] = pcp->high,
			[SHB_P_HIGH_MIN] = SHB_PCP_FIELD(pcp, high_min),
			[SHB_P_HIGH_MAX] = SHB_PCP_FIELD(pcp, high_max),
			[SHB_P_BATCH] = pcp->batch,
			[SHB_P_ALLOC_FACTOR] = SHB_PCP_FIELD(pcp, alloc_factor),
			[SHB_P_FREE_FACTOR] = SHB_PCP_OLD_FIELD(pcp, free_factor),
			[SHB_P_FREE_COUNT] = SHB_PCP_FIELD(pcp, free_count),
			[SHB_P_FLAGS] = SHB_PCP_FIELD(pcp, flags),
		},
	};
}

static bool copy_pcp(struct shb_snapshot *m, struct per_cpu_pages *pcp, int cpu)
{
	bool ok = true;
	int list;

	copy_pcp_numbers(m, pcp, cpu);
	for (list = 0; list < min_t(int, NR_PCP_LISTS, SHB_NR_PCP_LISTS); list++)
		ok &= copy_list(m, &pcp->lists[list], -1, &m->pcps[cpu].blocks[list]);
	return ok;
}

/* Isolated memory has no type of its own here, and a hole in the zone counts as that. */
static void copy_pageblocks(struct shb_snapshot *m, struct zone *zone, u32 from, u32 end)
{
	unsigned long pfn;
	u32 p;

	for (p = from >> SHB_PAGEBLOCK_ORDER; p < end >> SHB_PAGEBLOCK_ORDER; p++) {
		pfn = m->start_pfn + ((unsigned long)p << SHB_PAGEBLOCK_ORDER);
		m->pageblocks[p] = pfn_valid(pfn) ?
				   type_of(shb_pageblock_migratetype(zone, pfn)) : SHB_ISOLATE;
	}
}

/* NR_FREE_PAGES with what the cpus have not folded in yet. */
static long exact_free_pages(struct zone *zone)
{
	long sum = atomic_long_read(&zone->vm_stat[NR_FREE_PAGES]);
#ifdef CONFIG_SMP
	int cpu;

	for_each_online_cpu(cpu)
		sum += per_cpu_ptr(zone->per_cpu_zonestats, cpu)->vm_stat_diff[NR_FREE_PAGES];
#endif
	return sum;
}

static long count_pages(const struct shb_snapshot *m, int type, int from_order)
{
	long pages = 0;
	int order;

	for (order = from_order; order < SHB_NR_ORDERS; order++)
		pages += (long)m->blocks[type][order] << order;
	return pages;
}

static unsigned long flags_of(const struct zone *zone)
{
	unsigned long flags = 0;

	if (test_bit(ZONE_BOOSTED_WATERMARK, &zone->flags))
		flags |= BIT(SHB_ZONE_BOOSTED);
	if (test_bit(ZONE_RECLAIM_ACTIVE, &zone->flags))
		flags |= BIT(SHB_ZONE_RECLAIM_ACTIVE);
	if (zone->flags & SHB_KERNEL_BELOW_HIGH)
		flags |= BIT(SHB_ZONE_BELOW_HIGH);
	return flags;
}

static void copy_numbers(struct shb_snapshot *m, struct zone *zone)
{
	int k, type;

	m->number[SHB_N_FREE_PAGES] = exact_free_pages(zone);
	m->number[SHB_N_FREE_HIGHATOMIC] =
		shb_nr_free_highatomic(zone, count_pages(m, SHB_HIGHATOMIC, 0));
	m->number[SHB_N_FREE_CMA] = shb_nr_free_cma(zone);
	m->number[SHB_N_BIG_PAGES] = 0;
	for (type = 0; type < SHB_ISOLATE; type++)
		m->number[SHB_N_BIG_PAGES] += count_pages(m, type, SHB_PAGEBLOCK_ORDER);
	m->number[SHB_N_RESERVED] = zone->nr_reserved_highatomic;
	m->number[SHB_N_BOOST] = zone->watermark_boost;
	m->number[SHB_N_FLAGS] = flags_of(zone);
	for (k = 0; k < SHB_NR_WMARK; k++)
		m->number[SHB_N_WATERMARK + k] = zone->_watermark[k];
	for (k = 0; k < SHB_NR_KINDS; k++)
		m->number[SHB_N_LOWMEM_RESERVE + k] = shb_topology_kind(k) < 0 ? 0 :
			zone->lowmem_reserve[shb_topology_kind(k)];
	m->number[SHB_N_MANAGED] = zone_managed_pages(zone);
}

/**
 * shb_import_take() - copy the state of a zone of the kernel
 * @m: snapshot from shb_import_init()
 * @now: a clock that may be read under any lock, for m->taken; may be NULL
 *
 * Context: process context, not PREEMPT_RT (the kernel's zone locks sleep there); takes
 * all locks of the zone with interrupts off.
 * Return: 0, or -EUCLEAN when a list leads out of the zone, which only a memory
 * hotplug since shb_import_init() explains.
 */
int shb_import_take(struct shb_snapshot *m, struct zone *zone, u64 (*now)(void))
{
	unsigned long irq;
	bool ok;
	int cpu;

	m->nr_listed = 0;
	local_irq_save(irq);
	lock_zone(zone);
	m->taken = now ? now() : 0;
	ok = copy_free_lists(m, zone);
	for_each_possible_cpu(cpu)
		ok &= copy_pcp(m, per_cpu_ptr(zone->per_cpu_pageset, cpu), cpu);
	copy_pageblocks(m, zone, 0, m->nr_frames);
	copy_numbers(m, zone);
	unlock_zone(zone);
	local_irq_restore(irq);
	return ok ? 0 : -EUCLEAN;
}

/* --- piece by piece ----------------------------------------------------------------------- */

/**
 * shb_import_blocks() - free blocks of a zone of the kernel, and pages on its cpus' lists
 *
 * Context: any; a racy look.
 */
unsigned long shb_import_blocks(const struct zone *zone)
{
	unsigned long blocks = 0;
	int order, cpu;

	for_each_possible_cpu(cpu)
		blocks += READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
	for (order = 0; order < SHB_NR_ORDERS; order++)
		blocks += READ_ONCE(zone->free_area[order].nr_free);
	return blocks;
}

/* The pages on a cpu's lists; of the lists themselves only the numbers. */
static bool scan_pcp(struct shb_snapshot *m, struct per_cpu_pages *pcp, int cpu,
		     struct shb_import_scan *scan)
{
	u64 before = ktime_get_ns();
	struct page *page;
	unsigned long irq, i, len;
	bool ok = true;
	int list;

	spin_lock_irqsave(&pcp->lock, irq);
	copy_pcp_numbers(m, pcp, cpu);
	for (list = 0; list < min_t(int, NR_PCP_LISTS, SHB_NR_PCP_LISTS) && ok; list++) {
		len = 1UL << shb_pcp_list_order(list);
		list_for_each_entry(page, &pcp->lists[list], lru) {
			i = page_to_pfn(page) - m->start_pfn;
			ok = i < m->nr_frames && len <= m->nr_frames - i;
			if (!ok)
				break;
			bitmap_set(scan->kept, i, len);
		}
	}
	spin_unlock_irqrestore(&pcp->lock, irq);
	scan->held = max(scan->held, ktime_get_ns() - before);
	m->pcps[cpu].number[SHB_P_COUNT] = 0;
	return ok;
}

#define FOUND(order, type)	(((order) + 1) | ((type) << 4))	/* 0: no free block begins here */
#define FOUND_ORDER(found)	(((found) & 15) - 1)
#define FOUND_TYPE(found)	((found) >> 4)

/* The free blocks of a pageblock, or the one it is a part of. */
static void scan_pageblock(struct shb_snapshot *m, struct zone *zone, u32 from, u8 *found)
{
	struct page *page = pfn_to_online_page(m->start_pfn + from);
	u32 i = from, end = from + SHB_PAGEBLOCK_PAGES;
	unsigned long order;

	for (; page && i < end; i += 1U << order, page += 1UL << order) {
		order = 0;
		if (page_zone(page) != zone || !PageBuddy(page))
			continue;
		order = min_t(unsigned long, page_private(page), SHB_MAX_ORDER);
		found[i] = FOUND(order, m->pageblocks[from >> SHB_PAGEBLOCK_ORDER]);
	}
}

static void scan_granule(struct shb_snapshot *m, struct zone *zone, u32 granule, u64 (*now)(void),
			 struct shb_import_scan *scan)
{
	u32 from = granule << SHB_GRANULE_ORDER, end = from + SHB_GRANULE_PAGES, i;
	u64 before = ktime_get_ns();
	unsigned long irq;

	spin_lock_irqsave(&zone->lock, irq);
	scan->moments[granule] = now();
	copy_pageblocks(m, zone, from, end);
	for (i = from; i < end; i += SHB_PAGEBLOCK_PAGES)
		if (i == from || FOUND_ORDER(scan->found[from]) < SHB_GRANULE_ORDER)
			scan_pageblock(m, zone, i, scan->found);
	spin_unlock_irqrestore(&zone->lock, irq);
	scan->held = max(scan->held, ktime_get_ns() - before);
}

/* What was found, as lists by order and type. */
static void list_found(struct shb_snapshot *m, const u8 *found)
{
	u32 at[SHB_NR_ORDERS][SHB_NR_TYPES], i;
	int order, type;

	memset(m->blocks, 0, sizeof(m->blocks));
	for (i = 0; i < m->nr_frames; i++) {
		if (found[i])
			m->blocks[FOUND_TYPE(found[i])][FOUND_ORDER(found[i])]++;
		if (!(i % SHB_GRANULE_PAGES))
			cond_resched();
	}
	m->nr_listed = 0;
	for (order = 0; order < SHB_NR_ORDERS; order++) {
		m->counted[order] = 0;
		for (type = 0; type < SHB_NR_TYPES; type++) {
			at[order][type] = m->nr_listed;
			m->nr_listed += m->blocks[type][order];
			m->counted[order] += m->blocks[type][order];
		}
	}
	for (i = 0; i < m->nr_frames; i++) {
		order = FOUND_ORDER(found[i]);
		type = FOUND_TYPE(found[i]);
		if (found[i])
			m->listed[at[order][type]++] = SHB_SNAPSHOT_BLOCK(i, type);
		if (!(i % SHB_GRANULE_PAGES))
			cond_resched();
	}
}

/* The kernel's counters are of another moment than the blocks. */
static void count_found(struct shb_snapshot *m)
{
	int type;

	m->number[SHB_N_FREE_PAGES] = 0;
	for (type = 0; type < SHB_ISOLATE; type++)
		m->number[SHB_N_FREE_PAGES] += count_pages(m, type, 0);
	m->number[SHB_N_FREE_HIGHATOMIC] = count_pages(m, SHB_HIGHATOMIC, 0);
	m->number[SHB_N_FREE_CMA] = count_pages(m, SHB_CMA, 0);
}

/**
 * shb_import_scan() - copy the state of a zone of the kernel piece by piece
 * @m: snapshot from shb_import_init(); its per-cpu lists are empty
 * @now: a clock that may be read under any lock
 * @scan: out; shb_import_scan_free() in any case
 *
 * Context: process context, not PREEMPT_RT, sleeps; takes each lock of the zone by itself, with
 * interrupts off for a cpu's lists or a granule.
 * Return: 0, -ENOMEM, or -EUCLEAN when a list leads out of the zone.
 */
int shb_import_scan(struct shb_snapshot *m, struct zone *zone, u64 (*now)(void),
		    struct shb_import_scan *scan)
{
	u32 granule, nr = m->nr_frames >> SHB_GRANULE_ORDER;
	unsigned long irq;
	int cpu;

	*scan = (struct shb_import_scan){
		.moments = kvcalloc(nr, sizeof(*scan->moments), GFP_KERNEL),
		.kept = kvcalloc(BITS_TO_LONGS(m->nr_frames), sizeof(long), GFP_KERNEL),
		.found = kvzalloc(m->nr_frames, GFP_KERNEL),
	};
	if (!scan->moments || !scan->kept || !scan->found)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		if (!scan_pcp(m, per_cpu_ptr(zone->per_cpu_pageset, cpu), cpu, scan))
			return -EUCLEAN;
	for (granule = 0; granule < nr; granule++) {
		scan_granule(m, zone, granule, now, scan);
		cond_resched();
	}
	list_found(m, scan->found);
	spin_lock_irqsave(&zone->lock, irq);
	copy_numbers(m, zone);
	spin_unlock_irqrestore(&zone->lock, irq);
	count_found(m);
	return 0;
}

/**
 * shb_import_scan_free() - free what a scan found besides
 */
void shb_import_scan_free(struct shb_import_scan *scan)
{
	kvfree(scan->moments);
	kvfree(scan->kept);
	kvfree(scan->found);
	*scan = (struct shb_import_scan){ };
}

/**
 * shb_import_movable() - note which pages in use a claim would count as movable
 *
 * Pages on an LRU list. A racy look at every struct page of the zone; only as true
 * as the zone is quiet.
 *
 * Context: process context, may take milliseconds per GiB.
 */
void shb_import_movable(struct shb_snapshot *m, struct zone *zone)
{
	struct page *page;
	u32 i;

	bitmap_zero(m->movable, m->nr_frames);
	for (i = 0; i < m->nr_frames; i++) {
		page = pfn_to_online_page(m->start_pfn + i);
		if (page && page_zone(page) == zone && PageLRU(page))
			__set_bit(i, m->movable);
		if (!(i % SHB_GRANULE_PAGES))
			cond_resched();
	}
}
