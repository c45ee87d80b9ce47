// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_snapshot: states as plain data, and the running kernel's own zone.
 */
#include "fixture.h"
#include "pcp.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

#define SNAPSHOT_OPS	500

/* Two snapshots of the same size that live as long as the test. */
struct snapshot_pair { struct shb_snapshot a, b; };

static void free_pair(void *pair)
{
	shb_snapshot_free(&((struct snapshot_pair *)pair)->a);
	shb_snapshot_free(&((struct snapshot_pair *)pair)->b);
}

static struct snapshot_pair *build_pair(struct kunit *test, const struct shb_zone *z)
{
	struct snapshot_pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	int cpus = z->state->topo.nr_cpus;

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_pair, p));
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_init(&p->a, z->extent.start_pfn, z->extent.nr_frames, cpus));
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_init(&p->b, z->extent.start_pfn, z->extent.nr_frames, cpus));
	return p;
}

static char diff_text[1024];

static void expect_equal(struct kunit *test, struct snapshot_pair *p, struct shb_zone *x,
			 struct shb_zone *y)
{
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(x, &p->a));
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(y, &p->b));
	KUNIT_ASSERT_EQ_MSG(test, 0,
			    shb_snapshot_diff(&p->a, &p->b, diff_text, sizeof(diff_text)), "%s",
			    diff_text);
}

/* One user of a state: what it holds, and where its draws have got to. */
struct client {
	struct shb_state *s;
	u64 seed;
	bool fast;		/* takes the short way in when it is open */
	int nr, served_fast, served_buddy;
	unsigned long pfns[SNAPSHOT_OPS];
	u8 orders[SNAPSHOT_OPS];
};

/* One allocation or free; users with the same seed and state do the same. */
static unsigned long one_step(struct kunit *test, struct client *u)
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_HIGHUSER_MOVABLE, GFP_ATOMIC,
				      GFP_KERNEL | __GFP_RECLAIMABLE };
	int order = draw(&u->seed, 2) ? draw(&u->seed, 4) : draw(&u->seed, 11);
	int k = draw(&u->seed, ARRAY_SIZE(gfps));
	unsigned long pfn = SHB_NO_PFN;
	struct shb_request r;

	if (u->nr && (u->nr == SNAPSHOT_OPS || draw(&u->seed, 9) < 4)) {
		k = draw(&u->seed, u->nr);
		pfn = u->pfns[k];
		KUNIT_ASSERT_EQ(test, SHB_FREE_OK,
				u->fast ? shb_give_back(u->s, pfn, u->orders[k], 0, 0, false) :
					  shb_free(u->s, pfn, u->orders[k], 0, 0));
		u->pfns[k] = u->pfns[--u->nr];
		u->orders[k] = u->orders[u->nr];
		return pfn;
	}
	r = (struct shb_request){ .gfp = gfps[k], .order = order };
	if (u->fast && shb_serve_short(u->s, r, &pfn)) {
		u->served_fast++;
		u->served_buddy += !shb_order_on_pcp(&u->s->rules, order);
	} else {
		pfn = serve_long(u->s, gfps[k], order, 0, 0);
	}
	if (pfn != SHB_NO_PFN) {
		u->pfns[u->nr] = pfn;
		u->orders[u->nr++] = order;
	}
	return pfn;
}

static struct client *new_client(struct kunit *test, struct shb_state *s, u64 seed)
{
	struct client *u = kunit_kzalloc(test, sizeof(*u), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, u);
	u->s = s;
	u->seed = seed;
	return u;
}

/* Both get the same blocks and leave the same behind, step by step. */
static void expect_same_steps(struct kunit *test, struct snapshot_pair *p, struct client *a,
			      struct client *b, int steps)
{
	while (steps--) {
		KUNIT_ASSERT_EQ(test, one_step(test, a), one_step(test, b));
		expect_equal(test, p, a->s->zones[0], b->s->zones[0]);
	}
}

/* A state that was put into another one goes on as the first does. */
static void applied_state_goes_on_equally(struct kunit *test)
{
	const char *const *profile = test->param_value;
	struct shb_state *x = build(test, *profile, &one_zone), *y;
	struct client *u = new_client(test, x, start_seed(test, 0));
	struct snapshot_pair *p = build_pair(test, x->zones[0]);
	int op;

	for (op = 0; op < SNAPSHOT_OPS; op++)
		one_step(test, u);
	y = build(test, *profile, &one_zone);
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(x->zones[0], &p->a));
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_apply(&p->a, y->zones[0]));
	check_all(test, y);
	expect_equal(test, p, x->zones[0], y->zones[0]);

	/* What is out belongs to x; new users must find the same in both. */
	expect_same_steps(test, p, new_client(test, x, u->seed), new_client(test, y, u->seed),
			  SNAPSHOT_OPS);
}

/* Blocks on lists that a release does not have go to its buddy, and no page is lost. */
static void lists_of_other_releases_are_forgone(struct kunit *test)
{
	struct shb_state *x = build(test, "linux-5.15", &big_zone);
	struct shb_zone *y = build(test, *(const char *const *)test->param_value, &big_zone)->zones[0];
	struct snapshot_pair *p = build_pair(test, y);
	unsigned int lists = y->rules.pcp->nr_lists, list;
	static const int orders[] = { 0, 1, 3, 9 };
	int k, on_lists = 0;

	for (k = 0; k < ARRAY_SIZE(orders); k++) {
		serve(x, GFP_KERNEL, orders[k], 0, 0);
		serve(x, GFP_KERNEL | __GFP_RECLAIMABLE, orders[k], 0, 0);
	}
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(x->zones[0], &p->a));
	KUNIT_ASSERT_GT(test, x->zones[0]->pcps[0].nr[SHB_NR_PCP_LISTS - 1], 0);
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_apply(&p->a, y));
	for (list = 0; list < SHB_NR_PCP_LISTS; list++)
		on_lists += y->pcps[0].nr[list] << shb_pcp_list_order(list);
	KUNIT_EXPECT_EQ(test, on_lists, y->pcps[0].count);
	for (list = lists; list < SHB_NR_PCP_LISTS; list++)
		KUNIT_EXPECT_EQ(test, 0, y->pcps[0].nr[list]);
	while (shb_pcp_drain(y, &y->pcps[0]))
		;
	KUNIT_EXPECT_EQ(test, 2 * (1 + 2 + 8 + 512), y->extent.nr_frames - y->buddy.free_pages);
	check_one(test, y);
}

/* The short ways of serve.h decide as the long one, and leave the same behind. */
static void expect_short_as_long(struct kunit *test, const struct shape *shape)
{
	const char *const *profile = test->param_value;
	struct shb_state *x = build(test, *profile, shape);
	struct shb_state *y = build(test, *profile, shape);
	u64 seed = start_seed(test, 0);
	struct client *fast = new_client(test, x, seed), *general = new_client(test, y, seed);
	enum shb_event event;

	fast->fast = true;
	expect_same_steps(test, build_pair(test, x->zones[0]), fast, general, 5 * SNAPSHOT_OPS);
	if (x->rules.walk->fair) {	/* zones that take turns have no short ways */
		KUNIT_EXPECT_EQ(test, 0, fast->served_fast);
	} else {
		KUNIT_EXPECT_GT(test, fast->served_fast, SNAPSHOT_OPS / 10);
		KUNIT_EXPECT_GT(test, fast->served_buddy, SNAPSHOT_OPS / 20);
	}
	for (event = 0; event < SHB_NR_EVENTS; event++)
		KUNIT_EXPECT_EQ(test, shb_count_read(x->zones[0], event),
				shb_count_read(y->zones[0], event));
}

static void short_ways_decide_the_same(struct kunit *test)
{
	expect_short_as_long(test, &one_zone);
}

/* Half of the zone is CMA: now it comes first, now not. */
static void short_ways_know_when_cma_goes_first(struct kunit *test)
{
	static const struct shape half_cma = {
		.nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
		.zones = { { 0, SHB_NORMAL, 8, 0, 4 } },
	};

	expect_short_as_long(test, &half_cma);
}

/* A number that the kernel of a profile does not have stays out of its decisions. */
static void numbers_of_other_releases_are_dropped(struct kunit *test)
{
	const char *const *profile = test->param_value;
	struct shb_zone *z = build(test, *profile, &one_zone)->zones[0];
	struct snapshot_pair *p = build_pair(test, z);
	bool old = !z->rules.pcp->auto_high;
	int n;

	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(z, &p->a));
	for (n = SHB_P_ALLOC_FACTOR; n <= SHB_P_FREE_COUNT; n++)
		p->a.pcps[0].number[n] = 2;
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_apply(&p->a, z));
	KUNIT_EXPECT_EQ(test, old ? 2 : 0, z->pcps[0].free_factor);
	KUNIT_EXPECT_EQ(test, old ? 0 : 2, z->pcps[0].alloc_factor);
	KUNIT_EXPECT_EQ(test, old ? 0 : 2, z->pcps[0].free_count);
}

/* A snapshot with one thing changed, and what the report must name. */
struct change_row {
	const char *name, *says;
	void (*change)(struct shb_snapshot *m);
};

static void change_block(struct shb_snapshot *m)
{
	swap(m->listed[0], m->listed[1]);
}

static void change_pageblock(struct shb_snapshot *m)
{
	m->pageblocks[3] = SHB_RECLAIMABLE;
}

static void change_pcp(struct shb_snapshot *m)
{
	m->pcps[0].number[SHB_P_FREE_COUNT]++;
}

static void change_boost(struct shb_snapshot *m)
{
	m->number[SHB_N_BOOST] += 512;
}

static void change_nr_free(struct shb_snapshot *m)
{
	m->counted[10]--;
}

static void change_reserve(struct shb_snapshot *m)
{
	m->number[SHB_N_LOWMEM_RESERVE + 4] = 1;
}

static const struct change_row change_rows[] = {
	{ "list order", "free list order 10 Movable, from position 0", change_block },
	{ "pageblock type", "pageblock 3: Movable against Reclaimable", change_pageblock },
	{ "pcp counter", "pcp of cpu 0: free_count 0 against 1", change_pcp },
	{ "boost", "boost: 0 against 512", change_boost },
	{ "buddyinfo counter", "nr_free of order 10: 4 against 3", change_nr_free },
	{ "lowmem_reserve", "lowmem_reserve[4]: 0 against 1", change_reserve },
};

static void change_name(const struct change_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(change_row, change_rows, change_name);

static void difference_is_named(struct kunit *test)
{
	const struct change_row *row = test->param_value;
	struct shb_zone *z = build(test, "linux-6.12", &one_zone)->zones[0];
	struct snapshot_pair *p = build_pair(test, z);

	expect_equal(test, p, z, z);
	row->change(&p->b);
	KUNIT_EXPECT_NE(test, 0,
			shb_snapshot_diff(&p->a, &p->b, diff_text, sizeof(diff_text)));
	KUNIT_EXPECT_PTR_NE(test, NULL, strstr(diff_text, row->says));
}

static void overlapping_blocks_are_refused(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &one_zone)->zones[0];
	struct snapshot_pair *p = build_pair(test, z);

	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(z, &p->a));
	p->a.listed[1] = p->a.listed[0];
	KUNIT_EXPECT_EQ(test, -EUCLEAN, shb_snapshot_apply(&p->a, z));
	p->a.listed[1] = SHB_SNAPSHOT_BLOCK(z->extent.nr_frames, SHB_MOVABLE);
	KUNIT_EXPECT_EQ(test, -EUCLEAN, shb_snapshot_apply(&p->a, z));
}

static void other_size_is_refused(struct kunit *test)
{
	struct shb_zone *z = build(test, "linux-6.12", &one_zone)->zones[0];
	struct snapshot_pair *p = build_pair(test, z);

	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(z, &p->a));
	p->a.nr_frames += SHB_GRANULE_PAGES;
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_snapshot_apply(&p->a, z));
	p->a.nr_frames -= SHB_GRANULE_PAGES;
	p->a.nr_cpus++;
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_snapshot_apply(&p->a, z));
}

static struct kunit_case snapshot_cases[] = {
	KUNIT_CASE_PARAM(applied_state_goes_on_equally, profile_gen_params),
	KUNIT_CASE_PARAM(lists_of_other_releases_are_forgone, profile_gen_params),
	KUNIT_CASE_PARAM(short_ways_decide_the_same, profile_gen_params),
	KUNIT_CASE_PARAM(short_ways_know_when_cma_goes_first, profile_gen_params),
	KUNIT_CASE_PARAM(numbers_of_other_releases_are_dropped, profile_gen_params),
	KUNIT_CASE_PARAM(difference_is_named, change_row_gen_params),
	KUNIT_CASE(overlapping_blocks_are_refused),
	KUNIT_CASE(other_size_is_refused),
	{}
};

struct kunit_suite snapshot_suite = {
	.name = "shadowbuddy_snapshot", .test_cases = snapshot_cases,
};
