/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's vm tunables, for the shadow; see tune.c. */
#ifndef SHB_TUNE_H
#define SHB_TUNE_H

#include "types.h"

#define SHB_TUNE_ERROR	80	/* room for an error text */

struct seq_file;

void shb_tune_init(struct shb_state *s, bool transparent_hugepage);
void shb_tune_reset(struct shb_state *s);
void shb_tune_renew(struct shb_state *s);
void shb_tune_renew_lists(struct shb_state *s);
void shb_tune_cpu_changed(struct shb_state *s, int cpu, bool online);
bool shb_tune_has(const struct shb_state *s, int knob);
const char *shb_tune_name(int knob);
int shb_tune_show(struct shb_state *s, int knob, struct seq_file *m);
int shb_tune_write(struct shb_state *s, int knob, const char *text, char *error);

#endif
