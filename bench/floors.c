// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this machine takes for the parts every allocator is made of, so that a figure can
 * be read: nothing that turns interrupts off, or takes a lock, is faster than these. The
 * locked instruction is an xchg, which is one without SMP, too.
 */
#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>

#include "bench/bench.h"

#define LOOPS	200000
#define TRIES	9

static int word;
static LIST_HEAD(head);
static struct list_head node;

/* Picoseconds for one run of a statement, best of TRIES. */
#define FLOOR(statement)						\
({									\
	u64 best = U64_MAX, start;					\
	int try, n;							\
									\
	for (try = 0; try < TRIES; try++) {				\
		start = ktime_get_ns();					\
		for (n = LOOPS; n; n--) {				\
			statement;					\
			barrier();					\
		}							\
		best = min(best, ktime_get_ns() - start);		\
	}								\
	div64_u64(best * 1000, LOOPS);					\
})

static void put_floor(struct seq_file *m, const char *name, u64 ps, u64 loop)
{
	ps -= min(ps, loop);
	seq_printf(m, "  %-44s %6llu.%02llu\n", name, ps / 1000, ps % 1000 / 10);
}

/**
 * bench_floors() - measure the floors and print them
 * @m: where to
 *
 * Context: process context; some ten milliseconds.
 */
void bench_floors(struct seq_file *m)
{
	unsigned long flags;
	u64 loop = FLOOR((void)0);

	seq_puts(m, "floors of this machine and kernel, best of 9, less the empty loop but for itself\n");
	put_floor(m, "empty loop", loop, 0);
	put_floor(m, "one locked instruction", FLOOR(xchg(&word, n)), loop);
	put_floor(m, "interrupts off and on", FLOOR(local_irq_save(flags); local_irq_restore(flags)),
		  loop);
	put_floor(m, "block on a list and off again, without a lock",
		  FLOOR(list_add(&node, &head); barrier(); list_del(&node)), loop);
}
