// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timed loops. Each is compiled once for the kernel, once for the shadow and once
 * empty, so that no side is known at run time. Inside the clock there are calls, one load or store
 * of a pointer, and the loop.
 *
 *   repeat    allocate, free, again: the shortest way in and out
 *   bulk      allocate many, then free them in the same order
 *   rand      allocate many, free them in an order shuffled over all threads
 *   mixed     at 60 % fill, replace a random block by one of a random order and type
 *   fallback  unmovable pages from a zone whose free pages are all movable
 */
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/prandom.h>

#include "shadowbuddy.h"
#include "bench/bench.h"

#define NO_RECLAIM	(__GFP_NOWARN | __GFP_NOMEMALLOC)

static __always_inline struct page *take(enum server side, gfp_t gfp, int order)
{
	switch (side) {
	case REAL:
		return alloc_pages(gfp, order);
	case SHADOW:
		return shb_alloc_pages(gfp, order);
	default:
		barrier();
		return (struct page *)1;
	}
}

static __always_inline void give(enum server side, struct page *page, int order)
{
	switch (side) {
	case REAL:
		__free_pages(page, order);
		break;
	case SHADOW:
		shb_free_pages(page, order);
		break;
	default:
		barrier();
	}
}

/* The three bodies of a workload; @body gets the side as a constant. */
#define WORKLOAD(name)							\
static noinline void name##_real(struct work *w)			\
{									\
	name(REAL, w);							\
}									\
static noinline void name##_shadow(struct work *w)			\
{									\
	name(SHADOW, w);						\
}									\
static noinline void name##_empty(struct work *w)			\
{									\
	name(EMPTY, w);							\
}									\
static void run_##name(struct work *w)					\
{									\
	switch (w->side) {						\
	case REAL:							\
		name##_real(w);						\
		break;							\
	case SHADOW:							\
		name##_shadow(w);					\
		break;							\
	default:							\
		name##_empty(w);					\
	}								\
}

static __always_inline void repeat(enum server side, struct work *w)
{
	int order = w->order;
	struct page *page;
	u64 start;
	u32 n;

	bench_gate();
	start = ktime_get_ns();
	for (n = w->nr; n; n--) {
		page = take(side, GFP_KERNEL, order);
		if (unlikely(!page))
			break;
		give(side, page, order);
	}
	w->ns += ktime_get_ns() - start;
	w->done += w->nr - n;
}
WORKLOAD(repeat)

/* Fill pages[], as far as it goes. */
static __always_inline u32 take_many(enum server side, struct page **pages, u32 nr, gfp_t gfp, int order)
{
	u32 n;

	for (n = 0; n < nr; n++) {
		pages[n] = take(side, gfp, order);
		if (unlikely(!pages[n]))
			break;
	}
	return n;
}

static __always_inline void give_many(enum server side, struct page **pages, u32 nr, int order)
{
	u32 n;

	for (n = 0; n < nr; n++)
		give(side, pages[n], order);
}

static void shuffle(struct page **pages, u32 nr)
{
	struct rnd_state rnd;
	u32 n, k;

	prandom_seed_state(&rnd, nr);
	for (n = nr; n > 1; n--) {
		k = prandom_u32_state(&rnd) % n;
		swap(pages[n - 1], pages[k]);
	}
}

/* With two threads, half of what one frees after a shuffle was allocated by the other. */
static __always_inline void many(enum server side, struct work *w, bool shuffled)
{
	struct page **pages = w->pages + w->first;
	u64 start;
	u32 got;

	bench_gate();
	start = ktime_get_ns();
	got = take_many(side, pages, w->nr, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, w->order);
	w->ns += ktime_get_ns() - start;
	bench_gate();
	if (shuffled && !w->first && got == w->nr)
		shuffle(w->pages, w->all);
	bench_gate();
	start = ktime_get_ns();
	give_many(side, pages, got, w->order);
	w->ns += ktime_get_ns() - start;
	w->done += got;
}

static __always_inline void bulk(enum server side, struct work *w)
{
	many(side, w, false);
}
WORKLOAD(bulk)

static __always_inline void rand(enum server side, struct work *w)
{
	many(side, w, true);
}
WORKLOAD(rand)

static const gfp_t mixed_gfp[] = { GFP_KERNEL, GFP_HIGHUSER_MOVABLE,
				   GFP_KERNEL | __GFP_RECLAIMABLE };

static __always_inline struct page *take_drawn(enum server side, const struct draw *d)
{
	return take(side, mixed_gfp[d->type] | __GFP_NORETRY | __GFP_NOWARN, d->order);
}

static __always_inline void mixed(enum server side, struct work *w)
{
	struct page **pages = w->pages + w->first;
	u8 *orders = w->orders + w->first;
	const struct draw *d;
	u64 start;
	u32 n, k;

	for (n = 0; n < w->held; n++) {
		d = &w->draws[n % NR_DRAWS];
		pages[n] = take_drawn(side, d);
		orders[n] = d->order;
	}
	bench_gate();
	start = ktime_get_ns();
	for (n = 0; n < w->nr; n++) {
		d = &w->draws[n % NR_DRAWS];
		k = d->index;
		if (likely(pages[k]))
			give(side, pages[k], orders[k]);
		pages[k] = take_drawn(side, d);
		orders[k] = d->order;
	}
	w->ns += ktime_get_ns() - start;
	w->done += w->nr;
	bench_gate();
	for (n = 0; n < w->held; n++)
		if (pages[n])
			give(side, pages[n], orders[n]);
}
WORKLOAD(mixed)

static __always_inline void split(enum server side, struct page *page, int order)
{
	if (side == REAL)
		split_page(page, order);
	else if (side == SHADOW)
		shb_split_pages(page, order);
}

/*
 * Whole pageblocks as movable, which makes them so, then movable pages to the last one
 * that can be had without reclaim; then one in four back, more than per-cpu lists hold.
 * What is free lies in movable pageblocks, but for the few that were in use before: a
 * request finds its own lists empty until it has claimed or stolen.
 */
static __always_inline void fallback(enum server side, struct work *w)
{
	gfp_t movable = (GFP_HIGHUSER_MOVABLE & ~__GFP_RECLAIM) | NO_RECLAIM;
	struct page **mine = w->pages + w->first, **fill = mine + w->nr, *page;
	u32 n, full, got;
	u64 start;

	for (full = 0; full + 512 <= w->held; full += 512) {
		page = take(side, movable, 9);
		if (!page)
			break;
		split(side, page, 9);
		for (n = 0; n < 512; n++)
			fill[full + n] = page + n;
	}
	full += take_many(side, fill + full, w->held - full, movable, 0);
	for (n = 0; n < full; n += 4)
		give(side, fill[n], 0);
	bench_gate();
	start = ktime_get_ns();
	got = take_many(side, mine, w->nr, NO_RECLAIM, 0);
	w->ns += ktime_get_ns() - start;
	bench_gate();
	start = ktime_get_ns();
	give_many(side, mine, got, 0);
	w->ns += ktime_get_ns() - start;
	w->done += got;
	bench_gate();
	for (n = 0; n < full; n++)
		if (n % 4)
			give(side, fill[n], 0);
}
WORKLOAD(fallback)

/* About 10 ms a round for the kernel. */
static u32 repeat_pairs(const struct work *w, unsigned long pages)
{
	return w->order < 4 ? 100000 : w->order < 9 ? 20000 : 10000;
}

/* 16384 blocks or half of the zone, whichever is less, over all threads. */
static u32 bulk_pairs(const struct work *w, unsigned long pages)
{
	return min(16384UL, (pages / 2 / w->cpus) >> w->order);
}

static u32 mixed_pairs(const struct work *w, unsigned long pages)
{
	return 100000;
}

static u32 fallback_pairs(const struct work *w, unsigned long pages)
{
	return 2048;
}

const struct workload bench_workloads[] = {
	{ "repeat", run_repeat, true, repeat_pairs },
	{ "bulk", run_bulk, true, bulk_pairs },
	{ "rand", run_rand, true, bulk_pairs },
	{ "mixed", run_mixed, false, mixed_pairs },
	{ "fallback", run_fallback, false, fallback_pairs },
};
const int bench_nr_workloads = ARRAY_SIZE(bench_workloads);
