// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mirror against the kernel: a zone's lists at a moment, all records up to that moment, and
 * then page by page and block by block. Where they differ, a repair makes the mirror, and each
 * candidate with it, what the kernel is, by records of what must have happened.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "glue/follow.h"
#include "glue/import.h"
#include "glue/ring.h"
#include "glue/topology.h"
#include "names.h"
#include "place.h"
#include "state.h"
#include "traffic/mirror.h"

/* What an audit found in a zone. */
struct finding {
	unsigned long	free_there;	/* pages free in the kernel only */
	unsigned long	free_here;	/* pages free in the mirror only */
	unsigned long	blocks;		/* free blocks that differ, over all orders */
};

static void compare_blocks(const struct shb_zone *there, const struct shb_zone *here,
			   struct finding *found)
{
	int order, type;
	long a, b;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (a = b = type = 0; type < SHB_ISOLATE; type++) {
			a += there->buddy.blocks[type][order];
			b += here->buddy.blocks[type][order];
		}
		found->blocks += a > b ? a - b : b - a;
	}
}

/* One page on which they differ: say that what must have happened did. */
static void mend(struct shb_follow *f, const struct shb_zone *here, u32 i, bool free_there)
{
	struct shb_record r = {
		.stamp = f->t->last, .pfn = shb_pfn_of(here, i), .arg = 1, .cpu = SHB_NO_CPU,
		.kind = free_there ? SHB_REC_FREE : SHB_REC_CONTIG, .node = here->nid,
	};

	shb_follow_deliver(f, &r);
	f->repaired++;
}

static void compare_pages(struct shb_follow *f, const struct shb_zone *there,
			  const struct shb_zone *here, struct finding *found, bool repair)
{
	bool a, b;
	u32 i;

	for (i = 0; i < here->extent.nr_frames; i++) {
		if (!(i % SHB_GRANULE_PAGES))
			cond_resched();
		a = !shb_place_count_used(there, i, 0);
		b = !shb_place_count_used(here, i, 0);
		if (a == b)
			continue;
		found->free_there += a;
		found->free_here += b;
		if (repair)
			mend(f, here, i, a);
	}
}

/* A zone's lists as they are now, in a state of their own, and the mirror at the same moment. */
static int look(struct shb_follow *f, struct shb_state *s, int id, bool repair, struct finding *found)
{
	struct shb_zone *there = s->zones[id], *here = f->t->mirror->zones[id];
	struct zone *zone = shb_follow_zone(here);
	struct shb_record settle = { .kind = SHB_REC_NOTE, .order = SHB_NOTE_SETTLE, .arg = 1 };
	struct shb_snapshot m = { };
	int err = zone ? shb_import_init(&m, zone) : -EAGAIN;

	if (!err)
		err = shb_import_take(&m, zone, shb_clock_read);
	if (!err)
		err = shb_snapshot_apply(&m, there);
	if (!err) {
		shb_mirror_init(s);
		shb_follow_read(f, m.taken);
		settle.stamp = f->t->last;
		shb_follow_deliver(f, &settle);
		compare_pages(f, there, here, found, repair);
		compare_blocks(there, here, found);
	}
	shb_snapshot_free(&m);
	return err;
}

static int audit(struct shb_follow *f, bool repair, char *said, size_t size)
{
	struct shb_state *s = shb_topology_image(f->t->mirror->profile);
	int id, n = 0, err = PTR_ERR_OR_ZERO(s);

	if (!err && !shb_topology_is_alike(s, f->t->mirror))
		err = -EAGAIN;
	mutex_lock(&f->reading);
	for (id = 0; !err && id < f->t->mirror->nr_zones; id++) {
		struct finding found = { };
		const struct shb_zone *z = f->t->mirror->zones[id];

		err = look(f, s, id, repair, &found);
		if (!err)
			n += scnprintf(said + n, size - n,
				       "node %d zone %s: %lu pages free in the kernel only, %lu in the mirror only, %lu blocks differ\n",
				       z->nid, shb_kind_name(z->kind), found.free_there,
				       found.free_here, found.blocks);
	}
	mutex_unlock(&f->reading);
	if (!IS_ERR(s))
		shb_state_destroy(s);
	return err;
}

/**
 * shb_follow_audit() - hold the mirror against the kernel's lists
 * @repair: make it equal where it is not
 * @said: a line for each zone, out
 *
 * Pages that are on their way between an event and a list count as differences: exact on a
 * machine at rest. Blocks are compared after the repair.
 *
 * Context: process context, sleeps. Holds each zone's locks for as long as its lists are.
 * Return: 0, -ENODEV while nothing is followed, -ENOMEM, or -EAGAIN: zones came or went.
 */
int shb_follow_audit(struct shb_follow *f, bool repair, char *said, size_t size)
{
	int err = -ENODEV;

	mutex_lock(&f->lock);
	if (f->t)
		err = audit(f, repair, said, size);
	mutex_unlock(&f->lock);
	return err;
}
