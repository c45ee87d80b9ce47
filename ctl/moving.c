// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags as owners of pages that compaction moves: a block that was moved is the same block of the
 * same tag, at another pfn. Commands exclude each other, so a tag only grows during one.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "ctl/internal.h"
#include "pressure/compact.h"

/* A block of a tag, by its pfn as it was when the command began. */
struct shb_owner {
	unsigned long		pfn;
	struct shb_tag_block	*block;
};


static int by_pfn(const void *a, const void *b)
{
	unsigned long x = ((const struct shb_owner *)a)->pfn, y = ((const struct shb_owner *)b)->pfn;

	return x < y ? -1 : x > y;
}

/* What was known before stays known if there is no memory for more. */
static int find_all(struct shb_owners *o)
{
	unsigned long room = 0, nr = 0, k;
	struct shb_owner *list;
	struct shb_tag *t;

	list_for_each_entry(t, &o->ctl->tags, link)
		room += t->nr;
	list = kvmalloc_array(room + 1, sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	list_for_each_entry(t, &o->ctl->tags, link)
		for (k = 0; k < t->nr; k++)
			list[nr++] = (struct shb_owner){ t->blocks[k].pfn, &t->blocks[k] };
	sort(list, nr, sizeof(*list), by_pfn, NULL);
	kvfree(o->list);
	o->list = list;
	o->nr = nr;
	o->moved = false;
	return 0;
}

static struct shb_tag_block *find(const struct shb_owners *o, unsigned long pfn)
{
	unsigned long from = 0, to = o->nr, middle;

	while (from < to) {
		middle = (from + to) / 2;
		if (o->list[middle].pfn < pfn)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == o->nr || o->list[from].pfn != pfn || o->list[from].block->pfn != pfn)
		return NULL;
	return o->list[from].block;
}

/* Others that mark their pages movable are not asked for a new name of them, so theirs stay. */
static bool may_move(void *owners, unsigned long pfn, unsigned int order)
{
	struct shb_owners *o = owners;
	const struct shb_tag_block *b;

	if (!o->list && find_all(o))
		return false;
	b = find(o, pfn);
	if (!b && o->moved && !find_all(o))		/* it may be one that has moved before */
		b = find(o, pfn);
	return b && b->order == order;
}

static void moved(void *owners, unsigned long from, unsigned long to, unsigned int order)
{
	struct shb_owners *o = owners;
	struct shb_tag_block *b = find(o, from);

	WARN_ON_ONCE(!b);
	if (b)
		b->pfn = to;
	o->moved = true;
}

/**
 * shb_ctl_owners_begin() - all tags answer for their pages, for one command
 * @o: out; shb_ctl_owners_end() in any case
 *
 * Blocks are looked for when the first one is to move. Those that tags get meanwhile do not move.
 *
 * Context: process context, holds ctl->lock.
 */
void shb_ctl_owners_begin(struct shb_ctl *ctl, struct shb_owners *o)
{
	*o = (struct shb_owners){ .ctl = ctl, .mover = { .may_move = may_move, .moved = moved, .owners = o } };
}

/**
 * shb_ctl_owners_end() - no page moves any more
 */
void shb_ctl_owners_end(struct shb_owners *o)
{
	kvfree(o->list);
}

static bool has_memory(const struct shb_node *node)
{
	int k;

	for (k = 0; k < SHB_NR_KINDS; k++)
		if (node->zones[k] && node->zones[k]->extent.nr_frames)
			return true;
	return false;
}

/**
 * shb_verb_compact() - compact a node; blocks of tags that are marked movable move
 *
 * Context: process context, holds ctl->lock, allocates.
 * Return: 0 or -errno; what was moved stays moved.
 */
int shb_verb_compact(const struct shb_command *c)
{
	struct shb_owners o;
	int err;

	if (!has_memory(&c->ctl->s->nodes[c->node]))
		return shb_ctl_complain(c->ctl, "compact", "node %d has no memory here", c->node);
	shb_ctl_owners_begin(c->ctl, &o);
	err = find_all(&o) ?: shb_compact_node(c->ctl->s, c->node, &o.mover, c->cpu);
	shb_ctl_owners_end(&o);
	return err;
}
