// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_boot: from a memory map to free lists. Zones are those that kernels logged
 * for the same memory; lists follow from the rule of __free_pages_memory(), and what is free
 * at the end from a walk over every single page.
 */
#include "fixture.h"
#include "boot.h"
#include "release.h"

KUNIT_ARRAY_PARAM(profile, modern, profile_name);

#define MIB(mib)	((u64)(mib) << 20)

static const struct shb_boot_options no_options;

static const char *profile_of(struct kunit *test)
{
	return *(const char *const *)test->param_value;
}

/* --- ranges, a column a page --------------------------------------------------------------------- */

#define COLUMNS		20

static void free_map(void *map)
{
	shb_boot_map_free(map);
}

static struct shb_boot_map *new_map(struct kunit *test)
{
	struct shb_boot_map *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_map, map));
	return map;
}

/* Where a range begins its node stands as a capital letter, elsewhere as a small one. */
static const char *ranges_text(struct kunit *test, const struct shb_ranges *r)
{
	char *text = kunit_kzalloc(test, COLUMNS + 1, GFP_KERNEL);
	u64 page;
	u32 k;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, '.', COLUMNS);
	for (k = 0; k < r->nr; k++) {
		KUNIT_ASSERT_LT(test, r->range[k].start, r->range[k].end);
		for (page = r->range[k].start; page < r->range[k].end; page += PAGE_SIZE)
			text[page / PAGE_SIZE] = (page == r->range[k].start ? 'A' : 'a') + r->range[k].nid;
	}
	return text;
}

static int add_pages(struct shb_ranges *r, int first, int end, int nid)
{
	return shb_ranges_add(r, first * PAGE_SIZE, end * PAGE_SIZE, nid, 0);
}

static int remove_pages(struct shb_ranges *r, int first, int end)
{
	return shb_ranges_remove(r, first * PAGE_SIZE, end * PAGE_SIZE);
}

static void ranges_that_touch_become_one(struct kunit *test)
{
	struct shb_ranges *r = &new_map(test)->memory;

	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 8, 10, 0));
	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 2, 4, 0));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..Aa....Aa..........");
	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 4, 6, 0));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..Aaaa..Aa..........");
	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 6, 8, 1));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..AaaaBbAa..........");
	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 10, 12, 0));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..AaaaBbAaaa........");
	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 15, 15, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, add_pages(r, 16, 15, 0));
	KUNIT_EXPECT_EQ(test, 3, r->nr);
}

static void ranges_of_two_nodes_do_not_overlap(struct kunit *test)
{
	struct shb_ranges *r = &new_map(test)->memory;

	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 4, 8, 0));
	KUNIT_EXPECT_EQ(test, -EEXIST, add_pages(r, 7, 9, 1));
	KUNIT_EXPECT_EQ(test, -EEXIST, add_pages(r, 2, 12, 1));
	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 2, 6, 0));
	KUNIT_EXPECT_EQ(test, 0, add_pages(r, 3, 12, 0));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..Aaaaaaaaaa........");
}

static void ranges_are_cut(struct kunit *test)
{
	struct shb_ranges *r = &new_map(test)->memory;

	add_pages(r, 2, 8, 0);
	add_pages(r, 10, 12, 1);
	add_pages(r, 12, 16, 2);
	KUNIT_EXPECT_EQ(test, 0, remove_pages(r, 4, 5));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..Aa.Aaa..BbCccc....");
	KUNIT_EXPECT_EQ(test, 0, remove_pages(r, 7, 13));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..Aa.Aa......Ccc....");
	KUNIT_EXPECT_EQ(test, 0, remove_pages(r, 0, 20));
	KUNIT_EXPECT_EQ(test, 0, r->nr);
	KUNIT_EXPECT_EQ(test, 0, remove_pages(r, 0, 20));
	add_pages(r, 2, 8, 0);
	KUNIT_EXPECT_EQ(test, 0, remove_pages(r, 6, 4));
	KUNIT_EXPECT_STREQ(test, ranges_text(test, r), "..Aaaaaa............");
}

/* A page that is reserved in part is not free; a free range never leaves its range of memory. */
static void free_is_memory_without_what_is_reserved(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);
	struct shb_free_ranges w = { .map = map };
	char text[COLUMNS + 1] = "....................";
	unsigned long pfn;

	add_pages(&map->memory, 1, 8, 0);
	add_pages(&map->memory, 8, 14, 1);
	add_pages(&map->memory, 16, 20, 0);
	shb_ranges_add(&map->reserved, 0, 2 * PAGE_SIZE, -1, 0);
	shb_ranges_add(&map->reserved, 4 * PAGE_SIZE + 64, 4 * PAGE_SIZE + 128, -1, 0);
	shb_ranges_add(&map->reserved, 12 * PAGE_SIZE - 1, 17 * PAGE_SIZE, -1, 0);
	shb_ranges_add(&map->reserved, 18 * PAGE_SIZE + 5, 18 * PAGE_SIZE + 6, -1, 0);
	while (shb_free_ranges_next(&w))
		for (pfn = w.start; pfn < w.end; pfn++)
			text[pfn] = (pfn == w.start ? 'A' : 'a') + w.nid;
	KUNIT_EXPECT_STREQ(test, ranges_text(test, &map->memory), ".AaaaaaaBbbbbb..Aaaa");
	KUNIT_EXPECT_STREQ(test, text,				  "..Aa.AaaBbb......A.A");
}

/* --- zones, as kernels logged them ---------------------------------------------------------------- */

#include "golden/boot.h"

static void logged_name(const struct logged *l, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", l->name);
}

KUNIT_ARRAY_PARAM(logged, logged, logged_name);

static void fill_map(struct kunit *test, struct shb_boot_map *map, const struct logged *l)
{
	const struct logged_range *r;

	for (r = l->memory; r->end; r++) {
		KUNIT_ASSERT_EQ(test, 0, shb_ranges_add(&map->memory, r->start, r->end + 1, r->nid,
							r->flags));
		map->nr_nodes = max(map->nr_nodes, r->nid + 1);
	}
}

static void free_boot(void *b)
{
	shb_boot_free(b);
}

static struct shb_boot *boot(struct kunit *test, const struct shb_boot_map *map,
			     const struct shb_boot_options *o, const struct shb_rules *rules)
{
	struct shb_boot *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_boot, b));
	KUNIT_ASSERT_EQ(test, 0, shb_boot_zones(map, o, rules, b));
	return b;
}

/* "0.DMA 1+4095/3998": start, spanned, present of each zone that spans anything. */
static const char *zones_text(struct kunit *test, const struct shb_boot *b)
{
	char *text = kunit_kzalloc(test, 2048, GFP_KERNEL);
	int nid, kind, len = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (nid = 0; nid < b->nr_nodes; nid++) {
		for (kind = 0; kind < SHB_NR_KINDS; kind++) {
			const struct shb_boot_zone *z = &b->nodes[nid].zones[kind];

			if (z->spanned)
				len += scnprintf(text + len, 2048 - len, "%s%d.%s %lu+%lu/%lu", len ? " " : "",
						 nid, shb_kind_name(kind), z->start, z->spanned, z->present);
		}
	}
	return text;
}

static void zones_are_those_of_the_log(struct kunit *test)
{
	const struct logged *l = test->param_value;
	struct shb_boot_map *map = new_map(test);
	const struct shb_boot *b;

	fill_map(test, map, l);
	b = boot(test, map, &l->options, &shb_profile_find(l->profile)->rules);
	KUNIT_EXPECT_STREQ(test, zones_text(test, b), l->zones);
}

static const char *holes_text(struct kunit *test, const struct shb_boot *b)
{
	char *text = kunit_kzalloc(test, 512, GFP_KERNEL);
	int k, len = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (k = 0; k < b->nr_holes; k++)
		len += scnprintf(text + len, 512 - len, "%s%d.%s %lu", len ? " " : "", b->holes[k].nid,
				 shb_kind_name(b->holes[k].kind), b->holes[k].pages);
	return text;
}

static void holes_are_those_of_the_log(struct kunit *test)
{
	const struct logged *l = test->param_value;
	struct shb_boot_map *map = new_map(test);

	fill_map(test, map, l);
	KUNIT_EXPECT_STREQ(test, holes_text(test, boot(test, map, &l->options,
						       &shb_profile_find(l->profile)->rules)), l->holes);
}

static struct shb_state *boot_state(struct kunit *test, const struct shb_profile *profile,
				    const struct shb_boot_map *map);

static int boot_error(struct kunit *test, const struct shb_boot_map *map)
{
	struct shb_boot b;
	int err = shb_boot_zones(map, &no_options, &shb_profile_find("linux-6.1")->rules, &b);

	shb_boot_free(&b);
	return err;
}

/* No memory, half a page, a node that is not there. */
static void nothing_boots_of_a_map_that_makes_no_sense(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);

	KUNIT_EXPECT_EQ(test, -EINVAL, boot_error(test, map));
	map->nr_nodes = 1;
	KUNIT_EXPECT_EQ(test, -EINVAL, boot_error(test, map));
	shb_ranges_add(&map->memory, 0x100, 0x200, 0, 0);
	KUNIT_EXPECT_EQ(test, -EINVAL, boot_error(test, map));
	shb_ranges_remove(&map->memory, 0, MIB(1));
	shb_ranges_add(&map->memory, MIB(1), MIB(2), 1, 0);
	KUNIT_EXPECT_EQ(test, -EINVAL, boot_error(test, map));
	map->nr_nodes = 2;
	KUNIT_EXPECT_EQ(test, 0, boot_error(test, map));
}

/*
 * Page 0 is memory here, and all that node 0 has.
 */
static void zone_may_begin_at_page_0(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);
	struct shb_state *s;

	map->nr_nodes = 2;
	shb_ranges_add(&map->memory, 0, PAGE_SIZE, 0, 0);
	shb_ranges_add(&map->memory, MIB(1), MIB(2), 1, 0);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	KUNIT_EXPECT_EQ(test, 1, s->zones[0]->extent.spanned);
	KUNIT_EXPECT_EQ(test, 1, s->zones[0]->extent.managed);
	KUNIT_EXPECT_EQ(test, 256, s->zones[1]->extent.managed);
}

/*
 * deferred pfns of node 0: 6.1 begins to count anew behind any other zone, later releases only
 * behind another zone at the end of a node (defer_init()).
 *
 *     5G        5.5G     6G     6.125G      6.25G       8.25G
 *     | node 1  |        | 0    | node 1    | node 0    |
 */
static void other_zones_restart_the_count_in_6_1(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);

	map->nr_nodes = 2;
	shb_ranges_add(&map->memory, 0, MIB(3072), 0, 0);
	shb_ranges_add(&map->memory, MIB(5120), MIB(5632), 1, 0);
	shb_ranges_add(&map->memory, MIB(6144), MIB(6272), 0, 0);
	shb_ranges_add(&map->memory, MIB(6272), MIB(6400), 1, 0);
	shb_ranges_add(&map->memory, MIB(6400), MIB(8448), 0, 0);
	KUNIT_EXPECT_EQ(test, since(test, 6012) ? 0x190000 : 0x198000,
			boot(test, map, &no_options, &shb_profile_find(profile_of(test))->rules)->nodes[0].deferred);
}

/*
 * Normal and Movable of a node span the same range then, and each counts the other's pages as
 * holes (adjust_zone_range_for_zone_movable(), zone_absent_pages_in_node()).
 *
 *     4 GiB  |mirrored, 1 GiB|  1 GiB  |mirrored, 1 GiB|
 */
static void mirrored_memory_is_for_the_kernel(struct kunit *test)
{
	static const struct shb_boot_options mirror = { .mirror = true };
	struct shb_boot_map *map = new_map(test);

	map->nr_nodes = 1;
	shb_ranges_add(&map->memory, MIB(4096), MIB(5120), 0, SHB_RANGE_MIRROR);
	shb_ranges_add(&map->memory, MIB(5120), MIB(6144), 0, 0);
	shb_ranges_add(&map->memory, MIB(6144), MIB(7168), 0, SHB_RANGE_MIRROR);
	KUNIT_EXPECT_STREQ(test, zones_text(test, boot(test, map, &mirror,
						       &shb_profile_find(profile_of(test))->rules)),
			   "0.Normal 1048576+786432/524288 0.Movable 1310720+524288/262144");
}

/* --- pages come ------------------------------------------------------------------------------------- */

static void destroy_state(void *s)
{
	shb_state_destroy(s);
}

/* A state whose memory is still to come. */
static struct shb_state *build_booting(struct kunit *test, const struct shb_profile *profile,
				       const struct shb_boot_map *map, struct shb_boot *b)
{
	struct shape shape = { .nodes = map->nr_nodes, .cpus = 2, .distance = 20, .cpuless = -1 };
	struct shb_topology topo;
	struct shb_plan plan = {
		.profile = profile, .host = &shb_host_paper, .format = &format_612, .topo = &topo,
		.kinds = 0x1f, .held_back = true,
	};
	struct shb_plan_zone *zones;
	struct shb_state *s;

	fill_topology(test, &shape, &topo);
	KUNIT_ASSERT_EQ(test, 0, shb_boot_plan(map, b, &zones, &plan.nr_zones));
	plan.zones = zones;
	s = shb_state_create(&plan);
	shb_boot_plan_free(zones, plan.nr_zones);
	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, destroy_state, s));
	return s;
}

static struct shb_state *boot_state(struct kunit *test, const struct shb_profile *profile,
				    const struct shb_boot_map *map)
{
	struct shb_boot *b = boot(test, map, &no_options, &profile->rules);
	struct shb_state *s = build_booting(test, profile, map, b);

	KUNIT_ASSERT_EQ(test, 0, shb_release_start(s, map, b));
	check_all(test, s);
	return s;
}

/* From 16 MiB on: ZONE_DMA32, index 0 is the first page. */
static struct shb_boot_map *map_from_16M(struct kunit *test, int mib)
{
	struct shb_boot_map *map = new_map(test);

	map->nr_nodes = 1;
	KUNIT_ASSERT_EQ(test, 0, shb_ranges_add(&map->memory, MIB(16), MIB(16 + mib), 0, 0));
	return map;
}

static void reserve_index(struct kunit *test, struct shb_boot_map *map, unsigned long first,
			  unsigned long end)
{
	KUNIT_ASSERT_EQ(test, 0, shb_ranges_add(&map->reserved, MIB(16) + first * PAGE_SIZE,
						MIB(16) + end * PAGE_SIZE, -1, 0));
}

/*
 *     index     0   3 4    8      16    ..    512       1024             1536    2044 2048
 *     blocks    |1|0|#|2   |3     |4     ..   |9        |9               |8 .. 2|####|
 */
static void blocks_are_as_large_as_place_and_end_allow(struct kunit *test)
{
	struct shb_boot_map *map = map_from_16M(test, 8);
	struct shb_state *s;

	reserve_index(test, map, 3, 4);
	reserve_index(test, map, 2044, 2048);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	KUNIT_EXPECT_STREQ(test, lists_text(test, s->zones[0], SHB_MOVABLE),
			   "1.0:2 1.1:0 1.2:4,2040 1.3:8,2032 1.4:16,2016 1.5:32,1984 1.6:64,1920 1.7:128,1792 1.8:256,1536 1.9:512,1024");
	KUNIT_EXPECT_EQ(test, 2048 - 5, s->zones[0]->extent.managed);
	KUNIT_EXPECT_EQ(test, 5, s->zones[0]->buddy.absent);
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
}

static void whole_blocks_come_ascending(struct kunit *test)
{
	struct shb_state *s = boot_state(test, shb_profile_find(profile_of(test)),
					 map_from_16M(test, 16));

	KUNIT_EXPECT_STREQ(test, lists_text(test, s->zones[0], SHB_MOVABLE), "1.10:0,1024,2048,3072");
}

/* Up to 5.9 memory came to the head of its list: the highest block is the first. */
static void whole_blocks_came_descending_before_5_10(struct kunit *test)
{
	struct {
		struct shb_profile profile;
		struct shb_boot_rules boot;
	} *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);	/* lives as long as its state */

	KUNIT_ASSERT_NOT_NULL(test, before);
	before->profile = *shb_profile_find("linux-6.1");
	before->boot = *before->profile.rules.boot;
	before->boot.to_tail = false;
	before->profile.rules.boot = &before->boot;
	KUNIT_EXPECT_STREQ(test, lists_text(test, boot_state(test, &before->profile, map_from_16M(test, 16))->zones[0],
					    SHB_MOVABLE), "1.10:3072,2048,1024,0");
}

/*
 *     | 1 MiB no memory | 3 MiB of memory |    the first pageblock begins in a hole
 */
static void pageblock_that_begins_in_a_hole_stays_unmovable(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);
	struct shb_state *s;

	map->nr_nodes = 1;
	shb_ranges_add(&map->memory, MIB(17), MIB(20), 0, 0);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	KUNIT_EXPECT_EQ(test, SHB_UNMOVABLE, s->zones[0]->pageblocks[0]);
	KUNIT_EXPECT_STREQ(test, lists_text(test, s->zones[0], SHB_UNMOVABLE), "0.8:256");
	KUNIT_EXPECT_STREQ(test, lists_text(test, s->zones[0], SHB_MOVABLE), "1.9:512");
}

/* --- deferred memory -------------------------------------------------------------------------------- */

/*
 *     16M              144M      256M            384M            512M      656M
 *     |---- a section's worth ---|               |               |         |
 *     |          at boot         |    section    |    section    |  rest   |
 */
static void deferred_memory_comes_by_sections(struct kunit *test)
{
	struct shb_boot_map *map = map_from_16M(test, 640);
	struct shb_state *s;
	struct shb_zone *z;
	static const struct { unsigned long deferred, managed; u64 next; } want[] = {
		{ 384 << 8, (384 - 16) << 8, 7 }, { 512 << 8, (512 - 16) << 8, 7 },
		{ 640 << 8, (640 - 16) << 8, 7 }, { SHB_NO_PFN, 640 << 8, SHB_RELEASE_DONE },
	};
	int k;

	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	z = s->zones[0];
	KUNIT_EXPECT_EQ(test, 256 << 8, shb_release_deferred(s, 0));
	KUNIT_EXPECT_EQ(test, (256 - 16) << 8, z->extent.managed);
	for (k = 0; k < ARRAY_SIZE(want); k++) {
		KUNIT_EXPECT_EQ(test, 0, z->marks.watermark[SHB_WMARK_HIGH]);
		KUNIT_EXPECT_EQ(test, want[k].next, shb_release_step(s, 7));
		KUNIT_EXPECT_EQ(test, want[k].deferred, shb_release_deferred(s, 0));
		KUNIT_EXPECT_EQ(test, want[k].managed, z->extent.managed);
		KUNIT_EXPECT_EQ(test, (640 << 8) - want[k].managed, shb_release_waiting(z));
		check_all(test, s);
	}
	KUNIT_EXPECT_GT(test, z->marks.watermark[SHB_WMARK_HIGH], 0);
	KUNIT_EXPECT_EQ(test, SHB_RELEASE_DONE, shb_release_step(s, 7));
}

/* A section with fewer pages than one holds is not enough: the next one comes with it. */
static void zone_that_runs_dry_grows(struct kunit *test)
{
	struct shb_boot_map *map = map_from_16M(test, 640);
	struct shb_state *s;
	int blocks = 0;

	reserve_index(test, map, (260 - 16) << 8, ((260 - 16) << 8) + 1);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	for (; blocks < (256 - 16) / 4; blocks++)
		KUNIT_ASSERT_NE(test, SHB_NO_PFN, serve(s, GFP_KERNEL, 10, 0, 0));
	KUNIT_EXPECT_EQ(test, 256 << 8, shb_release_deferred(s, 0));
	KUNIT_ASSERT_EQ(test, 256 << 8, serve(s, GFP_KERNEL, 10, 0, 0));
	KUNIT_EXPECT_EQ(test, 512 << 8, shb_release_deferred(s, 0));
	check_all(test, s);
	for (blocks++; serve(s, GFP_KERNEL, 10, 0, 0) != SHB_NO_PFN; blocks++)
		;
	KUNIT_EXPECT_EQ(test, 640 / 4 - 1, blocks);
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, shb_release_deferred(s, 0));
	check_all(test, s);
}

/* The pageblock at 260 MiB begins with a page that is reserved and deferred. */
static void reserved_first_page_makes_a_pageblock_movable_since_7_2(struct kunit *test)
{
	struct shb_boot_map *map = map_from_16M(test, 384);
	u32 i = (260 - 16) << 8;
	struct shb_state *s;

	reserve_index(test, map, i, i + 1);
	reserve_index(test, map, 1024, 1025);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE, shb_block_type(s->zones[0], 1024));
	KUNIT_EXPECT_EQ(test, since(test, 7002) ? SHB_MOVABLE : SHB_UNMOVABLE,
			shb_block_type(s->zones[0], i));
	shb_release_step(s, 0);
	check_all(test, s);
}

/* What was deferred lies as if it had come at once. */
static void deferred_lists_are_those_of_a_boot_at_once(struct kunit *test)
{
	const struct shb_profile *profile = shb_profile_find(profile_of(test));
	struct shb_boot_map *map = map_from_16M(test, 384);
	struct shb_state *later, *once;
	struct shb_boot *b;
	u32 i;

	for (i = (256 - 16) << 8; i < (384 - 16) << 8; i += 777)
		reserve_index(test, map, i + 3, i + 4 + i % 5);
	later = boot_state(test, profile, map);
	while (shb_release_step(later, 0) != SHB_RELEASE_DONE)
		;
	b = boot(test, map, &no_options, &profile->rules);
	b->nodes[0].deferred = SHB_NO_PFN;
	once = build_booting(test, profile, map, b);
	KUNIT_ASSERT_EQ(test, 0, shb_release_start(once, map, b));
	KUNIT_EXPECT_STREQ(test, lists_text(test, later->zones[0], SHB_MOVABLE),
			   lists_text(test, once->zones[0], SHB_MOVABLE));
}

/* --- what is not there ------------------------------------------------------------------------------ */

static void absent_pages_are_nobodys(struct kunit *test)
{
	struct shb_boot_map *map = map_from_16M(test, 8);
	unsigned long pfn = (16 << 8) + 8;
	struct shb_state *s;

	reserve_index(test, map, 8, 16);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	KUNIT_EXPECT_EQ(test, SHB_FREE_FOREIGN, shb_free_check(s, pfn, 3));
	KUNIT_EXPECT_EQ(test, SHB_FREE_FOREIGN, shb_free(s, pfn, 3, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_FOREIGN, shb_free(s, pfn + 3, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_free_check(s, pfn + 8, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_split(s, pfn, 3));
	check_all(test, s);
}

static void reset_boots_anew(struct kunit *test)
{
	struct shb_boot_map *map = map_from_16M(test, 384);
	struct shb_state *s;
	const char *before;
	unsigned long pfn;

	reserve_index(test, map, 3, 4);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	while (shb_release_step(s, 0) != SHB_RELEASE_DONE)
		;
	before = lists_text(test, s->zones[0], SHB_MOVABLE);
	pfn = serve(s, GFP_KERNEL, 10, 0, 0);
	KUNIT_EXPECT_EQ(test, -EBUSY, shb_state_reset(s));
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, pfn, 10, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, shb_state_reset(s));
	KUNIT_EXPECT_STREQ(test, lists_text(test, s->zones[0], SHB_MOVABLE), before);
	KUNIT_EXPECT_GT(test, s->zones[0]->marks.watermark[SHB_WMARK_HIGH], 0);
	check_all(test, s);
}

/*
 *     granule   16M                          20M
 *               | node 0, 16 .. 18 MiB | node 1, 18 .. 24 MiB
 */
static void zones_meet_inside_a_granule(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);
	struct shb_state *s;
	struct shb_zone *z;
	u32 i;

	map->nr_nodes = 2;
	shb_ranges_add(&map->memory, MIB(16), MIB(18), 0, 0);
	shb_ranges_add(&map->memory, MIB(18), MIB(24), 1, 0);
	s = boot_state(test, shb_profile_find(profile_of(test)), map);
	KUNIT_EXPECT_STREQ(test, lists_text(test, s->zones[0], SHB_MOVABLE), "1.9:0");
	KUNIT_EXPECT_STREQ(test, lists_text(test, s->zones[1], SHB_MOVABLE), "1.9:512 1.10:1024");
	for (i = 16 << 8; i < 24 << 8; i++) {
		u32 index;

		z = shb_zone_of(s, i, &index);
		KUNIT_ASSERT_PTR_EQ(test, z, s->zones[i >= 18 << 8]);
		KUNIT_ASSERT_EQ(test, i - (16 << 8), index);
	}
	KUNIT_EXPECT_NULL(test, shb_zone_of(s, 15 << 8, &i));
	KUNIT_EXPECT_EQ(test, 16 << 8, serve(s, GFP_KERNEL | __GFP_THISNODE, 9, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, serve(s, GFP_KERNEL | __GFP_THISNODE, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, 16 << 8, 9, 0, 0));
	check_all(test, s);
}

static int plan_error(struct kunit *test, const struct shb_boot_map *map, unsigned long *clash)
{
	static const struct shb_boot_options mirror = { .mirror = true };
	struct shb_boot *b = boot(test, map, &mirror, &shb_profile_find("linux-6.1")->rules);
	struct shb_plan_zone *zones;
	int nr, err = shb_boot_plan(map, b, &zones, &nr);

	*clash = b->clash;
	shb_boot_plan_free(zones, nr);
	return err;
}

/* A mirror whose border lies inside a granule: Normal and Movable span it both. */
static void zones_that_overlap_do_not_share_a_granule(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);
	unsigned long clash;

	map->nr_nodes = 1;
	shb_ranges_add(&map->memory, MIB(4096), MIB(5120), 0, SHB_RANGE_MIRROR);
	shb_ranges_add(&map->memory, MIB(5120), MIB(6145), 0, 0);
	shb_ranges_add(&map->memory, MIB(6145), MIB(7168), 0, SHB_RANGE_MIRROR);
	KUNIT_EXPECT_EQ(test, -ERANGE, plan_error(test, map, &clash));
	KUNIT_EXPECT_EQ(test, 6145 << 8, clash);
}

/*
 * Movable begins where Normal would, so no zone has what is mirrored behind it; the kernel does
 * not even initialise its struct pages.
 *
 *     4 GiB  |  1 GiB  | mirrored, 1 GiB |
 */
static void memory_of_no_zone_is_no_plan(struct kunit *test)
{
	struct shb_boot_map *map = new_map(test);
	unsigned long clash;

	map->nr_nodes = 1;
	shb_ranges_add(&map->memory, 0, MIB(3072), 0, SHB_RANGE_MIRROR);
	shb_ranges_add(&map->memory, MIB(4096), MIB(5120), 0, 0);
	KUNIT_EXPECT_EQ(test, 0, plan_error(test, map, &clash));
	shb_ranges_add(&map->memory, MIB(5120), MIB(6144), 0, SHB_RANGE_MIRROR);
	KUNIT_EXPECT_EQ(test, -ERANGE, plan_error(test, map, &clash));
}

/* --- against a walk over every page ------------------------------------------------------------------ */

#define WALK_MIB	320

/* Ranges from a seed; nodes meet at multiples of 4 MiB. */
static void random_map(struct kunit *test, struct shb_boot_map *map, u64 *seed)
{
	u64 at = MIB(8), size, hole;
	int k, nid = 0;

	map->nr_nodes = 3;
	while (at < MIB(WALK_MIB)) {
		size = MIB(4 * (1 + draw(seed, 20))) - draw(seed, 300) * PAGE_SIZE;
		hole = draw(seed, 300) * PAGE_SIZE;
		KUNIT_ASSERT_EQ(test, 0, shb_ranges_add(&map->memory, at + hole, at + size, nid, 0));
		at = ALIGN(at + size, MIB(4)) + (draw(seed, 4) ? 0 : MIB(16));
		nid = draw(seed, 3);
	}
	for (k = draw(seed, 60); k--;) {
		at = MIB(8) + (u64)draw(seed, WALK_MIB << 8) * PAGE_SIZE + draw(seed, 4096);
		shb_ranges_add(&map->reserved, at, at + draw(seed, 1 << (4 + draw(seed, 20))), -1, 0);
	}
}

/* Which node may have the page, by looking at each range there is; or -1. */
static int naive_node(const struct shb_boot_map *map, unsigned long pfn, bool *is_free)
{
	u64 at = (u64)pfn << PAGE_SHIFT;
	int nid = -1;
	u32 k;

	for (k = 0; k < map->memory.nr; k++)
		if (map->memory.range[k].start <= at && at + PAGE_SIZE <= map->memory.range[k].end)
			nid = map->memory.range[k].nid;
	*is_free = nid >= 0;
	for (k = 0; k < map->reserved.nr; k++)
		if (map->reserved.range[k].start < at + PAGE_SIZE && at < map->reserved.range[k].end)
			*is_free = false;
	return nid;
}

/* Pages of each zone: present and free ones. Then each frame must say the same. */
static void compare_pages(struct kunit *test, const struct shb_boot_map *map, struct shb_state *s)
{
	unsigned long *present = kunit_kcalloc(test, s->nr_zones, sizeof(long), GFP_KERNEL), pfn;
	unsigned long *managed = kunit_kcalloc(test, s->nr_zones, sizeof(long), GFP_KERNEL);
	struct shb_zone *z;
	bool is_free;
	int nid, n;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, present);
	KUNIT_ASSERT_NOT_NULL(test, managed);
	for (pfn = 0; pfn < (WALK_MIB + 100) << 8; pfn++) {
		nid = naive_node(map, pfn, &is_free);
		if (nid < 0)
			continue;
		z = shb_zone_of(s, pfn, &i);
		KUNIT_ASSERT_NOT_NULL(test, z);
		KUNIT_ASSERT_EQ(test, nid, z->nid);
		KUNIT_ASSERT_EQ(test, pfn < SHB_DMA_PAGES ? SHB_DMA : SHB_DMA32, z->kind);
		KUNIT_ASSERT_EQ(test, is_free ? SHB_FRAME_FREE : SHB_FRAME_ABSENT, shb_block_state(s, pfn));
		present[z->id]++;
		managed[z->id] += is_free;
	}
	shb_for_each_zone(s, z, n) {
		KUNIT_EXPECT_EQ(test, present[n], z->extent.present);
		KUNIT_EXPECT_EQ(test, managed[n], z->extent.managed);
		KUNIT_EXPECT_EQ(test, managed[n], z->buddy.free_pages);
	}
}

static void every_free_page_is_handed_over_once(struct kunit *test)
{
	u64 seed = start_seed(test, 0);
	struct shb_boot_map *map;
	struct shb_state *s;
	int round;

	for (round = 0; round < 3; round++) {
		map = new_map(test);
		random_map(test, map, &seed);
		s = boot_state(test, shb_profile_find(profile_of(test)), map);
		while (shb_release_step(s, 0) != SHB_RELEASE_DONE)
			check_all(test, s);
		check_all(test, s);
		compare_pages(test, map, s);
	}
}

static struct kunit_case boot_cases[] = {
	KUNIT_CASE(ranges_that_touch_become_one),
	KUNIT_CASE(ranges_of_two_nodes_do_not_overlap),
	KUNIT_CASE(ranges_are_cut),
	KUNIT_CASE(free_is_memory_without_what_is_reserved),
	KUNIT_CASE_PARAM(zones_are_those_of_the_log, logged_gen_params),
	KUNIT_CASE_PARAM(holes_are_those_of_the_log, logged_gen_params),
	KUNIT_CASE(nothing_boots_of_a_map_that_makes_no_sense),
	KUNIT_CASE_PARAM(zone_may_begin_at_page_0, profile_gen_params),
	KUNIT_CASE_PARAM(other_zones_restart_the_count_in_6_1, profile_gen_params),
	KUNIT_CASE_PARAM(mirrored_memory_is_for_the_kernel, profile_gen_params),
	KUNIT_CASE_PARAM(blocks_are_as_large_as_place_and_end_allow, profile_gen_params),
	KUNIT_CASE_PARAM(whole_blocks_come_ascending, profile_gen_params),
	KUNIT_CASE(whole_blocks_came_descending_before_5_10),
	KUNIT_CASE_PARAM(pageblock_that_begins_in_a_hole_stays_unmovable, profile_gen_params),
	KUNIT_CASE_PARAM(deferred_memory_comes_by_sections, profile_gen_params),
	KUNIT_CASE_PARAM(zone_that_runs_dry_grows, profile_gen_params),
	KUNIT_CASE_PARAM(reserved_first_page_makes_a_pageblock_movable_since_7_2, profile_gen_params),
	KUNIT_CASE_PARAM(deferred_lists_are_those_of_a_boot_at_once, profile_gen_params),
	KUNIT_CASE_PARAM(absent_pages_are_nobodys, profile_gen_params),
	KUNIT_CASE_PARAM(reset_boots_anew, profile_gen_params),
	KUNIT_CASE_PARAM(zones_meet_inside_a_granule, profile_gen_params),
	KUNIT_CASE(zones_that_overlap_do_not_share_a_granule),
	KUNIT_CASE(memory_of_no_zone_is_no_plan),
	KUNIT_CASE_PARAM(every_free_page_is_handed_over_once, profile_gen_params),
	{ }
};

struct kunit_suite boot_suite = { .name = "shadowbuddy_boot", .test_cases = boot_cases };
