/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_MATH64_H
#define SIM_LINUX_MATH64_H

#define div_u64(x, y)	((x) / (y))
#define div64_ul(x, y)	((x) / (y))

#include <linux/math.h>

#endif
