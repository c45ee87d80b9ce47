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
	const struct trail *real_trail;		/* of the kernel's side */
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

static int compare_hint(struct lockstep *l, const char *name, long real, long shadow)
{
	if (real == shadow)
		return 0;
	say(l->r, "hints: %s %ld against %ld\n", name, real, shadow);
	return -EUCLEAN;
}

static int compare_skip_bits(struct lockstep *l)
{
	u32 block;

	for (block = 0; block < l->real.nr_frames >> SHB_PAGEBLOCK_ORDER; block++)
		if (compare_hint(l, "a skip bit", real_skip(l, block), test_bit(block, l->z->hints.skip))) {
			say(l->r, "  of pageblock %u\n", block);
			return -EUCLEAN;
		}
	return 0;
}

static int compare_hints(struct lockstep *l)
{
	const struct shb_hints real = real_hints(l), *shadow = &l->z->hints;

	return compare_hint(l, "async migrate position", real.migrate[0], shadow->migrate[0]) ?:
	       compare_hint(l, "sync migrate position", real.migrate[1], shadow->migrate[1]) ?:
	       compare_hint(l, "free position", real.free, shadow->free) ?:
	       compare_hint(l, "first migrate position", real.first_migrate, shadow->first_migrate) ?:
	       compare_hint(l, "first free position", real.first_free, shadow->first_free) ?:
	       compare_hint(l, "flush", real.flush, shadow->flush) ?:
	       compare_hint(l, "considered", real.considered, shadow->considered) ?:
	       compare_hint(l, "shift", real.shift, shadow->shift) ?:
	       compare_hint(l, "order_failed", real.order_failed, shadow->order_failed) ?:
	       compare_skip_bits(l);
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
	down_read(&l->s->becoming);
	d->shadow = shb_compact_direct(l->s, &r, d->order, shb_cma_flag(d->type), d->prio, &trail_mover, &d->pfn);
	up_read(&l->s->becoming);
	return 0;
}

static int serve_both(struct lockstep *l, struct direct *d, struct trail *real, struct trail *shadow,
		      int (*as_kernel)(struct lockstep *l, void *arg),
		      int (*as_shadow)(struct lockstep *l, void *arg))
{
	struct op end = { };
	int err;

	d->real_trail = real;
	err = follow_both(l, real, shadow, as_kernel, as_shadow, d);
	if (err)
		return err;
	if (l->tamper && real->nr)
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
		say(l->r, "  of a request of order %d, %s, priority %d, gfp %#x\n", d->order, shb_type_name(d->type),
		    d->prio, (__force unsigned int)d->gfp);
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
