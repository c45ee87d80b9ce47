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
#include <linux/highmem.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmstat.h>

#include "free.h"
#include "glue/carve.h"
#include "glue/compat.h"
#include "glue/topology.h"
#include "names.h"
#include "trace.h"

#define AUTO_SHARE	8		/* auto takes at most 1/8 of what is free */
#define AUTO_GRANULES	64		/* and at most 256 MiB a zone */
#define MARGIN_SHARE	16		/* of a zone stays free above its high mark */

static DEFINE_MUTEX(carve_mutex);

/* --- plan ------------------------------------------------------------------------------------- */

/* Free pages the kernel can spare: above its high mark and, unless forced, a margin for what comes. */
static long spare_pages(struct zone *zone, bool force)
{
	unsigned long keep = high_wmark_pages(zone);

	if (!force)
		keep += zone_managed_pages(zone) / MARGIN_SHARE;
	return (long)zone_page_state(zone, NR_FREE_PAGES) - (long)keep;
}

static unsigned long auto_granules(struct zone *zone)
{
	long pages = min_t(long, zone_page_state(zone, NR_FREE_PAGES) / AUTO_SHARE,
			   spare_pages(zone, false));

	if (pages <= 0)
		return 0;
	return min_t(unsigned long, pages >> SHB_GRANULE_ORDER, AUTO_GRANULES);
}

static void plan_zone(struct shb_carve *c, int nid, int kind, unsigned long granules)
{
	c->zones[c->nr++] = (struct shb_carve_zone){ .nid = nid, .kind = kind, .asked = granules };
}

static bool is_for(const struct shb_spec_item *item, int nid, int kind)
{
	if (item->nid != SHB_SPEC_ANY && item->nid != nid)
		return false;
	return item->kind == SHB_SPEC_ANY ? kind != SHB_MOVABLE_ZONE : item->kind == kind;
}

static int stars(const struct shb_spec_item *item)
{
	return (item->nid == SHB_SPEC_ANY) + (item->kind == SHB_SPEC_ANY);
}

/* What an item found on this machine. */
struct found {
	int		zones;
	unsigned long	largest;	/* granules the largest of them has */
};

/*
 * The item for a zone: the one that names it most closely. Two that name it alike are
 * a mistake. Return: its number, -ENOENT, or -EEXIST.
 */
static int item_for(const struct shb_spec *spec, int nid, int kind, unsigned long room,
		    struct found *found)
{
	int n, best = -ENOENT;
	bool twice = false;

	for (n = 0; n < spec->nr; n++) {
		if (!is_for(&spec->items[n], nid, kind))
			continue;
		found[n].zones++;
		found[n].largest = max(found[n].largest, room);
		if (best < 0 || stars(&spec->items[n]) < stars(&spec->items[best])) {
			best = n;
			twice = false;
		} else if (stars(&spec->items[n]) == stars(&spec->items[best])) {
			twice = true;
		}
	}
	return twice ? -EEXIST : best;
}

static int plan_zones(const struct shb_spec *spec, struct shb_carve *c, struct found *found,
		      char *error, size_t size)
{
	unsigned long room;
	int nid, k, n;

	for_each_online_node(nid) {
		for (k = 0; k < SHB_DEVICE; k++) {
			struct zone *zone = shb_topology_zone(nid, k);

			if (!zone)
				continue;
			room = min(zone_managed_pages(zone) >> SHB_GRANULE_ORDER,
				   (unsigned long)SHB_ZONE_GRANULES_MAX);
			n = item_for(spec, nid, k, room, found);
			if (n == -EEXIST) {
				snprintf(error, size, "carve: node %d zone %s: named twice; expected one item for a zone",
					 nid, shb_kind_name(k));
				return -EINVAL;
			}
			if (n >= 0 && room)
				plan_zone(c, nid, k, min(spec->items[n].granules, room));
		}
	}
	return 0;
}

/* An item must be for some zone, and one of them must have as much as it asks for. */
static int check_item(const struct shb_spec_item *item, const struct found *found, char *error,
		      size_t size)
{
	char node[12] = "*";

	if (found->zones && item->granules <= found->largest)
		return 0;
	if (item->nid != SHB_SPEC_ANY)
		snprintf(node, sizeof(node), "%d", item->nid);
	if (found->zones)
		snprintf(error, size, "carve: %s:%s:%luM: expected at most %luM, the size of the %szone",
			 node, item->kind == SHB_SPEC_ANY ? "*" : shb_kind_name(item->kind),
			 item->granules * 4, found->largest * 4,
			 found->zones > 1 ? "largest " : "");
	else
		snprintf(error, size, "carve: %s:%s: no such zone with memory here; see /proc/buddyinfo",
			 node, item->kind == SHB_SPEC_ANY ? "*" : shb_kind_name(item->kind));
	return -EINVAL;
}

static int plan_items(const struct shb_spec *spec, struct shb_carve *c, char *error, size_t size)
{
	struct found found[SHB_SPEC_ITEMS] = { };
	int n, err;

	err = plan_zones(spec, c, found, error, size);
	for (n = 0; n < spec->nr && !err; n++)
		err = check_item(&spec->items[n], &found[n], error, size);
	return err;
}

static void plan_auto(struct shb_carve *c)
{
	int nid, k;

	for_each_online_node(nid) {
		for (k = 0; k < SHB_MOVABLE_ZONE; k++) {
			struct zone *zone = shb_topology_zone(nid, k);

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
	c->force = spec->force;
	c->zones = kcalloc(nr_node_ids * SHB_NR_KINDS + 1, sizeof(*c->zones), GFP_KERNEL);
	if (!c->zones)
		return -ENOMEM;
	if (spec->automatic)
		plan_auto(c);
	else
		err = plan_items(spec, c, error, size);
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
static int carve_pass(struct shb_carve_zone *z, struct zone *zone, bool force, enum granule want)
{
	unsigned long start = ALIGN(zone->zone_start_pfn, SHB_GRANULE_PAGES);
	unsigned long pfn = ALIGN_DOWN(zone_end_pfn(zone), SHB_GRANULE_PAGES);
	int err;

	while (pfn > start && z->got < z->asked && z->attempts < attempt_limit(z)) {
		pfn -= SHB_GRANULE_PAGES;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
		z->at_reserve = spare_pages(zone, force) < SHB_GRANULE_PAGES;
		if (z->at_reserve)
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

static int carve_zone(struct shb_carve_zone *z, bool force)
{
	struct zone *zone = shb_topology_zone(z->nid, z->kind);
	u64 start = ktime_get_ns(), us;
	int err = 0;

	if (z->kind == SHB_MOVABLE_ZONE)
		pr_warn("carving from zone Movable of node %d: its memory cannot be taken offline while the module is loaded\n",
			z->nid);
	if (zone)
		err = carve_pass(z, zone, force, GRANULE_FREE);
	if (zone && !err)
		err = carve_pass(z, zone, force, GRANULE_MOVABLE);
	sort(z->pfns, z->got, sizeof(*z->pfns), compare_pfns, NULL);
	us = div_u64(ktime_get_ns() - start, NSEC_PER_USEC);
	pr_info("node %d zone %s: asked %lu MiB, got %lu MiB, %lu attempts, %lu busy, %llu.%03llu ms\n",
		z->nid, shb_kind_name(z->kind), z->asked * 4, z->got * 4, z->attempts, z->busy,
		us / 1000, us % 1000);
	if (z->got < z->asked && z->at_reserve)
		pr_info("node %d zone %s: stopped at what the kernel should keep, its high mark%s\n",
			z->nid, shb_kind_name(z->kind),
			force ? "" : " and a sixteenth of the zone (carve=force,.. takes that, too)");
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
		err = carve_zone(&c->zones[n], c->force);
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

/* Pages that could not simply be given back. */
struct odd_pages {
	unsigned long	shared, poisoned, lost;
};

static int state_of(const struct shb_state *s, unsigned long pfn)
{
	return s ? shb_block_state(s, pfn) : SHB_FRAME_FREE;
}

/* Marks that only an owner other than a user of ours leaves on a page. */
static bool looks_taken(struct page *page)
{
	return PageBuddy(page) || PageLRU(page) || PageCompound(page) || page_has_type(page) ||
	       page->mapping;
}

/*
 * Is it the kernel's already? It is without a reference; if a free of ours found it so;
 * if it was poisoned and somebody took that back, which ends with the kernel having the
 * page; and if nobody gave it back to us for good, but it looks taken: then its count is
 * that owner's. (A page of a plain alloc_page() has no marks: that owner is not seen.)
 */
static bool is_lost(const struct shb_state *s, unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	int state = state_of(s, pfn);

	if (page_ref_count(page) < 1 || state == SHB_FRAME_LOST)
		return true;
	if (state == SHB_FRAME_POISONED && !PageHWPoison(page))
		return true;
	return (state == SHB_FRAME_USED || state == SHB_FRAME_HELD) && looks_taken(page);
}

static bool is_plain(const struct shb_state *s, unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);

	return page_ref_count(page) == 1 && !PageHWPoison(page) && !is_lost(s, pfn);
}

/*
 * Drop our reference page by page: the last holder of a shared page frees it, and a
 * poisoned one stays offline, which the kernel sees to for single pages only.
 */
static void return_pages(const struct shb_state *s, unsigned long pfn, struct odd_pages *odd)
{
	unsigned long end = pfn + SHB_GRANULE_PAGES;

	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		if (is_lost(s, pfn)) {
			odd->lost++;
			continue;
		}
		odd->shared += page_ref_count(page) > 1;
		odd->poisoned += PageHWPoison(page);
		put_page(page);
	}
}

static void return_granule(const struct shb_state *s, unsigned long first, struct odd_pages *odd)
{
	unsigned long pfn;

	for (pfn = first; pfn < first + SHB_GRANULE_PAGES; pfn++) {
		if (is_plain(s, pfn))
			continue;
		return_pages(s, first, odd);
		return;
	}
	free_contig_range(first, SHB_GRANULE_PAGES);
}

static void say_odd(const struct odd_pages *odd)
{
	if (odd->shared)
		pr_warn("%lu pages are still referenced by others; the kernel gets them when they let go\n",
			odd->shared);
	if (odd->poisoned)
		pr_warn("%lu pages are poisoned; the kernel keeps them offline\n", odd->poisoned);
	if (odd->lost)
		pr_warn("%lu pages are the kernel's already, by a put_page() or __free_pages() too many; whoever has them now keeps them\n",
			odd->lost);
}

/**
 * shb_carve_return() - give everything back and forget the plan
 * @c: plan, carved or not
 * @s: state that was built of it and is not used any more, or NULL
 *
 * Pages that somebody still holds, that are poisoned, or that are not ours any more are
 * counted in the log; the first go back to the kernel when their last holder lets go.
 *
 * Context: process context, sleeps.
 */
void shb_carve_return(struct shb_carve *c, const struct shb_state *s)
{
	struct odd_pages odd = { };
	unsigned long g;
	int n;

	for (n = 0; n < c->nr; n++) {
		struct shb_carve_zone *z = &c->zones[n];

		for (g = 0; g < z->got; g++) {
			return_granule(s, z->pfns[g], &odd);
			cond_resched();
		}
		kvfree(z->pfns);
	}
	say_odd(&odd);
	kfree(c->zones);
	c->zones = NULL;
	c->nr = 0;
}

/* --- real pages, for the state that is made of them ------------------------------------------------ */

static int count_of(unsigned long pfn)
{
	return page_ref_count(pfn_to_page(pfn));
}

static bool is_poisoned(unsigned long pfn)
{
	return PageHWPoison(pfn_to_page(pfn));
}

static void zero(unsigned long pfn, unsigned int order)
{
	unsigned int k;

	for (k = 0; k < 1U << order; k++)
		clear_highpage(pfn_to_page(pfn + k));
}

static void copy(unsigned long to, unsigned long from, unsigned int order)
{
	unsigned int k;

	for (k = 0; k < 1U << order; k++)
		copy_highpage(pfn_to_page(to + k), pfn_to_page(from + k));
}

const struct shb_page_ops shb_carve_pages = {
	.count = count_of, .poisoned = is_poisoned, .zero = zero, .copy = copy,
};

/* --- memory hotplug ----------------------------------------------------------------------------- */

static bool holds_block(const struct shb_guard *guard, const struct memory_notify *event)
{
	unsigned long pfn;
	u32 i;

	lockdep_assert_held(&guard->lock);
	for (pfn = event->start_pfn; pfn < event->start_pfn + event->nr_pages;
	     pfn += SHB_GRANULE_PAGES)
		if (shb_zone_of(guard->s, pfn, &i))
			return true;
	return false;
}

/*
 * Memory that is carved can not be moved away. Outside ZONE_MOVABLE the kernel finds that
 * out before it asks anybody; there it would go on trying.
 */
static int on_memory_event(struct notifier_block *nb, unsigned long action, void *arg)
{
	struct shb_guard *guard = container_of(nb, struct shb_guard, notifier);
	const struct memory_notify *event = arg;
	bool may_go;

	if (action != MEM_GOING_OFFLINE)
		return NOTIFY_OK;
	mutex_lock(&guard->lock);
	may_go = guard->s && !holds_block(guard, event);
	mutex_unlock(&guard->lock);
	if (may_go)
		return NOTIFY_OK;
	pr_notice("memory block at pfn %#lx stays online: it holds carved memory, or carving is going on; rmmod shadowbuddy first\n",
		  event->start_pfn);
	return notifier_from_errno(-EBUSY);
}

/**
 * shb_guard_start() - keep all memory online while it is scanned and carved
 * @guard: out
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_guard_start(struct shb_guard *guard)
{
	mutex_init(&guard->lock);
	guard->s = NULL;
	guard->notifier = (struct notifier_block){ .notifier_call = on_memory_event };
	return register_memory_notifier(&guard->notifier);
}

/**
 * shb_guard_state() - from now on only memory of this state must stay online
 * @s: state that holds what was carved, or NULL before it goes away
 *
 * Context: process context, sleeps; a callback that looks at the state has ended.
 */
void shb_guard_state(struct shb_guard *guard, const struct shb_state *s)
{
	mutex_lock(&guard->lock);
	guard->s = s;
	mutex_unlock(&guard->lock);
}

/**
 * shb_guard_stop() - end what shb_guard_start() began
 * @guard: guard; no callback is under way afterwards
 *
 * Context: process context, sleeps.
 */
void shb_guard_stop(struct shb_guard *guard)
{
	unregister_memory_notifier(&guard->notifier);
}
