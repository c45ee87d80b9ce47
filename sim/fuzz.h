/* SPDX-License-Identifier: GPL-2.0-only */
/* A fuzz target: libFuzzer's two functions, and how much was done. */
#ifndef SIM_FUZZ_H
#define SIM_FUZZ_H

#include <linux/types.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
unsigned long sim_fuzz_operations(void);

#endif
