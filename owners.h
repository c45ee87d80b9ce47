/* SPDX-License-Identifier: GPL-2.0-only */
/* Who has the blocks that are out; see owners.c. */
#ifndef SHB_OWNERS_H
#define SHB_OWNERS_H

#include "types.h"

void *shb_owner_address(u32 owner);
unsigned long shb_owners_report(const struct shb_state *s);

#endif
