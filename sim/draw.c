// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zones as pictures: a letter for each pageblock, and the buddies of one granule.
 *
 *     MMMMmmu.        M: Movable and free as a whole; m: in part; .: nothing of it is free
 *
 *     10 |                                                                |
 *      9 |                                └──────────── M ───────────────┘|
 *      8 |                └────── M ──────┘                                |
 *
 * A column is 16 pages; what is smaller shares one.
 */
#include <errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl/spec.h"
#include "names.h"
#include "sim/draw.h"
#include "zones.h"

#define COLUMNS		64
#define PAGES_A_COLUMN	(SHB_GRANULE_PAGES / COLUMNS)

static const char letters[] = "UMRHCI";
static const char *const colours[] = { "31", "32", "33", "35", "36", "90" };

/* "0:Normal 0x1400" */
int sim_draw_parse(struct shb_state *s, const char *words, struct sim_drawing *d, char *error,
		   size_t size)
{
	char zone[24] = "", at[24] = "";
	unsigned int nid;
	unsigned long pfn;
	int kind;
	u32 i = 0;

	*d = (struct sim_drawing){ .granule = SHB_NONE };
	if (sscanf(words, "%u:%23s %23s", &nid, zone, at) < 2 || (kind = shb_spec_kind(zone)) < 0 ||
	    nid >= (unsigned int)s->topo.nr_nodes || !s->nodes[nid].zones[kind] ||
	    !s->nodes[nid].zones[kind]->extent.nr_frames) {
		scnprintf(error, size, "\"%s\": expected a zone with memory, as 0:Normal", words);
		return -EINVAL;
	}
	d->z = s->nodes[nid].zones[kind];
	if (!*at)
		return 0;
	if (kstrtoul(at, 0, &pfn) || shb_zone_of(s, pfn, &i) != d->z) {
		scnprintf(error, size, "\"%s\": expected a page of the zone, as 0x%lx", at,
			  d->z->extent.granule_pfn[0]);
		return -EINVAL;
	}
	d->granule = i & ~(SHB_GRANULE_PAGES - 1);
	return 0;
}

static void put(const char *text, int type, bool colour)
{
	if (colour)
		printf("\033[%sm%s\033[0m", colours[type], text);
	else
		fputs(text, stdout);
}

/* Free pages of a pageblock, those of an order-10 block around it included. */
static int free_pages(const struct shb_zone *z, u32 first)
{
	u32 granule = first & ~(SHB_GRANULE_PAGES - 1), i, len;
	int pages = 0;

	if (shb_is_free_block(z, granule, SHB_MAX_ORDER))
		return SHB_PAGEBLOCK_PAGES;
	for (i = first; i < first + SHB_PAGEBLOCK_PAGES; i += len) {
		const struct shb_frame *f = &z->frames[i];

		len = f->state == SHB_FRAME_INSIDE ? 1 : 1U << f->order;
		if (f->state == SHB_FRAME_FREE)
			pages += len;
	}
	return pages;
}

static void draw_pageblocks(const struct shb_zone *z, bool colour)
{
	u32 i;

	printf("node %d zone %s, a letter for 2 MiB (U M R H C I: its type; large: all of it is free, small: some, .: none)\n",
	       z->nid, shb_kind_name(z->kind));
	for (i = 0; i < z->extent.nr_frames; i += SHB_PAGEBLOCK_PAGES) {
		int type = shb_block_type(z, i), pages = free_pages(z, i);
		char text[2] = { letters[type] };

		if (!(i & (COLUMNS * SHB_PAGEBLOCK_PAGES - 1)))
			printf("%s%#10lx ", i ? "\n" : "", shb_pfn_of(z, i));
		if (!pages)
			text[0] = '.';
		else if (pages < (int)SHB_PAGEBLOCK_PAGES)
			text[0] += 'a' - 'A';
		put(text, type, colour);
	}
	putchar('\n');
}

/* "└─── M ───┘" over the columns of a block. */
static void draw_block(const struct shb_frame *f, int columns, bool colour)
{
	char text[COLUMNS * 4] = "", letter = letters[f->type];
	int k;

	if (f->state == SHB_FRAME_PCP)
		letter = 'p';
	else if (f->state == SHB_FRAME_ABSENT)
		letter = 'x';
	else if (f->state != SHB_FRAME_FREE)
		letter = '#';
	if (columns < 3) {
		for (k = 0; k < columns; k++)
			text[k] = letter;
	} else {
		strcat(text, "└");
		for (k = 1; k < columns - 1; k++)
			strcat(text, k == columns / 2 ? (char[]){ letter, 0 } : "─");
		strcat(text, "┘");
	}
	put(text, f->state == SHB_FRAME_FREE ? f->type : SHB_ISOLATE, colour);
}

/* Blocks of one order; several in a column show the first. Return: there was one. */
static bool draw_order(const struct shb_zone *z, u32 first, int order, bool colour, bool really)
{
	u32 i = first, next, end = first + SHB_GRANULE_PAGES;
	int column = 0, at, columns = max((1 << order) / (int)PAGES_A_COLUMN, 1);
	bool found = false;

	for (; i < end; i = next) {
		const struct shb_frame *f = &z->frames[i];

		next = i + (f->state == SHB_FRAME_INSIDE ? 1 : 1U << f->order);
		if (f->state == SHB_FRAME_INSIDE || f->order != order)
			continue;
		found = true;
		at = (i - first) / PAGES_A_COLUMN;
		if (!really || at < column)
			continue;
		printf("%*s", at - column, "");
		draw_block(f, columns, colour);
		column = at + columns;
	}
	if (really)
		printf("%*s|\n", COLUMNS - column, "");
	return found;
}

static void draw_granule(const struct shb_zone *z, u32 first, bool colour)
{
	int order;

	printf("granule %#lx, 4 MiB, by order (U M R H C I: free; p: on a per-cpu list; #: handed out; x: not there)\n",
	       shb_pfn_of(z, first));
	for (order = SHB_MAX_ORDER; order >= 0; order--) {
		if (!draw_order(z, first, order, colour, false))
			continue;
		printf("%9d |", order);
		draw_order(z, first, order, colour, true);
	}
}

void sim_draw(const struct sim_drawing *d, bool colour)
{
	draw_pageblocks(d->z, colour);
	if (d->granule != SHB_NONE)
		draw_granule(d->z, d->granule, colour);
}
