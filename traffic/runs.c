// SPDX-License-Identifier: GPL-2.0-only
/*
 * __free_contig_range_common() of 7.2 tells of every page of a run first and frees the run as
 * large blocks then, which nobody tells of:
 *
 *     run 40..51   free 40, free 41, .. free 51    -->  order 3 at 40, order 2 at 48
 *                  free 40, 41,     44, .. 51      -->  order 1 at 40, order 2 at 44, order 2 at 48
 *                         (somebody holds 42 and 43)
 *
 * A run belongs to the cpu that announced it; what interrupts free meanwhile is of other pages.
 * It ends with its last page, with the cpu's next run, or when one of its pages goes elsewhere.
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
 * shb_runs_add() - a page comes back: is it of its cpu's run?
 * @r: free of one page
 * @done: pages before a gap, which go back now: from start to pos, or none
 *
 * Return: it is; who asked need not free it.
 */
bool shb_runs_add(struct shb_runs *runs, const struct shb_record *r, struct shb_run *done)
{
	struct shb_run *run = run_of(runs, r->cpu);

	*done = (struct shb_run){ };
	if (!run || r->pfn < run->pos || r->pfn >= run->end)
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
 * shb_runs_end() - has the cpu's run had its last page?
 * @done: its pages, out
 *
 * Return: it has, and there is something left of it.
 */
bool shb_runs_end(struct shb_runs *runs, u32 cpu, struct shb_run *done)
{
	struct shb_run *run = run_of(runs, cpu);

	return run && run->pos == run->end && drop(runs, run - runs->run, done);
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
