// SPDX-License-Identifier: GPL-2.0-only
/*
 * The naive allocator random runs are compared with. Written from the rules alone,
 * with nothing in common with the real one: one byte a frame that says what it is,
 * lists as plain arrays that are shifted, everything found by walking.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "oracle.h"

static void o_add(struct oracle *o, int i, int order, int type, bool tail)
{
	struct oracle_list *l = &o->lists[order][type];

	if (!tail)
		memmove(l->at + 1, l->at, l->nr * sizeof(l->at[0]));
	l->at[tail ? l->nr : 0] = i;
	l->nr++;
	o->byte[i] = order + 1;
	o->list_of[i] = type;
}

static void o_del(struct oracle *o, int i)
{
	struct oracle_list *l = &o->lists[o->byte[i] - 1][o->list_of[i]];
	int k = 0;

	while (l->at[k] != i)
		k++;
	memmove(l->at + k, l->at + k + 1, (l->nr - k - 1) * sizeof(l->at[0]));
	l->nr--;
	o->byte[i] = 0;
}

void o_init(struct oracle *o, const struct shb_zone *z)
{
	int i, release = z->state->profile->since;

	memset(o, 0, sizeof(*o));
	o->frames = z->extent.nr_frames;
	o->old = release < 6012;
	o->takes = release < 4010;
	o->joins_reserved = release < 6001;
	o->head = release < 5010;
	o->boosts = release >= 5004;
	o->any_order = release >= 5004 && release < 6001;
	o->spares_highatomic = release >= 6012 && release < 7002;
	o->high = z->marks.watermark[SHB_WMARK_HIGH];
	memset(o->type, SHB_MOVABLE, sizeof(o->type));
	for (i = 0; i < o->frames; i += 1024)
		o_add(o, i, 10, SHB_MOVABLE, !o->head);
	/* MIN of a small zone asks for one pageblock, the first. */
	if (o->takes) {
		o->type[0] = SHB_HIGHATOMIC;
		o_del(o, 0);
		o_add(o, 0, 10, SHB_HIGHATOMIC, false);
	}
}

/* May two pageblocks of these types become one block? */
static bool o_joins(const struct oracle *o, int a, int b)
{
	if (a == b)
		return true;
	if (o->joins_reserved)
		return a != SHB_ISOLATE && b != SHB_ISOLATE;
	return a <= 2 && b <= 2;
}

static void o_put(struct oracle *o, int i, int order, int type)
{
	int buddy, parent;

	for (; order < 10; order++) {
		buddy = i ^ (1 << order);
		if (o->byte[buddy] != order + 1)
			break;
		if (order == 9 && !o_joins(o, type, o->type[buddy / 512]))
			break;
		o_del(o, buddy);
		if (order == 9 && !o->old)
			o->type[buddy / 512] = type;
		i = min(i, buddy);
	}
	parent = i & ~(1 << order);
	o_add(o, i, order, type, order <= 8 && o->byte[parent ^ (2 << order)] == order + 2);
}

void o_free(struct oracle *o, int i, int order)
{
	memset(o->movable + i, 0, 1 << order);
	if (order == 10 && !o->old) {
		o_put(o, i, 9, o->type[i / 512]);
		o_put(o, i + 512, 9, o->type[i / 512 + 1]);
	} else {
		o_put(o, i, order, o->type[i / 512]);
	}
}

static void o_expand(struct oracle *o, int i, int high, int low, int type)
{
	while (high-- > low)
		o_add(o, i + (1 << high), high, type, false);
}

static int o_smallest(struct oracle *o, int order, int type)
{
	int cur, i;

	for (cur = order; cur <= 10; cur++) {
		if (!o->lists[cur][type].nr)
			continue;
		i = o->lists[cur][type].at[0];
		o_del(o, i);
		o_expand(o, i, cur, order, type);
		return i;
	}
	return -1;
}

static int o_fallback(struct oracle *o, int cur, int type)
{
	static const int table[3][2] = { { 2, 1 }, { 2, 0 }, { 0, 1 } };

	if (o->lists[cur][table[type][0]].nr)
		return table[type][0];
	return o->lists[cur][table[type][1]].nr ? table[type][1] : -1;
}

static void o_boost(struct oracle *o)
{
	long limit = o->high * 15000 / 10000;

	if (!o->boosts || o->frames < 2048 || !limit)
		return;
	o->boost = min(o->boost + 512, max(limit, 512L));
}

/* Free and movable pages of a pageblock, page by page. */
static void o_count(struct oracle *o, int block, int *free, int *movable)
{
	int i, left = 0;

	*free = *movable = 0;
	for (i = block * 512; i < block * 512 + 512; i++) {
		if (o->byte[i])
			left = 1 << (o->byte[i] - 1);
		if (left > 0) {
			(*free)++;
			left--;
		} else {
			*movable += o->movable[i];
		}
	}
}

static void o_move(struct oracle *o, int i, int type)
{
	int order = o->byte[i] - 1;

	o_del(o, i);
	o_add(o, i, order, type, !o->head);
}

static void o_move_block(struct oracle *o, int block, int type)
{
	int i;

	for (i = block * 512; i < block * 512 + 512; i++)
		if (o->byte[i])
			o_move(o, i, type);
}

static bool o_suits(struct oracle *o, int i, int type)
{
	int free, movable, alike = 0;

	o_count(o, i / 512, &free, &movable);
	if (type == SHB_MOVABLE)
		alike = movable;
	else if (o->type[i / 512] == SHB_MOVABLE)
		alike = 512 - free - movable;
	return free + alike >= 256;
}

static bool o_worth(int cur, int type)
{
	return cur >= 4 || type != SHB_MOVABLE;
}

static int o_claim(struct oracle *o, int order, int type, int min_order)
{
	int cur, from, i;

	for (cur = 10; cur >= min_order; cur--) {
		from = o_fallback(o, cur, type);
		if (from < 0)
			continue;
		if (!o_worth(cur, type))
			return -1;
		i = o->lists[cur][from].at[0];
		if (o->spares_highatomic && o->type[i / 512] == SHB_HIGHATOMIC)
			continue;
		if (cur >= 9) {
			o_del(o, i);
			o->type[i / 512] = type;
			if (cur == 10)
				o->type[i / 512 + 1] = type;
			o_expand(o, i, cur, order, type);
			return i;
		}
		o_boost(o);
		if (!o_suits(o, i, type))
			continue;
		o_move_block(o, i / 512, type);
		o->type[i / 512] = type;
		return o_smallest(o, order, type);
	}
	return -1;
}

static int o_steal(struct oracle *o, int order, int type)
{
	int cur, from, i;

	for (cur = order; cur <= 10; cur++) {
		from = o_fallback(o, cur, type);
		if (from < 0)
			continue;
		i = o->lists[cur][from].at[0];
		o_del(o, i);
		o_expand(o, i, cur, order, from);
		return i;
	}
	return -1;
}

/* 6.1: bring something to our lists; false when there is nothing. */
static bool o_grab(struct oracle *o, int order, int type, int min_order)
{
	int cur, from = -1, i;
	bool claim;

	for (cur = 10; cur >= min_order; cur--) {
		from = o_fallback(o, cur, type);
		if (from >= 0)
			break;
	}
	if (from < 0)
		return false;
	if (!o_worth(cur, type) && cur > order) {
		for (cur = order; o_fallback(o, cur, type) < 0; cur++)
			;
		from = o_fallback(o, cur, type);
	}
	i = o->lists[cur][from].at[0];
	if (o->type[i / 512] == SHB_HIGHATOMIC) {
		o_move(o, i, type);
		return true;
	}
	if (cur >= 9) {
		o->type[i / 512] = type;
		if (cur == 10)
			o->type[i / 512 + 1] = type;
		o_move(o, i, type);
		return true;
	}
	o_boost(o);
	if (!o_worth(cur, type)) {
		o_move(o, i, type);
		return true;
	}
	claim = o_suits(o, i, type);
	o_move_block(o, i / 512, type);
	if (claim)
		o->type[i / 512] = type;
	return true;
}

/* 4.1: the largest foreign block; its rest, perhaps with its pageblock, is ours. */
static int o_take_over(struct oracle *o, int order, int type)
{
	int cur, from, i, k, before;

	for (cur = 10; cur >= order; cur--) {
		from = o_fallback(o, cur, type);
		if (from < 0)
			continue;
		i = o->lists[cur][from].at[0];
		if (cur >= 9) {
			for (k = 0; k < 1 << (cur - 9); k++)
				o->type[i / 512 + k] = type;
		} else if (o_worth(cur, type)) {
			before = 0;
			for (k = i & ~511; k < (i & ~511) + 512; k++)
				before += o->byte[k] ? 1 << (o->byte[k] - 1) : 0;
			o_move_block(o, i / 512, type);
			if (before >= 256)
				o->type[i / 512] = type;
		}
		o_del(o, i);
		o_expand(o, i, cur, order, type);
		return i;
	}
	return o_smallest(o, order, SHB_HIGHATOMIC);
}

/* @stolen: mode of a refill, starts false; set once it had to steal. */
int o_take(struct oracle *o, int order, int type, bool nofragment, bool *stolen)
{
	int min_order = nofragment && (order < 9 || o->any_order) ? 9 : order;
	int i;

	if (o->takes) {
		i = o_smallest(o, order, type);
		return i < 0 ? o_take_over(o, order, type) : i;
	}
	if (o->old) {
		while ((i = o_smallest(o, order, type)) < 0)
			if (!o_grab(o, order, type, min_order))
				return -1;
		return i;
	}
	if (!*stolen) {
		i = o_smallest(o, order, type);
		if (i < 0)
			i = o_claim(o, order, type, min_order);
		if (i >= 0)
			return i;
	}
	i = nofragment ? -1 : o_steal(o, order, type);
	if (i >= 0)
		*stolen = true;
	return i;
}

/* Every list in order, every pageblock type, the boost. */
void o_compare(struct kunit *test, const struct oracle *o, const struct shb_zone *z)
{
	int order, type, k;
	u32 i;

	for (order = 0; order < SHB_NR_ORDERS; order++) {
		for (type = 0; type < SHB_NR_TYPES; type++) {
			const struct oracle_list *l = &o->lists[order][type];

			KUNIT_ASSERT_EQ(test, l->nr, z->buddy.blocks[type][order]);
			i = shb_zone_root(z, order, type);
			for (k = 0; k < l->nr; k++) {
				i = z->frames[i].next;
				KUNIT_ASSERT_EQ(test, l->at[k], i);
			}
		}
	}
	for (k = 0; k < o->frames / 512; k++)
		KUNIT_ASSERT_EQ(test, o->type[k], z->pageblocks[k]);
	KUNIT_ASSERT_EQ(test, o->boost, z->marks.boost);
}
