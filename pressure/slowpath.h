/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests that may wait; see slowpath.c. */
#ifndef SHB_SLOWPATH_H
#define SHB_SLOWPATH_H

#include "pressure/run.h"

/*
 * Who makes room for a request that waits. Called in process context, not pinned, without a lock of the
 * state but that the rules stay (state->becoming, for reading); each may be NULL: nobody does.
 * @mover: whose pages move
 * @reclaim: free pages, a batch or so; how many were freed
 * @reclaimable: pages of a zone that could be
 * @kill: somebody with pages is to go, because nothing else has helped; somebody will
 */
struct shb_relief {
	const struct shb_mover	*mover;
	unsigned long		(*reclaim)(void *arg, const struct shb_request *r, int order);
	unsigned long		(*reclaimable)(void *arg, const struct shb_zone *z);
	bool			(*kill)(void *arg, const struct shb_request *r);
	void			*arg;
};

unsigned long shb_alloc_waiting(struct shb_state *s, const struct shb_request *r, const struct shb_relief *relief);

/* Is what such a request does known of the release? */
static inline bool shb_may_wait(const struct shb_state *s, gfp_t gfp)
{
	return (gfp & __GFP_DIRECT_RECLAIM) && s->rules.slow->waits;
}

#endif
