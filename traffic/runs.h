/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that are told of one by one and come back as blocks; see runs.c. */
#ifndef SHB_RUNS_H
#define SHB_RUNS_H

#include "traffic/record.h"

#define SHB_RUNS	16

/* @last: the last record of it; its pfn is the page before @pos. */
struct shb_run {
	u64			start, pos, end;	/* pages: not given back yet, next, behind the last */
	struct shb_record	last;
};

struct shb_runs {
	struct shb_run	run[SHB_RUNS];
	int		nr;
};

bool shb_runs_open(struct shb_runs *runs, const struct shb_record *r, struct shb_run *done);
bool shb_runs_add(struct shb_runs *runs, const struct shb_record *r, struct shb_run *done);
bool shb_runs_end(struct shb_runs *runs, u64 pfn, struct shb_run *done);
bool shb_runs_expire(struct shb_runs *runs, u64 stamp, struct shb_run *done);
bool shb_runs_close(struct shb_runs *runs, u64 pfn, u64 nr, struct shb_run *done);

#endif
