// SPDX-License-Identifier: GPL-2.0-only
/*
 * The block a run of compaction waits for: when what it frees becomes one of the order of the request,
 * it is kept for that, before anybody else can have it (compaction_capture()). To the scanners it is
 * pages that stay, no compound one, as in the kernel.
 *
 *     z->capture --> cpu     who frees: the run while it is pinned, or what interrupts it there
 *                    block   taken where blocks merge, under z->lock (zones.c)
 *
 * A zone waits for one block at a time; another run in it does without.
 */
#include "host.h"
#include "pressure/capture.h"
#include "quarantine.h"
#include "zones.h"

static void set_capture(struct shb_zone *z, struct shb_capture *capture)
{
	z->capture = capture;
	shb_zone_set_asked(z);
}

/**
 * shb_capture_begin() - wait for a block
 * @capture: of the run, until shb_capture_end()
 * @order: of the request; the run may want more
 *
 * Context: process context; takes z->lock. The rules do not change meanwhile.
 */
void shb_capture_begin(struct shb_compact *c, struct shb_capture *capture, int order)
{
	unsigned long irq;

	*capture = (struct shb_capture){
		.cpu = SHB_CPU_OF_NOBODY, .order = order, .type = c->goal.type, .block = SHB_NONE,
	};
	raw_spin_lock_irqsave(&c->z->lock, irq);
	if (!c->z->capture) {
		set_capture(c->z, capture);
		c->capture = capture;
	}
	raw_spin_unlock_irqrestore(&c->z->lock, irq);
}

/**
 * shb_capture_end() - wait no longer
 *
 * Context: process context; takes z->lock.
 * Return: first pfn of the block, which is in use now; SHB_NO_PFN: there was none, or a page of it is
 * broken.
 */
unsigned long shb_capture_end(struct shb_zone *z, struct shb_capture *capture)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&z->lock, irq);
	if (z->capture == capture)
		set_capture(z, NULL);
	if (capture->block != SHB_NONE) {
		z->frames[capture->block].state = SHB_FRAME_USED;
		if (shb_quarantine_sift(z, capture->block, capture->order))
			capture->block = SHB_NONE;
	}
	raw_spin_unlock_irqrestore(&z->lock, irq);
	return capture->block == SHB_NONE ? SHB_NO_PFN : shb_pfn_of(z, capture->block);
}

/**
 * shb_capture_pin() - host->pin() for what a run frees
 *
 * Context: process context, until shb_capture_unpin().
 * Return: the cpu.
 */
int shb_capture_pin(struct shb_compact *c)
{
	int cpu = c->z->state->host->pin(c->cpu);

	if (c->capture)
		WRITE_ONCE(c->capture->cpu, cpu);
	return cpu;
}

/**
 * shb_capture_unpin() - end what shb_capture_pin() began
 */
void shb_capture_unpin(struct shb_compact *c)
{
	if (c->capture)
		WRITE_ONCE(c->capture->cpu, SHB_CPU_OF_NOBODY);
	c->z->state->host->unpin();
}
