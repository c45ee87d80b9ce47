// SPDX-License-Identifier: GPL-2.0-only
/* Tags: names for blocks that were allocated by commands, and the file that lists them. */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ctl/internal.h"
#include "names.h"

/**
 * shb_tag_find() - the tag of a name
 *
 * Context: holds ctl->lock, like all of these.
 * Return: the tag, or NULL.
 */
struct shb_tag *shb_tag_find(struct shb_ctl *ctl, const char *name)
{
	struct shb_tag *t;

	list_for_each_entry(t, &ctl->tags, link)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

/**
 * shb_tag_get() - the tag of a name, made when there is none
 *
 * Context: holds ctl->lock; allocates.
 * Return: the tag, or NULL.
 */
struct shb_tag *shb_tag_get(struct shb_ctl *ctl, const char *name)
{
	struct shb_tag *t = shb_tag_find(ctl, name);

	if (t)
		return t;
	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return NULL;
	strscpy(t->name, name, sizeof(t->name));
	list_add_tail(&t->link, &ctl->tags);
	return t;
}

/**
 * shb_tag_put_empty() - forget a tag that holds nothing
 * @t: tag, kept if it holds a block
 *
 * Context: holds ctl->lock.
 */
void shb_tag_put_empty(struct shb_tag *t)
{
	if (t->nr)
		return;
	list_del(&t->link);
	kvfree(t->blocks);
	kfree(t);
}

/**
 * shb_tag_reserve() - room for more blocks, so that recording one cannot fail
 * @t: tag
 *
 * Context: holds ctl->lock; allocates.
 * Return: 0 or -ENOMEM.
 */
int shb_tag_reserve(struct shb_tag *t, unsigned long more)
{
	unsigned long room = t->nr + more;
	struct shb_tag_block *blocks;

	if (room <= t->room)
		return 0;
	blocks = kvmalloc_array(room, sizeof(*blocks), GFP_KERNEL);
	if (!blocks)
		return -ENOMEM;
	if (t->nr)
		memcpy(blocks, t->blocks, t->nr * sizeof(*blocks));
	kvfree(t->blocks);
	t->blocks = blocks;
	t->room = room;
	return 0;
}

/* Line @pos of the file tags: stands on a block, or nowhere behind the last. */
static struct shb_show_cursor *tags_seek(struct shb_show_cursor *c, loff_t pos)
{
	list_for_each_entry(c->tag, &c->ctl->tags, link) {
		c->block = pos;
		if (pos < c->tag->nr)
			return c;
		pos -= c->tag->nr;
	}
	return NULL;
}

static void *tags_start(struct seq_file *m, loff_t *pos)
{
	struct shb_show_cursor *c = m->private;

	mutex_lock(&c->ctl->lock);
	return tags_seek(c, *pos);
}

static void *tags_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct shb_show_cursor *c = v;

	++*pos;
	if (++c->block < c->tag->nr)
		return c;
	c->block = 0;
	c->tag = list_next_entry(c->tag, link);
	return list_entry_is_head(c->tag, &c->ctl->tags, link) ? NULL : c;
}

static void tags_stop(struct seq_file *m, void *v)
{
	struct shb_show_cursor *c = m->private;

	mutex_unlock(&c->ctl->lock);
}

static int tags_show(struct seq_file *m, void *v)
{
	const struct shb_show_cursor *c = v;
	const struct shb_tag_block *b = &c->tag->blocks[c->block];
	struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(c->ctl->s, b->pfn, &i);
	seq_printf(m, "%s pfn %#lx order %u node %d zone %s block %s%s\n", c->tag->name, b->pfn,
		   b->order, z->nid, shb_kind_name(z->kind), shb_type_name(shb_block_type(z, i)),
		   z->frames[i].flags & SHB_FRAME_MOVABLE ? " movable" : "");
	return 0;
}

/* Every block of every tag, in the order they came. No command runs while a piece is printed. */
static const struct seq_operations tags_list = {
	.start = tags_start, .next = tags_next, .stop = tags_stop, .show = tags_show,
};

const struct shb_show_file shb_ctl_files[] = {
	{ "tags", .list = &tags_list },
	{ }
};
