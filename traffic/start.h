/* SPDX-License-Identifier: GPL-2.0-only */
/* The beginning of a stream; see start.c. */
#ifndef SHB_START_H
#define SHB_START_H

#include "traffic/record.h"
#include "types.h"

struct shb_start {
	struct shb_state	*mirror;	/* filled with what each granule was at its moment */
	void			(*apply)(void *arg, const struct shb_record *r);
	void			*arg;
	u64			*moments;	/* by granule; 0: it has passed, or there is none */
	u32			*sequence;	/* granules in the order of their moments */
	u32			nr, settled;	/* of the sequence */
	unsigned long		*freed;		/* bit by page: free at its moment, on a list or not */
};

int shb_start_init(struct shb_start *st, struct shb_state *mirror,
		   void (*apply)(void *arg, const struct shb_record *r), void *arg);
void shb_start_exit(struct shb_start *st);
void shb_start_copied(struct shb_start *st, const struct shb_zone *z, u32 granule, u64 moment);
void shb_start_kept(struct shb_start *st, unsigned long pfn, unsigned long nr);
void shb_start_deliver(struct shb_start *st, const struct shb_record *r);
void shb_start_advance(struct shb_start *st, u64 stamp);

/* Have all moments passed? */
static inline bool shb_start_is_over(const struct shb_start *st)
{
	return st->settled == st->nr;
}

#endif
