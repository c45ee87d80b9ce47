/* SPDX-License-Identifier: GPL-2.0-only */
/* State as text; see show.c. */
#ifndef SHB_SHOW_H
#define SHB_SHOW_H

#include <linux/seq_file.h>

#include "types.h"
#include "walk.h"

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
	int		zone;
	u32		index;		/* of the line's frame, where lines are steps */
	struct shb_walk	walk;		/* where they are blocks of lists; z NULL: zone not begun */
	u32		blocks;		/* of this list so far */
	bool		torn;		/* the zone changed while this list was read */
};

#endif
