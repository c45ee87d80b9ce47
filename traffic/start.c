// SPDX-License-Identifier: GPL-2.0-only
/*
 * The beginning of a stream. A zone's lists are copied at a moment, all at once or granule by
 * granule, while records come already; what happened before a granule's moment is in the copy.
 *
 *     records of a page      alloc    free          |          alloc
 *     lists                       +--------[on]-----+--[off]-----------------
 *     known of it            used     free          moment: free
 *
 * At its moment a page is free
 *   if a free list had it, or
 *   if the last that was told of it before was a free, or that it went to a cpu's list: a free is
 *   told before the page is on a list, and lists of cpus may not be in the copy.
 * If neither, it is in use. An allocation that is told afterwards shows that it had been taken off
 * its list already; whoever follows the stream counts it as in flight.
 *
 * Records up to the moment of their granule are kept aside, as one bit a page. When the moment
 * has passed, a free is told for each page that is free and not on a list of the copy.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/minmax.h>

#include "host.h"
#include "traffic/mirror.h"
#include "traffic/start.h"

static unsigned long first_page(const struct shb_start *st)
{
	return st->mirror->map.base << SHB_GRANULE_ORDER;
}

/**
 * shb_start_init() - no granule has been copied yet
 * @st: out
 * @mirror: state of the zones to be copied; filled before the first record is delivered
 * @apply: told of what counts, in the order of the stream
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM; shb_start_exit() in either case.
 */
int shb_start_init(struct shb_start *st, struct shb_state *mirror,
		   void (*apply)(void *arg, const struct shb_record *r), void *arg)
{
	unsigned long nr = mirror->map.nr;

	*st = (struct shb_start){
		.mirror = mirror, .apply = apply, .arg = arg,
		.moments = mirror->host->alloc(nr * sizeof(*st->moments), -1),
		.sequence = mirror->host->alloc(nr * sizeof(*st->sequence), -1),
		.freed = mirror->host->alloc(BITS_TO_LONGS(nr << SHB_GRANULE_ORDER) * sizeof(long), -1),
	};
	return st->moments && st->sequence && st->freed ? 0 : -ENOMEM;
}

/**
 * shb_start_exit() - free the tables
 * @st: from shb_start_init(), or all zero
 */
void shb_start_exit(struct shb_start *st)
{
	if (st->mirror) {
		st->mirror->host->free(st->moments);
		st->mirror->host->free(st->sequence);
		st->mirror->host->free(st->freed);
	}
	*st = (struct shb_start){ };
}

/**
 * shb_start_copied() - a granule was copied
 * @granule: of the zone
 * @moment: when; never before that of a granule told of earlier
 *
 * Where zones overlap a granule counts for the zone it belongs to.
 *
 * Context: before the first record is delivered.
 */
void shb_start_copied(struct shb_start *st, const struct shb_zone *z, u32 granule, u64 moment)
{
	unsigned long pfn = z->extent.granule_pfn[granule];
	u32 g = (pfn >> SHB_GRANULE_ORDER) - st->mirror->map.base, i;

	if (shb_zone_of(st->mirror, pfn, &i) != z || st->moments[g])
		return;
	st->moments[g] = moment ?: 1;
	st->sequence[st->nr++] = g;
}

/**
 * shb_start_kept() - pages that a cpu's list had, which is not in the copy
 *
 * Context: before the first record is delivered; the list was read after the first record that
 * will be.
 */
void shb_start_kept(struct shb_start *st, unsigned long pfn, unsigned long nr)
{
	bitmap_set(st->freed, pfn - first_page(st), nr);
}

static void settle(struct shb_start *st, u32 granule)
{
	unsigned long bit = (unsigned long)granule << SHB_GRANULE_ORDER;
	unsigned long end = bit + SHB_GRANULE_PAGES;
	struct shb_record r = {
		.stamp = st->moments[granule] + 1, .kind = SHB_REC_FREE, .cpu = SHB_NO_CPU,
	};

	st->moments[granule] = 0;
	for_each_set_bit_from(bit, st->freed, end) {
		r.pfn = first_page(st) + bit;
		if (shb_mirror_used(st->mirror, r.pfn, 0))
			st->apply(st->arg, &r);
	}
}

/**
 * shb_start_advance() - everything up to a moment has been delivered
 * @stamp: the moment
 */
void shb_start_advance(struct shb_start *st, u64 stamp)
{
	while (!shb_start_is_over(st) && stamp > st->moments[st->sequence[st->settled]])
		settle(st, st->sequence[st->settled++]);
}

static bool is_early(const struct shb_start *st, u64 pfn)
{
	u64 granule = (pfn >> SHB_GRANULE_ORDER) - st->mirror->map.base;

	return granule < st->mirror->map.nr && st->moments[granule];
}

/* What is known of pages of a granule whose moment has not come. */
static void keep_aside(struct shb_start *st, int kind, unsigned long pfn, unsigned long nr)
{
	switch (kind) {
	case SHB_REC_FREE:
	case SHB_REC_UNCOMPACT:
	case SHB_REC_REFILL:
	case SHB_REC_EXTFRAG:
		bitmap_set(st->freed, pfn - first_page(st), nr);
		break;
	case SHB_REC_ALLOC:
	case SHB_REC_BULK:
	case SHB_REC_COMPACT:
	case SHB_REC_CONTIG:
		bitmap_clear(st->freed, pfn - first_page(st), nr);
		break;
	}
}

/* Pages of one granule. */
static void deliver_part(struct shb_start *st, const struct shb_record *r, u64 pfn, u64 nr)
{
	struct shb_record part = *r;

	if (is_early(st, pfn)) {
		keep_aside(st, r->kind, pfn, nr);
		return;
	}
	part.pfn = pfn;
	if (r->kind == SHB_REC_CONTIG)
		part.arg = nr;
	else
		part.order = min_t(int, r->order, SHB_GRANULE_ORDER);
	st->apply(st->arg, &part);
}

/* Ranges, and blocks larger than a granule, have a moment for each of their granules. */
static void deliver_parts(struct shb_start *st, const struct shb_record *r)
{
	u64 pfn = r->pfn, nr = r->kind == SHB_REC_CONTIG ? r->arg : 1ULL << r->order, part;

	for (; nr; pfn += part, nr -= part) {
		part = min(nr, SHB_GRANULE_PAGES - (pfn & (SHB_GRANULE_PAGES - 1)));
		deliver_part(st, r, pfn, part);
	}
}

/**
 * shb_start_deliver() - one more record, in the order of the stream
 *
 * A late one, of before a moment that has passed, counts as if it came now.
 *
 * Context: one at a time; calls apply.
 */
void shb_start_deliver(struct shb_start *st, const struct shb_record *r)
{
	if (r->kind != SHB_REC_NOTE)
		shb_start_advance(st, r->stamp);
	if (r->kind == SHB_REC_NOTE || r->kind == SHB_REC_FAIL || shb_start_is_over(st))
		st->apply(st->arg, r);
	else if (r->kind != SHB_REC_RUN && r->kind != SHB_REC_MIGRATE)
		deliver_parts(st, r);
	else if (!is_early(st, r->pfn))
		st->apply(st->arg, r);
}
