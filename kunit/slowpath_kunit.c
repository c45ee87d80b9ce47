// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_slowpath: requests that may wait. Who makes room writes down what is asked of it;
 * what is expected follows from the rules of the releases, row by row. That whole requests go the
 * kernel's way, stage by stage, is for lockstep to say (scenario slowpath).
 */
#include "fixture.h"
#include "pressure/slowpath.h"

KUNIT_ARRAY_PARAM(modern, modern, profile_name);

#define MAX_ROUNDS	16	/* without progress */

/* Somebody with pages: those of one type of block move, some can be reclaimed, somebody can go. */
struct helper {
	struct shb_zone	*z;
	int		reclaims, kills, moves;		/* so often it was asked */
	int		gives;				/* pages each reclaim frees; negative: none, but says so */
	int		may_kill;			/* so often somebody goes, with a page */
	u32		next;				/* frame that goes next */
};

static bool free_next(struct helper *h)
{
	while (h->next < h->z->extent.nr_frames && !shb_is_used_block(h->z, h->next, 0))
		h->next++;
	if (h->next == h->z->extent.nr_frames)
		return false;
	buddy_free(h->z, h->next++, 0);
	return true;
}

static unsigned long reclaim(void *arg, const struct shb_request *r, int order)
{
	struct helper *h = arg;
	int k;

	h->reclaims++;
	for (k = 0; k < h->gives; k++)
		free_next(h);
	return abs(h->gives);
}

static bool kill(void *arg, const struct shb_request *r)
{
	struct helper *h = arg;

	h->kills++;
	return h->may_kill-- > 0 && free_next(h);
}

static bool may_move(void *arg, unsigned long pfn, unsigned int order)
{
	return true;
}

static void moved(void *arg, unsigned long from, unsigned long to, unsigned int order)
{
	((struct helper *)arg)->moves++;
}

static const char *profile_of(struct kunit *test)
{
	return *(const char *const *)test->param_value;
}

/* A zone of 8 pageblocks in use, of which every @hole-th page is free; all of it moves, or nothing. */
static struct helper *build_full(struct kunit *test, u32 hole, bool moves)
{
	struct shape shape = one_zone;
	struct helper *h = kunit_kzalloc(test, sizeof(*h), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, h);
	shape.zones[0].granules = 4;
	h->z = vector_zone_of(test, profile_of(test), &shape);
	for (i = 0; i < SHB_NR_WMARK; i++)
		h->z->marks.watermark[i] = 0;
	memset(h->z->marks.lowmem_reserve, 0, sizeof(h->z->marks.lowmem_reserve));
	while ((i = buddy_take(h->z, 0, SHB_MOVABLE, SHB_ALLOC_KSWAPD)) != SHB_NONE)
		h->z->frames[i].flags = moves ? SHB_FRAME_MOVABLE : 0;
	for (i = 0; hole && i < h->z->extent.nr_frames; i += hole)
		buddy_free(h->z, i, 0);
	return h;
}

static unsigned long ask(struct helper *h, gfp_t gfp, int order)
{
	const struct shb_mover mover = { .may_move = may_move, .moved = moved, .owners = h };
	const struct shb_relief relief = { .mover = &mover, .reclaim = reclaim, .kill = kill, .arg = h };
	const struct shb_request r = { .gfp = gfp, .order = order };

	return shb_alloc_waiting(h->z->state, &r, &relief);
}

static long counted(const struct helper *h, enum shb_state_event event)
{
	return atomic_long_read(&h->z->state->events[event]);
}

/* Where every other page is free nothing large is, until pages move. */
static void a_large_block_is_made(struct kunit *test)
{
	struct helper *h = build_full(test, 2, true);
	unsigned long pfn;

	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, serve(h->z->state, GFP_HIGHUSER_MOVABLE, 6, 0, 0));
	pfn = ask(h, GFP_HIGHUSER_MOVABLE, 6);
	KUNIT_ASSERT_NE(test, SHB_NO_PFN, pfn);
	KUNIT_EXPECT_GT(test, h->moves, 0);
	KUNIT_EXPECT_EQ(test, 1, counted(h, SHB_STALL));
	KUNIT_EXPECT_EQ(test, 1, counted(h, SHB_COMPACT_STALL));
	KUNIT_EXPECT_EQ(test, 1, counted(h, SHB_COMPACT_WON));
	KUNIT_EXPECT_EQ(test, 0, counted(h, SHB_COMPACT_FAIL));
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(h->z->state, pfn, 6, 0, 0));
	check_all(test, h->z->state);
}

/*
 * How often reclaim is asked before a request is let go, when it brings nothing. Single pages, with free
 * ones below the mark: where what is free counts as reclaimable, 16 times more.
 */
struct patience {
	const char	*name;
	gfp_t		gfp;
	int		order;
	int		early, late;		/* up to 6.12, in 7.2 */
};

static const struct patience patience[] = {
	{ "single",		0, 0, 17, 1 },
	{ "single_noretry",	__GFP_NORETRY, 0, 1, 1 },
	{ "single_mayfail",	__GFP_RETRY_MAYFAIL, 0, 17, 1 },
	{ "single_thisnode",	__GFP_THISNODE, 0, 17, 1 },
	{ "small",		0, 3, 1, 1 },
	{ "large",		0, 4, 1, 1 },
	{ "large_mayfail",	__GFP_RETRY_MAYFAIL, 4, 1, 1 },
	{ "large_noretry",	__GFP_NORETRY, 4, 0, 1 },
	{ "large_noretry_thisnode", __GFP_NORETRY | __GFP_THISNODE, 4, 0, 0 },
};

static void patience_has_an_end(struct kunit *test)
{
	const struct patience *p;
	int k;

	for (p = patience; p < patience + ARRAY_SIZE(patience); p++) {
		struct helper *h = build_full(test, 64, false);

		for (k = 0; k < SHB_NR_WMARK; k++)
			h->z->marks.watermark[k] = h->z->buddy.free_pages;
		KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_KERNEL | p->gfp, p->order));
		KUNIT_EXPECT_EQ_MSG(test, since(test, 7002) ? p->late : p->early, h->reclaims, "%s", p->name);
		KUNIT_EXPECT_EQ(test, 1, counted(h, SHB_ALLOC_FAIL));
		KUNIT_EXPECT_EQ(test, 1, counted(h, SHB_NEED_RECLAIM));
	}
}

/* Reclaim that frees pages serves: at once, if one is enough. */
static void what_is_reclaimed_serves(struct kunit *test)
{
	struct helper *h = build_full(test, 0, false);

	h->gives = 1;
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, ask(h, GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, 1, h->reclaims);
	KUNIT_EXPECT_EQ(test, 0, h->kills);
	h->gives = 0;
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM, 0));
	KUNIT_EXPECT_EQ(test, 1, h->reclaims);
}

/*
 * Reclaim says it frees pages, but none arrive, and nothing moves. Each round is a reclaim and a harder
 * compaction: where it may help (1), then, for small blocks, at any price (0). What is large or does not
 * move has compacted once before, in haste (2).
 */
struct ladder {
	const char	*name;
	gfp_t		gfp;
	int		order, reclaims, compactions;
};

static const struct ladder ladders[] = {
	{ "small_movable",	GFP_HIGHUSER_MOVABLE, 3, 2, 2 },
	{ "small",		GFP_KERNEL, 3, 2, 3 },
	{ "small_noretry",	GFP_KERNEL | __GFP_NORETRY, 3, 1, 2 },
	{ "large",		GFP_KERNEL, 9, 1, 2 },
	{ "large_mayfail",	GFP_KERNEL | __GFP_RETRY_MAYFAIL, 9, 1, 2 },
	{ "large_movable_mayfail", GFP_HIGHUSER_MOVABLE | __GFP_RETRY_MAYFAIL, 9, 1, 2 },
};

static void harder_each_time(struct kunit *test)
{
	const struct ladder *l;

	for (l = ladders; l < ladders + ARRAY_SIZE(ladders); l++) {
		struct helper *h = build_full(test, 2, false);

		h->gives = -32;
		KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, l->gfp, l->order));
		KUNIT_EXPECT_EQ_MSG(test, l->reclaims, h->reclaims, "%s", l->name);
		KUNIT_EXPECT_EQ_MSG(test, l->compactions, counted(h, SHB_COMPACT_STALL), "%s", l->name);
		KUNIT_EXPECT_EQ(test, l->compactions, counted(h, SHB_COMPACT_FAIL));
		check_all(test, h->z->state);
	}
}

/* A large block from one node only, and once only: a compaction in haste is all; from others, too, a round more. */
static void one_node_once(struct kunit *test)
{
	struct helper *h = build_full(test, 2, false);

	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_HIGHUSER_MOVABLE | __GFP_THISNODE | __GFP_NORETRY, 9));
	KUNIT_EXPECT_EQ(test, 0, h->reclaims);
	KUNIT_EXPECT_EQ(test, 1, counted(h, SHB_COMPACT_STALL));
	h = build_full(test, 2, false);
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_HIGHUSER_MOVABLE | __GFP_NORETRY, 9));
	KUNIT_EXPECT_EQ(test, 1, h->reclaims);
	KUNIT_EXPECT_EQ(test, 2, counted(h, SHB_COMPACT_STALL));
}

struct killing {
	const char	*name;
	gfp_t		gfp;
	int		order;
	bool		kills;
};

static const struct killing killings[] = {
	{ "single",	0, 0, true },
	{ "small",	0, 3, true },
	{ "large",	0, 4, false },
	{ "noretry",	__GFP_NORETRY, 0, false },
	{ "mayfail",	__GFP_RETRY_MAYFAIL, 0, false },
	{ "thisnode",	__GFP_THISNODE, 0, false },
};

static void who_has_somebody_killed(struct kunit *test)
{
	const struct killing *k;

	for (k = killings; k < killings + ARRAY_SIZE(killings); k++) {
		struct helper *h = build_full(test, 0, false);

		ask(h, GFP_KERNEL | k->gfp, k->order);
		KUNIT_EXPECT_EQ_MSG(test, k->kills, h->kills > 0, "%s", k->name);
	}
}

/* Who goes leaves a page: that is it. */
static void a_death_serves(struct kunit *test)
{
	struct helper *h = build_full(test, 0, false);

	h->may_kill = 1;
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, ask(h, GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, 1, h->kills);
}

/* Who may not fail looks into the reserve, and here gives up when nobody brings anything. */
static void nofail_has_the_reserve(struct kunit *test)
{
	struct helper *h = build_full(test, 64, false);
	int k;

	for (k = 0; k < SHB_NR_WMARK; k++)
		h->z->marks.watermark[k] = h->z->buddy.free_pages + 8;
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_KERNEL, 0));
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, ask(h, GFP_KERNEL | __GFP_NOFAIL, 0));
	h = build_full(test, 0, false);
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_KERNEL | __GFP_NOFAIL, 0));
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_KERNEL | __GFP_NOFAIL | __GFP_NORETRY, 4));
}

/* It ends, whatever else it may not: when nobody brings anything. */
static void nofail_ends(struct kunit *test)
{
	static const gfp_t others[] = {
		0, __GFP_NORETRY, __GFP_THISNODE, __GFP_NORETRY | __GFP_THISNODE, __GFP_RETRY_MAYFAIL,
		__GFP_NOMEMALLOC, __GFP_HIGH,
	};
	int k, order;

	for (order = 0; order <= 9; order += 3)
		for (k = 0; k < ARRAY_SIZE(others); k++) {
			struct helper *h = build_full(test, 0, false);

			KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_KERNEL | __GFP_NOFAIL | others[k], order));
			KUNIT_EXPECT_LE(test, h->reclaims, 2 * (1 + MAX_ROUNDS));
		}
}

/* Where nobody goes, either, who may not fail has no marks left. */
static void nofail_has_no_marks_in_the_end(struct kunit *test)
{
	struct helper *h = build_full(test, 64, false);
	int k;

	for (k = 0; k < SHB_NR_WMARK; k++)
		h->z->marks.watermark[k] = 4 * h->z->buddy.free_pages;
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_KERNEL | __GFP_HIGH, 0));
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, ask(h, GFP_KERNEL | __GFP_NOFAIL, 0));
	KUNIT_EXPECT_EQ(test, 2, h->kills);
}

/* Without anybody who makes room a request that waits gets what one that does not gets. */
static void nobody_helps(struct kunit *test)
{
	struct helper *h = build_full(test, 0, true);
	const struct shb_relief nobody = { };
	const struct shb_request r = { .gfp = GFP_KERNEL, .order = 2 };

	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, shb_alloc_waiting(h->z->state, &r, &nobody));
	KUNIT_EXPECT_EQ(test, 0, counted(h, SHB_COMPACT_STALL));
	buddy_free(h->z, 0, 0);
	buddy_free(h->z, 1, 0);
	buddy_free(h->z, 2, 0);
	buddy_free(h->z, 3, 0);
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, shb_alloc_waiting(h->z->state, &r, &nobody));
}

/* A compaction that was put off is a stall up to 6.12; in 7.2 it is nothing. */
static void put_off_counts_or_not(struct kunit *test)
{
	struct helper *h = build_full(test, 2, true);

	h->z->hints.order_failed = 0;
	h->z->hints.shift = 6;
	KUNIT_EXPECT_EQ(test, SHB_NO_PFN, ask(h, GFP_HIGHUSER_MOVABLE | __GFP_NORETRY, 9));
	KUNIT_EXPECT_EQ(test, since(test, 7002) ? 0 : 1, counted(h, SHB_COMPACT_STALL));
	KUNIT_EXPECT_EQ(test, 0, h->moves);
}

static struct kunit_case slowpath_cases[] = {
	KUNIT_CASE_PARAM(a_large_block_is_made, modern_gen_params),
	KUNIT_CASE_PARAM(patience_has_an_end, modern_gen_params),
	KUNIT_CASE_PARAM(what_is_reclaimed_serves, modern_gen_params),
	KUNIT_CASE_PARAM(harder_each_time, modern_gen_params),
	KUNIT_CASE_PARAM(one_node_once, modern_gen_params),
	KUNIT_CASE_PARAM(who_has_somebody_killed, modern_gen_params),
	KUNIT_CASE_PARAM(a_death_serves, modern_gen_params),
	KUNIT_CASE_PARAM(nofail_has_the_reserve, modern_gen_params),
	KUNIT_CASE_PARAM(nofail_ends, modern_gen_params),
	KUNIT_CASE_PARAM(nofail_has_no_marks_in_the_end, modern_gen_params),
	KUNIT_CASE_PARAM(nobody_helps, modern_gen_params),
	KUNIT_CASE_PARAM(put_off_counts_or_not, modern_gen_params),
	{}
};

struct kunit_suite slowpath_suite = {
	.name = "shadowbuddy_slowpath",
	.test_cases = slowpath_cases,
};
