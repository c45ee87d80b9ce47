/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_NODEMASK_H
#define SIM_LINUX_NODEMASK_H

#include <linux/bitops.h>
#include <string.h>

#define MAX_NUMNODES	1024

typedef struct { unsigned long bits[MAX_NUMNODES / BITS_PER_LONG]; } nodemask_t;

#define nodes_clear(mask)		memset(&(mask), 0, sizeof(mask))
#define node_set(nid, mask)		set_bit(nid, (mask).bits)
#define node_isset(nid, mask)		test_bit(nid, (mask).bits)

#endif
