// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands for shells and tests, one a line:
 *
 *     alloc tag=a [order=3] [gfp=GFP_KERNEL] [node=0] [nodes=0,1] [count=16] [cpu=1]
 *     free tag=a [order=3] [pfn=0x1234] [count=8] [cpu=1]
 *     movable tag=a [off]
 *     split tag=a
 *     isolate pfn=0x1200          unisolate pfn=0x1200
 *     drain [cpu=1]               tick
 *     kswapd node=0 [off]
 *     set min_free_kbytes=4096    set lowmem_reserve_ratio=256,256,32
 *     reset
 *
 * A tag is a name for blocks that were allocated through here, in the order they
 * came. All lines are parsed before the first runs; a line that fails half-way is
 * undone, and the lines behind it do not run. Empty lines and # lines are skipped.
 */
#include <linux/bitops.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "alloc.h"
#include "cpu.h"
#include "ctl.h"
#include "names.h"
#include "spec.h"
#include "state.h"
#include "tune.h"
#include "zones.h"

#define TAG_NAME	32
#define COUNT_MAX	(1UL << 26)

struct block {
	unsigned long	pfn;
	unsigned int	order;
};

struct tag {
	struct list_head	link;
	char			name[TAG_NAME];
	struct block		*blocks;
	unsigned long		nr, room;
};

enum verb { ALLOC, FREE, MOVABLE, SPLIT, ISOLATE, UNISOLATE, DRAIN, TICK, KSWAPD, SET, RESET,
	    NR_VERBS };

enum argument {
	A_TAG = BIT(0), A_ORDER = BIT(1), A_GFP = BIT(2), A_NODE = BIT(3), A_NODES = BIT(4),
	A_COUNT = BIT(5), A_CPU = BIT(6), A_PFN = BIT(7), A_OFF = BIT(8), A_KNOB = BIT(9),
};

static const struct {
	const char	*name;
	unsigned int	needs, takes;
} verbs[NR_VERBS] = {
	[ALLOC]		= { "alloc", A_TAG, A_ORDER | A_GFP | A_NODE | A_NODES | A_COUNT | A_CPU },
	[FREE]		= { "free", A_TAG, A_ORDER | A_PFN | A_COUNT | A_CPU },
	[MOVABLE]	= { "movable", A_TAG, A_OFF },
	[SPLIT]		= { "split", A_TAG },
	[ISOLATE]	= { "isolate", A_PFN },
	[UNISOLATE]	= { "unisolate", A_PFN },
	[DRAIN]		= { "drain", 0, A_CPU },
	[TICK]		= { "tick" },
	[KSWAPD]	= { "kswapd", A_NODE, A_OFF },
	[SET]		= { "set", A_KNOB },
	[RESET]		= { "reset" },
};

struct command {
	enum verb	verb;
	unsigned int	given;		/* enum argument */
	char		tag[TAG_NAME];
	unsigned int	order;
	gfp_t		gfp;
	int		node;
	nodemask_t	nodes;
	unsigned long	count;
	int		cpu;
	unsigned long	pfn;
	int		knob;
	const char	*value;
	struct shb_ctl	*ctl;
};

/**
 * shb_ctl_init() - no tags yet
 * @ctl: out
 * @s: state the commands work on
 */
void shb_ctl_init(struct shb_ctl *ctl, struct shb_state *s)
{
	mutex_init(&ctl->lock);
	INIT_LIST_HEAD(&ctl->tags);
	ctl->s = s;
}

/* --- tags --------------------------------------------------------------------------------------- */

static struct tag *tag_find(struct shb_ctl *ctl, const char *name)
{
	struct tag *t;

	list_for_each_entry(t, &ctl->tags, link)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

static struct tag *tag_get(struct shb_ctl *ctl, const char *name)
{
	struct tag *t = tag_find(ctl, name);

	if (t)
		return t;
	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return NULL;
	strscpy(t->name, name, sizeof(t->name));
	list_add_tail(&t->link, &ctl->tags);
	return t;
}

static void tag_put_empty(struct tag *t)
{
	if (t->nr)
		return;
	list_del(&t->link);
	kvfree(t->blocks);
	kfree(t);
}

/* Room for @more blocks, so that recording one cannot fail. */
static int tag_reserve(struct tag *t, unsigned long more)
{
	unsigned long room = t->nr + more;
	struct block *blocks;

	if (room <= t->room)
		return 0;
	blocks = kvmalloc_array(room, sizeof(*blocks), GFP_KERNEL);
	if (!blocks)
		return -ENOMEM;
	if (t->nr)
		memcpy(blocks, t->blocks, t->nr * sizeof(*blocks));
	kvfree(t->blocks);
	t->blocks = blocks;
	t->room = room;
	return 0;
}

/**
 * shb_ctl_show_tags() - every block of every tag, in the order they came
 * @ctl: commands
 * @m: where to
 *
 * Return: 0.
 */
int shb_ctl_show_tags(struct shb_ctl *ctl, struct seq_file *m)
{
	struct shb_zone *z;
	struct tag *t;
	unsigned long k;
	u32 i = 0;

	mutex_lock(&ctl->lock);
	list_for_each_entry(t, &ctl->tags, link) {
		for (k = 0; k < t->nr; k++) {
			const struct block *b = &t->blocks[k];

			z = shb_zone_of(ctl->s, b->pfn, &i);
			seq_printf(m, "%s pfn %#lx order %u node %d zone %s block %s%s\n", t->name,
				   b->pfn, b->order, z->nid, shb_kind_name(z->kind),
				   shb_type_name(shb_block_type(z, i)),
				   z->frames[i].flags & SHB_FRAME_MOVABLE ? " movable" : "");
		}
	}
	mutex_unlock(&ctl->lock);
	return 0;
}

/* --- parsing ------------------------------------------------------------------------------------ */

static int complain(const char *word, const char *want)
{
	pr_notice_ratelimited("ctl: \"%s\": %s\n", word, want);
	return -EINVAL;
}

static int parse_nodes(const struct shb_state *s, char *text, nodemask_t *mask)
{
	char *word;
	int nid;

	nodes_clear(*mask);
	while ((word = strsep(&text, ","))) {
		if (kstrtoint(word, 10, &nid) || nid < 0 || nid >= s->topo.nr_nodes)
			return -EINVAL;
		node_set(nid, *mask);
	}
	return 0;
}

static int parse_gfp(struct command *c, const char *word, const char *value)
{
	char bad[40], text[80];

	if (!shb_spec_gfp(value, &c->gfp, bad, sizeof(bad)))
		return 0;
	snprintf(text, sizeof(text), "\"%s\" is no gfp flag; join names by |", bad);
	return complain(word, text);
}

/* Values of a list are joined by commas here, because blanks end a word. */
static int parse_knob(const struct shb_state *s, struct command *c, const char *name,
		      char *value)
{
	for (c->knob = 0; shb_tune_name(c->knob); c->knob++) {
		if (strcmp(name, shb_tune_name(c->knob)) || !shb_tune_has(s, c->knob))
			continue;
		c->given |= A_KNOB;
		strreplace(value, ',', ' ');
		c->value = value;
		return 0;
	}
	return complain(name, "no such tunable; see the directory sysctl");
}

static bool valid_node(const struct shb_state *s, int nid)
{
	return nid >= 0 && nid < s->topo.nr_nodes && s->nodes[nid].online;
}

static bool valid_cpu(const struct shb_state *s, int cpu)
{
	return cpu >= 0 && cpu < s->topo.nr_cpus && s->topo.cpu_online[cpu];
}

/* One word: key=value, or "off". @shown is the word as the user wrote it. */
static int parse_word(const struct shb_state *s, struct command *c, char *word, const char *shown)
{
	char *value = word;
	const char *key = strsep(&value, "=");

	if (c->verb == SET && value)
		return parse_knob(s, c, key, value);
	if (!value && !strcmp(key, "off")) {
		c->given |= A_OFF;
		return 0;
	}
	if (!value || !*value)
		return complain(shown, "expected key=value");
	if (!strcmp(key, "tag")) {
		c->given |= A_TAG;
		if (strscpy(c->tag, value, sizeof(c->tag)) < 0)
			return complain(shown, "a tag has at most 31 characters");
	} else if (!strcmp(key, "order")) {
		c->given |= A_ORDER;
		if (kstrtouint(value, 10, &c->order) || c->order > SHB_MAX_ORDER)
			return complain(shown, "expected an order from 0 to 10");
	} else if (!strcmp(key, "gfp")) {
		c->given |= A_GFP;
		return parse_gfp(c, shown, value);
	} else if (!strcmp(key, "node")) {
		c->given |= A_NODE;
		if (kstrtoint(value, 10, &c->node) || !valid_node(s, c->node))
			return complain(shown, "expected the number of an online node");
	} else if (!strcmp(key, "nodes")) {
		c->given |= A_NODES;
		if (parse_nodes(s, value, &c->nodes))
			return complain(shown, "expected node numbers joined by commas");
	} else if (!strcmp(key, "count")) {
		c->given |= A_COUNT;
		if (kstrtoul(value, 10, &c->count) || !c->count || c->count > COUNT_MAX)
			return complain(shown, "expected a count from 1");
	} else if (!strcmp(key, "cpu")) {
		c->given |= A_CPU;
		if (kstrtoint(value, 10, &c->cpu) || !valid_cpu(s, c->cpu))
			return complain(shown, "expected the number of an online cpu");
	} else if (!strcmp(key, "pfn")) {
		c->given |= A_PFN;
		if (kstrtoul(value, 0, &c->pfn))
			return complain(shown, "expected a page frame number");
	} else {
		return complain(shown, "expected tag, order, gfp, node, nodes, count, cpu or pfn");
	}
	return 0;
}

static int parse_verb(struct command *c, const char *word)
{
	int v;

	for (v = 0; v < NR_VERBS; v++) {
		if (!strcmp(word, verbs[v].name)) {
			c->verb = v;
			return 0;
		}
	}
	return complain(word, "expected alloc, free, movable, split, isolate, unisolate, drain, tick, kswapd, set or reset");
}

static int check_arguments(const struct shb_ctl *ctl, const struct command *c)
{
	unsigned int needs = verbs[c->verb].needs, takes = verbs[c->verb].takes | needs;
	struct shb_request r;

	if (needs & ~c->given)
		return complain(verbs[c->verb].name, needs & A_TAG ? "needs tag=" :
				needs & A_PFN ? "needs pfn=" : "needs tunable=value");
	if (c->given & ~takes)
		return complain(verbs[c->verb].name, "does not take all of these arguments");
	if (c->verb == ALLOC && !shb_request_init(ctl->s, &r, c->gfp, c->order, c->node, NULL, 0))
		return complain("gfp", "zone or mobility flags exclude each other");
	return 0;
}

/* Parse a line in place. Return: 1 for a command, 0 for an empty line, or -errno. */
static int parse_line(struct shb_ctl *ctl, char *line, struct command *c)
{
	char *word, shown[48];
	int err, words = 0;

	*c = (struct command){ .ctl = ctl, .gfp = GFP_KERNEL, .count = 1, .cpu = SHB_EVERY_CPU,
			       .node = NUMA_NO_NODE };
	line = strim(line);
	if (!*line || *line == '#')
		return 0;
	if (ctl->s->live)
		c->node = numa_mem_id();
	else
		c->node = 0;
	while ((word = strsep(&line, " \t"))) {
		if (!*word)
			continue;
		strscpy(shown, word, sizeof(shown));
		err = words++ ? parse_word(ctl->s, c, word, shown) : parse_verb(c, word);
		if (err)
			return err;
	}
	err = check_arguments(ctl, c);
	return err ?: 1;
}

/* --- verbs -------------------------------------------------------------------------------------- */

static int this_cpu_of(const struct command *c)
{
	if (c->ctl->s->live)
		return smp_processor_id();
	return c->cpu == SHB_EVERY_CPU ? 0 : c->cpu;
}

static void zero(const struct shb_state *s, unsigned long pfn, unsigned int order)
{
	unsigned int k;

	for (k = 0; s->live && k < 1U << order; k++)
		clear_highpage(pfn_to_page(pfn + k));
}

static unsigned long alloc_one(const struct command *c)
{
	struct shb_state *s = c->ctl->s;
	unsigned long pfn = SHB_NO_PFN;
	struct shb_request r;

	preempt_disable();
	if (shb_request_init(s, &r, c->gfp, c->order, c->node,
			     c->given & A_NODES ? &c->nodes : NULL, this_cpu_of(c))) {
		r.owner = _THIS_IP_;
		pfn = shb_alloc(s, &r);
	}
	preempt_enable();
	if (pfn != SHB_NO_PFN && (c->gfp & __GFP_ZERO))
		zero(s, pfn, c->order);
	return pfn;
}

static int free_one(const struct command *c, const struct block *b)
{
	int why;

	preempt_disable();
	why = shb_free(c->ctl->s, b->pfn, b->order, this_cpu_of(c), _THIS_IP_);
	preempt_enable();
	return why == SHB_FREE_OK ? 0 : -EINVAL;
}

/* The newest first, so that the lists end as they were as far as that is possible. */
static void undo_alloc(const struct command *c, struct tag *t, unsigned long nr)
{
	while (t->nr > nr)
		free_one(c, &t->blocks[--t->nr]);
}

static bool too_many(const struct command *c)
{
	struct shb_zone *z;
	unsigned long pages = 0;
	int n;

	shb_for_each_zone(c->ctl->s, z, n)
		pages += z->nr_frames;
	return c->count > pages >> c->order;
}

static int do_alloc(const struct command *c)
{
	unsigned long k, before, pfn;
	struct tag *t;
	int err;

	if (too_many(c)) {
		complain("count", "more blocks than all zones hold");
		return -ENOMEM;
	}
	t = tag_get(c->ctl, c->tag);
	if (!t)
		return -ENOMEM;
	before = t->nr;
	err = tag_reserve(t, c->count);
	for (k = 0; k < c->count && !err; k++) {
		pfn = alloc_one(c);
		if (pfn == SHB_NO_PFN) {
			pr_notice_ratelimited("ctl: alloc tag=%s order=%u: got %lu of %lu blocks, gave them back\n",
					      c->tag, c->order, k, c->count);
			err = -ENOMEM;
		} else {
			t->blocks[t->nr].pfn = pfn;
			t->blocks[t->nr++].order = c->order;
		}
		if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	if (err)
		undo_alloc(c, t, before);
	tag_put_empty(t);
	return err;
}

static bool wanted(const struct command *c, const struct block *b)
{
	if ((c->given & A_ORDER) && b->order != c->order)
		return false;
	return !(c->given & A_PFN) || b->pfn == c->pfn;
}

static int do_free(const struct command *c)
{
	struct tag *t = tag_find(c->ctl, c->tag);
	unsigned long from, to = 0, left = c->given & A_COUNT ? c->count : COUNT_MAX, freed = 0;
	int err = 0;

	if (!t)
		return complain(c->tag, "no such tag; see the file tags");
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
	tag_put_empty(t);
	if (!freed)
		return complain(c->tag, "no block of the tag matches");
	return err;
}

static int do_movable(const struct command *c)
{
	struct tag *t = tag_find(c->ctl, c->tag);
	unsigned long k;

	if (!t)
		return complain(c->tag, "no such tag; see the file tags");
	for (k = 0; k < t->nr; k++)
		shb_set_movable(c->ctl->s, t->blocks[k].pfn, t->blocks[k].order,
				!(c->given & A_OFF));
	return 0;
}

static int do_split(const struct command *c)
{
	struct tag *t = tag_find(c->ctl, c->tag), pages = { };
	unsigned long k, p;
	int err;

	if (!t)
		return complain(c->tag, "no such tag; see the file tags");
	for (k = 0; k < t->nr; k++)
		pages.room += 1UL << t->blocks[k].order;
	k = pages.room;
	pages.room = 0;
	err = tag_reserve(&pages, k);
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

static int do_isolate(const struct command *c)
{
	struct shb_zone *z;
	unsigned long irq;
	u32 i = 0;
	int err;

	z = shb_zone_of(c->ctl->s, c->pfn, &i);
	if (!z)
		return complain("pfn", "not a page of shadowbuddy; see the file carve");
	raw_spin_lock_irqsave(&z->lock, irq);
	err = c->verb == ISOLATE ? shb_zone_isolate(z, i) : shb_zone_unisolate(z, i);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return err;
}

/*
 * As if kswapd of a node ran, or slept again: its zones say so, and that they are being
 * reclaimed, which keeps per-cpu lists short. Nothing is reclaimed.
 */
static int do_kswapd(const struct command *c)
{
	const unsigned long flags = BIT(SHB_ZONE_KSWAPD_RUNS) | BIT(SHB_ZONE_RECLAIM_ACTIVE);
	struct shb_node *node = &c->ctl->s->nodes[c->node];
	int k;

	for (k = 0; k < SHB_NR_KINDS; k++) {
		if (!node->zones[k])
			continue;
		set_mask_bits(&node->zones[k]->flags, flags, c->given & A_OFF ? 0 : flags);
	}
	return 0;
}

static int do_reset(const struct command *c)
{
	int err;

	if (!list_empty(&c->ctl->tags))
		return complain("reset", "tags are out; free them first");
	err = shb_cpu_drain(c->ctl->s, SHB_EVERY_CPU, NULL) ?: shb_state_reset(c->ctl->s);
	if (err == -EBUSY)
		complain("reset", "pages are out");
	return err;
}

static int run_verb(void *arg)
{
	const struct command *c = arg;

	switch (c->verb) {
	case ALLOC:
		return do_alloc(c);
	case FREE:
		return do_free(c);
	case MOVABLE:
		return do_movable(c);
	case SPLIT:
		return do_split(c);
	case ISOLATE:
	case UNISOLATE:
		return do_isolate(c);
	case DRAIN:
		return shb_cpu_drain(c->ctl->s, c->cpu, NULL);
	case TICK:
		shb_cpu_tick(c->ctl->s);
		return 0;
	case KSWAPD:
		return do_kswapd(c);
	case SET:
		return shb_tune_write(c->ctl->s, c->knob, c->value);
	case RESET:
		return do_reset(c);
	default:
		return -EINVAL;
	}
}

/* alloc and free with cpu= use that cpu's lists, so they run there. */
static int run_command(struct command *c)
{
	if (c->ctl->s->live && c->cpu != SHB_EVERY_CPU && (c->verb == ALLOC || c->verb == FREE))
		return smp_call_on_cpu(c->cpu, run_verb, c, false);
	return run_verb(c);
}

static int each_line(struct shb_ctl *ctl, const char *text, bool run)
{
	char *copy = kstrdup(text, GFP_KERNEL), *rest = copy, *line;
	struct command c;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	while (err >= 0 && (line = strsep(&rest, "\n"))) {
		err = parse_line(ctl, line, &c);
		if (err > 0 && run)
			err = run_command(&c);
	}
	kfree(copy);
	return err < 0 ? err : 0;
}

/**
 * shb_ctl_run() - run commands
 * @ctl: commands
 * @text: lines; a ; separates them, too
 *
 * Context: process context, sleeps.
 * Return: 0; -EINVAL after a line that names the word and the accepted form, with
 * nothing run; or the error of the first command that failed and was undone.
 */
int shb_ctl_run(struct shb_ctl *ctl, const char *text)
{
	char *lines = kstrdup(text, GFP_KERNEL);
	int err;

	if (!lines)
		return -ENOMEM;
	strreplace(lines, ';', '\n');
	mutex_lock(&ctl->lock);
	err = each_line(ctl, lines, false);
	if (!err)
		err = each_line(ctl, lines, true);
	mutex_unlock(&ctl->lock);
	kfree(lines);
	return err;
}

/**
 * shb_ctl_exit() - free the blocks of all tags and forget them
 * @ctl: commands
 *
 * Says how many blocks were still out.
 *
 * Context: process context, sleeps.
 */
void shb_ctl_exit(struct shb_ctl *ctl)
{
	struct command c = { .ctl = ctl, .cpu = SHB_EVERY_CPU };
	struct tag *t, *next;
	unsigned long blocks = 0;

	mutex_lock(&ctl->lock);
	list_for_each_entry_safe(t, next, &ctl->tags, link) {
		blocks += t->nr;
		undo_alloc(&c, t, 0);
		tag_put_empty(t);
	}
	mutex_unlock(&ctl->lock);
	if (blocks)
		pr_info("freed %lu blocks that tags still held\n", blocks);
	mutex_destroy(&ctl->lock);
}
