/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_ALIGN_H
#define SIM_LINUX_ALIGN_H

#define ALIGN(x, a)		(((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))

#endif
