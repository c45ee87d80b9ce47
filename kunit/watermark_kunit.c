// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_watermark: arithmetic as rows, worked by hand from the kernel's
 * formulas. The marks of a whole real machine are compared in shadowbuddy_show.
 */
#include "fixture.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

struct discount_row { long mark; unsigned int flags; long want; const char *name; };

static const struct discount_row discount_rows[] = {
	{ 1000, 0, 1000, "none" },
	{ 1000, SHB_ALLOC_NON_BLOCK, 1000, "non_block_alone" },
	{ 1000, SHB_ALLOC_HIGHATOMIC, 1000, "highatomic_alone" },
	{ 1000, SHB_ALLOC_MIN_RESERVE, 500, "min_reserve" },
	{ 1000, SHB_ALLOC_MIN_RESERVE | SHB_ALLOC_NON_BLOCK, 375, "atomic" },
	{ 1000, SHB_ALLOC_OOM, 500, "oom" },
	{ 1000, SHB_ALLOC_MIN_RESERVE | SHB_ALLOC_NON_BLOCK | SHB_ALLOC_OOM, 188, "all" },
};

static void discount_name(const struct discount_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(discount, discount_rows, discount_name);

/* A zone at rest with 2000 free pages: the test passes just above the threshold. */
static void reserve_flags_lower_the_mark(struct kunit *test)
{
	const struct discount_row *row = test->param_value;
	struct shb_zone *z = build(test, "linux-6.12", &one_zone)->zones[0];

	z->marks.lowmem_reserve[SHB_NORMAL] = 0;
	KUNIT_EXPECT_EQ(test, row->want, shb_watermark_discount(z, row->mark, row->flags));
	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 0, row->mark, SHB_NORMAL, row->flags,
						  row->want));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 0, row->mark, SHB_NORMAL, row->flags,
						 row->want + 1));
	z->marks.lowmem_reserve[SHB_NORMAL] = 70;
	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 0, row->mark, SHB_NORMAL, row->flags,
						  row->want + 70));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 0, row->mark, SHB_NORMAL, row->flags,
						 row->want + 71));
}

/* An order-3 request gives up 7 pages of free, and needs a block it may use. */
static void high_order_needs_a_block(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &one_zone)->zones[0];

	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, 0, 107));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, 0, 108));
	z->buddy.orders[SHB_MOVABLE] = BIT(2);
	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, 0, 4000));
	z->buddy.orders[SHB_HIGHATOMIC] = BIT(3);
	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, 0, 4000));
	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, SHB_ALLOC_NON_BLOCK,
						  4000));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, SHB_ALLOC_HIGHATOMIC,
						 4000));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, SHB_ALLOC_OOM, 4000));
	z->buddy.orders[SHB_CMA] = BIT(5);
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 3, 100, SHB_NORMAL, SHB_ALLOC_CMA, 4000));
	z->buddy.orders[SHB_MOVABLE] = BIT(SHB_MAX_ORDER);
}

/* The atomic reserve: 6.1 discounts whole pageblocks, later kernels their free pages. */
static void highatomic_discount(struct kunit *test)
{
	bool old = !since(test, 6012);
	struct shb_zone *z = vector_zone(test);

	z->buddy.reserved = 1024;
	z->buddy.pages[SHB_HIGHATOMIC] = 300;
	KUNIT_EXPECT_EQ(test, old ? 1024 : 300, shb_watermark_unusable(z, 0));
	KUNIT_EXPECT_EQ(test, 0, shb_watermark_unusable(z, SHB_ALLOC_NON_BLOCK));
	z->buddy.pages[SHB_CMA] = 50;
	KUNIT_EXPECT_EQ(test, 50, shb_watermark_unusable(z, SHB_ALLOC_NON_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, shb_watermark_unusable(z, SHB_ALLOC_NON_BLOCK | SHB_ALLOC_CMA));
}

/* Order 0 at MIN looks past a boost: 6.1 for GFP_ATOMIC only, later for any MIN_RESERVE. */
static void boost_does_not_stop_atomic_requests(struct kunit *test)
{
	bool old = !since(test, 6012);
	struct shb_zone *z = vector_zone(test);
	struct shb_request r = { .gfp = GFP_KERNEL | __GFP_HIGH, .highest = SHB_NORMAL, .index = SHB_NORMAL };

	z->marks.watermark[SHB_WMARK_MIN] = 1000;
	z->marks.boost = 1000;
	z->buddy.free_pages = 900;
	KUNIT_EXPECT_EQ(test, !old, shb_watermark_fast(z, &r, SHB_ALLOC_MIN_RESERVE, 0));
	r.gfp = GFP_ATOMIC;
	KUNIT_EXPECT_TRUE(test, shb_watermark_fast(z, &r, SHB_ALLOC_MIN_RESERVE, 0));
	KUNIT_EXPECT_FALSE(test, shb_watermark_fast(z, &r, 0, 0));
	r.order = 1;
	KUNIT_EXPECT_FALSE(test, shb_watermark_fast(z, &r, SHB_ALLOC_MIN_RESERVE, 0));
	z->buddy.free_pages = 4096;
}

/* The example of the formula: DMA 3840, DMA32 765000, Normal 3300000 pages. */
static void protection_example(struct kunit *test)
{
	static const struct paper zones[] = {
		{ 0, SHB_DMA, 3840 }, { 0, SHB_DMA32, 765000 }, { 0, SHB_NORMAL, 3300000 },
	};
	static const long want[][SHB_NR_KINDS] = {
		{ 0, 2988, 15878, 15878, 15878 }, { 0, 0, 12890, 12890, 12890 }, { },
	};
	struct shb_topology topo;
	struct shb_state *s;
	int n, k;

	fill_topology(test, &one_zone, &topo);
	s = build_paper(test, "linux-6.12", &topo, zones, ARRAY_SIZE(zones), true);
	KUNIT_EXPECT_EQ(test, 67584, s->tune.min_free_kbytes);
	for (n = 0; n < s->nr_zones; n++)
		for (k = 0; k < SHB_NR_KINDS; k++)
			KUNIT_EXPECT_EQ(test, want[n][k], s->zones[n]->marks.lowmem_reserve[k]);
}

struct min_free_row { unsigned long pages; int kbytes; };

/* sqrt(16 * KiB) between 128 and 262144. */
static const struct min_free_row min_free_rows[] = {
	{ 64, 128 }, { 4096, 512 }, { 262144, 4096 }, { 1UL << 32, 262144 },
};

static void min_free_name(const struct min_free_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "pages_%lu", r->pages);
}
KUNIT_ARRAY_PARAM(min_free, min_free_rows, min_free_name);

static void min_free_kbytes_by_size(struct kunit *test)
{
	const struct min_free_row *row = test->param_value;
	struct paper zone = { 0, SHB_NORMAL, row->pages };
	struct shb_topology topo;
	struct shb_state *s;

	fill_topology(test, &one_zone, &topo);
	s = build_paper(test, "linux-6.12", &topo, &zone, 1, false);
	KUNIT_EXPECT_EQ(test, row->kbytes, s->tune.min_free_kbytes);
}

/* 65536 pages, min_free 4096 KiB: T = 1024, gap = max(256, 65536 * 100 / 10000 = 655). */
static void tunables_move_the_marks(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &big_zone);
	struct shb_zone *z = s->zones[0];

	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "min_free_kbytes", "4096\n"));
	KUNIT_EXPECT_EQ(test, 1024, z->marks.watermark[SHB_WMARK_MIN]);
	KUNIT_EXPECT_EQ(test, 1280, z->marks.watermark[SHB_WMARK_LOW]);
	KUNIT_EXPECT_EQ(test, 1536, z->marks.watermark[SHB_WMARK_HIGH]);
	KUNIT_EXPECT_EQ(test, 1280, z->pcps[0].high_min);
	KUNIT_EXPECT_EQ(test, 8192, z->pcps[0].high_max);
	z->marks.boost = 100;
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "watermark_scale_factor", "100"));
	KUNIT_EXPECT_EQ(test, 1024 + 655, z->marks.watermark[SHB_WMARK_LOW]);
	KUNIT_EXPECT_EQ(test, 1024 + 3 * 655, z->marks.watermark[SHB_WMARK_PROMO]);
	KUNIT_EXPECT_EQ(test, 0, z->marks.boost);
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "percpu_pagelist_high_fraction", "16"));
	KUNIT_EXPECT_EQ(test, 4096, z->pcps[0].high_min);
	KUNIT_EXPECT_EQ(test, 4096, z->pcps[0].high_max);
}

struct bad_knob_row { const char *knob, *value; };

static const struct bad_knob_row bad_knob_rows[] = {
	{ "min_free_kbytes", "-1" }, { "min_free_kbytes", "" }, { "min_free_kbytes", "12 13" },
	{ "min_free_kbytes", "0x" }, { "watermark_scale_factor", "0" },
	{ "watermark_scale_factor", "3001" }, { "percpu_pagelist_high_fraction", "7" },
	{ "percpu_pagelist_high_fraction", "-8" }, { "numa_stat", "2" },
	{ "lowmem_reserve_ratio", "1 2 3 4 5 6" }, { "lowmem_reserve_ratio", "256 x" },
};

static void bad_knob_name(const struct bad_knob_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s_[%s]", r->knob, r->value);
}
KUNIT_ARRAY_PARAM(bad_knob, bad_knob_rows, bad_knob_name);

static void bad_value_changes_nothing(struct kunit *test)
{
	const struct bad_knob_row *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_tunables before = s->tune;

	KUNIT_EXPECT_EQ(test, -EINVAL, set_knob(s, row->knob, row->value));
	KUNIT_EXPECT_EQ(test, 0, memcmp(&before, &s->tune, sizeof(before)));
}

/* Values below 1 mean no reserve from that zone; fewer values change the first ones only. */
static void lowmem_ratio_takes_part_of_the_list(struct kunit *test)
{
	static const struct paper zones[] = {
		{ 0, SHB_DMA, 4000 }, { 0, SHB_DMA32, 100000 }, { 0, SHB_NORMAL, 200000 },
	};
	struct shb_topology topo;
	struct shb_state *s;

	fill_topology(test, &one_zone, &topo);
	s = build_paper(test, "linux-6.12", &topo, zones, ARRAY_SIZE(zones), false);
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "lowmem_reserve_ratio", "100 -5"));
	KUNIT_EXPECT_EQ(test, 1000, s->zones[0]->marks.lowmem_reserve[SHB_DMA32]);
	KUNIT_EXPECT_EQ(test, 3000, s->zones[0]->marks.lowmem_reserve[SHB_NORMAL]);
	KUNIT_EXPECT_EQ(test, 0, s->zones[1]->marks.lowmem_reserve[SHB_NORMAL]);
	KUNIT_EXPECT_EQ(test, 32, s->tune.lowmem_reserve_ratio[SHB_NORMAL]);
}

/* ZONE_MOVABLE: a share in 6.1; its own small min later, and the others share alone. */
static void movable_zone_min(struct kunit *test)
{
	static const struct paper zones[] = {
		{ 0, SHB_NORMAL, 100000 }, { 0, SHB_MOVABLE_ZONE, 100000 },
	};
	struct shb_topology topo;
	struct shb_state *s;

	fill_topology(test, &one_zone, &topo);
	s = build_paper(test, *(const char *const *)test->param_value, &topo, zones, 2, false);
	KUNIT_EXPECT_EQ(test, 0, set_knob(s, "min_free_kbytes", "8000"));
	KUNIT_EXPECT_EQ(test, since(test, 6012) ? 2000 : 1000, s->zones[0]->marks.watermark[SHB_WMARK_MIN]);
	KUNIT_EXPECT_EQ(test, since(test, 6012) ? 97 : 1000, s->zones[1]->marks.watermark[SHB_WMARK_MIN]);
}

static struct kunit_case watermark_cases[] = {
	KUNIT_CASE_PARAM(reserve_flags_lower_the_mark, discount_gen_params),
	KUNIT_CASE(high_order_needs_a_block),
	KUNIT_CASE_PARAM(highatomic_discount, profile_gen_params),
	KUNIT_CASE_PARAM(boost_does_not_stop_atomic_requests, profile_gen_params),
	KUNIT_CASE(protection_example),
	KUNIT_CASE_PARAM(min_free_kbytes_by_size, min_free_gen_params),
	KUNIT_CASE(tunables_move_the_marks),
	KUNIT_CASE_PARAM(bad_value_changes_nothing, bad_knob_gen_params),
	KUNIT_CASE(lowmem_ratio_takes_part_of_the_list),
	KUNIT_CASE_PARAM(movable_zone_min, profile_gen_params),
	{}
};

struct kunit_suite watermark_suite = {
	.name = "shadowbuddy_watermark", .test_cases = watermark_cases,
};
