// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which order a node looks for memory.
 *
 * A fallback list goes node by node, nearest first, and inside a node from the
 * highest zone down:
 *
 *     node 0: | 0.Normal 0.DMA32 0.DMA | 1.Normal | 3.Normal | 2.Normal | NULL
 *
 * The no-fallback list stops after the first group. By zones, which 4.1 may be told to, it goes
 *
 *     node 0: | 0.Normal 1.Normal 3.Normal 2.Normal | 0.DMA32 | 0.DMA | NULL
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "zonelist.h"

/* Carried over a whole rebuild: nodes that head many lists become less attractive. */
struct order_walk {
	struct shb_state *s;
	int	*load;
	bool	*used;
	int	weight;		/* of a distance against a load */
};

/*
 * val(n) = (distance + (n < local) + (n has cpus)) * MAX_NUMNODES (up to 5.15 times the online
 * nodes, too) + load[n], strictly smallest wins, so ties go to the lower node. The local node comes
 * first if it has memory; in 6.1 always.
 */
static int next_best_node(struct order_walk *w, int local)
{
	const struct shb_topology *t = &w->s->topo;
	const struct shb_node *nodes = w->s->nodes;
	int n, best = -1;
	long val, best_val = LONG_MAX;

	if (!w->used[local] && (nodes[local].memory || w->s->rules.walk->memoryless_first)) {
		w->used[local] = true;
		return local;
	}
	for (n = 0; n < t->nr_nodes; n++) {
		if (w->used[n] || !nodes[n].memory)
			continue;
		val = t->distance[local * t->nr_nodes + n];
		val += n < local;
		val += nodes[n].cpus;
		val = val * w->weight + w->load[n];
		if (val < best_val) {
			best_val = val;
			best = n;
		}
	}
	if (best >= 0)
		w->used[best] = true;
	return best;
}

static int add_node(struct shb_node *node, struct shb_zone **zones, int nr)
{
	int k;

	for (k = SHB_NR_KINDS - 1; k >= 0; k--)
		if (node->zones[k])
			zones[nr++] = node->zones[k];
	return nr;
}

/* Zone by zone, each on the nodes in their order. */
static int add_by_zone(const struct shb_state *s, struct shb_node *node)
{
	int k, nr = 0;
	const int *n;

	for (k = SHB_NR_KINDS - 1; k >= 0; k--)
		for (n = node->order; *n >= 0; n++)
			if (s->nodes[*n].zones[k])
				node->fallback.zones[nr++] = s->nodes[*n].zones[k];
	return nr;
}

static bool goes_by_zone(const struct shb_state *s)
{
	return s->rules.walk->zone_order && s->tune.numa_zonelist_order == SHB_ORDER_ZONE;
}

/**
 * shb_zonelist_is_current() - are the lists as numa_zonelist_order says?
 *
 * Context: holds state->tune_lock.
 */
bool shb_zonelist_is_current(const struct shb_state *s)
{
	return s->by_zone == goes_by_zone(s);
}

static void finish_list(struct shb_zonelist *list, int nr)
{
	int k, i;

	list->zones[nr] = NULL;
	for (k = 0; k < SHB_NR_KINDS; k++) {
		for (i = 0; i < nr && list->zones[i]->kind > k; i++)
			;
		list->first[k] = i;
	}
}

static void build_node(struct order_walk *w, int local)
{
	const struct shb_topology *t = &w->s->topo;
	struct shb_node *node = &w->s->nodes[local];
	int n, prev = local, nr_zones = 0, nr_nodes = 0, left = w->s->online_nodes;
	bool down = w->s->rules.walk->load_counts_down;

	memset(w->used, 0, t->nr_nodes * sizeof(*w->used));
	while ((n = next_best_node(w, local)) >= 0) {
		if (t->distance[local * t->nr_nodes + n] !=
		    t->distance[local * t->nr_nodes + prev])
			w->load[n] = down ? left : w->load[n] + 1;
		left--;
		node->order[nr_nodes++] = n;
		nr_zones = add_node(&w->s->nodes[n], node->fallback.zones, nr_zones);
		prev = n;
	}
	node->order[nr_nodes] = -1;
	if (w->s->by_zone)
		nr_zones = add_by_zone(w->s, node);
	finish_list(&node->fallback, nr_zones);
	finish_list(&node->nofallback, add_node(node, node->nofallback.zones, 0));
}

/**
 * shb_zonelist_build() - all lists of all nodes
 * @s: state with nodes, zones and topology in place, and room for the lists
 *
 * build_all_zonelists(): nodes in ascending order, up to 5.15 those that are online; loads carried over.
 *
 * Context: process context, allocates scratch memory.
 * Return: 0 or -ENOMEM.
 */
int shb_zonelist_build(struct shb_state *s)
{
	struct order_walk w = { .s = s };
	int nid, err = -ENOMEM;

	w.weight = s->topo.max_nodes * (s->rules.walk->load_counts_down ? s->online_nodes : 1);
	w.load = kcalloc(s->topo.nr_nodes, sizeof(*w.load), GFP_KERNEL);
	w.used = kcalloc(s->topo.nr_nodes, sizeof(*w.used), GFP_KERNEL);
	if (!w.load || !w.used)
		goto free_scratch;
	s->by_zone = goes_by_zone(s);
	for (nid = 0; nid < s->topo.nr_nodes; nid++)
		if (s->nodes[nid].online || !s->rules.walk->load_counts_down)
			build_node(&w, nid);
	/* Others have lists in case a cpu of theirs comes. */
	for (nid = 0; nid < s->topo.nr_nodes; nid++)
		if (!s->nodes[nid].online && s->rules.walk->load_counts_down)
			build_node(&w, nid);
	err = 0;

free_scratch:
	kfree(w.used);
	kfree(w.load);
	return err;
}

/**
 * shb_zonelist_skip() - next entry a request may use, this one included
 * @zone: position in a list
 * @highest: highest usable zone kind
 * @mask: allowed nodes, or NULL
 *
 * Return: position; *position is NULL at the end.
 */
struct shb_zone **shb_zonelist_skip(struct shb_zone **zone, int highest, const nodemask_t *mask)
{
	while (*zone && ((*zone)->kind > highest || (mask && !node_isset((*zone)->nid, *mask))))
		zone++;
	return zone;
}
