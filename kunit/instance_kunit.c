// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_instance: the way up and down on real memory of this kernel, and every
 * failure on the way. With fault injection the n-th allocation fails, for n = 1, 2, ..
 * until nothing fails any more; each time all memory must be back. (A slab allocation
 * that may wait is failed only after
 * echo N > /sys/kernel/debug/failslab/ignore-gfp-wait, and likewise for
 * fail_page_alloc; tools/uml/run-kunit does that.)
 */
#include <linux/debug_locks.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>

#include "ctl/ctl.h"
#include "fixture.h"
#include "glue/api.h"
#include "glue/carve.h"
#include "glue/cpus.h"
#include "glue/import.h"
#include "glue/instance.h"
#include "glue/topology.h"
#include "pressure/compact.h"
#include "shadowbuddy.h"

static const struct shb_params small = {
	.carve = "0:Normal:16M", .split = "", .cma = "", .profile = "linux-6.12",
	.ring_records = 1024,
};

/* Free pages of the kernel; per-cpu lists and caches make it move a little. */
static long kernel_free(void)
{
	return global_zone_page_state(NR_FREE_PAGES);
}

static void start_serves_real_pages(struct kunit *test)
{
	struct page *page;
	void *p;

	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	page = shb_alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	KUNIT_EXPECT_NOT_NULL(test, page);
	if (page) {
		KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 0, 4 * PAGE_SIZE));
		KUNIT_EXPECT_EQ(test, 1, page_ref_count(page));
		shb_free_pages(page, 2);
	}
	p = shb_alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
	if (p)
		shb_free_pages_exact(p, 3 * PAGE_SIZE);
	p = (void *)shb_get_zeroed_page(GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
	shb_free_pages_addr((unsigned long)p, 0);
	KUNIT_EXPECT_NULL(test, shb_alloc_pages_node(99, GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(shb_api_get()));
	shb_drain_check(shb_api_get(), &check_buffer);
	expect_sound(test);
	shb_instance_stop();
}

/* Bulk fills holes of the array, lists and interleaved blocks come back whole. */
static void lists_bulk_and_interleave(struct kunit *test)
{
	struct page *pages[40] = { };
	LIST_HEAD(list);
	int k;

	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	pages[0] = shb_alloc_pages_interleave(GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, 1, shb_count_read(shb_api_get()->zones[0], SHB_NUMA_INTERLEAVE));
	KUNIT_EXPECT_EQ(test, 40, shb_alloc_pages_bulk(GFP_KERNEL, 0, 40, pages));
	for (k = 0; k < 40; k++)
		list_add(&pages[k]->lru, &list);
	shb_free_pages_list(&list);
	KUNIT_EXPECT_TRUE(test, list_empty(&list));
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(shb_api_get()));
	shb_instance_stop();
}

/* --- contents follow ------------------------------------------------------------------------------ */

#define CONTENTS	2000

struct contents {
	unsigned long	pfns[CONTENTS];
	int		nr, moved;
};

static int find_content(const struct contents *c, unsigned long pfn)
{
	int k;

	for (k = 0; k < c->nr; k++)
		if (c->pfns[k] == pfn)
			return k;
	return -1;
}

static bool content_may_move(void *owners, unsigned long pfn, unsigned int order)
{
	return !order && find_content(owners, pfn) >= 0;
}

static void content_moved(void *owners, unsigned long from, unsigned long to, unsigned int order)
{
	struct contents *c = owners;
	int k = find_content(c, from);

	c->moved++;
	if (k >= 0)
		c->pfns[k] = to;
}

static unsigned long *word_of(unsigned long pfn)
{
	return page_address(pfn_to_page(pfn));
}

/* Every second page is freed; the others are told by what was written to them, wherever they are. */
static void what_compaction_moves_is_whole(struct kunit *test)
{
	struct contents *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	const struct shb_mover mover = { content_may_move, content_moved, c };
	struct shb_state *s;
	struct page *page;
	int k;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	s = shb_api_get();
	while (c->nr < CONTENTS && (page = shb_alloc_pages(GFP_HIGHUSER_MOVABLE, 0)))
		c->pfns[c->nr++] = page_to_pfn(page);
	for (k = 0; k < c->nr; k++) {
		if (k & 1) {
			shb_free_pages(pfn_to_page(c->pfns[k]), 0);
			c->pfns[k] = 0;
			continue;
		}
		shb_set_movable(s, c->pfns[k], 0, true);
		word_of(c->pfns[k])[0] = k;
		word_of(c->pfns[k])[PAGE_SIZE / sizeof(long) - 1] = ~(unsigned long)k;
	}
	shb_drain(s, SHB_EVERY_CPU, NULL);
	KUNIT_EXPECT_EQ(test, 0, shb_compact_node(s, 0, &mover, SHB_EVERY_CPU));
	KUNIT_EXPECT_GT(test, c->moved, CONTENTS / 8);
	for (k = 0; k < c->nr; k += 2) {
		KUNIT_EXPECT_EQ(test, (unsigned long)k, word_of(c->pfns[k])[0]);
		KUNIT_EXPECT_EQ(test, ~(unsigned long)k, word_of(c->pfns[k])[PAGE_SIZE / sizeof(long) - 1]);
		shb_free_pages(pfn_to_page(c->pfns[k]), 0);
	}
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	shb_drain_check(s, &check_buffer);
	expect_sound(test);
	shb_instance_stop();
}

/* model=1: the zones of this very kernel, with their sizes, and not one page of them. */
static void model_has_sizes_and_no_memory(struct kunit *test)
{
	struct shb_params p = { .carve = "auto", .split = "", .cma = "", .profile = "",
				     .model = true, .ring_records = 1024 };
	struct zone *zone = shb_topology_zone(0, SHB_NORMAL);
	struct shb_zone *z;

	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&p));
	z = shb_api_get()->nodes[0].zones[SHB_NORMAL];
	KUNIT_EXPECT_EQ(test, zone_managed_pages(zone), z->extent.managed);
	KUNIT_EXPECT_EQ(test, zone->present_pages, z->extent.present);
	KUNIT_EXPECT_EQ(test, 0, z->extent.nr_frames);
	KUNIT_EXPECT_NULL(test, shb_alloc_pages(GFP_KERNEL, 0));
	shb_drain_check(shb_api_get(), &check_buffer);
	expect_sound(test);
	shb_instance_stop();
	KUNIT_EXPECT_NULL(test, shb_api_get());
	p.carve = "0:Normal:16M";
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_instance_start(&p));
}

/* split= gives a machine with one zone three; what is left over is Normal. */
static void split_makes_zones_of_one(struct kunit *test)
{
	struct shb_params p = small;
	struct shb_state *s;

	p.split = "0:Movable:4M";
	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&p));
	s = shb_api_get();
	KUNIT_EXPECT_EQ(test, 2, s->nr_zones);
	KUNIT_EXPECT_EQ(test, 3072, s->nodes[0].zones[SHB_NORMAL]->extent.managed);
	KUNIT_EXPECT_EQ(test, 1024, s->nodes[0].zones[SHB_MOVABLE_ZONE]->extent.managed);
	KUNIT_EXPECT_GT(test, s->nodes[0].zones[SHB_MOVABLE_ZONE]->extent.start_pfn,
			s->nodes[0].zones[SHB_NORMAL]->extent.start_pfn);
	shb_instance_stop();
}

struct bad_start_row { const char *carve, *split, *cma, *profile; };

static const struct bad_start_row bad_start_rows[] = {
	{ "0:Normal:5M", "", "", "" }, { "", "", "", "" }, { "9:Normal:4M", "", "", "" },
	{ "0:Normal:64G", "", "", "" }, { "0:Movable:4M", "", "", "" },
	{ "0:Normal:16M", "0:Normal:4M", "", "" }, { "0:Normal:16M", "0:Movable:32M", "", "" },
	{ "0:Normal:16M", "0:Mov:4M", "", "" }, { "0:Normal:16M", "", "1:Normal:4M", "" },
	{ "0:Normal:16M", "", "0:Normal:64M", "" }, { "0:Normal:16M", "", "", "linux-6.13" },
	{ "*:*:900G", "", "", "" }, { "*:*:4M,*:*:8M", "", "", "" }, { "0:Normal:4M,0:Normal:4M", "", "", "" },
	{ "0:*:4M,*:Normal:4M", "", "", "" }, { "0:Normal:0", "", "", "" }, { "force", "", "", "" },
	{ "0:Normal:16M", "0:Movable:4M,force", "", "" },
};

static void bad_start_name(const struct bad_start_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "[%s][%s][%s][%s]", r->carve, r->split, r->cma,
		 r->profile);
}
KUNIT_ARRAY_PARAM(bad_start, bad_start_rows, bad_start_name);

static void bad_parameter_carves_nothing(struct kunit *test)
{
	const struct bad_start_row *row = test->param_value;
	struct shb_params p = {
		.carve = row->carve, .split = row->split, .cma = row->cma,
		.profile = row->profile, .ring_records = 1024,
	};

	KUNIT_EXPECT_EQ(test, -EINVAL, shb_instance_start(&p));
	KUNIT_EXPECT_NULL(test, shb_api_get());
}

/* Somebody keeps a page beyond rmmod: it is left to them, the rest comes back. */
static void shared_page_stays_with_its_holder(struct kunit *test)
{
	struct page *page;

	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	page = shb_alloc_pages(GFP_KERNEL, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page);
	shb_free_pages(page, 0);
	shb_instance_stop();
	KUNIT_EXPECT_EQ(test, 1, page_ref_count(page));
	put_page(page);
}

/* A page that is given back while somebody still uses it goes to nobody. */
static void a_page_in_use_is_not_handed_out_again(struct kunit *test)
{
	struct page *page, *other;
	LIST_HEAD(all);

	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	page = shb_alloc_pages(GFP_KERNEL, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page);
	shb_free_pages(page, 0);
	while ((other = shb_alloc_pages(GFP_KERNEL | __GFP_MEMALLOC, 0))) {
		KUNIT_EXPECT_PTR_NE(test, page, other);
		list_add(&other->lru, &all);
	}
	put_page(page);
	KUNIT_EXPECT_EQ(test, 1, page_ref_count(page));
	KUNIT_EXPECT_EQ(test, 0, shb_instance_command("drain"));
	KUNIT_EXPECT_PTR_EQ(test, page, shb_alloc_pages(GFP_KERNEL | __GFP_MEMALLOC, 0));
	shb_free_pages(page, 0);
	shb_free_pages_list(&all);
	shb_drain_check(shb_api_get(), &check_buffer);
	expect_sound(test);
	shb_instance_stop();
}

/*
 * A user gave a page to the kernel instead of to us, and the kernel gave it to somebody
 * else: unloading does not take it away from them.
 */
static void a_page_of_somebody_else_is_left_alone(struct kunit *test)
{
	struct address_space mapping;
	struct page *page, *tries[64];
	int nr = 0;

	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	page = shb_alloc_pages(GFP_KERNEL, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	do {
		tries[nr] = alloc_page(GFP_HIGHUSER_MOVABLE);	/* the type of carved pageblocks */
	} while (tries[nr] != page && ++nr < ARRAY_SIZE(tries));
	if (nr < ARRAY_SIZE(tries))
		page->mapping = &mapping;
	shb_instance_stop();
	KUNIT_ASSERT_LT(test, nr, ARRAY_SIZE(tries));
	KUNIT_EXPECT_EQ(test, 1, page_ref_count(page));
	page->mapping = NULL;
	do {
		__free_page(tries[nr]);
	} while (nr--);
}

/* Handed back to us, but without a reference: it went to the kernel, and is not ours to drop. */
static void a_page_over_put_is_dropped_once(struct kunit *test)
{
	long before = kernel_free();
	struct page *page;

	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	page = shb_alloc_pages(GFP_KERNEL, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	put_page(page);
	shb_free_pages(page, 0);
	KUNIT_EXPECT_EQ(test, 0, shb_instance_command("drain"));
	KUNIT_EXPECT_EQ(test, 1, shb_api_get()->zones[0]->quarantine.lost);
	shb_instance_stop();
	KUNIT_EXPECT_EQ(test, 0, page_ref_count(page));
	KUNIT_EXPECT_LT(test, abs(before - kernel_free()), 4096);
}

static void nothing_is_freed_for_null(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	shb_free_pages_exact(NULL, 3 * PAGE_SIZE);
	shb_free_pages_addr(0, 0);
	KUNIT_EXPECT_EQ(test, 0, atomic_long_read(&shb_api_get()->events[SHB_BAD_FREE]));
	shb_instance_stop();
}

/*
 * The callback of memory hotplug looks at the state: whoever takes the state away waits
 * for it. Here the test is the callback, by its mutex.
 */
struct removal {
	struct shb_guard	guard;
	struct completion	done;
};

static int take_state_away(void *data)
{
	struct removal *r = data;

	shb_guard_state(&r->guard, NULL);
	complete(&r->done);
	return 0;
}

static void hotplug_callback_keeps_the_state(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct removal *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	struct task_struct *task;

	KUNIT_ASSERT_NOT_NULL(test, r);
	init_completion(&r->done);
	KUNIT_ASSERT_EQ(test, 0, shb_guard_start(&r->guard));
	shb_guard_state(&r->guard, s);
	mutex_lock(&r->guard.lock);
	task = kthread_run(take_state_away, r, "take_state_away");
	KUNIT_EXPECT_FALSE(test, IS_ERR(task));
	while (!IS_ERR(task) && READ_ONCE(task->__state) == TASK_RUNNING &&
	       !completion_done(&r->done))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_FALSE(test, completion_done(&r->done));
	KUNIT_EXPECT_PTR_EQ(test, (const struct shb_state *)s, r->guard.s);
	mutex_unlock(&r->guard.lock);
	if (!IS_ERR(task))
		wait_for_completion(&r->done);
	shb_guard_stop(&r->guard);
}

/* A cpu that came or went before anybody told us: loading looks again. */
static void cpus_are_counted_after_the_callbacks_are_there(struct kunit *test)
{
	struct shb_cpus *cpus = kunit_kzalloc(test, sizeof(*cpus), GFP_KERNEL);
	struct shb_topology topo;
	struct shb_state *s;

	KUNIT_ASSERT_NOT_NULL(test, cpus);
	fill_topology(test, &one_zone, &topo);
	topo.cpu_online[0] = false;
	s = build_topo(test, "linux-6.12", &one_zone, &topo, false);
	KUNIT_ASSERT_EQ(test, 0, shb_cpus_start(cpus, s));
	KUNIT_EXPECT_TRUE(test, s->topo.cpu_online[0]);
	shb_cpus_stop(cpus);
}

/* 1 TiB has 4 GiB of frames: more than kvzalloc() takes, and than this machine has. */
static void a_huge_zone_fails_without_a_warning(struct kunit *test)
{
	struct shb_topology topo;
	struct shb_plan_zone zone = { .kind = SHB_NORMAL, .nr_granules = 1 << 18 };
	struct shb_plan plan = {
		.profile = shb_profile_find("linux-6.12"), .format = &format_612, .topo = &topo,
		.host = &shb_host_paper,
		.kinds = 0x1f, .nr_zones = 1, .zones = &zone,
	};
	unsigned long k, *pfns = kvcalloc(zone.nr_granules, sizeof(*pfns), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pfns);
	for (k = 0; k < zone.nr_granules; k++)
		pfns[k] = k << SHB_GRANULE_ORDER;
	zone.pfns = pfns;
	fill_topology(test, &one_zone, &topo);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-ENOMEM), shb_state_create(&plan));
	zone.nr_granules = SHB_ZONE_GRANULES_MAX + 1;
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-E2BIG), shb_state_create(&plan));
	kvfree(pfns);
}

/* An interrupt that allocates and frees, again at each tick until told to stop. */
struct irq_user {
	struct irq_work	work;
	int		rounds, failed;
	bool		stop;
};

static void irq_round(struct irq_work *work)
{
	struct irq_user *u = container_of(work, struct irq_user, work);
	struct page *a = shb_alloc_pages(GFP_ATOMIC, 0), *b = shb_alloc_pages(GFP_ATOMIC, 4);

	u->failed += !a || !b;
	if (a)
		shb_free_pages(a, 0);
	if (b)
		shb_free_pages(b, 4);
	u->rounds++;
	if (!READ_ONCE(u->stop))
		irq_work_queue(work);
}

/* Whatever an interrupt falls into, lists and counts stay whole. */
static void interrupts_may_allocate(struct kunit *test)
{
	struct irq_user *u = kunit_kzalloc(test, sizeof(*u), GFP_KERNEL);
	unsigned long limit = jiffies + 20 * HZ;
	struct page *page;
	int order = 0;

	KUNIT_ASSERT_NOT_NULL(test, u);
	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	u->work = IRQ_WORK_INIT_LAZY(irq_round);
	irq_work_queue(&u->work);
	while (READ_ONCE(u->rounds) < 100 && time_before(jiffies, limit)) {
		page = shb_alloc_pages(GFP_KERNEL, order);
		if (page)
			shb_free_pages(page, order);
		order = (order + 1) % 6;
		cond_resched();
	}
	WRITE_ONCE(u->stop, true);
	irq_work_sync(&u->work);
	KUNIT_EXPECT_GE(test, u->rounds, 100);
	KUNIT_EXPECT_EQ(test, 0, u->failed);
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(shb_api_get()));
	shb_drain_check(shb_api_get(), &check_buffer);
	expect_sound(test);
	shb_instance_stop();
}

/*
 * A driver's lock L as tools/vm/neighbour.c uses it, step by step on one cpu: lockdep
 * puts the steps together and finds the deadlock two cpus would run into.
 */
static DEFINE_SPINLOCK(driver_lock);
static DEFINE_SPINLOCK(driver_bh_lock);

static void take_driver_lock(struct irq_work *work)
{
	spin_lock(&driver_lock);
	spin_unlock(&driver_lock);
}

static void take_driver_bh_lock(struct tasklet_struct *t)
{
	spin_lock(&driver_bh_lock);
	spin_unlock(&driver_bh_lock);
}

static void allocate_and_free(gfp_t gfp)
{
	int order;

	for (order = 0; order <= 4; order += 4) {
		struct page *page = shb_alloc_pages(gfp, order);

		if (page)
			shb_free_pages(page, order);
	}
}

static void drivers_may_allocate_under_locks_their_interrupts_take(struct kunit *test)
{
	struct irq_work work = IRQ_WORK_INIT(take_driver_lock);
	struct tasklet_struct soft;
	unsigned long flags;

	tasklet_setup(&soft, take_driver_bh_lock);
	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	irq_work_queue(&work);
	irq_work_sync(&work);
	tasklet_schedule(&soft);
	tasklet_kill(&soft);
	spin_lock_irqsave(&driver_lock, flags);
	allocate_and_free(GFP_ATOMIC);
	spin_unlock_irqrestore(&driver_lock, flags);
	spin_lock_bh(&driver_bh_lock);
	allocate_and_free(GFP_ATOMIC);
	spin_unlock_bh(&driver_bh_lock);
	allocate_and_free(GFP_KERNEL);
	shb_instance_stop();
	KUNIT_EXPECT_TRUE(test, !IS_ENABLED(CONFIG_PROVE_LOCKING) || debug_locks);
}

/* What this kernel does is seen; nothing of it is lost, and it ends. */
static void following_sees_the_kernel(struct kunit *test)
{
	struct shb_params p = small;
	struct shb_follow *f;
	struct page *page;
	int k;

	p.ring_records = 1 << 15;
	KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&p));
	f = &shb_instance_of(shb_api_get())->follow;
	KUNIT_ASSERT_EQ(test, 0, shb_instance_command("candidate old linux-6.1\nfollow on"));
	KUNIT_EXPECT_EQ(test, -EBUSY, shb_instance_command("follow on"));
	for (k = 0; k < 1000; k++) {
		page = alloc_pages(GFP_KERNEL, k % 4);
		KUNIT_ASSERT_NOT_NULL(test, page);
		__free_pages(page, k % 4);
	}
	KUNIT_EXPECT_EQ(test, 0, shb_instance_command("follow repair"));
	KUNIT_EXPECT_GE(test, f->t->kinds[SHB_REC_ALLOC], 1000);
	KUNIT_EXPECT_GE(test, f->t->kinds[SHB_REC_FREE], 1000);
	KUNIT_EXPECT_GE(test, f->t->candidates[0].counts[SHB_CAND_REQUESTS], 1000);
	KUNIT_EXPECT_EQ(test, 0, f->t->candidates[0].counts[SHB_CAND_REFUSED]);
	KUNIT_EXPECT_EQ(test, 0, f->t->notes[SHB_NOTE_LOST]);
	shb_drain_check(f->t->mirror, &check_buffer);
	expect_sound(test);
	shb_drain_check(f->t->candidates[0].s, &check_buffer);
	expect_sound(test);
	KUNIT_EXPECT_EQ(test, 0, shb_instance_command("follow off"));
	KUNIT_EXPECT_EQ(test, -ENODEV, shb_instance_command("follow off"));
	KUNIT_EXPECT_EQ(test, 0, shb_instance_command("follow on"));
	shb_instance_stop();		/* while it is on */
}

#ifdef CONFIG_FAULT_INJECTION

#define FAULTS_MAX	400	/* more allocations than any row makes */

/* Fail the n-th allocation of a call. Return: some allocation failed. */
static bool with_fault(int n, int *err, int (*call)(void))
{
	bool hit;

	current->fail_nth = n;
	*err = call();
	hit = !current->fail_nth;
	current->fail_nth = 0;
	return hit;
}

static int start_small(void)
{
	return shb_instance_start(&small);
}

static int start_split(void)
{
	struct shb_params p = small;

	p.carve = "*:*:8M";
	p.split = "0:Movable:4M";
	return shb_instance_start(&p);
}

static int run_commands(void)
{
	return shb_instance_command("alloc tag=x order=2 count=40\nfree tag=x");
}

static int follow_for_a_moment(void)
{
	int err = shb_instance_command("candidate old linux-6.1\nfollow record");

	return err ?: shb_instance_command("follow off");
}

static int write_knob_text(void)
{
	return shb_instance_command("set min_free_kbytes=2000");
}

struct fault_row { int (*call)(void); bool starts; int last; const char *name; };

static const struct fault_row fault_rows[] = {
	{ start_small, true, FAULTS_MAX, "start" },
	{ start_split, true, 50, "start_split" },	/* behind it all is as in "start" */
	{ run_commands, false, FAULTS_MAX, "ctl" },
	{ write_knob_text, false, FAULTS_MAX, "set" },
	{ follow_for_a_moment, false, 120, "follow" },	/* behind it are the pages of tables */
};

static void fault_name(const struct fault_row *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(fault, fault_rows, fault_name);

/*
 * A start that met a failing allocation either failed and left nothing, or got on
 * without it (a carve that found one range less) and must then be whole.
 */
static void every_failing_allocation_is_survived(struct kunit *test)
{
	const struct fault_row *row = test->param_value;
	int n, err, failed = 0;
	long before;

	if (!row->starts)
		KUNIT_ASSERT_EQ(test, 0, shb_instance_start(&small));
	before = kernel_free();
	for (n = 1; n < row->last; n++) {
		bool hit = with_fault(n, &err, row->call);

		failed += hit && err;
		if (row->starts && !err) {
			shb_drain_check(shb_api_get(), &check_buffer);
			expect_sound(test);
			shb_instance_stop();
		}
		KUNIT_ASSERT_EQ(test, !row->starts, !!shb_api_get());
		if (!row->starts)
			KUNIT_ASSERT_TRUE(test, list_empty(&shb_instance_of(shb_api_get())->ctl.tags));
		if (!hit)
			break;
	}
	KUNIT_EXPECT_TRUE(test, n < row->last || row->last < FAULTS_MAX);
	KUNIT_EXPECT_GT(test, failed, 0);
	if (!row->starts)
		shb_instance_stop();
	kunit_info(test, "%d allocations, %d of them fatal", n - 1, failed);
	/* A granule lost would be 1024 pages each time. */
	KUNIT_EXPECT_LT(test, abs(before - kernel_free()), 4096 + 1024);
}

#endif

struct import_pair {
	struct shb_snapshot a, b;
	char text[1024];
};

static void free_import(void *pair)
{
	shb_snapshot_free(&((struct import_pair *)pair)->a);
	shb_snapshot_free(&((struct import_pair *)pair)->b);
}

/* The kernel this runs in, as it is just now, makes a shadow without a contradiction. */
static void zone_of_the_kernel_becomes_a_sound_shadow(struct kunit *test)
{
	struct zone *zone = shb_topology_zone(0, SHB_NORMAL);
	struct import_pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	struct shape shape = { .name = "import", .nodes = 1, .cpus = nr_cpu_ids, .cpuless = -1,
			       .nr = 1, .zones = { { 0, SHB_NORMAL } } };
	struct shb_state *s;
	long pages = 0;
	int order;

	KUNIT_ASSERT_NOT_NULL(test, zone);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_import, p));
	KUNIT_ASSERT_EQ(test, 0, shb_import_init(&p->a, zone));
	shape.zones[0].granules = p->a.nr_frames >> SHB_GRANULE_ORDER;
	s = build(test, "linux-7.2", &shape);
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_init(&p->b, 0, p->a.nr_frames, nr_cpu_ids));
	KUNIT_ASSERT_EQ(test, 0, shb_import_take(&p->a, zone, NULL));
	shb_import_movable(&p->a, zone);
	for (order = 0; order < SHB_NR_ORDERS; order++)
		pages += (long)p->a.counted[order] << order;
	KUNIT_EXPECT_EQ(test, pages, p->a.number[SHB_N_FREE_PAGES]);
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_apply(&p->a, s->zones[0]));
	check_all(test, s);
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_take(s->zones[0], &p->b));
	KUNIT_EXPECT_EQ_MSG(test, 0,
			    shb_snapshot_diff(&p->a, &p->b, p->text, sizeof(p->text)), "%s",
			    p->text);
}

static struct kunit_case instance_cases[] = {
	KUNIT_CASE(zone_of_the_kernel_becomes_a_sound_shadow),
	KUNIT_CASE(start_serves_real_pages),
	KUNIT_CASE(lists_bulk_and_interleave),
	KUNIT_CASE(what_compaction_moves_is_whole),
	KUNIT_CASE(model_has_sizes_and_no_memory),
	KUNIT_CASE(split_makes_zones_of_one),
	KUNIT_CASE_PARAM(bad_parameter_carves_nothing, bad_start_gen_params),
	KUNIT_CASE(shared_page_stays_with_its_holder),
	KUNIT_CASE(a_page_in_use_is_not_handed_out_again),
	KUNIT_CASE(a_page_of_somebody_else_is_left_alone),
	KUNIT_CASE(a_page_over_put_is_dropped_once),
	KUNIT_CASE(nothing_is_freed_for_null),
	KUNIT_CASE(hotplug_callback_keeps_the_state),
	KUNIT_CASE(cpus_are_counted_after_the_callbacks_are_there),
	KUNIT_CASE(a_huge_zone_fails_without_a_warning),
	KUNIT_CASE(interrupts_may_allocate),
	KUNIT_CASE(following_sees_the_kernel),
	KUNIT_CASE(drivers_may_allocate_under_locks_their_interrupts_take),
#ifdef CONFIG_FAULT_INJECTION
	KUNIT_CASE_PARAM(every_failing_allocation_is_survived, fault_gen_params),
#endif
	{}
};

struct kunit_suite instance_suite = {
	.name = "shadowbuddy_instance", .test_cases = instance_cases,
};
