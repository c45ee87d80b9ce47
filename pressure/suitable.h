/* SPDX-License-Identifier: GPL-2.0-only */
/* Is compaction worth while; see suitable.c. */
#ifndef SHB_SUITABLE_H
#define SHB_SUITABLE_H

#include "pressure/run.h"

enum shb_compact_result shb_suitable(const struct shb_zone *z, const struct shb_compact_goal *g);
bool shb_suitable_with(const struct shb_zone *z, int order, int highest, unsigned int flags, long free);
bool shb_suitable_has_block(const struct shb_zone *z, int order, int type);
unsigned long shb_compact_gap(const struct shb_zone *z, int order);

#endif
