/* SPDX-License-Identifier: GPL-2.0-only */
/* A memory map to boot from; see memmap.c. */
#ifndef SIM_MEMMAP_H
#define SIM_MEMMAP_H

#include "boot.h"
#include "sim/machine.h"

int sim_memmap_read(struct sim_machine *m, const char *path);
int sim_memmap_parse(struct sim_machine *m, const char *name, char *text);
int sim_memmap_append(struct sim_machine *m, const char *parameters);
int sim_memmap_cut(struct sim_machine *m);

#endif
