// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's state and all that hangs on it: parameters to plan, plan to memory, memory to
 * state, state to files, and back in mirror order.
 *
 *     parse -> plan -> guard -> carve -> state -> failures -> cpus -> following -> commands -> files
 *
 * Parsing and planning touch nothing, so a bad parameter costs nothing. A paper machine
 * (model=1) has neither memory nor cpus, only what the formulas make of them.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "glue/api.h"
#include "glue/instance.h"
#include "glue/plan.h"
#include "glue/topology.h"
#include "owners.h"
#include "profiles/profiles.h"
#include "state.h"
#include "version.h"

static bool interrupted(void)
{
	return fatal_signal_pending(current);
}

/* The running kernel as the world of a state. */
static const struct shb_host running = {
	.alloc = shb_host_alloc, .free = shb_host_free, .run_on = shb_cpus_run_on,
	.pin = shb_cpus_pin, .unpin = shb_cpus_unpin, .interrupted = interrupted,
	.pages = &shb_carve_pages,
};

/* Following, and the files of its states. */
static int follow_on(struct shb_follow *f, unsigned int how, const char *tunables, char *error)
{
	int err = shb_follow_on(f, how, tunables, error);

	if (!err)
		shb_debugfs_add_states(&container_of(f, struct shb_instance, follow)->files);
	return err;
}

static int follow_off(struct shb_follow *f)
{
	shb_debugfs_remove_states(&container_of(f, struct shb_instance, follow)->files);
	return shb_follow_off(f);
}

static const struct shb_follow_ops follow_ops = {
	.on = follow_on, .off = follow_off, .audit = shb_follow_audit,
	.candidate = shb_follow_candidate,
};

static int bad_param(const char *text)
{
	pr_err("%s\n", text);
	return -EINVAL;
}

/* The profile of the running kernel's series, if there is one. */
static const struct shb_profile *find_series(void)
{
	bool exact;
	const struct shb_profile *p = shb_profile_for(init_utsname()->release, &exact);

	return exact ? p : NULL;
}

static const struct shb_profile *choose_profile(const char *name)
{
	const struct shb_profile *p;
	bool exact;

	if (*name)
		return shb_profile_find(name);
	p = shb_profile_for(init_utsname()->release, &exact);
	if (!exact)
		pr_notice("kernel %s has no profile of its own; deciding as %s (profile= chooses)\n",
			  init_utsname()->release, p->name);
	return p;
}

/*
 * No more commands: none can come by a module parameter, and none is on its way,
 * because a parameter is set under this lock from beginning to end.
 */
static void end_commands(struct shb_instance *i)
{
	kernel_param_lock(THIS_MODULE);
	shb_api_set(NULL);
	kernel_param_unlock(THIS_MODULE);
	shb_ctl_exit(&i->ctl);
}

/*
 * Nobody begins to follow any more, and who does ends: by a command, because others may be under
 * way. Whoever waits for a recording is done then.
 */
static void end_following(struct shb_instance *i)
{
	static const char off[] = "follow off";

	shb_follow_close(&i->follow);
	if (READ_ONCE(i->follow.t))
		shb_ctl_run(&i->ctl, off, strlen(off));
}

/* What a state with memory and cpus needs; one on paper needs nothing. */
static int start_world(struct shb_instance *i)
{
	int err;

	if (!i->host.pages)
		return 0;
	err = shb_failure_watch(&i->failure, i->s);
	if (err)
		return err;
	err = shb_cpus_start(&i->cpus, i->s);
	if (err)
		shb_failure_unwatch(&i->failure);
	return err;
}

static void stop_world(struct shb_instance *i)
{
	if (!i->host.pages)
		return;
	shb_cpus_stop(&i->cpus);
	shb_failure_unwatch(&i->failure);
}

/* From state to files, with nobody using it yet. */
static int bring_up(struct shb_instance *i, struct shb_state *s, unsigned int ring_records)
{
	int err;

	if (IS_ERR(s))
		return PTR_ERR(s);
	i->s = s;
	s->series = find_series();
	s->seed = get_random_u32();
	err = start_world(i);
	if (err)
		goto destroy_state;
	shb_follow_init(&i->follow, ring_records);
	shb_ctl_init(&i->ctl, s);
	i->ctl.follow = &i->follow;
	i->ctl.follow_ops = &follow_ops;
	err = shb_debugfs_create(&i->files, s, &i->ctl, &i->follow);
	if (err)
		goto exit_ctl;
	shb_api_set(s);		/* commands may come by the module's parameter from here on */
	return 0;

exit_ctl:
	shb_ctl_exit(&i->ctl);
	shb_follow_exit(&i->follow);
	stop_world(i);
destroy_state:
	shb_state_destroy(s);
	return err;
}

/* The machine on paper instead of memory. */
static int start_paper(struct shb_instance *i, const struct shb_params *p,
		       const struct shb_profile *profile)
{
	if (strcmp(p->carve, "auto") || *p->split || *p->cma)
		return bad_param("model: expected without carve, split and cma: a model has no memory");
	pr_notice("model: tunables are the kernel's defaults, not what /proc/sys/vm says; tools/shb-tunables copies those\n");
	i->host = shb_host_paper;
	i->host.run_on = shb_cpus_run_on;	/* others may call */
	return bring_up(i, shb_topology_on_paper(profile, &i->host), p->ring_records);
}

static int start_carved(struct shb_instance *i, const struct shb_specs *specs,
			const struct shb_profile *profile, unsigned int ring_records)
{
	char error[160];
	int err;

	i->host = running;
	err = shb_carve_plan(&specs->carve, &i->carved, error, sizeof(error));
	if (err == -EINVAL)
		pr_err("%s\n", error);
	if (!err)
		err = shb_specs_check(specs, &i->carved);
	if (err)
		goto forget_plan;
	err = shb_guard_start(&i->guard);
	if (err)
		goto forget_plan;
	err = shb_carve_run(&i->carved);
	if (err)
		goto stop_guard;
	err = bring_up(i, shb_specs_build(specs, &i->carved, profile, &i->host), ring_records);
	if (err)
		goto stop_guard;
	shb_guard_state(&i->guard, i->s);
	return 0;

stop_guard:
	shb_guard_stop(&i->guard);
forget_plan:
	shb_carve_return(&i->carved, NULL);
	return err;
}

static int start(struct shb_instance *i, const struct shb_params *p)
{
	const struct shb_profile *profile;
	struct shb_specs *specs;
	int err;

	profile = choose_profile(p->profile);
	if (!profile)
		return bad_param("profile: expected " SHB_PROFILE_NAMES "; for a policy of your own write \"profile NAME\" to ctl when both are loaded");
	if (!is_power_of_2(p->ring_records) || p->ring_records < 16 || p->ring_records > 1U << 24)
		return bad_param("ring_records: expected a power of two from 16 to 16777216");
	pr_info("version " SHB_VERSION ": carve=%s split=%s cma=%s profile=%s model=%d\n",
		p->carve, p->split, p->cma, profile->name, p->model);
	if (p->model)
		return start_paper(i, p, profile);
	specs = kzalloc(sizeof(*specs), GFP_KERNEL);
	if (!specs)
		return -ENOMEM;
	err = shb_specs_parse(specs, p->carve, p->split, p->cma);
	if (!err)
		err = start_carved(i, specs, profile, p->ring_records);
	kfree(specs);
	return err;
}

/**
 * shb_instance_start() - carve memory and serve it, or show a model of the machine
 * @p: parameters as the user wrote them
 *
 * Context: process context, sleeps, may take seconds; one at a time.
 * Return: 0 or -errno; on failure all memory is back and a line said why.
 */
int shb_instance_start(const struct shb_params *p)
{
	struct shb_instance *i = kzalloc(sizeof(*i), GFP_KERNEL);
	int err;

	if (!i)
		return -ENOMEM;
	err = start(i, p);
	if (err)
		kfree(i);
	return err;
}

/**
 * shb_instance_stop() - give everything back
 *
 * Blocks that tags hold are freed first; who never freed the others is in the log.
 *
 * Context: process context, sleeps.
 */
void shb_instance_stop(void)
{
	struct shb_instance *i = shb_instance_of(shb_api_get());
	unsigned long used;

	end_following(i);
	shb_debugfs_remove(&i->files);
	end_commands(i);
	shb_follow_exit(&i->follow);
	stop_world(i);
	used = shb_owners_report(i->s);
	if (used)
		pr_warn("%lu pages were never freed by their users\n", used);
	if (i->carved.nr) {
		shb_guard_state(&i->guard, NULL);
		shb_carve_return(&i->carved, i->s);
		shb_guard_stop(&i->guard);
	}
	shb_state_destroy(i->s);
	kfree(i);
}

/**
 * shb_instance_command() - run ctl commands that came by another way than debugfs
 * @text: commands
 *
 * Context: process context, sleeps; holds the module's parameter lock.
 * Return: 0 or -errno; -ENODEV while the module is not up.
 */
int shb_instance_command(const char *text)
{
	struct shb_state *s = shb_api_get();

	return s ? shb_ctl_run(&shb_instance_of(s)->ctl, text, strlen(text)) : -ENODEV;
}
