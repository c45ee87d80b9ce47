// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user's policy is asked, and what it says is looked at before anything is done:
 *
 *     question --> rule --> can it be?  -- yes --> its answer
 *                             |  no: refused, counted
 *                             v
 *                           as the base profile says
 *
 * So lists and counts stay whole whatever a policy answers. It is asked where the profile's own
 * rules would decide, under the same locks. What rules may look at is in view.c.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "fallback.h"
#include "host.h"
#include "own.h"
#include "policy.h"
#include "request.h"
#include "zones.h"

#define REFILL_MAX	2048	/* blocks */

/**
 * shb_own_create() - what a zone keeps for a policy
 * @z: zone with its sizes in place
 * @own: out
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int shb_own_create(struct shb_zone *z, const struct shb_policy *policy, struct shb_own **own)
{
	const struct shb_host *host = z->state->host;
	size_t blocks = max(z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER, 1U);
	struct shb_own *o = host->alloc(sizeof(*o) + policy->zone_bytes, z->nid);

	if (!o)
		return -ENOMEM;
	o->policy = policy;
	o->generation = ~0ULL;
	o->free = host->alloc(blocks * sizeof(*o->free), z->nid);
	if (!o->free) {
		host->free(o);
		return -ENOMEM;
	}
	*own = o;
	return 0;
}

/**
 * shb_own_destroy() - free it
 * @own: may be NULL
 */
void shb_own_destroy(const struct shb_host *host, struct shb_own *own)
{
	if (!own)
		return;
	host->free(own->free);
	host->free(own);
}

/* The base profile, for what the policy leaves to it. */
static const struct shb_rules *base_of(const struct shb_zone *z)
{
	return &z->state->profile->base->rules;
}

static void count(const struct shb_zone *z, enum shb_question what, enum shb_answer answer)
{
	atomic_long_inc(&z->state->answers[what][answer]);
}

static void refuse(const struct shb_zone *z, enum shb_question what)
{
	count(z, what, SHB_ANSWER_REFUSED);
	atomic_long_inc(&z->state->events[SHB_BAD_PROPOSAL]);
}

/* A number of the policy's, if it is within its limits; else what the base has. */
static int checked(const struct shb_zone *z, enum shb_question what, int answer, int base, int least,
		   int most)
{
	if (answer < least || answer > most) {
		refuse(z, what);
		return base;
	}
	count(z, what, answer == base ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return answer;
}

/* --- blocks ------------------------------------------------------------------------------------- */

static bool fits(const struct shb_zone *z, u32 i, int order, int type)
{
	return i < z->extent.nr_frames && z->frames[i].state == SHB_FRAME_FREE &&
	       z->frames[i].order >= order && z->frames[i].type == type;
}

/**
 * shb_own_pick() - the block of its own type a request gets
 * @type: below SHB_PCPTYPES
 *
 * Context: holds z->lock.
 * Return: head of a free block on a list of @type, of @order or more; SHB_NONE: as the base does.
 */
u32 shb_own_pick(struct shb_zone *z, int order, int type, int cpu)
{
	const struct shb_policy *p = z->own->policy;
	u32 i;

	lockdep_assert_held(&z->lock);
	if (!p->pick || !(z->buddy.orders[type] >> order))
		return SHB_NONE;
	i = p->pick(z, order, type, cpu);
	if (i != SHB_POLICY_NONE && !fits(z, i, order, type)) {
		refuse(z, SHB_ASK_PICK);
		return SHB_NONE;
	}
	count(z, SHB_ASK_PICK, i == SHB_POLICY_NONE ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return i;
}

/**
 * shb_own_merges() - may a block become one with its buddy, which is free and alike?
 * @i: block
 *
 * Context: holds z->lock.
 */
bool shb_own_merges(struct shb_zone *z, u32 i, int order)
{
	const struct shb_policy *p = z->own->policy;
	bool yes;

	if (!p->merge)
		return true;
	yes = p->merge(z, i, order);
	count(z, SHB_ASK_MERGE, yes ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return yes;
}

bool shb_own_parts(const struct shb_zone *z)
{
	return z->own && z->own->policy->merge;
}

/**
 * shb_own_to_tail() - does a block go to the tail of its list, or to the head?
 * @tail: what the base says
 *
 * Context: holds z->lock.
 */
bool shb_own_to_tail(struct shb_zone *z, u32 i, int order, int type, bool tail)
{
	const struct shb_policy *p = z->own->policy;
	enum shb_policy_place place;

	if (!p->place || type >= SHB_PCPTYPES)
		return tail;
	place = p->place(z, i, order, type);
	if (place == SHB_POLICY_HEAD || place == SHB_POLICY_TAIL) {
		count(z, SHB_ASK_PLACE, SHB_ANSWER_OWN);
		return place == SHB_POLICY_TAIL;
	}
	if (place == SHB_POLICY_ANYWHERE)
		count(z, SHB_ASK_PLACE, SHB_ANSWER_BASE);
	else
		refuse(z, SHB_ASK_PLACE);
	return tail;
}

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
		count(z, SHB_ASK_FALLBACK, SHB_ANSWER_OWN);
		return true;
	}
	if (answer == SHB_POLICY_AS_BASE)
		count(z, SHB_ASK_FALLBACK, SHB_ANSWER_BASE);
	else
		refuse(z, SHB_ASK_FALLBACK);
	return false;
}

/**
 * shb_own_propose() - which block of another type: the policy's answer, or the base's
 *
 * The rule propose of a policy's profile; see shb_search.
 *
 * Context: holds z->lock.
 * Return: there is one.
 */
bool shb_own_propose(const struct shb_zone *zone, struct shb_search *q, struct shb_proposal *p)
{
	struct shb_zone *z = (struct shb_zone *)zone;
	bool found;

	if (z->own->policy->fallback && q->attempt < SHB_OWN_ATTEMPTS) {
		if (own_answer(z, q, p, &found))
			return found;
		q->attempt = SHB_OWN_ATTEMPTS;
	}
	return base_of(z)->buddy->propose(z, q, p);
}

/* --- per-cpu lists -------------------------------------------------------------------------------- */

static int cpu_of(const struct shb_zone *z, const struct shb_pcp *pcp)
{
	return pcp - z->pcps;
}

/**
 * shb_own_high() - pages a cpu may keep
 * @high: as the base has it
 *
 * Context: holds state->tune_lock.
 */
int shb_own_high(const struct shb_zone *z, int high)
{
	const struct shb_policy *p = z->own->policy;

	return p->high ? checked(z, SHB_ASK_HIGH, p->high(z, high), high, 0, INT_MAX / 2) : high;
}

/**
 * shb_own_refill() - blocks of a refill; the rule of a policy's profile
 *
 * Context: owns @pcp.
 */
int shb_own_refill(struct shb_zone *z, struct shb_pcp *pcp, int order)
{
	const struct shb_policy *p = z->own->policy;
	int base = base_of(z)->pcp->refill(z, pcp, order);

	if (!p->refill)
		return base;
	return checked(z, SHB_ASK_REFILL, p->refill(z, cpu_of(z, pcp), order, base), base, 1,
		       REFILL_MAX);
}

/**
 * shb_own_excess() - what a free gives back; the rule of a policy's profile
 *
 * Context: owns @pcp.
 */
int shb_own_excess(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	const struct shb_policy *p = z->own->policy;
	int base = base_of(z)->pcp->excess(z, pcp, free_high);

	if (!p->excess)
		return base;
	return checked(z, SHB_ASK_EXCESS, p->excess(z, cpu_of(z, pcp), base), base, -1,
		       max(pcp->count, base));
}

/* --- zones ---------------------------------------------------------------------------------------- */

/**
 * shb_own_first() - the zone a request asks first
 * @r: request of a state whose policy has a say in it
 *
 * Context: any but NMI.
 * Return: a zone of the request's list, or NULL: the base's order.
 */
struct shb_zone *shb_own_first(struct shb_state *s, const struct shb_request *r)
{
	const struct shb_policy *p = s->profile->policy;
	struct shb_policy_request q = {
		.order = r->order, .type = r->type, .cpu = r->cpu, .nid = r->nid,
		.gfp = (__force unsigned int)r->gfp,
	};
	struct shb_zone **pos, *best = NULL;
	int number, lowest = 0;

	for (pos = r->preferred; *pos; pos = shb_zonelist_next(pos, r->highest, r->nodemask)) {
		number = p->first(*pos, &q);
		if (best && number >= lowest)
			continue;
		best = *pos;
		lowest = number;
	}
	count(*r->preferred, SHB_ASK_FIRST, best == *r->preferred ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return best == *r->preferred ? NULL : best;
}
