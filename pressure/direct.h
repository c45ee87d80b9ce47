/* SPDX-License-Identifier: GPL-2.0-only */
/* Compaction for a request; see direct.c. */
#ifndef SHB_DIRECT_H
#define SHB_DIRECT_H

#include "pressure/run.h"

enum shb_compact_result shb_compact_direct(struct shb_state *s, const struct shb_request *r, int order,
					   unsigned int flags, enum shb_compact_priority prio,
					   const struct shb_mover *mover, unsigned long *captured);

#endif
