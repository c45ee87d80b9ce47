/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run does. Chances are in percent; what they leave is single allocations while
 * filling, single frees while emptying, three to one.
 */
#ifndef LOCKSTEP_SCENARIOS_H
#define LOCKSTEP_SCENARIOS_H

#include "../../types.h"

/* How a request looks besides order and type. */
enum flavour {
	PLAIN,		/* LOW, then MIN */
	HIGH,		/* half of MIN */
	NOWAIT,		/* may not wait: the highatomic reserve as the last resort */
	ATOMIC,		/* both, and the highatomic reserve first for order > 0 */
	MEMALLOC,	/* no marks at all */
	KSWAPD,		/* would wake kswapd, answers boosts; see reference.c */
	NR_FLAVOURS,
};

struct scenario {
	const char	*name;
	u32		play;			/* pages to play with; the rest is put aside */
	u8		orders[SHB_NR_ORDERS];	/* weights */
	u8		types[SHB_PCPTYPES];	/* weights */
	u8		flavours[NR_FLAVOURS];	/* weights */
	u8		bulk;			/* chance of a bulk instead of one allocation */
	u8		mark;			/* chance of marking a block movable, or no longer */
	u8		permille_drain;		/* chance of a drain, in 1/1000 */
	bool		compacts;		/* nothing of this: the zone is compacted as it is */
	enum { NO_REQUEST, COMPACTION, SLOWPATH } for_request;	/* likewise, but requests need it */
};

static const struct scenario scenarios[] = {
	{
		.name = "movable-only", .play = 8192,
		.orders = { 40, 10, 8, 8, 5, 5, 5, 5, 4, 6, 4 }, .types = { 0, 1, 0 },
		.flavours = { 8, 1, 1, 0, 0, 0 }, .bulk = 3, .permille_drain = 2,
	}, {
		.name = "normal-mixed", .play = 6144,
		.orders = { 40, 12, 8, 8, 6, 5, 4, 4, 3, 6, 4 }, .types = { 3, 4, 2 },
		.flavours = { 8, 1, 1, 1, 0, 2 }, .bulk = 3, .mark = 5, .permille_drain = 2,
	}, {
		.name = "nearly-full", .play = 2048,
		.orders = { 60, 15, 8, 8, 3, 2, 2, 1, 1, 1, 0 }, .types = { 3, 4, 3 },
		.flavours = { 8, 2, 2, 2, 3, 0 }, .bulk = 4, .mark = 8, .permille_drain = 3,
	}, {
		/* Halves of pageblocks and single pages: claims that hang on one page. */
		.name = "claim-edge", .play = 1536,
		.orders = { 60, 2, 1, 1, 0, 0, 0, 0, 50, 4, 0 }, .types = { 3, 4, 3 },
		.flavours = { 6, 1, 1, 1, 4, 0 }, .bulk = 1, .mark = 30, .permille_drain = 5,
	}, {
		.name = "highatomic", .play = 8192,
		.orders = { 20, 20, 15, 15, 8, 6, 4, 4, 3, 3, 2 }, .types = { 3, 3, 2 },
		.flavours = { 4, 1, 3, 8, 1, 0 }, .bulk = 2, .mark = 3, .permille_drain = 2,
	}, {
		.name = "boost", .play = 4096,
		.orders = { 60, 12, 8, 8, 4, 2, 2, 2, 1, 1, 0 }, .types = { 4, 4, 3 },
		.flavours = { 6, 1, 1, 1, 1, 4 }, .bulk = 3, .mark = 8, .permille_drain = 2,
	}, {
		.name = "pcp", .play = 12288,
		.orders = { 50, 20, 15, 15, 0, 0, 0, 0, 0, 3, 0 }, .types = { 3, 4, 2 },
		.flavours = { 8, 1, 1, 0, 0, 0 }, .bulk = 12, .permille_drain = 1,
	}, {
		.name = "merge-9-10", .play = ~0U,
		.orders = { 4, 1, 1, 1, 1, 1, 1, 1, 4, 50, 35 }, .types = { 3, 3, 3 },
		.flavours = { 8, 0, 1, 2, 0, 0 }, .mark = 2, .permille_drain = 20,
	}, {
		.name = "nofragment", .play = 4096,
		.orders = { 50, 15, 10, 10, 4, 3, 3, 2, 1, 3, 2 }, .types = { 4, 4, 3 },
		.flavours = { 8, 1, 1, 1, 0, 3 }, .bulk = 3, .mark = 8, .permille_drain = 2,
	}, {
		.name = "compact-all", .compacts = true,
	}, {
		/* What is asked for; all blocks of the order are taken before. */
		.name = "compact-direct", .for_request = COMPACTION,
		.orders = { 0, 2, 2, 3, 8, 3, 3, 3, 3, 10, 2 }, .types = { 2, 6, 1 },
	}, {
		.name = "slowpath", .for_request = SLOWPATH,
		.orders = { 4, 3, 3, 4, 8, 3, 3, 3, 3, 10, 2 }, .types = { 3, 6, 1 },
	},
};

#endif
