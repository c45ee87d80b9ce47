/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording under any candidates; see replay.c. */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#define SIM_CANDIDATES	8

int sim_replay(const char *path, const char *const *wishes, int nr);

#endif
