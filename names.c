// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's names for zone kinds and migratetypes. */
#include "names.h"
#include "types.h"

static const char *const kind_names[SHB_NR_KINDS] = {
	[SHB_DMA] = "DMA", [SHB_DMA32] = "DMA32", [SHB_NORMAL] = "Normal",
	[SHB_MOVABLE_ZONE] = "Movable", [SHB_DEVICE] = "Device",
};

static const char *const type_names[SHB_NR_TYPES] = {
	[SHB_UNMOVABLE] = "Unmovable", [SHB_MOVABLE] = "Movable",
	[SHB_RECLAIMABLE] = "Reclaimable", [SHB_HIGHATOMIC] = "HighAtomic",
	[SHB_CMA] = "CMA", [SHB_ISOLATE] = "Isolate",
};

/**
 * shb_kind_name() - name of a zone kind as the kernel prints it
 * @kind: enum shb_kind
 *
 * Return: a constant string.
 */
const char *shb_kind_name(int kind)
{
	return kind_names[kind];
}

/**
 * shb_type_name() - name of a migratetype as the kernel prints it
 * @type: enum shb_type
 *
 * Return: a constant string.
 */
const char *shb_type_name(int type)
{
	return type_names[type];
}
