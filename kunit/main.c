// SPDX-License-Identifier: GPL-2.0-only
/* All suites in one module. Each has a file <area>_kunit.c; fixture.c and oracle.c serve them. */
#include <linux/module.h>

#include "fixture.h"

kunit_test_suites(&zones_suite, &pcp_suite, &watermark_suite, &zonelist_suite, &alloc_suite,
		  &profiles_suite, &quarantine_suite, &snapshot_suite, &show_suite, &spec_suite,
		  &check_suite, &state_suite, &boot_suite, &traffic_suite, &eras_suite, &policy_suite, &start_suite, &compact_suite, &slowpath_suite, &fail_suite, &ring_suite, &instance_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of shadowbuddy");
