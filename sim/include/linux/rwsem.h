/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_RWSEM_H
#define SIM_LINUX_RWSEM_H

#include <linux/types.h>

struct rw_semaphore { bool held; int readers; };

#define init_rwsem(s)		(*(s) = (struct rw_semaphore){ })
#define down_write(s)		(sim_assert(!(s)->held && !(s)->readers), (void)((s)->held = true))
#define up_write(s)		(sim_assert((s)->held), (void)((s)->held = false))

#define down_read(s)		(sim_assert(!(s)->held), (void)(s)->readers++)
#define up_read(s)		(sim_assert((s)->readers), (void)(s)->readers--)

#endif
