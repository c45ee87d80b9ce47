/* SPDX-License-Identifier: GPL-2.0-only */
/* Where compaction moves pages to; see targets.c. */
#ifndef SHB_TARGETS_H
#define SHB_TARGETS_H

#include "pressure/run.h"

u32 shb_target_take(struct shb_compact *c, int order);
void shb_target_put_back(struct shb_compact *c, u32 i);
long shb_targets_release(struct shb_compact *c);

static inline bool shb_compact_scanners_met(const struct shb_compact *c)
{
	return c->free >> SHB_PAGEBLOCK_ORDER <= c->migrate >> SHB_PAGEBLOCK_ORDER;
}

#endif
