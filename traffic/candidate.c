// SPDX-License-Identifier: GPL-2.0-only
/*
 * A state that serves the kernel's requests in its own way. A map leads from each page the
 * kernel has out to the page that stands for it here:
 *
 *     kernel      |  7 |  8 |  9 | ..           a free of kernel page 8 frees page 301 here,
 *     candidate   | 300| 301|  - | ..           and takes its block apart if it must
 *
 * It begins as the image of the machine, so that each page in use stands for itself. The pages
 * of one block of the kernel lie side by side here, too, until the kernel migrates some of them:
 * then they stay where they are, under a new name.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "drain.h"
#include "host.h"
#include "place.h"
#include "request.h"
#include "serve.h"
#include "traffic/candidate.h"
#include "watermark.h"
#include "zonelist.h"

#define NO_PAGE		(~0U)	/* the kernel has it out or not; nothing stands for it here */

/* The pages the state's zones span. */
static void find_span(struct shb_candidate *c)
{
	c->base = c->s->map.base << SHB_GRANULE_ORDER;
	c->nr = c->s->map.nr << SHB_GRANULE_ORDER;
}

/* What is in use stands for itself. */
static void map_zone(struct shb_candidate *c, const struct shb_zone *z)
{
	u32 i, k, len;

	for (i = 0; i < z->extent.nr_frames; i += len) {
		const struct shb_frame *f = &z->frames[i];

		len = 1U << f->order;
		for (k = 0; f->state == SHB_FRAME_USED && k < len; k++)
			c->map[shb_pfn_of(z, i + k) - c->base] = shb_pfn_of(z, i + k);
	}
}

/**
 * shb_candidate_init() - a candidate that begins as the image of the machine
 * @c: out
 * @s: state with the kernel's lists in it, of which the candidate is the only user
 * @name: cut to what fits
 *
 * Four bytes for each page of the span of all zones.
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int shb_candidate_init(struct shb_candidate *c, struct shb_state *s, const char *name)
{
	struct shb_zone *z;
	int n;

	*c = (struct shb_candidate){ .s = s };
	strscpy(c->name, name, sizeof(c->name));
	find_span(c);
	c->map = s->host->alloc(c->nr * sizeof(*c->map), -1);
	if (!c->map)
		return -ENOMEM;
	memset(c->map, 0xff, c->nr * sizeof(*c->map));
	shb_for_each_zone(s, z, n)
		map_zone(c, z);
	return 0;
}

/**
 * shb_candidate_exit() - free the map; the state is the caller's
 */
void shb_candidate_exit(struct shb_candidate *c)
{
	c->s->host->free(c->map);
	c->map = NULL;
}

static void name_block(struct shb_candidate *c, unsigned long pfn, int order, unsigned long here)
{
	u32 *map = c->map + (pfn - c->base), k;

	for (k = 0; k < 1U << order; k++)
		map[k] = here == SHB_NO_PFN ? NO_PAGE : here + k;
}

/**
 * shb_record_request() - what somebody asked the kernel for, as a request
 * @order: of what is to be found
 */
struct shb_request shb_record_request(const struct shb_state *s, const struct shb_record *r,
				      int order)
{
	struct shb_request q = {
		.gfp = r->arg, .order = order, .cpu = r->cpu < s->topo.nr_cpus ? r->cpu : 0,
		.nid = r->node < s->topo.nr_nodes ? r->node : 0,
	};

	if (r->context & SHB_IN_MEMALLOC)
		q.by |= SHB_BY_MEMALLOC;
	if (r->context & SHB_IN_REALTIME)
		q.by |= SHB_BY_REALTIME;
	if (r->context & SHB_IN_OOM_VICTIM)
		q.by |= SHB_BY_OOM_VICTIM;
	return q;
}

/* Whatever the marks say, as a task that frees memory for others would get it. */
static unsigned long serve_beyond(struct shb_candidate *c, struct shb_request q)
{
	q.gfp |= __GFP_MEMALLOC | __GFP_HIGH;
	q.gfp &= ~__GFP_NOMEMALLOC;
	/* Where a release does not even look without it. */
	if (c->s->rules.slow->thisnode_fails_at_once)
		q.gfp |= __GFP_DIRECT_RECLAIM;
	return shb_serve(c->s, q, NULL);
}

/* Pages enough for the marks, somewhere: then it is a block that is missing. */
static bool has_pages(const struct shb_state *s, const struct shb_request *q)
{
	int highest = shb_gfp_highest(s, q->gfp);
	struct shb_zone **pos;

	if (highest >= SHB_NR_KINDS)
		return false;
	pos = shb_zonelist_first(shb_zonelist_of(s, q->nid, q->gfp), highest, NULL);
	for (; *pos; pos = shb_zonelist_next(pos, highest, NULL))
		if (shb_watermark_ok(*pos, 0, shb_watermark(*pos, SHB_WMARK_MIN) + (1UL << q->order),
				     highest, 0, READ_ONCE((*pos)->buddy.free_pages)))
			return true;
	return false;
}

/* What the kernel would have done before it gives up. */
static void count_below_min(struct shb_candidate *c, const struct shb_request *q)
{
	c->counts[SHB_CAND_BELOW_MIN]++;
	if (q->gfp & __GFP_DIRECT_RECLAIM)
		c->counts[q->order && has_pages(c->s, q) ? SHB_CAND_COMPACT : SHB_CAND_RECLAIM]++;
}

/**
 * shb_candidate_alloc() - the kernel handed a block out: so does the candidate
 * @r: who asked for what
 * @pfn: first page of the kernel's block
 * @order: of what is to be found for it
 *
 * What it would have had to reclaim for is served beyond the marks and counted: reclaim's pages
 * come with the kernel's frees, later than it would have freed them.
 *
 * Context: nobody else uses the candidate.
 */
void shb_candidate_alloc(struct shb_candidate *c, const struct shb_record *r, unsigned long pfn,
			 int order)
{
	struct shb_request q = shb_record_request(c->s, r, order);
	unsigned long here = shb_serve(c->s, q, NULL);

	c->counts[SHB_CAND_REQUESTS]++;
	if (unlikely(here == SHB_NO_PFN)) {
		count_below_min(c, &q);
		here = serve_beyond(c, q);
		if (here == SHB_NO_PFN)
			c->counts[SHB_CAND_UNPLACED] += 1UL << order;
		else
			c->counts[SHB_CAND_BEYOND]++;
	}
	name_block(c, pfn, order, here);
	if (here != SHB_NO_PFN && (q.gfp & __GFP_MOVABLE))
		shb_set_movable(c->s, here, order, true);
}

/**
 * shb_candidate_hold() - the kernel took pages for its own compaction: nothing happens here
 */
void shb_candidate_hold(struct shb_candidate *c, unsigned long pfn, int order)
{
	name_block(c, pfn, order, SHB_NO_PFN);
}

/* The largest block of the kernel's at @pfn, up to @order, that is one here, too. */
static int common_order(const struct shb_candidate *c, unsigned long pfn, int order)
{
	const u32 *map = c->map + (pfn - c->base);
	u32 here = map[0], k;

	while (order > 0) {
		if (!(here & ((1U << order) - 1))) {
			for (k = 1; k < 1U << order && map[k] == here + k; k++)
				;
			if (k == 1U << order)
				break;
		}
		order--;
	}
	return order;
}

static void free_here(struct shb_candidate *c, unsigned long pfn, int order, int cpu)
{
	struct shb_zone *z;
	unsigned long irq;
	bool shaped = true;
	u32 i = 0;

	z = shb_zone_of(c->s, pfn, &i);
	if (unlikely(!shb_is_used_block(z, i, order))) {
		raw_spin_lock_irqsave(&z->lock, irq);
		shaped = shb_place_shape(z, i, order);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	if (!shaped || shb_give_back(c->s, pfn, order, cpu, 0, false) != SHB_FREE_OK)
		c->counts[SHB_CAND_REFUSED] += 1UL << order;
}

/**
 * shb_candidate_free() - the kernel got a block back, or a part of one: so does the candidate
 * @r: who freed
 * @pfn: first page of the kernel's block
 *
 * As one block, where the pages that stand for it are one or can be cut or joined to one;
 * otherwise in as large pieces as there are.
 *
 * Context: as shb_candidate_alloc().
 */
void shb_candidate_free(struct shb_candidate *c, const struct shb_record *r, unsigned long pfn,
			int order)
{
	unsigned long end = pfn + (1UL << order);
	int cpu = r->cpu < c->s->topo.nr_cpus ? r->cpu : 0, part;
	u32 here;

	while (pfn < end) {
		here = c->map[pfn - c->base];
		part = 0;
		if (here != NO_PAGE) {
			part = common_order(c, pfn, min_t(int, order, __ffs(pfn | 1UL << SHB_MAX_ORDER)));
			free_here(c, here, part, cpu);
		}
		name_block(c, pfn, part, SHB_NO_PFN);
		pfn += 1UL << part;
	}
}

/**
 * shb_candidate_fail() - a request failed in the kernel: would it here?
 */
void shb_candidate_fail(struct shb_candidate *c, const struct shb_record *r)
{
	struct shb_request q = shb_record_request(c->s, r, r->order);
	unsigned long here = shb_serve(c->s, q, NULL);

	if (here == SHB_NO_PFN)
		return;
	c->counts[SHB_CAND_WOULD_SERVE]++;
	shb_give_back(c->s, here, r->order, q.cpu, 0, false);
}

/**
 * shb_candidate_rename() - the kernel migrated a block
 * @to: where its contents are now
 * @from: where they were
 *
 * What stands for it stays where it is. What was found for the target stands for the source
 * now and goes when the source does.
 */
void shb_candidate_rename(struct shb_candidate *c, unsigned long to, unsigned long from, int order)
{
	u32 *x = c->map + (to - c->base), *y = c->map + (from - c->base), k;

	for (k = 0; k < 1U << order; k++)
		swap(x[k], y[k]);
	c->counts[SHB_CAND_RENAMED] += 1UL << order;
}

/**
 * shb_end_boosts() - kswapd has worked for all boosts of the marks; a candidate's has nothing to do
 */
void shb_end_boosts(struct shb_state *s)
{
	struct shb_zone *z;
	unsigned long irq;
	int n;

	shb_for_each_zone(s, z, n) {
		if (!z->marks.boost)
			continue;
		raw_spin_lock_irqsave(&z->lock, irq);
		z->marks.boost = 0;
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
}

/**
 * shb_candidate_tick() - a second has passed on the kernel's machine
 *
 * The tick of the per-cpu lists, and the end of boosts.
 *
 * Context: as shb_candidate_alloc(); process context.
 */
void shb_candidate_tick(struct shb_candidate *c)
{
	shb_drain_tick(c->s);
	shb_end_boosts(c->s);
}
