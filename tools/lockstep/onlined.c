// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order rule of boot, where nobody has touched the lists yet: memory that comes online goes
 * through __free_pages_core() in the blocks of the same rule. What of a zone is free is booted
 * on paper, and every free list must be the kernel's, block by block.
 *
 *     zone      |struct pages|            free              |     memmap_on_memory=1
 *     blocks    |            |9   |10      |10      | ..    |
 */
#include "boot.h"
#include "release.h"

/* What no free list holds is reserved. */
static int map_of(const struct shb_snapshot *real, struct shb_boot_map *map)
{
	u64 start = (u64)real->start_pfn << PAGE_SHIFT, size = (u64)real->nr_frames << PAGE_SHIFT, at;
	const u32 *block = real->listed;
	int order, type, err;
	u32 n;

	*map = (struct shb_boot_map){ .nr_nodes = 1 };
	err = shb_ranges_add(&map->memory, start, start + size, 0, 0) ?:
	      shb_ranges_add(&map->reserved, start, start + size, -1, 0);
	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (type = 0; type < SHB_NR_TYPES; type++) {
			for (n = 0; n < real->blocks[type][order] && !err; n++) {
				at = start + ((u64)SHB_SNAPSHOT_INDEX(*block++) << PAGE_SHIFT);
				err = shb_ranges_remove(&map->reserved, at, at + (PAGE_SIZE << order));
			}
		}
	}
	return err;
}

static struct shb_state *boot_on_paper(const struct shb_boot_map *map)
{
	static const struct shb_boot_options none;
	struct shb_topology topo = {
		.nr_nodes = 1, .nr_cpus = 1, .max_nodes = 1, .node_online = (bool[]){ true },
		.distance = (int[]){ 10 }, .cpu_node = (int[]){ 0 }, .cpu_online = (bool[]){ true },
	};
	bool exact;
	struct shb_plan plan = {
		.profile = shb_profile_for(utsname()->release, &exact), .host = &shb_host_paper,
		.topo = &topo, .format = &shb_format_running, .kinds = 0x1f, .held_back = true,
	};
	struct shb_plan_zone *zones = NULL;
	struct shb_state *s = ERR_PTR(-ENOMEM);
	struct shb_boot b;
	int err;

	err = shb_boot_zones(map, &none, &plan.profile->rules, &b) ?:
	      shb_boot_plan(map, &b, &zones, &plan.nr_zones);
	if (!err) {
		b.nodes[0].deferred = SHB_NO_PFN;
		plan.zones = zones;
		s = shb_state_create(&plan);
		err = PTR_ERR_OR_ZERO(s) ?: shb_release_start(s, map, &b);
	}
	if (err && !IS_ERR(s))
		shb_state_destroy(s);
	shb_boot_plan_free(zones, plan.nr_zones);
	shb_boot_free(&b);
	return err ? ERR_PTR(err) : s;
}

/* Free lists only: on paper nothing else is like the zone. Return: blocks, or -EUCLEAN. */
static int compare_free(const struct shb_snapshot *a, const struct shb_snapshot *b, struct report *r)
{
	const u32 *x = a->listed, *y = b->listed;
	int order, type, blocks = 0;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (type = 0; type < SHB_NR_TYPES; type++) {
			u32 nr = a->blocks[type][order];

			if (nr != b->blocks[type][order] || memcmp(x, y, nr * sizeof(*x))) {
				say(r, "order %d %s: the kernel has %u blocks, the first at %u, the shadow %u, the first at %u\n",
				    order, shb_type_name(type), nr, nr ? SHB_SNAPSHOT_INDEX(*x) : 0,
				    b->blocks[type][order], b->blocks[type][order] ? SHB_SNAPSHOT_INDEX(*y) : 0);
				return -EUCLEAN;
			}
			x += nr;
			y += nr;
			blocks += nr;
		}
	}
	return blocks;
}

static int compare_onlined(struct zone *zone, int nid, struct report *r)
{
	struct shb_snapshot real = { }, shadow = { };
	struct shb_state *s = ERR_PTR(-ENOMEM);
	struct shb_boot_map map = { };
	int err;

	err = shb_import_init(&real, zone) ?: shb_import_take(&real, zone, NULL) ?: map_of(&real, &map);
	if (!err) {
		s = boot_on_paper(&map);
		err = PTR_ERR_OR_ZERO(s) ?:
		      shb_snapshot_init(&shadow, real.start_pfn, real.nr_frames, 1) ?:
		      shb_snapshot_take(s->zones[0], &shadow) ?: compare_free(&real, &shadow, r);
	}
	if (err > 0)
		say(r, "onlined %s node=%d blocks=%d of_order_9=%lu verdict=identical\n", s->profile->name,
		    nid, err, real.counted[SHB_PAGEBLOCK_ORDER]);
	if (!IS_ERR(s))
		shb_state_destroy(s);
	shb_boot_map_free(&map);
	shb_snapshot_free(&shadow);
	shb_snapshot_free(&real);
	return min(err, 0);
}

/**
 * lockstep_onlined() - free lists of a zone that just came online against boot's rule
 * @text: "node=N"
 * @r: report, out
 *
 * Return: 0, -EUCLEAN for a difference, -ENODEV, -EINVAL, -ENOMEM.
 */
static int lockstep_onlined(char *text, struct report *r)
{
	struct zone *zone;
	int nid;

	if (sscanf(text, "node=%d", &nid) != 1) {
		say(r, "expected node=N\n");
		return -EINVAL;
	}
	zone = reference_zone(nid);
	return zone ? compare_onlined(zone, nid, r) : no_zone(r, nid);
}
