/* SPDX-License-Identifier: GPL-2.0-only */
/* The files under /sys/kernel/debug/shadowbuddy; see debugfs.c. */
#ifndef SHB_DEBUGFS_H
#define SHB_DEBUGFS_H

#include "ctl.h"
#include "types.h"

int shb_debugfs_create(struct shb_state *s, struct shb_ctl *ctl);
void shb_debugfs_remove(void);

#endif
