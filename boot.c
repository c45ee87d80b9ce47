// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a memory map to zones: what free_area_init() makes of memblock. Arithmetic on ranges
 * only; release.c then hands the free ones to the allocator.
 *
 *     memory    |node 0 |   |     node 0      |      node 0     |     node 1     |
 *     kinds     |  DMA  |        DMA32        |              Normal              |
 *               0      16M                   4G
 *     zones     | DMA 0 |        DMA32 0      | Normal 0 | Mov. 0 | N 1 | Mov. 1 |
 *                                                        ^ kernelcore= is met here
 *
 * A zone spans its part of the node, holes included; what of it is memory is present. The
 * rules are the same from 6.1 to 7.2 unless the profile has a switch for it.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "boot.h"

/* --- zones ------------------------------------------------------------------------------- */

/* Where a kind may lie on any node; a kind begins where the one before ends. */
static void set_limits(const struct shb_boot_map *map, struct shb_boot *b)
{
	unsigned long start = map->memory.range[0].start >> PAGE_SHIFT;
	unsigned long last = shb_range_end(&map->memory.range[map->memory.nr - 1]);
	const unsigned long limit[SHB_NR_KINDS] = {
		[SHB_DMA] = min(SHB_DMA_PAGES, last), [SHB_DMA32] = min(SHB_DMA32_PAGES, last),
		[SHB_NORMAL] = last,
	};
	int kind;

	for (kind = 0; kind < SHB_NR_KINDS; kind++) {
		if (kind == SHB_MOVABLE_ZONE)
			continue;
		b->low[kind] = start;
		start = max(limit[kind], start);
		b->high[kind] = start;
	}
}

/* get_pfn_range_for_nid(). */
static void set_nodes(const struct shb_boot_map *map, struct shb_boot *b)
{
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];
		struct shb_boot_node *node = &b->nodes[r->nid];

		if (!shb_boot_has_memory(node))
			node->start = shb_range_first(r);
		node->end = shb_range_end(r);
	}
}

/* The part of a kind that lies on a node, before holes. Return: pages. */
static unsigned long span(const struct shb_boot *b, const struct shb_boot_node *node, int kind,
			  unsigned long *start, unsigned long *end)
{
	*start = clamp(node->start, b->low[kind], b->high[kind]);
	*end = clamp(node->end, b->low[kind], b->high[kind]);
	if (node->movable && kind == SHB_MOVABLE_ZONE) {
		*start = node->movable;
		*end = min(node->end, b->high[shb_boot_lending_kind(b)]);
	} else if (node->movable && !b->mirror && *start < node->movable && *end > node->movable) {
		*end = node->movable;
	} else if (node->movable && *start >= node->movable) {
		*start = *end;
	}
	if (*end < node->start || *start > node->end)
		return 0;
	*end = min(*end, node->end);
	*start = max(*start, node->start);
	return *end - *start;
}

/*
 * Pages of @start to @end that are memory of the node. With kernelcore=mirror the zones
 * Normal and Movable span the same range, and each counts what is not its own as a hole.
 */
static unsigned long count_present(const struct shb_boot_map *map, int nid, int kind, bool mirror,
				   unsigned long start, unsigned long end)
{
	unsigned long present = 0;
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];
		unsigned long pages = clamp(shb_range_end(r), start, end) -
				      clamp(shb_range_first(r), start, end);
		bool mirrored = r->flags & SHB_RANGE_MIRROR;

		if (r->nid == nid)
			present += pages;
		if (mirror && ((kind == SHB_MOVABLE_ZONE && mirrored) ||
			       (kind == SHB_NORMAL && !mirrored)))
			present -= pages;
	}
	return present;
}

/* calculate_node_totalpages(). */
static void set_zones(const struct shb_boot_map *map, struct shb_boot *b, int nid)
{
	struct shb_boot_node *node = &b->nodes[nid];
	unsigned long start, end;
	int kind;

	for (kind = 0; kind < SHB_NR_KINDS && shb_boot_has_memory(node); kind++) {
		struct shb_boot_zone *z = &node->zones[kind];

		z->spanned = span(b, node, kind, &start, &end);
		if (!z->spanned)
			continue;
		z->start = start;
		z->present = count_present(map, nid, kind, b->mirror && node->movable, start, end);
	}
}

/* --- the map of struct pages ------------------------------------------------------------- */

/* memory_present(): a section belongs to the first range that reaches into it. */
static void count_sections(const struct shb_boot_map *map, struct shb_boot *b)
{
	unsigned long next = 0, first, last;
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];

		first = max(shb_range_first(r) / SHB_SECTION_PAGES, next);
		last = DIV_ROUND_UP(shb_range_end(r), SHB_SECTION_PAGES);
		if (last <= first)
			continue;
		b->nodes[r->nid].sections += last - first;
		next = last;
	}
}

/* Pages from @start to @end in sections that hold any memory. */
static unsigned long count_valid(const struct shb_boot_map *map, unsigned long start,
				 unsigned long end)
{
	unsigned long valid = 0, done = start, from, to;
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];

		from = max(ALIGN_DOWN(shb_range_first(r), SHB_SECTION_PAGES), done);
		to = min(ALIGN(shb_range_end(r), SHB_SECTION_PAGES), end);
		if (from >= to)
			continue;
		valid += to - from;
		done = to;
	}
	return valid;
}

static void add_hole(const struct shb_boot_map *map, struct shb_boot *b, int nid, int kind,
		     unsigned long start, unsigned long end)
{
	unsigned long pages = start < end ? count_valid(map, start, end) : 0;

	if (pages)
		b->holes[b->nr_holes++] = (struct shb_boot_hole){ nid, kind, pages };
}

/* memmap_init(): a hole is told of the zone behind it; the rest of the last section, of the last. */
static void find_holes(const struct shb_boot_map *map, struct shb_boot *b)
{
	unsigned long hole = 0, end = 0;
	int kind, last = 0, nid = 0;
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];

		nid = r->nid;
		end = shb_range_end(r);
		for (kind = 0; kind < SHB_NR_KINDS; kind++) {
			const struct shb_boot_zone *z = &b->nodes[nid].zones[kind];
			unsigned long from = max(shb_range_first(r), z->start);
			unsigned long to = min(end, z->start + z->spanned);

			if (!z->present)
				continue;
			last = kind;
			if (from >= to)
				continue;
			add_hole(map, b, nid, kind, hole, from);
			hole = to;
		}
	}
	add_hole(map, b, nid, last, hole, ALIGN(end, SHB_SECTION_PAGES));
}

/* The count of pages made ready, of the zone that ends at @zone_end. */
struct readiness {
	unsigned long	pages, zone_end;
};

static void count_for(struct readiness *r, unsigned long zone_end)
{
	if (r->zone_end != zone_end)
		*r = (struct readiness){ .zone_end = zone_end };
}

/* The first section border from @from on that lies behind a section's worth of pages. */
static unsigned long border_behind(const struct readiness *r, unsigned long from)
{
	return ALIGN(from + SHB_SECTION_PAGES - min(r->pages, SHB_SECTION_PAGES), SHB_SECTION_PAGES);
}

/* Normal and Movable of a node with mirrored memory may end together. */
static bool two_zones_end(const struct shb_boot_node *node)
{
	const struct shb_boot_zone *normal = &node->zones[SHB_NORMAL];

	return node->zones[SHB_MOVABLE_ZONE].present && normal->present &&
	       normal->start + normal->spanned == node->end;
}

/*
 * defer_init(): of the zone at the end of a node a section's worth of pages is made ready,
 * and what is left of the section then; the rest waits. Where two zones end there, no two
 * releases agree on what that does: nothing is deferred then.
 */
static void find_deferred(const struct shb_boot_map *map, const struct shb_rules *rules,
			  struct shb_boot *b)
{
	struct readiness ready = { };
	int kind;
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];
		struct shb_boot_node *node = &b->nodes[r->nid];

		for (kind = 0; kind < SHB_NR_KINDS; kind++) {
			const struct shb_boot_zone *z = &node->zones[kind];
			unsigned long end = z->start + z->spanned;
			unsigned long from = max(shb_range_first(r), z->start);
			unsigned long to = min(shb_range_end(r), end);

			if (!z->present || from >= to)
				continue;
			if (rules->boot->any_zone_restarts)
				count_for(&ready, end);
			if (end != node->end || node->deferred != SHB_NO_PFN ||
			    two_zones_end(node))
				continue;
			count_for(&ready, end);
			if (border_behind(&ready, from) < to)
				node->deferred = border_behind(&ready, from);
			ready.pages += to - from;
		}
	}
}

/* Whole pages, each range some, on nodes there are. */
static bool is_sound(const struct shb_boot_map *map)
{
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];

		if (((r->start | r->end) & (PAGE_SIZE - 1)) || r->start >= r->end || r->nid < 0 ||
		    r->nid >= map->nr_nodes)
			return false;
	}
	return map->memory.nr;
}

/**
 * shb_boot_zones() - nodes, zones and holes of a memory map
 * @map: memory by node, and what is reserved
 * @o: what the command line says of ZONE_MOVABLE
 * @rules: of the release that boots
 * @b: out; shb_boot_free() in any case
 *
 * free_area_init() of x86-64: limits of the zone kinds, find_zone_movable_pfns_for_nodes(),
 * calculate_node_totalpages(), memmap_init() with defer_init().
 *
 * Context: process context, sleeps.
 * Return: 0; -EINVAL for a map without memory, or whose ranges are not whole pages; -ENOMEM.
 */
int shb_boot_zones(const struct shb_boot_map *map, const struct shb_boot_options *o,
		   const struct shb_rules *rules, struct shb_boot *b)
{
	int nid;

	*b = (struct shb_boot){ .nr_nodes = map->nr_nodes, .mirror = o->mirror };
	if (!is_sound(map))
		return -EINVAL;
	b->nodes = kvcalloc(map->nr_nodes, sizeof(*b->nodes), GFP_KERNEL);
	b->holes = kvcalloc(map->memory.nr * SHB_NR_KINDS + 1, sizeof(*b->holes), GFP_KERNEL);
	if (!b->nodes || !b->holes)
		return -ENOMEM;
	set_limits(map, b);
	set_nodes(map, b);
	shb_boot_find_movable(map, o, rules, b);
	for (nid = 0; nid < b->nr_nodes; nid++) {
		set_zones(map, b, nid);
		b->nodes[nid].deferred = SHB_NO_PFN;
	}
	count_sections(map, b);
	find_holes(map, b);
	find_deferred(map, rules, b);
	return 0;
}

/**
 * shb_boot_free() - free what shb_boot_zones() made
 * @b: complete or half built
 */
void shb_boot_free(struct shb_boot *b)
{
	kvfree(b->nodes);
	kvfree(b->holes);
	*b = (struct shb_boot){ };
}
