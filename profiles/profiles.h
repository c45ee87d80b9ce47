/* SPDX-License-Identifier: GPL-2.0-only */
/* Behaviour profiles; see profiles.c. */
#ifndef SHB_PROFILES_H
#define SHB_PROFILES_H

#include "types.h"

/* For messages; profiles_kunit.c holds it against the table. */
#define SHB_PROFILE_NAMES	"linux-4.1, linux-4.14, linux-5.4, linux-5.10, linux-5.15, linux-6.1, linux-6.12 or linux-7.2"

extern const struct shb_profile *const shb_profiles[];	/* oldest first */
extern const int shb_nr_profiles;

const struct shb_profile *shb_profile_find(const char *name);	/* of a release */
const struct shb_profile *shb_profile_for(const char *release, bool *exact);

const struct shb_profile *shb_profile_get(const char *name);	/* or of a user's policy */
void shb_profile_put(const struct shb_profile *p);
bool shb_profile_is_known(const char *name);
bool shb_profile_own_name(int k, char *name);

#endif
