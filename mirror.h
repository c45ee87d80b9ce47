/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a zone of the live kernel; see mirror.c. */
#ifndef SHB_MIRROR_H
#define SHB_MIRROR_H

#include "snapshot.h"

struct zone;

int shb_mirror_init(struct shb_snapshot *m, struct zone *zone);
int shb_mirror_take(struct shb_snapshot *m, struct zone *zone);
void shb_mirror_movable(struct shb_snapshot *m, struct zone *zone);

#endif
