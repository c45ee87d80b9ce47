// SPDX-License-Identifier: GPL-2.0-only
/* The text shape of the kernel this module is built for. */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/mmzone.h>

#include "glue/compat.h"
#include "format.h"
#include "stat_names.h"
#include "types.h"

/* The shadow's geometry is the kernel's, or nothing would agree. */
static_assert(ARRAY_SIZE(((struct zone *)0)->free_area) == SHB_NR_ORDERS);

const struct shb_format shb_format_running = {
	.zone_stats	= zone_stats,
	.nr_zone_stats	= ARRAY_SIZE(zone_stats),
	.node_stats	= node_stats,
	.nr_node_stats	= ARRAY_SIZE(node_stats),
	.types		= GENMASK(SHB_HIGHATOMIC, 0) | BIT(SHB_ISOLATE) |
			  (SHB_KERNEL_CMA ? BIT(SHB_CMA) : 0),
	.numa		= IS_ENABLED(CONFIG_NUMA),
	.smp		= IS_ENABLED(CONFIG_SMP),
	.promo		= SHB_ZONEINFO_PROMO,
	.wide_pagesets	= SHB_ZONEINFO_WIDE,
};
