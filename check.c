// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof that lists, counts, types and frames of a state agree.
 *
 * Under the zone lock: every list is a ring of free blocks of its order and type,
 * as long as its counter says; blocks tile every granule; the page counters are the
 * sums; no two free buddies that should have merged stand side by side. On the
 * owning cpu: the same for per-cpu lists. Findings are kept as text, because
 * nothing may be printed under a lock.
 */
#include <linux/kernel.h>
#include <linux/stdarg.h>

#include "check.h"
#include "names.h"
#include "pcp.h"
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

/* One free list: a ring through its head, of blocks that belong here. */
static void check_list(struct shb_zone *z, int order, int type, struct shb_check *c)
{
	u32 head = shb_zone_head(z, order, type), i = z->frames[head].next, prev = head, nr = 0;

	for (; i != head && nr <= z->nr_frames; prev = i, i = z->frames[i].next, nr++) {
		const struct shb_frame *f;

		if (i >= z->nr_frames) {
			found(c, z, "list order %d type %d leads out of the zone", order, type);
			return;
		}
		f = &z->frames[i];
		if (f->prev != prev)
			found(c, z, "frame %u: prev is %u, not %u", i, f->prev, prev);
		if (f->state != SHB_FRAME_FREE || f->order != order || f->type != type)
			found(c, z, "frame %u on list order %d type %d says state %d order %d type %d",
			      i, order, type, f->state, f->order, f->type);
		if (i & ((1U << order) - 1))
			found(c, z, "frame %u is not aligned to order %d", i, order);
		if (z->policy->lists_follow_blocks && shb_block_type(z, i) != type)
			found(c, z, "frame %u on a list of type %d in a pageblock of type %d", i,
			      type, shb_block_type(z, i));
	}
	if (nr != z->nr[type][order])
		found(c, z, "list order %d type %d holds %u blocks, counted %u", order, type, nr,
		      z->nr[type][order]);
	if (!nr != !(z->orders[type] & BIT(order)))
		found(c, z, "bitmap of type %d is wrong at order %d", type, order);
}

/* At order 9 two free buddies are legal: a pageblock may have changed its type. */
static bool should_have_merged(const struct shb_zone *z, u32 i, int order)
{
	u32 buddy = i ^ (1U << order);

	return order < SHB_PAGEBLOCK_ORDER && z->frames[buddy].state == SHB_FRAME_FREE &&
	       z->frames[buddy].order == order;
}

/* Blocks tile the zone: each frame belongs to one head. Return: free pages seen. */
static unsigned long check_tiles(struct shb_zone *z, struct shb_check *c)
{
	unsigned long free = 0;
	u32 i = 0, k, len;

	while (i < z->nr_frames) {
		const struct shb_frame *f = &z->frames[i];

		if (f->state == SHB_FRAME_INSIDE || f->order > SHB_MAX_ORDER ||
		    (i & ((1U << f->order) - 1))) {
			found(c, z, "frame %u is no head of a block (state %d order %d)", i,
			      f->state, f->order);
			i = ALIGN(i + 1, SHB_GRANULE_PAGES);
			continue;
		}
		len = 1U << f->order;
		for (k = 1; k < len; k++)
			if (z->frames[i + k].state != SHB_FRAME_INSIDE)
				found(c, z, "frame %u inside the block at %u has state %d", i + k,
				      i, z->frames[i + k].state);
		if (f->state == SHB_FRAME_FREE) {
			free += len;
			if (should_have_merged(z, i, f->order))
				found(c, z, "frame %u order %d: both buddies are free", i, f->order);
		}
		i += len;
	}
	return free;
}

static void check_counters(struct shb_zone *z, unsigned long tiles, struct shb_check *c)
{
	unsigned long total = 0, sum, blocks = 0, reserved = 0;
	int order, type;
	u32 b;

	for (type = 0; type < SHB_NR_TYPES; type++) {
		for (sum = 0, order = 0; order < SHB_NR_ORDERS; order++) {
			sum += (unsigned long)z->nr[type][order] << order;
			if (order >= SHB_PAGEBLOCK_ORDER && type != SHB_ISOLATE)
				blocks += (unsigned long)z->nr[type][order] << order;
		}
		if (sum != z->free[type])
			found(c, z, "type %d: lists hold %lu pages, counted %ld", type, sum,
			      z->free[type]);
		total += sum;
	}
	if (total != tiles)
		found(c, z, "lists hold %lu pages, frames say %lu", total, tiles);
	if (total - z->free[SHB_ISOLATE] != z->nr_free)
		found(c, z, "free pages: lists %lu, counted %ld", total - z->free[SHB_ISOLATE],
		      z->nr_free);
	if (blocks != z->nr_free_blocks)
		found(c, z, "pages in big blocks: lists %lu, counted %ld", blocks,
		      z->nr_free_blocks);
	for (b = 0; b < z->nr_frames >> SHB_PAGEBLOCK_ORDER; b++)
		if (z->pageblocks[b] == SHB_HIGHATOMIC)
			reserved += SHB_PAGEBLOCK_PAGES;
	/* Isolating a reserved pageblock leaves the count, as in the kernel. */
	if (z->policy->lists_follow_blocks && reserved > z->nr_reserved_highatomic)
		found(c, z, "highatomic pageblocks hold %lu pages, reserved %lu", reserved,
		      z->nr_reserved_highatomic);
}

/**
 * shb_check_zone() - check everything the zone lock protects
 * @z: zone
 * @c: findings, added to
 *
 * Context: takes z->lock for the whole walk, about a millisecond per GiB.
 */
void shb_check_zone(struct shb_zone *z, struct shb_check *c)
{
	unsigned long irq;
	int order, type;

	raw_spin_lock_irqsave(&z->lock, irq);
	for (order = 0; order < SHB_NR_ORDERS; order++)
		for (type = 0; type < SHB_NR_TYPES; type++)
			check_list(z, order, type, c);
	check_counters(z, check_tiles(z, c), c);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/**
 * shb_check_pcp() - check the per-cpu lists of one cpu
 * @z: zone
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
		u32 head = pcp->heads + list, i = z->frames[head].next, prev = head, nr = 0;
		int order = shb_pcp_list_order(list);

		for (; i != head && nr <= z->nr_frames; prev = i, i = z->frames[i].next, nr++) {
			const struct shb_frame *f = &z->frames[i];

			if (i >= z->nr_frames || f->state != SHB_FRAME_PCP || f->order != order ||
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
 * @z: zone that is at rest
 * @c: findings, added to
 *
 * Context: takes z->lock.
 */
void shb_check_pcp_totals(struct shb_zone *z, struct shb_check *c)
{
	unsigned long irq, pages = 0, counted = 0;
	int cpu;
	u32 i;

	raw_spin_lock_irqsave(&z->lock, irq);
	for (i = 0; i < z->nr_frames; i++)
		if (z->frames[i].state == SHB_FRAME_PCP)
			pages += 1UL << z->frames[i].order;
	for (cpu = 0; cpu < z->state->topo.nr_cpus; cpu++)
		counted += z->pcps[cpu].count;
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (pages != counted)
		found(c, z, "%lu pages are marked as on per-cpu lists, counted %lu", pages, counted);
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
	shb_for_each_zone(s, z, n) {
		shb_check_zone(z, c);
		for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
			shb_check_pcp(z, cpu, c);
		shb_check_pcp_totals(z, c);
	}
}
