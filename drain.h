/* SPDX-License-Identifier: GPL-2.0-only */
/* Work on per-cpu lists from outside; see drain.c. */
#ifndef SHB_DRAIN_H
#define SHB_DRAIN_H

#include "check.h"
#include "types.h"

#define SHB_EVERY_CPU	(-1)

int shb_drain(struct shb_state *s, int cpu, struct shb_zone *z);
bool shb_drain_round(struct shb_zone *z, int cpu, int *left);
int shb_drain_visit(struct shb_state *s);
void shb_drain_dead(struct shb_state *s, int cpu);
void shb_drain_tick(struct shb_state *s);
u64 shb_drain_step(struct shb_state *s, u64 now);
int shb_drain_reset(struct shb_state *s);
int shb_drain_reset_lists(struct shb_state *s);
void shb_drain_check(struct shb_state *s, struct shb_check *c);

#endif
