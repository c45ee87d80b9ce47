/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_PRINTK_H
#define SIM_LINUX_PRINTK_H

/* The kernel's log is standard error here, with the level as dmesg shows it. */
#include <linux/compiler.h>

extern int sim_quiet;	/* levels above are not printed; 3 error, 4 warning, 5 notice, 6 info */

__printf(2, 3) void sim_print(int level, const char *fmt, ...);

#define pr_err(...)			sim_print(3, __VA_ARGS__)
#define pr_warn(...)			sim_print(4, __VA_ARGS__)
#define pr_notice(...)			sim_print(5, __VA_ARGS__)
#define pr_info(...)			sim_print(6, __VA_ARGS__)
#define SIM_BURST	10	/* lines of one place, as of a burst in the kernel */
#define sim_ratelimited(print, ...) do {		\
		static int times_;			\
							\
		if (times_++ < SIM_BURST)		\
			print(__VA_ARGS__);		\
	} while (0)
#define pr_err_ratelimited(...)		sim_ratelimited(pr_err, __VA_ARGS__)
#define pr_notice_ratelimited(...)	sim_ratelimited(pr_notice, __VA_ARGS__)
#define pr_warn_once(...) do {				\
		static int once_;			\
							\
		if (!once_++)				\
			pr_warn(__VA_ARGS__);		\
	} while (0)

#endif
