/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands for shells and tests; see ctl.c. */
#ifndef SHB_CTL_H
#define SHB_CTL_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "types.h"

struct shb_ctl {
	struct mutex		lock;		/* serialises commands; protects tags */
	struct list_head	tags;
	struct shb_state	*s;
};

void shb_ctl_init(struct shb_ctl *ctl, struct shb_state *s);
void shb_ctl_exit(struct shb_ctl *ctl);
int shb_ctl_run(struct shb_ctl *ctl, const char *text);
int shb_ctl_show_tags(struct shb_ctl *ctl, struct seq_file *m);

#endif
