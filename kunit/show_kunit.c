// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_show: text against a real kernel's, byte for byte. The golden
 * texts come from Debian's 6.12; what the kernel measured (free lists, NUMA events,
 * per-cpu counts) is read out of them and put into a state of the same sizes; what
 * the kernel computed (marks, protection, batch, thresholds, indices) is not.
 */
#include "golden/6.12.h"

#include "ctl/spec.h"
#include "fixture.h"
#include "show/show.h"

#define TEXT_MAX	65536

static char *show_text(struct kunit *test, struct shb_state *s,
		       int (*show)(struct shb_state *s, struct seq_file *m))
{
	struct seq_file m = { .size = TEXT_MAX };

	m.buf = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	mutex_init(&m.lock);
	KUNIT_ASSERT_EQ(test, 0, show(s, &m));
	KUNIT_ASSERT_LT(test, m.count, TEXT_MAX);
	return m.buf;
}

/* Compare line by line, so that a failure names the first line that differs. */
static void expect_text(struct kunit *test, const char *want, const char *got)
{
	int line = 1;

	while (*want || *got) {
		size_t w = strcspn(want, "\n"), g = strcspn(got, "\n");

		KUNIT_ASSERT_TRUE_MSG(test, w == g && !memcmp(want, got, w),
				      "line %d\n want \"%.*s\"\n got  \"%.*s\"", line++, (int)w, want,
				      (int)g, got);
		want += w + (want[w] == '\n');
		got += g + (got[g] == '\n');
	}
}

/* --- a state with the numbers of the golden texts -------------------------------------------------- */

static struct shb_zone *named_zone(struct shb_state *s, int nid, const char *kind)
{
	int k = shb_spec_kind(kind);

	return k < 0 ? NULL : s->nodes[nid].zones[k];
}

static int type_named(struct kunit *test, const char *name)
{
	int t;

	for (t = 0; t < SHB_NR_TYPES; t++)
		if (!strcmp(name, shb_type_name(t)))
			return t;
	KUNIT_FAIL_AND_ABORT(test, "no migratetype \"%s\"", name);
	return 0;
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return *p ? p + 1 : p;
}

/* "Node    0, zone   Normal, type    Movable   1   2 ..." */
static void read_free_lists(struct kunit *test, struct shb_state *s)
{
	const char *p = golden_pagetypeinfo;
	char kind[16], type[16];
	int nid, order, n;

	for (; *p; p = next_line(p)) {
		const char *q = p;
		struct shb_zone *z;

		if (sscanf(p, "Node %d, zone %15[^,], type %15s%n", &nid, kind, type, &n) != 3)
			continue;
		z = named_zone(s, nid, kind);
		KUNIT_ASSERT_NOT_NULL(test, z);
		for (order = 0, q += n; order < SHB_NR_ORDERS; order++, q += n)
			sscanf(q, "%u%n", &z->buddy.blocks[type_named(test, type)][order], &n);
	}
}

/* "Node 0, zone   Normal   1   2 ..." behind the header of pageblock counts. */
static void read_pageblocks(struct kunit *test, struct shb_state *s)
{
	static const u8 columns[] = {
		SHB_UNMOVABLE, SHB_MOVABLE, SHB_RECLAIMABLE, SHB_HIGHATOMIC, SHB_ISOLATE,
	};
	const char *p = strstr(golden_pagetypeinfo, "Number of blocks type");
	char kind[16];
	int nid, n, k;

	for (; *p; p = next_line(p)) {
		const char *q = p;
		u32 nr[ARRAY_SIZE(columns)], total = 0, b = 0;
		struct shb_zone *z;

		if (sscanf(p, "Node %d, zone %15s%n", &nid, kind, &n) != 2 || strchr(kind, ','))
			continue;
		for (k = 0, q += n; k < ARRAY_SIZE(columns); k++, q += n) {
			sscanf(q, "%u%n", &nr[k], &n);
			total += nr[k];
		}
		z = named_zone(s, nid, kind);
		kvfree(z->pageblocks);
		z->pageblocks = kvzalloc(total, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, z->pageblocks);
		z->extent.nr_frames = total << SHB_PAGEBLOCK_ORDER;
		for (k = 0; k < ARRAY_SIZE(columns); k++)
			while (nr[k]--)
				z->pageblocks[b++] = columns[k];
	}
}

/* The first number behind a word, from @p on. */
static long value_of_word(const char *p, const char *word)
{
	long v = 0;

	p = strstr(p, word);
	if (p)
		sscanf(p + strlen(word), "%ld", &v);
	return v;
}

static void read_zone_values(struct shb_zone *z, const char *p)
{
	static const char *const numa[SHB_NR_NUMA_EVENTS] = {
		"numa_hit", "numa_miss", "numa_foreign", "numa_interleave", "numa_local",
		"numa_other",
	};
	int k;

	z->extent.nr_granules = 1;	/* not on paper: nr_free counts */
	z->buddy.free_pages = value_of_word(p, "pages free");
	for (k = 0; k < SHB_NR_NUMA_EVENTS; k++)
		atomic_long_set(&z->irq_events[k], value_of_word(p, numa[k]));
	for (k = 0; k < z->state->topo.nr_cpus; k++) {
		p = strstr(p, "cpu:") + 4;
		z->pcps[k].count = value_of_word(p, "count:");
		z->pcps[k].high = value_of_word(p, "high:");
	}
}

static void read_zoneinfo(struct shb_state *s)
{
	const char *p = golden_zoneinfo;
	char kind[16];
	int nid;

	for (; *p; p = next_line(p))
		if (sscanf(p, "Node %d, zone %15s", &nid, kind) == 2 &&
		    strcmp(kind, "Device") && named_zone(s, nid, kind))
			read_zone_values(named_zone(s, nid, kind), p);
}

static void paper_from_zoneinfo(struct paper *paper, int *nr)
{
	const char *p = golden_zoneinfo;
	char kind[16];
	int nid;

	for (*nr = 0; *p; p = next_line(p)) {
		if (sscanf(p, "Node %d, zone %15s", &nid, kind) != 2 ||
		    !value_of_word(p, "present "))
			continue;
		paper[(*nr)++] = (struct paper){
			nid, shb_spec_kind(kind), value_of_word(p, "managed "),
			value_of_word(p, "present "), value_of_word(p, "spanned "),
			value_of_word(p, "start_pfn:"),
		};
	}
}

static struct shb_state *golden_state(struct kunit *test)
{
	struct paper paper[FIXTURE_ZONES];
	struct shb_topology topo;
	struct shb_state *s;
	int nr;

	fill_topology(test, &two_nodes, &topo);
	paper_from_zoneinfo(paper, &nr);
	KUNIT_ASSERT_EQ(test, 4, nr);
	s = build_paper(test, "linux-6.12", &topo, paper, nr, true);
	read_free_lists(test, s);
	read_pageblocks(test, s);
	read_zoneinfo(s);
	return s;
}

static void buddyinfo_is_the_kernels(struct kunit *test)
{
	expect_text(test, golden_buddyinfo,
		    show_text(test, golden_state(test), shb_show_buddyinfo));
}

static void pagetypeinfo_is_the_kernels(struct kunit *test)
{
	expect_text(test, golden_pagetypeinfo,
		    show_text(test, golden_state(test), shb_show_pagetypeinfo));
}

static void zoneinfo_is_the_kernels(struct kunit *test)
{
	expect_text(test, golden_zoneinfo,
		    show_text(test, golden_state(test), shb_show_zoneinfo));
}

static void unusable_index_is_the_kernels(struct kunit *test)
{
	expect_text(test, golden_unusable_index,
		    show_text(test, golden_state(test), shb_show_unusable_index));
}

static void extfrag_index_is_the_kernels(struct kunit *test)
{
	expect_text(test, golden_extfrag_index,
		    show_text(test, golden_state(test), shb_show_extfrag_index));
}

/* printf("%2d.%03d", -500 / 1000, -500 % 1000), as the kernel does it. */
static void negative_index_prints_as_in_c(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	u32 k;

	for (k = 0; k < s->zones[0]->extent.nr_frames; k++)
		buddy_take(s->zones[0], 0, SHB_MOVABLE, 0);
	free_range(s->zones[0], 0, 7);
	expect_text(test, "Node 0, zone   Normal -1.000 -1.000 -1.000 -1.000  0.-500  0.-250  0.-125  0.-62  0.-31  0.-15  0.-07 \n",
		    show_text(test, s, shb_show_extfrag_index));
}

/* --- our own files --------------------------------------------------------------------------------- */

static void zonelists_name_nodes_and_zones(struct kunit *test)
{
	expect_text(test,
		    "Fallback order for Node 0: 0 1 \n  fallback: 0.Normal 0.DMA32 0.DMA 1.Normal\n  nofallback: 0.Normal 0.DMA32 0.DMA\n"
		    "Fallback order for Node 1: 1 0 \n  fallback: 1.Normal 0.Normal 0.DMA32 0.DMA\n  nofallback: 1.Normal\n",
		    show_text(test, golden_state(test), shb_show_zonelists));
}

static void selfcheck_says_ok(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &all_zones);

	expect_text(test, "ok\n", show_text(test, s, shb_show_selfcheck));
	s->zones[0]->buddy.free_pages++;
	expect_text(test, "Node 0, zone DMA: free pages: lists 2048, counted 2049\n",
		    show_text(test, s, shb_show_selfcheck));
	s->zones[0]->buddy.free_pages--;
}

static char *listing_text(struct kunit *test, struct shb_state *s,
			  const struct seq_operations *ops)
{
	struct shb_show_cursor cursor = { .s = s };
	struct seq_file m = { .size = TEXT_MAX, .private = &cursor };
	loff_t pos = 0;
	void *v;

	m.buf = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	for (v = ops->start(&m, &pos); v; v = ops->next(&m, v, &pos))
		ops->show(&m, v);
	ops->stop(&m, v);
	return m.buf;
}

/* Lists from the head, zone by zone, type by type. */
static void freelists_in_list_order(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);

	buddy_take(s->zones[0], 9, SHB_MOVABLE, 0);
	expect_text(test,
		    "Node 0, zone   Normal type      Movable order  9 pfn 0x4200\n"
		    "Node 0, zone   Normal type      Movable order 10 pfn 0x4400\n"
		    "Node 0, zone   Normal type      Movable order 10 pfn 0x4800\n"
		    "Node 0, zone   Normal type      Movable order 10 pfn 0x4c00\n",
		    listing_text(test, s, &shb_show_freelists));
}

/* The way from a block to the rest of its list goes with the block: also of the last list. */
static void a_torn_list_is_marked(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	const struct seq_operations *ops = &shb_show_freelists;
	struct shb_show_cursor cursor = { .s = s };
	struct seq_file m = { .size = TEXT_MAX, .private = &cursor };
	loff_t pos = 0;
	void *v;

	m.buf = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	v = ops->start(&m, &pos);
	KUNIT_ASSERT_NOT_NULL(test, v);
	ops->show(&m, v);
	buddy_take(s->zones[0], 10, SHB_MOVABLE, 0);
	v = ops->next(&m, v, &pos);
	KUNIT_ASSERT_NOT_NULL(test, v);
	ops->show(&m, v);
	KUNIT_EXPECT_NULL(test, ops->next(&m, v, &pos));
	expect_text(test,
		    "Node 0, zone   Normal type      Movable order 10 pfn 0x4000\n"
		    "# a list changed while it was read\n", m.buf);
}

/* A walk is told that somebody came between two pieces, and only then. */
static void a_walk_notices_every_change(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_zone *z = s->zones[0];
	struct shb_walk w;
	u32 i = 0;
	int k;

	shb_walk_start(&w, z);
	for (k = 0; k < 8; k++) {
		bool changed = k & 1;

		if (changed && k < 4)
			i = buddy_take(z, k, SHB_MOVABLE, 0);
		else if (changed && k < 6)
			KUNIT_EXPECT_EQ(test, 0, shb_split(s, shb_pfn_of(z, i), 3));
		else if (changed)
			buddy_free(z, i, 0);
		KUNIT_EXPECT_EQ(test, !changed, shb_walk_lock(&w));
		shb_walk_unlock(&w);
	}
}

/* Empty lists are looked at, and nothing is different. */
static void a_walk_is_not_told_of_a_vain_refill(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &one_zone)->zones[0];
	unsigned long irq;
	struct shb_walk w;

	shb_walk_start(&w, z);
	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, 0, shb_zone_take_list(z, z->pcps[0].roots, 0, SHB_UNMOVABLE, 4));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_TRUE(test, shb_walk_lock(&w));
	shb_walk_unlock(&w);
}

static void pageblocks_and_granules(struct kunit *test)
{
	static const struct shape shape = {
		.nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
		.zones = { { 0, SHB_NORMAL, 2, 5 } },
	};
	struct shb_state *s = build(test, "linux-6.12", &shape);

	buddy_take(s->zones[0], 3, SHB_UNMOVABLE, 0);
	expect_text(test,
		    "Node 0, zone   Normal pfn 0x4000 type    Unmovable free 504\n"
		    "Node 0, zone   Normal pfn 0x4200 type    Unmovable free 512\n"
		    "Node 0, zone   Normal pfn 0x5800 type      Movable free 512\n"
		    "Node 0, zone   Normal pfn 0x5a00 type      Movable free 512\n",
		    listing_text(test, s, &shb_show_pageblocks));
	expect_text(test,
		    "Node 0, zone   Normal pfn 0x4000-0x43ff in use\n"
		    "Node 0, zone   Normal pfn 0x5800-0x5bff free\n",
		    listing_text(test, s, &shb_show_carve));
}

/* "name value", and nothing else on any line. */
static void vmstat_is_name_value_lines(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &all_zones);
	const char *p = show_text(test, s, shb_show_vmstat);
	char name[40];
	long v;
	int n;

	KUNIT_EXPECT_EQ(test, 30 * 1024, value_of_word(p, "nr_free_pages"));
	for (; *p; p = next_line(p)) {
		KUNIT_ASSERT_EQ(test, 2, sscanf(p, "%39s %ld%n", name, &v, &n));
		KUNIT_ASSERT_EQ(test, '\n', p[n]);
	}
}

static struct kunit_case show_cases[] = {
	KUNIT_CASE(buddyinfo_is_the_kernels),
	KUNIT_CASE(pagetypeinfo_is_the_kernels),
	KUNIT_CASE(zoneinfo_is_the_kernels),
	KUNIT_CASE(unusable_index_is_the_kernels),
	KUNIT_CASE(extfrag_index_is_the_kernels),
	KUNIT_CASE(negative_index_prints_as_in_c),
	KUNIT_CASE(zonelists_name_nodes_and_zones),
	KUNIT_CASE(selfcheck_says_ok),
	KUNIT_CASE(freelists_in_list_order),
	KUNIT_CASE(a_torn_list_is_marked),
	KUNIT_CASE(a_walk_notices_every_change),
	KUNIT_CASE(a_walk_is_not_told_of_a_vain_refill),
	KUNIT_CASE(pageblocks_and_granules),
	KUNIT_CASE(vmstat_is_name_value_lines),
	{}
};

struct kunit_suite show_suite = {
	.name = "shadowbuddy_show", .test_cases = show_cases,
};
