// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_compact: pages that move together. Expected values are vectors of kernel code
 * (its scanners alone, marks at 0) and the kernel's rules on drawn layouts; that whole runs are the
 * kernel's, page by page, is for lockstep to say (scenario compact-all).
 */
#include "fixture.h"
#include "place.h"
#include "pressure/capture.h"
#include "pressure/compact.h"
#include "pressure/direct.h"
#include "pressure/fast.h"
#include "pressure/hints.h"
#include "pressure/suitable.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

#define MOVES		4096

/* Owners that say yes, and remember who went where. */
struct owners {
	struct shb_zone	*z;
	u32		from[MOVES], to[MOVES], nr;
	u32		refuses;	/* this frame, or SHB_NONE */
	u32		breaks_after;	/* so many moves the kernel finds broken memory; 0: never */
};

static u32 frame_of(const struct shb_zone *z, unsigned long pfn)
{
	u32 i = 0;

	shb_zone_of(z->state, pfn, &i);
	return i;
}

static bool may_move(void *owners, unsigned long pfn, unsigned int order)
{
	struct owners *o = owners;

	return frame_of(o->z, pfn) != o->refuses;
}

static void moved(void *owners, unsigned long from, unsigned long to, unsigned int order)
{
	struct owners *o = owners;

	if (o->nr < MOVES) {
		o->from[o->nr] = frame_of(o->z, from);
		o->to[o->nr] = frame_of(o->z, to);
	}
	if (++o->nr == o->breaks_after)
		set_bit(SHB_ZONE_POISONED, &o->z->flags);
}

static struct owners *new_owners(struct kunit *test, struct shb_zone *z)
{
	struct owners *o = kunit_kzalloc(test, sizeof(*o), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, o);
	o->z = z;
	o->refuses = SHB_NONE;
	return o;
}

static struct shb_mover mover_of(struct owners *o)
{
	return (struct shb_mover){ .may_move = may_move, .moved = moved, .owners = o };
}

/* A zone of so many pageblocks, all of it in use by movable pages; no mark stands in the way. */
static struct shb_zone *full_zone(struct kunit *test, const char *profile, u32 blocks)
{
	struct shape shape = one_zone;
	struct shb_zone *z;
	u32 i;

	shape.zones[0].granules = blocks / 2;
	z = vector_zone_of(test, profile, &shape);
	z->marks.watermark[SHB_WMARK_MIN] = 0;
	while ((i = buddy_take(z, 0, SHB_MOVABLE, SHB_ALLOC_KSWAPD)) != SHB_NONE)
		z->frames[i].flags = SHB_FRAME_MOVABLE;
	return z;
}

static const char *profile_of(struct kunit *test)
{
	return *(const char *const *)test->param_value;
}

static int compact(struct shb_zone *z, struct owners *o)
{
	const struct shb_mover mover = mover_of(o);

	return shb_compact_node(z->state, z->nid, &mover, 0);
}

static long counted(const struct shb_zone *z, enum shb_state_event event)
{
	return atomic_long_read(&z->state->events[event]);
}

/* --- vectors ----------------------------------------------------------------------------------- */

/* Half of two pageblocks to the free quarter of two others: totals, and the first pair. */
static void sources_from_below_targets_from_above(struct kunit *test)
{
	struct shb_zone *z = full_zone(test, profile_of(test), 4);
	struct owners *o = new_owners(test, z);
	u32 i;

	for (i = 0; i < 4 * SHB_PAGEBLOCK_PAGES; i++)
		if (i < 2 * SHB_PAGEBLOCK_PAGES ? i & 1 : !(i & 3))
			buddy_free(z, i, 0);
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_EXPECT_EQ(test, 575, counted(z, SHB_COMPACT_MIGRATE_SCANNED));
	KUNIT_EXPECT_EQ(test, 1024, counted(z, SHB_COMPACT_FREE_SCANNED));
	KUNIT_EXPECT_EQ(test, 4158 - 4096, o->from[0]);
	KUNIT_EXPECT_EQ(test, (since(test, 6012) ? 5632 : 5756) - 4096, o->to[0]);
	KUNIT_EXPECT_EQ(test, 256, o->nr);
	KUNIT_EXPECT_EQ(test, 256, counted(z, SHB_PGMIGRATE_SUCCESS));
	check_one(test, z);
}

/* What gave nothing makes the next pageblock be looked at with a stride; two pages is all there is. */
static void what_gave_nothing_doubles_the_stride(struct kunit *test)
{
	struct shb_zone *z = full_zone(test, profile_of(test), 6);
	struct owners *o = new_owners(test, z);
	bool later = since(test, 6012);
	u32 i;

	for (i = 0; i < SHB_PAGEBLOCK_PAGES; i += 8)
		buddy_free(z, i, 0);
	for (i = 3 * SHB_PAGEBLOCK_PAGES + 2; i < 4 * SHB_PAGEBLOCK_PAGES; i += 16)
		free_range(z, i, i + 1);
	free_range(z, 4 * SHB_PAGEBLOCK_PAGES, 6 * SHB_PAGEBLOCK_PAGES - 1);
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_EXPECT_EQ(test, 37, counted(z, SHB_COMPACT_MIGRATE_SCANNED));
	KUNIT_EXPECT_EQ(test, 512 + 257 + 512 + 256, counted(z, SHB_COMPACT_FREE_SCANNED));
	KUNIT_EXPECT_EQ(test, 34, counted(z, SHB_COMPACT_ISOLATED));
	KUNIT_ASSERT_EQ(test, 2, o->nr);
	KUNIT_EXPECT_EQ(test, 4132 - 4096, o->from[0]);
	KUNIT_EXPECT_EQ(test, (later ? 5634 : 5635) - 4096, o->to[0]);
	KUNIT_EXPECT_EQ(test, 4131 - 4096, o->from[1]);
	KUNIT_EXPECT_EQ(test, (later ? 5635 : 5634) - 4096, o->to[1]);
	check_one(test, z);
}

/* --- drawn layouts ------------------------------------------------------------------------------ */

#define GROUP	32	/* pages a letter */

/* '#': movable pages, 'X': pages that are not, '.': free. A pageblock is 16 letters and a blank. */
static struct shb_zone *draw_zone(struct kunit *test, const char *profile, const char *picture)
{
	struct shb_zone *z = full_zone(test, profile, (strlen(picture) + 1) / 17);
	u32 from = 0, k;

	for (; *picture; picture++) {
		if (*picture == ' ')
			continue;
		for (k = from; k < from + GROUP; k++) {
			if (*picture == '.')
				buddy_free(z, k, 0);
			else if (*picture == 'X')
				z->frames[k].flags = 0;
		}
		from += GROUP;
	}
	return z;
}

static char letter_of(const struct shb_zone *z, u32 i)
{
	while (z->frames[i].state == SHB_FRAME_INSIDE)
		i &= i - 1;
	if (z->frames[i].state == SHB_FRAME_FREE)
		return '.';
	return z->frames[i].flags & SHB_FRAME_MOVABLE ? '#' : 'X';
}

/* As it was drawn; a group that is not all the same is '?'. */
static void expect_picture(struct kunit *test, struct shb_zone *z, const char *picture)
{
	char text[256], *at = text;
	u32 i, k;

	shb_drain(z->state, SHB_EVERY_CPU, NULL);
	for (i = 0; i < z->extent.nr_frames; i += GROUP) {
		if (i && !(i % SHB_PAGEBLOCK_PAGES))
			*at++ = ' ';
		*at = letter_of(z, i);
		for (k = 1; k < GROUP; k++)
			if (letter_of(z, i + k) != *at)
				*at = '?';
		at++;
	}
	*at = '\0';
	KUNIT_EXPECT_STREQ(test, picture, text);
	check_one(test, z);
}

struct layout {
	const char *name, *before, *after;
};

/* The rest of the third pageblock stays: with all of it collected the scanners have met. */
static const struct layout layouts[] = {
	{ "pages_go_up",
	  "#...#...#...#... ................ ##..##..##..##.. #.#.#.#.#.#.#.#.",
	  "................ ................ .#..##..##..##.. ###########.#.#." },
	{ "what_cannot_move_stays",
	  "#X..#X..#...#... X............... ##..##..##..##.. #.#.#.#.#.#.#.#.",
	  ".X...X.......... X............... .#..##..##..##.. ###########.#.#." },
	{ "a_full_zone_stays",
	  "################ ################ ################ ################",
	  "################ ################ ################ ################" },
	{ "an_empty_zone_stays",
	  "................ ................ ................ ................",
	  "................ ................ ................ ................" },
};

static void layout_name(const struct layout *l, char *desc)
{
	strscpy(desc, l->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(layout, layouts, layout_name);

static void drawn_layouts(struct kunit *test)
{
	const struct layout *l = test->param_value;
	int p;

	for (p = 0; p < ARRAY_SIZE(modern); p++) {
		struct shb_zone *z = draw_zone(test, modern[p], l->before);

		KUNIT_EXPECT_EQ(test, 0, compact(z, new_owners(test, z)));
		expect_picture(test, z, l->after);
	}
}

/* Free blocks the migrate scanner steps over: their pages count in 6.12 and 7.2, in 6.1 each is one. */
static void what_is_stepped_over_counts(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test),
				       "#X..#X..#X..#X.. XXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXX #.#.#.#.#.#.#.#.");
	const int batch = 32, rest_used = 7 * 32, rest_free = since(test, 6012) ? 8 * 32 : 4;

	KUNIT_EXPECT_EQ(test, 0, compact(z, new_owners(test, z)));
	KUNIT_EXPECT_EQ(test, batch + rest_used + rest_free + 2 * SHB_PAGEBLOCK_PAGES,
			counted(z, SHB_COMPACT_MIGRATE_SCANNED));
}

/* Some of the last batch had no place, because the scanners had met: that is the end, not a failure. */
static void scanners_that_met_are_done(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), layouts[0].before);
	struct owners *o = new_owners(test, z);
	const struct shb_mover mover = mover_of(o);
	struct shb_compact *c = shb_compact_begin(z, &shb_compact_whole_zone, &mover, 0);

	KUNIT_ASSERT_NOT_NULL(test, c);
	while (shb_compact_step(c))
		;
	KUNIT_EXPECT_EQ(test, SHB_COMPACT_COMPLETE, c->result);
	shb_compact_end(c);
	expect_picture(test, z, layouts[0].after);
}

/*
 * The second batch of a pageblock takes all that is left in it. Where the search for the first began
 * in a hole below, 6.1 does not know it again.
 */
static void a_hole_hides_the_first_batch(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test),
				       "################ ########........ ................ #...............");
	struct owners *o = new_owners(test, z);
	const struct shb_mover mover = mover_of(o);
	struct shb_compact *c;
	u32 i;

	for (i = 0; i < SHB_PAGEBLOCK_PAGES; i++)
		z->frames[i].word = 0;
	shb_frame_set(&z->frames[0], SHB_PAGEBLOCK_ORDER, 0, SHB_FRAME_ABSENT);
	z->buddy.absent = SHB_PAGEBLOCK_PAGES;
	buddy_take(z, 0, SHB_MOVABLE, SHB_ALLOC_KSWAPD);
	c = shb_compact_begin(z, &shb_compact_whole_zone, &mover, 0);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_TRUE(test, shb_compact_step(c));
	KUNIT_EXPECT_EQ(test, SHB_PAGEBLOCK_PAGES + 32, c->migrate);
	shb_compact_step(c);
	KUNIT_EXPECT_EQ(test, SHB_PAGEBLOCK_PAGES + (since(test, 6012) ? SHB_PAGEBLOCK_PAGES : 64), c->migrate);
	shb_compact_end(c);
	check_one(test, z);
}

/* --- who may move, and where to ------------------------------------------------------------------ */

#define HALF_EMPTY	"#.#.#.#.#.#.#.#. #.#.#.#.#.#.#.#. #.#.#.#.#.#.#.#. #.#.#.#.#.#.#.#."

static void only_movable_pageblocks_take_pages(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
	struct owners *o = new_owners(test, z);
	u32 k;

	z->pageblocks[3] = SHB_UNMOVABLE;
	z->pageblocks[2] = SHB_RECLAIMABLE;
	compact(z, o);
	KUNIT_EXPECT_GT(test, o->nr, 0);
	for (k = 0; k < o->nr; k++)
		KUNIT_EXPECT_EQ(test, 1, o->to[k] / SHB_PAGEBLOCK_PAGES);
}

static void an_owner_may_refuse(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
	struct owners *o = new_owners(test, z);

	o->refuses = 5;
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_EXPECT_GT(test, o->nr, 0);
	KUNIT_EXPECT_TRUE(test, shb_is_used_block(z, 5, 0));
	KUNIT_EXPECT_EQ(test, SHB_FRAME_MOVABLE, z->frames[5].flags);
	check_one(test, z);
}

/* Blocks of several pages are moved as one in 6.12 and 7.2, to places of their size. */
static void blocks_of_several_pages(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test),
				       "................ ................ XXXXXXXXXXXXXXXX #.#.#.#.#.#.#.#.");
	struct owners *o = new_owners(test, z);
	const u32 i = 16;
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	KUNIT_EXPECT_TRUE(test, shb_place_take(z, i, 3));
	raw_spin_unlock_irqrestore(&z->lock, irq);
	z->frames[i].flags = SHB_FRAME_MOVABLE;
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_EXPECT_EQ(test, since(test, 6012) ? 1 : 0, o->nr);
	if (o->nr) {
		KUNIT_EXPECT_EQ(test, i, o->from[0]);
		KUNIT_EXPECT_TRUE(test, shb_is_used_block(z, o->to[0], 3));
		KUNIT_EXPECT_EQ(test, 8, counted(z, SHB_PGMIGRATE_SUCCESS));
	}
	check_one(test, z);
}

/* Whoever takes half of a pageblock as targets sends what else is free in it to the tails of its lists. */
static void half_of_a_pageblock_moves_the_rest(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test),
				       "XXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXX ........XXXXXXXX");
	const u32 below = 2 * SHB_PAGEBLOCK_PAGES + 100, inside = 3 * SHB_PAGEBLOCK_PAGES + 300;
	struct owners *o = new_owners(test, z);

	z->frames[7].flags = SHB_FRAME_MOVABLE;
	buddy_free(z, below, 0);
	buddy_free(z, inside, 0);
	KUNIT_EXPECT_EQ(test, inside, shb_zone_first(z, 0, SHB_MOVABLE));
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_EXPECT_EQ(test, 1, o->nr);
	if (since(test, 6012))
		KUNIT_EXPECT_EQ(test, inside, z->frames[below].next);
	else
		KUNIT_EXPECT_EQ(test, below, z->frames[inside].next);
	check_one(test, z);
}

/* MIN + 2^order must be left: the run ends, what was collected stays where it is. */
static void marks_end_a_run(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
	struct owners *o = new_owners(test, z);
	const struct shb_mover mover = mover_of(o);
	struct shb_compact *c;

	z->marks.watermark[SHB_WMARK_MIN] = z->buddy.free_pages;
	c = shb_compact_begin(z, &shb_compact_whole_zone, &mover, 0);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_FALSE(test, shb_compact_step(c));
	KUNIT_EXPECT_EQ(test, SHB_COMPACT_CONTENDED, c->result);
	shb_compact_end(c);
	KUNIT_EXPECT_EQ(test, 0, o->nr);
	expect_picture(test, z, HALF_EMPTY);
}

static void broken_pages_end_a_run(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
	struct owners *o = new_owners(test, z);

	set_bit(SHB_ZONE_POISONED, &z->flags);
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_EXPECT_EQ(test, 0, o->nr);
	expect_picture(test, z, HALF_EMPTY);
}

/* Also in the middle of a batch, with targets left over: none of them is used any more. */
static void memory_that_breaks_ends_a_run(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
	struct owners *o = new_owners(test, z);
	long free = z->buddy.free_pages;
	u32 i, movable = 0;

	o->breaks_after = 5;
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_EXPECT_EQ(test, 5, o->nr);
	for (i = 0; i < z->extent.nr_frames; i++)
		movable += shb_is_used_block(z, i, 0) && z->frames[i].flags == SHB_FRAME_MOVABLE;
	KUNIT_EXPECT_EQ(test, z->extent.nr_frames / 2, movable);
	clear_bit(SHB_ZONE_POISONED, &z->flags);
	shb_drain(z->state, SHB_EVERY_CPU, NULL);
	KUNIT_EXPECT_EQ(test, free, z->buddy.free_pages);
	check_all(test, z->state);
}

/* A target in the making is nobody's: a free of it is refused. */
static void a_staged_page_cannot_be_freed(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test),
				       "#............... ................ ................ ##......########");
	struct owners *o = new_owners(test, z);
	const struct shb_mover mover = mover_of(o);
	struct shb_compact *c = shb_compact_begin(z, &shb_compact_whole_zone, &mover, 0);
	u32 i, staged = 0;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_TRUE(test, shb_compact_step(c));
	for (i = 0; i < z->extent.nr_frames; i++) {
		if (z->frames[i].state != SHB_FRAME_STAGED)
			continue;
		staged++;
		KUNIT_EXPECT_NE(test, SHB_FREE_OK, shb_free(z->state, shb_pfn_of(z, i),
							     z->frames[i].order, 0, 0));
	}
	KUNIT_EXPECT_GT(test, staged, 0);
	check_one(test, z);
	while (shb_compact_step(c))
		;
	shb_compact_end(c);
	shb_drain(z->state, SHB_EVERY_CPU, NULL);
	check_all(test, z->state);
}

/* --- bad luck ------------------------------------------------------------------------------------ */

static void *no_memory(size_t bytes, int nid)
{
	return NULL;
}

static bool impatient(void)
{
	return true;
}

static void without_memory_nothing_happens(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
	const struct shb_host *paper = z->state->host;
	struct shb_host host = *paper;
	struct owners *o = new_owners(test, z);

	host.alloc = no_memory;
	z->state->host = &host;
	KUNIT_EXPECT_EQ(test, -ENOMEM, compact(z, o));
	z->state->host = paper;
	expect_picture(test, z, HALF_EMPTY);
}

static void a_signal_ends_it_between_batches(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
	const struct shb_host *paper = z->state->host;
	struct shb_host host = *paper;
	struct owners *o = new_owners(test, z);
	long free = z->buddy.free_pages;

	host.interrupted = impatient;
	z->state->host = &host;
	KUNIT_EXPECT_EQ(test, -EINTR, compact(z, o));
	z->state->host = paper;
	KUNIT_EXPECT_EQ(test, 32, o->nr);
	shb_drain(z->state, SHB_EVERY_CPU, NULL);
	KUNIT_EXPECT_EQ(test, free, z->buddy.free_pages);
	check_all(test, z->state);
}

/* --- random -------------------------------------------------------------------------------------- */

/* Each page has a name; wherever it goes, it is there once, and what was said to move moved. */
static void random_layouts_lose_nothing(struct kunit *test)
{
	u64 seed = start_seed(test, 0);
	struct shb_zone *z = full_zone(test, profile_of(test), 8);
	struct owners *o = new_owners(test, z);
	u32 *name = kunit_kcalloc(test, z->extent.nr_frames, sizeof(*name), GFP_KERNEL), i, k;
	unsigned int chance = draw(&seed, 10), used = 0;

	KUNIT_ASSERT_NOT_NULL(test, name);
	for (i = 0; i < z->extent.nr_frames; i++) {
		if (!(i % SHB_PAGEBLOCK_PAGES))
			chance = draw(&seed, 11);
		if (draw(&seed, 10) < chance)
			buddy_free(z, i, 0);
		else if (!draw(&seed, 20))
			z->frames[i].flags = 0;
	}
	for (i = 0; i < z->extent.nr_frames; i++) {
		name[i] = shb_is_used_block(z, i, 0) ? i + 1 : 0;
		used += !!name[i];
	}
	KUNIT_EXPECT_EQ(test, 0, compact(z, o));
	KUNIT_ASSERT_LE(test, o->nr, MOVES);
	for (k = 0; k < o->nr; k++) {
		KUNIT_ASSERT_NE(test, 0, name[o->from[k]]);
		KUNIT_ASSERT_EQ(test, 0, name[o->to[k]]);
		KUNIT_ASSERT_GT(test, o->to[k], o->from[k]);
		swap(name[o->from[k]], name[o->to[k]]);
	}
	for (i = 0; i < z->extent.nr_frames; i++) {
		KUNIT_ASSERT_EQ(test, !!name[i], shb_is_used_block(z, i, 0));
		used -= !!name[i];
	}
	KUNIT_EXPECT_EQ(test, 0, used);
	shb_drain(z->state, SHB_EVERY_CPU, NULL);
	check_all(test, z->state);
}

/* --- for requests -------------------------------------------------------------------------------- */

/* Which blocks a run may keep, by the order of the request, its type and that of the pageblock. */
struct captured {
	u8	order, type, block_type;
	bool	early, late;		/* in 6.1 and before, since 6.12 */
};

static const struct captured captured_rows[] = {
	{ 1, SHB_MOVABLE, SHB_MOVABLE, false, true },
	{ 1, SHB_UNMOVABLE, SHB_MOVABLE, false, false },
	{ 1, SHB_UNMOVABLE, SHB_UNMOVABLE, true, true },
	{ 1, SHB_UNMOVABLE, SHB_RECLAIMABLE, true, true },
	{ 1, SHB_MOVABLE, SHB_RECLAIMABLE, true, true },
	{ 9, SHB_UNMOVABLE, SHB_MOVABLE, true, true },
	{ 9, SHB_MOVABLE, SHB_CMA, false, false },
};

/* A pageblock in use but for one page, which comes back by @cpu. Return: the block is kept. */
static bool is_kept(struct kunit *test, const char *profile, const struct captured *row, int cpu)
{
	struct shb_zone *z = full_zone(test, profile, 4);
	struct shb_compact *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct shb_capture capture;
	unsigned long irq, pfn;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, c);
	*c = (struct shb_compact){ .z = z, .goal = { .order = row->order, .type = row->type } };
	z->pageblocks[1] = row->block_type;
	for (i = SHB_PAGEBLOCK_PAGES + 1; i < SHB_PAGEBLOCK_PAGES + (1U << row->order); i++) {
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_zone_put(z, i, 0, row->block_type, 0);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	shb_capture_begin(c, &capture, row->order);
	capture.cpu = 0;
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_put_back(z, SHB_PAGEBLOCK_PAGES, 0, row->block_type, 0, cpu);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	pfn = shb_capture_end(z, &capture);
	KUNIT_EXPECT_NULL(test, z->capture);
	KUNIT_EXPECT_EQ(test, pfn == SHB_NO_PFN ? 1L << row->order : 0, z->buddy.free_pages);
	check_one(test, z);
	if (pfn == SHB_NO_PFN)
		return false;
	KUNIT_EXPECT_EQ(test, shb_pfn_of(z, SHB_PAGEBLOCK_PAGES), pfn);
	KUNIT_EXPECT_TRUE(test, shb_is_used_block(z, SHB_PAGEBLOCK_PAGES, row->order));
	return true;
}

static void what_a_run_keeps(struct kunit *test)
{
	const struct captured *row = captured_rows;

	for (; row < captured_rows + ARRAY_SIZE(captured_rows); row++)
		KUNIT_EXPECT_EQ_MSG(test, since(test, 6012) ? row->late : row->early,
				    is_kept(test, profile_of(test), row, 0), "order %d, type %d of %d",
				    row->order, row->type, row->block_type);
}

static void what_others_free_is_not_kept(struct kunit *test)
{
	const struct captured row = { 9, SHB_MOVABLE, SHB_MOVABLE };

	KUNIT_EXPECT_FALSE(test, is_kept(test, profile_of(test), &row, 1));
	KUNIT_EXPECT_FALSE(test, is_kept(test, profile_of(test), &row, SHB_CPU_OF_NOBODY));
}

/* Of 1 << shift runs for an order that failed all but the last are put off; a success ends it. */
static void runs_are_put_off(struct kunit *test)
{
	struct shb_zone *z = full_zone(test, profile_of(test), 4);
	int shift, n, put_off;

	z->hints.order_failed = SHB_MAX_ORDER + 1;
	KUNIT_EXPECT_FALSE(test, shb_defer_is_due(z, 9));
	for (shift = 1; shift <= 8; shift++) {
		shb_defer_more(z, 4);
		for (n = 0, put_off = 0; n < 64 && shb_defer_is_due(z, 9); n++)
			put_off++;
		KUNIT_EXPECT_EQ(test, (1 << min(shift, 6)) - 1, put_off);
		KUNIT_EXPECT_FALSE(test, shb_defer_is_due(z, 3));
		KUNIT_EXPECT_EQ(test, shift >= 6, shb_defer_is_over(z, 4));
	}
	shb_defer_reset(z, 4, false);
	KUNIT_EXPECT_EQ(test, 5, z->hints.order_failed);
	KUNIT_EXPECT_EQ(test, 6, z->hints.shift);
	shb_defer_reset(z, 9, true);
	KUNIT_EXPECT_EQ(test, 10, z->hints.order_failed);
	KUNIT_EXPECT_EQ(test, 0, z->hints.shift);
}

/* compact_gap(), and the marks that free pages must reach besides it. */
static void how_much_must_be_free(struct kunit *test)
{
	struct shb_zone *z = full_zone(test, profile_of(test), 4);
	bool capped = since(test, 7002);
	int order;

	z->marks.watermark[SHB_WMARK_MIN] = 100;
	z->marks.watermark[SHB_WMARK_LOW] = 125;
	memset(z->marks.lowmem_reserve, 0, sizeof(z->marks.lowmem_reserve));
	for (order = 1; order <= SHB_MAX_ORDER; order++) {
		long mark = order > SHB_COSTLY_ORDER ? 125 : 100, gap = 2L << order;

		if (capped)
			gap = min(gap, 32L);
		KUNIT_EXPECT_EQ(test, gap, shb_compact_gap(z, order));
		KUNIT_EXPECT_FALSE(test, shb_suitable_with(z, order, SHB_NORMAL, 0, mark + gap));
		KUNIT_EXPECT_TRUE(test, shb_suitable_with(z, order, SHB_NORMAL, 0, mark + gap + 1));
	}
}

static struct shb_compact_goal goal_for(int order, int type, enum shb_compact_priority prio)
{
	const bool full = prio == SHB_COMPACT_SYNC_FULL;

	return (struct shb_compact_goal){
		.order = order, .type = type, .highest = SHB_NORMAL, .direct = true,
		.mode = prio == SHB_COMPACT_ASYNC ? SHB_MIGRATE_ASYNC : SHB_MIGRATE_SYNC_LIGHT,
		.whole = full, .ignores_hints = full, .ignores_types = full,
	};
}

static struct shb_compact *begin_run(struct kunit *test, struct shb_zone *z, const struct shb_compact_goal *goal,
				     struct owners *o)
{
	struct shb_mover *mover = kunit_kzalloc(test, sizeof(*mover), GFP_KERNEL);
	struct shb_compact *c;

	KUNIT_ASSERT_NOT_NULL(test, mover);
	*mover = mover_of(o);
	c = shb_compact_begin(z, goal, mover, 0);
	KUNIT_ASSERT_NOT_NULL(test, c);
	return c;
}

/*
 * Pageblocks of other types are not for who is in haste; a run that tries harder takes them. Since 7.2
 * a request for a whole pageblock takes any that moves.
 */
static void haste_leaves_other_types_alone(struct kunit *test)
{
	enum shb_compact_priority prio;

	for (prio = SHB_COMPACT_SYNC_FULL; prio <= SHB_COMPACT_ASYNC; prio++) {
		struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY);
		struct owners *o = new_owners(test, z);
		const struct shb_compact_goal goal = goal_for(SHB_MAX_ORDER, SHB_UNMOVABLE, prio);
		struct shb_compact *c = begin_run(test, z, &goal, o);

		while (shb_compact_step(c))
			;
		shb_compact_end(c);
		KUNIT_EXPECT_EQ(test, prio != SHB_COMPACT_ASYNC || since(test, 7002), o->nr > 0);
		check_one(test, z);
	}
}

/* A pageblock of which nothing could be taken is passed over, and so is the one behind it. */
static void vain_pageblocks_are_remembered(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test),
				       "XXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXX #.#.#.#.#.#.#.#. ################ X.X.X.X.X.X.X.X. X.X.X.X.X.X.X.X.");
	const struct shb_compact_goal goal = goal_for(9, SHB_MOVABLE, SHB_COMPACT_SYNC_LIGHT);
	struct shb_compact *c = begin_run(test, z, &goal, new_owners(test, z));

	KUNIT_EXPECT_TRUE(test, shb_compact_step(c));
	KUNIT_EXPECT_EQ(test, SHB_PAGEBLOCK_PAGES, c->migrate);
	KUNIT_EXPECT_TRUE(test, test_bit(0, z->hints.skip));
	KUNIT_EXPECT_FALSE(test, test_bit(1, z->hints.skip));
	KUNIT_EXPECT_EQ(test, 2 * SHB_PAGEBLOCK_PAGES, z->hints.migrate[0]);
	KUNIT_EXPECT_EQ(test, 2 * SHB_PAGEBLOCK_PAGES, z->hints.migrate[1]);
	shb_compact_end(c);
}

static void a_high_order_is_made(struct kunit *test)
{
	struct shb_zone *z = draw_zone(test, profile_of(test), HALF_EMPTY " " HALF_EMPTY);
	struct owners *o = new_owners(test, z);
	const struct shb_mover mover = mover_of(o);
	struct shb_request r = { .gfp = GFP_HIGHUSER_MOVABLE, .order = 9 };
	unsigned long pfn = SHB_NO_PFN;

	KUNIT_ASSERT_TRUE(test, shb_request_init(z->state, &r));
	KUNIT_EXPECT_FALSE(test, shb_suitable_has_block(z, 9, SHB_MOVABLE));
	z->marks.watermark[SHB_WMARK_LOW] = 0;
	down_read(&z->state->becoming);
	KUNIT_EXPECT_EQ(test, SHB_COMPACT_SUCCESS,
			shb_compact_direct(z->state, &r, 9, 0, SHB_COMPACT_SYNC_LIGHT, &mover, &pfn));
	up_read(&z->state->becoming);
	if (pfn != SHB_NO_PFN)
		KUNIT_EXPECT_TRUE(test, shb_is_used_block(z, frame_of(z, pfn), 9));
	else
		KUNIT_EXPECT_TRUE(test, shb_suitable_has_block(z, 9, SHB_MOVABLE));
	KUNIT_EXPECT_GT(test, o->nr, 0);
	check_one(test, z);
}

/* Two free blocks of order 3 at 8 and at 24 of each of four pageblocks; the list begins with the last freed. */
static struct shb_zone *two_blocks_each(struct kunit *test)
{
	struct shb_zone *z = full_zone(test, profile_of(test), 8);
	u32 block;

	for (block = 0; block < 4 * SHB_PAGEBLOCK_PAGES; block += SHB_PAGEBLOCK_PAGES) {
		free_range(z, block + 8, block + 15);
		free_range(z, block + 24, block + 31);
	}
	return z;
}

/*
 * A source is looked for from the first block of a list on, in the first half of what is between the
 * scanners; the list ends with it afterwards. Its pageblock comes next, unless it has the hint.
 */
static void sources_from_the_lists(struct kunit *test)
{
	struct shb_zone *z = two_blocks_each(test);
	const struct shb_compact_goal goal = goal_for(9, SHB_MOVABLE, SHB_COMPACT_SYNC_LIGHT);
	struct shb_compact *c = begin_run(test, z, &goal, new_owners(test, z));
	u32 root = shb_zone_root(z, 3, SHB_MOVABLE), first = shb_zone_first(z, 3, SHB_MOVABLE);
	const u32 last_block = 2 * SHB_PAGEBLOCK_PAGES;	/* below the middle of 0 and 7 pageblocks */
	u32 found = first;

	while (found >= 3 * SHB_PAGEBLOCK_PAGES)
		found = z->frames[found].next;
	KUNIT_ASSERT_EQ(test, last_block, shb_pageblock_start(found));
	KUNIT_EXPECT_EQ(test, last_block, shb_fast_source(c));
	KUNIT_EXPECT_EQ(test, found, z->frames[root].prev);
	KUNIT_EXPECT_EQ(test, found, c->fast_start);
	shb_hint_set(z, last_block);
	KUNIT_EXPECT_EQ(test, SHB_PAGEBLOCK_PAGES, shb_fast_source(c));
	shb_hint_set(z, SHB_PAGEBLOCK_PAGES);
	shb_hint_set(z, 0);
	KUNIT_EXPECT_EQ(test, 0, c->fast_failures);
	KUNIT_EXPECT_EQ(test, c->fast_start, shb_fast_source(c));
	KUNIT_EXPECT_EQ(test, 1, c->fast_failures);
	check_one(test, z);
	shb_compact_end(c);
}

/* Not at the start of the zone: in the first eighth only, where there is none here. */
static void later_sources_are_near(struct kunit *test)
{
	struct shb_zone *z = two_blocks_each(test);
	const struct shb_compact_goal goal = goal_for(9, SHB_MOVABLE, SHB_COMPACT_SYNC_LIGHT);
	struct shb_compact *c = begin_run(test, z, &goal, new_owners(test, z));

	shb_hint_set(z, 0);
	c->migrate = SHB_PAGEBLOCK_PAGES;
	KUNIT_EXPECT_EQ(test, SHB_PAGEBLOCK_PAGES, shb_fast_source(c));
	KUNIT_EXPECT_EQ(test, 1, c->fast_failures);
	shb_compact_end(c);
}

/*
 * Targets are looked for from the last block of a list on, in the last quarter of what is between the
 * scanners; the list begins with what was found, and with what came behind it once that is taken.
 */
static void targets_from_the_lists(struct kunit *test)
{
	struct shb_zone *z = two_blocks_each(test);
	const struct shb_compact_goal goal = goal_for(4, SHB_MOVABLE, SHB_COMPACT_ASYNC);
	struct shb_compact *c = begin_run(test, z, &goal, new_owners(test, z));
	u32 root = shb_zone_root(z, 3, SHB_MOVABLE), found = z->frames[root].prev, next;

	c->free = 3 * SHB_PAGEBLOCK_PAGES;
	c->wanted = 8;
	while (found != root && found < 2 * SHB_PAGEBLOCK_PAGES)
		found = z->frames[found].prev;
	KUNIT_ASSERT_NE(test, root, found);
	next = z->frames[found].next == root ? z->frames[root].next : z->frames[found].next;
	shb_fast_targets(c);
	KUNIT_EXPECT_EQ(test, 8, c->targets.pages);
	KUNIT_EXPECT_EQ(test, SHB_FRAME_STAGED, z->frames[found].state);
	KUNIT_EXPECT_EQ(test, next, shb_zone_first(z, 3, SHB_MOVABLE));
	KUNIT_EXPECT_EQ(test, 3, c->search_order);
	check_one(test, z);
	shb_compact_end(c);
}

/* Positions and bits of others, wrong ones among them. */
static void spoil_hints(struct shb_zone *z, u64 *seed)
{
	const u32 nr = z->extent.nr_frames;
	const long positions[] = {
		SHB_NO_POSITION, -(long)SHB_PAGEBLOCK_PAGES, 0, draw(seed, nr) & ~(SHB_PAGEBLOCK_PAGES - 1),
		nr - SHB_PAGEBLOCK_PAGES, nr, nr + SHB_PAGEBLOCK_PAGES,
	};
	struct shb_hints *h = &z->hints;

	h->free = positions[draw(seed, ARRAY_SIZE(positions))];
	h->migrate[draw(seed, 2)] = positions[draw(seed, ARRAY_SIZE(positions))];
	h->first_free = positions[draw(seed, ARRAY_SIZE(positions))];
	h->first_migrate = positions[draw(seed, ARRAY_SIZE(positions))];
	h->skip[0] ^= BIT(draw(seed, nr / SHB_PAGEBLOCK_PAGES));
	h->flush = draw(seed, 2);
	if (!draw(seed, 4))
		shb_hints_flush(z);
}

/* Holes, and pages that stay, until some are free. */
static void draw_use(struct shb_zone *z, u64 *seed)
{
	u32 i, chance = 0;
	long n;

	for (i = 0; i < z->extent.nr_frames; i++) {
		if (!(i % SHB_PAGEBLOCK_PAGES))
			chance = 1 + draw(seed, 6);
		if (shb_is_used_block(z, i, 0) && draw(seed, 10) < chance)
			buddy_free(z, i, 0);
	}
	for (n = z->buddy.free_pages - 600 - draw(seed, 2000); n > 0; n--) {
		i = buddy_take(z, 0, SHB_MOVABLE, SHB_ALLOC_KSWAPD);
		if (i == SHB_NONE)
			break;
		z->frames[i].flags = draw(seed, 30) ? SHB_FRAME_MOVABLE : 0;
	}
}

struct two_runs {
	struct shb_compact		*c[2];
	struct shb_capture		capture[2];
	struct shb_compact_goal		goal[2];
};

static void end_run(struct kunit *test, struct shb_zone *z, struct two_runs *runs, int n)
{
	unsigned long pfn;

	shb_compact_end(runs->c[n]);
	pfn = shb_capture_end(z, &runs->capture[n]);
	if (pfn != SHB_NO_PFN)
		KUNIT_EXPECT_EQ(test, SHB_FREE_OK, shb_free(z->state, pfn, runs->goal[n].order, 0, 0));
}

/* Two runs in one zone take turns, and somebody else writes hints. */
static void runs_in_each_others_way(struct kunit *test, struct shb_zone *z, const struct shb_mover *mover, u64 *seed)
{
	static const u8 types[] = { SHB_UNMOVABLE, SHB_MOVABLE, SHB_RECLAIMABLE };
	bool more[2] = { true, true };
	struct two_runs runs;
	int n, steps = 0;

	for (n = 0; n < 2; n++) {
		runs.goal[n] = goal_for(1 + draw(seed, SHB_MAX_ORDER), types[draw(seed, 3)], draw(seed, 3));
		runs.c[n] = shb_compact_begin(z, &runs.goal[n], mover, 0);
		KUNIT_ASSERT_NOT_NULL(test, runs.c[n]);
		shb_capture_begin(runs.c[n], &runs.capture[n], runs.goal[n].order);
	}
	while (more[0] || more[1]) {
		n = draw(seed, 2) ? more[1] : !more[0];
		more[n] = shb_compact_step(runs.c[n]);
		if (draw(seed, 2))
			spoil_hints(z, seed);
		check_one(test, z);
		KUNIT_ASSERT_LT(test, ++steps, 2000);
	}
	for (n = 0; n < 2; n++)
		end_run(test, z, &runs, n);
}

static void runs_for_requests_lose_nothing(struct kunit *test)
{
	u64 seed = start_seed(test, 0);
	struct shb_zone *z = full_zone(test, profile_of(test), 12);
	struct owners *o = new_owners(test, z);
	const struct shb_mover mover = mover_of(o);
	int round;
	u32 i;

	for (round = 0; round < 60; round++) {
		draw_use(z, &seed);
		runs_in_each_others_way(test, z, &mover, &seed);
		KUNIT_EXPECT_FALSE(test, z->asks);
		for (i = 0; i < z->extent.nr_frames; i++)
			KUNIT_ASSERT_NE(test, SHB_FRAME_STAGED, z->frames[i].state);
		shb_drain(z->state, SHB_EVERY_CPU, NULL);
		check_all(test, z->state);
	}
}

static struct kunit_case compact_cases[] = {
	KUNIT_CASE_PARAM(what_a_run_keeps, profile_gen_params),
	KUNIT_CASE_PARAM(what_others_free_is_not_kept, profile_gen_params),
	KUNIT_CASE_PARAM(runs_are_put_off, profile_gen_params),
	KUNIT_CASE_PARAM(how_much_must_be_free, profile_gen_params),
	KUNIT_CASE_PARAM(haste_leaves_other_types_alone, profile_gen_params),
	KUNIT_CASE_PARAM(vain_pageblocks_are_remembered, profile_gen_params),
	KUNIT_CASE_PARAM(sources_from_the_lists, profile_gen_params),
	KUNIT_CASE_PARAM(later_sources_are_near, profile_gen_params),
	KUNIT_CASE_PARAM(targets_from_the_lists, profile_gen_params),
	KUNIT_CASE_PARAM(a_high_order_is_made, profile_gen_params),
	KUNIT_CASE_PARAM(runs_for_requests_lose_nothing, profile_gen_params),
	KUNIT_CASE_PARAM(sources_from_below_targets_from_above, profile_gen_params),
	KUNIT_CASE_PARAM(what_gave_nothing_doubles_the_stride, profile_gen_params),
	KUNIT_CASE_PARAM(drawn_layouts, layout_gen_params),
	KUNIT_CASE_PARAM(what_is_stepped_over_counts, profile_gen_params),
	KUNIT_CASE_PARAM(scanners_that_met_are_done, profile_gen_params),
	KUNIT_CASE_PARAM(a_hole_hides_the_first_batch, profile_gen_params),
	KUNIT_CASE_PARAM(only_movable_pageblocks_take_pages, profile_gen_params),
	KUNIT_CASE_PARAM(an_owner_may_refuse, profile_gen_params),
	KUNIT_CASE_PARAM(blocks_of_several_pages, profile_gen_params),
	KUNIT_CASE_PARAM(half_of_a_pageblock_moves_the_rest, profile_gen_params),
	KUNIT_CASE_PARAM(marks_end_a_run, profile_gen_params),
	KUNIT_CASE_PARAM(broken_pages_end_a_run, profile_gen_params),
	KUNIT_CASE_PARAM(memory_that_breaks_ends_a_run, profile_gen_params),
	KUNIT_CASE_PARAM(a_staged_page_cannot_be_freed, profile_gen_params),
	KUNIT_CASE_PARAM(without_memory_nothing_happens, profile_gen_params),
	KUNIT_CASE_PARAM(a_signal_ends_it_between_batches, profile_gen_params),
	KUNIT_CASE_PARAM(random_layouts_lose_nothing, profile_gen_params),
	{}
};

struct kunit_suite compact_suite = {
	.name = "shadowbuddy_compact", .test_cases = compact_cases,
};
