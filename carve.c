// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking granules from the live kernel and giving them back.
 *
 *     a zone of the kernel, from the top down, in steps of 4 MiB
 *     |..free..|.movable.|..free..|reserved|..free..|.pinned.|
 *         2nd      4th       1st      -        -...      never
 *
 * First pass: granules that are free as a whole; second: those that hold movable
 * pages, which alloc_contig_range() moves away. The scan takes no lock and its
 * answer is only a hint; alloc_contig_range() rechecks everything. What is taken has
 * reference count 1 on each page and is never written to here, so that it goes
 * back as it came.
 *
 * One carve at a time: overlapping calls could end each other's isolation.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmstat.h>

#include "carve.h"
#include "compat.h"
#include "machine.h"
#include "names.h"
#include "trace.h"

#define AUTO_SHARE	8		/* auto takes at most 1/8 of what is free */
#define AUTO_GRANULES	64		/* and at most 256 MiB a zone */

static DEFINE_MUTEX(carve_mutex);

/* --- plan ------------------------------------------------------------------------------------- */

/* Free pages the kernel can spare before the zone is at its high mark. */
static long spare_pages(struct zone *zone)
{
	return (long)zone_page_state(zone, NR_FREE_PAGES) - (long)high_wmark_pages(zone);
}

static unsigned long auto_granules(struct zone *zone)
{
	long pages = min_t(long, zone_page_state(zone, NR_FREE_PAGES) / AUTO_SHARE,
			   spare_pages(zone));

	if (pages <= 0)
		return 0;
	return min_t(unsigned long, pages >> SHB_GRANULE_ORDER, AUTO_GRANULES);
}

/* Plan entries stay ordered by node, then kind; naming a zone twice adds up. */
static void plan_zone(struct shb_carve *c, int nid, int kind, unsigned long granules)
{
	struct shb_carve_zone *z = c->zones;

	while (z < c->zones + c->nr && (z->nid < nid || (z->nid == nid && z->kind < kind)))
		z++;
	if (z < c->zones + c->nr && z->nid == nid && z->kind == kind) {
		z->asked += granules;
		return;
	}
	memmove(z + 1, z, (c->zones + c->nr - z) * sizeof(*z));
	*z = (struct shb_carve_zone){ .nid = nid, .kind = kind, .asked = granules };
	c->nr++;
}

/* A zone that was named must be large enough; * takes what each zone can have. */
static int plan_item(struct shb_carve *c, const struct shb_spec_item *item, char *error,
		     size_t size)
{
	unsigned long room;
	int nid, k, hits = 0;

	for_each_online_node(nid) {
		for (k = 0; k < SHB_DEVICE; k++) {
			struct zone *zone = shb_machine_zone(nid, k);

			if (!zone || (item->nid != SHB_SPEC_ANY && item->nid != nid))
				continue;
			if (item->kind == SHB_SPEC_ANY ? k == SHB_MOVABLE_ZONE : item->kind != k)
				continue;
			hits++;
			room = zone_managed_pages(zone) >> SHB_GRANULE_ORDER;
			if (item->granules > room && item->kind != SHB_SPEC_ANY) {
				snprintf(error, size, "carve: size %luM: node %d zone %s has only %lu MiB",
					 item->granules * 4, nid, zone->name,
					 zone_managed_pages(zone) >> (20 - PAGE_SHIFT));
				return -EINVAL;
			}
			if (room)
				plan_zone(c, nid, k, min(item->granules, room));
		}
	}
	if (hits)
		return 0;
	if (item->kind == SHB_SPEC_ANY)
		snprintf(error, size, "carve: node %d has no memory to carve from", item->nid);
	else if (item->nid == SHB_SPEC_ANY)
		snprintf(error, size, "carve: no node has a zone %s; see /proc/buddyinfo",
			 shb_kind_name(item->kind));
	else
		snprintf(error, size, "carve: node %d has no zone %s; see /proc/buddyinfo",
			 item->nid, shb_kind_name(item->kind));
	return -EINVAL;
}

static void plan_auto(struct shb_carve *c)
{
	int nid, k;

	for_each_online_node(nid) {
		for (k = 0; k < SHB_MOVABLE_ZONE; k++) {
			struct zone *zone = shb_machine_zone(nid, k);

			if (zone && auto_granules(zone))
				plan_zone(c, nid, k, auto_granules(zone));
		}
	}
}

/**
 * shb_carve_plan() - which zones to carve how much from
 * @spec: parsed carve=
 * @c: plan, out; give it to shb_carve_return() when done
 * @error: text for the user, out on -EINVAL
 * @size: room in @error
 *
 * Nothing is carved yet.
 *
 * Context: process context, sleeps.
 * Return: 0, -EINVAL for a zone that does not exist or is too small, -ENOMEM.
 */
int shb_carve_plan(const struct shb_spec *spec, struct shb_carve *c, char *error, size_t size)
{
	int n, err = 0;

	c->nr = 0;
	c->zones = kcalloc(nr_node_ids * SHB_NR_KINDS + 1, sizeof(*c->zones), GFP_KERNEL);
	if (!c->zones)
		return -ENOMEM;
	if (spec->automatic)
		plan_auto(c);
	for (n = 0; n < spec->nr && !err; n++)
		err = plan_item(c, &spec->items[n], error, size);
	for (n = 0; n < c->nr && !err; n++) {
		c->zones[n].pfns = kvcalloc(c->zones[n].asked, sizeof(unsigned long), GFP_KERNEL);
		if (!c->zones[n].pfns)
			err = -ENOMEM;
	}
	return err;
}

/* --- scan ------------------------------------------------------------------------------------- */

enum granule { GRANULE_UNUSABLE, GRANULE_MOVABLE, GRANULE_FREE };

/*
 * Pages to step over from @page, 0 when its pageblock can not be carved. Everything
 * is read without a lock: an order may be garbage and is bounded before use.
 */
static unsigned long step_over(struct page *page, unsigned long pfn, bool *free)
{
	unsigned long order;

	if (PageReserved(page) || PageOffline(page) || PageHWPoison(page))
		return 0;
	if (PageBuddy(page)) {
		order = READ_ONCE(page_private(page));
		if (order <= SHB_MAX_ORDER && IS_ALIGNED(pfn, 1UL << order))
			return 1UL << order;
		return 1;
	}
	*free = false;
	if (PageHuge(page))
		return 0;
	if (!page_ref_count(page) || PageLRU(page))
		return 1;
	return 0;
}

static bool same_zone(struct page *page, struct zone *zone)
{
	return page && page_zone(page) == zone;
}

static enum granule classify(struct zone *zone, unsigned long first)
{
	unsigned long pfn = first, end = first + SHB_GRANULE_PAGES, step;
	bool free = true;
	struct page *page = NULL;

	while (pfn < end) {
		if (!page || IS_ALIGNED(pfn, SHB_PAGEBLOCK_PAGES)) {
			page = pfn_to_online_page(pfn);
			if (!same_zone(page, zone))
				return GRANULE_UNUSABLE;
		}
		step = step_over(pfn_to_page(pfn), pfn, &free);
		if (!step)
			return GRANULE_UNUSABLE;
		pfn += step;
	}
	if (!same_zone(pfn_to_online_page(end - 1), zone))
		return GRANULE_UNUSABLE;
	return free ? GRANULE_FREE : GRANULE_MOVABLE;
}

static int carve_granule(struct shb_carve_zone *z, unsigned long pfn)
{
	int err;

	z->attempts++;
	err = alloc_contig_range(pfn, pfn + SHB_GRANULE_PAGES, ACR_FLAGS_NONE,
				 GFP_KERNEL | __GFP_NOWARN);
	trace_carve(pfn, SHB_GRANULE_PAGES, err, z->nid, z->kind);
	if (!err)
		z->pfns[z->got++] = pfn;
	else if (err == -EBUSY)
		z->busy++;
	return err;
}

/* More attempts than this per zone are not worth anybody's time. */
static unsigned long attempt_limit(const struct shb_carve_zone *z)
{
	return 4 * z->asked + 64;
}

/* One pass over a zone, from the top. Return: 0, -EINTR or -ENOMEM. */
static int carve_pass(struct shb_carve_zone *z, struct zone *zone, enum granule want)
{
	unsigned long start = ALIGN(zone->zone_start_pfn, SHB_GRANULE_PAGES);
	unsigned long pfn = ALIGN_DOWN(zone_end_pfn(zone), SHB_GRANULE_PAGES);
	int err;

	while (pfn > start && z->got < z->asked && z->attempts < attempt_limit(z)) {
		pfn -= SHB_GRANULE_PAGES;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
		if (spare_pages(zone) < SHB_GRANULE_PAGES)
			return 0;
		if (classify(zone, pfn) != want)
			continue;
		err = carve_granule(z, pfn);
		if (err == -EINTR || err == -ENOMEM)
			return err;
	}
	return 0;
}

static int compare_pfns(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

static int carve_zone(struct shb_carve_zone *z)
{
	struct zone *zone = shb_machine_zone(z->nid, z->kind);
	u64 start = ktime_get_ns(), us;
	int err = 0;

	if (z->kind == SHB_MOVABLE_ZONE)
		pr_warn("carving from zone Movable of node %d: its memory cannot be taken offline while the module is loaded\n",
			z->nid);
	if (zone)
		err = carve_pass(z, zone, GRANULE_FREE);
	if (zone && !err)
		err = carve_pass(z, zone, GRANULE_MOVABLE);
	sort(z->pfns, z->got, sizeof(*z->pfns), compare_pfns, NULL);
	us = div_u64(ktime_get_ns() - start, NSEC_PER_USEC);
	pr_info("node %d zone %s: asked %lu MiB, got %lu MiB, %lu attempts, %lu busy, %llu.%03llu ms\n",
		z->nid, shb_kind_name(z->kind), z->asked * 4, z->got * 4, z->attempts, z->busy,
		us / 1000, us % 1000);
	return err;
}

/**
 * shb_carve_run() - carve what was planned
 * @c: plan; got and pfns are filled in
 *
 * A zone that gives less than it was asked for is no error. One line per zone is
 * logged. Answers a fatal signal.
 *
 * Context: process context, sleeps, may take seconds.
 * Return: 0, -EINTR, or -ENOMEM when nothing at all was obtained; what was
 * obtained stays in @c in any case.
 */
int shb_carve_run(struct shb_carve *c)
{
	unsigned long got = 0;
	int n, err = 0;

	mutex_lock(&carve_mutex);
	for (n = 0; n < c->nr && err != -EINTR; n++) {
		err = carve_zone(&c->zones[n]);
		got += c->zones[n].got;
	}
	mutex_unlock(&carve_mutex);
	if (err == -EINTR)
		return err;
	if (!got) {
		pr_err("no memory carved: no 4 MiB range was free or movable above the high watermark\n");
		return -ENOMEM;
	}
	return 0;
}

/* --- return ----------------------------------------------------------------------------------- */

/* Pages of a granule somebody else holds a reference on. */
static unsigned int shared_pages(unsigned long pfn)
{
	unsigned int k, nr = 0;

	for (k = 0; k < SHB_GRANULE_PAGES; k++)
		nr += page_ref_count(pfn_to_page(pfn + k)) != 1;
	return nr;
}

/*
 * Drop our reference page by page: the last holder of a shared one frees it. A page
 * without any was dropped once too often by a user and is the kernel's already.
 */
static void return_shared(unsigned long pfn)
{
	unsigned int k;

	for (k = 0; k < SHB_GRANULE_PAGES; k++)
		if (page_ref_count(pfn_to_page(pfn + k)))
			put_page(pfn_to_page(pfn + k));
}

/**
 * shb_carve_return() - give everything back and forget the plan
 * @c: plan, carved or not
 *
 * Pages somebody still holds are counted in the log; they go back to the kernel
 * when their last holder lets go, and to nobody before.
 *
 * Context: process context, sleeps.
 */
void shb_carve_return(struct shb_carve *c)
{
	unsigned long g, shared, total = 0;
	int n;

	for (n = 0; n < c->nr; n++) {
		struct shb_carve_zone *z = &c->zones[n];

		for (g = 0; g < z->got; g++) {
			shared = shared_pages(z->pfns[g]);
			if (shared)
				return_shared(z->pfns[g]);
			else
				free_contig_range(z->pfns[g], SHB_GRANULE_PAGES);
			total += shared;
			cond_resched();
		}
		kvfree(z->pfns);
	}
	if (total)
		pr_warn("%lu pages are still referenced by others; the kernel gets them when they let go\n",
			total);
	kfree(c->zones);
	c->zones = NULL;
	c->nr = 0;
}

/* --- memory hotplug ----------------------------------------------------------------------------- */

/* NULL while carving or giving back: any block may be looked at, so none may go. */
static struct shb_state *guarded;

static bool holds_block(const struct memory_notify *event)
{
	unsigned long pfn;
	u32 i;

	for (pfn = event->start_pfn; pfn < event->start_pfn + event->nr_pages;
	     pfn += SHB_GRANULE_PAGES)
		if (shb_zone_of(guarded, pfn, &i))
			return true;
	return false;
}

/* Memory that is carved can not be moved away: refuse at once and say why. */
static int on_memory_event(struct notifier_block *nb, unsigned long action, void *arg)
{
	const struct memory_notify *event = arg;

	if (action != MEM_GOING_OFFLINE || (guarded && !holds_block(event)))
		return NOTIFY_OK;
	pr_notice("memory block at pfn %#lx stays online: it holds carved memory, or carving is going on; rmmod shadowbuddy first\n",
		  event->start_pfn);
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block memory_guard = { .notifier_call = on_memory_event };

/**
 * shb_carve_guard() - keep all memory online while it is scanned and carved
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_carve_guard(void)
{
	return register_memory_notifier(&memory_guard);
}

/**
 * shb_carve_guard_state() - from now on only memory of this state must stay online
 * @s: state that holds what was carved, or NULL before it goes away
 */
void shb_carve_guard_state(struct shb_state *s)
{
	WRITE_ONCE(guarded, s);
}

/**
 * shb_carve_unguard() - end what shb_carve_guard() began
 */
void shb_carve_unguard(void)
{
	unregister_memory_notifier(&memory_guard);
}
