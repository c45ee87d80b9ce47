/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_MATH_H
#define SIM_LINUX_MATH_H

/* floor(sqrt(x)), and x * n / d without overflow on the way. */
unsigned long int_sqrt(unsigned long x);
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define mult_frac(x, n, d)	((x) / (d) * (n) + (x) % (d) * (n) / (d))

#endif
