// SPDX-License-Identifier: GPL-2.0-only
/*
 * What came of a stream: how far it can be trusted, then the kernel and each candidate side by
 * side, a row for each measure. Machines read the first part: a line is a name and its numbers.
 */
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "count.h"
#include "names.h"
#include "traffic/traffic.h"

/* Hundredths of a per cent: "0.05%". */
static void show_share(struct seq_file *m, u64 part, u64 all)
{
	u64 share = all ? part * 10000 / all : 0;

	seq_printf(m, "%llu.%02llu%%", share / 100, share % 100);
}

static u64 unexplained(const struct shb_traffic *t)
{
	long pages = shb_traffic_unexplained(t);

	return pages < 0 ? -pages : pages;
}

/* --- how far it can be trusted ------------------------------------------------------------------------ */

static void show_kinds(const struct shb_traffic *t, struct seq_file *m)
{
	static const char *const kinds[SHB_NR_RECORD_KINDS] = {
		"alloc", "fail", "free", "bulk", "compact", "uncompact", "migrate", "contig", "note",
		"run", "extfrag", "refill", "drain",
	};
	int k;

	seq_printf(m, "events %llu\n", shb_traffic_events(t));
	for (k = 0; k < SHB_NR_RECORD_KINDS; k++)
		if (k != SHB_REC_NOTE)
			seq_printf(m, "event %s %llu\n", kinds[k], t->kinds[k]);
}

static void show_pages(const struct shb_traffic *t, struct seq_file *m)
{
	const u64 *n = t->counts;

	seq_printf(m, "taken %llu pages\nfreed %llu pages\n", n[SHB_TRAFFIC_TAKEN],
		   n[SHB_TRAFFIC_FREED]);
	seq_printf(m, "unknown %llu pages\nuncharged %llu pages\n", n[SHB_TRAFFIC_UNKNOWN],
		   n[SHB_TRAFFIC_UNCHARGED]);
	seq_printf(m, "isolated %llu pages\nput_back %llu pages\nstaged %llu pages\nlanded %llu pages\n",
		   t->notes[SHB_NOTE_ISOLATED], t->notes[SHB_NOTE_PUT_BACK], n[SHB_TRAFFIC_STAGED],
		   n[SHB_TRAFFIC_LANDED]);
	seq_printf(m, "in_flight %llu pages\n", n[SHB_TRAFFIC_IN_FLIGHT]);
	seq_printf(m, "missed %llu pages\nsettled %llu pages\nforeign %llu pages\nsenseless %llu\n",
		   n[SHB_TRAFFIC_MISSED], n[SHB_TRAFFIC_SETTLED], n[SHB_TRAFFIC_FOREIGN],
		   n[SHB_TRAFFIC_SENSELESS]);
	seq_printf(m, "guessed %llu requests\n", n[SHB_TRAFFIC_GUESSED]);
	seq_printf(m, "unexplained %llu pages ", unexplained(t));
	show_share(m, unexplained(t), n[SHB_TRAFFIC_FREED]);
	seq_putc(m, '\n');
}

static void show_hits(struct seq_file *m, const char *what, u64 hits, u64 asked)
{
	seq_printf(m, "%s %llu of %llu ", what, hits, asked);
	show_share(m, hits, asked);
	seq_putc(m, '\n');
}

static void show_predictor(const struct shb_predictor *p, struct seq_file *m)
{
	static const char *const reasons[SHB_NR_MISSES] = {
		"second", "deeper", "other_list", "buddy", "zone", "nothing",
	};
	u64 hits = 0, asked = 0;
	char what[48];
	int k, type;

	for (k = 0; k < SHB_NR_ORDERS * SHB_PCPTYPES; k++) {
		hits += p->hits[k / SHB_PCPTYPES][k % SHB_PCPTYPES];
		asked += p->asked[k / SHB_PCPTYPES][k % SHB_PCPTYPES];
	}
	show_hits(m, "predicted", hits, asked);
	for (k = 0; k < SHB_NR_ORDERS * SHB_PCPTYPES; k++) {
		type = k % SHB_PCPTYPES;
		scnprintf(what, sizeof(what), "predicted order %d %s", k / SHB_PCPTYPES,
			  shb_type_name(type));
		if (p->asked[k / SHB_PCPTYPES][type])
			show_hits(m, what, p->hits[k / SHB_PCPTYPES][type],
				  p->asked[k / SHB_PCPTYPES][type]);
	}
	for (k = 0; k < SHB_NR_MISSES; k++)
		seq_printf(m, "mispredicted %s %llu\n", reasons[k], p->misses[k]);
	if (p->evidence)
		show_hits(m, "refills_foreseen", p->foreseen, p->refills);
	if (p->faults)
		seq_printf(m, "predictor_faults %llu\n", p->faults);
}

/**
 * shb_traffic_show() - how far the stream can be trusted
 *
 * Context: a racy look while records come.
 */
void shb_traffic_show(const struct shb_traffic *t, struct seq_file *m)
{
	int k;

	show_kinds(t, m);
	seq_printf(m, "seconds %llu\nrate %llu\n",
		   t->second ? (t->past + t->last - t->first) / t->second : 0, t->rate);
	seq_printf(m, "lost %llu\n", t->notes[SHB_NOTE_LOST]);
	show_pages(t, m);
	if (t->predictor.s)
		show_predictor(&t->predictor, m);
	for (k = 0; k < t->nr; k++)
		seq_printf(m, "candidate %s %s\n", t->candidates[k].name,
			   t->candidates[k].s->profile->name);
}

/* --- the table ------------------------------------------------------------------------------------- */

/* A column: a state, and the candidate it belongs to; NULL: the kernel's. */
struct column {
	struct shb_state		*s;
	const struct shb_candidate	*c;
};

static u64 on_pcps(const struct column *col, int arg)
{
	struct shb_zone *z;
	u64 pages = 0;
	int n, cpu;

	shb_for_each_zone(col->s, z, n)
		for (cpu = 0; cpu < col->s->topo.nr_cpus; cpu++)
			pages += READ_ONCE(z->pcps[cpu].count);
	return pages;
}

static u64 count_free(const struct column *col, int arg)
{
	u64 pages = on_pcps(col, arg);
	struct shb_zone *z;
	int n;

	shb_for_each_zone(col->s, z, n)
		pages += READ_ONCE(z->buddy.free_pages);
	return pages;
}

static u64 free_blocks(const struct column *col, int order)
{
	struct shb_zone *z;
	u64 blocks = 0;
	int n, type;

	shb_for_each_zone(col->s, z, n)
		for (type = 0; type < SHB_ISOLATE; type++)
			blocks += READ_ONCE(z->buddy.blocks[type][order]);
	return blocks;
}

/* Thousandths of the free memory that are in blocks too small for an order. */
static u64 unusable(const struct column *col, int order)
{
	u64 all = 0, fit = 0;
	int o;

	for (o = 0; o < SHB_NR_ORDERS; o++) {
		u64 pages = free_blocks(col, o) << o;

		all += pages;
		fit += o >= order ? pages : 0;
	}
	return all ? (all - fit) * 1000 / all : 0;
}

static u64 pageblocks(const struct column *col, int type)
{
	struct shb_zone *z;
	u64 nr = 0;
	int n;
	u32 b;

	shb_for_each_zone(col->s, z, n)
		for (b = 0; b < z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER; b++)
			nr += READ_ONCE(z->pageblocks[b]) == type;
	return nr;
}

/* Has the pageblock used pages of both sorts, those that can be moved and others? */
static bool is_mixed(const struct shb_zone *z, u32 b)
{
	u32 i = b << SHB_PAGEBLOCK_ORDER, end = i + SHB_PAGEBLOCK_PAGES, len;
	unsigned int seen = 0;

	for (; i < end; i += len) {
		const struct shb_frame *f = &z->frames[i];

		len = f->state == SHB_FRAME_INSIDE ? 1 : 1U << f->order;
		if (f->state == SHB_FRAME_USED)
			seen |= f->flags & SHB_FRAME_MOVABLE ? 2 : 1;
	}
	return seen == 3;
}

static u64 mixed(const struct column *col, int arg)
{
	struct shb_zone *z;
	u64 nr = 0;
	int n;
	u32 b;

	shb_for_each_zone(col->s, z, n)
		for (b = 0; b < z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER; b++)
			nr += READ_ONCE(z->pageblocks[b]) != SHB_ISOLATE && is_mixed(z, b);
	return nr;
}

static u64 state_event(const struct column *col, int event)
{
	return atomic_long_read(&col->s->events[event]);
}

static u64 stolen(const struct column *col, int arg)
{
	u64 claims = state_event(col, SHB_EXTFRAG_CLAIM);	/* first: a look at both is racy */

	return state_event(col, SHB_EXTFRAG) - claims;
}

static u64 zone_event(const struct column *col, int event)
{
	struct shb_zone *z;
	u64 sum = 0;
	int n;

	shb_for_each_zone(col->s, z, n)
		sum += shb_count_read(z, event);
	return sum;
}

static u64 own_count(const struct column *col, int count)
{
	return col->c->counts[count];
}

static u64 reserved(const struct column *col, int arg)
{
	struct shb_zone *z;
	u64 pages = 0;
	int n;

	shb_for_each_zone(col->s, z, n)
		pages += READ_ONCE(z->buddy.reserved);
	return pages;
}

/* @told: where the kernel's own number is, enum shb_traffic_count; 0: the mirror has it or nobody. */
static const struct row {
	const char	*name;
	u64		(*get)(const struct column *col, int arg);
	int		arg;
	bool		of_mirror;
	int		told;
} rows[] = {
	{ "free pages", count_free, 0, true },
	{ "of these on per-cpu lists", on_pcps },
	{ "free blocks of order 9", free_blocks, 9, true },
	{ "free blocks of order 10", free_blocks, 10, true },
	{ "unusable for order 3, 1/1000", unusable, 3, true },
	{ "unusable for order 4, 1/1000", unusable, 4, true },
	{ "unusable for order 9, 1/1000", unusable, 9, true },
	{ "pageblocks unmovable", pageblocks, SHB_UNMOVABLE, true },
	{ "pageblocks movable", pageblocks, SHB_MOVABLE, true },
	{ "pageblocks reclaimable", pageblocks, SHB_RECLAIMABLE, true },
	{ "pageblocks mixed", mixed, 0, true },
	{ "pages in highatomic", reserved },
	{ "fallbacks to another type", state_event, SHB_EXTFRAG, .told = SHB_TRAFFIC_EXTFRAG },
	{ "for unmovable requests", state_event, SHB_EXTFRAG_UNMOVABLE,
	  .told = SHB_TRAFFIC_EXTFRAG_UNMOVABLE },
	{ "for movable requests", state_event, SHB_EXTFRAG_MOVABLE,
	  .told = SHB_TRAFFIC_EXTFRAG_MOVABLE },
	{ "for reclaimable requests", state_event, SHB_EXTFRAG_RECLAIMABLE,
	  .told = SHB_TRAFFIC_EXTFRAG_RECLAIMABLE },
	{ "pageblocks claimed", state_event, SHB_EXTFRAG_CLAIM, .told = SHB_TRAFFIC_CLAIMS },
	{ "blocks stolen", stolen, 0, .told = SHB_NR_TRAFFIC_COUNTS },
	{ "boosts of the marks", state_event, SHB_BOOST },
	{ "kswapd woken for a boost", state_event, SHB_BOOST_WAKE },
	{ "requests", own_count, SHB_CAND_REQUESTS },
	{ "requests below LOW", state_event, SHB_SLOWPATH },
	{ "requests below MIN", own_count, SHB_CAND_BELOW_MIN },
	{ "would have reclaimed", own_count, SHB_CAND_RECLAIM },
	{ "would have compacted", own_count, SHB_CAND_COMPACT },
	{ "served beyond the marks", own_count, SHB_CAND_BEYOND },
	{ "pages with no place", own_count, SHB_CAND_UNPLACED },
	{ "failed there, not here", own_count, SHB_CAND_WOULD_SERVE },
	{ "pages migrated there", own_count, SHB_CAND_RENAMED },
	{ "numa_miss", zone_event, SHB_NUMA_MISS, .told = SHB_TRAFFIC_ABROAD },
	{ "frees refused (a fault)", own_count, SHB_CAND_REFUSED },
};

static void show_trust(const struct shb_traffic *t, struct seq_file *m)
{
	seq_printf(m, "%llu events, %llu lost, %llu pages unexplained (", shb_traffic_events(t),
		   t->notes[SHB_NOTE_LOST], unexplained(t));
	show_share(m, unexplained(t), t->counts[SHB_TRAFFIC_FREED]);
	seq_puts(m, " of those freed)\n");
}

/* The candidate that decides as the kernel does; NULL: there is none. */
static const struct shb_candidate *own_candidate(const struct shb_traffic *t)
{
	int n;

	for (n = 0; n < t->nr; n++)
		if (t->candidates[n].s->profile == t->mirror->profile &&
		    !memcmp(&t->candidates[n].s->tune, &t->mirror->tune, sizeof(t->mirror->tune)))
			return &t->candidates[n];
	return NULL;
}

/* What that one is wrong by, the others may be, too. */
static void show_error_bar(const struct shb_traffic *t, struct seq_file *m)
{
	const struct shb_candidate *own = own_candidate(t);
	struct column a, b = { .s = t->mirror };

	if (!own) {
		seq_puts(m, "error bar: none; a candidate with the kernel's own profile and tunables gives one\n");
		return;
	}
	a = (struct column){ .s = own->s, .c = own };
	seq_printf(m, "error bar: %s is %+lld free blocks of order 9, %+lld of order 10, %+lld fallbacks from the kernel\n",
		   own->name, free_blocks(&a, 9) - free_blocks(&b, 9),
		   free_blocks(&a, 10) - free_blocks(&b, 10),
		   state_event(&a, SHB_EXTFRAG) - t->counts[SHB_TRAFFIC_EXTFRAG]);
}

static void show_kernel(const struct shb_traffic *t, const struct row *row, struct seq_file *m)
{
	const struct column col = { .s = t->mirror };

	if (row->told == SHB_NR_TRAFFIC_COUNTS)
		seq_printf(m, "%12llu", t->counts[SHB_TRAFFIC_EXTFRAG] - t->counts[SHB_TRAFFIC_CLAIMS]);
	else if (row->told)
		seq_printf(m, "%12llu", t->counts[row->told]);
	else if (row->of_mirror)
		seq_printf(m, "%12llu", row->get(&col, row->arg));
	else
		seq_printf(m, "%12s", "-");
}

static void show_head(const struct shb_traffic *t, struct seq_file *m)
{
	int n;

	seq_printf(m, "%-28s %12s", "", "kernel");
	for (n = 0; n < t->nr; n++)
		seq_printf(m, " %12s", t->candidates[n].name);
	seq_printf(m, "\n%-28s %12s", "decides as", "");
	for (n = 0; n < t->nr; n++)
		seq_printf(m, " %12s", t->candidates[n].s->profile->name);
	seq_putc(m, '\n');
}

/**
 * shb_traffic_compare() - the kernel and each candidate, measure by measure
 *
 * The column of the kernel is the mirror's, or what the kernel told; pages on per-cpu lists are
 * in the mirror's buddy, as if just drained. What only lists and decisions tell it has not.
 *
 * Context: process context; a racy look while records come. Walks all frames.
 */
void shb_traffic_compare(const struct shb_traffic *t, struct seq_file *m)
{
	const struct row *row;
	struct column col;
	int n;

	show_trust(t, m);
	show_error_bar(t, m);
	show_head(t, m);
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		seq_printf(m, "%-28s ", row->name);
		show_kernel(t, row, m);
		for (n = 0; n < t->nr; n++) {
			col = (struct column){ .s = t->candidates[n].s, .c = &t->candidates[n] };
			seq_printf(m, " %12llu", row->get(&col, row->arg));
		}
		seq_putc(m, '\n');
	}
}

static void show_point(const struct shb_traffic *t, const char *name, struct shb_state *s,
		       u64 fallbacks, struct seq_file *m)
{
	const struct column col = { .s = s };
	u64 ms = (t->last - t->first) / (t->second / 1000 ?: 1);

	seq_printf(m, "%llu.%03llu %s %llu %llu %llu %llu %llu %llu %llu\n", ms / 1000, ms % 1000, name,
		   count_free(&col, 0), free_blocks(&col, 9), free_blocks(&col, 10),
		   unusable(&col, 3), unusable(&col, 4), unusable(&col, 9), fallbacks);
}

/**
 * shb_traffic_curve() - one point of each curve: a line for the kernel and for each candidate
 *
 * Seconds since the first record, the name, and what SHB_CURVE_HEAD says. Looks at counters only.
 *
 * Context: a racy look while records come.
 */
void shb_traffic_curve(const struct shb_traffic *t, struct seq_file *m)
{
	int n;

	show_point(t, "kernel", t->mirror, t->counts[SHB_TRAFFIC_EXTFRAG], m);
	for (n = 0; n < t->nr; n++) {
		struct shb_state *s = t->candidates[n].s;

		show_point(t, t->candidates[n].name, s, atomic_long_read(&s->events[SHB_EXTFRAG]), m);
	}
}
