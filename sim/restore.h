/* SPDX-License-Identifier: GPL-2.0-only */
/* Zones as a machine left them; see restore.c. */
#ifndef SIM_RESTORE_H
#define SIM_RESTORE_H

#include "sim/machine.h"

int sim_restore_zones(struct sim_machine *m, struct shb_state *s);

#endif
