// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run: the same operations on the reference zone and on its shadow, and a complete
 * comparison after each.
 *
 *     import the zone as it is -> put all but a playground aside
 *       -> operations, filling and emptying in turns -> give everything back
 *
 * An operation is drawn from the scenario's weights with a seeded generator, so a seed
 * and a starting state make a run. Held blocks stand in a queue with room at both ends;
 * frees take the newest, the oldest, any, or all of one tag.
 */
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#define MAX_BULK	64
#define LOG_LENGTH	20
#define NR_TAGS		8

struct held {
	struct page	*page;
	u8		order;
	u8		tag;
	bool		movable;
};

enum op_kind { OP_ALLOC, OP_BULK, OP_FREE, OP_MARK, OP_DRAIN };
static const char *const op_names[] = { "alloc", "bulk", "free", "mark", "drain" };
static const char *const flavour_names[] = { "plain", "high", "nowait", "atomic", "memalloc",
					     "kswapd" };

/* For the report: what was done and what each side answered (index, or blocks of a bulk). */
struct op {
	u64	number;
	u8	kind, order, type, flavour;
	long	real, shadow;
};

enum free_order { NEWEST, OLDEST, ANY, NR_FREE_ORDERS };

struct lockstep {
	const struct scenario	*sc;
	struct zone		*zone;
	int			nid;
	struct shb_state	*s;
	struct shb_zone		*z;
	struct shb_snapshot	real, shadow;
	struct report		*r;
	struct rnd_state	rnd;
	u64			seed, ops, done;
	u64			disturb, tamper;	/* after so many operations; 0: never */

	struct held		*held;
	u32			first, last, room;	/* held[first .. last - 1] */
	struct held		*aside;
	u32			nr_aside;
	bool			filling;
	enum free_order		free_order;
	int			tag;			/* of new blocks */
	int			freeing_tag;		/* or -1 */
	struct op		log[LOG_LENGTH];
	unsigned long		max_boost, max_reserved;	/* seen in the kernel's zone */
};

static u32 below(struct lockstep *l, u32 n)
{
	return prandom_u32_state(&l->rnd) % n;
}

static int draw(struct lockstep *l, const u8 *weights, int nr)
{
	u32 sum = 0, at;
	int k;

	for (k = 0; k < nr; k++)
		sum += weights[k];
	at = below(l, sum);
	for (k = 0; at >= weights[k]; k++)
		at -= weights[k];
	return k;
}

/* --- one operation on both sides -------------------------------------------------------------- */

static gfp_t gfp_of(struct lockstep *l, int type, int flavour)
{
	static const gfp_t flavours[NR_FLAVOURS] = {
		[PLAIN]    = __GFP_NOMEMALLOC,
		[HIGH]     = __GFP_NOMEMALLOC | __GFP_HIGH,
		[NOWAIT]   = 0,
		[ATOMIC]   = GFP_ATOMIC & ~__GFP_KSWAPD_RECLAIM,
		[MEMALLOC] = __GFP_MEMALLOC,
		[KSWAPD]   = __GFP_NOMEMALLOC | __GFP_KSWAPD_RECLAIM,
	};
	gfp_t gfp = flavours[flavour] | __GFP_THISNODE | __GFP_NOWARN;

	if (l->sc->for_request)		/* a scanner steps over compound pages only */
		gfp |= __GFP_COMP;
	if (type == SHB_MOVABLE)
		gfp |= __GFP_MOVABLE;
	if (type == SHB_RECLAIMABLE)
		gfp |= __GFP_RECLAIMABLE;
	if (l->z->kind == SHB_MOVABLE_ZONE)
		gfp |= __GFP_HIGHMEM;
	return gfp;
}

/* The operation begins: what this task does to the zone now is ours. */
static int begin(struct lockstep *l)
{
	calm_kswapd(l->zone);
	preempt_disable();
	WRITE_ONCE(foreign.driver, current);
	return smp_processor_id();
}

static void end(void)
{
	WRITE_ONCE(foreign.driver, NULL);
	preempt_enable();
}

static long index_of(struct lockstep *l, const struct page *page)
{
	return page ? (long)(page_to_pfn(page) - l->real.start_pfn) : -1;
}

static struct op *log_op(struct lockstep *l, int kind, int order, int type, int flavour)
{
	struct op *op = &l->log[l->done++ % LOG_LENGTH];

	*op = (struct op){ .number = l->done, .kind = kind, .order = order, .type = type,
			   .flavour = flavour };
	return op;
}

static void print_log(struct lockstep *l)
{
	u64 n = l->done > LOG_LENGTH ? l->done - LOG_LENGTH : 0;

	say(l->r, "last operations (index or number of pages: kernel, shadow):\n");
	for (; n < l->done; n++) {
		const struct op *op = &l->log[n % LOG_LENGTH];

		say(l->r, "  %llu %s order=%d type=%s %s: %ld, %ld\n", op->number,
		    op_names[op->kind], op->order, shb_type_name(op->type),
		    flavour_names[op->flavour], op->real, op->shadow);
	}
}

/* Everything, under the zone's locks. Somebody else's doing comes before a difference. */
static int compare_all(struct lockstep *l, const struct op *op)
{
	static char text[1024];
	int err;

	err = shb_import_take(&l->real, l->zone, NULL);
	l->max_boost = max_t(unsigned long, l->max_boost, l->real.number[SHB_N_BOOST]);
	l->max_reserved = max_t(unsigned long, l->max_reserved, l->real.number[SHB_N_RESERVED]);
	if (atomic_long_read(&foreign.events))
		return -EBUSY;
	if (err || shb_snapshot_take(l->z, &l->shadow)) {
		say(l->r, "a list leads out of the zone\n");
		return -EUCLEAN;
	}
	if (op->real != op->shadow)
		say(l->r, "the kernel answers %ld, the shadow %ld\n", op->real, op->shadow);
	if (shb_snapshot_diff(&l->real, &l->shadow, text, sizeof(text)))
		say(l->r, "kernel (first) against shadow (second): %s", text);
	else if (op->real == op->shadow)
		return 0;
	print_log(l);
	return -EUCLEAN;
}

static void hold(struct lockstep *l, struct page *page, int order)
{
	if (l->last == l->room) {
		memmove(l->held, l->held + l->first, (l->last - l->first) * sizeof(*l->held));
		l->last -= l->first;
		l->first = 0;
	}
	l->held[l->last++] = (struct held){ .page = page, .order = order, .tag = l->tag };
}

static unsigned long shadow_alloc(struct lockstep *l, gfp_t gfp, int order, int cpu)
{
	return shb_serve(l->s, (struct shb_request){
		.gfp = gfp, .order = order, .nid = l->nid, .cpu = cpu,
	}, NULL);
}

static int do_alloc(struct lockstep *l, int order, int type, int flavour, struct page **page)
{
	struct op *op = log_op(l, OP_ALLOC, order, type, flavour);
	gfp_t gfp = gfp_of(l, type, flavour);
	unsigned long pfn;
	int cpu = begin(l);

	*page = alloc_pages_node(l->nid, gfp, order);
	pfn = shadow_alloc(l, gfp, order, cpu);
	end();
	op->real = index_of(l, *page);
	op->shadow = pfn == SHB_NO_PFN ? -1 : (long)(pfn - l->real.start_pfn);
	return compare_all(l, op);
}

static int do_bulk(struct lockstep *l, int nr, int type)
{
	struct op *op = log_op(l, OP_BULK, 0, type, PLAIN);
	gfp_t gfp = gfp_of(l, type, PLAIN);
	struct page *pages[MAX_BULK] = { };
	unsigned long pfns[MAX_BULK];
	struct shb_request q = { .gfp = gfp, .nid = l->nid, .cpu = begin(l) };
	int k, same = 0;

	op->real = alloc_pages_bulk_node(gfp, l->nid, nr, pages);
	if (shb_request_init(l->s, &q))
		op->shadow = shb_alloc_bulk(l->s, &q, nr, pfns);
	end();
	for (k = 0; k < op->real; k++) {
		hold(l, pages[k], 0);
		same += k < op->shadow && page_to_pfn(pages[k]) == pfns[k];
	}
	if (op->real == op->shadow && same != op->real) {
		say(l->r, "a bulk of %ld pages, %d of them the same\n", op->real, same);
		op->shadow = -1;
	}
	return compare_all(l, op);
}

/* A page the kernel would move, as far as a claim can tell. The mark goes with the free. */
static void mark_pages(struct held *h, bool movable)
{
	int k;

	for (k = 0; k < 1 << h->order; k++) {
		if (movable)
			SetPageLRU(h->page + k);
		else
			ClearPageLRU(h->page + k);
	}
	h->movable = movable;
}

static int do_free(struct lockstep *l, struct held *h)
{
	struct op *op = log_op(l, OP_FREE, h->order, 0, PLAIN);
	unsigned long pfn = page_to_pfn(h->page);
	int cpu;

	if (h->movable)
		mark_pages(h, false);
	cpu = begin(l);
	__free_pages(h->page, h->order);
	op->real = op->shadow = pfn - l->real.start_pfn;
	if (shb_give_back(l->s, pfn, h->order, cpu, 0, false) != SHB_FREE_OK)
		op->shadow = -1;
	end();
	return compare_all(l, op);
}

static int do_mark(struct lockstep *l, struct held *h)
{
	struct op *op = log_op(l, OP_MARK, h->order, 0, PLAIN);

	mark_pages(h, !h->movable);
	op->real = index_of(l, h->page);
	op->shadow = shb_set_movable(l->s, page_to_pfn(h->page), h->order, h->movable) ?
		     -1 : op->real;
	return compare_all(l, op);
}

static int do_drain(struct lockstep *l)
{
	struct op *op = log_op(l, OP_DRAIN, 0, 0, PLAIN);

	WRITE_ONCE(foreign.driver, current);
	drain_all(l->zone);
	WRITE_ONCE(foreign.driver, NULL);
	shb_drain(l->s, SHB_EVERY_CPU, l->z);
	return compare_all(l, op);
}

/* --- what to do next -------------------------------------------------------------------------- */

static u32 nr_held(const struct lockstep *l)
{
	return l->last - l->first;
}

static int free_at(struct lockstep *l, u32 at)
{
	struct held h = l->held[at];

	if (at == l->first)
		l->first++;
	else
		l->held[at] = l->held[--l->last];
	return do_free(l, &h);
}

static int free_one(struct lockstep *l)
{
	u32 at;

	if (l->freeing_tag >= 0) {
		for (at = l->first; at < l->last; at++)
			if (l->held[at].tag == l->freeing_tag)
				return free_at(l, at);
		l->freeing_tag = -1;
	}
	switch (l->free_order) {
	case NEWEST:
		return free_at(l, l->last - 1);
	case OLDEST:
		return free_at(l, l->first);
	default:
		return free_at(l, l->first + below(l, nr_held(l)));
	}
}

static int alloc_one(struct lockstep *l)
{
	int flavour = draw(l, l->sc->flavours, NR_FLAVOURS);
	int order = draw(l, l->sc->orders, SHB_NR_ORDERS);
	int type = draw(l, l->sc->types, SHB_PCPTYPES), err;
	struct page *page;

	err = do_alloc(l, order, type, flavour, &page);
	if (page)
		hold(l, page, order);
	else if (!below(l, 4))
		l->filling = false;
	return err;
}

static void change_phase(struct lockstep *l)
{
	if (below(l, 600))
		return;
	l->filling = !l->filling;
	l->free_order = below(l, NR_FREE_ORDERS);
	l->tag = below(l, NR_TAGS);
	l->freeing_tag = below(l, 3) ? -1 : (int)below(l, NR_TAGS);
}

static int step(struct lockstep *l)
{
	const struct scenario *sc = l->sc;

	change_phase(l);
	if (!nr_held(l))
		l->filling = true;
	if (below(l, 1000) < sc->permille_drain)
		return do_drain(l);
	if (nr_held(l) && below(l, 100) < sc->mark)
		return do_mark(l, &l->held[l->first + below(l, nr_held(l))]);
	if (nr_held(l) && below(l, 4) == l->filling * 3)
		return free_one(l);
	if (nr_held(l) && !l->filling && below(l, 4))
		return free_one(l);
	if (nr_held(l) + MAX_BULK >= l->room)
		return free_one(l);
	if (below(l, 100) < sc->bulk)
		return do_bulk(l, 2 + below(l, MAX_BULK - 2), draw(l, sc->types, SHB_PCPTYPES));
	return alloc_one(l);
}

/* --- a run ------------------------------------------------------------------------------------ */

/* Largest blocks first, until only the playground is free. */
static int put_aside(struct lockstep *l)
{
	int order = SHB_MAX_ORDER, err;
	struct page *page;

	while (order >= 0 && l->nr_aside < l->room) {
		if (l->z->buddy.free_pages < (long)l->sc->play + (1L << order)) {
			order--;
			continue;
		}
		err = do_alloc(l, order, SHB_MOVABLE, PLAIN, &page);
		if (page)
			l->aside[l->nr_aside++] = (struct held){ .page = page, .order = order };
		else
			order--;
		if (err)
			return err;
	}
	return 0;
}

static int give_back(struct lockstep *l)
{
	int err = 0;

	l->freeing_tag = -1;
	l->free_order = ANY;
	while (!err && nr_held(l))
		err = free_one(l);
	while (!err && l->nr_aside)
		err = do_free(l, &l->aside[--l->nr_aside]);
	return err ?: do_drain(l);
}

/* After an end before time: the kernel gets its pages, whatever the shadow thinks. */
static void give_back_real(struct lockstep *l)
{
	struct held *h;

	for (h = l->held + l->first; h < l->held + l->last; h++) {
		if (h->movable)
			mark_pages(h, false);
		__free_pages(h->page, h->order);
	}
	while (l->nr_aside) {
		h = &l->aside[--l->nr_aside];
		__free_pages(h->page, h->order);
	}
}

/* Somebody else, on purpose: one page the shadow does not hear of. */
static void disturb(struct lockstep *l)
{
	struct page *page = alloc_pages_node(l->nid, gfp_of(l, SHB_MOVABLE, PLAIN), 0);

	if (page)
		__free_page(page);
}

static int run_operations(struct lockstep *l)
{
	int err = put_aside(l);

	while (!err && l->done < l->ops) {
		err = step(l);
		if (l->done == l->disturb)
			disturb(l);
		if (l->done == l->tamper)
			l->z->marks.boost++;
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return err ?: give_back(l);
}

static long count(const struct lockstep *l, enum shb_state_event event)
{
	return atomic_long_read(&l->s->events[event]);
}

#include "compaction.c"

/* A shadow state with one zone: the reference zone's, with its start and size. */
static struct shb_state *create_shadow(struct lockstep *l)
{
	u32 k, nr = l->real.nr_frames >> SHB_GRANULE_ORDER;
	unsigned long *pfns = kvmalloc_array(nr, sizeof(*pfns), GFP_KERNEL);
	struct shb_state *s = ERR_PTR(-ENOMEM);
	struct shb_topology topo;
	struct shb_plan_zone zone = {
		.nid = l->nid, .kind = kind_of(l->zone), .nr_granules = nr, .pfns = pfns,
	};
	bool exact;
	struct shb_plan plan = {
		.profile = shb_profile_for(init_utsname()->release, &exact),
		.format = &shb_format_running, .host = &shb_host_paper, .topo = &topo, .kinds = shb_topology_kinds(),
		.zones = &zone, .nr_zones = 1,
	};
	int err = shb_topology_read(&topo);

	if (!err && pfns) {
		for (k = 0; k < nr; k++)
			pfns[k] = l->real.start_pfn + ((unsigned long)k << SHB_GRANULE_ORDER);
		s = shb_state_create(&plan);
	}
	shb_topology_free(&topo);
	kvfree(pfns);
	return s;
}

static int import(struct lockstep *l)
{
	int err = shb_import_take(&l->real, l->zone, NULL);

	if (err)
		return err;
	shb_import_movable(&l->real, l->zone);
	return shb_snapshot_apply(&l->real, l->z);
}

static const struct scenario *find_scenario(const char *name)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(scenarios); k++)
		if (!strcmp(scenarios[k].name, name))
			return &scenarios[k];
	return NULL;
}

/* Words of a run; tunables go to the shadow. */
static int parse_run(struct lockstep *l, char *text, char *tunables, size_t size)
{
	char *word, *value;
	size_t n = 0;

	*tunables = '\0';
	while ((word = strsep(&text, " "))) {
		value = strchr(word, '=');
		if (!value)
			return -EINVAL;
		if (str_has_prefix(word, "scenario="))
			l->sc = find_scenario(value + 1);
		else if (sscanf(word, "node=%d", &l->nid) != 1 &&
			 sscanf(word, "seed=%llu", &l->seed) != 1 &&
			 sscanf(word, "ops=%llu", &l->ops) != 1 &&
			 sscanf(word, "disturb=%llu", &l->disturb) != 1 &&
			 sscanf(word, "tamper=%llu", &l->tamper) != 1)
			n += scnprintf(tunables + n, size - n, "%s%s", n ? " " : "", word);
	}
	return l->sc && l->ops ? 0 : -EINVAL;
}

static const char *verdict(int err)
{
	switch (err) {
	case 0:		return "identical";
	case -EBUSY:	return "disturbed";
	case -EUCLEAN:	return "different";
	default:	return "stopped";
	}
}

/* The verdict, and how much of the rules the run went through. */
static void conclude(struct lockstep *l, int err)
{
	u64 good = err && l->done ? l->done - 1 : l->done;

	if (atomic_long_read(&foreign.events))
		say(l->r, "  somebody else: %s %s%s a page of the zone\n", foreign.who,
		    foreign.interrupts ? "was interrupted by what " : "", foreign.what);
	say(l->r, "  went through: %lu splits, %lu merges, %ld fallbacks, %ld requests below LOW, %ld failed, boost up to %lu, %lu pages HighAtomic\n",
	    l->z->buddy.splits, l->z->buddy.merges, count(l, SHB_EXTFRAG), count(l, SHB_SLOWPATH),
	    count(l, SHB_ALLOC_FAIL), l->max_boost, l->max_reserved);
	say(l->r, "lockstep %s kernel=%s scenario=%s zone=%d/%s pages=%lu batch=%d seed=%llu ops=%llu identical=%llu foreign=%ld verdict=%s\n",
	    l->s->profile->name, init_utsname()->release, l->sc->name, l->nid,
	    shb_kind_name(l->z->kind), l->z->extent.managed, l->z->pcps[0].batch, l->seed, l->done, good,
	    atomic_long_read(&foreign.events), verdict(err));
	if (err == -EUCLEAN)
		say(l->r, "to repeat it: make lockstep KERNEL=%.*s SCENARIO=%s SEED=%llu OPS=%llu\n",
		    (int)strcspn(l->s->profile->name + 6, " "), l->s->profile->name + 6,
		    l->sc->name, l->seed, l->ops);
}

/* From here on the zone is watched, and exact. */
static int run_watched(struct lockstep *l, char *tunables)
{
	int threshold, err;

	prandom_seed_state(&l->rnd, l->seed);
	l->freeing_tag = -1;
	err = *tunables ? set_tunables(l->s, tunables) : 0;
	if (err)
		return err;
	rcu_barrier();		/* what waits to be freed, page tables of what was unmapped say */
	drain_lru();
	WRITE_ONCE(foreign.driver, NULL);
	atomic_long_set(&foreign.events, 0);
	WRITE_ONCE(foreign.zone, l->zone);
	threshold = set_threshold(l->zone, 0);
	park_kcompactd(l->zone);
	calm_kswapd(l->zone);
	err = import(l);
	if (!err)
		err = l->sc->compacts || l->sc->for_request ? run_compaction(l) : run_operations(l);
	WRITE_ONCE(foreign.zone, NULL);
	conclude(l, err);
	give_back_real(l);
	unpark_kcompactd(l->zone);
	set_threshold(l->zone, threshold);
	return err;
}

static int no_zone(struct report *r, int nid)
{
	say(r, "node %d: expected one populated zone, of a node plugged in after boot. QEMU: -m 1G,slots=4,maxmem=8G -numa node,nodeid=%d -object memory-backend-ram,id=h1,size=128M -device pc-dimm,id=d1,memdev=h1,node=%d; then write online_kernel to its /sys/devices/system/memory/memory*/state\n",
	    nid, nid, nid);
	return -ENODEV;
}

/**
 * lockstep_run() - one run
 * @text: "scenario=NAME node=N seed=N ops=N [disturb=N] [tamper=N] [TUNABLE=VALUE ..]"
 * @r: report, out
 *
 * Return: 0, -EBUSY for a disturbed run, -EUCLEAN for a difference, -ENODEV, -EINVAL.
 */
static int lockstep_run(char *text, struct report *r)
{
	struct lockstep *l = kvzalloc(sizeof(*l), GFP_KERNEL);
	char tunables[128];
	int err;

	if (!l)
		return -ENOMEM;
	l->r = r;
	err = parse_run(l, text, tunables, sizeof(tunables));
	if (err) {
		say(r, "expected scenario=NAME node=N seed=N ops=N [TUNABLE=VALUE ..]; names are in tools/lockstep/scenarios.h\n");
		goto free_run;
	}
	l->zone = reference_zone(l->nid);
	if (!l->zone || kind_of(l->zone) < 0) {
		err = no_zone(r, l->nid);
		goto free_run;
	}
	err = find_drains();
	if (err)
		goto free_run;
	l->room = zone_managed_pages(l->zone);
	l->held = kvcalloc(l->room, sizeof(*l->held), GFP_KERNEL);
	l->aside = kvcalloc(l->room, sizeof(*l->aside), GFP_KERNEL);
	err = l->held && l->aside ? 0 : -ENOMEM;
	err = shb_import_init(&l->real, l->zone) ?: err;
	err = shb_import_init(&l->shadow, l->zone) ?: err;
	if (err)
		goto free_tables;
	l->s = create_shadow(l);
	if (IS_ERR(l->s)) {
		err = PTR_ERR(l->s);
		goto free_tables;
	}
	l->z = l->s->zones[0];
	err = run_watched(l, tunables);
	shb_state_destroy(l->s);

free_tables:
	shb_snapshot_free(&l->shadow);
	shb_snapshot_free(&l->real);
	kvfree(l->aside);
	kvfree(l->held);
free_run:
	kvfree(l);
	return err;
}
