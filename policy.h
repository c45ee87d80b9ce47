/* SPDX-License-Identifier: GPL-2.0-only */
/* Behaviour profiles; see policy.c. */
#ifndef SHB_POLICY_H
#define SHB_POLICY_H

#include "types.h"

extern const struct shb_policy shb_policies[];
extern const int shb_nr_policies;

const struct shb_policy *shb_policy_find(const char *name);
const struct shb_policy *shb_policy_for(const char *release, bool *exact);

#endif
