/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages whose memory the kernel found broken; see failure.c. */
#ifndef SHB_FAILURE_H
#define SHB_FAILURE_H

#include <linux/workqueue.h>

#include "types.h"

struct tracepoint;

struct shb_failure {
	struct shb_state	*s;
	struct tracepoint	*event;		/* NULL: the kernel has none */
	struct work_struct	drain;
};

int shb_failure_watch(struct shb_failure *f, struct shb_state *s);
void shb_failure_unwatch(struct shb_failure *f);

#endif
