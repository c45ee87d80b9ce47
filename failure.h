/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages whose memory the kernel found broken; see failure.c. */
#ifndef SHB_FAILURE_H
#define SHB_FAILURE_H

#include "types.h"

int shb_failure_watch(struct shb_state *s);
void shb_failure_unwatch(struct shb_state *s);

#endif
