// SPDX-License-Identifier: GPL-2.0-only
/*
 * From parameters to zones: what carve=, split= and cma= say, whether it fits, and the state
 * that is built on what was carved.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "format.h"
#include "glue/plan.h"
#include "glue/topology.h"
#include "names.h"
#include "state.h"

static int bad_param(const char *text)
{
	pr_err("%s\n", text);
	return -EINVAL;
}

/* Granules of one node, from all zones they were carved from, still ascending. */
struct node_granules {
	unsigned long	*pfns;
	unsigned long	nr;
};

/* The zones to build, and the pfn arrays that split= made for them. */
struct zone_list {
	struct shb_plan_zone	*zones;
	int			nr;
	unsigned long		**arrays;	/* by node */
};

static void add_zone(struct zone_list *l, int nid, int kind, const unsigned long *pfns,
		     unsigned long nr)
{
	if (nr)
		l->zones[l->nr++] = (struct shb_plan_zone){
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

/**
 * shb_specs_check() - does what was asked for fit what is planned?
 * @specs: parameters
 * @c: plan of what to carve
 *
 * Context: process context; nothing is carved yet.
 * Return: 0, or -EINVAL after a line that says what is accepted.
 */
int shb_specs_check(const struct shb_specs *specs, const struct shb_carve *c)
{
	const struct shb_spec *split = &specs->split, *cma = &specs->cma;
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

/* --- parsing --------------------------------------------------------------------------------- */

static int check_split(const struct shb_spec *split)
{
	int n;

	for (n = 0; n < split->nr; n++) {
		if (split->items[n].kind == SHB_NORMAL)
			return bad_param("split: Normal: gets what the other zones leave; name DMA, DMA32 or Movable");
		if (!(shb_topology_kinds() & BIT(split->items[n].kind)))
			return bad_param("split: this kernel has no such zone; see /proc/zoneinfo");
	}
	return 0;
}

/**
 * shb_specs_parse() - parse carve=, split= and cma=
 * @specs: out
 * @carve_text: carve=
 * @split_text: split=
 * @cma_text: cma=
 *
 * Context: process context, allocates.
 * Return: 0, -ENOMEM, or -EINVAL after a line that names the word and the accepted form.
 */
int shb_specs_parse(struct shb_specs *specs, const char *carve_text, const char *split_text,
		    const char *cma_text)
{
	struct shb_spec *carve = &specs->carve, *split = &specs->split, *cma = &specs->cma;
	int err;

	err = shb_spec_parse("carve", carve_text, true, carve);
	if (err == -EINVAL)
		return bad_param(carve->error);
	if (!err && !carve->automatic && !carve->nr)
		return bad_param("carve: \"\": expected auto or node:zone:size,...");
	err = err ?: shb_spec_parse("split", split_text, false, split);
	if (err == -EINVAL)
		return bad_param(split->error);
	err = err ?: shb_spec_parse("cma", cma_text, false, cma);
	if (err == -EINVAL)
		return bad_param(cma->error);
	if (!err && cma->nr && !(shb_format_running.types & BIT(SHB_CMA)))
		pr_notice("cma: this kernel is built without CMA, so pagetypeinfo has no row for it; vmstat and freelists show it\n");
	return err ?: check_split(split);
}

/* --- building -------------------------------------------------------------------------------- */

/**
 * shb_specs_build() - a state on what was carved
 * @specs: how to cut it into zones
 * @c: what was carved
 * @profile: whose decisions
 * @host: the state's world
 *
 * Context: process context, sleeps.
 * Return: the state, or an ERR_PTR; a line says what does not fit.
 */
struct shb_state *shb_specs_build(const struct shb_specs *specs, const struct shb_carve *c,
				  const struct shb_profile *profile, const struct shb_host *host)
{
	struct shb_topology topo = { };
	struct zone_list l = { };
	struct shb_state *s = ERR_PTR(-ENOMEM);
	struct shb_plan plan = {
		.profile = profile, .host = host, .format = &shb_format_running, .topo = &topo,
		.kinds = shb_topology_kinds(),
		.transparent_hugepage = shb_topology_hugepages(),
	};
	int err = shb_topology_read(&topo), nid;

	topo.cpus_uncounted = shb_topology_cpus_uncounted();
	l.zones = kcalloc(topo.nr_nodes * SHB_NR_KINDS, sizeof(*l.zones), GFP_KERNEL);
	l.arrays = kcalloc(topo.nr_nodes, sizeof(*l.arrays), GFP_KERNEL);
	if (err || !l.zones || !l.arrays)
		goto free_all;
	err = list_zones(&l, c, &specs->split, topo.nr_nodes) ?: mark_cma(&l, &specs->cma);
	if (err) {
		s = ERR_PTR(err);
		goto free_all;
	}
	plan.zones = l.zones;
	plan.nr_zones = l.nr;
	s = shb_state_create(&plan);

free_all:
	for (nid = 0; l.arrays && nid < topo.nr_nodes; nid++)
		kvfree(l.arrays[nid]);
	kfree(l.arrays);
	kfree(l.zones);
	shb_topology_free(&topo);
	return s;
}
