/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that may not be handed out; see quarantine.c. */
#ifndef SHB_QUARANTINE_H
#define SHB_QUARANTINE_H

#include "types.h"

bool shb_quarantine_hold(struct shb_zone *z, u32 i, int order);
void shb_quarantine_release(struct shb_zone *z);
bool shb_quarantine_take_apart(struct shb_zone *z, u32 i, int order);
unsigned long shb_quarantine_pages(const struct shb_zone *z);

/**
 * shb_quarantine_sift() - keep a block with broken pages from being handed out
 * @i: first frame of a block that is on no list
 *
 * Only a zone that was told of a broken page looks at any. The page itself goes out of
 * service, the rest of the block back to the lists.
 *
 * Context: holds z->lock.
 * Return: the block is gone; take another one.
 */
static inline bool shb_quarantine_sift(struct shb_zone *z, u32 i, int order)
{
	return unlikely(test_bit(SHB_ZONE_POISONED, &z->flags)) &&
	       shb_quarantine_take_apart(z, i, order);
}

#endif
