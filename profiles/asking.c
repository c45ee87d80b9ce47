// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of a policy's profile: they ask the policy and look at what it says (own.c); where that
 * cannot be, or it says so, the base's own rule decides.
 */
#include <linux/minmax.h>

#include "fallback.h"
#include "own.h"
#include "policy.h"
#include "profiles/asking.h"

#define REFILL_MAX	2048	/* pages */

/* --- other types -------------------------------------------------------------------------------- */

static enum shb_policy_fallback ask_fallback(struct shb_zone *z, const struct shb_search *q, u32 *i)
{
	struct shb_policy_search search = {
		.order = q->order, .type = q->type, .cpu = q->cpu, .attempt = q->attempt,
		.nofragment = q->flags & SHB_ALLOC_NOFRAGMENT,
	};

	*i = SHB_POLICY_NONE;
	return z->own->policy->fallback(z, &search, i);
}

/* A claim is of pageblocks that anybody may have. */
static bool may_claim(const struct shb_zone *z, u32 i)
{
	return shb_type_mergeable(shb_block_type(z, i)) &&
	       shb_type_mergeable(shb_block_type(z, i + (1U << z->frames[i].order) - 1));
}

static bool is_possible(const struct shb_zone *z, const struct shb_search *q,
			const struct shb_proposal *p)
{
	return shb_fallback_can_be(z, q, p) && (p->act == SHB_STEAL || may_claim(z, p->block));
}

/* Return: the search is over, one way or the other: *@found. */
static bool own_answer(struct shb_zone *z, struct shb_search *q, struct shb_proposal *p, bool *found)
{
	enum shb_policy_fallback answer = ask_fallback(z, q, &p->block);

	q->attempt++;
	*found = answer == SHB_POLICY_CLAIM || answer == SHB_POLICY_STEAL;
	p->act = answer == SHB_POLICY_CLAIM ? SHB_CLAIM : SHB_STEAL;
	if (*found ? is_possible(z, q, p) : answer == SHB_POLICY_FAIL) {
		shb_own_note(z, SHB_ASK_FALLBACK, SHB_ANSWER_OWN);
		return true;
	}
	if (answer == SHB_POLICY_AS_BASE)
		shb_own_note(z, SHB_ASK_FALLBACK, SHB_ANSWER_BASE);
	else
		shb_own_refuse(z, SHB_ASK_FALLBACK, p->block);
	return false;
}

/**
 * shb_asking_propose() - which block of another type: the policy's answer, or the base's
 *
 * The rule propose of a policy's profile; see shb_search.
 *
 * Context: holds z->lock.
 * Return: there is one.
 */
bool shb_asking_propose(const struct shb_zone *zone, struct shb_search *q, struct shb_proposal *p)
{
	struct shb_zone *z = (struct shb_zone *)zone;
	bool found;

	if (z->own->policy->fallback && q->attempt < SHB_OWN_ATTEMPTS) {
		if (own_answer(z, q, p, &found))
			return found;
		q->attempt = SHB_OWN_ATTEMPTS;
	}
	return z->own->base->buddy->propose(z, q, p);
}

/* --- per-cpu lists -------------------------------------------------------------------------------- */

static int cpu_of(const struct shb_zone *z, const struct shb_pcp *pcp)
{
	return pcp - z->pcps;
}

/**
 * shb_asking_refill() - blocks of a refill; the rule of a policy's profile
 *
 * Context: owns @pcp.
 */
int shb_asking_refill(struct shb_zone *z, struct shb_pcp *pcp, int order)
{
	const struct shb_policy *p = z->own->policy;
	int base = z->own->base->pcp->refill(z, pcp, order);

	if (!p->refill)
		return base;
	return shb_own_number(z, SHB_ASK_REFILL, p->refill(z, cpu_of(z, pcp), order, base), base, 1,
		       max(REFILL_MAX >> order, 1));
}

/**
 * shb_asking_excess() - what a free gives back; the rule of a policy's profile
 *
 * Context: owns @pcp.
 */
int shb_asking_excess(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	const struct shb_policy *p = z->own->policy;
	int base = z->own->base->pcp->excess(z, pcp, free_high);

	if (!p->excess)
		return base;
	return shb_own_number(z, SHB_ASK_EXCESS, p->excess(z, cpu_of(z, pcp), base), base, -1,
		       max(pcp->count, base));
}
