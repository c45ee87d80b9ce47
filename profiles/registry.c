// SPDX-License-Identifier: GPL-2.0-only
/*
 * Profiles by name, the users' own among them. A policy becomes a profile: the rooms of its base,
 * two of them copied, with rules that ask the policy (asking.c).
 *
 *     mine = linux-6.12   .buddy .pcp   copies that ask    .gate .marks .walk .slow .boot .compact   the base's
 *
 * Whoever has a profile by name has a reference on the module behind it.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "names.h"
#include "policy.h"
#include "profiles/asking.h"
#include "profiles/profiles.h"

#define ZONE_BYTES_MAX	(16UL << 20)

struct own_profile {
	struct list_head	link;
	struct shb_profile	profile;
	struct shb_buddy_rules	buddy;
	struct shb_pcp_rules	pcp;
};

static DEFINE_MUTEX(lock);	/* of the list */
static LIST_HEAD(own_profiles);	/* in the order they came */

static struct own_profile *find_own(const char *name)
{
	struct own_profile *o;

	list_for_each_entry(o, &own_profiles, link)
		if (!strcmp(o->profile.name, name))
			return o;
	return NULL;
}

/* One that is only coming may not come to stay. */
static bool is_there(const struct module *owner)
{
	return !owner || owner->state == MODULE_STATE_LIVE;
}

/**
 * shb_profile_get() - profile by name, a user's own, too
 *
 * Context: process context, sleeps.
 * Return: the profile, until shb_profile_put(); NULL: there is none.
 */
const struct shb_profile *shb_profile_get(const char *name)
{
	const struct shb_profile *p = shb_profile_find(name);
	struct own_profile *o;

	if (p)
		return p;
	mutex_lock(&lock);
	o = find_own(name);
	if (o && is_there(o->profile.policy->owner) && try_module_get(o->profile.policy->owner))
		p = &o->profile;
	mutex_unlock(&lock);
	return p;
}

/**
 * shb_profile_put() - done with a profile
 * @p: of shb_profile_get(); may be NULL
 */
void shb_profile_put(const struct shb_profile *p)
{
	if (p && p->policy)
		module_put(p->policy->owner);
}

/**
 * shb_profile_is_known() - is there a profile of a name?
 *
 * Context: process context, sleeps.
 */
bool shb_profile_is_known(const char *name)
{
	const struct shb_profile *p = shb_profile_get(name);

	shb_profile_put(p);
	return p;
}

/**
 * shb_profile_own_name() - the name of the k-th policy that was registered
 * @name: out; room for SHB_POLICY_NAME
 *
 * Context: process context, sleeps.
 * Return: false: there are not so many.
 */
bool shb_profile_own_name(int k, char *name)
{
	struct own_profile *o;
	bool found = false;

	mutex_lock(&lock);
	list_for_each_entry(o, &own_profiles, link) {
		if (k--)
			continue;
		strscpy(name, o->profile.name, SHB_POLICY_NAME);
		found = true;
		break;
	}
	mutex_unlock(&lock);
	return found;
}

/* --- registration --------------------------------------------------------------------------------- */

static int complain(const char *name, const char *text)
{
	pr_err("policy %.*s: expected %s\n", SHB_POLICY_NAME, name ?: "without a name", text);
	return -EINVAL;
}

static bool is_name(const char *name)
{
	return name && strlen(name) < SHB_POLICY_NAME && shb_is_name(name) && strcmp(name, "none") &&
	       strcmp(name, "off");
}

static int check(const struct shb_policy *p)
{
	if (!is_name(p->name))
		return complain(p->name, "a name of up to 23 letters, digits, dots and dashes, but none and off");
	if (!p->base || !shb_profile_find(p->base))
		return complain(p->name, "a base: " SHB_PROFILE_NAMES);
	if (p->zone_bytes > ZONE_BYTES_MAX)
		return complain(p->name, "zone_bytes of at most 16 MiB");
	if (!p->pick && !p->merge && !p->place && !p->fallback && !p->high && !p->refill && !p->excess &&
	    !p->first)
		return complain(p->name, "a rule: pick, merge, place, fallback, high, refill, excess or first");
	return 0;
}

static void build(struct own_profile *o, const struct shb_policy *p)
{
	const struct shb_profile *base = shb_profile_find(p->base);

	o->buddy = *base->rules.buddy;
	o->buddy.propose = shb_asking_propose;
	o->pcp = *base->rules.pcp;
	o->pcp.refill = shb_asking_refill;
	o->pcp.excess = shb_asking_excess;
	o->profile = *base;
	o->profile.name = p->name;
	o->profile.rules.buddy = &o->buddy;
	o->profile.rules.pcp = &o->pcp;
	o->profile.policy = p;
	o->profile.base = base;
}

/**
 * shb_policy_add() - make a policy known; see shb_policy_register()
 * @owner: the module it is in
 */
int shb_policy_add(struct shb_policy *p, struct module *owner)
{
	struct own_profile *o;
	int err = check(p);

	if (err)
		return err;
	o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return -ENOMEM;
	p->owner = owner;
	build(o, p);
	mutex_lock(&lock);
	if (shb_profile_find(p->name) || find_own(p->name))
		err = -EEXIST;
	else
		list_add_tail(&o->link, &own_profiles);
	mutex_unlock(&lock);
	if (err) {
		pr_err("policy %s: expected a name that is not taken\n", p->name);
		kfree(o);
	}
	return err;
}
EXPORT_SYMBOL_GPL(shb_policy_add);

/**
 * shb_policy_unregister() - forget a policy
 * @p: policy that was registered, and that nobody uses: its module goes, or is only now coming
 *
 * Context: process context, sleeps.
 */
void shb_policy_unregister(struct shb_policy *p)
{
	struct own_profile *o, *next;

	mutex_lock(&lock);
	list_for_each_entry_safe(o, next, &own_profiles, link) {
		if (o->profile.policy != p)
			continue;
		list_del(&o->link);
		kfree(o);
	}
	mutex_unlock(&lock);
}
EXPORT_SYMBOL_GPL(shb_policy_unregister);
