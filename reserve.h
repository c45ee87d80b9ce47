/* SPDX-License-Identifier: GPL-2.0-only */
/* The reserve of 4.1; see reserve.c. */
#ifndef SHB_RESERVE_H
#define SHB_RESERVE_H

#include "types.h"

void shb_reserve_setup(struct shb_zone *z);

#endif
