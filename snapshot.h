/* SPDX-License-Identifier: GPL-2.0-only */
/* A zone's complete decision state as plain data; see snapshot.c. */
#ifndef SHB_SNAPSHOT_H
#define SHB_SNAPSHOT_H

#include "numbers.h"
#include "types.h"

struct shb_snapshot_pcp {
	int	number[SHB_NR_PCP_NUMBERS];
	u32	blocks[SHB_NR_PCP_LISTS];	/* on each list */
};

/*
 * @listed: every block on a list as index << 3 | type. First the free lists by order,
 * then type, each from its first; then the per-cpu lists by cpu and list. The type of
 * a block on a per-cpu list is the one noted for it, where the release notes one.
 */
struct shb_snapshot {
	unsigned long	start_pfn;		/* of index 0; a multiple of a granule */
	u32		nr_frames;
	int		nr_cpus;

	u32		*listed;
	u32		nr_listed;
	u32		blocks[SHB_NR_TYPES][SHB_NR_ORDERS];	/* on each list */
	unsigned long	counted[SHB_NR_ORDERS];	/* blocks, the counter that buddyinfo prints */
	u8		*pageblocks;
	unsigned long	*movable;		/* bit per frame: counts as movable in claims */
	struct shb_snapshot_pcp *pcps;

	long		number[SHB_NR_NUMBERS];
	u64		taken;			/* when, by the clock of who took it; 0: unknown */
};

#define SHB_SNAPSHOT_BLOCK(i, type)	((i) << 3 | (type))
#define SHB_SNAPSHOT_INDEX(block)	((block) >> 3)
#define SHB_SNAPSHOT_TYPE(block)	((block) & 7)

int shb_snapshot_init(struct shb_snapshot *m, unsigned long start_pfn, u32 nr_frames, int nr_cpus);
void shb_snapshot_free(struct shb_snapshot *m);
bool shb_snapshot_add(struct shb_snapshot *m, u32 i, int type);

int shb_snapshot_take(struct shb_zone *z, struct shb_snapshot *m);
int shb_snapshot_apply(const struct shb_snapshot *m, struct shb_zone *z);
int shb_snapshot_diff(const struct shb_snapshot *a, const struct shb_snapshot *b, char *text,
		      size_t size);

#endif
