/* SPDX-License-Identifier: GPL-2.0-only */
/* Policies from files; see library.c. */
#ifndef SIM_LIBRARY_H
#define SIM_LIBRARY_H

#include <linux/types.h>

bool sim_is_library(const char *word);
int sim_library_load(const char *path, char *name);
int sim_library_words(const char *words, char *text, size_t size);

#endif
