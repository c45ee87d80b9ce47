// SPDX-License-Identifier: GPL-2.0-only
/*
 * A state in use decides by another profile from here on.
 *
 *     mine --leave--> linux-6.12 --change--> linux-7.2 --enter--> yours
 *          (its base)            (all free)            (its base)
 *
 * A policy is only who is asked: it may come and go while pages are out. Another release needs all
 * memory free, and begins as a state that was built with it.
 *
 * No request begins meanwhile; frees go on. Whoever allocates or frees stays on its cpu until it is
 * done, and then every cpu is visited in process context: that is the grace period. Rules go before
 * what they ask, and what they ask comes before them. Readers of files hold s->becoming, and
 * tunables s->tune_lock.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "become.h"
#include "drain.h"
#include "full.h"
#include "own.h"
#include "quarantine.h"
#include "state.h"
#include "tune.h"
#include "zonelist.h"

static const struct shb_profile *base_of(const struct shb_profile *p)
{
	return p->base ?: p;
}

/* A cpu that is down is visited from here, so none can be missed. */
static void grace(struct shb_state *s)
{
	WARN_ON_ONCE(shb_drain_visit(s));
}

/* --- what zones keep for a policy, by zone ----------------------------------------------------- */

static void destroy_own(struct shb_state *s, struct shb_own **own)
{
	int n;

	for (n = 0; own && n < s->nr_zones; n++)
		shb_own_destroy(s->host, own[n]);
	kfree(own);
}

static struct shb_own **create_own(struct shb_state *s, const struct shb_profile *profile)
{
	struct shb_own **own = kcalloc(s->nr_zones + 1, sizeof(*own), GFP_KERNEL);
	struct shb_zone *z;
	int n;

	if (!own)
		return NULL;
	shb_for_each_zone(s, z, n) {
		if (!profile->policy || !shb_own_create(z, profile, &own[n]))
			continue;
		destroy_own(s, own);
		return NULL;
	}
	return own;
}

/* Whom zones ask from here on; @own: out, whom they asked. */
static void swap_own(struct shb_state *s, struct shb_own **own)
{
	struct shb_zone *z;
	struct shb_own *before;
	unsigned long irq;
	int n;

	mutex_lock(&s->tune_lock);	/* sizes of per-cpu lists are asked for under it */
	shb_for_each_zone(s, z, n) {
		raw_spin_lock_irqsave(&z->lock, irq);
		before = z->own;
		z->own = own[n];
		own[n] = before;
		shb_zone_set_rules(z);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	mutex_unlock(&s->tune_lock);
}

/* --- rules --------------------------------------------------------------------------------------- */

static void set_rules(struct shb_state *s, const struct shb_profile *profile)
{
	struct shb_zone *z;
	unsigned long irq;
	int n;

	lockdep_assert_held(&s->tune_lock);
	shb_state_set_profile(s, profile);
	shb_for_each_zone(s, z, n) {
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_zone_set_rules(z);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
}

static void change_rules(struct shb_state *s, const struct shb_profile *profile)
{
	mutex_lock(&s->tune_lock);
	set_rules(s, profile);
	mutex_unlock(&s->tune_lock);
}

/* The base decides alone. @own: out, what zones kept for the policy, if there was one. */
static void leave(struct shb_state *s, struct shb_own **own)
{
	if (!s->profile->policy)
		return;
	change_rules(s, base_of(s->profile));
	grace(s);			/* nobody is in a rule that asks */
	swap_own(s, own);
	shb_tune_renew_lists(s);
}

static void enter(struct shb_state *s, const struct shb_profile *profile, struct shb_own **own)
{
	if (!profile->policy)
		return;
	swap_own(s, own);
	grace(s);			/* nobody who asks finds nobody */
	change_rules(s, profile);
	shb_tune_renew_lists(s);
}

/* Pages that are out cannot become more; those in quarantine can, at any moment. */
static bool is_empty(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	if (shb_state_used_pages(s))
		return false;
	shb_for_each_zone(s, z, n)
		if (shb_quarantine_pages(z))
			return false;
	return true;
}

static int build_lists(struct shb_state *s)
{
	shb_full_forget(s);
	return shb_zonelist_build(s);
}

/* The order of nodes is the first thing that follows, and the only one that needs memory. */
static int reorder(struct shb_state *s, const struct shb_profile *base)
{
	const struct shb_profile *before = s->profile;
	int err;

	set_rules(s, base);
	err = build_lists(s);
	if (err)
		set_rules(s, before);
	return err;
}

/* What changes a zone meanwhile, as broken memory does, ends it: then all decides as before. */
static int begin_anew(struct shb_state *s, const struct shb_profile *base)
{
	const struct shb_profile *before = s->profile;
	int order, err;

	mutex_lock(&s->tune_lock);
	order = s->tune.numa_zonelist_order;
	s->tune.numa_zonelist_order = SHB_ORDER_DEFAULT;
	err = reorder(s, base);
	if (!err) {
		err = shb_state_reset_zones(s);
		s->tune.numa_zonelist_order = err ? order : SHB_ORDER_DEFAULT;
		if (err && reorder(s, before)) {
			pr_warn("no memory for the order of nodes: it is that of %s\n", base->name);
			set_rules(s, before);
		}
	} else {
		s->tune.numa_zonelist_order = order;
	}
	mutex_unlock(&s->tune_lock);
	return err;
}

static int change_base(struct shb_state *s, const struct shb_profile *base)
{
	int err;

	WARN_ON_ONCE(shb_drain(s, SHB_EVERY_CPU, NULL));
	if (!is_empty(s))
		return -EBUSY;
	WARN_ON_ONCE(shb_drain(s, SHB_EVERY_CPU, NULL));	/* whoever gave back the last page is done */
	err = begin_anew(s, base);
	if (err)
		shb_tune_renew(s);	/* what some zones have been reset to */
	else
		shb_tune_init(s, s->tune_at_start.transparent_hugepage);
	WARN_ON_ONCE(shb_drain_reset_lists(s));
	return err;
}

/* By base or by policy. @own: what zones are to keep for @profile's; out: what is to be freed. */
static int change(struct shb_state *s, const struct shb_profile *profile, struct shb_own **own,
		  struct shb_own **left)
{
	const struct shb_profile *before = s->profile;
	int err = 0;

	leave(s, left);
	if (base_of(profile) != s->profile)
		err = change_base(s, base_of(profile));
	if (err) {
		enter(s, before, left);
		return err;
	}
	shb_own_forget_answers(s);
	enter(s, profile, own);
	return 0;
}

/**
 * shb_become() - decide by another profile from here on
 * @s: state that does not boot
 * @profile: with a reference of the caller's; the state takes one of its own
 *
 * A policy over the same release is asked, or no longer; nothing else changes but the sizes of
 * per-cpu lists. With another release free lists, types, marks and tunables are afterwards as in
 * a state that was built with it; no page may be out or in quarantine. Counters go on, those of
 * answers begin anew. Requests fail while it lasts.
 *
 * Context: process context, sleeps; one at a time.
 * Return: 0; -EBUSY when pages are out, or memory broke meanwhile: then free lists and types may
 * have been reset; -EINVAL for a state that boots; -ENOMEM. In all of these it decides as before.
 */
int shb_become(struct shb_state *s, const struct shb_profile *profile)
{
	const struct shb_profile *before = s->profile;
	struct shb_own **own, **left;
	int err = -ENOMEM;

	if (s->release)
		return -EINVAL;
	if (profile == s->profile)
		return 0;
	own = create_own(s, profile);
	left = create_own(s, base_of(profile));
	shb_profile_hold(profile);
	if (own && left) {
		down_write(&s->becoming);
		shb_state_close(s);
		grace(s);
		err = change(s, profile, own, left);
		shb_state_open(s);
		up_write(&s->becoming);
	}
	grace(s);			/* nobody looks at what was left */
	shb_profile_drop(err ? profile : before);
	destroy_own(s, own);
	destroy_own(s, left);
	return err;
}

/* --- the order of zones ----------------------------------------------------------------------- */

/* As rules, it changes while nobody asks. Without memory for that the tunable says what there is. */
static int build_anew(struct shb_state *s)
{
	int err = 0;

	down_write(&s->becoming);
	shb_state_close(s);
	grace(s);
	mutex_lock(&s->tune_lock);
	if (!shb_zonelist_is_current(s))
		err = build_lists(s);
	if (err)
		s->tune.numa_zonelist_order = s->by_zone ? SHB_ORDER_ZONE : SHB_ORDER_NODE;
	mutex_unlock(&s->tune_lock);
	shb_state_open(s);
	up_write(&s->becoming);
	return err;
}

/* Whoever wrote last looks last. */
static int follow_order(struct shb_state *s)
{
	bool current_order;

	mutex_lock(&s->tune_lock);
	current_order = shb_zonelist_is_current(s);
	mutex_unlock(&s->tune_lock);
	return current_order ? 0 : build_anew(s);
}

/**
 * shb_become_tuned() - set a tunable, and what follows from it beyond marks and sizes
 *
 * shb_tune_write(); where the order of zones is another, numa_zonelist_order_handler(). Requests
 * fail while lists are built.
 *
 * Context: process context, sleeps.
 * Return: 0, -EINVAL with @error, -ENOMEM.
 */
int shb_become_tuned(struct shb_state *s, int knob, const char *text, char *error)
{
	return shb_tune_write(s, knob, text, error) ?: follow_order(s);
}

/**
 * shb_become_reset() - back to the state after it was built, the order of zones, too
 *
 * Context: as shb_become_tuned().
 * Return: 0, -EBUSY as shb_drain_reset(), -ENOMEM.
 */
int shb_become_reset(struct shb_state *s)
{
	int err = shb_drain_reset(s);

	return follow_order(s) ?: err;
}
