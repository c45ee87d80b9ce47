/* SPDX-License-Identifier: GPL-2.0-only */
/* Compaction of a zone; see compact.c. */
#ifndef SHB_COMPACT_H
#define SHB_COMPACT_H

#include "pressure/run.h"

extern const struct shb_compact_goal shb_compact_whole_zone;

struct shb_compact *shb_compact_begin(struct shb_zone *z, const struct shb_compact_goal *goal,
				      const struct shb_mover *mover, int cpu);
bool shb_compact_step(struct shb_compact *c);
void shb_compact_end(struct shb_compact *c);
int shb_compact_node(struct shb_state *s, int nid, const struct shb_mover *mover, int cpu);

#endif
