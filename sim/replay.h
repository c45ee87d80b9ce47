/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording under any candidates; see replay.c. */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include <linux/types.h>

#define SIM_CANDIDATES	64

struct sim_replay_options {
	const char	*candidates[SIM_CANDIDATES];	/* words, see traffic/wish.c */
	int		nr_candidates;
	bool		predict;
	const char	*curve;		/* file for it, or NULL */
};

int sim_replay(const char *path, const struct sim_replay_options *o);

#endif
