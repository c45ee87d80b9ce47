/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ctl/ share: a command as data, tables of keys and verbs, tags.
 *
 *     text --language.c--> words --keys.c--> command --verbs.c--> done, or undone
 */
#ifndef SHB_CTL_INTERNAL_H
#define SHB_CTL_INTERNAL_H

#include <linux/nodemask.h>

#include "ctl/ctl.h"
#include "pressure/run.h"

#define SHB_TAG_NAME	32

/* The words a command may have. */
enum shb_word {
	SHB_TAG, SHB_ORDER, SHB_GFP, SHB_NODE, SHB_NODES, SHB_COUNT, SHB_CPU, SHB_PFN, SHB_OFF,
	SHB_COLD, SHB_KNOB, SHB_NR_KEYS
};

struct shb_command {
	const struct shb_verb	*verb;
	unsigned int	given;		/* bit by enum shb_word */
	char		tag[SHB_TAG_NAME];
	unsigned int	order;
	gfp_t		gfp;
	int		node;
	nodemask_t	nodes;
	unsigned long	count;
	int		cpu;
	unsigned long	pfn;
	int		knob;
	const char	*value;
	const char	*words;		/* all behind the verb, where that is for it to understand */
	char		bad[40];	/* the part of a word that was wrong, if it is not all of it */
	struct shb_ctl	*ctl;
};

/* How a word is written, what is accepted for it, and where it goes; one without parse is all there is. */
struct shb_key {
	const char	*name, *accepts;
	int		(*parse)(const struct shb_state *s, struct shb_command *c, char *value);
};

extern const struct shb_key shb_keys[SHB_NR_KEYS];

/* What a command needs and takes, bit by enum shb_word, and does. */
struct shb_verb {
	const char	*name;
	unsigned int	needs, takes;
	bool		on_cpu;		/* cpu= says where it runs */
	int		(*run)(const struct shb_command *c);
	const char	*words;		/* what its words look like, where they are its own */
	int		(*check)(const struct shb_command *c);	/* of these words */
};

extern const struct shb_verb shb_verbs[];	/* ends with an empty row */

#define SHB_COUNT_MAX	(1UL << 26)

/* Blocks that were allocated through here, under a name, in the order they came. */
struct shb_tag_block {
	unsigned long	pfn;
	unsigned int	order;
};

struct shb_tag {
	struct list_head	link;
	char			name[SHB_TAG_NAME];
	struct shb_tag_block	*blocks;
	unsigned long		nr, room;
};

struct shb_tag *shb_tag_find(struct shb_ctl *ctl, const char *name);
struct shb_tag *shb_tag_get(struct shb_ctl *ctl, const char *name);
void shb_tag_put_empty(struct shb_tag *t);
int shb_tag_reserve(struct shb_tag *t, unsigned long more);

int shb_verb_check_follow(const struct shb_command *c);
int shb_verb_follow(const struct shb_command *c);
int shb_verb_check_candidate(const struct shb_command *c);
int shb_verb_candidate(const struct shb_command *c);
/* The owners of pages that move, for one command; see moving.c. */
struct shb_owner;
struct shb_owners {
	struct shb_ctl		*ctl;
	struct shb_mover	mover;
	struct shb_owner	*list;		/* NULL: nobody has been asked yet */
	unsigned long		nr;
	bool			moved;		/* blocks have, since the list was made */
};

void shb_ctl_owners_begin(struct shb_ctl *ctl, struct shb_owners *o);
void shb_ctl_owners_end(struct shb_owners *o);
int shb_verb_compact(const struct shb_command *c);
void shb_verb_undo_alloc(const struct shb_command *c, struct shb_tag *t, unsigned long nr);

__printf(2, 3) void shb_ctl_say(struct shb_ctl *ctl, const char *fmt, ...);
__printf(3, 4) int shb_ctl_complain(struct shb_ctl *ctl, const char *word, const char *fmt, ...);
void shb_ctl_say_help(struct shb_ctl *ctl);

static inline bool shb_command_has(const struct shb_command *c, enum shb_word word)
{
	return c->given & BIT(word);
}

#endif
