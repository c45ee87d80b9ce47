// SPDX-License-Identifier: GPL-2.0-only
/*
 * How memory comes to a zone as a machine boots. Every zone begins with all of its pages
 * absent; memblock's free ranges are handed over block by block, and what is reserved or no
 * memory at all stays absent for good.
 *
 *     memory    |................................................................|
 *     reserved      ####             ##
 *     blocks    |2|0|  |0|   3   |  4  |0|    4   |      ...     each as large as its first
 *                                                                pfn and the end allow
 *     a node    | released at boot, a section and a bit | deferred: step by step, or when
 *                                                         a zone runs dry
 *
 * The deferred part comes in blocks of the release's size, and page by page where a free range
 * does not hold a whole one. Marks are zero until all of it is there, as they are in the
 * kernel until init_per_zone_wmark_min().
 */
#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pcp.h"
#include "release.h"
#include "trace.h"
#include "tune.h"
#include "zones.h"

/* What boot still holds. A state has one, or everything was there from the start. */
struct shb_release {
	const struct shb_boot_map *map;
	struct {
		unsigned long	deferred;	/* first pfn that was not handed over, or SHB_NO_PFN */
		unsigned long	at_start, end;
	} nodes[SHB_BOOT_NODES];
};

/* --- pages come ---------------------------------------------------------------------------- */

static void release_block(struct shb_state *s, unsigned long pfn, int order)
{
	int fpi = s->rules.boot->to_tail ? SHB_FPI_TO_TAIL : SHB_FPI_NONE;
	struct shb_zone *z;
	unsigned long irq;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_release(z, i, order, fpi);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/*
 * __free_pages_memory(): order = min(10, trailing zeros of the pfn), smaller where the range
 * ends. A block in the deferred part is passed over.
 */
static void release_range(struct shb_state *s, const struct shb_free_ranges *w)
{
	unsigned long pfn = w->start;
	int order;

	for (; pfn < w->end; pfn += 1UL << order) {
		order = pfn ? min_t(int, SHB_MAX_ORDER, __ffs(pfn)) : SHB_MAX_ORDER;
		while (pfn + (1UL << order) > w->end)
			order--;
		if (pfn < s->release->nodes[w->nid].deferred)
			release_block(s, pfn, order);
	}
}

/*
 * deferred_free_pages(): whole blocks of the release's order where they fit, every other page
 * by itself. Return: pages.
 */
static unsigned long release_deferred_range(struct shb_state *s, unsigned long pfn,
					    unsigned long end)
{
	int order = s->rules.boot->deferred_order;
	unsigned long first = pfn, size = 1UL << order;

	while (pfn < end) {
		bool whole = !(pfn & (size - 1)) && pfn + size <= end;

		release_block(s, pfn, whole ? order : 0);
		pfn += whole ? size : 1;
	}
	return pfn - first;
}

/*
 * deferred_init_memmap_chunk(): up to the end of the section. The next one is that of the next
 * free range. Return: pages.
 */
static unsigned long release_section(struct shb_state *s, int nid)
{
	unsigned long from = s->release->nodes[nid].deferred, pages = 0;
	unsigned long to = ALIGN(from + 1, SHB_SECTION_PAGES), next = SHB_NO_PFN;
	struct shb_free_ranges w = { .map = s->release->map };

	while (next == SHB_NO_PFN && shb_free_ranges_next(&w)) {
		if (w.nid != nid || w.end <= from)
			continue;
		if (w.start < to)
			pages += release_deferred_range(s, max(w.start, from), min(w.end, to));
		if (w.end > to)
			next = max(to, ALIGN_DOWN(w.start, SHB_SECTION_PAGES));
	}
	s->release->nodes[nid].deferred = next;
	return pages;
}

/**
 * shb_release_grow_zone() - make more of a zone's deferred pages ready
 * @z: zone that could not serve a request; its lock is not held
 * @order: of the request
 *
 * deferred_grow_zone(): section after section until one section's worth of pages came. Only
 * the zone at the end of a node has any.
 *
 * Context: nobody else uses the state; takes z->lock.
 * Return: pages came.
 */
bool shb_release_grow_zone(struct shb_zone *z, unsigned int order)
{
	struct shb_state *s = z->state;
	unsigned long needed = ALIGN(1UL << order, SHB_SECTION_PAGES), pages = 0;

	if (z->extent.start_pfn + z->extent.spanned != s->release->nodes[z->nid].end)
		return false;
	while (pages < needed && s->release->nodes[z->nid].deferred != SHB_NO_PFN)
		pages += release_section(s, z->nid);
	if (pages)
		trace_deferred_grow(z, order, pages);
	return pages;
}

/* --- boot ------------------------------------------------------------------------------------ */

/*
 * memmap_init_range(): a pageblock is Movable once its first page was made ready; where that
 * is no memory, the pageblock stays what zeroes mean, Unmovable. Up to 6.12 a first page that
 * is reserved and deferred does not make it Movable, either.
 */
static void set_pageblock_types(struct shb_zone *z)
{
	const struct shb_release *r = z->state->release;
	const struct shb_ranges *memory = &r->map->memory;
	struct shb_free_ranges w = { .map = r->map };
	unsigned long pfn, irq;
	bool present, free;
	u32 i, k = 0;

	for (i = 0; i < z->extent.nr_frames; i += SHB_PAGEBLOCK_PAGES) {
		pfn = shb_pfn_of(z, i);
		while (k < memory->nr && shb_range_end(&memory->range[k]) <= pfn)
			k++;
		while (w.end <= pfn && shb_free_ranges_next(&w))
			;
		present = k < memory->nr && shb_range_first(&memory->range[k]) <= pfn;
		free = w.start <= pfn && pfn < w.end;
		if (present && (free || pfn < r->nodes[z->nid].at_start ||
				z->rules.boot->types_reserved_pages))
			continue;
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_zone_set_types(z, i, SHB_PAGEBLOCK_ORDER, SHB_UNMOVABLE);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
}

static void clear_marks(struct shb_zone *z)
{
	memset(z->marks.watermark, 0, SHB_NR_WMARK * sizeof(*z->marks.watermark));
	memset(z->marks.lowmem_reserve, 0, sizeof(z->marks.lowmem_reserve));
}

/* memblock_free_all(), for a state whose pages are all absent; then setup_per_cpu_pageset(). */
static void begin(struct shb_state *s)
{
	struct shb_free_ranges w = { .map = s->release->map };
	struct shb_zone *z;
	int n;

	for (n = 0; n < s->topo.nr_nodes; n++)
		s->release->nodes[n].deferred = s->release->nodes[n].at_start;
	shb_for_each_zone(s, z, n) {
		clear_marks(z);
		set_pageblock_types(z);
	}
	while (shb_free_ranges_next(&w))
		release_range(s, &w);
	mutex_lock(&s->tune_lock);
	shb_for_each_zone(s, z, n)
		shb_pcp_setup_zone(z, 0);
	mutex_unlock(&s->tune_lock);
}

/**
 * shb_release_start() - hand over what is free before anything is deferred
 * @s: state of a plan with held_back, from shb_boot_plan()
 * @map: memory; stays as long as the state
 * @b: its zones
 *
 * memblock_free_all(), then setup_per_cpu_pageset(). All marks are zero. The state frees what
 * this allocates.
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int shb_release_start(struct shb_state *s, const struct shb_boot_map *map,
		      const struct shb_boot *b)
{
	int nid;

	s->release = kvzalloc(sizeof(*s->release), GFP_KERNEL);
	if (!s->release)
		return -ENOMEM;
	s->release->map = map;
	for (nid = 0; nid < b->nr_nodes; nid++) {
		s->release->nodes[nid].at_start = b->nodes[nid].deferred;
		s->release->nodes[nid].end = b->nodes[nid].end;
	}
	begin(s);
	return 0;
}

/**
 * shb_release_deferred() - where the deferred part of a node begins now
 *
 * Return: pfn, or SHB_NO_PFN when all of it was handed over.
 */
unsigned long shb_release_deferred(const struct shb_state *s, int nid)
{
	return s->release ? s->release->nodes[nid].deferred : SHB_NO_PFN;
}

/**
 * shb_release_waiting() - free pages of a zone that boot still holds
 *
 * Return: pages.
 */
unsigned long shb_release_waiting(const struct shb_zone *z)
{
	const struct shb_state *s = z->state;
	unsigned long from = shb_release_deferred(s, z->nid), pages = 0, pfn, next;
	struct shb_free_ranges w = { };
	u32 i;

	if (from == SHB_NO_PFN)
		return 0;
	w.map = s->release->map;
	while (shb_free_ranges_next(&w)) {
		for (pfn = max(w.start, from); w.nid == z->nid && pfn < w.end; pfn = next) {
			next = min(ALIGN(pfn + 1, SHB_GRANULE_PAGES), w.end);
			if (shb_zone_of(s, pfn, &i) == z)
				pages += next - pfn;
		}
	}
	return pages;
}

/**
 * shb_release_step() - the next section of every node that still defers
 * @s: state
 * @now: time in ns
 *
 * deferred_init_memmap(), a thread for each node. With the last section come the marks
 * (init_per_zone_wmark_min()).
 *
 * Context: nobody else uses the state; takes tune_lock and zone locks.
 * Return: when to call again, or SHB_RELEASE_DONE.
 */
u64 shb_release_step(struct shb_state *s, u64 now)
{
	bool more = false;
	int nid;

	if (!s->release)
		return SHB_RELEASE_DONE;
	for (nid = 0; nid < s->topo.nr_nodes; nid++) {
		if (shb_release_deferred(s, nid) == SHB_NO_PFN)
			continue;
		release_section(s, nid);
		more |= shb_release_deferred(s, nid) != SHB_NO_PFN;
	}
	if (more)
		return now;
	shb_tune_init(s, s->tune_at_start.transparent_hugepage);
	return SHB_RELEASE_DONE;
}

/**
 * shb_release_again() - boot anew, to the end
 * @s: state that shb_release_start() was called for; all of its pages are absent
 *
 * Context: nobody else uses the state; takes tune_lock and zone locks.
 */
void shb_release_again(struct shb_state *s)
{
	begin(s);
	while (shb_release_step(s, 0) != SHB_RELEASE_DONE)
		;
}
