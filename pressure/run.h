/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of compaction, and who it has to do with. */
#ifndef SHB_RUN_H
#define SHB_RUN_H

#include "types.h"

#define SHB_COMPACT_CLUSTER_MAX	32	/* pages to move before the scanner rests */

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

/* Free blocks that were taken as targets, a list for each order, linked by frame.next. */
struct shb_targets {
	u32		first[SHB_NR_ORDERS], last[SHB_NR_ORDERS];
	unsigned long	pages;
};

struct shb_compact {
	struct shb_zone		*z;
	const struct shb_mover	*mover;
	int			cpu;		/* whose lists get what was moved away; as host->pin() */
	enum shb_compact_result	result;

	u32			migrate, free;	/* frames the two scanners look at next */
	unsigned long		last_migrated;	/* pfn in the pageblock of the last batch; 0: none */
	bool			finish_block;	/* take all of the pageblock, not only a batch */

	u32			sources[SHB_PAGEBLOCK_PAGES];	/* the last found is moved first */
	u32			target_of[SHB_PAGEBLOCK_PAGES];
	unsigned int		nr_sources;
	unsigned long		wanted;		/* pages that need a target */
	struct shb_targets	targets;

	unsigned long		migrate_scanned, free_scanned, isolated, moved;	/* pages */
};

#endif
