// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live state of the module: parameters to plan, plan to memory, memory to state,
 * state to files, and back in mirror order.
 *
 *     parse -> plan -> guard -> carve -> state -> cpus -> api -> debugfs
 *
 * Parsing and planning touch nothing, so a bad parameter costs nothing.
 */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kconfig.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "api.h"
#include "carve.h"
#include "cpu.h"
#include "ctl.h"
#include "debugfs.h"
#include "failure.h"
#include "format.h"
#include "live.h"
#include "machine.h"
#include "names.h"
#include "owners.h"
#include "policy.h"
#include "spec.h"
#include "state.h"
#include "version.h"

static struct shb_carve carved;
static struct shb_state *live;
static struct shb_ctl ctl;

static int bad_param(const char *text)
{
	pr_err("%s\n", text);
	return -EINVAL;
}

/* --- profile ------------------------------------------------------------------------------------ */

static const struct shb_policy *choose_policy(const char *name, bool *exact)
{
	const struct shb_policy *p;

	p = shb_policy_for(init_utsname()->release, exact);
	if (*name) {
		*exact = *exact && p == shb_policy_find(name);
		return shb_policy_find(name);
	}
	if (!*exact)
		pr_notice("kernel %s has no profile of its own; deciding as %s (profile= chooses)\n",
			  init_utsname()->release, p->name);
	return p;
}

/* --- zones -------------------------------------------------------------------------------------- */

/* Granules of one node, from all zones they were carved from, still ascending. */
struct node_granules {
	unsigned long	*pfns;
	unsigned long	nr;
};

/* The zones to build, and the pfn arrays that split= made for them. */
struct zone_list {
	struct shb_zone_spec	*zones;
	int			nr;
	unsigned long		**arrays;	/* by node */
};

static void add_zone(struct zone_list *l, int nid, int kind, const unsigned long *pfns,
		     unsigned long nr)
{
	if (nr)
		l->zones[l->nr++] = (struct shb_zone_spec){
			.nid = nid, .kind = kind, .pfns = pfns, .nr_granules = nr,
		};
}

static int gather_node(const struct shb_carve *c, int nid, struct node_granules *g)
{
	int n;

	for (n = 0; n < c->nr; n++)
		if (c->zones[n].nid == nid)
			g->nr += c->zones[n].got;
	g->pfns = kvmalloc_array(g->nr + 1, sizeof(*g->pfns), GFP_KERNEL);
	if (!g->pfns)
		return -ENOMEM;
	g->nr = 0;
	for (n = 0; n < c->nr; n++) {
		if (c->zones[n].nid != nid)
			continue;
		memcpy(g->pfns + g->nr, c->zones[n].pfns, c->zones[n].got * sizeof(*g->pfns));
		g->nr += c->zones[n].got;
	}
	return 0;
}

static unsigned long asked_of(const struct shb_spec *split, int nid, int kind)
{
	unsigned long nr = 0;
	int n;

	for (n = 0; n < split->nr; n++)
		if (split->items[n].nid == nid && split->items[n].kind == kind)
			nr += split->items[n].granules;
	return nr;
}

static bool is_split(const struct shb_spec *split, int nid)
{
	int n;

	for (n = 0; n < split->nr; n++)
		if (split->items[n].nid == nid)
			return true;
	return false;
}

/*
 * Lowest granules to DMA, then DMA32; highest to Movable; what is between them is
 * Normal:
 *
 *     | DMA | DMA32 |      Normal      | Movable |
 */
static int split_node(struct zone_list *l, const struct shb_carve *c,
		      const struct shb_spec *split, int nid)
{
	unsigned long dma = asked_of(split, nid, SHB_DMA);
	unsigned long dma32 = asked_of(split, nid, SHB_DMA32);
	unsigned long movable = asked_of(split, nid, SHB_MOVABLE_ZONE);
	struct node_granules g = { };
	int err = gather_node(c, nid, &g);

	if (err)
		return err;
	l->arrays[nid] = g.pfns;
	if (dma + dma32 + movable > g.nr) {
		pr_err("split: node %d: asked for %lu MiB, but only %lu MiB could be carved\n", nid,
		       (dma + dma32 + movable) * 4, g.nr * 4);
		return -ENOMEM;
	}
	add_zone(l, nid, SHB_DMA, g.pfns, dma);
	add_zone(l, nid, SHB_DMA32, g.pfns + dma, dma32);
	add_zone(l, nid, SHB_NORMAL, g.pfns + dma + dma32, g.nr - dma - dma32 - movable);
	add_zone(l, nid, SHB_MOVABLE_ZONE, g.pfns + g.nr - movable, movable);
	return 0;
}

static int list_zones(struct zone_list *l, const struct shb_carve *c,
		      const struct shb_spec *split, int nr_nodes)
{
	int nid, n, err;

	for (nid = 0; nid < nr_nodes; nid++) {
		if (is_split(split, nid)) {
			err = split_node(l, c, split, nid);
			if (err)
				return err;
			continue;
		}
		for (n = 0; n < c->nr; n++)
			if (c->zones[n].nid == nid)
				add_zone(l, nid, c->zones[n].kind, c->zones[n].pfns,
					 c->zones[n].got);
	}
	return 0;
}

static int mark_cma(struct zone_list *l, const struct shb_spec *cma)
{
	int n, k;

	for (k = 0; k < cma->nr; k++) {
		const struct shb_spec_item *item = &cma->items[k];

		for (n = 0; n < l->nr; n++)
			if (l->zones[n].nid == item->nid && l->zones[n].kind == item->kind)
				break;
		if (n == l->nr || item->granules > l->zones[n].nr_granules) {
			pr_err("cma: node %d zone %s: %lu MiB could not be carved\n", item->nid,
			       shb_kind_name(item->kind), item->granules * 4);
			return -ENOMEM;
		}
		l->zones[n].cma_granules = item->granules;
	}
	return 0;
}

/* --- checks against the plan, before anything is carved ------------------------------------------ */

static unsigned long planned(const struct shb_carve *c, int nid, int kind)
{
	unsigned long nr = 0;
	int n;

	for (n = 0; n < c->nr; n++)
		if (c->zones[n].nid == nid && (kind == SHB_SPEC_ANY || c->zones[n].kind == kind))
			nr += c->zones[n].asked;
	return nr;
}

static unsigned long split_total(const struct shb_spec *split, int nid)
{
	return asked_of(split, nid, SHB_DMA) + asked_of(split, nid, SHB_DMA32) +
	       asked_of(split, nid, SHB_MOVABLE_ZONE);
}

/* Granules the zone will have if everything that was asked for is carved. */
static unsigned long planned_zone(const struct shb_carve *c, const struct shb_spec *split, int nid,
				  int kind)
{
	if (!is_split(split, nid))
		return planned(c, nid, kind);
	if (kind != SHB_NORMAL)
		return asked_of(split, nid, kind);
	return planned(c, nid, SHB_SPEC_ANY) - split_total(split, nid);
}

static int check_plan(const struct shb_carve *c, const struct shb_spec *split,
		      const struct shb_spec *cma)
{
	const struct shb_spec_item *item;
	int n;

	for (n = 0; n < c->nr; n++) {
		if (planned_zone(c, split, c->zones[n].nid, SHB_NORMAL) <= SHB_ZONE_GRANULES_MAX)
			continue;
		pr_err("split: node %d zone Normal: expected at most %lu GiB\n", c->zones[n].nid,
		       SHB_ZONE_GRANULES_MAX / 256UL);
		return -EINVAL;
	}
	for (n = 0; n < split->nr; n++) {
		item = &split->items[n];
		if (split_total(split, item->nid) <= planned(c, item->nid, SHB_SPEC_ANY))
			continue;
		pr_err("split: node %d: expected at most the %lu MiB that carve= asks for there\n",
		       item->nid, planned(c, item->nid, SHB_SPEC_ANY) * 4);
		return -EINVAL;
	}
	for (n = 0; n < cma->nr; n++) {
		item = &cma->items[n];
		if (item->granules <= planned_zone(c, split, item->nid, item->kind))
			continue;
		pr_err("cma: node %d zone %s: expected at most the %lu MiB of the zone\n",
		       item->nid, shb_kind_name(item->kind),
		       planned_zone(c, split, item->nid, item->kind) * 4);
		return -EINVAL;
	}
	return 0;
}

/* --- start and stop ------------------------------------------------------------------------------ */

static struct shb_state *create_state(const struct shb_policy *policy, bool exact,
				      const struct shb_spec *split, const struct shb_spec *cma)
{
	struct shb_topology topo = { };
	struct zone_list l = { };
	struct shb_state *s = ERR_PTR(-ENOMEM);
	struct shb_state_spec spec = {
		.policy = policy, .format = &shb_format_running, .topo = &topo,
		.kinds = shb_machine_kinds(), .live = true, .pages = &shb_carve_pages,
		.transparent_hugepage = shb_machine_hugepages(),
	};
	int err = shb_machine_topology(&topo), nid;

	topo.cpus_uncounted = shb_machine_cpus_uncounted();
	l.zones = kcalloc(topo.nr_nodes * SHB_NR_KINDS, sizeof(*l.zones), GFP_KERNEL);
	l.arrays = kcalloc(topo.nr_nodes, sizeof(*l.arrays), GFP_KERNEL);
	if (err || !l.zones || !l.arrays)
		goto free_all;
	err = list_zones(&l, &carved, split, topo.nr_nodes) ?: mark_cma(&l, cma);
	if (err) {
		s = ERR_PTR(err);
		goto free_all;
	}
	spec.zones = l.zones;
	spec.nr_zones = l.nr;
	s = shb_state_create(&spec);
	if (!IS_ERR(s)) {
		s->profile_exact = exact;
		s->seed = get_random_u32();
	}

free_all:
	for (nid = 0; l.arrays && nid < topo.nr_nodes; nid++)
		kvfree(l.arrays[nid]);
	kfree(l.arrays);
	kfree(l.zones);
	shb_machine_topology_free(&topo);
	return s;
}

static int check_split(const struct shb_spec *split)
{
	int n;

	for (n = 0; n < split->nr; n++) {
		if (split->items[n].kind == SHB_NORMAL)
			return bad_param("split: Normal: gets what the other zones leave; name DMA, DMA32 or Movable");
		if (!(shb_machine_kinds() & BIT(split->items[n].kind)))
			return bad_param("split: this kernel has no such zone; see /proc/zoneinfo");
	}
	return 0;
}

static int parse_specs(const struct shb_live_params *p, struct shb_spec *carve,
		       struct shb_spec *split, struct shb_spec *cma)
{
	int err;

	err = shb_spec_parse("carve", p->carve, true, carve);
	if (err == -EINVAL)
		return bad_param(carve->error);
	if (!err && !carve->automatic && !carve->nr)
		return bad_param("carve: \"\": expected auto or node:zone:size,...");
	err = err ?: shb_spec_parse("split", p->split, false, split);
	if (err == -EINVAL)
		return bad_param(split->error);
	err = err ?: shb_spec_parse("cma", p->cma, false, cma);
	if (err == -EINVAL)
		return bad_param(cma->error);
	if (!err && cma->nr && !(shb_format_running.types & BIT(SHB_CMA)))
		pr_notice("cma: this kernel is built without CMA, so pagetypeinfo has no row for it; vmstat and freelists show it\n");
	return err ?: check_split(split);
}

/*
 * No more commands: none can come by a module parameter, and none is on its way,
 * because a parameter is set under this lock from beginning to end.
 */
static void end_commands(void)
{
	kernel_param_lock(THIS_MODULE);
	shb_api_set(NULL);
	kernel_param_unlock(THIS_MODULE);
	shb_ctl_exit(&ctl);
}

/* From state to files, with nobody using it yet. A model has no lists a cpu could work on. */
static int bring_up(struct shb_state *s)
{
	int err;

	if (IS_ERR(s))
		return PTR_ERR(s);
	live = s;
	shb_carve_guard_state(live);
	err = live->live ? shb_failure_watch(live) : 0;
	if (err)
		goto destroy_state;
	err = live->live ? shb_cpu_start(live) : 0;
	if (err)
		goto unwatch_failures;
	shb_ctl_init(&ctl, live);
	shb_api_set(live);
	err = shb_debugfs_create(live, &ctl);
	if (err)
		goto stop_cpus;
	return 0;

stop_cpus:
	end_commands();
	if (live->live)
		shb_cpu_stop();
unwatch_failures:
	if (live->live)
		shb_failure_unwatch(live);
destroy_state:
	shb_carve_guard_state(NULL);
	shb_state_destroy(live);
	live = NULL;
	return err;
}

/* The machine on paper instead of memory. */
static int start_model(const struct shb_live_params *p, const struct shb_policy *policy,
		       bool exact)
{
	struct shb_state *s;

	if (strcmp(p->carve, "auto") || *p->split || *p->cma)
		return bad_param("model: expected without carve, split and cma: a model has no memory");
	s = shb_machine_on_paper(policy);
	if (!IS_ERR(s))
		s->profile_exact = exact;
	pr_notice("model: tunables are the kernel's defaults, not what /proc/sys/vm says; tools/shb-tunables copies those\n");
	return bring_up(s);
}

/* Three specs are too much for the stack. */
struct specs { struct shb_spec carve, split, cma; };

/**
 * shb_live_start() - carve memory and serve it, or show a model of the machine
 * @p: parameters as the user wrote them
 *
 * Context: process context, sleeps, may take seconds; one at a time.
 * Return: 0 or -errno; on failure all memory is back and a line said why.
 */
int shb_live_start(const struct shb_live_params *p)
{
	const struct shb_policy *policy;
	struct specs *specs;
	char error[160];
	bool exact;
	int err;

	policy = choose_policy(p->profile, &exact);
	if (!policy)
		return bad_param("profile: expected linux-6.1, linux-6.12 or linux-7.2");
	pr_info("version " SHB_VERSION ": carve=%s split=%s cma=%s profile=%s model=%d\n",
		p->carve, p->split, p->cma, policy->name, p->model);
	if (p->model)
		return start_model(p, policy, exact);
	specs = kzalloc(sizeof(*specs), GFP_KERNEL);
	if (!specs)
		return -ENOMEM;
	err = parse_specs(p, &specs->carve, &specs->split, &specs->cma);
	if (err)
		goto free_specs;
	err = shb_carve_plan(&specs->carve, &carved, error, sizeof(error));
	if (err == -EINVAL)
		pr_err("%s\n", error);
	if (!err)
		err = check_plan(&carved, &specs->split, &specs->cma);
	if (err)
		goto forget_plan;
	err = shb_carve_guard();
	if (err)
		goto forget_plan;
	err = shb_carve_run(&carved);
	if (!err)
		err = bring_up(create_state(policy, exact, &specs->split, &specs->cma));
	if (!err)
		goto free_specs;

	shb_carve_unguard();
forget_plan:
	shb_carve_return(&carved, NULL);
free_specs:
	kfree(specs);
	return err;
}

/**
 * shb_live_stop() - give everything back
 *
 * Blocks that tags hold are freed first; who never freed the others is in the log.
 *
 * Context: process context, sleeps.
 */
void shb_live_stop(void)
{
	unsigned long used;

	shb_debugfs_remove();
	end_commands();
	if (live->live) {
		shb_cpu_stop();
		shb_failure_unwatch(live);
	}
	used = shb_owners_report(live);
	if (used)
		pr_warn("%lu pages were never freed by their users\n", used);
	shb_carve_guard_state(NULL);
	if (carved.nr) {
		shb_carve_return(&carved, live);
		shb_carve_unguard();
	}
	shb_state_destroy(live);
	live = NULL;
}

/**
 * shb_live_command() - run ctl commands that came by another way than debugfs
 * @text: commands
 *
 * Return: 0 or -errno; -ENODEV while the module is not up.
 */
int shb_live_command(const char *text)
{
	return shb_api_get() ? shb_ctl_run(&ctl, text, strlen(text)) : -ENODEV;
}
