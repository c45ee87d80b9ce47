/* SPDX-License-Identifier: GPL-2.0-only */
/* The block a run of compaction waits for; see capture.c. */
#ifndef SHB_COMPACT_CAPTURE_H
#define SHB_COMPACT_CAPTURE_H

#include "pressure/run.h"

void shb_capture_begin(struct shb_compact *c, struct shb_capture *capture, int order);
unsigned long shb_capture_end(struct shb_zone *z, struct shb_capture *capture);
int shb_capture_pin(struct shb_compact *c);
void shb_capture_unpin(struct shb_compact *c);

static inline bool shb_capture_has_block(const struct shb_capture *capture)
{
	return capture && READ_ONCE(capture->block) != SHB_NONE;
}

#endif
