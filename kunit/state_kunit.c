// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_state: instances in a world of the test's own making (struct shb_host),
 * their tunables, cpus that come and go, and the files that tell of them.
 */
#include "fixture.h"
#include "show/show.h"
#include "version.h"

#define TEXT_MAX	65536

/* --- a world in which memory runs out -------------------------------------------------------------- */

static int tables_left, tables_out;

static void *scarce_alloc(size_t bytes, int nid)
{
	void *table;

	if (!tables_left--)
		return NULL;
	table = shb_host_paper.alloc(bytes, nid);
	tables_out += !!table;
	return table;
}

static void scarce_free(void *table)
{
	tables_out -= !!table;
	shb_host_paper.free(table);
}

/* The n-th table is not to be had, for every n: the state is not built and nothing remains. */
static void every_missing_table_is_survived(struct kunit *test)
{
	const unsigned long pfns[] = { 1024, 2048 };
	const struct shb_plan_zone zones[] = {
		{ .kind = SHB_DMA32, .nr_granules = 1, .pfns = pfns },
		{ .kind = SHB_NORMAL, .nr_granules = 1, .pfns = pfns + 1 },
	};
	struct shb_host host = shb_host_paper;
	struct shb_topology topo;
	struct shb_plan plan = {
		.profile = shb_profile_find("linux-6.12"), .format = &format_612, .topo = &topo,
		.host = &host, .kinds = 0x1f, .zones = zones, .nr_zones = 2,
	};
	struct shb_state *s = ERR_PTR(-ENOMEM);
	int n;

	fill_topology(test, &one_zone, &topo);
	host.alloc = scarce_alloc;
	host.free = scarce_free;
	for (n = 0; IS_ERR(s) && n < 50; n++) {
		tables_left = n;
		tables_out = 0;
		s = shb_state_create(&plan);
		if (IS_ERR(s)) {
			KUNIT_ASSERT_PTR_EQ(test, ERR_PTR(-ENOMEM), s);
			KUNIT_ASSERT_EQ(test, 0, tables_out);
		}
	}
	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	KUNIT_EXPECT_EQ(test, 16, n);	/* seven for each zone and the map; the 16th try has all */
	shb_state_destroy(s);
	KUNIT_EXPECT_EQ(test, 0, tables_out);
}

static void a_zone_no_index_reaches_is_refused(struct kunit *test)
{
	struct shb_topology topo;
	const struct shb_plan_zone zone = { .kind = SHB_NORMAL, .nr_granules = SHB_ZONE_GRANULES_MAX + 1 };
	const struct shb_plan plan = {
		.profile = shb_profile_find("linux-6.12"), .format = &format_612, .topo = &topo,
		.host = &shb_host_paper, .kinds = 0x1f, .zones = &zone, .nr_zones = 1,
	};

	fill_topology(test, &one_zone, &topo);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-E2BIG), shb_state_create(&plan));
}

/* --- requests by whoever asks ----------------------------------------------------------------------- */

struct by_row { u8 by; gfp_t gfp; unsigned int slow, reserves; const char *name; };

/* gfp_to_alloc_flags() and __gfp_pfmemalloc_flags() by what the task is. */
static const struct by_row by_rows[] = {
	{ 0, GFP_KERNEL, 0, 0, "nobody_special" },
	{ SHB_BY_REALTIME, GFP_KERNEL, SHB_ALLOC_MIN_RESERVE, 0, "realtime" },
	{ SHB_BY_REALTIME, GFP_NOWAIT, 0, 0, "realtime_that_may_not_wait" },
	{ SHB_BY_MEMALLOC, GFP_KERNEL, 0, SHB_ALLOC_NO_WATERMARKS, "memalloc" },
	{ SHB_BY_MEMALLOC, GFP_KERNEL | __GFP_NOMEMALLOC, 0, 0, "memalloc_but_not_this" },
	{ SHB_BY_OOM_VICTIM, GFP_KERNEL, 0, SHB_ALLOC_OOM, "oom_victim" },
	{ SHB_BY_MEMALLOC | SHB_BY_OOM_VICTIM, GFP_KERNEL, 0, SHB_ALLOC_NO_WATERMARKS, "both" },
};

static void by_name(const struct by_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(by, by_rows, by_name);

static void who_asks_decides_the_reserves(struct kunit *test)
{
	const struct by_row *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_request r = { .gfp = row->gfp, .by = row->by };

	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_EQ(test, row->slow, shb_request_slow_flags(s, &r) & SHB_ALLOC_MIN_RESERVE);
	KUNIT_EXPECT_EQ(test, row->reserves, shb_request_reserves(s, &r));
}

/* defrag_mode (7.2): nothing is fragmented in the first attempt, nor in the second. */
static void defrag_mode_fragments_last(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-7.2", &one_zone);
	struct shb_request r = { .gfp = GFP_KERNEL };

	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_FALSE(test, shb_request_slow_flags(s, &r) & SHB_ALLOC_NOFRAGMENT);
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "defrag_mode", "1"));
	KUNIT_EXPECT_EQ(test, SHB_ALLOC_NOFRAGMENT, shb_request_nofragment(s, &r));
	KUNIT_EXPECT_TRUE(test, shb_request_slow_flags(s, &r) & SHB_ALLOC_NOFRAGMENT);
	while (buddy_take(s->zones[0], 5, SHB_MOVABLE, 0) != SHB_NONE)
		;
	buddy_free(s->zones[0], 32, 5);
	s->zones[0]->marks.watermark[SHB_WMARK_MIN] = 0;
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, serve(s, GFP_KERNEL, 4, 0, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_long_read(&s->events[SHB_EXTFRAG]));
	check_all(test, s);
}

/* --- tunables, ticks, cpus -------------------------------------------------------------------------- */

static char *text_of(struct kunit *test, struct seq_file *m)
{
	*m = (struct seq_file){ .size = TEXT_MAX };
	m->buf = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m->buf);
	return m->buf;
}

struct knob_row { const char *name, *write, *read; };

static const struct knob_row knob_rows[] = {
	{ "min_free_kbytes", "4321", "4321\n" }, { "watermark_scale_factor", "77\n", "77\n" },
	{ "lowmem_reserve_ratio", "256 128 0", "256\t128\t0\t0\t0\n" },
	{ "lowmem_reserve_ratio", "-3", "0\t256\t32\t0\t0\n" },
	{ "percpu_pagelist_high_fraction", "8", "8\n" }, { "numa_stat", "0", "0\n" },
};

static void knob_name(const struct knob_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s_%.4s", r->name, r->write);
}
KUNIT_ARRAY_PARAM(knob, knob_rows, knob_name);

static void a_knob_reads_as_it_was_written(struct kunit *test)
{
	const struct knob_row *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct seq_file m;
	char *text = text_of(test, &m);
	int k;

	KUNIT_EXPECT_EQ(test, 0, set_knob(s, row->name, row->write));
	for (k = 0; strcmp(shb_tune_name(k), row->name); k++)
		;
	shb_tune_show(s, k, &m);
	KUNIT_EXPECT_STREQ(test, row->read, (const char *)text);
}

/*
 * By hand, 65536 pages: min_free 2048, so high is 768 pages; a twentieth of the other 64768 is
 * 3238 pages, 12952 KiB. Off: high is now 4856, sqrt((65536 - 4856) * 4 * 16) = 1970.
 */
static void huge_pages_off_gives_their_share_back(struct kunit *test)
{
	struct shb_topology topo;
	struct shb_state *s;

	fill_topology(test, &big_zone, &topo);
	s = build_topo(test, "linux-6.12", &big_zone, &topo, true);
	KUNIT_EXPECT_EQ(test, 12952, s->tune.min_free_kbytes);
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "transparent_hugepage", "0"));
	KUNIT_EXPECT_EQ(test, 1970, s->tune.min_free_kbytes);
}

/* A cpu that goes leaves its part to the others, and its pages to the zone. */
static void a_dead_cpu_leaves_everything(struct kunit *test)
{
	struct shape shape = big_zone;
	struct shb_state *s;
	struct shb_zone *z;
	int alone;

	shape.cpus = 2;
	s = build(test, "linux-6.12", &shape);
	z = s->zones[0];
	alone = z->pcps[0].high_max;
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, serve(s, GFP_KERNEL, 0, 0, 1));
	KUNIT_EXPECT_GT(test, z->pcps[1].count, 0);
	shb_drain_dead(s, 1);
	shb_tune_cpu_changed(s, 1, false);
	KUNIT_EXPECT_EQ(test, 0, z->pcps[1].count);
	KUNIT_EXPECT_EQ(test, 2 * alone, z->pcps[0].high_max);
	shb_tune_cpu_changed(s, 1, true);
	KUNIT_EXPECT_EQ(test, alone, z->pcps[1].high_max);
	check_all(test, s);
}

/* The tick: as often as stat_interval says; 0 stops it, and is looked at every second. */
static void the_tick_keeps_its_interval(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &big_zone);
	struct shb_pcp *pcp = &s->zones[0]->pcps[0];
	const u64 second = 1000000000;

	serve(s, GFP_KERNEL, 0, 0, 0);
	pcp->high = pcp->high_max;
	KUNIT_EXPECT_EQ(test, 5 + second, shb_drain_step(s, 5));
	KUNIT_EXPECT_EQ(test, pcp->high_max - pcp->high_max / 8, pcp->high);
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "stat_interval", "7"));
	KUNIT_EXPECT_EQ(test, 7 * second, shb_drain_step(s, 0));
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "stat_interval", "0"));
	pcp->high = pcp->high_max;
	KUNIT_EXPECT_EQ(test, second, shb_drain_step(s, 0));
	KUNIT_EXPECT_EQ(test, pcp->high_max, pcp->high);
}

static void interleaved_blocks_are_counted(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);

	shb_count_interleave(s, serve(s, GFP_KERNEL, 0, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(s->zones[0], SHB_NUMA_INTERLEAVE));
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "numa_stat", "0"));
	shb_count_interleave(s, serve(s, GFP_KERNEL, 0, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(s->zones[0], SHB_NUMA_INTERLEAVE));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(s->zones[0], SHB_NUMA_HIT));
}

/* --- frees that are not one block's own ------------------------------------------------------------- */

static void lists_of_pages_are_freed_one_by_one(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	unsigned long pfn = serve(s, GFP_KERNEL, 0, 0, 0);

	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free_batched(s, pfn, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_free_batched(s, pfn, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_free_to_tail(s, pfn, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_FOREIGN, shb_free_check(s, 1, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_set_movable(s, pfn, 0, true));
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	check_all(test, s);
}

/* The reserve of whole blocks: order 9 and 10 pageblocks, given up as they came. */
static void a_big_block_is_reserved_and_given_up(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-7.2", &big_zone);
	struct shb_zone *z = s->zones[0];
	unsigned long irq;
	u32 i = buddy_take(z, 9, SHB_UNMOVABLE, 0);

	raw_spin_lock_irqsave(&z->lock, irq);
	shb_highatomic_reserve(z, i, 9);
	KUNIT_EXPECT_EQ(test, SHB_HIGHATOMIC, shb_block_type(z, i));
	KUNIT_EXPECT_EQ(test, 512, z->buddy.reserved);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	buddy_free(z, i, 9);
	KUNIT_EXPECT_EQ(test, 512, z->buddy.pages[SHB_HIGHATOMIC]);
	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_EXPECT_TRUE(test, shb_highatomic_unreserve(z, SHB_MOVABLE, true));
	KUNIT_EXPECT_FALSE(test, shb_highatomic_unreserve(z, SHB_MOVABLE, true));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE, shb_block_type(z, i));
	KUNIT_EXPECT_EQ(test, 0, z->buddy.reserved);
	check_one(test, z);
}

/* --- files ------------------------------------------------------------------------------------------ */

static void expect_lines(struct kunit *test, const char *text, const char *const *lines, int nr)
{
	int k;

	for (k = 0; k < nr; k++)
		KUNIT_EXPECT_NOT_NULL(test, strstr(text, lines[k]));
}

static void meta_says_what_the_numbers_mean(struct kunit *test)
{
	static const char *const lines[] = {
		"version " SHB_VERSION "\n", "profile linux-6.12\n", "model 0\n", "page_size 4096\n",
		"migratetypes Unmovable Movable Reclaimable HighAtomic Isolate\n",
		"zones DMA DMA32 Normal Movable Device\n", "pages 4096\n",
	};
	struct seq_file m;
	char *text = text_of(test, &m);

	KUNIT_EXPECT_EQ(test, 0, shb_show_meta(build(test, "linux-6.12", &one_zone), &m));
	expect_lines(test, text, lines, ARRAY_SIZE(lines));
}

static void pcp_shows_every_list(struct kunit *test)
{
	static const char *const lines[] = {
		"Node 0, zone   Normal cpu 0 count 6 high 128 high_min 128 high_max 128 batch 1 free_count 0 free_factor 0 alloc_factor 0\n",
		"  list  3 order 1 type Unmovable blocks 3 refills 1 trims 0\n",
		"  list 12 order 9 type Unmovable|Reclaimable blocks 0 refills 0 trims 0\n",
		"  list 13 order 9 type Movable blocks 0 refills 0 trims 0\n",
	};
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_pcp *pcp = &s->zones[0]->pcps[0];
	struct seq_file m;
	char *text = text_of(test, &m);

	pcp->high_min = pcp->high_max = 128;
	pcp->batch = 8;
	serve(s, GFP_KERNEL, 1, 0, 0);
	pcp->batch = 1;
	KUNIT_EXPECT_EQ(test, 0, shb_show_pcp(s, &m));
	expect_lines(test, text, lines, ARRAY_SIZE(lines));
}

/* What shbsim reads: the machine as it was built, granules in runs. */
static void machine_is_what_it_was_built_of(struct kunit *test)
{
	static const struct shape shape = {
		.nodes = 2, .cpus = 2, .distance = 20, .cpuless = -1, .nr = 2,
		.zones = { { 0, SHB_NORMAL, 3 }, { 1, SHB_MOVABLE_ZONE, 2, 1 } },
	};
	static const char *const lines[] = {
		"profile linux-7.2\nmachine nodes 2 cpus 2 max_nodes 1024 cpus_uncounted 0\n"
		"node 0 online 1 distance 10 20\nnode 1 online 1 distance 20 10\n"
		"cpu 0 node 0 online 1 cache 0\ncpu 1 node 1 online 1 cache 0\nkinds 0x1f\n",
		"zone 0 Normal managed 3072 present 3072 spanned 3072 start 0x4000 cma 0 granules 0x4000+3\n",
		"zone 1 Movable managed 2048 present 2048 spanned 3072 start 0x4c00 cma 0 granules 0x4c00+1 0x5400+1\n",
		"zone_stats nr_free_pages nr_zone_inactive_anon", "hugepages 0\n", "tunable defrag_mode 0\n",
	};
	struct seq_file m;
	char *text = text_of(test, &m);

	KUNIT_EXPECT_EQ(test, 0, shb_show_machine(build(test, "linux-7.2", &shape), &m));
	expect_lines(test, text, lines, ARRAY_SIZE(lines));
}

/* A zone as it stands: numbers, types in runs, lists in order. */
static void snapshot_has_lists_in_order(struct kunit *test)
{
	static const char *const lines[] = {
		"snapshot 0 Normal\nnumber nr_free_pages 4080\n",
		"pageblocks Movable*8\n", "movable 0+8\n", "free 3 Movable 8/1 24/1\n",
		"free 5 Movable 32/1\n", "free 10 Movable 1024/1 2048/1 3072/1\n",
		"pcp 0 count 8 high ", "list 0 10 16/0\n",
	};
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_zone *z = s->zones[0];
	struct seq_file m;
	char *text = text_of(test, &m);

	z->pcps[0].high_min = z->pcps[0].high_max = 100;
	KUNIT_ASSERT_EQ(test, 0, buddy_take(z, 3, SHB_MOVABLE, 0));
	KUNIT_ASSERT_EQ(test, 8, buddy_take(z, 3, SHB_MOVABLE, 0));
	KUNIT_ASSERT_EQ(test, 16, buddy_take(z, 3, SHB_MOVABLE, 0));
	z->frames[0].flags = SHB_FRAME_MOVABLE;
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, shb_pfn_of(z, 16), 3, 0, 0));
	buddy_free(z, 8, 3);
	KUNIT_EXPECT_EQ(test, 0, shb_show_snapshot(s, &m));
	expect_lines(test, text, lines, ARRAY_SIZE(lines));
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(every_missing_table_is_survived),
	KUNIT_CASE(a_zone_no_index_reaches_is_refused),
	KUNIT_CASE_PARAM(who_asks_decides_the_reserves, by_gen_params),
	KUNIT_CASE(defrag_mode_fragments_last),
	KUNIT_CASE_PARAM(a_knob_reads_as_it_was_written, knob_gen_params),
	KUNIT_CASE(huge_pages_off_gives_their_share_back),
	KUNIT_CASE(a_dead_cpu_leaves_everything),
	KUNIT_CASE(the_tick_keeps_its_interval),
	KUNIT_CASE(interleaved_blocks_are_counted),
	KUNIT_CASE(lists_of_pages_are_freed_one_by_one),
	KUNIT_CASE(a_big_block_is_reserved_and_given_up),
	KUNIT_CASE(meta_says_what_the_numbers_mean),
	KUNIT_CASE(pcp_shows_every_list),
	KUNIT_CASE(machine_is_what_it_was_built_of),
	KUNIT_CASE(snapshot_has_lists_in_order),
	{}
};

struct kunit_suite state_suite = {
	.name = "shadowbuddy_state", .test_cases = state_cases,
};
