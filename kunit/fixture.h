/* SPDX-License-Identifier: GPL-2.0-only */
/* States of any geometry for tests; see fixture.c. */
#ifndef SHB_FIXTURE_H
#define SHB_FIXTURE_H

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "check.h"
#include "drain.h"
#include "fallback.h"
#include "format.h"
#include "highatomic.h"
#include "host.h"
#include "index.h"
#include "isolate.h"
#include "names.h"
#include "profiles/profiles.h"
#include "serve.h"
#include "snapshot.h"
#include "state.h"
#include "tune.h"
#include "watermark.h"
#include "zones.h"

#define FIXTURE_ZONES	24
#define FIXTURE_NODES	8
#define FIXTURE_CPUS	8

/* One zone of a shape; @gap: unused granules between two used ones. */
struct shape_zone {
	int nid, kind;
	u32 granules, gap, cma;
};

struct shape {
	const char *name;
	int nodes, cpus;
	int distance;		/* between different nodes, grows with the id's distance */
	int cpuless;		/* node without cpus, or -1 */
	int nr;
	struct shape_zone zones[FIXTURE_ZONES];
};

/* Zones on paper: sizes only. */
struct paper {
	int nid, kind;
	unsigned long managed, present, spanned, start_pfn;
};

extern const struct shape one_zone, big_zone, all_zones, two_nodes;
extern const struct shb_format format_612;
extern struct shb_check check_buffer;

/* KUNIT_ARRAY_PARAM(profile, profiles, profile_name) makes a case of each; the modern ones first. */
extern const char *const profiles[8], *const modern[3];
void profile_name(const char *const *p, char *desc);
bool since(struct kunit *test, int release);

unsigned long serve(struct shb_state *s, gfp_t gfp, int order, int nid, int cpu);
unsigned long serve_long(struct shb_state *s, gfp_t gfp, int order, int nid, int cpu);

void fill_topology(struct kunit *test, const struct shape *shape, struct shb_topology *t);
struct shb_state *build_topo(struct kunit *test, const char *profile,
				    const struct shape *shape, const struct shb_topology *topo,
				    bool hugepage);
struct shb_state *build(struct kunit *test, const char *profile, const struct shape *shape);
struct shb_state *build_paper(struct kunit *test, const char *profile,
				     const struct shb_topology *topo, const struct paper *paper,
				     int nr, bool hugepage);
void expect_sound(struct kunit *test);
void check_all(struct kunit *test, struct shb_state *s);
void check_one(struct kunit *test, struct shb_zone *z);
u32 buddy_take(struct shb_zone *z, int order, int type, unsigned int flags);
void buddy_free(struct shb_zone *z, u32 i, int order);
const char *lists_text(struct kunit *test, struct shb_zone *z, int type);
void free_range(struct shb_zone *z, u32 from, u32 to);
struct shb_zone *vector_zone(struct kunit *test);
struct shb_zone *vector_zone_of(struct kunit *test, const char *profile, const struct shape *shape);
u32 draw(u64 *seed, u32 below);
u64 start_seed(struct kunit *test, u64 seed);
int draw_order(u64 *seed);
int set_knob(struct shb_state *s, const char *name, const char *value);

extern struct kunit_suite zones_suite, pcp_suite, watermark_suite, zonelist_suite, alloc_suite,
	profiles_suite, quarantine_suite, snapshot_suite, show_suite, spec_suite, check_suite,
	state_suite, boot_suite, traffic_suite, eras_suite, policy_suite, start_suite, compact_suite, slowpath_suite, fail_suite,
	ring_suite, instance_suite;

#endif
