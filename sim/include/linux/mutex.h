/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_MUTEX_H
#define SIM_LINUX_MUTEX_H

#include <linux/types.h>

struct mutex { bool held; };

#define DEFINE_MUTEX(m)		struct mutex m
#define mutex_init(m)		((m)->held = false)
#define mutex_destroy(m)	sim_assert(!(m)->held)
#define mutex_lock(m)		(sim_assert(!(m)->held), (void)((m)->held = true))
#define mutex_unlock(m)		(sim_assert((m)->held), (void)((m)->held = false))

#endif
