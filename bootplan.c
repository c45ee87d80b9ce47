// SPDX-License-Identifier: GPL-2.0-only
/*
 * The zones of a booting machine as a plan to build a state of: which granules hold memory of
 * which zone; what of a granule is no memory of its zone stays absent. Where two zones meet
 * inside a granule, each has it, with the other's part absent.
 *
 *     memory        |--- zone 0 ---||------ zone 1 ------|
 *     granules    |xx      |       x|        |      x|         of zone 0: 2, of zone 1: 2
 *                          |xxxxxxx |        |xxxxxxx|
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "boot.h"
#include "state.h"

/* A walk over the memory of all zones, ascending. */
struct pieces {
	const struct shb_boot_map *map;
	const struct shb_boot *b;
	u32		memory;
	int		kind;			/* to be looked at next */
	unsigned long	from, to;		/* pfns of this piece */
	struct shb_boot_hole zone;		/* nid and kind of it */
};

/*
 * The part of a range that belongs to a kind. With a mirror two zones span the same range: from
 * where Movable begins, mirrored memory is Normal's.
 */
static void cut_piece(struct pieces *p, const struct shb_range *r, int kind)
{
	const struct shb_boot_node *node = &p->b->nodes[r->nid];
	const struct shb_boot_zone *z = &node->zones[kind];

	p->zone.nid = r->nid;
	p->zone.kind = kind;
	p->from = max(shb_range_first(r), z->start);
	p->to = min(shb_range_end(r), z->start + z->spanned);
	if (!node->movable || !p->b->mirror)
		return;
	if (kind == SHB_MOVABLE_ZONE && (r->flags & SHB_RANGE_MIRROR))
		p->to = p->from;
	else if (kind == SHB_NORMAL && !(r->flags & SHB_RANGE_MIRROR))
		p->to = min(p->to, node->movable);
}

static bool next_piece(struct pieces *p)
{
	while (p->memory < p->map->memory.nr) {
		const struct shb_range *r = &p->map->memory.range[p->memory];
		int kind = p->kind++;

		if (p->kind == SHB_NR_KINDS) {
			p->kind = 0;
			p->memory++;
		}
		if (!p->b->nodes[r->nid].zones[kind].present)
			continue;
		cut_piece(p, r, kind);
		if (p->from < p->to)
			return true;
	}
	return false;
}

static struct shb_plan_zone *find_zone(struct shb_plan_zone *zones, int nr, int nid, int kind)
{
	struct shb_plan_zone *z;

	for (z = zones; z < zones + nr; z++)
		if (z->nid == nid && z->kind == kind)
			return z;
	return NULL;
}

static bool spans_overlap(const struct shb_plan_zone *a, const struct shb_plan_zone *b)
{
	return a->start_pfn < b->start_pfn + b->spanned && b->start_pfn < a->start_pfn + a->spanned;
}

/* Where a zone's granules go, the first pfn behind those it has, and its pages. */
struct filling {
	unsigned long	*pfns;		/* NULL: they are only counted */
	unsigned long	done, pages;
};

/* Granules with memory of each zone: counted, or noted where there is room for them. */
static int walk_granules(const struct shb_boot_map *map, struct shb_boot *b,
			 struct shb_plan_zone *zones, int nr, struct filling *filling)
{
	struct pieces p = { .map = map, .b = b };
	struct shb_plan_zone *z, *last = NULL;
	unsigned long pfn, done = 0;
	struct filling *f;

	while (next_piece(&p)) {
		z = find_zone(zones, nr, p.zone.nid, p.zone.kind);
		f = &filling[z - zones];
		pfn = ALIGN_DOWN(p.from, SHB_GRANULE_PAGES);
		if (pfn < done && z != last && spans_overlap(z, last)) {
			b->clash = p.from;
			return -ERANGE;
		}
		f->pages += p.to - p.from;
		for (pfn = max(pfn, f->done); pfn < p.to; pfn += SHB_GRANULE_PAGES) {
			if (f->pfns)
				f->pfns[z->nr_granules] = pfn;
			z->nr_granules++;
			f->done = pfn + SHB_GRANULE_PAGES;
		}
		done = ALIGN(p.to, SHB_GRANULE_PAGES);
		last = z;
	}
	return 0;
}

/* Pages of a range that some zone has. */
static unsigned long pages_had(struct pieces *p, u32 range)
{
	const struct shb_range *r = &p->map->memory.range[range];
	unsigned long pages = 0;
	int kind;

	for (kind = 0; kind < SHB_NR_KINDS; kind++) {
		if (!p->b->nodes[r->nid].zones[kind].present)
			continue;
		cut_piece(p, r, kind);
		pages += p->from < p->to ? p->to - p->from : 0;
	}
	return pages;
}

/* Every page is of one zone, and a zone has as many as are present. Only a mirror breaks that. */
static int check_pages(const struct shb_boot_map *map, struct shb_boot *b,
		       const struct shb_plan_zone *zones, int nr, const struct filling *filling)
{
	struct pieces p = { .map = map, .b = b };
	int n;
	u32 k;

	for (n = 0; n < nr; n++) {
		b->clash = zones[n].start_pfn;
		if (filling[n].pages != zones[n].present)
			return -ERANGE;
	}
	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];

		b->clash = shb_range_first(r);
		if (pages_had(&p, k) != shb_range_end(r) - shb_range_first(r))
			return -ERANGE;
	}
	return 0;
}

/* One allocation for the granules of all zones, the first zone's at its beginning. */
static int fill_granules(const struct shb_boot_map *map, struct shb_boot *b,
			 struct shb_plan_zone *zones, int nr, struct filling *filling)
{
	unsigned long *pfns;
	size_t total = 0;
	int n, err = walk_granules(map, b, zones, nr, filling) ?:
		     check_pages(map, b, zones, nr, filling);

	if (err)
		return err;
	for (n = 0; n < nr; n++)
		total += zones[n].nr_granules;
	pfns = kvmalloc_array(total, sizeof(*pfns), GFP_KERNEL);
	if (!pfns)
		return -ENOMEM;
	for (n = 0; n < nr; n++) {
		zones[n].pfns = pfns;
		filling[n] = (struct filling){ .pfns = pfns };
		pfns += zones[n].nr_granules;
		zones[n].nr_granules = 0;
	}
	return walk_granules(map, b, zones, nr, filling);
}

static struct shb_plan_zone *list_zones(const struct shb_boot *b, int *nr)
{
	struct shb_plan_zone *zones = kvcalloc(b->nr_nodes * SHB_NR_KINDS, sizeof(*zones), GFP_KERNEL);
	int nid, kind;

	*nr = 0;
	for (nid = 0; zones && nid < b->nr_nodes; nid++) {
		for (kind = 0; kind < SHB_NR_KINDS; kind++) {
			const struct shb_boot_zone *z = &b->nodes[nid].zones[kind];

			if (z->present)
				zones[(*nr)++] = (struct shb_plan_zone){
					.nid = nid, .kind = kind, .present = z->present,
					.spanned = z->spanned, .start_pfn = z->start,
				};
		}
	}
	return zones;
}

/**
 * shb_boot_plan() - the zones of a booting machine, to build a state of
 * @map: memory
 * @b: its zones; says where when they are no plan
 * @zones: out, by node and kind; shb_boot_plan_free()
 * @nr: of them, out
 *
 * The plan they are for has held_back set.
 *
 * Context: process context, sleeps.
 * Return: 0; -ENOMEM; -ERANGE when zones that span the same range meet inside a granule, or
 * when the kernel would leave memory to no zone, which kernelcore=mirror can do.
 */
int shb_boot_plan(const struct shb_boot_map *map, struct shb_boot *b,
		  struct shb_plan_zone **zones, int *nr)
{
	struct filling *filling;
	int err = -ENOMEM;

	*zones = list_zones(b, nr);
	filling = kvcalloc(*nr + 1, sizeof(*filling), GFP_KERNEL);
	if (*zones && filling)
		err = fill_granules(map, b, *zones, *nr, filling);
	kvfree(filling);
	if (!err)
		return 0;
	kvfree(*zones);
	*zones = NULL;
	*nr = 0;
	return err;
}

/**
 * shb_boot_plan_free() - free what shb_boot_plan() made
 * @zones: zones, or NULL
 * @nr: of them
 */
void shb_boot_plan_free(struct shb_plan_zone *zones, int nr)
{
	if (nr)
		kvfree(zones[0].pfns);
	kvfree(zones);
}
