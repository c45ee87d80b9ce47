/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of the system "shadowbuddy".
 *
 * The mm_page_* events carry kmem's field names first, so that a script for
 * kmem ports by changing the system; node, zone and, for extfrag, the real
 * fragmentation index follow, and last the id of the state. Arguments are what is at
 * hand where an event fires; fields are worked out only when somebody listens, so an
 * event that is off costs a static branch. Most events fire under the zone lock with
 * interrupts off.
 */
#undef TRACE_SYSTEM
#ifdef SHB_TEST_EVENTS
#define TRACE_SYSTEM shadowbuddy_test	/* of the test modules, which have a core of their own */
#else
#define TRACE_SYSTEM shadowbuddy
#endif

#if !defined(SHB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SHB_TRACE_H

#include <linux/tracepoint.h>
#include <trace/events/mmflags.h>

#include "index.h"
#include "types.h"
#include "watermark.h"

TRACE_DEFINE_ENUM(SHB_UNMOVABLE);
TRACE_DEFINE_ENUM(SHB_MOVABLE);
TRACE_DEFINE_ENUM(SHB_RECLAIMABLE);
TRACE_DEFINE_ENUM(SHB_HIGHATOMIC);
TRACE_DEFINE_ENUM(SHB_CMA);
TRACE_DEFINE_ENUM(SHB_ISOLATE);
TRACE_DEFINE_ENUM(SHB_DMA);
TRACE_DEFINE_ENUM(SHB_DMA32);
TRACE_DEFINE_ENUM(SHB_NORMAL);
TRACE_DEFINE_ENUM(SHB_MOVABLE_ZONE);
TRACE_DEFINE_ENUM(SHB_DEVICE);
TRACE_DEFINE_ENUM(SHB_WMARK_MIN);
TRACE_DEFINE_ENUM(SHB_WMARK_LOW);
TRACE_DEFINE_ENUM(SHB_WMARK_HIGH);
TRACE_DEFINE_ENUM(SHB_WMARK_PROMO);
TRACE_DEFINE_ENUM(SHB_COMPACT_CONTINUE);
TRACE_DEFINE_ENUM(SHB_COMPACT_COMPLETE);
TRACE_DEFINE_ENUM(SHB_COMPACT_PARTIAL_SKIPPED);
TRACE_DEFINE_ENUM(SHB_COMPACT_CONTENDED);

#define shb_show_type(t) __print_symbolic(t,				\
	{ SHB_UNMOVABLE,	"Unmovable" },				\
	{ SHB_MOVABLE,		"Movable" },				\
	{ SHB_RECLAIMABLE,	"Reclaimable" },			\
	{ SHB_HIGHATOMIC,	"HighAtomic" },				\
	{ SHB_CMA,		"CMA" },				\
	{ SHB_ISOLATE,		"Isolate" })

#define shb_show_zone(k) __print_symbolic(k,				\
	{ SHB_DMA,		"DMA" },				\
	{ SHB_DMA32,		"DMA32" },				\
	{ SHB_NORMAL,		"Normal" },				\
	{ SHB_MOVABLE_ZONE,	"Movable" },				\
	{ SHB_DEVICE,		"Device" },				\
	{ -1,			"none" })

#define shb_show_wmark(w) __print_symbolic(w,				\
	{ SHB_WMARK_MIN,	"min" },				\
	{ SHB_WMARK_LOW,	"low" },				\
	{ SHB_WMARK_HIGH,	"high" },				\
	{ SHB_WMARK_PROMO,	"promo" })

/* As the kernel's trace files say it. */
#define shb_show_compact_result(r) __print_symbolic(r,			\
	{ SHB_COMPACT_NOT_SUITABLE_ZONE, "not_suitable_zone" },		\
	{ SHB_COMPACT_SKIPPED,		"skipped" },			\
	{ SHB_COMPACT_DEFERRED,		"deferred" },			\
	{ SHB_COMPACT_NO_SUITABLE_PAGE,	"no_suitable_page" },		\
	{ SHB_COMPACT_CONTINUE,		"continue" },			\
	{ SHB_COMPACT_COMPLETE,		"complete" },			\
	{ SHB_COMPACT_PARTIAL_SKIPPED,	"partial_skipped" },		\
	{ SHB_COMPACT_CONTENDED,	"contended" },			\
	{ SHB_COMPACT_SUCCESS,		"success" })

/* pfn, node and zone are -1 when the allocation failed. */
TRACE_EVENT(mm_page_alloc,
	TP_PROTO(const struct shb_state *s, const struct shb_zone *z, unsigned long pfn,
		 unsigned int order, gfp_t gfp_flags, int migratetype),
	TP_ARGS(s, z, pfn, order, gfp_flags, migratetype),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
		__field(unsigned long, gfp_flags)
		__field(int, migratetype)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->order = order;
		__entry->gfp_flags = (__force unsigned long)gfp_flags;
		__entry->migratetype = migratetype;
		__entry->node = z ? z->nid : -1;
		__entry->zone = z ? z->kind : -1;
		__entry->state = s->id;
	),
	TP_printk("pfn=0x%lx order=%u migratetype=%s gfp_flags=%s node=%d zone=%s state=%d",
		  __entry->pfn, __entry->order, shb_show_type(__entry->migratetype),
		  show_gfp_flags(__entry->gfp_flags), __entry->node,
		  shb_show_zone(__entry->zone), __entry->state)
);

DECLARE_EVENT_CLASS(shb_free,
	TP_PROTO(const struct shb_zone *z, unsigned long pfn, unsigned int order),
	TP_ARGS(z, pfn, order),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->order = order;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("pfn=0x%lx order=%u node=%d zone=%s state=%d", __entry->pfn, __entry->order,
		  __entry->node, shb_show_zone(__entry->zone), __entry->state)
);

DEFINE_EVENT(shb_free, mm_page_free,
	TP_PROTO(const struct shb_zone *z, unsigned long pfn, unsigned int order),
	TP_ARGS(z, pfn, order));

DEFINE_EVENT(shb_free, mm_page_free_batched,
	TP_PROTO(const struct shb_zone *z, unsigned long pfn, unsigned int order),
	TP_ARGS(z, pfn, order));

TRACE_EVENT(mm_page_alloc_zone_locked,
	TP_PROTO(const struct shb_zone *z, u32 i, unsigned int order, int migratetype),
	TP_ARGS(z, i, order, migratetype),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
		__field(int, migratetype)
		__field(int, percpu_refill)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->pfn = shb_pfn_of(z, i);
		__entry->order = order;
		__entry->migratetype = migratetype;
		__entry->percpu_refill = shb_order_on_pcp(&z->rules, order) && migratetype < SHB_PCPTYPES;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("pfn=0x%lx order=%u migratetype=%s percpu_refill=%d node=%d zone=%s state=%d",
		  __entry->pfn, __entry->order, shb_show_type(__entry->migratetype),
		  __entry->percpu_refill, __entry->node, shb_show_zone(__entry->zone),
		  __entry->state)
);

TRACE_EVENT(mm_page_pcpu_drain,
	TP_PROTO(const struct shb_zone *z, u32 i, unsigned int order, int migratetype),
	TP_ARGS(z, i, order, migratetype),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
		__field(int, migratetype)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->pfn = shb_pfn_of(z, i);
		__entry->order = order;
		__entry->migratetype = migratetype;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("pfn=0x%lx order=%u migratetype=%s node=%d zone=%s state=%d", __entry->pfn,
		  __entry->order, shb_show_type(__entry->migratetype), __entry->node,
		  shb_show_zone(__entry->zone), __entry->state)
);

/* index: fragmentation index of the zone for alloc_order, in thousandths; -1000 if it would fit. */
TRACE_EVENT(mm_page_alloc_extfrag,
	TP_PROTO(const struct shb_zone *z, u32 i, int alloc_order, int fallback_order,
		 int alloc_migratetype, int fallback_migratetype),
	TP_ARGS(z, i, alloc_order, fallback_order, alloc_migratetype, fallback_migratetype),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(int, alloc_order)
		__field(int, fallback_order)
		__field(int, alloc_migratetype)
		__field(int, fallback_migratetype)
		__field(int, change_ownership)
		__field(int, node)
		__field(int, zone)
		__field(int, index)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->pfn = shb_pfn_of(z, i);
		__entry->alloc_order = alloc_order;
		__entry->fallback_order = fallback_order;
		__entry->alloc_migratetype = alloc_migratetype;
		__entry->fallback_migratetype = fallback_migratetype;
		__entry->change_ownership = shb_block_type(z, i) == alloc_migratetype;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->index = shb_index_fragmentation(z, alloc_order);
		__entry->state = z->state->id;
	),
	TP_printk("pfn=0x%lx alloc_order=%d fallback_order=%d pageblock_order=%d alloc_migratetype=%s fallback_migratetype=%s fragmenting=%d change_ownership=%d node=%d zone=%s index=%d state=%d",
		  __entry->pfn, __entry->alloc_order, __entry->fallback_order, 9,
		  shb_show_type(__entry->alloc_migratetype),
		  shb_show_type(__entry->fallback_migratetype),
		  __entry->fallback_order < 9, __entry->change_ownership,
		  __entry->node, shb_show_zone(__entry->zone), __entry->index,
		  __entry->state)
);

/* One block of order_from was halved down to order_to, or two by two joined up to it. */
DECLARE_EVENT_CLASS(shb_resize,
	TP_PROTO(const struct shb_zone *z, u32 i, int order_from, int order_to, int migratetype),
	TP_ARGS(z, i, order_from, order_to, migratetype),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(int, order_from)
		__field(int, order_to)
		__field(int, migratetype)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->pfn = shb_pfn_of(z, i);
		__entry->order_from = order_from;
		__entry->order_to = order_to;
		__entry->migratetype = migratetype;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("pfn=0x%lx order_from=%d order_to=%d migratetype=%s node=%d zone=%s state=%d",
		  __entry->pfn, __entry->order_from, __entry->order_to,
		  shb_show_type(__entry->migratetype), __entry->node,
		  shb_show_zone(__entry->zone), __entry->state)
);

DEFINE_EVENT(shb_resize, split,
	TP_PROTO(const struct shb_zone *z, u32 i, int order_from, int order_to, int migratetype),
	TP_ARGS(z, i, order_from, order_to, migratetype));

DEFINE_EVENT(shb_resize, merge,
	TP_PROTO(const struct shb_zone *z, u32 i, int order_from, int order_to, int migratetype),
	TP_ARGS(z, i, order_from, order_to, migratetype));

/* A machine that boots: a request found nothing, and deferred memory came for it. */
TRACE_EVENT(deferred_grow,
	TP_PROTO(const struct shb_zone *z, unsigned int order, unsigned long nr_pages),
	TP_ARGS(z, order, nr_pages),
	TP_STRUCT__entry(
		__field(unsigned int, order)
		__field(unsigned long, nr_pages)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->order = order;
		__entry->nr_pages = nr_pages;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("order=%u nr_pages=%lu node=%d zone=%s state=%d", __entry->order,
		  __entry->nr_pages, __entry->node, shb_show_zone(__entry->zone), __entry->state)
);

TRACE_EVENT(pcp_refill,
	TP_PROTO(const struct shb_zone *z, int cpu, unsigned int order, int migratetype,
		 int wanted, int got),
	TP_ARGS(z, cpu, order, migratetype, wanted, got),
	TP_STRUCT__entry(
		__field(int, cpu)
		__field(unsigned int, order)
		__field(int, migratetype)
		__field(int, wanted)
		__field(int, got)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->cpu = cpu;
		__entry->order = order;
		__entry->migratetype = migratetype;
		__entry->wanted = wanted;
		__entry->got = got;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("cpu=%d order=%u migratetype=%s wanted=%d got=%d node=%d zone=%s state=%d",
		  __entry->cpu, __entry->order, shb_show_type(__entry->migratetype),
		  __entry->wanted, __entry->got, __entry->node,
		  shb_show_zone(__entry->zone), __entry->state)
);

/*
 * A zone was asked whether it may serve. It may if free - unusable - (2^order - 1) is above
 * need (the mark with boost, less what the request's flags grant, plus the reserve), and a
 * block of the order exists.
 */
DECLARE_EVENT_CLASS(shb_gate,
	TP_PROTO(const struct shb_zone *z, unsigned int order, int wmark, int highest,
		 unsigned int flags),
	TP_ARGS(z, order, wmark, highest, flags),
	TP_STRUCT__entry(
		__field(unsigned int, order)
		__field(int, wmark)
		__field(long, free)
		__field(unsigned long, mark)
		__field(long, reserve)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
		__field(long, unusable)
		__field(long, need)
	),
	TP_fast_assign(
		__entry->order = order;
		__entry->wmark = wmark;
		__entry->free = READ_ONCE(z->buddy.free_pages);
		__entry->mark = shb_watermark(z, wmark);
		__entry->reserve = z->marks.lowmem_reserve[highest];
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
		__entry->unusable = shb_watermark_unusable(z, flags);
		__entry->need = shb_watermark_discount(z, __entry->mark, flags) + __entry->reserve;
	),
	TP_printk("order=%u wmark=%s free=%ld mark=%lu lowmem_reserve=%ld node=%d zone=%s state=%d unusable=%ld need=%ld",
		  __entry->order, shb_show_wmark(__entry->wmark), __entry->free,
		  __entry->mark, __entry->reserve, __entry->node,
		  shb_show_zone(__entry->zone), __entry->state, __entry->unusable,
		  __entry->need)
);

DEFINE_EVENT(shb_gate, watermark_fail,
	TP_PROTO(const struct shb_zone *z, unsigned int order, int wmark, int highest,
		 unsigned int flags),
	TP_ARGS(z, order, wmark, highest, flags));

DEFINE_EVENT(shb_gate, watermark_ok,
	TP_PROTO(const struct shb_zone *z, unsigned int order, int wmark, int highest,
		 unsigned int flags),
	TP_ARGS(z, order, wmark, highest, flags));

/* Where a run of compaction begins. */
TRACE_EVENT(mm_compaction_begin,
	TP_PROTO(const struct shb_zone *z, u32 migrate, u32 free),
	TP_ARGS(z, migrate, free),
	TP_STRUCT__entry(
		__field(unsigned long, zone_start)
		__field(unsigned long, migrate_pfn)
		__field(unsigned long, free_pfn)
		__field(unsigned long, zone_end)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->zone_start = z->extent.start_pfn;
		__entry->migrate_pfn = shb_end_pfn_of(z, migrate);
		__entry->free_pfn = shb_end_pfn_of(z, free);
		__entry->zone_end = z->extent.start_pfn + z->extent.spanned;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("zone_start=0x%lx migrate_pfn=0x%lx free_pfn=0x%lx zone_end=0x%lx node=%d zone=%s state=%d",
		  __entry->zone_start, __entry->migrate_pfn, __entry->free_pfn, __entry->zone_end,
		  __entry->node, shb_show_zone(__entry->zone), __entry->state)
);

/* Where its scanners are in the end; @free may be below the first page of the zone. */
TRACE_EVENT(mm_compaction_end,
	TP_PROTO(const struct shb_zone *z, u32 migrate, u32 free, int status),
	TP_ARGS(z, migrate, free, status),
	TP_STRUCT__entry(
		__field(unsigned long, zone_start)
		__field(unsigned long, migrate_pfn)
		__field(unsigned long, free_pfn)
		__field(unsigned long, zone_end)
		__field(int, status)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->zone_start = z->extent.start_pfn;
		__entry->migrate_pfn = shb_end_pfn_of(z, migrate);
		__entry->free_pfn = shb_end_pfn_of(z, free);
		__entry->zone_end = z->extent.start_pfn + z->extent.spanned;
		__entry->status = status;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("zone_start=0x%lx migrate_pfn=0x%lx free_pfn=0x%lx zone_end=0x%lx status=%s node=%d zone=%s state=%d",
		  __entry->zone_start, __entry->migrate_pfn, __entry->free_pfn, __entry->zone_end,
		  shb_show_compact_result(__entry->status), __entry->node,
		  shb_show_zone(__entry->zone), __entry->state)
);

/*
 * A scanner has looked at pages from @start_pfn to @end_pfn, the latter not included, or has searched the
 * free lists for such. Once the scanners have passed each other a search has no range, and @start_pfn is no page.
 */
DECLARE_EVENT_CLASS(shb_scan,
	TP_PROTO(const struct shb_zone *z, unsigned long start_pfn, unsigned long end_pfn,
		 unsigned long nr_scanned, unsigned long nr_taken),
	TP_ARGS(z, start_pfn, end_pfn, nr_scanned, nr_taken),
	TP_STRUCT__entry(
		__field(unsigned long, start_pfn)
		__field(unsigned long, end_pfn)
		__field(unsigned long, nr_scanned)
		__field(unsigned long, nr_taken)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->start_pfn = start_pfn;
		__entry->end_pfn = end_pfn;
		__entry->nr_scanned = nr_scanned;
		__entry->nr_taken = nr_taken;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("range=(0x%lx ~ 0x%lx) nr_scanned=%lu nr_taken=%lu node=%d zone=%s state=%d",
		  __entry->start_pfn, __entry->end_pfn, __entry->nr_scanned, __entry->nr_taken,
		  __entry->node, shb_show_zone(__entry->zone), __entry->state)
);

DEFINE_EVENT(shb_scan, mm_compaction_isolate_migratepages,
	TP_PROTO(const struct shb_zone *z, unsigned long start_pfn, unsigned long end_pfn,
		 unsigned long nr_scanned, unsigned long nr_taken),
	TP_ARGS(z, start_pfn, end_pfn, nr_scanned, nr_taken));

DEFINE_EVENT(shb_scan, mm_compaction_isolate_freepages,
	TP_PROTO(const struct shb_zone *z, unsigned long start_pfn, unsigned long end_pfn,
		 unsigned long nr_scanned, unsigned long nr_taken),
	TP_ARGS(z, start_pfn, end_pfn, nr_scanned, nr_taken));

DEFINE_EVENT(shb_scan, mm_compaction_fast_isolate_freepages,
	TP_PROTO(const struct shb_zone *z, unsigned long start_pfn, unsigned long end_pfn,
		 unsigned long nr_scanned, unsigned long nr_taken),
	TP_ARGS(z, start_pfn, end_pfn, nr_scanned, nr_taken));

/* A request compacts. */
TRACE_EVENT(mm_compaction_try_to_compact_pages,
	TP_PROTO(const struct shb_state *s, int order, gfp_t gfp, int prio),
	TP_ARGS(s, order, gfp, prio),
	TP_STRUCT__entry(
		__field(int, order)
		__field(unsigned long, gfp_mask)
		__field(int, prio)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->order = order;
		__entry->gfp_mask = (__force unsigned long)gfp;
		__entry->prio = prio;
		__entry->state = s->id;
	),
	TP_printk("order=%d gfp_mask=%s priority=%d state=%d", __entry->order,
		  show_gfp_flags(__entry->gfp_mask), __entry->prio, __entry->state)
);

/* Is there a block now; is it worth while. */
DECLARE_EVENT_CLASS(shb_compact_judged,
	TP_PROTO(const struct shb_zone *z, int order, int ret),
	TP_ARGS(z, order, ret),
	TP_STRUCT__entry(
		__field(int, node)
		__field(int, zone)
		__field(int, order)
		__field(int, ret)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->order = order;
		__entry->ret = ret;
		__entry->state = z->state->id;
	),
	TP_printk("node=%d zone=%s order=%d ret=%s state=%d", __entry->node, shb_show_zone(__entry->zone),
		  __entry->order, shb_show_compact_result(__entry->ret), __entry->state)
);

DEFINE_EVENT(shb_compact_judged, mm_compaction_finished,
	TP_PROTO(const struct shb_zone *z, int order, int ret),
	TP_ARGS(z, order, ret));

DEFINE_EVENT(shb_compact_judged, mm_compaction_suitable,
	TP_PROTO(const struct shb_zone *z, int order, int ret),
	TP_ARGS(z, order, ret));

/* A run is put off, more of them will be, fewer will be. */
DECLARE_EVENT_CLASS(shb_defer,
	TP_PROTO(const struct shb_zone *z, int order),
	TP_ARGS(z, order),
	TP_STRUCT__entry(
		__field(int, node)
		__field(int, zone)
		__field(int, order)
		__field(unsigned int, considered)
		__field(unsigned int, defer_shift)
		__field(int, order_failed)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->order = order;
		__entry->considered = z->hints.considered;
		__entry->defer_shift = z->hints.shift;
		__entry->order_failed = z->hints.order_failed;
		__entry->state = z->state->id;
	),
	TP_printk("node=%d zone=%s order=%d order_failed=%d consider=%u limit=%lu state=%d", __entry->node,
		  shb_show_zone(__entry->zone), __entry->order, __entry->order_failed, __entry->considered,
		  1UL << __entry->defer_shift, __entry->state)
);

DEFINE_EVENT(shb_defer, mm_compaction_deferred,
	TP_PROTO(const struct shb_zone *z, int order), TP_ARGS(z, order));

DEFINE_EVENT(shb_defer, mm_compaction_defer_compaction,
	TP_PROTO(const struct shb_zone *z, int order), TP_ARGS(z, order));

DEFINE_EVENT(shb_defer, mm_compaction_defer_reset,
	TP_PROTO(const struct shb_zone *z, int order), TP_ARGS(z, order));

/* Would what can be reclaimed be enough for another attempt? */
TRACE_EVENT(reclaim_retry_zone,
	TP_PROTO(const struct shb_zone *z, int order, unsigned long reclaimable, unsigned long available,
		 unsigned long min_wmark, int no_progress_loops, bool wmark_check),
	TP_ARGS(z, order, reclaimable, available, min_wmark, no_progress_loops, wmark_check),
	TP_STRUCT__entry(
		__field(int, node)
		__field(int, zone)
		__field(int, order)
		__field(unsigned long, reclaimable)
		__field(unsigned long, available)
		__field(unsigned long, min_wmark)
		__field(int, no_progress_loops)
		__field(bool, wmark_check)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->order = order;
		__entry->reclaimable = reclaimable;
		__entry->available = available;
		__entry->min_wmark = min_wmark;
		__entry->no_progress_loops = no_progress_loops;
		__entry->wmark_check = wmark_check;
		__entry->state = z->state->id;
	),
	TP_printk("node=%d zone=%s order=%d reclaimable=%lu available=%lu min_wmark=%lu no_progress_loops=%d wmark_check=%d state=%d",
		  __entry->node, shb_show_zone(__entry->zone), __entry->order, __entry->reclaimable,
		  __entry->available, __entry->min_wmark, __entry->no_progress_loops, __entry->wmark_check,
		  __entry->state)
);

/* Is compaction tried again, and how hard? */
TRACE_EVENT(compact_retry,
	TP_PROTO(const struct shb_state *s, int order, int priority, int result, int retries, int max_retries,
		 bool ret),
	TP_ARGS(s, order, priority, result, retries, max_retries, ret),
	TP_STRUCT__entry(
		__field(int, order)
		__field(int, priority)
		__field(int, result)
		__field(int, retries)
		__field(int, max_retries)
		__field(bool, ret)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->order = order;
		__entry->priority = priority;
		__entry->result = result;
		__entry->retries = retries;
		__entry->max_retries = max_retries;
		__entry->ret = ret;
		__entry->state = s->id;
	),
	TP_printk("order=%d priority=%d compaction_result=%s retries=%d max_retries=%d should_retry=%d state=%d",
		  __entry->order, __entry->priority, shb_show_compact_result(__entry->result),
		  __entry->retries, __entry->max_retries, __entry->ret, __entry->state)
);

/* What became of a batch, in pages. */
TRACE_EVENT(mm_compaction_migratepages,
	TP_PROTO(const struct shb_zone *z, unsigned long nr_migrated, unsigned long nr_failed),
	TP_ARGS(z, nr_migrated, nr_failed),
	TP_STRUCT__entry(
		__field(unsigned long, nr_migrated)
		__field(unsigned long, nr_failed)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->nr_migrated = nr_migrated;
		__entry->nr_failed = nr_failed;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("nr_migrated=%lu nr_failed=%lu node=%d zone=%s state=%d", __entry->nr_migrated,
		  __entry->nr_failed, __entry->node, shb_show_zone(__entry->zone), __entry->state)
);

/* A block lives elsewhere now. */
TRACE_EVENT(page_moved,
	TP_PROTO(const struct shb_zone *z, unsigned long from, unsigned long to, unsigned int order),
	TP_ARGS(z, from, to, order),
	TP_STRUCT__entry(
		__field(unsigned long, from)
		__field(unsigned long, to)
		__field(unsigned int, order)
		__field(int, node)
		__field(int, zone)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->from = from;
		__entry->to = to;
		__entry->order = order;
		__entry->node = z->nid;
		__entry->zone = z->kind;
		__entry->state = z->state->id;
	),
	TP_printk("from=0x%lx to=0x%lx order=%u node=%d zone=%s state=%d", __entry->from,
		  __entry->to, __entry->order, __entry->node, shb_show_zone(__entry->zone),
		  __entry->state)
);

/* One attempt to take a granule from the kernel; error 0 is success. */
TRACE_EVENT(carve,
	TP_PROTO(unsigned long pfn, unsigned long nr_pages, int error, int node, int zone),
	TP_ARGS(pfn, nr_pages, error, node, zone),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, nr_pages)
		__field(int, error)
		__field(int, node)
		__field(int, zone)
	),
	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->nr_pages = nr_pages;
		__entry->error = error;
		__entry->node = node;
		__entry->zone = zone;
	),
	TP_printk("pfn=0x%lx nr_pages=%lu error=%d node=%d zone=%s", __entry->pfn,
		  __entry->nr_pages, __entry->error, __entry->node,
		  shb_show_zone(__entry->zone))
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
