/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking granules from the live kernel and giving them back; see carve.c. */
#ifndef SHB_CARVE_H
#define SHB_CARVE_H

#include "spec.h"
#include "types.h"

/* What was taken from one zone of the kernel. */
struct shb_carve_zone {
	int		nid;
	int		kind;
	unsigned long	asked;		/* granules */
	unsigned long	got;		/* granules */
	unsigned long	attempts;
	unsigned long	busy;		/* attempts that found a page in use */
	unsigned long	*pfns;		/* first pfn of each granule; ascending at the end */
	bool		at_reserve;	/* the kernel could spare no more */
};

struct shb_carve {
	int			nr;
	struct shb_carve_zone	*zones;		/* by node, then kind */
	bool			force;		/* down to the high mark */
};

int shb_carve_plan(const struct shb_spec *spec, struct shb_carve *c, char *error, size_t size);
int shb_carve_run(struct shb_carve *c);
void shb_carve_return(struct shb_carve *c, const struct shb_state *s);
extern const struct shb_page_ops shb_carve_pages;

int shb_carve_guard(void);
void shb_carve_guard_state(const struct shb_state *s);
void shb_carve_unguard(void);

#endif
