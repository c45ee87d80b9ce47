/* SPDX-License-Identifier: GPL-2.0-only */
/* Draws that are the same each time; not the kernel's. */
#ifndef SIM_LINUX_PRANDOM_H
#define SIM_LINUX_PRANDOM_H

#include <linux/types.h>

struct rnd_state { u64 x; };

static inline void prandom_seed_state(struct rnd_state *r, u64 seed)
{
	r->x = seed * 0x9e3779b97f4a7c15ULL + 1;
}

/* Marsaglia's xorshift64*. */
static inline u32 prandom_u32_state(struct rnd_state *r)
{
	r->x ^= r->x >> 12;
	r->x ^= r->x << 25;
	r->x ^= r->x >> 27;
	return r->x * 0x2545f4914f6cdd1dULL >> 32;
}

#endif
