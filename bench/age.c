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
 * An allocator that reuses what was freed last changes little over the rounds; both
 * sides get the same draws.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>

#include "shadowbuddy.h"
#include "bench/bench.h"

#define BLOCK_PAGES	512UL
#define AGE_ROUNDS	100
#define AGE_POINTS	3		/* looked at: the start, round 10, the end */

static const int age_points[AGE_POINTS] = { 0, 10, AGE_ROUNDS };

struct age {
	enum server	side;
	struct page	**pages;
	u32		held, full;
	unsigned long	first_block, nr_blocks;
	u16		*used;		/* by block */
	u8		*ours;		/* by block: all of it was ours */
	struct rnd_state rnd;
	struct { u32 blocks, free, moves; } at[AGE_POINTS];
};

static struct age results[2];

static struct page *take_one(enum server side)
{
	gfp_t gfp = (GFP_HIGHUSER_MOVABLE & ~__GFP_RECLAIM) | __GFP_NOWARN | __GFP_NOMEMALLOC;

	return side == SHADOW ? shb_alloc_pages(gfp, 0) : alloc_pages(gfp, 0);
}

static void give_one(enum server side, struct page *page)
{
	if (side == SHADOW)
		shb_free_pages(page, 0);
	else
		__free_pages(page, 0);
}

/* A page from somewhere the first fill did not reach is in no block that was ours. */
static void count_used(struct age *a)
{
	unsigned long b;
	u32 n;

	memset(a->used, 0, a->nr_blocks * sizeof(*a->used));
	for (n = 0; n < a->held; n++) {
		b = page_to_pfn(a->pages[n]) / BLOCK_PAGES - a->first_block;
		if (b < a->nr_blocks)
			a->used[b]++;
	}
}

static int compare_u16(const void *x, const void *y)
{
	return (int)*(const u16 *)x - (int)*(const u16 *)y;
}

/* From both ends of the sorted blocks: the emptiest gives, the fullest takes. */
static void measure(struct age *a, int point)
{
	u16 *counts = vmalloc_array(a->nr_blocks, sizeof(*counts));
	u32 nr = 0, from = 0, to, room;
	unsigned long b;

	if (!counts)
		return;
	count_used(a);
	for (b = 0; b < a->nr_blocks; b++)
		if (a->ours[b])
			counts[nr++] = a->used[b];
	sort(counts, nr, sizeof(*counts), compare_u16, NULL);
	while (from < nr && !counts[from])
		from++;
	a->at[point].blocks = nr;
	a->at[point].free = from;
	for (to = nr; from + 1 < to; ) {
		room = min_t(u32, BLOCK_PAGES - counts[to - 1], counts[from]);
		counts[to - 1] += room;
		counts[from] -= room;
		a->at[point].moves += room;
		if (counts[to - 1] == BLOCK_PAGES)
			to--;
		if (!counts[from])
			from++;
	}
	vfree(counts);
}

static void free_random(struct age *a, u32 nr)
{
	while (nr-- && a->held) {
		u32 k = prandom_u32_state(&a->rnd) % a->held;

		give_one(a->side, a->pages[k]);
		a->pages[k] = a->pages[--a->held];
	}
}

static void take_more(struct age *a, u32 nr)
{
	while (nr-- && a->held < a->full) {
		a->pages[a->held] = take_one(a->side);
		if (!a->pages[a->held])
			return;
		a->held++;
	}
}

static void run_rounds(struct age *a)
{
	u32 tenth = a->held / 10;
	int round, point = 0;

	for (round = 0; round <= AGE_ROUNDS; round++) {
		if (round) {
			free_random(a, tenth);
			take_more(a, tenth);
		}
		if (round == age_points[point])
			measure(a, point++);
		cond_resched();
	}
}

static int age_one(struct age *a, u32 room)
{
	unsigned long low = ~0UL, high = 0, b;
	int err = -ENOMEM;
	u32 n;

	a->pages = vmalloc_array(room, sizeof(*a->pages));
	if (!a->pages)
		return err;
	a->full = room;
	take_more(a, room);
	a->full = a->held;
	for (n = 0; n < a->held; n++) {
		low = min(low, page_to_pfn(a->pages[n]));
		high = max(high, page_to_pfn(a->pages[n]));
	}
	a->first_block = low / BLOCK_PAGES;
	a->nr_blocks = high / BLOCK_PAGES - a->first_block + 1;
	prandom_seed_state(&a->rnd, 1);
	a->used = vcalloc(a->nr_blocks, sizeof(*a->used));
	a->ours = vcalloc(a->nr_blocks, 1);
	if (a->used && a->ours) {
		count_used(a);
		for (b = 0; b < a->nr_blocks; b++)
			a->ours[b] = a->used[b] == BLOCK_PAGES;
		free_random(a, a->held / 2);
		run_rounds(a);
		err = 0;
	}
	while (a->held)
		give_one(a->side, a->pages[--a->held]);
	vfree(a->used);
	vfree(a->ours);
	vfree(a->pages);
	return err;
}

/**
 * bench_age() - age both sides
 * @room: pages of the shadow's zone; the kernel's is filled until it has no more, or
 *	twice as many
 *
 * Context: process context, takes seconds.
 * Return: 0 or -ENOMEM.
 */
int bench_age(u32 room)
{
	int side, err = 0;

	for (side = REAL; side <= SHADOW && !err; side++) {
		results[side] = (struct age){ .side = side };
		err = age_one(&results[side], side == REAL ? 2 * room : room);
	}
	return err;
}

/**
 * bench_age_show() - what ageing left
 * @m: where to
 */
void bench_age_show(struct seq_file *m)
{
	static const char *const names[] = { "Linux", "shadowbuddy" };
	int side, p;

	seq_puts(m, "round  side          2M blocks   free  moves a block\n");
	for (p = 0; p < AGE_POINTS; p++)
		for (side = REAL; side <= SHADOW; side++)
			seq_printf(m, "%5d  %-11s %11u %6u %8u.%u\n", age_points[p], names[side],
				   results[side].at[p].blocks, results[side].at[p].free,
				   results[side].at[p].moves / max(results[side].at[p].blocks, 1U),
				   results[side].at[p].moves * 10 / max(results[side].at[p].blocks, 1U) % 10);
}
