// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where ZONE_MOVABLE begins on each node: kernelcore=, movablecore=, movable_node.
 *
 *     node 0  |===== below 4 GiB =====|== share ==|~~~~ Movable ~~~~|
 *     node 1  |======= share of the kernel =======|~~ Movable ~~|
 *     node 2  |= all of it =|                                       its rest goes to 0 and 1
 *
 * What only the lower zones can hold counts as the kernel's, wanted or not.
 */
#include <linux/align.h>
#include <linux/minmax.h>

#include "boot.h"

/* What find_zone_movable_pfns_for_nodes() works with. */
struct spread {
	const struct shb_boot_map *map;
	struct shb_boot	*b;
	unsigned long	required;	/* pages of kernelcore still to be found */
	unsigned long	per_node;
	unsigned long	lowest;		/* pfn below which nothing is movable */
	int		nodes;		/* the share is of so many */
};

/**
 * shb_boot_lending_kind() - the kind whose pages ZONE_MOVABLE takes
 * @b: limits of the kinds
 *
 * find_usable_zone_for_movable(): the highest that has pages on any node.
 *
 * Return: enum shb_kind.
 */
int shb_boot_lending_kind(const struct shb_boot *b)
{
	int kind;

	for (kind = SHB_NR_KINDS - 1; kind > 0; kind--)
		if (kind != SHB_MOVABLE_ZONE && b->high[kind] > b->low[kind])
			break;
	return kind;
}

/* Everything from the first range on that @flag says is, or is not, of a kind. */
static void movable_from(const struct shb_boot_map *map, u8 flag, bool set, unsigned long lowest,
			 struct shb_boot *b)
{
	u32 k;

	for (k = 0; k < map->memory.nr; k++) {
		const struct shb_range *r = &map->memory.range[k];
		struct shb_boot_node *node = &b->nodes[r->nid];

		if (!(r->flags & flag) == set || shb_range_first(r) < lowest)
			continue;
		if (!node->movable || node->movable > shb_range_first(r))
			node->movable = shb_range_first(r);
	}
}

/*
 * One node's share. Memory below @lowest counts as kernelcore whether one wants it or not;
 * behind that ZONE_MOVABLE begins where the share is met.
 */
static void spread_to(struct spread *s, int nid)
{
	struct shb_boot_node *node = &s->b->nodes[nid];
	unsigned long left = s->per_node;
	u32 k;

	for (k = 0; k < s->map->memory.nr; k++) {
		const struct shb_range *r = &s->map->memory.range[k];
		unsigned long start = max(shb_range_first(r), node->movable);
		unsigned long end = shb_range_end(r), pages;

		if (r->nid != nid || start >= end)
			continue;
		if (start < s->lowest) {
			pages = min(end, s->lowest) - start;
			left -= min(pages, left);
			s->required -= min(pages, s->required);
			if (end <= s->lowest) {
				node->movable = end;
				continue;
			}
			start = s->lowest;
		}
		pages = min(end - start, left);
		node->movable = start + pages;
		s->required -= min(pages, s->required);
		left -= pages;
		if (!left)
			break;
	}
}

/* Evenly; where a node is too small, the others take more, in further rounds. */
static void spread_kernelcore(struct spread *s)
{
	int nid;

	do {
		s->per_node = s->required / s->nodes;
		for (nid = 0; nid < s->b->nr_nodes; nid++) {
			if (!shb_boot_has_memory(&s->b->nodes[nid]))
				continue;
			if (s->required < s->per_node)
				s->per_node = s->required / s->nodes;
			spread_to(s, nid);
		}
		s->nodes--;
	} while (s->nodes && s->required > s->nodes);
}

/* Pages of kernelcore the options come to; 0: no ZONE_MOVABLE. */
static unsigned long required_kernelcore(const struct shb_boot_options *o, unsigned long total)
{
	unsigned long core = o->kernelcore, movable = o->movablecore;

	if (o->kernelcore_percent)
		core = total * 100 * o->kernelcore_percent / 10000;
	if (o->movablecore_percent)
		movable = total * 100 * o->movablecore_percent / 10000;
	if (movable) {
		movable = min(total, ALIGN(movable, SHB_GRANULE_PAGES));
		core = max(core, total - movable);
	}
	return core < total ? core : 0;
}

/* On a multiple of the largest block, or not at all when that is behind the node. */
static void align_movable(struct shb_boot *b)
{
	int nid;

	for (nid = 0; nid < b->nr_nodes; nid++) {
		struct shb_boot_node *node = &b->nodes[nid];

		node->movable = ALIGN(node->movable, SHB_GRANULE_PAGES);
		if (node->movable >= node->end)
			node->movable = 0;
	}
}

/**
 * shb_boot_has_mirror() - is any memory mirrored?
 *
 * memblock_has_mirror().
 */
bool shb_boot_has_mirror(const struct shb_boot_map *map)
{
	u32 k;

	for (k = 0; k < map->memory.nr; k++)
		if (map->memory.range[k].flags & SHB_RANGE_MIRROR)
			return true;
	return false;
}

/**
 * shb_boot_find_movable() - where ZONE_MOVABLE begins on each node
 * @map: memory
 * @o: what the command line asks for
 * @rules: of the release that boots
 * @b: limits of the kinds and extent of the nodes; node->movable is set
 *
 * find_zone_movable_pfns_for_nodes(): movable_node, then kernelcore=mirror, then sizes.
 *
 * Context: any.
 */
void shb_boot_find_movable(const struct shb_boot_map *map, const struct shb_boot_options *o,
			   const struct shb_rules *rules, struct shb_boot *b)
{
	struct spread s = { .map = map, .b = b, .lowest = b->low[shb_boot_lending_kind(b)] };
	unsigned long total = 0;
	u32 k;
	int nid;

	if (o->movable_node) {
		movable_from(map, SHB_RANGE_HOTPLUG, true, 0, b);
	} else if (o->mirror) {
		if (rules->boot->mirror_must_exist && !shb_boot_has_mirror(map))
			return;
		movable_from(map, SHB_RANGE_MIRROR, false, SHB_DMA32_PAGES, b);
	} else {
		for (k = 0; k < map->memory.nr; k++)
			total += shb_range_end(&map->memory.range[k]) -
				 shb_range_first(&map->memory.range[k]);
		for (nid = 0; nid < b->nr_nodes; nid++)
			s.nodes += shb_boot_has_memory(&b->nodes[nid]);
		s.required = required_kernelcore(o, total);
		if (!s.required)
			return;
		spread_kernelcore(&s);
	}
	align_movable(b);
}
