/* SPDX-License-Identifier: GPL-2.0-only */
/* Work on per-cpu lists from outside: drains, the tick, cpu hotplug; see cpu.c. */
#ifndef SHB_CPU_H
#define SHB_CPU_H

#include "check.h"
#include "types.h"

#define SHB_EVERY_CPU	(-1)

int shb_cpu_drain(struct shb_state *s, int cpu, struct shb_zone *z);
void shb_cpu_tick(struct shb_state *s);
int shb_cpu_reset(struct shb_state *s);
void shb_cpu_check(struct shb_state *s, struct shb_check *c);

int shb_cpu_start(struct shb_state *s);
void shb_cpu_stop(void);

#endif
