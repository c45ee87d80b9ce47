/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the three supported kernels call differently. The code is written for the
 * newest; an entry below makes an older one look like it and says when it may go.
 * SHB_HAVE_* come from probes in Kbuild: distributions backport, so a version
 * number proves nothing. Only glue (carve.c, api.c, format.c) includes this file.
 */
#ifndef SHB_COMPAT_H
#define SHB_COMPAT_H

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>

/*
 * alloc_contig_range() takes acr_flags_t instead of a migratetype since 7.0 or
 * shortly before. Goes with 6.12.
 */
#ifndef SHB_HAVE_ACR_FLAGS
#define ACR_FLAGS_NONE	MIGRATE_MOVABLE
#endif

/* Kernels without a zone have no number for it: no zone index matches -1. */
#ifdef CONFIG_ZONE_DMA
#define SHB_KERNEL_DMA		ZONE_DMA
#else
#define SHB_KERNEL_DMA		(-1)
#endif
#ifdef CONFIG_ZONE_DMA32
#define SHB_KERNEL_DMA32	ZONE_DMA32
#else
#define SHB_KERNEL_DMA32	(-1)
#endif
#ifdef CONFIG_ZONE_DEVICE
#define SHB_KERNEL_DEVICE	ZONE_DEVICE
#else
#define SHB_KERNEL_DEVICE	(-1)
#endif

#ifdef CONFIG_CMA
#define SHB_KERNEL_CMA		true
#else
#define SHB_KERNEL_CMA		false
#endif

/*
 * Pages of last-level cache a cpu may call its own. The kernel keeps this in
 * cacheinfo, which is not exported: taken here as the cache divided by the cpus of
 * the package. 0 where the architecture does not say it.
 */
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include <asm/processor.h>
#include <asm/topology.h>
static inline unsigned long shb_cache_slice(int cpu)
{
	unsigned long kbytes = max_t(int, cpu_data(cpu).x86_cache_size, 0);
	int sharing = max_t(int, cpumask_weight(topology_core_cpumask(cpu)), 1);

	return kbytes / (PAGE_SIZE >> 10) / sharing;
}
#else
static inline unsigned long shb_cache_slice(int cpu)
{
	return 0;
}
#endif

/* zoneinfo prints the promo mark since 6.8 or shortly after. Goes with 6.1. */
#ifdef SHB_HAVE_NR_PAGE_ORDERS
#define SHB_ZONEINFO_PROMO	true
#else
#define SHB_ZONEINFO_PROMO	false
#endif

/* zoneinfo prints high_min, high_max and the highatomic lines. Goes with 6.12. */
#ifdef SHB_HAVE_FREE_PAGES_BLOCKS
#define SHB_ZONEINFO_WIDE	true
#else
#define SHB_ZONEINFO_WIDE	false
#endif

#endif
