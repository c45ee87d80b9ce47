// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine as the running kernel sees it: zone kinds, nodes, cpus, distances and
 * sizes, in the allocator's own words.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kconfig.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "format.h"
#include "glue/compat.h"
#include "glue/topology.h"
#include "profiles/profiles.h"
#include "state.h"

static const int kernel_zone[SHB_NR_KINDS] = {
	[SHB_DMA] = SHB_KERNEL_DMA, [SHB_DMA32] = SHB_KERNEL_DMA32,
	[SHB_NORMAL] = ZONE_NORMAL, [SHB_MOVABLE_ZONE] = ZONE_MOVABLE,
	[SHB_DEVICE] = SHB_KERNEL_DEVICE,
};

/**
 * shb_topology_kind() - the running kernel's number for a zone kind
 * @kind: enum shb_kind
 *
 * Return: enum zone_type, or -1 where the kernel has no such zone.
 */
int shb_topology_kind(int kind)
{
	return kernel_zone[kind];
}

/**
 * shb_topology_kinds() - zone kinds the running kernel knows
 *
 * Return: mask of enum shb_kind.
 */
u8 shb_topology_kinds(void)
{
	u8 mask = 0;
	int k;

	for (k = 0; k < SHB_NR_KINDS; k++)
		if (kernel_zone[k] >= 0)
			mask |= BIT(k);
	return mask;
}

/**
 * shb_topology_zone() - the kernel's zone of a node
 * @kind: enum shb_kind
 *
 * Return: the zone, or NULL when it has no memory.
 */
struct zone *shb_topology_zone(int nid, int kind)
{
	struct zone *zone;

	if (!node_online(nid) || kernel_zone[kind] < 0)
		return NULL;
	zone = &NODE_DATA(nid)->node_zones[kernel_zone[kind]];
	return populated_zone(zone) ? zone : NULL;
}

/**
 * shb_topology_read() - nodes, cpus and distances of this machine
 * @t: out; free with shb_topology_free(), on failure, too
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int shb_topology_read(struct shb_topology *t)
{
	int a, b, cpu, nodes = nr_node_ids, cpus = nr_cpu_ids;

	*t = (struct shb_topology){
		.nr_nodes = nodes, .nr_cpus = cpus, .max_nodes = MAX_NUMNODES,
		.node_online = kvcalloc(nodes, sizeof(*t->node_online), GFP_KERNEL),
		.distance = kvcalloc((size_t)nodes * nodes, sizeof(*t->distance), GFP_KERNEL),
		.cpu_node = kvcalloc(cpus, sizeof(*t->cpu_node), GFP_KERNEL),
		.cpu_online = kvcalloc(cpus, sizeof(*t->cpu_online), GFP_KERNEL),
		.cache_slice = kvcalloc(cpus, sizeof(*t->cache_slice), GFP_KERNEL),
	};
	if (!t->node_online || !t->distance || !t->cpu_node || !t->cpu_online ||
	    !t->cache_slice)
		return -ENOMEM;
	for (a = 0; a < nodes; a++) {
		t->node_online[a] = node_online(a);
		for (b = 0; b < nodes; b++)
			t->distance[a * nodes + b] = node_distance(a, b);
	}
	for_each_possible_cpu(cpu) {
		t->cpu_node[cpu] = max(cpu_to_node(cpu), 0);
		t->cpu_online[cpu] = cpu_online(cpu);
		if (cpu_online(cpu))
			t->cache_slice[cpu] = shb_cache_slice(cpu);
	}
	return 0;
}

/**
 * shb_topology_hugepages() - does khugepaged of this kernel raise min_free_kbytes at boot?
 */
bool shb_topology_hugepages(void)
{
	return IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE_ALWAYS) ||
	       IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE_MADVISE);
}

/* All granules that a zone touches. Return: 0 or -ENOMEM. */
static int give_granules(struct shb_plan_zone *z)
{
	unsigned long first = ALIGN_DOWN(z->start_pfn, SHB_GRANULE_PAGES), *pfns;
	u32 nr = DIV_ROUND_UP(z->start_pfn + z->spanned - first, SHB_GRANULE_PAGES), g;

	pfns = kvmalloc_array(nr, sizeof(*pfns), GFP_KERNEL);
	if (!pfns)
		return -ENOMEM;
	for (g = 0; g < nr; g++)
		pfns[g] = first + g * SHB_GRANULE_PAGES;
	z->pfns = pfns;
	z->nr_granules = nr;
	return 0;
}

/*
 * Every populated zone with the sizes it has now; without pages, or with all it spans.
 * Return: how many, or -ENOMEM.
 */
static int paper_zones(struct shb_plan_zone *zones, int nodes, bool pages)
{
	int nid, kind, nr = 0;

	for (nid = 0; nid < nodes; nid++) {
		for (kind = 0; kind < SHB_NR_KINDS; kind++) {
			struct zone *zone = shb_topology_zone(nid, kind);

			if (!zone)
				continue;
			zones[nr++] = (struct shb_plan_zone){
				.nid = nid, .kind = kind,
				.managed = zone_managed_pages(zone),
				.present = zone->present_pages,
				.spanned = zone->spanned_pages,
				.start_pfn = zone->zone_start_pfn,
			};
			if (pages && give_granules(&zones[nr - 1]))
				return -ENOMEM;
		}
	}
	return nr;
}

static struct shb_state *on_paper(const struct shb_profile *profile, const struct shb_host *host,
				  bool cpus_uncounted, bool pages)
{
	struct shb_state *s = ERR_PTR(-ENOMEM);
	struct shb_topology topo;
	struct shb_plan plan = {
		.profile = profile, .host = host, .format = &shb_format_running, .topo = &topo,
		.kinds = shb_topology_kinds(),
		.transparent_hugepage = shb_topology_hugepages(),
	};
	struct shb_plan_zone *zones;
	int err = shb_topology_read(&topo), n;

	topo.cpus_uncounted = cpus_uncounted;
	zones = kcalloc(topo.nr_nodes * SHB_NR_KINDS, sizeof(*zones), GFP_KERNEL);
	if (!err && zones) {
		plan.zones = zones;
		plan.nr_zones = paper_zones(zones, topo.nr_nodes, pages);
		if (plan.nr_zones >= 0)
			s = shb_state_create(&plan);
	}
	for (n = 0; zones && n < topo.nr_nodes * SHB_NR_KINDS; n++)
		kvfree(zones[n].pfns);
	kfree(zones);
	shb_topology_free(&topo);
	return s;
}

static bool is_same(struct zone *zone, const struct shb_zone *z)
{
	return zone_to_nid(zone) == z->nid && zone_idx(zone) == kernel_zone[z->kind];
}

/**
 * shb_topology_compare_list() - the kernel's list of a node against that of a state
 * @s: state with all zones of the machine
 * @nid: online node
 * @fallback: the fallback list; otherwise that of the node alone
 *
 * Return: -1 when they are equal, otherwise the first position that differs.
 */
int shb_topology_compare_list(const struct shb_state *s, int nid, bool fallback)
{
	const struct zoneref *real = NODE_DATA(nid)->node_zonelists[fallback ?
		ZONELIST_FALLBACK : MAX_ZONELISTS - 1]._zonerefs;
	struct shb_zone **ours = fallback ? s->nodes[nid].fallback.zones :
					    s->nodes[nid].nofallback.zones;
	int k;

	for (k = 0; real[k].zone && ours[k] && is_same(real[k].zone, ours[k]); k++)
		;
	return real[k].zone || ours[k] ? k : -1;
}

static bool lists_agree(const struct shb_state *s)
{
	int nid;

	for_each_online_node(nid)
		if (shb_topology_compare_list(s, nid, true) >= 0)
			return false;
	return true;
}

/**
 * shb_topology_cpus_uncounted() - were the kernel's zonelists built without cpus?
 *
 * The formula shuns nodes with cpus, but at boot x86 builds the lists before any cpu
 * is counted; only a rebuild (memory plugged into an empty zone) sees them. Which of
 * the two it was shows in the lists: the answer is yes if they are what the running
 * kernel's formula makes of nodes without cpus.
 *
 * Context: process context, sleeps.
 * Return: that, or no when there is no memory to find out.
 */
bool shb_topology_cpus_uncounted(void)
{
	bool exact, uncounted;
	struct shb_state *s = on_paper(shb_profile_for(init_utsname()->release, &exact),
				       &shb_host_paper, true, false);

	if (IS_ERR(s))
		return false;
	uncounted = lists_agree(s);
	shb_state_destroy(s);
	return uncounted;
}

/**
 * shb_topology_is_alike() - have two images the same zones, with the same pages?
 */
bool shb_topology_is_alike(const struct shb_state *a, const struct shb_state *b)
{
	const struct shb_zone *x, *y;
	int n;

	if (a->nr_zones != b->nr_zones)
		return false;
	shb_for_each_zone(a, x, n) {
		y = b->zones[n];
		if (x->nid != y->nid || x->kind != y->kind ||
		    x->extent.nr_frames != y->extent.nr_frames ||
		    x->extent.granule_pfn[0] != y->extent.granule_pfn[0])
			return false;
	}
	return true;
}

/**
 * shb_topology_on_paper() - the whole machine as a state without pages
 * @profile: whose formulas
 * @host: the state's world
 *
 * Zonelists, marks, reserves and sizes of per-cpu lists come out as the profile
 * computes them for this machine; nothing can be allocated.
 *
 * Context: process context, sleeps. No memory hotplug meanwhile, or sizes are torn.
 * Return: the state, or an ERR_PTR.
 */
struct shb_state *shb_topology_on_paper(const struct shb_profile *profile,
					const struct shb_host *host)
{
	return on_paper(profile, host, shb_topology_cpus_uncounted(), false);
}

/**
 * shb_topology_image() - the whole machine as a state with lists, for the kernel's to be put in
 * @profile: whose decisions
 *
 * A frame for each page that a zone spans, hole or not: 16 bytes a page.
 *
 * Context: process context, sleeps. No memory hotplug meanwhile, or sizes are torn.
 * Return: the state, or an ERR_PTR.
 */
struct shb_state *shb_topology_image(const struct shb_profile *profile)
{
	return on_paper(profile, &shb_host_paper, shb_topology_cpus_uncounted(), true);
}
