// SPDX-License-Identifier: GPL-2.0-only
/*
 * A state in use decides by another profile from here on, as if it had been built with it.
 *
 *     close --> drain --> nothing out? --> drain --> rules --> reset --> open
 *       |         |                          |
 *       |         +- whoever came before has left its cpu, and is done
 *       +- no request begins any more              +- so is whoever gave back the last page
 *
 * Whoever allocates or frees stays on its cpu until it is done, and a drain visits every cpu in
 * process context: that is the grace period. Readers of files hold s->becoming. Without pages out
 * nobody has anything to free; what is freed all the same is refused at the first look at its frame.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "become.h"
#include "drain.h"
#include "own.h"
#include "quarantine.h"
#include "state.h"
#include "tune.h"
#include "zonelist.h"

/* What the zones keep for a policy, by zone; all NULL for a release. */
static int create_own(struct shb_state *s, const struct shb_profile *profile, struct shb_own **own)
{
	struct shb_zone *z;
	int n, err = 0;

	shb_for_each_zone(s, z, n)
		if (profile->policy && !err)
			err = shb_own_create(z, profile->policy, &own[n]);
	return err;
}

static void destroy_own(struct shb_state *s, struct shb_own **own)
{
	int n;

	for (n = 0; n < s->nr_zones; n++)
		shb_own_destroy(s->host, own[n]);
	kfree(own);
}

static bool is_empty(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		if (shb_quarantine_pages(z))
			return false;
	return !shb_state_used_pages(s);
}

/* Nobody asks, and nobody has anything to give back. */
static int settle(struct shb_state *s)
{
	int err = shb_drain(s, SHB_EVERY_CPU, NULL);

	if (!err && !is_empty(s))
		err = -EBUSY;
	return err ?: shb_drain(s, SHB_EVERY_CPU, NULL);
}

/* @own: of the zones from here on; out: what they kept. */
static void swap_rules(struct shb_state *s, const struct shb_profile *profile, struct shb_own **own)
{
	struct shb_zone *z;
	unsigned long irq;
	int n;

	mutex_lock(&s->tune_lock);
	shb_state_set_profile(s, profile);
	shb_for_each_zone(s, z, n) {
		raw_spin_lock_irqsave(&z->lock, irq);
		swap(z->own, own[n]);
		shb_zone_set_rules(z);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	mutex_unlock(&s->tune_lock);
}

/* The order of nodes is the first thing that follows; without memory for that all is as it was. */
static int change(struct shb_state *s, const struct shb_profile *profile, struct shb_own **own)
{
	const struct shb_profile *before = s->profile;
	int err;

	swap_rules(s, profile, own);
	err = shb_zonelist_build(s);
	if (err) {
		swap_rules(s, before, own);
		return err;
	}
	err = shb_drain_reset(s);
	shb_tune_init(s, s->tune_at_start.transparent_hugepage);
	return err;
}

/**
 * shb_become() - decide by another profile from here on
 * @s: state without pages out or in quarantine, and not one that boots
 * @profile: with a reference of the caller's; the state takes one of its own
 *
 * Free lists, types, marks and tunables are afterwards as in a state that was built with it;
 * counters go on. Requests fail while it lasts.
 *
 * Context: process context, sleeps; one at a time.
 * Return: 0; -EBUSY when pages are out, -EINVAL for a state that boots, -ENOMEM, or -errno of a
 * cpu that could not be visited: nothing has changed.
 */
int shb_become(struct shb_state *s, const struct shb_profile *profile)
{
	const struct shb_profile *before = s->profile;
	struct shb_own **own;
	int err;

	if (s->release)
		return -EINVAL;
	own = kcalloc(s->nr_zones + 1, sizeof(*own), GFP_KERNEL);
	if (!own)
		return -ENOMEM;
	down_write(&s->becoming);
	shb_state_close(s);
	err = create_own(s, profile, own) ?: settle(s) ?: change(s, profile, own);
	shb_state_open(s);
	if (!err) {
		shb_profile_hold(profile);
		shb_drain(s, SHB_EVERY_CPU, NULL);	/* whoever was refused has looked at the old rules */
		shb_profile_drop(before);
	}
	up_write(&s->becoming);
	destroy_own(s, own);
	return err;
}
