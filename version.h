/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place that says which version this is. */
#ifndef SHB_VERSION
#define SHB_VERSION "0.1.0"
#endif
