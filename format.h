/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shape of a kernel's text files, as far as releases and configurations
 * differ. The running kernel's is in format.c; tests have others.
 */
#ifndef SHB_FORMAT_H
#define SHB_FORMAT_H

#include <linux/types.h>

struct shb_format {
	const char *const	*zone_stats;	/* names after nr_free_pages' block; see show.c */
	int			nr_zone_stats;
	const char *const	*node_stats;
	int			nr_node_stats;
	u8			types;		/* mask of migratetypes that have a row */
	bool			numa;		/* prints NUMA events */
	bool			smp;		/* prints vm stats threshold */
	bool			promo;		/* zoneinfo has the promo mark */
	bool			wide_pagesets;	/* high_min, high_max and highatomic lines */
};

extern const struct shb_format shb_format_running;

#endif
