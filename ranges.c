// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory before there are pages: memblock's two lists, what is memory and what is reserved.
 *
 *     memory      |--------- node 0 --------|------ node 1 ------|
 *     reserved       |##|          |#######|     |##|
 *     free        |--|  |----------|       ||----|  |------------|     shb_free_ranges_next()
 *
 * A list is ascending and without overlap; ranges that touch and are alike are one.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ranges.h"

static int make_room(struct shb_ranges *r)
{
	u32 room = max(r->room * 2, 16U);
	struct shb_range *more;

	if (r->nr < r->room)
		return 0;
	more = kvcalloc(room, sizeof(*more), GFP_KERNEL);
	if (!more)
		return -ENOMEM;
	if (r->nr)
		memcpy(more, r->range, r->nr * sizeof(*more));
	kvfree(r->range);
	r->range = more;
	r->room = room;
	return 0;
}

/* Range @k and those behind it move by @by places. */
static void shift(struct shb_ranges *r, u32 k, int by)
{
	memmove(&r->range[k + by], &r->range[k], (r->nr - k) * sizeof(*r->range));
	r->nr += by;
}

static bool alike(const struct shb_range *a, const struct shb_range *b)
{
	return a->nid == b->nid && a->flags == b->flags;
}

/**
 * shb_ranges_add() - add a range; it becomes one with those it touches or overlaps
 * @start: first byte
 * @end: first byte behind; nothing happens when that is @start
 * @nid: node, or -1
 * @flags: SHB_RANGE_*
 *
 * Context: process context, sleeps.
 * Return: 0; -EEXIST when it overlaps one of another node or other flags; -EINVAL when it
 * ends before it begins; -ENOMEM. Nothing has changed on failure.
 */
int shb_ranges_add(struct shb_ranges *r, u64 start, u64 end, int nid, u8 flags)
{
	struct shb_range new = { .start = start, .end = end, .nid = nid, .flags = flags };
	u32 k, n;

	if (start >= end)
		return start == end ? 0 : -EINVAL;
	if (make_room(r))
		return -ENOMEM;
	for (k = 0; k < r->nr && r->range[k].end < start; k++)
		;
	if (k < r->nr && r->range[k].end == start && !alike(&r->range[k], &new))
		k++;
	for (n = k; n < r->nr && r->range[n].start <= end; n++) {
		if (!alike(&r->range[n], &new)) {
			if (r->range[n].start == end)
				break;
			return -EEXIST;
		}
		new.start = min(new.start, r->range[n].start);
		new.end = max(new.end, r->range[n].end);
	}
	shift(r, n, (int)k + 1 - (int)n);
	r->range[k] = new;
	return 0;
}

/**
 * shb_ranges_remove() - take a range out, whatever of it is there
 * @start: first byte
 * @end: first byte behind
 *
 * Context: process context, sleeps.
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int shb_ranges_remove(struct shb_ranges *r, u64 start, u64 end)
{
	u32 k;

	if (start >= end)
		return 0;
	if (make_room(r))
		return -ENOMEM;
	for (k = 0; k < r->nr; k++) {
		struct shb_range *x = &r->range[k];

		if (x->end <= start || x->start >= end)
			continue;
		if (x->start < start && x->end > end) {
			shift(r, k, 1);
			x[0].end = start;
			x[1].start = end;
			break;
		}
		if (x->start < start)
			x->end = start;
		else if (x->end > end)
			x->start = end;
		else
			shift(r, 1 + k--, -1);
	}
	return 0;
}

/**
 * shb_ranges_free() - free a list of ranges
 * @r: list, may be empty
 */
void shb_ranges_free(struct shb_ranges *r)
{
	kvfree(r->range);
	*r = (struct shb_ranges){ };
}

/**
 * shb_boot_map_free() - free a map's lists
 * @map: map, may be half filled
 */
void shb_boot_map_free(struct shb_boot_map *map)
{
	shb_ranges_free(&map->memory);
	shb_ranges_free(&map->reserved);
}

/**
 * shb_free_ranges_next() - the next free range of a map
 * @w: all zero but for @w->map at the start
 *
 * for_each_free_mem_range(): memory without what is reserved, ascending, each within one
 * range of memory, and of that the whole pages.
 *
 * Return: false behind the last one.
 */
bool shb_free_ranges_next(struct shb_free_ranges *w)
{
	const struct shb_ranges *reserved = &w->map->reserved;

	while (w->memory < w->map->memory.nr) {
		const struct shb_range *m = &w->map->memory.range[w->memory];
		u64 from = w->reserved ? reserved->range[w->reserved - 1].end : 0;
		u64 to = w->reserved < reserved->nr ? reserved->range[w->reserved].start : U64_MAX;
		struct shb_range found = { .start = max(m->start, from), .end = min(m->end, to) };

		if (from >= m->end || m->end <= to)
			w->memory++;
		else
			w->reserved++;
		w->start = shb_range_first(&found);
		w->end = shb_range_end(&found);
		w->nid = m->nid;
		if (found.start < found.end && w->start < w->end)
			return true;
	}
	return false;
}
