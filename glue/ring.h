/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ring of records for each cpu: whoever something happens to writes, one thread reads.
 *
 *     tail ---> oldest .. newest ---> head        full: the record is lost, and counted
 *
 * Why none of the kernel's: ring_buffer_write() costs six times as much, relay has no reader in
 * the kernel, perf and kfifo no place for a writer in any context (docs/locking.md).
 *
 * A writer has interrupts off from the clock to the head, so a cpu has one at a time, and its
 * records are in the order of their stamps. An NMI could come in between: it writes nothing and
 * counts. The reader owns the tail.
 */
#ifndef SHB_RING_H
#define SHB_RING_H

#include <linux/percpu.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>

#include "glue/compat.h"
#include "traffic/record.h"

struct shb_ring {
	struct shb_record	*slots;		/* I */
	u32			size;		/* I: a power of two */
	u32			cpu;		/* I */
	u8			node;		/* I */
	u32			head;		/* of the cpu, with interrupts off */
	u32			limit;		/* of the cpu: up to where it knows that there is room */
	u32			tail ____cacheline_aligned;	/* of the reader */
	u64			told;		/* of the reader: lost records it has told of */
	u64			lost ____cacheline_aligned;	/* of the cpu: full */
	u64			lost_nmi;	/* of its NMIs */
	u64			isolated, put_back;	/* of the cpu: pages, see enum shb_note */
};

/* The two clocks that all cpus share and that may be read anywhere. */
static __always_inline u64 shb_clock_tsc(void)
{
	return shb_tsc();
}

static __always_inline u64 shb_clock_monotonic(void)
{
	return ktime_get_mono_fast_ns();
}

u64 shb_clock_read(void);
u64 shb_clock_second(void);
int shb_rings_create(struct shb_ring __percpu **rings, unsigned int records);
void shb_rings_destroy(struct shb_ring __percpu *rings);
struct shb_ring *shb_rings_oldest(struct shb_ring __percpu *rings, u64 *next);

/* The oldest record of a ring, for the reader; NULL: it is empty. */
static inline struct shb_record *shb_ring_peek(const struct shb_ring *r)
{
	/* Pairs with shb_ring_put(). */
	return r->tail == smp_load_acquire(&r->head) ? NULL : &r->slots[r->tail & (r->size - 1)];
}

/* What every record of a ring has in common is for the reader to write. */
static inline void shb_ring_complete(const struct shb_ring *r, struct shb_record *one)
{
	one->cpu = r->cpu;
	one->node = r->node;
}

/* The reader has done with it: a writer may have its place. */
static inline void shb_ring_drop(struct shb_ring *r)
{
	/* Pairs with shb_ring_put(): what was read is read before it is overwritten. */
	smp_store_release(&r->tail, r->tail + 1);
}

/* Does a decision look at who it was? */
static __always_inline bool shb_ring_asks(u8 kind)
{
	return kind == SHB_REC_ALLOC || kind == SHB_REC_FAIL || kind == SHB_REC_BULK;
}

/* Who asks. Reads nothing but the current task. */
static __always_inline u8 shb_ring_context(void)
{
	u8 context = 0;

	if (in_hardirq())
		return SHB_IN_HARDIRQ;
	if (in_serving_softirq())
		return SHB_IN_SOFTIRQ;
	if (unlikely(current->flags & PF_MEMALLOC))
		context |= SHB_IN_MEMALLOC;
	if (unlikely(rt_task(current)))
		context |= SHB_IN_REALTIME;
	if (unlikely(tsk_is_oom_victim(current)))
		context |= SHB_IN_OOM_VICTIM;
#ifdef CONFIG_NUMA
	if (unlikely(current->mempolicy))
		context |= SHB_IN_MEMPOLICY;
#endif
	return context;
}

/* Is there room for one more? Only where it seems not is the reader's line looked at. */
static __always_inline bool shb_ring_has_room(struct shb_ring *r)
{
	if (likely(r->head != r->limit))
		return true;
	/* Pairs with shb_ring_drop(): the reader has done with the slots before. */
	r->limit = smp_load_acquire(&r->tail) + r->size;
	return r->head != r->limit;
}

static __always_inline void shb_ring_write(struct shb_ring __percpu *rings, u8 kind,
					   unsigned long pfn, u8 order, u32 arg, u64 (*clock)(void))
{
	struct shb_record *slot;
	struct shb_ring *r;
	unsigned long irq;
	u32 head;

	local_irq_save(irq);
	r = this_cpu_ptr(rings);
	head = r->head;
	if (likely(shb_ring_has_room(r))) {
		slot = &r->slots[head & (r->size - 1)];
		slot->stamp = clock();
		slot->pfn = pfn;
		slot->arg = arg;
		slot->kind = kind;
		slot->order = order;
		slot->context = shb_ring_asks(kind) ? shb_ring_context() : 0;
		/* Pairs with shb_ring_peek(): the slot is written before it is there. */
		smp_store_release(&r->head, head + 1);
	} else {
		r->lost++;
	}
	local_irq_restore(irq);
}

void shb_ring_put_monotonic(struct shb_ring __percpu *rings, u8 kind, unsigned long pfn, u8 order,
			    u32 arg);

/**
 * shb_ring_put() - something happened on this cpu
 * @kind: enum shb_record_kind
 *
 * With the time stamp counter it calls nothing, so that the compiler saves no registers.
 *
 * Context: any; in an NMI it is counted as lost. Takes no lock.
 */
static __always_inline void shb_ring_put(struct shb_ring __percpu *rings, u8 kind,
					 unsigned long pfn, u8 order, u32 arg)
{
	if (unlikely(in_nmi()))
		this_cpu_inc(rings->lost_nmi);
	else if (unlikely(pfn > U32_MAX))	/* memory of a device: of no zone that is followed */
		return;
	else if (shb_clock_is_tsc())
		shb_ring_write(rings, kind, pfn, order, arg, shb_clock_tsc);
	else
		shb_ring_put_monotonic(rings, kind, pfn, order, arg);
}

#endif
