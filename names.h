/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's names for zone kinds, migratetypes and NUMA events; and what a name may be. */
#ifndef SHB_NAMES_H
#define SHB_NAMES_H

#include <linux/types.h>

const char *shb_kind_name(int kind);
const char *shb_type_name(int type);
const char *shb_event_name(int event);
bool shb_is_name(const char *name);

#endif
