// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction: pages in use move to the end of a zone, so that what is free becomes large.
 *
 *     before   |#.#.##.#|.#.##..#|##.#.#..|.#..##.#|
 *               migrate ->                  <- free
 *     after    |........|........|.######.|########|
 *
 * The migrate scanner (sources.c) collects movable blocks of a pageblock, some 32 pages at a time; the
 * free scanner (targets.c) finds places for them from the other end; each block is copied, its owner
 * told, its old place freed. It is over when both are in the same pageblock, or when there is a block
 * for the request it is for.
 *
 * A run for the zone's own sake, what writing to /proc/sys/vm/compact_memory starts (order -1,
 * MIGRATE_SYNC), looks at no hint and nothing ends it early. A block that is marked movable stands for
 * a page on an LRU list; one of several pages for a compound page.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

#include "drain.h"
#include "free.h"
#include "host.h"
#include "pressure/capture.h"
#include "pressure/compact.h"
#include "pressure/hints.h"
#include "pressure/sources.h"
#include "pressure/staging.h"
#include "pressure/suitable.h"
#include "pressure/targets.h"
#include "trace.h"

const struct shb_compact_goal shb_compact_whole_zone = {
	.order = SHB_COMPACT_WHOLE, .mode = SHB_MIGRATE_SYNC, .whole = true, .ignores_hints = true,
};

/* --- a batch ---------------------------------------------------------------------------------- */

/* move_to_new_folio(): contents and owner go to the new place, the old one is freed. */
static void move(struct shb_compact *c, u32 from, u32 to)
{
	struct shb_state *s = c->z->state;
	unsigned long old = shb_pfn_of(c->z, from), new = shb_pfn_of(c->z, to), irq;
	struct shb_frame *f = &c->z->frames[from];
	int order = f->order, cpu;

	if (s->pages)
		s->pages->copy(new, old, order);
	raw_spin_lock_irqsave(&c->z->lock, irq);
	shb_frame_set(&c->z->frames[to], order, f->type, SHB_FRAME_USED);
	c->z->frames[to].flags = SHB_FRAME_MOVABLE;
	c->z->frames[to].owner = f->owner;
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
	c->mover->moved(c->mover->owners, old, new, order);
	c->moved += 1UL << order;
	trace_page_moved(c->z, old, new, order);
	cpu = shb_capture_pin(c);
	WARN_ON_ONCE(shb_free(s, old, order, cpu, _THIS_IP_) != SHB_FREE_OK);
	shb_capture_unpin(c);
}

/*
 * migrate_pages(): the block collected last is moved first. Either each is moved as soon as it
 * has a place, or all get their places first. Memory that breaks meanwhile ends it: the rest stays.
 * What could not be moved is what is left of c->sources.
 */
static void migrate(struct shb_compact *c)
{
	const bool one_by_one = c->z->rules.compact->one_by_one;
	unsigned int k = c->nr_sources, n = c->nr_sources;

	while (k) {
		u32 from = c->sources[k - 1], to = shb_target_take(c, c->z->frames[from].order);

		if (to == SHB_NONE)
			break;
		c->target_of[--k] = to;
		if (one_by_one)
			move(c, from, to);
	}
	if (one_by_one)
		n = k;
	for (; n > k && !test_bit(SHB_ZONE_POISONED, &c->z->flags); n--)
		move(c, c->sources[n - 1], c->target_of[n - 1]);
	for (c->nr_sources = n; n > k; n--)
		shb_target_put_back(c, c->target_of[n - 1]);
}

/* Return: all of it was moved. */
static bool move_batch(struct shb_compact *c)
{
	unsigned long wanted = c->wanted, before = c->moved;

	migrate(c);
	trace_mm_compaction_migratepages(c->z, c->moved - before, wanted - (c->moved - before));
	return !c->nr_sources;
}

/* Which pageblock it was in; releases differ in what they remember. @begin: of the search for it */
static void remember_block(struct shb_compact *c, u32 begin)
{
	c->last_migrated = c->z->rules.compact->remembers_begin ? begin : shb_pageblock_start(c->migrate - 1);
}

/* --- a run ------------------------------------------------------------------------------------ */

/* Where it starts: at both ends, or where others came to, if that is in the zone. */
static void place_scanners(struct shb_compact *c)
{
	struct shb_hints *h = &c->z->hints;
	bool sync = c->goal.mode != SHB_MIGRATE_ASYNC;
	long end = c->z->extent.nr_frames;
	long free = READ_ONCE(h->free), migrate = READ_ONCE(h->migrate[sync]);

	c->whole = c->goal.whole;
	c->migrate = 0;
	c->free = end - SHB_PAGEBLOCK_PAGES;
	if (!c->whole) {
		if (free < 0 || free >= end)
			WRITE_ONCE(h->free, c->free);
		else
			c->free = free;
		if (migrate < 0 || migrate >= end) {
			WRITE_ONCE(h->migrate[0], 0);
			WRITE_ONCE(h->migrate[1], 0);
		} else {
			c->migrate = migrate;
		}
		c->whole = c->migrate <= READ_ONCE(h->first_migrate);
	}
	c->pulls_sync = !sync && READ_ONCE(h->migrate[0]) == READ_ONCE(h->migrate[1]);
}

/**
 * shb_compact_begin() - compact a zone
 * @z: zone
 * @goal: what for
 * @mover: answers for the owners of what is moved, to the end of the run
 * @cpu: whose lists get the old places; as for host->pin()
 *
 * No change of rules while it lasts.
 *
 * Context: process context, allocates.
 * Return: the run, or NULL without memory.
 */
struct shb_compact *shb_compact_begin(struct shb_zone *z, const struct shb_compact_goal *goal,
				      const struct shb_mover *mover, int cpu)
{
	struct shb_compact *c = z->state->host->alloc(sizeof(*c), z->nid);

	if (!c)
		return NULL;
	*c = (struct shb_compact){
		.z = z, .mover = mover, .cpu = cpu, .goal = *goal, .result = SHB_COMPACT_CONTINUE,
		.last_migrated = -1, .fast_start = SHB_NO_POSITION, .search_order = goal->order,
	};
	shb_staged_init(&c->targets);
	if (shb_defer_is_over(z, goal->order))
		shb_hints_flush(z);
	place_scanners(c);
	trace_mm_compaction_begin(z, c->migrate, c->free);
	return c;
}

/* __compact_finished() */
static enum shb_compact_result is_finished(struct shb_compact *c)
{
	struct shb_zone *z = c->z;

	if (shb_compact_scanners_met(c)) {
		shb_hints_restart(z);
		if (c->goal.direct)
			z->hints.flush = true;
		return c->whole ? SHB_COMPACT_COMPLETE : SHB_COMPACT_PARTIAL_SKIPPED;
	}
	if (c->goal.order == SHB_COMPACT_WHOLE || c->migrate & (SHB_PAGEBLOCK_PAGES - 1))
		return SHB_COMPACT_CONTINUE;
	if (shb_suitable_has_block(z, c->goal.order, c->goal.type))
		return SHB_COMPACT_SUCCESS;
	return z->state->host->interrupted() ? SHB_COMPACT_CONTENDED : SHB_COMPACT_NO_SUITABLE_PAGE;
}

/* compact_finished() */
static bool finish(struct shb_compact *c)
{
	c->result = is_finished(c);
	trace_mm_compaction_finished(c->z, c->goal.order, c->result);
	if (c->result == SHB_COMPACT_NO_SUITABLE_PAGE)
		c->result = SHB_COMPACT_CONTINUE;
	return c->result != SHB_COMPACT_CONTINUE;
}

/*
 * Some of the batch stays. 6.1 goes on behind the range, if it is in haste; later releases collect the
 * rest of the pageblock, so that it gets its hint. Return: collect again.
 */
static bool finishes_pageblock(struct shb_compact *c)
{
	if (c->z->rules.compact->jumps_on_failure) {
		if (shb_compact_is_hasty(c)) {
			c->migrate = shb_compact_range_end(c, c->migrate - 1);
			c->last_migrated = -1;
		}
		return false;
	}
	if (!(c->migrate & (SHB_PAGEBLOCK_PAGES - 1)) || c->goal.ignores_hints || c->finish_block ||
	    c->goal.mode == SHB_MIGRATE_SYNC)
		return false;
	c->finish_block = true;
	if (c->goal.order == SHB_PAGEBLOCK_ORDER)
		c->last_migrated = -1;
	return true;
}

/*
 * The range that was emptied last is behind the scanner: what lies on this cpu's lists of it goes to the
 * buddy, where it becomes one.
 */
static void flush_lists(struct shb_compact *c)
{
	int left = 0;
	bool more;

	if (c->goal.order <= 0 || c->last_migrated < 0 ||
	    c->last_migrated >= (c->migrate & ~((1U << c->goal.order) - 1)))
		return;
	do {
		more = shb_drain_round(c->z, shb_capture_pin(c), &left);
		shb_capture_unpin(c);
	} while (more);
	c->last_migrated = -1;
}

static bool has_captured(struct shb_compact *c)
{
	if (!shb_capture_has_block(c->capture))
		return false;
	c->result = SHB_COMPACT_SUCCESS;
	return true;
}

/*
 * A batch, and the rest of its pageblock if that is called for. What is left of one that found no
 * targets goes back; that is no failure once the scanners have met.
 * Return: false when the run is over.
 */
static bool collect_and_move(struct shb_compact *c, u32 begin, bool *found)
{
	do {
		*found = shb_sources_find(c);
		if (!*found)
			return true;
		c->pulls_sync = false;
		remember_block(c, begin);
		if (move_batch(c))
			return true;
		shb_sources_put_back(c);
		if (!shb_compact_scanners_met(c)) {
			c->result = SHB_COMPACT_CONTENDED;
			return false;
		}
	} while (finishes_pageblock(c));
	return true;
}

/**
 * shb_compact_step() - collect a batch and move it
 *
 * compact_zone(), once around its loop. A second batch of the same pageblock takes all that is
 * left in it.
 *
 * Context: process context; takes z->lock some times, calls the mover without it.
 * Return: true as long as there is more to do; c->result says how it ended.
 */
bool shb_compact_step(struct shb_compact *c)
{
	const bool late = c->z->rules.compact->captures_late;
	u32 begin = c->migrate;
	bool found;

	if (finish(c))
		return false;
	c->finish_block = c->last_migrated >= 0 &&
			  shb_pageblock_start(c->last_migrated) == shb_pageblock_start(begin);
	if (!collect_and_move(c, begin, &found))
		return false;
	if (!found && c->pulls_sync)
		WRITE_ONCE(c->z->hints.migrate[1], READ_ONCE(c->z->hints.migrate[0]));
	if (found && !late && has_captured(c))
		return false;
	flush_lists(c);
	return !(late && has_captured(c));
}

static void count(struct shb_state *s, enum shb_state_event event, unsigned long pages)
{
	atomic_long_add(pages, &s->events[event]);
}

/**
 * shb_compact_end() - give back what is left, count, forget the run
 *
 * Context: process context.
 */
void shb_compact_end(struct shb_compact *c)
{
	struct shb_state *s = c->z->state;
	long highest = shb_targets_release(c);

	if (highest >= 0)
		shb_hints_raise_free(c->z, shb_pageblock_start(highest));
	count(s, SHB_COMPACT_MIGRATE_SCANNED, c->migrate_scanned);
	count(s, SHB_COMPACT_FREE_SCANNED, c->free_scanned);
	count(s, SHB_COMPACT_ISOLATED, c->isolated);
	count(s, SHB_PGMIGRATE_SUCCESS, c->moved);
	trace_mm_compaction_end(c->z, c->migrate, c->free, c->result);
	s->host->free(c);
}

/* --- a node ----------------------------------------------------------------------------------- */

/*
 * A step on the cpu whose lists get the old places; it takes no lock that sleeps. Should the cpu
 * have gone, it runs here. Return: 1 while there is more.
 */
static int step_here(void *run)
{
	return shb_compact_step(run);
}

static int end_here(void *run)
{
	shb_compact_end(run);
	return 0;
}

static int on_cpu(const struct shb_compact *c, int (*run)(void *arg), void *arg)
{
	return c->cpu < 0 ? run(arg) : c->z->state->host->run_on(c->cpu, true, run, arg);
}

/* Return: 1 when it was interrupted, or -ENOMEM. */
static int run_whole(struct shb_zone *z, const struct shb_mover *mover, int cpu)
{
	struct shb_compact *c = shb_compact_begin(z, &shb_compact_whole_zone, mover, cpu);
	int more;

	if (!c)
		return -ENOMEM;
	while ((more = on_cpu(c, step_here, c)) > 0 && !z->state->host->interrupted())
		cond_resched();
	if (more)
		c->result = SHB_COMPACT_CONTENDED;
	if (on_cpu(c, end_here, c))
		shb_compact_end(c);
	return more;
}

/* Rules do not change while a run lasts. */
static int compact_zone(struct shb_zone *z, const struct shb_mover *mover, int cpu)
{
	int more = 0;

	down_read(&z->state->becoming);
	if (shb_suitable(z, &shb_compact_whole_zone) == SHB_COMPACT_CONTINUE)
		more = run_whole(z, mover, cpu);
	up_read(&z->state->becoming);
	return more > 0 ? -EINTR : more;
}

/**
 * shb_compact_node() - compact every zone of a node
 * @nid: node
 *
 * What /sys/devices/system/node/nodeN/compact does.
 *
 * Context: process context, sleeps; holds nothing of the state but what keeps @mover's answers true.
 * Return: 0, -ENOMEM, or -EINTR: who waits for it wants it to end. What was moved stays moved.
 */
int shb_compact_node(struct shb_state *s, int nid, const struct shb_mover *mover, int cpu)
{
	int k, err = 0;

	for (k = 0; k < SHB_NR_KINDS && !err; k++)
		if (s->nodes[nid].zones[k] && s->nodes[nid].zones[k]->extent.nr_frames)
			err = compact_zone(s->nodes[nid].zones[k], mover, cpu);
	return err;
}
