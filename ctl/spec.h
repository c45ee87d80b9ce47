/* SPDX-License-Identifier: GPL-2.0-only */
/* Parsing of what users write: sizes, zones, gfp masks, carve specs; see spec.c. */
#ifndef SHB_SPEC_H
#define SHB_SPEC_H

#include "types.h"

#define SHB_SPEC_ANY	(-1)
#define SHB_SPEC_ITEMS	32

/* One item of carve= or split=. */
struct shb_spec_item {
	int		nid;	/* SHB_SPEC_ANY: every node */
	int		kind;	/* SHB_SPEC_ANY: every zone but Movable */
	unsigned long	granules;
};

struct shb_spec {
	bool		automatic;	/* carve=auto */
	bool		force;		/* carve=force,...: leave no margin */
	int		nr;
	struct shb_spec_item items[SHB_SPEC_ITEMS];
	char		error[160];	/* what is wrong and what is accepted */
};

int shb_spec_parse(const char *name, const char *text, bool wildcards, struct shb_spec *spec);
int shb_spec_size(const char *text, unsigned long *bytes);
int shb_spec_kind(const char *text);
int shb_spec_gfp(const char *text, gfp_t *gfp, char *bad, size_t size);

#endif
