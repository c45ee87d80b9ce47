// SPDX-License-Identifier: GPL-2.0-only
/*
 * A state with the kernel's own lists that is asked first, and then made what the kernel is:
 *
 *     the kernel hands out page 7    what would we?   7   a hit
 *                                                     5   a miss: 5 goes back to where it was,
 *                                                         7 is taken from wherever it is
 *
 * So it has out exactly what the kernel has out, at any time, but per-cpu lists of its own. When
 * the kernel fills and empties its lists is what it knows least. Either it decides that, too,
 * and notices afterwards; or it is told block by block (evidence), and then does nothing of it
 * by itself.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "drain.h"
#include "place.h"
#include "serve.h"
#include "traffic/candidate.h"
#include "traffic/mirror.h"
#include "traffic/predictor.h"
#include "zones.h"

/**
 * shb_predictor_init() - nothing has been asked yet
 * @s: state with the kernel's lists in it, of which the predictor is the only user
 */
void shb_predictor_init(struct shb_predictor *p, struct shb_state *s)
{
	memset(p, 0, sizeof(*p));
	p->s = s;
}

/* --- a block on a per-cpu list ------------------------------------------------------------------ */

/* Whose list it is on: it leads to its root. What is looked for is near one of its ends. */
static struct shb_pcp *pcp_of(const struct shb_zone *z, u32 i, int *list)
{
	u32 down = i, up = i, root;

	while (down < z->roots && up < z->roots) {
		down = z->frames[down].next;
		up = z->frames[up].prev;
	}
	root = max(down, up) - z->roots - SHB_NR_TYPES * SHB_TYPE_ROOTS;
	*list = root % SHB_PCP_ROOTS;
	return &z->pcps[root / SHB_PCP_ROOTS];
}

static void take_off_list(struct shb_zone *z, u32 i)
{
	int list;
	struct shb_pcp *pcp = pcp_of(z, i, &list);

	shb_pcp_take(z, pcp, list, i, z->frames[i].order);
}

/* A used block goes to one end of a list; nothing is trimmed. */
static void put_on_list(struct shb_zone *z, struct shb_pcp *pcp, u32 i, int type, bool head)
{
	struct shb_frame *frames = z->frames;
	int order = frames[i].order, list = shb_pcp_list(z, order, type);
	u32 root = pcp->roots + list;

	if (head)
		shb_link(frames, i, root, frames[root].next);
	else
		shb_link(frames, i, frames[root].prev, root);
	shb_frame_set(&frames[i], order, type, SHB_FRAME_PCP);
	pcp->nr[list]++;
	pcp->count += 1 << order;
}

/* @type: of the list it goes to, where that need not be its pageblock's. */
static void list_to_buddy(struct shb_zone *z, u32 i, int type)
{
	unsigned long irq;

	take_off_list(z, i);
	if (z->rules.buddy->lists_follow_blocks)
		type = shb_block_type(z, i);
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_put(z, i, z->frames[i].order, type, SHB_FPI_NONE);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/* Whatever of a place is on per-cpu lists leaves them. */
static void place_to_buddy(struct shb_zone *z, u32 i, int order)
{
	u32 end = i + (1U << order), head;

	while (i < end) {
		head = shb_place_head(z, i);
		if (z->frames[head].state == SHB_FRAME_PCP)
			list_to_buddy(z, head, shb_block_type(z, head));
		head = shb_place_head(z, i);
		i = head + (1U << z->frames[head].order);
	}
}

/* One particular block that is free, wherever it is, becomes a used one. */
static void take(struct shb_predictor *p, struct shb_zone *z, u32 i, int order)
{
	if (z->frames[i].state == SHB_FRAME_PCP && z->frames[i].order == order) {
		take_off_list(z, i);
		return;
	}
	place_to_buddy(z, i, order);
	p->faults += !shb_mirror_take(p->s, shb_pfn_of(z, i), order);
}

/* --- asked, and corrected ------------------------------------------------------------------------- */

/* What was said and not taken goes back to where it came from. */
static void put_back(struct shb_predictor *p, const struct shb_request *q, unsigned long said)
{
	int type = shb_gfp_type(q->gfp);
	bool again = said == p->passed;
	struct shb_zone *z;
	unsigned long irq;
	u32 i = 0;

	z = shb_zone_of(p->s, said, &i);
	p->passed = said;
	if (shb_order_on_pcp(&p->s->rules, q->order) && !again) {
		put_on_list(z, &z->pcps[q->cpu], i, type, true);
		return;
	}
	/* Passed over twice: the kernel does not have it on that list. */
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_place_free(z, i, q->order);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

static enum shb_miss explain(const struct shb_zone *z, u32 i, const struct shb_request *q,
			     const struct shb_zone *zone_said)
{
	int list;
	u32 prev = z->frames[i].prev;

	if (z != zone_said)
		return zone_said ? SHB_MISS_ZONE : SHB_MISS_NOTHING;
	if (z->frames[i].state != SHB_FRAME_PCP || z->frames[i].order != q->order)
		return SHB_MISS_BUDDY;
	if (pcp_of(z, i, &list) != &z->pcps[q->cpu] ||
	    list != shb_pcp_list(z, q->order, shb_gfp_type(q->gfp)))
		return SHB_MISS_LIST;
	return prev >= z->roots || z->frames[prev].prev >= z->roots ? SHB_MISS_SECOND : SHB_MISS_DEEPER;
}

static void empty_list(struct shb_zone *z, u32 root)
{
	u32 i;

	while ((i = z->frames[root].prev) != root)
		list_to_buddy(z, i, z->frames[i].type);
}

/* A free block of the buddy comes to the front of a list. Return: it was one. */
static bool bring(struct shb_predictor *p, struct shb_zone *z, struct shb_pcp *pcp, u32 i,
		  const struct shb_request *q)
{
	if (z->frames[shb_place_head(z, i)].state != SHB_FRAME_FREE ||
	    shb_place_count_used(z, i, q->order))
		return false;
	take(p, z, i, q->order);
	put_on_list(z, pcp, i, shb_gfp_type(q->gfp), true);
	return true;
}

/*
 * The block is on the kernel's list, and in our buddy: that list was filled when ours was not.
 * What follows in the free block, up to a batch, came along and is next:
 *
 *     free block   | 40 | 41 | 42 | 43 | ..      42 taken: 43 .. come before what is on ours
 *
 * Where lists size themselves, ours may have become longer than the kernel's; one that began with
 * a larger free block had been empty, so ours is emptied. And if the last block was the one
 * behind this, they lie as they came back one by one, and what is before comes next: 43, 42
 * taken: 41 40.
 */
static void take_with_batch(struct shb_predictor *p, struct shb_zone *z, u32 i,
			    const struct shb_request *q)
{
	struct shb_pcp *pcp = &z->pcps[q->cpu];
	u32 size = 1U << q->order, batch = max(pcp->batch >> q->order, 2) * size;
	u32 head = shb_place_head(z, i), first, next;
	bool down = p->last == shb_pfn_of(z, i) + size;

	p->last = shb_pfn_of(z, i);
	if (!down && z->rules.pcp->auto_high && i == head && z->frames[i].order > q->order)
		empty_list(z, pcp->roots + shb_pcp_list(z, q->order, shb_gfp_type(q->gfp)));
	head = shb_place_head(z, i);
	next = min(head + (1U << z->frames[head].order), i + batch);
	take(p, z, i, q->order);
	if (down) {
		for (first = i; first >= size && i - first < batch &&
		     z->frames[shb_place_head(z, first - size)].state == SHB_FRAME_FREE; first -= size)
			;
		for (; first < i && bring(p, z, pcp, first, q); first += size)
			;
		return;
	}
	for (; next > i + size && bring(p, z, pcp, next - size, q); next -= size)
		;
}

/* The kernel's list begins with this block: what is before it there has gone back, unseen. */
static void cut_list_before(struct shb_zone *z, u32 i)
{
	u32 prev;

	while ((prev = z->frames[i].prev) < z->roots)
		list_to_buddy(z, prev, z->frames[prev].type);
}

static enum shb_miss correct(struct shb_predictor *p, const struct shb_request *q, unsigned long said,
			     unsigned long pfn)
{
	struct shb_zone *z, *zone_said = NULL;
	enum shb_miss why;
	u32 i = 0, k;

	z = shb_zone_of(p->s, pfn, &i);
	if (said != SHB_NO_PFN) {
		zone_said = shb_zone_of(p->s, said, &k);
		put_back(p, q, said);
	}
	why = explain(z, i, q, zone_said);
	if (why == SHB_MISS_DEEPER)
		cut_list_before(z, i);
	if (why == SHB_MISS_BUDDY && shb_order_on_pcp(&p->s->rules, q->order) && !p->evidence)
		take_with_batch(p, z, i, q);
	else
		take(p, z, i, q->order);
	return why;
}

/**
 * shb_predictor_alloc() - the kernel handed a block out: was it the one we say?
 * @r: who asked for what
 * @pfn: first page of a block that was free
 *
 * Context: nobody else uses the predictor's state.
 */
void shb_predictor_alloc(struct shb_predictor *p, const struct shb_record *r, unsigned long pfn,
			 int order)
{
	struct shb_request q = shb_record_request(p->s, r, order);
	int type = shb_gfp_type(q.gfp);
	unsigned long said;

	if (unlikely(type >= SHB_PCPTYPES)) {	/* a mask that makes no sense: nobody can say */
		shb_predictor_hold(p, pfn, order);
		return;
	}
	said = shb_serve(p->s, q, NULL);
	p->asked[order][type]++;
	if (likely(said == pfn))
		p->hits[order][type]++;
	else
		p->misses[correct(p, &q, said, pfn)]++;
	if (q.gfp & __GFP_MOVABLE)
		shb_set_movable(p->s, pfn, order, true);
}

/**
 * shb_predictor_fail() - a request got nothing; what the kernel tried for it is tried here
 */
void shb_predictor_fail(struct shb_predictor *p, const struct shb_record *r)
{
	struct shb_request q = shb_record_request(p->s, r, r->order);
	unsigned long said = shb_serve(p->s, q, NULL);

	if (said != SHB_NO_PFN)
		put_back(p, &q, said);
}

/**
 * shb_predictor_hold() - a block was taken that nobody asked for in the ordinary way
 */
void shb_predictor_hold(struct shb_predictor *p, unsigned long pfn, int order)
{
	struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(p->s, pfn, &i);
	take(p, z, i, order);
}

/**
 * shb_predictor_free() - the kernel got a block back, or a part of one
 * @pfn: first page of a block that was all in use
 *
 * Context: as shb_predictor_alloc().
 */
void shb_predictor_free(struct shb_predictor *p, const struct shb_record *r, unsigned long pfn,
			int order)
{
	struct shb_zone *z;
	unsigned long irq;
	u32 i = 0;

	z = shb_zone_of(p->s, pfn, &i);
	if (unlikely(!shb_is_used_block(z, i, order))) {
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_place_shape(z, i, order);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
	p->faults += shb_give_back(p->s, pfn, order, r->cpu < p->s->topo.nr_cpus ? r->cpu : 0, 0,
				   false) != SHB_FREE_OK;
}

/* --- told --------------------------------------------------------------------------------------------- */

/* Nothing leaves the lists by itself. */
static int no_excess(struct shb_zone *z, struct shb_pcp *pcp, bool free_high)
{
	return -1;
}

/* An empty list of ours is one block behind the kernel's. */
static int one_block(struct shb_zone *z, struct shb_pcp *pcp, int order)
{
	return 1;
}

static void begin_evidence(struct shb_predictor *p)
{
	struct shb_zone *z;
	int n;

	p->evidence = true;
	p->told = *p->s->rules.pcp;
	p->told.excess = no_excess;
	p->told.refill = one_block;
	shb_for_each_zone(p->s, z, n)
		z->rules.pcp = &p->told;
}

/* The block the buddy would give, without looking at other types' lists. */
static u32 next_of_buddy(const struct shb_zone *z, int order, int type)
{
	for (; order < SHB_NR_ORDERS; order++)
		if (z->buddy.blocks[type][order])
			return shb_zone_first(z, order, type);
	return SHB_NONE;
}

static void take_for_refill(struct shb_predictor *p, struct shb_zone *z, u32 i, int order, int type)
{
	unsigned long irq;

	p->refills++;
	if (next_of_buddy(z, order, type) != i) {
		take(p, z, i, order);
		return;
	}
	p->foreseen++;
	raw_spin_lock_irqsave(&z->lock, irq);
	shb_zone_take(z, order, type);
	raw_spin_unlock_irqrestore(&z->lock, irq);
}

/* CMA pages fill lists of movable ones. */
static void refill(struct shb_predictor *p, struct shb_zone *z, u32 i, const struct shb_record *r)
{
	int list_type = r->arg == SHB_CMA ? SHB_MOVABLE : r->arg;

	if (list_type < 0 || list_type >= SHB_PCPTYPES || r->cpu >= p->s->topo.nr_cpus ||
	    shb_place_count_used(z, i, r->order))
		return;
	take_for_refill(p, z, i, r->order, r->arg);
	put_on_list(z, &z->pcps[r->cpu], i, list_type, false);
}

static void drained(struct shb_zone *z, u32 i, const struct shb_record *r)
{
	if (z->frames[i].state == SHB_FRAME_PCP && z->frames[i].order == r->order)
		list_to_buddy(z, i, r->arg < SHB_PCPTYPES ? r->arg : shb_block_type(z, i));
}

/**
 * shb_predictor_tell() - a block went from the buddy to a list, or back
 * @r: SHB_REC_REFILL or SHB_REC_DRAIN of a block that there is
 *
 * From the first on, none is decided any more.
 *
 * Context: as shb_predictor_alloc().
 */
void shb_predictor_tell(struct shb_predictor *p, const struct shb_record *r)
{
	struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(p->s, r->pfn, &i);
	if (unlikely(!p->evidence))
		begin_evidence(p);
	if (r->kind == SHB_REC_REFILL)
		refill(p, z, i, r);
	else
		drained(z, i, r);
}

/**
 * shb_predictor_tick() - a second has passed on the kernel's machine
 *
 * Context: as shb_predictor_alloc(); process context.
 */
void shb_predictor_tick(struct shb_predictor *p)
{
	if (!p->evidence)
		shb_drain_tick(p->s);
	shb_end_boosts(p->s);
}
