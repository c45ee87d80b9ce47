// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_zonelist: node order and zone order. Expected orders are worked by
 * hand from val(n) = (distance + (n < local) + has cpus) * 1024 + load[n].
 */
#include "fixture.h"

KUNIT_ARRAY_PARAM(profile, profiles, profile_name);

/* "0 2 1": node order of a node. */
static const char *order_text(struct kunit *test, struct shb_state *s, int nid)
{
	char *text = kunit_kzalloc(test, 64, GFP_KERNEL);
	int k, len = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (k = 0; s->nodes[nid].order[k] >= 0; k++)
		len += scnprintf(text + len, 64 - len, "%s%d", k ? " " : "",
				 s->nodes[nid].order[k]);
	return text;
}

static struct shb_state *nodes(struct kunit *test, const char *profile, int nr, int cpuless,
			       int memoryless, const int *distance)
{
	struct shape shape = {
		.nodes = nr, .cpus = 2 * nr, .distance = 20, .cpuless = cpuless,
	};
	struct paper paper[FIXTURE_ZONES];
	struct shb_topology topo;
	int n, zones = 0;

	for (n = 0; n < nr; n++)
		if (n != memoryless)
			paper[zones++] = (struct paper){ n, SHB_NORMAL, 65536 };
	fill_topology(test, &shape, &topo);
	if (distance)
		memcpy(topo.distance, distance, nr * nr * sizeof(int));
	return build_paper(test, profile, &topo, paper, zones, false);
}

/* Equal distances: a lower id costs one more; loads then spread the second choices. */
static void equal_distances_rotate(struct kunit *test)
{
	static const int far[] = {
		10, 20, 20, 20, 20, 10, 20, 20, 20, 20, 10, 20, 20, 20, 20, 10,
	};
	struct shb_state *s = nodes(test, "linux-6.12", 4, -1, -1, far);

	KUNIT_EXPECT_STREQ(test, "0 1 2 3", order_text(test, s, 0));
	KUNIT_EXPECT_STREQ(test, "1 2 3 0", order_text(test, s, 1));
	KUNIT_EXPECT_STREQ(test, "2 3 0 1", order_text(test, s, 2));
	KUNIT_EXPECT_STREQ(test, "3 0 1 2", order_text(test, s, 3));
}

/* 0 and 1 are near each other, 2 and 3 as well. */
static void nearest_first(struct kunit *test)
{
	static const int pairs[] = {
		10, 12, 40, 40, 12, 10, 40, 40, 40, 40, 10, 12, 40, 40, 12, 10,
	};
	struct shb_state *s = nodes(test, "linux-6.12", 4, -1, -1, pairs);

	KUNIT_EXPECT_STREQ(test, "0 1 2 3", order_text(test, s, 0));
	KUNIT_EXPECT_STREQ(test, "1 0 3 2", order_text(test, s, 1));
	KUNIT_EXPECT_STREQ(test, "2 3 0 1", order_text(test, s, 2));
	KUNIT_EXPECT_STREQ(test, "3 2 1 0", order_text(test, s, 3));
}

/* A node without cpus is preferred among equals. */
static void cpuless_node_is_preferred(struct kunit *test)
{
	static const int far[] = { 10, 20, 20, 20, 10, 20, 20, 20, 10 };
	struct shb_state *s = nodes(test, "linux-6.12", 3, 2, -1, far);

	KUNIT_EXPECT_STREQ(test, "0 2 1", order_text(test, s, 0));
	KUNIT_EXPECT_STREQ(test, "1 2 0", order_text(test, s, 1));
}

/* Without memory: first in its own order in 6.1, absent later; no zones either way. */
static void memoryless_node(struct kunit *test)
{
	struct shb_state *s = nodes(test, *(const char *const *)test->param_value, 2, -1, 0, NULL);

	KUNIT_EXPECT_STREQ(test, since(test, 6012) ? "1" : "0 1", order_text(test, s, 0));
	KUNIT_EXPECT_PTR_EQ(test, s->zones[0], s->nodes[0].fallback.zones[0]);
	KUNIT_EXPECT_NULL(test, s->nodes[0].nofallback.zones[0]);
	KUNIT_EXPECT_STREQ(test, "1", order_text(test, s, 1));
}

/* Inside a node from the highest zone down; @first skips zones a request may not use. */
static void zones_from_the_highest_down(struct kunit *test)
{
	static const struct paper paper[] = {
		{ 0, SHB_DMA, 4096 }, { 0, SHB_DMA32, 65536 }, { 0, SHB_NORMAL, 65536 },
		{ 1, SHB_NORMAL, 65536 }, { 1, SHB_MOVABLE_ZONE, 65536 },
	};
	struct shb_topology topo;
	struct shb_state *s;
	struct shb_zone **z;
	nodemask_t one;

	fill_topology(test, &two_nodes, &topo);
	s = build_paper(test, "linux-6.12", &topo, paper, ARRAY_SIZE(paper), false);
	z = s->nodes[0].fallback.zones;
	KUNIT_EXPECT_EQ(test, SHB_NORMAL, z[0]->kind);
	KUNIT_EXPECT_EQ(test, SHB_DMA32, z[1]->kind);
	KUNIT_EXPECT_EQ(test, SHB_DMA, z[2]->kind);
	KUNIT_EXPECT_EQ(test, SHB_MOVABLE_ZONE, z[3]->kind);
	KUNIT_EXPECT_EQ(test, 1, z[4]->nid);
	KUNIT_EXPECT_NULL(test, z[5]);
	z = shb_zonelist_first(&s->nodes[0].fallback, SHB_DMA32, NULL);
	KUNIT_EXPECT_EQ(test, SHB_DMA32, (*z)->kind);
	z = shb_zonelist_next(z, SHB_DMA32, NULL);
	KUNIT_EXPECT_EQ(test, SHB_DMA, (*z)->kind);
	KUNIT_EXPECT_NULL(test, *shb_zonelist_next(z, SHB_DMA32, NULL));
	nodes_clear(one);
	node_set(1, one);
	z = shb_zonelist_first(&s->nodes[0].fallback, SHB_NORMAL, &one);
	KUNIT_EXPECT_EQ(test, 1, (*z)->nid);
	KUNIT_EXPECT_EQ(test, SHB_NORMAL, (*z)->kind);
}

static struct kunit_case zonelist_cases[] = {
	KUNIT_CASE(equal_distances_rotate),
	KUNIT_CASE(nearest_first),
	KUNIT_CASE(cpuless_node_is_preferred),
	KUNIT_CASE_PARAM(memoryless_node, profile_gen_params),
	KUNIT_CASE(zones_from_the_highest_down),
	{}
};

struct kunit_suite zonelist_suite = {
	.name = "shadowbuddy_zonelist", .test_cases = zonelist_cases,
};
