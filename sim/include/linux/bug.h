/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_BUG_H
#define SIM_LINUX_BUG_H

#include <linux/types.h>

#define WARN_ON_ONCE(c)		sim_assert(!(c))

#endif
