/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine as the running kernel sees it; see topology.c. */
#ifndef SHB_TOPOLOGY_H
#define SHB_TOPOLOGY_H

#include "state.h"

struct zone;

int shb_topology_kind(int kind);
u8 shb_topology_kinds(void);
int shb_topology_read(struct shb_topology *t);
struct zone *shb_topology_zone(int nid, int kind);
bool shb_topology_hugepages(void);
int shb_topology_compare_list(const struct shb_state *s, int nid, bool fallback);
bool shb_topology_cpus_uncounted(void);
bool shb_topology_is_alike(const struct shb_state *a, const struct shb_state *b);
struct shb_state *shb_topology_image(const struct shb_profile *profile);
struct shb_state *shb_topology_on_paper(const struct shb_profile *profile,
					const struct shb_host *host);

#endif
