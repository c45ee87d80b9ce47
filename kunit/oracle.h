/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The naive allocator random runs are compared with; see oracle.c.
 *
 *     owner[] for whole runs: which frames are handed out, by whom
 *     struct oracle for one zone: every free list in order, pageblock types, boost
 */
#ifndef SHB_ORACLE_H
#define SHB_ORACLE_H

#include "fixture.h"

#define ORACLE_FRAMES	8192
#define ORACLE_LIST	(ORACLE_FRAMES / 2 + 1)

struct oracle_list {
	int nr;
	u16 at[ORACLE_LIST];
};

struct oracle {
	bool	old;			/* up to 6.1: lists and pageblocks may disagree */
	bool	takes;			/* 4.1: what is found is handed out */
	bool	joins_reserved;		/* before 6.1 */
	bool	head;			/* up to 5.4: what changes lists, and what is fresh, goes first */
	bool	boosts;			/* since 5.4 */
	bool	any_order;		/* 5.4 to 5.15: NOFRAGMENT asks for a pageblock, whatever is wanted */
	bool	spares_highatomic;	/* 6.12 */
	int	frames;
	u8	byte[ORACLE_FRAMES];	/* 0 used or inside, order + 1 at the head of a free block */
	u8	list_of[ORACLE_FRAMES];	/* type of the list a free head is on */
	u8	movable[ORACLE_FRAMES];	/* page counts as movable while used */
	u8	type[ORACLE_FRAMES / 512];
	long	boost, high;
	struct oracle_list lists[SHB_NR_ORDERS][SHB_NR_TYPES];
};

void o_init(struct oracle *o, const struct shb_zone *z);
void o_free(struct oracle *o, int i, int order);
int o_take(struct oracle *o, int order, int type, bool nofragment, bool *stolen);
void o_compare(struct kunit *test, const struct oracle *o, const struct shb_zone *z);

#endif
