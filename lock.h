/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The zone lock: one word that names the cpu inside, and interrupts stay on.
 *
 *     owner   0: nobody      cpu + 1: that cpu, with preemption off
 *
 * Turning interrupts off and on again costs more than most of what is done under
 * the lock, and is needed only if interrupts use the zone. So each cpu has a mark that a
 * task of it is inside some zone, or about to be, with interrupts on. An interrupt that
 * finds its cpu marked may not wait for any zone: it takes the lock only if that is
 * free, and is refused otherwise. (Its own task could be what it waits for, directly or
 * through an interrupt on the cpu it waits for.) From the first use by an interrupt on,
 * tasks turn interrupts off, too, so this can happen only while a task is inside that
 * entered before.
 *
 * Waiting cpus look before they write and stand back more and more, in no order: a
 * queue hands the lock to whoever waited longest, asleep or not, and that is where
 * two cpus lose most.
 */
#ifndef SHB_LOCK_H
#define SHB_LOCK_H

#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/smp.h>

#define SHB_IRQS_ON	(~0UL)		/* no flags to restore */
#define SHB_BACKOFF_MAX	64		/* pauses between two looks */

struct shb_lock {
	atomic_t		owner;
	bool			irqs_off;	/* an interrupt has used it */
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	struct lockdep_map	dep_map;
#endif
};

/*
 * @inside: a task of this cpu is inside a zone, or waits for one, with interrupts on
 * @parked: an interrupt left blocks for that task to free; see zones.c
 */
struct shb_cpu_mark {
	u8	inside, parked;
};
DECLARE_PER_CPU(struct shb_cpu_mark, shb_cpu_marks);

#define shb_lock_init(l)						\
do {									\
	static struct lock_class_key key;				\
									\
	*(l) = (struct shb_lock){ };					\
	shb_lock_init_map(l, &key);					\
} while (0)

static inline void shb_lock_init_map(struct shb_lock *l, struct lock_class_key *key)
{
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	lockdep_init_map(&l->dep_map, "shb_zone_lock", key, 0);
#endif
}

/* Write @me into the free word. Return: false when it is ours already, or taken and @wait is not set. */
static inline bool shb_lock_acquire(struct shb_lock *l, int me, bool wait)
{
	int pauses = 1, owner, k;

	for (;;) {
		owner = atomic_read(&l->owner);
		if (likely(!owner)) {
			if (likely(atomic_try_cmpxchg_acquire(&l->owner, &owner, me)))
				return true;
			continue;
		}
		if (owner == me || !wait)
			return false;
		for (k = 0; k < pauses; k++)
			cpu_relax();
		if (pauses < SHB_BACKOFF_MAX)
			pauses *= 2;
	}
}

/* An interrupt, or the first of them: see the top. */
static inline bool shb_lock_enter_irq(struct shb_lock *l, int cpu, unsigned long *irq)
{
	WRITE_ONCE(l->irqs_off, true);
	local_irq_save(*irq);
	if (shb_lock_acquire(l, cpu + 1, !per_cpu_ptr(&shb_cpu_marks, cpu)->inside))
		return true;
	local_irq_restore(*irq);
	return false;
}

static inline bool shb_lock_enter_task(struct shb_lock *l, int cpu, unsigned long *irq)
{
	struct shb_cpu_mark *mark = per_cpu_ptr(&shb_cpu_marks, cpu);
	u8 was = mark->inside;

	if (unlikely(READ_ONCE(l->irqs_off))) {
		local_irq_save(*irq);
		if (likely(shb_lock_acquire(l, cpu + 1, true)))
			return true;
		local_irq_restore(*irq);
		return false;
	}
	*irq = SHB_IRQS_ON;
	WRITE_ONCE(mark->inside, 1);
	barrier();
	if (likely(shb_lock_acquire(l, cpu + 1, true)))
		return true;
	WRITE_ONCE(mark->inside, was);
	return false;
}

/**
 * shb_lock_enter() - take the lock, unless that could never end
 * @l: lock
 * @irq: for shb_lock_leave(), out
 *
 * Context: any but NMI. Preemption is off afterwards.
 * Return: false for an interrupt that may not wait, or when this cpu holds the lock;
 * nothing is held then.
 */
static inline bool __must_check shb_lock_enter(struct shb_lock *l, unsigned long *irq)
{
	bool task = in_task();
	int cpu;

	preempt_disable();
	cpu = raw_smp_processor_id();
	if (likely(task ? shb_lock_enter_task(l, cpu, irq) : shb_lock_enter_irq(l, cpu, irq))) {
		/* To lockdep the irqs-on side would look like a deadlock with an interrupt, which waits only when it cannot be one. */
		spin_acquire(&l->dep_map, 0, !task, _THIS_IP_);
		return true;
	}
	preempt_enable();
	return false;
}

/**
 * shb_lock_leave() - give the lock up; preemption stays off
 * @l: lock
 * @irq: from shb_lock_enter()
 *
 * Return: interrupts parked blocks on this cpu meanwhile. What they do from here on
 * they need not park.
 */
static inline bool shb_lock_leave(struct shb_lock *l, unsigned long irq)
{
	struct shb_cpu_mark *mark = per_cpu_ptr(&shb_cpu_marks, raw_smp_processor_id());

	spin_release(&l->dep_map, _THIS_IP_);
	atomic_set_release(&l->owner, 0);
	if (unlikely(irq != SHB_IRQS_ON)) {
		local_irq_restore(irq);
		return false;
	}
	WRITE_ONCE(mark->inside, 0);
	barrier();
	return READ_ONCE(mark->parked);
}

#endif
