/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_ERR_H
#define SIM_LINUX_ERR_H

#include <linux/types.h>

#define MAX_ERRNO	4095

#define ERR_PTR(error)		((void *)(long)(error))
#define PTR_ERR(p)		((long)(p))
#define IS_ERR(p)		unlikely((unsigned long)(p) >= (unsigned long)-MAX_ERRNO)

#endif
