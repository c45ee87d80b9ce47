/* SPDX-License-Identifier: GPL-2.0-only */
/* Free blocks taken to move something to; see staging.c. */
#ifndef SHB_STAGING_H
#define SHB_STAGING_H

#include "pressure/run.h"

void shb_staged_init(struct shb_targets *t);
void shb_staged_push(struct shb_compact *c, u32 i, int order);
u32 shb_staged_pop(struct shb_compact *c, int order);
bool shb_compact_is_hole(const struct shb_zone *z, u32 i);
bool shb_stage_is_suitable(const struct shb_compact *c, u32 i);
bool shb_stage_block(struct shb_compact *c, u32 i);
u32 shb_stage_range(struct shb_compact *c, u32 *at, u32 end, u32 stride);

#endif
