// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following a stream: what each record does to the mirror and to candidates, what becomes of
 * records that are missing or late, and a random kernel against a naive map.
 */
#include <linux/limits.h>

#include "fixture.h"
#include "pcp.h"
#include "place.h"
#include "traffic/mirror.h"
#include "traffic/traffic.h"
#include "traffic/wish.h"

#define SECOND	1000000
#define MAX_HELD	512

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

/* A kernel, which is a state too, and who follows it. */
struct follower {
	struct shb_traffic t;
	struct shb_state *kernel;
	u64 stamp;
};

static void exit_candidate(void *c)
{
	shb_candidate_exit(c);
}

static void add_candidate(struct kunit *test, struct follower *f, const char *profile,
			  const struct shape *shape)
{
	struct shb_candidate *c = &f->t.candidates[f->t.nr];

	KUNIT_ASSERT_EQ(test, 0, shb_candidate_init(c, build(test, profile, shape), profile));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, exit_candidate, c));
	f->t.nr++;
}

static struct follower *follow(struct kunit *test, const char *profile, const struct shape *shape)
{
	struct follower *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int k;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->kernel = build(test, profile, shape);
	shb_traffic_init(&f->t, build(test, profile, shape), SECOND);
	for (k = 0; k < ARRAY_SIZE(profiles); k++)
		add_candidate(test, f, profiles[k], shape);
	return f;
}

static void tell(struct follower *f, int kind, unsigned long pfn, int order, u32 arg)
{
	struct shb_record r = {
		.stamp = ++f->stamp, .kind = kind, .pfn = pfn, .order = order, .arg = arg,
	};

	shb_traffic_apply(&f->t, &r);
}

static u64 count(const struct follower *f, int n)
{
	return f->t.counts[n];
}

static u32 stands_for(const struct follower *f, int n, unsigned long pfn)
{
	return f->t.candidates[n].map[pfn - f->t.candidates[n].base];
}

static void check_states(struct kunit *test, struct follower *f)
{
	int n;

	check_all(test, f->t.mirror);
	for (n = 0; n < f->t.nr; n++) {
		check_all(test, f->t.candidates[n].s);
		KUNIT_EXPECT_EQ(test, 0, f->t.candidates[n].counts[SHB_CAND_REFUSED]);
	}
}

/* Pages out of the mirror and of each candidate. */
static void expect_used(struct kunit *test, struct follower *f, unsigned long mirror,
			unsigned long candidate)
{
	int n;

	KUNIT_EXPECT_EQ(test, mirror, shb_state_used_pages(f->t.mirror));
	for (n = 0; n < f->t.nr; n++)
		KUNIT_EXPECT_EQ(test, candidate, shb_state_used_pages(f->t.candidates[n].s));
	check_states(test, f);
}

static unsigned long first_pfn(const struct follower *f)
{
	return shb_pfn_of(f->kernel->zones[0], 0);
}

static void a_block_comes_and_goes(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f) + 32;

	tell(f, SHB_REC_ALLOC, pfn, 3, GFP_KERNEL);
	expect_used(test, f, 8, 8);
	tell(f, SHB_REC_FREE, pfn, 3, 0);
	expect_used(test, f, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_UNKNOWN));
}

/*
 *	|       order 4       |   pages 4 to 7 and 9 come back: order 2 and order 0
 *	|    |####|_|#|__|####|   then the rest, page by page
 */
static void parts_of_a_block_come_back(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f) + 64;
	int k;

	tell(f, SHB_REC_ALLOC, pfn, 4, GFP_KERNEL);
	tell(f, SHB_REC_FREE, pfn + 4, 2, 0);
	expect_used(test, f, 12, 12);
	tell(f, SHB_REC_FREE, pfn + 9, 0, 0);
	expect_used(test, f, 11, 11);
	for (k = 0; k < 16; k++)
		if ((k < 4 || k > 7) && k != 9)
			tell(f, SHB_REC_FREE, pfn + k, 0, 0);
	expect_used(test, f, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_UNKNOWN));
}

/* Pages that were taken one by one may come back as a block. */
static void pages_come_back_as_a_block(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f);
	int k;

	for (k = 0; k < 8; k++)
		tell(f, SHB_REC_ALLOC, pfn + k, 0, GFP_KERNEL);
	tell(f, SHB_REC_FREE, pfn, 3, 0);
	expect_used(test, f, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_UNKNOWN));
}

static void a_missed_free_is_made_up_for(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f);

	tell(f, SHB_REC_ALLOC, pfn, 1, GFP_KERNEL);
	tell(f, SHB_REC_ALLOC, pfn, 0, GFP_KERNEL);	/* page 1 is still out */
	expect_used(test, f, 2, 2);
	KUNIT_EXPECT_EQ(test, 1, count(f, SHB_TRAFFIC_MISSED));
	tell(f, SHB_REC_ALLOC, pfn, 2, GFP_KERNEL);
	expect_used(test, f, 4, 4);
	KUNIT_EXPECT_EQ(test, 3, count(f, SHB_TRAFFIC_MISSED));
}

static void a_free_of_nobody_is_unexplained(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f);

	tell(f, SHB_REC_ALLOC, pfn + 1, 0, GFP_KERNEL);
	tell(f, SHB_REC_FREE, pfn, 2, 0);		/* three of four were free */
	tell(f, SHB_REC_FREE, pfn + 16, 3, 0);
	expect_used(test, f, 0, 0);
	KUNIT_EXPECT_EQ(test, 11, count(f, SHB_TRAFFIC_UNKNOWN));
	KUNIT_EXPECT_EQ(test, 11, shb_traffic_unexplained(&f->t));
}

/* Stamp 2 comes before stamp 1. */
static void an_early_free_waits_for_its_allocation(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f) + 8;
	struct shb_record late = { .stamp = 1, .kind = SHB_REC_ALLOC, .pfn = pfn, .order = 1 };

	f->stamp = 1;
	tell(f, SHB_REC_FREE, pfn, 1, 0);
	KUNIT_EXPECT_EQ(test, 2, shb_traffic_unexplained(&f->t));
	shb_traffic_apply(&f->t, &late);
	KUNIT_EXPECT_EQ(test, 0, shb_traffic_unexplained(&f->t));
	expect_used(test, f, 0, 0);

	/* The next one with the same name is another block. */
	tell(f, SHB_REC_ALLOC, pfn, 1, GFP_KERNEL);
	expect_used(test, f, 2, 2);
}

/* The block goes back, then the request says that it got nothing. */
static void a_charge_that_fails_explains_a_free(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);

	tell(f, SHB_REC_FREE, first_pfn(f), 3, 0);
	tell(f, SHB_REC_FAIL, 0, 3, GFP_KERNEL_ACCOUNT);
	KUNIT_EXPECT_EQ(test, 8, count(f, SHB_TRAFFIC_UNCHARGED));
	KUNIT_EXPECT_EQ(test, 0, shb_traffic_unexplained(&f->t));
	KUNIT_EXPECT_EQ(test, 0, f->t.candidates[0].counts[SHB_CAND_WOULD_SERVE]);
	tell(f, SHB_REC_FAIL, 0, 3, GFP_KERNEL_ACCOUNT);
	KUNIT_EXPECT_EQ(test, 1, f->t.candidates[0].counts[SHB_CAND_WOULD_SERVE]);
	expect_used(test, f, 0, 0);
}

/*
 * Compaction isolates eight pages, hands six out, migrates to five, and gives three back:
 * one it had handed out and two it had not. 8 - 5 = 3 leftovers, of which the mirror knew one.
 */
static void leftovers_of_compaction_are_explained(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long to = first_pfn(f), from = to + 512;
	int k;

	for (k = 0; k < 5; k++)
		tell(f, SHB_REC_ALLOC, from + k, 0, GFP_HIGHUSER_MOVABLE);
	tell(f, SHB_REC_NOTE, 0, SHB_NOTE_ISOLATED, 8);
	for (k = 0; k < 6; k++)
		tell(f, SHB_REC_COMPACT, to + k, 0, 0);
	expect_used(test, f, 11, 5);
	for (k = 0; k < 5; k++)
		tell(f, SHB_REC_MIGRATE, to + k, 0, from + k);
	for (k = 0; k < 5; k++)
		tell(f, SHB_REC_FREE, from + k, 0, 0);
	expect_used(test, f, 6, 5);
	KUNIT_EXPECT_EQ(test, 6, count(f, SHB_TRAFFIC_STAGED));
	KUNIT_EXPECT_EQ(test, 5, count(f, SHB_TRAFFIC_LANDED));
	tell(f, SHB_REC_FREE, to + 5, 0, 0);		/* compaction_free(): told once ... */
	tell(f, SHB_REC_FREE, to + 5, 0, 0);		/* ... and once more */
	tell(f, SHB_REC_FREE, to + 6, 0, 0);
	tell(f, SHB_REC_FREE, to + 7, 0, 0);
	expect_used(test, f, 5, 5);
	KUNIT_EXPECT_EQ(test, 3, count(f, SHB_TRAFFIC_UNKNOWN));
	KUNIT_EXPECT_EQ(test, 0, shb_traffic_unexplained(&f->t));
}

/* 6.1 keeps a target it does not need, and hands it out again. */
static void a_target_comes_back_in_silence(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.1", &one_zone);
	unsigned long to = first_pfn(f) + 3;

	tell(f, SHB_REC_COMPACT, to, 0, 0);
	tell(f, SHB_REC_UNCOMPACT, to, 0, 0);
	expect_used(test, f, 0, 0);
	tell(f, SHB_REC_COMPACT, to, 0, 0);
	expect_used(test, f, 1, 0);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_MISSED));
}

/* What stands for a page stays where it is, whatever the kernel calls it. */
static void a_migration_is_a_new_name(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long from = first_pfn(f), to = from + 1024;
	u32 here, there;

	tell(f, SHB_REC_ALLOC, from, 2, GFP_HIGHUSER_MOVABLE);
	tell(f, SHB_REC_ALLOC, to, 2, GFP_HIGHUSER_MOVABLE);
	here = stands_for(f, 0, from);
	there = stands_for(f, 0, to);
	tell(f, SHB_REC_MIGRATE, to, 2, from);
	KUNIT_EXPECT_EQ(test, here, stands_for(f, 0, to));
	KUNIT_EXPECT_EQ(test, there, stands_for(f, 0, from));
	KUNIT_EXPECT_EQ(test, here + 3, stands_for(f, 0, to + 3));
	tell(f, SHB_REC_FREE, from, 2, 0);
	expect_used(test, f, 4, 4);
	KUNIT_EXPECT_EQ(test, 4, f->t.candidates[0].counts[SHB_CAND_RENAMED]);
}

/* The allocation of a target was lost; nothing of it is, and nothing stays behind. */
static void a_target_nobody_told_of_leaves_nothing(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long from = first_pfn(f), to = from + 1024;
	int k;

	for (k = 0; k < 100; k++) {
		tell(f, SHB_REC_ALLOC, from, 0, GFP_HIGHUSER_MOVABLE);
		tell(f, SHB_REC_MIGRATE, to, 0, from);
		tell(f, SHB_REC_FREE, from, 0, 0);
		tell(f, SHB_REC_FREE, to, 0, 0);
	}
	tell(f, SHB_REC_MIGRATE, to, 0, from);		/* of nobody */
	expect_used(test, f, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_UNKNOWN));
}

/* The last page that a record can name. */
static void the_last_page_comes_to_an_end(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);

	tell(f, SHB_REC_FREE, U32_MAX, 0, 0);
	tell(f, SHB_REC_FREE, U32_MAX - 1023, 10, 0);
	tell(f, SHB_REC_MIGRATE, U32_MAX, 0, U32_MAX);
	tell(f, SHB_REC_CONTIG, U32_MAX, 0, U32_MAX);
	expect_used(test, f, 0, 0);
}

/* A bulk that fell back to one page has been told by the ordinary event. */
static void a_bulk_page_is_taken_once(struct kunit *test)
{
	struct follower *f = follow(test, "linux-7.2", &one_zone);
	unsigned long pfn = first_pfn(f);

	tell(f, SHB_REC_ALLOC, pfn, 0, GFP_KERNEL);
	tell(f, SHB_REC_BULK, pfn, 0, GFP_KERNEL);
	tell(f, SHB_REC_BULK, pfn + 1, 0, GFP_KERNEL);
	expect_used(test, f, 2, 2);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_MISSED));
}

/* What of a range is out already stays. Pages of nobody are counted, no more. */
static void a_range_is_taken(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f);

	tell(f, SHB_REC_ALLOC, pfn + 700, 1, GFP_KERNEL);
	tell(f, SHB_REC_CONTIG, pfn + 500, 0, 1000);
	expect_used(test, f, 1000, 1000);
	tell(f, SHB_REC_CONTIG, 1, 0, 100);
	tell(f, SHB_REC_FREE, 8, 3, 0);
	KUNIT_EXPECT_EQ(test, 108, count(f, SHB_TRAFFIC_FOREIGN));
	expect_used(test, f, 1000, 1000);
}

/* A page of 16 MiB is four blocks here. */
static void a_gigantic_page_is_several_blocks(struct kunit *test)
{
	struct follower *f = follow(test, "linux-7.2", &one_zone);
	unsigned long pfn = first_pfn(f);

	tell(f, SHB_REC_CONTIG, pfn, 0, 4096);
	expect_used(test, f, 4096, 4096);
	tell(f, SHB_REC_FREE, pfn, 12, 0);
	expect_used(test, f, 0, 0);
}

static void senseless_records_do_nothing(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);

	tell(f, SHB_NR_RECORD_KINDS, first_pfn(f), 0, 0);
	tell(f, 255, first_pfn(f), 0, 0);
	tell(f, SHB_REC_ALLOC, first_pfn(f), 255, 0);
	tell(f, SHB_REC_ALLOC, first_pfn(f) + 1, 1, 0);	/* not a multiple of its size */
	tell(f, SHB_REC_NOTE, 0, SHB_NR_NOTES, 5);
	tell(f, SHB_REC_MIGRATE, first_pfn(f), 0, 3);
	KUNIT_EXPECT_EQ(test, 3, count(f, SHB_TRAFFIC_SENSELESS));
	expect_used(test, f, 0, 0);
}

/* No page anywhere: pages have no place, and their frees harm nothing. */
static void a_full_candidate_has_no_place(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	struct shb_candidate *c = &f->t.candidates[0];
	unsigned long pfn = first_pfn(f), hole;

	while (shb_serve(c->s, (struct shb_request){ .gfp = GFP_KERNEL | __GFP_MEMALLOC }, NULL) != SHB_NO_PFN)
		;
	hole = shb_state_used_pages(c->s);
	tell(f, SHB_REC_ALLOC, pfn, 2, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, 4, c->counts[SHB_CAND_UNPLACED]);
	tell(f, SHB_REC_FREE, pfn, 2, 0);
	KUNIT_EXPECT_EQ(test, hole, shb_state_used_pages(c->s));
	check_states(test, f);
}

/* At the bottom of a candidate's marks: who frees memory for others still gets some. */
static void who_asks_decides_as_in_the_kernel(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	struct shb_candidate *c = &f->t.candidates[0];
	struct shb_record r = {
		.kind = SHB_REC_ALLOC, .pfn = first_pfn(f), .arg = GFP_KERNEL, .stamp = 1,
		.context = SHB_IN_MEMALLOC,
	};

	while (shb_serve(c->s, (struct shb_request){ .gfp = GFP_KERNEL }, NULL) != SHB_NO_PFN)
		;
	shb_traffic_apply(&f->t, &r);
	KUNIT_EXPECT_EQ(test, 0, c->counts[SHB_CAND_BEYOND]);
	r.pfn++;
	r.stamp++;
	r.context = SHB_IN_MEMPOLICY;
	shb_traffic_apply(&f->t, &r);
	KUNIT_EXPECT_EQ(test, 1, c->counts[SHB_CAND_BEYOND]);
	KUNIT_EXPECT_EQ(test, 1, count(f, SHB_TRAFFIC_GUESSED));
	KUNIT_EXPECT_EQ(test, 0, c->counts[SHB_CAND_UNPLACED]);
	check_states(test, f);
}

/* A boost ends with the second it came in; a year of silence is not made up for. */
static void seconds_pass(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	struct shb_zone *z = f->t.candidates[1].s->zones[0];
	unsigned long pfn = first_pfn(f);

	tell(f, SHB_REC_ALLOC, pfn, 0, GFP_KERNEL);
	z->marks.boost = 512;
	f->stamp += SECOND / 2;
	tell(f, SHB_REC_FREE, pfn, 0, 0);
	KUNIT_EXPECT_EQ(test, 512, z->marks.boost);
	f->stamp += SECOND;
	tell(f, SHB_REC_ALLOC, pfn, 0, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, 0, z->marks.boost);
	f->stamp += 365ULL * 86400 * SECOND;
	tell(f, SHB_REC_FREE, pfn, 0, 0);
	KUNIT_EXPECT_EQ(test, f->stamp + SECOND, f->t.next_tick);
}

/* Two pageblocks that may not merge are one block all the same for who had it as one. */
static void a_block_over_two_types_is_one(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	struct shb_zone *z = f->t.mirror->zones[0];
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_ASSERT_EQ(test, 0, shb_isolate_pageblock(z, 0));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	tell(f, SHB_REC_ALLOC, first_pfn(f), 10, GFP_KERNEL);
	expect_used(test, f, 1024, 1024);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_MISSED));
	tell(f, SHB_REC_FREE, first_pfn(f), 10, 0);
	expect_used(test, f, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_UNKNOWN));
}

/* The kernel's own profile, asked the same on one cpu, takes the same pages. */
static void own_profile_takes_the_same_pages(struct kunit *test)
{
	const char *const *profile = test->param_value;
	struct follower *f = follow(test, *profile, &one_zone);
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_HIGHUSER_MOVABLE };
	u64 seed = start_seed(test, 0);
	unsigned long *pfns = kunit_kzalloc(test, MAX_HELD * sizeof(*pfns), GFP_KERNEL);
	int nr = 0, step, k, own = 0;

	KUNIT_ASSERT_NOT_NULL(test, pfns);
	while (strcmp(f->t.candidates[own].name, *profile))
		own++;
	for (step = 0; step < 4 * MAX_HELD; step++) {
		if (nr && (nr == MAX_HELD || draw(&seed, 9) < 4)) {
			k = draw(&seed, nr);
			KUNIT_ASSERT_EQ(test, SHB_FREE_OK, shb_free(f->kernel, pfns[k], 0, 0, 0));
			tell(f, SHB_REC_FREE, pfns[k], 0, 0);
			pfns[k] = pfns[--nr];
			continue;
		}
		k = draw(&seed, 2);
		pfns[nr] = serve(f->kernel, gfps[k], 0, 0, 0);
		if (k)
			shb_set_movable(f->kernel, pfns[nr], 0, true);
		tell(f, SHB_REC_ALLOC, pfns[nr], 0, gfps[k]);
		KUNIT_ASSERT_EQ(test, pfns[nr], stands_for(f, own, pfns[nr]));
		nr++;
	}
	check_states(test, f);
}

/* --- a random kernel against a naive map --------------------------------------------------------- */

struct naive {
	struct { u32 pfn; u8 order; } held[MAX_HELD];
	int nr;
	u8 *out;		/* by page: the kernel has it out */
	unsigned long pages;
};

static void note(struct naive *v, struct follower *f, unsigned long pfn, int order)
{
	v->held[v->nr].pfn = pfn;
	v->held[v->nr++].order = order;
	memset(v->out + pfn - first_pfn(f), 1, 1 << order);
	v->pages += 1UL << order;
}

static void drop(struct naive *v, struct follower *f, unsigned long pfn, int order)
{
	memset(v->out + pfn - first_pfn(f), 0, 1 << order);
	v->pages -= 1UL << order;
}

static void random_alloc(struct naive *v, struct follower *f, u64 *seed)
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_HIGHUSER_MOVABLE, GFP_ATOMIC,
				      GFP_KERNEL | __GFP_RECLAIMABLE };
	int order = draw_order(seed);
	gfp_t gfp = gfps[draw(seed, ARRAY_SIZE(gfps))];
	unsigned long pfn = serve(f->kernel, gfp, order, 0, 0);

	if (pfn == SHB_NO_PFN) {
		tell(f, SHB_REC_FAIL, 0, order, gfp);
		return;
	}
	if (gfp & __GFP_MOVABLE)
		shb_set_movable(f->kernel, pfn, order, true);
	note(v, f, pfn, order);
	tell(f, SHB_REC_ALLOC, pfn, order, gfp);
}

/* Whole, or from here on page by page as split_page() leaves it. */
static void random_free(struct kunit *test, struct naive *v, struct follower *f, u64 *seed)
{
	int k = draw(seed, v->nr), order = v->held[k].order, n;
	unsigned long pfn = v->held[k].pfn;

	v->held[k] = v->held[--v->nr];
	if (order && order < 5 && v->nr + (1 << order) < MAX_HELD && !draw(seed, 3)) {
		KUNIT_ASSERT_EQ(test, 0, shb_split(f->kernel, pfn, order));
		for (n = 0; n < 1 << order; n++) {
			v->held[v->nr].pfn = pfn + n;
			v->held[v->nr++].order = 0;
		}
		return;
	}
	KUNIT_ASSERT_EQ(test, SHB_FREE_OK, shb_free(f->kernel, pfn, order, 0, 0));
	drop(v, f, pfn, order);
	tell(f, SHB_REC_FREE, pfn, order, 0);
}

/* Of a kernel that takes what it likes. */
static void random_free_anywhere(struct naive *v, struct follower *f, u64 *seed)
{
	int k = draw(seed, v->nr), order = v->held[k].order;
	unsigned long pfn = v->held[k].pfn;

	v->held[k] = v->held[--v->nr];
	drop(v, f, pfn, order);
	tell(f, SHB_REC_FREE, pfn, order, 0);
}

/* To a fresh block; the old one goes. */
static void random_migration(struct kunit *test, struct naive *v, struct follower *f, u64 *seed)
{
	int k = draw(seed, v->nr), order = v->held[k].order;
	unsigned long from = v->held[k].pfn, to = serve(f->kernel, GFP_HIGHUSER_MOVABLE, order, 0, 0);
	bool silent = draw(seed, 2);

	if (to == SHB_NO_PFN)
		return;
	tell(f, silent ? SHB_REC_COMPACT : SHB_REC_ALLOC, to, order, silent ? 0 : GFP_HIGHUSER_MOVABLE);
	note(v, f, to, order);
	v->nr--;
	v->held[k].pfn = to;
	tell(f, SHB_REC_MIGRATE, to, order, from);
	KUNIT_ASSERT_EQ(test, SHB_FREE_OK, shb_free(f->kernel, from, order, 0, 0));
	drop(v, f, from, order);
	tell(f, SHB_REC_FREE, from, order, 0);
}

/*
 * Pages of the kernel for which a page of the candidate stands, each another one. A candidate
 * whose free memory lies otherwise may have found no place for a large block.
 */
static unsigned long count_named(struct kunit *test, const struct naive *v, struct follower *f, int n)
{
	unsigned long base = first_pfn(f), named = 0;
	u32 i, here, nr = f->kernel->zones[0]->extent.nr_frames;
	u8 *seen = kvzalloc(nr, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	for (i = 0; i < nr; i++) {
		here = stands_for(f, n, base + i);
		if (here == ~0U)
			continue;
		KUNIT_EXPECT_EQ(test, 1, v->out[i]);
		KUNIT_EXPECT_EQ(test, 0, seen[here - base]++);
		KUNIT_EXPECT_EQ(test, 1, shb_mirror_used(f->t.candidates[n].s, here, 0));
		named++;
	}
	kvfree(seen);
	return named;
}

/* The mirror has out what the kernel has out, a candidate what stands for it. */
static void expect_as_naive(struct kunit *test, const struct naive *v, struct follower *f)
{
	u32 i, nr = f->kernel->zones[0]->extent.nr_frames;
	int n;

	for (i = 0; i < nr; i++)
		KUNIT_ASSERT_EQ(test, v->out[i], shb_mirror_used(f->t.mirror, first_pfn(f) + i, 0));
	for (n = 0; n < f->t.nr; n++)
		KUNIT_EXPECT_EQ(test, count_named(test, v, f, n),
				shb_state_used_pages(f->t.candidates[n].s));
	check_states(test, f);
}

static void random_stream_equals_naive_map(struct kunit *test)
{
	const char *const *profile = test->param_value;
	struct follower *f = follow(test, *profile, &one_zone);
	struct naive *v = kunit_kzalloc(test, sizeof(*v), GFP_KERNEL);
	u64 seed = start_seed(test, 0);
	int step, what;

	KUNIT_ASSERT_NOT_NULL(test, v);
	v->out = kunit_kzalloc(test, f->kernel->zones[0]->extent.nr_frames, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, v->out);
	for (step = 0; step < 3000; step++) {
		what = draw(&seed, 10);
		if (!v->nr || (what < 5 && v->nr < MAX_HELD - 1))
			random_alloc(v, f, &seed);
		else if (what < 9)
			random_free(test, v, f, &seed);
		else
			random_migration(test, v, f, &seed);
		if (!(step % 100))
			expect_as_naive(test, v, f);
	}
	expect_as_naive(test, v, f);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_UNKNOWN));
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_MISSED));
}

/* --- runs ------------------------------------------------------------------------------------------ */

struct run_row {
	const char *name;
	int first, nr;
	const char *told;	/* offsets of the pages that come back, as text */
	const char *freed;	/* blocks that the mirror has then, as order@offset */
};

static const struct run_row run_rows[] = {
	{ "whole", 0, 8, "0 1 2 3 4 5 6 7", "3@0" },
	{ "uneven", 1, 7, "1 2 3 4 5 6 7", "0@1 1@2 2@4" },
	{ "gap", 0, 8, "0 1 4 5 6 7", "1@0 2@4" },
	{ "gap_before_the_last", 0, 8, "0 1 2 3 7", "2@0 0@7" },
	{ "no_end", 0, 8, "0 1 2", "1@0 0@2" },
};

static void run_name(const struct run_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(run, run_rows, run_name);

/* Nothing is free before its run has ended, or somebody compares; then it is free in blocks. */
static void a_run_comes_back_as_blocks(struct kunit *test)
{
	const struct run_row *row = test->param_value;
	struct follower *f = follow(test, "linux-7.2", &one_zone);
	struct shb_zone *z = f->t.mirror->zones[0];
	const char *told = row->told;
	char text[64] = "";
	int page, len, n = 0;
	u32 i;

	/* A neighbour that stays keeps the mirror from merging further. */
	tell(f, SHB_REC_ALLOC, first_pfn(f), 4, GFP_KERNEL);
	tell(f, SHB_REC_RUN, first_pfn(f) + row->first, 0, row->nr);
	for (; sscanf(told, "%d%n", &page, &len) == 1; told += len)
		tell(f, SHB_REC_FREE, first_pfn(f) + page, 0, 0);
	tell(f, SHB_REC_NOTE, 0, SHB_NOTE_SETTLE, 1);
	for (i = 0; i < 8; i++)
		if (z->frames[i].state == SHB_FRAME_FREE)
			n += scnprintf(text + n, sizeof(text) - n, "%s%d@%u", n ? " " : "",
				       z->frames[i].order, i);
	KUNIT_EXPECT_STREQ(test, row->freed, text);
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_UNKNOWN));
	KUNIT_EXPECT_EQ(test, 0, f->t.runs.nr);
	check_states(test, f);
}

/* Candidates get the blocks: eight pages would lie on their per-cpu lists one by one. */
static void candidates_get_a_run_as_a_block(struct kunit *test)
{
	struct follower *f = follow(test, "linux-7.2", &one_zone);
	struct shb_zone *z = f->t.candidates[2].s->zones[0];
	int k;

	tell(f, SHB_REC_ALLOC, first_pfn(f), 3, GFP_KERNEL);
	tell(f, SHB_REC_RUN, first_pfn(f), 0, 8);
	for (k = 0; k < 8; k++) {
		KUNIT_EXPECT_EQ(test, 8, shb_state_used_pages(f->t.mirror));
		tell(f, SHB_REC_FREE, first_pfn(f) + k, 0, 0);
	}
	expect_used(test, f, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, z->pcps[0].nr[shb_pcp_list(z, 0, SHB_UNMOVABLE)]);
	KUNIT_EXPECT_EQ(test, 0, z->pcps[0].nr[shb_pcp_list(z, 0, SHB_MOVABLE)]);
}

/* An interrupt frees pages of its own, another cpu has a run of its own, a page is taken again. */
static void runs_do_not_mix(struct kunit *test)
{
	struct follower *f = follow(test, "linux-7.2", &one_zone);
	unsigned long pfn = first_pfn(f);
	struct shb_record other = { .stamp = 100, .kind = SHB_REC_RUN, .pfn = pfn + 64, .arg = 2, .cpu = 1 };

	tell(f, SHB_REC_ALLOC, pfn, 3, GFP_KERNEL);
	tell(f, SHB_REC_ALLOC, pfn + 64, 3, GFP_KERNEL);
	tell(f, SHB_REC_RUN, pfn, 0, 8);
	shb_traffic_apply(&f->t, &other);
	f->stamp = 100;
	tell(f, SHB_REC_FREE, pfn, 0, 0);
	tell(f, SHB_REC_FREE, pfn + 70, 0, 0);		/* of nobody's run */
	KUNIT_EXPECT_EQ(test, 15, shb_state_used_pages(f->t.mirror));
	tell(f, SHB_REC_ALLOC, pfn, 0, GFP_KERNEL);	/* it had come back */
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_MISSED));
	KUNIT_EXPECT_EQ(test, 15, shb_state_used_pages(f->t.mirror));
	tell(f, SHB_REC_RUN, pfn, 0, U32_MAX);
	tell(f, SHB_REC_NOTE, 0, SHB_NOTE_END, 1);
	check_states(test, f);
}

/* Whoever frees a run is moved to another cpu; its last page is somebody else's, and never comes. */
static void a_run_moves_and_ends(struct kunit *test)
{
	struct follower *f = follow(test, "linux-7.2", &one_zone);
	unsigned long pfn = first_pfn(f);
	struct shb_record one = { .kind = SHB_REC_FREE, .pfn = pfn + 1, .cpu = 3, .stamp = 100 };

	tell(f, SHB_REC_ALLOC, pfn, 3, GFP_KERNEL);
	tell(f, SHB_REC_RUN, pfn, 0, 4);
	tell(f, SHB_REC_FREE, pfn, 0, 0);
	shb_traffic_apply(&f->t, &one);
	KUNIT_EXPECT_EQ(test, 8, shb_state_used_pages(f->t.mirror));
	f->stamp = 100 + SECOND / 50;
	tell(f, SHB_REC_ALLOC, pfn + 512, 0, GFP_KERNEL);	/* 20 ms later */
	KUNIT_EXPECT_EQ(test, 0, f->t.runs.nr);
	KUNIT_EXPECT_EQ(test, 7, shb_state_used_pages(f->t.mirror));
	/* Nothing that must have happened is of a run; whoever compares ends all. */
	tell(f, SHB_REC_RUN, pfn + 2, 0, 4);
	one = (struct shb_record){ .kind = SHB_REC_FREE, .pfn = pfn + 2, .cpu = SHB_NO_CPU, .stamp = f->stamp };
	shb_traffic_apply(&f->t, &one);
	KUNIT_EXPECT_EQ(test, 6, shb_state_used_pages(f->t.mirror));
	tell(f, SHB_REC_FREE, pfn + 3, 0, 0);
	tell(f, SHB_REC_NOTE, 0, SHB_NOTE_SETTLE, 1);
	KUNIT_EXPECT_EQ(test, 0, f->t.runs.nr);
	KUNIT_EXPECT_EQ(test, 5, shb_state_used_pages(f->t.mirror));
	check_states(test, f);
}

/* A rate is of the last whole second; after a suspend the clock begins anew, time has passed all the same. */
static void time_is_told(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	unsigned long pfn = first_pfn(f);
	int k;

	for (k = 0; k < 7; k++)
		tell(f, SHB_REC_ALLOC, pfn + k, 0, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, 0, f->t.rate);
	f->stamp = SECOND + 5;
	tell(f, SHB_REC_ALLOC, pfn + 7, 0, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, 8, f->t.rate);
	tell(f, SHB_REC_NOTE, 0, SHB_NOTE_RESTART, 1);
	f->stamp = 0;
	tell(f, SHB_REC_FREE, pfn, 0, 0);
	f->stamp = SECOND - 1;
	tell(f, SHB_REC_FREE, pfn + 1, 0, 0);
	KUNIT_EXPECT_EQ(test, 2 * SECOND + 4, f->t.past + f->t.last - f->t.first);
	KUNIT_EXPECT_EQ(test, 6, shb_state_used_pages(f->t.mirror));
	KUNIT_EXPECT_EQ(test, 0, count(f, SHB_TRAFFIC_SETTLED));
}

/* --- fallbacks and the predictor --------------------------------------------------------------------- */

/* A pageblock the kernel claimed has the wanted type in the mirror, and its free blocks do. */
static void a_claim_gives_a_pageblock_its_type(struct kunit *test)
{
	struct follower *f = follow(test, "linux-6.12", &one_zone);
	struct shb_zone *z = f->t.mirror->zones[0];
	int type = shb_block_type(z, 0), wanted = type == SHB_MOVABLE ? SHB_UNMOVABLE : SHB_MOVABLE;

	tell(f, SHB_REC_EXTFRAG, first_pfn(f), 0, shb_extfrag_arg(9, wanted, type, false));
	KUNIT_EXPECT_EQ(test, type, shb_block_type(z, 0));
	tell(f, SHB_REC_EXTFRAG, first_pfn(f), 0, shb_extfrag_arg(10, wanted, type, true));
	KUNIT_EXPECT_EQ(test, wanted, shb_block_type(z, 0));
	KUNIT_EXPECT_EQ(test, wanted, shb_block_type(z, SHB_PAGEBLOCK_PAGES));
	KUNIT_EXPECT_EQ(test, type, shb_block_type(z, 2 * SHB_PAGEBLOCK_PAGES));
	KUNIT_EXPECT_EQ(test, 2, count(f, SHB_TRAFFIC_EXTFRAG));
	KUNIT_EXPECT_EQ(test, 1, count(f, SHB_TRAFFIC_CLAIMS));
	KUNIT_EXPECT_EQ(test, 2, count(f, SHB_TRAFFIC_EXTFRAG_UNMOVABLE + wanted));
	tell(f, SHB_REC_EXTFRAG, first_pfn(f), 0, shb_extfrag_arg(11, wanted, type, true));
	tell(f, SHB_REC_EXTFRAG, first_pfn(f), 0, shb_extfrag_arg(9, 7, type, true));
	tell(f, SHB_REC_REFILL, first_pfn(f), 5, 0);
	KUNIT_EXPECT_EQ(test, 3, count(f, SHB_TRAFFIC_SENSELESS));
	check_states(test, f);
}

/*
 *	kernel   | free, order 9 |pcp|...|      the second pageblock is claimed, and is one half of
 *	mirror   |     free, order 10    |      what is free here
 */
static void a_claim_takes_half_of_a_free_block(struct kunit *test)
{
	struct follower *f = follow(test, *(const char *const *)test->param_value, &one_zone);
	struct shb_zone *z = f->t.mirror->zones[0];
	int type = shb_block_type(z, 0), wanted = type == SHB_MOVABLE ? SHB_UNMOVABLE : SHB_MOVABLE;

	tell(f, SHB_REC_EXTFRAG, first_pfn(f) + SHB_PAGEBLOCK_PAGES, 0,
	     shb_extfrag_arg(9, wanted, type, true));
	KUNIT_EXPECT_EQ(test, wanted, shb_block_type(z, SHB_PAGEBLOCK_PAGES));
	expect_used(test, f, 0, 0);
	tell(f, SHB_REC_ALLOC, first_pfn(f) + SHB_PAGEBLOCK_PAGES, 0, GFP_KERNEL);
	expect_used(test, f, 1, 1);
}

static struct follower *follow_and_predict(struct kunit *test, const char *profile)
{
	struct follower *f = follow(test, profile, &one_zone);

	shb_predictor_init(&f->t.predictor, build(test, profile, &one_zone));
	return f;
}

static u64 sum(const u64 (*table)[SHB_PCPTYPES])
{
	u64 all = 0;
	int k;

	for (k = 0; k < SHB_NR_ORDERS * SHB_PCPTYPES; k++)
		all += table[k / SHB_PCPTYPES][k % SHB_PCPTYPES];
	return all;
}

/* It has out what the kernel has, whatever it said. */
static void expect_as_mirror(struct kunit *test, struct follower *f)
{
	const struct shb_zone *a = f->t.mirror->zones[0], *b = f->t.predictor.s->zones[0];
	u32 i;

	for (i = 0; i < a->extent.nr_frames; i++)
		KUNIT_ASSERT_EQ(test, shb_place_count_used(a, i, 0), shb_place_count_used(b, i, 0));
	KUNIT_EXPECT_EQ(test, 0, f->t.predictor.faults);
	check_all(test, f->t.predictor.s);
}

/* A kernel that decides as it does, asked on one cpu, is foretold to the page. */
static void a_kernel_like_itself_is_foretold(struct kunit *test)
{
	const char *const *profile = test->param_value;
	struct follower *f = follow_and_predict(test, *profile);
	struct naive *v = kunit_kzalloc(test, sizeof(*v), GFP_KERNEL);
	u64 seed = start_seed(test, 0);
	int step;

	KUNIT_ASSERT_NOT_NULL(test, v);
	v->out = kunit_kzalloc(test, f->kernel->zones[0]->extent.nr_frames, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, v->out);
	for (step = 0; step < 2000; step++) {
		if (!v->nr || (v->nr < MAX_HELD - 1 && draw(&seed, 9) < 5))
			random_alloc(v, f, &seed);
		else
			random_free(test, v, f, &seed);
	}
	KUNIT_EXPECT_GT(test, sum(f->t.predictor.asked), 500);
	KUNIT_EXPECT_EQ(test, sum(f->t.predictor.asked), sum(f->t.predictor.hits));
	expect_as_mirror(test, f);
}

/* Another kernel than it thinks: it says the wrong page, and is what the kernel is all the same. */
static void a_kernel_unlike_it_is_followed(struct kunit *test)
{
	const char *const *profile = test->param_value;
	struct follower *f = follow_and_predict(test, *profile);
	struct naive *v = kunit_kzalloc(test, sizeof(*v), GFP_KERNEL);
	u64 seed = start_seed(test, 0), misses = 0;
	unsigned long pfn;
	int step, order, k;

	KUNIT_ASSERT_NOT_NULL(test, v);
	v->out = kunit_kzalloc(test, f->kernel->zones[0]->extent.nr_frames, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, v->out);
	for (step = 0; step < 1500; step++) {
		order = draw_order(&seed);
		pfn = first_pfn(f) + (draw(&seed, f->kernel->zones[0]->extent.nr_frames >> order) << order);
		if (v->nr && (v->nr == MAX_HELD - 1 || draw(&seed, 9) < 4)) {
			random_free_anywhere(v, f, &seed);
		} else if (!shb_mirror_used(f->t.mirror, pfn, order)) {
			note(v, f, pfn, order);
			tell(f, draw(&seed, 8) ? SHB_REC_ALLOC : SHB_REC_COMPACT, pfn, order, GFP_HIGHUSER_MOVABLE);
		}
		if (!(step % 100))
			expect_as_mirror(test, f);
	}
	for (k = 0; k < SHB_NR_MISSES; k++)
		misses += f->t.predictor.misses[k];
	KUNIT_EXPECT_EQ(test, sum(f->t.predictor.asked), sum(f->t.predictor.hits) + misses);
	KUNIT_EXPECT_GT(test, misses, 100);
	expect_as_mirror(test, f);
}

static void a_senseless_mask_is_nobodys_guess(struct kunit *test)
{
	struct follower *f = follow_and_predict(test, "linux-6.12");

	tell(f, SHB_REC_ALLOC, first_pfn(f), 0, __GFP_MOVABLE | __GFP_RECLAIMABLE);
	KUNIT_EXPECT_EQ(test, 0, sum(f->t.predictor.asked));
	expect_as_mirror(test, f);
}

/*
 * Told of a refill, it says its blocks in order; of one that went back it does not speak. Pages
 * 5, 9 and 3 are on the kernel's list.
 */
static void what_is_told_is_believed(struct kunit *test)
{
	struct follower *f = follow_and_predict(test, "linux-6.12");
	static const int pages[] = { 5, 9, 7, 3 };
	int k, type = shb_block_type(f->t.mirror->zones[0], 0);
	gfp_t gfp = type == SHB_MOVABLE ? GFP_HIGHUSER_MOVABLE : GFP_KERNEL;

	for (k = 0; k < 4; k++)
		tell(f, SHB_REC_REFILL, first_pfn(f) + pages[k], 0, type);
	tell(f, SHB_REC_DRAIN, first_pfn(f) + 7, 0, type);
	tell(f, SHB_REC_DRAIN, first_pfn(f) + 700, 0, type);	/* is where it goes */
	expect_as_mirror(test, f);
	for (k = 0; k < 4; k++)
		if (k != 2)
			tell(f, SHB_REC_ALLOC, first_pfn(f) + pages[k], 0, gfp);
	KUNIT_EXPECT_EQ(test, 3, f->t.predictor.hits[0][type]);
	tell(f, SHB_REC_REFILL, first_pfn(f) + 5, 0, type);	/* is out: makes no sense */
	expect_as_mirror(test, f);
	KUNIT_EXPECT_EQ(test, 3, sum(f->t.predictor.asked));
}

/* The machine had three HighAtomic pageblocks and a boost: 4.1 keeps one, and boosts nothing. */
static void another_release_keeps_its_own(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-4.1", &one_zone);
	struct shb_zone *z = s->zones[0];
	char error[SHB_WISH_ERROR];
	struct shb_wish w;
	unsigned long irq;
	u32 b, nr = 0;

	raw_spin_lock_irqsave(&z->lock, irq);
	for (b = 0; b < 6; b += 2) {
		shb_zone_move_pageblock(z, b << SHB_PAGEBLOCK_ORDER, SHB_HIGHATOMIC);
		shb_zone_set_types(z, b << SHB_PAGEBLOCK_ORDER, SHB_PAGEBLOCK_ORDER, SHB_HIGHATOMIC);
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	z->buddy.reserved = 1536;
	z->buddy.kept = 0;
	z->marks.boost = 300;
	KUNIT_ASSERT_EQ(test, 0, shb_wish_parse(&w, "old linux-4.1", error));
	KUNIT_ASSERT_EQ(test, 0, shb_wish_apply(&w, s, shb_profile_find("linux-6.12"), error));
	for (b = 0; b < 8; b++)
		nr += z->pageblocks[b] == SHB_HIGHATOMIC;
	KUNIT_EXPECT_EQ(test, 1, nr);
	KUNIT_EXPECT_EQ(test, 0, z->buddy.reserved);
	KUNIT_EXPECT_EQ(test, 0, z->marks.boost);
	check_all(test, s);
}

/* --- blocks by place ------------------------------------------------------------------------------- */

struct place_row {
	u32 at;
	int order;
	const char *left;	/* free blocks, from the lowest on, as order@index */
};

/* Out of one free block of order 3 at 0, in a granule that is in use otherwise. */
static const struct place_row place_rows[] = {
	{ 0, 3, "" },
	{ 0, 0, "0@1 1@2 2@4" },
	{ 5, 0, "2@0 0@4 1@6" },
	{ 6, 1, "2@0 1@4" },
	{ 4, 2, "2@0" },
	{ 7, 0, "2@0 1@4 0@6" },
};

static void place_name(const struct place_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "order_%d_at_%u", row->order, row->at);
}

KUNIT_ARRAY_PARAM(place, place_rows, place_name);

static void the_rest_of_a_block_stays_free(struct kunit *test)
{
	const struct place_row *row = test->param_value;
	struct shb_zone *z = build(test, "linux-6.12", &one_zone)->zones[0];
	char text[64] = "";
	unsigned long irq;
	u32 i;
	int n = 0;

	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_EXPECT_TRUE(test, shb_place_take(z, 0, 10));
	KUNIT_EXPECT_TRUE(test, shb_place_shape(z, 0, 3));
	shb_place_free(z, 0, 3);
	KUNIT_EXPECT_FALSE(test, shb_place_take(z, 0, 4));
	KUNIT_EXPECT_FALSE(test, shb_place_take(z, 8, 0));
	KUNIT_EXPECT_FALSE(test, shb_place_shape(z, 0, 4));
	KUNIT_EXPECT_TRUE(test, shb_place_take(z, row->at, row->order));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	for (i = 0; i < 8; i++)
		if (z->frames[i].state == SHB_FRAME_FREE)
			n += scnprintf(text + n, sizeof(text) - n, "%s%d@%u", n ? " " : "",
				       z->frames[i].order, i);
	KUNIT_EXPECT_STREQ(test, row->left, text);
	check_one(test, z);
}

static struct kunit_case traffic_cases[] = {
	KUNIT_CASE(a_block_comes_and_goes),
	KUNIT_CASE(parts_of_a_block_come_back),
	KUNIT_CASE(pages_come_back_as_a_block),
	KUNIT_CASE(a_missed_free_is_made_up_for),
	KUNIT_CASE(a_free_of_nobody_is_unexplained),
	KUNIT_CASE(an_early_free_waits_for_its_allocation),
	KUNIT_CASE(a_charge_that_fails_explains_a_free),
	KUNIT_CASE(leftovers_of_compaction_are_explained),
	KUNIT_CASE(a_target_comes_back_in_silence),
	KUNIT_CASE(a_migration_is_a_new_name),
	KUNIT_CASE(a_target_nobody_told_of_leaves_nothing),
	KUNIT_CASE(the_last_page_comes_to_an_end),
	KUNIT_CASE(a_bulk_page_is_taken_once),
	KUNIT_CASE(a_range_is_taken),
	KUNIT_CASE(a_gigantic_page_is_several_blocks),
	KUNIT_CASE(senseless_records_do_nothing),
	KUNIT_CASE(a_full_candidate_has_no_place),
	KUNIT_CASE(who_asks_decides_as_in_the_kernel),
	KUNIT_CASE(seconds_pass),
	KUNIT_CASE(a_block_over_two_types_is_one),
	KUNIT_CASE_PARAM(own_profile_takes_the_same_pages, profile_gen_params),
	KUNIT_CASE_PARAM_ATTR(random_stream_equals_naive_map, profile_gen_params, { .speed = KUNIT_SPEED_SLOW }),
	KUNIT_CASE_PARAM(a_run_comes_back_as_blocks, run_gen_params),
	KUNIT_CASE(candidates_get_a_run_as_a_block),
	KUNIT_CASE(runs_do_not_mix),
	KUNIT_CASE(a_run_moves_and_ends),
	KUNIT_CASE(time_is_told),
	KUNIT_CASE(a_senseless_mask_is_nobodys_guess),
	KUNIT_CASE(a_claim_gives_a_pageblock_its_type),
	KUNIT_CASE_PARAM(a_claim_takes_half_of_a_free_block, profile_gen_params),
	KUNIT_CASE_PARAM(a_kernel_like_itself_is_foretold, profile_gen_params),
	KUNIT_CASE_PARAM(a_kernel_unlike_it_is_followed, profile_gen_params),
	KUNIT_CASE(what_is_told_is_believed),
	KUNIT_CASE(another_release_keeps_its_own),
	KUNIT_CASE_PARAM(the_rest_of_a_block_stays_free, place_gen_params),
	{ }
};

struct kunit_suite traffic_suite = {
	.name = "shadowbuddy_traffic", .test_cases = traffic_cases,
};
