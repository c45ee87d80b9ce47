// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exported allocator: struct page and addresses on the outside, pfns inside.
 *
 * There is one live state. It exists before any user can be loaded and until all
 * of them are gone, because a user holds a reference on this module.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include "glue/api.h"
#include "host.h"
#include "serve.h"
#include "shadowbuddy.h"

static struct shb_state *served;

/**
 * shb_api_set() - the state the exported calls work on
 * @s: state, or NULL before it goes away
 */
void shb_api_set(struct shb_state *s)
{
	smp_store_release(&served, s);	/* whole, before anybody finds it */
}

/**
 * shb_api_get() - the live state
 *
 * Return: the state, or NULL while the module comes or goes.
 */
struct shb_state *shb_api_get(void)
{
	return READ_ONCE(served);
}

static __always_inline struct page *finish(unsigned long pfn, unsigned int order, gfp_t gfp)
{
	if (unlikely(gfp & __GFP_ZERO))
		served->pages->zero(pfn, order);
	return pfn_to_page(pfn);
}

/* What the slow path wants to know of whoever asks. */
static noinline u8 who_asks(void)
{
	u8 by = 0;

	if (in_task() && current->prio < MAX_RT_PRIO)
		by |= SHB_BY_REALTIME;
	if ((in_task() || in_serving_softirq()) && (current->flags & PF_MEMALLOC))
		by |= SHB_BY_MEMALLOC;
	if (in_task() && tsk_is_oom_victim(current))
		by |= SHB_BY_OOM_VICTIM;
	return by;
}

/* @nid: NUMA_NO_NODE is this cpu's. Nothing here sleeps, but a mistake is one in the kernel, too. */
static __always_inline struct page *alloc_on(int nid, gfp_t gfp, unsigned int order,
					     const nodemask_t *nodemask, unsigned long ip)
{
	struct shb_state *s = served;
	unsigned long pfn;
	int cpu;

	if (IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		might_alloc(gfp);
	cpu = get_cpu();
	pfn = shb_serve(s, (struct shb_request){
		.gfp = current_gfp_context(gfp), .order = order, .nodemask = nodemask,
		.cpu = cpu, .owner = ip,
		.nid = nid != NUMA_NO_NODE ? nid : IS_ENABLED(CONFIG_NUMA) ? numa_mem_id() : 0,
	}, who_asks);
	put_cpu();
	return pfn == SHB_NO_PFN ? NULL : finish(pfn, order, gfp);
}

/**
 * shb_alloc_pages() - allocate a block near this cpu
 * @gfp: gfp mask; decides zones, type and reserves as in the kernel
 * @order: 0 .. 10; more is NULL with one warning
 *
 * Context: any but NMI. Never sleeps.
 * Return: the first page of 2^order contiguous ones, or NULL.
 */
struct page *shb_alloc_pages(gfp_t gfp, unsigned int order)
{
	return alloc_on(NUMA_NO_NODE, gfp, order, NULL, _RET_IP_);
}
EXPORT_SYMBOL_GPL(shb_alloc_pages);

/* NUMA_NO_NODE is one, too. */
static bool usable_node(int nid)
{
	return nid == NUMA_NO_NODE || (nid >= 0 && nid < served->topo.nr_nodes &&
				       served->nodes[nid].online);
}

/**
 * shb_alloc_pages_node() - allocate a block, preferably on a node
 * @nid: node, or NUMA_NO_NODE for this cpu's
 * @gfp: gfp mask; __GFP_THISNODE allows no other node
 *
 * Return: as shb_alloc_pages(); NULL for a node that is not online.
 */
struct page *shb_alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	return usable_node(nid) ? alloc_on(nid, gfp, order, NULL, _RET_IP_) : NULL;
}
EXPORT_SYMBOL_GPL(shb_alloc_pages_node);

/**
 * shb_alloc_pages_nodemask() - allocate a block from some nodes only
 * @nid: preferred node
 * @nodemask: allowed nodes
 *
 * Return: as shb_alloc_pages_node().
 */
struct page *shb_alloc_pages_nodemask(gfp_t gfp, unsigned int order, int nid,
				      const nodemask_t *nodemask)
{
	return usable_node(nid) ? alloc_on(nid, gfp, order, nodemask, _RET_IP_) : NULL;
}
EXPORT_SYMBOL_GPL(shb_alloc_pages_nodemask);

/* The nodes with memory, round robin. */
static int next_interleave(struct shb_state *s)
{
	int skip, nid, nr = 0;

	for (nid = 0; nid < s->topo.nr_nodes; nid++)
		nr += s->nodes[nid].memory;
	skip = (unsigned int)atomic_inc_return(&s->interleave) % nr;
	for (nid = 0; nid < s->topo.nr_nodes; nid++)
		if (s->nodes[nid].memory && !skip--)
			break;
	return nid;
}

/**
 * shb_alloc_pages_interleave() - allocate a block on the next node in turn
 *
 * MPOL_INTERLEAVE: numa_interleave counts blocks that lie where they were meant to.
 *
 * Return: as shb_alloc_pages().
 */
struct page *shb_alloc_pages_interleave(gfp_t gfp, unsigned int order)
{
	struct shb_state *s = served;
	int nid = next_interleave(s);
	struct page *page = alloc_on(nid, gfp, order, NULL, _RET_IP_);

	if (page && page_to_nid(page) == nid) {
		shb_count_interleave(s, page_to_pfn(page), get_cpu());
		put_cpu();
	}
	return page;
}
EXPORT_SYMBOL_GPL(shb_alloc_pages_interleave);

/**
 * shb_alloc_pages_bulk() - several order-0 pages with one look at the watermarks
 * @nid: preferred node
 * @nr: how many
 * @pages: array of @nr; entries that are not NULL are left alone and count as done
 *
 * Context: any but NMI. Never sleeps.
 * Return: filled entries from the front on, as alloc_pages_bulk().
 */
unsigned long shb_alloc_pages_bulk(gfp_t gfp, int nid, unsigned long nr, struct page **pages)
{
	struct shb_state *s = served;
	unsigned long run, k = 0;
	struct shb_request r;
	int got, n;

	if (!usable_node(nid))
		return 0;
	if (nid == NUMA_NO_NODE)
		nid = numa_mem_id();
	for (;;) {
		while (k < nr && pages[k])
			k++;
		for (run = 0; k + run < nr && !pages[k + run]; run++)
			;
		if (!run)
			return k;
		/* The pfns of a run of empty entries lie in the entries until they are pages. */
		got = 0;
		r = (struct shb_request){
			.gfp = current_gfp_context(gfp), .nid = nid, .cpu = get_cpu(),
			.owner = _RET_IP_, .by = who_asks(),
		};
		if (shb_request_init(s, &r))
			got = shb_alloc_bulk(s, &r, run, (unsigned long *)&pages[k]);
		put_cpu();
		for (n = 0; n < got; n++, k++)
			pages[k] = finish((unsigned long)pages[k], 0, gfp);
		if (got < run) {
			pages[k] = NULL;
			return k;
		}
	}
}
EXPORT_SYMBOL_GPL(shb_alloc_pages_bulk);

/**
 * shb_get_free_pages() - allocate a block and return its address
 * @gfp: gfp mask, without __GFP_HIGHMEM
 *
 * Return: address, or 0.
 */
unsigned long shb_get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_on(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, NULL, _RET_IP_);

	return page ? (unsigned long)page_address(page) : 0;
}
EXPORT_SYMBOL_GPL(shb_get_free_pages);

/**
 * shb_get_zeroed_page() - allocate one page of zeroes
 *
 * Return: address, or 0.
 */
unsigned long shb_get_zeroed_page(gfp_t gfp)
{
	return shb_get_free_pages(gfp | __GFP_ZERO, 0);
}
EXPORT_SYMBOL_GPL(shb_get_zeroed_page);

/* A page somebody else holds does not go the short way: nobody may get it yet. */
static __always_inline void give_back(struct page *page, unsigned int order, unsigned long ip)
{
	int cpu = get_cpu();

	shb_give_back(served, page_to_pfn(page), order, cpu, ip, page_ref_count(page) != 1);
	put_cpu();
}

/**
 * shb_alloc_pages_exact() - allocate just as many pages as a size needs
 * @size: bytes
 *
 * A block of the next order is split; the surplus goes to the tail of the buddy.
 *
 * Return: address, or NULL.
 */
void *shb_alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned int order = get_order(size), keep = PAGE_ALIGN(size) >> PAGE_SHIFT, k;
	struct page *page = alloc_on(NUMA_NO_NODE, gfp, order, NULL, _RET_IP_);

	if (!page)
		return NULL;
	if (shb_split(served, page_to_pfn(page), order)) {
		give_back(page, order, _RET_IP_);
		return NULL;
	}
	for (k = keep; k < 1U << order; k++) {
		shb_free_to_tail(served, page_to_pfn(page) + k, get_cpu(), _RET_IP_);
		put_cpu();
	}
	return page_address(page);
}
EXPORT_SYMBOL_GPL(shb_alloc_pages_exact);

/**
 * shb_free_pages() - free a block
 * @page: first page
 *
 * What is not exactly such a block is refused, counted and reported; nothing changes. A
 * block whose first page somebody else holds a reference on goes to nobody before that
 * is dropped (and a tick, or a drain, has seen it): __free_pages() and put_page(). Who
 * hands out references on other pages of a block splits it first, as with the kernel's.
 *
 * Context: any but NMI. Never sleeps.
 */
void shb_free_pages(struct page *page, unsigned int order)
{
	give_back(page, order, _RET_IP_);
}
EXPORT_SYMBOL_GPL(shb_free_pages);

/**
 * shb_free_pages_addr() - free a block by address
 * @addr: address shb_get_free_pages() gave; 0 is no block and does nothing
 */
void shb_free_pages_addr(unsigned long addr, unsigned int order)
{
	if (addr)
		give_back(virt_to_page((void *)addr), order, _RET_IP_);
}
EXPORT_SYMBOL_GPL(shb_free_pages_addr);

/**
 * shb_free_pages_list() - free order-0 pages linked through page->lru
 * @pages: list; empty afterwards
 *
 * Fires mm_page_free_batched for each, as the kernel's list frees do. The links are
 * the caller's own use of the pages.
 */
void shb_free_pages_list(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		shb_free_batched(served, page_to_pfn(page), 0, get_cpu(), _RET_IP_);
		put_cpu();
	}
}
EXPORT_SYMBOL_GPL(shb_free_pages_list);

/**
 * shb_free_pages_exact() - free what shb_alloc_pages_exact() gave
 * @virt: address; NULL is no block and does nothing
 * @size: the same size
 */
void shb_free_pages_exact(void *virt, size_t size)
{
	struct page *page, *end;

	if (!virt)
		return;
	page = virt_to_page(virt);
	for (end = page + (PAGE_ALIGN(size) >> PAGE_SHIFT); page < end; page++)
		give_back(page, 0, _RET_IP_);
}
EXPORT_SYMBOL_GPL(shb_free_pages_exact);

/**
 * shb_split_pages() - turn a block into order-0 pages that are freed one by one
 * @page: first page of a block that was allocated
 *
 * Return: 0, or -EINVAL when it is no such block.
 */
int shb_split_pages(struct page *page, unsigned int order)
{
	return shb_split(served, page_to_pfn(page), order);
}
EXPORT_SYMBOL_GPL(shb_split_pages);
