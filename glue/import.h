/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a zone of the live kernel; see import.c. */
#ifndef SHB_IMPORT_H
#define SHB_IMPORT_H

#include "snapshot.h"

struct zone;

/* Of a zone that is copied piece by piece: what the snapshot has no place for. */
struct shb_import_scan {
	u64		*moments;	/* by granule: when it was looked at */
	unsigned long	*kept;		/* bit by page: on a cpu's list, before the first moment */
	u8		*found;		/* by page: the free block that begins there */
	u64		held;		/* ns: the longest that a lock was held */
};

int shb_import_init(struct shb_snapshot *m, struct zone *zone);
int shb_import_take(struct shb_snapshot *m, struct zone *zone, u64 (*now)(void));
unsigned long shb_import_blocks(const struct zone *zone);
int shb_import_scan(struct shb_snapshot *m, struct zone *zone, u64 (*now)(void),
		    struct shb_import_scan *scan);
void shb_import_scan_free(struct shb_import_scan *scan);
void shb_import_movable(struct shb_snapshot *m, struct zone *zone);

#endif
