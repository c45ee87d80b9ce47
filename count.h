/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a zone. Each cpu counts on its own line, which it owns together with its
 * lists; who finds them in use by what it interrupted counts on the zone's.
 */
#ifndef SHB_COUNT_H
#define SHB_COUNT_H

#include "pcp.h"

u64 shb_count_read(const struct shb_zone *z, enum shb_event event);

static inline void shb_count_events(struct shb_zone *z, int cpu, enum shb_event event, long n)
{
	struct shb_pcp *pcp = &z->pcps[cpu];

	if (likely(shb_pcp_own(pcp))) {
		pcp->events[event] += n;
		shb_pcp_disown(pcp);
	} else {
		atomic_long_add(n, &z->irq_events[event]);
	}
}

/*
 * zone_statistics(): hit or miss against the node of the preferred zone, local or
 * other against the node of the cpu; one per call, whatever the order.
 */
static inline void shb_count_numa(const struct shb_state *s, struct shb_pcp *pcp,
				  struct shb_zone *z, struct shb_zone *preferred, int cpu, int n)
{
	if (!s->tune.numa_stat)
		return;
	if (likely(z->nid == preferred->nid)) {
		pcp->events[SHB_NUMA_HIT] += n;
	} else {
		pcp->events[SHB_NUMA_MISS] += n;
		shb_count_events(preferred, cpu, SHB_NUMA_FOREIGN, n);
	}
	pcp->events[pcp->local_event] += n;
}

/* A request was served by the lists of a cpu. */
static __always_inline void shb_count_alloc(const struct shb_state *s, struct shb_pcp *pcp,
					    struct shb_zone *z, struct shb_zone *preferred,
					    int cpu, int order)
{
	pcp->events[SHB_PGALLOC] += 1UL << order;
	shb_count_numa(s, pcp, z, preferred, cpu, 1);
}

#endif
