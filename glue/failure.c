// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages whose memory the kernel found broken (a machine check, hard_offline_page,
 * hwpoison-inject). It marks them, and says so by an event:
 *
 *     memory_failure_event --> the zone looks at each block it hands out from now on
 *                          --> per-cpu lists are drained, so that all free pages are there
 *
 * On a kernel that marks pages and has no such event every zone looks from the start.
 */
#include <linux/errno.h>
#include <linux/kconfig.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include "drain.h"
#include "glue/failure.h"
#include "host.h"

static void drain_lists(struct work_struct *work)
{
	struct shb_failure *f = container_of(work, struct shb_failure, drain);

	shb_drain(f->s, SHB_EVERY_CPU, NULL);
}

/* Context: any the kernel handles memory failures in; may not sleep. */
static void on_failure(void *data, unsigned long pfn, int type, int result)
{
	struct shb_failure *f = data;
	struct shb_zone *z;
	u32 i;

	z = shb_zone_of(f->s, pfn, &i);
	if (!z)
		return;
	set_bit(SHB_ZONE_POISONED, &z->flags);
	schedule_work(&f->drain);
}

static void find_event(struct tracepoint *tp, void *data)
{
	struct shb_failure *f = data;

	if (!strcmp(tp->name, "memory_failure_event"))
		f->event = tp;
}

/* What broke between carving and here was told to nobody. */
static void find_broken(struct shb_state *s)
{
	struct shb_zone *z;
	int n;
	u32 i;

	shb_for_each_zone(s, z, n) {
		for (i = 0; i < z->extent.nr_frames; i++) {
			if (s->pages->poisoned(shb_pfn_of(z, i)))
				set_bit(SHB_ZONE_POISONED, &z->flags);
			if (!(i & (SHB_GRANULE_PAGES - 1)))
				cond_resched();
		}
	}
}

static void look_everywhere(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		set_bit(SHB_ZONE_POISONED, &z->flags);
}

/**
 * shb_failure_watch() - keep broken pages of a state from being handed out
 * @f: out
 * @s: state with real pages
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_failure_watch(struct shb_failure *f, struct shb_state *s)
{
	int err;

	*f = (struct shb_failure){ .s = s };
	INIT_WORK(&f->drain, drain_lists);
	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		return 0;
	for_each_kernel_tracepoint(find_event, f);
	if (f->event) {
		err = tracepoint_probe_register(f->event, on_failure, f);
		if (!err)
			find_broken(s);
		return err;
	}
	pr_notice("this kernel does not tell of broken memory: every page is looked at, which takes time\n");
	look_everywhere(s);
	return 0;
}

/**
 * shb_failure_unwatch() - end what shb_failure_watch() began
 *
 * Context: process context, sleeps; no probe or drain is under way afterwards.
 */
void shb_failure_unwatch(struct shb_failure *f)
{
	if (f->event)
		tracepoint_probe_unregister(f->event, on_failure, f);
	tracepoint_synchronize_unregister();
	cancel_work_sync(&f->drain);
}
