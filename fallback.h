/* SPDX-License-Identifier: GPL-2.0-only */
/* Which block serves a request when its own lists are empty; see fallback.c. */
#ifndef SHB_FALLBACK_H
#define SHB_FALLBACK_H

#include <linux/bitops.h>

#include "types.h"

/* What is looked for. One search serves all blocks of a refill. */
struct shb_search {
	int		order;
	int		type;		/* below SHB_PCPTYPES */
	unsigned int	flags;		/* SHB_ALLOC_KSWAPD, _NOFRAGMENT and _CMA matter */
	int		below;		/* the rule's: orders from here on it has proposed */
	bool		stole;		/* a single block was stolen: no pageblock can be claimed */
	int		cpu;		/* for whom, for a policy */
	int		attempt;	/* answers of a policy that came to nothing */
};

enum shb_act {
	SHB_CLAIM,		/* make its pageblock ours if it suits, then take a block */
	SHB_STEAL,		/* take the block; what is left stays where it was */
	SHB_BRING_BLOCK,	/* move the block to our lists, and look again */
	SHB_BRING_PAGEBLOCK,	/* likewise all free blocks of its pageblock */
	SHB_TAKE_BLOCK,		/* take the block; what is left is ours */
	SHB_TAKE_PAGEBLOCK,	/* likewise, with the free blocks of its pageblock, and that if half is free */
};

struct shb_proposal {
	u32		block;		/* head of a free block of the wanted order or more */
	enum shb_act	act;
};

u32 shb_fallback_take(struct shb_zone *z, struct shb_search *q);
u32 shb_fallback_rmqueue(struct shb_zone *z, int order, int type, unsigned int flags, int cpu);
bool shb_fallback_can_be(const struct shb_zone *z, const struct shb_search *q,
			 const struct shb_proposal *p);

/* CMA pages go first once they are more than half of what is free. Holds z->lock. */
static inline bool shb_fallback_cma_first(const struct shb_zone *z, unsigned int flags)
{
	return (flags & SHB_ALLOC_CMA) && z->buddy.pages[SHB_CMA] > z->buddy.free_pages / 2;
}

/*
 * May a block of a type's own lists be handed out as it is? Not where CMA pages go first, nor
 * where a page may be broken or a policy is asked. Holds z->lock.
 */
static inline bool shb_fallback_own_first(const struct shb_zone *z, unsigned int flags)
{
	return !(READ_ONCE(z->flags) & SHB_LOOK_FLAGS) && !shb_fallback_cma_first(z, flags);
}

/* As many as one likes: no CMA page can come first in between. */
static inline bool shb_fallback_own_only(const struct shb_zone *z, unsigned int flags)
{
	return !(READ_ONCE(z->flags) & SHB_LOOK_FLAGS) &&
	       !((flags & SHB_ALLOC_CMA) && z->buddy.pages[SHB_CMA]);
}

/* What rules are made of. */
int shb_fallback_type(const struct shb_zone *z, int order, int type);
int shb_fallback_lowest(const struct shb_zone *z, const struct shb_search *q);
bool shb_fallback_worth(int found, int type);

#endif
