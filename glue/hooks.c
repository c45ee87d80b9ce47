// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel's pages come and go: two tracepoints see almost all of it, kprobes the paths
 * that say nothing. A function that a kernel does not have, or does not let be probed, lowers the
 * class of what is seen and prevents nothing; without its tracepoints there is nothing to see.
 *
 *     mm_page_alloc, mm_page_free          every block
 *     mm_page_alloc_extfrag                fallbacks
 *     mm_page_alloc_zone_locked, mm_page_pcpu_drain                    evidence: only if wanted
 *     compaction_alloc (return)            targets of compaction       }
 *     compaction_free                      given back in silence       } up to 6.1
 *     the bulk allocator (return)          pages of a bulk             }
 *     folio_migrate_flags                  what is where now           } class A: all that exist
 *     alloc_contig_range() (return)        ranges                      }
 *     take_page_off_buddy() (return)       broken pages                }
 *     __isolate_free_page() (return), __putback_isolated_page()        } counted only
 *     __free_contig_range_common()         runs, since 7.0             }
 *
 * The probes run in any context, under any lock of whoever is probed: they take none, allocate
 * nothing and wake nobody.
 */
#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "glue/compat.h"
#include "glue/hooks.h"
#include "glue/ring.h"

static struct shb_ring __percpu *rings;

/* --- tracepoints ---------------------------------------------------------------------------------- */

static void on_alloc(void *data, struct page *page, unsigned int order, gfp_t gfp, int migratetype)
{
	if (likely(page))
		shb_ring_put(rings, SHB_REC_ALLOC, page_to_pfn(page), order, (__force u32)gfp);
	else
		shb_ring_put(rings, SHB_REC_FAIL, 0, order, (__force u32)gfp);
}

static void on_free(void *data, struct page *page, unsigned int order)
{
	shb_ring_put(rings, SHB_REC_FREE, page_to_pfn(page), order, 0);
}

/* Under the zone's lock, so that the type of the pageblock is what it was made. */
static void on_extfrag(void *data, struct page *page, int order, int found, int type, int from)
{
	unsigned long pfn = page_to_pfn(page);
	bool owned = shb_pageblock_migratetype(page_zone(page), pfn) == type;

	shb_ring_put(rings, SHB_REC_EXTFRAG, pfn, order, shb_extfrag_arg(found, type, from, owned));
}

static void on_zone_locked(void *data, struct page *page, unsigned int order, int migratetype,
			   int refill)
{
	/* Of CMA pages, which only lists of movable pages are filled with, the event says no. */
	if (refill || (is_migrate_cma(migratetype) &&
		       (order <= PAGE_ALLOC_COSTLY_ORDER || order == pageblock_order)))
		shb_ring_put(rings, SHB_REC_REFILL, page_to_pfn(page), order, migratetype);
}

static void on_drain(void *data, struct page *page, unsigned int order, int migratetype)
{
	shb_ring_put(rings, SHB_REC_DRAIN, page_to_pfn(page), order, migratetype);
}

static struct {
	const char		*name;
	void			*probe;
	enum shb_evidence	evidence;	/* from which on it is heard */
	struct tracepoint	*tp;
	bool			on;
} points[] = {
	{ "mm_page_alloc", on_alloc },
	{ "mm_page_free", on_free },
	{ "mm_page_alloc_extfrag", on_extfrag },
	{ "mm_page_alloc_zone_locked", on_zone_locked, SHB_EVIDENCE_REFILLS },
	{ "mm_page_pcpu_drain", on_drain, SHB_EVIDENCE_ALL },
};

static void find_point(struct tracepoint *tp, void *data)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(points); k++)
		if (!strcmp(tp->name, points[k].name))
			points[k].tp = tp;
}

static int start_points(enum shb_evidence evidence)
{
	int k, err = 0;

	for_each_kernel_tracepoint(find_point, NULL);
	for (k = 0; k < ARRAY_SIZE(points) && !err; k++) {
		if (points[k].evidence > evidence)
			continue;
		err = points[k].tp ? tracepoint_probe_register(points[k].tp, points[k].probe, NULL) :
				     -ENOENT;
		points[k].on = !err;
		if (err)
			pr_err("follow: the tracepoint %s cannot be used (error %d)\n",
			       points[k].name, err);
	}
	return err;
}

static void stop_points(bool evidence_only)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(points); k++) {
		if (evidence_only && !points[k].evidence)
			continue;
		if (points[k].on)
			tracepoint_probe_unregister(points[k].tp, points[k].probe, NULL);
		points[k].on = false;
	}
	tracepoint_synchronize_unregister();
}

/* --- kprobes ---------------------------------------------------------------------------------------- */

/* Arguments of a function, kept until it returns. */
struct kept {
	unsigned long	arg[4];
};

static int on_compaction_alloc(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct folio *folio = (struct folio *)regs_return_value(regs);

	if (folio)
		shb_ring_put(rings, SHB_REC_COMPACT, folio_pfn(folio), folio_order(folio), 0);
	return 0;
}

static int on_compaction_free(struct kprobe *p, struct pt_regs *regs)
{
	shb_ring_put(rings, SHB_REC_UNCOMPACT,
		     page_to_pfn((struct page *)regs_get_kernel_argument(regs, 0)), 0, 0);
	return 0;
}

static int on_migrate(struct kprobe *p, struct pt_regs *regs)
{
	struct folio *to = (struct folio *)regs_get_kernel_argument(regs, 0);
	struct folio *from = (struct folio *)regs_get_kernel_argument(regs, 1);

	if (folio_pfn(from) <= U32_MAX)
		shb_ring_put(rings, SHB_REC_MIGRATE, folio_pfn(to), folio_order(from), folio_pfn(from));
	return 0;
}

/* gfp first; the array is the last argument: the sixth, or the fifth since lists are gone. */
static int before_bulk(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct kept *k = (struct kept *)ri->data;

	k->arg[0] = regs_get_kernel_argument(regs, 0);
	k->arg[1] = regs_get_kernel_argument(regs, SHB_BULK_ARRAY);
	k->arg[2] = SHB_BULK_LIST < 0 ? 0 : regs_get_kernel_argument(regs, SHB_BULK_LIST);
	return 0;
}

static void put_bulk(const struct page *page, const struct kept *k)
{
	if (page)
		shb_ring_put(rings, SHB_REC_BULK, page_to_pfn(page), 0, k->arg[0]);
}

/* Pages that were in the array before have been told, and are told once more. */
static int on_bulk(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct kept *k = (struct kept *)ri->data;
	struct page **array = (struct page **)k->arg[1], *page;
	unsigned long nr = regs_return_value(regs), n = 0;

	if (array) {
		for (; n < nr; n++)
			put_bulk(array[n], k);
	} else if (k->arg[2]) {
		list_for_each_entry(page, (struct list_head *)k->arg[2], lru) {
			if (n++ == nr)
				break;
			put_bulk(page, k);
		}
	}
	return 0;
}

static int keep_two(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct kept *k = (struct kept *)ri->data;

	k->arg[0] = regs_get_kernel_argument(regs, 0);
	k->arg[1] = regs_get_kernel_argument(regs, 1);
	return 0;
}

static int on_contig(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct kept *k = (struct kept *)ri->data;

	if (!(int)regs_return_value(regs))
		shb_ring_put(rings, SHB_REC_CONTIG, k->arg[0], 0, k->arg[1] - k->arg[0]);
	return 0;
}

static int on_take_off(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct kept *k = (struct kept *)ri->data;

	if ((bool)regs_return_value(regs))
		shb_ring_put(rings, SHB_REC_CONTIG, page_to_pfn((struct page *)k->arg[0]), 0, 1);
	return 0;
}

static int on_isolate(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	this_cpu_add(rings->isolated, (unsigned int)regs_return_value(regs));
	return 0;
}

static int on_put_back(struct kprobe *p, struct pt_regs *regs)
{
	this_cpu_add(rings->put_back, 1UL << regs_get_kernel_argument(regs, 1));
	return 0;
}

static int on_run(struct kprobe *p, struct pt_regs *regs)
{
	shb_ring_put(rings, SHB_REC_RUN, regs_get_kernel_argument(regs, 0), 0,
		     regs_get_kernel_argument(regs, 1));
	return 0;
}

/*
 * A probe: of the first of its names that the kernel has. @where: only in a kernel that has this
 * function.
 */
static struct hook {
	const char	*what, *names[3], *where;
	int		(*enter)(struct kprobe *p, struct pt_regs *regs);
	kretprobe_handler_t	before, after;
	const char	*name;		/* of those, the one that is or was probed; NULL: none */
	bool		on;
	bool		needless;	/* this kernel tells it by other means */
	struct kprobe	entry;
	struct kretprobe	ret;
} hooks[] = {
	{ "compaction_alloc", { "compaction_alloc" }, .after = on_compaction_alloc },
	{ "compaction_free", { "compaction_free" }, .where = "release_freepages",
	  .enter = on_compaction_free },
	{ "migrate", { "folio_migrate_flags" }, .enter = on_migrate },
	{ "bulk", { "alloc_pages_bulk_noprof", "__alloc_pages_bulk" }, .before = before_bulk,
	  .after = on_bulk },
	{ "contig", { "alloc_contig_frozen_range_noprof", "alloc_contig_range_noprof",
		      "alloc_contig_range" }, .before = keep_two, .after = on_contig },
	{ "take_off", { "take_page_off_buddy" }, .before = keep_two, .after = on_take_off },
	{ "isolate", { "__isolate_free_page" }, .after = on_isolate },
	{ "put_back", { "__putback_isolated_page" }, .enter = on_put_back },
	{ "run", { "__free_contig_range_common" }, .where = "__free_contig_range_common",
	  .enter = on_run },
};

static int nothing(struct kprobe *p, struct pt_regs *regs)
{
	return 0;
}

/* The kernel's symbols are not for modules to look up; whether a probe finds one tells. */
static bool kernel_has(const char *name)
{
	struct kprobe p = { .symbol_name = name, .pre_handler = nothing };

	if (register_kprobe(&p))
		return false;
	unregister_kprobe(&p);
	return true;
}

static int start_hook(struct hook *h, const char *name)
{
	if (h->enter) {
		h->entry = (struct kprobe){ .symbol_name = name, .pre_handler = h->enter };
		return register_kprobe(&h->entry);
	}
	h->ret = (struct kretprobe){
		.kp.symbol_name = name, .entry_handler = h->before, .handler = h->after,
		.data_size = sizeof(struct kept), .maxactive = 512,
	};
	return register_kretprobe(&h->ret);
}

static void start_hooks(void)
{
	struct hook *h;
	int k;

	for (h = hooks; h < hooks + ARRAY_SIZE(hooks); h++) {
		h->needless = h->where && !kernel_has(h->where);
		h->name = NULL;
		for (k = 0; k < ARRAY_SIZE(h->names) && h->names[k] && !h->needless && !h->on; k++) {
			h->on = !start_hook(h, h->names[k]);
			h->name = h->on ? h->names[k] : NULL;
		}
		if (!h->needless && !h->on)
			pr_notice("follow: %s cannot be probed here; what it does is not seen\n", h->what);
	}
}

static void stop_hooks(void)
{
	struct hook *h;

	for (h = hooks; h < hooks + ARRAY_SIZE(hooks); h++) {
		if (h->on && h->enter)
			unregister_kprobe(&h->entry);
		else if (h->on)
			unregister_kretprobe(&h->ret);
		h->on = false;
	}
}

/* --- a probe of our own: do probes fire at all? -------------------------------------------------- */

static unsigned long pulses;

static noinline void pulse(void)
{
	barrier();
}

static int on_pulse(struct kprobe *p, struct pt_regs *regs)
{
	WRITE_ONCE(pulses, pulses + 1);
	return 0;
}

static struct kprobe pulse_probe;
static bool pulse_on;

/* Whoever administers the machine can switch all of them off, and nobody is told. */
static bool probes_fire(void)
{
	unsigned long before = READ_ONCE(pulses);

	pulse();
	return READ_ONCE(pulses) != before;
}

static void start_pulse(void)
{
	pulse_probe = (struct kprobe){ .addr = (kprobe_opcode_t *)pulse, .pre_handler = on_pulse };
	pulse_on = !register_kprobe(&pulse_probe);
}

static void stop_pulse(void)
{
	if (pulse_on)
		unregister_kprobe(&pulse_probe);
	pulse_on = false;
}

/**
 * shb_hooks_start() - from now on everything that happens is written to the rings
 * @to: rings
 * @evidence: of what goes on between the lists
 *
 * Context: process context, sleeps; one follower at a time.
 * Return: 0, or -errno after a line that names what is missing; nothing is probed then.
 */
int shb_hooks_start(struct shb_ring __percpu *to, enum shb_evidence evidence)
{
	int err;

	rings = to;
	err = start_points(evidence);
	if (err) {
		stop_points(false);
		return err;
	}
	start_hooks();
	start_pulse();
	return 0;
}

/**
 * shb_hooks_stop() - nobody writes to the rings any more
 *
 * Context: process context, sleeps until every probe under way has returned.
 */
void shb_hooks_stop(void)
{
	stop_pulse();
	stop_hooks();
	stop_points(false);
}

/**
 * shb_hooks_drop_evidence() - refills and drains are not told of any more
 *
 * Context: process context, sleeps.
 */
void shb_hooks_drop_evidence(void)
{
	stop_points(true);
}

/**
 * shb_hooks_class() - how much is seen
 *
 * Context: process context.
 * Return: 'A': all there is; 'B': something cannot be probed, or kprobes are switched off.
 */
char shb_hooks_class(void)
{
	struct hook *h;

	for (h = hooks; h < hooks + ARRAY_SIZE(hooks); h++)
		if (!h->needless && (!h->on || kprobe_disabled(h->enter ? &h->entry : &h->ret.kp)))
			return 'B';
	return pulse_on && probes_fire() ? 'A' : 'B';
}

/**
 * shb_hooks_missed() - times a function ran that a probe had no room for
 */
u64 shb_hooks_missed(void)
{
	struct hook *h;
	u64 missed = 0;

	for (h = hooks; h < hooks + ARRAY_SIZE(hooks); h++)
		if (h->name)
			missed += h->enter ? h->entry.nmissed : h->ret.nmissed + h->ret.kp.nmissed;
	return missed;
}

/**
 * shb_hooks_show() - a line for each probe: what it is for, and what it is on
 */
void shb_hooks_show(struct seq_file *m)
{
	struct hook *h;

	for (h = hooks; h < hooks + ARRAY_SIZE(hooks); h++)
		seq_printf(m, "hook %s %s\n", h->what,
			   h->needless ? "needless" : h->name ? h->name : "missing");
}
