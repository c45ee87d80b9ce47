// SPDX-License-Identifier: GPL-2.0-only
/*
 * Age and fragmentation, as LLFree's authors test it: fill the zone with order-0 pages,
 * free a random half, then replace a tenth of what is held, again and again.
 *
 *     used pages of each 2 MiB block that was ours as a whole when the zone was full
 *       free blocks    blocks with none: huge pages one could have now
 *       moves          pages to move until the emptiest blocks have been emptied into
 *                      the fullest, as far as that goes
 *
 * An allocator that reuses what was freed last changes little over the rounds.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "bench/age.h"

#define BLOCK_PAGES	512UL

const int age_rounds[AGE_POINTS] = { 0, 10, 50, 100 };

struct age {
	const struct age_side	*side;
	unsigned long		*pfns;
	u32			held, full;
	unsigned long		first_block, nr_blocks;
	u16			*used;		/* by block */
	u8			*ours;		/* by block: all of it was ours */
	struct rnd_state	rnd;
};

/* A page from somewhere the first fill did not reach is in no block that was ours. */
static void count_used(struct age *a)
{
	unsigned long b;
	u32 n;

	memset(a->used, 0, a->nr_blocks * sizeof(*a->used));
	for (n = 0; n < a->held; n++) {
		b = a->pfns[n] / BLOCK_PAGES - a->first_block;
		if (b < a->nr_blocks)
			a->used[b]++;
	}
}

static int compare_u16(const void *x, const void *y)
{
	return (int)*(const u16 *)x - (int)*(const u16 *)y;
}

/* From both ends of the sorted blocks: the emptiest gives, the fullest takes. */
static int measure(struct age *a, struct age_point *at)
{
	u16 *counts = vmalloc_array(a->nr_blocks, sizeof(*counts));
	u32 nr = 0, from = 0, to, room;
	unsigned long b;

	if (!counts)
		return -ENOMEM;
	count_used(a);
	for (b = 0; b < a->nr_blocks; b++)
		if (a->ours[b])
			counts[nr++] = a->used[b];
	sort(counts, nr, sizeof(*counts), compare_u16, NULL);
	while (from < nr && !counts[from])
		from++;
	*at = (struct age_point){ .blocks = nr, .free = from };
	for (to = nr; from + 1 < to; ) {
		room = min_t(u32, BLOCK_PAGES - counts[to - 1], counts[from]);
		counts[to - 1] += room;
		counts[from] -= room;
		at->moves += room;
		if (counts[to - 1] == BLOCK_PAGES)
			to--;
		if (!counts[from])
			from++;
	}
	vfree(counts);
	return 0;
}

static void free_random(struct age *a, u32 nr)
{
	while (nr-- && a->held) {
		u32 k = prandom_u32_state(&a->rnd) % a->held;

		a->side->give(a->side->arg, a->pfns[k]);
		a->pfns[k] = a->pfns[--a->held];
	}
}

static void take_more(struct age *a, u32 nr)
{
	while (nr-- && a->held < a->full) {
		a->pfns[a->held] = a->side->take(a->side->arg);
		if (a->pfns[a->held] == AGE_NO_PAGE)
			return;
		a->held++;
	}
}

static int run_rounds(struct age *a, struct age_point *at)
{
	int round, point = 0, err = 0;
	u32 tenth = a->held / 10;

	for (round = 0; round <= age_rounds[AGE_POINTS - 1] && !err; round++) {
		if (round) {
			free_random(a, tenth);
			take_more(a, tenth);
		}
		if (round == age_rounds[point])
			err = measure(a, &at[point++]);
		cond_resched();
	}
	return err;
}

/* Where the pages of the first fill lie, and which blocks are ours as a whole. */
static int look_around(struct age *a)
{
	unsigned long low = ~0UL, high = 0, b;
	u32 n;

	for (n = 0; n < a->held; n++) {
		low = min(low, a->pfns[n]);
		high = max(high, a->pfns[n]);
	}
	a->first_block = low / BLOCK_PAGES;
	a->nr_blocks = high / BLOCK_PAGES - a->first_block + 1;
	a->used = vcalloc(a->nr_blocks, sizeof(*a->used));
	a->ours = vcalloc(a->nr_blocks, 1);
	if (!a->used || !a->ours)
		return -ENOMEM;
	count_used(a);
	for (b = 0; b < a->nr_blocks; b++)
		a->ours[b] = a->used[b] == BLOCK_PAGES;
	return 0;
}

/**
 * age_run() - fill, empty by half, and replace, a tenth at a time
 * @side: who hands out pages
 * @room: pages at most
 * @at: what there is after age_rounds[], out
 *
 * The same draws each time.
 *
 * Context: process context, takes seconds; gives back all pages.
 * Return: 0; -ENOMEM, also when there was no page at all.
 */
int age_run(const struct age_side *side, u32 room, struct age_point *at)
{
	struct age a = { .side = side, .full = room };
	int err;

	a.pfns = vmalloc_array(room, sizeof(*a.pfns));
	if (!a.pfns)
		return -ENOMEM;
	prandom_seed_state(&a.rnd, 1);
	take_more(&a, room);
	a.full = a.held;
	err = a.held ? look_around(&a) : -ENOMEM;
	if (!err) {
		free_random(&a, a.held / 2);
		err = run_rounds(&a, at);
	}
	while (a.held)
		side->give(side->arg, a.pfns[--a.held]);
	vfree(a.used);
	vfree(a.ours);
	vfree(a.pfns);
	return err;
}
