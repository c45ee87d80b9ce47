/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's cpus: work sent there, the tick, hotplug; see cpus.c. */
#ifndef SHB_CPUS_H
#define SHB_CPUS_H

#include <linux/cpuhotplug.h>
#include <linux/workqueue.h>

#include "types.h"

struct shb_cpus {
	struct shb_state	*s;
	struct delayed_work	tick;
	struct hlist_node	node;
	enum cpuhp_state	hotplug;
};

int shb_cpus_start(struct shb_cpus *cpus, struct shb_state *s);
void shb_cpus_stop(struct shb_cpus *cpus);
int shb_cpus_run_on(int cpu, bool or_here, int (*run)(void *arg), void *arg);
int shb_cpus_pin(int wanted);
void shb_cpus_unpin(void);

#endif
