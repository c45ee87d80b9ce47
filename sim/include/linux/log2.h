/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_LOG2_H
#define SIM_LINUX_LOG2_H

#define rounddown_pow_of_two(x)	(1UL << (63 - __builtin_clzl(x)))

#endif
