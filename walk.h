/* SPDX-License-Identifier: GPL-2.0-only */
/* Long walks over a zone, piece by piece; see walk.c. */
#ifndef SHB_WALK_H
#define SHB_WALK_H

#include "types.h"

/* What one piece may visit: some ten microseconds when each is a cache miss. */
#define SHB_WALK_BLOCKS		128
#define SHB_WALK_GRANULES	4	/* from frame to frame, which is 4 to a miss */

struct shb_walk {
	struct shb_zone	*z;
	unsigned long	irq;
	u64		generation;	/* of the zone when it was left last */
	int		order, type;	/* which list */
	u32		block;		/* the last one visited on it; SHB_NONE: none yet */
};

void shb_walk_start(struct shb_walk *w, struct shb_zone *z);
bool shb_walk_lock(struct shb_walk *w);
void shb_walk_unlock(struct shb_walk *w);
bool shb_walk_next_list(struct shb_walk *w);
bool shb_walk_on_list(const struct shb_walk *w);
u32 shb_walk_next_block(const struct shb_walk *w);

#endif
