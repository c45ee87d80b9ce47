/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a state needs of the world while it runs. The module's world is the running kernel
 * (glue/instance.c), a test's and the program's is nothing but themselves.
 */
#ifndef SHB_HOST_H
#define SHB_HOST_H

#include <linux/types.h>

/*
 * The memory behind the frames. Read without a lock: a count above 1 may be somebody who
 * only looks.
 */
struct shb_page_ops {
	int	(*count)(unsigned long pfn);		/* reference count; ours is 1 */
	bool	(*poisoned)(unsigned long pfn);
	void	(*zero)(unsigned long pfn, unsigned int order);
	void	(*copy)(unsigned long to, unsigned long from, unsigned int order);
};

struct shb_host {
	/* Zeroed memory for tables, near a node (-1: anywhere); NULL when there is none. */
	void	*(*alloc)(size_t bytes, int nid);
	void	(*free)(void *table);

	/*
	 * Run a function on a cpu, in process context with nobody else on its lists, and wait
	 * for it. A cpu that is down uses no lists: with @or_here the function runs here
	 * instead, and the cpu stays down meanwhile; without, -ENXIO.
	 */
	int	(*run_on)(int cpu, bool or_here, int (*run)(void *arg), void *arg);

	/* Stay on a cpu: the one this runs on, or @wanted where cpus are only numbers. */
	int	(*pin)(int wanted);
	void	(*unpin)(void);

	bool	(*interrupted)(void);	/* who waits for a long command wants it to end */

	const struct shb_page_ops *pages;	/* NULL: frames without memory */
};

extern const struct shb_host shb_host_paper;

void *shb_host_alloc(size_t bytes, int nid);
void shb_host_free(void *table);

#endif
