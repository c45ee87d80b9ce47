/* SPDX-License-Identifier: GPL-2.0-only */
/* Watermark arithmetic; see watermark.c. */
#ifndef SHB_WATERMARK_H
#define SHB_WATERMARK_H

#include "types.h"

bool shb_watermark_ok(const struct shb_zone *z, int order, unsigned long mark, int highest,
		      unsigned int flags, long free);
bool shb_watermark_fast(const struct shb_zone *z, const struct shb_request *r,
			unsigned int flags, int wmark);
bool shb_watermark_above(const struct shb_zone *z, unsigned long mark, int highest,
			 unsigned int flags);

unsigned long shb_watermark_buffer_pages(const struct shb_state *s);
int shb_watermark_min_free_kbytes(const struct shb_state *s);
int shb_watermark_recommended_kbytes(const struct shb_state *s);
void shb_watermark_setup(struct shb_state *s);
void shb_watermark_setup_lowmem(struct shb_state *s);
void shb_watermark_setup_thresholds(struct shb_state *s);

/* The threshold a request sees: the mark plus the temporary boost. */
static inline unsigned long shb_watermark(const struct shb_zone *z, int wmark)
{
	return READ_ONCE(z->watermark[wmark]) + READ_ONCE(z->boost);
}

/* Free pages a request must not count: the atomic reserve and CMA memory. */
static inline long shb_watermark_unusable(const struct shb_zone *z, unsigned int flags,
					  bool whole_reserve)
{
	long pages = 0;

	if (!(flags & SHB_ALLOC_RESERVES))
		pages += whole_reserve ? (long)READ_ONCE(z->nr_reserved_highatomic) :
					 READ_ONCE(z->free[SHB_HIGHATOMIC]);
	if (!(flags & SHB_ALLOC_CMA))
		pages += READ_ONCE(z->free[SHB_CMA]);
	return pages;
}

#endif
