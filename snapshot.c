// SPDX-License-Identifier: GPL-2.0-only
/*
 * The complete decision state of one zone as plain data: every list in order, types,
 * per-cpu lists, counters, marks. Two snapshots that are equal will go on equally
 * under equal requests, and that is what they are for: one is taken of the shadow,
 * one of a zone of the kernel (mirror.c), and either can be put into a shadow zone.
 *
 *      zone of the kernel --mirror--> snapshot <--take--- shadow zone
 *                                        |    ---apply-->
 *                                        +-- diff: the first thing that differs
 *
 * What no list holds is in use. A snapshot does not know the orders of blocks in
 * use, so after apply() each of their pages is a block of its own.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "names.h"
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
		.max_blocks = nr_frames,
		.blocks = kvmalloc_array(nr_frames, sizeof(*m->blocks), GFP_KERNEL),
		.pageblocks = kvzalloc(nr_frames >> SHB_PAGEBLOCK_ORDER, GFP_KERNEL),
		.movable = kvcalloc(BITS_TO_LONGS(nr_frames), sizeof(long), GFP_KERNEL),
		.pcps = kvcalloc(nr_cpus, sizeof(*m->pcps), GFP_KERNEL),
	};
	return m->blocks && m->pageblocks && m->movable && m->pcps ? 0 : -ENOMEM;
}

/**
 * shb_snapshot_free() - free a snapshot's tables
 * @m: snapshot from shb_snapshot_init(), or all zero
 */
void shb_snapshot_free(struct shb_snapshot *m)
{
	kvfree(m->blocks);
	kvfree(m->pageblocks);
	kvfree(m->movable);
	kvfree(m->pcps);
	*m = (struct shb_snapshot){ };
}

/**
 * shb_snapshot_add() - note the next block of the list that is being copied
 * @m: snapshot
 * @i: index of the block
 * @type: type of the list, or noted for the block
 *
 * Context: any.
 * Return: false when the block is not in the zone or there are more blocks than
 * pages: the list leads astray and the snapshot is worth nothing.
 */
bool shb_snapshot_add(struct shb_snapshot *m, u32 i, int type)
{
	if (i >= m->nr_frames || m->nr_blocks >= m->max_blocks)
		return false;
	m->blocks[m->nr_blocks++] = SHB_SNAPSHOT_BLOCK(i, type);
	return true;
}

/* --- of a shadow zone --------------------------------------------------------------------- */

static bool take_list(const struct shb_zone *z, u32 head, int type, u32 *nr,
		      struct shb_snapshot *m)
{
	u32 i;

	*nr = 0;
	for (i = z->frames[head].next; i != head; i = z->frames[i].next, (*nr)++)
		if (!shb_snapshot_add(m, i, type < 0 ? z->frames[i].type : type))
			return false;
	return true;
}

static bool take_pcp(const struct shb_zone *z, int cpu, struct shb_snapshot *m)
{
	const struct shb_pcp *pcp = &z->pcps[cpu];
	struct shb_snapshot_pcp *to = &m->pcps[cpu];
	int list;

	*to = (struct shb_snapshot_pcp){
		.count = pcp->count, .high = pcp->high, .batch = pcp->batch,
		.free_factor = pcp->free_factor,
	};
	if (z->policy->pcp_auto_high) {
		to->high_min = pcp->high_min;
		to->high_max = pcp->high_max;
		to->alloc_factor = pcp->alloc_factor;
		to->free_count = pcp->free_count;
		to->flags = (pcp->flags & SHB_PCP_PREV_FREE_HIGH_ORDER) |
			    (pcp->high_batch ? SHB_PCP_FREE_HIGH_BATCH : 0);
	}
	for (list = 0; list < SHB_NR_PCP_LISTS; list++)
		if (!take_list(z, pcp->heads + list, z->policy->pcp_keeps_type ? -1 : 0,
			       &to->nr[list], m))
			return false;
	return true;
}

static void take_counters(const struct shb_zone *z, struct shb_snapshot *m)
{
	m->nr_free_pages = z->nr_free;
	m->nr_free_highatomic = z->free[SHB_HIGHATOMIC];
	m->nr_free_cma = z->free[SHB_CMA];
	m->nr_free_blocks = z->nr_free_blocks;
	m->nr_reserved_highatomic = z->nr_reserved_highatomic;
	m->boost = z->boost;
	m->flags = z->flags;
	m->managed = z->managed;
	memcpy(m->watermark, z->watermark, sizeof(m->watermark));
	memcpy(m->lowmem_reserve, z->lowmem_reserve, sizeof(m->lowmem_reserve));
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
	int order, type, cpu, err = 0;
	unsigned long irq;

	m->nr_blocks = 0;
	raw_spin_lock_irqsave(&z->lock, irq);
	for (order = 0; order < SHB_NR_ORDERS; order++) {
		m->nr_free[order] = 0;
		for (type = 0; type < SHB_NR_TYPES; type++) {
			if (!take_list(z, shb_zone_head(z, order, type), type,
				       &m->nr[order][type], m))
				err = -EUCLEAN;
			m->nr_free[order] += z->nr[type][order];
		}
	}
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		if (!take_pcp(z, cpu, m))
			err = -EUCLEAN;
	memcpy(m->pageblocks, z->pageblocks, m->nr_frames >> SHB_PAGEBLOCK_ORDER);
	take_counters(z, m);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return err;
}

/* --- into a shadow zone ------------------------------------------------------------------- */

/* Everything in use, page by page; the lists then take what is theirs. */
static void use_everything(const struct shb_snapshot *m, struct shb_zone *z)
{
	u32 i;

	for (i = 0; i < z->nr_frames; i++) {
		shb_frame_set(&z->frames[i], 0, 0, SHB_FRAME_USED);
		z->frames[i].flags = test_bit(i, m->movable) ? SHB_FRAME_MOVABLE : 0;
		z->frames[i].owner = 0;
	}
}

/* A block of the snapshot becomes the last of a list. */
static bool apply_block(struct shb_zone *z, u32 head, u32 block, int order, int state)
{
	u32 i = SHB_SNAPSHOT_INDEX(block), k;

	if (i & ((1U << order) - 1) || i + (1U << order) > z->nr_frames)
		return false;
	for (k = 0; k < 1U << order; k++) {
		if (z->frames[i + k].state != SHB_FRAME_USED)
			return false;
		shb_frame_set(&z->frames[i + k], 0, 0, SHB_FRAME_INSIDE);
	}
	shb_frame_set(&z->frames[i], order, SHB_SNAPSHOT_TYPE(block), state);
	shb_link(z->frames, i, z->frames[head].prev, head);
	return true;
}

static bool apply_free_lists(const struct shb_snapshot *m, struct shb_zone *z, const u32 **block)
{
	int order, type;
	u32 n;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (type = 0; type < SHB_NR_TYPES; type++) {
			u32 head = shb_zone_head(z, order, type), nr = m->nr[order][type];

			shb_list_init(z->frames, head);
			for (n = 0; n < nr; n++)
				if (!apply_block(z, head, *(*block)++, order, SHB_FRAME_FREE))
					return false;
			z->nr[type][order] = nr;
			z->free[type] += (long)nr << order;
			if (nr)
				z->orders[type] |= 1U << order;
		}
	}
	return true;
}

static bool apply_pcp_lists(const struct shb_snapshot_pcp *from, struct shb_zone *z, int cpu,
			    const u32 **block)
{
	struct shb_pcp *pcp = &z->pcps[cpu];
	bool automatic = z->policy->pcp_auto_high;
	int list;
	u32 n;

	pcp->count = from->count;
	pcp->high = from->high;
	pcp->batch = from->batch;
	pcp->high_min = automatic ? from->high_min : from->high;
	pcp->high_max = automatic ? from->high_max : from->high;
	pcp->alloc_factor = from->alloc_factor;
	pcp->free_factor = from->free_factor;
	pcp->free_count = from->free_count;
	pcp->free_count_cap = automatic ? from->batch << SHB_PCP_SCALE_MAX : 0;
	pcp->flags = from->flags & SHB_PCP_PREV_FREE_HIGH_ORDER;
	pcp->high_batch = from->flags & SHB_PCP_FREE_HIGH_BATCH;
	for (list = 0; list < SHB_NR_PCP_LISTS; list++) {
		shb_list_init(z->frames, pcp->heads + list);
		for (n = 0; n < from->nr[list]; n++)
			if (!apply_block(z, pcp->heads + list, *(*block)++,
					 shb_pcp_list_order(list), SHB_FRAME_PCP))
				return false;
		pcp->nr[list] = from->nr[list];
	}
	return true;
}

static void apply_counters(const struct shb_snapshot *m, struct shb_zone *z)
{
	u32 b;

	z->nr_free = m->nr_free_pages;
	z->nr_free_blocks = m->nr_free_blocks;
	z->nr_reserved_highatomic = m->nr_reserved_highatomic;
	z->boost = m->boost;
	z->flags = m->flags;
	z->managed = m->managed;
	memcpy(z->watermark, m->watermark, sizeof(m->watermark));
	memcpy(z->lowmem_reserve, m->lowmem_reserve, sizeof(z->lowmem_reserve));
	memcpy(z->pageblocks, m->pageblocks, m->nr_frames >> SHB_PAGEBLOCK_ORDER);
	z->nr_isolated = 0;
	for (b = 0; b < m->nr_frames >> SHB_PAGEBLOCK_ORDER; b++) {
		z->isolated_from[b] = SHB_MOVABLE;
		z->nr_isolated += m->pageblocks[b] == SHB_ISOLATE;
	}
}

/**
 * shb_snapshot_apply() - make a shadow zone the image of a snapshot
 * @m: snapshot
 * @z: zone of the same size that nobody uses; what it held is forgotten
 *
 * Marks and sizes of per-cpu lists come from the snapshot, too; they hold until the
 * next write to a tunable computes them.
 *
 * Context: takes z->lock for the whole walk.
 * Return: 0; -EINVAL when the sizes differ; -EUCLEAN when blocks overlap, the zone
 * is unusable then.
 */
int shb_snapshot_apply(const struct shb_snapshot *m, struct shb_zone *z)
{
	const u32 *block = m->blocks;
	unsigned long irq;
	bool ok;
	int cpu;

	if (m->nr_frames != z->nr_frames || m->nr_cpus != z->state->topo.nr_cpus)
		return -EINVAL;
	raw_spin_lock_irqsave(&z->lock, irq);
	memset(z->free, 0, sizeof(z->free));
	memset(z->orders, 0, sizeof(z->orders));
	use_everything(m, z);
	ok = apply_free_lists(m, z, &block);
	for (cpu = 0; ok && cpu < m->nr_cpus; cpu++)
		ok = apply_pcp_lists(&m->pcps[cpu], z, cpu, &block);
	apply_counters(m, z);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return ok ? 0 : -EUCLEAN;
}

/* --- comparison --------------------------------------------------------------------------- */

/* One number both sides have. */
struct number {
	const char	*name;
	size_t		offset;
};

#define NUMBER(field) { #field, offsetof(struct shb_snapshot, field) }
static const struct number numbers[] = {
	NUMBER(nr_free_pages), NUMBER(nr_free_highatomic), NUMBER(nr_free_cma),
	NUMBER(nr_free_blocks), NUMBER(nr_reserved_highatomic), NUMBER(boost), NUMBER(flags),
	NUMBER(watermark[0]), NUMBER(watermark[1]), NUMBER(watermark[2]), NUMBER(watermark[3]),
	NUMBER(lowmem_reserve[0]), NUMBER(lowmem_reserve[1]), NUMBER(lowmem_reserve[2]),
	NUMBER(lowmem_reserve[3]), NUMBER(lowmem_reserve[4]), NUMBER(managed),
};

#define PCP_NUMBER(field) { #field, offsetof(struct shb_snapshot_pcp, field) }
static const struct number pcp_numbers[] = {
	PCP_NUMBER(count), PCP_NUMBER(high), PCP_NUMBER(high_min), PCP_NUMBER(high_max),
	PCP_NUMBER(batch), PCP_NUMBER(alloc_factor), PCP_NUMBER(free_factor),
	PCP_NUMBER(free_count), PCP_NUMBER(flags),
};

static int diff_numbers(const struct shb_snapshot *a, const struct shb_snapshot *b, char *text,
			size_t size)
{
	int k, order;

	for (k = 0; k < ARRAY_SIZE(numbers); k++) {
		long x = *(const long *)((const char *)a + numbers[k].offset);
		long y = *(const long *)((const char *)b + numbers[k].offset);

		if (x != y)
			return scnprintf(text, size, "%s: %ld against %ld\n", numbers[k].name,
					 x, y);
	}
	for (order = 0; order < SHB_NR_ORDERS; order++)
		if (a->nr_free[order] != b->nr_free[order])
			return scnprintf(text, size, "nr_free of order %d: %lu against %lu\n",
					 order, a->nr_free[order], b->nr_free[order]);
	return 0;
}

static int diff_pcp_numbers(const struct shb_snapshot *a, const struct shb_snapshot *b, int cpu,
			    char *text, size_t size)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(pcp_numbers); k++) {
		size_t offset = pcp_numbers[k].offset;
		int x = *(const int *)((const char *)&a->pcps[cpu] + offset);
		int y = *(const int *)((const char *)&b->pcps[cpu] + offset);

		if (x != y)
			return scnprintf(text, size, "pcp of cpu %d: %s %d against %d\n", cpu,
					 pcp_numbers[k].name, x, y);
	}
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
	struct list_pair p = { .a = a->blocks, .b = b->blocks, .cpu = -1 };
	int list, n = 0;

	for (p.order = 0; !n && p.order < SHB_NR_ORDERS; p.order++) {
		for (p.type = 0; !n && p.type < SHB_NR_TYPES; p.type++) {
			p.nr_a = a->nr[p.order][p.type];
			p.nr_b = b->nr[p.order][p.type];
			n = diff_list(&p, text, size);
			p.a += p.nr_a;
			p.b += p.nr_b;
		}
	}
	for (p.cpu = 0; !n && p.cpu < a->nr_cpus; p.cpu++) {
		for (list = 0; !n && list < SHB_NR_PCP_LISTS; list++) {
			p.order = list;
			p.nr_a = a->pcps[p.cpu].nr[list];
			p.nr_b = b->pcps[p.cpu].nr[list];
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
