/* SPDX-License-Identifier: GPL-2.0-only */
/* The C library's own numbers; its headers include this one, too. */
#include_next <linux/errno.h>
