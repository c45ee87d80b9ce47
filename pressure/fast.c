// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources and targets by way of the free lists, before anything is scanned.
 *
 *     pageblocks      |      |      |      |      |      |      |      |      |
 *                      migrate ->                               <- free
 *     sources from     first half, later an eighth
 *     targets from                             half |    quarter, preferred   |
 *
 * Where there is a free block of some size much else of its pageblock is free, too: a good source for
 * who wants the pageblock, if it lies low, and a target, if it lies high. Both look at the Movable lists
 * only, at fewer blocks after each failure, and turn the list so that the next search sees others.
 */
#include <linux/minmax.h>

#include "pressure/fast.h"
#include "pressure/hints.h"
#include "pressure/staging.h"
#include "trace.h"
#include "zones.h"

/* freelist_scan_limit() */
static unsigned int scan_limit(const struct shb_compact *c)
{
	return (SHB_COMPACT_CLUSTER_MAX >> min(c->fast_failures, 31U)) + 1;
}

static bool has_any_block(const struct shb_zone *z, int order)
{
	int type;

	for (type = 0; type < SHB_NR_TYPES; type++)
		if (READ_ONCE(z->buddy.orders[type]) & BIT(order))
			return true;
	return false;
}

/* move_freelist_head(), _tail(): the list is a ring, so its root goes to where it begins. */
static void turn_list(struct shb_zone *z, u32 root, u32 last, u32 first)
{
	if (first == root || last == root)
		return;
	shb_zone_moved(z);
	shb_unlink(z->frames, root);
	shb_link(z->frames, root, last, first);
}

static void make_first(struct shb_zone *z, u32 root, u32 i)
{
	turn_list(z, root, z->frames[i].prev, i);
}

static void make_last(struct shb_zone *z, u32 root, u32 i)
{
	turn_list(z, root, i, z->frames[i].next);
}

/* --- sources ---------------------------------------------------------------------------------- */

/*
 * Only with hints, which keep it from finding the same again; at the start of a pageblock, and for large
 * blocks. Not for requests that would spoil a Movable pageblock.
 */
static bool may_search_sources(const struct shb_compact *c)
{
	const struct shb_compact_rules *rules = c->z->rules.compact;

	if (c->goal.ignores_hints || (c->finish_block && !rules->found_is_hinted))
		return false;
	if (c->migrate & (SHB_PAGEBLOCK_PAGES - 1) || c->goal.order <= SHB_COSTLY_ORDER)
		return false;
	return !c->goal.direct || c->goal.type == SHB_MOVABLE ||
	       (rules->blocks_from_anywhere && c->goal.order >= SHB_PAGEBLOCK_ORDER);
}

static void remember_start(struct shb_compact *c, u32 i)
{
	if (!c->fast_start_used)
		c->fast_start = c->fast_start == SHB_NO_POSITION ? i : min(c->fast_start, (long)i);
}

/* One list, from its first block. Return: frame below @high, or SHB_NONE. */
static u32 search_sources(struct shb_compact *c, u32 root, u32 high, unsigned int limit, unsigned int *scanned)
{
	struct shb_zone *z = c->z;
	u32 i;

	for (i = z->frames[root].next; i != root; i = z->frames[i].next) {
		if ((*scanned)++ >= limit) {
			make_last(z, root, i);
			return SHB_NONE;
		}
		if (i >= high || shb_hint_skips(c, i))
			continue;
		make_last(z, root, i);
		return i;
	}
	return SHB_NONE;
}

/* reinit_migrate_pfn(): what searches have found lowest is where the linear scan begins, once. */
static u32 begin_linear(struct shb_compact *c)
{
	if (c->fast_start != SHB_NO_POSITION && !c->fast_start_used) {
		c->migrate = c->fast_start;
		c->fast_start_used = true;
	}
	return c->migrate;
}

/**
 * shb_fast_source() - where to look for sources next
 *
 * fast_find_migrateblock(): in the first half of what lies between the scanners, later in the first
 * eighth, so that no target becomes a source.
 *
 * Context: process context; takes z->lock.
 * Return: start of a pageblock, or c->migrate.
 */
u32 shb_fast_source(struct shb_compact *c)
{
	unsigned int limit = scan_limit(c), scanned = 0;
	u32 high, i = SHB_NONE;
	unsigned long irq;
	int order;

	if (!may_search_sources(c))
		return c->migrate;
	high = shb_pageblock_start(c->migrate + ((c->free - c->migrate) >> (c->migrate ? 3 : 1)));
	for (order = c->goal.order - 1; order >= SHB_COSTLY_ORDER && i == SHB_NONE && scanned < limit; order--) {
		if (!has_any_block(c->z, order))
			continue;
		raw_spin_lock_irqsave(&c->z->lock, irq);
		i = search_sources(c, shb_zone_root(c->z, order, SHB_MOVABLE), high, limit, &scanned);
		raw_spin_unlock_irqrestore(&c->z->lock, irq);
	}
	c->migrate_scanned += scanned;
	if (i == SHB_NONE) {
		c->fast_failures++;
		return begin_linear(c);
	}
	c->fast_failures = 0;
	remember_start(c, i);
	if (c->z->rules.compact->found_is_hinted)
		shb_hint_set(c->z, i);
	return shb_pageblock_start(i);
}

/* --- targets ---------------------------------------------------------------------------------- */

/* Places are unsigned, so that scanners that have passed each other leave nothing possible. */
struct search {
	unsigned long	low, least;	/* preferred from here on; possible from here on */
	long		highest;	/* pageblock of the highest block seen; negative: none */
	unsigned int	limit;		/* blocks of one list */
	unsigned int	scanned;	/* pages */
	unsigned int	taken;
	u32		found;		/* frame, or SHB_NONE */
};

/*
 * One list, from its last block: one in the preferred part, or else the highest that is possible.
 * Return: blocks looked at.
 */
static unsigned int search_targets(struct shb_compact *c, struct search *q, int order)
{
	struct shb_zone *z = c->z;
	u32 root = shb_zone_root(z, order, SHB_MOVABLE), i, stop = SHB_NONE;
	unsigned int scanned = 0;
	long best = -1;

	for (i = z->frames[root].prev; i != root; i = z->frames[i].prev) {
		scanned++;
		q->highest = max_t(long, q->highest, shb_pageblock_start(i));
		if (i >= q->low) {
			c->fast_failures = 0;
			c->search_order = order;
			q->found = stop = i;
			break;
		}
		if (i >= q->least && i > best) {
			best = i;
			q->limit >>= 1;
		}
		if (scanned >= q->limit) {
			stop = i;
			break;
		}
	}
	if (q->found == SHB_NONE && best >= 0)
		q->found = stop = best;
	if (stop != SHB_NONE)
		make_first(z, root, stop);
	q->scanned += scanned;
	return scanned;
}

/* next_search_order(): downward, around, until it has come back to where it began. */
static int next_search_order(struct shb_compact *c, int order)
{
	if (--order < 0)
		order = c->goal.order - 1;
	if (order != c->search_order)
		return order;
	if (--c->search_order < 0)
		c->search_order = c->goal.order - 1;
	return -1;
}

/* What was found is taken whole; if the marks do not allow it, the search is over. */
static bool take_found(struct shb_compact *c, struct search *q, int order)
{
	if (!shb_stage_block(c, q->found)) {
		q->found = SHB_NONE;
		return false;
	}
	q->scanned += (1U << order) - 1;
	q->taken += 1U << order;
	c->isolated += 1U << order;
	return true;
}

static void search_lists(struct shb_compact *c, struct search *q)
{
	unsigned int scanned;
	unsigned long irq;
	int order;

	c->search_order = min(c->goal.order - 1, c->search_order);
	for (order = c->search_order; q->found == SHB_NONE && order >= 0; order = next_search_order(c, order)) {
		if (!has_any_block(c->z, order))
			continue;
		raw_spin_lock_irqsave(&c->z->lock, irq);
		scanned = search_targets(c, q, order);
		if (q->found != SHB_NONE && !take_found(c, q, order))
			order = c->search_order + 1;
		raw_spin_unlock_irqrestore(&c->z->lock, irq);
		if (!c->z->rules.compact->searches_on && c->targets.pages >= c->wanted)
			break;
		if (scanned >= q->limit)
			q->limit = max(1U, q->limit >> 1);
	}
}

/*
 * At the start of a run, where to scan instead: the highest pageblock seen that is high enough; or for
 * requests the middle.
 */
static u32 begin_at(struct shb_compact *c, const struct search *q)
{
	if (q->highest >= 0 && (unsigned long)q->highest >= q->least)
		return c->free = q->highest;
	if (!c->goal.direct || q->least >= c->z->extent.nr_frames)
		return SHB_NONE;
	c->free = q->least;
	if (shb_compact_is_hole(c->z, q->least) ||
	    (!c->z->rules.compact->spares_pageblocks && !shb_stage_is_suitable(c, q->least)))
		return SHB_NONE;
	return q->least;
}

/* fast_isolate_around(): what else is free in the pageblock. */
static void scan_around(struct shb_compact *c, u32 i)
{
	u32 at = shb_pageblock_start(i), end = at + SHB_PAGEBLOCK_PAGES;

	if (c->targets.pages >= c->wanted || shb_compact_is_hasty(c) || shb_compact_is_hole(c->z, at))
		return;
	shb_stage_range(c, &at, end, 1);
	if (c->z->rules.compact->searches_on ? c->targets.pages < c->wanted : at == end)
		shb_hint_set(c->z, end - 1);
}

static unsigned long block_below(const struct shb_compact *c, unsigned long distance)
{
	return (c->free - distance) & ~(SHB_PAGEBLOCK_PAGES - 1UL);
}

/**
 * shb_fast_targets() - targets from the free lists
 *
 * fast_isolate_freepages(): in the last quarter of what lies between the scanners, or at least in the
 * second half. One block, and what is free around it.
 *
 * Context: process context; takes z->lock.
 */
void shb_fast_targets(struct shb_compact *c)
{
	unsigned long distance = (unsigned long)c->free - c->migrate;
	bool at_start = (long)c->free >= READ_ONCE(c->z->hints.first_free);
	struct search q = {
		.low = block_below(c, distance >> 2), .least = block_below(c, distance >> 1),
		.limit = at_start ? SHB_PAGEBLOCK_PAGES >> 1 : max(1U, scan_limit(c) >> 1),
		.highest = -1, .found = SHB_NONE,
	};
	unsigned long pfn;
	u32 i;

	if (c->goal.order <= 0)
		return;
	search_lists(c, &q);
	pfn = shb_pfn_of(c->z, c->free);
	trace_mm_compaction_fast_isolate_freepages(c->z, pfn - (c->free - q.least), pfn, q.scanned, q.taken);
	i = q.found;
	if (i == SHB_NONE) {
		c->fast_failures++;
		if (at_start)
			i = begin_at(c, &q);
	}
	if (q.highest >= 0 && q.highest >= READ_ONCE(c->z->hints.free))
		WRITE_ONCE(c->z->hints.free, q.highest - SHB_PAGEBLOCK_PAGES);
	c->free_scanned += q.scanned;
	if (i != SHB_NONE)
		scan_around(c, i);
}
