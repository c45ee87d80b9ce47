// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does memory that has aged come together again?
 *
 * After LLFree: each cpu works on one pageblock at a time, of its own, until nothing in it fits;
 * the next one is the fullest that has room. So full pageblocks are filled up, and those that
 * happen to run empty stay so. No cpu keeps pages on lists: its pageblock is what it keeps.
 */
#include "policy.h"

#define BLOCK	SHB_POLICY_BLOCK_PAGES
#define CPUS	64		/* with numbers above, cpus share */
#define TYPES	3

/* By cpu and type: the pageblock in use, its first page + 1; 0: none. */
struct reservations {
	u32 block[CPUS][TYPES];
};

static bool is_taken(const struct reservations *r, u32 page)
{
	int k;

	for (k = 0; k < CPUS * TYPES; k++)
		if (r->block[k / TYPES][k % TYPES] == page + 1)
			return true;
	return false;
}

/* The fullest pageblock with a block of the order and type that nobody else works on. */
static u32 fullest(struct shb_zone *z, const struct reservations *r, int order, int type)
{
	unsigned int least = BLOCK + 1, free;
	u32 page, best = SHB_POLICY_NONE;

	for (page = 0; page < shb_policy_pages(z); page += BLOCK) {
		free = shb_policy_block_free(z, page);
		if (free < 1U << order || free >= least || shb_policy_block_type(z, page) != type ||
		    is_taken(r, page) ||
		    shb_policy_next(z, page, page + BLOCK, order, type) == SHB_POLICY_NONE)
			continue;
		least = free;
		best = page;
	}
	return best;
}

static u32 pick(struct shb_zone *z, int order, int type, int cpu)
{
	struct reservations *r = shb_policy_data(z);
	u32 *mine = &r->block[cpu % CPUS][type], found = SHB_POLICY_NONE;

	if (order >= 9)
		return SHB_POLICY_NONE;
	if (*mine)
		found = shb_policy_next(z, *mine - 1, *mine - 1 + BLOCK, order, type);
	if (found != SHB_POLICY_NONE)
		return found;
	found = fullest(z, r, order, type);
	if (found == SHB_POLICY_NONE)
		return SHB_POLICY_NONE;
	*mine = found + 1;
	return shb_policy_next(z, found, found + BLOCK, order, type);
}

static int no_lists(const struct shb_zone *z, int base)
{
	return 0;
}

static struct shb_policy fullest_first = {
	.name		= "fullest",
	.base		= "linux-6.12",
	.question	= "does memory that has aged come together again, as with LLFree?",
	.zone_bytes	= sizeof(struct reservations),
	.pick		= pick,
	.high		= no_lists,
};
shb_policy_module(fullest_first);
