/* SPDX-License-Identifier: GPL-2.0-only */
/* A pageblock out of circulation, and back; see isolate.c. */
#ifndef SHB_ISOLATE_H
#define SHB_ISOLATE_H

#include "types.h"

int shb_isolate_pageblock(struct shb_zone *z, u32 i);
int shb_unisolate_pageblock(struct shb_zone *z, u32 i);

#endif
