/* SPDX-License-Identifier: GPL-2.0-only */
/* memblock's lists; see ranges.c. */
#ifndef SHB_RANGES_H
#define SHB_RANGES_H

#include <linux/mm.h>
#include <linux/types.h>

#define SHB_BOOT_NODES		64

#define SHB_RANGE_HOTPLUG	1		/* firmware says it may be taken away */
#define SHB_RANGE_MIRROR	2		/* a second copy protects it */

/* Bytes, as memblock keeps them: pages follow where a range is used. */
struct shb_range {
	u64	start, end;		/* end: the first byte behind */
	int	nid;
	u8	flags;
};

/* Ascending, without overlap; neighbours of the same node and flags are one. */
struct shb_ranges {
	struct shb_range *range;
	u32		nr, room;
};

/* What firmware and the first lines of the kernel say: memblock. */
struct shb_boot_map {
	struct shb_ranges memory, reserved;
	int		nr_nodes;		/* node ids are below; at most SHB_BOOT_NODES */
	u64		known;			/* bit for each node that firmware names */
};

int shb_ranges_add(struct shb_ranges *r, u64 start, u64 end, int nid, u8 flags);
int shb_ranges_remove(struct shb_ranges *r, u64 start, u64 end);
void shb_ranges_free(struct shb_ranges *r);
void shb_boot_map_free(struct shb_boot_map *map);

/* Where a walk over the free ranges of a map stands. */
struct shb_free_ranges {
	const struct shb_boot_map *map;
	u32		memory, reserved;
	unsigned long	start, end;		/* pfns of this one */
	int		nid;
};

bool shb_free_ranges_next(struct shb_free_ranges *w);

/* for_each_mem_pfn_range() and PFN_UP, PFN_DOWN: whole pages only. */
static inline unsigned long shb_range_first(const struct shb_range *r)
{
	return (r->start + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

static inline unsigned long shb_range_end(const struct shb_range *r)
{
	return r->end >> PAGE_SHIFT;
}

#endif
