// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenario slowpath: requests that may wait, on a node full of memory that moves and cannot be
 * reclaimed. The kernel's own alloc_pages() goes all the way through its slow path; so does the
 * shadow, with the same progress of reclaim. Each stage is compared: compactions with all they do,
 * reclaim, the questions whether to go on.
 *
 * Also the loop of compact-direct, which differs in what is called.
 */

/* --- the slow path ----------------------------------------------------------------------------- */

static int wait_as_kernel(struct lockstep *l, void *arg)
{
	struct direct *d = arg;

	WRITE_ONCE(foreign.driver, current);
	d->page = alloc_pages_node(l->nid, d->gfp, d->order);
	WRITE_ONCE(foreign.driver, NULL);
	return 0;
}

/* What the kernel's reclaim brought, time after time; its LRU lists are not here. */
struct replay {
	const struct trail	*real;
	u32			at;
};

static unsigned long replay_reclaim(void *arg, const struct shb_request *r, int order)
{
	struct replay *p = arg;

	trail_add(trails.shadow, (struct trail_entry){ TRAIL_RECLAIM, order });
	while (p->at < p->real->nr && p->real->list[p->at].kind != TRAIL_RECLAIMED)
		p->at++;
	if (p->at == p->real->nr)
		return 0;
	trail_add(trails.shadow, p->real->list[p->at]);
	return p->real->list[p->at++].a;
}

static int wait_as_shadow(struct lockstep *l, void *arg)
{
	struct direct *d = arg;
	struct replay replay = { .real = d->real_trail };
	const struct shb_relief relief = { .mover = &trail_mover, .reclaim = replay_reclaim, .arg = &replay };
	const struct shb_request r = {
		.gfp = d->gfp, .order = d->order, .nid = l->nid, .cpu = raw_smp_processor_id(),
	};

	d->pfn = shb_alloc_waiting(l->s, &r, &relief);
	return 0;
}

static gfp_t waiting_gfp(struct lockstep *l, int type)
{
	static const gfp_t insistence[] = { 0, 0, __GFP_NORETRY, __GFP_RETRY_MAYFAIL, __GFP_RETRY_MAYFAIL };
	gfp_t gfp = direct_gfp(l, type) | insistence[below(l, ARRAY_SIZE(insistence))];

	if (!below(l, 4))
		gfp |= __GFP_HIGH;
	if (!below(l, 8))
		gfp |= __GFP_NOMEMALLOC;
	if (!below(l, 8))
		gfp &= ~(__GFP_IO | __GFP_FS);
	else if (!below(l, 8))
		gfp &= ~__GFP_FS;
	return gfp;
}

static int serve_waiting(struct lockstep *l, struct direct *d, struct trail *real, struct trail *shadow)
{
	int err = serve_both(l, d, real, shadow, wait_as_kernel, wait_as_shadow);

	if (d->page)
		hold(l, d->page, d->order);
	d->page = NULL;
	return err;
}

/* --- many -------------------------------------------------------------------------------------- */

static int serve_compaction(struct lockstep *l, struct direct *d, struct trail *real, struct trail *shadow)
{
	int err = serve_both(l, d, real, shadow, compact_as_kernel, compact_as_shadow);

	if (err && d->page)
		__free_pages(d->page, d->order);
	return err ?: give_captured(l, d);
}

/* Some of one kind in a row: each finds what the one before has left. */
static int serve_some(struct lockstep *l, struct trail *real, struct trail *shadow, u32 *results)
{
	const bool waits = l->sc->for_request == SLOWPATH;
	struct direct d = {
		.order = draw(l, l->sc->orders, SHB_NR_ORDERS), .type = draw(l, l->sc->types, SHB_PCPTYPES),
		.prio = below(l, 3),
	};
	int err = free_down_to(l, below(l, 3) ? below(l, nr_held(l) + 1) : 0), k;

	d.gfp = waits ? waiting_gfp(l, d.type) : direct_gfp(l, d.type);
	for (k = 0; k < 3 && !err; k++) {
		err = take_all(l, d.order, d.type);
		if (!err)
			err = waits ? serve_waiting(l, &d, real, shadow) : serve_compaction(l, &d, real, shadow);
		results[d.pfn == SHB_NO_PFN ? min_t(u32, d.real, SHB_COMPACT_SUCCESS) : SHB_COMPACT_SUCCESS + 1]++;
	}
	return err;
}

static int serve_requests(struct lockstep *l, struct trail *real, struct trail *shadow)
{
	u32 results[SHB_COMPACT_SUCCESS + 2] = { };
	int err = 0;
	u64 n;

	compact_function = find_function("try_to_compact_pages");
	if (!compact_function)
		return -ENOENT;
	for (n = 0; n < l->ops && !err; n++) {
		err = serve_some(l, real, shadow, results);
		cond_resched();
	}
	if (l->sc->for_request == SLOWPATH)
		say(l->r, "  of %llu requests: %u served, stalls %ld, compactions %ld (%ld in vain)\n", n * 3,
		    results[SHB_COMPACT_SUCCESS + 1], count(l, SHB_STALL), count(l, SHB_COMPACT_STALL),
		    count(l, SHB_COMPACT_FAIL));
	else
		say(l->r, "  of %llu requests: skipped %u, deferred %u, complete %u, partial %u, contended %u, success %u, captured %u\n",
		    n * 3, results[SHB_COMPACT_SKIPPED], results[SHB_COMPACT_DEFERRED], results[SHB_COMPACT_COMPLETE],
		    results[SHB_COMPACT_PARTIAL_SKIPPED], results[SHB_COMPACT_CONTENDED],
		    results[SHB_COMPACT_SUCCESS], results[SHB_COMPACT_SUCCESS + 1]);
	err = err ?: free_down_to(l, 0);
	l->done = real->moved;
	return err;
}
