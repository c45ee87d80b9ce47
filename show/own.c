// SPDX-License-Identifier: GPL-2.0-only
/*
 * Short files the kernel has not: vmstat of the shadow alone, pcp, zonelists, meta,
 * selfcheck.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "count.h"
#include "drain.h"
#include "fail.h"
#include "names.h"
#include "pcp.h"
#include "policy.h"
#include "show/show.h"
#include "version.h"
#include "watermark.h"
#include "zones.h"

static u64 sum_events(struct shb_state *s, enum shb_event event)
{
	struct shb_zone *z;
	u64 sum = 0;
	int n;

	shb_for_each_zone(s, z, n)
		sum += shb_count_read(z, event);
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
		free += shb_show_free(z);
		blocks += READ_ONCE(z->buddy.big_pages);
		cma += READ_ONCE(z->buddy.pages[SHB_CMA]);
		highatomic += READ_ONCE(z->buddy.reserved);
		split += READ_ONCE(z->buddy.splits);
		merge += READ_ONCE(z->buddy.merges);
		held += READ_ONCE(z->quarantine.held);
		poisoned += READ_ONCE(z->quarantine.poisoned);
		lost += READ_ONCE(z->quarantine.lost);
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
				pages += shb_count_read(z, SHB_PGALLOC);
		seq_printf(m, "%s %llu\n", alloc_names[k], pages);
	}
	seq_printf(m, "pgfree %llu\n", sum_events(s, SHB_PGFREE));
	seq_printf(m, "block_split %lu\nblock_merge %lu\n", split, merge);
	seq_printf(m, "nr_held %lu\nnr_poisoned %lu\nnr_lost %lu\n", held, poisoned, lost);
}

/**
 * shb_show_vmstat() - counters as "name value" lines, kernel names where one exists
 */
int shb_show_vmstat(struct shb_state *s, struct seq_file *m)
{
	static const char *const state_names[SHB_NR_STATE_EVENTS] = {
		[SHB_SLOWPATH] = "alloc_slowpath", [SHB_ALLOC_FAIL] = "alloc_fail",
		[SHB_NEED_RECLAIM] = "alloc_need_reclaim", [SHB_KSWAPD_WAKE] = "kswapd_wake",
		[SHB_BOOST_WAKE] = "kswapd_wake_boost", [SHB_EXTFRAG] = "extfrag",
		[SHB_EXTFRAG_UNMOVABLE] = "extfrag_unmovable",
		[SHB_EXTFRAG_MOVABLE] = "extfrag_movable",
		[SHB_EXTFRAG_RECLAIMABLE] = "extfrag_reclaimable",
		[SHB_EXTFRAG_CLAIM] = "extfrag_claim", [SHB_BOOST] = "boost",
		[SHB_BAD_FREE] = "bad_free", [SHB_HELD_FREE] = "held_free",
		[SHB_STALL] = "alloc_stall", [SHB_COMPACT_STALL] = "compact_stall", [SHB_COMPACT_FAIL] = "compact_fail",
		[SHB_COMPACT_WON] = "compact_success",
		[SHB_COMPACT_MIGRATE_SCANNED] = "compact_migrate_scanned",
		[SHB_COMPACT_FREE_SCANNED] = "compact_free_scanned",
		[SHB_COMPACT_ISOLATED] = "compact_isolated",
		[SHB_PGMIGRATE_SUCCESS] = "pgmigrate_success",
		[SHB_FAULT_INJECTED] = "fault_injected",
	};
	int k;

	show_zone_sums(s, m);
	for (k = 0; k < SHB_NR_NUMA_EVENTS; k++)
		seq_printf(m, "%s %llu\n", shb_event_name(k), sum_events(s, k));
	seq_printf(m, "pcp_refill %llu\n", sum_pcp_lists(s, offsetof(struct shb_pcp, refills)));
	seq_printf(m, "pcp_trim %llu\n", sum_pcp_lists(s, offsetof(struct shb_pcp, trims)));
	seq_printf(m, "pcp_busy %llu\n", sum_events(s, SHB_PCP_BUSY));
	for (k = 0; k < SHB_BAD_PROPOSAL; k++)	/* that is for selfcheck to say */
		seq_printf(m, "%s %ld\n", state_names[k], atomic_long_read(&s->events[k]));
	seq_printf(m, "totalreserve_pages %lu\n", s->totalreserve_pages);
	return 0;
}

/* Types that share the lists of pageblocks where there are not three of those. */
static const char *list_type(const struct shb_zone *z, int list)
{
	if (list < SHB_PCP_BIG_LIST || z->rules.pcp->nr_lists == SHB_NR_PCP_LISTS)
		return shb_type_name(list % SHB_PCPTYPES);
	return list == SHB_PCP_BIG_LIST ? "Unmovable|Reclaimable" : "Movable";
}

/**
 * shb_show_pcp() - every per-cpu list that was ever used
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
			shb_show_where(m, z);
			seq_printf(m, "cpu %d count %d high %d high_min %d high_max %d batch %d free_count %d free_factor %d alloc_factor %d\n",
				   cpu, READ_ONCE(pcp->count), READ_ONCE(pcp->high),
				   READ_ONCE(pcp->high_min), READ_ONCE(pcp->high_max),
				   READ_ONCE(pcp->batch), READ_ONCE(pcp->free_count),
				   READ_ONCE(pcp->free_factor), READ_ONCE(pcp->alloc_factor));
			for (list = 0; list < z->rules.pcp->nr_lists; list++)
				seq_printf(m, "  list %2d order %d type %s blocks %u refills %u trims %u\n",
					   list, shb_pcp_list_order(list), list_type(z, list),
					   READ_ONCE(pcp->nr[list]), READ_ONCE(pcp->refills[list]),
					   READ_ONCE(pcp->trims[list]));
		}
	}
	return 0;
}

/**
 * shb_show_zonelists() - node order and zones of every node's lists
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
 */
int shb_show_meta(struct shb_state *s, struct seq_file *m)
{
	unsigned long bytes = 0, pages = 0;
	struct shb_zone *z;
	int n, k;

	shb_for_each_zone(s, z, n) {
		pages += z->extent.nr_frames;
		bytes += sizeof(*z) + z->extent.nr_frames * sizeof(struct shb_frame) +
			 shb_zone_nr_roots(s->topo.nr_cpus) * sizeof(struct shb_frame) +
			 2 * (z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER) +
			 z->extent.nr_granules * sizeof(*z->extent.granule_pfn) +
			 s->topo.nr_cpus * sizeof(struct shb_pcp);
	}
	bytes += s->map.nr * sizeof(*s->map.slots);
	seq_printf(m, "version %s\n", SHB_VERSION);
	seq_printf(m, "profile %s\n", s->profile->name);
	seq_printf(m, "profile_release %s\n", s->profile->release);
	seq_printf(m, "profile_match %s\n", s->profile == s->series ? "series" : "other");
	seq_printf(m, "model %d\n", !pages);
	seq_printf(m, "page_size %lu\n", PAGE_SIZE);
	seq_printf(m, "nr_orders %d\n", SHB_NR_ORDERS);
	seq_printf(m, "pageblock_order %d\n", SHB_PAGEBLOCK_ORDER);
	seq_printf(m, "granule_pages %u\n", SHB_GRANULE_PAGES);
	seq_puts(m, "migratetypes");
	for (k = 0; k < SHB_NR_TYPES; k++)
		if (shb_show_has_type(s, k))
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
 * shb_show_policy() - the policy that is asked, and what came of its answers
 *
 * Return: 0.
 */
int shb_show_policy(struct shb_state *s, struct seq_file *m)
{
	static const char *const questions[SHB_NR_QUESTIONS] = {
		"pick", "merge", "place", "fallback", "high", "refill", "excess", "first",
	};
	const struct shb_policy *p = s->profile->policy;
	int q;

	if (!p) {
		seq_printf(m, "policy none\nbase %s\n", s->profile->name);
		return 0;
	}
	seq_printf(m, "policy %s\nbase %s\nquestion %s\n", p->name, s->profile->base->name,
		   p->question ?: "none");
	seq_puts(m, "rule              own         base      refused last_refused\n");
	for (q = 0; q < SHB_NR_QUESTIONS; q++)
		seq_printf(m, "%-8s %12ld %12ld %12ld %12ld\n", questions[q],
			   atomic_long_read(&s->answers[q][SHB_ANSWER_OWN]),
			   atomic_long_read(&s->answers[q][SHB_ANSWER_BASE]),
			   atomic_long_read(&s->answers[q][SHB_ANSWER_REFUSED]),
			   READ_ONCE(s->last_refused[q]));
	return 0;
}

/**
 * shb_show_fail_page_alloc() - attributes of fault injection, "name value" lines
 */
int shb_show_fail_page_alloc(struct shb_state *s, struct seq_file *m)
{
	int k;

	for (k = 0; shb_fail_name(k); k++)
		seq_printf(m, "%s %d\n", shb_fail_name(k), READ_ONCE(s->fails.value[k]));
	return 0;
}

/**
 * shb_show_selfcheck() - walk everything and say "ok", or each contradiction
 *
 * Return: 0 or -ENOMEM.
 */
int shb_show_selfcheck(struct shb_state *s, struct seq_file *m)
{
	struct shb_check *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int k;

	if (!c)
		return -ENOMEM;
	shb_drain_check(s, c);
	for (k = 0; k < min(c->nr, SHB_CHECK_LINES); k++)
		seq_printf(m, "%s\n", c->text[k]);
	if (c->nr > SHB_CHECK_LINES)
		seq_printf(m, "and %d more\n", c->nr - SHB_CHECK_LINES);
	if (!c->nr)
		seq_puts(m, "ok\n");
	kfree(c);
	return 0;
}

const struct shb_show_file shb_show_own_files[] = {
	{ "vmstat", shb_show_vmstat },
	{ "pcp", shb_show_pcp },
	{ "zonelists", shb_show_zonelists },
	{ "meta", shb_show_meta },
	{ "policy", shb_show_policy },
	{ "fail_page_alloc", shb_show_fail_page_alloc },
	{ "selfcheck", shb_show_selfcheck },
	{ }
};
