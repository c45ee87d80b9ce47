/* SPDX-License-Identifier: GPL-2.0-only */
/* The files under /sys/kernel/debug/shadowbuddy; see debugfs.c. */
#ifndef SHB_DEBUGFS_H
#define SHB_DEBUGFS_H

#include "types.h"

struct dentry;
struct shb_follow;
struct shb_ctl;
struct shb_file_node;

struct shb_files {
	struct shb_state	*s;
	struct shb_ctl		*ctl;
	struct shb_follow	*follow;
	struct mutex		*quiet;		/* held while a file is made; NULL: need not be */
	struct dentry		*root, *extfrag;
	struct shb_file_node	*nodes;		/* one for each file but ctl */

	/* While the kernel is followed: directories of the mirror, the candidates, the predictor. */
	struct dentry		*mirror, *candidates, *predictor;
	struct shb_files	*states;	/* in this order */
	int			nr_states;
};

int shb_debugfs_create(struct shb_files *f, struct shb_state *s, struct shb_ctl *ctl,
		       struct shb_follow *follow);
void shb_debugfs_remove(struct shb_files *f);
void shb_debugfs_add_states(struct shb_files *f);
void shb_debugfs_remove_states(struct shb_files *f);

#endif
