/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking granules from the live kernel and giving them back; see carve.c. */
#ifndef SHB_CARVE_H
#define SHB_CARVE_H

#include <linux/mutex.h>
#include <linux/notifier.h>

#include "ctl/spec.h"
#include "host.h"
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

/*
 * Keeps carved memory online. Without a state (while carving or giving back) any block may
 * be looked at, so none may go; a state stays until the callback that looks at it has ended.
 */
struct shb_guard {
	struct notifier_block	notifier;
	struct mutex		lock;		/* protects s, and what it points to */
	const struct shb_state	*s;
};

int shb_guard_start(struct shb_guard *guard);
void shb_guard_state(struct shb_guard *guard, const struct shb_state *s);
void shb_guard_stop(struct shb_guard *guard);

#endif
