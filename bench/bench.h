/* SPDX-License-Identifier: GPL-2.0-only */
/* What is measured (workloads.c) and how (main.c). */
#ifndef BENCH_H
#define BENCH_H

#include <linux/types.h>

struct page;
struct seq_file;

/* Who serves the requests. Empty runs the same loop without a call, to be subtracted. */
enum server { REAL, SHADOW, EMPTY, NR_SIDES };

/* Draws made before the clock starts. */
struct draw {
	u32	index;
	u8	order;
	u8	type;
};
#define NR_DRAWS	65536

/* One thread's part of one round. */
struct work {
	enum server	side;
	int		order;
	int		cpu, cpus;
	u32		nr;		/* pairs */
	struct page	**pages;	/* all threads' blocks; ours begin at pages[first] */
	u8		*orders;	/* of blocks of several orders */
	u32		first, held, all;
	const struct draw *draws;
	u64		ns;		/* out: time of all pairs */
	u32		done;		/* out: pairs that got a block */
};

struct workload {
	const char	*name;
	void		(*run)(struct work *w);
	bool		every_order;
	u32		(*pairs)(const struct work *w, unsigned long pages);
};

extern const struct workload bench_workloads[];
extern const int bench_nr_workloads;

void bench_floors(struct seq_file *m);

/* All threads of a round wait for each other here. */
void bench_gate(void);

#endif
