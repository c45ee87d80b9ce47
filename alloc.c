// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request, zone after zone:
 *
 *     each zone of the list: watermark gate                     zone_admits()
 *                            pcp: pop, refill when empty        take_from_pcp()
 *                            buddy: smallest fit, split, or
 *                            a block of another type            take_from_buddy()
 *     nothing:               again at MIN with the reserves     slowpath()
 *
 * Nothing here waits. A request for which Linux would reclaim or compact goes through
 * pressure/slowpath.c, which makes room and looks again, or fails here and is counted
 * (SHB_NEED_RECLAIM). cpusets, dirty limits and node reclaim are not modelled.
 *
 * Lock order: pcp (owned), then zone->lock, with interrupts off. Never two zones at
 * once. A request may come from process, softirq or hard irq context.
 */
#include "alloc.h"
#include "count.h"
#include "fail.h"
#include "fair.h"
#include "fallback.h"
#include "full.h"
#include "highatomic.h"
#include "own.h"
#include "pcp.h"
#include "quarantine.h"
#include "release.h"
#include "request.h"
#include "trace.h"
#include "watermark.h"
#include "zonelist.h"
#include "zones.h"

/* --- statistics ------------------------------------------------------------------------- */

/* A request was served by the zone itself. */
static __always_inline void count_zone_alloc(struct shb_state *s, struct shb_zone *z,
					     struct shb_zone *preferred, int cpu, int order)
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
 * shb_count_interleave() - an interleaved allocation got the node it was meant for
 * @pfn: page it got
 */
void shb_count_interleave(struct shb_state *s, unsigned long pfn, int cpu)
{
	struct shb_zone *z;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	if (z && s->tune.numa_stat)
		shb_count_events(z, cpu, SHB_NUMA_INTERLEAVE, 1);
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
	if (s->rules.gate->boost_needs_kswapd && !(flags & SHB_ALLOC_KSWAPD))
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

static __always_inline u32 take_from_pcp(struct shb_state *s, struct shb_request *r, struct shb_zone *z,
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
		if (unlikely(r->by & SHB_BY_COLD) && s->rules.pcp->cold_ends)
			i = shb_pcp_pop_cold(z, pcp, r->order, r->type, flags);
		else
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
		i = shb_fallback_rmqueue(z, r->order, r->type, flags, r->cpu);
	} while (i != SHB_NONE && shb_quarantine_sift(z, i, r->order));
	if (i != SHB_NONE && (flags & SHB_ALLOC_HIGHATOMIC) && !s->rules.pcp->serves_highatomic)
		shb_highatomic_reserve(z, i, r->order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (i == SHB_NONE)
		return i;
	count_zone_alloc(s, z, *r->preferred, r->cpu, r->order);
	return i;
}

/* Lists that are in use by what this interrupts had no chance to miss. */
static bool is_final_miss(const struct shb_state *s, const struct shb_request *r,
			  const struct shb_zone *z)
{
	return s->rules.pcp->miss_is_final && shb_order_on_pcp(&s->rules, r->order) &&
	       !READ_ONCE(z->pcps[r->cpu].busy);
}

/* rmqueue(), then the reserve for profiles that keep it on any success. */
static __always_inline unsigned long take_from_zone(struct shb_state *s, struct shb_request *r,
						   struct shb_zone *z, unsigned int flags)
{
	unsigned long irq;
	u32 i = SHB_NONE;

	if (likely(!r->order || (shb_order_may_be_on_pcp(r->order) && z->high_types)))
		i = take_from_pcp(s, r, z, flags);
	if (unlikely(i == SHB_NONE) && !is_final_miss(s, r, z))
		i = take_from_buddy(s, r, z, flags);
	answer_boost(s, z, flags);
	if (unlikely(i == SHB_NONE))
		return SHB_NO_PFN;
	if (unlikely(flags & SHB_ALLOC_HIGHATOMIC) && s->rules.pcp->serves_highatomic) {
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_highatomic_reserve(z, i, r->order);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	if (unlikely(z->fair))
		shb_fair_charge(z, r->order);
	z->frames[i].owner = r->owner;
	return shb_pfn_of(z, i);
}

static bool passes(struct shb_zone *z, const struct shb_request *r, unsigned int flags, int wmark)
{
	bool ok = shb_watermark_fast(z, r, flags, wmark);

	if (likely(ok))
		trace_watermark_ok(z, r->order, wmark, r->index, flags);
	else
		trace_watermark_fail(z, r->order, wmark, r->index, flags);
	return ok;
}

/*
 * The gate. Since 6.12 a zone above its high mark needs no other test; one that
 * is not gets BELOW_HIGH, which the pcp rules look at. While a machine boots, a zone below
 * its mark grows first.
 */
static inline bool zone_admits(struct shb_state *s, struct shb_request *r, struct shb_zone *z,
			       unsigned int flags)
{
	if (s->rules.gate->high_mark_first && !test_bit(SHB_ZONE_BELOW_HIGH, &z->flags)) {
		if (likely(passes(z, r, flags, SHB_WMARK_HIGH)))
			return true;
		set_bit(SHB_ZONE_BELOW_HIGH, &z->flags);
	}
	return passes(z, r, flags, flags & SHB_ALLOC_WMARK_MASK) ||
	       shb_release_grow(z, r->order) || (flags & SHB_ALLOC_NO_WATERMARKS);
}

/* While a machine boots, a zone that has no block grows until it has one. */
static __always_inline unsigned long take_or_grow(struct shb_state *s, struct shb_request *r,
						  struct shb_zone *z, unsigned int flags)
{
	unsigned long pfn;

	do {
		pfn = take_from_zone(s, r, z, flags);
	} while (unlikely(pfn == SHB_NO_PFN) && shb_release_grow(z, r->order));
	return pfn;
}

/* --- the zonelist ------------------------------------------------------------------------ */

/* vm.defrag_mode: NOFRAGMENT is not given up. */
static bool defrags(const struct shb_state *s)
{
	return s->rules.walk->defrag_mode && READ_ONCE(s->tune.defrag_mode);
}

/*
 * get_page_from_freelist(). NOFRAGMENT holds as long as the scan is on the
 * preferred node; before it goes remote, or gives up, it starts over without.
 * 7.2 asks nodes whose kswapd runs only when no other has a page.
 */
static unsigned long take_from_list(struct shb_state *s, struct shb_request *r,
				    unsigned int flags)
{
	bool skip_busy = s->rules.walk->skips_busy_nodes && s->online_nodes > 1, skipped = false;
	struct shb_zone **pos, *first = *r->preferred;
	unsigned long pfn;

retry:
	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		struct shb_zone *z = *pos;

		if ((flags & SHB_ALLOC_NOFRAGMENT) && s->online_nodes > 1 && z->nid != first->nid &&
		    !defrags(s)) {
			flags &= ~SHB_ALLOC_NOFRAGMENT;
			goto retry;
		}
		if (skip_busy && test_bit(SHB_ZONE_KSWAPD_RUNS, &z->flags)) {
			skipped = true;
			continue;
		}
		if (!zone_admits(s, r, z, flags))
			continue;
		pfn = take_or_grow(s, r, z, flags);
		if (likely(pfn != SHB_NO_PFN))
			return pfn;
	}
	if (skip_busy && skipped) {
		skip_busy = false;
		goto retry;
	}
	if ((flags & SHB_ALLOC_NOFRAGMENT) && !defrags(s)) {
		flags &= ~SHB_ALLOC_NOFRAGMENT;
		goto retry;
	}
	return SHB_NO_PFN;
}

/* One scan after the other: what each goes by. */
struct scan {
	unsigned int	flags;
	bool		fair;		/* zones of the preferred node that have had their turn are passed over */
	bool		passed_over;	/* and there was one */
	bool		below;		/* a zone was below its mark: full ones are passed over from there on */
	bool		thorough;	/* none is any more */
};

static unsigned long scan_once(struct shb_state *s, struct shb_request *r, struct scan *scan)
{
	struct shb_zone **pos, *first = *r->preferred;
	unsigned long pfn = SHB_NO_PFN;

	for (pos = r->preferred; *pos && pfn == SHB_NO_PFN;
	     pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		struct shb_zone *z = *pos;

		if (scan->below && !scan->thorough && shb_full_is(s, r, pos))
			continue;
		if (scan->fair && z->nid != first->nid)
			break;
		if (scan->fair && shb_fair_depleted(z)) {
			scan->passed_over = true;
			continue;
		}
		if (zone_admits(s, r, z, scan->flags))
			pfn = take_or_grow(s, r, z, scan->flags);
		else if (!scan->thorough)
			scan->below = s->online_nodes > 1 || scan->below;
		if (pfn == SHB_NO_PFN && scan->below && !scan->thorough)
			shb_full_note(s, r, pos);
	}
	return pfn;
}

/*
 * get_page_from_freelist() of 4.1, where zones take turns (ALLOC_FAIR) and full ones are remembered
 * (zlc_setup()): first those that have neither, then everybody.
 */
static noinline unsigned long take_in_turn(struct shb_state *s, struct shb_request *r, unsigned int flags,
					   bool fair)
{
	struct scan scan = { .flags = flags, .fair = fair };
	unsigned long pfn;
	bool again = true;

	do {
		pfn = scan_once(s, r, &scan);
		if (pfn != SHB_NO_PFN)
			return pfn;
		again = scan.fair && (scan.passed_over || s->online_nodes > 1);
		if (scan.fair && scan.passed_over)
			shb_fair_refill(s, *r->preferred);
		scan.fair = false;
		again = again || (scan.below && !scan.thorough);
		scan.thorough = scan.thorough || scan.below;
	} while (again);
	return SHB_NO_PFN;
}

static unsigned long take_in_order(struct shb_state *s, struct shb_request *r, unsigned int flags)
{
	return unlikely(s->rules.walk->fair) ? take_in_turn(s, r, flags, true) : take_from_list(s, r, flags);
}

/* A policy says whom to ask before the others. */
static noinline unsigned long take_from_first(struct shb_state *s, struct shb_request *r, unsigned int flags)
{
	struct shb_zone *first = shb_own_first(s, r);
	unsigned long pfn = SHB_NO_PFN;

	if (first && zone_admits(s, r, first, flags))
		pfn = take_from_zone(s, r, first, flags);
	return pfn == SHB_NO_PFN ? take_in_order(s, r, flags) : pfn;
}

/* --- slow path --------------------------------------------------------------------------- */

/**
 * shb_alloc_look() - one look at the lists
 * @flags: SHB_ALLOC_* to go by
 *
 * get_page_from_freelist() as the slow path calls it, where all zones are alike.
 *
 * Context: as shb_serve().
 * Return: first pfn of the block, or SHB_NO_PFN.
 */
unsigned long shb_alloc_look(struct shb_state *s, struct shb_request *r, unsigned int flags)
{
	return unlikely(s->rules.walk->zonelist_cache) ? take_in_turn(s, r, flags, false) :
							 take_from_list(s, r, flags);
}

/**
 * shb_alloc_wake_kswapds() - once for each node the request may use
 *
 * wake_all_kswapds(). Context: any.
 */
void shb_alloc_wake_kswapds(struct shb_state *s, struct shb_request *r)
{
	struct shb_zone **pos;
	int last = -1;

	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		if ((*pos)->nid != last || s->rules.slow->wakes_each_zone)
			wake_kswapd(s, SHB_KSWAPD_WAKE);
		last = (*pos)->nid;
	}
}

/**
 * shb_alloc_unreserve() - a pageblock of the HighAtomic reserve is anybody's again
 * @force: even where nothing else is left
 *
 * unreserve_highatomic_pageblock(). Context: any; takes zone locks, one at a time.
 * Return: there was one.
 */
bool shb_alloc_unreserve(struct shb_state *s, struct shb_request *r, bool force)
{
	struct shb_zone **pos;
	unsigned long irq;
	bool done = false;

	for (pos = r->preferred; *pos && !done;
	     pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		struct shb_zone *z = *pos;

		raw_spin_lock_irqsave(&z->lock, irq);
		done = shb_highatomic_unreserve(z, r->type, force);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	return done;
}

/* The reserve is the last memory there is before Linux would call the OOM killer. */
static bool unreserve(struct shb_state *s, struct shb_request *r)
{
	if (r->order > SHB_COSTLY_ORDER || (r->gfp & __GFP_NORETRY) ||
	    s->rules.buddy->third_type_reserve)
		return false;
	return shb_alloc_unreserve(s, r, true);
}

static void drop_nodemask(struct shb_state *s, struct shb_request *r)
{
	r->nodemask = NULL;
	shb_request_prefer(s, r);
}

static void go_home(struct shb_state *s, struct shb_request *r)
{
	r->nid = s->topo.cpu_node[r->cpu];
	shb_request_prefer(s, r);
}

/* What Linux tries when it may wait and nothing can be reclaimed. */
static unsigned long last_resorts(struct shb_state *s, struct shb_request *r, unsigned int flags)
{
	unsigned long pfn = SHB_NO_PFN;

	if (unreserve(s, r))
		pfn = shb_alloc_look(s, r, flags);
	if (pfn == SHB_NO_PFN && (r->gfp & __GFP_NOFAIL))
		pfn = shb_alloc_look(s, r, SHB_WMARK_MIN | s->rules.slow->nofail(r));
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
	unsigned int flags = shb_request_slow_flags(s, r), reserve = shb_request_reserves(s, r);
	unsigned long pfn;
	bool adjusted;

	atomic_long_inc(&s->events[SHB_SLOWPATH]);
	if (s->rules.slow->thisnode_fails_at_once && (r->gfp & __GFP_THISNODE) &&
	    !(r->gfp & __GFP_DIRECT_RECLAIM))
		return SHB_NO_PFN;
	if (flags & SHB_ALLOC_KSWAPD)
		shb_alloc_wake_kswapds(s, r);
	pfn = shb_alloc_look(s, r, flags);
	if (pfn != SHB_NO_PFN)
		return pfn;
	if (reserve)
		flags = reserve | (flags & SHB_ALLOC_KSWAPD) | shb_cma_flag(r->type);
	adjusted = reserve || (!(flags & SHB_ALLOC_CPUSET) && !s->rules.slow->reserves_at_home);
	if (reserve && s->rules.slow->reserves_at_home)
		go_home(s, r);
	if (adjusted && !s->rules.slow->keeps_nodemask)
		drop_nodemask(s, r);
	if (adjusted || s->rules.slow->second_look)
		pfn = shb_alloc_look(s, r, flags);
	if (pfn == SHB_NO_PFN && (flags & SHB_ALLOC_NOFRAGMENT) && (r->gfp & __GFP_RECLAIM)) {
		flags &= ~SHB_ALLOC_NOFRAGMENT;
		pfn = shb_alloc_look(s, r, flags);
	}
	if (pfn == SHB_NO_PFN && (r->gfp & __GFP_DIRECT_RECLAIM))
		pfn = last_resorts(s, r, flags);
	return pfn;
}

/**
 * shb_trace_alloc() - the mm_page_alloc event of one request
 * @pfn: what it got
 *
 * Context: any; apart from the hot path, which only tests whether the event is on.
 */
void shb_trace_alloc(const struct shb_state *s, unsigned long pfn, int order, gfp_t gfp)
{
	const struct shb_zone *z = NULL;
	u32 i;

	if (pfn != SHB_NO_PFN)
		z = shb_zone_of(s, pfn, &i);
	trace_mm_page_alloc(s, z, pfn, order, gfp, shb_gfp_type(gfp));
}

/* At LOW. */
static __always_inline unsigned long take_at_first(struct shb_state *s, struct shb_request *r)
{
	unsigned int flags = r->flags | shb_request_nofragment(s, r);

	if (r->gfp & __GFP_KSWAPD_RECLAIM)
		flags |= SHB_ALLOC_KSWAPD;
	return unlikely(s->asks_first) ? take_from_first(s, r, flags) : take_in_order(s, r, flags);
}

/**
 * shb_alloc_at_first() - the first attempt of a request that may wait
 * @r: request from shb_request_init(), with a zone
 *
 * Context: as shb_serve().
 * Return: first pfn of the block, or SHB_NO_PFN; no event, nothing counted.
 */
unsigned long shb_alloc_at_first(struct shb_state *s, struct shb_request *r)
{
	return take_at_first(s, r);
}

static unsigned long serve(struct shb_state *s, struct shb_request *r)
{
	unsigned long pfn = SHB_NO_PFN;

	if (likely(*r->preferred)) {
		pfn = take_at_first(s, r);
		if (unlikely(pfn == SHB_NO_PFN))
			pfn = slowpath(s, r);
	}
	if (unlikely(pfn == SHB_NO_PFN))
		atomic_long_inc(&s->events[SHB_ALLOC_FAIL]);
	if (trace_mm_page_alloc_enabled())
		shb_trace_alloc(s, pfn, r->order, r->gfp);
	return pfn;
}

/**
 * shb_alloc_short() - the short way of serve.h for orders that no cpu keeps
 * @gfp: what struct shb_request says of them, as of the others
 *
 * The preferred zone is above its mark, and the type's own lists have a block, so that there is
 * no need to look for one of another type. Only the lock makes that certain.
 *
 * Context: as shb_serve().
 * Return: first pfn of the block; SHB_NO_PFN: nothing was handed out.
 */
noinline unsigned long shb_alloc_short(struct shb_state *s, gfp_t gfp, unsigned int order, int nid,
				       int cpu, u32 owner)
{
	unsigned int type = shb_gfp_type(gfp), flags = SHB_WMARK_LOW | shb_cma_flag(type);
	unsigned long irq;
	struct shb_zone *z;
	u32 i = SHB_NONE;

	z = order <= SHB_MAX_ORDER ? shb_alloc_zone(s, gfp, order, nid, flags) : NULL;
	if (unlikely(!z))
		return SHB_NO_PFN;
	raw_spin_lock_irqsave(&z->lock, irq);
	if (likely(shb_fallback_own_first(z, flags)))
		i = shb_zone_take(z, order, type);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (unlikely(i == SHB_NONE))
		return SHB_NO_PFN;
	count_zone_alloc(s, z, z, cpu, order);
	z->frames[i].owner = owner;
	if (trace_mm_page_alloc_enabled())
		shb_trace_alloc(s, shb_pfn_of(z, i), order, gfp);
	return shb_pfn_of(z, i);
}

/* Asked once for a bulk and again for the single page it comes down to, as in the kernel. */
static unsigned long serve_unless_failing(struct shb_state *s, struct shb_request *r)
{
	return shb_fail_now(s, r->gfp, r->order) ? SHB_NO_PFN : serve(s, r);
}

/**
 * shb_alloc() - serve one request the long way
 * @gfp: what struct shb_request says of them, as of the others
 *
 * __alloc_pages(): a first attempt at LOW, then the slow path. For shb_serve().
 *
 * Context: as shb_serve().
 * Return: first pfn of the block; SHB_NO_PFN, also for a mask or an order that makes no sense.
 */
noinline unsigned long shb_alloc(struct shb_state *s, gfp_t gfp, unsigned int order, int nid,
				 const nodemask_t *nodemask, int cpu, u32 owner, u8 by)
{
	struct shb_request r = {
		.gfp = gfp, .nodemask = nodemask, .nid = nid, .cpu = cpu, .owner = owner,
		.order = order, .by = by,
	};

	return shb_request_init(s, &r) ? serve_unless_failing(s, &r) : SHB_NO_PFN;
}

/* A zone of the preferred node that stays above LOW with all pages of the bulk gone. */
static struct shb_zone *bulk_zone(struct shb_request *r, int nr)
{
	struct shb_zone **pos, *first = *r->preferred;

	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		struct shb_zone *z = *pos;

		if (z->nid != first->nid)
			return NULL;
		if (shb_watermark_passes(z, shb_watermark(z, SHB_WMARK_LOW) + nr, first->kind,
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
 * @r: request of order 0 from shb_request_init(); used up by the call
 * @nr: how many
 * @pfns: room for @nr, out
 *
 * alloc_pages_bulk(): from the pcp of one local zone; when there is none, or for
 * one page, a single ordinary allocation. No mm_page_alloc event for pcp pages.
 *
 * Context: as shb_serve().
 * Return: pages obtained; fewer than @nr is no error.
 */
int shb_alloc_bulk(struct shb_state *s, struct shb_request *r, int nr, unsigned long *pfns)
{
	struct shb_zone *z;
	int got;

	if (nr <= 0 || !*r->preferred)
		return 0;
	if (nr > 1 && s->rules.slow->bulk && shb_fail_now(s, r->gfp, 0))
		return 0;
	z = nr > 1 && s->rules.slow->bulk ? bulk_zone(r, nr) : NULL;
	if (z) {
		got = bulk_from_pcp(s, r, z, nr, pfns);
		if (got)
			return got;
	}
	pfns[0] = serve_unless_failing(s, r);
	return pfns[0] != SHB_NO_PFN;
}
