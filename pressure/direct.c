// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction for a request that found no block:
 *
 *     each zone the request may use
 *       put off?          others failed here lately          DEFERRED
 *       worth while?      suitable.c                         SKIPPED, or SUCCESS without work
 *       a run             compact.c, the block captured      SUCCESS, COMPLETE, PARTIAL_SKIPPED, CONTENDED
 *
 * How hard it tries is the priority: asynchronous and in haste, then from where such runs came to, then
 * the whole zone, whatever earlier runs found.
 */
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

#include "host.h"
#include "pressure/capture.h"
#include "pressure/compact.h"
#include "pressure/direct.h"
#include "pressure/hints.h"
#include "pressure/suitable.h"
#include "trace.h"
#include "zonelist.h"

static struct shb_compact_goal goal_of(const struct shb_request *r, int order, unsigned int flags,
				       enum shb_compact_priority prio)
{
	const bool full = prio == SHB_COMPACT_SYNC_FULL;

	return (struct shb_compact_goal){
		.order = order, .type = r->type, .highest = r->highest, .flags = flags, .direct = true,
		.mode = prio == SHB_COMPACT_ASYNC ? SHB_MIGRATE_ASYNC : SHB_MIGRATE_SYNC_LIGHT,
		.whole = full, .ignores_hints = full, .ignores_types = full,
	};
}

/* Without memory for it a run is one that does not help. */
static enum shb_compact_result run(struct shb_zone *z, const struct shb_compact_goal *goal, int order,
				   const struct shb_mover *mover, int cpu, unsigned long *captured)
{
	struct shb_compact *c = shb_compact_begin(z, goal, mover, cpu);
	enum shb_compact_result result;
	struct shb_capture capture;

	if (!c)
		return SHB_COMPACT_SKIPPED;
	shb_capture_begin(c, &capture, order);
	while (shb_compact_step(c))
		cond_resched();
	result = c->result;
	shb_compact_end(c);
	*captured = shb_capture_end(z, &capture);
	return *captured == SHB_NO_PFN ? result : SHB_COMPACT_SUCCESS;
}

/* compact_zone_order() */
static enum shb_compact_result compact_zone(struct shb_zone *z, const struct shb_compact_goal *goal, int order,
					    const struct shb_mover *mover, int cpu, unsigned long *captured)
{
	enum shb_compact_result result = shb_suitable(z, goal);

	return result == SHB_COMPACT_CONTINUE ? run(z, goal, order, mover, cpu, captured) : result;
}

/* What a run has come to says whether the next ones are worth while. */
static void learn(struct shb_zone *z, int order, enum shb_compact_priority prio, enum shb_compact_result result)
{
	if (result == SHB_COMPACT_SUCCESS)
		shb_defer_reset(z, order, false);
	else if (prio != SHB_COMPACT_ASYNC &&
		 (result == SHB_COMPACT_COMPLETE || result == SHB_COMPACT_PARTIAL_SKIPPED))
		shb_defer_more(z, order);
}

/**
 * shb_compact_direct() - compact for a request
 * @r: request from shb_request_init()
 * @order: of the block to make; more than the request's, where only a whole pageblock helps it
 * @flags: SHB_ALLOC_* it looks with now; its mark is among them
 * @prio: how hard to try
 * @mover: answers for the owners of what is moved, during the call
 * @captured: out, first pfn of a block of the request's order that is in use now; else SHB_NO_PFN
 *
 * try_to_compact_pages(), zone after zone, until there is a block.
 *
 * Context: process context, sleeps, allocates; not pinned. Holds state->becoming for reading.
 * Return: the best that became of a zone.
 */
enum shb_compact_result shb_compact_direct(struct shb_state *s, const struct shb_request *r, int order,
					   unsigned int flags, enum shb_compact_priority prio,
					   const struct shb_mover *mover, unsigned long *captured)
{
	const struct shb_compact_goal goal = goal_of(r, order, flags, prio);
	enum shb_compact_result best = SHB_COMPACT_SKIPPED, result;
	struct shb_zone **pos;

	lockdep_assert_held_read(&s->becoming);
	*captured = SHB_NO_PFN;
	if (!(r->gfp & __GFP_IO))
		return SHB_COMPACT_SKIPPED;
	trace_mm_compaction_try_to_compact_pages(s, order, r->gfp, prio);
	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		if (prio > SHB_COMPACT_SYNC_FULL && shb_defer_is_due(*pos, order)) {
			best = max(best, SHB_COMPACT_DEFERRED);
			continue;
		}
		result = compact_zone(*pos, &goal, r->order, mover, r->cpu, captured);
		best = max(best, result);
		learn(*pos, order, prio, result);
		if (result == SHB_COMPACT_SUCCESS || s->host->interrupted())
			break;
	}
	return best;
}
