// SPDX-License-Identifier: GPL-2.0-only
/* Ageing on a machine of the program: bench/age.c, and who hands out pages. */
#include <errno.h>
#include <linux/kernel.h>
#include <stdio.h>

#include "bench/age.h"
#include "serve.h"
#include "sim/bench.h"
#include "sim/library.h"

struct side {
	struct shb_state	*s;
	unsigned int		turn;	/* cpus take turns */
};

static unsigned long take(void *arg)
{
	struct side *side = arg;
	int cpu = side->turn++ % side->s->topo.nr_cpus;
	unsigned long pfn = shb_serve(side->s, (struct shb_request){
		.gfp = GFP_HIGHUSER_MOVABLE & ~__GFP_RECLAIM, .cpu = cpu, .nid = side->s->topo.cpu_node[cpu],
	}, NULL);

	return pfn == SHB_NO_PFN ? AGE_NO_PAGE : pfn;
}

static void give(void *arg, unsigned long pfn)
{
	struct side *side = arg;

	shb_give_back(side->s, pfn, 0, side->turn++ % side->s->topo.nr_cpus, 0, false);
}

static u32 count_pages(struct shb_state *s)
{
	struct shb_zone *z;
	u32 pages = 0;
	int n;

	shb_for_each_zone(s, z, n)
		pages += z->extent.nr_frames;
	return pages;
}

/* Return: exit status. */
int sim_age(struct shb_state *s)
{
	struct side side = { .s = s };
	const struct age_side pages = { take, give, &side };
	struct age_point at[AGE_POINTS];
	int p, err = age_run(&pages, count_pages(s), at);

	if (err) {
		fputs("shbsim: --age: expected a machine with memory for movable pages\n", stderr);
		return 1;
	}
	printf("profile %s; half of the memory is free, in 2M blocks at best\n", s->profile->name);
	puts("round  2M blocks   free  of all  moves");
	for (p = 0; p < AGE_POINTS; p++)
		printf("%5d %10u %6u %6.1f%% %6llu\n", age_rounds[p], at[p].blocks, at[p].free,
		       100.0 * at[p].free / max(at[p].blocks, 1U), (unsigned long long)at[p].moves);
	sim_tell_refusals(s);
	return 0;
}
