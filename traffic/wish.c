// SPDX-License-Identifier: GPL-2.0-only
/*
 * What somebody wants a candidate to be:
 *
 *     old linux-6.1                        a name and a profile
 *     name=old profile=linux-6.1           the same
 *     linux-6.1                            likewise, under the profile's name
 *     calm watermark_boost_factor=0        a name and tunables, with the machine's own profile
 *
 * A profile is a release or a user's policy. The words come in any order; a comma inside a value stands for a blank.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "become.h"
#include "names.h"
#include "profiles/profiles.h"
#include "traffic/wish.h"
#include "tune.h"

static int complain(char *error, const char *word, const char *expected)
{
	scnprintf(error, SHB_WISH_ERROR, "\"%.40s\": expected %s", word, expected);
	return -EINVAL;
}

static int knob_named(const struct shb_state *s, const char *name, size_t len)
{
	const char *own;
	int k;

	for (k = 0; (own = shb_tune_name(k)); k++)
		if (strlen(own) == len && !strncmp(own, name, len) && (!s || shb_tune_has(s, k)))
			return k;
	return -1;
}

static int take_name(struct shb_wish *w, const char *name, char *error)
{
	if (w->name[0])
		return complain(error, name, "one name");
	if (!shb_is_name(name) || strscpy(w->name, name, sizeof(w->name)) < 0)
		return complain(error, name, "a name of up to 23 letters, digits, dots and dashes");
	return 0;
}

static int take_profile(struct shb_wish *w, const char *name, char *error)
{
	if (*w->profile)
		return complain(error, name, "one profile");
	if (!shb_profile_is_known(name))
		return complain(error, name, SHB_PROFILE_NAMES ", or a policy that is loaded");
	strscpy(w->profile, name, sizeof(w->profile));
	return 0;
}

static int take_word(struct shb_wish *w, const char *word, char *error)
{
	const char *value = strchr(word, '=');
	size_t len = strlen(w->tunables);

	if (!value)
		return shb_profile_is_known(word) || strstarts(word, "linux-") ? take_profile(w, word, error) : take_name(w, word, error);
	if (strstarts(word, "name="))
		return take_name(w, value + 1, error);
	if (strstarts(word, "profile="))
		return take_profile(w, value + 1, error);
	if (knob_named(NULL, word, value - word) < 0)
		return complain(error, word, "name=, profile= or a tunable of sysctl/ with a value");
	if (len + strlen(word) + 2 > sizeof(w->tunables))
		return complain(error, word, "fewer tunables");
	scnprintf(w->tunables + len, sizeof(w->tunables) - len, "%s ", word);
	return 0;
}

/**
 * shb_wish_parse() - understand what a candidate is to be
 * @w: out
 * @text: words
 * @error: what is wrong with which word, out on -EINVAL; room for SHB_WISH_ERROR
 *
 * Return: 0 or -EINVAL.
 */
int shb_wish_parse(struct shb_wish *w, const char *text, char *error)
{
	char copy[SHB_WISH_TEXT], *rest = copy, *word;
	int err = 0;

	*w = (struct shb_wish){ };
	if (strscpy(copy, text, sizeof(copy)) < 0)
		return complain(error, text, "at most 255 characters");
	while (!err && (word = strsep(&rest, " \t\n")))
		if (*word)
			err = take_word(w, word, error);
	if (!w->name[0])
		strscpy(w->name, w->profile, sizeof(w->name));
	if (!err && !w->name[0])
		err = complain(error, text, "a name for the candidate");
	return err;
}

static int set_knob(struct shb_state *s, char *word, char *error)
{
	char *value = strchr(word, '='), *comma, why[SHB_TUNE_ERROR];
	int k = knob_named(s, word, value - word), err;

	if (k < 0)
		return complain(error, word, "a tunable that the profile has");
	for (comma = strchr(value, ','); comma; comma = strchr(comma, ','))
		*comma = ' ';
	err = shb_become_tuned(s, k, value + 1, why);
	if (err == -EINVAL)
		scnprintf(error, SHB_WISH_ERROR, "\"%.40s\": %s", word, why);
	return err;
}

/*
 * Marks and sizes as the release computes them. A boost of the machine is not the candidate's, and
 * what is HighAtomic there is what 4.1 keeps, perhaps more than that wants.
 */
static void become_another(struct shb_state *s)
{
	struct shb_zone *z;
	int n;
	u32 b;

	shb_for_each_zone(s, z, n) {
		z->marks.boost = 0;
		if (!z->rules.buddy->third_type_reserve)
			continue;
		z->buddy.reserved = 0;
		z->buddy.kept = 0;
		for (b = 0; b < z->extent.nr_frames >> SHB_PAGEBLOCK_ORDER; b++)
			z->buddy.kept += z->pageblocks[b] == SHB_HIGHATOMIC;
	}
	shb_tune_renew(s);
}

static const struct shb_profile *release_of(const struct shb_profile *p)
{
	return p->base ?: p;
}

/**
 * shb_wish_apply() - make a state that is the image of the machine what is wanted
 * @s: state built with the wanted profile, with the kernel's lists and marks in it
 * @own: profile of the machine
 * @error: as in shb_wish_parse()
 *
 * Where the release is another, marks and sizes follow from the tunables as that release computes
 * them; otherwise they stay as the kernel has them, but for what a write to a tunable sets.
 *
 * Context: process context, sleeps.
 * Return: 0, -EINVAL or -ENOMEM.
 */
int shb_wish_apply(const struct shb_wish *w, struct shb_state *s, const struct shb_profile *own,
		   char *error)
{
	char copy[SHB_WISH_TEXT], *rest = copy, *word;
	int err = 0;

	if (release_of(s->profile) != release_of(own))
		become_another(s);
	else if (s->profile->policy && s->profile->policy->high)
		shb_tune_renew_lists(s);
	strscpy(copy, w->tunables, sizeof(copy));
	while (!err && (word = strsep(&rest, " ")))
		if (*word)
			err = set_knob(s, word, error);
	return err;
}
