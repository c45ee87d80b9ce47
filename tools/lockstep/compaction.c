// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenarios compact-all and, in direct.c and waiting.c, compact-direct and slowpath: the kernel compacts the zone as it is, then
 * so does the shadow, and what each did is compared: every range a scanner looked at, every page that
 * was moved, where to, in which order, how often it asked whether it was done; then the lists.
 *
 * tools/lockstep/layout has filled the zone with the memory of a process and punched holes into
 * it. Blocks in use of several pages are compound pages of the kernel's.
 */
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/kprobes.h>
#include <linux/vmalloc.h>

enum trail_kind {
	TRAIL_SOURCES, TRAIL_TARGETS, TRAIL_SEARCH, TRAIL_MOVE, TRAIL_FINISHED, TRAIL_SUITABLE, TRAIL_DEFERRED,
	TRAIL_DEFER, TRAIL_RESET, TRAIL_END, TRAIL_DRAIN, TRAIL_TRY, TRAIL_RECLAIM, TRAIL_RECLAIMED, TRAIL_RETRY_RECLAIM,
	TRAIL_RETRY_COMPACT
};
static const char *const trail_names[] = {
	"looked for sources", "looked for targets", "searched the lists", "moved", "asked if done",
	"asked if worth while", "put off", "puts off more", "puts off less", "ended",
	"gave back", "compacts", "reclaims", "reclaimed", "asked if reclaim could help", "asked if compaction could help"
};

/* One thing a run of compaction did. Of a move: from, to; of a question: order, answer; of the end: status. */
struct trail_entry {
	unsigned long	kind;			/* no gaps: entries are compared as bytes */
	unsigned long	a, b;
	unsigned long	scanned, taken;
};

struct trail {
	struct trail_entry	*list;
	u32			nr, room;
	unsigned long		moved;
};

static struct {
	struct task_struct	*driver;
	struct trail		*real, *shadow;	/* NULL: nobody listens */
	bool			in_reclaim;	/* what the kernel's reclaim asks is not ours */
} trails;

static void trail_add(struct trail *t, struct trail_entry e)
{
	if (!t)
		return;
	t->moved += e.kind == TRAIL_MOVE;
	if (t->nr < t->room)
		t->list[t->nr] = e;
	t->nr++;
}

/* --- the kernel's side ------------------------------------------------------------------------- */

static void real_add(struct trail_entry e)
{
	if (current == trails.driver && !trails.in_reclaim)
		trail_add(READ_ONCE(trails.real), e);
}

static void on_real_sources(void *data, unsigned long start_pfn, unsigned long end_pfn,
			    unsigned long nr_scanned, unsigned long nr_taken)
{
	real_add((struct trail_entry){ TRAIL_SOURCES, start_pfn, end_pfn, nr_scanned, nr_taken });
}

static void on_real_targets(void *data, unsigned long start_pfn, unsigned long end_pfn,
			    unsigned long nr_scanned, unsigned long nr_taken)
{
	real_add((struct trail_entry){ TRAIL_TARGETS, start_pfn, end_pfn, nr_scanned, nr_taken });
}

static void on_real_search(void *data, unsigned long start_pfn, unsigned long end_pfn,
			   unsigned long nr_scanned, unsigned long nr_taken)
{
	real_add((struct trail_entry){ TRAIL_SEARCH, start_pfn, end_pfn, nr_scanned, nr_taken });
}

static void on_real_finished(void *data, struct zone *zone, int order, int ret)
{
	real_add((struct trail_entry){ TRAIL_FINISHED, order, ret });
}

static void on_real_suitable(void *data, struct zone *zone, int order, int ret)
{
	real_add((struct trail_entry){ TRAIL_SUITABLE, order, ret });
}

static void on_real_deferred(void *data, struct zone *zone, int order)
{
	real_add((struct trail_entry){ TRAIL_DEFERRED, order });
}

static void on_real_defer(void *data, struct zone *zone, int order)
{
	real_add((struct trail_entry){ TRAIL_DEFER, order });
}

static void on_real_reset(void *data, struct zone *zone, int order)
{
	real_add((struct trail_entry){ TRAIL_RESET, order });
}

static void on_real_drain(void *data, struct page *page, unsigned int order, int migratetype)
{
	if (page_zone(page) == READ_ONCE(foreign.zone))
		real_add((struct trail_entry){ TRAIL_DRAIN, page_to_pfn(page), order });
}

static void on_real_try(void *data, int order, gfp_t gfp, int prio)
{
	real_add((struct trail_entry){ TRAIL_TRY, order, prio });
}

static void on_real_retry_reclaim(void *data, struct zoneref *zoneref, int order, unsigned long reclaimable,
				  unsigned long available, unsigned long min_wmark, int no_progress_loops,
				  bool wmark_check)
{
	real_add((struct trail_entry){ TRAIL_RETRY_RECLAIM, order << 1 | wmark_check,
				       min_wmark << 8 | no_progress_loops, reclaimable, available });
}

static void on_real_retry_compact(void *data, int order, int priority, int result, int retries,
				  int max_retries, bool ret)
{
	real_add((struct trail_entry){ TRAIL_RETRY_COMPACT, order << 1 | ret, priority << 8 | result,
				       retries, max_retries });
}

static void on_real_end(void *data, void *cc, unsigned long zone_start, unsigned long zone_end,
			bool sync, int status)
{
	real_add((struct trail_entry){ TRAIL_END, status });
}

enum { SEARCH_PROBE };			/* the first; 6.1 has no such event */
static struct kernel_probe compaction_probes[] = {
	{ "mm_compaction_fast_isolate_freepages", on_real_search, .optional = true },
	{ "mm_compaction_isolate_migratepages", on_real_sources },
	{ "mm_compaction_isolate_freepages", on_real_targets },
	{ "mm_compaction_end", on_real_end },
	{ "mm_compaction_finished", on_real_finished },
	{ "mm_compaction_suitable", on_real_suitable },
	{ "mm_compaction_deferred", on_real_deferred },
	{ "mm_compaction_defer_compaction", on_real_defer },
	{ "mm_compaction_defer_reset", on_real_reset },
	{ "mm_page_pcpu_drain", on_real_drain },
	{ "mm_compaction_try_to_compact_pages", on_real_try },
	{ "reclaim_retry_zone", on_real_retry_reclaim },
	{ "compact_retry", on_real_retry_compact },
	{ }
};

/* folio_migrate_flags(new, old): the last thing before the page is where it will be. */
static int on_real_move(struct kprobe *p, struct pt_regs *regs)
{
	real_add((struct trail_entry){ TRAIL_MOVE, page_to_pfn((struct page *)regs->si),
				       page_to_pfn((struct page *)regs->di) });
	return 0;
}

/* As a user does it: a write to the node's file. */
static int write_compact(struct lockstep *l)
{
	char path[64];
	struct file *file;
	loff_t pos = 0;
	ssize_t len;

	scnprintf(path, sizeof(path), "/sys/devices/system/node/node%d/compact", l->nid);
	file = filp_open(path, O_WRONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	WRITE_ONCE(foreign.driver, current);
	len = kernel_write(file, "1", 1, &pos);
	WRITE_ONCE(foreign.driver, NULL);
	filp_close(file, NULL);
	return len < 0 ? len : 0;
}

/* try_to_free_pages(zonelist, order, gfp, nodemask), which gives the number of pages. */
static int on_real_reclaim(struct kretprobe_instance *i, struct pt_regs *regs)
{
	if (current != trails.driver)
		return 1;
	real_add((struct trail_entry){ TRAIL_RECLAIM, regs->si });
	trails.in_reclaim = true;
	return 0;
}

static int on_real_reclaimed(struct kretprobe_instance *i, struct pt_regs *regs)
{
	trails.in_reclaim = false;
	real_add((struct trail_entry){ TRAIL_RECLAIMED, regs_return_value(regs) });
	return 0;
}

static struct kprobe move_probe;
static struct kretprobe reclaim_probe;

static int listen_to_kernel(void)
{
	int err;

	reclaim_probe = (struct kretprobe){
		.kp.symbol_name = "try_to_free_pages", .entry_handler = on_real_reclaim, .handler = on_real_reclaimed,
	};
	err = register_kretprobe(&reclaim_probe);
	if (err)
		return err;
	move_probe = (struct kprobe){ .symbol_name = "folio_migrate_flags", .pre_handler = on_real_move };
	err = register_kprobe(&move_probe);
	if (err)
		goto unprobe_reclaim;
	err = probes_start(compaction_probes);
	if (!err)
		return 0;
	unregister_kprobe(&move_probe);
unprobe_reclaim:
	unregister_kretprobe(&reclaim_probe);
	return err;
}

static void leave_kernel(void)
{
	probes_stop(compaction_probes, NULL);
	unregister_kprobe(&move_probe);
	unregister_kretprobe(&reclaim_probe);
}

/* --- the shadow's side ------------------------------------------------------------------------- */

static void on_shadow_sources(void *data, const struct shb_zone *z, unsigned long start_pfn, unsigned long end_pfn,
			      unsigned long nr_scanned, unsigned long nr_taken)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_SOURCES, start_pfn, end_pfn, nr_scanned, nr_taken });
}

static void on_shadow_targets(void *data, const struct shb_zone *z, unsigned long start_pfn, unsigned long end_pfn,
			      unsigned long nr_scanned, unsigned long nr_taken)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_TARGETS, start_pfn, end_pfn, nr_scanned, nr_taken });
}

static void on_shadow_search(void *data, const struct shb_zone *z, unsigned long start_pfn, unsigned long end_pfn,
			     unsigned long nr_scanned, unsigned long nr_taken)
{
	if (compaction_probes[SEARCH_PROBE].tp)
		trail_add(trails.shadow, (struct trail_entry){ TRAIL_SEARCH, start_pfn, end_pfn, nr_scanned, nr_taken });
}

static void on_shadow_finished(void *data, const struct shb_zone *z, int order, int ret)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_FINISHED, order, ret });
}

static void on_shadow_suitable(void *data, const struct shb_zone *z, int order, int ret)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_SUITABLE, order, ret });
}

static void on_shadow_deferred(void *data, const struct shb_zone *z, int order)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_DEFERRED, order });
}

static void on_shadow_defer(void *data, const struct shb_zone *z, int order)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_DEFER, order });
}

static void on_shadow_reset(void *data, const struct shb_zone *z, int order)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_RESET, order });
}

static void on_shadow_drain(void *data, const struct shb_zone *z, u32 i, unsigned int order, int type)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_DRAIN, shb_pfn_of(z, i), order });
}

static void on_shadow_try(void *data, const struct shb_state *s, int order, gfp_t gfp, int prio)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_TRY, order, prio });
}

static void on_shadow_retry_reclaim(void *data, const struct shb_zone *z, int order, unsigned long reclaimable,
				    unsigned long available, unsigned long min_wmark, int no_progress_loops,
				    bool wmark_check)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_RETRY_RECLAIM, order << 1 | wmark_check,
						       min_wmark << 8 | no_progress_loops, reclaimable, available });
}

static void on_shadow_retry_compact(void *data, const struct shb_state *s, int order, int priority, int result,
				    int retries, int max_retries, bool ret)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_RETRY_COMPACT, order << 1 | ret, priority << 8 | result,
						       retries, max_retries });
}

static void on_shadow_end(void *data, const struct shb_zone *z, u32 migrate, u32 free, int status)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_END, status });
}

static bool may_move(void *owners, unsigned long pfn, unsigned int order)
{
	return true;
}

static void on_shadow_move(void *owners, unsigned long from, unsigned long to, unsigned int order)
{
	trail_add(trails.shadow, (struct trail_entry){ TRAIL_MOVE, from, to });
}

static const struct shb_mover trail_mover = { .may_move = may_move, .moved = on_shadow_move };

/* On shadowbuddy's own tracepoints, which have the names of the kernel's. */
#define SHADOW_PROBE(event, function)	{ .name = #event, .probe = (function), .tp = &__tracepoint_##event }
static struct kernel_probe shadow_probes[] = {
	SHADOW_PROBE(mm_compaction_isolate_migratepages, on_shadow_sources),
	SHADOW_PROBE(mm_compaction_isolate_freepages, on_shadow_targets),
	SHADOW_PROBE(mm_compaction_fast_isolate_freepages, on_shadow_search),
	SHADOW_PROBE(mm_compaction_finished, on_shadow_finished),
	SHADOW_PROBE(mm_compaction_suitable, on_shadow_suitable),
	SHADOW_PROBE(mm_compaction_deferred, on_shadow_deferred),
	SHADOW_PROBE(mm_compaction_defer_compaction, on_shadow_defer),
	SHADOW_PROBE(mm_compaction_defer_reset, on_shadow_reset),
	SHADOW_PROBE(mm_page_pcpu_drain, on_shadow_drain),
	SHADOW_PROBE(mm_compaction_try_to_compact_pages, on_shadow_try),
	SHADOW_PROBE(reclaim_retry_zone, on_shadow_retry_reclaim),
	SHADOW_PROBE(compact_retry, on_shadow_retry_compact),
	SHADOW_PROBE(mm_compaction_end, on_shadow_end),
	{ }
};

/* --- both -------------------------------------------------------------------------------------- */

/* What the snapshot does not say: pages in use that are one. */
static void shape_compounds(struct lockstep *l)
{
	unsigned long irq;
	struct page *page;
	u32 i, len;

	for (i = 0; i < l->real.nr_frames; i += len) {
		page = pfn_to_online_page(l->real.start_pfn + i);
		len = 1;
		if (!page || !PageHead(page))
			continue;
		len = 1U << compound_order(page);
		raw_spin_lock_irqsave(&l->z->lock, irq);
		shb_place_shape(l->z, i, compound_order(page));
		raw_spin_unlock_irqrestore(&l->z->lock, irq);
	}
}

static void say_entry(struct lockstep *l, const char *who, const struct trail *t, u32 k)
{
	const struct trail_entry *e = &t->list[k];

	if (k >= t->nr)
		say(l->r, "  %s %u: nothing\n", who, k);
	else
		say(l->r, "  %s %u: %s %ld %ld, %lu scanned, %lu taken\n", who, k, trail_names[e->kind],
		    e->a - l->real.start_pfn, e->b - l->real.start_pfn, e->scanned, e->taken);
}

/* Return: 0, or -EUCLEAN and said. */
static int compare_trails(struct lockstep *l, const struct trail *real, const struct trail *shadow)
{
	u32 k, nr = max(real->nr, shadow->nr), shown;

	if (nr > real->room) {
		say(l->r, "compaction did %u things, expected at most %u\n", nr, real->room);
		return -EUCLEAN;
	}
	for (k = 0; k < nr; k++)
		if (memcmp(&real->list[k], &shadow->list[k], sizeof(*real->list)))
			break;
	if (k == nr)
		return 0;
	l->done = k;
	say(l->r, "compaction of the kernel and of the shadow differ (indices from the start of the zone):\n");
	for (shown = k > 4 ? k - 4 : 0; shown < k + 4 && shown < nr; shown++) {
		say_entry(l, "kernel", real, shown);
		say_entry(l, "shadow", shadow, shown);
	}
	return -EUCLEAN;
}

static void forget(struct trail *t)
{
	memset(t->list, 0, min(t->nr, t->room) * sizeof(*t->list));
	t->nr = 0;
}

/* Each side does it and is listened to. Return: 0, or -errno of one. */
static int follow_both(struct lockstep *l, struct trail *real, struct trail *shadow,
		       int (*as_kernel)(struct lockstep *l, void *arg),
		       int (*as_shadow)(struct lockstep *l, void *arg), void *arg)
{
	int err;

	forget(real);
	forget(shadow);
	WRITE_ONCE(trails.real, real);
	err = as_kernel(l, arg);
	WRITE_ONCE(trails.real, NULL);
	trails.shadow = shadow;
	err = err ?: as_shadow(l, arg);
	trails.shadow = NULL;
	return err;
}

static int compact_node_as_kernel(struct lockstep *l, void *arg)
{
	return write_compact(l);
}

static int compact_node_as_shadow(struct lockstep *l, void *arg)
{
	return shb_compact_node(l->s, l->nid, &trail_mover, raw_smp_processor_id());
}

#include "direct.c"
#include "waiting.c"

static int compact_both(struct lockstep *l, struct trail *real, struct trail *shadow)
{
	struct op end = { };
	int err = follow_both(l, real, shadow, compact_node_as_kernel, compact_node_as_shadow, NULL);

	if (!err && l->tamper)
		shadow->list[0].scanned++;
	if (!err && l->disturb)
		disturb(l);
	if (!err && atomic_long_read(&foreign.events))
		return -EBUSY;
	err = err ?: compare_trails(l, real, shadow) ?: compare_all(l, &end) ?: compare_hints(l);
	l->done = real->moved;
	return err;
}

/* Listening to both sides. */
static int run_with_trails(struct lockstep *l, struct trail *real, struct trail *shadow)
{
	int err = listen_to_kernel();

	if (err)
		return err;
	err = probes_register(shadow_probes);
	if (!err) {
		err = l->sc->for_request ? serve_requests(l, real, shadow) : compact_both(l, real, shadow);
		probes_stop(shadow_probes, NULL);
	}
	leave_kernel();
	return err;
}

/* Frees go to the lists of one cpu on both sides, so the task stays on it. */
static int run_compaction(struct lockstep *l)
{
	u32 room = l->real.nr_frames * 2;
	struct trail real = { .list = vzalloc(room * sizeof(*real.list)), .room = room };
	struct trail shadow = { .list = vzalloc(room * sizeof(*shadow.list)), .room = room };
	int err = -ENOMEM;

	if (real.list && shadow.list) {
		set_cpus_allowed_ptr(current, cpumask_of(raw_smp_processor_id()));
		leave_lru_batches();
		shape_compounds(l);
		trails.driver = current;
		import_hints(l);
		err = run_with_trails(l, &real, &shadow);
		set_cpus_allowed_ptr(current, cpu_possible_mask);
	}
	vfree(real.list);
	vfree(shadow.list);
	return err;
}

/* --- what does not move ------------------------------------------------------------------------ */

static struct held obstacles[4096];
static u32 nr_obstacles;

static void free_obstacles(void)
{
	while (nr_obstacles) {
		nr_obstacles--;
		__free_pages(obstacles[nr_obstacles].page, obstacles[nr_obstacles].order);
	}
}

/**
 * lockstep_obstacles() - the kernel's own blocks among the pages of processes
 * @text: "node=N seed=N count=N": so many more; 0: free all of them
 * @r: report, out
 *
 * Return: 0 or -EINVAL. Less than were asked for when there is no memory.
 */
static int lockstep_obstacles(char *text, struct report *r)
{
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE };
	struct rnd_state rnd;
	u64 seed;
	u32 count, draw;
	int nid;

	if (sscanf(text, "node=%d seed=%llu count=%u", &nid, &seed, &count) != 3 || nid < 0 ||
	    nid >= MAX_NUMNODES || !node_online(nid)) {
		say(r, "expected node=N seed=N count=N\n");
		return -EINVAL;
	}
	if (!count)
		free_obstacles();
	prandom_seed_state(&rnd, seed);
	while (count-- && nr_obstacles < ARRAY_SIZE(obstacles)) {
		struct held *h = &obstacles[nr_obstacles];

		draw = prandom_u32_state(&rnd);
		h->order = draw % 16 < 12 ? 0 : draw % 16 - 11;
		h->page = alloc_pages_node(nid, __GFP_THISNODE | __GFP_NOWARN | __GFP_COMP |
					   types[draw / 16 % ARRAY_SIZE(types)], h->order);
		nr_obstacles += !!h->page;
	}
	return 0;
}
