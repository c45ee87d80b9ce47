// SPDX-License-Identifier: GPL-2.0-only
/* The world of a state on paper: frames without memory, cpus that are only numbers. */
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "host.h"

/**
 * shb_host_alloc() - zeroed memory for tables
 * @bytes: size; kvzalloc() refuses more than INT_MAX, the frames of 512 GiB are more
 * @nid: node, or -1
 *
 * Context: process context, sleeps.
 * Return: memory for shb_host_free(), or NULL.
 */
void *shb_host_alloc(size_t bytes, int nid)
{
	return bytes > INT_MAX ? vzalloc_node(bytes, nid) : kvzalloc_node(bytes, GFP_KERNEL, nid);
}

/**
 * shb_host_free() - free what shb_host_alloc() gave
 * @table: memory, or NULL
 */
void shb_host_free(void *table)
{
	kvfree(table);
}

static void *alloc_anywhere(size_t bytes, int nid)
{
	return shb_host_alloc(bytes, NUMA_NO_NODE);	/* its nodes are only numbers, too */
}

static int run_here(int cpu, bool or_here, int (*run)(void *arg), void *arg)
{
	return run(arg);
}

static int pin(int wanted)
{
	return wanted < 0 ? 0 : wanted;
}

static void unpin(void)
{
}

static bool interrupted(void)
{
	return false;
}

const struct shb_host shb_host_paper = {
	.alloc = alloc_anywhere, .free = shb_host_free, .run_on = run_here, .pin = pin,
	.unpin = unpin, .interrupted = interrupted,
};
