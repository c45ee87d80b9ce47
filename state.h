/* SPDX-License-Identifier: GPL-2.0-only */
/* Building and taking down an allocator instance; see state.c. */
#ifndef SHB_STATE_H
#define SHB_STATE_H

#include "host.h"
#include "types.h"

/*
 * One zone to build. A zone without granules has sizes and watermarks but no pages; it
 * answers what the marks of a machine would be.
 */
struct shb_plan_zone {
	int		nid;
	int		kind;		/* enum shb_kind */
	u32		nr_granules;
	const unsigned long *pfns;	/* first pfn of each granule, ascending; copied */
	unsigned long	managed, present, spanned, start_pfn;	/* 0: as the granules say */
	u32		cma_granules;	/* the highest ones become a CMA region */
};

/* A state to build. */
struct shb_plan {
	const struct shb_profile	*profile;
	const struct shb_format		*format;
	const struct shb_host		*host;
	const struct shb_topology	*topo;	/* copied */
	u16				id;	/* in events */
	u8				kinds;	/* mask of zone kinds this machine knows */
	bool				transparent_hugepage;
	bool				held_back;	/* all pages are absent until release.c hands them over */
	const struct shb_plan_zone	*zones;	/* by node and, inside a node, by kind */
	int				nr_zones;
};

struct shb_state *shb_state_create(const struct shb_plan *plan);
void shb_state_destroy(struct shb_state *s);
int shb_state_reset(struct shb_state *s);
int shb_state_reset_zones(struct shb_state *s);
unsigned long shb_state_used_pages(struct shb_state *s);
void shb_topology_free(struct shb_topology *t);

void shb_state_set_profile(struct shb_state *s, const struct shb_profile *profile);
void shb_zone_set_rules(struct shb_zone *z);
void shb_profile_hold(const struct shb_profile *profile);
void shb_profile_drop(const struct shb_profile *profile);
void shb_state_close(struct shb_state *s);
void shb_state_open(struct shb_state *s);

#endif
