/* SPDX-License-Identifier: GPL-2.0-only */
/* From parameters to zones; see plan.c. */
#ifndef SHB_PLAN_H
#define SHB_PLAN_H

#include "ctl/spec.h"
#include "glue/carve.h"
#include "host.h"

struct shb_specs {
	struct shb_spec carve, split, cma;
};

int shb_specs_parse(struct shb_specs *specs, const char *carve_text, const char *split_text,
		    const char *cma_text);
int shb_specs_check(const struct shb_specs *specs, const struct shb_carve *c);
struct shb_state *shb_specs_build(const struct shb_specs *specs, const struct shb_carve *c,
				  const struct shb_profile *profile, const struct shb_host *host);

#endif
