/* SPDX-License-Identifier: GPL-2.0-only */
/* Behaviour profiles; see profiles.c. */
#ifndef SHB_PROFILES_H
#define SHB_PROFILES_H

#include "types.h"

/* For messages; profiles_kunit.c holds it against the table. */
#define SHB_PROFILE_NAMES	"linux-4.1, linux-4.14, linux-5.4, linux-5.10, linux-5.15, linux-6.1, linux-6.12 or linux-7.2"

extern const struct shb_profile *const shb_profiles[];	/* oldest first */
extern const int shb_nr_profiles;

const struct shb_profile *shb_profile_find(const char *name);
const struct shb_profile *shb_profile_for(const char *release, bool *exact);

#endif
