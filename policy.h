/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Your own allocation policy: a C file that includes this header alone, fills in a struct
 * shb_policy and ends in shb_policy_module(). docs/policies.md leads through it.
 *
 *     the allocator      "which block?"  -->  a rule of yours looks around and answers
 *          |                                              |
 *          +-- can it be?  -- yes: does it   <------------+
 *                          -- no: refused, counted, and the base profile answers instead
 *
 * A zone is pages 0 .. n-1, numbered by address, and pageblocks of 512 of them. A block is 2^order
 * pages from a multiple of 2^order, named by its first page. Rules run under the zone's lock with
 * interrupts off, but for first, high, refill and excess; no rule may sleep, wait or allocate. What
 * a rule leaves NULL the base profile decides.
 */
#ifndef SHB_POLICY_H
#define SHB_POLICY_H

#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/types.h>

#define SHB_POLICY_NAME		24		/* room for a name with its end */
#define SHB_POLICY_NONE		(~0U)		/* no page; where an answer is wanted: as the base does */
#define SHB_POLICY_MAX_ORDER	10
#define SHB_POLICY_BLOCK_PAGES	512U		/* pages of a pageblock */

struct shb_zone;

/* Migratetypes; no rule is asked about others. */
enum { SHB_POLICY_UNMOVABLE, SHB_POLICY_MOVABLE, SHB_POLICY_RECLAIMABLE };

/* A request that found nothing on the lists of its own type. */
struct shb_policy_search {
	int	order, type, cpu;
	int	attempt;	/* answers of this rule that came to nothing so far, in this search */
	bool	nofragment;	/* the base would take whole pageblocks only, or look elsewhere first */
};

enum shb_policy_fallback {
	SHB_POLICY_AS_BASE,	/* and for the rest of this search */
	/* Its pageblock becomes ours, if half of it is free or of our kind; or all of a large block. */
	SHB_POLICY_CLAIM,
	SHB_POLICY_STEAL,	/* the block alone; what is left of it stays with its type */
	SHB_POLICY_FAIL,	/* there is nothing for the request in this zone */
};

enum shb_policy_place { SHB_POLICY_ANYWHERE, SHB_POLICY_HEAD, SHB_POLICY_TAIL };

/* Who asks, for the choice of a zone. */
struct shb_policy_request {
	int		order, type, cpu, nid;
	unsigned int	gfp;
};

struct shb_policy {
	const char	*name;		/* for profile= and candidates: letters, digits, dots, dashes */
	const char	*base;		/* profile that decides where this does not: "linux-6.12" */
	const char	*question;	/* what it was written to answer, in a line */
	size_t		zone_bytes;	/* kept for it by each zone, zero at first; see shb_policy_data() */

	/* A free block of this type, of the order or larger, for a request; or SHB_POLICY_NONE. */
	u32 (*pick)(struct shb_zone *z, int order, int type, int cpu);
	/* May a block that comes back become one with its free buddy? */
	bool (*merge)(struct shb_zone *z, u32 block, int order);
	/* Where on its list a block that came back goes. */
	enum shb_policy_place (*place)(struct shb_zone *z, u32 block, int order, int type);
	/* Which block of another type. @block: it, for CLAIM and STEAL. */
	enum shb_policy_fallback (*fallback)(struct shb_zone *z, const struct shb_policy_search *q,
					     u32 *block);

	/* Pages a cpu may keep on its lists; 0: none. @base: pages as the base has it. */
	int (*high)(const struct shb_zone *z, int base);
	/* Blocks to bring to an empty list of a cpu, one at least. The cpu owns its lists. */
	int (*refill)(const struct shb_zone *z, int cpu, int order, int base);
	/* Pages to give back when a list is full; @base may be negative: not full yet. */
	int (*excess)(const struct shb_zone *z, int cpu, int base);

	/*
	 * The zone with the lowest number is asked first; those alike, and all others behind it, as the
	 * base orders them. No lock is held: only the sums of the helpers below may be read.
	 */
	int (*first)(const struct shb_zone *z, const struct shb_policy_request *q);

	struct module	*owner;		/* set by shb_policy_register() */
};

int shb_policy_add(struct shb_policy *p, struct module *owner);
void shb_policy_unregister(struct shb_policy *p);

/**
 * shb_policy_register() - make a policy known, as a profile
 * @p: policy; stays as it is until shb_policy_unregister()
 *
 * A state that decides by it, and a candidate, hold a reference on its module.
 *
 * Context: process context, sleeps.
 * Return: 0; -EINVAL for a name, a base or rules that make no sense, and the log says which; -EEXIST
 * for a name that is taken; -ENOMEM.
 */
#define shb_policy_register(p)	shb_policy_add(p, THIS_MODULE)

/* A file with one policy: registered when it is loaded, forgotten when it goes. */
#define shb_policy_module(policy)							\
static int __init policy_init(void) { return shb_policy_register(&(policy)); }	\
static void __exit policy_exit(void) { shb_policy_unregister(&(policy)); }		\
module_init(policy_init);								\
module_exit(policy_exit);								\
MODULE_DESCRIPTION("shadowbuddy policy");						\
MODULE_LICENSE("GPL")

/* --- what rules may look at ------------------------------------------------------------------- */

/* Sums: with and without the lock. */
u32 shb_policy_pages(const struct shb_zone *z);			/* numbers are below this */
long shb_policy_free_pages(const struct shb_zone *z);		/* without those on per-cpu lists */
int shb_policy_nid(const struct shb_zone *z);
int shb_policy_cpus(const struct shb_zone *z);			/* numbers of cpus are below this */
int shb_policy_kept(const struct shb_zone *z, int cpu);		/* pages on its per-cpu lists */

/* Places: under the lock. */
void *shb_policy_data(struct shb_zone *z);			/* zone_bytes; a reset does not clear them */
int shb_policy_block_type(const struct shb_zone *z, u32 page);	/* of the pageblock around it */
unsigned int shb_policy_block_free(struct shb_zone *z, u32 page);	/* its free pages; not one that is coming */
int shb_policy_order(const struct shb_zone *z, u32 page);	/* of the free block that begins there; or -1 */
u32 shb_policy_next(struct shb_zone *z, u32 from, u32 end, int order, int type);
u32 shb_policy_list(const struct shb_zone *z, int order, int type);

#endif
