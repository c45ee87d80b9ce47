/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_SPINLOCK_H
#define SIM_LINUX_SPINLOCK_H

/* One thread, so a lock only knows whether it is held: taking it twice is a mistake. */
#include <linux/types.h>

typedef struct { bool held; } raw_spinlock_t;

static inline void raw_spin_lock_init(raw_spinlock_t *lock)
{
	lock->held = false;
}

static inline void sim_lock(raw_spinlock_t *lock)
{
	sim_assert(!lock->held);
	lock->held = true;
}

static inline void sim_unlock(raw_spinlock_t *lock)
{
	sim_assert(lock->held);
	lock->held = false;
}

#define raw_spin_lock_irqsave(lock, flags)	((flags) = 0, sim_lock(lock))
#define raw_spin_unlock_irqrestore(lock, flags)	((void)(flags), sim_unlock(lock))

#endif
