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

#include "cpu.h"
#include "failure.h"

static struct shb_state *watched;
static struct tracepoint *event;

static void drain_lists(struct work_struct *work)
{
	shb_cpu_drain(watched, SHB_EVERY_CPU, NULL);
}
static DECLARE_WORK(drain, drain_lists);

/* Context: any the kernel handles memory failures in; may not sleep. */
static void on_failure(void *data, unsigned long pfn, int type, int result)
{
	struct shb_state *s = data;
	struct shb_zone *z;
	u32 i;

	z = shb_zone_of(s, pfn, &i);
	if (!z)
		return;
	set_bit(SHB_ZONE_POISONED, &z->flags);
	schedule_work(&drain);
}

static void find_event(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "memory_failure_event"))
		event = tp;
}

/* What broke between carving and here was told to nobody. */
static void find_broken(struct shb_state *s)
{
	struct shb_zone *z;
	int n;
	u32 i;

	shb_for_each_zone(s, z, n) {
		for (i = 0; i < z->nr_frames; i++) {
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
 * @s: state with real pages; one at a time
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno.
 */
int shb_failure_watch(struct shb_state *s)
{
	int err;

	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		return 0;
	watched = s;
	event = NULL;
	for_each_kernel_tracepoint(find_event, NULL);
	if (event) {
		err = tracepoint_probe_register(event, on_failure, s);
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
 * @s: the same state
 *
 * Context: process context, sleeps; no probe or drain is under way afterwards.
 */
void shb_failure_unwatch(struct shb_state *s)
{
	if (event)
		tracepoint_probe_unregister(event, on_failure, s);
	event = NULL;
	tracepoint_synchronize_unregister();
	cancel_work_sync(&drain);
}
