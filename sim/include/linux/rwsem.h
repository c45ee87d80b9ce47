/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_RWSEM_H
#define SIM_LINUX_RWSEM_H

#include <linux/types.h>

struct rw_semaphore { bool held; };

#define init_rwsem(s)		((s)->held = false)
#define down_write(s)		(sim_assert(!(s)->held), (void)((s)->held = true))
#define up_write(s)		(sim_assert((s)->held), (void)((s)->held = false))

#define down_read(s)		sim_assert(!(s)->held)
#define up_read(s)		sim_assert(!(s)->held)

#endif
