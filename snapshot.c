// SPDX-License-Identifier: GPL-2.0-only
/*
 * The complete decision state of one zone as plain data: every list in order, types,
 * per-cpu lists, counters, marks. Two snapshots that are equal will go on equally
 * under equal requests, and that is what they are for: one is taken of the shadow,
 * one of a zone of the kernel (glue/import.c), and either can be put into a shadow zone.
 *
 *      zone of the kernel --import--> snapshot <--take--- shadow zone
 *                                        |    ---apply-->
 *                                        +-- diff: the first thing that differs
 *
 * What no list holds is in use. A snapshot does not know the orders of blocks in
 * use, so after apply() each of their pages is a block of its own.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "names.h"
#include "numbers.h"
#include "pcp.h"
#include "snapshot.h"
#include "zones.h"

/**
 * shb_snapshot_init() - room for the state of a zone
 * @m: snapshot, out
 * @start_pfn: first pfn, a multiple of SHB_GRANULE_PAGES
 * @nr_frames: pages, a multiple of SHB_GRANULE_PAGES
 * @nr_cpus: cpus with lists
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM; shb_snapshot_free() in either case.
 */
int shb_snapshot_init(struct shb_snapshot *m, unsigned long start_pfn, u32 nr_frames, int nr_cpus)
{
	*m = (struct shb_snapshot){
		.start_pfn = start_pfn, .nr_frames = nr_frames, .nr_cpus = nr_cpus,
		.listed = kvmalloc_array(nr_frames, sizeof(*m->listed), GFP_KERNEL),
		.pageblocks = kvzalloc(nr_frames >> SHB_PAGEBLOCK_ORDER, GFP_KERNEL),
		.movable = kvcalloc(BITS_TO_LONGS(nr_frames), sizeof(long), GFP_KERNEL),
		.pcps = kvcalloc(nr_cpus, sizeof(*m->pcps), GFP_KERNEL),
	};
	return m->listed && m->pageblocks && m->movable && m->pcps ? 0 : -ENOMEM;
}

/**
 * shb_snapshot_free() - free a snapshot's tables
 * @m: snapshot from shb_snapshot_init(), or all zero
 */
void shb_snapshot_free(struct shb_snapshot *m)
{
	kvfree(m->listed);
	kvfree(m->pageblocks);
	kvfree(m->movable);
	kvfree(m->pcps);
	*m = (struct shb_snapshot){ };
}

/**
 * shb_snapshot_add() - note the next block of the list that is being copied
 * @i: index of the block
 * @type: type of the list, or noted for the block
 *
 * Context: any.
 * Return: false when the block is not in the zone or there are more blocks than
 * pages: the list leads astray and the snapshot is worth nothing.
 */
bool shb_snapshot_add(struct shb_snapshot *m, u32 i, int type)
{
	if (i >= m->nr_frames || m->nr_listed >= m->nr_frames)
		return false;
	m->listed[m->nr_listed++] = SHB_SNAPSHOT_BLOCK(i, type);
	return true;
}

/* --- of a shadow zone --------------------------------------------------------------------- */

static bool take_list(const struct shb_zone *z, u32 root, int type, u32 *nr,
		      struct shb_snapshot *m)
{
	u32 i;

	*nr = 0;
	for (i = z->frames[root].next; i != root; i = z->frames[i].next, (*nr)++)
		if (!shb_snapshot_add(m, i, type < 0 ? z->frames[i].type : type))
			return false;
	return true;
}

static bool take_pcp(const struct shb_zone *z, int cpu, struct shb_snapshot *m)
{
	const struct shb_pcp *pcp = &z->pcps[cpu];
	struct shb_snapshot_pcp *to = &m->pcps[cpu];
	int n, list;

	for (n = 0; n < SHB_NR_PCP_NUMBERS; n++)
		to->number[n] = shb_pcp_number_get(z, pcp, n);
	for (list = 0; list < SHB_NR_PCP_LISTS; list++)
		if (!take_list(z, pcp->roots + list, z->rules.pcp->keeps_type ? -1 : 0,
			       &to->blocks[list], m))
			return false;
	return true;
}

/**
 * shb_snapshot_take() - copy the state of a shadow zone
 * @z: zone whose per-cpu lists nobody uses meanwhile; one contiguous range
 * @m: snapshot of its size
 *
 * Context: takes z->lock for the whole copy.
 * Return: 0, or -EUCLEAN when a list leads astray.
 */
int shb_snapshot_take(struct shb_zone *z, struct shb_snapshot *m)
{
	int order, type, cpu, n, err = 0;
	unsigned long irq;

	m->nr_listed = 0;
	raw_spin_lock_irqsave(&z->lock, irq);
	for (order = 0; order < SHB_NR_ORDERS; order++) {
		m->counted[order] = 0;
		for (type = 0; type < SHB_NR_TYPES; type++) {
			if (!take_list(z, shb_zone_root(z, order, type), type,
				       &m->blocks[type][order], m))
				err = -EUCLEAN;
			m->counted[order] += z->buddy.blocks[type][order];
		}
	}
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		if (!take_pcp(z, cpu, m))
			err = -EUCLEAN;
	memcpy(m->pageblocks, z->pageblocks, m->nr_frames >> SHB_PAGEBLOCK_ORDER);
	for (n = 0; n < SHB_NR_NUMBERS; n++)
		m->number[n] = shb_number_get(z, n);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return err;
}

/* --- into a shadow zone ------------------------------------------------------------------- */

/* Nobody uses the zone, but who looks may be told apart, and others may need this cpu. */
static void breathe(struct shb_zone *z, unsigned long *irq)
{
	z->buddy.generation++;
	raw_spin_unlock_irqrestore(&z->lock, *irq);
	cond_resched();
	raw_spin_lock_irqsave(&z->lock, *irq);
}

/* Every page in use, by itself. apply_block() then makes blocks of those that lists hold. */
static void use_everything(const struct shb_snapshot *m, struct shb_zone *z, unsigned long *irq)
{
	u32 i;

	for (i = 0; i < z->extent.nr_frames; i++) {
		if (!(i % SHB_GRANULE_PAGES))
			breathe(z, irq);
		shb_frame_set(&z->frames[i], 0, 0, SHB_FRAME_USED);
		z->frames[i].flags = test_bit(i, m->movable) ? SHB_FRAME_MOVABLE : 0;
		z->frames[i].owner = 0;
	}
}

/* A block of the snapshot becomes the last of a list. */
static bool apply_block(struct shb_zone *z, u32 root, u32 block, int order, int state)
{
	u32 i = SHB_SNAPSHOT_INDEX(block), k;

	if (i & ((1U << order) - 1) || i + (1U << order) > z->extent.nr_frames)
		return false;
	for (k = 0; k < 1U << order; k++) {
		if (z->frames[i + k].state != SHB_FRAME_USED)
			return false;
		shb_frame_set(&z->frames[i + k], 0, 0, SHB_FRAME_INSIDE);
	}
	shb_frame_set(&z->frames[i], order, SHB_SNAPSHOT_TYPE(block), state);
	shb_link(z->frames, i, z->frames[root].prev, root);
	return true;
}

static bool apply_free_lists(const struct shb_snapshot *m, struct shb_zone *z, const u32 **block,
			     unsigned long *irq)
{
	int order, type;
	u32 n;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (type = 0; type < SHB_NR_TYPES; type++) {
			u32 root = shb_zone_root(z, order, type), nr = m->blocks[type][order];

			shb_list_init(z->frames, root);
			for (n = 0; n < nr; n++) {
				if (!(n % SHB_GRANULE_PAGES))
					breathe(z, irq);
				if (!apply_block(z, root, *(*block)++, order, SHB_FRAME_FREE))
					return false;
			}
			z->buddy.blocks[type][order] = nr;
			z->buddy.pages[type] += (long)nr << order;
			if (nr)
				z->buddy.orders[type] |= 1U << order;
		}
	}
	return true;
}

static bool apply_pcp_lists(const struct shb_snapshot_pcp *from, struct shb_zone *z, int cpu,
			    const u32 **block)
{
	struct shb_pcp *pcp = &z->pcps[cpu];
	int list, k;
	u32 n;

	for (k = 0; k < SHB_NR_PCP_NUMBERS; k++)
		shb_pcp_number_set(z, pcp, k, from->number[k]);
	shb_pcp_follow(z, pcp);
	for (list = 0; list < SHB_NR_PCP_LISTS; list++) {
		shb_list_init(z->frames, pcp->roots + list);
		for (n = 0; n < from->blocks[list]; n++)
			if (!apply_block(z, pcp->roots + list, *(*block)++,
					 shb_pcp_list_order(list), SHB_FRAME_PCP))
				return false;
		pcp->nr[list] = from->blocks[list];
	}
	return true;
}

static void apply_numbers(const struct shb_snapshot *m, struct shb_zone *z)
{
	int n;
	u32 b;

	for (n = 0; n < SHB_NR_NUMBERS; n++)
		shb_number_set(z, n, m->number[n]);
	memcpy(z->pageblocks, m->pageblocks, m->nr_frames >> SHB_PAGEBLOCK_ORDER);
	z->buddy.isolated = 0;
	for (b = 0; b < m->nr_frames >> SHB_PAGEBLOCK_ORDER; b++) {
		z->isolated_from[b] = SHB_MOVABLE;
		z->buddy.isolated += m->pageblocks[b] == SHB_ISOLATE;
	}
}

/**
 * shb_snapshot_apply() - make a shadow zone the image of a snapshot
 * @z: zone of the same size that nobody uses; what it held is forgotten
 *
 * Marks and sizes of per-cpu lists come from the snapshot, too; they hold until the
 * next write to a tunable computes them. What lies on lists that the zone's release does not have
 * goes to the buddy. What runs of compaction have left in the zone is no part of it, and forgotten.
 *
 * Context: process context, sleeps; takes z->lock, lets go of it now and then.
 * Return: 0; -EINVAL when the sizes differ; -EUCLEAN when blocks overlap, the zone
 * is unusable then.
 */
int shb_snapshot_apply(const struct shb_snapshot *m, struct shb_zone *z)
{
	const u32 *block = m->listed;
	unsigned long irq;
	bool ok;
	int cpu;

	if (m->nr_frames != z->extent.nr_frames || m->nr_cpus != z->state->topo.nr_cpus)
		return -EINVAL;
	raw_spin_lock_irqsave(&z->lock, irq);
	memset(z->buddy.pages, 0, sizeof(z->buddy.pages));
	memset(z->buddy.orders, 0, sizeof(z->buddy.orders));
	use_everything(m, z, &irq);
	ok = apply_free_lists(m, z, &block, &irq);
	for (cpu = 0; ok && cpu < m->nr_cpus; cpu++)
		ok = apply_pcp_lists(&m->pcps[cpu], z, cpu, &block);
	apply_numbers(m, z);
	shb_zone_forget_hints(z);
	z->buddy.generation++;
	raw_spin_unlock_irqrestore(&z->lock, irq);
	for (cpu = 0; ok && cpu < m->nr_cpus; cpu++)
		shb_pcp_forgo(z, &z->pcps[cpu]);
	return ok ? 0 : -EUCLEAN;
}

/* --- comparison --------------------------------------------------------------------------- */

static int diff_numbers(const struct shb_snapshot *a, const struct shb_snapshot *b, char *text,
			size_t size)
{
	int n, order;

	for (n = 0; n < SHB_NR_NUMBERS; n++)
		if (a->number[n] != b->number[n])
			return scnprintf(text, size, "%s: %ld against %ld\n", shb_numbers[n].name,
					 a->number[n], b->number[n]);
	for (order = 0; order < SHB_NR_ORDERS; order++)
		if (a->counted[order] != b->counted[order])
			return scnprintf(text, size, "nr_free of order %d: %lu against %lu\n",
					 order, a->counted[order], b->counted[order]);
	return 0;
}

static int diff_pcp_numbers(const struct shb_snapshot *a, const struct shb_snapshot *b, int cpu,
			    char *text, size_t size)
{
	const int *x = a->pcps[cpu].number, *y = b->pcps[cpu].number;
	int n;

	for (n = 0; n < SHB_NR_PCP_NUMBERS; n++)
		if (x[n] != y[n])
			return scnprintf(text, size, "pcp of cpu %d: %s %d against %d\n", cpu,
					 shb_pcp_numbers[n].name, x[n], y[n]);
	return 0;
}

/* The blocks around position @at of a list, one side. */
static int print_list(const u32 *blocks, u32 nr, u32 at, char *text, size_t size)
{
	u32 k = at > 4 ? at - 4 : 0;
	int n = scnprintf(text, size, "%u blocks%s", nr, k ? ", .." : ",");

	for (; k < nr && k < at + 8; k++)
		n += scnprintf(text + n, size - n, " %u/%u", SHB_SNAPSHOT_INDEX(blocks[k]),
			       SHB_SNAPSHOT_TYPE(blocks[k]));
	return n + scnprintf(text + n, size - n, "\n");
}

/* A list of both sides; free list (order, type), or list number @order of a cpu. */
struct list_pair {
	const u32	*a, *b;
	u32		nr_a, nr_b;
	int		cpu;		/* -1: a free list */
	int		order, type;
};

static int diff_list(const struct list_pair *p, char *text, size_t size)
{
	u32 at = 0;
	int n;

	if (p->nr_a == p->nr_b && !memcmp(p->a, p->b, p->nr_a * sizeof(*p->a)))
		return 0;
	while (at < min(p->nr_a, p->nr_b) && p->a[at] == p->b[at])
		at++;
	if (p->cpu < 0)
		n = scnprintf(text, size, "free list order %d %s", p->order,
			      shb_type_name(p->type));
	else
		n = scnprintf(text, size, "pcp of cpu %d, list %d", p->cpu, p->order);
	n += scnprintf(text + n, size - n, ", from position %u (index/type):\n  first:  ", at);
	n += print_list(p->a, p->nr_a, at, text + n, size - n);
	n += scnprintf(text + n, size - n, "  second: ");
	return n + print_list(p->b, p->nr_b, at, text + n, size - n);
}

static int diff_lists(const struct shb_snapshot *a, const struct shb_snapshot *b, char *text,
		      size_t size)
{
	struct list_pair p = { .a = a->listed, .b = b->listed, .cpu = -1 };
	int list, n = 0;

	for (p.order = 0; !n && p.order < SHB_NR_ORDERS; p.order++) {
		for (p.type = 0; !n && p.type < SHB_NR_TYPES; p.type++) {
			p.nr_a = a->blocks[p.type][p.order];
			p.nr_b = b->blocks[p.type][p.order];
			n = diff_list(&p, text, size);
			p.a += p.nr_a;
			p.b += p.nr_b;
		}
	}
	for (p.cpu = 0; !n && p.cpu < a->nr_cpus; p.cpu++) {
		for (list = 0; !n && list < SHB_NR_PCP_LISTS; list++) {
			p.order = list;
			p.nr_a = a->pcps[p.cpu].blocks[list];
			p.nr_b = b->pcps[p.cpu].blocks[list];
			n = diff_list(&p, text, size);
			p.a += p.nr_a;
			p.b += p.nr_b;
		}
	}
	return n;
}

/**
 * shb_snapshot_diff() - the first thing in which two snapshots differ
 * @a: one
 * @b: the other, of the same size
 * @text: what differs and how, out; empty when nothing does
 * @size: of @text
 *
 * Lists are compared in order, pageblock by pageblock types, everything else number
 * by number. The movable marks are no part of it: only claims see them, and what
 * claims do shows in the lists.
 *
 * Return: 0 when they are equal, otherwise the length of @text.
 */
int shb_snapshot_diff(const struct shb_snapshot *a, const struct shb_snapshot *b, char *text,
		      size_t size)
{
	u32 p, nr = a->nr_frames >> SHB_PAGEBLOCK_ORDER;
	int cpu, n;

	*text = '\0';
	n = diff_lists(a, b, text, size);
	for (p = 0; !n && p < nr; p++)
		if (a->pageblocks[p] != b->pageblocks[p])
			n = scnprintf(text, size, "pageblock %u: %s against %s\n", p,
				      shb_type_name(a->pageblocks[p]),
				      shb_type_name(b->pageblocks[p]));
	for (cpu = 0; !n && cpu < a->nr_cpus; cpu++)
		n = diff_pcp_numbers(a, b, cpu, text, size);
	return n ?: diff_numbers(a, b, text, size);
}
