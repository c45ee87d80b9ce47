/* SPDX-License-Identifier: GPL-2.0-only */
/* From a memory map to zones, as a machine boots; see boot.c. */
#ifndef SHB_BOOT_H
#define SHB_BOOT_H

#include "ranges.h"
#include "types.h"

#define SHB_SECTION_PAGES	(1UL << 15)	/* 128 MiB, a section of sparsemem on x86-64 */
#define SHB_SECTION_MAP_PAGES	512		/* its struct pages, 64 bytes each */
#define SHB_DMA_PAGES		(1UL << 12)	/* ZONE_DMA ends at 16 MiB */
#define SHB_DMA32_PAGES		(1UL << 20)	/* ZONE_DMA32 ends at 4 GiB */

/* kernelcore=, movablecore= and movable_node. */
struct shb_boot_options {
	unsigned long	kernelcore, movablecore;	/* pages; 0: not given */
	unsigned int	kernelcore_percent, movablecore_percent;	/* win where they are not 0 */
	bool		mirror;				/* kernelcore=mirror */
	bool		movable_node;
};

struct shb_boot_zone {
	unsigned long	start;			/* pfn; 0 when nothing is spanned */
	unsigned long	spanned, present;	/* pages */
};

struct shb_boot_node {
	unsigned long	start, end;		/* pfns; equal: no memory */
	unsigned long	movable;		/* where ZONE_MOVABLE begins; 0: it has none */
	unsigned long	sections;		/* of sparsemem whose map this node pays for */
	unsigned long	deferred;		/* first pfn that is left for later, or SHB_NO_PFN */
	struct shb_boot_zone zones[SHB_NR_KINDS];
};

/* Pages with a struct page and without memory, told of a zone next to them. */
struct shb_boot_hole {
	int		nid, kind;
	unsigned long	pages;
};

struct shb_boot {
	unsigned long	low[SHB_NR_KINDS], high[SHB_NR_KINDS];	/* pfns a kind may have */
	struct shb_boot_node *nodes;
	int		nr_nodes;
	bool		mirror;			/* kernelcore=mirror was asked for */
	unsigned long	clash;			/* pfn at which shb_boot_plan() gave up */
	struct shb_boot_hole *holes;		/* in the order they are found */
	int		nr_holes;
};

int shb_boot_zones(const struct shb_boot_map *map, const struct shb_boot_options *o,
		   const struct shb_rules *rules, struct shb_boot *b);
void shb_boot_free(struct shb_boot *b);

struct shb_plan_zone;

int shb_boot_plan(const struct shb_boot_map *map, struct shb_boot *b,
		  struct shb_plan_zone **zones, int *nr);
void shb_boot_plan_free(struct shb_plan_zone *zones, int nr);

void shb_boot_find_movable(const struct shb_boot_map *map, const struct shb_boot_options *o,
			   const struct shb_rules *rules, struct shb_boot *b);
int shb_boot_lending_kind(const struct shb_boot *b);
bool shb_boot_has_mirror(const struct shb_boot_map *map);

static inline bool shb_boot_has_memory(const struct shb_boot_node *node)
{
	return node->start != node->end;
}

#endif
