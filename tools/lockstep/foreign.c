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
	char			who[TASK_COMM_LEN];	/* did the first of them */
	const char		*what;
	bool			interrupts;
} foreign;

static void note(struct page *page, const char *what)
{
	struct zone *zone = READ_ONCE(foreign.zone);

	if (!zone || !page || page_zone(page) != zone)
		return;
	if (in_task() && current == READ_ONCE(foreign.driver))
		return;
	if (atomic_long_inc_return(&foreign.events) != 1)
		return;
	strscpy(foreign.who, current->comm, sizeof(foreign.who));
	foreign.what = what;
	foreign.interrupts = !in_task();
}

static void on_alloc(void *data, struct page *page, unsigned int order, gfp_t gfp, int migratetype)
{
	note(page, "allocated");
}

static void on_free(void *data, struct page *page, unsigned int order)
{
	note(page, "freed");
}

static void on_drain(void *data, struct page *page, unsigned int order, int migratetype)
{
	note(page, "drained");
}

struct kernel_probe {
	const char		*name;
	void			*probe;
	struct tracepoint	*tp;
	bool			optional;	/* not every release has it */
};

static struct kernel_probe foreign_probes[] = {
	{ "mm_page_alloc", on_alloc },
	{ "mm_page_free", on_free },
	{ "mm_page_pcpu_drain", on_drain },
	{ }
};

static void find_tracepoint(struct tracepoint *tp, void *data)
{
	struct kernel_probe *p;

	for (p = data; p->name; p++)
		if (!strcmp(tp->name, p->name))
			p->tp = tp;
}

/* Probes that were found and registered, up to @end. */
static void probes_stop(struct kernel_probe *probes, const struct kernel_probe *end)
{
	for (; probes != end && probes->name; probes++)
		if (probes->tp)
			tracepoint_probe_unregister(probes->tp, probes->probe, NULL);
	tracepoint_synchronize_unregister();
}

/* On tracepoints that are known. */
static int probes_register(struct kernel_probe *probes)
{
	struct kernel_probe *p;
	int err;

	for (p = probes; p->name; p++) {
		if (!p->tp && p->optional)
			continue;
		err = p->tp ? tracepoint_probe_register(p->tp, p->probe, NULL) : -ENOENT;
		if (err) {
			pr_err("no probe on %s: error %d\n", p->name, err);
			probes_stop(probes, p);
			return err;
		}
	}
	return 0;
}

/* On the kernel's, by name. */
static int probes_start(struct kernel_probe *probes)
{
	for_each_kernel_tracepoint(find_tracepoint, probes);
	return probes_register(probes);
}
