/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands for shells and tests; see language.c. */
#ifndef SHB_CTL_H
#define SHB_CTL_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "show/show.h"
#include "types.h"

#define SHB_CTL_TEXT	4096	/* room for commands, and for an answer */

struct shb_follow;

/* How to follow. */
#define SHB_FOLLOW_RECORD	1	/* write a recording */
#define SHB_FOLLOW_PREDICT	2	/* say each page before it is told */
#define SHB_FOLLOW_EVIDENCE	4	/* with what goes on between the kernel's lists */
#define SHB_FOLLOW_SLICES	8	/* copy all zones piece by piece, not only the large ones */

/* Who follows the live kernel, where there is one; see glue/follow.c. */
struct shb_follow_ops {
	int	(*on)(struct shb_follow *f, unsigned int how, const char *tunables, char *error);
	int	(*off)(struct shb_follow *f);
	int	(*audit)(struct shb_follow *f, bool repair, char *said, size_t size);
	int	(*candidate)(struct shb_follow *f, const char *words, char *error);
};

struct shb_ctl {
	struct mutex		lock;		/* serialises commands; protects all below */
	struct list_head	tags;
	struct shb_state	*s;
	struct shb_follow	*follow;
	const struct shb_follow_ops *follow_ops;	/* NULL: there is no live kernel */
	char			said[SHB_CTL_TEXT];	/* by the last call */
};

extern const struct shb_show_file shb_ctl_files[];	/* tags.c */

void shb_ctl_init(struct shb_ctl *ctl, struct shb_state *s);
void shb_ctl_exit(struct shb_ctl *ctl);
int shb_ctl_check(struct shb_ctl *ctl, const char *text, size_t len);
int shb_ctl_run(struct shb_ctl *ctl, const char *text, size_t len);
int shb_ctl_show(struct shb_ctl *ctl, struct seq_file *m);

#endif
