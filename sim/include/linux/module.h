/* SPDX-License-Identifier: GPL-2.0-only */
/* A module is a library that shbsim loads, and nobody unloads. */
#ifndef SIM_LINUX_MODULE_H
#define SIM_LINUX_MODULE_H

#include <linux/export.h>
#include <linux/types.h>

enum { MODULE_STATE_LIVE };

struct module { int state; };

#define THIS_MODULE		((struct module *)NULL)
#define MODULE_DESCRIPTION(text)
#define MODULE_LICENSE(text)
#define __init
#define __exit			__attribute__((unused))
#define module_init(fn)		static __attribute__((constructor)) void sim_init_ ## fn(void) { fn(); }
#define module_exit(fn)

static inline bool try_module_get(struct module *m)
{
	return true;
}

static inline void __module_get(struct module *m) { }
static inline void module_put(struct module *m) { }

#endif
