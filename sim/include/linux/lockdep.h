/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_LOCKDEP_H
#define SIM_LINUX_LOCKDEP_H

#include <linux/types.h>

#define lockdep_assert_held(lock)	sim_assert((lock)->held)
#define lockdep_assert_held_read(lock)	sim_assert((lock)->readers)

#endif
