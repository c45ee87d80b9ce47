/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of compaction, what it is for, and who it has to do with. */
#ifndef SHB_RUN_H
#define SHB_RUN_H

#include "types.h"

#define SHB_COMPACT_CLUSTER_MAX	32	/* pages to move before the scanner rests */
#define SHB_COMPACT_WHOLE	(-1)	/* order of a run for the zone's own sake */

/* How much a run waits for others (MIGRATE_*). */
enum shb_compact_mode { SHB_MIGRATE_ASYNC, SHB_MIGRATE_SYNC_LIGHT, SHB_MIGRATE_SYNC };

/* How hard a request tries (COMPACT_PRIO_*): smaller is harder. */
enum shb_compact_priority { SHB_COMPACT_SYNC_FULL, SHB_COMPACT_SYNC_LIGHT, SHB_COMPACT_ASYNC };

/*
 * Who answers for the owners of pages marked movable. Called in process context, without a lock
 * of the zone.
 * @may_move: from a yes to the end of the run the owner neither frees nor changes the block
 * @moved: its contents and its owner's name for it are at @to from here on
 */
struct shb_mover {
	bool	(*may_move)(void *owners, unsigned long pfn, unsigned int order);
	void	(*moved)(void *owners, unsigned long from, unsigned long to, unsigned int order);
	void	*owners;
};

/* What a run is for, and how it goes about it (the caller's part of compact_control). */
struct shb_compact_goal {
	int			order;		/* of the block that is wanted, or SHB_COMPACT_WHOLE */
	u8			type, highest;	/* of the request: enum shb_type, enum shb_kind */
	unsigned int		flags;		/* of the request, SHB_ALLOC_* */
	enum shb_compact_mode	mode;
	bool			direct;		/* a request waits for it */
	bool			whole;		/* from end to end, not from where earlier runs came to */
	bool			ignores_hints;	/* of earlier runs */
	bool			ignores_types;	/* targets may be in any pageblock */
};

/* Free blocks that were taken as targets, a list for each order, linked by frame.next. */
struct shb_targets {
	u32		first[SHB_NR_ORDERS], last[SHB_NR_ORDERS];
	unsigned long	pages;
};

struct shb_compact {
	struct shb_zone		*z;
	const struct shb_mover	*mover;
	struct shb_compact_goal	goal;
	int			cpu;		/* whose lists get what was moved away; as host->pin() */
	struct shb_capture	*capture;	/* NULL: no block is waited for */
	enum shb_compact_result	result;
	bool			whole;		/* it begins where sources begin */
	bool			pulls_sync;	/* asynchronous, and nothing found yet: synchronous runs begin there, too */

	u32			migrate, free;	/* frames the two scanners look at next */
	long			last_migrated;	/* frame in the pageblock of the last batch; negative: none */
	bool			finish_block;	/* take all of the pageblock, not only a batch */

	unsigned int		fast_failures;	/* searches of the free lists that found nothing, in a row */
	int			search_order;	/* where the next one for targets begins */
	long			fast_start;	/* lowest source found that way; SHB_NO_POSITION: none */
	bool			fast_start_used;

	u32			sources[SHB_PAGEBLOCK_PAGES];	/* the last found is moved first */
	u32			target_of[SHB_PAGEBLOCK_PAGES];
	unsigned int		nr_sources;
	unsigned long		wanted;		/* pages that need a target */
	struct shb_targets	targets;

	unsigned long		migrate_scanned, free_scanned, isolated, moved;	/* pages */
};

static inline u32 shb_pageblock_start(u32 i)
{
	return i & ~(SHB_PAGEBLOCK_PAGES - 1);
}

/* Which stops at the first page that stays, because then its range cannot become free. */
static inline bool shb_compact_is_hasty(const struct shb_compact *c)
{
	return c->goal.direct && c->goal.mode == SHB_MIGRATE_ASYNC;
}

/* The end of the range that becomes the wanted block. */
static inline u32 shb_compact_range_end(const struct shb_compact *c, u32 i)
{
	return (i | ((1U << c->goal.order) - 1)) + 1;
}

#endif
