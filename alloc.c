// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs. One allocation from request to page:
 *
 *   gfp, order, node
 *     -> request: highest zone, type, flags               shb_request_init()
 *     -> each zone of the list:
 *          watermark gate                                  zone_admits()
 *          pcp: pop, refill when empty                     take_from_pcp()
 *          buddy: smallest fit, split, fall back           take_from_buddy()
 *     -> nothing: again at MIN with the reserves           slowpath()
 *
 * Memory is never reclaimed or compacted: a request that Linux would reclaim for
 * fails here and is counted (SHB_NEED_RECLAIM). cpusets, dirty limits and node
 * reclaim are not modelled.
 *
 * Lock order: pcp (owned), then zone->lock, with interrupts off. Never two zones at
 * once. A free or an allocation may come from process, softirq or hard irq context.
 */
#include <linux/oom.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

#include "alloc.h"
#include "fast.h"
#include "fallback.h"
#include "names.h"
#include "owners.h"
#include "pcp.h"
#include "quarantine.h"
#include "trace.h"
#include "watermark.h"
#include "zonelist.h"
#include "zones.h"

/* --- statistics ------------------------------------------------------------------------- */

/* A request was served by the zone itself. */
static void count_zone_alloc(struct shb_state *s, struct shb_zone *z, struct shb_zone *preferred,
			     int cpu, int order)
{
	struct shb_pcp *pcp = &z->pcps[cpu];

	if (likely(shb_pcp_own(pcp))) {
		shb_count_alloc(s, pcp, z, preferred, cpu, order);
		shb_pcp_disown(pcp);
		return;
	}
	atomic_long_add(1L << order, &z->irq_events[SHB_PGALLOC]);
	if (!s->tune.numa_stat)
		return;
	if (z->nid != preferred->nid)
		shb_count_events(preferred, cpu, SHB_NUMA_FOREIGN, 1);
	atomic_long_inc(&z->irq_events[z->nid == preferred->nid ? SHB_NUMA_HIT : SHB_NUMA_MISS]);
	atomic_long_inc(&z->irq_events[pcp->local_event]);
}

/**
 * shb_zone_events() - value of an event counter of a zone
 * @z: zone
 * @event: event
 *
 * Context: any; a racy sum over the cpus.
 * Return: the count since the state was built.
 */
u64 shb_zone_events(const struct shb_zone *z, enum shb_event event)
{
	u64 sum = atomic_long_read(&z->irq_events[event]);
	int cpu;

	for (cpu = 0; cpu < z->state->topo.nr_cpus; cpu++)
		sum += READ_ONCE(z->pcps[cpu].events[event]);
	return sum;
}

/**
 * shb_count_interleave() - an interleaved allocation got the node it was meant for
 * @s: state
 * @pfn: page it got
 * @cpu: this cpu
 */
void shb_count_interleave(struct shb_state *s, unsigned long pfn, int cpu)
{
	struct shb_zone *z;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	if (z && s->tune.numa_stat)
		shb_count_events(z, cpu, SHB_NUMA_INTERLEAVE, 1);
}

/* --- request ---------------------------------------------------------------------------- */

/*
 * alloc_flags_nofragment(): keep small blocks of other types alone as long as
 * another local zone can serve.
 */
static unsigned int nofragment(const struct shb_state *s, const struct shb_request *r)
{
	const struct shb_zone *z = *r->preferred;

	if (s->policy->defrag_mode && READ_ONCE(s->tune.defrag_mode))
		return SHB_ALLOC_NOFRAGMENT;
	if (!z || z->kind != SHB_NORMAL || !(s->kinds & BIT(SHB_DMA32)))
		return 0;
	if (s->online_nodes > 1 && !s->nodes[z->nid].zones[SHB_DMA32])
		return 0;
	return SHB_ALLOC_NOFRAGMENT;
}

/**
 * shb_request_init() - work out what a gfp mask asks for
 * @s: state
 * @r: request, out
 * @gfp: gfp mask; the task's NOIO, NOFS and PIN contexts are applied
 * @order: 0 .. SHB_MAX_ORDER
 * @nid: preferred node
 * @nodemask: allowed nodes, or NULL for all
 * @cpu: cpu whose lists are used; the caller stays on it
 *
 * prepare_alloc_pages(), gfp_zone() and gfp_migratetype() of every release.
 *
 * Context: any.
 * Return: false when the mask or the order is not valid; one line says so.
 */
bool shb_request_init(const struct shb_state *s, struct shb_request *r, gfp_t gfp, int order,
		      int nid, const nodemask_t *nodemask, int cpu)
{
	const struct shb_zonelist *list;

	if (unlikely(order < 0 || order > SHB_MAX_ORDER)) {
		if (!(gfp & __GFP_NOWARN))
			pr_warn_once("order %d: the largest block has order %d\n", order,
				     SHB_MAX_ORDER);
		return false;
	}
	gfp = current_gfp_context(gfp);
	r->gfp = gfp;
	r->order = order;
	r->nid = nid;
	r->cpu = cpu;
	r->nodemask = nodemask;
	r->owner = 0;
	r->type = shb_gfp_type(gfp);
	r->highest = shb_gfp_highest(s, gfp);
	if (unlikely(r->highest >= SHB_NR_KINDS)) {
		pr_warn_once("gfp %#x: zone or mobility bits exclude each other\n",
			     (__force unsigned int)gfp);
		return false;
	}
	list = shb_zonelist_of(s, nid, gfp);
	r->preferred = shb_zonelist_first(list, r->highest, nodemask);
	r->flags = SHB_WMARK_LOW | shb_cma_flag(r->type);
	return true;
}

/* --- one zone --------------------------------------------------------------------------- */

static void wake_kswapd(struct shb_state *s, enum shb_state_event why)
{
	atomic_long_inc(&s->events[SHB_KSWAPD_WAKE]);
	if (why != SHB_KSWAPD_WAKE)
		atomic_long_inc(&s->events[why]);
}

/* A fallback raised the watermarks: the next request that may wakes kswapd. */
static inline void answer_boost(struct shb_state *s, struct shb_zone *z, unsigned int flags)
{
	if (likely(!test_bit(SHB_ZONE_BOOSTED, &z->flags)))
		return;
	if (s->policy->boost_needs_kswapd && !(flags & SHB_ALLOC_KSWAPD))
		return;
	clear_bit(SHB_ZONE_BOOSTED, &z->flags);
	wake_kswapd(s, SHB_BOOST_WAKE);
}

/* A block from a per-cpu list that has broken pages, and is gone now. */
static inline bool unfit(struct shb_zone *z, u32 i, int order)
{
	unsigned long irq;
	bool gone;

	if (likely(!test_bit(SHB_ZONE_POISONED, &z->flags)))
		return false;
	raw_spin_lock_irqsave(&z->lock, irq);
	gone = shb_quarantine_sift(z, i, order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return gone;
}

static inline u32 take_from_pcp(struct shb_state *s, struct shb_request *r, struct shb_zone *z,
				unsigned int flags)
{
	struct shb_pcp *pcp = &z->pcps[r->cpu];
	u32 i;

	if (unlikely(!shb_pcp_own(pcp))) {
		atomic_long_inc(&z->irq_events[SHB_PCP_BUSY]);
		return SHB_NONE;
	}
	shb_pcp_begin_alloc(pcp);
	do {
		i = shb_pcp_pop(z, pcp, r->order, r->type, flags);
	} while (i != SHB_NONE && unfit(z, i, r->order));
	if (likely(i != SHB_NONE))
		shb_count_alloc(s, pcp, z, *r->preferred, r->cpu, r->order);
	shb_pcp_disown(pcp);
	return i;
}

static u32 take_from_buddy(struct shb_state *s, struct shb_request *r, struct shb_zone *z,
			   unsigned int flags)
{
	unsigned long irq;
	u32 i;

	raw_spin_lock_irqsave(&z->lock, irq);
	do {
		i = shb_fallback_rmqueue(z, r->order, r->type, flags);
	} while (i != SHB_NONE && shb_quarantine_sift(z, i, r->order));
	if (i != SHB_NONE && (flags & SHB_ALLOC_HIGHATOMIC) && !s->policy->highatomic_on_pcp)
		shb_highatomic_reserve(z, i, r->order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (i == SHB_NONE)
		return i;
	count_zone_alloc(s, z, *r->preferred, r->cpu, r->order);
	return i;
}

/* rmqueue(), then the reserve for profiles that keep it on any success. */
static inline unsigned long take_from_zone(struct shb_state *s, struct shb_request *r,
					   struct shb_zone *z, unsigned int flags)
{
	unsigned long irq;
	u32 i = SHB_NONE;

	if (likely(shb_order_on_pcp(r->order)))
		i = take_from_pcp(s, r, z, flags);
	if (unlikely(i == SHB_NONE))
		i = take_from_buddy(s, r, z, flags);
	answer_boost(s, z, flags);
	if (unlikely(i == SHB_NONE))
		return SHB_NO_PFN;
	if (unlikely(flags & SHB_ALLOC_HIGHATOMIC) && s->policy->highatomic_on_pcp) {
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_highatomic_reserve(z, i, r->order);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	z->frames[i].owner = r->owner;
	return shb_pfn_of(z, i);
}

static bool passes(struct shb_zone *z, const struct shb_request *r, unsigned int flags, int wmark)
{
	bool ok = shb_watermark_fast(z, r, flags, wmark);

	if (unlikely(!ok))
		trace_watermark_fail(r->order, wmark, READ_ONCE(z->nr_free),
				     shb_watermark(z, wmark), z->lowmem_reserve[r->highest],
				     z->nid, z->kind);
	return ok;
}

/*
 * The gate. Since 6.12 a zone above its high mark needs no other test; one that
 * is not gets BELOW_HIGH, which the pcp rules look at.
 */
static inline bool zone_admits(struct shb_state *s, struct shb_request *r, struct shb_zone *z,
			       unsigned int flags)
{
	if (s->policy->high_mark_first && !test_bit(SHB_ZONE_BELOW_HIGH, &z->flags)) {
		if (likely(passes(z, r, flags, SHB_WMARK_HIGH)))
			return true;
		set_bit(SHB_ZONE_BELOW_HIGH, &z->flags);
	}
	return passes(z, r, flags, flags & SHB_ALLOC_WMARK_MASK) ||
	       (flags & SHB_ALLOC_NO_WATERMARKS);
}

/* --- the zonelist ------------------------------------------------------------------------ */

/*
 * get_page_from_freelist(). NOFRAGMENT holds as long as the scan is on the
 * preferred node; before it goes remote, or gives up, it starts over without.
 * 7.2 asks nodes whose kswapd runs only when no other has a page.
 */
static unsigned long take_from_list(struct shb_state *s, struct shb_request *r,
				    unsigned int flags)
{
	bool defrag = s->policy->defrag_mode && READ_ONCE(s->tune.defrag_mode);
	bool skip_busy = s->policy->skips_busy_nodes && s->online_nodes > 1, skipped = false;
	struct shb_zone **pos, *first = *r->preferred;
	unsigned long pfn;

retry:
	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		struct shb_zone *z = *pos;

		if ((flags & SHB_ALLOC_NOFRAGMENT) && !defrag && s->online_nodes > 1 &&
		    z->nid != first->nid) {
			flags &= ~SHB_ALLOC_NOFRAGMENT;
			goto retry;
		}
		if (skip_busy && test_bit(SHB_ZONE_KSWAPD_RUNS, &z->flags)) {
			skipped = true;
			continue;
		}
		if (!zone_admits(s, r, z, flags))
			continue;
		pfn = take_from_zone(s, r, z, flags);
		if (likely(pfn != SHB_NO_PFN))
			return pfn;
	}
	if (skip_busy && skipped) {
		skip_busy = false;
		goto retry;
	}
	if ((flags & SHB_ALLOC_NOFRAGMENT) && !defrag) {
		flags &= ~SHB_ALLOC_NOFRAGMENT;
		goto retry;
	}
	return SHB_NO_PFN;
}

/* --- slow path --------------------------------------------------------------------------- */

/* gfp_to_alloc_flags(): what the request may do below LOW. */
static unsigned int slow_flags(const struct shb_state *s, const struct shb_request *r)
{
	unsigned int flags = SHB_WMARK_MIN | SHB_ALLOC_CPUSET | shb_cma_flag(r->type);
	gfp_t gfp = r->gfp;

	if (gfp & __GFP_HIGH)
		flags |= SHB_ALLOC_MIN_RESERVE;
	if (gfp & __GFP_KSWAPD_RECLAIM)
		flags |= SHB_ALLOC_KSWAPD;
	if (!(gfp & __GFP_DIRECT_RECLAIM)) {
		if (!(gfp & __GFP_NOMEMALLOC)) {
			flags |= SHB_ALLOC_NON_BLOCK;
			if (r->order && (flags & SHB_ALLOC_MIN_RESERVE))
				flags |= SHB_ALLOC_HIGHATOMIC;
		}
		if (flags & SHB_ALLOC_MIN_RESERVE)
			flags &= ~SHB_ALLOC_CPUSET;
	} else if (in_task() && current->prio < MAX_RT_PRIO) {
		flags |= SHB_ALLOC_MIN_RESERVE;
	}
	if (s->policy->defrag_mode && READ_ONCE(s->tune.defrag_mode))
		flags |= SHB_ALLOC_NOFRAGMENT;
	return flags;
}

/* __gfp_pfmemalloc_flags(): tasks that free memory may have all of it. */
static unsigned int reserve_flags(gfp_t gfp)
{
	if (gfp & __GFP_NOMEMALLOC)
		return 0;
	if (gfp & __GFP_MEMALLOC)
		return SHB_ALLOC_NO_WATERMARKS;
	if (in_serving_softirq() && (current->flags & PF_MEMALLOC))
		return SHB_ALLOC_NO_WATERMARKS;
	if (in_task()) {
		if (current->flags & PF_MEMALLOC)
			return SHB_ALLOC_NO_WATERMARKS;
		if (tsk_is_oom_victim(current))
			return SHB_ALLOC_OOM;
	}
	return 0;
}

static void wake_all_kswapds(struct shb_state *s, struct shb_request *r)
{
	struct shb_zone **pos;
	int last = -1;

	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		if ((*pos)->nid != last)
			wake_kswapd(s, SHB_KSWAPD_WAKE);
		last = (*pos)->nid;
	}
}

/* The reserve is the last memory there is before Linux would call the OOM killer. */
static bool unreserve(struct shb_state *s, struct shb_request *r)
{
	struct shb_zone **pos;
	unsigned long irq;
	bool done = false;

	if (r->order > SHB_COSTLY_ORDER || (r->gfp & __GFP_NORETRY))
		return false;
	for (pos = r->preferred; *pos && !done;
	     pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		struct shb_zone *z = *pos;

		raw_spin_lock_irqsave(&z->lock, irq);
		done = shb_highatomic_unreserve(z, r->type, true);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	return done;
}

static void drop_nodemask(struct shb_state *s, struct shb_request *r)
{
	r->nodemask = NULL;
	r->preferred = shb_zonelist_first(shb_zonelist_of(s, r->nid, r->gfp), r->highest, NULL);
}

/* What Linux tries when it may wait and nothing can be reclaimed. */
static unsigned long last_resorts(struct shb_state *s, struct shb_request *r, unsigned int flags)
{
	unsigned long pfn = SHB_NO_PFN;

	if (unreserve(s, r))
		pfn = take_from_list(s, r, flags);
	if (pfn == SHB_NO_PFN && (r->gfp & __GFP_NOFAIL))
		pfn = take_from_list(s, r, SHB_WMARK_MIN | SHB_ALLOC_MIN_RESERVE);
	if (pfn == SHB_NO_PFN)
		atomic_long_inc(&s->events[SHB_NEED_RECLAIM]);
	return pfn;
}

/*
 * __alloc_pages_slowpath() without reclaim, compaction and OOM: MIN with what the
 * flags grant, then the reserves, then nothing. Up to 6.12 the second attempt is made
 * even when nothing changed; it leaves marks on the per-cpu lists and the boost.
 */
static unsigned long slowpath(struct shb_state *s, struct shb_request *r)
{
	unsigned int flags = slow_flags(s, r), reserve = reserve_flags(r->gfp);
	unsigned long pfn;
	bool adjusted;

	atomic_long_inc(&s->events[SHB_SLOWPATH]);
	if (flags & SHB_ALLOC_KSWAPD)
		wake_all_kswapds(s, r);
	pfn = take_from_list(s, r, flags);
	if (pfn != SHB_NO_PFN)
		return pfn;
	if (reserve)
		flags = reserve | (flags & SHB_ALLOC_KSWAPD) | shb_cma_flag(r->type);
	adjusted = reserve || !(flags & SHB_ALLOC_CPUSET);
	if (adjusted)
		drop_nodemask(s, r);
	if (adjusted || s->policy->second_look)
		pfn = take_from_list(s, r, flags);
	if (pfn == SHB_NO_PFN && (flags & SHB_ALLOC_NOFRAGMENT) && (r->gfp & __GFP_RECLAIM)) {
		flags &= ~SHB_ALLOC_NOFRAGMENT;
		pfn = take_from_list(s, r, flags);
	}
	if (pfn == SHB_NO_PFN && (r->gfp & __GFP_DIRECT_RECLAIM))
		pfn = last_resorts(s, r, flags);
	return pfn;
}

/**
 * shb_trace_alloc() - the mm_page_alloc event of one request
 * @s: state
 * @pfn: what it got
 * @order: order
 * @gfp: gfp mask
 *
 * Context: any; apart from the hot path, which only tests whether the event is on.
 */
void shb_trace_alloc(const struct shb_state *s, unsigned long pfn, int order, gfp_t gfp)
{
	struct shb_zone *z = NULL;
	u32 i;

	if (pfn != SHB_NO_PFN)
		z = shb_zone_of(s, pfn, &i);
	trace_mm_page_alloc(pfn, order, gfp, shb_gfp_type(gfp), z ? z->nid : -1,
			    z ? z->kind : -1);
}

/**
 * shb_alloc() - serve one request
 * @s: state
 * @r: request from shb_request_init(); used up by the call
 *
 * __alloc_pages(): a first attempt at LOW, then the slow path.
 *
 * Context: preemption off, on cpu r->cpu of a live state. Never sleeps.
 * Return: first pfn of the block, or SHB_NO_PFN.
 */
unsigned long shb_alloc(struct shb_state *s, struct shb_request *r)
{
	unsigned long pfn = SHB_NO_PFN;

	if (likely(*r->preferred)) {
		unsigned int flags = r->flags | nofragment(s, r);

		if (r->gfp & __GFP_KSWAPD_RECLAIM)
			flags |= SHB_ALLOC_KSWAPD;
		pfn = take_from_list(s, r, flags);
		if (unlikely(pfn == SHB_NO_PFN))
			pfn = slowpath(s, r);
	}
	if (unlikely(pfn == SHB_NO_PFN))
		atomic_long_inc(&s->events[SHB_ALLOC_FAIL]);
	if (trace_mm_page_alloc_enabled())
		shb_trace_alloc(s, pfn, r->order, r->gfp);
	return pfn;
}

/* A zone of the preferred node that stays above LOW with all pages of the bulk gone. */
static struct shb_zone *bulk_zone(struct shb_request *r, int nr)
{
	struct shb_zone **pos, *first = *r->preferred;

	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		struct shb_zone *z = *pos;

		if (z->nid != first->nid)
			return NULL;
		if (shb_watermark_above(z, shb_watermark(z, SHB_WMARK_LOW) + nr, first->kind,
					r->flags))
			return z;
	}
	return NULL;
}

/* Pop as many as the lists and their refills give, under one ownership. */
static int bulk_from_pcp(struct shb_state *s, struct shb_request *r, struct shb_zone *z, int nr,
			 unsigned long *pfns)
{
	struct shb_pcp *pcp = &z->pcps[r->cpu];
	int got = 0;
	u32 i;

	if (!shb_pcp_own(pcp))
		return 0;
	while (got < nr) {
		i = shb_pcp_pop(z, pcp, 0, r->type, r->flags);
		if (i == SHB_NONE)
			break;
		if (unfit(z, i, 0))
			continue;
		z->frames[i].owner = r->owner;
		pfns[got++] = shb_pfn_of(z, i);
	}
	pcp->events[SHB_PGALLOC] += got;
	if (got)
		shb_count_numa(s, pcp, z, *r->preferred, r->cpu, got);
	shb_pcp_disown(pcp);
	return got;
}

/**
 * shb_alloc_bulk() - several order-0 pages at once
 * @s: state
 * @r: request of order 0
 * @nr: how many
 * @pfns: room for @nr, out
 *
 * alloc_pages_bulk(): from the pcp of one local zone; when there is none, or for
 * one page, a single ordinary allocation. No mm_page_alloc event for pcp pages.
 *
 * Context: as shb_alloc().
 * Return: pages obtained; fewer than @nr is no error.
 */
int shb_alloc_bulk(struct shb_state *s, struct shb_request *r, int nr, unsigned long *pfns)
{
	struct shb_zone *z;
	int got;

	if (nr <= 0 || !*r->preferred)
		return 0;
	z = nr > 1 ? bulk_zone(r, nr) : NULL;
	if (z) {
		got = bulk_from_pcp(s, r, z, nr, pfns);
		if (got)
			return got;
	}
	pfns[0] = shb_alloc(s, r);
	return pfns[0] != SHB_NO_PFN;
}

/* --- free --------------------------------------------------------------------------------- */

/* The head of the block around a frame, its own if it is one. */
static const struct shb_frame *covering_block(const struct shb_zone *z, u32 i)
{
	int order;

	for (order = 0; order < SHB_MAX_ORDER; order++)
		if (READ_ONCE(z->frames[i & ~((1U << order) - 1)].state) != SHB_FRAME_INSIDE)
			break;
	return &z->frames[i & ~((1U << order) - 1)];
}

static enum shb_bad_free diagnose(const struct shb_zone *z, u32 i)
{
	const struct shb_frame *f = &z->frames[i];
	const struct shb_frame *head;

	switch (READ_ONCE(f->state)) {
	case SHB_FRAME_USED:
		return SHB_FREE_ORDER;
	case SHB_FRAME_INSIDE:
		head = covering_block(z, i);
		return READ_ONCE(head->state) == SHB_FRAME_USED ? SHB_FREE_MIDDLE : SHB_FREE_DOUBLE;
	default:
		return SHB_FREE_DOUBLE;
	}
}

static const char *const state_text[] = {
	[SHB_FRAME_INSIDE] = "inside a block", [SHB_FRAME_FREE] = "free",
	[SHB_FRAME_PCP] = "on a per-cpu list", [SHB_FRAME_USED] = "handed out",
	[SHB_FRAME_HELD] = "held by a reference", [SHB_FRAME_POISONED] = "poisoned",
	[SHB_FRAME_LOST] = "lost to the kernel",
};

static const char *const bad_free_text[] = {
	[SHB_FREE_FOREIGN] = "not a page of shadowbuddy",
	[SHB_FREE_DOUBLE]  = "it is free already",
	[SHB_FREE_ORDER]   = "the block has another order",
	[SHB_FREE_MIDDLE]  = "it lies inside a block",
};

static enum shb_bad_free refuse(struct shb_state *s, struct shb_zone *z, u32 i,
				unsigned long pfn, int order)
{
	enum shb_bad_free why = z ? diagnose(z, i) : SHB_FREE_FOREIGN;
	const struct shb_frame *f;

	atomic_long_inc(&s->events[SHB_BAD_FREE]);
	if (!z) {
		pr_err_ratelimited("refused to free pfn %#lx order %d: %s\n", pfn, order,
				   bad_free_text[why]);
		return why;
	}
	f = covering_block(z, i);
	pr_err_ratelimited("refused to free pfn %#lx order %d: %s (block pfn %#lx order %d, %s, pageblock %s, last touched by %pS)\n",
			   pfn, order, bad_free_text[why], shb_pfn_of(z, f - z->frames), f->order,
			   state_text[f->state], shb_type_name(shb_block_type(z, i)),
			   shb_owner_address(f->owner));
	return why;
}

/* Under the lock it shows whether another free of the block came first. */
static bool free_to_buddy(struct shb_zone *z, u32 i, int order, int cpu, int fpi)
{
	unsigned long irq;
	bool used;

	raw_spin_lock_irqsave(&z->lock, irq);
	used = shb_is_used_block(z, i, order);
	if (likely(used))
		shb_zone_free(z, i, order, shb_block_type(z, i), fpi);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (likely(used))
		shb_count_events(z, cpu, SHB_PGFREE, 1L << order);
	return used;
}

/* As in __free_pages(), the first page speaks for the block. */
static bool is_shared(const struct shb_state *s, unsigned long pfn)
{
	return s->pages && s->pages->count(pfn) != 1;
}

static bool free_held(struct shb_state *s, struct shb_zone *z, u32 i, int order, int cpu)
{
	if (!shb_quarantine_hold(z, i, order))
		return false;
	atomic_long_inc(&s->events[SHB_HELD_FREE]);
	shb_count_events(z, cpu, SHB_PGFREE, 1L << order);
	return true;
}

static enum shb_bad_free free_block(struct shb_state *s, unsigned long pfn, int order, int cpu,
				    u32 owner, bool batched)
{
	struct shb_zone *z;
	int type;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	if (unlikely(!z || !shb_is_used_block(z, i, order)))
		return refuse(s, z, i, pfn, order);
	trace_mm_page_free(pfn, order, z->nid, z->kind);
	z->frames[i].owner = owner;
	if (unlikely(is_shared(s, pfn)))
		return free_held(s, z, i, order, cpu) ? SHB_FREE_OK : refuse(s, z, i, pfn, order);
	type = shb_block_type(z, i);
	if (likely(shb_order_on_pcp(order) && type != SHB_ISOLATE)) {
		if (batched)
			trace_mm_page_free_batched(pfn, order, z->nid, z->kind);
		if (likely(shb_free_to_pcp(z, i, order, type, cpu)))
			return SHB_FREE_OK;
		atomic_long_inc(&z->irq_events[SHB_PCP_BUSY]);
	}
	if (likely(free_to_buddy(z, i, order, cpu, SHB_FPI_NONE)))
		return SHB_FREE_OK;
	return refuse(s, z, i, pfn, order);
}

/**
 * shb_free() - free one block
 * @s: state
 * @pfn: first page
 * @order: order it was allocated with
 * @cpu: this cpu
 * @owner: caller, for reports
 *
 * A block that is not exactly one handed-out block of this order is refused: it is
 * counted, reported, and nothing changes. A block whose first page somebody else holds
 * a reference on is kept from others until that is gone. One load of the frame tells. Two frees
 * of the same block at the same instant on two cpus are not told apart where it goes to
 * a per-cpu list.
 *
 * Context: any but NMI; preemption off on cpu @cpu of a live state.
 * Return: SHB_FREE_OK or why not.
 */
enum shb_bad_free shb_free(struct shb_state *s, unsigned long pfn, int order, int cpu, u32 owner)
{
	return free_block(s, pfn, order, cpu, owner, false);
}

/**
 * shb_free_batched() - free one block of a list
 *
 * As shb_free(), with the mm_page_free_batched event of the kernel's list frees.
 * @s: state
 * @pfn: first page
 * @order: order it was allocated with
 * @cpu: this cpu
 * @owner: caller, for reports
 *
 * Return: SHB_FREE_OK or why not.
 */
enum shb_bad_free shb_free_batched(struct shb_state *s, unsigned long pfn, int order, int cpu,
				   u32 owner)
{
	return free_block(s, pfn, order, cpu, owner, true);
}

/**
 * shb_free_to_tail() - free one page to the tail of the buddy, past the pcp
 * @s: state
 * @pfn: page
 * @cpu: this cpu
 * @owner: caller, for reports
 *
 * The surplus of an exact allocation goes this way (make_alloc_exact()).
 *
 * Return: SHB_FREE_OK or why not.
 */
enum shb_bad_free shb_free_to_tail(struct shb_state *s, unsigned long pfn, int cpu, u32 owner)
{
	struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	if (!z || !shb_is_used_block(z, i, 0))
		return refuse(s, z, i, pfn, 0);
	trace_mm_page_free(pfn, 0, z->nid, z->kind);
	z->frames[i].owner = owner;
	if (is_shared(s, pfn) ? free_held(s, z, i, 0, cpu) :
				free_to_buddy(z, i, 0, cpu, SHB_FPI_TO_TAIL))
		return SHB_FREE_OK;
	return refuse(s, z, i, pfn, 0);
}

/**
 * shb_free_check() - would a free of this block be accepted?
 * @s: state
 * @pfn: first page
 * @order: order
 *
 * Return: SHB_FREE_OK or why not; nothing is counted or printed.
 */
enum shb_bad_free shb_free_check(const struct shb_state *s, unsigned long pfn, int order)
{
	struct shb_zone *z;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	if (!z)
		return SHB_FREE_FOREIGN;
	return shb_is_used_block(z, i, order) ? SHB_FREE_OK : diagnose(z, i);
}

/**
 * shb_block_state() - what is going on with the block around a page
 * @s: state
 * @pfn: page of the state
 *
 * Return: enum shb_frame_state; a racy look unless nobody uses the zone.
 */
int shb_block_state(const struct shb_state *s, unsigned long pfn)
{
	const struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(s, pfn, &i);
	return READ_ONCE(covering_block(z, i)->state);
}

/**
 * shb_split() - turn a handed-out block into order-0 pages
 * @s: state
 * @pfn: first page
 * @order: order it was allocated with
 *
 * split_page(): each page is freed on its own from now on.
 *
 * Context: any; takes the zone lock.
 * Return: 0, or -EINVAL when this is not a handed-out block of @order.
 */
int shb_split(struct shb_state *s, unsigned long pfn, int order)
{
	struct shb_zone *z;
	unsigned long irq;
	u32 i, k;

	z = shb_zone_of(s, pfn, &i);
	if (!z || !shb_is_used_block(z, i, order))
		return -EINVAL;
	raw_spin_lock_irqsave(&z->lock, irq);
	if (!shb_is_used_block(z, i, order)) {
		raw_spin_unlock_irqrestore(&z->lock, irq);
		return -EINVAL;
	}
	z->generation++;
	for (k = 1U << order; k-- > 0;) {
		struct shb_frame *f = &z->frames[i + k];
		u8 flags = z->frames[i].flags;

		shb_frame_set(f, 0, z->frames[i].type, SHB_FRAME_USED);
		f->flags = flags;
		f->owner = z->frames[i].owner;
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return 0;
}

/**
 * shb_set_movable() - say whether a block's pages count as movable
 * @s: state
 * @pfn: first page of a handed-out block
 * @order: its order
 * @movable: they do, as pages on an LRU list would
 *
 * Claims look at this. The mark goes with the block when it is freed.
 *
 * Return: 0, or -EINVAL when this is not a handed-out block of @order.
 */
int shb_set_movable(struct shb_state *s, unsigned long pfn, int order, bool movable)
{
	struct shb_zone *z;
	unsigned long irq;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	if (!z || !shb_is_used_block(z, i, order))
		return -EINVAL;
	raw_spin_lock_irqsave(&z->lock, irq);
	z->frames[i].flags = movable ? SHB_FRAME_MOVABLE : 0;
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return 0;
}
