/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to the policy of a zone, asked by the mechanisms; see own.c. Only where z->own is set.
 */
#ifndef SHB_OWN_H
#define SHB_OWN_H

#include "types.h"

struct shb_policy;
struct shb_profile;

/* What a zone keeps for its policy. */
struct shb_own {
	const struct shb_policy	*policy;	/* I */
	const struct shb_rules	*base;		/* I: decide where it does not */
	u64			generation;	/* Z: of the zone when @free was right */
	u16			*free;		/* Z: free pages by pageblock, or SHB_OWN_UNKNOWN */
	u64			data[];		/* Z: the policy's */
};
#define SHB_OWN_UNKNOWN		0xffff

#define SHB_OWN_ATTEMPTS	8	/* answers of one search that may come to nothing */

int shb_own_create(struct shb_zone *z, const struct shb_profile *profile, struct shb_own **own);
void shb_own_destroy(const struct shb_host *host, struct shb_own *own);

void shb_own_forget_answers(struct shb_state *s);
void shb_own_note(const struct shb_zone *z, enum shb_question what, enum shb_answer answer);
void shb_own_refuse(const struct shb_zone *z, enum shb_question what, long answer);
int shb_own_number(const struct shb_zone *z, enum shb_question what, int answer, int base, int least,
		   int most);

u32 shb_own_pick(struct shb_zone *z, int order, int type, int cpu);
bool shb_own_asks_back(const struct shb_zone *z);
bool shb_own_merges(struct shb_zone *z, u32 i, int order);
bool shb_own_to_tail(struct shb_zone *z, u32 i, int order, int type, bool tail);
int shb_own_high(const struct shb_zone *z, int high, int batch);
struct shb_zone *shb_own_first(struct shb_state *s, const struct shb_request *r);

/* Around an operation that brings or takes one block: the count of free pages follows it. */
void shb_own_begin(struct shb_zone *z);
void shb_own_know(struct shb_zone *z, u32 i);
void shb_own_count(struct shb_zone *z, u32 i, int order, int sign);

#endif
