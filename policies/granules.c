// SPDX-License-Identifier: GPL-2.0-only
/*
 * What does it cost to keep what can be moved and what cannot apart by 4 MiB instead of by 2?
 *
 * Linux lets a request that runs dry claim the pageblock with the largest free block, wherever that
 * is. Here a claim first completes a granule, two pageblocks side by side, that is ours by half:
 *
 *     | mov. ours | mov. mov. |      the first: its other half becomes ours, too
 *
 * Then it may begin a granule that is free as a whole; what is left is Linux's to decide.
 */
#include "policy.h"

#define BLOCK	SHB_POLICY_BLOCK_PAGES

/* A pageblock of another type, half free at least, whose other half of the granule is ours. */
static bool completes(struct shb_zone *z, u32 page, int type)
{
	int own = shb_policy_block_type(z, page);

	return own != type && own <= SHB_POLICY_RECLAIMABLE &&
	       shb_policy_block_type(z, page ^ BLOCK) == type &&
	       shb_policy_block_free(z, page) >= BLOCK / 2;
}

/* Its largest free block; a claim takes all the others with it. */
static u32 largest(struct shb_zone *z, u32 page, int order)
{
	int type = shb_policy_block_type(z, page), o;
	u32 found = SHB_POLICY_NONE;

	for (o = 9; o >= order && found == SHB_POLICY_NONE; o--)
		found = shb_policy_next(z, page, page + BLOCK, o, type);
	return found;
}

/* Any granule that is free as a whole. */
static u32 whole(const struct shb_zone *z, int type)
{
	u32 found = SHB_POLICY_NONE;
	int other;

	for (other = 0; other <= SHB_POLICY_RECLAIMABLE && found == SHB_POLICY_NONE; other++)
		if (other != type)
			found = shb_policy_list(z, 10, other);
	return found;
}

static enum shb_policy_fallback fallback(struct shb_zone *z, const struct shb_policy_search *q,
					 u32 *block)
{
	u32 page;

	if (q->attempt)
		return SHB_POLICY_AS_BASE;
	*block = SHB_POLICY_NONE;
	for (page = 0; page < shb_policy_pages(z) && *block == SHB_POLICY_NONE; page += BLOCK)
		if (completes(z, page, q->type))
			*block = largest(z, page, q->order);
	if (*block == SHB_POLICY_NONE)
		*block = whole(z, q->type);
	return *block == SHB_POLICY_NONE ? SHB_POLICY_AS_BASE : SHB_POLICY_CLAIM;
}

static struct shb_policy granules = {
	.name		= "granules",
	.base		= "linux-6.12",
	.question	= "what if movable and unmovable memory were kept apart by 4 MiB?",
	.fallback	= fallback,
};
shb_policy_module(granules);
