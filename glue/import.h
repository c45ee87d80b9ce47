/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a zone of the live kernel; see import.c. */
#ifndef SHB_IMPORT_H
#define SHB_IMPORT_H

#include "snapshot.h"

struct zone;

int shb_import_init(struct shb_snapshot *m, struct zone *zone);
int shb_import_take(struct shb_snapshot *m, struct zone *zone, u64 (*now)(void));
void shb_import_movable(struct shb_snapshot *m, struct zone *zone);

#endif
