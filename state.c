// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building and taking down an allocator instance.
 *
 * A state owns all of its metadata and none of the memory it manages: who carved
 * the pages gives them back. Cost: 16 bytes a page, one byte a pageblock for its
 * type and one for the type before isolation, 8 bytes a granule, 8 bytes a granule
 * of the spanned range, and one struct shb_pcp per zone and cpu.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fail.h"
#include "host.h"
#include "numbers.h"
#include "own.h"
#include "pcp.h"
#include "policy.h"
#include "quarantine.h"
#include "release.h"
#include "request.h"
#include "state.h"
#include "tune.h"
#include "walk.h"
#include "watermark.h"
#include "zonelist.h"
#include "zones.h"

/*
 * gfp_zone(): zone bits DMA 1, HIGHMEM 2, DMA32 4, MOVABLE 8 to the highest zone a
 * request may use. HIGHMEM means Normal here; a kind the machine does not know
 * means Normal, too. Other combinations exclude each other, as do MOVABLE and
 * RECLAIMABLE 16, which changes no zone.
 */
static void set_highest(struct shb_state *s)
{
	static const u8 kinds[16] = {
		[1] = SHB_DMA, [9] = SHB_DMA, [4] = SHB_DMA32, [12] = SHB_DMA32, [10] = SHB_MOVABLE_ZONE,
		[0] = SHB_NORMAL, [2] = SHB_NORMAL, [8] = SHB_NORMAL,
	};
	unsigned int bits;
	u8 kind;

	for (bits = 0; bits < ARRAY_SIZE(s->highest); bits++) {
		kind = s->kinds & BIT(kinds[bits % 16]) ? kinds[bits % 16] : SHB_NORMAL;
		WRITE_ONCE(s->highest[bits], shb_gfp_is_valid((__force gfp_t)bits) ? kind : SHB_NR_KINDS);
	}
}

static void *copy(const void *from, size_t n, size_t size)
{
	void *to = kvmalloc_array(n, size, GFP_KERNEL);

	return to ? memcpy(to, from, n * size) : NULL;
}

/**
 * shb_topology_free() - free the tables of a topology
 * @t: topology, may be half filled
 */
void shb_topology_free(struct shb_topology *t)
{
	kvfree(t->node_online);
	kvfree(t->distance);
	kvfree(t->cpu_node);
	kvfree(t->cpu_online);
	kvfree(t->cache_slice);
}

static int copy_topology(struct shb_topology *to, const struct shb_topology *from)
{
	size_t nodes = from->nr_nodes, cpus = from->nr_cpus;

	*to = *from;
	to->node_online = copy(from->node_online, nodes, sizeof(*to->node_online));
	to->distance = copy(from->distance, nodes * nodes, sizeof(*to->distance));
	to->cpu_node = copy(from->cpu_node, cpus, sizeof(*to->cpu_node));
	to->cpu_online = copy(from->cpu_online, cpus, sizeof(*to->cpu_online));
	to->cache_slice = NULL;
	if (from->cache_slice)
		to->cache_slice = copy(from->cache_slice, cpus, sizeof(*to->cache_slice));
	if (!to->node_online || !to->distance || !to->cpu_node || !to->cpu_online ||
	    (from->cache_slice && !to->cache_slice))
		return -ENOMEM;
	return 0;
}

/* Zone pointers of a node's two lists, and its node order, each with an end mark. */
static int create_nodes(struct shb_state *s, int nr_zones)
{
	const struct shb_topology *t = &s->topo;
	int nid, cpu;

	s->nodes = kvcalloc(t->nr_nodes, sizeof(*s->nodes), GFP_KERNEL);
	if (!s->nodes)
		return -ENOMEM;
	for (nid = 0; nid < t->nr_nodes; nid++) {
		struct shb_node *node = &s->nodes[nid];

		node->fallback.zones = kcalloc(nr_zones + 1, sizeof(void *), GFP_KERNEL);
		node->nofallback.zones = kcalloc(SHB_NR_KINDS + 1, sizeof(void *), GFP_KERNEL);
		node->order = kcalloc(t->nr_nodes + 1, sizeof(*node->order), GFP_KERNEL);
		node->full = kcalloc(BITS_TO_LONGS(nr_zones + 1), sizeof(long), GFP_KERNEL);
		if (!node->fallback.zones || !node->nofallback.zones || !node->order || !node->full)
			return -ENOMEM;
		node->online = t->node_online[nid];
		s->online_nodes += node->online;
	}
	for (cpu = 0; cpu < t->nr_cpus; cpu++)
		if (t->cpu_online[cpu] && !t->cpus_uncounted)
			s->nodes[t->cpu_node[cpu]].cpus = true;
	return 0;
}

static void free_nodes(struct shb_state *s)
{
	int nid;

	for (nid = 0; s->nodes && nid < s->topo.nr_nodes; nid++) {
		kfree(s->nodes[nid].fallback.zones);
		kfree(s->nodes[nid].nofallback.zones);
		kfree(s->nodes[nid].order);
		kfree(s->nodes[nid].full);
	}
	kvfree(s->nodes);
}

static void free_zone(const struct shb_host *host, struct shb_zone *z)
{
	if (!z)
		return;
	shb_own_destroy(host, z->own);
	host->free(z->frames);
	host->free(z->pageblocks);
	host->free(z->isolated_from);
	host->free(z->hints.skip);
	host->free(z->extent.granule_pfn);
	host->free(z->pcps);
	host->free(z);
}

static void set_sizes(struct shb_zone *z, const struct shb_plan_zone *plan)
{
	u32 nr = plan->nr_granules;

	z->extent.managed = plan->managed ?: z->extent.nr_frames - z->buddy.absent;
	z->extent.present = plan->present ?: z->extent.managed;
	z->extent.start_pfn = plan->start_pfn;
	z->extent.spanned = plan->spanned ?: z->extent.present;
	if (nr && !plan->start_pfn && !plan->spanned) {
		z->extent.start_pfn = plan->pfns[0];
		z->extent.spanned = plan->pfns[nr - 1] + SHB_GRANULE_PAGES - z->extent.start_pfn;
	}
}

static int alloc_zone_tables(struct shb_zone *z)
{
	const struct shb_host *host = z->state->host;
	size_t frames = z->extent.nr_frames + shb_zone_nr_roots(z->state->topo.nr_cpus);
	size_t blocks = max(z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER, 1U);
	size_t granules = max(z->extent.nr_granules, 1U);

	z->frames = host->alloc(size_mul(frames, sizeof(*z->frames)), z->nid);
	z->pageblocks = host->alloc(blocks, z->nid);
	z->isolated_from = host->alloc(blocks, z->nid);
	z->hints.skip = host->alloc(BITS_TO_LONGS(blocks) * sizeof(long), z->nid);
	z->extent.granule_pfn = host->alloc(size_mul(granules, sizeof(unsigned long)), z->nid);
	z->pcps = host->alloc(size_mul(z->state->topo.nr_cpus, sizeof(*z->pcps)), z->nid);
	if (!z->frames || !z->pageblocks || !z->isolated_from || !z->hints.skip ||
	    !z->extent.granule_pfn || !z->pcps)
		return -ENOMEM;
	return 0;
}

/* Word by word: frees look at them all the time. */
static void copy_rules(struct shb_rules *to, const struct shb_rules *from)
{
	WRITE_ONCE(to->buddy, from->buddy);
	WRITE_ONCE(to->pcp, from->pcp);
	WRITE_ONCE(to->gate, from->gate);
	WRITE_ONCE(to->marks, from->marks);
	WRITE_ONCE(to->walk, from->walk);
	WRITE_ONCE(to->slow, from->slow);
	WRITE_ONCE(to->boot, from->boot);
	WRITE_ONCE(to->compact, from->compact);
}

/**
 * shb_zone_set_rules() - what a zone has at hand of the rules of its state
 * @z: zone whose policy's part is in place
 *
 * Context: holds z->lock, or nobody uses the zone.
 */
void shb_zone_set_rules(struct shb_zone *z)
{
	const struct shb_rules *rules = &z->state->rules;

	copy_rules(&z->rules, rules);
	z->fair = rules->walk->fair;
	z->counts = rules->gate->order_by_counting;
	memcpy(z->big_list, rules->pcp->big_list, sizeof(z->big_list));
	shb_zone_set_asked(z);
	z->high_types = rules->pcp->high_orders ? SHB_PCPTYPES : 0;
	shb_watermark_set_first(z);
	z->marks.unusable = rules->gate->discount_reserved ? &z->buddy.reserved :
							     &z->buddy.pages[SHB_HIGHATOMIC];
	assign_bit(SHB_ZONE_OWN, &z->flags, z->own);
}

static struct shb_zone *create_zone(struct shb_state *s, const struct shb_plan_zone *plan, int id,
				    bool held_back)
{
	struct shb_zone *z = s->host->alloc(sizeof(*z), plan->nid);
	unsigned long irq;
	int cpu;

	if (!z)
		return NULL;
	raw_spin_lock_init(&z->lock);
	z->state = s;
	z->id = id;
	z->nid = plan->nid;
	z->kind = plan->kind;
	z->extent.nr_granules = plan->nr_granules;
	z->extent.nr_frames = plan->nr_granules << SHB_GRANULE_ORDER;
	z->roots = z->extent.nr_frames;
	if (alloc_zone_tables(z) ||
	    (s->profile->policy && shb_own_create(z, s->profile, &z->own))) {
		free_zone(s->host, z);
		return NULL;
	}
	shb_zone_set_rules(z);
	if (plan->nr_granules)
		memcpy(z->extent.granule_pfn, plan->pfns, plan->nr_granules * sizeof(*plan->pfns));
	shb_zone_init(z, held_back);
	set_sizes(z, plan);
	for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
		shb_pcp_init(z, cpu);
	z->extent.cma_granules = plan->cma_granules;
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_make_cma(z);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return z;
}

static int create_zones(struct shb_state *s, const struct shb_plan *plan)
{
	int n;

	s->zones = kcalloc(plan->nr_zones + 2, sizeof(*s->zones), GFP_KERNEL);
	if (!s->zones)
		return -ENOMEM;
	for (n = 0; n < plan->nr_zones; n++)
		if (plan->zones[n].nr_granules > SHB_ZONE_GRANULES_MAX)
			return -E2BIG;
	for (n = 0; n < plan->nr_zones; n++) {
		struct shb_zone *z = create_zone(s, &plan->zones[n], n, plan->held_back);

		if (!z)
			return -ENOMEM;
		s->zones[n] = z;
		s->nr_zones++;
		s->nodes[z->nid].zones[z->kind] = z;
		s->nodes[z->nid].memory = true;
	}
	return 0;
}

static void map_granule(struct shb_state *s, const struct shb_zone *z, u32 k)
{
	u64 nobody = (u64)s->nr_zones << SHB_SLOT_BITS;
	u64 *slot = &s->map.slots[(z->extent.granule_pfn[k] >> SHB_GRANULE_ORDER) - s->map.base];

	if (*slot == nobody) {
		*slot = (u64)z->id << SHB_SLOT_BITS | k << SHB_GRANULE_ORDER;
	} else {
		*slot = nobody + (1ULL << SHB_SLOT_BITS);
		s->map.looks_up = true;
	}
}

static int create_map(struct shb_state *s)
{
	unsigned long first = ~0UL, last = 0, g;
	struct shb_zone *z;
	int n;
	u32 k;

	shb_for_each_zone(s, z, n) {
		if (!z->extent.nr_granules)
			continue;
		first = min(first, z->extent.granule_pfn[0] >> SHB_GRANULE_ORDER);
		last = max(last, z->extent.granule_pfn[z->extent.nr_granules - 1] >> SHB_GRANULE_ORDER);
	}
	if (first > last)
		return 0;
	s->map.base = first;
	s->map.nr = last - first + 1;
	s->map.slots = s->host->alloc(size_mul(s->map.nr, sizeof(*s->map.slots)), NUMA_NO_NODE);
	if (!s->map.slots)
		return -ENOMEM;
	for (g = 0; g < s->map.nr; g++)
		s->map.slots[g] = (u64)s->nr_zones << SHB_SLOT_BITS;
	shb_for_each_zone(s, z, n)
		for (k = 0; k < z->extent.nr_granules; k++)
			map_granule(s, z, k);
	return 0;
}

/**
 * shb_zone_look_up() - the zone of a page in a granule that two zones have
 * @pfn: page
 * @i: index of its frame, out
 *
 * Return: the zone that spans the page and has its granule, or NULL.
 */
struct shb_zone *shb_zone_look_up(const struct shb_state *s, unsigned long pfn, u32 *i)
{
	struct shb_zone *z;
	int n;
	u32 k;

	shb_for_each_zone(s, z, n) {
		if (pfn < z->extent.start_pfn || pfn - z->extent.start_pfn >= z->extent.spanned)
			continue;
		for (k = 0; k < z->extent.nr_granules; k++) {
			if (pfn - z->extent.granule_pfn[k] < SHB_GRANULE_PAGES) {
				*i = k << SHB_GRANULE_ORDER | (pfn & (SHB_GRANULE_PAGES - 1));
				return z;
			}
		}
	}
	return NULL;
}

/**
 * shb_profile_hold() - one reference more on the module behind a profile
 * @profile: profile that somebody holds
 */
void shb_profile_hold(const struct shb_profile *profile)
{
	if (profile->policy)
		__module_get(profile->policy->owner);
}

/**
 * shb_profile_drop() - one less
 */
void shb_profile_drop(const struct shb_profile *profile)
{
	if (profile->policy)
		module_put(profile->policy->owner);
}

/**
 * shb_state_set_profile() - whose rules a state goes by; zones have them by shb_zone_set_rules()
 *
 * Context: nobody uses the state.
 */
void shb_state_set_profile(struct shb_state *s, const struct shb_profile *profile)
{
	s->profile = profile;
	copy_rules(&s->rules, &profile->rules);
	s->asks_first = profile->policy && profile->policy->first;
}

/**
 * shb_state_close() - requests fail from here on; those under way go on
 */
void shb_state_close(struct shb_state *s)
{
	unsigned int bits;

	for (bits = 0; bits < ARRAY_SIZE(s->highest); bits++)
		WRITE_ONCE(s->highest[bits], SHB_NR_KINDS);
}

/**
 * shb_state_open() - requests are served again
 */
void shb_state_open(struct shb_state *s)
{
	set_highest(s);
}

/**
 * shb_state_create() - build an allocator instance
 * @plan: machine, profile and memory; zones by node and, inside a node, by kind
 *
 * All memory in @plan is free afterwards, in the order of a freshly onlined zone, or absent
 * where the plan holds it back.
 *
 * Context: process context, sleeps.
 * Return: the state, or an ERR_PTR: -ENOMEM, or -E2BIG for a zone of more than
 * SHB_ZONE_GRANULES_MAX granules; on failure nothing remains.
 */
struct shb_state *shb_state_create(const struct shb_plan *plan)
{
	struct shb_state *s;
	int err;

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return ERR_PTR(-ENOMEM);
	mutex_init(&s->tune_lock);
	init_rwsem(&s->becoming);
	shb_fail_init(s);
	shb_profile_hold(plan->profile);
	shb_state_set_profile(s, plan->profile);
	s->format = plan->format;
	s->kinds = plan->kinds;
	s->host = plan->host;
	s->pages = plan->host->pages;
	s->id = plan->id;
	set_highest(s);
	err = copy_topology(&s->topo, plan->topo);
	if (!err)
		err = create_nodes(s, plan->nr_zones);
	if (!err)
		err = create_zones(s, plan);
	if (!err)
		err = create_map(s);
	if (!err)
		err = shb_zonelist_build(s);
	if (err) {
		shb_state_destroy(s);
		return ERR_PTR(err);
	}
	shb_tune_init(s, plan->transparent_hugepage);
	return s;
}

/**
 * shb_state_destroy() - free an instance, complete or half built
 * @s: state; nobody may use it any more
 *
 * Context: process context, sleeps.
 */
void shb_state_destroy(struct shb_state *s)
{
	int n;

	s->host->free(s->map.slots);
	kvfree(s->release);
	for (n = 0; n < s->nr_zones; n++)
		free_zone(s->host, s->zones[n]);
	kfree(s->zones);
	free_nodes(s);
	shb_topology_free(&s->topo);
	shb_profile_drop(s->profile);
	mutex_destroy(&s->tune_lock);
	kfree(s);
}

static int reset_zone(struct shb_zone *z)
{
	struct shb_walk w;
	bool done = true;
	u32 g;

	shb_walk_start(&w, z);
	for (g = 0; g < z->extent.nr_granules && done; g++) {
		done = shb_walk_lock(&w) && shb_zone_reset_granule(z, g);
		shb_walk_unlock(&w);
	}
	if (!done)
		return -EBUSY;
	done = shb_walk_lock(&w);
	if (done) {
		shb_numbers_reset(z);
		shb_zone_forget_hints(z);
		z->apart = false;
		z->buddy.isolated = 0;
	}
	shb_walk_unlock(&w);
	return done ? 0 : -EBUSY;
}

/**
 * shb_state_reset_zones() - free lists, types and reserves as after shb_state_create()
 * @s: state with nothing handed out and nothing on per-cpu lists
 *
 * Context: process context, sleeps. Takes each zone lock for one granule at a time.
 * Return: 0; -EBUSY when a page is not free, or another user came to a zone meanwhile: all zones
 * are whole, some are reset.
 */
int shb_state_reset_zones(struct shb_state *s)
{
	struct shb_zone *z;
	int n, err = 0;

	shb_for_each_zone(s, z, n)
		err = err ?: reset_zone(z);
	return err;
}

/**
 * shb_state_reset() - free lists, types, reserves and tunables as after shb_state_create(), or at
 * the end of a boot
 * @s: state with nothing handed out and nothing on per-cpu lists; counters are kept
 *
 * Context: process context, sleeps. Takes each zone lock for one granule at a time.
 * Return: 0; -EBUSY when pages are out or in quarantine, and nothing was reset; -EBUSY
 * when another user came to a zone meanwhile: all zones are whole, some are reset.
 */
int shb_state_reset(struct shb_state *s)
{
	struct shb_zone *z;
	int n, err;

	if (shb_state_used_pages(s))
		return -EBUSY;
	shb_for_each_zone(s, z, n)
		if (shb_quarantine_pages(z))
			return -EBUSY;
	err = shb_state_reset_zones(s);
	if (err)
		return err;
	if (s->release)
		shb_release_again(s);
	else
		shb_tune_reset(s);
	return 0;
}

/**
 * shb_state_used_pages() - pages that are handed out
 *
 * Context: any; takes each zone lock in turn.
 * Return: pages neither on a list nor in quarantine; exact when nothing runs.
 */
unsigned long shb_state_used_pages(struct shb_state *s)
{
	unsigned long used = 0, irq;
	struct shb_zone *z;
	int n, cpu, type;

	shb_for_each_zone(s, z, n) {
		raw_spin_lock_irqsave(&z->lock, irq);
		used += z->extent.nr_frames;
		for (type = 0; type < SHB_NR_TYPES; type++)
			used -= z->buddy.pages[type];
		used -= shb_quarantine_pages(z) + z->buddy.absent;
		raw_spin_unlock_irqrestore(&z->lock, irq);
		for (cpu = 0; cpu < s->topo.nr_cpus; cpu++)
			used -= READ_ONCE(z->pcps[cpu].count);
	}
	return used;
}
