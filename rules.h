/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one Linux release decides differently from another, by rooms.
 *
 *     profile   linux-6.12
 *       rules   .buddy .pcp .gate .marks .walk .slow .boot .compact   a pointer to each room
 *       a room  numbers, switches and small functions     in the file of the release that
 *                                                         brought them (profiles/)
 *
 * A function of a rule looks and proposes; the mechanism it belongs to checks the proposal
 * and does it. So no rule can harm a zone.
 */
#ifndef SHB_RULES_H
#define SHB_RULES_H

#include <linux/types.h>

struct shb_pcp;
struct shb_request;
struct shb_search;
struct shb_proposal;
struct shb_zone;

/* Free lists, pageblocks and the reserve: zones.c, isolate.c, fallback.c, highatomic.c. */
struct shb_buddy_rules {
	bool	lists_follow_blocks;	/* a free block is on the list of its pageblock's type */
	bool	split_order10_free;	/* an order-10 free is two order-9 frees */
	bool	isolate_keeps_type;	/* un-isolate restores the type the block had */
	bool	claim_spares_highatomic;	/* a HighAtomic pageblock is never claimed */
	bool	unreserve_checks_type;	/* unreserve counts only blocks still tagged HighAtomic */
	bool	worth_before_candidate;	/* claim gives up on W before looking at the lists */
	bool	joins_reserved;		/* only isolated pageblocks keep blocks from becoming one */
	bool	moves_to_head;		/* a free block that changes lists goes to the head */
	bool	boosts;			/* a fallback raises the marks for a while */
	bool	fragments_no_order;	/* NOFRAGMENT takes whole pageblocks, for any order */
	bool	third_type_reserve;	/* the type behind Reclaimable is a reserve for whoever finds nothing */
	bool	reserve_at_last;	/* who may not wait gets HighAtomic blocks when nothing else is left */

	/* Which block of another type, and what becomes of its pageblock. Under the zone lock. */
	bool (*propose)(const struct shb_zone *z, struct shb_search *q, struct shb_proposal *p);
	unsigned long (*highatomic_limit)(const struct shb_zone *z);
};

/* Per-cpu lists: pcp.c. Pages, unless it says blocks. */
struct shb_pcp_rules {
	u8	nr_lists;		/* of SHB_NR_PCP_LISTS */
	u8	big_list[3];		/* by type: the list of pageblocks behind those of small orders */
	bool	high_orders;		/* orders 1 to 3, and pageblocks, have lists */
	bool	reclaimable_first;	/* Reclaimable comes before Movable in turn */
	bool	in_turn;		/* lists are emptied in turn, not one after the other */
	bool	surplus_comes_here;	/* pages of a block that nobody wanted all of */
	bool	cold_ends;		/* cold pages come from the tails of lists and go there */
	bool	miss_is_final;		/* what a list and its refill do not have is not looked for */
	bool	six_batches;		/* high is six batches, or a share of the zone, and no cpus count */
	int	batch_max;		/* before it is rounded to a power of two */
	bool	keeps_type;		/* a page goes back to the type noted when it came */
	bool	trim_in_slices;		/* a trim frees at most batch pages at a time */
	bool	auto_high;		/* pcp->high moves between high_min and high_max */
	bool	serves_highatomic;	/* a highatomic request may be served and refilled by it */

	int  (*refill)(struct shb_zone *z, struct shb_pcp *pcp, int order);	/* blocks */
	/* What a free gives back; negative: the limit is not reached. */
	int  (*excess)(struct shb_zone *z, struct shb_pcp *pcp, bool free_high);
	/* From how many in a row on freed high orders are better merged soon; NULL: never. */
	int  (*in_a_row)(int batch, int high_min);
};

/* Order 0 is judged by free pages alone first. */
enum shb_fast_check {
	SHB_FAST_CLAMPED,		/* those not reserved for others */
	SHB_FAST_WRAPS,			/* likewise, but with less free than reserved it passes */
	SHB_FAST_PLAIN,			/* also those reserved */
	SHB_FAST_NONE,
};

/* May a request have a page of this zone: watermark.c, alloc.c. */
struct shb_gate_rules {
	bool	discount_reserved;	/* whole highatomic blocks do not count, not their free pages */
	bool	boost_needs_kswapd;	/* only requests with KSWAPD answer a boost */
	bool	high_mark_first;	/* test HIGH before the requested mark; keeps BELOW_HIGH */
	bool	boost_off_for_atomic_gfp;	/* GFP_ATOMIC, not any MIN_RESERVE, looks past the boost */
	bool	index_of_preferred;	/* the preferred zone, not the highest, picks the lowmem_reserve */
	bool	order_by_counting;	/* a larger block must be likely, not there */
	bool	harder;			/* NON_BLOCK lowers a mark by itself, and not below OOM */
	unsigned int past_reserve;	/* SHB_ALLOC_* that count the HighAtomic reserve as free */
	enum shb_fast_check fast;
};

/* Where the marks come from: watermark.c. */
struct shb_marks_rules {
	bool	movable_min_clamped;	/* ZONE_MOVABLE: own min, no share in the divisor */
	bool	plain_steps;		/* a quarter and a half above min, whatever watermark_scale_factor */
	bool	boost_sticks;		/* a boost of the moment becomes part of low and high */
	bool	thp_counts_all_zones;	/* huge pages ask for room in Movable zones, too */
	bool	no_ratio_is_one;	/* a lowmem_reserve_ratio below 1 protects everything, not nothing */
	int	min_free_max;		/* KiB: the most that min_free_kbytes is by size */
};

/* Which zone next: zonelist.c, alloc.c. */
struct shb_walk_rules {
	bool	memoryless_first;	/* a memoryless node heads its own node order */
	bool	skips_busy_nodes;	/* nodes whose kswapd runs are asked last */
	bool	defrag_mode;		/* vm.defrag_mode exists */
	bool	nofragment;		/* the first look takes no small blocks of other types */
	bool	fair;			/* zones of a node take turns, in batches */
	bool	zonelist_cache;		/* zones that had no page lately are asked last */
	bool	zone_order;		/* a list may go zone by zone, from node to node */
	bool	load_counts_down;	/* the first nodes of a list are the least attractive to others */
};

/* What is tried below LOW: alloc.c, pressure/slowpath.c. */
struct shb_slow_rules {
	bool	waits;			/* what a request does that may wait is known here */
	bool	looks_first;		/* in each round, before it goes by its reserves; and compacts in the first */
	bool	put_off_is_stall;	/* a compaction that was put off counts, and is followed by a look */
	bool	nothing_is_free;	/* where nothing can be reclaimed, what is free counts as that */
	bool	second_look;		/* twice even when no reserve was added */
	bool	wakes_each_zone;	/* kswapd is woken for each zone, not once for a node */
	bool	thisnode_fails_at_once;	/* where it may not wait, and no other node may serve */
	bool	reserves_at_home;	/* reserves are those of the cpu's node; without any it ends */
	bool	keeps_nodemask;		/* reserves lie on the nodes the request may use */
	bool	victims_get_all;	/* who dies of OOM has no marks */
	bool	bulk;			/* several pages at a time are more than a loop */

	/* What urgency adds to the flags. */
	unsigned int (*grant)(const struct shb_request *r, unsigned int flags);
	unsigned int (*nofail)(const struct shb_request *r);	/* of the last look of who may not fail */
};

/* How memory comes to a zone: boot.c, release.c. */
struct shb_boot_rules {
	bool	mirror_must_exist;	/* kernelcore=mirror means nothing on a machine without one */
	bool	any_zone_restarts;	/* the count of what is ready begins anew behind any other zone */
	bool	to_tail;		/* blocks are handed over to the tail of their list */
	bool	types_reserved_pages;	/* a reserved page makes its pageblock Movable, deferred or not */
	int	deferred_order;		/* blocks of the deferred part */
};

/* How pages are moved together: pressure/. */
struct shb_compact_rules {
	bool	single_targets;		/* targets are single pages, and so is all that is moved */
	bool	one_by_one;		/* a page is moved as soon as it has a target */
	bool	skipped_count_once;	/* a block that is stepped over counts as one page scanned */
	bool	remembers_begin;	/* of a batch, where the search for it began, not where it was found */
	bool	jumps_on_failure;	/* behind a batch of which a page stays; otherwise its pageblock is finished */
	bool	first_page_hints;	/* a pageblock gets its hint when its first page is taken, not any */
	bool	found_is_hinted;	/* what is found on a free list gets one before it is scanned */
	bool	resumes_in_block;	/* targets are looked for again where they ran out, not below */
	bool	spares_pageblocks;	/* of free blocks only these are too large for targets, whatever is wanted */
	bool	searches_on;		/* the free lists give one target more than enough */
	bool	captures_no_movable;	/* no small block of a Movable pageblock, not even for a Movable request */
	bool	captures_late;		/* what came back is looked at after the lists were flushed */
	bool	success_is_told;	/* a zone that needs no compaction is an event, too, and one that gets it anyway */
	bool	small_gap;		/* free pages beyond the mark: a batch at most */
	bool	mark_of_request;	/* which mark, and for large orders the way from min to low more */
	bool	spares_cma;		/* for requests that may not have it */
	bool	blocks_from_anywhere;	/* a request for a whole pageblock may have any that moves */
	bool	capture_is_fallback;	/* and is told as one, when it is of another type */
};

struct shb_rules {
	const struct shb_buddy_rules	*buddy;
	const struct shb_pcp_rules	*pcp;
	const struct shb_gate_rules	*gate;
	const struct shb_marks_rules	*marks;
	const struct shb_walk_rules	*walk;
	const struct shb_slow_rules	*slow;
	const struct shb_boot_rules	*boot;
	const struct shb_compact_rules	*compact;
};

struct shb_policy;

struct shb_profile {
	const char	*name;
	const char	*release;	/* the point release it was checked against */
	int		since;		/* major * 1000 + minor: first release it speaks for */
	struct shb_rules rules;

	/* Only of a user's policy (profiles/registry.c): */
	const struct shb_policy	 *policy;
	const struct shb_profile *base;	/* decides where the policy does not */
};

#endif
