// SPDX-License-Identifier: GPL-2.0-only
/*
 * The zonelist cache: a scan that met a zone below its mark passes over those that had no page
 * lately, and looks at them only if nobody else has one. A bit for each entry of a node's fallback
 * list, forgotten by the tick: once a second, as there, with the default stat_interval. 4.8 gave up
 * on it.
 *
 *     node 0   | 0.Normal | 0.DMA32 | 1.Normal | 2.Normal |
 *     full     |     x    |    x    |     .    |     x    |
 */
#include <linux/bitops.h>

#include "full.h"
#include "zonelist.h"

/* Only where there are nodes to go to. */
static bool remembers(const struct shb_state *s, const struct shb_request *r)
{
	return s->online_nodes > 1 && !(r->gfp & __GFP_THISNODE);
}

static unsigned int entry(const struct shb_state *s, const struct shb_request *r, struct shb_zone **pos)
{
	return pos - s->nodes[r->nid].fallback.zones;
}

/**
 * shb_full_is() - had this zone no page lately?
 * @pos: entry of the request's list
 *
 * zlc_zone_worth_trying().
 *
 * Context: any.
 */
bool shb_full_is(const struct shb_state *s, const struct shb_request *r, struct shb_zone **pos)
{
	return remembers(s, r) && test_bit(entry(s, r, pos), s->nodes[r->nid].full);
}

/**
 * shb_full_note() - a zone is below its mark, or has no page
 * @pos: as in shb_full_is()
 *
 * zlc_mark_zone_full().
 *
 * Context: any.
 */
void shb_full_note(const struct shb_state *s, const struct shb_request *r, struct shb_zone **pos)
{
	if (remembers(s, r))
		set_bit(entry(s, r, pos), s->nodes[r->nid].full);
}

/**
 * shb_full_forget() - a second has passed, or lists are others
 *
 * Context: any.
 */
void shb_full_forget(struct shb_state *s)
{
	int nid, n;

	for (nid = 0; nid < s->topo.nr_nodes; nid++)
		for (n = 0; n < s->nr_zones; n++)
			clear_bit(n, s->nodes[nid].full);
}
