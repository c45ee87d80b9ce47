// SPDX-License-Identifier: GPL-2.0-only
/* Counters of a zone, read over all cpus. */
#include "count.h"

/**
 * shb_count_read() - value of an event counter of a zone
 *
 * Context: any; a racy sum over the cpus.
 * Return: the count since the state was built.
 */
u64 shb_count_read(const struct shb_zone *z, enum shb_event event)
{
	u64 sum = atomic_long_read(&z->irq_events[event]);
	int cpu;

	for (cpu = 0; cpu < z->state->topo.nr_cpus; cpu++)
		sum += READ_ONCE(z->pcps[cpu].events[event]);
	return sum;
}
