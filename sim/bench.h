/* SPDX-License-Identifier: GPL-2.0-only */
/* How long an allocation and its free take; see bench.c. */
#ifndef SIM_BENCH_H
#define SIM_BENCH_H

#include "types.h"

int sim_bench(struct shb_state *s);

#endif
