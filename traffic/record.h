/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One thing that happened to the kernel's pages. Records of a cpu are in the order of their
 * stamps; a stream has those of all cpus, merged by stamp.
 */
#ifndef SHB_RECORD_H
#define SHB_RECORD_H

#include <linux/kernel.h>
#include <linux/types.h>

enum shb_record_kind {
	SHB_REC_ALLOC,		/* a block was handed out; arg: gfp */
	SHB_REC_FAIL,		/* nothing was; arg: gfp */
	SHB_REC_FREE,		/* a block, or a part of one, came back */
	SHB_REC_BULK,		/* a page of a bulk; it may have been told already */
	SHB_REC_COMPACT,	/* compaction has a target */
	SHB_REC_UNCOMPACT,	/* and does not need it (6.1 tells nobody) */
	SHB_REC_MIGRATE,	/* what was at arg is at pfn now */
	SHB_REC_CONTIG,		/* arg pages from pfn on were taken as a range */
	SHB_REC_NOTE,		/* not a page: arg of what `order` says (enum shb_note) */
	/* From here on: about pages that neither come nor go. */
	SHB_REC_RUN,		/* arg pages from pfn on come back next, one by one, as one run */
	SHB_REC_EXTFRAG,	/* a block of another type serves: arg from shb_extfrag_arg() */
	SHB_REC_REFILL,		/* a block went from the buddy to a per-cpu list; arg: its type */
	SHB_REC_DRAIN,		/* and back; arg: type of the list it is on now */
	SHB_NR_RECORD_KINDS,
};

/* @found: order of the block; @type: wanted; @from: the block's; @owned: its pageblock changed. */
static inline u32 shb_extfrag_arg(u32 found, u32 type, u32 from, bool owned)
{
	return found | type << 8 | from << 16 | (u32)owned << 24;
}

#define SHB_EXTFRAG_FOUND(arg)	((arg) & 0xff)
#define SHB_EXTFRAG_TYPE(arg)	((arg) >> 8 & 0xff)
#define SHB_EXTFRAG_FROM(arg)	((arg) >> 16 & 0xff)
#define SHB_EXTFRAG_OWNED(arg)	((arg) >> 24 & 1)

/* Counts that the pages themselves do not tell. */
enum shb_note {
	SHB_NOTE_LOST,		/* records that found no room, or came where none can be made */
	SHB_NOTE_ISOLATED,	/* pages taken off the lists for a while */
	SHB_NOTE_PUT_BACK,	/* of those, by who told nobody */
	SHB_NOTE_END,		/* of the stream, as its writer wanted it */
	SHB_NOTE_SETTLE,	/* somebody compares pages: nothing may be held back */
	SHB_NOTE_CLASS,		/* from here on less is seen */
	SHB_NOTE_RESTART,	/* the clock begins anew, as some do in a suspend */
	SHB_NR_NOTES,
};

#define SHB_IN_HARDIRQ		0x01	/* who asked: an interrupt */
#define SHB_IN_SOFTIRQ		0x02
#define SHB_IN_MEMALLOC		0x04	/* a task with PF_MEMALLOC */
#define SHB_IN_REALTIME		0x08	/* of a realtime class */
#define SHB_IN_OOM_VICTIM	0x10
#define SHB_IN_MEMPOLICY	0x20	/* with a policy of its own: the node is a guess */

#define SHB_NO_CPU		(~0U)	/* nobody did it: it must have happened */

#define SHB_RECORD_ORDER_MAX	20	/* 4 GiB: a page of the largest size comes in one */

struct shb_record {
	u64	stamp;		/* of a clock that all cpus share */
	u32	pfn;		/* first page */
	u32	arg;
	u8	kind;		/* enum shb_record_kind */
	u8	order;
	u8	context;	/* SHB_IN_* */
	u8	node;		/* of the cpu */
	u32	cpu;
};
static_assert(sizeof(struct shb_record) == 24);

#endif
