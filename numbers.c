// SPDX-License-Identifier: GPL-2.0-only
/* The numbers a zone and a per-cpu list decide by, as tables. */
#include <linux/bitops.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "numbers.h"

#define ROW(text, field, ...)	{ .name = text, .offset = offsetof(struct shb_zone, field), __VA_ARGS__ }

const struct shb_number_row shb_numbers[SHB_NR_NUMBERS] = {
	[SHB_N_FREE_PAGES]	= ROW("nr_free_pages", buddy.free_pages),
	[SHB_N_FREE_HIGHATOMIC]	= ROW("nr_free_highatomic", buddy.pages[SHB_HIGHATOMIC],
				      .from_lists = true),
	[SHB_N_FREE_CMA]	= ROW("nr_free_cma", buddy.pages[SHB_CMA], .from_lists = true),
	[SHB_N_BIG_PAGES]	= ROW("nr_free_blocks", buddy.big_pages),
	[SHB_N_RESERVED]	= ROW("nr_reserved_highatomic", buddy.reserved, .cleared = true),
	[SHB_N_BOOST]		= ROW("boost", marks.boost, .cleared = true),
	[SHB_N_FLAGS]		= ROW("flags", flags),
	[SHB_N_WATERMARK]	= ROW("watermark[min]", marks.watermark[SHB_WMARK_MIN]),
	[SHB_N_WATERMARK + 1]	= ROW("watermark[low]", marks.watermark[SHB_WMARK_LOW]),
	[SHB_N_WATERMARK + 2]	= ROW("watermark[high]", marks.watermark[SHB_WMARK_HIGH]),
	[SHB_N_WATERMARK + 3]	= ROW("watermark[promo]", marks.watermark[SHB_WMARK_PROMO]),
	[SHB_N_LOWMEM_RESERVE]	= ROW("lowmem_reserve[0]", marks.lowmem_reserve[0]),
	[SHB_N_LOWMEM_RESERVE + 1] = ROW("lowmem_reserve[1]", marks.lowmem_reserve[1]),
	[SHB_N_LOWMEM_RESERVE + 2] = ROW("lowmem_reserve[2]", marks.lowmem_reserve[2]),
	[SHB_N_LOWMEM_RESERVE + 3] = ROW("lowmem_reserve[3]", marks.lowmem_reserve[3]),
	[SHB_N_LOWMEM_RESERVE + 4] = ROW("lowmem_reserve[4]", marks.lowmem_reserve[4]),
	[SHB_N_FAIR_LEFT]	= ROW("fair_left", fair_left.counter),
	[SHB_N_KEPT]		= ROW("pageblocks_kept", buddy.kept, .cleared = true),
	[SHB_N_MANAGED]		= ROW("managed", extent.managed),
};

#define PCP_ROW(field, ...)	{ .name = #field, .offset = offsetof(struct shb_pcp, field),	\
				  .size = sizeof_field(struct shb_pcp, field), __VA_ARGS__ }

const struct shb_pcp_number_row shb_pcp_numbers[SHB_NR_PCP_NUMBERS] = {
	[SHB_P_COUNT]		= PCP_ROW(count),
	[SHB_P_HIGH]		= PCP_ROW(high),
	[SHB_P_HIGH_MIN]	= PCP_ROW(high_min, .auto_only = true),
	[SHB_P_HIGH_MAX]	= PCP_ROW(high_max, .auto_only = true),
	[SHB_P_BATCH]		= PCP_ROW(batch),
	[SHB_P_ALLOC_FACTOR]	= PCP_ROW(alloc_factor, .auto_only = true),
	[SHB_P_FREE_FACTOR]	= PCP_ROW(free_factor, .fixed_only = true),
	[SHB_P_FREE_COUNT]	= PCP_ROW(free_count, .auto_only = true),
	[SHB_P_FLAGS]		= PCP_ROW(flags, .auto_only = true),
};

/**
 * shb_number_get() - a number of a zone
 * @n: enum shb_number
 *
 * Context: holds z->lock, or nobody uses the zone.
 */
long shb_number_get(const struct shb_zone *z, int n)
{
	long value = *(const long *)((const char *)z + shb_numbers[n].offset);

	return n == SHB_N_FLAGS ? value & ~BIT(SHB_ZONE_OWN) : value;
}

/**
 * shb_number_set() - set a number of a zone, unless the lists say it; whose rules hold is none
 * @n: enum shb_number
 *
 * Context: as shb_number_get().
 */
void shb_number_set(struct shb_zone *z, int n, long value)
{
	if (n == SHB_N_FLAGS)
		set_mask_bits(&z->flags, ~BIT(SHB_ZONE_OWN), value);
	else if (!shb_numbers[n].from_lists)
		*(long *)((char *)z + shb_numbers[n].offset) = value;
}

/**
 * shb_numbers_reset() - reserve, boost and flags as in a fresh zone
 * @z: zone; all granules have been reset. What is known of broken memory stays known.
 *
 * Context: holds z->lock.
 */
void shb_numbers_reset(struct shb_zone *z)
{
	int n;

	lockdep_assert_held(&z->lock);
	for (n = 0; n < SHB_NR_NUMBERS; n++)
		if (shb_numbers[n].cleared)
			shb_number_set(z, n, 0);
	/* The kernel may report a broken page at any moment, without the lock. */
	set_mask_bits(&z->flags, ~(BIT(SHB_ZONE_POISONED) | BIT(SHB_ZONE_OWN)), 0);
}

/* Has the kernel of the profile no such number? */
static bool is_missing(const struct shb_zone *z, int n)
{
	const struct shb_pcp_number_row *row = &shb_pcp_numbers[n];

	return z->rules.pcp->auto_high ? row->fixed_only : row->auto_only;
}

/**
 * shb_pcp_number_get() - a number of a per-cpu list
 * @z: its zone
 * @n: enum shb_pcp_number
 *
 * Context: owns @pcp, or nobody uses it.
 * Return: the number as the kernel of the profile keeps it, 0 where it has none.
 */
int shb_pcp_number_get(const struct shb_zone *z, const struct shb_pcp *pcp, int n)
{
	const void *at = (const char *)pcp + shb_pcp_numbers[n].offset;

	if (is_missing(z, n))
		return 0;
	if (n == SHB_P_FLAGS)
		return (pcp->flags & SHB_PCP_PREV_FREE_HIGH_ORDER) |
		       (pcp->high_batch ? SHB_PCP_FREE_HIGH_BATCH : 0);
	switch (shb_pcp_numbers[n].size) {
	case sizeof(u8):
		return *(const u8 *)at;
	case sizeof(s16):
		return *(const s16 *)at;
	default:
		return *(const int *)at;
	}
}

/**
 * shb_pcp_number_set() - set a number of a per-cpu list
 * @z: its zone
 * @n: enum shb_pcp_number
 * @value: value; where the high does not move, the high is its limits, too
 *
 * Context: as shb_pcp_number_get().
 */
void shb_pcp_number_set(const struct shb_zone *z, struct shb_pcp *pcp, int n, int value)
{
	void *at = (char *)pcp + shb_pcp_numbers[n].offset;

	if (is_missing(z, n))
		value = n == SHB_P_HIGH_MIN || n == SHB_P_HIGH_MAX ? pcp->high : 0;
	if (n == SHB_P_FLAGS) {
		pcp->flags = value & SHB_PCP_PREV_FREE_HIGH_ORDER;
		pcp->high_batch = value & SHB_PCP_FREE_HIGH_BATCH;
		return;
	}
	switch (shb_pcp_numbers[n].size) {
	case sizeof(u8):
		*(u8 *)at = value;
		break;
	case sizeof(s16):
		*(s16 *)at = value;
		break;
	default:
		*(int *)at = value;
	}
}
