// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work on per-cpu lists from outside: drains, the tick, a look at them.
 *
 * A pcp belongs to its cpu, so the work travels there (host->run_on(): process context,
 * nobody in between). A cpu that is down has no users; its lists are worked on from here.
 */
#include <linux/sched.h>
#include <linux/time64.h>

#include "drain.h"
#include "full.h"
#include "host.h"
#include "pcp.h"
#include "quarantine.h"
#include "state.h"

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

	e->s->host->pin(e->cpu);
	if (shb_pcp_own(pcp)) {
		again = e->do_zone(z, pcp, e);
		shb_pcp_disown(pcp);
	}
	e->s->host->unpin();
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

/* Run on the cpu, or here if it cannot be running anything. */
static int run_on(struct errand *e, int cpu)
{
	e->cpu = cpu;
	return e->s->host->run_on(cpu, true, run_here, e);
}

static int run_everywhere(struct errand *e)
{
	int cpu, err = 0;

	for (cpu = 0; cpu < e->s->topo.nr_cpus && !err; cpu++)
		err = run_on(e, cpu);
	return err;
}

/* What others bring meanwhile is theirs to take care of. @left: pages, of those there were. Return: once more. */
static bool drain_some(struct shb_zone *z, struct shb_pcp *pcp, int *left)
{
	*left -= pcp->batch << SHB_PCP_SCALE_MAX;
	return shb_pcp_drain(z, pcp) && *left > 0;
}

static bool drain_zone(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	return drain_some(z, pcp, &e->left);
}

static void release_held(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		shb_quarantine_release(z);
}

/**
 * shb_drain() - give the pages of per-cpu lists, and those nobody holds any more, back
 * @cpu: one cpu, or SHB_EVERY_CPU
 * @z: one zone, or NULL for all
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_drain(struct shb_state *s, int cpu, struct shb_zone *z)
{
	struct errand e = { .s = s, .z = z, .do_zone = drain_zone };

	release_held(s);
	return cpu == SHB_EVERY_CPU ? run_everywhere(&e) : run_on(&e, cpu);
}

/**
 * shb_drain_round() - give some of the pages on the lists of this cpu back
 * @cpu: cpu one is pinned to (host->pin())
 * @left: 0 before the first round; what these rounds go by
 *
 * A part of drain_local_pages(): at once, and nobody travels.
 *
 * Context: process context, pinned; takes z->lock.
 * Return: there are more.
 */
bool shb_drain_round(struct shb_zone *z, int cpu, int *left)
{
	struct shb_pcp *pcp = &z->pcps[cpu];
	bool more = false;

	if (shb_pcp_own(pcp)) {
		*left = *left ?: pcp->count;
		more = drain_some(z, pcp, left);
		shb_pcp_disown(pcp);
	}
	return more;
}

static bool nothing(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	return false;
}

/**
 * shb_drain_visit() - wait until whoever is in the allocator now has left it
 *
 * Allocating and freeing, one stays on a cpu; every cpu is visited in process context. Lists stay
 * as they are.
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_drain_visit(struct shb_state *s)
{
	struct errand e = { .s = s, .do_zone = nothing };

	return run_everywhere(&e);
}

/**
 * shb_drain_dead() - give the pages back that are on the lists of a dead cpu
 * @cpu: cpu; it is down and does not come up meanwhile
 *
 * Context: process context, sleeps.
 */
void shb_drain_dead(struct shb_state *s, int cpu)
{
	struct errand e = { .s = s, .cpu = cpu, .do_zone = drain_zone };

	run_here(&e);
}

static bool reset_zone_lists(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	shb_pcp_reset(z, pcp);
	return false;
}

/**
 * shb_drain_reset_lists() - forget what the sizes of per-cpu lists went by
 * @s: state with nothing on them
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_drain_reset_lists(struct shb_state *s)
{
	struct errand e = { .s = s, .do_zone = reset_zone_lists };

	return run_everywhere(&e);
}

/**
 * shb_drain_reset() - back to the state after it was built, counters kept
 * @s: state with nothing handed out
 *
 * Context: process context, sleeps.
 * Return: 0, or -EBUSY; see shb_state_reset().
 */
int shb_drain_reset(struct shb_state *s)
{
	int err;

	err = shb_drain(s, SHB_EVERY_CPU, NULL) ?: shb_state_reset(s);
	shb_full_forget(s);
	return err ?: shb_drain_reset_lists(s);
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
 * shb_drain_tick() - one interval of the kernel's vmstat worker, on every cpu that needs it
 *
 * Context: process context, sleeps.
 */
void shb_drain_tick(struct shb_state *s)
{
	struct errand e = { .s = s, .do_zone = tick_zone };
	int cpu;

	release_held(s);
	shb_full_forget(s);
	for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
		if (needs_tick(s, cpu))
			run_on(&e, cpu);
}

/**
 * shb_drain_step() - the tick, when its time has come
 * @now: time in ns
 *
 * One interval of vm.stat_interval after the other; 0 stops it, and is looked at once a
 * second.
 *
 * Context: process context, sleeps.
 * Return: when to call again.
 */
u64 shb_drain_step(struct shb_state *s, u64 now)
{
	if (READ_ONCE(s->tune.stat_interval))
		shb_drain_tick(s);
	return now + (u64)(READ_ONCE(s->tune.stat_interval) ?: 1) * NSEC_PER_SEC;
}

static bool check_zone(struct shb_zone *z, struct shb_pcp *pcp, struct errand *e)
{
	shb_check_pcp(z, e->cpu, e->check);
	return false;
}

/**
 * shb_drain_check() - check a state that is in use: zones, then each cpu's lists
 * @c: findings, overwritten
 *
 * Context: process context, sleeps.
 */
void shb_drain_check(struct shb_state *s, struct shb_check *c)
{
	struct errand e = { .s = s, .do_zone = check_zone, .check = c };
	struct shb_zone *z;
	int n;

	c->nr = 0;
	shb_check_rules(s, c);
	shb_for_each_zone(s, z, n)
		shb_check_zone(z, c);
	run_everywhere(&e);
}
