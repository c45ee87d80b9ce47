/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands for shells and tests; see ctl.c. */
#ifndef SHB_CTL_H
#define SHB_CTL_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "types.h"

#define SHB_CTL_TEXT	4096	/* room for commands, and for an answer */

struct shb_ctl {
	struct mutex		lock;		/* serialises commands; protects all below */
	struct list_head	tags;
	struct shb_state	*s;
	char			said[SHB_CTL_TEXT];	/* by the last call */
};

/* A line of the file tags; lives in seq_file->private. */
struct shb_tag_cursor {
	struct shb_ctl		*ctl;
	struct tag		*tag;
	unsigned long		block;
};

void shb_ctl_init(struct shb_ctl *ctl, struct shb_state *s);
void shb_ctl_exit(struct shb_ctl *ctl);
int shb_ctl_run(struct shb_ctl *ctl, const char *text, size_t len);
int shb_ctl_show(struct shb_ctl *ctl, struct seq_file *m);
extern const struct seq_operations shb_ctl_tags;

#endif
