/* SPDX-License-Identifier: GPL-2.0-only */
/* Node order and zone iteration; see zonelist.c. */
#ifndef SHB_ZONELIST_H
#define SHB_ZONELIST_H

#include "types.h"

int shb_zonelist_build(struct shb_state *s);
bool shb_zonelist_is_current(const struct shb_state *s);
struct shb_zone **shb_zonelist_skip(struct shb_zone **zone, int highest, const nodemask_t *mask);

/* The list a request walks: its own node alone with __GFP_THISNODE. */
static inline const struct shb_zonelist *shb_zonelist_of(const struct shb_state *s, int nid,
							 gfp_t gfp)
{
	const struct shb_node *node = &s->nodes[nid];

	return unlikely(gfp & __GFP_THISNODE) ? &node->nofallback : &node->fallback;
}

/* First zone a request may use; *result is NULL when there is none. */
static inline struct shb_zone **shb_zonelist_first(const struct shb_zonelist *list, int highest,
						   const nodemask_t *mask)
{
	struct shb_zone **zone = list->zones + list->first[highest];

	return mask ? shb_zonelist_skip(zone, highest, mask) : zone;
}

static inline struct shb_zone **shb_zonelist_next(struct shb_zone **zone, int highest,
						  const nodemask_t *mask)
{
	return shb_zonelist_skip(zone + 1, highest, mask);
}

#endif
