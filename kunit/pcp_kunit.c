// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_pcp: per-cpu lists. The sequences were produced by the kernels'
 * own functions with batch 63, high (6.1) or high_min 252, high_max 2000, no zone
 * flags and enough free memory.
 */
#include "fixture.h"

struct pcp_row {
	const char *name, *profile;
	int order, allocs, high_max;
	const char *refills;		/* blocks@allocation, the first ones */
	int end_count, end_alloc_factor;
	const char *frees;		/* blocks@free(count left), the first ones */
	int batch, high;		/* 0: 63, 252 */
};

static const struct pcp_row pcp_rows[] = {
	{ "order0", "linux-4.1", 0, 500, 186, "31@1 31@32 31@63 31@94", 27, 0,
	  "31@159(155) 31@190(155) 31@221(155) 31@252(155)", 31, 186 },
	{ "order0", "linux-4.14", 0, 500, 186, "31@1 31@32 31@63 31@94", 27, 0,
	  "31@159(155) 31@190(155) 31@221(155) 31@252(155)", 31, 186 },
	{ "order0", "linux-5.4", 0, 500, 378, "63@1 63@64 63@127", 4, 0,
	  "63@374(315) 63@437(315)", 63, 378 },
	{ "order0", "linux-5.10", 0, 500, 378, "63@1 63@64 63@127", 4, 0,
	  "63@374(315) 63@437(315)", 63, 378 },
	{ "order0", "linux-5.15", 0, 500, 252, "63@1 63@64 63@127", 4, 0,
	  "63@248(189) 126@311(126) 189@437(63)" },
	{ "order3", "linux-5.15", 3, 100, 252, "7@1 7@8 7@15 7@22", -1, 0,
	  "8@27(192) 16@35(128) 24@51(64) 24@75(64) 24@99(64)" },
	{ "order0", "linux-6.1", 0, 2000, 252,
	  "63@1 63@64 63@127 63@190 63@253 63@316 63@379 63@442", 16, 0,
	  "63@236(189) 126@299(126) 189@425(63) 189@614(63) 189@803(63)" },
	{ "order0", "linux-6.12", 0, 2000, 2000,
	  "63@1 126@64 252@190 504@442 1008@946 1937@1954", 1890, 5,
	  "110@110(1890) 220@220(1780) 440@440(1560) 880@880(1120) 1760@1760(240)" },
	{ "order0", "linux-7.2", 0, 2000, 2000,
	  "63@1 126@64 252@190 504@442 1008@946 1937@1954", 1890, 5,
	  "110@110(1890) 220@220(1780) 440@440(1560) 880@880(1120) 1760@1760(240)" },
	{ "order0_fixed_high", "linux-6.12", 0, 2000, 252,
	  "63@1 126@64 189@190 189@379 189@568 189@757 189@946 189@1135", 79, 2,
	  "173@173(79) 189@346(63) 189@535(63) 189@724(63) 189@913(63)" },
	{ "order0_fixed_high", "linux-7.2", 0, 2000, 252,
	  "63@1 126@64 189@190 189@379 189@568 189@757 189@946 189@1135", 79, 2,
	  "173@173(79) 189@346(63) 189@535(63) 189@724(63) 189@913(63)" },
	{ "order3", "linux-6.1", 3, 200, 252, "7@1 7@8 7@15 7@22 7@29 7@36 7@43 7@50", -1, 0,
	  "8@29(192) 25@30(0) 1@31(0) 1@32(0) 1@33(0)" },
	{ "order3", "linux-6.12", 3, 200, 2000, "7@1 7@8 7@15 7@22 7@29 7@36 7@43 7@50", -1, 0,
	  "12@9(0) 1@10(0) 1@11(0) 1@12(0) 1@13(0)" },
	{ "order3", "linux-7.2", 3, 200, 2000, "7@1 7@8 7@15 7@22 7@29 7@36 7@43 7@50", -1, 0,
	  "28@25(0) 1@26(0) 1@27(0) 1@28(0) 1@29(0)" },
};

static void pcp_row_name(const struct pcp_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s_%s", r->profile, r->name);
}
KUNIT_ARRAY_PARAM(pcp_row, pcp_rows, pcp_row_name);

static struct shb_pcp *sized_pcp(struct shb_zone *z, int batch, int high, int high_max)
{
	struct shb_pcp *pcp = &z->pcps[0];

	pcp->batch = batch;
	pcp->high_min = high;
	pcp->high_max = high_max;
	pcp->high = z->rules.pcp->auto_high ? 0 : high;
	shb_pcp_follow(z, pcp);
	return pcp;
}

static void compare_prefix(struct kunit *test, const char *want, const char *text)
{
	KUNIT_EXPECT_TRUE_MSG(test, !strncmp(want, text, strlen(want)), "want %s\n got %.120s", want,
			      text);
}

static const struct shape pcp_zone = {
	.name = "pcp_zone", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
	.zones = { { 0, SHB_NORMAL, 6 } },
};

static void sequence(struct kunit *test)
{
	const struct pcp_row *row = test->param_value;
	struct shb_state *s = build(test, row->profile, &pcp_zone);
	struct shb_zone *z = s->zones[0];
	struct shb_pcp *pcp = sized_pcp(z, row->batch ?: 63, row->high ?: 252, row->high_max);
	char *text = kunit_kzalloc(test, 65536, GFP_KERNEL);
	u32 *held = kunit_kcalloc(test, row->allocs, sizeof(*held), GFP_KERNEL);
	int k, before, len = 0, list = shb_pcp_list(z, row->order, SHB_UNMOVABLE);

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_NOT_NULL(test, held);
	for (k = 0; k < row->allocs; k++) {
		u32 refills = pcp->refills[list];

		pcp->free_factor >>= 1;
		pcp->free_count >>= 1;
		held[k] = shb_pcp_pop(z, pcp, row->order, SHB_UNMOVABLE, 0);
		KUNIT_ASSERT_NE(test, held[k], SHB_NONE);
		if (pcp->refills[list] != refills)
			len += scnprintf(text + len, 65536 - len, "%d@%d ",
					 (pcp->count >> row->order) + 1, k + 1);
	}
	compare_prefix(test, row->refills, text);
	if (row->end_count >= 0) {
		KUNIT_EXPECT_EQ(test, row->end_count, pcp->count);
		KUNIT_EXPECT_EQ(test, row->end_alloc_factor, pcp->alloc_factor);
	}
	check_one(test, z);
	for (k = 0, len = 0; k < row->allocs; k++) {
		before = pcp->count + (1 << row->order);
		shb_pcp_push(z, pcp, held[k], row->order, SHB_UNMOVABLE, SHB_UNMOVABLE);
		if (pcp->count != before)
			len += scnprintf(text + len, 65536 - len, "%d@%d(%d) ",
					 (before - pcp->count) >> row->order, k + 1, pcp->count);
	}
	compare_prefix(test, row->frees, text);
	check_one(test, z);
}

struct batch_row { unsigned long managed; int batch; };

/* Each limit of the table, one page below and exactly. */
static const struct batch_row batch_rows[] = {
	{ 0, 1 }, { 12287, 1 }, { 12288, 3 }, { 24575, 3 }, { 24576, 7 }, { 45055, 7 },
	{ 45056, 15 }, { 90111, 15 }, { 90112, 31 }, { 176127, 31 }, { 176128, 63 },
	{ 1UL << 22, 63 }, { 1UL << 34, 63 },
};

static void batch_name(const struct batch_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "managed_%lu", r->managed);
}
KUNIT_ARRAY_PARAM(batch, batch_rows, batch_name);

static void batch_of_zone_size(struct kunit *test)
{
	const struct batch_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, row->batch, max(shb_pcp_batchsize(row->managed, 64), 1));
}

/* 14 lists: index and order of each; order 9 has one list for Movable, one for the rest. */
static void list_index_and_order(struct kunit *test)
{
	const struct shb_zone *z = build(test, "linux-6.1", &one_zone)->zones[0];
	int order, type;

	for (order = 0; order < SHB_PCP_ORDERS; order++)
		for (type = 0; type < SHB_PCPTYPES; type++) {
			KUNIT_EXPECT_EQ(test, 3 * order + type, shb_pcp_list(z, order, type));
			KUNIT_EXPECT_EQ(test, order, shb_pcp_list_order(3 * order + type));
		}
	KUNIT_EXPECT_EQ(test, 12, shb_pcp_list(z, 9, SHB_UNMOVABLE));
	KUNIT_EXPECT_EQ(test, 12, shb_pcp_list(z, 9, SHB_RECLAIMABLE));
	KUNIT_EXPECT_EQ(test, 13, shb_pcp_list(z, 9, SHB_MOVABLE));
	z = build(test, "linux-5.15", &one_zone)->zones[0];
	for (type = 0; type < SHB_PCPTYPES; type++)
		KUNIT_EXPECT_EQ(test, 12 + type, shb_pcp_list(z, 9, type));
	KUNIT_EXPECT_EQ(test, 9, shb_pcp_list_order(12));
	KUNIT_EXPECT_EQ(test, 9, shb_pcp_list_order(13));
}

/* Refill in allocation order, so ascending from a fresh block; frees come back LIFO. */
static void refill_ascends_and_free_is_lifo(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &pcp_zone)->zones[0];
	struct shb_pcp *pcp = sized_pcp(z, 63, 252, 2000);
	u32 a, b;

	KUNIT_EXPECT_EQ(test, 0, shb_pcp_pop(z, pcp, 0, SHB_MOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 1, shb_pcp_pop(z, pcp, 0, SHB_MOVABLE, 0));
	a = shb_pcp_pop(z, pcp, 0, SHB_MOVABLE, 0);
	b = shb_pcp_pop(z, pcp, 0, SHB_MOVABLE, 0);
	shb_pcp_push(z, pcp, a, 0, SHB_MOVABLE, SHB_MOVABLE);
	shb_pcp_push(z, pcp, b, 0, SHB_MOVABLE, SHB_MOVABLE);
	KUNIT_EXPECT_EQ(test, b, shb_pcp_pop(z, pcp, 0, SHB_MOVABLE, 0));
	KUNIT_EXPECT_EQ(test, a, shb_pcp_pop(z, pcp, 0, SHB_MOVABLE, 0));
	check_one(test, z);
}

static void drain_empties_every_list(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &pcp_zone)->zones[0];
	struct shb_pcp *pcp = sized_pcp(z, 63, 252, 2000);
	static const u8 orders[] = { 0, 1, 2, 3, 9 };
	int k, type;

	for (k = 0; k < ARRAY_SIZE(orders); k++)
		for (type = 0; type < SHB_PCPTYPES; type++)
			shb_pcp_push(z, pcp, shb_pcp_pop(z, pcp, orders[k], type, 0), orders[k],
				     type, type);
	KUNIT_EXPECT_GT(test, pcp->count, 0);
	while (shb_pcp_drain(z, pcp))
		;
	KUNIT_EXPECT_EQ(test, 0, pcp->count);
	KUNIT_EXPECT_EQ(test, z->extent.nr_frames, z->buddy.free_pages);
	check_one(test, z);
}

/* high 2000, count small: an eighth goes each tick until high_min is reached. */
/* 32 batches in a round, as many rounds as what was there at first takes. */
static void rounds_drain_what_there_was(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &pcp_zone)->zones[0];
	struct shb_pcp *pcp = sized_pcp(z, 63, 252, 2000);
	int left = 0, rounds = 1, k;

	for (k = 0; k < 100; k++)
		shb_pcp_push(z, pcp, buddy_take(z, 0, SHB_MOVABLE, SHB_ALLOC_KSWAPD), 0, SHB_MOVABLE, SHB_MOVABLE);
	KUNIT_ASSERT_EQ(test, 100, pcp->count);
	pcp->batch = 1;
	while (shb_drain_round(z, 0, &left))
		rounds++;
	KUNIT_EXPECT_EQ(test, 4, rounds);
	KUNIT_EXPECT_EQ(test, 0, pcp->count);
	left = 0;
	KUNIT_EXPECT_FALSE(test, shb_drain_round(z, 0, &left));
	check_one(test, z);
}

static void tick_decays_high_by_an_eighth(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &pcp_zone)->zones[0];
	struct shb_pcp *pcp = sized_pcp(z, 63, 252, 2000);

	pcp->high = 2000;
	KUNIT_EXPECT_TRUE(test, shb_pcp_tick(z, pcp, false));
	KUNIT_EXPECT_EQ(test, 1750, pcp->high);
	KUNIT_EXPECT_TRUE(test, shb_pcp_tick(z, pcp, false));
	KUNIT_EXPECT_EQ(test, 1532, pcp->high);
	pcp->high = 253;
	KUNIT_EXPECT_FALSE(test, shb_pcp_tick(z, pcp, false));
	KUNIT_EXPECT_EQ(test, 252, pcp->high);
}

/* Pages of a remote zone: three quiet ticks, then a batch goes back. Local ones stay. */
static void tick_expires_remote_pages(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.1", &pcp_zone)->zones[0];
	struct shb_pcp *pcp = sized_pcp(z, 63, 252, 252);
	u32 held[200];
	int k;

	for (k = 0; k < ARRAY_SIZE(held); k++)
		held[k] = shb_pcp_pop(z, pcp, 0, SHB_MOVABLE, 0);
	for (k = 0; k < ARRAY_SIZE(held); k++)
		shb_pcp_push(z, pcp, held[k], 0, SHB_MOVABLE, SHB_MOVABLE);
	KUNIT_EXPECT_EQ(test, 252 - 63, pcp->count);	/* four refills of 63, one trim */
	KUNIT_EXPECT_TRUE(test, shb_pcp_tick(z, pcp, true));
	KUNIT_EXPECT_TRUE(test, shb_pcp_tick(z, pcp, true));
	KUNIT_EXPECT_EQ(test, 189, pcp->count);
	KUNIT_EXPECT_TRUE(test, shb_pcp_tick(z, pcp, true));
	KUNIT_EXPECT_EQ(test, 126, pcp->count);
	KUNIT_EXPECT_FALSE(test, shb_pcp_tick(z, pcp, false));
	KUNIT_EXPECT_FALSE(test, shb_pcp_tick(z, pcp, false));
	KUNIT_EXPECT_EQ(test, 126, pcp->count);
	check_one(test, z);
}

/* Is the limit @limit, and does asking for it move the high to @high? */
static void expect_limit(struct kunit *test, struct shb_zone *z, int limit, bool free_high, int high)
{
	struct shb_pcp *pcp = z->pcps;
	int before = pcp->high;

	pcp->count = limit - 1;
	if (limit)
		KUNIT_EXPECT_LT(test, z->rules.pcp->excess(z, pcp, free_high), 0);
	pcp->count = limit;
	pcp->high = before;
	KUNIT_EXPECT_GE(test, z->rules.pcp->excess(z, pcp, free_high), 0);
	KUNIT_EXPECT_EQ(test, high, pcp->high);
	pcp->count = 0;
}

/* kswapd at work: only four batches may stay. Below high: every free trims what it brought. */
static void zone_flags_lower_the_limit(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &pcp_zone)->zones[0];
	struct shb_pcp *pcp = sized_pcp(z, 63, 252, 2000);

	pcp->high = 2000;
	pcp->free_count = 100;
	set_bit(SHB_ZONE_RECLAIM_ACTIVE, &z->flags);
	expect_limit(test, z, 252, false, 1900);
	clear_bit(SHB_ZONE_RECLAIM_ACTIVE, &z->flags);
	set_bit(SHB_ZONE_BELOW_HIGH, &z->flags);
	pcp->count = 700;
	KUNIT_EXPECT_EQ(test, 100, z->rules.pcp->excess(z, pcp, false));
	KUNIT_EXPECT_EQ(test, 1800, pcp->high);
	expect_limit(test, z, 0, true, 252);
}

/* What an interrupt sees: the lists are in use, so it goes to the zone. */
static void busy_lists_send_requests_to_the_zone(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &pcp_zone);
	struct shb_zone *z = s->zones[0];
	unsigned long pfn;

	KUNIT_ASSERT_TRUE(test, shb_pcp_own(&z->pcps[0]));
	KUNIT_EXPECT_FALSE(test, shb_pcp_own(&z->pcps[0]));
	pfn = serve(s, GFP_KERNEL, 0, 0, 0);
	KUNIT_EXPECT_NE(test, pfn, SHB_NO_PFN);
	KUNIT_EXPECT_EQ(test, 0, z->pcps[0].count);
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, pfn, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, z->extent.nr_frames, z->buddy.free_pages);
	KUNIT_EXPECT_EQ(test, 2, shb_count_read(z, SHB_PCP_BUSY));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(z, SHB_PGALLOC));
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(z, SHB_NUMA_HIT));
	shb_pcp_disown(&z->pcps[0]);
	check_one(test, z);
}

static struct kunit_case pcp_cases[] = {
	KUNIT_CASE_PARAM(sequence, pcp_row_gen_params),
	KUNIT_CASE_PARAM(batch_of_zone_size, batch_gen_params),
	KUNIT_CASE(list_index_and_order),
	KUNIT_CASE(refill_ascends_and_free_is_lifo),
	KUNIT_CASE(drain_empties_every_list),
	KUNIT_CASE(rounds_drain_what_there_was),
	KUNIT_CASE(tick_decays_high_by_an_eighth),
	KUNIT_CASE(tick_expires_remote_pages),
	KUNIT_CASE(zone_flags_lower_the_limit),
	KUNIT_CASE(busy_lists_send_requests_to_the_zone),
	{}
};

struct kunit_suite pcp_suite = {
	.name = "shadowbuddy_pcp", .test_cases = pcp_cases,
};
