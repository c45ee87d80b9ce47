/* SPDX-License-Identifier: GPL-2.0-only */
/* Measures of fragmentation; see index.c. */
#ifndef SHB_INDEX_H
#define SHB_INDEX_H

#include "types.h"

unsigned long shb_index_blocks(const struct shb_zone *z, int order);
int shb_index_fragmentation(const struct shb_zone *z, int order);
int shb_index_unusable(const struct shb_zone *z, int order);

#endif
