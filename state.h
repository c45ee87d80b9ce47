/* SPDX-License-Identifier: GPL-2.0-only */
/* Building and taking down an allocator instance; see state.c. */
#ifndef SHB_STATE_H
#define SHB_STATE_H

#include "types.h"

/*
 * One zone to build. A zone on paper (nr_granules 0) has sizes and watermarks but
 * no pages; it answers what the marks of a machine would be.
 */
struct shb_zone_spec {
	int		nid;
	int		kind;		/* enum shb_kind */
	u32		nr_granules;
	const unsigned long *pfns;	/* first pfn of each granule, ascending; copied */
	unsigned long	managed, present, spanned, start_pfn;	/* 0: as the granules say */
	u32		cma_granules;	/* the highest ones become a CMA region */
};

struct shb_state_spec {
	const struct shb_policy		*policy;
	const struct shb_format		*format;
	const struct shb_topology	*topo;	/* copied */
	u8				kinds;	/* mask of zone kinds this machine knows */
	bool				live;
	const struct shb_page_ops	*pages;	/* NULL: no real pages */
	bool				transparent_hugepage;
	const struct shb_zone_spec	*zones;
	int				nr_zones;
};

struct shb_state *shb_state_create(const struct shb_state_spec *spec);
void shb_state_destroy(struct shb_state *s);
int shb_state_reset(struct shb_state *s);
unsigned long shb_state_used_pages(struct shb_state *s);

#endif
