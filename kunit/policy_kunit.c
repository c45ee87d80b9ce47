// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_policy: a user's rules are asked, their answers looked at, and a state can come
 * to live by others. The rules here say what a test tells them to; the hostile ones say anything.
 */
#include "fixture.h"
#include "become.h"
#include "own.h"
#include "policy.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

/* What the rules answer, and have been asked. */
static struct {
	u32 pick, block;
	enum shb_policy_fallback fallback;
	enum shb_policy_place place;
	bool merge;
	int high, refill, excess, nid;
	int asked, attempts;
	u64 seed;
} says;

static u32 say_pick(struct shb_zone *z, int order, int type, int cpu)
{
	says.asked++;
	return says.pick;
}

static bool say_merge(struct shb_zone *z, u32 block, int order)
{
	return says.merge;
}

static enum shb_policy_place say_place(struct shb_zone *z, u32 block, int order, int type)
{
	return says.place;
}

static enum shb_policy_fallback say_fallback(struct shb_zone *z, const struct shb_policy_search *q,
					     u32 *block)
{
	says.asked++;
	says.attempts = q->attempt;
	*block = says.block;
	return says.fallback;
}

static int say_high(const struct shb_zone *z, int base)
{
	return says.high;
}

static int say_refill(const struct shb_zone *z, int cpu, int order, int base)
{
	return says.refill;
}

static int say_excess(const struct shb_zone *z, int cpu, int base)
{
	return says.excess;
}

/* The node that was said before all others. */
static int say_first(const struct shb_zone *z, const struct shb_policy_request *q)
{
	return shb_policy_nid(z) != says.nid;
}

static void forget(void *p)
{
	shb_policy_unregister(p);
}

/* A policy lives longer than the states of its test. */
static void add(struct kunit *test, const struct shb_policy *rules, const char *base)
{
	struct shb_policy *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	*p = *rules;
	p->name = "mine";
	p->base = base;
	KUNIT_ASSERT_EQ(test, 0, shb_policy_add(p, NULL));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, forget, p));
	memset(&says, 0, sizeof(says));
	says.pick = SHB_POLICY_NONE;
}

static struct shb_zone *zone_with(struct kunit *test, const struct shb_policy *p, const char *base)
{
	add(test, p, base);
	return vector_zone_of(test, "mine", &one_zone);
}

static long answers(const struct shb_zone *z, enum shb_question q, enum shb_answer a)
{
	return atomic_long_read(&z->state->answers[q][a]);
}

static const char *base(struct kunit *test)
{
	return *(const char *const *)test->param_value;
}

/* --- blocks ----------------------------------------------------------------------------------------- */

/* | granule 0 | 1 | 2 | 3 |: a list gives 0; the policy gives 2, low part first. */
static void a_picked_block_is_taken(struct kunit *test)
{
	struct shb_policy p = { .pick = say_pick };
	struct shb_zone *z = zone_with(test, &p, base(test));

	says.pick = 2048;
	KUNIT_EXPECT_EQ(test, 2048, buddy_take(z, 3, SHB_MOVABLE, 0));
	says.pick = 2056;
	KUNIT_EXPECT_EQ(test, 2056, buddy_take(z, 0, SHB_MOVABLE, 0));
	says.pick = SHB_POLICY_NONE;
	KUNIT_EXPECT_EQ(test, 2057, buddy_take(z, 0, SHB_MOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 2, answers(z, SHB_ASK_PICK, SHB_ANSWER_OWN));
	KUNIT_EXPECT_EQ(test, 1, answers(z, SHB_ASK_PICK, SHB_ANSWER_BASE));
	KUNIT_EXPECT_EQ(test, 0, answers(z, SHB_ASK_PICK, SHB_ANSWER_REFUSED));
	check_all(test, z->state);
}

struct bad_row { const char *name; u32 pick; int order; };

/* Frame 0 is in use, 1 is free, 2 begins a free block of order 1, granule 1 is free. */
static const struct bad_row bad_rows[] = {
	{ "in_use", 0, 0 }, { "inside_a_block", 3, 0 }, { "too_small", 2, 2 }, { "beyond_the_zone", 4096, 0 },
	{ "far_beyond", 0xfffffffe, 0 }, { "of_another_type", 3072, 0 },
};

static void bad_name(const struct bad_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(bad, bad_rows, bad_name);

static void a_block_that_cannot_be_is_refused(struct kunit *test)
{
	const struct bad_row *row = test->param_value;
	struct shb_policy p = { .pick = say_pick };
	struct shb_zone *z = zone_with(test, &p, "linux-6.12");
	unsigned long irq;
	u32 want;

	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_set_types(z, 3072, SHB_MAX_ORDER, SHB_UNMOVABLE);
	shb_zone_move(z, 3072, SHB_UNMOVABLE);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	KUNIT_ASSERT_EQ(test, 0, buddy_take(z, 0, SHB_MOVABLE, 0));
	want = 1U << row->order;
	says.pick = row->pick;
	KUNIT_EXPECT_EQ(test, want == 1 ? 1 : 4, buddy_take(z, row->order, SHB_MOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 1, answers(z, SHB_ASK_PICK, SHB_ANSWER_REFUSED));
	KUNIT_EXPECT_EQ(test, 1, atomic_long_read(&z->state->events[SHB_BAD_PROPOSAL]));
	check_one(test, z);
}

/* Nothing of the type is free: nothing can be picked. */
static void an_empty_type_is_not_asked_for(struct kunit *test)
{
	struct shb_policy p = { .pick = say_pick };
	struct shb_zone *z = zone_with(test, &p, "linux-6.12");

	KUNIT_EXPECT_EQ(test, 0, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 0, says.asked);
	KUNIT_EXPECT_EQ(test, 1, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 1, says.asked);
}

/* | 0 | 1 | both come back and stay two. */
static void buddies_stay_apart_where_a_policy_wants_it(struct kunit *test)
{
	struct shb_policy p = { .merge = say_merge };
	struct shb_zone *z = zone_with(test, &p, base(test));
	u32 a = buddy_take(z, 0, SHB_MOVABLE, 0), b = buddy_take(z, 0, SHB_MOVABLE, 0);

	KUNIT_ASSERT_EQ(test, a + 1, b);
	buddy_free(z, a, 0);
	buddy_free(z, b, 0);
	KUNIT_EXPECT_EQ(test, 2, z->buddy.blocks[SHB_MOVABLE][0]);
	KUNIT_EXPECT_EQ(test, 1, answers(z, SHB_ASK_MERGE, SHB_ANSWER_OWN));
	check_all(test, z->state);
	says.merge = true;
	a = buddy_take(z, 0, SHB_MOVABLE, 0);
	buddy_free(z, a, 0);
	KUNIT_EXPECT_EQ(test, 4, z->buddy.blocks[SHB_MOVABLE][SHB_MAX_ORDER]);
	check_all(test, z->state);
}

struct place_row { const char *name; enum shb_policy_place says; u32 next; long refused; };

/* Frames 0, 2 and 4 came back, in that order; the last to come to the head goes first. */
static const struct place_row place_rows[] = {
	{ "anywhere", SHB_POLICY_ANYWHERE, 4, 0 }, { "head", SHB_POLICY_HEAD, 4, 0 },
	{ "tail", SHB_POLICY_TAIL, 0, 0 }, { "no_place", 17, 4, 3 },
};

static void place_name(const struct place_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(place, place_rows, place_name);

static void a_block_goes_where_a_policy_wants_it(struct kunit *test)
{
	const struct place_row *row = test->param_value;
	struct shb_policy p = { .place = say_place };
	struct shb_zone *z = zone_with(test, &p, "linux-6.12");
	u32 k;

	for (k = 0; k < 8; k++)
		KUNIT_ASSERT_EQ(test, k, buddy_take(z, 0, SHB_MOVABLE, 0));
	says.place = row->says;
	for (k = 0; k < 6; k += 2)
		buddy_free(z, k, 0);
	KUNIT_EXPECT_EQ(test, row->next, buddy_take(z, 0, SHB_MOVABLE, 0));
	KUNIT_EXPECT_EQ(test, row->refused, answers(z, SHB_ASK_PLACE, SHB_ANSWER_REFUSED));
	check_one(test, z);
}

/* --- other types -------------------------------------------------------------------------------------- */

/* All Movable; an Unmovable request claims the two pageblocks of granule 3. */
static void a_claim_takes_the_pageblocks(struct kunit *test)
{
	struct shb_policy p = { .fallback = say_fallback };
	struct shb_zone *z = zone_with(test, &p, base(test));

	says.fallback = SHB_POLICY_CLAIM;
	says.block = 3072;
	KUNIT_EXPECT_EQ(test, 3072, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, SHB_UNMOVABLE, z->pageblocks[6]);
	KUNIT_EXPECT_EQ(test, SHB_UNMOVABLE, z->pageblocks[7]);
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE, z->pageblocks[5]);
	check_all(test, z->state);
}

static void a_steal_takes_the_block_alone(struct kunit *test)
{
	struct shb_policy p = { .fallback = say_fallback };
	struct shb_zone *z = zone_with(test, &p, base(test));

	says.fallback = SHB_POLICY_STEAL;
	says.block = 1024;
	KUNIT_EXPECT_EQ(test, 1024, buddy_take(z, 2, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE, z->pageblocks[2]);
	KUNIT_EXPECT_EQ(test, 0, z->buddy.pages[SHB_UNMOVABLE]);
	check_all(test, z->state);
}

static void a_policy_may_let_a_request_fail(struct kunit *test)
{
	struct shb_policy p = { .fallback = say_fallback };
	struct shb_zone *z = zone_with(test, &p, base(test));

	says.fallback = SHB_POLICY_FAIL;
	KUNIT_EXPECT_EQ(test, SHB_NONE, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 1, says.asked);
	check_all(test, z->state);
}

/* What it says last is what is done; then the base's own choice, the first granule. */
static void the_base_decides_for_a_bad_fallback(struct kunit *test)
{
	struct shb_policy p = { .fallback = say_fallback };
	struct shb_zone *z = zone_with(test, &p, base(test));

	says.fallback = SHB_POLICY_CLAIM;
	says.block = 5;
	KUNIT_EXPECT_EQ(test, 0, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 1, says.asked);
	KUNIT_EXPECT_EQ(test, 1, answers(z, SHB_ASK_FALLBACK, SHB_ANSWER_REFUSED));
	check_one(test, z);
}

/*
 * | 0: 3 of 4 quarters in use, Movable | a claim for Unmovable comes to nothing: too little is free.
 * It is asked again, until it has been asked often enough.
 */
static void a_claim_that_comes_to_nothing_is_asked_anew(struct kunit *test)
{
	struct shb_policy p = { .fallback = say_fallback };
	struct shb_zone *z = zone_with(test, &p, "linux-6.12");
	u32 k, i;

	for (k = 0; k < 4096 - 128; k++) {
		i = buddy_take(z, 0, SHB_MOVABLE, 0);
		KUNIT_ASSERT_EQ(test, k, i);
		z->frames[i].flags = SHB_FRAME_MOVABLE;
	}
	says.fallback = SHB_POLICY_CLAIM;
	says.block = 4096 - 128;
	KUNIT_EXPECT_EQ(test, 4096 - 128, buddy_take(z, 0, SHB_UNMOVABLE, SHB_ALLOC_KSWAPD));
	KUNIT_EXPECT_EQ(test, SHB_OWN_ATTEMPTS, says.asked);
	KUNIT_EXPECT_EQ(test, SHB_OWN_ATTEMPTS - 1, says.attempts);
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE, z->pageblocks[7]);
	KUNIT_EXPECT_EQ(test, 0, answers(z, SHB_ASK_FALLBACK, SHB_ANSWER_REFUSED));
	check_one(test, z);
}

/* Lists of 6.1 and before may hold blocks of reserved pageblocks. */
static void a_reserved_pageblock_is_not_claimed(struct kunit *test)
{
	struct shb_policy p = { .fallback = say_fallback };
	struct shb_zone *z = zone_with(test, &p, "linux-6.1");
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_set_types(z, 1024 + 512, SHB_PAGEBLOCK_ORDER, SHB_HIGHATOMIC);
	z->buddy.reserved = SHB_PAGEBLOCK_PAGES;
	raw_spin_unlock_irqrestore(&z->lock, irq);
	says.fallback = SHB_POLICY_CLAIM;
	says.block = 1024;
	KUNIT_EXPECT_EQ(test, 0, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, SHB_HIGHATOMIC, z->pageblocks[3]);
	KUNIT_EXPECT_EQ(test, 1, answers(z, SHB_ASK_FALLBACK, SHB_ANSWER_REFUSED));
	check_one(test, z);
}

/* --- per-cpu lists and zones --------------------------------------------------------------------------- */

static unsigned long get(struct shb_state *s)
{
	return serve(s, GFP_KERNEL, 0, 0, 0);
}

static void lists_may_be_forbidden(struct kunit *test)
{
	struct shb_policy p = { .high = say_high };
	struct shb_state *s;
	unsigned long pfn;

	add(test, &p, base(test));
	says.high = 0;
	s = build(test, "mine", &big_zone);
	pfn = get(s);
	KUNIT_ASSERT_NE(test, SHB_NO_PFN, pfn);
	shb_give_back(s, pfn, 0, 0, 0, false);
	for (pfn = 0; pfn < 200 && s->zones[0]->pcps[0].count; pfn++)
		shb_give_back(s, get(s), 0, 0, 0, false);
	KUNIT_EXPECT_EQ(test, 0, s->zones[0]->pcps[0].count);
	check_all(test, s);
}

/* 16 more come with the first page; 64 may stay, and 5 go back with the one behind them. */
static void refills_and_trims_are_as_a_policy_says(struct kunit *test)
{
	struct shb_policy p = { .refill = say_refill, .excess = say_excess, .high = say_high };
	unsigned long pfns[65];
	struct shb_state *s;
	struct shb_pcp *pcp;
	int k;

	add(test, &p, base(test));
	says.high = 64;
	s = build(test, "mine", &big_zone);
	pcp = &s->zones[0]->pcps[0];
	says.refill = 17;
	says.excess = -1;
	pfns[0] = get(s);
	KUNIT_EXPECT_EQ(test, 16, pcp->count);
	for (k = 1; k < 65; k++)
		pfns[k] = get(s);
	shb_drain(s, SHB_EVERY_CPU, NULL);
	for (k = 0; k < 64; k++)
		shb_give_back(s, pfns[k], 0, 0, 0, false);
	KUNIT_EXPECT_EQ(test, 64, pcp->count);
	says.excess = 5;
	shb_give_back(s, pfns[64], 0, 0, 0, false);
	KUNIT_EXPECT_EQ(test, 60, pcp->count);
	check_all(test, s);
	shb_drain(s, SHB_EVERY_CPU, NULL);
	says.refill = 0;
	says.excess = 1000;
	pfns[0] = get(s);
	KUNIT_EXPECT_EQ(test, 1, answers(s->zones[0], SHB_ASK_REFILL, SHB_ANSWER_REFUSED));
	says.high = 0;
	shb_tune_renew(s);
	shb_give_back(s, pfns[0], 0, 0, 0, false);
	KUNIT_EXPECT_EQ(test, 1, answers(s->zones[0], SHB_ASK_EXCESS, SHB_ANSWER_REFUSED));
	check_one(test, s->zones[0]);
}

/* Both nodes have room; node 1 is asked first, then, when it has none left, node 0. */
static void a_policy_says_which_zone_is_first(struct kunit *test)
{
	struct shb_policy p = { .first = say_first };
	struct shb_state *s;
	unsigned long pfn;
	u32 i;

	add(test, &p, base(test));
	s = build(test, "mine", &all_zones);
	says.nid = 1;
	for (;;) {
		pfn = serve(s, GFP_KERNEL, SHB_MAX_ORDER, 0, 0);
		KUNIT_ASSERT_NE(test, SHB_NO_PFN, pfn);
		if (shb_zone_of(s, pfn, &i)->nid != 1)
			break;
		says.asked++;
	}
	KUNIT_EXPECT_GT(test, says.asked, 0);
	KUNIT_EXPECT_EQ(test, 0, shb_zone_of(s, pfn, &i)->nid);
	for (i = 0; s->zones[i]->nid != 1; i++)
		;
	KUNIT_EXPECT_GT(test, s->zones[i]->buddy.free_pages, (long)shb_watermark(s->zones[i], SHB_WMARK_LOW));
	KUNIT_EXPECT_GE(test, answers(s->zones[0], SHB_ASK_FIRST, SHB_ANSWER_OWN), says.asked);
	says.nid = 0;
	pfn = serve(s, GFP_KERNEL | __GFP_THISNODE, 0, 1, 1);
	if (pfn != SHB_NO_PFN)
		KUNIT_EXPECT_EQ(test, 1, shb_zone_of(s, pfn, &i)->nid);
	check_all(test, s);
}

/* --- what rules look at, and rules that say anything ------------------------------------------------------ */

/* What view.c answers, the slow way. */
static u32 count_by_hand(const struct shb_zone *z, u32 first)
{
	u32 i, k, nr = 0;

	for (i = 0; i < z->extent.nr_frames; i++)
		for (k = i; z->frames[i].state == SHB_FRAME_FREE && k < i + (1U << z->frames[i].order); k++)
			nr += k >= first && k < first + SHB_POLICY_BLOCK_PAGES;
	return nr;
}

static u32 next_by_hand(const struct shb_zone *z, u32 from, u32 end, int order, int type)
{
	u32 i;

	for (i = from; i < end && i < z->extent.nr_frames; i++)
		if (z->frames[i].state == SHB_FRAME_FREE && z->frames[i].order >= order &&
		    z->frames[i].type == type)
			return i;
	return SHB_POLICY_NONE;
}

static void expect_view(struct kunit *test, struct shb_zone *z, u64 *seed)
{
	u32 from = draw(seed, z->extent.nr_frames), end = from + draw(seed, 2048), b;
	int order = draw(seed, 11), type = draw(seed, 3);
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	b = draw(seed, z->extent.nr_frames);
	KUNIT_EXPECT_EQ(test, count_by_hand(z, b & ~511U), shb_policy_block_free(z, b));
	KUNIT_EXPECT_EQ(test, next_by_hand(z, from, end, order, type),
			shb_policy_next(z, from, end, order, type));
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

static u32 any_pick(struct shb_zone *z, int order, int type, int cpu)
{
	u32 i = draw(&says.seed, shb_policy_pages(z) + 64);

	if (draw(&says.seed, 4))
		i = shb_policy_next(z, i, i + 1024, draw(&says.seed, 2) ? order : 0, draw(&says.seed, 3));
	shb_policy_block_free(z, i);
	return i;
}

static bool any_merge(struct shb_zone *z, u32 block, int order)
{
	if (draw(&says.seed, 2))
		shb_policy_block_free(z, block ^ (draw(&says.seed, 2) << draw(&says.seed, 12)));
	return draw(&says.seed, 4);
}

static enum shb_policy_place any_place(struct shb_zone *z, u32 block, int order, int type)
{
	if (draw(&says.seed, 2))
		shb_policy_block_free(z, block ^ (draw(&says.seed, 2) << draw(&says.seed, 12)));
	return draw(&says.seed, 5);
}

static enum shb_policy_fallback any_fallback(struct shb_zone *z, const struct shb_policy_search *q,
					     u32 *block)
{
	*block = any_pick(z, q->order, q->type, q->cpu);
	return draw(&says.seed, 6);
}

static int any_high(const struct shb_zone *z, int base)
{
	return (int)draw(&says.seed, 60) - 10;
}

static int any_refill(const struct shb_zone *z, int cpu, int order, int base)
{
	return (int)draw(&says.seed, 80) - 8;
}

static int any_excess(const struct shb_zone *z, int cpu, int base)
{
	return (int)draw(&says.seed, 80) - 8;
}

static int any_first(const struct shb_zone *z, const struct shb_policy_request *q)
{
	return (int)draw(&says.seed, 7) - 3;
}

#define HELD	400

struct held { unsigned long pfn; int order; };

static void one_step(struct kunit *test, struct shb_state *s, struct held *held, u64 *seed)
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_HIGHUSER_MOVABLE, GFP_ATOMIC, GFP_KERNEL | __GFP_RECLAIMABLE };
	struct held *h = &held[draw(seed, HELD)];
	int cpu = draw(seed, s->topo.nr_cpus);
	struct shb_zone *z;
	unsigned long irq;
	u32 i;

	if (h->pfn != SHB_NO_PFN) {
		KUNIT_ASSERT_EQ(test, SHB_FREE_OK, shb_give_back(s, h->pfn, h->order, cpu, 0, false));
		h->pfn = SHB_NO_PFN;
		return;
	}
	h->order = draw_order(seed);
	h->pfn = serve(s, gfps[draw(seed, 4)], h->order, draw(seed, s->topo.nr_nodes), cpu);
	if (h->pfn == SHB_NO_PFN || draw(seed, 16))
		return;
	z = shb_zone_of(s, h->pfn, &i);
	i = draw(seed, z->extent.nr_frames);
	raw_spin_lock_irqsave(&z->lock, irq);
	if (shb_isolate_pageblock(z, i))
		shb_unisolate_pageblock(z, i);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

static void expect_whole(struct kunit *test, struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		check_one(test, z);
}

/* Whatever rules answer, lists, counts and pages stay whole, and what they see is what there is. */
static void nothing_a_policy_says_does_harm(struct kunit *test)
{
	struct shb_policy p = {
		.pick = any_pick, .merge = any_merge, .place = any_place, .fallback = any_fallback,
		.high = any_high, .refill = any_refill, .excess = any_excess, .first = any_first,
		.zone_bytes = 100,
	};
	struct held *held = kunit_kcalloc(test, HELD, sizeof(*held), GFP_KERNEL);
	u64 seed = start_seed(test, 0);
	struct shb_state *s;
	int k, q;

	KUNIT_ASSERT_NOT_NULL(test, held);
	for (k = 0; k < HELD; k++)
		held[k].pfn = SHB_NO_PFN;
	add(test, &p, base(test));
	says.seed = seed ^ 0x5555;
	s = build(test, "mine", &all_zones);
	for (k = 0; k < 3000; k++) {
		one_step(test, s, held, &seed);
		if (!(k % 256))
			shb_tune_renew(s);
		if (k % 16)
			continue;
		expect_whole(test, s);
		expect_view(test, s->zones[draw(&seed, s->nr_zones)], &seed);
	}
	for (q = 0; q < SHB_NR_QUESTIONS; q++)
		KUNIT_EXPECT_GT(test, atomic_long_read(&s->answers[q][SHB_ANSWER_OWN]), 0);
	for (k = 0; k < HELD; k++)
		if (held[k].pfn != SHB_NO_PFN)
			KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_give_back(s, held[k].pfn, held[k].order, 0, 0, false));
	shb_drain(s, SHB_EVERY_CPU, NULL);
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
}

/* --- who is known ----------------------------------------------------------------------------------------- */

struct wrong_row { const char *what; struct shb_policy p; int err; };

static const struct wrong_row wrong_rows[] = {
	{ "without_a_name", { .base = "linux-6.12", .pick = say_pick }, -EINVAL },
	{ "two_words", { .name = "two words", .base = "linux-6.12", .pick = say_pick }, -EINVAL },
	{ "a_long_name", { .name = "a-name-of-24-characters.", .base = "linux-6.12", .pick = say_pick }, -EINVAL },
	{ "dots", { .name = "..", .base = "linux-6.12", .pick = say_pick }, -EINVAL },
	{ "a_name_that_means_nobody", { .name = "none", .base = "linux-6.12", .pick = say_pick }, -EINVAL },
	{ "no_base", { .name = "mine", .pick = say_pick }, -EINVAL },
	{ "unknown_base", { .name = "mine", .base = "linux-2.4", .pick = say_pick }, -EINVAL },
	{ "no_rule", { .name = "mine", .base = "linux-6.12" }, -EINVAL },
	{ "too_much", { .name = "mine", .base = "linux-6.12", .pick = say_pick, .zone_bytes = 1UL << 30 }, -EINVAL },
	{ "a_release", { .name = "linux-6.12", .base = "linux-6.12", .pick = say_pick }, -EEXIST },
	{ "taken", { .name = "taken", .base = "linux-6.12", .pick = say_pick }, -EEXIST },
};

static void wrong_name(const struct wrong_row *r, char *desc)
{
	strscpy(desc, r->what, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(wrong, wrong_rows, wrong_name);

static void a_policy_without_sense_is_not_registered(struct kunit *test)
{
	const struct wrong_row *row = test->param_value;
	struct shb_policy p = row->p, taken = { .name = "taken", .base = "linux-4.1", .merge = say_merge };

	KUNIT_ASSERT_EQ(test, 0, shb_policy_add(&taken, NULL));
	KUNIT_EXPECT_EQ(test, row->err, shb_policy_add(&p, NULL));
	shb_policy_unregister(&p);
	KUNIT_EXPECT_TRUE(test, shb_profile_is_known("taken"));
	shb_policy_unregister(&taken);
	KUNIT_EXPECT_FALSE(test, shb_profile_is_known("taken"));
}

static void policies_are_found_by_name(struct kunit *test)
{
	struct shb_policy a = { .name = "a", .base = "linux-4.1", .merge = say_merge };
	struct shb_policy b = { .name = "b", .base = "linux-7.2", .pick = say_pick };
	const struct shb_profile *p;
	char name[SHB_POLICY_NAME];

	KUNIT_ASSERT_EQ(test, 0, shb_policy_add(&a, NULL));
	KUNIT_ASSERT_EQ(test, 0, shb_policy_add(&b, NULL));
	p = shb_profile_get("b");
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_PTR_EQ(test, &b, (struct shb_policy *)p->policy);
	KUNIT_EXPECT_STREQ(test, "linux-7.2", p->base->name);
	KUNIT_EXPECT_PTR_EQ(test, p->base->rules.walk, p->rules.walk);
	shb_profile_put(p);
	KUNIT_EXPECT_TRUE(test, shb_profile_own_name(0, name));
	KUNIT_EXPECT_STREQ(test, "a", name);
	KUNIT_EXPECT_FALSE(test, shb_profile_own_name(2, name));
	KUNIT_EXPECT_NULL(test, shb_profile_get("c"));
	shb_policy_unregister(&a);
	shb_policy_unregister(&b);
	KUNIT_EXPECT_FALSE(test, shb_profile_own_name(0, name));
}

static enum shb_policy_fallback no_fallback(struct shb_zone *z, const struct shb_policy_search *q, u32 *block)
{
	return SHB_POLICY_AS_BASE;
}

static int as_base(const struct shb_zone *z, int base)
{
	return base;
}

static int refill_as_base(const struct shb_zone *z, int cpu, int order, int base)
{
	return base;
}

static int excess_as_base(const struct shb_zone *z, int cpu, int base)
{
	return base;
}

static int all_alike(const struct shb_zone *z, const struct shb_policy_request *q)
{
	return 7;
}

/* --- another profile from here on -------------------------------------------------------------------------- */

static void use(struct kunit *test, struct shb_state *s, u64 seed)
{
	struct held *held = kunit_kcalloc(test, HELD, sizeof(*held), GFP_KERNEL);
	int k;

	KUNIT_ASSERT_NOT_NULL(test, held);
	for (k = 0; k < HELD; k++)
		held[k].pfn = SHB_NO_PFN;
	for (k = 0; k < 500; k++)
		one_step(test, s, held, &seed);
	for (k = 0; k < HELD; k++)
		if (held[k].pfn != SHB_NO_PFN)
			shb_give_back(s, held[k].pfn, held[k].order, 0, 0, false);
}

#define STEPS	1000

/* Both decide the same from here on: each page that one gets the other gets, too. */
static void expect_alike(struct kunit *test, struct shb_state *a, struct shb_state *b, u64 seed)
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_HIGHUSER_MOVABLE, GFP_ATOMIC, GFP_KERNEL | __GFP_RECLAIMABLE };
	struct held *held = kunit_kcalloc(test, STEPS, sizeof(*held), GFP_KERNEL), one;
	int k, i, nr = 0, nid, cpu;
	unsigned long other;
	gfp_t gfp;

	KUNIT_ASSERT_NOT_NULL(test, held);
	for (k = 0; k < 2 * STEPS; k++) {
		cpu = draw(&seed, a->topo.nr_cpus);
		if (nr && (k >= STEPS || !draw(&seed, 3))) {
			i = draw(&seed, nr);
			one = held[i];
			held[i] = held[--nr];
			shb_give_back(a, one.pfn, one.order, cpu, 0, false);
			shb_give_back(b, one.pfn, one.order, cpu, 0, false);
			continue;
		}
		one.order = draw_order(&seed);
		nid = draw(&seed, a->topo.nr_nodes);
		gfp = gfps[draw(&seed, 4)];
		if (k >= STEPS)
			continue;
		one.pfn = serve(a, gfp, one.order, nid, cpu);
		other = serve(b, gfp, one.order, nid, cpu);
		KUNIT_ASSERT_EQ(test, one.pfn, other);
		if (one.pfn != SHB_NO_PFN)
			held[nr++] = one;
	}
	KUNIT_ASSERT_EQ(test, 0, nr);
	expect_whole(test, a);
}

/* From every release to every other: as one that was built with it. */
static void a_state_becomes_what_another_was_built_as(struct kunit *test)
{
	struct shb_state *s = build(test, base(test), &all_zones);
	u64 seed = start_seed(test, 0);
	int k;

	for (k = 0; k < ARRAY_SIZE(profiles); k++) {
		if (!strcmp(profiles[k], s->profile->name))
			continue;
		use(test, s, seed + k);
		KUNIT_ASSERT_EQ(test, 0, shb_become(s, shb_profile_find(profiles[k])));
		KUNIT_EXPECT_STREQ(test, profiles[k], s->profile->name);
		expect_whole(test, s);
		expect_alike(test, s, build(test, profiles[k], &all_zones), seed + k);
	}
}

/* Who is asked for everything and says what the base says is the base. */
static void a_policy_that_says_nothing_is_its_base(struct kunit *test)
{
	struct shb_policy p = {
		.pick = say_pick, .merge = say_merge, .place = say_place, .fallback = no_fallback,
		.high = as_base, .refill = refill_as_base, .excess = excess_as_base, .first = all_alike,
	};

	add(test, &p, base(test));
	says.merge = true;
	expect_alike(test, build(test, "mine", &all_zones), build(test, base(test), &all_zones), start_seed(test, 0));
	KUNIT_EXPECT_GT(test, says.asked, 0);
}

/* A policy comes, decides, and goes. */
static void a_policy_comes_and_goes(struct kunit *test)
{
	struct shb_policy p = { .pick = say_pick, .high = say_high, .first = say_first };
	const struct shb_profile *p_mine;
	struct shb_state *s;

	add(test, &p, "linux-6.12");
	s = build(test, "linux-7.2", &all_zones);
	use(test, s, 5);
	p_mine = shb_profile_get("mine");
	KUNIT_ASSERT_NOT_NULL(test, p_mine);
	KUNIT_ASSERT_EQ(test, 0, shb_become(s, p_mine));
	shb_profile_put(p_mine);
	KUNIT_EXPECT_EQ(test, 0, s->zones[0]->pcps[0].high_min);
	use(test, s, 6);
	KUNIT_EXPECT_GT(test, says.asked, 0);
	KUNIT_ASSERT_EQ(test, 0, shb_become(s, shb_profile_find("linux-7.2")));
	KUNIT_EXPECT_NULL(test, s->zones[0]->own);
	says.asked = 0;
	expect_alike(test, s, build(test, "linux-7.2", &all_zones), 7);
	KUNIT_EXPECT_EQ(test, 0, says.asked);
}

/* Pages stay out while a policy over the same release comes, decides, and goes. */
static void a_policy_comes_and_goes_under_its_users(struct kunit *test)
{
	struct shb_policy p = { .pick = say_pick, .merge = say_merge, .zone_bytes = 8 };
	struct held *held = kunit_kcalloc(test, HELD, sizeof(*held), GFP_KERNEL);
	const struct shb_profile *mine;
	struct shb_state *s;
	u64 seed = start_seed(test, 0);
	int k, round;

	KUNIT_ASSERT_NOT_NULL(test, held);
	for (k = 0; k < HELD; k++)
		held[k].pfn = SHB_NO_PFN;
	add(test, &p, base(test));
	s = build(test, base(test), &all_zones);
	mine = shb_profile_get("mine");
	KUNIT_ASSERT_NOT_NULL(test, mine);
	for (round = 0; round < 6; round++) {
		for (k = 0; k < 600; k++)
			one_step(test, s, held, &seed);
		KUNIT_ASSERT_EQ(test, 0, shb_become(s, round % 2 ? shb_profile_find(base(test)) : mine));
		KUNIT_EXPECT_EQ(test, round % 2, !s->zones[0]->own);
		check_all(test, s);
	}
	KUNIT_EXPECT_TRUE(test, shb_state_used_pages(s));
	KUNIT_EXPECT_GT(test, says.asked, 0);
	says.asked = 0;
	use(test, s, 1);
	KUNIT_EXPECT_EQ(test, 0, says.asked);
	shb_profile_put(mine);
}

/* In the grace period before the reset somebody takes a page of zone 2: all is as it was. */
static struct { struct shb_state *s; int left; u32 got; } thief;

static int run_beside_a_thief(int cpu, bool or_here, int (*run)(void *arg), void *arg)
{
	if (!thief.left--)
		thief.got = buddy_take(thief.s->zones[2], 0, SHB_MOVABLE, 0);
	return run(arg);
}

static void what_changes_meanwhile_ends_it(struct kunit *test)
{
	struct shb_policy p = { .pick = say_pick, .high = say_high };
	struct shb_host host = shb_host_paper;
	const struct shb_host *paper;
	struct shb_state *s;
	int n, failed = 0;

	add(test, &p, "linux-5.4");
	says.high = 77;
	host.run_on = run_beside_a_thief;
	for (n = 0; n < 12; n++) {
		s = build(test, "mine", &all_zones);
		paper = s->host;
		thief.s = s;
		thief.left = n;
		thief.got = SHB_NONE;
		s->host = &host;
		failed += shb_become(s, shb_profile_find("linux-6.12")) == -EBUSY;
		s->host = paper;
		if (s->profile->policy) {
			KUNIT_EXPECT_EQ(test, 77, s->zones[0]->pcps[0].high_min);
			KUNIT_EXPECT_NOT_NULL(test, s->zones[0]->own);
			KUNIT_EXPECT_PTR_EQ(test, s->profile->rules.pcp, s->zones[1]->rules.pcp);
		} else {
			KUNIT_EXPECT_STREQ(test, "linux-6.12", s->profile->name);
			KUNIT_EXPECT_NULL(test, s->zones[0]->own);
		}
		expect_whole(test, s);
		if (thief.got != SHB_NONE)
			buddy_free(s->zones[2], thief.got, 0);
		use(test, s, n + 1);
		expect_whole(test, s);
	}
	KUNIT_EXPECT_GT(test, failed, 3);
}

/* What decides but for the lists of cpus stays what it is: marks with their boost, turns, places. */
static void a_policy_leaves_the_rest_alone(struct kunit *test)
{
	struct shb_policy p = { .high = say_high };
	struct shb_snapshot before, after;
	static char text[512];
	struct shb_state *s;
	struct shb_zone *z;
	int k, high_min;

	add(test, &p, base(test));
	s = build(test, base(test), &all_zones);
	use(test, s, 3);
	z = s->zones[2];
	z->marks.boost = 512;
	shb_tune_renew_lists(s);
	high_min = z->pcps[0].high_min;
	shb_drain(s, SHB_EVERY_CPU, NULL);
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_init(&before, z->extent.start_pfn, z->extent.nr_frames, 2));
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_init(&after, z->extent.start_pfn, z->extent.nr_frames, 2));
	KUNIT_EXPECT_EQ(test, 0, shb_snapshot_take(z, &before));
	says.high = 40;
	for (k = 0; k < 3; k++) {
		KUNIT_EXPECT_EQ(test, 0, shb_become(s, k % 2 ? shb_profile_find(base(test)) :
						    shb_profile_get("mine")));
		KUNIT_EXPECT_EQ(test, 0, shb_snapshot_take(z, &after));
		KUNIT_EXPECT_EQ(test, k % 2 ? high_min : 40, z->pcps[0].high_min);
		memcpy(after.pcps, before.pcps, 2 * sizeof(*after.pcps));
		KUNIT_EXPECT_EQ_MSG(test, 0, shb_snapshot_diff(&before, &after, text, sizeof(text)), "%s", text);
	}
	shb_snapshot_free(&before);
	shb_snapshot_free(&after);
}

/* The first thing a new policy says is counted; what it is told to keep it keeps. */
static void answers_are_those_of_who_decides(struct kunit *test)
{
	struct shb_policy p = { .pick = say_pick, .high = say_high, .zone_bytes = 8 };
	const struct shb_profile *mine;
	struct shb_state *s;
	unsigned long irq;

	add(test, &p, "linux-6.12");
	mine = shb_profile_get("mine");
	KUNIT_ASSERT_NOT_NULL(test, mine);
	says.high = -1;
	s = build(test, "linux-6.12", &all_zones);
	KUNIT_ASSERT_EQ(test, 0, shb_become(s, mine));
	KUNIT_EXPECT_EQ(test, 2 * s->nr_zones, answers(s->zones[0], SHB_ASK_HIGH, SHB_ANSWER_REFUSED));
	shb_check_state(s, &check_buffer);
	KUNIT_EXPECT_EQ(test, 1, check_buffer.nr);
	raw_spin_lock_irqsave(&s->zones[0]->lock, irq);
	*(u64 *)shb_policy_data(s->zones[0]) = 42;
	raw_spin_unlock_irqrestore(&s->zones[0]->lock, irq);
	KUNIT_EXPECT_EQ(test, 0, shb_become(s, mine));
	raw_spin_lock_irqsave(&s->zones[0]->lock, irq);
	KUNIT_EXPECT_EQ(test, 42, *(u64 *)shb_policy_data(s->zones[0]));
	raw_spin_unlock_irqrestore(&s->zones[0]->lock, irq);
	KUNIT_EXPECT_EQ(test, 0, shb_become(s, shb_profile_find("linux-6.1")));
	check_all(test, s);
	shb_profile_put(mine);
}

/* Zones without pages, as a model has. */
static void a_model_becomes_another_release(struct kunit *test)
{
	/* Node 1 has no memory: since 6.12 it is not first in its own order. */
	const struct shape shape = { .nodes = 3, .cpus = 3, .distance = 20, .cpuless = -1 };
	const struct paper paper[] = {
		{ 0, SHB_NORMAL, 1000000, 1000000, 1000000, 262144 },
		{ 2, SHB_NORMAL, 1000000, 1000000, 1000000, 2262144 },
	};
	struct shb_topology topo;
	struct shb_state *a, *b;
	int k, n;

	fill_topology(test, &shape, &topo);
	a = build_paper(test, "linux-5.4", &topo, paper, 2, false);
	for (k = 0; k < ARRAY_SIZE(profiles); k++) {
		KUNIT_ASSERT_EQ(test, 0, shb_become(a, shb_profile_find(profiles[k])));
		b = build_paper(test, profiles[k], &topo, paper, 2, false);
		for (n = 0; n < 9; n++)
			KUNIT_EXPECT_EQ(test, b->nodes[n / 3].order[n % 3], a->nodes[n / 3].order[n % 3]);
		KUNIT_EXPECT_EQ(test, b->zones[0]->pcps[0].high, a->zones[0]->pcps[0].high);
		KUNIT_EXPECT_EQ(test, b->zones[0]->pcps[0].high_min, a->zones[0]->pcps[0].high_min);
		KUNIT_EXPECT_EQ(test, b->zones[0]->marks.watermark[SHB_WMARK_LOW], a->zones[0]->marks.watermark[SHB_WMARK_LOW]);
	}
}

/* Lists that may keep a batch, no more and no less, are trimmed all the same. */
static void a_limit_of_a_batch_is_one(struct kunit *test)
{
	struct shb_policy p = { .high = say_high };
	struct shb_state *s;
	unsigned long *pfns = kunit_kcalloc(test, 3000, sizeof(*pfns), GFP_KERNEL);
	int k;

	KUNIT_ASSERT_NOT_NULL(test, pfns);
	add(test, &p, base(test));
	s = build(test, "mine", &big_zone);
	says.high = s->zones[0]->pcps[0].batch;
	shb_tune_renew(s);
	for (k = 0; k < 3000; k++)
		pfns[k] = get(s);
	for (k = 0; k < 3000; k++)
		shb_give_back(s, pfns[k], 0, 0, 0, false);
	KUNIT_EXPECT_LE(test, s->zones[0]->pcps[0].count, 4 * says.high);
	check_all(test, s);
}

static void pages_that_are_out_keep_a_profile(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &all_zones);
	unsigned long pfn = serve(s, GFP_KERNEL, 2, 0, 0);

	KUNIT_EXPECT_EQ(test, -EBUSY, shb_become(s, shb_profile_find("linux-4.1")));
	KUNIT_EXPECT_STREQ(test, "linux-6.12", s->profile->name);
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, serve(s, GFP_KERNEL, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_give_back(s, pfn, 2, 0, 0, false));
	check_all(test, s);
}

static void a_closed_state_serves_nobody(struct kunit *test)
{
	struct shb_state *s = build(test, base(test), &all_zones);
	unsigned long pfn = serve(s, GFP_KERNEL, 0, 0, 0);
	struct shb_request r = { .gfp = GFP_KERNEL };
	int order;

	shb_state_close(s);
	for (order = 0; order <= SHB_MAX_ORDER; order++) {
		KUNIT_EXPECT_EQ(test, SHB_NO_PFN, serve(s, GFP_KERNEL, order, 0, 0));
		KUNIT_EXPECT_EQ(test, SHB_NO_PFN, serve_long(s, GFP_KERNEL, order, 0, 0));
	}
	KUNIT_EXPECT_FALSE(test, shb_request_init(s, &r));
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_give_back(s, pfn, 0, 0, 0, false));
	shb_state_open(s);
	KUNIT_EXPECT_NE(test, SHB_NO_PFN, serve(s, GFP_KERNEL, 0, 0, 0));
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(a_picked_block_is_taken, profile_gen_params),
	KUNIT_CASE_PARAM(a_block_that_cannot_be_is_refused, bad_gen_params),
	KUNIT_CASE(an_empty_type_is_not_asked_for),
	KUNIT_CASE_PARAM(buddies_stay_apart_where_a_policy_wants_it, profile_gen_params),
	KUNIT_CASE_PARAM(a_block_goes_where_a_policy_wants_it, place_gen_params),
	KUNIT_CASE_PARAM(a_claim_takes_the_pageblocks, profile_gen_params),
	KUNIT_CASE_PARAM(a_steal_takes_the_block_alone, profile_gen_params),
	KUNIT_CASE_PARAM(a_policy_may_let_a_request_fail, profile_gen_params),
	KUNIT_CASE_PARAM(the_base_decides_for_a_bad_fallback, profile_gen_params),
	KUNIT_CASE(a_claim_that_comes_to_nothing_is_asked_anew),
	KUNIT_CASE(a_reserved_pageblock_is_not_claimed),
	KUNIT_CASE_PARAM(lists_may_be_forbidden, profile_gen_params),
	KUNIT_CASE_PARAM(refills_and_trims_are_as_a_policy_says, profile_gen_params),
	KUNIT_CASE_PARAM(a_policy_says_which_zone_is_first, profile_gen_params),
	KUNIT_CASE_PARAM(nothing_a_policy_says_does_harm, profile_gen_params),
	KUNIT_CASE_PARAM(a_policy_without_sense_is_not_registered, wrong_gen_params),
	KUNIT_CASE(policies_are_found_by_name),
	KUNIT_CASE_PARAM(a_state_becomes_what_another_was_built_as, profile_gen_params),
	KUNIT_CASE_PARAM(a_policy_that_says_nothing_is_its_base, profile_gen_params),
	KUNIT_CASE(a_policy_comes_and_goes),
	KUNIT_CASE_PARAM(a_policy_comes_and_goes_under_its_users, profile_gen_params),
	KUNIT_CASE(what_changes_meanwhile_ends_it),
	KUNIT_CASE_PARAM(a_policy_leaves_the_rest_alone, profile_gen_params),
	KUNIT_CASE(answers_are_those_of_who_decides),
	KUNIT_CASE(a_model_becomes_another_release),
	KUNIT_CASE_PARAM(a_limit_of_a_batch_is_one, profile_gen_params),
	KUNIT_CASE(pages_that_are_out_keep_a_profile),
	KUNIT_CASE_PARAM(a_closed_state_serves_nobody, profile_gen_params),
	{}
};

struct kunit_suite policy_suite = {
	.name = "shadowbuddy_policy", .test_cases = policy_cases,
};
