// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fair policy: pages of all zones of a node should live equally long, so a request that could
 * be served by several goes round them, as many pages from each as lie between its marks LOW and
 * HIGH. 4.8 gave up on it, because reclaim works on nodes since then.
 *
 *      Normal   |#######......|  batch 77      what is handed out is taken off; at 0 the zone has
 *      DMA32    |####.........|  batch 51      had its turn; when all have, everybody begins anew
 */
#include <linux/bitops.h>

#include "fair.h"

/**
 * shb_fair_begin() - a zone whose marks were set has a whole batch
 *
 * NR_ALLOC_BATCH := HIGH - LOW; whether the zone has had its turn stays. Nothing in the releases
 * without turns.
 *
 * Context: any.
 */
void shb_fair_begin(struct shb_zone *z)
{
	if (!z->rules.walk->fair)
		return;
	atomic_long_set(&z->fair_left,
			z->marks.watermark[SHB_WMARK_HIGH] - z->marks.watermark[SHB_WMARK_LOW]);
}

/**
 * shb_fair_charge() - a block was handed out, whoever asked
 *
 * Context: any.
 */
void shb_fair_charge(struct shb_zone *z, int order)
{
	if (atomic_long_sub_return(1L << order, &z->fair_left) <= 0)
		set_bit(SHB_ZONE_FAIR_DEPLETED, &z->flags);
}

/**
 * shb_fair_refill() - all have had their turns: everybody begins anew
 * @preferred: zone the request would rather have; those of its node up to its kind
 *
 * reset_alloc_batches().
 *
 * Context: any.
 */
void shb_fair_refill(struct shb_state *s, const struct shb_zone *preferred)
{
	struct shb_zone *z;
	int kind;

	for (kind = 0; kind <= preferred->kind; kind++) {
		z = s->nodes[preferred->nid].zones[kind];
		if (!z)
			continue;
		shb_fair_begin(z);
		clear_bit(SHB_ZONE_FAIR_DEPLETED, &z->flags);
	}
}
