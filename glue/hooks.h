/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the kernel's pages come and go; see hooks.c. */
#ifndef SHB_HOOKS_H
#define SHB_HOOKS_H

#include <linux/types.h>

struct shb_ring;
struct seq_file;

/* What is told of pages that go between the buddy and per-cpu lists. */
enum shb_evidence {
	SHB_EVIDENCE_NONE,
	SHB_EVIDENCE_REFILLS,		/* from the buddy: what a start piece by piece needs */
	SHB_EVIDENCE_ALL,		/* and back */
};

int shb_hooks_start(struct shb_ring __percpu *rings, enum shb_evidence evidence);
void shb_hooks_stop(void);
void shb_hooks_drop_evidence(void);
char shb_hooks_class(void);
u64 shb_hooks_missed(void);
void shb_hooks_show(struct seq_file *m);

#endif
