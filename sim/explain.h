/* SPDX-License-Identifier: GPL-2.0-only */
/* What a command did, in words; see explain.c. */
#ifndef SIM_EXPLAIN_H
#define SIM_EXPLAIN_H

#include "sim/session.h"

void sim_explain_begin(struct sim_session *ses, const char *line);
void sim_explain_end(struct sim_session *ses);

#endif
