/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each event becomes a function that fills in the fields and hands the kernel's own line of
 * text on. Read once, by trace.c.
 */
#ifdef CREATE_TRACE_POINTS
#undef CREATE_TRACE_POINTS
#define TRACE_HEADER_MULTI_READ

#undef TRACE_EVENT
#undef DECLARE_EVENT_CLASS
#undef DEFINE_EVENT
#undef TP_STRUCT__entry
#undef TP_fast_assign
#undef TP_printk
#define TP_STRUCT__entry(...)	__VA_ARGS__
#define TP_fast_assign(...)	__VA_ARGS__
#define TP_printk(...)		sim_event_line(sim_event_name_, __VA_ARGS__)
#define __field(type, name)	type name;

#define TRACE_EVENT(name, proto, args, fields, assign, print)	\
	void sim_event_##name(proto)				\
	{							\
		const char *sim_event_name_ = #name;		\
		struct { fields } entry_, *__entry = &entry_;	\
								\
		assign						\
		print;						\
	}

#define DECLARE_EVENT_CLASS(name, proto, args, fields, assign, print)	\
	static void sim_class_##name(const char *sim_event_name_, proto)	\
	{							\
		struct { fields } entry_, *__entry = &entry_;	\
								\
		assign						\
		print;						\
	}

#define DEFINE_EVENT(class, name, proto, args)			\
	void sim_event_##name(proto)				\
	{							\
		sim_class_##class(#name, args);			\
	}

#include "trace.h"

#undef TRACE_HEADER_MULTI_READ
#endif
