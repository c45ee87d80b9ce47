/* SPDX-License-Identifier: GPL-2.0-only */
/* Booting a machine, and telling what came of it; see sim/booting.c. */
#ifndef SIM_BOOTING_H
#define SIM_BOOTING_H

#include "sim/machine.h"

int sim_boot_plan(struct sim_machine *m);
int sim_boot_start(struct sim_machine *m, struct shb_state *s);
void sim_boot_report(const struct sim_machine *m, struct shb_state *s);
void sim_boot_finish(struct shb_state *s);
void sim_boot_progress(const struct shb_state *s);
void sim_boot_free(struct sim_machine *m);

#endif
