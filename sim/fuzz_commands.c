// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes as operations on a machine: profile, shape, tunables, requests, frees, drains, ticks,
 * isolation. After each the invariant check, ownership of every page against a plain map, and,
 * where the machine is one zone without per-cpu lists, every list against the naive oracle.
 *
 * SHB_FUZZ_PROFILE=linux-6.1 keeps to one profile. The counts are printed at the end.
 */
#include <linux/kernel.h>
#include <linux/random.h>

#include "become.h"
#include "kunit/oracle.h"
#include "sim/fuzz.h"
#include "pressure/compact.h"

#define HELD		512
#define GRANULES	8

static unsigned long operations[ARRAY_SIZE(profiles)];

static const struct shape shapes[] = {
	{ "one", 1, 1, 20, -1, 1, { { 0, SHB_NORMAL, 2 } } },
	{ "three", 1, 2, 20, -1, 3,
	  { { 0, SHB_DMA, 1 }, { 0, SHB_DMA32, 1, 1 }, { 0, SHB_NORMAL, 2, 2 } } },
	{ "nodes", 2, 4, 20, -1, 3,
	  { { 0, SHB_DMA32, 1 }, { 0, SHB_NORMAL, 2 }, { 1, SHB_MOVABLE_ZONE, 1 } } },
	{ "cma", 1, 2, 20, -1, 2, { { 0, SHB_NORMAL, 3, 0, 1 }, { 0, SHB_MOVABLE_ZONE, 1 } } },
	{ "memoryless", 3, 3, 12, 1, 2, { { 0, SHB_NORMAL, 2 }, { 2, SHB_NORMAL, 2 } } },
};

static const gfp_t gfps[] = {
	GFP_KERNEL, GFP_KERNEL | __GFP_RECLAIMABLE, GFP_HIGHUSER_MOVABLE, GFP_ATOMIC, GFP_NOWAIT,
	GFP_DMA32, GFP_DMA, GFP_KERNEL | __GFP_THISNODE, GFP_KERNEL | __GFP_MEMALLOC,
	GFP_KERNEL | __GFP_MOVABLE, GFP_ATOMIC | __GFP_NOMEMALLOC, GFP_KERNEL | __GFP_NOFAIL,
	GFP_KERNEL | __GFP_NORETRY, GFP_DMA | __GFP_DMA32, GFP_HIGHUSER_MOVABLE | __GFP_RECLAIMABLE,
	GFP_HIGHUSER | __GFP_HIGH,
};

struct input { const u8 *data; size_t left; };

static u32 byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static int profile_of(u32 value)
{
	const char *only = getenv("SHB_FUZZ_PROFILE");
	int k;

	for (k = 0; only && *only && k < ARRAY_SIZE(profiles); k++)
		if (!strcmp(only, profiles[k]))
			return k;
	return value % ARRAY_SIZE(profiles);
}

/* --- a machine ---------------------------------------------------------------------------------- */

struct run {
	struct kunit	*test;
	struct shb_state *s;
	int		profile;
	struct { unsigned long pfn; u8 order; } held[HELD];
	int		nr;
	u8		*owned;		/* by pfn: it is out */
	size_t		pfns;
	unsigned long	used;
};

static void take_note(struct run *r, const struct shb_request *asked, unsigned long pfn)
{
	unsigned long k;
	u32 i;

	KUNIT_ASSERT_EQ(r->test, 0, pfn & ((1UL << asked->order) - 1));
	KUNIT_ASSERT_NOT_NULL(r->test, shb_zone_of(r->s, pfn, &i));
	for (k = pfn; k < pfn + (1UL << asked->order); k++) {
		KUNIT_ASSERT_TRUE(r->test, k < r->pfns && !r->owned[k]);
		r->owned[k] = 1;
	}
	r->held[r->nr].pfn = pfn;
	r->held[r->nr++].order = asked->order;
	r->used += 1UL << asked->order;
}

static void do_alloc(struct run *r, struct input *in)
{
	u32 what = byte(in), where = byte(in);
	struct shb_request q = {
		.gfp = gfps[what % 16], .order = what / 16 % 12, .by = where >> 5,
		.nid = where % r->s->topo.nr_nodes, .cpu = where / 8 % r->s->topo.nr_cpus,
	};
	unsigned long pfn;

	if (r->nr == HELD)
		return;
	pfn = where & 16 ? shb_alloc(r->s, q.gfp, q.order, q.nid, NULL, q.cpu, 0, q.by) :
			   shb_serve(r->s, q, NULL);
	if (pfn != SHB_NO_PFN)
		take_note(r, &q, pfn);
}

static void do_bulk(struct run *r, struct input *in)
{
	u32 what = byte(in);
	struct shb_request q = {
		.gfp = gfps[what % 12], .nid = what / 16 % r->s->topo.nr_nodes,
		.cpu = what % r->s->topo.nr_cpus,
	};
	unsigned long pfns[32];
	int k, got;

	if (r->nr + 32 > HELD || !shb_request_init(r->s, &q))
		return;
	got = shb_alloc_bulk(r->s, &q, byte(in) % 33, pfns);
	for (k = 0; k < got; k++)
		take_note(r, &q, pfns[k]);
}

static void do_free(struct run *r, struct input *in)
{
	u32 which = byte(in) | byte(in) << 8, how = byte(in);
	int k, cpu = how % r->s->topo.nr_cpus;
	unsigned long pfn;
	unsigned int order;

	if (!r->nr)
		return;
	k = which % r->nr;
	pfn = r->held[k].pfn;
	order = r->held[k].order;
	if (how & 64) {		/* wrong on purpose: it must be refused and change nothing */
		order = (order + 1) % 11;
		KUNIT_ASSERT_NE(r->test, SHB_FREE_OK,
				how & 16 ? shb_free(r->s, pfn, order, cpu, 0) :
					   shb_give_back(r->s, pfn, order, cpu, 0, false));
		return;
	}
	if (how & 32 && !order)
		KUNIT_ASSERT_EQ(r->test, SHB_FREE_OK, shb_free_to_tail(r->s, pfn, cpu, 0));
	else if (how & 16)
		KUNIT_ASSERT_EQ(r->test, SHB_FREE_OK, shb_free_batched(r->s, pfn, order, cpu, 0));
	else
		KUNIT_ASSERT_EQ(r->test, SHB_FREE_OK, shb_give_back(r->s, pfn, order, cpu, 0, false));
	memset(r->owned + pfn, 0, 1UL << order);
	r->held[k] = r->held[--r->nr];
	r->used -= 1UL << order;
}

static void do_mark(struct run *r, struct input *in)
{
	u32 which = byte(in);
	int k, n;

	if (!r->nr)
		return;
	k = which % r->nr;
	if (which & 128 || r->held[k].order > 4 || r->nr + 16 > HELD) {
		shb_set_movable(r->s, r->held[k].pfn, r->held[k].order, which & 64);
		return;
	}
	KUNIT_ASSERT_EQ(r->test, 0, shb_split(r->s, r->held[k].pfn, r->held[k].order));
	for (n = 1; n < 1 << r->held[k].order; n++) {
		r->held[r->nr].pfn = r->held[k].pfn + n;
		r->held[r->nr++].order = 0;
	}
	r->held[k].order = 0;
}

static void do_zone(struct run *r, struct input *in)
{
	u32 what = byte(in);
	struct shb_zone *z = r->s->zones[what % r->s->nr_zones];
	u32 i = (byte(in) << 9) % z->extent.nr_frames;
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	if (what & 128)
		shb_isolate_pageblock(z, i);
	else
		shb_unisolate_pageblock(z, i);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (what & 64)
		assign_bit(what & 32 ? SHB_ZONE_KSWAPD_RUNS : SHB_ZONE_RECLAIM_ACTIVE, &z->flags,
			   what & 16);
}

static void do_knob(struct run *r, struct input *in)
{
	static const char *const names[] = {
		"min_free_kbytes", "watermark_scale_factor", "watermark_boost_factor",
		"lowmem_reserve_ratio", "percpu_pagelist_high_fraction", "numa_stat",
		"transparent_hugepage", "defrag_mode",
	};
	char value[16], error[SHB_TUNE_ERROR];
	u32 what = byte(in);
	int k;

	snprintf(value, sizeof(value), "%u", what & 8 ? byte(in) << (what >> 5) : what >> 4 & 1);
	for (k = 0; shb_tune_name(k); k++)
		if (!strcmp(shb_tune_name(k), names[what % 8]) && shb_tune_has(r->s, k))
			shb_become_tuned(r->s, k, value, error);
}

static void do_lists(struct run *r, struct input *in)
{
	u32 what = byte(in);

	switch (what % 4) {
	case 0:
		shb_drain(r->s, what / 4 % r->s->topo.nr_cpus, NULL);
		break;
	case 1:
		shb_drain(r->s, SHB_EVERY_CPU, NULL);
		break;
	case 2:
		shb_drain_tick(r->s);
		break;
	case 3:
		if (!r->nr)
			KUNIT_ASSERT_EQ(r->test, 0, shb_drain_reset(r->s));
	}
}

static bool may_move(void *owners, unsigned long pfn, unsigned int order)
{
	return true;
}

/* The oracle's map follows; both places must be what it thinks. */
static void moved(void *owners, unsigned long from, unsigned long to, unsigned int order)
{
	struct run *r = owners;
	unsigned long p;
	int k;

	for (p = 0; p < 1UL << order; p++) {
		KUNIT_ASSERT_EQ(r->test, 1, r->owned[from + p]);
		KUNIT_ASSERT_EQ(r->test, 0, r->owned[to + p]);
		r->owned[from + p] = 0;
		r->owned[to + p] = 1;
	}
	for (k = 0; k < r->nr && r->held[k].pfn != from; k++)
		;
	KUNIT_ASSERT_LT(r->test, k, r->nr);
	KUNIT_ASSERT_EQ(r->test, order, (unsigned int)r->held[k].order);
	r->held[k].pfn = to;
}

static void do_compact(struct run *r, struct input *in)
{
	const struct shb_mover mover = { .may_move = may_move, .moved = moved, .owners = r };
	u32 what = byte(in);
	int nid = what / 16 % r->s->topo.nr_nodes;

	KUNIT_ASSERT_EQ(r->test, 0, shb_compact_node(r->s, nid, &mover, what % r->s->topo.nr_cpus));
}

static void (*const verbs[])(struct run *r, struct input *in) = {
	do_alloc, do_alloc, do_alloc, do_alloc, do_alloc, do_free, do_free, do_free, do_free, do_bulk,
	do_mark, do_zone, do_knob, do_lists, do_lists, do_alloc, do_mark, do_compact,
};

static void machine_run(struct kunit *test, int profile, struct input *in)
{
	static struct run r;
	int k;

	r = (struct run){ .test = test, .profile = profile };
	r.s = build(test, profiles[profile], &shapes[byte(in) % ARRAY_SIZE(shapes)]);
	r.pfns = 64 << SHB_GRANULE_ORDER;
	r.owned = kunit_kzalloc(test, r.pfns, GFP_KERNEL);
	while (in->left) {
		verbs[byte(in) % ARRAY_SIZE(verbs)](&r, in);
		KUNIT_ASSERT_EQ(test, r.used, shb_state_used_pages(r.s));
		check_all(test, r.s);
		operations[profile]++;
	}
	for (k = 0; k < r.nr; k++)
		shb_free(r.s, r.held[k].pfn, r.held[k].order, 0, 0);
	KUNIT_ASSERT_EQ(test, 0, shb_state_used_pages(r.s));
}

/* --- one zone and the oracle --------------------------------------------------------------------- */

static void oracle_run(struct kunit *test, int profile, struct input *in)
{
	static struct oracle o;
	static struct { u32 i; u8 order; } held[HELD];
	struct shape shape = one_zone;
	struct shb_zone *z;
	int nr = 0, n, k, want;
	u32 what, i;

	shape.zones[0].granules = 1 + byte(in) % GRANULES;
	z = build(test, profiles[profile], &shape)->zones[0];
	o_init(&o, z);
	while (in->left) {
		what = byte(in);
		if ((what & 3) && nr < HELD - 4) {
			struct shb_search q = {
				.order = what / 4 % 11, .type = byte(in) % 3,
				.flags = byte(in) & 7 ? 0 : SHB_ALLOC_NOFRAGMENT,
			};
			bool stolen = false, movable = what & 128;
			unsigned long irq;

			for (n = what & 3; n--;) {
				raw_spin_lock_irqsave(&z->lock, irq);
				i = shb_fallback_take(z, &q);
				raw_spin_unlock_irqrestore(&z->lock, irq);
				want = o_take(&o, q.order, q.type, q.flags, &stolen);
				KUNIT_ASSERT_EQ(test, want < 0 ? SHB_NONE : (u32)want, i);
				if (i == SHB_NONE)
					break;
				if (movable) {
					z->frames[i].flags = SHB_FRAME_MOVABLE;
					memset(o.movable + i, 1, 1 << q.order);
				}
				held[nr].i = i;
				held[nr++].order = q.order;
			}
		} else if (nr) {
			k = (what >> 2 | byte(in) << 6) % nr;
			buddy_free(z, held[k].i, held[k].order);
			o_free(&o, held[k].i, held[k].order);
			held[k] = held[--nr];
		}
		o_compare(test, &o, z);
		check_one(test, z);
		operations[profile]++;
	}
}

static void print_counts(void)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(profiles); k++)
		if (operations[k])
			fprintf(stderr, "%lu operations on %s without a finding\n", operations[k], profiles[k]);
}

unsigned long sim_fuzz_operations(void)
{
	unsigned long all = 0;
	int k;

	for (k = 0; k < ARRAY_SIZE(profiles); k++)
		all += operations[k];
	return all;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	sim_quiet = 0;
	atexit(print_counts);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct kunit test = { .name = "fuzz" };
	u32 first = byte(&in);

	if (first & 1)
		oracle_run(&test, profile_of(first / 2), &in);
	else
		machine_run(&test, profile_of(first / 2), &in);
	sim_kunit_undo();
	return 0;
}
