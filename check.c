// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof that lists, counts, types and frames of a state agree.
 *
 * In a zone: every list is a ring of free blocks of its order and type, as long as its
 * counter says; blocks tile every granule; the page counters are the sums; no two free
 * buddies that should have merged stand side by side. A zone is walked in pieces, so it
 * must be left alone meanwhile; one that is not is walked again, and in the end said to
 * be in use. On the owning cpu: the same for per-cpu lists. Findings are kept as text,
 * because nothing may be printed under a lock.
 */
#include <linux/kernel.h>
#include <linux/stdarg.h>

#include "check.h"
#include "names.h"
#include "pcp.h"
#include "walk.h"
#include "zones.h"

static __printf(3, 4) void found(struct shb_check *c, const struct shb_zone *z,
				 const char *fmt, ...)
{
	va_list args;
	int n;

	if (c->nr++ >= SHB_CHECK_LINES)
		return;
	n = scnprintf(c->text[c->nr - 1], sizeof(c->text[0]), "Node %d, zone %s: ", z->nid,
		      shb_kind_name(z->kind));
	va_start(args, fmt);
	vscnprintf(c->text[c->nr - 1] + n, sizeof(c->text[0]) - n, fmt, args);
	va_end(args);
}

#define ATTEMPTS	5	/* on a zone that somebody uses */

/* What a walk over all granules adds up. */
struct tally {
	unsigned long	free;		/* pages in blocks that say they are free */
	unsigned long	absent;		/* pages that are not there */
	unsigned long	reserved;	/* pages in HighAtomic pageblocks */
	unsigned long	isolated;	/* pageblocks */
};

static void check_listed(struct shb_walk *w, u32 i, struct shb_check *c)
{
	struct shb_zone *z = w->z;
	const struct shb_frame *f = &z->frames[i];
	u32 prev = w->block == SHB_NONE ? shb_zone_root(z, w->order, w->type) : w->block;

	if (f->prev != prev)
		found(c, z, "frame %u: prev is %u, not %u", i, f->prev, prev);
	if (f->state != SHB_FRAME_FREE || f->order != w->order || f->type != w->type)
		found(c, z, "frame %u on list order %d type %d says state %d order %d type %d", i,
		      w->order, w->type, f->state, f->order, f->type);
	if (i & ((1U << w->order) - 1))
		found(c, z, "frame %u is not aligned to order %d", i, w->order);
	if (z->rules.buddy->lists_follow_blocks && shb_block_type(z, i) != w->type)
		found(c, z, "frame %u on a list of type %d in a pageblock of type %d", i,
		      w->type, shb_block_type(z, i));
}

/* The list has been followed to its end. */
static void check_length(struct shb_walk *w, u32 nr, struct shb_check *c)
{
	struct shb_zone *z = w->z;

	if (nr != z->buddy.blocks[w->type][w->order])
		found(c, z, "list order %d type %d holds %u blocks, counted %u", w->order, w->type,
		      nr, z->buddy.blocks[w->type][w->order]);
	if (!nr != !(z->buddy.orders[w->type] & BIT(w->order)))
		found(c, z, "bitmap of type %d is wrong at order %d", w->type, w->order);
}

/* The next blocks, list after list; @nr of this one have been seen. Return: there are more. */
static bool check_lists_piece(struct shb_walk *w, u32 *nr, struct shb_check *c)
{
	u32 k, i;

	for (k = 0; k < SHB_WALK_BLOCKS; k++) {
		i = shb_walk_next_block(w);
		if (i < w->z->extent.nr_frames && *nr < w->z->extent.nr_frames) {
			check_listed(w, i, c);
			w->block = i;
			++*nr;
			continue;
		}
		if (i == SHB_NONE)
			check_length(w, *nr, c);
		else
			found(c, w->z, "list order %d type %d leads out of the zone", w->order,
			      w->type);
		*nr = 0;
		if (!shb_walk_next_list(w))
			return false;
	}
	return true;
}

/* Every list. Return: false when somebody used the zone meanwhile. */
static bool check_lists(struct shb_walk *w, struct shb_check *c)
{
	bool same, more = true;
	u32 nr = 0;

	do {
		same = shb_walk_lock(w);
		if (same)
			more = check_lists_piece(w, &nr, c);
		shb_walk_unlock(w);
	} while (same && more);
	return same;
}

/* At order 9 two free buddies are legal: a pageblock may have changed its type. A policy may want two. */
static bool should_have_merged(const struct shb_zone *z, u32 i, int order)
{
	u32 buddy = i ^ (1U << order);

	return order < SHB_PAGEBLOCK_ORDER && !z->apart && z->frames[buddy].state == SHB_FRAME_FREE &&
	       z->frames[buddy].order == order;
}

/* Blocks tile the granule: each frame belongs to one head. */
static void check_granule(struct shb_zone *z, u32 first, struct tally *t, struct shb_check *c)
{
	u32 i, k, len, end = first + SHB_GRANULE_PAGES;

	for (i = first; i < end; i += len) {
		const struct shb_frame *f = &z->frames[i];

		if (f->state == SHB_FRAME_INSIDE || f->order > SHB_MAX_ORDER ||
		    (i & ((1U << f->order) - 1))) {
			found(c, z, "frame %u is no head of a block (state %d order %d)", i,
			      f->state, f->order);
			return;
		}
		len = 1U << f->order;
		for (k = 1; k < len; k++)
			if (z->frames[i + k].state != SHB_FRAME_INSIDE)
				found(c, z, "frame %u inside the block at %u has state %d", i + k,
				      i, z->frames[i + k].state);
		if (f->state == SHB_FRAME_ABSENT)
			t->absent += len;
		if (f->state != SHB_FRAME_FREE)
			continue;
		t->free += len;
		if (should_have_merged(z, i, f->order))
			found(c, z, "frame %u order %d: both buddies are free", i, f->order);
	}
	for (i = first; i < end; i += SHB_PAGEBLOCK_PAGES) {
		if (shb_block_type(z, i) == SHB_HIGHATOMIC)
			t->reserved += SHB_PAGEBLOCK_PAGES;
		t->isolated += shb_block_type(z, i) == SHB_ISOLATE;
	}
}

/* Every granule. Return: as check_lists(). */
static bool check_tiles(struct shb_walk *w, struct tally *t, struct shb_check *c)
{
	bool same = true;
	u32 g = 0, k;

	while (g < w->z->extent.nr_granules && same) {
		same = shb_walk_lock(w);
		for (k = 0; k < SHB_WALK_GRANULES && g < w->z->extent.nr_granules && same; k++, g++)
			check_granule(w->z, g << SHB_GRANULE_ORDER, t, c);
		shb_walk_unlock(w);
	}
	return same;
}

static void check_counters(struct shb_zone *z, const struct tally *t, struct shb_check *c)
{
	unsigned long total = 0, sum, blocks = 0;
	int order, type;

	for (type = 0; type < SHB_NR_TYPES; type++) {
		for (sum = 0, order = 0; order < SHB_NR_ORDERS; order++) {
			sum += (unsigned long)z->buddy.blocks[type][order] << order;
			if (order >= SHB_PAGEBLOCK_ORDER && type != SHB_ISOLATE)
				blocks += (unsigned long)z->buddy.blocks[type][order] << order;
		}
		if (sum != z->buddy.pages[type])
			found(c, z, "type %d: lists hold %lu pages, counted %ld", type, sum,
			      z->buddy.pages[type]);
		total += sum;
	}
	if (t->absent != z->buddy.absent)
		found(c, z, "absent pages: frames say %lu, counted %lu", t->absent,
		      z->buddy.absent);
	if (z->state->release && (z->extent.managed > z->extent.present ||
				  z->extent.managed != z->extent.nr_frames - t->absent))
		found(c, z, "%lu pages managed of %lu present, %u frames less %lu absent",
		      z->extent.managed, z->extent.present, z->extent.nr_frames, t->absent);
	/* Older releases give both pageblocks of a block the type of a claim, isolated or not. */
	if (z->rules.buddy->lists_follow_blocks && t->isolated != z->buddy.isolated)
		found(c, z, "isolated pageblocks: types say %lu, counted %u", t->isolated,
		      z->buddy.isolated);
	if (total != t->free)
		found(c, z, "lists hold %lu pages, frames say %lu", total, t->free);
	if (total - z->buddy.pages[SHB_ISOLATE] != z->buddy.free_pages)
		found(c, z, "free pages: lists %lu, counted %ld", total - z->buddy.pages[SHB_ISOLATE],
		      z->buddy.free_pages);
	if (blocks != z->buddy.big_pages)
		found(c, z, "pages in big blocks: lists %lu, counted %ld", blocks,
		      z->buddy.big_pages);
	/* Isolating a reserved pageblock leaves the count, as in the kernel. */
	if (z->rules.buddy->lists_follow_blocks && t->reserved > z->buddy.reserved)
		found(c, z, "highatomic pageblocks hold %lu pages, reserved %lu", t->reserved,
		      z->buddy.reserved);
}

/* Return: false when somebody used the zone meanwhile; then what was found says nothing. */
static bool check_once(struct shb_zone *z, struct shb_check *c)
{
	struct tally t = { };
	struct shb_walk w;
	bool same;

	shb_walk_start(&w, z);
	if (!check_lists(&w, c) || !check_tiles(&w, &t, c))
		return false;
	same = shb_walk_lock(&w);
	if (same)
		check_counters(z, &t, c);
	shb_walk_unlock(&w);
	return same;
}

/**
 * shb_check_zone() - check everything the zone lock protects
 * @c: findings, added to
 *
 * A zone that changes meanwhile is checked anew, some times; then it is a finding
 * that it could not be checked.
 *
 * Context: process context; takes z->lock for some ten microseconds at a time.
 */
void shb_check_zone(struct shb_zone *z, struct shb_check *c)
{
	int before = c->nr, n;

	for (n = 0; n < ATTEMPTS; n++) {
		if (check_once(z, c))
			return;
		c->nr = before;
	}
	found(c, z, "in use, changed during each of %d checks; ask again when it is left alone",
	      ATTEMPTS);
}

/**
 * shb_check_pcp() - check the per-cpu lists of one cpu
 * @cpu: cpu; the caller runs on it, or nobody does
 * @c: findings, added to
 *
 * Context: preemption off.
 */
void shb_check_pcp(struct shb_zone *z, int cpu, struct shb_check *c)
{
	struct shb_pcp *pcp = &z->pcps[cpu];
	int list, pages = 0;

	for (list = 0; list < SHB_NR_PCP_LISTS; list++) {
		u32 head = pcp->roots + list, i = z->frames[head].next, prev = head, nr = 0;
		int order = shb_pcp_list_order(list);

		for (; i != head && nr <= z->extent.nr_frames; prev = i, i = z->frames[i].next, nr++) {
			const struct shb_frame *f = &z->frames[i];

			if (i >= z->extent.nr_frames || f->state != SHB_FRAME_PCP || f->order != order ||
			    f->prev != prev) {
				found(c, z, "cpu %d list %d: frame %u does not belong here", cpu,
				      list, i);
				break;
			}
		}
		if (nr != pcp->nr[list])
			found(c, z, "cpu %d list %d holds %u blocks, counted %u", cpu, list, nr,
			      pcp->nr[list]);
		pages += nr << order;
	}
	if (pages != pcp->count)
		found(c, z, "cpu %d: lists hold %d pages, counted %d", cpu, pages, pcp->count);
}

/**
 * shb_check_pcp_totals() - frames on per-cpu lists against the counts of all cpus
 * @z: zone that nobody uses
 * @c: findings, added to
 */
void shb_check_pcp_totals(struct shb_zone *z, struct shb_check *c)
{
	unsigned long pages = 0, counted = 0;
	int cpu;
	u32 i;

	for (i = 0; i < z->extent.nr_frames; i++)
		if (z->frames[i].state == SHB_FRAME_PCP)
			pages += 1UL << z->frames[i].order;
	for (cpu = 0; cpu < z->state->topo.nr_cpus; cpu++)
		counted += z->pcps[cpu].count;
	if (pages != counted)
		found(c, z, "%lu pages are marked as on per-cpu lists, counted %lu", pages, counted);
}

/**
 * shb_check_rules() - has a rule proposed what can not be?
 * @c: findings, added to
 *
 * Such a proposal was refused and did no harm, but the profile does not decide as it should.
 *
 * Context: any.
 */
void shb_check_rules(const struct shb_state *s, struct shb_check *c)
{
	long bad = atomic_long_read(&s->events[SHB_BAD_PROPOSAL]) - s->bad_before;

	if (bad && c->nr++ < SHB_CHECK_LINES)
		scnprintf(c->text[c->nr - 1], sizeof(c->text[0]),
			  "profile %s: %ld proposals could not be and were refused",
			  s->profile->name, bad);
}

/**
 * shb_check_state() - check everything of a state that is at rest
 * @s: state without real cpus, or with nobody using it
 * @c: findings, overwritten
 */
void shb_check_state(struct shb_state *s, struct shb_check *c)
{
	struct shb_zone *z;
	int n, cpu;

	c->nr = 0;
	shb_check_rules(s, c);
	shb_for_each_zone(s, z, n) {
		shb_check_zone(z, c);
		for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
			shb_check_pcp(z, cpu, c);
		shb_check_pcp_totals(z, c);
	}
}
