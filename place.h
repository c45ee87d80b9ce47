/* SPDX-License-Identifier: GPL-2.0-only */
/* Blocks by place; see place.c. */
#ifndef SHB_PLACE_H
#define SHB_PLACE_H

#include "types.h"

u32 shb_place_head(const struct shb_zone *z, u32 i);
bool shb_place_take(struct shb_zone *z, u32 i, int order);
bool shb_place_shape(struct shb_zone *z, u32 i, int order);
void shb_place_free(struct shb_zone *z, u32 i, int order);
u32 shb_place_count_used(const struct shb_zone *z, u32 i, int order);

#endif
