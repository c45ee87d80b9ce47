// SPDX-License-Identifier: GPL-2.0-only
/*
 * State in the running kernel's formats, to the byte: buddyinfo, pagetypeinfo, zoneinfo,
 * extfrag/. A cell costs the same whatever the size of the memory.
 */
#include <linux/bits.h>
#include <linux/string.h>

#include "count.h"
#include "format.h"
#include "index.h"
#include "names.h"
#include "pcp.h"
#include "show/show.h"
#include "watermark.h"
#include "zones.h"

/* --- buddyinfo, pagetypeinfo ---------------------------------------------------------------- */

/* One line is one snapshot. */
static void free_counts(struct shb_zone *z, unsigned long nr[SHB_NR_ORDERS])
{
	unsigned long irq;
	int order;

	raw_spin_lock_irqsave(&z->lock, irq);
	for (order = 0; order < SHB_NR_ORDERS; order++)
		nr[order] = shb_index_blocks(z, order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/**
 * shb_show_buddyinfo() - /proc/buddyinfo of the shadow
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
		shb_show_where(m, z);
		for (order = 0; order < SHB_NR_ORDERS; order++)
			seq_printf(m, "%6lu ", nr[order]);
		seq_putc(m, '\n');
	}
	return 0;
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
			if (!shb_show_has_type(s, type))
				continue;
			seq_printf(m, "Node %4d, zone %8s, type %12s ", z->nid,
				   shb_kind_name(k), shb_type_name(type));
			for (order = 0; order < SHB_NR_ORDERS; order++)
				seq_printf(m, "%6u ", READ_ONCE(z->buddy.blocks[type][order]));
			seq_putc(m, '\n');
		}
	}
}

static void show_zone_blocks(struct shb_state *s, const struct shb_zone *z, struct seq_file *m)
{
	unsigned long nr[SHB_NR_TYPES] = { };
	int type;
	u32 b;

	for (b = 0; b < z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER; b++)
		nr[READ_ONCE(z->pageblocks[b])]++;
	shb_show_where(m, z);
	for (type = 0; type < SHB_NR_TYPES; type++)
		if (shb_show_has_type(s, type))
			seq_printf(m, "%12lu ", nr[type]);
	seq_putc(m, '\n');
}

static void show_blocks_by_type(struct shb_state *s, const struct shb_node *node,
				struct seq_file *m)
{
	int k, type;

	seq_printf(m, "\n%-23s", "Number of blocks type ");
	for (type = 0; type < SHB_NR_TYPES; type++)
		if (shb_show_has_type(s, type))
			seq_printf(m, "%12s ", shb_type_name(type));
	seq_putc(m, '\n');
	for (k = 0; k < SHB_NR_KINDS; k++)
		if (node->zones[k])
			show_zone_blocks(s, node->zones[k], m);
}

/**
 * shb_show_pagetypeinfo() - /proc/pagetypeinfo of the shadow, never capped
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

static unsigned long cma_pages(const struct shb_zone *z)
{
	return (unsigned long)z->extent.cma_granules << SHB_GRANULE_ORDER;
}

/* The shadow has no LRU, no slab and no page tables: those counters are 0 by nature. */
static unsigned long zone_stat(const struct shb_zone *z, const char *name)
{
	if (!strcmp(name, "nr_free_pages"))
		return shb_show_free(z);
	if (!strcmp(name, "nr_free_pages_blocks"))
		return READ_ONCE(z->buddy.big_pages);
	if (!strcmp(name, "nr_free_cma"))
		return READ_ONCE(z->buddy.pages[SHB_CMA]);
	return 0;
}

static void show_marks(const struct shb_state *s, const struct shb_zone *z, struct seq_file *m)
{
	seq_printf(m, "\n  pages free     %lu", shb_show_free(z));
	seq_printf(m, "\n        boost    %lu", READ_ONCE(z->marks.boost));
	seq_printf(m, "\n        min      %lu", shb_watermark(z, SHB_WMARK_MIN));
	seq_printf(m, "\n        low      %lu", shb_watermark(z, SHB_WMARK_LOW));
	seq_printf(m, "\n        high     %lu", shb_watermark(z, SHB_WMARK_HIGH));
	if (s->format->promo)
		seq_printf(m, "\n        promo    %lu", shb_watermark(z, SHB_WMARK_PROMO));
	seq_printf(m, "\n        spanned  %lu", z->extent.spanned);
	seq_printf(m, "\n        present  %lu", z->extent.present);
	seq_printf(m, "\n        managed  %lu", z->extent.managed);
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
	const struct shb_format *f = z->state->format;
	int k;

	for (k = 0; k < f->nr_zone_stats; k++)
		seq_printf(m, "\n      %-12s %lu", f->zone_stats[k],
			   zone_stat(z, f->zone_stats[k]));
	if (!f->numa)
		return;
	for (k = 0; k < SHB_NR_NUMA_EVENTS; k++)
		seq_printf(m, "\n      %-12s %llu", shb_event_name(k), shb_count_read(z, k));
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
	show_protection(z->state, z->marks.lowmem_reserve, m);
	show_zone_stats(z, m);
	show_pagesets(z, m);
	seq_printf(m, "\n  node_unreclaimable:  %u\n  start_pfn:           %lu", 0, z->extent.start_pfn);
	if (z->state->format->wide_pagesets)
		seq_printf(m, "\n  reserved_highatomic: %lu\n  free_highatomic:     %lu",
			   READ_ONCE(z->buddy.reserved),
			   (unsigned long)READ_ONCE(z->buddy.pages[SHB_HIGHATOMIC]));
	seq_putc(m, '\n');
}

/*
 * A kind the node has no memory of: sizes, and nothing below. Where ZONE_MOVABLE has
 * a min of its own, it has it without memory, too.
 */
static void show_empty(const struct shb_state *s, int kind, struct seq_file *m)
{
	static const struct shb_zone nothing;
	static const struct shb_zone movable = { .marks.watermark = { 32, 32, 32, 32 } };
	bool clamped = kind == SHB_MOVABLE_ZONE && s->rules.marks->movable_min_clamped;

	show_marks(s, clamped ? &movable : &nothing, m);
	show_protection(s, nothing.marks.lowmem_reserve, m);
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
 */
int shb_show_unusable_index(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone *z;
	int n, order;

	shb_for_each_zone(s, z, n) {
		shb_show_where(m, z);
		for (order = 0; order < SHB_NR_ORDERS; order++) {
			int index = shb_index_unusable(z, order);

			seq_printf(m, "%d.%03d ", index / 1000, index % 1000);
		}
		seq_putc(m, '\n');
	}
	return 0;
}

/**
 * shb_show_extfrag_index() - debugfs extfrag/extfrag_index of the shadow
 */
int shb_show_extfrag_index(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone *z;
	int n, order;

	shb_for_each_zone(s, z, n) {
		shb_show_where(m, z);
		for (order = 0; order < SHB_NR_ORDERS; order++) {
			int index = shb_index_fragmentation(z, order);

			seq_printf(m, "%2d.%03d ", index / 1000, index % 1000);
		}
		seq_putc(m, '\n');
	}
	return 0;
}

const struct shb_show_file shb_show_kernel_files[] = {
	{ "buddyinfo", shb_show_buddyinfo },
	{ "pagetypeinfo", shb_show_pagetypeinfo },
	{ "zoneinfo", shb_show_zoneinfo },
	{ "extfrag/unusable_index", shb_show_unusable_index },
	{ "extfrag/extfrag_index", shb_show_extfrag_index },
	{ }
};
