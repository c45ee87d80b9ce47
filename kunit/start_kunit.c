// SPDX-License-Identifier: GPL-2.0-only
/*
 * The beginning of a stream: whatever happens to a page around the moment its granule is copied,
 * afterwards it is known where it is.
 *
 * A page's life is a walk over where the kernel has it; what is told of each step:
 *
 *          alloc                free
 *     GOING ---> OUT ---> COMING          off the free list or a cpu's list: nothing
 *       ^                 |    |          onto one: nothing
 *       |      refill     v    v          between the two: refill, drain
 *       +------ FREE <---> PCP
 */
#include <linux/limits.h>

#include "fixture.h"
#include "traffic/mirror.h"
#include "traffic/start.h"
#include "traffic/traffic.h"

#define SECOND	1000000
#define STEPS	8
#define LIVES	(4 << STEPS)	/* from each of four places on, of two ways at each step */

enum where { OUT, GOING, FREE, PCP, COMING };
static_assert(LIVES == SHB_GRANULE_PAGES);	/* a page for each */

/* Where a page is after so many steps of a life. */
static enum where walk(u32 life, int steps)
{
	static const u8 ways[][2] = {
		[OUT] = { COMING, COMING }, [GOING] = { OUT, OUT }, [COMING] = { FREE, PCP },
		[FREE] = { GOING, PCP }, [PCP] = { GOING, FREE },
	};
	enum where at = life & 3;
	int k;

	for (k = 0; k < steps; k++)
		at = ways[at][life >> (2 + k) & 1];
	return at;
}

/* What is told of a step; -1: nothing. */
static int told(enum where from, enum where to)
{
	if (from == GOING)
		return SHB_REC_ALLOC;
	if (to == COMING)
		return SHB_REC_FREE;
	if (from == FREE && to == PCP)
		return SHB_REC_REFILL;
	return from == PCP && to == FREE ? SHB_REC_DRAIN : -1;
}

/*
 * A granule in which every life is led, copied after @moment steps; its cpus' lists after @lists,
 * or with it: -1.
 */
struct copy {
	int moment, lists;
};

struct beginning {
	struct shb_start start;
	struct shb_traffic t;
	struct copy copies[64];
	int nr;
	u64 last;
};

static void apply(void *arg, const struct shb_record *r)
{
	struct beginning *b = arg;

	shb_traffic_apply(&b->t, r);
}

static void exit_start(void *start)
{
	shb_start_exit(start);
}

static struct beginning *begin(struct kunit *test, const struct shape *shape)
{
	struct beginning *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->t.mirror = build(test, "linux-6.12", shape);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, exit_start, &b->start));
	KUNIT_ASSERT_EQ(test, 0, shb_start_init(&b->start, b->t.mirror, apply, b));
	return b;
}

static void deliver(struct beginning *b, u64 stamp, int kind, unsigned long pfn, int order, u32 arg)
{
	struct shb_record r = {
		.stamp = stamp, .kind = kind, .pfn = pfn, .order = order, .arg = arg,
	};

	shb_start_deliver(&b->start, &r);
}

static bool is_in_copy(const struct copy *c, u32 life)
{
	enum where at = walk(life, c->moment);

	return at == FREE || (at == PCP && c->lists < 0);
}

static void copy_granule(struct beginning *b, const struct copy *c)
{
	struct shb_zone *z = b->t.mirror->zones[0];
	u32 granule = b->nr, first = granule << SHB_GRANULE_ORDER, life;

	for (life = 0; life < LIVES; life++) {
		if (!is_in_copy(c, life))
			shb_mirror_take(b->t.mirror, shb_pfn_of(z, first + life), 0);
		if (c->lists >= 0 && walk(life, c->lists) == PCP)
			shb_start_kept(&b->start, shb_pfn_of(z, first + life), 1);
	}
	shb_start_copied(&b->start, z, granule, 10 * c->moment + 5);
	b->copies[b->nr++] = *c;
}

/* All moments, and the lists at the same or at any one before. */
static void copy_all(struct beginning *b)
{
	struct copy c;

	for (c.moment = 0; c.moment <= STEPS; c.moment++)
		for (c.lists = -1; c.lists <= c.moment; c.lists++)
			copy_granule(b, &c);
	shb_traffic_init(&b->t, b->t.mirror, SECOND);
}

/* Refills and drains are told of where the lists are not in the copy. */
static bool is_heard(const struct copy *c, int kind)
{
	return kind >= 0 && (c->lists >= 0 || kind < SHB_REC_REFILL);
}

/* One step of every life, told as far as it is. */
static void step(struct beginning *b, int n)
{
	const struct shb_zone *z = b->t.mirror->zones[0];
	int granule, kind;
	u32 life;

	for (granule = 0; granule < b->nr; granule++) {
		for (life = 0; life < LIVES; life++) {
			kind = told(walk(life, n - 1), walk(life, n));
			if (is_heard(&b->copies[granule], kind))
				deliver(b, 10 * n, kind, shb_pfn_of(z, (granule << SHB_GRANULE_ORDER) + life),
					0, kind == SHB_REC_ALLOC ? (__force u32)GFP_KERNEL : 0);
		}
	}
}

/* A page on its way out may be known as either; nobody has told of it. */
static u32 count_wrong(struct kunit *test, struct beginning *b, int granule)
{
	const struct shb_zone *z = b->t.mirror->zones[0];
	u32 life, wrong = 0;

	for (life = 0; life < LIVES; life++) {
		enum where at = walk(life, STEPS);
		bool used = shb_mirror_used(b->t.mirror, shb_pfn_of(z, (granule << SHB_GRANULE_ORDER) + life), 0);

		if (at == GOING || used == (at == OUT))
			continue;
		if (!wrong++)
			kunit_info(test, "life %#x, copied after %d steps, lists %d\n", life,
				   b->copies[granule].moment, b->copies[granule].lists);
	}
	return wrong;
}

static void every_life_is_known_whenever_it_is_copied(struct kunit *test)
{
	struct beginning *b = begin(test, &big_zone);
	int n, granule;

	copy_all(b);
	for (n = 1; n <= STEPS; n++)
		step(b, n);
	KUNIT_EXPECT_FALSE(test, shb_start_is_over(&b->start));
	shb_start_advance(&b->start, 10 * STEPS + 6);
	KUNIT_EXPECT_TRUE(test, shb_start_is_over(&b->start));
	for (granule = 0; granule < b->nr; granule++)
		KUNIT_EXPECT_EQ(test, 0, count_wrong(test, b, granule));
	KUNIT_EXPECT_EQ(test, 0, b->t.counts[SHB_TRAFFIC_UNKNOWN]);
	KUNIT_EXPECT_EQ(test, 0, b->t.counts[SHB_TRAFFIC_MISSED]);
	KUNIT_EXPECT_EQ(test, 0, b->t.counts[SHB_TRAFFIC_FOREIGN]);
	check_all(test, b->t.mirror);
}

/*
 *	granule     0       1       2       3
 *	moment      5       5      25      25
 *	range       [.....taken at 10......]     of 2 and 3 the copy knows
 */
static void a_range_counts_where_its_moment_has_passed(struct kunit *test)
{
	struct beginning *b = begin(test, &one_zone);
	struct shb_zone *z = b->t.mirror->zones[0];
	unsigned long pfn = shb_pfn_of(z, 0);
	u32 granule;

	for (granule = 0; granule < 4; granule++)
		shb_start_copied(&b->start, z, granule, granule < 2 ? 5 : 25);
	shb_start_kept(&b->start, pfn + 3 * SHB_GRANULE_PAGES + 7, 1);
	for (granule = 2; granule < 4; granule++)
		shb_mirror_take(b->t.mirror, pfn + (granule << SHB_GRANULE_ORDER), SHB_MAX_ORDER);
	shb_traffic_init(&b->t, b->t.mirror, SECOND);
	deliver(b, 10, SHB_REC_CONTIG, pfn + 100, 0, 4 * SHB_GRANULE_PAGES - 200);
	KUNIT_EXPECT_EQ(test, 4 * SHB_GRANULE_PAGES - 100, shb_state_used_pages(b->t.mirror));
	deliver(b, 11, SHB_REC_FREE, pfn, SHB_MAX_ORDER + 2, 0);	/* a gigantic one goes */
	deliver(b, 12, SHB_REC_ALLOC, pfn + 2 * SHB_GRANULE_PAGES, 0, 0);
	KUNIT_EXPECT_EQ(test, 2 * SHB_GRANULE_PAGES, shb_state_used_pages(b->t.mirror));
	deliver(b, 26, SHB_REC_FAIL, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, 1, shb_state_used_pages(b->t.mirror));
	KUNIT_EXPECT_EQ(test, 100, b->t.counts[SHB_TRAFFIC_UNKNOWN]);	/* in front of the range */
	check_all(test, b->t.mirror);
}

/* Early runs and migrations are of pages the copy knows; late records count as if they came now. */
static void what_is_early_of_other_kinds_is_nothing(struct kunit *test)
{
	struct beginning *b = begin(test, &one_zone);
	struct shb_zone *z = b->t.mirror->zones[0];
	unsigned long pfn = shb_pfn_of(z, 0);

	shb_start_copied(&b->start, z, 0, 5);
	shb_start_copied(&b->start, z, 0, 7);		/* a second time it does not count */
	shb_start_copied(&b->start, z, 1, 25);
	KUNIT_EXPECT_EQ(test, 2, b->start.nr);
	shb_mirror_take(b->t.mirror, pfn, SHB_MAX_ORDER);
	shb_mirror_take(b->t.mirror, pfn + SHB_GRANULE_PAGES, SHB_MAX_ORDER);
	shb_traffic_init(&b->t, b->t.mirror, SECOND);
	deliver(b, 10, SHB_REC_RUN, pfn + SHB_GRANULE_PAGES, 0, 8);
	deliver(b, 11, SHB_REC_MIGRATE, pfn + SHB_GRANULE_PAGES + 9, 0, pfn);
	KUNIT_EXPECT_EQ(test, 0, b->t.runs.nr);
	KUNIT_EXPECT_EQ(test, 0, b->t.kinds[SHB_REC_MIGRATE]);
	deliver(b, 4, SHB_REC_FREE, pfn + 1, 0, 0);
	KUNIT_EXPECT_EQ(test, 2 * SHB_GRANULE_PAGES - 1, shb_state_used_pages(b->t.mirror));
	deliver(b, 12, SHB_REC_UNCOMPACT, pfn + SHB_GRANULE_PAGES, 1, 0);
	deliver(b, 13, SHB_REC_EXTFRAG, pfn + SHB_GRANULE_PAGES + 4, 2, 0);
	deliver(b, 14, SHB_REC_BULK, pfn + SHB_GRANULE_PAGES + 5, 0, 0);
	shb_start_advance(&b->start, U64_MAX);
	KUNIT_EXPECT_EQ(test, 2 * SHB_GRANULE_PAGES - 6, shb_state_used_pages(b->t.mirror));
	KUNIT_EXPECT_EQ(test, 0, b->t.counts[SHB_TRAFFIC_STAGED]);
	check_all(test, b->t.mirror);
}

static struct kunit_case start_cases[] = {
	KUNIT_CASE(every_life_is_known_whenever_it_is_copied),
	KUNIT_CASE(a_range_counts_where_its_moment_has_passed),
	KUNIT_CASE(what_is_early_of_other_kinds_is_nothing),
	{}
};

struct kunit_suite start_suite = {
	.name = "shadowbuddy_start", .test_cases = start_cases,
};
