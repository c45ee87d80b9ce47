// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite shadowbuddy_ring: the rings of records. What is written is read once, in order, or is
 * counted as lost: with tasks and interrupts that write on every cpu while one reads.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>

#include "fixture.h"
#include "glue/ring.h"

#define ROUNDS	20000

static void a_full_ring_loses_what_it_counts(struct kunit *test)
{
	struct shb_ring __percpu *rings;
	const struct shb_record *one;
	struct shb_ring *r;
	u64 next, stamp = 0;
	int k;

	KUNIT_ASSERT_EQ(test, 0, shb_rings_create(&rings, 16));
	migrate_disable();
	r = this_cpu_ptr(rings);
	for (k = 0; k < 20; k++)
		shb_ring_put(rings, SHB_REC_ALLOC, k, 3, 7);
	KUNIT_EXPECT_EQ(test, 4, r->lost);
	for (k = 0; k < 16; k++) {
		KUNIT_ASSERT_PTR_EQ(test, r, shb_rings_oldest(rings, &next));
		one = shb_ring_peek(r);
		KUNIT_EXPECT_EQ(test, k, one->pfn);
		KUNIT_EXPECT_GE(test, one->stamp, stamp);
		KUNIT_EXPECT_EQ(test, smp_processor_id(), r->cpu);
		stamp = one->stamp;
		shb_ring_drop(r);
	}
	KUNIT_EXPECT_NULL(test, shb_rings_oldest(rings, &next));
	shb_ring_put(rings, SHB_REC_ALLOC, 20, 3, 7);
	KUNIT_EXPECT_EQ(test, 4, r->lost);
	KUNIT_EXPECT_EQ(test, 20, shb_ring_peek(r)->pfn);
	migrate_enable();
	shb_rings_destroy(rings);
}

/* A cpu's two writers, a task and the interrupts it is hit by. Each numbers its records. */
struct writer {
	struct shb_ring __percpu *rings;
	struct irq_work		work;
	struct task_struct	*task;
	u32			in_task, in_irq;	/* records so far */
	bool			done;
};

static void write_in_irq(struct irq_work *work)
{
	struct writer *w = container_of(work, struct writer, work);

	shb_ring_put(w->rings, SHB_REC_FREE, w->in_irq++, 0, 0);
}

static int write_in_task(void *arg)
{
	struct writer *w = arg;

	while (w->in_task < ROUNDS) {
		if (!(w->in_task % 3))
			irq_work_queue(&w->work);
		shb_ring_put(w->rings, SHB_REC_ALLOC, w->in_task++, 0, 0);
		if (!(w->in_task % 64))
			cond_resched();
	}
	irq_work_sync(&w->work);
	/* Pairs with all_done(): all records are there, and counted. */
	smp_store_release(&w->done, true);
	while (!kthread_should_stop())
		schedule_timeout_idle(1);
	return 0;
}

/* Who reads: what comes of each writer ascends, and so do the stamps of a cpu. */
struct reader {
	u32	next[2];
	u64	stamp, read;
};

static void read_one(struct kunit *test, struct reader *seen, const struct shb_record *one)
{
	struct reader *r = &seen[one->cpu];
	int from = one->kind == SHB_REC_FREE;

	KUNIT_EXPECT_GE(test, one->pfn, r->next[from]);
	KUNIT_EXPECT_GE(test, one->stamp, r->stamp);
	r->next[from] = one->pfn + 1;
	r->stamp = one->stamp;
	r->read++;
}

static void read_all(struct kunit *test, struct shb_ring __percpu *rings, struct reader *seen)
{
	struct shb_ring *r;
	u64 next;

	while ((r = shb_rings_oldest(rings, &next))) {
		read_one(test, seen, shb_ring_peek(r));
		shb_ring_drop(r);
	}
}

static bool all_done(const struct writer *writers)
{
	int cpu;

	for_each_online_cpu(cpu)
		/* Pairs with write_in_task(). */
		if (!smp_load_acquire(&writers[cpu].done))
			return false;
	return true;
}

/* A ring of 64 records loses a lot, one of 65536 nothing; read or lost is all that was written. */
static void run_writers(struct kunit *test, unsigned int records)
{
	struct writer *writers = kunit_kcalloc(test, nr_cpu_ids, sizeof(*writers), GFP_KERNEL);
	struct reader *seen = kunit_kcalloc(test, nr_cpu_ids, sizeof(*seen), GFP_KERNEL);
	struct shb_ring __percpu *rings;
	int cpu;

	KUNIT_ASSERT_TRUE(test, writers && seen);
	KUNIT_ASSERT_EQ(test, 0, shb_rings_create(&rings, records));
	for_each_online_cpu(cpu) {
		struct writer *w = &writers[cpu];

		w->rings = rings;
		w->work = IRQ_WORK_INIT_HARD(write_in_irq);
		w->task = kthread_create_on_cpu(write_in_task, w, cpu, "shb_writer/%u");
		KUNIT_ASSERT_FALSE(test, IS_ERR(w->task));
	}
	for_each_online_cpu(cpu)
		wake_up_process(writers[cpu].task);
	while (!all_done(writers)) {
		read_all(test, rings, seen);
		cond_resched();
	}
	read_all(test, rings, seen);
	for_each_online_cpu(cpu) {
		struct shb_ring *r = per_cpu_ptr(rings, cpu);

		kthread_stop(writers[cpu].task);
		KUNIT_EXPECT_EQ(test, writers[cpu].in_task + writers[cpu].in_irq,
				seen[cpu].read + r->lost);
		KUNIT_EXPECT_GT(test, writers[cpu].in_irq, 0);
		if (records > 2 * ROUNDS)
			KUNIT_EXPECT_EQ(test, 0, r->lost);
	}
	shb_rings_destroy(rings);
}

static void everything_is_read_or_lost(struct kunit *test)
{
	run_writers(test, 64);
}

static void a_large_ring_loses_nothing(struct kunit *test)
{
	run_writers(test, 65536);
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(a_full_ring_loses_what_it_counts),
	KUNIT_CASE(everything_is_read_or_lost),
	KUNIT_CASE(a_large_ring_loses_nothing),
	{ }
};

struct kunit_suite ring_suite = {
	.name = "shadowbuddy_ring", .test_cases = ring_cases,
};
