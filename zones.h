/* SPDX-License-Identifier: GPL-2.0-only */
/* Buddy of one zone; the rules stand in zones.c. */
#ifndef SHB_ZONES_H
#define SHB_ZONES_H

#include "types.h"

/* What a pageblock holds. */
struct shb_block_count {
	int free;	/* pages on free lists */
	int movable;	/* pages in used blocks marked movable */
};

size_t shb_zone_nr_roots(int nr_cpus);
void shb_zone_forget_hints(struct shb_zone *z);
void shb_zone_init(struct shb_zone *z, bool absent);

u32 shb_zone_take(struct shb_zone *z, int order, int type);
int shb_zone_take_list(struct shb_zone *z, u32 root, int order, int type, int wanted);
u32 shb_zone_take_block(struct shb_zone *z, u32 i, int order);
u32 shb_zone_take_picked(struct shb_zone *z, u32 i, int order);
void shb_zone_retake(struct shb_zone *z, u32 i, int order, int type);
void shb_zone_retake_as(struct shb_zone *z, u32 i, int order, int type);
void shb_zone_put(struct shb_zone *z, u32 i, int order, int type, int fpi);
void shb_zone_put_asking(struct shb_zone *z, u32 i, int order, int type, int fpi, int cpu);
void shb_zone_set_asked(struct shb_zone *z);
void shb_zone_free(struct shb_zone *z, u32 i, int order, int type, int fpi);
void shb_zone_move(struct shb_zone *z, u32 i, int type);
void shb_zone_moved(struct shb_zone *z);
int shb_zone_move_pageblock(struct shb_zone *z, u32 i, int type);
void shb_zone_count_pageblock(const struct shb_zone *z, u32 i, struct shb_block_count *c);
void shb_zone_set_types(struct shb_zone *z, u32 i, int order, int type);
void shb_zone_make_cma(struct shb_zone *z);
void shb_zone_release(struct shb_zone *z, u32 i, int order, int fpi);
bool shb_zone_reset_granule(struct shb_zone *z, u32 g);

/* Index of the root of list (order, type). A split walks the orders of one type. */
static inline u32 shb_zone_root(const struct shb_zone *z, int order, int type)
{
	return z->roots + type * SHB_TYPE_ROOTS + order;
}

/* First block of a list; only meaningful when the list is not empty. */
static inline u32 shb_zone_first(const struct shb_zone *z, int order, int type)
{
	return z->frames[shb_zone_root(z, order, type)].next;
}

#define SHB_CPU_OF_NOBODY	(-1)

/* One block, by whoever has a say; @cpu frees it. Holds z->lock. */
static inline void shb_zone_put_back(struct shb_zone *z, u32 i, int order, int type, int fpi, int cpu)
{
	if (unlikely(z->asks))
		shb_zone_put_asking(z, i, order, type, fpi, cpu);
	else
		shb_zone_put(z, i, order, type, fpi);
}

/* List surgery on frame indices. Roots are frames too, so no list has an end to test for. */
static inline void shb_link(struct shb_frame *frames, u32 i, u32 prev, u32 next)
{
	frames[i].prev = prev;
	frames[i].next = next;
	frames[prev].next = i;
	frames[next].prev = i;
}

static inline void shb_unlink(struct shb_frame *frames, u32 i)
{
	u32 prev = frames[i].prev, next = frames[i].next;

	frames[prev].next = next;
	frames[next].prev = prev;
}

static inline void shb_list_init(struct shb_frame *frames, u32 root)
{
	frames[root].prev = root;
	frames[root].next = root;
}

/* Order and state in one look; see struct shb_frame. */
static inline bool shb_is_free_block(const struct shb_zone *z, u32 i, int order)
{
	return (z->frames[i].word & 0xff00ff) == (order | SHB_FRAME_FREE << 16);
}

/* Write the head of a block; order, type, state and flags in one store. */
static inline void shb_frame_set(struct shb_frame *f, int order, int type, int state)
{
	f->word = order | (u32)type << 8 | (u32)state << 16;
}

#endif
