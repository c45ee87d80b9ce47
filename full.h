/* SPDX-License-Identifier: GPL-2.0-only */
/* Zones that had no page lately; see full.c. */
#ifndef SHB_FULL_H
#define SHB_FULL_H

#include "types.h"

bool shb_full_is(const struct shb_state *s, const struct shb_request *r, struct shb_zone **pos);
void shb_full_note(const struct shb_state *s, const struct shb_request *r, struct shb_zone **pos);
void shb_full_forget(struct shb_state *s);

#endif
