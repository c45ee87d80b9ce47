/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-cpu page lists; see pcp.c.
 *
 * Ownership. A pcp is used by one cpu only, with preemption off, between
 * shb_pcp_own() and shb_pcp_disown(). There is no locked instruction: an interrupt
 * that comes in between finds the mark and goes to the zone instead, exactly what
 * the kernel does when its pcp trylock fails. Whoever wants to drain another cpu's
 * pcp runs on that cpu. Where cpus are only numbers any pcp may be owned.
 */
#ifndef SHB_PCP_H
#define SHB_PCP_H

#include <linux/compiler.h>
#include <linux/minmax.h>

#include "types.h"
#include "zones.h"

#define SHB_PCP_SCALE_MAX	5	/* CONFIG_PCP_BATCH_SCALE_MAX */
#define SHB_PCP_DOUBLINGS	24	/* of 5.15, which has no limit: of a batch of 96, more than memory */

void shb_pcp_init(struct shb_zone *z, int cpu);
bool shb_pcp_refill(struct shb_zone *z, struct shb_pcp *pcp, int order, int type,
		    unsigned int flags);
void shb_pcp_trim(struct shb_zone *z, struct shb_pcp *pcp, int list, bool free_high);
bool shb_pcp_drain(struct shb_zone *z, struct shb_pcp *pcp);
u32 shb_pcp_pop_cold(struct shb_zone *z, struct shb_pcp *pcp, int order, int type, unsigned int flags);
void shb_pcp_forgo(struct shb_zone *z, struct shb_pcp *pcp);
void shb_pcp_reset(struct shb_zone *z, struct shb_pcp *pcp);
bool shb_pcp_tick(struct shb_zone *z, struct shb_pcp *pcp, bool remote);

int shb_pcp_batchsize(unsigned long managed, int most);
void shb_pcp_setup_zone(struct shb_zone *z, int coming);
void shb_pcp_follow(const struct shb_zone *z, struct shb_pcp *pcp);

static inline bool shb_pcp_own(struct shb_pcp *pcp)
{
	if (unlikely(READ_ONCE(pcp->busy)))
		return false;
	WRITE_ONCE(pcp->busy, 1);
	barrier();
	return true;
}

static inline void shb_pcp_disown(struct shb_pcp *pcp)
{
	barrier();
	WRITE_ONCE(pcp->busy, 0);
}

/* 3 * order + type for orders 0..3, then those of order 9. */
static inline int shb_pcp_list(const struct shb_zone *z, int order, int type)
{
	if (likely(order < SHB_PCP_ORDERS))
		return order * SHB_PCPTYPES + type;
	return SHB_PCP_BIG_LIST + z->big_list[type];
}

static inline int shb_pcp_list_order(unsigned int list)
{
	return list < SHB_PCP_BIG_LIST ? list / SHB_PCPTYPES : SHB_PAGEBLOCK_ORDER;
}

/* Take block @i, the first of a list, off it. */
static __always_inline void shb_pcp_take(struct shb_zone *z, struct shb_pcp *pcp, int list, u32 i,
					 int order)
{
	struct shb_frame *f = &z->frames[i];

	shb_unlink(z->frames, i);
	f->state = SHB_FRAME_USED;
	f->flags = 0;
	pcp->nr[list]--;
	pcp->count -= 1 << order;
}

/* rmqueue_pcplist(): an allocation ends what was freed in a row. */
static __always_inline void shb_pcp_begin_alloc(struct shb_pcp *pcp)
{
	pcp->free_factor >>= 1;
	pcp->free_count >>= 1;
}

/* Take the first block of a list; refill it when it is empty. The caller owns @pcp. */
static inline u32 shb_pcp_pop(struct shb_zone *z, struct shb_pcp *pcp, int order, int type,
			      unsigned int flags)
{
	int list = shb_pcp_list(z, order, type);
	u32 root = pcp->roots + list, i;

	if (z->frames[root].next == root && !shb_pcp_refill(z, pcp, order, type, flags))
		return SHB_NONE;
	i = z->frames[root].next;
	shb_pcp_take(z, pcp, list, i, order);
	return i;
}

/*
 * Are high orders freed in a row, and better merged soon? 6.1 calls it so while its trims
 * double; later releases count, and where the cpu's cache holds three batches, one must be there.
 */
static __always_inline bool shb_pcp_free_high(const struct shb_pcp *pcp)
{
	if (unlikely(pcp->free_factor))
		return true;
	return pcp->free_count >= READ_ONCE(pcp->row) &&
	       (pcp->flags & SHB_PCP_PREV_FREE_HIGH_ORDER) &&
	       (!READ_ONCE(pcp->high_batch) || pcp->count >= READ_ONCE(pcp->batch));
}

/*
 * Put a block at the head of a list and trim when the limit is reached.
 * free_high: high orders are being freed in a row and are better merged soon.
 * The caller owns @pcp. @noted: type a profile whose lists keep types will go by. @cold: to the tail.
 */
static __always_inline void shb_pcp_push_end(struct shb_zone *z, struct shb_pcp *pcp, u32 i,
					     int order, int type, int noted, const bool cold)
{
	struct shb_frame *frames = z->frames;
	int list = shb_pcp_list(z, order, type);
	u32 root = pcp->roots + list;
	bool free_high = false;
	int high;

	pcp->alloc_factor >>= 1;
	if (cold)
		shb_link(frames, i, frames[root].prev, root);
	else
		shb_link(frames, i, root, frames[root].next);
	shb_frame_set(&frames[i], order, noted, SHB_FRAME_PCP);
	pcp->nr[list]++;
	pcp->count += 1 << order;

	if (order && order <= SHB_COSTLY_ORDER) {
		free_high = shb_pcp_free_high(pcp);
		pcp->flags |= SHB_PCP_PREV_FREE_HIGH_ORDER;
	} else {
		pcp->flags &= ~SHB_PCP_PREV_FREE_HIGH_ORDER;
	}
	if (pcp->free_count < pcp->free_count_cap)
		pcp->free_count += 1 << order;

	high = pcp->high;
	if (unlikely(high < READ_ONCE(pcp->high_min)))
		high = pcp->high = READ_ONCE(pcp->high_min);
	else if (unlikely(high > READ_ONCE(pcp->high_max)))
		high = pcp->high = READ_ONCE(pcp->high_max);
	if (unlikely(free_high || (READ_ONCE(z->flags) & SHB_PCP_FLAGS) || pcp->count >= high))
		shb_pcp_trim(z, pcp, list, free_high);
}

static __always_inline void shb_pcp_push(struct shb_zone *z, struct shb_pcp *pcp, u32 i,
					 int order, int type, int noted)
{
	shb_pcp_push_end(z, pcp, i, order, type, noted, false);
}

#endif
