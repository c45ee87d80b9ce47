// SPDX-License-Identifier: GPL-2.0-only
/*
 * All suites in one module and one translation unit: the sources under test are
 * included, so that tests reach every function and nothing is exported for them.
 * Each suite has a file <area>_kunit.c; fixture.h and oracle.h serve them all.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../trace.c"
#undef CREATE_TRACE_POINTS
#include "../names.c"
#include "../zones.c"
#include "../walk.c"
#include "../quarantine.c"
#include "../fallback.c"
#include "../pcp.c"
#include "../policy.c"
#include "../watermark.c"
#include "../zonelist.c"
#include "../tune.c"
#include "../state.c"
#include "../owners.c"
#include "../alloc.c"
#include "../snapshot.c"
#include "../check.c"
#include "../spec.c"
#include "../format.c"
#include "../cpu.c"
#include "../failure.c"
#include "../show.c"
#include "../ctl.c"
#include "../machine.c"
#include "../mirror.c"
#include "../carve.c"
#include "../api.c"
#include "../debugfs.c"
#include "../live.c"

#include "fixture.h"
#include "oracle.h"
#include "zones_kunit.c"
#include "pcp_kunit.c"
#include "watermark_kunit.c"
#include "zonelist_kunit.c"
#include "alloc_kunit.c"
#include "policy_kunit.c"
#include "quarantine_kunit.c"
#include "snapshot_kunit.c"
#include "show_kunit.c"
#include "spec_kunit.c"
#include "live_kunit.c"

kunit_test_suites(&zones_suite, &pcp_suite, &watermark_suite, &zonelist_suite, &alloc_suite,
		  &policy_suite, &quarantine_suite, &snapshot_suite, &show_suite, &carve_spec_suite, &live_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of shadowbuddy");
