// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_eras: linux-4.1 to linux-5.15. Expected values are vectors that the releases'
 * own functions produced. A row has a column for each of the five; zones are of 4096 pages, all
 * Movable, blocks ascending, unless it says otherwise.
 */
#include <linux/limits.h>

#include "become.h"
#include "fixture.h"
#include "pcp.h"
#include "place.h"

enum { V4_1, V4_14, V5_4, V5_10, V5_15, NR_ERAS };

static const char *const eras[NR_ERAS] = {
	"linux-4.1", "linux-4.14", "linux-5.4", "linux-5.10", "linux-5.15",
};
KUNIT_ARRAY_PARAM(era, eras, profile_name);

static int era_of(struct kunit *test)
{
	return (const char *const *)test->param_value - eras;
}

static const struct shape zone_2048 = {
	.name = "zone_2048", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
	.zones = { { 0, SHB_NORMAL, 2 } },
};

static const struct shape zone_8192 = {
	.name = "zone_8192", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
	.zones = { { 0, SHB_NORMAL, 8 } },
};

static struct shb_zone *zone_of(struct kunit *test, const struct shape *shape)
{
	return vector_zone_of(test, eras[era_of(test)], shape);
}

static u32 take(struct shb_zone *z, int order, int type)
{
	return buddy_take(z, order, type, SHB_ALLOC_KSWAPD);
}

static void take_all(struct shb_zone *z, int type, int nr, bool movable)
{
	while (nr-- > 0)
		z->frames[take(z, 0, type)].flags = movable ? SHB_FRAME_MOVABLE : 0;
}

static void set_type(struct shb_zone *z, u32 block, int type)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_set_types(z, block << SHB_PAGEBLOCK_ORDER, SHB_PAGEBLOCK_ORDER, type);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/* "UMMV..": V stands for the reserve of 4.1 and for HighAtomic. */
static void expect_types(struct kunit *test, struct shb_zone *z, const char *want)
{
	char text[17] = "";
	int k;

	for (k = 0; want[k]; k++)
		text[k] = "UMRVCI"[z->pageblocks[k]];
	KUNIT_EXPECT_STREQ(test, want, text);
	check_one(test, z);
}

static void expect_lists(struct kunit *test, struct shb_zone *z, int type, const char *want)
{
	KUNIT_EXPECT_STREQ(test, want, lists_text(test, z, type));
}

/* --- buddy and fallback -------------------------------------------------------------------------- */

/* E5, E5b: where blocks that change lists go, and so which one comes next. */
static void moved_blocks_have_an_end(struct kunit *test)
{
	static const struct { u32 first, then; const char *left; } rows[NR_ERAS] = {
		{ 48, 52, "2.0:49,7,5 2.1:50 2.2:52,16,8,0 2.3:32" },
		{ 7, 16, "2.0:5 2.2:16,8,0 2.3:48,32" }, { 7, 16, "2.0:5 2.2:16,8,0 2.3:48,32" },
		{ 5, 0, "2.0:7 2.2:0,8,16 2.3:32,48" }, { 5, 0, "2.0:7 2.2:0,8,16 2.3:32,48" },
	};
	struct shb_zone *z = zone_of(test, &one_zone);
	int e = era_of(test);

	take_all(z, SHB_MOVABLE, 4096, true);
	free_range(z, 0, 3);
	free_range(z, 8, 11);
	free_range(z, 16, 19);
	free_range(z, 32, 39);
	free_range(z, 48, 55);
	buddy_free(z, 5, 0);
	buddy_free(z, 7, 0);
	KUNIT_EXPECT_EQ(test, rows[e].first, take(z, 0, SHB_RECLAIMABLE));
	expect_lists(test, z, SHB_RECLAIMABLE, rows[e].left);
	KUNIT_EXPECT_EQ(test, rows[e].then, take(z, 2, SHB_RECLAIMABLE));
	KUNIT_EXPECT_EQ(test, e >= V5_4 ? 512 : 0, z->marks.boost);
	check_one(test, z);
}

/* E9, E9b: 4.1 takes the largest block for a small Movable request, too. */
static void small_movable_takes(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);
	bool old = era_of(test) == V4_1;

	take_all(z, SHB_UNMOVABLE, 4096, false);
	buddy_free(z, 700, 0);
	free_range(z, 1024, 1027);
	KUNIT_EXPECT_EQ(test, old ? 1024 : 700, take(z, 0, SHB_MOVABLE));
	expect_lists(test, z, SHB_UNMOVABLE, old ? "0.0:700" : "0.2:1024");
	expect_lists(test, z, SHB_MOVABLE, old ? "1.0:1025 1.1:1026" : "");
	z = zone_of(test, &one_zone);
	take_all(z, SHB_UNMOVABLE, 4096, false);
	buddy_free(z, 700, 0);
	free_range(z, 1024, 1039);
	free_range(z, 1536, 1539);
	KUNIT_EXPECT_EQ(test, 1024, take(z, 0, SHB_MOVABLE));
	KUNIT_EXPECT_EQ(test, 1025, take(z, 0, SHB_MOVABLE));
	expect_lists(test, z, SHB_UNMOVABLE, "0.0:700 0.2:1536");
	expect_lists(test, z, SHB_MOVABLE, "1.1:1026 1.2:1028 1.3:1032");
	check_one(test, z);
}

/* The first granule is out, as two blocks, and the second of them is of another type now. */
static void take_two_halves(struct kunit *test, struct shb_zone *z, int type)
{
	unsigned long irq;

	KUNIT_ASSERT_EQ(test, 0, take(z, 10, SHB_MOVABLE));
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_place_shape(z, 0, SHB_PAGEBLOCK_ORDER);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	set_type(z, 1, type);
}

/* E6, E6b: a reserved half becomes one with any other; the block is of the type freed last. */
static void reserved_halves_join(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &zone_2048);

	take_two_halves(test, z, SHB_HIGHATOMIC);
	buddy_free(z, 512, 9);
	expect_lists(test, z, SHB_MOVABLE, "1.10:1024");
	expect_lists(test, z, SHB_HIGHATOMIC, "3.9:512");
	buddy_free(z, 0, 9);
	expect_lists(test, z, SHB_MOVABLE, "1.10:0,1024");
	expect_types(test, z, "MVMM");
}

static void the_half_freed_last_names_the_block(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &zone_2048);

	take_two_halves(test, z, SHB_HIGHATOMIC);
	buddy_free(z, 0, 9);
	buddy_free(z, 512, 9);
	expect_lists(test, z, SHB_HIGHATOMIC, "3.10:0");
	expect_lists(test, z, SHB_MOVABLE, "1.10:1024");
}

/* E7: an isolated half does not. E12: a free of order 10 is one free. */
static void isolated_halves_do_not(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &zone_2048);

	take_two_halves(test, z, SHB_ISOLATE);
	z->buddy.isolated = 1;
	buddy_free(z, 512, 9);
	buddy_free(z, 0, 9);
	expect_lists(test, z, SHB_MOVABLE, "1.9:0 1.10:1024");
	expect_lists(test, z, SHB_ISOLATE, "5.9:512");
	z = zone_of(test, &zone_2048);
	take(z, 10, SHB_MOVABLE);
	set_type(z, 0, SHB_UNMOVABLE);
	buddy_free(z, 0, 10);
	expect_lists(test, z, SHB_UNMOVABLE, "0.10:0");
	expect_types(test, z, "UMMM");
}

/* E8: NOFRAGMENT for two pageblocks brings every single one over, and fails all the same. */
static void nofragment_of_two_pageblocks_brings_single_ones(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);
	int e = era_of(test), k;

	if (e < V5_4) {		/* no request has the flag */
		KUNIT_EXPECT_FALSE(test, z->rules.walk->nofragment);
		return;
	}
	for (k = 0; k < 8; k++)
		take(z, 9, SHB_MOVABLE);
	buddy_free(z, 0, 9);
	buddy_free(z, 1024, 9);
	KUNIT_EXPECT_EQ(test, SHB_NONE, buddy_take(z, 10, SHB_UNMOVABLE, SHB_ALLOC_NOFRAGMENT));
	expect_lists(test, z, SHB_UNMOVABLE, e == V5_4 ? "0.9:0,1024" : "0.9:1024,0");
	expect_types(test, z, "UMUMMMMM");
	KUNIT_EXPECT_EQ(test, 0, z->marks.boost);
}

/* E8b */
static void nofragment_leaves_small_blocks(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);

	if (era_of(test) < V5_4) {
		KUNIT_EXPECT_FALSE(test, z->rules.walk->nofragment);
		return;
	}
	take_all(z, SHB_MOVABLE, 4096, true);
	free_range(z, 0, 7);
	KUNIT_EXPECT_EQ(test, SHB_NONE, buddy_take(z, 0, SHB_UNMOVABLE, SHB_ALLOC_NOFRAGMENT));
	expect_lists(test, z, SHB_MOVABLE, "1.3:0");
	KUNIT_EXPECT_EQ(test, 0, z->marks.boost);
	KUNIT_EXPECT_EQ(test, 0, take(z, 0, SHB_UNMOVABLE));
	KUNIT_EXPECT_EQ(test, 512, z->marks.boost);
}

/* E14: fresh memory comes to the head up to 5.9; what 4.1 keeps lies at the start. */
static void fresh_memory_has_an_end(struct kunit *test)
{
	struct shb_zone *z = build(test, eras[era_of(test)], &one_zone)->zones[0];
	static const char *const want[NR_ERAS] = {
		"1.10:3072,2048,1024", "1.10:3072,2048,1024,0", "1.10:3072,2048,1024,0",
		"1.10:0,1024,2048,3072", "1.10:0,1024,2048,3072",
	};

	expect_lists(test, z, SHB_MOVABLE, want[era_of(test)]);
	expect_types(test, z, era_of(test) == V4_1 ? "VMMMMMMM" : "MMMMMMMM");
}

/* --- the reserves --------------------------------------------------------------------------------- */

static u32 take_harder(struct shb_zone *z, int order)
{
	unsigned long irq;
	u32 i;

	raw_spin_lock_irqsave(&z->lock, irq);
	i = shb_fallback_rmqueue(z, order, SHB_UNMOVABLE,
				 SHB_ALLOC_NON_BLOCK | (order ? SHB_ALLOC_HIGHATOMIC : 0), 0);
	if (order)
		shb_highatomic_reserve(z, i, order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return i;
}

static void atomic_requests_have_a_reserve(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &zone_8192);
	unsigned long irq;

	if (era_of(test) == V4_1) {
		take_harder(z, 3);
		KUNIT_EXPECT_EQ(test, 0, z->buddy.reserved);
		return;
	}
	KUNIT_EXPECT_EQ(test, 0, take_harder(z, 3));
	expect_lists(test, z, SHB_HIGHATOMIC, "3.3:8 3.4:16 3.5:32 3.6:64 3.7:128 3.8:256");
	expect_lists(test, z, SHB_UNMOVABLE, "0.9:512");
	expect_types(test, z, "VUMM");
	KUNIT_EXPECT_EQ(test, 512, z->buddy.reserved);
	KUNIT_EXPECT_EQ(test, 8, take_harder(z, 3));
	buddy_free(z, 0, 3);
	KUNIT_EXPECT_EQ(test, 512, take(z, 0, SHB_UNMOVABLE));
	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_EXPECT_TRUE(test, shb_highatomic_unreserve(z, SHB_UNMOVABLE, true));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, 0, z->buddy.reserved);
	expect_types(test, z, "UUMM");
	KUNIT_EXPECT_TRUE(test, strstr(lists_text(test, z, SHB_UNMOVABLE),
				       era_of(test) < V5_10 ? "0.3:0,520 " : "0.3:520,0 ") != NULL);
}

static void set_min(struct kunit *test, struct shb_zone *z, const char *kbytes)
{
	KUNIT_ASSERT_EQ(test, 0, set_knob(z->state, "min_free_kbytes", kbytes));
}

/* R1: MIGRATE_RESERVE. A whole block moves, one pageblock is tagged; it serves whoever finds nothing. */
static void a_pageblock_is_kept_for_the_last(struct kunit *test)
{
	struct shb_zone *z = vector_zone_of(test, "linux-4.1", &one_zone);
	u32 k;

	z->buddy.kept = 0;
	set_min(test, z, "1024");
	KUNIT_EXPECT_EQ(test, 256, z->marks.watermark[SHB_WMARK_MIN]);
	expect_types(test, z, "VMMMMMMM");
	expect_lists(test, z, SHB_HIGHATOMIC, "3.10:0");
	expect_lists(test, z, SHB_MOVABLE, "1.10:1024,2048,3072");
	for (k = 0; k < 3072; k++)
		take(z, 0, SHB_MOVABLE);
	expect_lists(test, z, SHB_HIGHATOMIC, "3.10:0");
	KUNIT_EXPECT_EQ(test, 0, take(z, 0, SHB_UNMOVABLE));
	KUNIT_EXPECT_EQ(test, 1, take(z, 0, SHB_MOVABLE));
	buddy_free(z, 3071, 0);
	expect_lists(test, z, SHB_MOVABLE, "1.0:3071");
	KUNIT_EXPECT_EQ(test, 8, take(z, 3, SHB_RECLAIMABLE));
	buddy_free(z, 0, 0);
	KUNIT_EXPECT_TRUE(test, strstarts(lists_text(test, z, SHB_HIGHATOMIC), "3.0:0 "));
}

static const struct shape two_zones = {
	.name = "two_zones", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 2,
	.zones = { { 0, SHB_DMA32, 8 }, { 0, SHB_NORMAL, 12 } },
};

/* R2: how many depends on MIN; what is kept too much becomes Movable, its block stays where it is. */
static void what_is_kept_follows_min(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-4.1", &two_zones);
	struct shb_zone *z = s->zones[0];

	set_min(test, z, "2048");
	KUNIT_EXPECT_EQ(test, 204, z->marks.watermark[SHB_WMARK_MIN]);
	KUNIT_EXPECT_EQ(test, 307, s->zones[1]->marks.watermark[SHB_WMARK_MIN]);
	expect_types(test, z, "VMMM");
	expect_types(test, s->zones[1], "VMMM");
	set_min(test, z, "16384");
	KUNIT_EXPECT_EQ(test, 1638, z->marks.watermark[SHB_WMARK_MIN]);
	expect_types(test, z, "VVMM");
	expect_lists(test, z, SHB_HIGHATOMIC, "3.10:0");
	set_min(test, z, "512");
	expect_types(test, z, "VMMM");
	expect_lists(test, z, SHB_HIGHATOMIC, "3.10:0");
}

/* R3: what is not Movable is passed over. */
static void only_movable_pageblocks_are_kept(struct kunit *test)
{
	struct shb_zone *z = vector_zone_of(test, "linux-4.1", &one_zone);

	z->buddy.kept = 0;
	take(z, 9, SHB_MOVABLE);
	take(z, 9, SHB_MOVABLE);
	set_type(z, 0, SHB_UNMOVABLE);
	set_type(z, 1, SHB_UNMOVABLE);
	buddy_free(z, take(z, 9, SHB_MOVABLE), 9);
	set_min(test, z, "8192");
	expect_types(test, z, "UUVVMMMM");
	expect_lists(test, z, SHB_HIGHATOMIC, "3.10:1024");
	expect_lists(test, z, SHB_MOVABLE, "1.10:2048,3072");
	set_min(test, z, "1024");
	expect_types(test, z, "UUVMMMMM");
	expect_lists(test, z, SHB_HIGHATOMIC, "3.10:1024");
}

/* R1 under pressure: nobody gives it up, and a reset brings it back. */
static void what_is_kept_stays_kept(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-4.1", &one_zone);
	struct shb_zone *z = s->zones[0];
	int k;

	for (k = 0; k < 4096 && serve(s, GFP_KERNEL, 0, 0, 0) != SHB_NO_PFN; k++)
		;
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, serve(s, GFP_KERNEL, 1, 0, 0));
	/* What is left lies in the second half of the block that moved as a whole. */
	KUNIT_EXPECT_EQ(test, SHB_HIGHATOMIC, shb_block_type(z, 0));
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE, shb_block_type(z, SHB_PAGEBLOCK_PAGES));
	s = build(test, "linux-4.1", &one_zone);
	z = s->zones[0];
	KUNIT_ASSERT_EQ(test, 0, shb_state_reset(s));
	expect_types(test, z, "VMMMMMMM");
}

/* --- per-cpu lists ---------------------------------------------------------------------------------- */

static struct shb_pcp *pcp_of(struct shb_zone *z, int high, int batch)
{
	struct shb_pcp *pcp = &z->pcps[0];

	pcp->batch = batch;
	pcp->high = pcp->high_min = pcp->high_max = high;
	shb_pcp_follow(z, pcp);
	return pcp;
}

static void free_to_pcp(struct shb_zone *z, u32 i, int order)
{
	int type = shb_block_type(z, i);

	shb_pcp_push(z, &z->pcps[0], i, order, type < SHB_PCPTYPES ? type : SHB_MOVABLE, type);
}

static void free_all(struct shb_zone *z, const int *pages)
{
	for (; *pages >= 0; pages++)
		free_to_pcp(z, *pages, 0);
}

/* "12,10,8" */
static void expect_list(struct kunit *test, struct shb_zone *z, int order, int type, const char *want)
{
	u32 root = z->pcps[0].roots + shb_pcp_list(z, order, type), i;
	char text[200] = "";
	int len = 0;

	for (i = z->frames[root].next; i != root; i = z->frames[i].next)
		len += scnprintf(text + len, sizeof(text) - len, "%s%u", len ? "," : "", i);
	KUNIT_EXPECT_STREQ(test, want, text);
}

static void drain_all(struct shb_zone *z)
{
	while (shb_pcp_drain(z, &z->pcps[0]))
		;
}

/* Whatever the end a request or a free is for. */
static unsigned long page_of(struct shb_zone *z, bool cold)
{
	unsigned long pfn = shb_alloc(z->state, GFP_HIGHUSER_MOVABLE, 0, 0, NULL, 0, 0, cold ? SHB_BY_COLD : 0);
	u32 i = SHB_NONE;

	shb_zone_of(z->state, pfn, &i);
	return i;
}

static void give(struct shb_zone *z, u32 i, bool cold)
{
	if (cold)
		shb_free_cold(z->state, shb_pfn_of(z, i), 0, 0, 0);
	else
		shb_free(z->state, shb_pfn_of(z, i), 0, 0, 0);
}

/* P1c: up to 4.14 a refill for a cold page comes the other way round, and the tail is what it gets. */
static void cold_pages_come_from_the_tail(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);
	bool knows = era_of(test) <= V4_14;

	pcp_of(z, 42, 7);
	KUNIT_EXPECT_EQ(test, 0, page_of(z, true));
	expect_list(test, z, 0, SHB_MOVABLE, knows ? "6,5,4,3,2,1" : "1,2,3,4,5,6");
	KUNIT_EXPECT_EQ(test, 1, page_of(z, true));
	KUNIT_EXPECT_EQ(test, knows ? 6 : 2, page_of(z, false));
	check_one(test, z);
}

/* P1d: and there is where it goes back to. */
static void cold_pages_go_to_the_tail(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);
	bool knows = era_of(test) <= V4_14;
	u32 k;

	pcp_of(z, 42, 7);
	for (k = 0; k < 8; k++)
		KUNIT_ASSERT_EQ(test, k, page_of(z, false));
	shb_drain(z->state, SHB_EVERY_CPU, NULL);
	for (k = 0; k < 5; k++)
		give(z, k, k == 2 || k == 3);
	expect_list(test, z, 0, SHB_MOVABLE, knows ? "4,1,0,2,3" : "4,3,2,1,0");
	KUNIT_EXPECT_EQ(test, 4, page_of(z, false));
	KUNIT_EXPECT_EQ(test, 3, page_of(z, true));
	check_one(test, z);
}

/* P3: a trim goes round the lists. 5.15 has lists of more orders, so fewer turns are of these. */
static void lists_are_trimmed_in_turn(struct kunit *test)
{
	static const int first[] = { 0, 2, 512, 514, 516, 1024, 1026, 4, 6, 8, 10, 12, -1 };
	static const struct { const char *u, *m, *r; } left[NR_ERAS] = {
		{ "12,10,8,6,4", "", "516" }, { "12,10,8,6,4", "", "516" }, { "12,10,8,6,4", "", "516" },
		{ "12,10,8,6,4", "", "516" }, { "12,10,8", "1026", "516,514" },
	};
	struct shb_zone *z = zone_of(test, &one_zone);
	int e = era_of(test);

	take_all(z, SHB_MOVABLE, 2048, false);
	set_type(z, 0, SHB_UNMOVABLE);
	set_type(z, 1, SHB_RECLAIMABLE);
	pcp_of(z, 12, 6);
	free_all(z, first);
	expect_list(test, z, 0, SHB_UNMOVABLE, left[e].u);
	expect_list(test, z, 0, SHB_MOVABLE, left[e].m);
	expect_list(test, z, 0, SHB_RECLAIMABLE, left[e].r);
	check_one(test, z);
}

/* X3 */
static void the_only_list_left_gives_the_rest(struct kunit *test)
{
	static const int pages[] = { 0, 512, 514, 516, 518, 520, -1 };
	struct shb_zone *z = zone_of(test, &one_zone);
	bool late = era_of(test) == V5_15;

	take_all(z, SHB_MOVABLE, 1024, false);
	set_type(z, 0, SHB_UNMOVABLE);
	pcp_of(z, 6, 4);
	free_all(z, pages);
	expect_list(test, z, 0, SHB_MOVABLE, late ? "520,518,516,514" : "520,518");
	expect_lists(test, z, SHB_UNMOVABLE, "0.0:0");
	KUNIT_EXPECT_TRUE(test, strstarts(lists_text(test, z, SHB_MOVABLE),
					  late ? "1.0:512 " : "1.0:516,514,512 "));
}

/* P4, P8, X7: a drain takes all in one go; with a high of 0 nothing stays; the type is the noted one. */
static void drains_take_all(struct kunit *test)
{
	static const int pages[] = { 0, 2, 4, 6, 8, 10, 512, 514, 516, 1024, 1026, 1028, 1030, -1 };
	struct shb_zone *z = zone_of(test, &one_zone);

	take_all(z, SHB_MOVABLE, 2048, false);
	set_type(z, 0, SHB_UNMOVABLE);
	set_type(z, 1, SHB_RECLAIMABLE);
	pcp_of(z, 100, 6);
	free_all(z, pages);
	expect_list(test, z, 0, SHB_UNMOVABLE, "10,8,6,4,2,0");
	KUNIT_EXPECT_FALSE(test, shb_pcp_drain(z, &z->pcps[0]));
	expect_lists(test, z, SHB_UNMOVABLE, "0.0:10,8,6,4,2,0");
	expect_lists(test, z, SHB_RECLAIMABLE, "2.0:516,514,512");
	KUNIT_EXPECT_TRUE(test, strstarts(lists_text(test, z, SHB_MOVABLE), "1.0:1030,1028,1026,1024 "));
	pcp_of(z, 0, 1);
	free_to_pcp(z, 12, 0);
	KUNIT_EXPECT_EQ(test, 0, z->pcps[0].count);
	pcp_of(z, 100, 6);
	free_to_pcp(z, 1032, 0);
	set_type(z, 2, SHB_RECLAIMABLE);
	drain_all(z);
	KUNIT_EXPECT_TRUE(test, strstr(lists_text(test, z, SHB_MOVABLE), "1032") != NULL);
	check_one(test, z);
}

/* P5: a refill takes what falls back to it one by one. */
static void a_refill_falls_back(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);

	take_all(z, SHB_MOVABLE, 4096, true);
	free_range(z, 0, 7);
	free_range(z, 600, 601);
	pcp_of(z, 42, 7);
	KUNIT_EXPECT_EQ(test, 0, shb_pcp_pop(z, &z->pcps[0], 0, SHB_UNMOVABLE, SHB_ALLOC_KSWAPD));
	expect_list(test, z, 0, SHB_UNMOVABLE, "1,2,3,4,5,6");
	expect_lists(test, z, SHB_UNMOVABLE, "0.0:7");
	expect_lists(test, z, SHB_MOVABLE, "1.1:600");
	drain_all(z);
	expect_lists(test, z, SHB_UNMOVABLE, "0.0:1 0.1:2 0.2:4");
	KUNIT_EXPECT_EQ(test, era_of(test) >= V5_4 ? 512 : 0, z->marks.boost);
}

/* P2b, 5.15: twice as much each time, without end. */
static void trims_double_without_end(struct kunit *test)
{
	static const char want[] =
		"63@20000(19937) 126@20063(19874) 252@20189(19748) 504@20441(19496) 1008@20945(18992) 2016@21953(17984) 4032@23969(15968) 8064@28001(11936) 16128@36065(3872) 19937@52193(63) ";
	struct shb_zone *z = vector_zone_of(test, "linux-5.15", &big_zone);
	struct shb_pcp *pcp = pcp_of(z, 20000, 63);
	char text[300] = "";
	int k, len = 0, before;

	take_all(z, SHB_MOVABLE, 60000, false);
	for (k = 0; k < 60000; k++) {
		before = pcp->count + 1;
		free_to_pcp(z, k, 0);
		if (pcp->count != before)
			len += scnprintf(text + len, sizeof(text) - len, "%d@%d(%d) ",
					 before - pcp->count, k + 1, pcp->count);
	}
	KUNIT_EXPECT_STREQ(test, text, want);
	check_one(test, z);
}

/* P6b, 5.15: each type has its list of pageblocks; a trim may give one back for 63 pages. */
static void pageblocks_have_lists_by_type(struct kunit *test)
{
	struct shb_zone *z = vector_zone_of(test, "linux-5.15", &one_zone);
	struct shb_pcp *pcp = pcp_of(z, 252, 63);

	KUNIT_EXPECT_EQ(test, 0, shb_pcp_pop(z, pcp, 9, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 1024, shb_pcp_pop(z, pcp, 9, SHB_MOVABLE, 0));
	expect_list(test, z, 9, SHB_UNMOVABLE, "512");
	expect_list(test, z, 9, SHB_MOVABLE, "1536");
	KUNIT_EXPECT_EQ(test, 1024, pcp->count);
	free_to_pcp(z, 0, 9);
	expect_list(test, z, 9, SHB_UNMOVABLE, "0");
	expect_lists(test, z, SHB_UNMOVABLE, "0.9:512");
}

/* P7, 5.15 while kswapd works. */
static void trims_are_short_while_kswapd_works(struct kunit *test)
{
	struct shb_zone *z = vector_zone_of(test, "linux-5.15", &one_zone);
	struct shb_pcp *pcp = pcp_of(z, 252, 15);
	char text[100] = "";
	int k, len = 0, before;

	set_bit(SHB_ZONE_RECLAIM_ACTIVE, &z->flags);
	take_all(z, SHB_MOVABLE, 200, false);
	for (k = 0; k < 200; k++) {
		before = pcp->count + 1;
		free_to_pcp(z, k, 0);
		if (pcp->count != before)
			len += scnprintf(text + len, sizeof(text) - len, "%d@%d(%d) ",
					 before - pcp->count, k + 1, pcp->count);
	}
	KUNIT_EXPECT_STREQ(test, text, "15@60(45) 30@75(30) 45@105(15) 45@150(15) 45@195(15) ");
}

/* X1: 5.15 reserves for orders that its lists serve, and never serves them from there. */
static void a_miss_is_final(struct kunit *test)
{
	struct shb_state *s = build(test, eras[era_of(test)], &one_zone);
	struct shb_zone *z = s->zones[0];
	int e = era_of(test), order = e == V5_15 ? 2 : 0;
	u32 k;

	if (e == V4_1)
		return expect_types(test, z, "VMMM");	/* whose reserve serves anybody */
	for (k = 0; k < 8; k++)
		take(z, 9, SHB_MOVABLE);
	set_type(z, 0, SHB_HIGHATOMIC);
	z->buddy.reserved = 512;
	buddy_free(z, 0, 9);
	check_one(test, z);
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, serve(s, GFP_ATOMIC, order, 0, 0));
}

struct size_row { unsigned long managed; int batch[NR_ERAS], high[NR_ERAS]; };

/* 7.2, 7.3: raw values below 1 make a batch of 1, and no room at all. */
static const struct size_row size_rows[] = {
	{ 8191, { 1, 1, 1, 1 }, { 0, 0, 0, 0 } }, { 8192, { 1, 1, 1, 1 }, { 6, 6, 6, 6 } },
	{ 12288, { 3, 3, 3, 3 }, { 18, 18, 18, 18 } }, { 24576, { 7, 7, 7, 7 }, { 42, 42, 42, 42 } },
	{ 90112, { 31, 31, 31, 31 }, { 186, 186, 186, 186 } },
	{ 176128, { 31, 31, 63, 63 }, { 186, 186, 378, 378 } },
};

static void sizes_are_six_batches(struct kunit *test)
{
	struct shape shape = { .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1 };
	struct shb_topology topo;
	int e = era_of(test), k;

	fill_topology(test, &shape, &topo);
	for (k = 0; k < ARRAY_SIZE(size_rows) && e != V5_15; k++) {
		struct paper p = { 0, SHB_NORMAL, size_rows[k].managed };
		struct shb_state *s = build_paper(test, eras[e], &topo, &p, 1, false);

		KUNIT_EXPECT_EQ(test, size_rows[k].batch[e], s->zones[0]->pcps[0].batch);
		KUNIT_EXPECT_EQ(test, size_rows[k].high[e], s->zones[0]->pcps[0].high_min);
	}
}

struct fraction_row { int fraction, high, batch, high_5_15; };

static const struct fraction_row fraction_rows[] = { { 8, 125000, 96, 31250 }, { 100, 10000, 96, 2500 } };

static void a_fraction_fixes_sizes(struct kunit *test)
{
	struct shape shape = { .nodes = 1, .cpus = 4, .distance = 20, .cpuless = -1 };
	struct paper p = { 0, SHB_NORMAL, 1000000 };
	struct shb_topology topo;
	struct shb_state *s;
	int e = era_of(test), k;
	char value[8];

	fill_topology(test, &shape, &topo);
	s = build_paper(test, eras[e], &topo, &p, 1, false);
	for (k = 0; k < ARRAY_SIZE(fraction_rows); k++) {
		const struct fraction_row *row = &fraction_rows[k];
		const struct shb_pcp *pcp = &s->zones[0]->pcps[0];

		snprintf(value, sizeof(value), "%d", row->fraction);
		KUNIT_ASSERT_EQ(test, 0, set_knob(s, "percpu_pagelist_high_fraction", value));
		KUNIT_EXPECT_EQ(test, e == V5_15 ? row->high_5_15 : row->high, pcp->high_min);
		KUNIT_EXPECT_EQ(test, e == V5_15 ? 63 : row->batch, pcp->batch);
	}
}

/* --- watermarks --------------------------------------------------------------------------------------- */

#define HARDER	(SHB_ALLOC_NON_BLOCK | SHB_ALLOC_HIGHATOMIC)
#define HIGH	SHB_ALLOC_MIN_RESERVE
#define OOM	SHB_ALLOC_OOM

/* Blocks of orders 0 to 3, all Movable. Columns: - fails, o passes. */
static const struct {
	u32 blocks[4];
	int order, mark;
	unsigned int flags;
	const char *want;
} mark_rows[] = {
	{ { 100, 100, 0, 50 }, 0, 699, 0, "ooooo" }, { { 100, 100, 0, 50 }, 0, 700, 0, "-----" },
	{ { 100, 100, 0, 50 }, 3, 692, 0, "ooooo" }, { { 100, 100, 0, 50 }, 3, 693, 0, "-----" },
	{ { 100, 100, 0, 50 }, 3, 923, HARDER, "-----" }, { { 100, 100, 0, 50 }, 3, 1385, HIGH, "-----" },
	{ { 100, 100, 0, 50 }, 3, 1847, HIGH | HARDER, "-----" },
	{ { 100, 100, 0, 50 }, 0, 1398, OOM, "ooooo" },	/* 4.1 grants it to nobody */
	{ { 200, 0, 0, 1 }, 3, 100, 0, "-oooo" }, { { 200, 0, 0, 1 }, 3, 2, 0, "-oooo" },
	{ { 200, 0, 0, 1 }, 3, 1, 0, "ooooo" }, { { 200, 0, 0, 1 }, 1, 15, 0, "-oooo" },
	{ { 200, 0, 0, 1 }, 1, 12, 0, "ooooo" }, { { 200, 0, 0, 1 }, 2, 30, 0, "-oooo" },
	{ { 200, 0, 0, 1 }, 3, 60, HIGH | HARDER, "-oooo" },
};

static void mark_tests(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);
	struct shb_buddy kept = z->buddy;
	int k, order;

	for (k = 0; k < ARRAY_SIZE(mark_rows); k++) {
		memset(&z->buddy, 0, sizeof(z->buddy));
		for (order = 0; order < 4; order++) {
			z->buddy.blocks[SHB_MOVABLE][order] = mark_rows[k].blocks[order];
			z->buddy.free_pages += (long)mark_rows[k].blocks[order] << order;
			if (mark_rows[k].blocks[order])
				z->buddy.orders[SHB_MOVABLE] |= BIT(order);
		}
		memset(z->marks.lowmem_reserve, 0, sizeof(z->marks.lowmem_reserve));
		KUNIT_EXPECT_EQ_MSG(test, mark_rows[k].want[era_of(test)] == 'o',
				    shb_watermark_ok(z, mark_rows[k].order, mark_rows[k].mark, SHB_NORMAL,
						     mark_rows[k].flags, z->buddy.free_pages), "row %d", k);
	}
	z->buddy = kept;
}

/* A HighAtomic pageblock and 88 pages, 512 reserved: who may count them. */
static void marks_and_the_atomic_reserve(struct kunit *test)
{
	struct shb_zone *z = zone_of(test, &one_zone);
	struct shb_buddy kept = z->buddy;
	int e = era_of(test);

	if (e == V4_1) {
		KUNIT_EXPECT_EQ(test, SHB_FAST_NONE, z->rules.gate->fast);
		return;
	}
	memset(&z->buddy, 0, sizeof(z->buddy));
	memset(z->marks.lowmem_reserve, 0, sizeof(z->marks.lowmem_reserve));
	z->buddy.blocks[SHB_HIGHATOMIC][9] = 1;
	z->buddy.orders[SHB_HIGHATOMIC] = BIT(9);
	z->buddy.blocks[SHB_UNMOVABLE][0] = 88;
	z->buddy.orders[SHB_UNMOVABLE] = BIT(0);
	z->buddy.reserved = 512;
	z->buddy.free_pages = 600;
	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 0, 100, SHB_NORMAL, 0, 600));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 0, 87, SHB_NORMAL, 0, 600));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 0, 100, SHB_NORMAL, HARDER, 600));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 3, 10, SHB_NORMAL, HARDER, 600));
	KUNIT_EXPECT_TRUE(test, shb_watermark_ok(z, 3, 10, SHB_NORMAL, OOM, 600));
	KUNIT_EXPECT_FALSE(test, shb_watermark_ok(z, 3, 10, SHB_NORMAL, HIGH, 600));
	KUNIT_EXPECT_EQ(test, e < V5_10, shb_watermark_passes(z, 100, SHB_NORMAL, 0));
	KUNIT_EXPECT_EQ(test, e < V5_10, shb_watermark_passes(z, 599, SHB_NORMAL, 0));
	z->buddy.free_pages = 8;
	KUNIT_EXPECT_EQ(test, e == V5_10, shb_watermark_passes(z, 100, SHB_NORMAL, 0));
	z->buddy = kept;
}

static struct shb_state *paper_state(struct kunit *test, const struct paper *zones, int nr)
{
	struct shape shape = { .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1 };
	struct shb_topology topo;

	fill_topology(test, &shape, &topo);
	return build_paper(test, eras[era_of(test)], &topo, zones, nr, false);
}

static void expect_marks(struct kunit *test, const struct shb_zone *z, long min, long low, long high)
{
	KUNIT_EXPECT_EQ(test, min, z->marks.watermark[SHB_WMARK_MIN]);
	KUNIT_EXPECT_EQ(test, low, z->marks.watermark[SHB_WMARK_LOW]);
	KUNIT_EXPECT_EQ(test, high, z->marks.watermark[SHB_WMARK_HIGH]);
}

static void marks_of_a_machine(struct kunit *test)
{
	static const struct paper large[] = {
		{ 0, SHB_DMA, 3840 }, { 0, SHB_DMA32, 765000 }, { 0, SHB_NORMAL, 3300000 },
	};
	static const struct paper small[] = { { 0, SHB_DMA32, 8192 }, { 0, SHB_NORMAL, 12288 } };
	struct shb_state *s = paper_state(test, large, 3);
	bool old = era_of(test) == V4_1;

	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "min_free_kbytes", "11584"));
	if (!old) {
		expect_marks(test, s->zones[0], 2, 5, 8);
		expect_marks(test, s->zones[1], 544, 1309, 2074);
		expect_marks(test, s->zones[2], 2348, 5648, 8948);
		KUNIT_EXPECT_EQ(test, 27752, s->totalreserve_pages);
	}
	KUNIT_EXPECT_EQ(test, 2988, s->zones[0]->marks.lowmem_reserve[SHB_DMA32]);
	KUNIT_EXPECT_EQ(test, 15878, s->zones[0]->marks.lowmem_reserve[SHB_NORMAL]);
	KUNIT_EXPECT_EQ(test, 12890, s->zones[1]->marks.lowmem_reserve[SHB_NORMAL]);
	s = paper_state(test, small, 2);
	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "min_free_kbytes", "2048"));
	expect_marks(test, s->zones[0], 204, 255, 306);
	expect_marks(test, s->zones[1], 307, 383, old ? 460 : 459);
	KUNIT_EXPECT_EQ(test, old ? 814 : 813, s->totalreserve_pages);
	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "watermark_scale_factor", "100"));
	expect_marks(test, s->zones[0], 204, old ? 255 : 285, old ? 306 : 366);
	expect_marks(test, s->zones[1], 307, old ? 383 : 429, old ? 460 : 551);
}

/* 5.4: what is boosted when marks are set anew stays. */
static void a_boost_sticks_in_5_4(struct kunit *test)
{
	static const struct paper small[] = { { 0, SHB_DMA32, 8192 }, { 0, SHB_NORMAL, 12288 } };
	struct shb_state *s = paper_state(test, small, 2);
	bool sticks = era_of(test) == V5_4;

	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "min_free_kbytes", "2048"));
	s->zones[1]->marks.boost = 512;
	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "watermark_scale_factor", "10"));
	KUNIT_EXPECT_EQ(test, 0, s->zones[1]->marks.boost);
	KUNIT_EXPECT_EQ(test, sticks ? 895 : 383, s->zones[1]->marks.watermark[SHB_WMARK_LOW]);
	if (sticks)
		KUNIT_EXPECT_EQ(test, 971, s->zones[1]->marks.watermark[SHB_WMARK_HIGH]);
}

/* No ratio: up to 4.14 everything is protected, later nothing. */
static void no_ratio_is_one_or_none(struct kunit *test)
{
	static const struct paper zones[] = {
		{ 0, SHB_DMA32, 8192 }, { 0, SHB_NORMAL, 12288 }, { 0, SHB_MOVABLE_ZONE, 1000000 },
	};
	struct shb_state *s = paper_state(test, zones, 3);

	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "min_free_kbytes", "2048"));
	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "lowmem_reserve_ratio", "256 256 0 0"));
	KUNIT_EXPECT_EQ(test, era_of(test) <= V4_14 ? 1000000 : 0,
			s->zones[1]->marks.lowmem_reserve[SHB_MOVABLE_ZONE]);
}

/* What urgency grants: GFP_ATOMIC the same in all, GFP_NOWAIT something in 4.1 only. */
static void urgency_grants(struct kunit *test)
{
	struct shb_state *s = build(test, eras[era_of(test)], &one_zone);
	bool old = era_of(test) == V4_1;
	unsigned int mask = SHB_ALLOC_NON_BLOCK | HIGH | SHB_ALLOC_CPUSET;
	struct { gfp_t gfp; u8 by; unsigned int want; } rows[] = {
		{ GFP_ATOMIC, 0, SHB_ALLOC_NON_BLOCK | HIGH },
		{ GFP_NOWAIT, 0, old ? SHB_ALLOC_NON_BLOCK : SHB_ALLOC_CPUSET },
		{ GFP_KERNEL, SHB_BY_REALTIME, SHB_ALLOC_NON_BLOCK | SHB_ALLOC_CPUSET },
		{ GFP_ATOMIC | __GFP_NOMEMALLOC, 0, HIGH },
		{ 0, 0, SHB_ALLOC_CPUSET },
	};
	int k;

	for (k = 0; k < ARRAY_SIZE(rows); k++) {
		struct shb_request r = { .gfp = rows[k].gfp, .by = rows[k].by };

		KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
		KUNIT_EXPECT_EQ_MSG(test, rows[k].want, shb_request_slow_flags(s, &r) & mask, "row %d", k);
	}
}

/* A victim of OOM had everything before 4.14 gave it a part. */
static void victims_reserves(struct kunit *test)
{
	struct shb_state *s = build(test, eras[era_of(test)], &one_zone);
	struct shb_request r = { .gfp = GFP_KERNEL, .by = SHB_BY_OOM_VICTIM };

	KUNIT_EXPECT_EQ(test, era_of(test) == V4_1 ? SHB_ALLOC_NO_WATERMARKS : SHB_ALLOC_OOM,
			shb_request_reserves(s, &r));
}

/* --- nodes and turns -------------------------------------------------------------------------------- */

struct order_row { const char *name; int nodes, cpuless, memoryless; const int *distance; const char *want; };

static const int ring[] = { 10, 20, 30, 20, 20, 10, 20, 30, 30, 20, 10, 20, 20, 30, 20, 10 };
static const int line[] = {
	10, 15, 20, 25, 30, 15, 10, 15, 20, 25, 20, 15, 10, 15, 20, 25, 20, 15, 10, 15, 30, 25, 20, 15, 10,
};
static const int groups[] = {
	10, 16, 16, 16, 32, 32, 32, 32, 16, 10, 16, 16, 32, 32, 32, 32, 16, 16, 10, 16, 32, 32, 32, 32,
	16, 16, 16, 10, 32, 32, 32, 32, 32, 32, 32, 32, 10, 16, 16, 16, 32, 32, 32, 32, 16, 10, 16, 16,
	32, 32, 32, 32, 16, 16, 10, 16, 32, 32, 32, 32, 16, 16, 16, 10,
};
static const int even[] = { 10, 20, 20, 20, 20, 10, 20, 20, 20, 20, 10, 20, 20, 20, 20, 10 };

static const struct order_row order_rows[] = {
	{ "even", 4, -1, -1, even, "0123 1230 2301 3012" },
	{ "ring", 4, -1, -1, ring, "0132 1203 2310 3021" },
	{ "groups", 8, -1, -1, groups,
	  "01234567 12305674 23016745 30127456 45670123 56740123 67450123 74560123" },
	{ "without_cpus", 4, 3, -1, even, "0312 1320 2301 3012" },
	{ "line", 5, -1, -1, line, "01234 12034 23140 34210 43210" },
};

static void nodes_are_ordered(struct kunit *test)
{
	int k, n, i;

	for (k = 0; k < ARRAY_SIZE(order_rows); k++) {
		const struct order_row *row = &order_rows[k];
		struct shape shape = {
			.nodes = row->nodes, .cpus = row->nodes, .distance = 20, .cpuless = row->cpuless,
		};
		struct paper paper[FIXTURE_NODES];
		struct shb_topology topo;
		struct shb_state *s;
		char text[100] = "";
		int len = 0;

		for (n = 0; n < row->nodes; n++)
			paper[n] = (struct paper){ n, SHB_NORMAL, 65536 };
		fill_topology(test, &shape, &topo);
		memcpy(topo.distance, row->distance, row->nodes * row->nodes * sizeof(int));
		s = build_paper(test, eras[era_of(test)], &topo, paper, row->nodes, false);
		for (n = 0; n < row->nodes; n++) {
			len += scnprintf(text + len, sizeof(text) - len, "%s", n ? " " : "");
			for (i = 0; s->nodes[n].order[i] >= 0; i++)
				len += scnprintf(text + len, sizeof(text) - len, "%d", s->nodes[n].order[i]);
		}
		KUNIT_EXPECT_STREQ(test, row->want, text);
	}
}

/* How many in a row came from the zone of the next one. */
static int count_from(struct shb_state *s, int kind, int order, unsigned long *next)
{
	int nr = 0;

	while (s->zones[kind == SHB_NORMAL]->extent.granule_pfn[0] <= *next &&
	       *next <= shb_pfn_of(s->zones[kind == SHB_NORMAL], s->zones[kind == SHB_NORMAL]->extent.nr_frames - 1)) {
		nr++;
		*next = serve(s, GFP_KERNEL, order, 0, 0);
	}
	return nr;
}

/* 4.1: 77 pages from Normal, 51 from DMA32, and again. */
static void zones_take_turns(struct kunit *test)
{
	static const struct { int order, first, want[4]; } rows[] = {
		{ 0, 0, { 77, 51, 77, 51 } }, { 2, 0, { 20, 13, 20, 13 } }, { 0, 5, { 0, 51, 77, 51 } },
	};
	int k, n;

	for (k = 0; k < ARRAY_SIZE(rows); k++) {
		struct shb_state *s = build(test, "linux-4.1", &two_zones);
		unsigned long next;

		KUNIT_ASSERT_EQ(test, 0, set_knob(s, "min_free_kbytes", "2048"));
		for (n = 0; n < rows[k].first; n++)
			serve(s, GFP_KERNEL, 4, 0, 0);
		next = serve(s, GFP_KERNEL, rows[k].order, 0, 0);
		for (n = 0; n < 4; n++)
			KUNIT_EXPECT_EQ(test, rows[k].want[n],
					count_from(s, n & 1 ? SHB_DMA32 : SHB_NORMAL, rows[k].order, &next));
	}
}

static const struct shape three_nodes = {
	.name = "three_nodes", .nodes = 3, .cpus = 3, .distance = 20, .cpuless = -1, .nr = 5,
	.zones = {
		{ 0, SHB_DMA32, 8 }, { 0, SHB_NORMAL, 8 }, { 1, SHB_NORMAL, 8 }, { 2, SHB_DMA32, 8 }, { 2, SHB_NORMAL, 8 },
	},
};

/* "0N 0D 1N": nodes and zones of a list. */
static void expect_fallback(struct kunit *test, const struct shb_state *s, int nid, const char *want)
{
	struct shb_zone **z = s->nodes[nid].fallback.zones;
	char text[64] = "";
	int len = 0;

	for (; *z; z++)
		len += scnprintf(text + len, sizeof(text) - len, "%s%d%c", len ? " " : "", (*z)->nid,
				 "DDNM"[(*z)->kind]);
	KUNIT_EXPECT_STREQ(test, want, text);
}

/* For each kind from the highest down: each node in node order; 4.1 alone can be told so. */
static void lists_may_go_zone_by_zone(struct kunit *test)
{
	struct shb_state *s = build(test, eras[era_of(test)], &three_nodes);
	bool knows = era_of(test) == V4_1;

	expect_fallback(test, s, 2, "2N 2D 1N 0N 0D");
	KUNIT_EXPECT_EQ(test, knows ? 0 : -EINVAL, set_knob(s, "numa_zonelist_order", "Zone"));
	expect_fallback(test, s, 2, knows ? "2N 1N 0N 2D 0D" : "2N 2D 1N 0N 0D");
	KUNIT_EXPECT_EQ(test, -EINVAL, set_knob(s, "numa_zonelist_order", "backwards"));
	KUNIT_EXPECT_EQ(test, knows ? 0 : -EINVAL, set_knob(s, "numa_zonelist_order", "n"));
	expect_fallback(test, s, 2, "2N 2D 1N 0N 0D");
	set_knob(s, "numa_zonelist_order", "zone");
	KUNIT_EXPECT_EQ(test, 0, shb_become_reset(s));
	expect_fallback(test, s, 2, "2N 2D 1N 0N 0D");
}

/* A node that is not online is as one that is not there: the others' orders are those of three nodes. */
static void nodes_that_are_offline_weigh_nothing(struct kunit *test)
{
	static const int ids[] = { 0, 2, 3 };
	static const struct paper four[] = {
		{ 0, SHB_NORMAL, 10000, 10000, 10000, 1 << 20 }, { 2, SHB_NORMAL, 10000, 10000, 10000, 2 << 20 },
		{ 3, SHB_NORMAL, 10000, 10000, 10000, 3 << 20 },
	};
	struct shape shape = { .nodes = 4, .cpus = 4, .distance = 20, .cpuless = 1 };
	struct shb_topology t4, t3;
	struct shb_state *a, *b;
	struct paper three[3];
	int x, y, k;

	fill_topology(test, &shape, &t4);
	shape.nodes = 3;
	shape.cpus = 3;
	shape.cpuless = -1;
	fill_topology(test, &shape, &t3);
	t4.node_online[1] = false;
	for (x = 0; x < 3; x++) {
		t4.cpu_node[x] = ids[x];
		three[x] = four[x];
		three[x].nid = x;
		for (y = 0; y < 3; y++) {
			t4.distance[ids[x] * 4 + ids[y]] = x == y ? 10 : 20;
			t3.distance[x * 3 + y] = x == y ? 10 : 20;
		}
	}
	t4.cpu_online[3] = false;
	t4.cpu_node[3] = 3;
	t4.distance[4] = 15;	/* were it counted, node 0 would head a list more */
	a = build_paper(test, eras[era_of(test)], &t4, four, 3, false);
	b = build_paper(test, eras[era_of(test)], &t3, three, 3, false);
	for (x = 0; x < 3; x++)
		for (k = 0; k < 3; k++)
			KUNIT_EXPECT_EQ(test, ids[b->nodes[x].order[k]], a->nodes[ids[x]].order[k]);
}

static int node_of(struct shb_state *s, unsigned long pfn)
{
	u32 i;

	return pfn == SHB_NO_PFN ? -1 : shb_zone_of(s, pfn, &i)->nid;
}

static void open_node(struct shb_state *s, int nid, int first_mark)
{
	struct shb_zone *z;
	int n, mark;

	shb_for_each_zone(s, z, n)
		for (mark = 0; z->nid == nid && mark < SHB_NR_WMARK; mark++)
			z->marks.watermark[mark] = mark < first_mark ? 0 : LONG_MAX / 4;
}

/*
 * A request that goes below LOW finds nodes 0 and 1 below MIN, and a page on node 2. Node 1 has
 * pages again: where zones are remembered it is passed over until a second has passed.
 */
static void full_zones_are_remembered(struct kunit *test)
{
	struct shb_state *s = build(test, eras[era_of(test)], &three_nodes);
	bool remembers = era_of(test) == V4_1;

	open_node(s, 0, 0);
	open_node(s, 1, 0);
	open_node(s, 2, 1);
	KUNIT_EXPECT_EQ(test, 2, node_of(s, serve(s, GFP_KERNEL, 0, 0, 0)));
	open_node(s, 1, 1);
	KUNIT_EXPECT_EQ(test, remembers ? 2 : 1, node_of(s, serve(s, GFP_KERNEL, 0, 0, 0)));
	shb_drain_tick(s);
	KUNIT_EXPECT_EQ(test, 1, node_of(s, serve(s, GFP_KERNEL, 0, 0, 0)));
	/* Nobody else has one: then it is looked at all the same. */
	open_node(s, 1, 0);
	open_node(s, 2, 0);
	KUNIT_EXPECT_EQ(test, -1, node_of(s, serve(s, GFP_KERNEL, 0, 0, 0)));
	open_node(s, 1, 1);
	KUNIT_EXPECT_EQ(test, 1, node_of(s, serve(s, GFP_KERNEL, 0, 0, 0)));
	check_all(test, s);
}

/* Who may have one zone only has it for ever. */
static void a_single_zone_needs_no_turns(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-4.1", &two_zones);
	struct shb_zone *z = s->zones[0];
	int k;

	KUNIT_ASSERT_EQ(test, 0, set_knob(s, "min_free_kbytes", "2048"));
	for (k = 0; k < 500; k++)
		KUNIT_ASSERT_LT(test, serve(s, GFP_KERNEL | __GFP_DMA32, 0, 0, 0),
				shb_pfn_of(z, 0) + z->extent.nr_frames);
	check_all(test, s);
}

/* A request of one node that may not wait gets nothing below LOW. */
static void thisnode_fails_at_once(struct kunit *test)
{
	static const struct shape shape = {
		.name = "shape", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
		.zones = { { 0, SHB_NORMAL, 4 } },
	};
	struct shb_state *s = build(test, eras[era_of(test)], &shape);

	s->zones[0]->marks.watermark[SHB_WMARK_LOW] = 5000;
	s->zones[0]->marks.watermark[SHB_WMARK_HIGH] = 6000;
	KUNIT_EXPECT_EQ(test, era_of(test) == V4_1,
			serve(s, GFP_NOWAIT | __GFP_THISNODE, 0, 0, 0) == SHB_NO_PFN);
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, serve(s, GFP_NOWAIT, 0, 0, 0));
}

static struct kunit_case eras_cases[] = {
	KUNIT_CASE_PARAM(moved_blocks_have_an_end, era_gen_params),
	KUNIT_CASE_PARAM(small_movable_takes, era_gen_params),
	KUNIT_CASE_PARAM(reserved_halves_join, era_gen_params),
	KUNIT_CASE_PARAM(the_half_freed_last_names_the_block, era_gen_params),
	KUNIT_CASE_PARAM(isolated_halves_do_not, era_gen_params),
	KUNIT_CASE_PARAM(nofragment_of_two_pageblocks_brings_single_ones, era_gen_params),
	KUNIT_CASE_PARAM(nofragment_leaves_small_blocks, era_gen_params),
	KUNIT_CASE_PARAM(fresh_memory_has_an_end, era_gen_params),
	KUNIT_CASE_PARAM(atomic_requests_have_a_reserve, era_gen_params),
	KUNIT_CASE(a_pageblock_is_kept_for_the_last),
	KUNIT_CASE(what_is_kept_follows_min),
	KUNIT_CASE(only_movable_pageblocks_are_kept),
	KUNIT_CASE(what_is_kept_stays_kept),
	KUNIT_CASE_PARAM(lists_are_trimmed_in_turn, era_gen_params),
	KUNIT_CASE_PARAM(the_only_list_left_gives_the_rest, era_gen_params),
	KUNIT_CASE_PARAM(cold_pages_come_from_the_tail, era_gen_params),
	KUNIT_CASE_PARAM(cold_pages_go_to_the_tail, era_gen_params),
	KUNIT_CASE_PARAM(drains_take_all, era_gen_params),
	KUNIT_CASE_PARAM(a_refill_falls_back, era_gen_params),
	KUNIT_CASE(trims_double_without_end),
	KUNIT_CASE(pageblocks_have_lists_by_type),
	KUNIT_CASE(trims_are_short_while_kswapd_works),
	KUNIT_CASE_PARAM(a_miss_is_final, era_gen_params),
	KUNIT_CASE_PARAM(sizes_are_six_batches, era_gen_params),
	KUNIT_CASE_PARAM(a_fraction_fixes_sizes, era_gen_params),
	KUNIT_CASE_PARAM(mark_tests, era_gen_params),
	KUNIT_CASE_PARAM(marks_and_the_atomic_reserve, era_gen_params),
	KUNIT_CASE_PARAM(marks_of_a_machine, era_gen_params),
	KUNIT_CASE_PARAM(a_boost_sticks_in_5_4, era_gen_params),
	KUNIT_CASE_PARAM(no_ratio_is_one_or_none, era_gen_params),
	KUNIT_CASE_PARAM(urgency_grants, era_gen_params),
	KUNIT_CASE_PARAM(victims_reserves, era_gen_params),
	KUNIT_CASE_PARAM(nodes_are_ordered, era_gen_params),
	KUNIT_CASE_PARAM(lists_may_go_zone_by_zone, era_gen_params),
	KUNIT_CASE_PARAM(nodes_that_are_offline_weigh_nothing, era_gen_params),
	KUNIT_CASE_PARAM(full_zones_are_remembered, era_gen_params),
	KUNIT_CASE(zones_take_turns),
	KUNIT_CASE(a_single_zone_needs_no_turns),
	KUNIT_CASE_PARAM(thisnode_fails_at_once, era_gen_params),
	{}
};

struct kunit_suite eras_suite = {
	.name = "shadowbuddy_eras", .test_cases = eras_cases,
};
