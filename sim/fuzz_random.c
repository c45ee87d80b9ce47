// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of fuzz_commands.c from a seeded generator instead of a fuzzer: no coverage to
 * steer by, no sanitizer to slow it down, and a number that repeats a run.
 *
 * usage: SHB_FUZZ_PROFILE=linux-6.12 random OPERATIONS [SEED]
 */
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>

#include "sim/fuzz.h"

#define INPUT	3000	/* bytes; a machine lives for some 800 operations of them */

static u64 next(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

int main(int argc, char **argv)
{
	unsigned long wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000, told = 0;
	u64 start = argc > 2 ? strtoull(argv[2], NULL, 10) : get_random_u32(), seed = start ?: 1;
	u8 input[INPUT];
	size_t k;

	fprintf(stderr, "seed %llu\n", start);
	LLVMFuzzerInitialize(&argc, &argv);
	while (sim_fuzz_operations() < wanted) {
		for (k = 0; k < sizeof(input); k += 8) {
			u64 v = next(&seed);

			memcpy(input + k, &v, min(sizeof(v), sizeof(input) - k));
		}
		LLVMFuzzerTestOneInput(input, sizeof(input));
		if (sim_fuzz_operations() / 1000000 > told)
			fprintf(stderr, "%lu million\n", ++told);
	}
	return 0;
}
