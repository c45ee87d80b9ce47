// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference zone: a zone of the kernel that nobody else uses, on a node without
 * cpus that was plugged in after boot. What is done to make it exact:
 *
 *   - the counters of the zone are folded and kept folded (threshold 0), so that the
 *     kernel's watermark tests see every page, as ours do;
 *   - the node counts as hopeless to kswapd, and kcompactd stands aside, so that a
 *     request may ask for both without one starting to run.
 *
 * Everything else (compaction, the vmstat worker, huge pages) is switched off by
 * tools/lockstep/guest.
 */
#include <linux/kprobes.h>
#include <linux/mmzone.h>
#include <linux/vmstat.h>
#include <linux/wait.h>

#define HOPELESS 16		/* MAX_RECLAIM_RETRIES */

/* The only zone of the node that has memory; NULL when there is none or more than one. */
static struct zone *reference_zone(int nid)
{
	struct zone *zone = NULL;
	int k;

	if (nid < 0 || nid >= MAX_NUMNODES || !node_online(nid))
		return NULL;
	for (k = 0; k < MAX_NR_ZONES; k++) {
		struct zone *candidate = &NODE_DATA(nid)->node_zones[k];

		if (!populated_zone(candidate))
			continue;
		if (zone)
			return NULL;
		zone = candidate;
	}
	return zone;
}

static int kind_of(const struct zone *zone)
{
	int k;

	for (k = 0; k < SHB_NR_KINDS; k++)
		if (shb_topology_kind(k) == zone_idx(zone))
			return k;
	return -1;
}

/* Return: the threshold the zone had. */
static int set_threshold(struct zone *zone, int threshold)
{
	int cpu, item, old = 0;

	for_each_online_cpu(cpu) {
		struct per_cpu_zonestat *stat = per_cpu_ptr(zone->per_cpu_zonestats, cpu);

		old = stat->stat_threshold;
		stat->stat_threshold = threshold;
		for (item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++) {
			atomic_long_add(stat->vm_stat_diff[item], &zone->vm_stat[item]);
			atomic_long_add(stat->vm_stat_diff[item], &vm_zone_stat[item]);
			stat->vm_stat_diff[item] = 0;
		}
	}
	return old;
}

static void calm_kswapd(struct zone *zone)
{
	shb_set_kswapd_failures(zone->zone_pgdat, HOPELESS);
}

/*
 * A kcompactd that is on no wait queue is not woken (wakeup_kcompactd() looks at the
 * queue first). If it wakes by itself it leaves the list it is on, under the queue's
 * lock, as we do; so ours may be empty when it goes back.
 */
static LIST_HEAD(aside);

static void park_kcompactd(struct zone *zone)
{
	wait_queue_head_t *wait = &zone->zone_pgdat->kcompactd_wait;
	unsigned long irq;

	spin_lock_irqsave(&wait->lock, irq);
	list_splice_init(&wait->head, &aside);
	spin_unlock_irqrestore(&wait->lock, irq);
}

static void unpark_kcompactd(struct zone *zone)
{
	wait_queue_head_t *wait = &zone->zone_pgdat->kcompactd_wait;
	unsigned long irq;

	spin_lock_irqsave(&wait->lock, irq);
	list_splice_init(&aside, &wait->head);
	spin_unlock_irqrestore(&wait->lock, irq);
}

/*
 * Functions that are not exported; a probe that is never hit knows where one is. The machine
 * boots with ibt=off: the address may lie behind the landing mark.
 */
static void (*drain_all)(struct zone *zone);
static void (*drain_lru)(void);
static void (*disable_lru_batches)(void);

static void *find_function(const char *name)
{
	struct kprobe probe = { .symbol_name = name };

	if (register_kprobe(&probe))
		return NULL;
	unregister_kprobe(&probe);
	return probe.addr;
}

static int find_drains(void)
{
	drain_all = find_function("drain_all_pages");
	drain_lru = find_function("lru_add_drain_all");
	disable_lru_batches = find_function("lru_cache_disable");
	return drain_all && drain_lru && disable_lru_batches ? 0 : -ENOENT;
}

/*
 * A page that was moved is on its LRU list at once, not with the next batch; until then it would not
 * count as movable, and not be moved again. For as long as the machine runs.
 */
static void leave_lru_batches(void)
{
	static bool left;

	if (!left)
		disable_lru_batches();
	left = true;
}
