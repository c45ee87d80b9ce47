// SPDX-License-Identifier: GPL-2.0-only
/*
 * shadowbuddy_neighbour: a driver with a lock of its own, as many have. For tests only.
 *
 *     cpu 0, a task                        cpu 1, a task
 *     allocates and frees                  takes L, interrupts or softirqs off
 *       an interrupt comes, wants L        sends it and waits until it has begun
 *                                          allocates and frees, holding L
 *       has L                              gives L up; and again, rounds= times
 *     goes on
 *
 * Legal with alloc_pages(), whether the interrupt allocates or not. If the task on cpu 0
 * held anything of ours that cpu 1 waits for, both would wait for ever.
 *
 *     softirq=1   the interrupt is a softirq, and cpu 1 takes L with spin_lock_bh()
 *     order=4     blocks that come from the zone; 0: bursts that refill and trim
 *     serve=1     the interrupt allocates and frees, too
 *
 * Loading does the work and fails with EIO when a request got nothing.
 */
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "shadowbuddy.h"

#define BURST	200	/* order-0 pages: more than any list of the test's zones keeps */
#define PHASES	97	/* different waits between two interrupts */

static bool softirq, serve;
static uint order = 4;
static ulong rounds = 5000;
module_param(softirq, bool, 0444);
module_param(serve, bool, 0444);
module_param(order, uint, 0444);
module_param(rounds, ulong, 0444);

/* L, by who the interrupt is. The first is raw so that PREEMPT_RT may take it there, too. */
static DEFINE_RAW_SPINLOCK(hard_lock);
static DEFINE_SPINLOCK(soft_lock);
static atomic_long_t failed, interrupts;
static unsigned long laps;	/* of the interrupted task */
static bool begun;	/* the interrupt of this round wants the lock */

/* The blocks of one side: its task's and its interrupt's never mix. */
struct side {
	struct page *pages[BURST];
};
static struct side task_side, lock_side, irq_side;

static void allocate_and_free(struct side *u, gfp_t gfp)
{
	int k, nr = order ? 1 : BURST;

	for (k = 0; k < nr; k++) {
		u->pages[k] = shb_alloc_pages_node(0, gfp, order);	/* one zone for all */
		if (!u->pages[k])
			atomic_long_inc(&failed);
	}
	while (k-- > 0)
		if (u->pages[k])
			shb_free_pages(u->pages[k], order);
}

static void interrupt_body(void)
{
	WRITE_ONCE(begun, true);
	raw_spin_lock(&hard_lock);
	if (serve)
		allocate_and_free(&irq_side, GFP_ATOMIC);
	atomic_long_inc(&interrupts);
	raw_spin_unlock(&hard_lock);
}

static void soft_interrupt(struct tasklet_struct *t)
{
	WRITE_ONCE(begun, true);
	spin_lock(&soft_lock);
	if (serve)
		allocate_and_free(&irq_side, GFP_ATOMIC);
	atomic_long_inc(&interrupts);
	spin_unlock(&soft_lock);
}
static DECLARE_TASKLET(tasklet, soft_interrupt);

static void hard_interrupt(void *unused)
{
	if (softirq)
		tasklet_schedule(&tasklet);
	else
		interrupt_body();
}
static call_single_data_t interrupt = CSD_INIT(hard_interrupt, NULL);

/* Behind all that were sent to the cpu before. */
static void last_interrupt(void *unused)
{
}

static int interrupted_task(void *unused)
{
	while (!kthread_should_stop()) {
		allocate_and_free(&task_side, GFP_KERNEL);
		WRITE_ONCE(laps, laps + 1);
		cond_resched();
	}
	return 0;
}

static void interrupt_and_allocate(void)
{
	WRITE_ONCE(begun, false);
	smp_call_function_single_async(0, &interrupt);
	while (!READ_ONCE(begun))
		cpu_relax();
	allocate_and_free(&lock_side, GFP_ATOMIC);
}

static void one_round(void)
{
	unsigned long flags;

	if (softirq) {
		spin_lock_bh(&soft_lock);
		interrupt_and_allocate();
		spin_unlock_bh(&soft_lock);
	} else {
		raw_spin_lock_irqsave(&hard_lock, flags);
		interrupt_and_allocate();
		raw_spin_unlock_irqrestore(&hard_lock, flags);
	}
}

/* The next interrupt comes in another part of what the task does. */
static void let_the_task_go_on(unsigned long phase)
{
	unsigned long lap = READ_ONCE(laps);

	while (READ_ONCE(laps) == lap)
		cpu_relax();
	while (phase--)
		cpu_relax();
}

static long hold_on_this_cpu(void *unused)
{
	unsigned long k;

	for (k = 0; k < rounds; k++) {
		one_round();
		while (atomic_long_read(&interrupts) <= k)
			cpu_relax();
		let_the_task_go_on(k % PHASES);
		cond_resched();
	}
	return 0;
}

static int __init neighbour_init(void)
{
	struct task_struct *task = kthread_create(interrupted_task, NULL, "neighbour");

	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, 0);
	wake_up_process(task);
	work_on_cpu(1, hold_on_this_cpu, NULL);
	kthread_stop(task);
	smp_call_function_single(0, last_interrupt, NULL, true);
	tasklet_kill(&tasklet);
	pr_info("%lu rounds, %ld interrupts, %ld requests failed\n", rounds,
		atomic_long_read(&interrupts), atomic_long_read(&failed));
	return atomic_long_read(&failed) || !atomic_long_read(&interrupts) ? -EIO : 0;
}

static void __exit neighbour_exit(void)
{
}

module_init(neighbour_init);
module_exit(neighbour_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A driver with a lock of its own beside shadowbuddy (tests only)");
