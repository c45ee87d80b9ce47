/* SPDX-License-Identifier: GPL-2.0-only */
/* What the program needs beside the kernel's library; see runtime.c. */
#ifndef SIM_RUNTIME_H
#define SIM_RUNTIME_H

#include <linux/types.h>

int sim_read_file(const char *path, char **text);
const char *sim_file_error(int err);

#endif
