// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a command did, in words. Made of two things the core gives away: its events, as they
 * happen, and snapshots of the zones before and after.
 *
 *     event "split pfn=0x1400 order_from=10 order_to=3 .."  ->  sentence
 *     snapshot before, snapshot after                       ->  which list has what now, and where
 *
 * Nothing here knows a rule; where a sentence needs a number, the event has it.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "names.h"
#include "sim/explain.h"
#include "snapshot.h"
#include "zones.h"

#define SENTENCES	4	/* of each kind for a command; what follows is counted */
#define KINDS	20	/* of sentences */
#define CHANGES		24	/* blocks that came to free lists */

/* Before the command that is being explained. */
static struct {
	struct sim_session	*ses;
	struct shb_snapshot	*zones;
	int			nr_zones;
	long			told[KINDS];
} now;

/* --- events ------------------------------------------------------------------------------------- */

/* The value of a field in an event's text, as a word. */
static const char *word_of(const char *text, const char *name, char *word, size_t size)
{
	const char *at = text;
	size_t len = strlen(name);

	while ((at = strstr(at, name)) && ((at != text && at[-1] != ' ') || at[len] != '='))
		at++;
	*word = '\0';
	if (at)
		scnprintf(word, size, "%.*s", (int)strcspn(at + len + 1, " "), at + len + 1);
	return word;
}

static long number_of(const char *text, const char *name)
{
	char word[32];

	return strtol(word_of(text, name, word, sizeof(word)), NULL, 0);
}

/* Words of an event that sentences share. */
struct event {
	const char	*text;
	char		type[24], zone[24];
	long		pfn, order, node;
};

static void tell_alloc(const struct event *e)
{
	char gfp[64];

	word_of(e->text, "gfp_flags", gfp, sizeof(gfp));
	if (e->node < 0)
		printf("nobody could serve order %ld, %s\n", e->order, gfp);
	else
		printf("order %ld for %s (%s): pfn %#lx, from zone %s of node %ld\n", e->order, gfp,
		       e->type, e->pfn, e->zone, e->node);
}

/* The sum of __zone_watermark_ok(), with the numbers the event has. */
static void tell_gate(const struct event *e, const char *verdict)
{
	long free = number_of(e->text, "free"), unusable = number_of(e->text, "unusable");
	long rest = (1L << e->order) - 1, need = number_of(e->text, "need");
	long mark = number_of(e->text, "mark"), reserve = number_of(e->text, "lowmem_reserve");
	char name[16];

	printf("may zone %s of node %ld serve order %ld? %ld free", e->zone, e->node, e->order, free);
	if (unusable)
		printf(" - %ld kept for others", unusable);
	if (rest)
		printf(" - %ld for the rest of the block", rest);
	printf("%s%ld against %ld: mark %s", unusable || rest ? " = " : ", ", free - unusable - rest,
	       need, word_of(e->text, "wmark", name, sizeof(name)));
	if (reserve)
		printf(" %ld + reserve %ld", mark, reserve);
	if (need != mark + reserve)
		printf(", lowered by %ld for what the request may use", mark + reserve - need);
	printf(": %s\n", verdict);
}

static void tell_watermark_ok(const struct event *e)
{
	tell_gate(e, "yes");
}

static void tell_watermark_fail(const struct event *e)
{
	bool short_of_pages = number_of(e->text, "free") - number_of(e->text, "unusable") -
			      ((1L << e->order) - 1) <= number_of(e->text, "need");

	tell_gate(e, short_of_pages ? "no" : "no, no block is large enough");
}

static void tell_zone_locked(const struct event *e)
{
	printf("  the zone hands out %#lx, order %ld, from its %s lists%s\n", e->pfn, e->order, e->type,
	       number_of(e->text, "percpu_refill") ? ", to a per-cpu list" : "");
}

/* Level by level: the lower half is halved again, the upper one goes to the head of its list. */
static void tell_split(const struct event *e)
{
	long order = number_of(e->text, "order_from"), to = number_of(e->text, "order_to");

	printf("  the %s block at %#lx is halved from order %ld down to %ld;", e->type, e->pfn, order,
	       to);
	printf(" upper halves to the heads of their lists:");
	while (order-- > to)
		printf(" %ld at %#lx%s", order, e->pfn + (1L << order), order > to ? "," : "\n");
}

static void tell_merge(const struct event *e)
{
	printf("  buddies join, order %ld to %ld: one %s block at %#lx\n",
	       number_of(e->text, "order_from"), number_of(e->text, "order_to"), e->type, e->pfn);
}

static void tell_refill(const struct event *e)
{
	printf("  cpu %ld's list (order %ld, %s) was empty: %ld blocks wanted, %ld came, each to its tail\n",
	       number_of(e->text, "cpu"), e->order, e->type, number_of(e->text, "wanted"),
	       number_of(e->text, "got"));
}

static void tell_grow(const struct event *e)
{
	printf("  zone %s of node %ld has nothing: %ld pages that boot held back come to it\n", e->zone, e->node,
	       number_of(e->text, "nr_pages"));
}

static void tell_drain(const struct event *e)
{
	printf("  from a per-cpu list's tail back to the zone: %#lx, order %ld, %s\n", e->pfn, e->order,
	       e->type);
}

static void tell_free(const struct event *e)
{
	printf("free of %#lx, order %ld, zone %s of node %ld\n", e->pfn, e->order, e->zone, e->node);
}

static void tell_extfrag(const struct event *e)
{
	char from[24], type[24];

	word_of(e->text, "fallback_migratetype", from, sizeof(from));
	word_of(e->text, "alloc_migratetype", type, sizeof(type));
	printf("  no %s block fits: it takes one of order %ld from %s at %#lx; its pageblock %s (fragmentation index %ld)\n",
	       type, number_of(e->text, "fallback_order"), from, e->pfn,
	       number_of(e->text, "change_ownership") ? "is that type's from now on" : "stays what it was",
	       number_of(e->text, "index"));
}

static void tell_sources(const struct event *e)
{
	printf("  what could move, from %#lx on: %ld pages looked at, %ld taken\n",
	       strtol(strchr(e->text, '(') + 1, NULL, 0), number_of(e->text, "nr_scanned"), number_of(e->text, "nr_taken"));
}

static void tell_targets(const struct event *e)
{
	printf("  free pages for them, from %#lx on: %ld looked at, %ld taken\n",
	       strtol(strchr(e->text, '(') + 1, NULL, 0), number_of(e->text, "nr_scanned"), number_of(e->text, "nr_taken"));
}

static void tell_moved(const struct event *e)
{
	printf("  %#lx is at %#lx now\n", number_of(e->text, "from"), number_of(e->text, "to"));
}

static void tell_batch(const struct event *e)
{
	long failed = number_of(e->text, "nr_failed");

	printf("  %ld pages moved", number_of(e->text, "nr_migrated"));
	if (failed)
		printf(", %ld stay: no place for them", failed);
	putchar('\n');
}

static void tell_end_of_run(const struct event *e)
{
	char status[24];

	word_of(e->text, "status", status, sizeof(status));
	printf("  compaction of zone %s of node %ld %s\n", e->zone, e->node,
	       !strcmp(status, "complete") ? "is complete: the scanners have met" :
	       !strcmp(status, "partial_skipped") ? "is over: the scanners have met, from where others began" :
	       !strcmp(status, "success") ? "has made a block for the request" :
	       "gave up: the marks leave no place, or it was told to end");
}

static void tell_try(const struct event *e)
{
	static const char *const how[] = { "the whole zone, whatever is known of it", "where it may help", "in haste" };
	long prio = number_of(e->text, "priority");

	printf("  the request waits: pages are to move together for order %ld, %s\n", e->order,
	       prio >= 0 && prio < 3 ? how[prio] : "somehow");
}

static void tell_deferred(const struct event *e)
{
	printf("  zone %s of node %ld is left out: compaction has not helped there lately (%ld of %ld)\n", e->zone, e->node,
	       number_of(e->text, "consider"), number_of(e->text, "limit"));
}

static void tell_suitable(const struct event *e)
{
	char ret[24];

	word_of(e->text, "ret", ret, sizeof(ret));
	if (!strcmp(ret, "skipped"))
		printf("  zone %s of node %ld has too little free to be compacted\n", e->zone, e->node);
	else if (!strcmp(ret, "not_suitable_zone"))
		printf("  zone %s of node %ld lacks memory rather than order: compaction would not help\n", e->zone, e->node);
}

static void tell_retry(const struct event *e)
{
	printf("  %s: with all that can be reclaimed %ld pages would be free\n",
	       number_of(e->text, "wmark_check") ? "another round" : "no other round", number_of(e->text, "available"));
}

static const struct sentence {
	const char	*name, *several;
	void		(*tell)(const struct event *e);
} sentences[] = {
	{ "mm_page_alloc", "blocks for requests", tell_alloc },
	{ "mm_page_free", "frees", tell_free },
	{ "watermark_ok", "zones that may serve", tell_watermark_ok },
	{ "watermark_fail", "zones that may not", tell_watermark_fail },
	{ "mm_page_alloc_zone_locked", "blocks handed out by a zone", tell_zone_locked },
	{ "split", "splits", tell_split }, { "merge", "merges", tell_merge },
	{ "pcp_refill", "refills", tell_refill },
	{ "deferred_grow", "zones that grew", tell_grow },
	{ "mm_page_pcpu_drain", "blocks back from per-cpu lists", tell_drain },
	{ "mm_page_alloc_extfrag", "blocks of another type", tell_extfrag },
	{ "mm_compaction_isolate_migratepages", "looks for what could move", tell_sources },
	{ "mm_compaction_isolate_freepages", "looks for free pages", tell_targets },
	{ "mm_compaction_migratepages", "batches", tell_batch },
	{ "mm_compaction_end", "runs of compaction", tell_end_of_run },
	{ "page_moved", "moves", tell_moved },
	{ "mm_compaction_try_to_compact_pages", "attempts to compact", tell_try },
	{ "mm_compaction_deferred", "zones left out", tell_deferred },
	{ "mm_compaction_suitable", "zones looked at for compaction", tell_suitable },
	{ "reclaim_retry_zone", "questions whether to go on", tell_retry },
};

static void tell(const struct sentence *s, const char *text)
{
	struct event e = {
		.text = text, .pfn = number_of(text, "pfn"), .order = number_of(text, "order"),
		.node = number_of(text, "node"),
	};

	word_of(text, "migratetype", e.type, sizeof(e.type));
	word_of(text, "zone", e.zone, sizeof(e.zone));
	s->tell(&e);
}

static_assert(ARRAY_SIZE(sentences) == KINDS);

static void on_event(const char *name, const char *text)
{
	size_t k;

	if (now.ses->telling == SIM_EVENTS) {
		printf("%s: %s\n", name, text);
		return;
	}
	for (k = 0; k < ARRAY_SIZE(sentences); k++) {
		if (strcmp(name, sentences[k].name))
			continue;
		if (now.ses->telling == SIM_WORDS || now.told[k] < SENTENCES)
			tell(&sentences[k], text);
		now.told[k]++;
	}
}

/* What was not told, because it was more of the same. */
static void tell_rest(void)
{
	const char *sep = "  and more of the same: ";
	size_t k;

	for (k = 0; k < ARRAY_SIZE(sentences); k++) {
		if (now.told[k] <= SENTENCES)
			continue;
		printf("%s%ld %s", sep, now.told[k] - SENTENCES, sentences[k].several);
		sep = ", ";
	}
	if (*sep == ',')
		putchar('\n');
}

/* --- before and after ---------------------------------------------------------------------------- */

static bool take(struct shb_zone *z, struct shb_snapshot *p)
{
	return !shb_snapshot_init(p, z->extent.start_pfn, z->extent.nr_frames,
				  z->state->topo.nr_cpus) && !shb_snapshot_take(z, p);
}

/* Order and type of each block on a free list, by its first page; 0 for others. */
static u8 *blocks_by_page(const struct shb_snapshot *p)
{
	u8 *map = sim_alloc(p->nr_frames);
	const u32 *block = p->listed;
	int order, type;
	u32 n;

	for (order = 0; map && order < SHB_NR_ORDERS; order++)
		for (type = 0; type < SHB_NR_TYPES; type++)
			for (n = 0; n < p->blocks[type][order]; n++)
				map[SHB_SNAPSHOT_INDEX(*block++)] = 1 + order * SHB_NR_TYPES + type;
	return map;
}

static const char *place(u32 n, u32 nr)
{
	if (nr == 1)
		return "alone";
	if (!n)
		return "at its head";
	return n == nr - 1 ? "at its tail" : "inside";
}

/* Blocks that are on a free list now and were not, with their place in it. */
static void tell_new_blocks(const struct shb_zone *z, const struct shb_snapshot *before,
			    const struct shb_snapshot *after)
{
	u8 *was = blocks_by_page(before);
	const u32 *block = after->listed;
	int order, type, told = 0;
	u32 n, nr, i;

	for (order = 0; was && order < SHB_NR_ORDERS; order++) {
		for (type = 0; type < SHB_NR_TYPES; type++) {
			nr = after->blocks[type][order];
			for (n = 0; n < nr; n++) {
				i = SHB_SNAPSHOT_INDEX(*block++);
				if (was[i] == 1 + order * SHB_NR_TYPES + type || told++ >= CHANGES)
					continue;
				printf("    order %d %s: %#lx, %s (%u there)\n", order,
				       shb_type_name(type), shb_pfn_of(z, i), place(n, nr), nr);
			}
		}
	}
	if (told > CHANGES)
		printf("    and %d more blocks that are free now\n", told - CHANGES);
	sim_free(was);
}

static void tell_numbers(const struct shb_snapshot *before, const struct shb_snapshot *after)
{
	int n, cpu;

	for (n = 0; n < SHB_NR_NUMBERS; n++)
		if (before->number[n] != after->number[n])
			printf("    %s: %ld -> %ld\n", shb_numbers[n].name, before->number[n],
			       after->number[n]);
	for (cpu = 0; cpu < before->nr_cpus; cpu++)
		for (n = 0; n < SHB_NR_PCP_NUMBERS; n++)
			if (before->pcps[cpu].number[n] != after->pcps[cpu].number[n])
				printf("    cpu %d's lists, %s: %d -> %d\n", cpu, shb_pcp_numbers[n].name,
				       before->pcps[cpu].number[n], after->pcps[cpu].number[n]);
}

/* Pageblocks in a row that changed alike are one line. */
static void tell_pageblocks(const struct shb_snapshot *before, const struct shb_snapshot *after)
{
	u32 b, n, nr = before->nr_frames >> SHB_PAGEBLOCK_ORDER;

	for (b = 0; b < nr; b += n) {
		for (n = 1; b + n < nr && before->pageblocks[b + n] == before->pageblocks[b] &&
		     after->pageblocks[b + n] == after->pageblocks[b]; n++)
			;
		if (before->pageblocks[b] == after->pageblocks[b])
			continue;
		printf("    pageblock %u", b);
		if (n > 1)
			printf(" to %u", b + n - 1);
		printf(": %s -> %s\n", shb_type_name(before->pageblocks[b]),
		       shb_type_name(after->pageblocks[b]));
	}
}

static void tell_zone(struct shb_zone *z, const struct shb_snapshot *before)
{
	struct shb_snapshot after = { };
	char text[512];

	if (take(z, &after) && shb_snapshot_diff(before, &after, text, sizeof(text))) {
		printf("  zone %s of node %d now:\n", shb_kind_name(z->kind), z->nid);
		tell_numbers(before, &after);
		tell_pageblocks(before, &after);
		tell_new_blocks(z, before, &after);
	}
	shb_snapshot_free(&after);
}

static void forget_zones(void)
{
	int n;

	for (n = 0; n < now.nr_zones; n++)
		shb_snapshot_free(&now.zones[n]);
	sim_free(now.zones);
	now.zones = NULL;
	now.nr_zones = 0;
}

static void remember_zones(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	now.zones = sim_alloc(s->nr_zones * sizeof(*now.zones));
	now.nr_zones = now.zones ? s->nr_zones : 0;
	shb_for_each_zone(s, z, n)
		if (now.zones && z->extent.nr_frames && !take(z, &now.zones[n])) {
			fprintf(stderr, "shbsim: no memory to remember zone %s; its changes are not told\n",
				shb_kind_name(z->kind));
			shb_snapshot_free(&now.zones[n]);
		}
}

/* A command begins: listen, and remember the zones if what changes is to be told. */
void sim_explain_begin(struct sim_session *ses, const char *line)
{
	if (ses->telling == SIM_SILENT)
		return;
	now.ses = ses;
	memset(now.told, 0, sizeof(now.told));
	if (ses->telling == SIM_STEPS) {
		printf("> %s\n", line);
		remember_zones(ses->s);
	}
	sim_events = on_event;
}

/* It ended: tell what the sentences left out. */
void sim_explain_end(struct sim_session *ses)
{
	struct shb_zone *z;
	int n;

	sim_events = NULL;
	if (ses->telling != SIM_STEPS)
		return;
	tell_rest();
	shb_for_each_zone(ses->s, z, n)
		if (n < now.nr_zones && now.zones[n].listed)
			tell_zone(z, &now.zones[n]);
	forget_zones();
}
