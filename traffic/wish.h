/* SPDX-License-Identifier: GPL-2.0-only */
/* What somebody wants a candidate to be; see wish.c. */
#ifndef SHB_WISH_H
#define SHB_WISH_H

#include "policy.h"
#include "traffic/candidate.h"

#define SHB_WISH_TEXT	256
#define SHB_WISH_ERROR	160

struct shb_wish {
	char				name[SHB_CANDIDATE_NAME];
	char				profile[SHB_POLICY_NAME];	/* empty: the machine's own */
	char				tunables[SHB_WISH_TEXT];	/* words name=value */
};

int shb_wish_parse(struct shb_wish *w, const char *text, char *error);
int shb_wish_apply(const struct shb_wish *w, struct shb_state *s, const struct shb_profile *own,
		   char *error);

#endif
