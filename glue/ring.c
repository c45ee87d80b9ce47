// SPDX-License-Identifier: GPL-2.0-only
/* The rings' memory; see ring.h. */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "glue/ring.h"

#ifdef SHB_CLOCK_IS_CHOSEN
DEFINE_STATIC_KEY_FALSE(shb_clock_key);

static void choose_clock(void)
{
	if (shb_tsc_usable())
		static_branch_enable(&shb_clock_key);
	else
		static_branch_disable(&shb_clock_key);
}
#else
static void choose_clock(void)
{
}
#endif

/**
 * shb_clock_read() - the clock of the records
 */
u64 shb_clock_read(void)
{
	return shb_clock_is_tsc() ? shb_clock_tsc() : shb_clock_monotonic();
}

/**
 * shb_ring_put_monotonic() - shb_ring_put() where the time stamp counter cannot be used
 */
void shb_ring_put_monotonic(struct shb_ring __percpu *rings, u8 kind, unsigned long pfn, u8 order,
			    u32 arg)
{
	shb_ring_write(rings, kind, pfn, order, arg, shb_clock_monotonic);
}

/**
 * shb_clock_second() - how far the clock goes in a second
 */
u64 shb_clock_second(void)
{
	return shb_clock_is_tsc() ? shb_tsc_second() : NSEC_PER_SEC;
}

/**
 * shb_rings_create() - an empty ring for each cpu that could come
 * @records: in each; a power of two
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int shb_rings_create(struct shb_ring __percpu **rings, unsigned int records)
{
	int cpu;

	choose_clock();
	*rings = alloc_percpu(struct shb_ring);
	if (!*rings)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct shb_ring *r = per_cpu_ptr(*rings, cpu);

		r->size = records;
		r->limit = records;
		r->cpu = cpu;
		r->node = max(cpu_to_node(cpu), 0);
		r->slots = kvzalloc_node(array_size(records, sizeof(*r->slots)), GFP_KERNEL,
					 cpu_to_node(cpu));
		if (!r->slots) {
			shb_rings_destroy(*rings);
			*rings = NULL;
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * shb_rings_destroy() - free rings nobody writes or reads any more; NULL is none
 */
void shb_rings_destroy(struct shb_ring __percpu *rings)
{
	int cpu;

	if (!rings)
		return;
	for_each_possible_cpu(cpu)
		kvfree(per_cpu_ptr(rings, cpu)->slots);
	free_percpu(rings);
}

/**
 * shb_rings_oldest() - the ring whose oldest record is the oldest of all
 * @next: stamp of the oldest record of the others, out
 *
 * Context: one reader.
 * Return: ring, or NULL: all are empty.
 */
struct shb_ring *shb_rings_oldest(struct shb_ring __percpu *rings, u64 *next)
{
	struct shb_ring *found = NULL;
	u64 oldest = U64_MAX;
	int cpu;

	*next = U64_MAX;
	for_each_possible_cpu(cpu) {
		struct shb_ring *r = per_cpu_ptr(rings, cpu);
		const struct shb_record *one = shb_ring_peek(r);

		if (!one)
			continue;
		if (one->stamp < oldest) {
			*next = oldest;
			oldest = one->stamp;
			found = r;
		} else if (one->stamp < *next) {
			*next = one->stamp;
		}
	}
	return found;
}
