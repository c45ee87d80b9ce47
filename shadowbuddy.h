/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shadowbuddy's allocator for other modules.
 *
 * The calls mirror <linux/gfp.h>: what comes back is the struct page of real
 * memory that only shadowbuddy owns. Nothing is written to it while you have it, and zeroes before for
 * __GFP_ZERO, so __GFP_COMP gives no compound page. Requests are never reclaimed
 * for; NULL means that Linux would have had to reclaim, or would have failed, too.
 *
 * A page may be given back in any context but NMI, to shadowbuddy only.
 */
#ifndef SHADOWBUDDY_H
#define SHADOWBUDDY_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/nodemask.h>

struct page *shb_alloc_pages(gfp_t gfp, unsigned int order);
struct page *shb_alloc_pages_node(int nid, gfp_t gfp, unsigned int order);
struct page *shb_alloc_pages_nodemask(gfp_t gfp, unsigned int order, int nid,
				      const nodemask_t *nodemask);
struct page *shb_alloc_pages_interleave(gfp_t gfp, unsigned int order);
unsigned long shb_alloc_pages_bulk(gfp_t gfp, int nid, unsigned long nr, struct page **pages);

unsigned long shb_get_free_pages(gfp_t gfp, unsigned int order);
unsigned long shb_get_zeroed_page(gfp_t gfp);
void *shb_alloc_pages_exact(size_t size, gfp_t gfp);

void shb_free_pages(struct page *page, unsigned int order);
void shb_free_pages_addr(unsigned long addr, unsigned int order);
void shb_free_pages_list(struct list_head *pages);
void shb_free_pages_exact(void *virt, size_t size);
int shb_split_pages(struct page *page, unsigned int order);

#endif
