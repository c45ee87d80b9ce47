/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rooms of all releases: each stands in the file of the release that brought it, and
 * later releases point at it.
 */
#ifndef SHB_ROOMS_H
#define SHB_ROOMS_H

#include "types.h"

extern const struct shb_buddy_rules shb_6_1_buddy, shb_6_12_buddy, shb_7_2_buddy;
extern const struct shb_pcp_rules shb_6_1_pcp, shb_6_12_pcp, shb_7_2_pcp;
extern const struct shb_gate_rules shb_6_1_gate, shb_6_12_gate;
extern const struct shb_marks_rules shb_6_1_marks, shb_6_12_marks;
extern const struct shb_walk_rules shb_6_1_walk, shb_6_12_walk, shb_7_2_walk;
extern const struct shb_slow_rules shb_6_1_slow, shb_7_2_slow;
extern const struct shb_boot_rules shb_6_1_boot, shb_6_12_boot, shb_7_2_boot;

extern const struct shb_profile shb_linux_6_1, shb_linux_6_12, shb_linux_7_2;

/* Small functions more than one release uses. */
bool shb_propose_claim_or_steal(const struct shb_zone *z, struct shb_search *q,
				struct shb_proposal *p);
unsigned long shb_highatomic_percent(const struct shb_zone *z);
int shb_pcp_refill_auto(struct shb_zone *z, struct shb_pcp *pcp, int order);
int shb_pcp_excess_auto(struct shb_zone *z, struct shb_pcp *pcp, bool free_high);

#endif
