// SPDX-License-Identifier: GPL-2.0-only
/*
 * hello: a module that allocates from shadowbuddy.
 *
 * Build it against the tree the module was built in:
 *
 *     make -C examples SHADOWBUDDY=..
 *     insmod ../shadowbuddy.ko && insmod hello.ko && rmmod hello
 *
 * or, when dkms built and installed shadowbuddy, against what dkms left behind:
 *
 *     make -C examples SHADOWBUDDY=/var/lib/dkms/shadowbuddy/0.1.0/source \
 *          SYMVERS=/var/lib/dkms/shadowbuddy/0.1.0/$(uname -r)/$(uname -m)/module/Module.symvers
 */
#include <linux/mm.h>
#include <linux/module.h>

#include "shadowbuddy.h"

static int __init hello_init(void)
{
	struct page *page = shb_alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);

	if (!page)
		return -ENOMEM;
	pr_info("hello: 4 pages from pfn %#lx on node %d\n", page_to_pfn(page), page_to_nid(page));
	shb_free_pages(page, 2);
	return 0;
}

static void __exit hello_exit(void)
{
}

module_init(hello_init);
module_exit(hello_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Allocates from shadowbuddy");
