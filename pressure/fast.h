/* SPDX-License-Identifier: GPL-2.0-only */
/* Sources and targets by way of the free lists; see fast.c. */
#ifndef SHB_FAST_H
#define SHB_FAST_H

#include "pressure/run.h"

u32 shb_fast_source(struct shb_compact *c);
void shb_fast_targets(struct shb_compact *c);

#endif
