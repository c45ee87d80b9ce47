/* SPDX-License-Identifier: GPL-2.0-only */
/* Which migratetype serves a request when its own lists are empty; see fallback.c. */
#ifndef SHB_FALLBACK_H
#define SHB_FALLBACK_H

#include "types.h"

u32 shb_fallback_claim_steal(struct shb_zone *z, int order, int type, unsigned int flags,
			     enum shb_rmqueue_mode *mode);
u32 shb_fallback_steal_retry(struct shb_zone *z, int order, int type, unsigned int flags,
			     enum shb_rmqueue_mode *mode);
u32 shb_fallback_rmqueue(struct shb_zone *z, int order, int type, unsigned int flags);

void shb_highatomic_reserve(struct shb_zone *z, u32 i, int order);
bool shb_highatomic_unreserve(struct shb_zone *z, int type, bool force);

int shb_fragmentation_index(const struct shb_zone *z, int order);
int shb_unusable_index(const struct shb_zone *z, int order);
unsigned long shb_zone_nr_order(const struct shb_zone *z, int order);

#endif
