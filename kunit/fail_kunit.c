// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_fail: requests that are made to fail. What an attribute means, and in which
 * order they are looked at, is __should_fail_alloc_page()'s and should_fail_ex()'s.
 */
#include "fail.h"
#include "fixture.h"

KUNIT_ARRAY_PARAM(profile, modern, profile_name);

static struct shb_state *new_state(struct kunit *test)
{
	struct shape shape = one_zone;

	shape.zones[0].granules = 16;
	return build(test, *(const char *const *)test->param_value, &shape);
}

static void tell(struct kunit *test, struct shb_state *s, const char *words)
{
	char bad[SHB_FAIL_WORD];
	const char *accepts;

	KUNIT_ASSERT_EQ(test, 0, shb_fail_write(s, words, bad, &accepts));
}

/* Requests of an order, one after the other: '.' was served, 'F' failed. */
static const char *ask(struct kunit *test, struct shb_state *s, gfp_t gfp, int order, int nr)
{
	char *text = kunit_kzalloc(test, nr + 1, GFP_KERNEL);
	int k;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (k = 0; k < nr; k++)
		text[k] = serve(s, gfp, order, 0, 0) == SHB_NO_PFN ? 'F' : '.';
	return text;
}

static long counted(const struct shb_state *s, enum shb_state_event event)
{
	return atomic_long_read(&s->events[event]);
}

struct who_row {
	const char *name, *words;
	gfp_t gfp;
	int order;
	bool fails;
};

static const struct who_row who_rows[] = {
	{ "order_0_is_too_small", "probability=100", GFP_NOWAIT, 0, false },
	{ "order_1_is_not", "probability=100", GFP_NOWAIT, 1, true },
	{ "any_order", "probability=100 min-order=0", GFP_NOWAIT, 0, true },
	{ "who_may_wait", "probability=100", GFP_KERNEL, 3, false },
	{ "also_who_may_wait", "probability=100 ignore-gfp-wait=0", GFP_KERNEL, 3, true },
	{ "high_memory", "probability=100 ignore-gfp-wait=0", GFP_HIGHUSER, 3, false },
	{ "also_high_memory", "probability=100 ignore-gfp-wait=0 ignore-gfp-highmem=0", GFP_HIGHUSER, 3, true },
	{ "never_nofail", "probability=100 ignore-gfp-wait=0 min-order=0", GFP_KERNEL | __GFP_NOFAIL, 0, false },
	{ "improbable", "probability=0", GFP_NOWAIT, 3, false },
};

static void who_name(const struct who_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(who, who_rows, who_name);

static void who_fails(struct kunit *test)
{
	const struct who_row *row = test->param_value;
	int p;

	for (p = 0; p < ARRAY_SIZE(modern); p++) {
		struct shape shape = one_zone;
		struct shb_state *s;

		shape.zones[0].granules = 16;
		s = build(test, modern[p], &shape);
		tell(test, s, row->words);
		KUNIT_EXPECT_STREQ(test, row->fails ? "F" : ".", ask(test, s, row->gfp, row->order, 1));
		KUNIT_EXPECT_EQ(test, row->fails, counted(s, SHB_FAULT_INJECTED));
		KUNIT_EXPECT_EQ(test, row->fails, counted(s, SHB_ALLOC_FAIL));
	}
}

#define ALL	"probability=100 min-order=0 "

static void times_are_counted_down(struct kunit *test)
{
	struct shb_state *s = new_state(test);

	tell(test, s, ALL "times=3");
	KUNIT_EXPECT_STREQ(test, "FFF.....", ask(test, s, GFP_NOWAIT, 0, 8));
	KUNIT_EXPECT_EQ(test, 0, s->fails.value[SHB_FAIL_TIMES]);
	KUNIT_EXPECT_FALSE(test, s->fails.armed);
	tell(test, s, "times=-1");
	KUNIT_EXPECT_STREQ(test, "FFFFFFFF", ask(test, s, GFP_NOWAIT, 0, 8));
	KUNIT_EXPECT_EQ(test, -1, s->fails.value[SHB_FAIL_TIMES]);
}

/* What has been counted down meanwhile is not written back with other attributes. */
static void attributes_not_named_are_left_alone(struct kunit *test)
{
	struct shb_state *s = new_state(test);

	tell(test, s, ALL "times=3 space=1");
	KUNIT_EXPECT_STREQ(test, "F", ask(test, s, GFP_NOWAIT, 0, 1));
	tell(test, s, "seed=7");
	KUNIT_EXPECT_EQ(test, 2, s->fails.value[SHB_FAIL_TIMES]);
	KUNIT_EXPECT_STREQ(test, "FF..", ask(test, s, GFP_NOWAIT, 0, 4));
}

/* A request is charged with its pages as long as more than those are left. */
static void space_is_served_before(struct kunit *test)
{
	struct shb_state *s = new_state(test);

	tell(test, s, ALL "times=-1 space=24");
	KUNIT_EXPECT_STREQ(test, "..FF", ask(test, s, GFP_NOWAIT, 3, 4));
	KUNIT_EXPECT_EQ(test, 8, s->fails.value[SHB_FAIL_SPACE]);
}

static void every_third_request(struct kunit *test)
{
	struct shb_state *s = new_state(test);

	tell(test, s, ALL "times=-1 interval=3");
	KUNIT_EXPECT_STREQ(test, "..F..F..F.", ask(test, s, GFP_NOWAIT, 0, 10));
	tell(test, s, "seed=1");
	KUNIT_EXPECT_STREQ(test, "..F", ask(test, s, GFP_NOWAIT, 0, 3));
}

/* The same seed, the same requests; about as many as were asked for. */
static void a_seed_makes_a_run(struct kunit *test)
{
	struct shb_state *s = new_state(test);
	const char *first, *again, *other;
	int k, failed = 0;

	tell(test, s, "probability=30 min-order=0 times=-1 seed=7");
	first = ask(test, s, GFP_NOWAIT, 0, 400);
	tell(test, s, "seed=7");
	again = ask(test, s, GFP_NOWAIT, 0, 400);
	tell(test, s, "seed=8");
	other = ask(test, s, GFP_NOWAIT, 0, 400);
	KUNIT_EXPECT_STREQ(test, first, again);
	KUNIT_EXPECT_NE(test, 0, strcmp(first, other));
	for (k = 0; k < 400; k++)
		failed += first[k] == 'F';
	KUNIT_EXPECT_GT(test, failed, 80);
	KUNIT_EXPECT_LT(test, failed, 160);
}

static void one_percent_is_one(struct kunit *test)
{
	struct shb_state *s = new_state(test);

	tell(test, s, "probability=1 min-order=0 times=-1");
	ask(test, s, GFP_NOWAIT, 0, 4000);
	KUNIT_EXPECT_GT(test, counted(s, SHB_FAULT_INJECTED), 20);
	KUNIT_EXPECT_LT(test, counted(s, SHB_FAULT_INJECTED), 60);
}

/* The short way declines while it is armed, and not a moment longer. */
static void lists_are_no_way_around(struct kunit *test)
{
	struct shb_state *s = new_state(test);
	struct shb_zone *z = s->zones[0];
	u8 before[ARRAY_SIZE(z->marks.first)];

	memcpy(before, z->marks.first, sizeof(before));
	KUNIT_EXPECT_STREQ(test, "..", ask(test, s, GFP_NOWAIT, 0, 2));
	KUNIT_EXPECT_GT(test, z->pcps[0].count, 0);
	tell(test, s, ALL "times=-1");
	KUNIT_EXPECT_STREQ(test, "FF", ask(test, s, GFP_NOWAIT, 0, 2));
	shb_fail_off(s);
	KUNIT_EXPECT_STREQ(test, "..", ask(test, s, GFP_NOWAIT, 0, 2));
	KUNIT_EXPECT_EQ(test, 0, memcmp(before, z->marks.first, sizeof(before)));
	KUNIT_EXPECT_EQ(test, 1, s->fails.value[SHB_FAIL_TIMES]);
}

static void nothing_of_a_bulk_comes(struct kunit *test)
{
	struct shb_state *s = new_state(test);
	struct shb_request r = { .gfp = GFP_NOWAIT };
	unsigned long pfns[8];

	tell(test, s, ALL);
	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_EQ(test, 0, shb_alloc_bulk(s, &r, 8, pfns));
	KUNIT_ASSERT_TRUE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_GT(test, shb_alloc_bulk(s, &r, 8, pfns), 0);
}

static const struct bad_row {
	const char *words, *bad, *accepts;
} bad_rows[] = {
	{ "probability=101", "probability=101", "percent, from 0 to 100" },
	{ "times=3 probability=", "probability=", "percent, from 0 to 100" },
	{ "interval=0", "interval=0", "a number from 1 to 2147483647: every so-many-th request" },
	{ "times=-2", "times=-2", "how often, up to 2147483647, or -1 without end" },
	{ "min-order=11 times=1", "min-order=11", "an order from 0 to 10" },
	{ "ignore-gfp-wait=2", "ignore-gfp-wait=2", "1, or 0: who may wait fails, too" },
	{ "probability=50 space=-1", "space=-1", "pages from 0 to 2147483647 that are served before" },
	{ "seed=x", "seed=x", "a number from 0 to 2147483647" },
	{ "chance=1", "chance=1", NULL }, { "probability", "probability", NULL }, { "times=2 =3", "=3", NULL },
	{ "probability=10 off", "off", NULL },
};

static void bad_words_change_nothing(struct kunit *test)
{
	struct shb_state *s = new_state(test);
	char bad[SHB_FAIL_WORD];
	const char *accepts;
	int k;

	tell(test, s, "probability=40 times=9");
	for (k = 0; k < ARRAY_SIZE(bad_rows); k++) {
		KUNIT_EXPECT_EQ(test, -EINVAL, shb_fail_write(s, bad_rows[k].words, bad, &accepts));
		KUNIT_EXPECT_STREQ(test, bad_rows[k].bad, bad);
		if (bad_rows[k].accepts)
			KUNIT_EXPECT_STREQ(test, bad_rows[k].accepts, accepts);
		else
			KUNIT_EXPECT_NULL(test, accepts);
		KUNIT_EXPECT_EQ(test, 40, s->fails.value[SHB_FAIL_PROBABILITY]);
		KUNIT_EXPECT_EQ(test, 9, s->fails.value[SHB_FAIL_TIMES]);
	}
}

static struct kunit_case fail_cases[] = {
	KUNIT_CASE_PARAM(who_fails, who_gen_params),
	KUNIT_CASE_PARAM(times_are_counted_down, profile_gen_params),
	KUNIT_CASE_PARAM(attributes_not_named_are_left_alone, profile_gen_params),
	KUNIT_CASE_PARAM(space_is_served_before, profile_gen_params),
	KUNIT_CASE_PARAM(every_third_request, profile_gen_params),
	KUNIT_CASE_PARAM(a_seed_makes_a_run, profile_gen_params),
	KUNIT_CASE_PARAM(one_percent_is_one, profile_gen_params),
	KUNIT_CASE_PARAM(lists_are_no_way_around, profile_gen_params),
	KUNIT_CASE_PARAM(nothing_of_a_bulk_comes, profile_gen_params),
	KUNIT_CASE_PARAM(bad_words_change_nothing, profile_gen_params),
	{}
};

struct kunit_suite fail_suite = {
	.name = "shadowbuddy_fail", .test_cases = fail_cases,
};
