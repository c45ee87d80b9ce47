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
 * rules would decide, under the same locks; by rules of its profile's, which are in
 * profiles/asking.c, or from here. What it may look at is in view.c.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "host.h"
#include "own.h"
#include "policy.h"
#include "request.h"

/**
 * shb_own_create() - what a zone keeps for a policy
 * @z: zone with its sizes in place
 * @profile: the policy's
 * @own: out
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int shb_own_create(struct shb_zone *z, const struct shb_profile *profile, struct shb_own **own)
{
	const struct shb_host *host = z->state->host;
	size_t blocks = max(z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER, 1U);
	struct shb_own *o = host->alloc(sizeof(*o) + profile->policy->zone_bytes, z->nid);

	if (!o)
		return -ENOMEM;
	o->policy = profile->policy;
	o->base = &profile->base->rules;
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

/**
 * shb_own_forget_answers() - another is asked from here on
 *
 * Context: process context.
 */
void shb_own_forget_answers(struct shb_state *s)
{
	int q, a;

	for (q = 0; q < SHB_NR_QUESTIONS; q++)
		for (a = 0; a < SHB_NR_ANSWERS; a++)
			atomic_long_set(&s->answers[q][a], 0);
	s->bad_before = atomic_long_read(&s->events[SHB_BAD_PROPOSAL]);
}

/**
 * shb_own_note() - what has come of a question
 *
 * Context: any.
 */
void shb_own_note(const struct shb_zone *z, enum shb_question what, enum shb_answer answer)
{
	atomic_long_inc(&z->state->answers[what][answer]);
}

/**
 * shb_own_refuse() - an answer cannot be
 * @answer: it, for whoever looks for the reason
 *
 * Context: any.
 */
void shb_own_refuse(const struct shb_zone *z, enum shb_question what, long answer)
{
	shb_own_note(z, what, SHB_ANSWER_REFUSED);
	WRITE_ONCE(z->state->last_refused[what], answer);
	atomic_long_inc(&z->state->events[SHB_BAD_PROPOSAL]);
}

/**
 * shb_own_number() - a number of the policy's, if it is within its limits
 * @base: what the base has
 *
 * Context: any.
 * Return: @answer or @base.
 */
int shb_own_number(const struct shb_zone *z, enum shb_question what, int answer, int base, int least,
		   int most)
{
	bool possible = answer >= least && answer <= most;

	if (!possible)
		shb_own_refuse(z, what, answer);
	else
		shb_own_note(z, what, answer == base ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return possible ? answer : base;
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
		shb_own_refuse(z, SHB_ASK_PICK, i);
		return SHB_NONE;
	}
	shb_own_note(z, SHB_ASK_PICK, i == SHB_POLICY_NONE ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return i;
}

/**
 * shb_own_asks_back() - has the policy a say in what comes back?
 *
 * Context: holds z->lock.
 */
bool shb_own_asks_back(const struct shb_zone *z)
{
	return z->own->policy->merge || z->own->policy->place;
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
	z->apart = true;
	yes = p->merge(z, i, order);
	shb_own_note(z, SHB_ASK_MERGE, yes ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return yes;
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
		shb_own_note(z, SHB_ASK_PLACE, SHB_ANSWER_OWN);
		return place == SHB_POLICY_TAIL;
	}
	if (place == SHB_POLICY_ANYWHERE)
		shb_own_note(z, SHB_ASK_PLACE, SHB_ANSWER_BASE);
	else
		shb_own_refuse(z, SHB_ASK_PLACE, place);
	return tail;
}

/* --- sizes and zones ------------------------------------------------------------------------- */

/**
 * shb_own_high() - pages a cpu may keep
 * @high: as the base has it
 * @batch: of the lists: releases take it for granted that more may stay than that
 *
 * Context: holds state->tune_lock.
 */
int shb_own_high(const struct shb_zone *z, int high, int batch)
{
	const struct shb_policy *p = z->own->policy;

	if (p->high)
		high = shb_own_number(z, SHB_ASK_HIGH, p->high(z, high), high, 0, INT_MAX / 2);
	return high == batch ? batch + 1 : high;
}

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
	shb_own_note(*r->preferred, SHB_ASK_FIRST, best == *r->preferred ? SHB_ANSWER_BASE : SHB_ANSWER_OWN);
	return best == *r->preferred ? NULL : best;
}
