/* SPDX-License-Identifier: GPL-2.0-only */
/* The files under /sys/kernel/debug/shadowbuddy; see debugfs.c. */
#ifndef SHB_DEBUGFS_H
#define SHB_DEBUGFS_H

#include "types.h"

struct dentry;
struct shb_ctl;
struct shb_file_node;

struct shb_files {
	struct shb_state	*s;
	struct shb_ctl		*ctl;
	struct dentry		*root, *extfrag;
	struct shb_file_node	*nodes;		/* one for each file but ctl */
};

int shb_debugfs_create(struct shb_files *f, struct shb_state *s, struct shb_ctl *ctl);
void shb_debugfs_remove(struct shb_files *f);

#endif
