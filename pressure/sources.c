// SPDX-License-Identifier: GPL-2.0-only
/*
 * The migrate scanner: what compaction moves away.
 *
 *     |  ######  |  #.#.##.#  |  .#.##..#  |     ...         <- free scanner
 *       hint: skipped   ^ a batch: some 32 pages, the last found first
 *
 * One pageblock after the other, upward: is it worth a look, may it be a source, what in it can move. A
 * hasty run wants a free range of its order soon, so a page that stays spoils the range, and what was
 * collected of it goes back.
 */
#include <linux/minmax.h>
#include <linux/sched.h>

#include "free.h"
#include "place.h"
#include "pressure/fast.h"
#include "pressure/hints.h"
#include "pressure/sources.h"
#include "pressure/staging.h"
#include "trace.h"

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

/**
 * shb_sources_put_back() - what was not moved can be moved again
 *
 * putback_movable_pages(). Context: process context; takes z->lock.
 */
void shb_sources_put_back(struct shb_compact *c)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&c->z->lock, irq);
	while (c->nr_sources)
		c->z->frames[c->sources[--c->nr_sources]].flags |= SHB_FRAME_MOVABLE;
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
}

/* --- one pageblock ------------------------------------------------------------------------------ */

struct scan {
	u32	at, end;
	u32	first;		/* where the look at the pageblock began, if at its start, or SHB_NONE */
	bool	hinted;		/* the hint is set, or will not be */
	u32	range_end;	/* of the range a hasty run wants */
	u32	scanned, taken;	/* pages */
};

enum step { GO_ON, ENOUGH, LEAVE };

/* Stepped over as a whole: a compound page that is not moved. */
static bool is_too_large(const struct shb_compact *c, const struct shb_frame *f)
{
	if (f->state != SHB_FRAME_USED || !f->order)
		return false;
	return c->z->rules.compact->single_targets || f->order >= SHB_PAGEBLOCK_ORDER ||
	       (c->goal.order >= 0 && f->order >= c->goal.order);
}

static void step_over(const struct shb_compact *c, struct scan *s, u32 len)
{
	s->scanned += c->z->rules.compact->skipped_count_once ? 0 : len - 1;
	s->at += len - 1;
}

/* A page that stays. A hasty run gives up the range it is in. */
static enum step stays(struct shb_compact *c, struct scan *s)
{
	if (!shb_compact_is_hasty(c))
		return GO_ON;
	if (c->nr_sources)
		shb_sources_put_back(c);
	s->taken = 0;
	if (s->at < s->range_end) {
		s->at = s->range_end - 1;
		s->range_end += 1U << c->goal.order;
	}
	return GO_ON;
}

/* Somebody else has been here: the block at s->at goes back. 6.1 stays where it is. */
static enum step leave(struct shb_compact *c, struct scan *s)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&c->z->lock, irq);
	c->z->frames[s->at].flags |= SHB_FRAME_MOVABLE;
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
	if (!c->z->rules.compact->first_page_hints)
		s->at = s->end;
	return LEAVE;
}

static enum step collect_block(struct shb_compact *c, struct scan *s, int order)
{
	const bool by_first_page = c->z->rules.compact->first_page_hints;
	u32 len = 1U << order;

	if (!s->hinted && (s->first != SHB_NONE || by_first_page)) {
		s->hinted = true;
		if (shb_hint_claim(c, s->first, s->at) && (by_first_page || !c->finish_block))
			return leave(c, s);
	}
	c->sources[c->nr_sources++] = s->at;
	s->scanned += len - 1;
	s->taken += len;
	s->at += len - 1;
	return s->taken >= SHB_COMPACT_CLUSTER_MAX && !c->finish_block ? ENOUGH : GO_ON;
}

/* The block at s->at. The last page that was looked at is s->at in the end. */
static enum step look_at(struct shb_compact *c, struct scan *s)
{
	struct shb_frame f = { .word = READ_ONCE(c->z->frames[s->at].word) };

	s->scanned++;
	if (f.state == SHB_FRAME_FREE) {
		step_over(c, s, 1U << f.order);
		return GO_ON;
	}
	if (is_too_large(c, &f)) {
		step_over(c, s, 1U << f.order);
		return stays(c, s);
	}
	if (f.state != SHB_FRAME_USED || !take_off(c, s->at, f.order))
		return stays(c, s);
	return collect_block(c, s, f.order);
}

/* The range of a hasty run is complete, and something of it is to be moved. */
static bool has_range(const struct shb_compact *c, struct scan *s)
{
	if (!shb_compact_is_hasty(c) || s->at < s->range_end)
		return false;
	if (s->taken)
		return true;
	s->range_end = shb_compact_range_end(c, s->at);
	return false;
}

static void scan_pageblock(struct shb_compact *c, struct scan *s)
{
	enum step step = GO_ON;

	if (!(s->at & (SHB_PAGEBLOCK_PAGES - 1))) {
		if (shb_hint_skips(c, s->at)) {
			s->scanned++;
			s->at = s->end;
			return;
		}
		s->first = s->at;
	}
	while (s->at < s->end && !has_range(c, s)) {
		step = look_at(c, s);
		if (step == LEAVE)
			return;
		s->at++;
		if (step == ENOUGH)
			break;
	}
	s->at = min(s->at, s->end);
}

/*
 * isolate_migratepages_block(): what can move, from @at to the end of its pageblock. One of which
 * nothing was taken, or all, is not worth another look.
 */
static void collect(struct shb_compact *c, u32 at, u32 end)
{
	struct scan s = { .at = at, .end = end, .first = SHB_NONE };
	unsigned long pfn;

	if (shb_compact_is_hasty(c))
		s.range_end = shb_compact_range_end(c, at);
	scan_pageblock(c, &s);
	if (s.at == end && (!s.taken || c->finish_block)) {
		if (s.first != SHB_NONE && !s.hinted)
			shb_hint_set(c->z, s.first);
		shb_hints_raise_migrate(c, s.at);
	}
	c->migrate = s.at;
	c->wanted = s.taken;
	c->migrate_scanned += s.scanned;
	c->isolated += s.taken;
	pfn = shb_pfn_of(c->z, at);
	trace_mm_compaction_isolate_migratepages(c->z, pfn, pfn + s.at - at, s.scanned, s.taken);
}

/* --- which pageblock ---------------------------------------------------------------------------- */

/*
 * suitable_migration_source(): a hasty run leaves pageblocks of other types alone, which it would spoil.
 * In 7.2 no request looks at CMA it may not have, and one for a whole pageblock takes any that moves.
 */
static bool is_source(const struct shb_compact *c, u32 i)
{
	const struct shb_compact_rules *rules = c->z->rules.compact;
	u32 head = shb_place_head(c->z, shb_pageblock_start(i));
	struct shb_frame f = { .word = READ_ONCE(c->z->frames[head].word) };
	int type = shb_block_type(c->z, i);

	if (f.state == SHB_FRAME_USED && f.order >= SHB_PAGEBLOCK_ORDER)
		return false;
	if (c->goal.direct && rules->spares_cma && type == SHB_CMA && !(c->goal.flags & SHB_ALLOC_CMA))
		return false;
	if (!shb_compact_is_hasty(c))
		return true;
	if (c->goal.type == SHB_MOVABLE ||
	    (rules->blocks_from_anywhere && c->goal.order >= SHB_PAGEBLOCK_ORDER))
		return type == SHB_MOVABLE || type == SHB_CMA;
	return type == c->goal.type;
}

/**
 * shb_sources_find() - collect a batch of what can move
 *
 * isolate_migratepages(): in the next pageblock below the free scanner that is worth it.
 *
 * Context: process context; takes z->lock, calls the mover without it.
 * Return: something is to be moved.
 */
bool shb_sources_find(struct shb_compact *c)
{
	u32 at = shb_fast_source(c), end = shb_pageblock_start(at) + SHB_PAGEBLOCK_PAGES;
	bool found = at != c->migrate && !c->fast_failures;

	for (; end <= c->free; found = false, c->migrate = at = end, end += SHB_PAGEBLOCK_PAGES) {
		cond_resched();
		if (shb_compact_is_hole(c->z, shb_pageblock_start(at)))
			continue;
		if (!(at & (SHB_PAGEBLOCK_PAGES - 1)) && !found && shb_hint_skips(c, at))
			continue;
		if (!is_source(c, at)) {
			shb_hints_raise_migrate(c, end);
			continue;
		}
		collect(c, at, end);
		break;
	}
	return c->nr_sources;
}
