// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nanoseconds for an allocation and its free, one thread, as docs/performance.md does it in
 * the kernel. What this hides: no lock is taken, no interrupt is turned off, no page is
 * touched. The floors say what the machine makes of nothing, and of two list operations.
 *
 *     repeat  allocate, free, again: the same block
 *     bulk    1000 allocations, then 1000 frees, oldest first
 *     rand    of 1000 blocks that are out, one at random goes and another comes
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <time.h>

#include "serve.h"
#include "sim/bench.h"

#define HELD	1000
#define ROUNDS	5

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static u32 next_random(u32 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static noinline unsigned long get(struct shb_state *s, unsigned int order)
{
	return shb_serve(s, (struct shb_request){ .gfp = GFP_KERNEL, .order = order }, NULL);
}

static noinline void put(struct shb_state *s, unsigned long pfn, unsigned int order)
{
	shb_give_back(s, pfn, order, 0, 0, false);
}

/* Each returns how many pairs it did. */
static long repeat(struct shb_state *s, unsigned int order, long pairs)
{
	long k;

	for (k = 0; k < pairs; k++)
		put(s, get(s, order), order);
	return k;
}

static unsigned long held[HELD];

static int fill(struct shb_state *s, unsigned int order)
{
	int n;

	for (n = 0; n < HELD; n++) {
		held[n] = get(s, order);
		if (held[n] == SHB_NO_PFN)
			break;
	}
	return n;
}

static void empty(struct shb_state *s, unsigned int order, int nr)
{
	int k;

	for (k = 0; k < nr; k++)
		put(s, held[k], order);
}

static long bulk(struct shb_state *s, unsigned int order, long pairs)
{
	long done = 0;
	int nr;

	while (done < pairs) {
		nr = fill(s, order);
		empty(s, order, nr);
		if (!nr)
			return 0;
		done += nr;
	}
	return done;
}

static long rand_pairs(struct shb_state *s, unsigned int order, long pairs)
{
	u32 seed = 1;
	int nr = fill(s, order);
	long k;

	for (k = 0; nr && k < pairs; k++) {
		u32 at = next_random(&seed) % nr;

		put(s, held[at], order);
		held[at] = get(s, order);
		if (held[at] == SHB_NO_PFN)	/* the zone is at its mark: one fewer from now on */
			held[at] = held[--nr];
	}
	empty(s, order, nr);
	return k;
}

static const struct workload {
	const char	*name;
	long		(*run)(struct shb_state *s, unsigned int order, long pairs);
} workloads[] = { { "repeat", repeat }, { "bulk", bulk }, { "rand", rand_pairs } };

/* The best of some rounds: noise only ever adds. Return: ns a pair, 0 where the zone is too small. */
static double measure(const struct workload *w, struct shb_state *s, unsigned int order)
{
	long pairs = order > SHB_COSTLY_ORDER ? 200000 : 2000000, done = 0;
	double best = 0, start, ns;
	int k;

	for (k = 0; k < ROUNDS; k++) {
		start = now_ns();
		done = w->run(s, order, pairs);
		if (!done)
			return 0;
		ns = (now_ns() - start) / done;
		if (!best || ns < best)
			best = ns;
	}
	return best;
}

static struct shb_frame floor_frames[4];

static void print_floors(void)
{
	const long nr = 100000000;
	double start = now_ns(), empty_loop;
	long k;

	for (k = 0; k < nr; k++)
		barrier();
	empty_loop = (now_ns() - start) / nr;
	shb_list_init(floor_frames, 0);
	start = now_ns();
	for (k = 0; k < nr; k++) {
		shb_link(floor_frames, 1, 0, floor_frames[0].next);
		barrier();
		shb_unlink(floor_frames, 1);
		barrier();
	}
	printf("floors, ns: empty loop %.2f, a block put on a list and taken off %.2f\n", empty_loop,
	       (now_ns() - start) / nr);
}

/* Return: exit status. */
int sim_bench(struct shb_state *s)
{
	static const unsigned int orders[] = { 0, 1, 2, 3, 4, 6, 9, 10 };
	size_t w, k;
	double ns;

	printf("profile %s; one thread, no lock, no interrupts, no pages: for ratios between rows, not for the kernel\n",
	       s->profile->name);
	print_floors();
	printf("workload order  ns a pair  million pairs a second\n");
	for (w = 0; w < ARRAY_SIZE(workloads); w++) {
		for (k = 0; k < ARRAY_SIZE(orders); k++) {
			ns = measure(&workloads[w], s, orders[k]);
			if (ns)
				printf("%-8s %5u %10.2f %12.1f\n", workloads[w].name, orders[k], ns,
				       1e3 / ns);
		}
	}
	return 0;
}
