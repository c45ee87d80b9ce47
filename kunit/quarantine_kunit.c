// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_quarantine: pages that may not be handed out, on made-up pages whose
 * reference counts and damage the test says.
 */
#include "fixture.h"
#include "pressure/capture.h"
#include "quarantine.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

#define FAKE_FIRST	(16UL << SHB_GRANULE_ORDER)	/* where the fixture's pfns begin */
#define FAKE_PAGES	8192

static int fake_counts[FAKE_PAGES];
static bool fake_poison[FAKE_PAGES];

static int fake_count(unsigned long pfn)
{
	return fake_counts[pfn - FAKE_FIRST];
}

static bool fake_poisoned(unsigned long pfn)
{
	return fake_poison[pfn - FAKE_FIRST];
}

static const struct shb_page_ops fake_pages = { .count = fake_count, .poisoned = fake_poisoned };

static struct shb_state *build_with_pages(struct kunit *test, const char *profile)
{
	struct shb_state *s = build(test, profile, &one_zone);
	int k;

	for (k = 0; k < FAKE_PAGES; k++)
		fake_counts[k] = 1;
	memset(fake_poison, 0, sizeof(fake_poison));
	s->pages = &fake_pages;
	return s;
}

/* What a hotter order on the lists hides from others is drained, too. */
static unsigned long free_after_drain(struct shb_state *s)
{
	shb_drain(s, SHB_EVERY_CPU, NULL);
	return s->zones[0]->buddy.free_pages;
}

struct held_row { int order, page; const char *name; };

static const struct held_row held_rows[] = {
	{ 0, 0, "order0" }, { 2, 0, "order2" }, { 4, 0, "order4" }, { 9, 0, "order9" }, { 10, 0, "order10" },
};

static void held_name(const struct held_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(held, held_rows, held_name);

static void a_referenced_block_waits(struct kunit *test)
{
	const struct held_row *row = test->param_value;
	struct shb_state *s = build_with_pages(test, "linux-6.12");
	struct shb_zone *z = s->zones[0];
	unsigned long pfn = serve(s, GFP_KERNEL, row->order, 0, 0), last = pfn + (1UL << row->order) - 1;

	KUNIT_ASSERT_NE(test, SHB_NO_PFN, pfn);
	fake_counts[pfn - FAKE_FIRST] = 2;
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, pfn, row->order, 0, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_long_read(&s->events[SHB_HELD_FREE]));
	KUNIT_EXPECT_EQ(test, 1UL << row->order, z->quarantine.held);
	KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_free(s, pfn, row->order, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	KUNIT_EXPECT_EQ(test, z->extent.nr_frames - z->quarantine.held, free_after_drain(s));
	/* The first page is let go, another one of the block is not. */
	fake_counts[pfn - FAKE_FIRST] = 1;
	fake_counts[last - FAKE_FIRST] += row->order > 0;
	shb_drain_tick(s);
	KUNIT_EXPECT_EQ(test, row->order ? 1UL << row->order : 0, z->quarantine.held);
	fake_counts[last - FAKE_FIRST] = 1;
	KUNIT_EXPECT_EQ(test, z->extent.nr_frames, free_after_drain(s));
	KUNIT_EXPECT_EQ(test, 0, z->quarantine.held);
	KUNIT_EXPECT_EQ(test, 4, shb_index_blocks(z, 10));
	check_all(test, s);
}

/* A reference that came after the caller looked is seen where a block goes straight to the buddy. */
static void a_late_reference_is_seen(struct kunit *test)
{
	struct shb_state *s = build_with_pages(test, "linux-6.12");
	unsigned long pfn = serve(s, GFP_KERNEL, 5, 0, 0);

	KUNIT_ASSERT_NE(test, SHB_NO_PFN, pfn);
	fake_counts[pfn - FAKE_FIRST] = 2;
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_give_back(s, pfn, 5, 0, 0, false));
	KUNIT_EXPECT_EQ(test, 32, s->zones[0]->quarantine.held);
	fake_counts[pfn - FAKE_FIRST] = 1;
	check_all(test, s);
}

/* Blocks are looked at in turn: one that is still held does not keep the others. */
static void held_blocks_go_as_they_are_let_go(struct kunit *test)
{
	struct shb_state *s = build_with_pages(test, "linux-6.12");
	unsigned long pfns[5];
	int k;

	for (k = 0; k < 5; k++) {
		pfns[k] = serve(s, GFP_KERNEL, 4, 0, 0);
		fake_counts[pfns[k] - FAKE_FIRST] = 2;
	}
	for (k = 0; k < 5; k++)
		shb_free(s, pfns[k], 4, 0, 0);
	for (k = 1; k < 5; k += 2)
		fake_counts[pfns[k] - FAKE_FIRST] = 1;
	shb_drain_tick(s);
	KUNIT_EXPECT_EQ(test, 48, s->zones[0]->quarantine.held);
	check_all(test, s);
	KUNIT_EXPECT_EQ(test, -EBUSY, shb_drain_reset(s));
	for (k = 0; k < 5; k++)
		fake_counts[pfns[k] - FAKE_FIRST] = 1;
	KUNIT_EXPECT_EQ(test, 0, shb_drain_reset(s));
	check_all(test, s);
}

/* A page without any reference has gone to the kernel; the rest of its block has not. */
static void a_page_the_kernel_took_is_lost_alone(struct kunit *test)
{
	struct shb_state *s = build_with_pages(test, "linux-6.12");
	struct shb_zone *z = s->zones[0];
	unsigned long pfn = serve(s, GFP_KERNEL, 4, 0, 0);

	fake_counts[pfn - FAKE_FIRST] = 0;
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, pfn, 4, 0, 0));
	KUNIT_EXPECT_EQ(test, z->extent.nr_frames - 1, free_after_drain(s));
	KUNIT_EXPECT_EQ(test, 1, z->quarantine.lost);
	KUNIT_EXPECT_EQ(test, SHB_FRAME_LOST, shb_block_state(s, pfn));
	KUNIT_EXPECT_EQ(test, SHB_FRAME_FREE, shb_block_state(s, pfn + 1));
	KUNIT_EXPECT_EQ(test, SHB_FREE_DOUBLE, shb_free(s, pfn, 0, 0, 0));
	check_all(test, s);
}

/* Everything is handed out in small pieces. Return: pages obtained. */
static unsigned long exhaust(struct kunit *test, struct shb_state *s, int order, gfp_t gfp,
			     unsigned long bad)
{
	unsigned long pfn, pages = 0;

	while ((pfn = serve(s, gfp | __GFP_MEMALLOC, order, 0, 0)) != SHB_NO_PFN) {
		KUNIT_ASSERT_FALSE(test, pfn <= bad && bad < pfn + (1UL << order));
		pages += 1UL << order;
	}
	return pages;
}

/* Broken pages of free blocks, per-cpu lists and handed-out blocks: nobody gets them again. */
static void poisoned_pages_are_not_handed_out(struct kunit *test)
{
	struct shb_state *s = build_with_pages(test, *(const char *const *)test->param_value);
	struct shb_zone *z = s->zones[0];
	unsigned long used = serve(s, GFP_KERNEL, 2, 0, 0), listed = serve(s, GFP_KERNEL, 0, 0, 0);
	unsigned long pages, free = FAKE_FIRST + 3000;

	fake_poison[used + 1 - FAKE_FIRST] = true;
	fake_poison[listed - FAKE_FIRST] = true;
	fake_poison[free - FAKE_FIRST] = true;
	set_bit(SHB_ZONE_POISONED, &z->flags);
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, used, 2, 0, 0));
	shb_drain(s, SHB_EVERY_CPU, NULL);
	KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(s, listed, 0, 0, 0));
	pages = exhaust(test, s, 0, GFP_KERNEL, listed);
	KUNIT_EXPECT_EQ(test, z->extent.nr_frames - 3, pages);
	KUNIT_EXPECT_EQ(test, 3, z->quarantine.poisoned);
	KUNIT_EXPECT_EQ(test, SHB_FRAME_POISONED, shb_block_state(s, used + 1));
	KUNIT_EXPECT_EQ(test, SHB_FRAME_POISONED, shb_block_state(s, listed));
	KUNIT_EXPECT_EQ(test, SHB_FRAME_POISONED, shb_block_state(s, free));
	check_all(test, s);
}

/* A large block is taken apart around the page, and all that is left of it is used. */
static void a_large_block_loses_only_the_page(struct kunit *test)
{
	struct shb_state *s = build_with_pages(test, *(const char *const *)test->param_value);
	struct shb_zone *z = s->zones[0];
	unsigned long bad = FAKE_FIRST + 1024 + 77;

	fake_poison[bad - FAKE_FIRST] = true;
	set_bit(SHB_ZONE_POISONED, &z->flags);
	KUNIT_EXPECT_EQ(test, 3 * 1024, exhaust(test, s, 10, GFP_KERNEL, bad));
	KUNIT_EXPECT_EQ(test, 1, z->quarantine.poisoned);
	check_all(test, s);
	KUNIT_EXPECT_EQ(test, 512, exhaust(test, s, 9, GFP_KERNEL, bad));
	KUNIT_EXPECT_EQ(test, 511, exhaust(test, s, 0, GFP_KERNEL, bad));
	check_all(test, s);
}

/*
 * A run of compaction waits for a block of two pages, of which one is broken: that is known before the other comes back,
 * or only afterwards.
 */
static void a_captured_block_is_looked_at(struct kunit *test)
{
	int when, left;

	for (when = 0; when < 2; when++) {
		struct shb_state *s = build_with_pages(test, *(const char *const *)test->param_value);
		struct shb_compact *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
		unsigned long pfn = serve(s, GFP_KERNEL, 1, 0, 0);
		struct shb_zone *z = s->zones[0];
		struct shb_capture capture;

		KUNIT_ASSERT_NOT_NULL(test, c);
		KUNIT_ASSERT_EQ(test, 0, shb_split(s, pfn, 1));
		shb_free(s, pfn, 0, 0, 0);
		shb_drain(s, SHB_EVERY_CPU, NULL);
		*c = (struct shb_compact){ .z = z, .goal = { .order = 1, .type = SHB_UNMOVABLE } };
		shb_capture_begin(c, &capture, 1);
		fake_poison[pfn - FAKE_FIRST] = true;
		if (when == 0)
			set_bit(SHB_ZONE_POISONED, &z->flags);
		left = 0;
		shb_capture_pin(c);
		shb_free(s, pfn + 1, 0, 0, 0);
		shb_drain_round(z, 0, &left);
		shb_capture_unpin(c);
		set_bit(SHB_ZONE_POISONED, &z->flags);
		KUNIT_EXPECT_EQ(test, SHB_NO_PFN, shb_capture_end(z, &capture));
		KUNIT_EXPECT_NE(test, SHB_FRAME_STAGED, z->frames[pfn - FAKE_FIRST].state);
		check_all(test, s);
		fake_poison[pfn - FAKE_FIRST] = false;
	}
}

static struct kunit_case quarantine_cases[] = {
	KUNIT_CASE_PARAM(a_captured_block_is_looked_at, profile_gen_params),
	KUNIT_CASE_PARAM(a_referenced_block_waits, held_gen_params),
	KUNIT_CASE(a_late_reference_is_seen),
	KUNIT_CASE(held_blocks_go_as_they_are_let_go),
	KUNIT_CASE(a_page_the_kernel_took_is_lost_alone),
	KUNIT_CASE_PARAM(poisoned_pages_are_not_handed_out, profile_gen_params),
	KUNIT_CASE_PARAM(a_large_block_loses_only_the_page, profile_gen_params),
	{}
};

struct kunit_suite quarantine_suite = {
	.name = "shadowbuddy_quarantine", .test_cases = quarantine_cases,
};
