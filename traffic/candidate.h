/* SPDX-License-Identifier: GPL-2.0-only */
/* A state that decides on the kernel's traffic in its own way; see candidate.c. */
#ifndef SHB_CANDIDATE_H
#define SHB_CANDIDATE_H

#include "policy.h"
#include "traffic/record.h"
#include "types.h"

#define SHB_CANDIDATE_NAME	SHB_POLICY_NAME

enum shb_candidate_count {
	SHB_CAND_REQUESTS,
	SHB_CAND_BELOW_MIN,	/* requests that found nothing above MIN and its reserves */
	SHB_CAND_RECLAIM,	/* of those that may wait: would have reclaimed */
	SHB_CAND_COMPACT,	/* would have compacted: there are pages enough, but no block */
	SHB_CAND_BEYOND,	/* of those: served beyond the marks */
	SHB_CAND_UNPLACED,	/* pages it has nothing for, not even there */
	SHB_CAND_WOULD_SERVE,	/* requests that failed in the kernel and not here */
	SHB_CAND_RENAMED,	/* pages the kernel migrated and it left where they were */
	SHB_CAND_REFUSED,	/* pages it did not take back: a fault of ours */
	SHB_NR_CANDIDATE_COUNTS,
};

struct shb_candidate {
	char			name[SHB_CANDIDATE_NAME];
	struct shb_state	*s;
	unsigned long		base;	/* first page of the kernel the map tells of */
	unsigned long		nr;
	u32			*map;	/* by page of the kernel: what stands for it here */
	u64			counts[SHB_NR_CANDIDATE_COUNTS];
};

struct shb_request shb_record_request(const struct shb_state *s, const struct shb_record *r,
				      int order);
void shb_end_boosts(struct shb_state *s);
int shb_candidate_init(struct shb_candidate *c, struct shb_state *s, const char *name);
void shb_candidate_exit(struct shb_candidate *c);
void shb_candidate_alloc(struct shb_candidate *c, const struct shb_record *r, unsigned long pfn,
			 int order);
void shb_candidate_hold(struct shb_candidate *c, unsigned long pfn, int order);
void shb_candidate_free(struct shb_candidate *c, const struct shb_record *r, unsigned long pfn,
			int order);
void shb_candidate_fail(struct shb_candidate *c, const struct shb_record *r);
void shb_candidate_rename(struct shb_candidate *c, unsigned long to, unsigned long from, int order);
void shb_candidate_tick(struct shb_candidate *c);

#endif
