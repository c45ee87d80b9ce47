// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who else uses the reference zone? Probes on the kernel's own events count every
 * allocation, free and drain there that is not part of the driver's current operation.
 * An interrupt on the driver's cpu counts as somebody else.
 */
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

static struct {
	struct zone		*zone;		/* NULL: nobody watches */
	struct task_struct	*driver;	/* set during an operation only */
	atomic_long_t		events;
} foreign;

static void note(struct page *page)
{
	struct zone *zone = READ_ONCE(foreign.zone);

	if (!zone || !page || page_zone(page) != zone)
		return;
	if (in_task() && current == READ_ONCE(foreign.driver))
		return;
	atomic_long_inc(&foreign.events);
}

static void on_alloc(void *data, struct page *page, unsigned int order, gfp_t gfp, int migratetype)
{
	note(page);
}

static void on_free(void *data, struct page *page, unsigned int order)
{
	note(page);
}

static void on_drain(void *data, struct page *page, unsigned int order, int migratetype)
{
	note(page);
}

static struct {
	const char		*name;
	void			*probe;
	struct tracepoint	*tp;
} probes[] = {
	{ "mm_page_alloc", on_alloc },
	{ "mm_page_free", on_free },
	{ "mm_page_pcpu_drain", on_drain },
};

static void find_tracepoint(struct tracepoint *tp, void *data)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(probes); k++)
		if (!strcmp(tp->name, probes[k].name))
			probes[k].tp = tp;
}

static void foreign_stop(void)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(probes); k++)
		if (probes[k].tp)
			tracepoint_probe_unregister(probes[k].tp, probes[k].probe, NULL);
	tracepoint_synchronize_unregister();
}

static int foreign_start(void)
{
	int k, err = 0;

	for_each_kernel_tracepoint(find_tracepoint, NULL);
	for (k = 0; k < ARRAY_SIZE(probes) && !err; k++) {
		err = probes[k].tp ? tracepoint_probe_register(probes[k].tp, probes[k].probe, NULL) :
				     -ENOENT;
		if (err) {
			pr_err("no probe on %s: error %d\n", probes[k].name, err);
			probes[k].tp = NULL;
		}
	}
	if (err) {
		for (; k < ARRAY_SIZE(probes); k++)
			probes[k].tp = NULL;
		foreign_stop();
	}
	return err;
}
