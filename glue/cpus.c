// SPDX-License-Identifier: GPL-2.0-only
/*
 * The running kernel's cpus: work that is sent to one, the tick, and cpus that come and go.
 *
 *     coming (prepare)   its part of the per-cpu limits is set; then it runs
 *     gone (dead)        its lists go back; then the others share its part
 */
#include <linux/cpu.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/smp.h>

#include "drain.h"
#include "glue/cpus.h"
#include "tune.h"

/**
 * shb_cpus_run_on() - run a function on a cpu; see struct shb_host
 * @or_here: a cpu that is down stays down meanwhile, and the function runs here
 *
 * Context: process context, sleeps; without the cpu hotplug lock.
 * Return: of the function, or -ENXIO.
 */
int shb_cpus_run_on(int cpu, bool or_here, int (*run)(void *arg), void *arg)
{
	int err;

	if (!or_here)
		return smp_call_on_cpu(cpu, run, arg, false);
	cpus_read_lock();
	err = cpu_online(cpu) ? smp_call_on_cpu(cpu, run, arg, false) : run(arg);
	cpus_read_unlock();
	return err;
}

/**
 * shb_cpus_pin() - stay on this cpu
 * @wanted: no matter: one is where one runs
 *
 * Context: any; until shb_cpus_unpin().
 * Return: the cpu.
 */
int shb_cpus_pin(int wanted)
{
	return get_cpu();
}

/**
 * shb_cpus_unpin() - end what shb_cpus_pin() began
 */
void shb_cpus_unpin(void)
{
	put_cpu();
}

static void tick_work(struct work_struct *work)
{
	struct shb_cpus *cpus = container_of(to_delayed_work(work), struct shb_cpus, tick);
	u64 now = ktime_get_ns();

	schedule_delayed_work(&cpus->tick, nsecs_to_jiffies(shb_drain_step(cpus->s, now) - now));
}

/* Before the cpu runs: page_alloc_cpu_online() counts it as one more. */
static int cpu_coming(unsigned int cpu, struct hlist_node *node)
{
	shb_tune_cpu_changed(hlist_entry(node, struct shb_cpus, node)->s, cpu, true);
	return 0;
}

static int cpu_gone(unsigned int cpu, struct hlist_node *node)
{
	struct shb_state *s = hlist_entry(node, struct shb_cpus, node)->s;

	shb_drain_dead(s, cpu);
	shb_tune_cpu_changed(s, cpu, false);
	return 0;
}

/* Cpus may have come or gone between the building of the state and the first callback. */
static void catch_up(struct shb_state *s)
{
	int cpu;

	cpus_read_lock();
	for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
		if (s->topo.cpu_online[cpu] != cpu_online(cpu))
			shb_tune_cpu_changed(s, cpu, cpu_online(cpu));
	cpus_read_unlock();
}

/**
 * shb_cpus_start() - tick and hotplug for a state
 * @cpus: out
 * @s: state with real cpus
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_cpus_start(struct shb_cpus *cpus, struct shb_state *s)
{
	int state, err;

	cpus->s = s;
	INIT_DEFERRABLE_WORK(&cpus->tick, tick_work);
	INIT_HLIST_NODE(&cpus->node);
	state = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN, "mm/shadowbuddy:prepare",
					cpu_coming, cpu_gone);
	if (state < 0)
		return state;
	cpus->hotplug = state;
	err = cpuhp_state_add_instance_nocalls(state, &cpus->node);
	if (err) {
		cpuhp_remove_multi_state(state);
		return err;
	}
	catch_up(s);
	schedule_delayed_work(&cpus->tick, HZ * (READ_ONCE(s->tune.stat_interval) ?: 1));
	return 0;
}

/**
 * shb_cpus_stop() - end what shb_cpus_start() began
 *
 * Context: process context, sleeps; no callback or tick is under way afterwards.
 */
void shb_cpus_stop(struct shb_cpus *cpus)
{
	cancel_delayed_work_sync(&cpus->tick);
	cpuhp_state_remove_instance_nocalls(cpus->hotplug, &cpus->node);
	cpuhp_remove_multi_state(cpus->hotplug);
}
