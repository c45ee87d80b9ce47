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
 *     reset                       help
 *
 * A tag is a name for blocks that were allocated through here, in the order they
 * came. All lines are parsed before the first runs; a line that fails half-way is
 * undone, and the lines behind it do not run. A ; separates commands of a line; what
 * begins with # is a comment to the end of its line. Every call leaves a text behind
 * that can be read: "ok", what was asked for, or the word that was wrong and what is
 * accepted for it.
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
#define USAGE		96		/* the longest line of help */

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
	    HELP, NR_VERBS };

enum word { TAG, ORDER, GFP, NODE, NODES, COUNT, CPU, PFN, OFF, KNOB, NR_KEYS };

#define A_TAG	BIT(TAG)
#define A_ORDER	BIT(ORDER)
#define A_GFP	BIT(GFP)
#define A_NODE	BIT(NODE)
#define A_NODES	BIT(NODES)
#define A_COUNT	BIT(COUNT)
#define A_CPU	BIT(CPU)
#define A_PFN	BIT(PFN)
#define A_OFF	BIT(OFF)
#define A_KNOB	BIT(KNOB)

struct command {
	enum verb	verb;
	unsigned int	given;		/* A_* */
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
	char		bad[40];	/* the part of a word that was wrong, if it is not all of it */
	struct shb_ctl	*ctl;
};

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

/* Line @pos of the file tags: stands on a block, or nowhere behind the last. */
static struct shb_tag_cursor *tags_seek(struct shb_tag_cursor *c, loff_t pos)
{
	list_for_each_entry(c->tag, &c->ctl->tags, link) {
		c->block = pos;
		if (pos < c->tag->nr)
			return c;
		pos -= c->tag->nr;
	}
	return NULL;
}

static void *tags_start(struct seq_file *m, loff_t *pos)
{
	struct shb_tag_cursor *c = m->private;

	mutex_lock(&c->ctl->lock);
	return tags_seek(c, *pos);
}

static void *tags_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct shb_tag_cursor *c = v;

	++*pos;
	if (++c->block < c->tag->nr)
		return c;
	c->block = 0;
	c->tag = list_next_entry(c->tag, link);
	return list_entry_is_head(c->tag, &c->ctl->tags, link) ? NULL : c;
}

static void tags_stop(struct seq_file *m, void *v)
{
	struct shb_tag_cursor *c = m->private;

	mutex_unlock(&c->ctl->lock);
}

static int tags_show(struct seq_file *m, void *v)
{
	const struct shb_tag_cursor *c = v;
	const struct block *b = &c->tag->blocks[c->block];
	struct shb_zone *z;
	u32 i = 0;

	z = shb_zone_of(c->ctl->s, b->pfn, &i);
	seq_printf(m, "%s pfn %#lx order %u node %d zone %s block %s%s\n", c->tag->name, b->pfn,
		   b->order, z->nid, shb_kind_name(z->kind), shb_type_name(shb_block_type(z, i)),
		   z->frames[i].flags & SHB_FRAME_MOVABLE ? " movable" : "");
	return 0;
}

/* Every block of every tag, in the order they came. No command runs while a piece is printed. */
const struct seq_operations shb_ctl_tags = {
	.start = tags_start, .next = tags_next, .stop = tags_stop, .show = tags_show,
};

/* --- answers ------------------------------------------------------------------------------------ */

static __printf(2, 3) void say(struct shb_ctl *ctl, const char *fmt, ...)
{
	size_t len = strlen(ctl->said);
	va_list args;

	va_start(args, fmt);
	vscnprintf(ctl->said + len, sizeof(ctl->said) - len, fmt, args);
	va_end(args);
}

/* The log may lose a burst of these; the answer is kept until the next call. */
static __printf(3, 4) int complain(struct shb_ctl *ctl, const char *word, const char *fmt, ...)
{
	va_list args;

	scnprintf(ctl->said, sizeof(ctl->said), "\"%s\": ", word);
	va_start(args, fmt);
	vscnprintf(ctl->said + strlen(ctl->said), sizeof(ctl->said) - strlen(ctl->said), fmt, args);
	va_end(args);
	pr_notice_ratelimited("ctl: %s\n", ctl->said);
	say(ctl, "\n");
	return -EINVAL;
}

/* --- words -------------------------------------------------------------------------------------- */

static int read_tag(const struct shb_state *s, struct command *c, char *value)
{
	return strscpy(c->tag, value, sizeof(c->tag)) < 0 ? -EINVAL : 0;
}

static int read_order(const struct shb_state *s, struct command *c, char *value)
{
	return kstrtouint(value, 10, &c->order) ?: c->order > SHB_MAX_ORDER ? -EINVAL : 0;
}

static int read_gfp(const struct shb_state *s, struct command *c, char *value)
{
	return shb_spec_gfp(value, &c->gfp, c->bad, sizeof(c->bad));
}

static int read_node(const struct shb_state *s, struct command *c, char *value)
{
	if (kstrtoint(value, 10, &c->node) || c->node < 0 || c->node >= s->topo.nr_nodes)
		return -EINVAL;
	return s->nodes[c->node].online ? 0 : -EINVAL;
}

static int read_nodes(const struct shb_state *s, struct command *c, char *value)
{
	char *word;
	int nid;

	nodes_clear(c->nodes);
	while ((word = strsep(&value, ","))) {
		if (kstrtoint(word, 10, &nid) || nid < 0 || nid >= s->topo.nr_nodes)
			return -EINVAL;
		node_set(nid, c->nodes);
	}
	return 0;
}

static int read_count(const struct shb_state *s, struct command *c, char *value)
{
	return kstrtoul(value, 10, &c->count) ?: !c->count || c->count > COUNT_MAX ? -EINVAL : 0;
}

static int read_cpu(const struct shb_state *s, struct command *c, char *value)
{
	if (kstrtoint(value, 10, &c->cpu) || c->cpu < 0 || c->cpu >= s->topo.nr_cpus)
		return -EINVAL;
	return s->topo.cpu_online[c->cpu] ? 0 : -EINVAL;
}

static int read_pfn(const struct shb_state *s, struct command *c, char *value)
{
	return kstrtoul(value, 0, &c->pfn);
}

/* How a word is written, what is accepted for it, and where it goes. */
static const struct {
	const char	*name, *accepts;
	int		(*parse)(const struct shb_state *s, struct command *c, char *value);
} keys[NR_KEYS] = {
	[TAG]	= { "tag", "a name of at most 31 characters", read_tag },
	[ORDER]	= { "order", "an order from 0 to 10", read_order },
	[GFP]	= { "gfp", "gfp flags joined by |", read_gfp },
	[NODE]	= { "node", "the number of an online node", read_node },
	[NODES]	= { "nodes", "node numbers joined by commas", read_nodes },
	[COUNT]	= { "count", "a count from 1 to 67108864", read_count },
	[CPU]	= { "cpu", "the number of an online cpu", read_cpu },
	[PFN]	= { "pfn", "a page frame number, as 0x1200 or 4608", read_pfn },
	[OFF]	= { "off" },
	[KNOB]	= { "TUNABLE", "a value; lists joined by commas" },
};
static_assert(COUNT_MAX == 67108864);

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
	[HELP]		= { "help" },
};

/* "alloc tag= [order=] .." */
static const char *usage(int v, char *text, size_t size)
{
	int k, len = scnprintf(text, size, "%s", verbs[v].name);

	for (k = 0; k < NR_KEYS; k++) {
		const char *equals = k == OFF ? "" : "=";

		if (verbs[v].needs & BIT(k))
			len += scnprintf(text + len, size - len, " %s%s", keys[k].name, equals);
		if (verbs[v].takes & BIT(k))
			len += scnprintf(text + len, size - len, " [%s%s]", keys[k].name, equals);
	}
	return text;
}

static void say_help(struct shb_ctl *ctl)
{
	char text[USAGE];
	int k;

	for (k = 0; k < NR_VERBS; k++)
		say(ctl, "%s\n", usage(k, text, sizeof(text)));
	for (k = 0; k < NR_KEYS; k++)
		if (keys[k].accepts)
			say(ctl, "  %s=: %s\n", keys[k].name, keys[k].accepts);
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
	return complain(c->ctl, name, "no such tunable; see the directory sysctl");
}

static int find_key(const char *name, bool has_value)
{
	int k;

	for (k = 0; k < KNOB; k++)
		if (!strcmp(name, keys[k].name) && has_value == (k != OFF))
			return k;
	return -1;
}

/* One word: key=value, or "off". @shown is the word as the user wrote it. */
static int parse_word(const struct shb_state *s, struct command *c, char *word, const char *shown)
{
	unsigned int accepted = verbs[c->verb].needs | verbs[c->verb].takes;
	char *value = word;
	const char *name = strsep(&value, "=");
	char text[USAGE];
	int k;

	if (c->verb == SET && value)
		return parse_knob(s, c, name, value);
	k = find_key(name, value);
	if (k < 0 || !(accepted & BIT(k)))
		return complain(c->ctl, shown, "expected %s", usage(c->verb, text, sizeof(text)));
	c->given |= BIT(k);
	if (k == OFF)
		return 0;
	if (*value && !keys[k].parse(s, c, value))
		return 0;
	return complain(c->ctl, shown, "expected %s%s%s", keys[k].accepts,
			*c->bad ? "; none is " : "", c->bad);
}

static int parse_verb(struct command *c, const char *word)
{
	for (c->verb = 0; c->verb < NR_VERBS; c->verb++)
		if (!strcmp(word, verbs[c->verb].name))
			return 0;
	return complain(c->ctl, word, "no such command; help lists them");
}

static int check_arguments(struct shb_ctl *ctl, const struct command *c)
{
	unsigned int missing = verbs[c->verb].needs & ~c->given;
	struct shb_request r;

	if (missing)
		return complain(ctl, verbs[c->verb].name, "needs %s=", keys[__ffs(missing)].name);
	if (c->verb == ALLOC && !shb_request_init(ctl->s, &r, c->gfp, c->order, c->node, NULL, 0))
		return complain(ctl, "gfp", "zone or mobility flags exclude each other");
	return 0;
}

/* Parse a command in place. Return: 1 for a command, 0 for an empty one, or -errno. */
static int parse_command(struct shb_ctl *ctl, char *text, struct command *c)
{
	char *word, shown[48];
	int err, words = 0;

	*c = (struct command){ .ctl = ctl, .gfp = GFP_KERNEL, .count = 1, .cpu = SHB_EVERY_CPU,
			       .node = ctl->s->live ? numa_mem_id() : 0 };
	text = strim(text);
	if (!*text)
		return 0;
	while ((word = strsep(&text, " \t"))) {
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
	while (t->nr > nr) {
		free_one(c, &t->blocks[--t->nr]);
		cond_resched();
	}
}

static int check_count(const struct command *c)
{
	struct shb_zone *z;
	unsigned long pages = 0;
	int n;

	shb_for_each_zone(c->ctl->s, z, n)
		pages += z->nr_frames;
	if (!pages)
		return complain(c->ctl, "alloc", "a model has no memory");
	if (c->count <= pages >> c->order)
		return 0;
	complain(c->ctl, "count", "more blocks than all zones hold");
	return -ENOMEM;
}

static int do_alloc(const struct command *c)
{
	unsigned long k, before, pfn;
	struct tag *t;
	int err = check_count(c);

	if (err)
		return err;
	t = tag_get(c->ctl, c->tag);
	if (!t)
		return -ENOMEM;
	before = t->nr;
	err = tag_reserve(t, c->count);
	for (k = 0; k < c->count && !err; k++) {
		pfn = alloc_one(c);
		if (pfn == SHB_NO_PFN) {
			complain(c->ctl, c->tag, "got %lu of %lu blocks of order %u, gave them back",
				 k, c->count, c->order);
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
		return complain(c->ctl, c->tag, "no such tag; see the file tags");
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
		return complain(c->ctl, c->tag, "no block of the tag matches");
	return err;
}

static int do_movable(const struct command *c)
{
	struct tag *t = tag_find(c->ctl, c->tag);
	unsigned long k;

	if (!t)
		return complain(c->ctl, c->tag, "no such tag; see the file tags");
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
		return complain(c->ctl, c->tag, "no such tag; see the file tags");
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
		return complain(c->ctl, "pfn", "not a page of shadowbuddy; see the file carve");
	raw_spin_lock_irqsave(&z->lock, irq);
	err = c->verb == ISOLATE ? shb_zone_isolate(z, i) : shb_zone_unisolate(z, i);
	raw_spin_unlock_irqrestore(&z->lock, irq);
	if (err)
		complain(c->ctl, "pfn", c->verb == ISOLATE ? "its pageblock is isolated already" :
							     "its pageblock is not isolated");
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
		return complain(c->ctl, "reset", "tags are out; free them first");
	err = shb_cpu_reset(c->ctl->s);
	if (err == -EBUSY)
		complain(c->ctl, "reset", "pages are out or in quarantine, or somebody came meanwhile; see vmstat");
	return err;
}

static int do_set(const struct command *c)
{
	char error[SHB_TUNE_ERROR];
	int err = shb_tune_write(c->ctl->s, c->knob, c->value, error);

	if (err == -EINVAL)
		complain(c->ctl, shb_tune_name(c->knob), "%s (lists joined by commas)", error);
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
		return do_set(c);
	case RESET:
		return do_reset(c);
	case HELP:
		say_help(c->ctl);
		return 0;
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

/* A line: commands, until one begins with #. Return: of the last one, as parse_command(). */
static int each_command(struct shb_ctl *ctl, char *line, bool run)
{
	struct command c;
	char *text;
	int err = 0;

	while (err >= 0 && (text = strsep(&line, ";"))) {
		if (*skip_spaces(text) == '#')
			break;
		err = parse_command(ctl, text, &c);
		if (err > 0 && run)
			err = run_command(&c);
	}
	return err;
}

static int each_line(struct shb_ctl *ctl, const char *text, bool run)
{
	char *copy = kstrdup(text, GFP_KERNEL), *rest = copy, *line;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	while (err >= 0 && (line = strsep(&rest, "\n")))
		err = each_command(ctl, line, run);
	kfree(copy);
	return err < 0 ? err : 0;
}

static int check_text(struct shb_ctl *ctl, const char *text, size_t len)
{
	if (len >= SHB_CTL_TEXT)
		return complain(ctl, "commands", "expected less than %d bytes at a time",
				SHB_CTL_TEXT);
	if (strlen(text) != len)
		return complain(ctl, "commands", "expected text, found a NUL in it");
	return 0;
}

/**
 * shb_ctl_run() - run commands
 * @ctl: commands
 * @text: lines, ended by a NUL
 * @len: their length; a NUL before is refused
 *
 * Context: process context, sleeps.
 * Return: 0; -EINVAL after a line that names the word and the accepted form, with
 * nothing run; or the error of the first command that failed and was undone.
 */
int shb_ctl_run(struct shb_ctl *ctl, const char *text, size_t len)
{
	int err;

	mutex_lock(&ctl->lock);
	ctl->said[0] = '\0';
	err = check_text(ctl, text, len);
	if (!err)
		err = each_line(ctl, text, false);
	if (!err)
		err = each_line(ctl, text, true);
	if (!ctl->said[0])
		say(ctl, err ? "failed with error %d\n" : "ok\n", -err);
	mutex_unlock(&ctl->lock);
	return err;
}

/**
 * shb_ctl_show() - what the last call of shb_ctl_run() had to say
 * @ctl: commands
 * @m: where to
 *
 * Return: 0.
 */
int shb_ctl_show(struct shb_ctl *ctl, struct seq_file *m)
{
	mutex_lock(&ctl->lock);
	seq_puts(m, ctl->said);
	mutex_unlock(&ctl->lock);
	return 0;
}

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
	ctl->said[0] = '\0';
	say_help(ctl);
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
