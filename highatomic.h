/* SPDX-License-Identifier: GPL-2.0-only */
/* Pageblocks kept for requests that may not wait; see highatomic.c. */
#ifndef SHB_HIGHATOMIC_H
#define SHB_HIGHATOMIC_H

#include "types.h"

void shb_highatomic_reserve(struct shb_zone *z, u32 i, int order);
bool shb_highatomic_unreserve(struct shb_zone *z, int type, bool force);

#endif
