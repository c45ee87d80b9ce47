/* SPDX-License-Identifier: GPL-2.0-only */
/* Zones as pictures; see draw.c. */
#ifndef SIM_DRAW_H
#define SIM_DRAW_H

#include "types.h"

struct sim_drawing {
	struct shb_zone	*z;
	u32		granule;	/* whose buddies are drawn, SHB_NONE: none */
};

int sim_draw_parse(struct shb_state *s, const char *words, struct sim_drawing *d, char *error,
		   size_t size);
void sim_draw(const struct sim_drawing *d, bool colour);

#endif
