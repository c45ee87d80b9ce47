/* SPDX-License-Identifier: GPL-2.0-only */
/* A state that decides otherwise from here on; see become.c. */
#ifndef SHB_BECOME_H
#define SHB_BECOME_H

struct shb_profile;
struct shb_state;

int shb_become(struct shb_state *s, const struct shb_profile *profile);
int shb_become_tuned(struct shb_state *s, int knob, const char *text, char *error);
int shb_become_reset(struct shb_state *s);

#endif
