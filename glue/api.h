/* SPDX-License-Identifier: GPL-2.0-only */
/* Which state the exported calls work on; see api.c. */
#ifndef SHB_API_H
#define SHB_API_H

#include "types.h"

void shb_api_set(struct shb_state *s);
struct shb_state *shb_api_get(void);

#endif
