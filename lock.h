/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The zone lock: one word that names the cpu inside, and interrupts stay on.
 *
 *     owner   0: nobody      cpu + 1: that cpu, with preemption off
 *
 * Turning interrupts off and on again costs more than most of what is done under
 * the lock, and is needed only if interrupts use the zone. One that does and comes upon its
 * own cpu inside is told so: it must not wait for what it interrupted. From the first
 * use by an interrupt on, tasks turn interrupts off, too, so this can happen only
 * where a task was inside already at that moment.
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

/* Wait until the word is free and write @me. Return: false when it is ours already. */
static inline bool shb_lock_wait(struct shb_lock *l, int me)
{
	int pauses = 1, owner, k;

	for (;;) {
		owner = atomic_read(&l->owner);
		if (likely(!owner)) {
			if (likely(atomic_try_cmpxchg_acquire(&l->owner, &owner, me)))
				return true;
		} else if (owner == me) {
			return false;
		}
		for (k = 0; k < pauses; k++)
			cpu_relax();
		if (pauses < SHB_BACKOFF_MAX)
			pauses *= 2;
	}
}

/**
 * shb_lock_enter() - take the lock unless this very cpu is inside
 * @l: lock
 * @irq: for shb_lock_leave(), out
 *
 * Context: any but NMI. Preemption is off afterwards.
 * Return: false for an interrupt that came upon its own cpu inside; nothing is held.
 */
static inline bool __must_check shb_lock_enter(struct shb_lock *l, unsigned long *irq)
{
	bool task = in_task(), entered;

	preempt_disable();
	*irq = SHB_IRQS_ON;
	if (unlikely(!task))
		WRITE_ONCE(l->irqs_off, true);
	if (unlikely(READ_ONCE(l->irqs_off)))
		local_irq_save(*irq);
	entered = shb_lock_wait(l, raw_smp_processor_id() + 1);
	if (likely(entered)) {
		/* Not a deadlock with the irqs-on side, but lockdep cannot know: enter() never waits for its own cpu. */
		spin_acquire(&l->dep_map, 0, !task, _THIS_IP_);
		return true;
	}
	if (*irq != SHB_IRQS_ON)
		local_irq_restore(*irq);
	preempt_enable();
	return false;
}

/**
 * shb_lock_leave() - give the lock up
 * @l: lock
 * @irq: from shb_lock_enter()
 */
static inline void shb_lock_leave(struct shb_lock *l, unsigned long irq)
{
	spin_release(&l->dep_map, _THIS_IP_);
	atomic_set_release(&l->owner, 0);
	if (unlikely(irq != SHB_IRQS_ON))
		local_irq_restore(irq);
	preempt_enable();
}

#endif
