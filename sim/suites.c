// SPDX-License-Identifier: GPL-2.0-only
/*
 * The suites of kunit/ that need no running kernel, as a program. KUnit under User-mode Linux
 * stays the authority; this is the same in seconds, under sanitizers.
 *
 * usage: suites [SUITE or SUITE.CASE]
 */
#include <setjmp.h>

#include "kunit/fixture.h"

static struct kunit_suite *const suites[] = {
	&zones_suite, &pcp_suite, &watermark_suite, &zonelist_suite, &alloc_suite, &profiles_suite,
	&quarantine_suite, &snapshot_suite, &show_suite, &spec_suite,
	&check_suite, &state_suite, &boot_suite, &traffic_suite, &eras_suite, &policy_suite, &start_suite, &compact_suite, &slowpath_suite, &fail_suite,
};

static jmp_buf break_off;

void kunit_info(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	printf("# %s: ", test->name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void sim_expect(struct kunit *test, bool ok, bool go_on, const char *what, const char *fmt, ...)
{
	va_list args;

	if (ok)
		return;
	test->failed = true;
	printf("# %s: %s; ", test->name, what);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	if (!go_on)
		longjmp(break_off, 1);
}

static int passed, failed;

static void run_test(struct kunit *test, const struct kunit_case *c)
{
	test->failed = false;
	if (!setjmp(break_off))
		c->run(test);
	sim_kunit_undo();
	if (test->failed) {
		failed++;
		printf("not ok - %s\n", test->name);
	} else {
		passed++;
	}
}

static void run_case(const struct kunit_suite *s, const struct kunit_case *c)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	struct kunit test = { };

	scnprintf(test.name, sizeof(test.name), "%s.%s", s->name, c->name);
	if (!c->next) {
		run_test(&test, c);
		return;
	}
	while ((test.param_value = c->next(&test, test.param_value, desc))) {
		scnprintf(test.name, sizeof(test.name), "%s.%s %s", s->name, c->name, desc);
		run_test(&test, c);
	}
}

static bool is_wanted(const char *filter, const char *suite, const char *name)
{
	size_t len = strlen(suite);

	return !filter || !strcmp(filter, suite) ||
	       (!strncmp(filter, suite, len) && filter[len] == '.' && !strcmp(filter + len + 1, name));
}

int main(int argc, char **argv)
{
	const char *filter = argc > 1 ? argv[1] : NULL;
	const struct kunit_case *c;
	size_t k;

	sim_quiet = 0;
	for (k = 0; k < ARRAY_SIZE(suites); k++)
		for (c = suites[k]->test_cases; c->name; c++)
			if (is_wanted(filter, suites[k]->name, c->name))
				run_case(suites[k], c);
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}
