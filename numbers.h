/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The numbers a zone and a per-cpu list decide by, apart from the lists themselves: one
 * table for each, by which they are copied, compared, put into another zone and reset.
 */
#ifndef SHB_NUMBERS_H
#define SHB_NUMBERS_H

#include "types.h"

enum shb_number {
	SHB_N_FREE_PAGES,
	SHB_N_FREE_HIGHATOMIC,
	SHB_N_FREE_CMA,
	SHB_N_BIG_PAGES,
	SHB_N_RESERVED,
	SHB_N_BOOST,
	SHB_N_FLAGS,
	SHB_N_WATERMARK,					/* and the other marks behind it */
	SHB_N_LOWMEM_RESERVE = SHB_N_WATERMARK + SHB_NR_WMARK,	/* likewise */
	SHB_N_FAIR_LEFT = SHB_N_LOWMEM_RESERVE + SHB_NR_KINDS,
	SHB_N_KEPT,
	SHB_N_MANAGED,
	SHB_NR_NUMBERS,
};

/* A long of struct shb_zone. */
struct shb_number_row {
	const char	*name;
	size_t		offset;
	bool		from_lists;	/* follows from the lists, is never set by itself */
	bool		cleared;	/* 0 in a fresh zone */
};

extern const struct shb_number_row shb_numbers[SHB_NR_NUMBERS];

enum shb_pcp_number {
	SHB_P_COUNT,
	SHB_P_HIGH,
	SHB_P_HIGH_MIN,
	SHB_P_HIGH_MAX,
	SHB_P_BATCH,
	SHB_P_ALLOC_FACTOR,
	SHB_P_FREE_FACTOR,
	SHB_P_FREE_COUNT,
	SHB_P_FLAGS,		/* SHB_PCP_* */
	SHB_NR_PCP_NUMBERS,
};

/* A signed or small number of struct shb_pcp. */
struct shb_pcp_number_row {
	const char	*name;
	size_t		offset, size;
	bool		auto_only;	/* 0 where the high does not move */
	bool		fixed_only;	/* 0 where it does */
};

extern const struct shb_pcp_number_row shb_pcp_numbers[SHB_NR_PCP_NUMBERS];

long shb_number_get(const struct shb_zone *z, int n);
void shb_number_set(struct shb_zone *z, int n, long value);
void shb_numbers_reset(struct shb_zone *z);
int shb_pcp_number_get(const struct shb_zone *z, const struct shb_pcp *pcp, int n);
void shb_pcp_number_set(const struct shb_zone *z, struct shb_pcp *pcp, int n, int value);

#endif
