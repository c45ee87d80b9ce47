/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that a run leaves for the file result. */
#ifndef LOCKSTEP_REPORT_H
#define LOCKSTEP_REPORT_H

#include <linux/kernel.h>
#include <linux/stdarg.h>

struct report {
	size_t	len;
	char	text[16384];
};

static __printf(2, 3) void say(struct report *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	r->len += vscnprintf(r->text + r->len, sizeof(r->text) - r->len, fmt, args);
	va_end(args);
}

#endif
