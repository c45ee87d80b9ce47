// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction: pages in use move to the end of a zone, so that what is free becomes large.
 *
 *     before   |#.#.##.#|.#.##..#|##.#.#..|.#..##.#|
 *               migrate ->                  <- free
 *     after    |........|........|.######.|########|
 *
 * The migrate scanner collects movable blocks of a pageblock, some 32 pages at a time; the free
 * scanner (targets.c) finds places for them from the other end; each block is copied, its owner
 * told, its old place freed. It is over when both are in the same pageblock.
 *
 * This is the run over a whole zone for its own sake, what writing to /proc/sys/vm/compact_memory
 * starts (order -1, MIGRATE_SYNC): no hint is looked at and nothing ends it early. A block that is
 * marked movable stands for a page on an LRU list; one of several pages for a compound page.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

#include "free.h"
#include "host.h"
#include "pressure/compact.h"
#include "pressure/targets.h"
#include "quarantine.h"
#include "trace.h"
#include "zones.h"

static u32 block_of(u32 i)
{
	return i & ~(SHB_PAGEBLOCK_PAGES - 1);
}

/* A block nobody else looks at meanwhile: off the LRU. */
static bool take_off(struct shb_compact *c, u32 i, int order)
{
	unsigned long pfn = shb_pfn_of(c->z, i), irq;
	struct shb_frame *f = &c->z->frames[i];
	bool movable;

	if (!(READ_ONCE(f->flags) & SHB_FRAME_MOVABLE) || shb_is_shared(c->z->state, pfn) ||
	    test_bit(SHB_ZONE_POISONED, &c->z->flags) ||
	    !c->mover->may_move(c->mover->owners, pfn, order))
		return false;
	raw_spin_lock_irqsave(&c->z->lock, irq);
	movable = shb_is_used_block(c->z, i, order) && (f->flags & SHB_FRAME_MOVABLE);
	if (movable)
		f->flags &= ~SHB_FRAME_MOVABLE;
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
	return movable;
}

/* Back on: what could not be moved. */
static void put_back(struct shb_compact *c)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&c->z->lock, irq);
	while (c->nr_sources)
		c->z->frames[c->sources[--c->nr_sources]].flags |= SHB_FRAME_MOVABLE;
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
}

/* Blocks that are stepped over as a whole: free ones, and compound pages that are not moved. */
static bool is_passed(const struct shb_compact_rules *rules, const struct shb_frame *f)
{
	if (f->state == SHB_FRAME_FREE)
		return true;
	if (f->state != SHB_FRAME_USED || !f->order)
		return false;
	return rules->single_targets || f->order >= SHB_PAGEBLOCK_ORDER;
}

/* isolate_migratepages_block(): what can move, from c->migrate to the end of its pageblock. */
static void collect(struct shb_compact *c, u32 end)
{
	const struct shb_compact_rules *rules = c->z->rules.compact;
	u32 start = c->migrate, i, scanned = 0, taken = 0, len;

	for (i = start; i < end; i++) {
		struct shb_frame f = { .word = READ_ONCE(c->z->frames[i].word) };

		len = 1U << f.order;
		scanned++;
		if (is_passed(rules, &f)) {
			scanned += rules->skipped_count_once ? 0 : len - 1;
			i += len - 1;
			continue;
		}
		if (f.state != SHB_FRAME_USED || !take_off(c, i, f.order))
			continue;
		c->sources[c->nr_sources++] = i;
		scanned += len - 1;
		taken += len;
		i += len - 1;
		if (taken >= SHB_COMPACT_CLUSTER_MAX && !c->finish_block) {
			i++;
			break;
		}
	}
	c->migrate = min(i, end);
	c->wanted = taken;
	c->migrate_scanned += scanned;
	c->isolated += taken;
	trace_mm_compaction_isolate_migratepages(c->z, start, c->migrate, scanned, taken);
}

/* isolate_migratepages(): one pageblock below the free scanner. Return: something is to be moved. */
static bool find_sources(struct shb_compact *c)
{
	u32 end = block_of(c->migrate) + SHB_PAGEBLOCK_PAGES;

	while (end <= c->free && shb_compact_is_hole(c->z, block_of(c->migrate))) {
		cond_resched();
		c->migrate = end;
		end += SHB_PAGEBLOCK_PAGES;
	}
	if (end <= c->free)
		collect(c, end);
	return c->nr_sources;
}

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
	cpu = s->host->pin(c->cpu);
	WARN_ON_ONCE(shb_free(s, old, order, cpu, _THIS_IP_) != SHB_FREE_OK);
	s->host->unpin();
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

/**
 * shb_compact_begin() - compact a zone
 * @z: zone
 * @mover: answers for the owners of what is moved, to the end of the run
 * @cpu: whose lists get the old places; as for host->pin()
 *
 * Only one run in a zone at a time, and no change of rules while it lasts.
 *
 * Context: process context, allocates.
 * Return: the run, or NULL without memory.
 */
struct shb_compact *shb_compact_begin(struct shb_zone *z, const struct shb_mover *mover, int cpu)
{
	struct shb_compact *c = z->state->host->alloc(sizeof(*c), z->nid);

	if (!c)
		return NULL;
	*c = (struct shb_compact){
		.z = z, .mover = mover, .cpu = cpu, .result = SHB_COMPACT_CONTINUE,
		.free = z->extent.nr_frames - SHB_PAGEBLOCK_PAGES,
	};
	shb_targets_init(&c->targets);
	trace_mm_compaction_begin(z, c->migrate, c->free);
	return c;
}

/*
 * Which pageblock the batch just collected was in; releases differ in what they remember of it.
 * @begin: where the search for it began
 */
static void remember_block(struct shb_compact *c, u32 begin)
{
	if (c->z->rules.compact->remembers_begin)
		c->last_migrated = shb_pfn_of(c->z, begin);
	else
		c->last_migrated = shb_pfn_of(c->z, block_of(c->migrate - 1));
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
	unsigned long wanted, before = c->moved;
	u32 begin = c->migrate;

	if (shb_compact_scanners_met(c)) {
		c->result = SHB_COMPACT_COMPLETE;
		return false;
	}
	c->finish_block = c->last_migrated >> SHB_PAGEBLOCK_ORDER ==
			  shb_pfn_of(c->z, begin) >> SHB_PAGEBLOCK_ORDER;
	if (!find_sources(c))
		return true;
	remember_block(c, begin);
	wanted = c->wanted;
	migrate(c);
	trace_mm_compaction_migratepages(c->z, c->moved - before, wanted - (c->moved - before));
	if (!c->nr_sources)
		return true;
	put_back(c);
	if (shb_compact_scanners_met(c))
		return true;
	c->result = SHB_COMPACT_CONTENDED;
	return false;
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

	shb_targets_release(c);
	count(s, SHB_COMPACT_MIGRATE_SCANNED, c->migrate_scanned);
	count(s, SHB_COMPACT_FREE_SCANNED, c->free_scanned);
	count(s, SHB_COMPACT_ISOLATED, c->isolated);
	count(s, SHB_PGMIGRATE_SUCCESS, c->moved);
	trace_mm_compaction_end(c->z, c->migrate, c->free, c->result);
	s->host->free(c);
}

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

/* Rules do not change while a run lasts. */
static int compact_zone(struct shb_zone *z, const struct shb_mover *mover, int cpu)
{
	struct shb_state *s = z->state;
	struct shb_compact *c;
	int more = -ENOMEM;

	down_read(&s->becoming);
	c = shb_compact_begin(z, mover, cpu);
	if (c) {
		while ((more = on_cpu(c, step_here, c)) > 0 && !s->host->interrupted())
			cond_resched();
		if (more)
			c->result = SHB_COMPACT_CONTENDED;
		if (on_cpu(c, end_here, c))
			shb_compact_end(c);
	}
	up_read(&s->becoming);
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
