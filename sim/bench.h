/* SPDX-License-Identifier: GPL-2.0-only */
/* How long an allocation and its free take (bench.c), and what memory looks like when it is old (age.c). */
#ifndef SIM_BENCH_H
#define SIM_BENCH_H

#include "types.h"

int sim_bench(struct shb_state *s);
int sim_age(struct shb_state *s);

#endif
