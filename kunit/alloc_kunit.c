// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_alloc: requests from gfp mask to page, over zones and nodes.
 */
#include "fixture.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

struct gfp_row { gfp_t gfp; int highest, type; const char *name; };

/* gfp_zone() and gfp_migratetype() on x86-64; SHB_NR_KINDS: not a valid mask. */
static const struct gfp_row gfp_rows[] = {
	{ GFP_KERNEL, SHB_NORMAL, SHB_UNMOVABLE, "kernel" },
	{ GFP_KERNEL | __GFP_RECLAIMABLE, SHB_NORMAL, SHB_RECLAIMABLE, "reclaimable" },
	{ GFP_HIGHUSER, SHB_NORMAL, SHB_UNMOVABLE, "highuser" },
	{ GFP_HIGHUSER_MOVABLE, SHB_MOVABLE_ZONE, SHB_MOVABLE, "highuser_movable" },
	{ GFP_KERNEL | __GFP_MOVABLE, SHB_NORMAL, SHB_MOVABLE, "movable_alone" },
	{ GFP_DMA, SHB_DMA, SHB_UNMOVABLE, "dma" },
	{ GFP_DMA32, SHB_DMA32, SHB_UNMOVABLE, "dma32" },
	{ GFP_DMA | __GFP_MOVABLE, SHB_DMA, SHB_MOVABLE, "dma_movable" },
	{ GFP_DMA32 | __GFP_MOVABLE, SHB_DMA32, SHB_MOVABLE, "dma32_movable" },
	{ GFP_DMA | GFP_DMA32, SHB_NR_KINDS, 0, "dma_and_dma32" },
	{ GFP_DMA | __GFP_HIGHMEM, SHB_NR_KINDS, 0, "dma_and_highmem" },
	{ GFP_KERNEL | __GFP_MOVABLE | __GFP_RECLAIMABLE, SHB_NR_KINDS, 0, "both_mobilities" },
};

static void gfp_row_name(const struct gfp_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(gfp_row, gfp_rows, gfp_row_name);

static void gfp_to_zone_and_type(struct kunit *test)
{
	const struct gfp_row *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &all_zones);
	struct shb_request r = { .gfp = row->gfp };
	bool ok = shb_request_init(s, &r);

	KUNIT_EXPECT_EQ(test, row->highest != SHB_NR_KINDS, ok);
	if (!ok)
		return;
	KUNIT_EXPECT_EQ(test, row->highest, r.highest);
	KUNIT_EXPECT_EQ(test, row->type, r.type);
	KUNIT_EXPECT_EQ(test, row->highest, (*r.preferred)->kind);
}

struct slow_row { gfp_t gfp; int order; unsigned int flags; const char *name; };

/* gfp_to_alloc_flags(); KSWAPD is part of most composites. */
static const struct slow_row slow_rows[] = {
	{ GFP_KERNEL, 0, SHB_ALLOC_CPUSET | SHB_ALLOC_KSWAPD, "kernel" },
	{ GFP_ATOMIC, 0, SHB_ALLOC_MIN_RESERVE | SHB_ALLOC_NON_BLOCK | SHB_ALLOC_KSWAPD,
	  "atomic" },
	{ GFP_ATOMIC, 1, SHB_ALLOC_MIN_RESERVE | SHB_ALLOC_NON_BLOCK | SHB_ALLOC_KSWAPD |
	  SHB_ALLOC_HIGHATOMIC, "atomic_order_1" },
	{ GFP_ATOMIC | __GFP_NOMEMALLOC, 1, SHB_ALLOC_MIN_RESERVE | SHB_ALLOC_KSWAPD,
	  "atomic_nomemalloc" },
	{ GFP_NOWAIT, 2, SHB_ALLOC_NON_BLOCK | SHB_ALLOC_KSWAPD | SHB_ALLOC_CPUSET, "nowait" },
	{ GFP_KERNEL | __GFP_HIGH, 0, SHB_ALLOC_CPUSET | SHB_ALLOC_KSWAPD |
	  SHB_ALLOC_MIN_RESERVE, "kernel_high" },
	{ GFP_HIGHUSER_MOVABLE, 0, SHB_ALLOC_CPUSET | SHB_ALLOC_KSWAPD | SHB_ALLOC_CMA,
	  "movable" },
};

static void slow_row_name(const struct slow_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(slow_row, slow_rows, slow_row_name);

static void slowpath_flags(struct kunit *test)
{
	const struct slow_row *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &all_zones);
	struct shb_request r = { .gfp = row->gfp, .order = row->order };

	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_EQ(test, row->flags, shb_request_slow_flags(s, &r));
}

static unsigned long one(struct shb_state *s, gfp_t gfp, int order, int nid)
{
	return serve(s, gfp, order, nid, 0);
}

static struct shb_zone *zone_of(struct shb_state *s, unsigned long pfn)
{
	u32 i;

	return shb_zone_of(s, pfn, &i);
}

static void order_above_ten_is_refused(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);

	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, one(s, GFP_KERNEL | __GFP_NOWARN, 11, 0));
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, one(s, GFP_KERNEL | __GFP_NOWARN, -1, 0));
	check_all(test, s);
}

/* Every order of every type: aligned, inside one zone, and back to what it was. */
static void every_order_comes_and_goes(struct kunit *test)
{
	static const gfp_t types[] = {
		GFP_KERNEL, GFP_KERNEL | __GFP_MOVABLE, GFP_KERNEL | __GFP_RECLAIMABLE,
	};
	struct shb_state *s = build(test, *(const char *const *)test->param_value, &all_zones);
	unsigned long pfn;
	int order, t;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (t = 0; t < ARRAY_SIZE(types); t++) {
			pfn = one(s, types[t], order, 0);
			KUNIT_ASSERT_NE(test, pfn, SHB_NO_PFN);
			KUNIT_EXPECT_EQ(test, 0, pfn & ((1UL << order) - 1));
			KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, pfn, order, 0, 0));
			check_all(test, s);
		}
	}
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
}

/*
 * Requests that could have Normal empty it to its mark, but leave DMA32 and DMA their
 * mark plus lowmem_reserve; what is left there is for requests that can only go there.
 */
static void lowmem_reserve_keeps_low_zones(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &all_zones);
	struct shb_zone *dma = s->zones[0], *dma32 = s->zones[1], *normal = s->zones[2];
	gfp_t gfp = GFP_NOWAIT | __GFP_THISNODE | __GFP_NOMEMALLOC;

	s->tune.lowmem_reserve_ratio[SHB_DMA] = 8;
	s->tune.lowmem_reserve_ratio[SHB_DMA32] = 4;
	mutex_lock(&s->tune_lock);
	shb_watermark_setup_lowmem(s);
	mutex_unlock(&s->tune_lock);
	KUNIT_EXPECT_PTR_EQ(test, normal, zone_of(s, one(s, gfp, 4, 0)));
	while (one(s, gfp, 4, 0) != SHB_NO_PFN)
		;
	KUNIT_EXPECT_LE(test, normal->buddy.free_pages, (long)normal->marks.watermark[0] + 15);
	KUNIT_EXPECT_GE(test, dma32->buddy.free_pages,
			(long)dma32->marks.watermark[0] + dma32->marks.lowmem_reserve[SHB_NORMAL]);
	KUNIT_EXPECT_LE(test, dma32->buddy.free_pages, (long)dma32->marks.watermark[0] + 15 +
			dma32->marks.lowmem_reserve[SHB_NORMAL]);
	KUNIT_EXPECT_EQ(test, 8192 / 4, dma32->marks.lowmem_reserve[SHB_NORMAL]);
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, one(s, gfp | __GFP_DMA32, 4, 0));
	KUNIT_EXPECT_EQ(test, 16384 / 8, dma->marks.lowmem_reserve[SHB_NORMAL]);
	KUNIT_EXPECT_EQ(test, dma->extent.nr_frames, dma->buddy.free_pages);
	check_all(test, s);
}

/* Node 0 full: others serve, and the events say so. THISNODE gets nothing. */
static void numa_events_follow_the_kernel(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &all_zones);
	struct shb_zone *home = s->zones[2], *away = s->zones[4];
	int n;

	KUNIT_EXPECT_NE(test, SHB_NO_PFN, one(s, GFP_KERNEL, 0, 0));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(home, SHB_NUMA_HIT));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(home, SHB_NUMA_LOCAL));
	for (n = 0; n < 3; n++)
		s->zones[n]->marks.watermark[SHB_WMARK_LOW] = 100000;
	for (n = 0; n < 3; n++)
		s->zones[n]->marks.watermark[SHB_WMARK_HIGH] = 100000;
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, one(s, GFP_KERNEL, 5, 0));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(away, SHB_NUMA_MISS));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(away, SHB_NUMA_OTHER));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(home, SHB_NUMA_FOREIGN));
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, serve(s, GFP_KERNEL, 0, 1, 1));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(away, SHB_NUMA_HIT));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(away, SHB_NUMA_LOCAL));
	for (n = 0; n < 3; n++)
		s->zones[n]->marks.watermark[SHB_WMARK_MIN] = 100000;
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, one(s, GFP_NOWAIT | __GFP_THISNODE, 0, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_long_read(&s->events[SHB_ALLOC_FAIL]));
	KUNIT_EXPECT_EQ(test, 0, atomic_long_read(&s->events[SHB_NEED_RECLAIM]));
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, one(s, GFP_KERNEL | __GFP_THISNODE, 0, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_long_read(&s->events[SHB_NEED_RECLAIM]));
	check_all(test, s);
}

static void nodemask_is_obeyed(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &all_zones);
	nodemask_t mask;
	struct shb_request r = { .gfp = GFP_KERNEL, .nodemask = &mask };

	nodes_clear(mask);
	node_set(1, mask);
	KUNIT_EXPECT_EQ(test, 1, zone_of(s, shb_serve(s, r, NULL))->nid);
	nodes_clear(mask);
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, shb_serve(s, r, NULL));
}

/* Marks of 1000: how far down each kind of request gets. */
struct depth_row { gfp_t gfp; long want; const char *name; };

static const struct depth_row depth_rows[] = {
	{ GFP_KERNEL, 1000, "kernel" },
	{ GFP_NOWAIT, 1000, "nowait" },
	{ GFP_KERNEL | __GFP_HIGH, 500, "high" },
	{ GFP_ATOMIC, 375, "atomic" },
	{ GFP_KERNEL | __GFP_MEMALLOC, 0, "memalloc" },
	{ GFP_KERNEL | __GFP_MEMALLOC | __GFP_NOMEMALLOC, 1000, "nomemalloc" },
	{ GFP_KERNEL | __GFP_NOFAIL, 500, "nofail" },
};

static void depth_row_name(const struct depth_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(depth_row, depth_rows, depth_row_name);

static void reserves_reach_as_deep_as_the_flags_say(struct kunit *test)
{
	const struct depth_row *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_zone *z = s->zones[0];

	z->marks.watermark[SHB_WMARK_MIN] = 1000;
	z->marks.watermark[SHB_WMARK_LOW] = 1250;
	z->marks.watermark[SHB_WMARK_HIGH] = 1500;
	z->pcps[0].high_min = 0;
	z->pcps[0].high_max = 0;
	while (one(s, row->gfp, 0, 0) != SHB_NO_PFN)
		;
	KUNIT_EXPECT_EQ(test, row->want, z->buddy.free_pages + z->pcps[0].count);
	check_all(test, s);
}

/* Nothing of a refused free changes anything. */
static void bad_frees_are_refused(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	unsigned long pfn = one(s, GFP_KERNEL, 3, 0), big = one(s, GFP_KERNEL, 5, 0);
	long free = s->zones[0]->buddy.free_pages;

	KUNIT_EXPECT_EQ(test, SHB_FREE_ORDER, shb_free(s, pfn, 2, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_ORDER, shb_free(s, pfn, 4, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_MIDDLE, shb_free(s, pfn + 1, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_MIDDLE, shb_free(s, big + 16, 4, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_FOREIGN, shb_free(s, 1, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_FOREIGN, shb_free(s, ~0UL, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, free, s->zones[0]->buddy.free_pages);
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, pfn, 3, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_free(s, pfn, 3, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, big, 5, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_free(s, big, 5, 0, 0));
	KUNIT_EXPECT_EQ(test, 8, atomic_long_read(&s->events[SHB_BAD_FREE]));
	check_all(test, s);
}

/* Whichever way a block goes back by, the second time it is refused, once, and for the reason. */
static void second_frees_are_refused(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	unsigned long pfn, free;
	int order;

	for (order = 0; order <= SHB_MAX_ORDER; order++) {
		pfn = one(s, GFP_KERNEL, order, 0);
		KUNIT_EXPECT_EQ(test, SHB_FREE_ORDER,
				shb_give_back(s, pfn, order ? order - 1 : 4, 0, 0, false));
		KUNIT_EXPECT_EQ(test, SHB_FREE_FOREIGN, shb_give_back(s, 1, order, 0, 0, false));
		KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_give_back(s, pfn, order, 0, 0, false));
		free = s->zones[0]->buddy.free_pages;
		KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_give_back(s, pfn, order, 0, 0, false));
		KUNIT_EXPECT_EQ(test, free, s->zones[0]->buddy.free_pages);
		KUNIT_EXPECT_EQ(test, 3 * (order + 1), atomic_long_read(&s->events[SHB_BAD_FREE]));
	}
	check_all(test, s);
}

static void split_block_is_freed_page_by_page(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	unsigned long pfn = one(s, GFP_KERNEL, 3, 0);
	int k;

	KUNIT_EXPECT_EQ(test, -EINVAL, shb_split(s, pfn, 2));
	KUNIT_EXPECT_EQ(test, 0, shb_split(s, pfn, 3));
	KUNIT_EXPECT_EQ(test, SHB_FREE_ORDER, shb_free(s, pfn, 3, 0, 0));
	check_all(test, s);
	for (k = 0; k < 8; k++)
		KUNIT_EXPECT_EQ(test, SHB_FREE_OK, k & 1 ? shb_free(s, pfn + k, 0, 0, 0) :
				shb_free_to_tail(s, pfn + k, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	check_all(test, s);
}

/* Bulk: from one local zone above LOW + nr; one page at least when there is any. */
static void bulk_takes_what_the_zone_can_spare(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_zone *z = s->zones[0];
	unsigned long pfns[64];
	struct shb_request r = { .gfp = GFP_KERNEL };

	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_EQ(test, 64, shb_alloc_bulk(s, &r, 64, pfns));
	KUNIT_EXPECT_EQ(test, 64, shb_count_read(z, SHB_NUMA_HIT));
	KUNIT_EXPECT_EQ(test, 64, shb_count_read(z, SHB_PGALLOC));
	z->marks.watermark[SHB_WMARK_LOW] = z->buddy.free_pages - 32;
	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_EQ(test, 1, shb_alloc_bulk(s, &r, 64, pfns));
	KUNIT_EXPECT_EQ(test, 0, shb_alloc_bulk(s, &r, 0, pfns));
	check_all(test, s);
}

/* An atomic order-1 request that had to go to MIN leaves a reserved pageblock behind. */
static void atomic_pressure_reserves_a_block(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &big_zone);
	struct shb_zone *z = s->zones[0];

	z->marks.watermark[SHB_WMARK_LOW] = 100000;
	z->marks.watermark[SHB_WMARK_HIGH] = 100000;
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, one(s, GFP_ATOMIC, 4, 0));
	KUNIT_EXPECT_EQ(test, 512, z->buddy.reserved);
	KUNIT_EXPECT_EQ(test, 496, z->buddy.pages[SHB_HIGHATOMIC]);
	check_all(test, s);
}

/* While another local zone can serve, small foreign blocks are left alone. */
static void nofragment_prefers_the_next_local_zone(struct kunit *test)
{
	static const struct shape shape = {
		.nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 2,
		.zones = { { 0, SHB_DMA32, 4 }, { 0, SHB_NORMAL, 4 } },
	};
	struct shb_state *s = build(test, "linux-6.12", &shape);
	struct shb_zone *normal = s->zones[1];
	unsigned long pfn, *held = kunit_kcalloc(test, 4096, sizeof(*held), GFP_KERNEL);
	int k, nr = 0;

	KUNIT_ASSERT_NOT_NULL(test, held);
	for (k = 0; k < SHB_NR_WMARK; k++)
		normal->marks.watermark[k] = 0;
	while ((pfn = one(s, GFP_KERNEL | __GFP_MOVABLE | __GFP_NOMEMALLOC, 4, 0)) != SHB_NO_PFN &&
	       zone_of(s, pfn) == normal)
		held[nr++] = pfn;
	for (k = 0; k < nr; k += 2)
		shb_free(s, held[k], 4, 0, 0);
	KUNIT_EXPECT_PTR_EQ(test, s->zones[0], zone_of(s, one(s, GFP_KERNEL, 4, 0)));
	KUNIT_EXPECT_PTR_EQ(test, normal, zone_of(s, one(s, GFP_KERNEL | __GFP_MOVABLE, 4, 0)));
	check_all(test, s);
}

static int node_of_alloc(struct kunit *test, struct shb_state *s, gfp_t gfp)
{
	unsigned long pfn = one(s, gfp, 0, 0);

	KUNIT_ASSERT_NE(test, SHB_NO_PFN, pfn);
	return zone_of(s, pfn)->nid;
}

static void set_kswapd(struct shb_state *s, int nid, bool runs)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		if (z->nid == nid)
			assign_bit(SHB_ZONE_KSWAPD_RUNS, &z->flags, runs);
}

/* Appendix A, 23: 7.2 passes nodes by whose kswapd runs, unless nobody else has a page. */
static void node_with_busy_kswapd_is_asked_last(struct kunit *test)
{
	const char *const *profile = test->param_value;
	bool skips = since(test, 7002);
	struct shb_state *s = build(test, *profile, &all_zones);

	KUNIT_EXPECT_EQ(test, 0, node_of_alloc(test, s, GFP_KERNEL));
	set_kswapd(s, 0, true);
	KUNIT_EXPECT_EQ(test, skips, node_of_alloc(test, s, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, 0, node_of_alloc(test, s, GFP_KERNEL | __GFP_THISNODE));
	set_kswapd(s, 1, true);
	KUNIT_EXPECT_EQ(test, 0, node_of_alloc(test, s, GFP_KERNEL));
	set_kswapd(s, 0, false);
	KUNIT_EXPECT_EQ(test, 0, node_of_alloc(test, s, GFP_KERNEL));
}

/* --- random runs over whole machines ---------------------------------------------------------------- */

#define MACHINE_OPS	13000
#define MACHINE_HELD	4096

static const struct shape machines[] = {
	{ "one_small_zone", 1, 1, 20, -1, 1, { { 0, SHB_NORMAL, 1 } } },
	{ "three_zones_2_cpus", 1, 2, 20, -1, 3,
	  { { 0, SHB_DMA, 1 }, { 0, SHB_DMA32, 2, 1 }, { 0, SHB_NORMAL, 2, 3 } } },
	{ "two_nodes_movable", 2, 4, 20, -1, 4,
	  { { 0, SHB_DMA32, 1 }, { 0, SHB_NORMAL, 2 }, { 1, SHB_NORMAL, 2, 1 },
	    { 1, SHB_MOVABLE_ZONE, 1 } } },
	{ "four_nodes_one_cpuless", 4, 4, 12, 2, 4,
	  { { 0, SHB_NORMAL, 1 }, { 1, SHB_NORMAL, 2 }, { 2, SHB_NORMAL, 1, 2 },
	    { 3, SHB_NORMAL, 1 } } },
	{ "eight_nodes_one_memoryless", 8, 8, 20, -1, 7,
	  { { 0, SHB_NORMAL, 1 }, { 1, SHB_NORMAL, 1 }, { 2, SHB_NORMAL, 1 },
	    { 3, SHB_NORMAL, 1 }, { 5, SHB_NORMAL, 1 }, { 6, SHB_NORMAL, 1 },
	    { 7, SHB_NORMAL, 1 } } },
	{ "cma_and_movable", 1, 2, 20, -1, 2,
	  { { 0, SHB_NORMAL, 3, 0, 1 }, { 0, SHB_MOVABLE_ZONE, 1 } } },
};

static void machine_name(const struct shape *shape, char *desc)
{
	strscpy(desc, shape->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(machine, machines, machine_name);

struct machine_run {
	u8 owner[SHB_GRANULE_PAGES * 128];	/* by pfn: 0 nobody, 1 handed out */
	struct { unsigned long pfn; u8 order; } held[MACHINE_HELD];
	int nr;
	unsigned long used;
};

static const gfp_t machine_gfps[] = {
	GFP_KERNEL, GFP_KERNEL | __GFP_RECLAIMABLE, GFP_HIGHUSER_MOVABLE, GFP_ATOMIC, GFP_NOWAIT,
	GFP_DMA32, GFP_DMA, GFP_KERNEL | __GFP_THISNODE, GFP_KERNEL | __GFP_MEMALLOC,
	GFP_KERNEL | __GFP_MOVABLE, GFP_ATOMIC | __GFP_NOMEMALLOC, GFP_KERNEL | __GFP_NOFAIL,
};

/* The block must belong to nobody, be aligned, and lie where the request may go. */
static void claim_block(struct kunit *test, struct shb_state *s, struct machine_run *run,
			const struct shb_request *r, unsigned long pfn)
{
	struct shb_zone *z = zone_of(s, pfn);
	unsigned long k;

	KUNIT_ASSERT_NOT_NULL(test, z);
	KUNIT_ASSERT_LE(test, z->kind, r->highest);
	KUNIT_ASSERT_EQ(test, 0, pfn & ((1UL << r->order) - 1));
	if (r->gfp & __GFP_THISNODE)
		KUNIT_ASSERT_EQ(test, r->nid, z->nid);
	for (k = 0; k < 1UL << r->order; k++) {
		KUNIT_ASSERT_EQ(test, 0, run->owner[pfn + k]);
		run->owner[pfn + k] = 1;
	}
	run->held[run->nr].pfn = pfn;
	run->held[run->nr++].order = r->order;
	run->used += 1UL << r->order;
}

static void machine_alloc(struct kunit *test, struct shb_state *s, struct machine_run *run,
			  u64 *seed)
{
	gfp_t gfp = machine_gfps[draw(seed, ARRAY_SIZE(machine_gfps))];
	struct shb_request r = {
		.gfp = gfp, .order = draw_order(seed), .nid = draw(seed, s->topo.nr_nodes),
		.cpu = draw(seed, s->topo.nr_cpus),
	}, copy;
	unsigned long pfns[16];
	int got, k;

	if (!draw(seed, 16))
		r.order = 0;
	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	copy = r;
	if (!r.order && !draw(seed, 4)) {
		got = shb_alloc_bulk(s, &r, 16, pfns);
	} else {
		pfns[0] = shb_serve(s, r, NULL);
		got = pfns[0] != SHB_NO_PFN;
	}
	for (k = 0; k < got; k++)
		claim_block(test, s, run, &copy, pfns[k]);
	if (got == 1 && draw(seed, 2))
		shb_set_movable(s, pfns[0], copy.order, true);
}

static void machine_free(struct kunit *test, struct shb_state *s, struct machine_run *run,
			 u64 *seed)
{
	int k = draw(seed, run->nr), cpu = draw(seed, s->topo.nr_cpus);
	unsigned long pfn = run->held[k].pfn;
	int order = run->held[k].order;

	if (!draw(seed, 16)) {
		KUNIT_ASSERT_NE(test, SHB_FREE_OK, shb_free_check(s, pfn, order ? order - 1 : 1));
		KUNIT_ASSERT_NE(test, SHB_FREE_OK, shb_free_check(s, pfn + 1, order) &&
				order ? SHB_FREE_MIDDLE : SHB_FREE_ORDER);
	}
	KUNIT_ASSERT_EQ(test, SHB_FREE_OK, shb_give_back(s, pfn, order, cpu, 0, false));
	memset(run->owner + pfn, 0, 1UL << order);
	run->held[k] = run->held[--run->nr];
	run->used -= 1UL << order;
}

/* Things that happen to a machine besides requests. */
static void machine_event(struct shb_state *s, u64 *seed)
{
	struct shb_zone *z = s->zones[draw(seed, s->nr_zones)];
	unsigned long irq;
	u32 i = draw(seed, z->extent.nr_frames);

	switch (draw(seed, 6)) {
	case 0:
		shb_drain(s, draw(seed, s->topo.nr_cpus), NULL);
		break;
	case 1:
		shb_drain_tick(s);
		break;
	case 2:
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_isolate_pageblock(z, i);
		raw_spin_unlock_irqrestore(&z->lock, irq);
		break;
	case 3:
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_unisolate_pageblock(z, i);
		raw_spin_unlock_irqrestore(&z->lock, irq);
		break;
	case 4:
		set_knob(s, "percpu_pagelist_high_fraction", draw(seed, 2) ? "0" : "8");
		break;
	case 5:
		set_knob(s, "watermark_scale_factor", draw(seed, 2) ? "10" : "200");
		break;
	}
}

static void random_machine(struct kunit *test)
{
	const struct shape *shape = test->param_value;
	struct machine_run *run = kunit_kzalloc(test, sizeof(*run), GFP_KERNEL);
	struct shb_state *s;
	u64 seed = start_seed(test, 0);
	int p, op;

	KUNIT_ASSERT_NOT_NULL(test, run);
	for (p = 0; p < ARRAY_SIZE(profiles); p++) {
		s = build(test, profiles[p], shape);
		memset(run, 0, sizeof(*run));
		for (op = 0; op < MACHINE_OPS / ARRAY_SIZE(profiles); op++) {
			bool fill = draw(&seed, 10) < ((op / 500) & 1 ? 3 : 7);

			if (!draw(&seed, 64))
				machine_event(s, &seed);
			else if (!run->nr || (fill && run->nr < MACHINE_HELD - 16))
				machine_alloc(test, s, run, &seed);
			else
				machine_free(test, s, run, &seed);
			KUNIT_ASSERT_EQ(test, run->used, shb_state_used_pages(s));
			check_all(test, s);
			cond_resched();
		}
	}
}

static struct kunit_case alloc_cases[] = {
	KUNIT_CASE_PARAM(gfp_to_zone_and_type, gfp_row_gen_params),
	KUNIT_CASE_PARAM(slowpath_flags, slow_row_gen_params),
	KUNIT_CASE(order_above_ten_is_refused),
	KUNIT_CASE_PARAM(every_order_comes_and_goes, profile_gen_params),
	KUNIT_CASE(lowmem_reserve_keeps_low_zones),
	KUNIT_CASE(numa_events_follow_the_kernel),
	KUNIT_CASE(nodemask_is_obeyed),
	KUNIT_CASE_PARAM(reserves_reach_as_deep_as_the_flags_say, depth_row_gen_params),
	KUNIT_CASE(bad_frees_are_refused),
	KUNIT_CASE(second_frees_are_refused),
	KUNIT_CASE_PARAM(node_with_busy_kswapd_is_asked_last, profile_gen_params),
	KUNIT_CASE(split_block_is_freed_page_by_page),
	KUNIT_CASE(bulk_takes_what_the_zone_can_spare),
	KUNIT_CASE(atomic_pressure_reserves_a_block),
	KUNIT_CASE(nofragment_prefers_the_next_local_zone),
	KUNIT_CASE_PARAM_ATTR(random_machine, machine_gen_params, { .speed = KUNIT_SPEED_SLOW }),
	{}
};

struct kunit_suite alloc_suite = {
	.name = "shadowbuddy_alloc", .test_cases = alloc_cases,
};
