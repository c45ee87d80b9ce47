/* SPDX-License-Identifier: GPL-2.0-only */
/* Policies from files; see library.c. */
#ifndef SIM_LIBRARY_H
#define SIM_LIBRARY_H

#include "types.h"

bool sim_is_library(const char *word);
int sim_library_load(const char *path, char *name);
void sim_tell_refusals(const struct shb_state *s);
int sim_library_words(const char *words, char *text, size_t size);

#endif
