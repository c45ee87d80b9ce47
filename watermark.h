/* SPDX-License-Identifier: GPL-2.0-only */
/* Watermark arithmetic; see watermark.c. */
#ifndef SHB_WATERMARK_H
#define SHB_WATERMARK_H

#include "types.h"

bool shb_watermark_fast(const struct shb_zone *z, const struct shb_request *r,
			unsigned int flags, int wmark);

unsigned long shb_watermark_buffer_pages(const struct shb_state *s);
int shb_watermark_min_free_kbytes(const struct shb_state *s);
int shb_watermark_recommended_kbytes(const struct shb_state *s);
void shb_watermark_setup(struct shb_state *s);
void shb_watermark_setup_lowmem(struct shb_state *s);
void shb_watermark_setup_thresholds(struct shb_state *s);
void shb_watermark_set_first(struct shb_zone *z);

/* The threshold a request sees: the mark plus the temporary boost. */
static inline unsigned long shb_watermark(const struct shb_zone *z, int wmark)
{
	return READ_ONCE(z->marks.watermark[wmark]) + READ_ONCE(z->marks.boost);
}

/* Free pages a request must not count: the atomic reserve and CMA memory. */
static inline long shb_watermark_unusable(const struct shb_zone *z, unsigned int flags)
{
	long pages = 0;

	/* Most flags are constant and have none of these. */
	if (!(flags & SHB_ALLOC_RESERVES) || !(flags & z->rules.gate->past_reserve))
		pages += READ_ONCE(*z->marks.unusable);
	if (!(flags & SHB_ALLOC_CMA))
		pages += READ_ONCE(z->buddy.pages[SHB_CMA]);
	return pages;
}

/* Is there a block of @order or more the request may use? Lists are read without the lock. */
static inline bool shb_block_exists(const struct shb_zone *z, int order, unsigned int flags)
{
	unsigned int lists = READ_ONCE(z->buddy.orders[SHB_UNMOVABLE]) |
			     READ_ONCE(z->buddy.orders[SHB_MOVABLE]) |
			     READ_ONCE(z->buddy.orders[SHB_RECLAIMABLE]);

	if (flags & SHB_ALLOC_CMA)
		lists |= READ_ONCE(z->buddy.orders[SHB_CMA]);
	if (flags & (SHB_ALLOC_HIGHATOMIC | SHB_ALLOC_OOM))
		lists |= READ_ONCE(z->buddy.orders[SHB_HIGHATOMIC]);
	return lists >> order;
}

/* How far below the mark the flags let a request go. */
static inline long shb_watermark_discount(const struct shb_zone *z, long mark, unsigned int flags)
{
	bool harder = flags & SHB_ALLOC_NON_BLOCK;

	if (likely(!(flags & SHB_ALLOC_RESERVES)))
		return mark;
	if (z->rules.gate->harder)
		harder = harder && !(flags & SHB_ALLOC_OOM);
	else
		harder = harder && (flags & SHB_ALLOC_MIN_RESERVE);
	if (flags & SHB_ALLOC_MIN_RESERVE)
		mark -= mark / 2;
	if (harder)
		mark -= mark / 4;
	if (flags & SHB_ALLOC_OOM)
		mark -= mark / 2;
	return mark;
}

/* The sum of __zone_watermark_ok(), without a look at the blocks. */
static inline bool shb_watermark_enough(const struct shb_zone *z, int order, unsigned long mark,
					int highest, unsigned int flags, long free)
{
	free -= (1L << order) - 1;
	free -= shb_watermark_unusable(z, flags);
	return free > shb_watermark_discount(z, mark, flags) + READ_ONCE(z->marks.lowmem_reserve[highest]);
}

bool shb_watermark_counts(const struct shb_zone *z, int order, unsigned long mark,
			  unsigned int flags, long free);

/**
 * shb_watermark_ok() - the full watermark test
 * @mark: threshold in pages, boost included
 * @highest: highest zone kind of the request, picks the lowmem_reserve
 * @free: free pages to judge by
 *
 * __zone_watermark_ok(): free - (2^order - 1) - unusable must exceed the
 * discounted mark plus the reserve, and for order > 0 a block must exist.
 *
 * Context: any; lockless reads.
 * Return: the request may be served from this zone.
 */
static inline bool shb_watermark_ok(const struct shb_zone *z, int order, unsigned long mark,
				    int highest, unsigned int flags, long free)
{
	if (!shb_watermark_enough(z, order, mark, highest, flags, free))
		return false;
	if (unlikely(z->counts))
		return shb_watermark_counts(z, order, mark, flags, free);
	return !order || shb_block_exists(z, order, flags);
}

bool shb_watermark_passes(const struct shb_zone *z, unsigned long mark, int highest,
			  unsigned int flags);

#endif
