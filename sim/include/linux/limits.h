/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <linux/limits.h>
#include <limits.h>

#ifndef U32_MAX
#define U32_MAX		(~0U)
#endif
#ifndef U64_MAX
#define U64_MAX		(~0ULL)
#endif
