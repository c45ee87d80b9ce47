// SPDX-License-Identifier: GPL-2.0-only
/*
 * State as text. buddyinfo, pagetypeinfo, zoneinfo and extfrag/ have the running
 * kernel's format to the byte; everything the kernel does not print is in files of
 * its own. Short files cost O(1) per cell, whatever the size of the memory. Long
 * ones (freelists, pageblocks, carve) take the zone lock for one line at a time.
 */
#include <linux/bits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "alloc.h"
#include "cpu.h"
#include "fallback.h"
#include "format.h"
#include "names.h"
#include "pcp.h"
#include "policy.h"
#include "quarantine.h"
#include "show.h"
#include "version.h"
#include "watermark.h"
#include "zones.h"

static void print_zone(struct seq_file *m, const struct shb_zone *z)
{
	seq_printf(m, "Node %d, zone %8s ", z->nid, shb_kind_name(z->kind));
}

/* --- buddyinfo, pagetypeinfo ---------------------------------------------------------------- */

/* One line is one snapshot. */
static void free_counts(struct shb_zone *z, unsigned long nr[SHB_NR_ORDERS])
{
	unsigned long irq;
	int order;

	raw_spin_lock_irqsave(&z->lock, irq);
	for (order = 0; order < SHB_NR_ORDERS; order++)
		nr[order] = shb_zone_nr_order(z, order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/**
 * shb_show_buddyinfo() - /proc/buddyinfo of the shadow
 * @s: state
 * @m: where to
 *
 * Return: 0, like all of these.
 */
int shb_show_buddyinfo(struct shb_state *s, struct seq_file *m)
{
	unsigned long nr[SHB_NR_ORDERS];
	struct shb_zone *z;
	int n, order;

	shb_for_each_zone(s, z, n) {
		free_counts(z, nr);
		print_zone(m, z);
		for (order = 0; order < SHB_NR_ORDERS; order++)
			seq_printf(m, "%6lu ", nr[order]);
		seq_putc(m, '\n');
	}
	return 0;
}

static bool has_row(const struct shb_state *s, int type)
{
	return s->format->types & BIT(type);
}

static void show_free_by_type(struct shb_state *s, const struct shb_node *node,
			      struct seq_file *m)
{
	int k, type, order;

	seq_printf(m, "%-43s ", "Free pages count per migrate type at order");
	for (order = 0; order < SHB_NR_ORDERS; order++)
		seq_printf(m, "%6d ", order);
	seq_putc(m, '\n');
	for (k = 0; k < SHB_NR_KINDS; k++) {
		const struct shb_zone *z = node->zones[k];

		for (type = 0; z && type < SHB_NR_TYPES; type++) {
			if (!has_row(s, type))
				continue;
			seq_printf(m, "Node %4d, zone %8s, type %12s ", z->nid,
				   shb_kind_name(k), shb_type_name(type));
			for (order = 0; order < SHB_NR_ORDERS; order++)
				seq_printf(m, "%6u ", READ_ONCE(z->nr[type][order]));
			seq_putc(m, '\n');
		}
	}
}

static void show_zone_blocks(struct shb_state *s, const struct shb_zone *z, struct seq_file *m)
{
	unsigned long nr[SHB_NR_TYPES] = { };
	int type;
	u32 b;

	for (b = 0; b < z->nr_frames >> SHB_PAGEBLOCK_ORDER; b++)
		nr[READ_ONCE(z->pageblocks[b])]++;
	print_zone(m, z);
	for (type = 0; type < SHB_NR_TYPES; type++)
		if (has_row(s, type))
			seq_printf(m, "%12lu ", nr[type]);
	seq_putc(m, '\n');
}

static void show_blocks_by_type(struct shb_state *s, const struct shb_node *node,
				struct seq_file *m)
{
	int k, type;

	seq_printf(m, "\n%-23s", "Number of blocks type ");
	for (type = 0; type < SHB_NR_TYPES; type++)
		if (has_row(s, type))
			seq_printf(m, "%12s ", shb_type_name(type));
	seq_putc(m, '\n');
	for (k = 0; k < SHB_NR_KINDS; k++)
		if (node->zones[k])
			show_zone_blocks(s, node->zones[k], m);
}

/**
 * shb_show_pagetypeinfo() - /proc/pagetypeinfo of the shadow, never capped
 * @s: state
 * @m: where to
 *
 * The kernel prints both headers again for each node with memory.
 */
int shb_show_pagetypeinfo(struct shb_state *s, struct seq_file *m)
{
	int nid;

	for (nid = 0; nid < s->topo.nr_nodes; nid++) {
		if (!s->nodes[nid].memory)
			continue;
		seq_printf(m, "Page block order: %d\n", SHB_PAGEBLOCK_ORDER);
		seq_printf(m, "Pages per block:  %u\n\n", SHB_PAGEBLOCK_PAGES);
		show_free_by_type(s, &s->nodes[nid], m);
		show_blocks_by_type(s, &s->nodes[nid], m);
	}
	return 0;
}

/* --- zoneinfo --------------------------------------------------------------------------------- */

/* What a zone on paper would have free is what it manages. */
static unsigned long pages_free(const struct shb_zone *z)
{
	return z->nr_granules ? READ_ONCE(z->nr_free) : z->managed;
}

static unsigned long cma_pages(const struct shb_zone *z)
{
	return (unsigned long)z->cma_granules << SHB_GRANULE_ORDER;
}

/* The shadow has no LRU, no slab and no page tables: those counters are 0 by nature. */
static unsigned long zone_stat(const struct shb_zone *z, const char *name)
{
	if (!strcmp(name, "nr_free_pages"))
		return pages_free(z);
	if (!strcmp(name, "nr_free_pages_blocks"))
		return READ_ONCE(z->nr_free_blocks);
	if (!strcmp(name, "nr_free_cma"))
		return READ_ONCE(z->free[SHB_CMA]);
	return 0;
}

static void show_marks(const struct shb_state *s, const struct shb_zone *z, struct seq_file *m)
{
	seq_printf(m, "\n  pages free     %lu", pages_free(z));
	seq_printf(m, "\n        boost    %lu", READ_ONCE(z->boost));
	seq_printf(m, "\n        min      %lu", shb_watermark(z, SHB_WMARK_MIN));
	seq_printf(m, "\n        low      %lu", shb_watermark(z, SHB_WMARK_LOW));
	seq_printf(m, "\n        high     %lu", shb_watermark(z, SHB_WMARK_HIGH));
	if (s->format->promo)
		seq_printf(m, "\n        promo    %lu", shb_watermark(z, SHB_WMARK_PROMO));
	seq_printf(m, "\n        spanned  %lu", z->spanned);
	seq_printf(m, "\n        present  %lu", z->present);
	seq_printf(m, "\n        managed  %lu", z->managed);
	seq_printf(m, "\n        cma      %lu", cma_pages(z));
}

static void show_protection(const struct shb_state *s, const long *reserve, struct seq_file *m)
{
	const char *sep = "\n        protection: (";
	int k;

	for (k = 0; k < SHB_NR_KINDS; k++) {
		if (!(s->kinds & BIT(k)))
			continue;
		seq_printf(m, "%s%ld", sep, reserve[k]);
		sep = ", ";
	}
	seq_putc(m, ')');
}

static void show_zone_stats(const struct shb_zone *z, struct seq_file *m)
{
	static const char *const numa_names[SHB_NR_NUMA_EVENTS] = {
		"numa_hit", "numa_miss", "numa_foreign", "numa_interleave", "numa_local",
		"numa_other",
	};
	const struct shb_format *f = z->state->format;
	int k;

	for (k = 0; k < f->nr_zone_stats; k++)
		seq_printf(m, "\n      %-12s %lu", f->zone_stats[k],
			   zone_stat(z, f->zone_stats[k]));
	if (!f->numa)
		return;
	for (k = 0; k < SHB_NR_NUMA_EVENTS; k++)
		seq_printf(m, "\n      %-12s %llu", numa_names[k], shb_zone_events(z, k));
}

static void show_pagesets(const struct shb_zone *z, struct seq_file *m)
{
	bool wide = z->state->format->wide_pagesets;
	int cpu;

	seq_puts(m, "\n  pagesets");
	for (cpu = 0; cpu < z->state->topo.nr_cpus; cpu++) {
		const struct shb_pcp *pcp = &z->pcps[cpu];

		if (!READ_ONCE(z->state->topo.cpu_online[cpu]))
			continue;
		seq_printf(m, "\n    cpu: %i", cpu);
		seq_printf(m, wide ? "\n              count:    %i" : "\n              count: %i",
			   READ_ONCE(pcp->count));
		seq_printf(m, wide ? "\n              high:     %i" : "\n              high:  %i",
			   READ_ONCE(pcp->high));
		seq_printf(m, wide ? "\n              batch:    %i" : "\n              batch: %i",
			   READ_ONCE(pcp->batch));
		if (wide)
			seq_printf(m, "\n              high_min: %i\n              high_max: %i",
				   READ_ONCE(pcp->high_min), READ_ONCE(pcp->high_max));
		if (z->state->format->smp)
			seq_printf(m, "\n  vm stats threshold: %d", z->stat_threshold);
	}
}

static void show_populated(const struct shb_zone *z, struct seq_file *m)
{
	show_marks(z->state, z, m);
	show_protection(z->state, z->lowmem_reserve, m);
	show_zone_stats(z, m);
	show_pagesets(z, m);
	seq_printf(m, "\n  node_unreclaimable:  %u\n  start_pfn:           %lu", 0, z->start_pfn);
	if (z->state->format->wide_pagesets)
		seq_printf(m, "\n  reserved_highatomic: %lu\n  free_highatomic:     %lu",
			   READ_ONCE(z->nr_reserved_highatomic),
			   (unsigned long)READ_ONCE(z->free[SHB_HIGHATOMIC]));
	seq_putc(m, '\n');
}

/*
 * A kind the node has no memory of: sizes, and nothing below. Where ZONE_MOVABLE has
 * a min of its own, it has it without memory, too.
 */
static void show_empty(const struct shb_state *s, int kind, struct seq_file *m)
{
	static const struct shb_zone nothing;
	static const struct shb_zone movable = { .watermark = { 32, 32, 32, 32 } };
	bool clamped = kind == SHB_MOVABLE_ZONE && s->policy->movable_min_clamped;

	show_marks(s, clamped ? &movable : &nothing, m);
	show_protection(s, nothing.lowmem_reserve, m);
	seq_putc(m, '\n');
}

static void show_node_stats(const struct shb_state *s, struct seq_file *m)
{
	int k;

	seq_puts(m, "\n  per-node stats");
	for (k = 0; k < s->format->nr_node_stats; k++)
		seq_printf(m, "\n      %-12s %lu", s->format->node_stats[k], 0UL);
}

/**
 * shb_show_zoneinfo() - /proc/zoneinfo of the shadow
 * @s: state
 * @m: where to
 */
int shb_show_zoneinfo(struct shb_state *s, struct seq_file *m)
{
	int nid, k;

	for (nid = 0; nid < s->topo.nr_nodes; nid++) {
		bool first = true;

		if (!s->nodes[nid].online)
			continue;
		for (k = 0; k < SHB_NR_KINDS; k++) {
			const struct shb_zone *z = s->nodes[nid].zones[k];

			if (!(s->kinds & BIT(k)))
				continue;
			seq_printf(m, "Node %d, zone %8s", nid, shb_kind_name(k));
			if (!z) {
				show_empty(s, k, m);
				continue;
			}
			if (first)
				show_node_stats(s, m);
			first = false;
			show_populated(z, m);
		}
	}
	return 0;
}

/* --- extfrag ---------------------------------------------------------------------------------- */

/**
 * shb_show_unusable_index() - debugfs extfrag/unusable_index of the shadow
 * @s: state
 * @m: where to
 */
int shb_show_unusable_index(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone *z;
	int n, order;

	shb_for_each_zone(s, z, n) {
		print_zone(m, z);
		for (order = 0; order < SHB_NR_ORDERS; order++) {
			int index = shb_unusable_index(z, order);

			seq_printf(m, "%d.%03d ", index / 1000, index % 1000);
		}
		seq_putc(m, '\n');
	}
	return 0;
}

/**
 * shb_show_extfrag_index() - debugfs extfrag/extfrag_index of the shadow
 * @s: state
 * @m: where to
 */
int shb_show_extfrag_index(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone *z;
	int n, order;

	shb_for_each_zone(s, z, n) {
		print_zone(m, z);
		for (order = 0; order < SHB_NR_ORDERS; order++) {
			int index = shb_fragmentation_index(z, order);

			seq_printf(m, "%2d.%03d ", index / 1000, index % 1000);
		}
		seq_putc(m, '\n');
	}
	return 0;
}

/* --- our own short files ------------------------------------------------------------------------ */

static u64 sum_events(struct shb_state *s, enum shb_event event)
{
	struct shb_zone *z;
	u64 sum = 0;
	int n;

	shb_for_each_zone(s, z, n)
		sum += shb_zone_events(z, event);
	return sum;
}

static u64 sum_pcp_lists(struct shb_state *s, size_t offset)
{
	struct shb_zone *z;
	u64 sum = 0;
	int n, cpu, list;

	shb_for_each_zone(s, z, n)
		for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
			for (list = 0; list < SHB_NR_PCP_LISTS; list++)
				sum += ((const u32 *)((const char *)&z->pcps[cpu] + offset))[list];
	return sum;
}

static void show_zone_sums(struct shb_state *s, struct seq_file *m)
{
	static const char *const alloc_names[SHB_NR_KINDS] = {
		"pgalloc_dma", "pgalloc_dma32", "pgalloc_normal", "pgalloc_movable",
		"pgalloc_device",
	};
	unsigned long free = 0, blocks = 0, cma = 0, highatomic = 0, split = 0, merge = 0;
	unsigned long held = 0, poisoned = 0, lost = 0;
	struct shb_zone *z;
	int n, k;

	shb_for_each_zone(s, z, n) {
		free += pages_free(z);
		blocks += READ_ONCE(z->nr_free_blocks);
		cma += READ_ONCE(z->free[SHB_CMA]);
		highatomic += READ_ONCE(z->nr_reserved_highatomic);
		split += READ_ONCE(z->nr_split);
		merge += READ_ONCE(z->nr_merge);
		held += READ_ONCE(z->nr_held);
		poisoned += READ_ONCE(z->nr_poisoned);
		lost += READ_ONCE(z->nr_lost);
	}
	seq_printf(m, "nr_free_pages %lu\nnr_free_pages_blocks %lu\nnr_free_cma %lu\n", free,
		   blocks, cma);
	seq_printf(m, "nr_reserved_highatomic %lu\n", highatomic);
	for (k = 0; k < SHB_NR_KINDS; k++) {
		u64 pages = 0;

		if (!(s->kinds & BIT(k)))
			continue;
		shb_for_each_zone(s, z, n)
			if (z->kind == k)
				pages += shb_zone_events(z, SHB_PGALLOC);
		seq_printf(m, "%s %llu\n", alloc_names[k], pages);
	}
	seq_printf(m, "pgfree %llu\n", sum_events(s, SHB_PGFREE));
	seq_printf(m, "block_split %lu\nblock_merge %lu\n", split, merge);
	seq_printf(m, "nr_held %lu\nnr_poisoned %lu\nnr_lost %lu\n", held, poisoned, lost);
}

/**
 * shb_show_vmstat() - counters as "name value" lines, kernel names where one exists
 * @s: state
 * @m: where to
 */
int shb_show_vmstat(struct shb_state *s, struct seq_file *m)
{
	static const char *const numa_names[SHB_NR_NUMA_EVENTS] = {
		"numa_hit", "numa_miss", "numa_foreign", "numa_interleave", "numa_local",
		"numa_other",
	};
	static const char *const state_names[SHB_NR_STATE_EVENTS] = {
		[SHB_SLOWPATH] = "alloc_slowpath", [SHB_ALLOC_FAIL] = "alloc_fail",
		[SHB_NEED_RECLAIM] = "alloc_need_reclaim", [SHB_KSWAPD_WAKE] = "kswapd_wake",
		[SHB_BOOST_WAKE] = "kswapd_wake_boost", [SHB_EXTFRAG] = "extfrag",
		[SHB_BAD_FREE] = "bad_free", [SHB_HELD_FREE] = "held_free",
	};
	int k;

	show_zone_sums(s, m);
	for (k = 0; k < SHB_NR_NUMA_EVENTS; k++)
		seq_printf(m, "%s %llu\n", numa_names[k], sum_events(s, k));
	seq_printf(m, "pcp_refill %llu\n", sum_pcp_lists(s, offsetof(struct shb_pcp, refills)));
	seq_printf(m, "pcp_trim %llu\n", sum_pcp_lists(s, offsetof(struct shb_pcp, trims)));
	seq_printf(m, "pcp_busy %llu\n", sum_events(s, SHB_PCP_BUSY));
	for (k = 0; k < SHB_NR_STATE_EVENTS; k++)
		seq_printf(m, "%s %ld\n", state_names[k], atomic_long_read(&s->events[k]));
	seq_printf(m, "totalreserve_pages %lu\n", s->totalreserve_pages);
	return 0;
}

/**
 * shb_show_pcp() - every per-cpu list that was ever used
 * @s: state
 * @m: where to
 *
 * A header line for each zone and cpu, then a line for each list.
 */
int shb_show_pcp(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone *z;
	int n, cpu, list;

	shb_for_each_zone(s, z, n) {
		for (cpu = 0; cpu < s->topo.nr_cpus; cpu++) {
			const struct shb_pcp *pcp = &z->pcps[cpu];

			if (!READ_ONCE(s->topo.cpu_online[cpu]) && !READ_ONCE(pcp->count))
				continue;
			print_zone(m, z);
			seq_printf(m, "cpu %d count %d high %d high_min %d high_max %d batch %d free_count %d free_factor %d alloc_factor %d\n",
				   cpu, READ_ONCE(pcp->count), READ_ONCE(pcp->high),
				   READ_ONCE(pcp->high_min), READ_ONCE(pcp->high_max),
				   READ_ONCE(pcp->batch), READ_ONCE(pcp->free_count),
				   READ_ONCE(pcp->free_factor), READ_ONCE(pcp->alloc_factor));
			for (list = 0; list < SHB_NR_PCP_LISTS; list++)
				seq_printf(m, "  list %2d order %d type %s blocks %u refills %u trims %u\n",
					   list, shb_pcp_list_order(list),
					   list == SHB_NR_PCP_LISTS - 2 ? "Unmovable|Reclaimable" :
					   list == SHB_NR_PCP_LISTS - 1 ? "Movable" :
					   shb_type_name(list % SHB_PCPTYPES),
					   READ_ONCE(pcp->nr[list]), READ_ONCE(pcp->refills[list]),
					   READ_ONCE(pcp->trims[list]));
		}
	}
	return 0;
}

/**
 * shb_show_zonelists() - node order and zones of every node's lists
 * @s: state
 * @m: where to
 *
 * The node order is printed as the kernel logs it.
 */
int shb_show_zonelists(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone **pos;
	int nid, k;

	for (nid = 0; nid < s->topo.nr_nodes; nid++) {
		const struct shb_node *node = &s->nodes[nid];

		if (!node->online)
			continue;
		seq_printf(m, "Fallback order for Node %d: ", nid);
		for (k = 0; node->order[k] >= 0; k++)
			seq_printf(m, "%d ", node->order[k]);
		seq_puts(m, "\n  fallback:");
		for (pos = node->fallback.zones; *pos; pos++)
			seq_printf(m, " %d.%s", (*pos)->nid, shb_kind_name((*pos)->kind));
		seq_puts(m, "\n  nofallback:");
		for (pos = node->nofallback.zones; *pos; pos++)
			seq_printf(m, " %d.%s", (*pos)->nid, shb_kind_name((*pos)->kind));
		seq_putc(m, '\n');
	}
	return 0;
}

/**
 * shb_show_meta() - what a reader needs to know about the numbers in the other files
 * @s: state
 * @m: where to
 */
int shb_show_meta(struct shb_state *s, struct seq_file *m)
{
	unsigned long bytes = 0, pages = 0;
	struct shb_zone *z;
	int n, k;

	shb_for_each_zone(s, z, n) {
		pages += z->nr_frames;
		bytes += sizeof(*z) + z->nr_frames * sizeof(struct shb_frame) +
			 shb_zone_nr_heads(s->topo.nr_cpus) * sizeof(struct shb_frame) +
			 2 * (z->nr_frames >> SHB_PAGEBLOCK_ORDER) +
			 z->nr_granules * sizeof(*z->granule_pfn) +
			 s->topo.nr_cpus * sizeof(struct shb_pcp);
	}
	bytes += s->map.nr * sizeof(*s->map.slots);
	seq_printf(m, "version %s\n", SHB_VERSION);
	seq_printf(m, "profile %s\n", s->policy->name);
	seq_printf(m, "profile_release %s\n", s->policy->release);
	seq_printf(m, "profile_match %s\n", s->profile_exact ? "series" : "other");
	seq_printf(m, "model %d\n", !s->live);
	seq_printf(m, "page_size %lu\n", PAGE_SIZE);
	seq_printf(m, "nr_orders %d\n", SHB_NR_ORDERS);
	seq_printf(m, "pageblock_order %d\n", SHB_PAGEBLOCK_ORDER);
	seq_printf(m, "granule_pages %u\n", SHB_GRANULE_PAGES);
	seq_puts(m, "migratetypes");
	for (k = 0; k < SHB_NR_TYPES; k++)
		if (has_row(s, k))
			seq_printf(m, " %s", shb_type_name(k));
	seq_puts(m, "\nzones");
	for (k = 0; k < SHB_NR_KINDS; k++)
		if (s->kinds & BIT(k))
			seq_printf(m, " %s", shb_kind_name(k));
	seq_printf(m, "\npages %lu\nmetadata_bytes %lu\n", pages, bytes);
	seq_printf(m, "seed %llu\n", s->seed);
	return 0;
}

/**
 * shb_show_selfcheck() - walk everything and say "ok", or each contradiction
 * @s: state
 * @m: where to
 *
 * Return: 0 or -ENOMEM.
 */
int shb_show_selfcheck(struct shb_state *s, struct seq_file *m)
{
	struct shb_check *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int k;

	if (!c)
		return -ENOMEM;
	shb_cpu_check(s, c);
	for (k = 0; k < min(c->nr, SHB_CHECK_LINES); k++)
		seq_printf(m, "%s\n", c->text[k]);
	if (c->nr > SHB_CHECK_LINES)
		seq_printf(m, "and %d more\n", c->nr - SHB_CHECK_LINES);
	if (!c->nr)
		seq_puts(m, "ok\n");
	kfree(c);
	return 0;
}

/* --- listings that grow with memory ---------------------------------------------------------- */

static struct shb_zone *cursor_zone(const struct shb_show_cursor *c)
{
	return c->zone < c->s->nr_zones ? c->s->zones[c->zone] : NULL;
}

/*
 * Step to the following block of the list. Where the zone changed meanwhile, the list is
 * torn: the block may have left it, and taken the way to the rest along, or stand in
 * another place. It is followed as long as that is possible, and no longer than it has
 * blocks.
 */
static bool step_block(struct shb_show_cursor *c)
{
	struct shb_walk *w = &c->walk;

	if (!shb_walk_lock(w) && w->block != SHB_NONE)
		c->torn = true;
	if (!shb_walk_on_list(w) || c->blocks++ > w->z->nr[w->type][w->order])
		w->block = SHB_NONE;
	else
		w->block = shb_walk_next_block(w);
	shb_walk_unlock(w);
	return w->block != SHB_NONE;
}

static void *freelists_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct shb_show_cursor *c = m->private;
	struct shb_zone *z;
	bool leave = c->torn && c->walk.block == SHB_NONE;	/* its line is out */

	(*pos)++;
	for (; (z = cursor_zone(c)); c->zone++, c->walk.z = NULL) {
		if (!c->walk.z)
			shb_walk_start(&c->walk, z);
		do {
			if (!leave && (step_block(c) || c->torn))
				return c;
			leave = false;
			c->torn = false;
			c->blocks = 0;
		} while (shb_walk_next_list(&c->walk));
	}
	return NULL;
}

/* Readers go forward only; the cursor stays where the last buffer ended. */
static void *listing_start(struct seq_file *m, loff_t *pos, struct shb_show_cursor *c,
			   void *(*next)(struct seq_file *, void *, loff_t *))
{
	loff_t dummy = 0;

	if (*pos)
		return cursor_zone(c) ? c : NULL;
	*c = (struct shb_show_cursor){ .s = c->s, .index = SHB_NONE };
	return next(m, c, &dummy);
}

static void *freelists_start(struct seq_file *m, loff_t *pos)
{
	return listing_start(m, pos, m->private, freelists_next);
}

static void listing_stop(struct seq_file *m, void *v)
{
}

static int freelists_show(struct seq_file *m, void *v)
{
	const struct shb_show_cursor *c = m->private;
	const struct shb_walk *w = &c->walk;

	if (w->block == SHB_NONE) {
		seq_puts(m, "# a list changed while it was read\n");
		return 0;
	}
	print_zone(m, w->z);
	seq_printf(m, "type %12s order %2d pfn %#lx\n", shb_type_name(w->type), w->order,
		   shb_pfn_of(w->z, w->block));
	return 0;
}

/* Every free block in list order. */
const struct seq_operations shb_show_freelists = {
	.start = freelists_start, .next = freelists_next, .stop = listing_stop,
	.show = freelists_show,
};

/* Zones in steps of @step frames. */
static void *steps_next(struct shb_show_cursor *c, loff_t *pos, u32 step)
{
	struct shb_zone *z;

	(*pos)++;
	c->index = c->index == SHB_NONE ? 0 : c->index + step;
	while ((z = cursor_zone(c)) && c->index >= z->nr_frames) {
		c->zone++;
		c->index = 0;
	}
	return z ? c : NULL;
}

static void *pageblocks_next(struct seq_file *m, void *v, loff_t *pos)
{
	return steps_next(m->private, pos, SHB_PAGEBLOCK_PAGES);
}

static void *pageblocks_start(struct seq_file *m, loff_t *pos)
{
	return listing_start(m, pos, m->private, pageblocks_next);
}

/* Free pages of a pageblock, those of a larger block around it included. */
static u32 pageblock_free(struct shb_zone *z, u32 i)
{
	u32 granule = i & ~(SHB_GRANULE_PAGES - 1);
	struct shb_block_count count;
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	if (z->frames[granule].state == SHB_FRAME_FREE &&
	    z->frames[granule].order == SHB_MAX_ORDER)
		count.free = SHB_PAGEBLOCK_PAGES;
	else
		shb_zone_count_pageblock(z, i, &count);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return count.free;
}

static int pageblocks_show(struct seq_file *m, void *v)
{
	const struct shb_show_cursor *c = m->private;
	struct shb_zone *z = cursor_zone(c);

	print_zone(m, z);
	seq_printf(m, "pfn %#lx type %12s free %3u\n", shb_pfn_of(z, c->index),
		   shb_type_name(shb_block_type(z, c->index)), pageblock_free(z, c->index));
	return 0;
}

/* Type and free pages of each pageblock. */
const struct seq_operations shb_show_pageblocks = {
	.start = pageblocks_start, .next = pageblocks_next, .stop = listing_stop,
	.show = pageblocks_show,
};

static void *carve_next(struct seq_file *m, void *v, loff_t *pos)
{
	return steps_next(m->private, pos, SHB_GRANULE_PAGES);
}

static void *carve_start(struct seq_file *m, loff_t *pos)
{
	return listing_start(m, pos, m->private, carve_next);
}

/* Pages of a granule in each kind of quarantine; nothing when there are none. */
static void show_quarantine(const struct shb_zone *z, u32 first, struct seq_file *m)
{
	static const struct { u8 state; const char *name; } rows[] = {
		{ SHB_FRAME_HELD, "held" }, { SHB_FRAME_POISONED, "poisoned" },
		{ SHB_FRAME_LOST, "lost" },
	};
	unsigned int pages;
	u32 i;
	int k;

	for (k = 0; k < ARRAY_SIZE(rows) && shb_quarantine_pages(z); k++) {
		pages = 0;
		for (i = first; i < first + SHB_GRANULE_PAGES; i++)
			if (READ_ONCE(z->frames[i].state) == rows[k].state)
				pages += 1U << READ_ONCE(z->frames[i].order);
		if (pages)
			seq_printf(m, " %s %u", rows[k].name, pages);
	}
}

static int carve_show(struct seq_file *m, void *v)
{
	const struct shb_show_cursor *c = m->private;
	struct shb_zone *z = cursor_zone(c);
	const struct shb_frame *f = &z->frames[c->index];
	unsigned long pfn = shb_pfn_of(z, c->index);
	bool free;

	free = READ_ONCE(f->state) == SHB_FRAME_FREE && READ_ONCE(f->order) == SHB_MAX_ORDER;
	print_zone(m, z);
	seq_printf(m, "pfn %#lx-%#lx %s", pfn, pfn + SHB_GRANULE_PAGES - 1,
		   free ? "free" : "in use");
	show_quarantine(z, c->index, m);
	seq_putc(m, '\n');
	return 0;
}

/* Every granule: first and last pfn, and whether it could be given back as it is. */
const struct seq_operations shb_show_carve = {
	.start = carve_start, .next = carve_next, .stop = listing_stop, .show = carve_show,
};
