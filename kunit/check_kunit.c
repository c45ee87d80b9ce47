// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_check: the invariant check must be able to say no. Each row plants one
 * contradiction in a sound zone and names the words the finding must have.
 */
#include "fixture.h"
#include "owners.h"

/* Free blocks of order 0, 1, 2, .. and, behind them, handed out ones; a pcp with pages. */
static struct shb_zone *lived_in(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_zone *z = s->zones[0];

	KUNIT_ASSERT_EQ(test, 0, buddy_take(z, 0, SHB_MOVABLE, 0));
	KUNIT_ASSERT_EQ(test, SHB_FREE_OK, shb_free(s, serve(s, GFP_KERNEL, 0, 0, 0), 0, 0, 0));
	KUNIT_ASSERT_GT(test, z->pcps[0].count, 0);
	check_one(test, z);
	return z;
}

static void bad_prev(struct shb_zone *z)
{
	z->frames[2].prev = 77;
}

static void bad_alignment(struct shb_zone *z)
{
	struct shb_frame *f = &z->frames[z->roots + SHB_MOVABLE * SHB_TYPE_ROOTS + 3];

	f->next = 9;	/* the frames inside the block of order 3 at 8 */
	z->frames[9] = z->frames[8];
}

static void bad_block_type(struct shb_zone *z)
{
	z->pageblocks[0] = SHB_RECLAIMABLE;
}

static void bad_length(struct shb_zone *z)
{
	z->buddy.blocks[SHB_MOVABLE][2]++;
}

static void bad_bitmap(struct shb_zone *z)
{
	z->buddy.orders[SHB_MOVABLE] &= ~BIT(2);
}

static void leads_astray(struct shb_zone *z)
{
	z->frames[2].next = z->roots + 5 * SHB_TYPE_ROOTS;
}

static void bad_inside(struct shb_zone *z)
{
	z->frames[5].state = SHB_FRAME_USED;
}

static void bad_buddies(struct shb_zone *z)
{
	z->frames[0].state = SHB_FRAME_FREE;
}

static void bad_free_pages(struct shb_zone *z)
{
	z->buddy.free_pages++;
}

static void bad_pages_of_type(struct shb_zone *z)
{
	z->buddy.pages[SHB_MOVABLE]++;
}

static void bad_big_pages(struct shb_zone *z)
{
	z->buddy.big_pages++;
}

static void bad_reserve(struct shb_zone *z)
{
	z->pageblocks[7] = SHB_HIGHATOMIC;
}

static void bad_pcp_block(struct shb_zone *z)
{
	struct shb_pcp *pcp = &z->pcps[0];

	z->frames[z->frames[pcp->roots].next].state = SHB_FRAME_USED;
}

static void bad_pcp_length(struct shb_zone *z)
{
	z->pcps[0].nr[0]++;
}

static void bad_pcp_count(struct shb_zone *z)
{
	z->pcps[0].count++;
}

struct plant_row { void (*plant)(struct shb_zone *z); const char *name, *says; };

static const struct plant_row plant_rows[] = {
	{ bad_prev, "prev", "prev is 77" }, { bad_alignment, "alignment", "is not aligned" },
	{ bad_block_type, "pageblock_type", "in a pageblock of type 2" },
	{ bad_length, "length", "blocks, counted" }, { bad_bitmap, "bitmap", "bitmap of type 1" },
	{ leads_astray, "astray", "leads out of the zone" }, { bad_inside, "inside", "inside the block" },
	{ bad_buddies, "buddies", "both buddies are free" },
	{ bad_free_pages, "free_pages", "free pages: lists" },
	{ bad_pages_of_type, "pages_of_type", "type 1: lists hold" },
	{ bad_big_pages, "big_pages", "pages in big blocks" },
	{ bad_reserve, "reserve", "highatomic pageblocks hold" },
	{ bad_pcp_block, "pcp_block", "does not belong here" },
	{ bad_pcp_length, "pcp_length", "blocks, counted" },
	{ bad_pcp_count, "pcp_count", "cpu 0: lists hold" },
};

static void plant_name(const struct plant_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(plant, plant_rows, plant_name);

static void a_planted_contradiction_is_found(struct kunit *test)
{
	const struct plant_row *row = test->param_value;
	struct shb_zone *z = lived_in(test);
	bool found = false;
	int k;

	row->plant(z);
	check_buffer.nr = 0;
	shb_check_zone(z, &check_buffer);
	shb_check_pcp(z, 0, &check_buffer);
	shb_check_pcp_totals(z, &check_buffer);
	for (k = 0; k < min(check_buffer.nr, SHB_CHECK_LINES); k++)
		found |= !!strstr(check_buffer.text[k], row->says);
	KUNIT_EXPECT_TRUE(test, found);
}

/* More findings than there is room for: the first are kept, all are counted. */
static void findings_are_counted_beyond_their_room(struct kunit *test)
{
	struct shb_zone *z = lived_in(test);
	u32 i;

	for (i = 513; i < 513 + 2 * SHB_CHECK_LINES; i++)
		z->frames[i].state = SHB_FRAME_USED;
	check_buffer.nr = 0;
	shb_check_zone(z, &check_buffer);
	KUNIT_EXPECT_GE(test, check_buffer.nr, 2 * SHB_CHECK_LINES);
}

/* --- proposals ----------------------------------------------------------------------------------- */

struct bad_proposal { u32 block; const char *name; };

/* The zone's only free blocks are Movable: at 1024 (order 10), and a used one at 0. */
static const struct bad_proposal bad_proposals[] = {
	{ 0, "in_use" }, { 1025, "inside" }, { 4096, "behind_the_zone" }, { ~0U, "no_frame" },
};

static void bad_proposal_name(const struct bad_proposal *p, char *desc)
{
	strscpy(desc, p->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(bad_proposal, bad_proposals, bad_proposal_name);

static u32 proposed;

static bool propose(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p)
{
	*p = (struct shb_proposal){ .block = proposed, .act = SHB_STEAL };
	return true;
}

/* Whatever a rule says, the zone stays whole; the mistake is counted and told. */
static void a_proposal_that_can_not_be_is_refused(struct kunit *test)
{
	const struct bad_proposal *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_zone *z = s->zones[0];
	struct shb_buddy_rules rules = *z->rules.buddy;

	KUNIT_ASSERT_EQ(test, 0, buddy_take(z, 10, SHB_MOVABLE, 0));
	rules.propose = propose;
	z->rules.buddy = &rules;
	proposed = row->block;
	KUNIT_EXPECT_EQ(test, SHB_NONE, buddy_take(z, 3, SHB_UNMOVABLE, 0));
	check_one(test, z);
	KUNIT_EXPECT_EQ(test, 1, atomic_long_read(&s->events[SHB_BAD_PROPOSAL]));
	shb_check_state(s, &check_buffer);
	KUNIT_EXPECT_EQ(test, 1, check_buffer.nr);
	KUNIT_EXPECT_NOT_NULL(test, strstr(check_buffer.text[0], "1 proposals could not be"));
	proposed = 1024;
	KUNIT_EXPECT_EQ(test, 1024, buddy_take(z, 3, SHB_UNMOVABLE, 0));
	z->rules.buddy = s->rules.buddy;
}

/* A rule that never runs out of proposals that lead nowhere is stopped. */
static bool propose_claims(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p)
{
	*p = (struct shb_proposal){ .block = proposed, .act = SHB_CLAIM };
	return true;
}

static void a_rule_that_goes_in_circles_is_stopped(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_zone *z = s->zones[0];
	struct shb_buddy_rules rules = *z->rules.buddy;
	u32 i;

	for (i = 0; i < 4; i++)
		KUNIT_ASSERT_NE(test, SHB_NONE, buddy_take(z, 10, SHB_MOVABLE, 0));
	for (i = 0; i < 1024; i += 1024)
		z->frames[i].flags = SHB_FRAME_MOVABLE;
	shb_split(s, shb_pfn_of(z, 0), 10);
	buddy_free(z, 8, 0);
	rules.propose = propose_claims;
	z->rules.buddy = &rules;
	proposed = 8;		/* most of its pageblock is movable and in use: no claim */
	KUNIT_EXPECT_EQ(test, SHB_NONE, buddy_take(z, 0, SHB_UNMOVABLE, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_long_read(&s->events[SHB_BAD_PROPOSAL]));
	z->rules.buddy = s->rules.buddy;
	check_one(test, z);
}

/* --- who has what -------------------------------------------------------------------------------- */

/* More callers than lines of a report: every page is counted all the same. */
static void owners_count_every_page(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	int k;

	KUNIT_EXPECT_EQ(test, 0, shb_owners_report(s));
	KUNIT_EXPECT_NULL(test, shb_owner_address(0));
	for (k = 1; k <= 40; k++)
		KUNIT_ASSERT_NE(test, SHB_NO_PFN, shb_serve(s, (struct shb_request){
			.gfp = GFP_KERNEL, .order = k % 3, .owner = k }, NULL));
	KUNIT_EXPECT_EQ(test, 13 + 2 * 14 + 4 * 13, shb_owners_report(s));
}

static struct kunit_case check_cases[] = {
	KUNIT_CASE_PARAM(a_planted_contradiction_is_found, plant_gen_params),
	KUNIT_CASE(findings_are_counted_beyond_their_room),
	KUNIT_CASE_PARAM(a_proposal_that_can_not_be_is_refused, bad_proposal_gen_params),
	KUNIT_CASE(a_rule_that_goes_in_circles_is_stopped),
	KUNIT_CASE(owners_count_every_page),
	{}
};

struct kunit_suite check_suite = {
	.name = "shadowbuddy_check", .test_cases = check_cases,
};
