/* SPDX-License-Identifier: GPL-2.0-only */
/* State as text; see show.c. */
#ifndef SHB_SHOW_H
#define SHB_SHOW_H

#include <linux/seq_file.h>

#include "types.h"

int shb_show_buddyinfo(struct shb_state *s, struct seq_file *m);
int shb_show_pagetypeinfo(struct shb_state *s, struct seq_file *m);
int shb_show_zoneinfo(struct shb_state *s, struct seq_file *m);
int shb_show_unusable_index(struct shb_state *s, struct seq_file *m);
int shb_show_extfrag_index(struct shb_state *s, struct seq_file *m);
int shb_show_vmstat(struct shb_state *s, struct seq_file *m);
int shb_show_pcp(struct shb_state *s, struct seq_file *m);
int shb_show_zonelists(struct shb_state *s, struct seq_file *m);
int shb_show_meta(struct shb_state *s, struct seq_file *m);
int shb_show_selfcheck(struct shb_state *s, struct seq_file *m);

extern const struct seq_operations shb_show_freelists;
extern const struct seq_operations shb_show_pageblocks;
extern const struct seq_operations shb_show_carve;

/* Where a long listing is; lives in seq_file->private. */
struct shb_show_cursor {
	struct shb_state *s;
	int	zone;
	int	order, type;
	u32	index;
	bool	torn;		/* the list changed while it was read */
};

#endif
