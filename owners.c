// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has the blocks that are out, by caller and order. A frame keeps the low half of the
 * address of whoever took or gave its block last; the high half is that of all code.
 */
#include <linux/printk.h>
#include <linux/sched.h>

#include "owners.h"

#define OWNERS	32	/* lines of a report; what does not fit is summed up */

struct holding {
	u32		owner;
	int		order;
	unsigned long	blocks;
};

/**
 * shb_owner_address() - the address a frame's owner stands for
 * @owner: low half; 0 is nobody
 *
 * Return: for %pS.
 */
void *shb_owner_address(u32 owner)
{
	if (!owner)
		return NULL;
	return (void *)(((unsigned long)shb_owner_address & ~0xffffffffUL) | owner);
}

static bool count_block(struct holding *h, int *nr, const struct shb_frame *f)
{
	int k;

	for (k = 0; k < *nr; k++)
		if (h[k].owner == f->owner && h[k].order == f->order)
			break;
	if (k == OWNERS)
		return false;
	if (k == *nr)
		h[(*nr)++] = (struct holding){ .owner = f->owner, .order = f->order };
	h[k].blocks++;
	return true;
}

/**
 * shb_owners_report() - log who never freed what
 * @s: state that nobody uses any more
 *
 * A line for each caller and order, the first ones found.
 *
 * Context: process context.
 * Return: pages that are handed out.
 */
unsigned long shb_owners_report(const struct shb_state *s)
{
	struct holding h[OWNERS];
	unsigned long pages = 0, others = 0;
	struct shb_zone *z;
	int n, nr = 0;
	u32 i;

	shb_for_each_zone(s, z, n) {
		for (i = 0; i < z->extent.nr_frames; i += 1U << z->frames[i].order) {
			if (!(i & (SHB_GRANULE_PAGES - 1)))
				cond_resched();
			if (z->frames[i].state != SHB_FRAME_USED)
				continue;
			pages += 1UL << z->frames[i].order;
			others += !count_block(h, &nr, &z->frames[i]);
		}
	}
	for (n = 0; n < nr; n++)
		pr_warn("never freed: %lu blocks of order %d from %pS\n", h[n].blocks, h[n].order,
			shb_owner_address(h[n].owner));
	if (others)
		pr_warn("never freed: %lu more blocks from others\n", others);
	return pages;
}
