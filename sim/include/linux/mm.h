/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_MM_H
#define SIM_LINUX_MM_H

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)

#endif
