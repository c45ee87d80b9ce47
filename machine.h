/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine as the running kernel sees it; see machine.c. */
#ifndef SHB_MACHINE_H
#define SHB_MACHINE_H

#include "types.h"

struct zone;

int shb_machine_kind(int kind);
u8 shb_machine_kinds(void);
int shb_machine_topology(struct shb_topology *t);
void shb_machine_topology_free(struct shb_topology *t);
struct zone *shb_machine_zone(int nid, int kind);
bool shb_machine_hugepages(void);
int shb_machine_compare_list(const struct shb_state *s, int nid, bool fallback);
bool shb_machine_cpus_uncounted(void);
struct shb_state *shb_machine_on_paper(const struct shb_policy *policy);

#endif
