// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine and, if asked, each zone as it stands, in words that shbsim reads. A line is a
 * noun, what it is about, and names with values; numbers of pages are decimal, pfns are not.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/slab.h>

#include "names.h"
#include "pcp.h"
#include "show/show.h"
#include "snapshot.h"
#include "tune.h"
#include "zones.h"

/* --- the machine -------------------------------------------------------------------------------- */

static void show_topology(const struct shb_topology *t, struct seq_file *m)
{
	int a, b;

	seq_printf(m, "machine nodes %d cpus %d max_nodes %d cpus_uncounted %d\n", t->nr_nodes,
		   t->nr_cpus, t->max_nodes, t->cpus_uncounted);
	for (a = 0; a < t->nr_nodes; a++) {
		seq_printf(m, "node %d online %d distance", a, t->node_online[a]);
		for (b = 0; b < t->nr_nodes; b++)
			seq_printf(m, " %d", t->distance[a * t->nr_nodes + b]);
		seq_putc(m, '\n');
	}
	for (a = 0; a < t->nr_cpus; a++)
		seq_printf(m, "cpu %d node %d online %d cache %lu\n", a, t->cpu_node[a],
			   READ_ONCE(t->cpu_online[a]), t->cache_slice ? t->cache_slice[a] : 0);
}

/* Granules that follow each other are one word: pfn of the first, and how many. */
static void show_granules(const struct shb_extent *e, struct seq_file *m)
{
	u32 g, n;

	for (g = 0; g < e->nr_granules; g += n) {
		for (n = 1; g + n < e->nr_granules; n++)
			if (e->granule_pfn[g + n] != e->granule_pfn[g] + n * SHB_GRANULE_PAGES)
				break;
		seq_printf(m, " %#lx+%u", e->granule_pfn[g], n);
	}
}

static void show_names(const char *what, const char *const *names, int nr, struct seq_file *m)
{
	int k;

	seq_puts(m, what);
	for (k = 0; k < nr; k++)
		seq_printf(m, " %s", names[k]);
	seq_putc(m, '\n');
}

static void show_format(const struct shb_format *f, struct seq_file *m)
{
	seq_printf(m, "format types %#x numa %d smp %d promo %d wide %d\n", f->types, f->numa,
		   f->smp, f->promo, f->wide_pagesets);
	show_names("zone_stats", f->zone_stats, f->nr_zone_stats, m);
	show_names("node_stats", f->node_stats, f->nr_node_stats, m);
}

/**
 * shb_show_machine() - what shbsim needs to build this state anew, fresh
 *
 * Context: process context, sleeps.
 * Return: 0.
 */
int shb_show_machine(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone *z;
	int n;

	seq_printf(m, "profile %s\n", s->profile->name);
	show_topology(&s->topo, m);
	seq_printf(m, "kinds %#x\n", s->kinds);
	shb_for_each_zone(s, z, n) {
		const struct shb_extent *e = &z->extent;

		seq_printf(m, "zone %d %s managed %lu present %lu spanned %lu start %#lx cma %u granules",
			   z->nid, shb_kind_name(z->kind), e->managed, e->present, e->spanned,
			   e->start_pfn, e->cma_granules);
		show_granules(e, m);
		seq_putc(m, '\n');
	}
	show_format(s->format, m);
	seq_printf(m, "hugepages %d\n", s->tune_at_start.transparent_hugepage);
	for (n = 0; shb_tune_name(n); n++) {
		if (!shb_tune_has(s, n))
			continue;
		seq_printf(m, "tunable %s ", shb_tune_name(n));
		shb_tune_show(s, n, m);
	}
	return 0;
}

/* --- zones as they stand -------------------------------------------------------------------------- */

static void show_numbers(const struct shb_snapshot *p, struct seq_file *m)
{
	int n;

	for (n = 0; n < SHB_NR_NUMBERS; n++)
		seq_printf(m, "number %s %ld\n", shb_numbers[n].name, p->number[n]);
}

/* Pageblocks of one type in a row are one word. */
static void show_pageblocks(const struct shb_snapshot *p, struct seq_file *m)
{
	u32 b, n, nr = p->nr_frames >> SHB_PAGEBLOCK_ORDER;

	seq_puts(m, "pageblocks");
	for (b = 0; b < nr; b += n) {
		for (n = 1; b + n < nr && p->pageblocks[b + n] == p->pageblocks[b]; n++)
			;
		seq_printf(m, " %s*%u", shb_type_name(p->pageblocks[b]), n);
	}
	seq_putc(m, '\n');
}

/* Blocks used as movable memory, page by page, as far as they stand one behind the other. */
static void show_movable(const struct shb_zone *z, struct seq_file *m)
{
	u32 i, len, from = 0, run = 0, end = z->extent.nr_frames;

	seq_puts(m, "movable");
	for (i = 0; i <= end; i += len) {
		const struct shb_frame *f = &z->frames[i];
		bool movable = i < end && f->state == SHB_FRAME_USED &&
			       (f->flags & SHB_FRAME_MOVABLE);

		len = i < end && f->order <= SHB_MAX_ORDER ? 1U << f->order : 1;
		if (movable) {
			from = run ? from : i;
			run += len;
		} else if (run) {
			seq_printf(m, " %u+%u", from, run);
			run = 0;
		}
	}
	seq_putc(m, '\n');
}

static const u32 *show_list(const u32 *block, u32 nr, struct seq_file *m)
{
	while (nr--) {
		seq_printf(m, " %u/%u", SHB_SNAPSHOT_INDEX(*block), SHB_SNAPSHOT_TYPE(*block));
		block++;
	}
	seq_putc(m, '\n');
	return block;
}

static void show_lists(const struct shb_snapshot *p, struct seq_file *m)
{
	const u32 *block = p->listed;
	int order, type, cpu, list, n;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (type = 0; type < SHB_NR_TYPES; type++) {
			if (!p->blocks[type][order])
				continue;
			seq_printf(m, "free %d %s", order, shb_type_name(type));
			block = show_list(block, p->blocks[type][order], m);
		}
	}
	for (cpu = 0; cpu < p->nr_cpus; cpu++) {
		seq_printf(m, "pcp %d", cpu);
		for (n = 0; n < SHB_NR_PCP_NUMBERS; n++)
			seq_printf(m, " %s %d", shb_pcp_numbers[n].name, p->pcps[cpu].number[n]);
		seq_putc(m, '\n');
		for (list = 0; list < SHB_NR_PCP_LISTS; list++) {
			if (!p->pcps[cpu].blocks[list])
				continue;
			seq_printf(m, "list %d %d", cpu, list);
			block = show_list(block, p->pcps[cpu].blocks[list], m);
		}
	}
}

static int show_snapshot(struct shb_zone *z, struct seq_file *m)
{
	struct shb_snapshot p;
	int err = shb_snapshot_init(&p, z->extent.start_pfn, z->extent.nr_frames,
				    z->state->topo.nr_cpus);

	if (!err)
		err = shb_snapshot_take(z, &p);
	if (!err) {
		seq_printf(m, "snapshot %d %s\n", z->nid, shb_kind_name(z->kind));
		show_numbers(&p, m);
		show_pageblocks(&p, m);
		show_movable(z, m);
		show_lists(&p, m);
	}
	shb_snapshot_free(&p);
	return err;
}

/**
 * shb_show_snapshot() - every zone as it stands, for shbsim to go on from
 *
 * Exact for zones nobody uses meanwhile: each is copied under its lock, which takes as long
 * as its lists are.
 *
 * Context: process context, sleeps.
 * Return: 0, -ENOMEM, or -EUCLEAN when a list leads astray.
 */
int shb_show_snapshot(struct shb_state *s, struct seq_file *m)
{
	struct shb_zone *z;
	int n, err = 0;

	shb_for_each_zone(s, z, n)
		if (!err && z->extent.nr_frames)
			err = show_snapshot(z, m);
	return err;
}

const struct shb_show_file shb_show_machine_files[] = {
	{ "machine", shb_show_machine },
	{ "snapshot", shb_show_snapshot },
	{ }
};
