/* SPDX-License-Identifier: GPL-2.0-only */
/* Which page would the kernel take? See predictor.c. */
#ifndef SHB_PREDICTOR_H
#define SHB_PREDICTOR_H

#include "types.h"

struct shb_record;

/* Where the page was that the kernel took instead. */
enum shb_miss {
	SHB_MISS_SECOND,	/* next to the one that was said */
	SHB_MISS_DEEPER,	/* further down that list */
	SHB_MISS_LIST,		/* on another per-cpu list */
	SHB_MISS_BUDDY,		/* on none */
	SHB_MISS_ZONE,		/* in another zone */
	SHB_MISS_NOTHING,	/* anywhere: nothing was said */
	SHB_NR_MISSES,
};

struct shb_predictor {
	struct shb_state	*s;		/* NULL: nobody is asked */
	struct shb_pcp_rules	told;		/* the profile's, for who is told of refills and drains */
	bool			evidence;	/* it is */
	unsigned long		passed;		/* page that was said last while another was taken */
	unsigned long		last;		/* page taken from the buddy while we thought of a list */
	u64			asked[SHB_NR_ORDERS][SHB_PCPTYPES];
	u64			hits[SHB_NR_ORDERS][SHB_PCPTYPES];
	u64			misses[SHB_NR_MISSES];
	u64			refills, foreseen;	/* told of; of these the block the buddy would give */
	u64			faults;		/* pages that are not where they must be: a fault of ours */
};

void shb_predictor_init(struct shb_predictor *p, struct shb_state *s);
void shb_predictor_alloc(struct shb_predictor *p, const struct shb_record *r, unsigned long pfn,
			 int order);
void shb_predictor_fail(struct shb_predictor *p, const struct shb_record *r);
void shb_predictor_hold(struct shb_predictor *p, unsigned long pfn, int order);
void shb_predictor_free(struct shb_predictor *p, const struct shb_record *r, unsigned long pfn,
			int order);
void shb_predictor_tell(struct shb_predictor *p, const struct shb_record *r);
void shb_predictor_tick(struct shb_predictor *p);

#endif
