/* SPDX-License-Identifier: GPL-2.0-only */
/* What runs of compaction leave for later ones; see hints.c. */
#ifndef SHB_COMPACT_HINTS_H
#define SHB_COMPACT_HINTS_H

#include "pressure/run.h"

bool shb_hint_skips(const struct shb_compact *c, u32 i);
void shb_hint_set(struct shb_zone *z, u32 i);
bool shb_hint_claim(struct shb_compact *c, u32 first, u32 i);
void shb_hints_raise_migrate(struct shb_compact *c, u32 i);
void shb_hints_lower_free(struct shb_zone *z, long i);
void shb_hints_raise_free(struct shb_zone *z, long i);
void shb_hints_restart(struct shb_zone *z);
void shb_hints_flush(struct shb_zone *z);

bool shb_defer_is_due(struct shb_zone *z, int order);
void shb_defer_more(struct shb_zone *z, int order);
void shb_defer_reset(struct shb_zone *z, int order, bool allocated);
bool shb_defer_is_over(const struct shb_zone *z, int order);

#endif
