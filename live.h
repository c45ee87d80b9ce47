/* SPDX-License-Identifier: GPL-2.0-only */
/* The live state of the module: carve, build, show, and the way back; see live.c. */
#ifndef SHB_LIVE_H
#define SHB_LIVE_H

#include <linux/types.h>

struct shb_live_params {
	const char	*carve;
	const char	*split;
	const char	*cma;
	const char	*profile;
	bool		model;
};

int shb_live_start(const struct shb_live_params *p);
void shb_live_stop(void);
int shb_live_command(const char *text);

#endif
