// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenario compact-direct: the kernel compacts for a request, then so does the shadow, for one request
 * after the other of drawn order, type and priority. What earlier runs left (skip bits, positions,
 * deferral) is read once, compared after each run with the rest, and part of what is reproduced.
 *
 * Before a run all blocks of the order are taken, or there would be nothing to do.
 */
#define MOST_TAKEN	2000

/* What the kernel's own callers hand over (struct alloc_context of mm/internal.h). */
struct context {
	struct zonelist	*zonelist;
	nodemask_t	*nodemask;
	struct zoneref	*preferred;
	int		migratetype;
	enum zone_type	highest;
	bool		spread_dirty_pages;
};

struct direct {
	gfp_t		gfp;
	int		order, type, prio;
	struct page	*page;			/* the kernel's side */
	unsigned long	pfn;			/* the shadow's */
	int		real, shadow;		/* results */
};

static shb_compact_function compact_function;

/* --- hints ------------------------------------------------------------------------------------- */

static bool real_skip(struct lockstep *l, u32 block)
{
	unsigned long pfn = l->real.start_pfn + ((unsigned long)block << SHB_PAGEBLOCK_ORDER);

	return shb_pageblock_word(l->zone, pfn) & BIT(3);	/* behind the three of the type */
}

static long position(struct lockstep *l, unsigned long pfn)
{
	return (long)pfn - (long)l->real.start_pfn;
}

static struct shb_hints real_hints(struct lockstep *l)
{
	const struct zone *zone = l->zone;

	return (struct shb_hints){
		.migrate = { position(l, zone->compact_cached_migrate_pfn[0]),
			     position(l, zone->compact_cached_migrate_pfn[1]) },
		.free = position(l, zone->compact_cached_free_pfn),
		.first_migrate = position(l, zone->compact_init_migrate_pfn),
		.first_free = position(l, zone->compact_init_free_pfn),
		.flush = zone->compact_blockskip_flush, .considered = zone->compact_considered,
		.shift = zone->compact_defer_shift, .order_failed = zone->compact_order_failed,
	};
}

static void import_hints(struct lockstep *l)
{
	unsigned long *skip = l->z->hints.skip;
	u32 block;

	l->z->hints = real_hints(l);
	l->z->hints.skip = skip;
	for (block = 0; block < l->real.nr_frames >> SHB_PAGEBLOCK_ORDER; block++)
		__assign_bit(block, skip, real_skip(l, block));
}

static int compare_hints(struct lockstep *l)
{
	const struct shb_hints real = real_hints(l), *shadow = &l->z->hints;
	int err = 0;
	u32 block;

#define COMPARE(field)										\
	if (real.field != shadow->field) {							\
		say(l->r, "hints: " #field " %ld against %ld\n", (long)real.field, (long)shadow->field);	\
		err = -EUCLEAN;									\
	}
	COMPARE(migrate[0]) COMPARE(migrate[1]) COMPARE(free) COMPARE(first_migrate) COMPARE(first_free)
	COMPARE(flush) COMPARE(considered) COMPARE(shift) COMPARE(order_failed)
#undef COMPARE
	for (block = 0; block < l->real.nr_frames >> SHB_PAGEBLOCK_ORDER; block++)
		if (real_skip(l, block) != test_bit(block, shadow->skip)) {
			say(l->r, "hints: skip bit of pageblock %u: %d against %d\n", block,
			    real_skip(l, block), test_bit(block, shadow->skip));
			err = -EUCLEAN;
		}
	return err;
}

/* --- one request ------------------------------------------------------------------------------- */

static int compact_as_kernel(struct lockstep *l, void *arg)
{
	struct direct *d = arg;
	struct context context = {
		.zonelist = &NODE_DATA(l->nid)->node_zonelists[ZONELIST_NOFALLBACK],
		.migratetype = d->type, .highest = gfp_zone(d->gfp),
	};
	struct shb_kernel_capture capture = { .migratetype = d->type, .order = d->order };

	WRITE_ONCE(foreign.driver, current);
	d->real = compact_function(d->gfp, d->order, shb_cma_flag(d->type), &context, d->prio,
				   shb_kernel_capture_begin(&capture));
	shb_kernel_capture_end();
	d->page = READ_ONCE(capture.page);
	drain_lru();			/* what moved counts as movable at once, as here */
	WRITE_ONCE(foreign.driver, NULL);
	if (d->page)
		set_page_count(d->page, 1);
	return 0;
}

static int compact_as_shadow(struct lockstep *l, void *arg)
{
	struct direct *d = arg;
	struct shb_request r = {
		.gfp = d->gfp, .order = d->order, .nid = l->nid, .cpu = raw_smp_processor_id(),
	};

	if (!shb_request_init(l->s, &r))
		return -EINVAL;
	d->shadow = shb_compact_direct(l->s, &r, d->order, shb_cma_flag(d->type), d->prio, &trail_mover, &d->pfn);
	return 0;
}

static int compact_for(struct lockstep *l, struct direct *d, struct trail *real, struct trail *shadow)
{
	struct op end = { };
	int err = follow_both(l, real, shadow, compact_as_kernel, compact_as_shadow, d);

	if (err)
		return err;
	if (l->tamper && real->moved)
		shadow->list[0].scanned++;
	if (atomic_long_read(&foreign.events))
		return -EBUSY;
	end.real = index_of(l, d->page);
	end.shadow = d->pfn == SHB_NO_PFN ? -1 : (long)(d->pfn - l->real.start_pfn);
	err = compare_trails(l, real, shadow) ?: compare_all(l, &end);
	if (!err && d->real != d->shadow) {
		say(l->r, "the kernel ends with %d, the shadow with %d\n", d->real, d->shadow);
		err = -EUCLEAN;
	}
	err = err ?: compare_hints(l);
	if (err == -EUCLEAN)
		say(l->r, "  of a request of order %d, %s, priority %d\n", d->order, shb_type_name(d->type), d->prio);
	return err;
}

/* --- many -------------------------------------------------------------------------------------- */

/* Compared as a whole in the end. */
static int take_all(struct lockstep *l, int order, int type)
{
	struct op last = { .kind = OP_ALLOC, .order = order, .type = type };
	gfp_t gfp = gfp_of(l, type, PLAIN);
	struct page *page;
	unsigned long pfn;
	int k, cpu;

	for (k = 0; k < MOST_TAKEN && last.real == last.shadow; k++) {
		cpu = begin(l);
		page = alloc_pages_node(l->nid, gfp, order);
		pfn = shadow_alloc(l, gfp, order, cpu);
		end();
		last.real = index_of(l, page);
		last.shadow = pfn == SHB_NO_PFN ? -1 : (long)(pfn - l->real.start_pfn);
		if (!page)
			break;
		hold(l, page, order);
		cond_resched();
	}
	return compare_all(l, &last);
}

/* Likewise. */
static int free_down_to(struct lockstep *l, u32 keep)
{
	struct op last = { .kind = OP_FREE };
	int cpu;

	while (nr_held(l) > keep && last.real == last.shadow) {
		u32 at = below(l, 2) ? l->last - 1 : l->first + below(l, nr_held(l));
		struct held h = l->held[at];

		l->held[at] = l->held[--l->last];
		cpu = begin(l);
		__free_pages(h.page, h.order);
		if (shb_give_back(l->s, page_to_pfn(h.page), h.order, cpu, 0, false) != SHB_FREE_OK)
			last.shadow = -1;
		end();
		cond_resched();
	}
	return compare_all(l, &last);
}

static gfp_t direct_gfp(struct lockstep *l, int type)
{
	return (gfp_of(l, type, PLAIN) & ~__GFP_NOMEMALLOC) | __GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_FS;
}

/* What was captured is no compound page, so nobody keeps it. */
static int give_captured(struct lockstep *l, struct direct *d)
{
	struct held h = { .page = d->page, .order = d->order };

	d->page = NULL;
	return h.page ? do_free(l, &h) : 0;
}

static int compact_for_requests(struct lockstep *l, struct trail *real, struct trail *shadow)
{
	u32 results[SHB_COMPACT_SUCCESS + 1] = { }, captured = 0;
	int err = 0, k;
	u64 n;

	compact_function = find_function("try_to_compact_pages");
	if (!compact_function)
		return -ENOENT;
	for (n = 0; n < l->ops && !err; n++) {
		struct direct d = {
			.order = draw(l, l->sc->orders, SHB_NR_ORDERS), .type = draw(l, l->sc->types, SHB_PCPTYPES),
			.prio = below(l, 3),
		};

		d.gfp = direct_gfp(l, d.type);
		err = free_down_to(l, below(l, 3) ? below(l, nr_held(l) + 1) : 0);
		for (k = 0; k < 3 && !err; k++) {
			err = take_all(l, d.order, d.type) ?: compact_for(l, &d, real, shadow);
			results[min_t(u32, d.real, SHB_COMPACT_SUCCESS)]++;
			captured += !!d.page;
			if (err && d.page)
				__free_pages(d.page, d.order);
			err = err ?: give_captured(l, &d);
		}
		cond_resched();
	}
	say(l->r, "  of %llu requests: skipped %u, deferred %u, complete %u, partial %u, contended %u, success %u (captured %u)\n",
	    n * 3, results[SHB_COMPACT_SKIPPED], results[SHB_COMPACT_DEFERRED], results[SHB_COMPACT_COMPLETE],
	    results[SHB_COMPACT_PARTIAL_SKIPPED], results[SHB_COMPACT_CONTENDED], results[SHB_COMPACT_SUCCESS], captured);
	err = err ?: free_down_to(l, 0);
	l->done = real->moved;
	return err;
}
