// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream of records, and who follows it. The mirror says what a record means; candidates are
 * told that only, so that all of them see the same clean story:
 *
 *     record --> mirror: was it free?  -- yes --> taken --> each candidate finds a block of its own
 *                        was it out?   -- yes --> free  --> each candidate frees what stands for it
 *                        neither       --> counted, and told nobody
 *
 * A stream has holes. A page handed out twice came back in between, unseen: it is freed first.
 * A page freed twice was handed out in between, unseen, or its allocation is late (owed), or
 * compaction had taken it and not used it. How many the latter are is known from elsewhere:
 *
 *     pages isolated - put back in silence - targets something was migrated to
 *
 * What is unknown beyond that, and not for a charge that failed, is unexplained: a loss.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "place.h"
#include "traffic/mirror.h"
#include "traffic/traffic.h"

#define TICKS_AT_ONCE	10
#define RUN_ENDS_MS	20	/* after its last page so far */
/* What the owner of a mirror's block tells. */
#define OWNER_STAGED	1	/* compaction has it for a target */
#define OWNER_UNTOUCHED	2	/* in use since before the first record */

/**
 * shb_traffic_check_span() - can records name every page of a state?
 *
 * Return: 0, or -E2BIG: it has pages beyond 16 TiB.
 */
int shb_traffic_check_span(const struct shb_state *s)
{
	return (s->map.base + s->map.nr) << SHB_GRANULE_ORDER > U32_MAX ? -E2BIG : 0;
}

/**
 * shb_traffic_init() - nothing has happened yet
 * @t: out
 * @mirror: state that follows the kernel's own pages
 * @second: ticks of the records' clock in a second
 *
 * Context: process context, sleeps.
 */
void shb_traffic_init(struct shb_traffic *t, struct shb_state *mirror, u64 second)
{
	struct shb_zone *z;
	int n;
	u32 i;

	memset(t, 0, sizeof(*t));
	t->mirror = mirror;
	t->second = second;
	shb_mirror_init(mirror);
	shb_for_each_zone(mirror, z, n) {
		for (i = 0; i < z->extent.nr_frames; i++) {
			if (z->frames[i].state == SHB_FRAME_USED)
				z->frames[i].owner = OWNER_UNTOUCHED;
			if (!(i % SHB_GRANULE_PAGES))
				cond_resched();
		}
	}
}

static u32 *owner_of(struct shb_traffic *t, unsigned long pfn)
{
	struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(t->mirror, pfn, &i);
	return &z->frames[shb_place_head(z, i)].owner;
}

static bool is_predicted(const struct shb_traffic *t)
{
	return unlikely(t->predictor.s);
}

/* --- frees ---------------------------------------------------------------------------------------- */

static void note_owed(struct shb_traffic *t, const struct shb_record *r)
{
	struct shb_owed *o = &t->owed[t->next_owed++ % SHB_OWED];

	*o = (struct shb_owed){
		.stamp = r->stamp, .pfn = r->pfn, .order = r->order, .cpu = r->cpu, .open = true,
	};
	t->counts[SHB_TRAFFIC_UNKNOWN] += 1UL << r->order;
}

/* An allocation that comes after its own free has taken place: both cancel. Only a late one can. */
static bool settle(struct shb_traffic *t, const struct shb_record *r)
{
	struct shb_owed *o;

	if (likely(r->stamp == t->last))
		return false;
	for (o = t->owed; o < t->owed + SHB_OWED; o++) {
		if (!o->open || o->pfn != r->pfn || o->order != r->order || o->stamp <= r->stamp)
			continue;
		o->open = false;
		t->counts[SHB_TRAFFIC_UNKNOWN] -= 1UL << r->order;
		t->counts[SHB_TRAFFIC_SETTLED] += 1UL << r->order;
		return true;
	}
	return false;
}

static void took_back(struct shb_traffic *t, const struct shb_record *r, unsigned long pfn, int order)
{
	int n;

	if (is_predicted(t))
		shb_predictor_free(&t->predictor, r, pfn, order);
	for (n = 0; n < t->nr; n++)
		shb_candidate_free(&t->candidates[n], r, pfn, order);
}

/* What is out of a block comes back; return how many pages were not. */
static u32 take_back(struct shb_traffic *t, const struct shb_record *r, unsigned long pfn, int order)
{
	u32 used = shb_mirror_used(t->mirror, pfn, order);

	if (!used)
		return 1U << order;
	if (used == 1U << order) {
		shb_mirror_free(t->mirror, pfn, order);
		took_back(t, r, pfn, order);
		return 0;
	}
	return take_back(t, r, pfn, order - 1) +
	       take_back(t, r, pfn + (1UL << (order - 1)), order - 1);
}

static void free_block(struct shb_traffic *t, const struct shb_record *r)
{
	u32 unknown = take_back(t, r, r->pfn, r->order);

	t->counts[SHB_TRAFFIC_FREED] += 1UL << r->order;
	if (unlikely(unknown == 1U << r->order))
		note_owed(t, r);
	else
		t->counts[SHB_TRAFFIC_UNKNOWN] += unknown;
}

/* A request whose charge failed gave its block back before it said so. */
static void fail(struct shb_traffic *t, const struct shb_record *r)
{
	struct shb_owed *o = &t->owed[(t->next_owed - 1) % SHB_OWED];
	int n;

	if (o->open && o->order == r->order && o->cpu == r->cpu) {
		o->open = false;
		t->counts[SHB_TRAFFIC_UNCHARGED] += 1UL << r->order;
		return;
	}
	if (is_predicted(t))
		shb_predictor_fail(&t->predictor, r);
	for (n = 0; n < t->nr; n++)
		shb_candidate_fail(&t->candidates[n], r);
}

/* --- allocations ------------------------------------------------------------------------------------ */

/* A block of the mirror is in use now: what of it is known. */
static void describe(struct shb_traffic *t, const struct shb_record *r, unsigned long pfn)
{
	struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(t->mirror, pfn, &i);
	z->frames[i].owner = 0;
	if (r->kind == SHB_REC_COMPACT || (r->arg & (__force u32)__GFP_MOVABLE))
		z->frames[i].flags = SHB_FRAME_MOVABLE;
	t->counts[SHB_TRAFFIC_ABROAD] += r->kind == SHB_REC_ALLOC && z->nid != r->node;
}

static void predict(struct shb_traffic *t, const struct shb_record *r, unsigned long pfn, int order)
{
	if (r->kind == SHB_REC_ALLOC || r->kind == SHB_REC_BULK)
		shb_predictor_alloc(&t->predictor, r, pfn, order);
	else
		shb_predictor_hold(&t->predictor, pfn, order);
}

static void took(struct shb_traffic *t, const struct shb_record *r, unsigned long pfn, int order)
{
	int n;

	describe(t, r, pfn);
	t->counts[SHB_TRAFFIC_TAKEN] += 1UL << order;
	if (is_predicted(t))
		predict(t, r, pfn, order);
	for (n = 0; n < t->nr; n++) {
		if (r->kind == SHB_REC_COMPACT)
			shb_candidate_hold(&t->candidates[n], pfn, order);
		else
			shb_candidate_alloc(&t->candidates[n], r, pfn, order);
	}
}

/* What is free of a block is handed out, in as large pieces as there are. */
static void take_free(struct shb_traffic *t, const struct shb_record *r, unsigned long pfn, int order)
{
	if (shb_mirror_take(t->mirror, pfn, order)) {
		took(t, r, pfn, order);
		return;
	}
	if (!order || shb_mirror_used(t->mirror, pfn, order) == 1U << order)
		return;
	take_free(t, r, pfn, order - 1);
	take_free(t, r, pfn + (1UL << (order - 1)), order - 1);
}

/* Pages of no list that had been taken off one before the first record, and are told of now. */
static u32 count_untouched(struct shb_traffic *t, const struct shb_record *r)
{
	u32 k, nr = 0;

	for (k = 0; k < 1U << r->order; k++)
		nr += shb_mirror_used(t->mirror, r->pfn + k, 0) &&
		      *owner_of(t, r->pfn + k) == OWNER_UNTOUCHED;
	return nr;
}

/* All of a block is handed out. What was out already came back in between. */
static void take_block(struct shb_traffic *t, const struct shb_record *r)
{
	u32 untouched;

	if (unlikely(!shb_mirror_take(t->mirror, r->pfn, r->order))) {
		untouched = count_untouched(t, r);
		t->counts[SHB_TRAFFIC_IN_FLIGHT] += untouched;
		t->counts[SHB_TRAFFIC_MISSED] +=
			(1UL << r->order) - take_back(t, r, r->pfn, r->order) - untouched;
		shb_mirror_take(t->mirror, r->pfn, r->order);
	}
	took(t, r, r->pfn, r->order);
}

static void alloc_block(struct shb_traffic *t, const struct shb_record *r)
{
	t->counts[SHB_TRAFFIC_GUESSED] += !!(r->context & SHB_IN_MEMPOLICY);
	if (likely(!settle(t, r)))
		take_block(t, r);
}

static void compact(struct shb_traffic *t, const struct shb_record *r)
{
	take_block(t, r);
	*owner_of(t, r->pfn) = OWNER_STAGED;
	t->counts[SHB_TRAFFIC_STAGED] += 1UL << r->order;
}

/* 6.1 takes a target back without a word, and may hand it out again. */
static void uncompact(struct shb_traffic *t, const struct shb_record *r)
{
	u32 *owner = owner_of(t, r->pfn);

	if (*owner == OWNER_STAGED)
		t->counts[SHB_TRAFFIC_STAGED] -= 1UL << r->order;
	*owner = 0;
	take_back(t, r, r->pfn, r->order);
}

/*
 * Both ends are in use now, or a record was lost: a target that is free was taken unseen, and where
 * the source is free nothing stands for it.
 */
static void migrate(struct shb_traffic *t, const struct shb_record *r)
{
	struct shb_record target = *r;
	u32 *owner;
	int n;

	if (unlikely(shb_mirror_used(t->mirror, r->arg, r->order) != 1U << r->order))
		return;
	target.arg = GFP_HIGHUSER_MOVABLE;
	take_free(t, &target, r->pfn, r->order);
	owner = owner_of(t, r->pfn);
	if (*owner == OWNER_STAGED) {
		*owner = 0;
		t->counts[SHB_TRAFFIC_LANDED] += 1UL << r->order;
	}
	for (n = 0; n < t->nr; n++)
		shb_candidate_rename(&t->candidates[n], r->pfn, r->arg, r->order);
}

/* A range, in as large blocks as its ends allow. */
static void contig(struct shb_traffic *t, const struct shb_record *r)
{
	struct shb_record one = *r;
	unsigned long pfn = r->pfn, end = pfn + r->arg;
	int order;

	one.arg = GFP_HIGHUSER_MOVABLE;
	for (; pfn < end; pfn += 1UL << order) {
		order = __ffs(pfn | 1UL << SHB_MAX_ORDER);
		while (pfn + (1UL << order) > end)
			order--;
		if (shb_mirror_has(t->mirror, pfn, order))
			take_free(t, &one, pfn, order);
		else
			t->counts[SHB_TRAFFIC_FOREIGN] += 1UL << order;
	}
}

/* --- runs, and what is said besides ------------------------------------------------------------------- */

/* Pages of a run go back, in as large blocks as their places allow. */
static void release(struct shb_traffic *t, const struct shb_run *run)
{
	struct shb_record one = run->last;
	u64 pfn = run->start;

	one.kind = SHB_REC_FREE;
	for (; pfn < run->pos; pfn += 1UL << one.order) {
		one.pfn = pfn;
		one.order = min_t(int, __ffs(pfn | 1UL << SHB_MAX_ORDER), __fls(run->pos - pfn));
		if (shb_mirror_has(t->mirror, pfn, one.order))
			free_block(t, &one);
		else
			t->counts[SHB_TRAFFIC_FOREIGN] += 1UL << one.order;
	}
}

/* Return: the page is of a run, and comes back with it. */
static bool gather(struct shb_traffic *t, const struct shb_record *r)
{
	struct shb_run done;

	if (r->kind != SHB_REC_FREE || r->order || r->cpu == SHB_NO_CPU ||
	    !shb_runs_add(&t->runs, r, &done))
		return false;
	release(t, &done);
	if (shb_runs_end(&t->runs, r->pfn, &done))
		release(t, &done);
	return true;
}

/* Pages that go elsewhere had come back before. */
static void release_runs(struct shb_traffic *t, u64 pfn, u64 nr)
{
	struct shb_run done;

	while (shb_runs_close(&t->runs, pfn, nr, &done))
		release(t, &done);
}

/* Whoever frees a run does nothing else meanwhile: what has not gone on for long has ended. */
static void release_old_runs(struct shb_traffic *t, u64 now)
{
	u64 long_ago = now - min(now, t->second / 1000 * RUN_ENDS_MS);
	struct shb_run done;

	while (shb_runs_expire(&t->runs, long_ago, &done))
		release(t, &done);
}

/* Somebody compares pages, or nothing comes any more. */
static void end_runs(struct shb_traffic *t)
{
	release_runs(t, 0, U64_MAX);
	t->runs.nr = 0;
}

static void open_run(struct shb_traffic *t, const struct shb_record *r)
{
	struct shb_run done;

	if (shb_runs_open(&t->runs, r, &done))
		release(t, &done);
}

static void fall_back(struct shb_traffic *t, const struct shb_record *r)
{
	u32 type = SHB_EXTFRAG_TYPE(r->arg);

	t->counts[SHB_TRAFFIC_EXTFRAG]++;
	t->counts[SHB_TRAFFIC_EXTFRAG_UNMOVABLE + type]++;
	t->counts[SHB_TRAFFIC_CLAIMS] += SHB_EXTFRAG_OWNED(r->arg);
	shb_mirror_fall_back(t->mirror, r);
	if (is_predicted(t))
		shb_mirror_fall_back(t->predictor.s, r);
}

static bool makes_sense(const struct shb_traffic *t, const struct shb_record *r)
{
	if (r->kind == SHB_REC_EXTFRAG)
		return SHB_EXTFRAG_TYPE(r->arg) < SHB_PCPTYPES && r->order <= SHB_MAX_ORDER &&
		       SHB_EXTFRAG_FOUND(r->arg) <= SHB_MAX_ORDER;
	return r->kind == SHB_REC_RUN || shb_order_on_pcp(&t->mirror->rules, r->order);
}

static void apply_said(struct shb_traffic *t, const struct shb_record *r)
{
	if (!makes_sense(t, r))
		t->counts[SHB_TRAFFIC_SENSELESS]++;
	else if (r->kind == SHB_REC_RUN)
		open_run(t, r);
	else if (!shb_mirror_has(t->mirror, r->pfn, r->order))
		t->counts[SHB_TRAFFIC_FOREIGN] += 1UL << r->order;
	else if (r->kind == SHB_REC_EXTFRAG)
		fall_back(t, r);
	else if (is_predicted(t))
		shb_predictor_tell(&t->predictor, r);
}

/* --- the stream --------------------------------------------------------------------------------------- */

/* Events of the second that has ended. */
static void measure_rate(struct shb_traffic *t)
{
	u64 events = shb_traffic_events(t);

	t->rate = events - t->counted;
	t->counted = events;
}

/* The ticks of the seconds that have passed; after a long silence a few do as well. */
static void tick(struct shb_traffic *t, u64 stamp)
{
	int n, ticks;

	if (!t->first) {
		t->first = stamp;
		t->next_tick = stamp + t->second;
	}
	t->last = max(t->last, stamp);
	for (ticks = 0; stamp >= t->next_tick; t->next_tick += t->second) {
		if (ticks++ == TICKS_AT_ONCE) {
			t->next_tick = stamp + t->second;
			break;
		}
		measure_rate(t);
		if (is_predicted(t))
			shb_predictor_tick(&t->predictor);
		for (n = 0; n < t->nr; n++)
			shb_candidate_tick(&t->candidates[n]);
	}
}

static void (*const apply[SHB_NR_RECORD_KINDS])(struct shb_traffic *t, const struct shb_record *r) = {
	[SHB_REC_ALLOC] = alloc_block, [SHB_REC_FREE] = free_block, [SHB_REC_COMPACT] = compact,
	[SHB_REC_UNCOMPACT] = uncompact, [SHB_REC_MIGRATE] = migrate,
};

/* Blocks above the largest order come as several of it. */
static void apply_block(struct shb_traffic *t, const struct shb_record *r)
{
	unsigned long pfn = r->pfn, from = r->arg, end = pfn + (1UL << r->order);
	struct shb_record one = *r;
	bool ours;

	one.order = min_t(int, one.order, SHB_MAX_ORDER);
	for (; pfn < end; pfn += 1UL << one.order, from += 1UL << one.order) {
		ours = shb_mirror_has(t->mirror, pfn, one.order);
		one.pfn = pfn;
		if (one.kind == SHB_REC_MIGRATE) {
			ours = ours && shb_mirror_has(t->mirror, from, one.order);
			one.arg = from;
		}
		if (!ours)
			t->counts[SHB_TRAFFIC_FOREIGN] += 1UL << one.order;
		else if (one.kind == SHB_REC_BULK)
			take_free(t, &one, pfn, one.order);
		else
			apply[one.kind](t, &one);
	}
}

/* The clock begins anew: what waits for an earlier stamp waits no more. */
static void restart(struct shb_traffic *t)
{
	end_runs(t);
	memset(t->owed, 0, sizeof(t->owed));
	t->past += t->last - t->first;
	t->first = 0;
	t->last = 0;
}

static void apply_note(struct shb_traffic *t, const struct shb_record *r)
{
	if (r->order < SHB_NR_NOTES)
		t->notes[r->order] += r->arg;
	if (r->order == SHB_NOTE_END || r->order == SHB_NOTE_SETTLE)
		end_runs(t);
	else if (r->order == SHB_NOTE_RESTART)
		restart(t);
}

/**
 * shb_traffic_apply() - one more thing happened
 * @r: a record of enum shb_record_kind, in the order of the stream
 *
 * Context: one at a time; takes zone locks of the mirror and the candidates.
 */
void shb_traffic_apply(struct shb_traffic *t, const struct shb_record *r)
{
	if (unlikely(r->kind >= SHB_NR_RECORD_KINDS || r->order > SHB_RECORD_ORDER_MAX)) {
		t->counts[SHB_TRAFFIC_SENSELESS]++;
		return;
	}
	t->kinds[r->kind]++;
	if (r->kind == SHB_REC_NOTE) {
		apply_note(t, r);
		return;
	}
	tick(t, r->stamp);
	if (unlikely(r->kind > SHB_REC_NOTE)) {
		apply_said(t, r);
		return;
	}
	if (unlikely(t->runs.nr)) {
		release_old_runs(t, r->stamp);
		if (gather(t, r))
			return;
		if (r->kind != SHB_REC_FREE)
			release_runs(t, r->pfn, r->kind == SHB_REC_CONTIG ? r->arg : 1UL << r->order);
	}
	if (r->kind == SHB_REC_FAIL)
		fail(t, r);
	else if (r->kind == SHB_REC_CONTIG)
		contig(t, r);
	else
		apply_block(t, r);
}

/**
 * shb_traffic_unexplained() - pages that came back, were nobody's, and nothing says why
 *
 * Return: pages; below 0 where compaction still has some.
 */
long shb_traffic_unexplained(const struct shb_traffic *t)
{
	long leftover = t->notes[SHB_NOTE_ISOLATED] - t->notes[SHB_NOTE_PUT_BACK] -
			t->counts[SHB_TRAFFIC_LANDED];

	return t->counts[SHB_TRAFFIC_UNKNOWN] - t->counts[SHB_TRAFFIC_UNCHARGED] - leftover;
}

/**
 * shb_traffic_events() - records of pages so far
 */
u64 shb_traffic_events(const struct shb_traffic *t)
{
	u64 events = 0;
	int kind;

	for (kind = 0; kind < SHB_REC_NOTE; kind++)
		events += t->kinds[kind];
	return events;
}
