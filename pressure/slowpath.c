// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request that may wait, and what is done so that it gets its block (__alloc_pages_slowpath()):
 *
 *     at LOW                                              got it
 *       |
 *     restart: at MIN, with what the flags grant          got it
 *       |  a large block, or one that does not move: compact, in haste
 *     retry:  again, with reserves if it has any          got it
 *       |  may not wait, or frees memory itself --------> fail
 *       |  reclaim, and look                              got it
 *       |  compact, and look                              got it
 *       |  __GFP_NORETRY, or large without RETRY_MAYFAIL> fail
 *       |  would what can be reclaimed do? -------------> retry      at most 16 times without progress
 *       |  did it, and may compaction help? ------------> retry      harder each time
 *       |  somebody goes -------------------------------> retry
 *     fail: __GFP_NOFAIL looks into the reserve, and retries as long as there is progress
 *
 * Since 7.2 the first round is the hasty one: it compacts instead of reclaiming. Looks are pinned to a
 * cpu, what is in between is not. The rules and the order of nodes stay meanwhile (state->becoming), so
 * nothing restarts. Linux would never let a request with __GFP_NOFAIL go; here it fails when nobody
 * makes room any more.
 */
#include <linux/minmax.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

#include "alloc.h"
#include "drain.h"
#include "fail.h"
#include "host.h"
#include "pressure/direct.h"
#include "pressure/hints.h"
#include "pressure/slowpath.h"
#include "pressure/suitable.h"
#include "request.h"
#include "trace.h"
#include "watermark.h"
#include "zonelist.h"

#define MAX_RECLAIM_RETRIES	16
#define MAX_COMPACT_RETRIES	16

/* One request, from the moment it found nothing. */
struct stall {
	struct shb_state		*s;
	struct shb_request		r;
	const struct shb_relief		*relief;
	int				cpu;		/* as host->pin() */
	unsigned int			flags;		/* SHB_ALLOC_* it looks with now */
	enum shb_compact_priority	prio;
	enum shb_compact_result		result;		/* of the last compaction */
	unsigned long			progress;	/* pages the last reclaim freed */
	int				compaction_retries, no_progress_loops;
	bool				hasty;		/* the round that compacts instead of reclaiming */
	bool				has_reserves;	/* it has looked with its reserves */
	bool				waited;		/* it has reclaimed or compacted */
	bool				insisted;	/* it has gone round once more, because it may not fail */
	unsigned long			pfn;		/* what it got */
};

enum next { GOT, RETRY, GO_ON, FAIL };

static bool is_costly(const struct stall *t)
{
	return t->r.order > SHB_COSTLY_ORDER;
}

static bool may_reclaim(const struct stall *t)
{
	return t->r.gfp & __GFP_DIRECT_RECLAIM;
}

static bool may_compact(const struct stall *t)
{
	return may_reclaim(t) && (t->r.gfp & __GFP_IO);
}

/* vm.defrag_mode: small blocks of other types are left alone to the last. */
static bool spares_other_types(const struct stall *t)
{
	return t->s->rules.walk->defrag_mode && (t->flags & SHB_ALLOC_NOFRAGMENT);
}

static enum next spare_no_longer(struct stall *t)
{
	t->flags &= ~SHB_ALLOC_NOFRAGMENT;
	return RETRY;
}

/* get_page_from_freelist() */
static bool look(struct stall *t, unsigned int flags)
{
	t->r.cpu = t->s->host->pin(t->cpu);
	t->pfn = shb_alloc_look(t->s, &t->r, flags);
	t->s->host->unpin();
	return t->pfn != SHB_NO_PFN;
}

static void count(struct stall *t, enum shb_state_event event)
{
	atomic_long_inc(&t->s->events[event]);
}

/* --- making room ------------------------------------------------------------------------------- */

/* With fallbacks forbidden (vm.defrag_mode) only a whole pageblock helps what does not move. */
static int order_to_make(const struct stall *t)
{
	int order = t->r.order;

	if (spares_other_types(t) && t->r.type != SHB_MOVABLE)
		order = max(order, SHB_PAGEBLOCK_ORDER);
	return order;
}

static void note_stall(struct stall *t)
{
	if (!t->waited)
		count(t, SHB_STALL);
	t->waited = true;
}

/* __alloc_pages_direct_reclaim(): what came back may lie in the reserve, or on other cpus' lists. */
static bool reclaim(struct stall *t)
{
	const struct shb_relief *relief = t->relief;

	note_stall(t);
	t->progress = relief->reclaim ? relief->reclaim(relief->arg, &t->r, order_to_make(t)) : 0;
	if (!t->progress)
		return false;
	if (look(t, t->flags))
		return true;
	shb_alloc_unreserve(t->s, &t->r, false);
	shb_drain(t->s, SHB_EVERY_CPU, NULL);
	return look(t, t->flags);
}

/* The zone has shown that runs in it are worth while. */
static void compaction_helped(struct stall *t, int order)
{
	struct shb_zone *z;
	u32 i;

	z = shb_zone_of(t->s, t->pfn, &i);
	z->frames[i].owner = t->r.owner;
	z->hints.flush = false;
	shb_defer_reset(z, order, true);
	count(t, SHB_COMPACT_WON);
}

/* __alloc_pages_direct_compact() */
static bool compact(struct stall *t, enum shb_compact_priority prio)
{
	int order = order_to_make(t);

	if (!order)
		return false;
	note_stall(t);
	t->result = t->relief->mover ? shb_compact_direct(t->s, &t->r, order, t->flags, prio, t->relief->mover, &t->pfn) :
				       SHB_COMPACT_SKIPPED;
	if (t->result == SHB_COMPACT_SKIPPED ||
	    (t->result == SHB_COMPACT_DEFERRED && !t->s->rules.slow->put_off_is_stall))
		return false;
	count(t, SHB_COMPACT_STALL);
	if (t->pfn != SHB_NO_PFN || look(t, t->flags)) {
		compaction_helped(t, order);
		return true;
	}
	count(t, SHB_COMPACT_FAIL);
	cond_resched();
	return false;
}

/* --- another round? ----------------------------------------------------------------------------- */

/* zone_reclaimable_pages() */
static unsigned long reclaimable_pages(const struct stall *t, const struct shb_zone *z)
{
	unsigned long pages = t->relief->reclaimable ? t->relief->reclaimable(t->relief->arg, z) : 0;

	return pages || !t->s->rules.slow->nothing_is_free ? pages : READ_ONCE(z->buddy.free_pages);
}

/* should_reclaim_retry(): a zone would be above MIN if all of it that can be reclaimed were free. */
static bool reclaim_could_help(struct stall *t)
{
	const int order = t->r.order;
	struct shb_zone **pos;
	bool ok = false;

	t->no_progress_loops = t->progress && !is_costly(t) ? 0 : t->no_progress_loops + 1;
	if (t->no_progress_loops > MAX_RECLAIM_RETRIES)
		return shb_alloc_unreserve(t->s, &t->r, true);
	for (pos = t->r.preferred; *pos && !ok; pos = shb_zonelist_next(pos, t->r.highest, t->r.nodemask)) {
		unsigned long reclaimable = reclaimable_pages(t, *pos), mark = shb_watermark(*pos, SHB_WMARK_MIN);
		unsigned long available = reclaimable + READ_ONCE((*pos)->buddy.free_pages);

		ok = shb_watermark_ok(*pos, order, mark, t->r.index, t->flags, available);
		trace_reclaim_retry_zone(*pos, order, reclaimable, available, mark, t->no_progress_loops, ok);
	}
	cond_resched();
	return ok || shb_alloc_unreserve(t->s, &t->r, true);
}

/* compaction_zonelist_suitable(): with a part of what could be reclaimed. */
static bool is_any_suitable(struct stall *t)
{
	struct shb_zone **pos;

	for (pos = t->r.preferred; *pos; pos = shb_zonelist_next(pos, t->r.highest, t->r.nodemask))
		if (shb_suitable_with(*pos, t->r.order, t->r.highest, t->flags,
				      reclaimable_pages(t, *pos) / t->r.order + READ_ONCE((*pos)->buddy.free_pages)))
			return true;
	return false;
}

/* One step harder, if there is one: for large blocks not the whole zone at any price. */
static bool try_harder(struct stall *t)
{
	if (t->prio <= (is_costly(t) ? SHB_COMPACT_SYNC_LIGHT : SHB_COMPACT_SYNC_FULL))
		return false;
	t->prio--;
	t->compaction_retries = 0;
	return true;
}

/* should_compact_retry() */
static bool compaction_could_help(struct stall *t)
{
	int most = is_costly(t) ? MAX_COMPACT_RETRIES / 4 : MAX_COMPACT_RETRIES;
	int retries = t->compaction_retries, prio = t->prio;
	bool again;

	if (!t->r.order || t->s->host->interrupted())
		return false;
	if (t->result == SHB_COMPACT_SKIPPED)
		again = is_any_suitable(t);
	else if (t->result == SHB_COMPACT_SUCCESS && ++t->compaction_retries <= most)
		again = true;
	else
		again = try_harder(t);
	trace_compact_retry(t->s, t->r.order, prio, t->result, retries,
			    t->result == SHB_COMPACT_SUCCESS ? most : MAX_COMPACT_RETRIES, again);
	return again;
}

/* __alloc_pages_may_oom(): not for large blocks, nor where it would not help. */
static bool may_kill(const struct stall *t)
{
	return !is_costly(t) && !(t->r.gfp & (__GFP_RETRY_MAYFAIL | __GFP_THISNODE)) && t->r.highest >= SHB_NORMAL;
}

/*
 * A last look at HIGH, in case somebody has gone meanwhile; then somebody goes. Who may not fail has no
 * marks then.
 */
static enum next kill(struct stall *t)
{
	bool killed;

	if (look(t, SHB_WMARK_HIGH | SHB_ALLOC_CPUSET))
		return GOT;
	if (!may_kill(t))
		return FAIL;
	killed = t->relief->kill && t->relief->kill(t->relief->arg, &t->r);
	if ((t->r.gfp & __GFP_NOFAIL) && (look(t, SHB_ALLOC_NO_WATERMARKS | SHB_ALLOC_CPUSET) ||
					  look(t, SHB_ALLOC_NO_WATERMARKS)))
		return GOT;
	if (!killed)
		return FAIL;
	if ((t->r.by & SHB_BY_OOM_VICTIM) && ((t->flags & SHB_ALLOC_OOM) || (t->r.gfp & __GFP_NOMEMALLOC)))
		return FAIL;
	t->no_progress_loops = 0;
	return RETRY;
}

/* --- a round ------------------------------------------------------------------------------------ */

/* What the reserves grant; whoever has them may have them anywhere. Return: something has changed. */
static bool take_reserves(struct stall *t)
{
	unsigned int reserves = shb_request_reserves(t->s, &t->r);

	if (reserves)
		t->flags = reserves | (t->flags & SHB_ALLOC_KSWAPD) | shb_cma_flag(t->r.type);
	if (!reserves && (t->flags & SHB_ALLOC_CPUSET))
		return false;
	t->r.nodemask = NULL;
	shb_request_prefer(t->s, &t->r);
	return true;
}

static void wake(struct stall *t)
{
	if (t->flags & SHB_ALLOC_KSWAPD)
		shb_alloc_wake_kswapds(t->s, &t->r);
}

/* The looks at the beginning of a round. */
static enum next look_again(struct stall *t)
{
	const bool first = t->s->rules.slow->looks_first;

	wake(t);
	if (first && look(t, t->flags))
		return GOT;
	if (take_reserves(t) && first && !t->has_reserves) {
		t->has_reserves = true;
		return RETRY;
	}
	return !first && look(t, t->flags) ? GOT : GO_ON;
}

/* The first round of 7.2 is over. */
static enum next end_haste(struct stall *t)
{
	const gfp_t neither = __GFP_NORETRY | __GFP_THISNODE;

	if ((t->r.gfp & neither) == neither)
		return FAIL;
	if (!(t->r.gfp & __GFP_NORETRY))
		t->prio = SHB_COMPACT_SYNC_LIGHT;
	t->hasty = false;
	return RETRY;
}

/* Nothing has helped. */
static enum next decide(struct stall *t)
{
	if ((t->r.gfp & __GFP_NORETRY) ||
	    (is_costly(t) && !(may_compact(t) && (t->r.gfp & __GFP_RETRY_MAYFAIL))))
		return FAIL;
	if (t->s->host->interrupted())
		return FAIL;
	if (reclaim_could_help(t) || (t->progress && may_compact(t) && compaction_could_help(t)))
		return RETRY;
	return spares_other_types(t) ? spare_no_longer(t) : kill(t);
}

static enum next one_round(struct stall *t)
{
	enum next next = look_again(t);

	if (next != GO_ON)
		return next;
	if (!may_reclaim(t))
		return spares_other_types(t) && (t->r.gfp & __GFP_KSWAPD_RECLAIM) ? spare_no_longer(t) : FAIL;
	if (t->r.by & SHB_BY_MEMALLOC)
		return FAIL;
	if (!t->hasty && reclaim(t))
		return GOT;
	if (compact(t, t->prio))
		return GOT;
	return t->hasty ? end_haste(t) : decide(t);
}

/* A large block, or one that cannot be had from a Movable pageblock: compaction before all else. */
static bool is_hasty(const struct stall *t)
{
	return may_compact(t) && (is_costly(t) || (t->r.order && t->r.type != SHB_MOVABLE));
}

/* Up to 6.12, before the first round: a look, and compaction in haste. */
static enum next begin(struct stall *t)
{
	if (t->s->rules.slow->looks_first) {
		t->hasty = is_hasty(t);
		t->prio = t->hasty ? SHB_COMPACT_ASYNC : t->prio;
		return RETRY;
	}
	wake(t);
	if (look(t, t->flags))
		return GOT;
	if (!is_hasty(t) || shb_request_reserves(t->s, &t->r))
		return RETRY;
	if (compact(t, SHB_COMPACT_ASYNC))
		return GOT;
	if (!is_costly(t) || !(t->r.gfp & __GFP_NORETRY))
		return RETRY;
	if (t->result == SHB_COMPACT_SKIPPED || t->result == SHB_COMPACT_DEFERRED || (t->r.gfp & __GFP_THISNODE))
		return FAIL;
	t->prio = SHB_COMPACT_ASYNC;
	return RETRY;
}

/* Who may not fail. Linux goes round for ever; here, once, and then as long as reclaim brings anything. */
static enum next insist(struct stall *t)
{
	unsigned int reserve = t->s->rules.slow->nofail(&t->r);
	bool again = t->progress || !t->insisted;

	if (!(t->r.gfp & __GFP_NOFAIL) || !may_reclaim(t))
		return FAIL;
	if (look(t, SHB_WMARK_MIN | reserve | SHB_ALLOC_CPUSET) || look(t, SHB_WMARK_MIN | reserve))
		return GOT;
	t->insisted = true;
	return again && !t->s->host->interrupted() ? RETRY : FAIL;
}

static void wait_for_it(struct stall *t)
{
	enum next next;

	count(t, SHB_SLOWPATH);
	t->flags = shb_request_slow_flags(t->s, &t->r);
	next = begin(t);
	while (next != GOT) {
		if (next == FAIL)
			next = insist(t);
		if (next == FAIL)
			break;
		if (next == RETRY)
			next = one_round(t);
		cond_resched();
	}
	if (next == FAIL && may_reclaim(t))
		count(t, SHB_NEED_RECLAIM);
}

static void serve(struct stall *t)
{
	struct shb_state *s = t->s;

	if (!shb_request_init(s, &t->r) || shb_fail_now(s, t->r.gfp, t->r.order))
		return;
	if (*t->r.preferred) {
		t->r.cpu = s->host->pin(t->cpu);
		t->pfn = shb_alloc_at_first(s, &t->r);
		s->host->unpin();
		if (t->pfn == SHB_NO_PFN)
			wait_for_it(t);
	}
	if (t->pfn == SHB_NO_PFN)
		count(t, SHB_ALLOC_FAIL);
	if (trace_mm_page_alloc_enabled())
		shb_trace_alloc(s, t->pfn, t->r.order, t->r.gfp);
}

/**
 * shb_alloc_waiting() - serve a request that may wait
 * @r: what the caller fills in of it; cpu as for host->pin()
 * @relief: who makes room
 *
 * __alloc_pages(): a first attempt at LOW, then as long as it is worth while. Bounded by what @relief
 * brings, and ended by a signal that ends the task.
 *
 * Context: process context, sleeps, allocates; not pinned, holds nothing @relief needs. Takes
 * state->becoming for reading, and has it while @relief is called.
 * Return: first pfn of the block; SHB_NO_PFN, also for a mask or an order that makes no sense.
 */
unsigned long shb_alloc_waiting(struct shb_state *s, const struct shb_request *r, const struct shb_relief *relief)
{
	struct stall t = {
		.s = s, .r = *r, .relief = relief, .cpu = r->cpu, .prio = SHB_COMPACT_SYNC_LIGHT,
		.result = SHB_COMPACT_SKIPPED, .pfn = SHB_NO_PFN,
	};

	down_read(&s->becoming);
	serve(&t);
	up_read(&s->becoming);
	return t.pfn;
}
