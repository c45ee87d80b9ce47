// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does placing by address keep more huge blocks than Linux's lists do?
 *
 * A request gets the lowest block that fits, not the one that was freed last. Zones fill up from
 * below, so that what is left free is left at the top:
 *
 *     Linux   |##-#|-###|#-##|##--|      lowest   |####|####|##--|----|
 */
#include "policy.h"

static u32 pick(struct shb_zone *z, int order, int type, int cpu)
{
	return shb_policy_next(z, 0, shb_policy_pages(z), order, type);
}

static struct shb_policy lowest = {
	.name		= "lowest",
	.base		= "linux-6.12",
	.question	= "does placing by address keep more huge blocks than Linux's lists?",
	.pick		= pick,
};
shb_policy_module(lowest);
