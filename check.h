/* SPDX-License-Identifier: GPL-2.0-only */
/* Proof that lists, counts, types and frames of a state agree; see check.c. */
#ifndef SHB_CHECK_H
#define SHB_CHECK_H

#include "types.h"

#define SHB_CHECK_LINES	16

/* Contradictions found: all are counted, the first ones kept as text. */
struct shb_check {
	int	nr;
	char	text[SHB_CHECK_LINES][120];
};

void shb_check_zone(struct shb_zone *z, struct shb_check *c);
void shb_check_pcp(struct shb_zone *z, int cpu, struct shb_check *c);
void shb_check_pcp_totals(struct shb_zone *z, struct shb_check *c);
void shb_check_rules(const struct shb_state *s, struct shb_check *c);
void shb_check_state(struct shb_state *s, struct shb_check *c);

#endif
