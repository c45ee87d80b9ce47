/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the three supported kernels call differently. The code is written for the
 * newest; an entry below makes an older one look like it and says when it may go.
 * SHB_HAVE_* come from probes in Kbuild: distributions backport, so a version
 * number proves nothing. Only glue (machine.c, carve.c, mirror.c, format.c) includes this file.
 */
#ifndef SHB_COMPAT_H
#define SHB_COMPAT_H

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>
#include <linux/sched.h>

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

/* --- a real zone from inside: mirror.c and the tests ---------------------------------------- */

/* The bits of a pageblock, from the section's bitmap; all of them in one word. */
static inline unsigned long shb_pageblock_word(struct zone *zone, unsigned long pfn)
{
#ifdef CONFIG_SPARSEMEM
	unsigned long *map = section_to_usemap(__pfn_to_section(pfn));
	unsigned long bit = ((pfn & (PAGES_PER_SECTION - 1)) >> pageblock_order) *
			    NR_PAGEBLOCK_BITS;
#else
	unsigned long *map = zone->pageblock_flags;
	unsigned long bit = ((pfn - pageblock_start_pfn(zone->zone_start_pfn)) >>
			     pageblock_order) * NR_PAGEBLOCK_BITS;
#endif

	return READ_ONCE(map[bit / BITS_PER_LONG]) >> (bit % BITS_PER_LONG);
}

/* The kernel's migratetype of a pageblock. An own bit says isolated since 6.17. Goes with 6.12. */
static inline int shb_pageblock_migratetype(struct zone *zone, unsigned long pfn)
{
	unsigned long word = shb_pageblock_word(zone, pfn);

#ifdef SHB_HAVE_ISOLATE_BIT
	if (word & BIT(PB_migrate_isolate))
		return MIGRATE_ISOLATE;
#endif
	return word & 7;
}

/*
 * Per-cpu lists: an automatic high and counters of what goes on since 6.7; before, one
 * factor, and the type a page was freed as, kept in the page. Goes with 6.1.
 */
#ifdef SHB_HAVE_PCP_HIGH_MIN
#define SHB_PCP_FIELD(pcp, field)	((pcp)->field)
#define SHB_PCP_OLD_FIELD(pcp, field)	0
#define shb_noted_migratetype(page)	0
#else
#define SHB_PCP_FIELD(pcp, field)	0
#define SHB_PCP_OLD_FIELD(pcp, field)	((pcp)->field)
#define shb_noted_migratetype(page)	((int)(page)->index)
#endif

/* Kept by the zone since 6.12; before, it has to be counted. Goes with 6.1. */
static inline long shb_nr_free_highatomic(struct zone *zone, long counted)
{
#ifdef SHB_HAVE_FREE_HIGHATOMIC
	counted = zone->nr_free_highatomic;
#endif
	return counted;
}

/* A zone flag since 6.7. Goes with 6.1. */
#ifdef SHB_HAVE_PCP_HIGH_MIN
#define SHB_KERNEL_BELOW_HIGH	BIT(ZONE_BELOW_HIGH)
#else
#define SHB_KERNEL_BELOW_HIGH	0
#endif

#ifdef CONFIG_CMA
#define shb_nr_free_cma(zone)	zone_page_state(zone, NR_FREE_CMA_PAGES)
#else
#define shb_nr_free_cma(zone)	0
#endif

/* --- following ------------------------------------------------------------------------------- */

/* The bulk allocator took a list, too, before 6.14: argument 4, the array behind it. Goes with 6.12. */
#ifdef SHB_HAVE_BULK_LIST
#define SHB_BULK_LIST	4
#define SHB_BULK_ARRAY	5
#else
#define SHB_BULK_LIST	(-1)
#define SHB_BULK_ARRAY	4
#endif

/* User-mode Linux has neither probes nor their arguments, nor a time stamp counter. */
#ifndef CONFIG_KPROBES
struct pt_regs;
static inline unsigned long regs_get_kernel_argument(struct pt_regs *regs, unsigned int n)
{
	return 0;
}

#endif
#if defined(CONFIG_X86_TSC) && !defined(CONFIG_UML)
#include <asm/tsc.h>
#include <linux/jump_label.h>
DECLARE_STATIC_KEY_FALSE(shb_clock_key);
#define SHB_CLOCK_IS_CHOSEN
#define shb_clock_is_tsc()	static_branch_likely(&shb_clock_key)
#define shb_tsc_usable()	(boot_cpu_has(X86_FEATURE_TSC) && !check_tsc_unstable())
#define shb_tsc()		rdtsc_ordered()
#define shb_tsc_second()	(tsc_khz * 1000ULL)
#else
#define shb_clock_is_tsc()	false
#define shb_tsc_usable()	false
#define shb_tsc()		0ULL
#define shb_tsc_second()	0ULL
#endif

/* --- tests ------------------------------------------------------------------------------------ */

/* Took "array" in its name before 6.14. Goes with 6.12. */
#ifndef alloc_pages_bulk_node
#define alloc_pages_bulk_node	alloc_pages_bulk_array_node
#endif

/*
 * try_to_compact_pages(), by its address. In 7.2 a task points at what it waits for; in 6.12 the
 * function wants a place for the page. Goes with 6.12.
 */
#ifdef CONFIG_COMPACTION
typedef int (*shb_compact_function)(gfp_t gfp, unsigned int order, unsigned int flags, const void *context,
				    int prio, void *capture);
#ifdef SHB_HAVE_CAPTURE_CONTROL
struct shb_kernel_capture {		/* struct capture_control of mm/internal.h */
	struct zone	*zone;
	int		migratetype;
	int		order;
	struct page	*page;
};
static inline void *shb_kernel_capture_begin(struct shb_kernel_capture *capture)
{
	WRITE_ONCE(current->capture_control, (void *)capture);
	return capture;
}

static inline void shb_kernel_capture_end(void)
{
	WRITE_ONCE(current->capture_control, NULL);
}
#else
struct shb_kernel_capture {
	int		migratetype;
	int		order;
	struct page	*page;
};
static inline void *shb_kernel_capture_begin(struct shb_kernel_capture *capture)
{
	return &capture->page;
}

static inline void shb_kernel_capture_end(void)
{
}
#endif
#endif

/* An atomic_t since 6.17. Goes with 6.12. */
#ifdef SHB_HAVE_ATOMIC_KSWAPD_FAILURES
#define shb_set_kswapd_failures(pgdat, n)	atomic_set(&(pgdat)->kswapd_failures, n)
#else
#define shb_set_kswapd_failures(pgdat, n)	WRITE_ONCE((pgdat)->kswapd_failures, n)
#endif

#endif
