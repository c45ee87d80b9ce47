// SPDX-License-Identifier: GPL-2.0-only
/*
 * States of any geometry for tests, and what looks at them. Nothing here is real memory:
 * pfns are made up and the state never looks behind them.
 */
#include "become.h"
#include "fixture.h"

const char *const modern[3] = { "linux-6.1", "linux-6.12", "linux-7.2" };
const char *const profiles[8] = {
	"linux-6.1", "linux-6.12", "linux-7.2",
	"linux-4.1", "linux-4.14", "linux-5.4", "linux-5.10", "linux-5.15",
};

void profile_name(const char *const *p, char *desc)
{
	strscpy(desc, *p, KUNIT_PARAM_DESC_SIZE);
}

/* Does the profile of this case speak for a release (major * 1000 + minor) or a later one? */
bool since(struct kunit *test, int release)
{
	return shb_profile_find(*(const char *const *)test->param_value)->since >= release;
}

/* A request as the exported calls make it, of node @nid on cpu @cpu. */
unsigned long serve(struct shb_state *s, gfp_t gfp, int order, int nid, int cpu)
{
	return shb_serve(s, (struct shb_request){ .gfp = gfp, .order = order, .nid = nid,
						  .cpu = cpu }, NULL);
}

/* The same without the short way. */
unsigned long serve_long(struct shb_state *s, gfp_t gfp, int order, int nid, int cpu)
{
	return shb_alloc(s, gfp, order, nid, NULL, cpu, 0, 0);
}

const struct shape one_zone = {
	.name = "one_zone_16M", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
	.zones = { { 0, SHB_NORMAL, 4 } },
};

static const char *const zone_stats_612[] = {
	"nr_free_pages", "nr_zone_inactive_anon", "nr_zone_active_anon",
	"nr_zone_inactive_file", "nr_zone_active_file", "nr_zone_unevictable",
	"nr_zone_write_pending", "nr_mlock", "nr_bounce", "nr_zspages", "nr_free_cma",
	"nr_unaccepted",
};

static const char *const node_stats_612[] = {
	"nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file",
	"nr_unevictable", "nr_slab_reclaimable", "nr_slab_unreclaimable", "nr_isolated_anon",
	"nr_isolated_file", "workingset_nodes", "workingset_refault_anon",
	"workingset_refault_file", "workingset_activate_anon", "workingset_activate_file",
	"workingset_restore_anon", "workingset_restore_file", "workingset_nodereclaim",
	"nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty", "nr_writeback",
	"nr_writeback_temp", "nr_shmem", "nr_shmem_hugepages", "nr_shmem_pmdmapped",
	"nr_file_hugepages", "nr_file_pmdmapped", "nr_anon_transparent_hugepages",
	"nr_vmscan_write", "nr_vmscan_immediate_reclaim", "nr_dirtied", "nr_written",
	"nr_throttled_written", "nr_kernel_misc_reclaimable", "nr_foll_pin_acquired",
	"nr_foll_pin_released", "nr_kernel_stack", "nr_page_table_pages",
	"nr_sec_page_table_pages", "nr_iommu_pages", "nr_swapcached", "pgpromote_success",
	"pgpromote_candidate", "pgdemote_kswapd", "pgdemote_direct", "pgdemote_khugepaged",
};

/* What Debian's 6.12 prints. */
const struct shb_format format_612 = {
	.zone_stats = zone_stats_612, .nr_zone_stats = ARRAY_SIZE(zone_stats_612),
	.node_stats = node_stats_612, .nr_node_stats = ARRAY_SIZE(node_stats_612),
	.types = BIT(SHB_UNMOVABLE) | BIT(SHB_MOVABLE) | BIT(SHB_RECLAIMABLE) |
		 BIT(SHB_HIGHATOMIC) | BIT(SHB_ISOLATE),
	.numa = true, .smp = true, .promo = true,
};

static void destroy_state(void *s)
{
	shb_state_destroy(s);
}

/* Cpus go round the nodes; distances are 10 at home, then @distance and more. */
void fill_topology(struct kunit *test, const struct shape *shape, struct shb_topology *t)
{
	int a, b, cpu, n = shape->nodes;

	*t = (struct shb_topology){
		.nr_nodes = n, .nr_cpus = shape->cpus, .max_nodes = 1024,
		.node_online = kunit_kcalloc(test, n, sizeof(bool), GFP_KERNEL),
		.distance = kunit_kcalloc(test, n * n, sizeof(int), GFP_KERNEL),
		.cpu_node = kunit_kcalloc(test, shape->cpus, sizeof(int), GFP_KERNEL),
		.cpu_online = kunit_kcalloc(test, shape->cpus, sizeof(bool), GFP_KERNEL),
	};
	KUNIT_ASSERT_NOT_NULL(test, t->node_online);
	KUNIT_ASSERT_NOT_NULL(test, t->distance);
	KUNIT_ASSERT_NOT_NULL(test, t->cpu_node);
	KUNIT_ASSERT_NOT_NULL(test, t->cpu_online);
	for (a = 0; a < n; a++) {
		t->node_online[a] = true;
		for (b = 0; b < n; b++)
			t->distance[a * n + b] = a == b ? 10 : shape->distance + abs(a - b) - 1;
	}
	for (cpu = 0; cpu < shape->cpus; cpu++) {
		t->cpu_node[cpu] = cpu % n;
		if (t->cpu_node[cpu] == shape->cpuless)
			t->cpu_node[cpu] = (cpu + 1) % n;
		t->cpu_online[cpu] = true;
	}
}

struct shb_state *build_topo(struct kunit *test, const char *profile,
				    const struct shape *shape, const struct shb_topology *topo,
				    bool hugepage)
{
	struct shb_plan_zone *zones;
	struct shb_plan plan = {
		.profile = shb_profile_get(profile), .host = &shb_host_paper, .format = &format_612, .topo = topo,
		.kinds = 0x1f, .nr_zones = shape->nr, .transparent_hugepage = hugepage,
	};
	struct shb_state *s;
	unsigned long granule = 16, *pfns;
	int n;
	u32 k;

	zones = kunit_kcalloc(test, shape->nr + 1, sizeof(*zones), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, zones);
	for (n = 0; n < shape->nr; n++) {
		const struct shape_zone *z = &shape->zones[n];

		pfns = kunit_kcalloc(test, z->granules + 1, sizeof(*pfns), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, pfns);
		for (k = 0; k < z->granules; k++, granule += 1 + z->gap)
			pfns[k] = granule << SHB_GRANULE_ORDER;
		zones[n] = (struct shb_plan_zone){
			.nid = z->nid, .kind = z->kind, .nr_granules = z->granules,
			.pfns = pfns, .cma_granules = z->cma,
		};
	}
	plan.zones = zones;
	s = shb_state_create(&plan);
	shb_profile_put(plan.profile);
	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, destroy_state, s));
	return s;
}

/* A state of a shape that lives as long as the test. */
struct shb_state *build(struct kunit *test, const char *profile, const struct shape *shape)
{
	struct shb_topology topo;

	fill_topology(test, shape, &topo);
	return build_topo(test, profile, shape, &topo, false);
}

struct shb_state *build_paper(struct kunit *test, const char *profile,
				     const struct shb_topology *topo, const struct paper *paper,
				     int nr, bool hugepage)
{
	struct shb_plan_zone zones[FIXTURE_ZONES];
	struct shb_plan plan = {
		.profile = shb_profile_find(profile), .host = &shb_host_paper, .format = &format_612, .topo = topo,
		.kinds = 0x1f, .zones = zones, .nr_zones = nr, .transparent_hugepage = hugepage,
	};
	struct shb_state *s;
	int n;

	for (n = 0; n < nr; n++)
		zones[n] = (struct shb_plan_zone){
			.nid = paper[n].nid, .kind = paper[n].kind, .managed = paper[n].managed,
			.present = paper[n].present, .spanned = paper[n].spanned,
			.start_pfn = paper[n].start_pfn,
		};
	s = shb_state_create(&plan);
	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, destroy_state, s));
	return s;
}

struct shb_check check_buffer;

/* Fail with the first contradictions, if there are any. */
void expect_sound(struct kunit *test)
{
	int k;

	for (k = 0; k < min(check_buffer.nr, SHB_CHECK_LINES); k++)
		kunit_err(test, "%s", check_buffer.text[k]);
	KUNIT_ASSERT_EQ(test, 0, check_buffer.nr);
}

void check_all(struct kunit *test, struct shb_state *s)
{
	shb_check_state(s, &check_buffer);
	expect_sound(test);
}

/* Zone and its per-cpu lists: what one operation can have touched. */
void check_one(struct kunit *test, struct shb_zone *z)
{
	int cpu;

	check_buffer.nr = 0;
	shb_check_zone(z, &check_buffer);
	for (cpu = 0; cpu < z->state->topo.nr_cpus; cpu++)
		shb_check_pcp(z, cpu, &check_buffer);
	shb_check_pcp_totals(z, &check_buffer);
	expect_sound(test);
}

/* --- buddy only: one block in or out, as rmqueue_buddy() and free_one_page() do ---------------- */

u32 buddy_take(struct shb_zone *z, int order, int type, unsigned int flags)
{
	unsigned long irq;
	u32 i;

	raw_spin_lock_irqsave(&z->lock, irq);
	i = shb_fallback_rmqueue(z, order, type, flags, 0);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return i;
}

void buddy_free(struct shb_zone *z, u32 i, int order)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_free(z, i, order, shb_block_type(z, i), SHB_FPI_NONE);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/* Free lists of one type as text, "0.3:8,16 0.4:32": type.order: indices from the head. */
const char *lists_text(struct kunit *test, struct shb_zone *z, int type)
{
	char *text = kunit_kzalloc(test, 4096, GFP_KERNEL);
	int order, len = 0;
	u32 i, head;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (order = 0; order < SHB_NR_ORDERS; order++) {
		head = shb_zone_root(z, order, type);
		if (z->frames[head].next == head)
			continue;
		len += scnprintf(text + len, 4096 - len, "%s%d.%d:", len ? " " : "", type, order);
		for (i = z->frames[head].next; i != head; i = z->frames[i].next)
			len += scnprintf(text + len, 4096 - len, "%s%u",
					 text[len - 1] == ':' ? "" : ",", i);
	}
	return text;
}


const struct shape big_zone = {
	.name = "one_zone_256M", .nodes = 1, .cpus = 1, .distance = 20, .cpuless = -1, .nr = 1,
	.zones = { { 0, SHB_NORMAL, 64 } },
};

/* xorshift: the same stream everywhere, whatever the kernel's generator does. */
u32 draw(u64 *seed, u32 below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (u32)(*seed >> 24) % below;
}

u64 start_seed(struct kunit *test, u64 seed)
{
	if (!seed)
		seed = get_random_u32() | 1;
	kunit_info(test, "seed %llu", seed);
	return seed * 0x9e3779b97f4a7c15ULL;
}

int draw_order(u64 *seed)
{
	return draw(seed, 4) ? draw(seed, 4) : draw(seed, 11);
}

const struct shape all_zones = {
	.name = "all_zones", .nodes = 2, .cpus = 2, .distance = 20, .cpuless = -1, .nr = 5,
	.zones = {
		{ 0, SHB_DMA, 2 }, { 0, SHB_DMA32, 8 }, { 0, SHB_NORMAL, 8 },
		{ 0, SHB_MOVABLE_ZONE, 4 }, { 1, SHB_NORMAL, 8 },
	},
};

static int knob_named(const char *name)
{
	int k = 0;

	while (strcmp(shb_tune_name(k), name))
		k++;
	return k;
}

int set_knob(struct shb_state *s, const char *name, const char *value)
{
	char error[SHB_TUNE_ERROR];

	return shb_become_tuned(s, knob_named(name), value, error);
}

void free_range(struct shb_zone *z, u32 from, u32 to)
{
	for (; from <= to; from++)
		buddy_free(z, from, 0);
}

/*
 * The zone of the vectors: high mark 100, so a boost is capped at 512; blocks ascending, also where
 * fresh memory comes to the head; nothing kept.
 */
struct shb_zone *vector_zone(struct kunit *test)
{
	return vector_zone_of(test, *(const char *const *)test->param_value, &one_zone);
}

struct shb_zone *vector_zone_of(struct kunit *test, const char *profile, const struct shape *shape)
{
	struct shb_zone *z = build(test, profile, shape)->zones[0];
	unsigned long irq;
	u32 i;

	z->marks.watermark[SHB_WMARK_HIGH] = 100;
	raw_spin_lock_irqsave(&z->lock, irq);
	for (i = 0; i < z->extent.nr_frames; i += SHB_GRANULE_PAGES) {
		shb_zone_take_block(z, i, SHB_MAX_ORDER);
		shb_zone_set_types(z, i, SHB_MAX_ORDER, SHB_MOVABLE);
		shb_zone_put(z, i, SHB_MAX_ORDER, SHB_MOVABLE, SHB_FPI_TO_TAIL);
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return z;
}

const struct shape two_nodes = {
	.name = "two_nodes", .nodes = 2, .cpus = 2, .distance = 20, .cpuless = -1,
};
