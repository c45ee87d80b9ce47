/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_RANDOM_H
#define SIM_LINUX_RANDOM_H

#include <linux/types.h>
#include <stdlib.h>
#include <time.h>

static inline u32 get_random_u32(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (u32)t.tv_nsec * 2654435761u ^ (u32)t.tv_sec;
}

#endif
