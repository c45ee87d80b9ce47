// SPDX-License-Identifier: GPL-2.0-only
/*
 * What commands do. A line that fails half-way is undone:
 *
 *     alloc tag=a [order=3] [gfp=GFP_KERNEL] [node=0] [nodes=0,1] [count=16] [cpu=1] [cold]
 *     free tag=a [order=3] [pfn=0x1234] [count=8] [cpu=1] [cold]
 *     movable tag=a [off]         split tag=a
 *     isolate pfn=0x1200          unisolate pfn=0x1200
 *     drain [cpu=1]               tick
 *     kswapd node=0 [off]         compact [node=0] [cpu=1]        (moving.c)
 *     set min_free_kbytes=4096    set lowmem_reserve_ratio=256,256,32
 *     reset                       help
 *     profile linux-5.4           fail probability=10 times=-1 min-order=0    fail off
 * Those about following the live kernel are in following.c.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "become.h"
#include "ctl/internal.h"
#include "drain.h"
#include "fail.h"
#include "host.h"
#include "isolate.h"
#include "pressure/slowpath.h"
#include "profiles/profiles.h"
#include "serve.h"
#include "tune.h"
#include "zones.h"

/* At once, or not at all. */
static unsigned long alloc_now(const struct shb_command *c, struct shb_request r)
{
	struct shb_state *s = c->ctl->s;
	unsigned long pfn;

	r.cpu = s->host->pin(c->cpu);
	if (shb_command_has(c, SHB_COLD))
		pfn = shb_alloc(s, r.gfp, r.order, r.nid, r.nodemask, r.cpu, r.owner, SHB_BY_COLD);
	else
		pfn = shb_serve(s, r, NULL);
	s->host->unpin();
	return pfn;
}

/* A request that may wait does, unless it has to stay on a cpu. */
static unsigned long alloc_one(const struct shb_command *c, const struct shb_relief *relief)
{
	struct shb_state *s = c->ctl->s;
	const struct shb_request r = {
		.gfp = c->gfp, .order = c->order, .nid = c->node, .owner = _THIS_IP_, .cpu = c->cpu,
		.nodemask = shb_command_has(c, SHB_NODES) ? &c->nodes : NULL,
	};
	unsigned long pfn;

	if (shb_may_wait(s, c->gfp) && !shb_command_has(c, SHB_CPU) && !shb_command_has(c, SHB_COLD))
		pfn = shb_alloc_waiting(s, &r, relief);
	else
		pfn = alloc_now(c, r);
	if (pfn != SHB_NO_PFN && (c->gfp & __GFP_ZERO) && s->pages)
		s->pages->zero(pfn, c->order);
	return pfn;
}

static int free_one(const struct shb_command *c, const struct shb_tag_block *b)
{
	struct shb_state *s = c->ctl->s;
	int cpu = s->host->pin(c->cpu);
	int why;

	if (shb_command_has(c, SHB_COLD))
		why = shb_free_cold(s, b->pfn, b->order, cpu, _THIS_IP_);
	else
		why = shb_give_back(s, b->pfn, b->order, cpu, _THIS_IP_, shb_is_shared(s, b->pfn));
	s->host->unpin();
	return why == SHB_FREE_OK ? 0 : -EINVAL;
}

/**
 * shb_verb_undo_alloc() - free the newest blocks of a tag
 * @c: command that allocated them
 * @t: tag
 * @nr: blocks to keep
 *
 * The newest first, so that the lists end as they were as far as that is possible.
 *
 * Context: process context, holds ctl->lock.
 */
void shb_verb_undo_alloc(const struct shb_command *c, struct shb_tag *t, unsigned long nr)
{
	while (t->nr > nr) {
		free_one(c, &t->blocks[--t->nr]);
		cond_resched();
	}
}

/* A hint that later releases do not know. */
static int check_cold(const struct shb_command *c)
{
	if (!shb_command_has(c, SHB_COLD) || c->ctl->s->rules.pcp->cold_ends)
		return 0;
	return shb_ctl_complain(c->ctl, "cold", "expected a profile that knows it, up to linux-4.14");
}

static int check_count(const struct shb_command *c)
{
	struct shb_zone *z;
	unsigned long pages = 0;
	int n;

	shb_for_each_zone(c->ctl->s, z, n)
		pages += z->extent.nr_frames;
	if (!pages)
		return shb_ctl_complain(c->ctl, "alloc", "a model has no memory");
	if (c->count <= pages >> c->order)
		return 0;
	shb_ctl_complain(c->ctl, "count", "more blocks than all zones hold");
	return -ENOMEM;
}

static int do_alloc(const struct shb_command *c)
{
	struct shb_owners owners;
	const struct shb_relief relief = { .mover = &owners.mover };
	unsigned long k, before, pfn;
	struct shb_tag *t;
	int err = check_cold(c) ?: check_count(c);

	if (err)
		return err;
	t = shb_tag_get(c->ctl, c->tag);
	if (!t)
		return -ENOMEM;
	before = t->nr;
	err = shb_tag_reserve(t, c->count);
	shb_ctl_owners_begin(c->ctl, &owners);
	for (k = 0; k < c->count && !err; k++) {
		pfn = alloc_one(c, &relief);
		if (pfn == SHB_NO_PFN) {
			shb_ctl_complain(c->ctl, c->tag, "got %lu of %lu blocks of order %u, gave them back",
				 k, c->count, c->order);
			err = -ENOMEM;
		} else {
			t->blocks[t->nr].pfn = pfn;
			t->blocks[t->nr++].order = c->order;
		}
		if (c->ctl->s->host->interrupted())
			err = -EINTR;
		cond_resched();
	}
	shb_ctl_owners_end(&owners);
	if (err)
		shb_verb_undo_alloc(c, t, before);
	shb_tag_put_empty(t);
	return err;
}

static bool wanted(const struct shb_command *c, const struct shb_tag_block *b)
{
	if (shb_command_has(c, SHB_ORDER) && b->order != c->order)
		return false;
	return !shb_command_has(c, SHB_PFN) || b->pfn == c->pfn;
}

static int do_free(const struct shb_command *c)
{
	struct shb_tag *t = shb_tag_find(c->ctl, c->tag);
	unsigned long from, to = 0, left = shb_command_has(c, SHB_COUNT) ? c->count : SHB_COUNT_MAX, freed = 0;
	int err = check_cold(c);

	if (err)
		return err;
	if (!t)
		return shb_ctl_complain(c->ctl, c->tag, "no such tag; see the file tags");
	for (from = 0; from < t->nr; from++) {
		if (!left || !wanted(c, &t->blocks[from])) {
			t->blocks[to++] = t->blocks[from];
			continue;
		}
		err = free_one(c, &t->blocks[from]) ?: err;
		left--;
		freed++;
		cond_resched();
	}
	t->nr = to;
	shb_tag_put_empty(t);
	if (!freed)
		return shb_ctl_complain(c->ctl, c->tag, "no block of the tag matches");
	return err;
}

static int do_movable(const struct shb_command *c)
{
	struct shb_tag *t = shb_tag_find(c->ctl, c->tag);
	unsigned long k;

	if (!t)
		return shb_ctl_complain(c->ctl, c->tag, "no such tag; see the file tags");
	for (k = 0; k < t->nr; k++)
		shb_set_movable(c->ctl->s, t->blocks[k].pfn, t->blocks[k].order,
				!shb_command_has(c, SHB_OFF));
	return 0;
}

static int do_split(const struct shb_command *c)
{
	struct shb_tag *t = shb_tag_find(c->ctl, c->tag), pages = { };
	unsigned long k, p;
	int err;

	if (!t)
		return shb_ctl_complain(c->ctl, c->tag, "no such tag; see the file tags");
	for (k = 0; k < t->nr; k++)
		pages.room += 1UL << t->blocks[k].order;
	k = pages.room;
	pages.room = 0;
	err = shb_tag_reserve(&pages, k);
	if (err)
		return err;
	memset(pages.blocks, 0, pages.room * sizeof(*pages.blocks));
	for (k = 0; k < t->nr; k++) {
		shb_split(c->ctl->s, t->blocks[k].pfn, t->blocks[k].order);
		for (p = 0; p < 1UL << t->blocks[k].order; p++)
			pages.blocks[pages.nr++].pfn = t->blocks[k].pfn + p;
	}
	kvfree(t->blocks);
	t->blocks = pages.blocks;
	t->nr = pages.nr;
	t->room = pages.room;
	return 0;
}

static int switch_pageblock(const struct shb_command *c, int (*change)(struct shb_zone *z, u32 i),
			    const char *already)
{
	struct shb_zone *z;
	unsigned long irq;
	u32 i = 0;
	int err;

	z = shb_zone_of(c->ctl->s, c->pfn, &i);
	if (!z)
		return shb_ctl_complain(c->ctl, "pfn", "not a page of shadowbuddy; see the file carve");
	raw_spin_lock_irqsave(&z->lock, irq);
	err = change(z, i);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (err)
		shb_ctl_complain(c->ctl, "pfn", "its pageblock is %s", already);
	return err;
}

static int do_isolate(const struct shb_command *c)
{
	return switch_pageblock(c, shb_isolate_pageblock, "isolated already");
}

static int do_unisolate(const struct shb_command *c)
{
	return switch_pageblock(c, shb_unisolate_pageblock, "not isolated");
}

static int do_drain(const struct shb_command *c)
{
	return shb_drain(c->ctl->s, c->cpu, NULL);
}

static int do_tick(const struct shb_command *c)
{
	shb_drain_tick(c->ctl->s);
	return 0;
}

/*
 * As if kswapd of a node ran, or slept again: its zones say so, and that they are being
 * reclaimed, which keeps per-cpu lists short. Nothing is reclaimed.
 */
static int do_kswapd(const struct shb_command *c)
{
	const unsigned long flags = BIT(SHB_ZONE_KSWAPD_RUNS) | BIT(SHB_ZONE_RECLAIM_ACTIVE);
	struct shb_node *node = &c->ctl->s->nodes[c->node];
	int k;

	for (k = 0; k < SHB_NR_KINDS; k++) {
		if (!node->zones[k])
			continue;
		set_mask_bits(&node->zones[k]->flags, flags, shb_command_has(c, SHB_OFF) ? 0 : flags);
	}
	return 0;
}

static int do_reset(const struct shb_command *c)
{
	int err;

	if (!list_empty(&c->ctl->tags))
		return shb_ctl_complain(c->ctl, "reset", "tags are out; free them first");
	err = shb_become_reset(c->ctl->s);
	if (err == -EBUSY)
		shb_ctl_complain(c->ctl, "reset", "pages are out or in quarantine, or somebody came meanwhile; see vmstat");
	if (!err)
		shb_fail_off(c->ctl->s);
	return err;
}

/* Return: 0 or -EINVAL, with an answer. */
static int check_profile(const struct shb_command *c)
{
	if (shb_profile_is_known(c->words))
		return 0;
	return shb_ctl_complain(c->ctl, c->words, "expected " SHB_PROFILE_NAMES ", or a policy that is loaded");
}

static int do_profile(const struct shb_command *c)
{
	const struct shb_profile *p;
	int err;

	p = shb_profile_get(c->words);
	if (!p)
		return check_profile(c);
	err = shb_become(c->ctl->s, p);
	shb_profile_put(p);
	if (err == -EBUSY)
		shb_ctl_complain(c->ctl, "profile", "pages are out or in quarantine; see vmstat");
	else if (err == -EINVAL)
		shb_ctl_complain(c->ctl, "profile", "expected a machine that does not boot");
	return err;
}

static int do_set(const struct shb_command *c)
{
	char error[SHB_TUNE_ERROR];
	int err = shb_become_tuned(c->ctl->s, c->knob, c->value, error);

	if (err == -EINVAL)
		shb_ctl_complain(c->ctl, shb_tune_name(c->knob), "%s (lists joined by commas)", error);
	return err;
}

#define FAIL_WORDS	"NAME=VALUE .., or off alone; the file fail_page_alloc has the names"

/* Return: 0 or -EINVAL, with an answer. */
static int check_fail(const struct shb_command *c)
{
	return *c->words ? 0 : shb_ctl_complain(c->ctl, "fail", "expected " FAIL_WORDS);
}

static int do_fail(const struct shb_command *c)
{
	char bad[SHB_FAIL_WORD];
	const char *accepts;
	int err;

	if (!strcmp(c->words, "off")) {
		shb_fail_off(c->ctl->s);
		return 0;
	}
	err = shb_fail_write(c->ctl->s, c->words, bad, &accepts);
	if (err == -EINVAL)
		shb_ctl_complain(c->ctl, bad, "expected %s", accepts ?: FAIL_WORDS);
	return err;
}

static int do_help(const struct shb_command *c)
{
	shb_ctl_say_help(c->ctl);
	return 0;
}

#define A(word)	BIT(SHB_ ## word)

const struct shb_verb shb_verbs[] = {
	{ "alloc", A(TAG), A(ORDER) | A(GFP) | A(NODE) | A(NODES) | A(COUNT) | A(CPU) | A(COLD), true, do_alloc },
	{ "free", A(TAG), A(ORDER) | A(PFN) | A(COUNT) | A(CPU) | A(COLD), true, do_free },
	{ "movable", A(TAG), A(OFF), false, do_movable },
	{ "split", A(TAG), 0, false, do_split },
	{ "isolate", A(PFN), 0, false, do_isolate },
	{ "unisolate", A(PFN), 0, false, do_unisolate },
	{ "drain", 0, A(CPU), false, do_drain },
	{ "tick", 0, 0, false, do_tick },
	{ "compact", 0, A(NODE) | A(CPU), false, shb_verb_compact },
	{ "kswapd", A(NODE), A(OFF), false, do_kswapd },
	{ "set", A(KNOB), 0, false, do_set },
	{ "reset", 0, 0, false, do_reset },
	{ "profile", 0, 0, false, do_profile, "NAME", check_profile },
	{ "candidate", 0, 0, false, shb_verb_candidate, "NAME [PROFILE] [TUNABLE=VALUE].. [off]",
	  shb_verb_check_candidate },
	{ "follow", 0, 0, false, shb_verb_follow, "on|record [predict] [evidence] [TUNABLE=VALUE].. or off|audit|repair",
	  shb_verb_check_follow },
	{ "fail", 0, 0, false, do_fail, "NAME=VALUE.. or off", check_fail },
	{ "help", 0, 0, false, do_help },
	{ }
};
