/* SPDX-License-Identifier: GPL-2.0-only */
/* State as text: tables of files, each beside its subject. */
#ifndef SHB_SHOW_H
#define SHB_SHOW_H

#include <linux/seq_file.h>

#include "format.h"
#include "names.h"
#include "types.h"
#include "walk.h"

struct shb_ctl;
struct shb_tag;

/*
 * A file: its text in one go, or, where it may be long, line after line. A name with a
 * slash lies in a directory. Tables end with an empty row.
 */
struct shb_show_file {
	const char	*name;
	int		(*show)(struct shb_state *s, struct seq_file *m);
	const struct seq_operations *list;	/* seq_file->private is a struct shb_show_cursor */
};

extern const struct shb_show_file shb_show_kernel_files[];	/* kernel.c */
extern const struct shb_show_file shb_show_own_files[];		/* own.c */
extern const struct shb_show_file shb_show_list_files[];	/* lists.c */
extern const struct shb_show_file shb_show_machine_files[];	/* machine.c */

/* Where a long file is. */
struct shb_show_cursor {
	struct shb_state *s;
	int		zone;
	u32		index;		/* of the line's frame, where lines are steps */
	struct shb_walk	walk;		/* where they are blocks of lists; z NULL: zone not begun */
	u32		blocks;		/* of this list so far */
	bool		torn;		/* the zone changed while this list was read */

	struct shb_ctl	*ctl;		/* whose tags; see ctl/tags.c */
	struct shb_tag	*tag;
	unsigned long	block;		/* of the tag */
};

int shb_show_buddyinfo(struct shb_state *s, struct seq_file *m);
int shb_show_pagetypeinfo(struct shb_state *s, struct seq_file *m);
int shb_show_zoneinfo(struct shb_state *s, struct seq_file *m);
int shb_show_unusable_index(struct shb_state *s, struct seq_file *m);
int shb_show_extfrag_index(struct shb_state *s, struct seq_file *m);
int shb_show_vmstat(struct shb_state *s, struct seq_file *m);
int shb_show_pcp(struct shb_state *s, struct seq_file *m);
int shb_show_zonelists(struct shb_state *s, struct seq_file *m);
int shb_show_meta(struct shb_state *s, struct seq_file *m);
int shb_show_policy(struct shb_state *s, struct seq_file *m);
int shb_show_fail_page_alloc(struct shb_state *s, struct seq_file *m);
int shb_show_selfcheck(struct shb_state *s, struct seq_file *m);
int shb_show_machine(struct shb_state *s, struct seq_file *m);
int shb_show_snapshot(struct shb_state *s, struct seq_file *m);

extern const struct seq_operations shb_show_freelists;
extern const struct seq_operations shb_show_pageblocks;
extern const struct seq_operations shb_show_carve;

/* "Node 0, zone   Normal " */
static inline void shb_show_where(struct seq_file *m, const struct shb_zone *z)
{
	seq_printf(m, "Node %d, zone %8s ", z->nid, shb_kind_name(z->kind));
}

/* Has the running kernel's format a row for this migratetype? */
static inline bool shb_show_has_type(const struct shb_state *s, int type)
{
	return s->format->types & BIT(type);
}

/* What a zone on paper would have free is what it manages. */
static inline unsigned long shb_show_free(const struct shb_zone *z)
{
	return z->extent.nr_granules ? READ_ONCE(z->buddy.free_pages) : z->extent.managed;
}

#endif
