/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of a policy's profile; see asking.c. */
#ifndef SHB_ASKING_H
#define SHB_ASKING_H

#include "types.h"

bool shb_asking_propose(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p);
int shb_asking_refill(struct shb_zone *z, struct shb_pcp *pcp, int order);
int shb_asking_excess(struct shb_zone *z, struct shb_pcp *pcp, bool free_high);

#endif
