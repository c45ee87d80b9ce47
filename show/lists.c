// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that grow with the memory: freelists, pageblocks, carve. They are read in pieces;
 * each piece takes the zone lock for itself, and a list that changes in between says so.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "names.h"
#include "quarantine.h"
#include "show/show.h"
#include "walk.h"
#include "zones.h"

static struct shb_zone *cursor_zone(const struct shb_show_cursor *c)
{
	return c->zone < c->s->nr_zones ? c->s->zones[c->zone] : NULL;
}

/*
 * Step to the following block of the list. Where the zone changed meanwhile, the list is
 * torn: the block may have left it, and taken the way to the rest along, or stand in
 * another place. It is followed as long as that is possible, and no longer than it has
 * blocks.
 */
static bool step_block(struct shb_show_cursor *c)
{
	struct shb_walk *w = &c->walk;

	if (!shb_walk_lock(w) && w->block != SHB_NONE)
		c->torn = true;
	if (!shb_walk_on_list(w) || c->blocks++ > w->z->buddy.blocks[w->type][w->order])
		w->block = SHB_NONE;
	else
		w->block = shb_walk_next_block(w);
	shb_walk_unlock(w);
	return w->block != SHB_NONE;
}

static void *freelists_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct shb_show_cursor *c = m->private;
	struct shb_zone *z;
	bool leave = c->torn && c->walk.block == SHB_NONE;	/* its line is out */

	(*pos)++;
	for (; (z = cursor_zone(c)); c->zone++, c->walk.z = NULL) {
		if (!c->walk.z)
			shb_walk_start(&c->walk, z);
		do {
			if (!leave && (step_block(c) || c->torn))
				return c;
			leave = false;
			c->torn = false;
			c->blocks = 0;
		} while (shb_walk_next_list(&c->walk));
	}
	return NULL;
}

/* Readers go forward only; the cursor stays where the last buffer ended. */
static void *listing_start(struct seq_file *m, loff_t *pos, struct shb_show_cursor *c,
			   void *(*next)(struct seq_file *, void *, loff_t *))
{
	loff_t dummy = 0;

	if (*pos)
		return cursor_zone(c) ? c : NULL;
	*c = (struct shb_show_cursor){ .s = c->s, .index = SHB_NONE };
	return next(m, c, &dummy);
}

static void *freelists_start(struct seq_file *m, loff_t *pos)
{
	return listing_start(m, pos, m->private, freelists_next);
}

static void listing_stop(struct seq_file *m, void *v)
{
}

static int freelists_show(struct seq_file *m, void *v)
{
	const struct shb_show_cursor *c = m->private;
	const struct shb_walk *w = &c->walk;

	if (w->block == SHB_NONE) {
		seq_puts(m, "# a list changed while it was read\n");
		return 0;
	}
	shb_show_where(m, w->z);
	seq_printf(m, "type %12s order %2d pfn %#lx\n", shb_type_name(w->type), w->order,
		   shb_pfn_of(w->z, w->block));
	return 0;
}

/* Every free block in list order. */
const struct seq_operations shb_show_freelists = {
	.start = freelists_start, .next = freelists_next, .stop = listing_stop,
	.show = freelists_show,
};

/* Zones in steps of @step frames. */
static void *steps_next(struct shb_show_cursor *c, loff_t *pos, u32 step)
{
	struct shb_zone *z;

	(*pos)++;
	c->index = c->index == SHB_NONE ? 0 : c->index + step;
	while ((z = cursor_zone(c)) && c->index >= z->extent.nr_frames) {
		c->zone++;
		c->index = 0;
	}
	return z ? c : NULL;
}

static void *pageblocks_next(struct seq_file *m, void *v, loff_t *pos)
{
	return steps_next(m->private, pos, SHB_PAGEBLOCK_PAGES);
}

static void *pageblocks_start(struct seq_file *m, loff_t *pos)
{
	return listing_start(m, pos, m->private, pageblocks_next);
}

/* Free pages of a pageblock, those of a larger block around it included. */
static u32 pageblock_free(struct shb_zone *z, u32 i)
{
	u32 granule = i & ~(SHB_GRANULE_PAGES - 1);
	struct shb_block_count count;
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	if (z->frames[granule].state == SHB_FRAME_FREE &&
	    z->frames[granule].order == SHB_MAX_ORDER)
		count.free = SHB_PAGEBLOCK_PAGES;
	else
		shb_zone_count_pageblock(z, i, &count);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return count.free;
}

static int pageblocks_show(struct seq_file *m, void *v)
{
	const struct shb_show_cursor *c = m->private;
	struct shb_zone *z = cursor_zone(c);

	shb_show_where(m, z);
	seq_printf(m, "pfn %#lx type %12s free %3u\n", shb_pfn_of(z, c->index),
		   shb_type_name(shb_block_type(z, c->index)), pageblock_free(z, c->index));
	return 0;
}

/* Type and free pages of each pageblock. */
const struct seq_operations shb_show_pageblocks = {
	.start = pageblocks_start, .next = pageblocks_next, .stop = listing_stop,
	.show = pageblocks_show,
};

static void *carve_next(struct seq_file *m, void *v, loff_t *pos)
{
	return steps_next(m->private, pos, SHB_GRANULE_PAGES);
}

static void *carve_start(struct seq_file *m, loff_t *pos)
{
	return listing_start(m, pos, m->private, carve_next);
}

/* Pages of a granule in each kind of quarantine; nothing when there are none. */
static void show_quarantine(const struct shb_zone *z, u32 first, struct seq_file *m)
{
	static const struct { u8 state; const char *name; } rows[] = {
		{ SHB_FRAME_HELD, "held" }, { SHB_FRAME_POISONED, "poisoned" },
		{ SHB_FRAME_LOST, "lost" },
	};
	unsigned int pages;
	u32 i;
	int k;

	for (k = 0; k < ARRAY_SIZE(rows) && shb_quarantine_pages(z); k++) {
		pages = 0;
		for (i = first; i < first + SHB_GRANULE_PAGES; i++)
			if (READ_ONCE(z->frames[i].state) == rows[k].state)
				pages += 1U << READ_ONCE(z->frames[i].order);
		if (pages)
			seq_printf(m, " %s %u", rows[k].name, pages);
	}
}

static int carve_show(struct seq_file *m, void *v)
{
	const struct shb_show_cursor *c = m->private;
	struct shb_zone *z = cursor_zone(c);
	const struct shb_frame *f = &z->frames[c->index];
	unsigned long pfn = shb_pfn_of(z, c->index);
	bool free;

	free = READ_ONCE(f->state) == SHB_FRAME_FREE && READ_ONCE(f->order) == SHB_MAX_ORDER;
	shb_show_where(m, z);
	seq_printf(m, "pfn %#lx-%#lx %s", pfn, pfn + SHB_GRANULE_PAGES - 1,
		   free ? "free" : "in use");
	show_quarantine(z, c->index, m);
	seq_putc(m, '\n');
	return 0;
}

/* Every granule: first and last pfn, and whether it could be given back as it is. */
const struct seq_operations shb_show_carve = {
	.start = carve_start, .next = carve_next, .stop = listing_stop, .show = carve_show,
};

const struct shb_show_file shb_show_list_files[] = {
	{ "carve", .list = &shb_show_carve },
	{ "freelists", .list = &shb_show_freelists },
	{ "pageblocks", .list = &shb_show_pageblocks },
	{ }
};
