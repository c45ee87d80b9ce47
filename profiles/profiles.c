// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of profiles, oldest first. A profile is a pointer per room (rules.h); nothing
 * else in the allocator knows a release. A new one is a file, its rooms where it differs,
 * and a line here. Profiles name a stable point release, because stable kernels change
 * decisions by backport.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "profiles.h"
#include "rooms.h"

const struct shb_profile *const shb_profiles[] = {
	&shb_linux_4_1, &shb_linux_4_14, &shb_linux_5_4, &shb_linux_5_10, &shb_linux_5_15, &shb_linux_6_1, &shb_linux_6_12, &shb_linux_7_2,
};

const int shb_nr_profiles = ARRAY_SIZE(shb_profiles);

/**
 * shb_profile_find() - profile of a release by name
 * @name: as in the parameter profile=
 *
 * Return: the profile, or NULL.
 */
const struct shb_profile *shb_profile_find(const char *name)
{
	int k;

	for (k = 0; k < shb_nr_profiles; k++)
		if (!strcmp(name, shb_profiles[k]->name))
			return shb_profiles[k];
	return NULL;
}

/**
 * shb_profile_for() - profile that speaks for a kernel release
 * @release: as uname -r prints it
 * @exact: the release is of the very series the profile was checked against, out
 *
 * Return: the newest one that is not newer than the release; the oldest otherwise. linux-6.1, the
 * oldest the module runs on, for what is no release.
 */
const struct shb_profile *shb_profile_for(const char *release, bool *exact)
{
	const struct shb_profile *best = shb_profiles[0];
	unsigned int major = 0, minor = 0;
	int k, number;

	*exact = false;
	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		return &shb_linux_6_1;
	number = major * 1000 + minor;
	for (k = 0; k < shb_nr_profiles; k++)
		if (shb_profiles[k]->since <= number)
			best = shb_profiles[k];
	*exact = best->since == number;
	return best;
}
