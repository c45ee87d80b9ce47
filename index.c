// SPDX-License-Identifier: GPL-2.0-only
/* How fragmented a zone is, in the kernel's two measures. Reads counters, takes no lock. */
#include <linux/math64.h>

#include "index.h"

/**
 * shb_index_blocks() - free blocks of one order, all types
 *
 * Context: any; exact under z->lock.
 * Return: the number buddyinfo prints.
 */
unsigned long shb_index_blocks(const struct shb_zone *z, int order)
{
	unsigned long nr = 0;
	int type;

	for (type = 0; type < SHB_NR_TYPES; type++)
		nr += READ_ONCE(z->buddy.blocks[type][order]);
	return nr;
}

struct free_totals {
	unsigned long pages;	/* in all free blocks */
	unsigned long blocks;	/* free blocks of any order */
	unsigned long fit;	/* blocks of the wanted order that could be made */
};

static void total_free(const struct shb_zone *z, int order, struct free_totals *t)
{
	int o;

	*t = (struct free_totals){ };
	for (o = 0; o < SHB_NR_ORDERS; o++) {
		unsigned long nr = shb_index_blocks(z, o);

		t->blocks += nr;
		t->pages += nr << o;
		if (o >= order)
			t->fit += nr << (o - order);
	}
}

/**
 * shb_index_fragmentation() - would a failure be for lack of memory or of contiguity?
 *
 * 1000 - (1000 + pages * 1000 / 2^order) / blocks, two truncating divisions
 * (fragmentation_index(), all releases).
 *
 * Return: towards 0 lack of memory, towards 1000 fragmentation, -1000 no failure.
 */
int shb_index_fragmentation(const struct shb_zone *z, int order)
{
	struct free_totals t;

	total_free(z, order, &t);
	if (!t.blocks)
		return 0;
	if (t.fit)
		return -1000;
	return 1000 - (int)div_u64(1000 + div_u64(t.pages * 1000ULL, 1UL << order), t.blocks);
}

/**
 * shb_index_unusable() - share of free memory that cannot serve an order
 *
 * (pages - fit * 2^order) * 1000 / pages (unusable_free_index(), all releases).
 *
 * Return: thousandths; 1000 when nothing is free.
 */
int shb_index_unusable(const struct shb_zone *z, int order)
{
	struct free_totals t;

	total_free(z, order, &t);
	if (!t.pages)
		return 1000;
	return div_u64((t.pages - (t.fit << order)) * 1000ULL, t.pages);
}
