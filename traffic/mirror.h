/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own pages, followed; see mirror.c. */
#ifndef SHB_MIRROR_H
#define SHB_MIRROR_H

#include "types.h"

struct shb_record;

void shb_mirror_init(struct shb_state *s);
u32 shb_mirror_used(const struct shb_state *s, unsigned long pfn, int order);
bool shb_mirror_take(struct shb_state *s, unsigned long pfn, int order);
bool shb_mirror_free(struct shb_state *s, unsigned long pfn, int order);
void shb_mirror_fall_back(struct shb_state *s, const struct shb_record *r);
bool shb_mirror_has(const struct shb_state *s, unsigned long pfn, int order);

#endif
