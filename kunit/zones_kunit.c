// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_zones: one buddy. Expected values are the vectors of kernel code
 * (B1 to B8: a zone of 4096 pages, all Movable, no pcp) and the naive oracle.
 */
#include "oracle.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

/* All but linux-4.1. */
static const char *const with_highatomic[] = {
	"linux-4.14", "linux-5.4", "linux-5.10", "linux-5.15", "linux-6.1", "linux-6.12", "linux-7.2",
};
KUNIT_ARRAY_PARAM(highatomic, with_highatomic, profile_name);

static u32 vector_take(struct shb_zone *z, int order, int type)
{
	return buddy_take(z, order, type, SHB_ALLOC_KSWAPD);
}

static void take_all(struct kunit *test, struct shb_zone *z, int type, bool movable)
{
	u32 k, i;

	for (k = 0; k < z->extent.nr_frames; k++) {
		i = vector_take(z, 0, type);
		KUNIT_ASSERT_NE(test, i, SHB_NONE);
		z->frames[i].flags = movable ? SHB_FRAME_MOVABLE : 0;
	}
}

/* B1: split keeps the lower half, a pageblock-sized fallback takes the whole block over. */
static void b1_first_unmovable_takes_a_whole_block(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	KUNIT_EXPECT_EQ(test, 0, vector_take(z, 0, SHB_UNMOVABLE));
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_UNMOVABLE),
			   "0.0:1 0.1:2 0.2:4 0.3:8 0.4:16 0.5:32 0.6:64 0.7:128 0.8:256 0.9:512");
	KUNIT_EXPECT_EQ(test, SHB_UNMOVABLE, z->pageblocks[0]);
	KUNIT_EXPECT_EQ(test, SHB_UNMOVABLE, z->pageblocks[1]);
	KUNIT_EXPECT_EQ(test, 0, z->marks.boost);
	check_one(test, z);
}

static void b2_each_type_gets_its_own_block(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	vector_take(z, 0, SHB_UNMOVABLE);
	KUNIT_EXPECT_EQ(test, 1024, vector_take(z, 3, SHB_RECLAIMABLE));
	KUNIT_EXPECT_EQ(test, 2048, vector_take(z, 0, SHB_MOVABLE));
	KUNIT_EXPECT_EQ(test, SHB_RECLAIMABLE, z->pageblocks[2]);
	KUNIT_EXPECT_EQ(test, SHB_RECLAIMABLE, z->pageblocks[3]);
	check_one(test, z);
}

static void b3_free_merges_back_and_keeps_the_type(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	vector_take(z, 0, SHB_UNMOVABLE);
	buddy_free(z, 0, 0);
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_UNMOVABLE), "0.10:0");
	KUNIT_EXPECT_EQ(test, SHB_UNMOVABLE, z->pageblocks[0]);
	KUNIT_EXPECT_EQ(test, SHB_UNMOVABLE, z->pageblocks[1]);
	check_one(test, z);
}

static void b4_same_block_same_page_other_list(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	take_all(test, z, SHB_MOVABLE, true);
	free_range(z, 0, 7);
	buddy_free(z, 100, 0);
	KUNIT_EXPECT_EQ(test, since(test, 4014) ? 100 : 0, vector_take(z, 0, SHB_UNMOVABLE));
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, since(test, 6012) ? 1 : 0),
			   since(test, 6012) ? "1.3:0" :
			   since(test, 4014) ? "0.3:0" : "0.0:1,100 0.1:2 0.2:4");
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE, z->pageblocks[0]);
	KUNIT_EXPECT_EQ(test, since(test, 5004) ? 512 : 0, z->marks.boost);
	check_one(test, z);
}

static void b5_smallest_foreign_block_since_6_12(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	take_all(test, z, SHB_MOVABLE, true);
	free_range(z, 0, 7);
	buddy_free(z, 600, 0);
	KUNIT_EXPECT_EQ(test, since(test, 6012) ? 600 : 0, vector_take(z, 0, SHB_UNMOVABLE));
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_UNMOVABLE),
			   since(test, 6012) ? "" : "0.0:1 0.1:2 0.2:4");
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE),
			   since(test, 6012) ? "1.3:0" : "1.0:600");
	check_one(test, z);
}

static void b6_alike_pages_let_a_block_be_claimed(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	take_all(test, z, SHB_MOVABLE, false);
	free_range(z, 0, 7);
	buddy_free(z, 600, 0);
	KUNIT_EXPECT_EQ(test, 0, vector_take(z, 0, SHB_UNMOVABLE));
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_UNMOVABLE), "0.0:1 0.1:2 0.2:4");
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:600");
	KUNIT_EXPECT_EQ(test, since(test, 4014) ? SHB_UNMOVABLE : SHB_MOVABLE, z->pageblocks[0]);
	check_one(test, z);
}

/* B7, B8: a small Movable request steals singly; 6.1 boosts and keeps the rest; 4.1 takes the largest. */
static void b7_b8_small_movable_steals_singly(struct kunit *test)
{
	struct shb_search q = { .type = SHB_MOVABLE, .flags = SHB_ALLOC_KSWAPD };
	struct shb_zone *z = vector_zone(test);
	static const u32 want[] = { 1024, 1025, 0 }, want_4_1[] = { 1, 2, 3 };
	unsigned long irq;
	int k;

	take_all(test, z, SHB_UNMOVABLE, false);
	free_range(z, 0, 3);
	buddy_free(z, 700, 0);
	buddy_free(z, 1024, 0);
	buddy_free(z, 1025, 0);
	KUNIT_EXPECT_EQ(test, since(test, 4014) ? 700 : 0, vector_take(z, 0, SHB_MOVABLE));
	KUNIT_EXPECT_EQ(test, since(test, 5004) && !since(test, 6012) ? 512 : 0, z->marks.boost);
	for (k = 0; k < ARRAY_SIZE(want); k++) {
		raw_spin_lock_irqsave(&z->lock, irq);
		KUNIT_EXPECT_EQ(test, (since(test, 4014) ? want : want_4_1)[k], shb_fallback_take(z, &q));
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	if (since(test, 4014))
		KUNIT_EXPECT_STREQ(test, lists_text(test, z, since(test, 6012) ? SHB_UNMOVABLE : SHB_MOVABLE),
				   since(test, 6012) ? "0.0:1 0.1:2" : "1.0:1 1.1:2");
	else
		KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_UNMOVABLE), "0.0:700 0.1:1024");
	check_one(test, z);
}

/*
 * Two granules next to each other, all free: an order-10 block is as large as it gets.
 *
 *     | order 10          | order 10          |
 */
static void merge_stops_at_the_granule(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	KUNIT_EXPECT_EQ(test, 0, vector_take(z, 10, SHB_MOVABLE));
	KUNIT_EXPECT_EQ(test, 1024, vector_take(z, 10, SHB_MOVABLE));
	buddy_free(z, 0, 10);
	buddy_free(z, 1024, 10);
	KUNIT_EXPECT_EQ(test, 4, z->buddy.blocks[SHB_MOVABLE][10]);
	check_one(test, z);
}

/* The last block of a granule has no neighbour in the next one, even if pfns touch. */
static void merge_stops_at_zone_end(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);
	u32 last = z->extent.nr_frames - 1;

	take_all(test, z, SHB_MOVABLE, false);
	buddy_free(z, last, 0);
	KUNIT_EXPECT_EQ(test, 1, z->buddy.blocks[SHB_MOVABLE][0]);
	KUNIT_EXPECT_EQ(test, 1, z->buddy.free_pages);
	check_one(test, z);
}

/* A freed block whose parent's buddy is free goes to the tail, any other to the head. */
static void merge_likely_goes_to_the_tail(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	take_all(test, z, SHB_MOVABLE, false);
	buddy_free(z, 100, 0);		/* nothing free around it: head */
	buddy_free(z, 6, 0);		/* pair 6,7: parent's buddy is 4,5 */
	buddy_free(z, 4, 0);
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:4,6,100");
	buddy_free(z, 5, 0);		/* 4+5 merge to order 1 */
	buddy_free(z, 200, 0);		/* head */
	buddy_free(z, 0, 0);		/* parent 0..1, its buddy 2..3 is used: head */
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:0,200,6,100 1.1:4");
	buddy_free(z, 2, 0);
	buddy_free(z, 1, 0);		/* 0+1 merge; parent 0..3, its buddy 4..7 is not whole */
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:2,200,6,100 1.1:0,4");
	buddy_free(z, 3, 0);		/* 2+3, 0..3; order 2, parent's buddy 8..15 is used */
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:200,6,100 1.1:4 1.2:0");
	buddy_free(z, 7, 0);
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:200,100 1.3:0");
	buddy_free(z, 10, 0);		/* parent 10..11, its buddy 8..9 is used: head */
	buddy_free(z, 8, 0);
	buddy_free(z, 9, 0);		/* order 1 at 8; parent 8..11's buddy 12..15 is used */
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:10,200,100 1.1:8 1.3:0");
	buddy_free(z, 12, 0);
	buddy_free(z, 14, 0);
	buddy_free(z, 15, 0);		/* order 1 at 14: parent 12..15's buddy 8..11 is split */
	buddy_free(z, 13, 0);		/* order 2 at 12: parent 8..15's buddy 0..7 is free: tail */
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE),
			   "1.0:10,200,100 1.1:8 1.2:12 1.3:0");
	check_one(test, z);
}

/* With something on the list already, the tail differs from the head. */
static void merge_likely_tail_is_behind_others(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	take_all(test, z, SHB_MOVABLE, false);
	free_range(z, 2, 3);		/* order 1 at 2 */
	buddy_free(z, 64, 0);		/* order 0 at 64 */
	buddy_free(z, 0, 0);		/* parent 0..1, its buddy 2..3 is free: tail */
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE), "1.0:64,0 1.1:2");
	check_one(test, z);
}

/*
 *     | pageblock 0: isolated | pageblock 1 |
 * A block never spans the edge, and what is isolated is not free.
 */
static void merge_stops_at_an_isolated_edge(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, 0, shb_isolate_pageblock(z, 0));
	KUNIT_EXPECT_EQ(test, -EBUSY, shb_isolate_pageblock(z, 100));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, 4096 - 512, z->buddy.free_pages);
	KUNIT_EXPECT_EQ(test, 512, z->buddy.pages[SHB_ISOLATE]);
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_ISOLATE), "5.9:0");
	check_one(test, z);
	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, 0, shb_unisolate_pageblock(z, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_unisolate_pageblock(z, 0));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_STREQ(test, lists_text(test, z, SHB_MOVABLE),
			   since(test, 5010) ? "1.10:1024,2048,3072,0" : "1.10:0,1024,2048,3072");
	KUNIT_EXPECT_EQ(test, 4096, z->buddy.free_pages);
	check_one(test, z);
}

/* 7.2 remembers what an isolated pageblock was; the others make it Movable. */
static void unisolate_restores_the_type_since_7_2(struct kunit *test)
{
	bool keeps = !strcmp(*(const char *const *)test->param_value, "linux-7.2");
	struct shb_zone *z = vector_zone(test);
	unsigned long irq;

	vector_take(z, 0, SHB_UNMOVABLE);
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_isolate_pageblock(z, 0);
	shb_unisolate_pageblock(z, 0);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, keeps ? SHB_UNMOVABLE : SHB_MOVABLE, z->pageblocks[0]);
	check_one(test, z);
}

static void nofragment_leaves_small_blocks_alone(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	take_all(test, z, SHB_MOVABLE, true);
	free_range(z, 0, 255);
	KUNIT_EXPECT_EQ(test, SHB_NONE, buddy_take(z, 0, SHB_UNMOVABLE, SHB_ALLOC_NOFRAGMENT));
	KUNIT_EXPECT_EQ(test, 0, z->marks.boost);
	KUNIT_EXPECT_EQ(test, 256, z->buddy.free_pages);
	check_one(test, z);
}

/* 65536 pages: 6.1 reserves up to 655 + 512 pages, later kernels one percent rounded up. */
static void highatomic_limit(struct kunit *test)
{
	struct shb_state *s = build(test, *(const char *const *)test->param_value, &big_zone);
	struct shb_zone *z = s->zones[0];
	unsigned long irq;
	u32 i, n;

	for (n = 0; n < 8; n++) {
		i = buddy_take(z, 9, SHB_UNMOVABLE, 0);
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_highatomic_reserve(z, i, 0);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	KUNIT_EXPECT_EQ(test, since(test, 6012) ? 2 * 512 : 3 * 512, z->buddy.reserved);
	check_one(test, z);
}

/* Below 51200 pages one percent is less than a pageblock: 6.12 and 7.2 reserve nothing. */
static void highatomic_needs_a_large_zone_since_6_12(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);
	unsigned long irq;
	u32 i = vector_take(z, 3, SHB_UNMOVABLE);

	raw_spin_lock_irqsave(&z->lock, irq);
	shb_highatomic_reserve(z, i, 3);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, since(test, 6012) ? 0 : 512, z->buddy.reserved);
}

/* The reserve comes back, the pageblock to the type of the request in need. */
static void highatomic_unreserve_retags(struct kunit *test)
{
	struct shb_state *s = build(test, *(const char *const *)test->param_value, &big_zone);
	struct shb_zone *z = s->zones[0];
	unsigned long irq;
	u32 i = buddy_take(z, 3, SHB_UNMOVABLE, 0);

	raw_spin_lock_irqsave(&z->lock, irq);
	shb_highatomic_reserve(z, i, 3);
	KUNIT_EXPECT_EQ(test, SHB_HIGHATOMIC, shb_block_type(z, i));
	KUNIT_EXPECT_EQ(test, 504, z->buddy.pages[SHB_HIGHATOMIC]);
	KUNIT_EXPECT_FALSE(test, shb_highatomic_unreserve(z, SHB_RECLAIMABLE, false));
	KUNIT_EXPECT_TRUE(test, shb_highatomic_unreserve(z, SHB_RECLAIMABLE, true));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_EXPECT_EQ(test, SHB_RECLAIMABLE, shb_block_type(z, i));
	KUNIT_EXPECT_EQ(test, 0, z->buddy.reserved);
	check_one(test, z);
}

static const struct shape cma_zone = {
	.name = "cma_zone", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
	.zones = { { 0, SHB_NORMAL, 4, 0, 3 } },
};

/* Three of four granules are CMA: more than half of what is free, so they go first. */
static void cma_pages_go_first_when_they_dominate(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-7.2", &cma_zone);
	struct shb_zone *z = s->zones[0];

	KUNIT_EXPECT_EQ(test, 1024, buddy_take(z, 10, SHB_MOVABLE, SHB_ALLOC_CMA));
	KUNIT_EXPECT_EQ(test, 2048, buddy_take(z, 10, SHB_MOVABLE, SHB_ALLOC_CMA));
	KUNIT_EXPECT_EQ(test, 0, buddy_take(z, 10, SHB_MOVABLE, SHB_ALLOC_CMA));
	KUNIT_EXPECT_EQ(test, SHB_NONE, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 3072, buddy_take(z, 10, SHB_MOVABLE, SHB_ALLOC_CMA));
	check_one(test, z);
}

/* extfrag: exactly one free block of the order below: 1000 - 1500 = -500. */
static void fragmentation_index_may_be_negative(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);

	take_all(test, z, SHB_MOVABLE, false);
	KUNIT_EXPECT_EQ(test, 0, shb_index_fragmentation(z, 1));
	KUNIT_EXPECT_EQ(test, 1000, shb_index_unusable(z, 0));
	free_range(z, 0, 7);
	KUNIT_EXPECT_EQ(test, -500, shb_index_fragmentation(z, 4));
	KUNIT_EXPECT_EQ(test, -1000, shb_index_fragmentation(z, 3));
	KUNIT_EXPECT_EQ(test, 1000, shb_index_unusable(z, 4));
	KUNIT_EXPECT_EQ(test, 0, shb_index_unusable(z, 3));
}

/* check.c must be able to say no: each planted contradiction is found. */
static void selfcheck_finds_what_is_wrong(struct kunit *test)
{
	struct shb_zone *z = vector_zone(test);
	struct shb_frame *f = &z->frames[0];

	vector_take(z, 3, SHB_MOVABLE);
	check_one(test, z);
	z->buddy.free_pages++;
	shb_check_zone(z, &check_buffer);
	KUNIT_EXPECT_EQ(test, 1, check_buffer.nr);
	z->buddy.free_pages--;
	check_buffer.nr = 0;
	f->state = SHB_FRAME_INSIDE;
	shb_check_zone(z, &check_buffer);
	KUNIT_EXPECT_GT(test, check_buffer.nr, 0);
	f->state = SHB_FRAME_USED;
	check_buffer.nr = 0;
	z->frames[8].order = 4;
	shb_check_zone(z, &check_buffer);
	KUNIT_EXPECT_GT(test, check_buffer.nr, 0);
	z->frames[8].order = 3;
	check_one(test, z);
}

/* --- random runs against the oracle --------------------------------------------------------------- */

#define ZONE_OPS	12000

struct seed_row { const char *profile; u32 granules; u64 seed; };

/* Fixed seeds for every profile and two sizes; seed 0 is drawn anew and printed. */
static const struct seed_row seed_rows[] = {
	{ "linux-4.1", 2, 13 }, { "linux-4.1", 3, 14 }, { "linux-4.1", 4, 0 },
	{ "linux-4.14", 2, 9 }, { "linux-4.14", 3, 0 }, { "linux-5.4", 3, 10 }, { "linux-5.4", 2, 0 },
	{ "linux-5.10", 3, 11 }, { "linux-5.10", 2, 0 }, { "linux-5.15", 2, 12 }, { "linux-5.15", 3, 0 },
	{ "linux-6.1", 2, 1 }, { "linux-6.1", 3, 2 }, { "linux-6.1", 2, 0 },
	{ "linux-6.12", 1, 3 }, { "linux-6.12", 2, 4 }, { "linux-6.12", 3, 5 },
	{ "linux-6.12", 4, 6 }, { "linux-6.12", 2, 0 },
	{ "linux-7.2", 2, 7 }, { "linux-7.2", 3, 8 }, { "linux-7.2", 2, 0 },
};

static void seed_name(const struct seed_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s_%uM_seed_%llu", r->profile, r->granules * 4,
		 r->seed);
}
KUNIT_ARRAY_PARAM(seed, seed_rows, seed_name);

struct held { u32 i; u8 order; };

struct zone_run {
	struct oracle o;
	struct held held[ORACLE_FRAMES];
	int nr;
};

static void run_take(struct kunit *test, struct shb_zone *z, struct zone_run *run, u64 *seed)
{
	bool stolen = false, movable = draw(seed, 2), nofragment = !draw(seed, 4);
	int order = draw_order(seed), type = draw(seed, 3), n = draw(seed, 8) ? 1 : 16, want;
	struct shb_search q = {
		.order = order, .type = type, .flags = nofragment ? SHB_ALLOC_NOFRAGMENT : 0,
	};
	unsigned long irq;
	u32 i;

	while (n--) {
		raw_spin_lock_irqsave(&z->lock, irq);
		i = shb_fallback_take(z, &q);
		raw_spin_unlock_irqrestore(&z->lock, irq);
		want = o_take(&run->o, order, type, nofragment, &stolen);
		KUNIT_ASSERT_EQ(test, want < 0 ? SHB_NONE : (u32)want, i);
		if (i == SHB_NONE)
			return;
		if (movable) {
			z->frames[i].flags = SHB_FRAME_MOVABLE;
			memset(run->o.movable + i, 1, 1 << order);
		}
		run->held[run->nr++] = (struct held){ i, order };
	}
}

static void run_free(struct shb_zone *z, struct zone_run *run, u64 *seed)
{
	int k = draw(seed, 3) ? run->nr - 1 : draw(seed, run->nr);
	struct held h = run->held[k];

	run->held[k] = run->held[--run->nr];
	buddy_free(z, h.i, h.order);
	o_free(&run->o, h.i, h.order);
}

/* Phases of filling and emptying, so that both ends are reached. */
static void random_zone_equals_oracle(struct kunit *test)
{
	const struct seed_row *row = test->param_value;
	struct shape shape = one_zone;
	struct zone_run *run = kunit_kzalloc(test, sizeof(*run), GFP_KERNEL);
	u64 seed = start_seed(test, row->seed);
	struct shb_zone *z;
	int op;

	KUNIT_ASSERT_NOT_NULL(test, run);
	shape.zones[0].granules = row->granules;
	z = build(test, row->profile, &shape)->zones[0];
	o_init(&run->o, z);
	for (op = 0; op < ZONE_OPS; op++) {
		bool fill = (op / 1000) & 1 ? draw(&seed, 10) < 3 : draw(&seed, 10) < 7;

		if (!run->nr || (fill && run->nr < ORACLE_FRAMES - 16))
			run_take(test, z, run, &seed);
		else
			run_free(z, run, &seed);
		o_compare(test, &run->o, z);
		check_one(test, z);
		if (!(op % 256))
			cond_resched();
	}
}

static struct kunit_case zones_cases[] = {
	KUNIT_CASE_PARAM(b1_first_unmovable_takes_a_whole_block, profile_gen_params),
	KUNIT_CASE_PARAM(b2_each_type_gets_its_own_block, profile_gen_params),
	KUNIT_CASE_PARAM(b3_free_merges_back_and_keeps_the_type, profile_gen_params),
	KUNIT_CASE_PARAM(b4_same_block_same_page_other_list, profile_gen_params),
	KUNIT_CASE_PARAM(b5_smallest_foreign_block_since_6_12, profile_gen_params),
	KUNIT_CASE_PARAM(b6_alike_pages_let_a_block_be_claimed, profile_gen_params),
	KUNIT_CASE_PARAM(b7_b8_small_movable_steals_singly, profile_gen_params),
	KUNIT_CASE_PARAM(merge_stops_at_the_granule, profile_gen_params),
	KUNIT_CASE_PARAM(merge_stops_at_zone_end, profile_gen_params),
	KUNIT_CASE_PARAM(merge_likely_goes_to_the_tail, profile_gen_params),
	KUNIT_CASE_PARAM(merge_likely_tail_is_behind_others, profile_gen_params),
	KUNIT_CASE_PARAM(merge_stops_at_an_isolated_edge, profile_gen_params),
	KUNIT_CASE_PARAM(unisolate_restores_the_type_since_7_2, profile_gen_params),
	KUNIT_CASE_PARAM(nofragment_leaves_small_blocks_alone, highatomic_gen_params),
	KUNIT_CASE_PARAM(highatomic_limit, highatomic_gen_params),
	KUNIT_CASE_PARAM(highatomic_needs_a_large_zone_since_6_12, highatomic_gen_params),
	KUNIT_CASE_PARAM(highatomic_unreserve_retags, highatomic_gen_params),
	KUNIT_CASE(cma_pages_go_first_when_they_dominate),
	KUNIT_CASE_PARAM(fragmentation_index_may_be_negative, profile_gen_params),
	KUNIT_CASE_PARAM(selfcheck_finds_what_is_wrong, profile_gen_params),
	KUNIT_CASE_PARAM_ATTR(random_zone_equals_oracle, seed_gen_params, { .speed = KUNIT_SPEED_SLOW }),
	{}
};

struct kunit_suite zones_suite = {
	.name = "shadowbuddy_zones", .test_cases = zones_cases,
};
