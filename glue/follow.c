// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following the live kernel: probes write to rings, a thread merges the rings by stamp and
 * applies record after record to the mirror and the candidates, and to a recording.
 *
 *     cpu 0: probes --> ring --+
 *     cpu 1: probes --> ring --+--> by stamp --> traffic/start.c: before its zone's moment?
 *     ...                      |                     |
 *                                                    +--> mirror, candidates, recording
 *
 * The thread is behind by LAG, because a record may be stamped and not yet in its ring. It
 * allocates nothing, and the kernel never waits for it: rings that are full lose, and say so.
 */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "ctl/ctl.h"
#include "glue/follow.h"
#include "glue/hooks.h"
#include "glue/import.h"
#include "glue/ring.h"
#include "glue/topology.h"
#include "names.h"
#include "profiles/profiles.h"
#include "show/show.h"
#include "state.h"
#include "traffic/mirror.h"
#include "traffic/recording.h"
#include "tune.h"

#define LAG_MS		4
#define READ_AT_ONCE	4096		/* records between two chances for others */
#define FROZEN_LONG	(10 * NSEC_PER_MSEC)
#define BLOCKS_AT_ONCE	(1UL << 17)	/* copied under a zone's locks: 10 ns each, 80 from cold memory */
#define STATES_MAX	(SHB_CANDIDATES + 2)	/* the mirror, candidates, the predictor */

/**
 * shb_follow_init() - nothing is followed yet
 * @ring_records: room for records on each cpu; a power of two
 */
void shb_follow_init(struct shb_follow *f, unsigned int ring_records)
{
	*f = (struct shb_follow){ .ring_records = ring_records };
	mutex_init(&f->lock);
	mutex_init(&f->reading);
	shb_stream_init(&f->stream);
}

/**
 * shb_follow_zone() - the kernel's zone that a zone of the mirror is the image of
 *
 * Return: zone, or NULL: it has no memory any more.
 */
struct zone *shb_follow_zone(const struct shb_zone *z)
{
	return shb_topology_zone(z->nid, z->kind);
}

static int complain(char *error, const char *text)
{
	strscpy(error, text, SHB_WISH_ERROR);
	return -EINVAL;
}

/* --- candidates ------------------------------------------------------------------------------------- */

static void drop_wish(struct shb_follow *f, const char *name)
{
	int n;

	for (n = 0; n < f->nr_wishes && strcmp(f->wishes[n].name, name); n++)
		;
	if (n == f->nr_wishes)
		return;
	f->nr_wishes--;
	memmove(&f->wishes[n], &f->wishes[n + 1], (f->nr_wishes - n) * sizeof(*f->wishes));
}

/* "name=old off" */
static bool ends_in_off(const char *words)
{
	size_t len = strlen(words);

	return len > 4 && !strcmp(words + len - 4, " off");
}

static int add_wish(struct shb_follow *f, const char *words, char *error)
{
	struct shb_wish wish;
	char copy[SHB_WISH_TEXT];
	bool off = ends_in_off(words);
	int err;

	strscpy(copy, words, min(sizeof(copy), strlen(words) + 1 - (off ? 4 : 0)));
	err = shb_wish_parse(&wish, off ? copy : words, error);
	if (err)
		return err;
	drop_wish(f, wish.name);
	if (off)
		return 0;
	if (f->nr_wishes == SHB_CANDIDATES)
		return complain(error, "expected at most eight candidates");
	f->wishes[f->nr_wishes++] = wish;
	return 0;
}

/**
 * shb_follow_candidate() - have a candidate when following begins, or another one, or none
 * @words: as traffic/wish.c says; "NAME off" drops it
 * @error: room for SHB_WISH_ERROR
 *
 * Context: process context.
 * Return: 0; -EBUSY while following; -EINVAL with @error.
 */
int shb_follow_candidate(struct shb_follow *f, const char *words, char *error)
{
	int err = -EBUSY;

	mutex_lock(&f->lock);
	if (f->t)
		complain(error, "candidates are chosen before follow on");
	else
		err = add_wish(f, words, error);
	mutex_unlock(&f->lock);
	return err;
}

/* --- records ----------------------------------------------------------------------------------------- */

/* Refills and drains nobody asked for were needed for the start only. */
static bool is_wanted(const struct shb_follow *f, const struct shb_record *r)
{
	return (f->how & SHB_FOLLOW_EVIDENCE) ||
	       (r->kind != SHB_REC_REFILL && r->kind != SHB_REC_DRAIN);
}

static void apply(void *arg, const struct shb_record *r)
{
	struct shb_follow *f = arg;

	if (!is_wanted(f, r))
		return;
	shb_traffic_apply(f->t, r);
	shb_stream_put(&f->stream, r);
}

/**
 * shb_follow_deliver() - one more record, in the order of the stream
 *
 * Context: holds f->reading.
 */
void shb_follow_deliver(struct shb_follow *f, const struct shb_record *r)
{
	if (likely(shb_start_is_over(&f->start)))
		apply(f, r);
	else
		shb_start_deliver(&f->start, r);
}

/* Numbers that the cpus count, as notes of what they have grown by. */
static void tell_note(struct shb_follow *f, int note, u64 now)
{
	struct shb_record r = { .kind = SHB_REC_NOTE, .order = note, .stamp = shb_clock_read() };

	while (f->told[note] < now) {
		r.arg = min_t(u64, now - f->told[note], U32_MAX);
		f->told[note] += r.arg;
		shb_follow_deliver(f, &r);
	}
}

static void tell_notes(struct shb_follow *f)
{
	u64 lost = shb_hooks_missed(), isolated = 0, put_back = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct shb_ring *r = per_cpu_ptr(f->rings, cpu);

		lost += READ_ONCE(r->lost) + READ_ONCE(r->lost_nmi);
		isolated += READ_ONCE(r->isolated);
		put_back += READ_ONCE(r->put_back);
	}
	tell_note(f, SHB_NOTE_LOST, lost);
	tell_note(f, SHB_NOTE_ISOLATED, isolated);
	tell_note(f, SHB_NOTE_PUT_BACK, put_back);
}

/* What compaction did before the copies were made is in them. */
static void forget_counts(struct shb_follow *f)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		f->told[SHB_NOTE_ISOLATED] += READ_ONCE(per_cpu_ptr(f->rings, cpu)->isolated);
		f->told[SHB_NOTE_PUT_BACK] += READ_ONCE(per_cpu_ptr(f->rings, cpu)->put_back);
	}
}

/* Up to READ_AT_ONCE records. Return: there may be more. */
static bool read_some(struct shb_follow *f, u64 until)
{
	struct shb_record *one;
	struct shb_ring *r;
	int left = READ_AT_ONCE;
	u64 next;

	while (left > 0) {
		r = shb_rings_oldest(f->rings, &next);
		if (!r)
			return false;
		one = shb_ring_peek(r);
		if (one->stamp > until)
			return false;
		do {
			f->late += one->stamp < f->t->last;
			shb_ring_complete(r, one);
			shb_follow_deliver(f, one);
			shb_ring_drop(r);
			one = shb_ring_peek(r);
		} while (--left > 0 && one && one->stamp <= min(next, until));
	}
	return true;
}

/**
 * shb_follow_read() - read the rings
 * @until: stamp of the last record to read
 *
 * Context: process context, holds f->reading.
 */
void shb_follow_read(struct shb_follow *f, u64 until)
{
	while (read_some(f, until))
		cond_resched();
	shb_start_advance(&f->start, until);
	tell_notes(f);
	shb_stream_wake(&f->stream);
}

/* What is in the rings now, cpu after cpu, whatever the stamps say. */
static void empty_rings(struct shb_follow *f)
{
	struct shb_record *one;
	struct shb_ring *r;
	int cpu;
	u32 nr;

	for_each_possible_cpu(cpu) {
		r = per_cpu_ptr(f->rings, cpu);
		for (nr = READ_ONCE(r->head) - r->tail; nr && (one = shb_ring_peek(r)); nr--) {
			shb_ring_complete(r, one);
			shb_follow_deliver(f, one);
			shb_ring_drop(r);
		}
		cond_resched();
	}
}

static u64 lag(void)
{
	return shb_clock_second() / 1000 * LAG_MS;
}

/* Has somebody switched probes off? */
static void look_at_probes(struct shb_follow *f)
{
	struct shb_record sunk = { .kind = SHB_REC_NOTE, .order = SHB_NOTE_CLASS, .arg = 1 };

	if (!f->watching || f->class != 'A' || shb_hooks_class() == 'A')
		return;
	f->class = 'B';
	sunk.stamp = f->t->last;
	shb_follow_deliver(f, &sunk);
}

/* After a suspend the clock may begin anew; what is in the rings is from before. */
static void read_rings(struct shb_follow *f)
{
	static const struct shb_record restart = {
		.kind = SHB_REC_NOTE, .order = SHB_NOTE_RESTART, .arg = 1,
	};
	u64 now;

	mutex_lock(&f->reading);
	now = shb_clock_read();		/* an audit may have read up to a moment ago */
	if (unlikely(now + shb_clock_second() < f->t->last)) {
		empty_rings(f);
		shb_start_advance(&f->start, U64_MAX);
		shb_follow_deliver(f, &restart);
	} else {
		shb_follow_read(f, now - lag());
	}
	look_at_probes(f);
	mutex_unlock(&f->reading);
}

/* A last look; from now on probes go because we are done. */
static void stop_watching(struct shb_follow *f)
{
	mutex_lock(&f->reading);
	look_at_probes(f);
	f->watching = false;
	mutex_unlock(&f->reading);
}

static int work(void *arg)
{
	struct shb_follow *f = arg;

	while (!kthread_should_stop()) {
		read_rings(f);
		schedule_timeout_idle(msecs_to_jiffies(LAG_MS / 2) ?: 1);
	}
	return 0;
}

/* --- the beginning ----------------------------------------------------------------------------------- */

/* All of it at one moment. */
static int take_zone(struct shb_follow *f, struct shb_snapshot *m, struct zone *zone,
		     const struct shb_zone *z)
{
	u64 before = ktime_get_ns();
	int err = shb_import_take(m, zone, shb_clock_read);
	u32 granule;

	f->frozen = max(f->frozen, ktime_get_ns() - before);
	for (granule = 0; granule < m->nr_frames >> SHB_GRANULE_ORDER && !err; granule++)
		shb_start_copied(&f->start, z, granule, m->taken);
	return err;
}

/* Each granule at a moment of its own. */
static int scan_zone(struct shb_follow *f, struct shb_snapshot *m, struct zone *zone,
		     const struct shb_zone *z)
{
	struct shb_import_scan scan;
	int err = shb_import_scan(m, zone, shb_clock_read, &scan);
	unsigned long i;
	u32 granule;

	f->frozen = max(f->frozen, scan.held);
	for (granule = 0; granule < m->nr_frames >> SHB_GRANULE_ORDER && !err; granule++)
		shb_start_copied(&f->start, z, granule, scan.moments[granule]);
	if (!err)
		for_each_set_bit(i, scan.kept, m->nr_frames)
			shb_start_kept(&f->start, shb_pfn_of(z, i), 1);
	shb_import_scan_free(&scan);
	return err;
}

static bool is_large(const struct zone *zone)
{
	return shb_import_blocks(zone) > BLOCKS_AT_ONCE;
}

/* Are there zones that are copied piece by piece? */
static bool needs_slices(const struct shb_follow *f, const struct shb_state *s)
{
	const struct zone *zone;
	int id;

	for (id = 0; id < s->nr_zones; id++) {
		zone = shb_follow_zone(s->zones[id]);
		if ((f->how & SHB_FOLLOW_SLICES) || (zone && is_large(zone)))
			return true;
	}
	return false;
}

/* Memory may have come or gone since the states were built. */
static bool is_of(const struct shb_snapshot *m, const struct shb_zone *z)
{
	return m->nr_frames == z->extent.nr_frames && m->start_pfn == z->extent.granule_pfn[0];
}

/* Put a zone of the kernel into every state. */
static int copy_zone(struct shb_follow *f, struct shb_state **states, int nr, int id, bool slices)
{
	const struct shb_zone *z = states[0]->zones[id];
	struct zone *zone = shb_follow_zone(z);
	struct shb_snapshot m = { };
	int n, err = zone ? shb_import_init(&m, zone) : -EAGAIN;

	if (!err && !is_of(&m, z))
		err = -EAGAIN;
	if (!err) {
		shb_import_movable(&m, zone);
		slices = slices && ((f->how & SHB_FOLLOW_SLICES) || is_large(zone));
		err = (slices ? scan_zone : take_zone)(f, &m, zone, z);
	}
	for (n = 0; n < nr && !err; n++)
		err = shb_snapshot_apply(&m, states[n]->zones[id]);
	shb_snapshot_free(&m);
	return err;
}

static int copy_zones(struct shb_follow *f, struct shb_state **states, int nr, bool slices)
{
	int id, err = 0;

	for (id = 0; id < states[0]->nr_zones && !err; id++)
		err = copy_zone(f, states, nr, id, slices);
	if (slices && !(f->how & SHB_FOLLOW_EVIDENCE))
		shb_hooks_drop_evidence();
	forget_counts(f);
	if (f->frozen > FROZEN_LONG)
		pr_notice("follow: copying a zone's lists held its locks for %llu ms\n",
			  f->frozen / NSEC_PER_MSEC);
	return err;
}

static int show_head(struct seq_file *m, void *arg)
{
	struct shb_state *s = arg;
	int err;

	shb_recording_show_head(m, shb_clock_second(), shb_hooks_class());
	err = shb_show_machine(s, m) ?: shb_show_snapshot(s, m);
	seq_puts(m, "records\n");
	return err;
}

/* Wishes come true: the candidates decide from here on. */
static int start_candidates(struct shb_follow *f, struct shb_state **states, char *error)
{
	int n, err = 0;

	for (n = 0; n < f->nr_wishes && !err; n++) {
		err = shb_wish_apply(&f->wishes[n], states[n], f->t->mirror->profile, error) ?:
		      shb_candidate_init(&f->t->candidates[n], states[n], f->wishes[n].name);
		f->t->nr += !err;
	}
	return err;
}

/* Nobody reads the rings while states are filled. */
static void warn_of_loss(struct shb_follow *f)
{
	u64 lost = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		lost += READ_ONCE(per_cpu_ptr(f->rings, cpu)->lost);
	if (lost)
		pr_notice("follow: %llu records found no room while it began; a larger ring_records= has some, \"follow repair\" mends the mirror\n",
			  lost);
}

/* @profile: empty: the machine's own. A policy may be gone since it was wished for. */
static struct shb_state *build_state(const char *profile, const struct shb_profile *own, char *error)
{
	const struct shb_profile *p = *profile ? shb_profile_get(profile) : own;
	struct shb_state *s;

	if (!p) {
		scnprintf(error, SHB_WISH_ERROR, "profile %s: expected it to be loaded still", profile);
		return ERR_PTR(-EINVAL);
	}
	s = shb_topology_image(p);
	shb_profile_put(p);
	return s;
}

/* The mirror, the candidates in the order of their wishes, then perhaps the predictor. */
static int build_states(struct shb_follow *f, struct shb_state **states, int nr, char *error)
{
	bool exact;
	const struct shb_profile *own = shb_profile_for(init_utsname()->release, &exact);
	int n;

	for (n = 0; n < nr; n++) {
		states[n] = build_state(n && n <= f->nr_wishes ? f->wishes[n - 1].profile : "", own, error);
		if (IS_ERR(states[n]))
			return PTR_ERR(states[n]);
		states[n]->id = n + 1;
		if (!shb_topology_is_alike(states[0], states[n]))
			return -EAGAIN;		/* memory came or went in between */
	}
	return states[0]->nr_zones ? shb_traffic_check_span(states[0]) : -EAGAIN;
}

/* The machine's tunables are not for modules to read: who begins says them. */
static int set_tunables(struct shb_state **states, int nr, const char *tunables, char *error)
{
	struct shb_wish w = { };
	int n, err = 0;

	strscpy(w.tunables, tunables, sizeof(w.tunables));
	for (n = 0; n < nr && !err && *tunables; n++)
		err = shb_wish_apply(&w, states[n], states[n]->profile, error);
	return err;
}

static int alloc_tables(struct shb_follow *f, struct shb_state *s)
{
	return shb_start_init(&f->start, s, apply, f) ?: shb_rings_create(&f->rings, f->ring_records);
}

static void free_all(struct shb_follow *f, struct shb_state **states, int nr)
{
	int n;

	for (n = 0; f->t && n < f->t->nr; n++)
		shb_candidate_exit(&f->t->candidates[n]);
	shb_start_exit(&f->start);
	for (n = 0; n < nr; n++)
		if (!IS_ERR_OR_NULL(states[n]))
			shb_state_destroy(states[n]);
	shb_rings_destroy(f->rings);
	kvfree(f->t);
	f->rings = NULL;
	f->t = NULL;
}

/* From the first probe to the thread. */
static int start(struct shb_follow *f, struct shb_state **states, int nr, char *error)
{
	bool slices = needs_slices(f, states[0]);
	int err = shb_hooks_start(f->rings, (f->how & SHB_FOLLOW_EVIDENCE) ? SHB_EVIDENCE_ALL :
					    slices ? SHB_EVIDENCE_REFILLS : SHB_EVIDENCE_NONE);

	if (err)
		return err;
	f->class = shb_hooks_class();
	f->watching = true;
	/* Nobody is any more between a place where a probe is now and the list behind it. */
	synchronize_rcu_tasks();
	err = copy_zones(f, states, nr, slices);
	if (!err && (f->how & SHB_FOLLOW_RECORD))
		err = shb_stream_start(&f->stream, show_head, states[0]);
	if (err)
		goto stop_hooks;
	shb_traffic_init(f->t, states[0], shb_clock_second());
	if (f->how & SHB_FOLLOW_PREDICT)
		shb_predictor_init(&f->t->predictor, states[nr - 1]);
	err = start_candidates(f, states + 1, error);
	if (err)
		goto end_stream;
	warn_of_loss(f);
	f->thread = kthread_run(work, f, "shb_follow");
	err = PTR_ERR_OR_ZERO(f->thread);
	if (!err) {
		set_user_nice(f->thread, 10);
		return 0;
	}
	f->thread = NULL;

end_stream:
	shb_stream_end(&f->stream);
stop_hooks:
	shb_hooks_stop();
	return err;
}

static int switch_on(struct shb_follow *f, unsigned int how, const char *tunables, char *error)
{
	int nr = 1 + f->nr_wishes + !!(how & SHB_FOLLOW_PREDICT), err;
	struct shb_state *states[STATES_MAX] = { };

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return complain(error, "this kernel's zone locks sleep (PREEMPT_RT): its lists cannot be copied at a moment");
	f->how = how;
	f->late = 0;
	f->frozen = 0;
	f->repaired = 0;
	memset(f->told, 0, sizeof(f->told));
	err = build_states(f, states, nr, error) ?: set_tunables(states, nr, tunables, error) ?:
	      alloc_tables(f, states[0]);
	if (!err)
		f->t = kvzalloc(sizeof(*f->t), GFP_KERNEL);
	if (!err && !f->t)
		err = -ENOMEM;
	if (!err)
		err = start(f, states, nr, error);
	if (err)
		free_all(f, states, nr);
	return err;
}

/**
 * shb_follow_on() - begin to follow the kernel
 * @how: SHB_FOLLOW_*; the file recording has the recording
 * @tunables: the machine's, as words name=value; empty: the defaults
 * @error: what is wrong, out on -EINVAL; room for SHB_WISH_ERROR
 *
 * Each zone's locks are held once, for as long as its lists are, or for each granule of a zone
 * with very many free blocks.
 *
 * Context: process context, sleeps; tens of milliseconds, and seconds for large machines.
 * Return: 0; -EBUSY: it is on; -EINVAL, -ENOMEM, or why a tracepoint cannot be used. On failure
 * nothing is probed and nothing remains.
 */
int shb_follow_on(struct shb_follow *f, unsigned int how, const char *tunables, char *error)
{
	int err;

	mutex_lock(&f->lock);
	err = f->t || f->closed ? -EBUSY : switch_on(f, how, tunables, error);
	mutex_unlock(&f->lock);
	return err;
}

/* --- files -------------------------------------------------------------------------------------------- */

static void forget_results(struct shb_follow *f)
{
	kvfree(f->last_state);
	kvfree(f->last_table);
	f->last_state = NULL;
	f->last_table = NULL;
}

/* What the kernel has free of a zone, wherever: lists, per-cpu lists, counters not folded in. */
static long kernel_free(struct zone *zone)
{
	long sum = atomic_long_read(&zone->vm_stat[NR_FREE_PAGES]);
	int cpu;

	for_each_possible_cpu(cpu) {
		sum += READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
#ifdef CONFIG_SMP
		sum += per_cpu_ptr(zone->per_cpu_zonestats, cpu)->vm_stat_diff[NR_FREE_PAGES];
#endif
	}
	return sum;
}

static void show_drift(struct shb_follow *f, struct seq_file *m)
{
	struct shb_zone *z;
	struct zone *zone;
	int n;

	shb_for_each_zone(f->t->mirror, z, n) {
		zone = shb_follow_zone(z);
		if (zone && f->thread)
			seq_printf(m, "drift node %d zone %s pages %ld\n", z->nid,
				   shb_kind_name(z->kind),
				   READ_ONCE(z->buddy.free_pages) - kernel_free(zone));
	}
}

/* Records lost, by reason. */
static void show_losses(struct shb_follow *f, struct seq_file *m)
{
	u64 full = 0, nmi = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		full += READ_ONCE(per_cpu_ptr(f->rings, cpu)->lost);
		nmi += READ_ONCE(per_cpu_ptr(f->rings, cpu)->lost_nmi);
	}
	seq_printf(m, "lost_full %llu\nlost_nmi %llu\nlost_probe %llu\n", full, nmi,
		   shb_hooks_missed());
}

/* Microseconds since the oldest thing happened that nobody has read of. */
static u64 behind(struct shb_follow *f)
{
	u64 next, now = shb_clock_read();
	struct shb_ring *r = shb_rings_oldest(f->rings, &next);
	u64 stamp = r ? shb_ring_peek(r)->stamp : now;

	return now > stamp ? div64_u64((now - stamp) * USEC_PER_SEC, shb_clock_second()) : 0;
}

/* Frames, maps, rings and tables. */
static u64 memory_used(const struct shb_follow *f)
{
	u64 pages = f->t->mirror->map.nr << SHB_GRANULE_ORDER;
	int states = 1 + f->t->nr + !!f->t->predictor.s;

	return pages * (states * sizeof(struct shb_frame) + f->t->nr * sizeof(u32)) + pages / 8 +
	       (u64)num_possible_cpus() * f->ring_records * sizeof(struct shb_record) +
	       (f->stream.on ? SHB_STREAM_RECORDS * sizeof(struct shb_record) : 0);
}

/* How it goes: class, events, losses, drift. */
static int print_state(struct seq_file *m, void *arg)
{
	struct shb_follow *f = arg;

	mutex_lock(&f->reading);
	seq_printf(m, "class %c\n", f->class);
	shb_hooks_show(m);
	seq_printf(m, "clock %s %llu\n", shb_clock_is_tsc() ? "tsc" : "monotonic", shb_clock_second());
	shb_traffic_show(f->t, m);
	show_losses(f, m);
	seq_printf(m, "behind %llu us\nmemory %llu bytes\n", behind(f), memory_used(f));
	seq_printf(m, "late %llu\nfrozen %llu us\nrepaired %llu pages\n", f->late,
		   f->frozen / NSEC_PER_USEC, f->repaired);
	show_drift(f, m);
	mutex_unlock(&f->reading);
	return 0;
}

static int print_table(struct seq_file *m, void *arg)
{
	struct shb_follow *f = arg;

	shb_traffic_compare(f->t, m);
	return 0;
}

/**
 * shb_follow_show() - how it goes or, when it is off, how it went and who is wished for next
 *
 * Context: process context, sleeps.
 */
void shb_follow_show(struct shb_follow *f, struct seq_file *m)
{
	int n;

	mutex_lock(&f->lock);
	seq_printf(m, "following %s\n", f->t ? "on" : "off");
	if (f->t)
		print_state(m, f);
	else if (f->last_state)
		seq_puts(m, f->last_state);
	for (n = 0; n < f->nr_wishes && !f->t; n++)
		seq_printf(m, "wish %s %s\n", f->wishes[n].name,
			   *f->wishes[n].profile ? f->wishes[n].profile : "own");
	mutex_unlock(&f->lock);
}

/**
 * shb_follow_compare() - the kernel and the candidates side by side, as of now or of the end
 *
 * Records go on to come meanwhile: whoever walks all frames must not make the rings overflow.
 *
 * Context: process context, sleeps.
 */
void shb_follow_compare(struct shb_follow *f, struct seq_file *m)
{
	mutex_lock(&f->lock);
	if (f->t)
		print_table(m, f);
	else
		seq_puts(m, f->last_table ?: "nothing has been followed yet\n");
	mutex_unlock(&f->lock);
}

/**
 * shb_follow_curve() - what the curves of the kernel and the candidates are at now
 *
 * Context: process context, sleeps.
 */
void shb_follow_curve(struct shb_follow *f, struct seq_file *m)
{
	mutex_lock(&f->lock);
	seq_puts(m, SHB_CURVE_HEAD);
	if (f->t)
		shb_traffic_curve(f->t, m);
	mutex_unlock(&f->lock);
}

/* --- the end -------------------------------------------------------------------------------------------- */

/* The files go on to tell how it ended. Without memory they tell nothing. */
static void keep_results(struct shb_follow *f)
{
	size_t len;

	forget_results(f);
	if (shb_text_print(print_state, f, &f->last_state, &len) ||
	    shb_text_print(print_table, f, &f->last_table, &len))
		forget_results(f);
}

/* Everything that is in the rings still counts; then a mark says that nothing is missing. */
static void finish(struct shb_follow *f)
{
	struct shb_record end = { .kind = SHB_REC_NOTE, .order = SHB_NOTE_END, .arg = 1 };

	mutex_lock(&f->reading);
	shb_follow_read(f, U64_MAX);
	end.stamp = f->t->last;
	shb_follow_deliver(f, &end);
	mutex_unlock(&f->reading);
	shb_stream_end(&f->stream);
}

/**
 * shb_follow_off() - stop following
 *
 * Context: process context, sleeps until no probe runs any more.
 * Return: 0, or -ENODEV: it was off.
 */
int shb_follow_off(struct shb_follow *f)
{
	struct shb_state *states[STATES_MAX] = { };
	int n, nr;

	mutex_lock(&f->lock);
	if (!f->t) {
		mutex_unlock(&f->lock);
		return -ENODEV;
	}
	stop_watching(f);
	shb_hooks_stop();
	kthread_stop(f->thread);
	f->thread = NULL;
	finish(f);
	keep_results(f);
	states[0] = f->t->mirror;
	nr = f->t->nr;
	for (n = 0; n < nr; n++)
		states[n + 1] = f->t->candidates[n].s;
	states[nr + 1] = f->t->predictor.s;
	free_all(f, states, nr + 2);
	mutex_unlock(&f->lock);
	return 0;
}

/**
 * shb_follow_close() - it does not begin any more
 */
void shb_follow_close(struct shb_follow *f)
{
	mutex_lock(&f->lock);
	f->closed = true;
	mutex_unlock(&f->lock);
}

/**
 * shb_follow_exit() - the end of it all; readers of files are gone
 */
void shb_follow_exit(struct shb_follow *f)
{
	shb_follow_off(f);
	forget_results(f);
	shb_stream_exit(&f->stream);
	mutex_destroy(&f->lock);
	mutex_destroy(&f->reading);
}

