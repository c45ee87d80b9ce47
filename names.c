// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's names for zone kinds, migratetypes and NUMA events; and what a name may be. */
#include <linux/string.h>

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

static const char *const event_names[SHB_NR_NUMA_EVENTS] = {
	[SHB_NUMA_HIT] = "numa_hit", [SHB_NUMA_MISS] = "numa_miss",
	[SHB_NUMA_FOREIGN] = "numa_foreign", [SHB_NUMA_INTERLEAVE] = "numa_interleave",
	[SHB_NUMA_LOCAL] = "numa_local", [SHB_NUMA_OTHER] = "numa_other",
};

/**
 * shb_event_name() - name of a NUMA event as the kernel prints it
 * @event: enum shb_event, below SHB_NR_NUMA_EVENTS
 *
 * Return: a constant string.
 */
const char *shb_event_name(int event)
{
	return event_names[event];
}

/**
 * shb_is_name() - may something be called so, and a directory be named after it?
 *
 * Return: letters, digits, dots, dashes and underscores, and not dots alone.
 */
bool shb_is_name(const char *name)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

	return *name && !name[strspn(name, letters)] && name[strspn(name, ".")];
}
