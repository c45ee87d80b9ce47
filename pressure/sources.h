/* SPDX-License-Identifier: GPL-2.0-only */
/* What compaction moves; see sources.c. */
#ifndef SHB_SOURCES_H
#define SHB_SOURCES_H

#include "pressure/run.h"

bool shb_sources_find(struct shb_compact *c);
void shb_sources_put_back(struct shb_compact *c);

#endif
