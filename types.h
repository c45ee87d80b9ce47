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
 * SHB_FRAME_INSIDE. Every granule is tiled by blocks without gap or overlap.
 *
 * Lock legend, the letter stands behind each field:
 *   I  set while the state is built, constant afterwards
 *   Z  zone->lock
 *   C  owned by one cpu: preemption off and pcp->busy set; see pcp.h
 *   T  state->tune_lock for writers; readers may be lockless
 *   S  statistics: written by the owner of the line, read racily
 *   A  atomic
 */
#ifndef SHB_TYPES_H
#define SHB_TYPES_H

#include <linux/cache.h>
#include <linux/gfp.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define SHB_MAX_ORDER		10
#define SHB_NR_ORDERS		(SHB_MAX_ORDER + 1)
#define SHB_PAGEBLOCK_ORDER	9
#define SHB_PAGEBLOCK_PAGES	(1U << SHB_PAGEBLOCK_ORDER)
#define SHB_GRANULE_ORDER	SHB_MAX_ORDER
#define SHB_GRANULE_PAGES	(1U << SHB_GRANULE_ORDER)
#define SHB_COSTLY_ORDER	3
#define SHB_ZONE_GRANULES_MAX	((1U << 22) - 1024)	/* 32 bits of frames, less room for list heads */

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

/* Per-cpu lists: orders 0..3 by three types, then order 9 not movable and movable. */
#define SHB_PCP_ORDERS		(SHB_COSTLY_ORDER + 1)
#define SHB_NR_PCP_LISTS	(SHB_PCP_ORDERS * SHB_PCPTYPES + 2)
#define SHB_PCP_HEADS		16	/* list heads of one cpu, padded to whole cache lines */
#define SHB_TYPE_HEADS		12	/* list heads of one migratetype, likewise */
#define SHB_HELD_HEAD		(SHB_TYPE_HEADS - 1)	/* what the padding of the first is for */
static_assert(SHB_HELD_HEAD >= SHB_NR_ORDERS);

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
	u16	nonempty;		/* C: bit per list */
	s16	free_factor;		/* C: log2 scale of frees (6.1) */
	int	count;			/* C: pages on all lists */
	int	high;			/* C */
	int	high_min;		/* T */
	int	high_max;		/* T */
	int	batch;			/* T */
	int	free_count;		/* C: pages freed in a row */
	int	free_count_cap;		/* T: free_count grows while below this */
	u32	heads;			/* I: index of the first list head frame */
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
	SHB_NR_ZONE_FLAGS,
};

struct shb_state;
struct shb_policy;

struct shb_zone {
	/* What every request reads and hardly anything writes. */
	unsigned long	flags;				/* A */
	unsigned long	boost;				/* Z */
	unsigned long	watermark[SHB_NR_WMARK + 1];	/* T: without boost; the last is out of reach */
	long		lowmem_reserve[SHB_NR_KINDS];	/* T */
	struct shb_frame	*frames;		/* I: nr_frames, then list heads */
	u8			*pageblocks;		/* Z: type of each pageblock */
	unsigned long		*granule_pfn;		/* I: ascending */
	struct shb_pcp		*pcps;			/* I: one per possible cpu */
	const struct shb_policy	*policy;		/* I */
	struct shb_state	*state;			/* I */
	u32			nr_frames;		/* I */
	u32			nr_granules;		/* I */
	u32			heads;			/* I: index of the first list head */
	u16			id;			/* I: index in state->zones */
	u16			nid;			/* I */
	u8			kind;			/* I: enum shb_kind */
	u8			first_mark[1 << SHB_NR_ZONE_FLAGS];	/* I: by flags; see fast.h */
	const long		*unusable;		/* I: what a request without reserves leaves alone */
	u32			cma_granules;		/* I: highest granules, CMA */
	u8			*isolated_from;		/* Z: type an isolated pageblock had */
	unsigned long		managed;		/* I: pages */
	unsigned long		present;		/* I: pages */
	unsigned long		spanned;		/* I: pages */
	unsigned long		start_pfn;		/* I */
	int			stat_threshold;		/* T: as the kernel would print it */

	/* What changes with every block that comes or goes. */
	raw_spinlock_t	lock ____cacheline_aligned;	/* with interrupts off */
	long		nr_free;			/* Z: NR_FREE_PAGES, without isolated pages */
	long		free[SHB_NR_TYPES];		/* Z: free pages on the lists of each type */
	u16		orders[SHB_NR_TYPES];		/* Z: bit per order with a non-empty list */
	u32		nr[SHB_NR_TYPES][SHB_NR_ORDERS];	/* Z: blocks on each list */
	long		nr_free_blocks;			/* Z: free pages in blocks of order >= 9 */
	unsigned long	nr_reserved_highatomic;		/* Z: pages in HighAtomic pageblocks */
	u32		nr_isolated;			/* Z: pageblocks */
	unsigned long	nr_held, nr_poisoned, nr_lost;	/* Z: pages; see quarantine.c */
	unsigned long	nr_split, nr_merge;		/* Z: blocks halved, pairs joined */
	u64		generation;			/* Z: changes of lists and blocks; see walk.c */

	atomic_long_t	irq_events[SHB_NR_EVENTS];	/* A: counted while the pcp was busy */
};

/* A list of zones ends with NULL. @first[k]: first entry of kind k or lower. */
struct shb_zonelist {
	struct shb_zone	**zones;			/* I */
	u16		first[SHB_NR_KINDS];		/* I */
};

struct shb_node {
	struct shb_zone		*zones[SHB_NR_KINDS];	/* I: NULL where not populated */
	struct shb_zonelist	fallback, nofallback;	/* I */
	int			*order;			/* I: node ids in fallback order, -1 ends */
	bool			online;			/* I */
	bool			memory;			/* I: has a populated zone */
	bool			cpus;			/* I: at build time, for the zonelist formula */
};

/*
 * The machine as the allocator sees it: nodes, cpus and distances.
 * A test makes one up; the module fills in the real one.
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

/* Kernel tunables of the shadow, named as in /proc/sys/vm. */
struct shb_tunables {
	int	min_free_kbytes;
	int	user_min_free_kbytes;
	int	watermark_scale_factor;
	int	watermark_boost_factor;
	int	lowmem_reserve_ratio[SHB_NR_KINDS];
	int	percpu_pagelist_high_fraction;
	int	stat_interval;		/* seconds; 0: the tick never runs by itself */
	int	defrag_mode;
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
	SHB_BAD_FREE,			/* frees that were refused */
	SHB_HELD_FREE,			/* frees of blocks that somebody still holds */
	SHB_NR_STATE_EVENTS,
};

/*
 * pfn -> zone and index: one slot per granule of the span that holds all zones. A
 * granule of nobody leads behind the last zone, where there is NULL.
 */
struct shb_map {
	unsigned long	base;		/* I: first granule number, pfn >> 10 */
	unsigned long	nr;		/* I */
	u64		*slots;		/* I: zone id << 32 | index of the first frame */
};
#define SHB_SLOT_BITS		32

/*
 * What a state asks about the real pages behind its frames. Read without a lock: a count
 * above 1 may be somebody who only looks.
 */
struct shb_page_ops {
	int	(*count)(unsigned long pfn);		/* reference count; ours is 1 */
	bool	(*poisoned)(unsigned long pfn);
};

struct shb_state {
	const struct shb_policy	*policy;	/* I */
	const struct shb_format	*format;	/* I */
	struct shb_topology	topo;		/* I, but cpu_online: T */
	struct shb_node		*nodes;		/* I */
	struct shb_zone		**zones;	/* I: by node, then kind; NULL ends */
	int			nr_zones;	/* I */
	int			online_nodes;	/* I */
	u8			kinds;		/* I: mask of kinds this machine knows */
	u8			highest[32];	/* I: zone and mobility bits of a gfp mask -> highest kind */
	struct shb_map		map;		/* I */
	bool			live;		/* I: real memory, real cpus */
	const struct shb_page_ops *pages;	/* I: NULL: there are none */
	bool			profile_exact;	/* I: the profile is of the running kernel's series */
	u64			seed;		/* T: of whatever is random, for reports */
	unsigned long		totalreserve_pages;	/* T */
	struct mutex		tune_lock;
	struct shb_tunables	tune;		/* T */
	struct shb_tunables	tune_at_start;	/* T */
	atomic_long_t		events[SHB_NR_STATE_EVENTS];	/* A */
	atomic_t		interleave;	/* A: next node of an interleaved allocation */
};

/* What is asked for; built once by shb_request_init(), then only alloc.c touches it. */
struct shb_request {
	gfp_t			gfp;
	const nodemask_t	*nodemask;	/* NULL: every node */
	struct shb_zone		**preferred;	/* first zone that may serve the request */
	unsigned int		flags;		/* SHB_ALLOC_* */
	int			nid;
	int			cpu;
	u32			owner;
	u8			order;
	u8			type;		/* enum shb_type */
	u8			highest;	/* enum shb_kind */
};

enum shb_rmqueue_mode { SHB_RMQUEUE_NORMAL, SHB_RMQUEUE_CMA, SHB_RMQUEUE_CLAIM, SHB_RMQUEUE_STEAL };

/*
 * A behaviour profile: every number and every rule in which one Linux release
 * decides differently from another. Rows are in policy.c.
 */
struct shb_policy {
	const char	*name;
	const char	*release;	/* the point release it was checked against */
	int		since;		/* major * 1000 + minor: first release it speaks for */

	/* Data. */
	bool	lists_follow_blocks;	/* a free block is on the list of its pageblock's type */
	bool	pcp_keeps_type;		/* a pcp page goes back to the type noted when it came */
	bool	split_order10_free;	/* an order-10 free is two order-9 frees */
	bool	discount_reserved;	/* watermark: whole highatomic blocks, not their free pages */
	bool	boost_needs_kswapd;	/* only requests with KSWAPD answer a boost */
	bool	high_mark_first;	/* test HIGH before the requested mark; keeps BELOW_HIGH */
	bool	movable_min_clamped;	/* ZONE_MOVABLE: own min, no share in the divisor */
	bool	trim_in_slices;		/* a pcp trim frees at most batch pages at a time */
	bool	pcp_auto_high;		/* pcp->high moves between high_min and high_max */
	bool	memoryless_first;	/* a memoryless node heads its own node order */
	bool	highatomic_on_pcp;	/* a highatomic request may be served and refilled by the pcp */
	bool	claim_spares_highatomic;	/* a HighAtomic pageblock is never claimed */
	bool	unreserve_checks_type;	/* unreserve counts only blocks still tagged HighAtomic */
	bool	isolate_keeps_type;	/* un-isolate restores the type the block had */
	bool	worth_before_candidate;	/* claim gives up on W before looking at the lists */
	bool	defrag_mode;		/* vm.defrag_mode exists */
	bool	skips_busy_nodes;	/* nodes whose kswapd runs are asked last */
	bool	second_look;		/* the slow path looks twice even when no reserve was added */
	bool	boost_off_for_atomic_gfp;	/* GFP_ATOMIC, not any MIN_RESERVE, looks past the boost */

	/* Small functions. All but pcp_* run under the zone lock. */
	u32  (*rmqueue)(struct shb_zone *z, int order, int type, unsigned int flags,
			enum shb_rmqueue_mode *mode);
	unsigned long (*highatomic_limit)(const struct shb_zone *z);
	int  (*pcp_refill)(struct shb_zone *z, struct shb_pcp *pcp, int order);
	bool (*pcp_free_high)(const struct shb_pcp *pcp, int order);
	int  (*pcp_limit)(struct shb_zone *z, struct shb_pcp *pcp, bool free_high);
	int  (*pcp_trim)(struct shb_pcp *pcp, int limit, bool free_high);
};

static inline bool shb_type_mergeable(int type)
{
	return type < SHB_PCPTYPES;
}

static inline bool shb_order_on_pcp(unsigned int order)
{
	return order <= SHB_COSTLY_ORDER || order == SHB_PAGEBLOCK_ORDER;
}

static inline unsigned long shb_pfn_of(const struct shb_zone *z, u32 i)
{
	return z->granule_pfn[i >> SHB_GRANULE_ORDER] + (i & (SHB_GRANULE_PAGES - 1));
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

/* The zone and index of a pfn; NULL when the state does not hold it. */
static inline struct shb_zone *shb_zone_of(const struct shb_state *s, unsigned long pfn, u32 *i)
{
	unsigned long g = (pfn >> SHB_GRANULE_ORDER) - s->map.base;
	u64 slot;

	if (g >= s->map.nr)
		return NULL;
	slot = s->map.slots[g];
	*i = (u32)slot | (pfn & (SHB_GRANULE_PAGES - 1));
	return s->zones[slot >> SHB_SLOT_BITS];
}

#define shb_for_each_zone(s, z, n) \
	for ((n) = 0; (n) < (s)->nr_zones && ((z) = (s)->zones[n], true); (n)++)

#endif
