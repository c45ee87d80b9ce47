// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags as owners of pages that compaction moves: a block that was moved is the same block of the
 * same tag, at another pfn. Commands exclude each other, so a tag stays as it is during a run.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "ctl/internal.h"
#include "pressure/compact.h"

/* All blocks of all tags, by pfn as they were when the run began. */
struct owner {
	unsigned long		pfn;
	struct shb_tag_block	*block;
};

struct owners {
	struct owner	*list;
	unsigned long	nr;
};

static int by_pfn(const void *a, const void *b)
{
	unsigned long x = ((const struct owner *)a)->pfn, y = ((const struct owner *)b)->pfn;

	return x < y ? -1 : x > y;
}

static int find_all(struct shb_ctl *ctl, struct owners *o)
{
	unsigned long room = 0, k;
	struct shb_tag *t;

	list_for_each_entry(t, &ctl->tags, link)
		room += t->nr;
	o->list = kvmalloc_array(room + 1, sizeof(*o->list), GFP_KERNEL);
	if (!o->list)
		return -ENOMEM;
	list_for_each_entry(t, &ctl->tags, link)
		for (k = 0; k < t->nr; k++)
			o->list[o->nr++] = (struct owner){ t->blocks[k].pfn, &t->blocks[k] };
	sort(o->list, o->nr, sizeof(*o->list), by_pfn, NULL);
	return 0;
}

static struct shb_tag_block *find(const struct owners *o, unsigned long pfn)
{
	unsigned long from = 0, to = o->nr, middle;

	while (from < to) {
		middle = (from + to) / 2;
		if (o->list[middle].pfn < pfn)
			from = middle + 1;
		else
			to = middle;
	}
	return from < o->nr && o->list[from].pfn == pfn ? o->list[from].block : NULL;
}

/* Others that mark their pages movable are not asked for a new name of them, so theirs stay. */
static bool may_move(void *owners, unsigned long pfn, unsigned int order)
{
	const struct shb_tag_block *b = find(owners, pfn);

	return b && b->order == order;
}

static void moved(void *owners, unsigned long from, unsigned long to, unsigned int order)
{
	find(owners, from)->pfn = to;
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
	struct owners o = { };
	const struct shb_mover mover = { .may_move = may_move, .moved = moved, .owners = &o };
	int err;

	if (!has_memory(&c->ctl->s->nodes[c->node]))
		return shb_ctl_complain(c->ctl, "compact", "node %d has no memory here", c->node);
	err = find_all(c->ctl, &o);
	if (!err)
		err = shb_compact_node(c->ctl->s, c->node, &mover, c->cpu);
	kvfree(o.list);
	return err;
}
