// SPDX-License-Identifier: GPL-2.0-only
/* KUnit's macros for fuzzing: the first expectation that fails ends the program. */
#include "kunit/test.h"

void kunit_info(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

void sim_expect(struct kunit *test, bool ok, bool go_on, const char *what, const char *fmt, ...)
{
	va_list args;

	if (ok)
		return;
	fprintf(stderr, "%s: ", what);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}
