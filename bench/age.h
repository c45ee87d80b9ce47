/* SPDX-License-Identifier: GPL-2.0-only */
/* Age and fragmentation, of whatever hands out pages; see age.c. */
#ifndef BENCH_AGE_H
#define BENCH_AGE_H

#include <linux/types.h>

#define AGE_NO_PAGE	(~0UL)
#define AGE_POINTS	4		/* looked at: the start, rounds 10 and 50, the end */

/* Who hands out pages. */
struct age_side {
	unsigned long	(*take)(void *arg);	/* a pfn, or AGE_NO_PAGE */
	void		(*give)(void *arg, unsigned long pfn);
	void		*arg;
};

/* What there is at one moment. */
struct age_point {
	u32	blocks;		/* 2 MiB blocks that were ours as a whole when memory was full */
	u32	free;		/* of those: none of their pages is used */
	u64	moves;		/* pages to move until no more of them can be emptied */
};

extern const int age_rounds[AGE_POINTS];

int age_run(const struct age_side *side, u32 room, struct age_point *at);

#endif
