/* SPDX-License-Identifier: GPL-2.0-only */
/* The fair policy of 4.1: zones of a node take turns; see fair.c. */
#ifndef SHB_FAIR_H
#define SHB_FAIR_H

#include "types.h"

void shb_fair_begin(struct shb_zone *z);
void shb_fair_charge(struct shb_zone *z, int order);
void shb_fair_refill(struct shb_state *s, const struct shb_zone *preferred);

/* Has the zone had its turn? */
static inline bool shb_fair_depleted(const struct shb_zone *z)
{
	return test_bit(SHB_ZONE_FAIR_DEPLETED, &z->flags);
}

#endif
