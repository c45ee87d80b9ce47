/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rooms of all releases: each stands in the file of the release that brought it, and
 * later releases point at it.
 */
#ifndef SHB_ROOMS_H
#define SHB_ROOMS_H

#include "types.h"

extern const struct shb_buddy_rules shb_4_1_buddy, shb_4_14_buddy, shb_5_4_buddy, shb_5_10_buddy, shb_6_1_buddy, shb_6_12_buddy,
	shb_7_2_buddy;
extern const struct shb_pcp_rules shb_4_1_pcp, shb_4_14_pcp, shb_5_4_pcp, shb_5_15_pcp, shb_6_1_pcp, shb_6_12_pcp, shb_7_2_pcp;
extern const struct shb_gate_rules shb_4_1_gate, shb_4_14_gate, shb_5_4_gate, shb_5_10_gate, shb_5_15_gate, shb_6_1_gate,
	shb_6_12_gate;
extern const struct shb_marks_rules shb_4_1_marks, shb_4_14_marks, shb_5_4_marks, shb_5_10_marks, shb_6_12_marks;
extern const struct shb_walk_rules shb_4_1_walk, shb_4_14_walk, shb_5_4_walk, shb_6_1_walk, shb_6_12_walk, shb_7_2_walk;
extern const struct shb_slow_rules shb_4_1_slow, shb_4_14_slow, shb_5_4_slow, shb_5_15_slow, shb_6_1_slow, shb_7_2_slow;
extern const struct shb_boot_rules shb_4_14_boot, shb_6_1_boot, shb_6_12_boot, shb_7_2_boot;
extern const struct shb_compact_rules shb_6_1_compact, shb_6_12_compact, shb_7_2_compact;

extern const struct shb_profile shb_linux_4_1, shb_linux_4_14, shb_linux_5_4, shb_linux_5_10, shb_linux_5_15, shb_linux_6_1,
	 shb_linux_6_12, shb_linux_7_2;

/* Two lists of pageblocks: not movable, and movable. */
#define SHB_PCP_TWO_BIG_LISTS	.nr_lists = SHB_PCP_BIG_LIST + 2, .big_list = { 0, 1, 0 }, .high_orders = true

/* Up to 5.12: three lists, of order 0, and six batches. */
#define SHB_PCP_SIX_BATCHES	.nr_lists = SHB_PCPTYPES, .in_turn = true, .miss_is_final = true,	\
				.surplus_comes_here = true, .six_batches = true, .keeps_type = true,	\
				.refill = shb_pcp_refill_batch, .excess = shb_pcp_excess_batch

/* Small functions more than one release uses. */
bool shb_propose_largest(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p);
unsigned long shb_highatomic_plus_block(const struct shb_zone *z);
int shb_pcp_refill_batch(struct shb_zone *z, struct shb_pcp *pcp, int order);
int shb_pcp_excess_batch(struct shb_zone *z, struct shb_pcp *pcp, bool free_high);
int shb_pcp_excess_doubling(struct shb_zone *z, struct shb_pcp *pcp, int most);
unsigned int shb_grant_harder(const struct shb_request *r, unsigned int flags);
unsigned int shb_nofail_harder(const struct shb_request *r);
unsigned int shb_grant_flags(const struct shb_request *r, unsigned int flags);
unsigned int shb_nofail_reserve(const struct shb_request *r);
bool shb_propose_claim_or_steal(const struct shb_zone *z, struct shb_search *q,
				struct shb_proposal *p);
unsigned long shb_highatomic_percent(const struct shb_zone *z);
int shb_pcp_refill_auto(struct shb_zone *z, struct shb_pcp *pcp, int order);
int shb_pcp_excess_auto(struct shb_zone *z, struct shb_pcp *pcp, bool free_high);

#endif
