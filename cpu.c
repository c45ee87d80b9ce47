// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work on per-cpu lists from outside: drains, the tick, cpu hotplug.
 *
 * A pcp belongs to its cpu, so the work travels there (smp_call_on_cpu() runs it in
 * process context with nobody in between). A cpu that is down has no users; its
 * lists are worked on from here. In a state without real cpus all of them are.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include "cpu.h"
#include "pcp.h"
#include "quarantine.h"
#include "state.h"
#include "tune.h"

/* One errand to a cpu. */
struct errand {
	struct shb_state	*s;
	struct shb_zone		*z;	/* NULL: every zone */
	int			cpu;
	bool			(*do_zone)(struct shb_zone *z, struct shb_pcp *pcp,
					   struct errand *e);	/* true: once more */
	struct shb_check	*check;
	int			left;	/* pages a drain still has to give back */
};

/*
 * One round on the lists of the cpu. They cannot be in use: a user has preemption off, and
 * an interrupted one is not interrupted by this.
 */
static bool do_round(struct shb_zone *z, struct errand *e)
{
	struct shb_pcp *pcp = &z->pcps[e->cpu];
	bool again = false;

	preempt_disable();
	if (shb_pcp_own(pcp)) {
		again = e->do_zone(z, pcp, e);
		shb_pcp_disown(pcp);
	}
	preempt_enable();
	return again;
}

static int run_here(void *arg)
{
	struct errand *e = arg;
	struct shb_zone *z;
	int n;

	shb_for_each_zone(e->s, z, n) {
		if (e->z && e->z != z)
			continue;
		e->left = READ_ONCE(z->pcps[e->cpu].count);
		while (do_round(z, e))
			cond_resched();
	}
	return 0;
}

/* Run on the cpu, or here if it cannot be running anything. Cpus do not come or go meanwhile. */
static int run_on(struct errand *e, int cpu)
{
	e->cpu = cpu;
	if (!e->s->live || !cpu_online(cpu))
		return run_here(e);
	return smp_call_on_cpu(cpu, run_here, e, false);
}

static int run_everywhere(struct errand *e)
{
	int cpu, err = 0;

	cpus_read_lock();
	for (cpu = 0; cpu < e->s->topo.nr_cpus && !err; cpu++)
		err = run_on(e, cpu);
	cpus_read_unlock();
	return err;
}

/* What others bring meanwhile is theirs to take care of. */
static bool drain_zone(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	e->left -= pcp->batch << SHB_PCP_SCALE_MAX;
	return shb_pcp_drain(z, pcp) && e->left > 0;
}

static void release_held(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		shb_quarantine_release(z);
}

/**
 * shb_cpu_drain() - give the pages of per-cpu lists, and those nobody holds any more, back
 * @s: state
 * @cpu: one cpu, or SHB_EVERY_CPU
 * @z: one zone, or NULL for all
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_cpu_drain(struct shb_state *s, int cpu, struct shb_zone *z)
{
	struct errand e = { .s = s, .z = z, .do_zone = drain_zone };
	int err;

	release_held(s);
	if (cpu == SHB_EVERY_CPU)
		return run_everywhere(&e);
	cpus_read_lock();
	err = run_on(&e, cpu);
	cpus_read_unlock();
	return err;
}

static bool reset_zone_lists(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	shb_pcp_reset(z, pcp);
	return false;
}

/**
 * shb_cpu_reset() - back to the state after it was built, counters kept
 * @s: state with nothing handed out
 *
 * Context: process context, sleeps.
 * Return: 0, or -EBUSY; see shb_state_reset().
 */
int shb_cpu_reset(struct shb_state *s)
{
	struct errand e = { .s = s, .do_zone = reset_zone_lists };
	int err;

	err = shb_cpu_drain(s, SHB_EVERY_CPU, NULL) ?: shb_state_reset(s);
	return err ?: run_everywhere(&e);
}

static bool tick_zone(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	shb_pcp_tick(z, pcp, z->state->topo.cpu_node[e->cpu] != z->nid);
	return false;
}

/* Racy on purpose: a cpu that starts to use its lists now is seen at the next tick. */
static bool needs_tick(struct shb_state *s, int cpu)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n) {
		const struct shb_pcp *pcp = &z->pcps[cpu];

		if (READ_ONCE(pcp->count) || READ_ONCE(pcp->moved) ||
		    READ_ONCE(pcp->high) > READ_ONCE(pcp->high_min))
			return true;
	}
	return false;
}

/**
 * shb_cpu_tick() - one interval of the kernel's vmstat worker, on every cpu that needs it
 * @s: state
 *
 * Context: process context, sleeps.
 */
void shb_cpu_tick(struct shb_state *s)
{
	struct errand e = { .s = s, .do_zone = tick_zone };
	int cpu;

	release_held(s);
	cpus_read_lock();
	for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
		if (needs_tick(s, cpu))
			run_on(&e, cpu);
	cpus_read_unlock();
}

static bool check_zone(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	shb_check_pcp(z, e->cpu, e->check);
	return false;
}

/**
 * shb_cpu_check() - check a state that is in use: zones, then each cpu's lists
 * @s: state
 * @c: findings, overwritten
 *
 * Context: process context, sleeps.
 */
void shb_cpu_check(struct shb_state *s, struct shb_check *c)
{
	struct errand e = { .s = s, .do_zone = check_zone, .check = c };
	struct shb_zone *z;
	int n;

	c->nr = 0;
	shb_for_each_zone(s, z, n)
		shb_check_zone(z, c);
	run_everywhere(&e);
}

/* --- the live state: tick and hotplug ------------------------------------------------------ */

static struct shb_state *ticking;
static enum cpuhp_state hotplug_state;
static void tick_work(struct work_struct *work);
static DECLARE_DEFERRABLE_WORK(tick, tick_work);

static void tick_again(void)
{
	int interval = READ_ONCE(ticking->tune.stat_interval);

	schedule_delayed_work(&tick, (interval ?: 1) * HZ);
}

static void tick_work(struct work_struct *work)
{
	if (READ_ONCE(ticking->tune.stat_interval))
		shb_cpu_tick(ticking);
	tick_again();
}

/* Before the cpu runs: page_alloc_cpu_online() counts it as one more. */
static int cpu_coming(unsigned int cpu)
{
	shb_tune_cpu_changed(ticking, cpu, true);
	return 0;
}

/* The cpu is dead: its lists go back, the others share its part. */
static int cpu_gone(unsigned int cpu)
{
	struct errand e = { .s = ticking, .cpu = cpu, .do_zone = drain_zone };

	run_here(&e);
	shb_tune_cpu_changed(ticking, cpu, false);
	return 0;
}

/**
 * shb_cpu_start() - tick and hotplug for the live state
 * @s: state with real cpus; one at a time
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_cpu_start(struct shb_state *s)
{
	int state, cpu;

	ticking = s;
	/* Cpus may have come or gone since the state was built; from here on we are told. */
	cpus_read_lock();
	for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
		if (s->topo.cpu_online[cpu] != cpu_online(cpu))
			shb_tune_cpu_changed(s, cpu, cpu_online(cpu));
	state = cpuhp_setup_state_nocalls_cpuslocked(CPUHP_BP_PREPARE_DYN,
						     "mm/shadowbuddy:prepare", cpu_coming, cpu_gone);
	cpus_read_unlock();
	if (state < 0)
		return state;
	hotplug_state = state;
	tick_again();
	return 0;
}

/**
 * shb_cpu_stop() - end what shb_cpu_start() began
 *
 * Context: process context, sleeps.
 */
void shb_cpu_stop(void)
{
	cancel_delayed_work_sync(&tick);
	cpuhp_remove_state_nocalls(hotplug_state);
	ticking = NULL;
}
