/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All nouns of shadowbuddy.
 *
 *   state                    one allocator instance; a test builds as many as it likes
 *     node[nid]              zones by kind, a fallback and a no-fallback zonelist
 *       zone                 one buddy: frames, free lists, watermarks
 *         granule            4 MiB of physical memory, 1024 frames, one order-10 block
 *         frame              16 bytes of metadata for each 4 KiB page
 *         pcp[cpu]           per-cpu lists in front of the buddy
 *
 * A frame is addressed by its index in the zone. Granules are kept in ascending
 * order, so index -> pfn and pfn -> index are two loads each, and zones may be
 * scattered over physical memory:
 *
 *   index   |<------- 1024 ------>|<------- 1024 ------>|
 *   granule |          0          |          1          |  ...
 *   pfn     | granule_pfn[0] ..   | granule_pfn[1] ..   |
 *
 * Only the first frame of a block (its head) carries state; all others are
 * SHB_FRAME_INSIDE. Every granule is tiled by blocks without gap or overlap. A list is
 * a ring through its root, a frame of its own behind those of the zone.
 *
 * Lock legend, the letter stands behind each field:
 *   I  set while the state is built, constant afterwards
 *   Z  zone->lock
 *   C  owned by one cpu: preemption off and pcp->busy set; see pcp.h
 *   T  state->tune_lock for writers; readers may be lockless
 *   S  statistics: written by the owner of the line, read racily
 *   A  atomic
 *   B  constant as long as somebody is in the allocator or holds state->becoming; see become.c
 */
#ifndef SHB_TYPES_H
#define SHB_TYPES_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "rules.h"

#define SHB_MAX_ORDER		10
#define SHB_NR_ORDERS		(SHB_MAX_ORDER + 1)
#define SHB_PAGEBLOCK_ORDER	9
#define SHB_PAGEBLOCK_PAGES	(1U << SHB_PAGEBLOCK_ORDER)
#define SHB_GRANULE_ORDER	SHB_MAX_ORDER
#define SHB_GRANULE_PAGES	(1U << SHB_GRANULE_ORDER)
#define SHB_COSTLY_ORDER	3
#define SHB_ZONE_GRANULES_MAX	((1U << 22) - 1024)	/* 32 bits of frames, less room for list roots */

#define SHB_NONE		(~0U)		/* no frame */
#define SHB_NO_PFN		(~0UL)		/* no page */

/* The kernel's migratetypes. CMA always has a number here; whether it is shown is up to the format. */
enum shb_type {
	SHB_UNMOVABLE,
	SHB_MOVABLE,
	SHB_RECLAIMABLE,
	SHB_HIGHATOMIC,
	SHB_CMA,
	SHB_ISOLATE,
	SHB_NR_TYPES,
};

#define SHB_PCPTYPES		SHB_HIGHATOMIC	/* types below have pcp lists and may merge */

/* Zone kinds in the order of the kernel's zone indices on x86-64. */
enum shb_kind {
	SHB_DMA,
	SHB_DMA32,
	SHB_NORMAL,
	SHB_MOVABLE_ZONE,
	SHB_DEVICE,
	SHB_NR_KINDS,
};

enum shb_wmark { SHB_WMARK_MIN, SHB_WMARK_LOW, SHB_WMARK_HIGH, SHB_WMARK_PROMO, SHB_NR_WMARK };

/* Allocation flags; values as in mm/internal.h, so that they read the same in a trace. */
#define SHB_ALLOC_WMARK_MASK	0x003
#define SHB_ALLOC_NO_WATERMARKS	0x004
#define SHB_ALLOC_OOM		0x008
#define SHB_ALLOC_NON_BLOCK	0x010
#define SHB_ALLOC_MIN_RESERVE	0x020
#define SHB_ALLOC_CPUSET	0x040
#define SHB_ALLOC_CMA		0x080
#define SHB_ALLOC_NOFRAGMENT	0x100
#define SHB_ALLOC_HIGHATOMIC	0x200
#define SHB_ALLOC_KSWAPD	0x800
#define SHB_ALLOC_RESERVES	(SHB_ALLOC_NON_BLOCK | SHB_ALLOC_MIN_RESERVE | \
				 SHB_ALLOC_HIGHATOMIC | SHB_ALLOC_OOM)

/* How a block goes back to the buddy (the kernel's fpi_t). */
#define SHB_FPI_NONE		0
#define SHB_FPI_TO_TAIL		2

enum shb_frame_state {
	SHB_FRAME_INSIDE,	/* not the head of a block */
	SHB_FRAME_FREE,		/* head, on free list (order, type) of the zone */
	SHB_FRAME_PCP,		/* head, on a per-cpu list */
	SHB_FRAME_USED,		/* head, handed out */
	SHB_FRAME_HELD,		/* head, given back, but somebody holds a reference */
	SHB_FRAME_POISONED,	/* order 0: its memory is broken */
	SHB_FRAME_LOST,		/* order 0: the kernel has taken it */
	SHB_FRAME_ABSENT,	/* head of what boot did not hand over, or is no memory */
	SHB_FRAME_STAGED,	/* head, taken by compaction: a place to move something to, or what it is for */
};

#define SHB_FRAME_MOVABLE	1	/* flag: the whole block counts as LRU in claim decisions */

/*
 * Four to a cache line, so the two halves of an order-1 block share one line.
 * @owner: low half of the address of whoever took or gave the block last, for reports.
 */
struct shb_frame {
	u32	prev;
	u32	next;
	union {
		struct {
			u8	order;
			u8	type;	/* list the block is on or, on a pcp list, was meant for */
			u8	state;
			u8	flags;
		};
		u32	word;		/* all four, little endian, to be written in one store */
	};
	u32	owner;
};
static_assert(sizeof(struct shb_frame) == 16);
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

/* Per-cpu lists: orders 0..3 by three types, then order 9: by types, or not movable and movable. */
#define SHB_PCP_ORDERS		(SHB_COSTLY_ORDER + 1)
#define SHB_PCP_BIG_LIST	(SHB_PCP_ORDERS * SHB_PCPTYPES)
#define SHB_NR_PCP_LISTS	(SHB_PCP_BIG_LIST + 3)
#define SHB_PCP_ROOTS		16	/* list roots of one cpu, padded to whole cache lines */
#define SHB_TYPE_ROOTS		12	/* list roots of one migratetype, likewise */
#define SHB_HELD_ROOT		(SHB_TYPE_ROOTS - 1)	/* what the padding of the first is for */
static_assert(SHB_HELD_ROOT >= SHB_NR_ORDERS);

#define SHB_PCP_PREV_FREE_HIGH_ORDER	1
#define SHB_PCP_FREE_HIGH_BATCH		2

/* Events counted for a zone. The first six are the kernel's NUMA events in its order. */
enum shb_event {
	SHB_NUMA_HIT,
	SHB_NUMA_MISS,
	SHB_NUMA_FOREIGN,
	SHB_NUMA_INTERLEAVE,
	SHB_NUMA_LOCAL,
	SHB_NUMA_OTHER,
	SHB_PGALLOC,		/* pages */
	SHB_PGFREE,		/* pages */
	SHB_PCP_BUSY,		/* operations that found the pcp busy and went to the zone */
	SHB_NR_EVENTS,
};
#define SHB_NR_NUMA_EVENTS	(SHB_NUMA_OTHER + 1)

struct shb_pcp {
	u8	busy;			/* C: the mark itself */
	u8	alloc_factor;		/* C: log2 scale of order-0 refills */
	u8	flags;			/* C */
	u8	expire;			/* C: ticks until a remote zone's pages go back */
	bool	moved;			/* C: pages went to or came from the buddy since the last tick */
	s16	free_factor;		/* C: log2 scale of frees (6.1) */
	int	count;			/* C: pages on all lists */
	int	high;			/* C */
	int	high_min;		/* T */
	int	high_max;		/* T */
	int	batch;			/* T */
	int	free_count;		/* C: pages freed in a row */
	int	free_count_cap;		/* T: free_count grows while below this */
	int	row;			/* T: free_count from which on high orders are merged */
	u32	roots;			/* I: index of the first list root */
	u8	local_event;		/* I: SHB_NUMA_LOCAL or _OTHER: whose node the zone is on */
	bool	high_batch;		/* T: the cpu's cache holds more than three batches */
	u64	events[SHB_NR_EVENTS];	/* C */
	u32	nr[SHB_NR_PCP_LISTS];		/* C: blocks on each list */
	u32	refills[SHB_NR_PCP_LISTS];	/* C: refills of each list */
	u32	trims[SHB_NR_PCP_LISTS];	/* C: trims that a free to this list set off */
} ____cacheline_aligned;

/* Zone flags, bit numbers. */
enum shb_zone_flag {
	SHB_ZONE_BOOSTED,		/* kswapd is to be woken for the boost */
	SHB_ZONE_RECLAIM_ACTIVE,	/* kswapd works on the zone */
	SHB_ZONE_BELOW_HIGH,		/* an allocation found it below its high watermark */
	SHB_ZONE_KSWAPD_RUNS,		/* kswapd of the node is awake; only commands say so */
	SHB_ZONE_POISONED,		/* a page is broken, or could be: look at what is handed out */
	SHB_NR_GATE_FLAGS,		/* those above decide which mark a request is tested against */
	SHB_ZONE_FAIR_DEPLETED = SHB_NR_GATE_FLAGS,	/* it has had its turn; see fair.c */
	SHB_ZONE_OWN,			/* a policy of the user's is asked; see own.c */
};

#define SHB_GATE_FLAGS		(BIT(SHB_NR_GATE_FLAGS) - 1)
/* Blocks of a zone's lists may not be handed out as they come. */
#define SHB_LOOK_FLAGS		(BIT(SHB_ZONE_POISONED) | BIT(SHB_ZONE_OWN))
/* These make the limit of a per-cpu list another than its high. */
#define SHB_PCP_FLAGS		(BIT(SHB_ZONE_RECLAIM_ACTIVE) | BIT(SHB_ZONE_BELOW_HIGH))

struct shb_own;
struct shb_release;
struct shb_state;

/* Where its pages lie. */
struct shb_extent {
	unsigned long	*granule_pfn;		/* I: ascending */
	u32		nr_frames;		/* I */
	u32		nr_granules;		/* I */
	u32		cma_granules;		/* I: highest granules, CMA */
	unsigned long	present, spanned;	/* I: pages */
	unsigned long	managed;		/* I, but Z while a machine boots */
	unsigned long	start_pfn;		/* I */
};

/* When a request may have a page. */
struct shb_marks {
	unsigned long	boost;				/* Z */
	unsigned long	watermark[SHB_NR_WMARK + 1];	/* T: without boost; the last is out of reach */
	long		lowmem_reserve[SHB_NR_KINDS];	/* T */
	const long	*unusable;	/* B: what a request without reserves leaves alone */
	u8		first[SHB_GATE_FLAGS + 1];	/* B: by flags, the mark of serve.h */
};

/* What changes with every block that comes or goes. */
struct shb_buddy {
	long		free_pages;			/* Z: NR_FREE_PAGES, without isolated pages */
	long		pages[SHB_NR_TYPES];		/* Z: on the lists of each type */
	u16		orders[SHB_NR_TYPES];		/* Z: bit per order with a non-empty list */
	u32		blocks[SHB_NR_TYPES][SHB_TYPE_ROOTS];	/* Z: on each list, where its root is */
	long		big_pages;			/* Z: in free blocks of order >= 9 */
	long		reserved;			/* Z: pages in HighAtomic pageblocks */
	u32		isolated;			/* Z: pageblocks */
	long		kept;				/* Z: pageblocks of the reserve of 4.1; see reserve.c */
	unsigned long	absent;				/* Z: pages in absent blocks; see release.c */
	unsigned long	splits, merges;			/* Z: blocks halved, pairs joined */
	u64		generation;			/* Z: operations on lists and blocks; see walk.c */
};

/*
 * What runs of compaction leave for later ones; see pressure/hints.c. Positions are frames, and may lie
 * outside the zone: then they are none. Hints, read and written without a lock as the kernel's are.
 */
#define SHB_NO_POSITION		LONG_MIN
struct shb_hints {
	unsigned long	*skip;			/* A: bit for each pageblock that is not worth a look */
	long		migrate[2];		/* where asynchronous and synchronous runs begin to look for sources */
	long		free;			/* and for targets */
	long		first_migrate, first_free;	/* what a flush found */
	bool		flush;			/* a request's run went to the end: bits may go */
	unsigned int	considered, shift;	/* runs put off of 1 << shift that will be */
	int		order_failed;		/* requests below it are not put off */
};

/* A run of compaction waits for one block that comes back whole; see pressure/capture.c. */
struct shb_capture {
	int		cpu;			/* on which it frees */
	u8		order, type;
	u32		block;			/* Z: what it got, STAGED, or SHB_NONE */
};

/* Pages that may not be handed out; see quarantine.c. */
struct shb_quarantine {
	unsigned long	held, poisoned, lost;		/* Z: pages */
};

struct shb_zone {
	/* What every request reads and hardly anything writes. */
	unsigned long		flags;			/* A */
	struct shb_marks	marks;
	struct shb_frame	*frames;		/* I: nr_frames, then list roots */
	u8			*pageblocks;		/* Z: type of each pageblock */
	struct shb_pcp		*pcps;			/* I: one per possible cpu */
	struct shb_extent	extent;
	u32			roots;			/* I: index of the first list root */
	u16			id;			/* I: index in state->zones */
	u16			nid;			/* I */
	u8			kind;			/* I: enum shb_kind */
	u8			big_list[SHB_PCPTYPES];	/* B: the rule's, at hand */
	bool			fair, counts;		/* B: the rules' */
	bool			apart;			/* Z: a policy may have kept buddies from merging */
	bool			frees_whole;		/* Z: per-cpu lists are emptied one after the other, and nobody is asked */
	bool			asks;			/* Z: a policy or a run of compaction has a say in what comes back */
	int			high_types;		/* B: types below have per-cpu lists of high orders */
	int			stat_threshold;		/* T: as the kernel would print it */
	u8			*isolated_from;		/* Z: type an isolated pageblock had */
	struct shb_rules	rules;			/* B */
	struct shb_state	*state;			/* I */
	struct shb_own		*own;			/* B, and T for sizes of lists: what it keeps for a policy, or NULL */

	raw_spinlock_t		lock ____cacheline_aligned;	/* with interrupts off */
	struct shb_buddy	buddy;
	struct shb_quarantine	quarantine;

	struct shb_capture	*capture;	/* Z: or NULL */
	struct shb_hints	hints;
	atomic_long_t		fair_left;	/* A: pages of its turn; see fair.c */
	atomic_long_t		irq_events[SHB_NR_EVENTS];	/* A: counted while the pcp was busy */
};

/* A list of zones ends with NULL. @first[k]: first entry of kind k or lower. */
struct shb_zonelist {
	struct shb_zone	**zones;			/* B */
	u16		first[SHB_NR_KINDS];		/* B */
};

struct shb_node {
	struct shb_zone		*zones[SHB_NR_KINDS];	/* I: NULL where not populated */
	struct shb_zonelist	fallback, nofallback;	/* B */
	int			*order;			/* B: node ids in fallback order, -1 ends */
	unsigned long		*full;			/* A: by entry of fallback; see full.c */
	bool			online;			/* I */
	bool			memory;			/* I: has a populated zone */
	bool			cpus;			/* I: at build time, for the zonelist formula */
};

/*
 * The machine as the allocator sees it: nodes, cpus and distances.
 * A test makes one up; glue/topology.c reads the real one.
 */
struct shb_topology {
	int	nr_nodes;		/* node ids are 0 .. nr_nodes - 1 */
	int	nr_cpus;		/* cpu ids are 0 .. nr_cpus - 1 */
	int	max_nodes;		/* MAX_NUMNODES of the kernel that is shadowed */
	bool	*node_online;
	int	*distance;		/* [from * nr_nodes + to] */
	int	*cpu_node;
	bool	*cpu_online;
	unsigned long *cache_slice;	/* pages of last-level cache per cpu; may be NULL */
	bool	cpus_uncounted;		/* zonelists are built as if no node had cpus */
};

enum shb_zonelist_order { SHB_ORDER_DEFAULT, SHB_ORDER_NODE, SHB_ORDER_ZONE };

/* Kernel tunables of the shadow, named as in /proc/sys/vm. */
struct shb_tunables {
	int	min_free_kbytes;
	int	user_min_free_kbytes;
	int	watermark_scale_factor;
	int	watermark_boost_factor;
	int	lowmem_reserve_ratio[SHB_NR_KINDS];
	int	percpu_pagelist_high_fraction;
	int	extfrag_threshold;	/* fragmentation index below which compaction is no help */
	int	stat_interval;		/* seconds; 0: the tick never runs by itself */
	int	defrag_mode;
	int	numa_zonelist_order;	/* enum shb_zonelist_order */
	int	numa_stat;
	int	transparent_hugepage;	/* 1: min_free_kbytes gets khugepaged's correction */
};

/* Events counted for the whole state. */
enum shb_state_event {
	SHB_SLOWPATH,			/* requests the LOW attempt did not serve */
	SHB_ALLOC_FAIL,			/* requests that got nothing */
	SHB_NEED_RECLAIM,		/* of those: Linux would have reclaimed or compacted */
	SHB_KSWAPD_WAKE,		/* zones whose kswapd Linux would have woken */
	SHB_BOOST_WAKE,			/* of those: because of a watermark boost */
	SHB_EXTFRAG,			/* fallbacks to another migratetype */
	SHB_EXTFRAG_UNMOVABLE,		/* of those: for a request of this type; in their order */
	SHB_EXTFRAG_MOVABLE,
	SHB_EXTFRAG_RECLAIMABLE,
	SHB_EXTFRAG_CLAIM,		/* of those: the pageblock has the wanted type now */
	SHB_BOOST,			/* times a fallback raised the marks */
	SHB_BAD_FREE,			/* frees that were refused */
	SHB_HELD_FREE,			/* frees of blocks that somebody still holds */
	SHB_COMPACT_MIGRATE_SCANNED,	/* pages the two scanners of compaction looked at */
	SHB_COMPACT_FREE_SCANNED,
	SHB_COMPACT_ISOLATED,		/* pages they took */
	SHB_PGMIGRATE_SUCCESS,		/* pages that were moved */
	SHB_FAULT_INJECTED,		/* requests that failed because fail.c said so */
	SHB_STALL,			/* requests that waited: reclaimed, compacted, or tried to */
	SHB_COMPACT_STALL,		/* requests that compacted themselves */
	SHB_COMPACT_FAIL,		/* of those: had no page afterwards */
	SHB_COMPACT_WON,		/* of those: had one */
	SHB_BAD_PROPOSAL,		/* rules proposed what can not be; see fallback.c */
	SHB_NR_STATE_EVENTS,
};

/* COMPACT_*, with the kernel's numbers: of several zones, the highest is the result. */
enum shb_compact_result {
	SHB_COMPACT_NOT_SUITABLE_ZONE,
	SHB_COMPACT_SKIPPED,
	SHB_COMPACT_DEFERRED,
	SHB_COMPACT_NO_SUITABLE_PAGE,
	SHB_COMPACT_CONTINUE,
	SHB_COMPACT_COMPLETE,
	SHB_COMPACT_PARTIAL_SKIPPED,
	SHB_COMPACT_CONTENDED,
	SHB_COMPACT_SUCCESS,
};

/* What a policy of the user's can be asked, and what comes of it; see own.c. */
enum shb_question {
	SHB_ASK_PICK, SHB_ASK_MERGE, SHB_ASK_PLACE, SHB_ASK_FALLBACK, SHB_ASK_HIGH, SHB_ASK_REFILL,
	SHB_ASK_EXCESS, SHB_ASK_FIRST, SHB_NR_QUESTIONS
};
enum shb_answer { SHB_ANSWER_BASE, SHB_ANSWER_OWN, SHB_ANSWER_REFUSED, SHB_NR_ANSWERS };

/*
 * pfn -> zone and index: one slot per granule of the span that holds all zones. A
 * granule of nobody leads behind the last zone, where there is NULL. One that several zones of
 * a booting machine have leads one further, to NULL again, and is looked up.
 */
struct shb_map {
	unsigned long	base;		/* I: first granule number, pfn >> 10 */
	unsigned long	nr;		/* I */
	u64		*slots;		/* I: zone id << 32 | index of the first frame */
	bool		looks_up;	/* I: zones meet inside granules */
};
#define SHB_SLOT_BITS		32

/* Attributes of fault injection, with the kernel's names; see fail.c. */
enum shb_fail_attribute {
	SHB_FAIL_PROBABILITY, SHB_FAIL_INTERVAL, SHB_FAIL_TIMES, SHB_FAIL_SPACE, SHB_FAIL_MIN_ORDER,
	SHB_FAIL_IGNORE_WAIT, SHB_FAIL_IGNORE_HIGHMEM, SHB_FAIL_SEED, SHB_NR_FAIL_ATTRIBUTES
};

/* Requests that are to fail. F: its lock for writers; readers may be lockless. */
struct shb_fails {
	raw_spinlock_t	lock;		/* under any other; with interrupts off */
	bool		armed;		/* F: some may */
	int		value[SHB_NR_FAIL_ATTRIBUTES];	/* F */
	unsigned long	requests;	/* F: that came as far as the interval */
	u64		draws;		/* F: state of the generator */
};

struct shb_state {
	const struct shb_profile *profile;	/* B */
	struct shb_rules	rules;		/* B: the profile's */
	const struct shb_format	*format;	/* I */
	const struct shb_host	*host;		/* I */
	const struct shb_page_ops *pages;	/* I: the host's; NULL: no memory behind the frames */
	u16			id;		/* I: in events */
	struct shb_topology	topo;		/* I, but cpu_online: T */
	struct shb_node		*nodes;		/* I */
	struct shb_zone		**zones;	/* I: by node, then kind; two times NULL ends */
	int			nr_zones;	/* I */
	int			online_nodes;	/* I */
	u8			kinds;		/* I: mask of kinds this machine knows */
	u8			highest[32];	/* B: zone and mobility bits of a gfp mask -> highest kind */
	struct shb_map		map;		/* I */
	struct shb_release	*release;	/* I: a machine that boots; NULL: all memory came at once */
	bool			asks_first;	/* B: a policy says which zone is asked first */
	const struct shb_profile *series;	/* I: that of the running kernel's series, if there is one */
	bool			by_zone;	/* B: zonelists go zone by zone */
	struct rw_semaphore	becoming;	/* held while the rules change, or are looked at */
	u64			seed;		/* T: of whatever is random, for reports */
	unsigned long		totalreserve_pages;	/* T */
	struct mutex		tune_lock;
	struct shb_tunables	tune;		/* T */
	struct shb_tunables	tune_at_start;	/* T */
	atomic_long_t		events[SHB_NR_STATE_EVENTS];	/* A */
	atomic_long_t		answers[SHB_NR_QUESTIONS][SHB_NR_ANSWERS];	/* A */
	long			last_refused[SHB_NR_QUESTIONS];	/* S: answers */
	long			bad_before;	/* S: SHB_BAD_PROPOSAL when another profile came */
	struct shb_fails	fails;
	atomic_t		interleave;	/* A: next node of an interleaved allocation */
};

/* Who asks: what the reserves and the slow path want to know. */
#define SHB_BY_REALTIME		0x01	/* a task of a realtime class */
#define SHB_BY_MEMALLOC		0x02	/* it frees memory for others (PF_MEMALLOC) */
#define SHB_BY_OOM_VICTIM	0x04	/* a task that is being killed for its memory */
#define SHB_BY_COLD		0x08	/* whose cache needs no page it knows (__GFP_COLD, up to 4.14) */

/* What is asked for, by whom, and what that comes to in this state. */
struct shb_request {
	/* Filled in by who asks. */
	gfp_t			gfp;		/* with the task's NOIO, NOFS and PIN applied */
	const nodemask_t	*nodemask;	/* NULL: every node */
	int			nid;		/* preferred node */
	int			cpu;		/* whose lists; the caller stays on it */
	u32			owner;		/* caller, for reports */
	unsigned int		order;
	u8			by;		/* SHB_BY_* */

	/* Worked out by shb_request_init(). */
	u8			type;		/* enum shb_type */
	u8			highest;	/* enum shb_kind */
	u8			index;		/* enum shb_kind: whose lowmem_reserve counts */
	unsigned int		flags;		/* SHB_ALLOC_* */
	struct shb_zone		**preferred;	/* first zone that may serve the request */
};

static inline bool shb_type_mergeable(int type)
{
	return type < SHB_PCPTYPES;
}

/* In releases that keep high orders at all. */
static inline bool shb_order_may_be_on_pcp(unsigned int order)
{
	return order <= SHB_COSTLY_ORDER || order == SHB_PAGEBLOCK_ORDER;
}

static inline bool shb_order_on_pcp(const struct shb_rules *rules, unsigned int order)
{
	return !order || (shb_order_may_be_on_pcp(order) && rules->pcp->high_orders);
}

static inline unsigned long shb_pfn_of(const struct shb_zone *z, u32 i)
{
	return z->extent.granule_pfn[i >> SHB_GRANULE_ORDER] + (i & (SHB_GRANULE_PAGES - 1));
}

/* Likewise where @i may be behind the last frame. */
static inline unsigned long shb_end_pfn_of(const struct shb_zone *z, u32 i)
{
	return i < z->extent.nr_frames ? shb_pfn_of(z, i) : shb_pfn_of(z, z->extent.nr_frames - 1) + 1;
}

static inline int shb_block_type(const struct shb_zone *z, u32 i)
{
	return READ_ONCE(z->pageblocks[i >> SHB_PAGEBLOCK_ORDER]);
}

/* Is this exactly one handed-out block? */
static inline bool shb_is_used_block(const struct shb_zone *z, u32 i, int order)
{
	return z->frames[i].state == SHB_FRAME_USED && z->frames[i].order == order;
}

/*
 * The zone and index of a pfn by one look at the map; NULL when the state does not hold it, or
 * several zones share its granule. For the short ways, which then decline.
 */
static inline struct shb_zone *shb_zone_at(const struct shb_state *s, unsigned long pfn, u32 *i)
{
	unsigned long g = (pfn >> SHB_GRANULE_ORDER) - s->map.base;
	u64 slot;

	if (g >= s->map.nr)
		return NULL;
	slot = s->map.slots[g];
	*i = (u32)slot | (pfn & (SHB_GRANULE_PAGES - 1));
	return s->zones[slot >> SHB_SLOT_BITS];
}

struct shb_zone *shb_zone_look_up(const struct shb_state *s, unsigned long pfn, u32 *i);

/* The zone and index of a pfn; NULL when the state does not hold it. */
static inline struct shb_zone *shb_zone_of(const struct shb_state *s, unsigned long pfn, u32 *i)
{
	struct shb_zone *z = shb_zone_at(s, pfn, i);

	return unlikely(!z && s->map.looks_up) ? shb_zone_look_up(s, pfn, i) : z;
}

#define shb_for_each_zone(s, z, n) \
	for ((n) = 0; (n) < (s)->nr_zones && ((z) = (s)->zones[n], true); (n)++)

#endif
