/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_TRACEPOINT_H
#define SIM_LINUX_TRACEPOINT_H

/*
 * Events as functions that are called while somebody listens: sim_events. The text of an
 * event is what the kernel's trace file shows behind the name.
 */
#include <linux/types.h>

extern void (*sim_events)(const char *name, const char *text);

__printf(2, 3) void sim_event_line(const char *name, const char *fmt, ...);

struct sim_symbol { long value; const char *text; };
const char *sim_symbol_text(long value, const struct sim_symbol *symbols);
const char *sim_gfp_text(unsigned long flags);

#define PARAMS(...)		__VA_ARGS__
#define TP_PROTO(...)		__VA_ARGS__
#define TP_ARGS(...)		__VA_ARGS__
#define TRACE_DEFINE_ENUM(name)
#define __print_symbolic(value, ...)	\
	sim_symbol_text(value, (const struct sim_symbol[]){ __VA_ARGS__, { 0, NULL } })

#define TP_STRUCT__entry(...)
#define TP_fast_assign(...)
#define TP_printk(...)
#define TRACE_EVENT(name, proto, args, fields, assign, print)	\
	DEFINE_EVENT(, name, PARAMS(proto), PARAMS(args))
#define DECLARE_EVENT_CLASS(name, proto, args, fields, assign, print)
#define DEFINE_EVENT(class, name, proto, args)			\
	void sim_event_##name(proto);				\
	static inline bool trace_##name##_enabled(void)		\
	{							\
		return unlikely(sim_events);			\
	}							\
	static inline void trace_##name(proto)			\
	{							\
		if (unlikely(sim_events))			\
			sim_event_##name(args);			\
	}

#endif
