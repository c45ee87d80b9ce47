// SPDX-License-Identifier: GPL-2.0-only
/*
 * __free_contig_range_common() of 7.2 tells of every page of a run first and frees the run as
 * large blocks then, which nobody tells of:
 *
 *     run 40..51   free 40, free 41, .. free 51    -->  order 3 at 40, order 2 at 48
 *                  free 40, 41,     44, .. 51      -->  order 1 at 40, order 2 at 44, order 2 at 48
 *                         (somebody holds 42 and 43)
 *
 * A page is of the run it lies in, whichever cpu it is told on: who frees a run may be moved, and
 * what interrupts free meanwhile is of other pages. A run ends with its last page, with the next
 * run of its cpu, when one of its pages goes elsewhere, or when it has not gone on for long: others
 * may hold its last pages.
 */
#include "traffic/runs.h"

static bool is_due(const struct shb_run *run)
{
	return run->pos > run->start;
}

/* Return: it had pages that are not given back yet; they are @done. */
static bool drop(struct shb_runs *runs, int k, struct shb_run *done)
{
	*done = runs->run[k];
	runs->run[k] = runs->run[--runs->nr];
	return is_due(done);
}

/* Return: the cpu's run, or NULL. */
static struct shb_run *run_of(struct shb_runs *runs, u32 cpu)
{
	int k;

	for (k = 0; k < runs->nr; k++)
		if (runs->run[k].last.cpu == cpu)
			return &runs->run[k];
	return NULL;
}

/* Return: the run whose next page this may be, or NULL. */
static struct shb_run *run_at(struct shb_runs *runs, u64 pfn)
{
	int k;

	for (k = 0; k < runs->nr; k++)
		if (runs->run[k].pos <= pfn && pfn < runs->run[k].end)
			return &runs->run[k];
	return NULL;
}

/**
 * shb_runs_open() - pages of a run will come next
 * @r: announces arg pages from pfn on
 * @done: what is left of the cpu's run before, out
 *
 * More runs at a time than there is room for come page by page.
 *
 * Return: there is something left.
 */
bool shb_runs_open(struct shb_runs *runs, const struct shb_record *r, struct shb_run *done)
{
	struct shb_run *run = run_of(runs, r->cpu);
	bool due = run && drop(runs, run - runs->run, done);

	if (runs->nr < SHB_RUNS)
		runs->run[runs->nr++] = (struct shb_run){
			.start = r->pfn, .pos = r->pfn, .end = (u64)r->pfn + r->arg, .last = *r,
		};
	return due;
}

/**
 * shb_runs_add() - a page comes back: is it of a run?
 * @r: free of one page
 * @done: pages before a gap, which go back now: from start to pos, or none
 *
 * Return: it is; who asked need not free it.
 */
bool shb_runs_add(struct shb_runs *runs, const struct shb_record *r, struct shb_run *done)
{
	struct shb_run *run = run_at(runs, r->pfn);

	*done = (struct shb_run){ };
	if (!run)
		return false;
	if (r->pfn != run->pos) {
		*done = *run;
		run->start = r->pfn;
	}
	run->pos = (u64)r->pfn + 1;
	run->last = *r;
	return true;
}

/**
 * shb_runs_end() - was this the last page of a run?
 * @pfn: page that shb_runs_add() took
 * @done: the run, out
 *
 * Return: it was, and there is something left of it.
 */
bool shb_runs_end(struct shb_runs *runs, u64 pfn, struct shb_run *done)
{
	int k;

	for (k = 0; k < runs->nr; k++)
		if (runs->run[k].pos == pfn + 1 && runs->run[k].end == pfn + 1)
			return drop(runs, k, done);
	return false;
}

/**
 * shb_runs_expire() - end a run that has not gone on since a moment
 * @stamp: the moment
 * @done: the run, out; it may have no page left
 *
 * To be called until there is none.
 *
 * Return: there was one.
 */
bool shb_runs_expire(struct shb_runs *runs, u64 stamp, struct shb_run *done)
{
	int k;

	for (k = 0; k < runs->nr; k++) {
		if (runs->run[k].last.stamp < stamp) {
			drop(runs, k, done);
			return true;
		}
	}
	return false;
}

/**
 * shb_runs_close() - end a run that holds pages of a range back
 * @nr: pages from @pfn on
 * @done: it, out
 *
 * To be called until there is none.
 *
 * Return: there was one.
 */
bool shb_runs_close(struct shb_runs *runs, u64 pfn, u64 nr, struct shb_run *done)
{
	int k;

	for (k = 0; k < runs->nr; k++)
		if (is_due(&runs->run[k]) && runs->run[k].start < pfn + nr && pfn < runs->run[k].pos)
			return drop(runs, k, done);
	return false;
}
