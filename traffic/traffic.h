/* SPDX-License-Identifier: GPL-2.0-only */
/* A stream of records, and who follows it; see traffic.c. */
#ifndef SHB_TRAFFIC_H
#define SHB_TRAFFIC_H

#include "traffic/candidate.h"
#include "traffic/predictor.h"
#include "traffic/record.h"
#include "traffic/runs.h"

#define SHB_CANDIDATES	8
#define SHB_OWED	256

struct seq_file;

enum shb_traffic_count {
	SHB_TRAFFIC_TAKEN,	/* pages handed out */
	SHB_TRAFFIC_FREED,	/* pages that came back, known or not */
	SHB_TRAFFIC_UNKNOWN,	/* of those: pages nobody had */
	SHB_TRAFFIC_MISSED,	/* pages handed out again that had never come back */
	SHB_TRAFFIC_IN_FLIGHT,	/* pages that were on their way out when it began */
	SHB_TRAFFIC_UNCHARGED,	/* of the unknown: given back before their request was said to fail */
	SHB_TRAFFIC_SETTLED,	/* pages that came back before they were handed out; not in UNKNOWN */
	SHB_TRAFFIC_STAGED,	/* pages compaction took */
	SHB_TRAFFIC_LANDED,	/* of those: something was migrated to them */
	SHB_TRAFFIC_FOREIGN,	/* pages that are of no zone */
	SHB_TRAFFIC_GUESSED,	/* requests of tasks with a policy: their node is a guess */
	SHB_TRAFFIC_SENSELESS,	/* records of no kind */
	SHB_TRAFFIC_ABROAD,	/* blocks of another node than that of who asked */
	SHB_TRAFFIC_EXTFRAG,	/* fallbacks of the kernel */
	SHB_TRAFFIC_EXTFRAG_UNMOVABLE,	/* of those: for a request of this type; in their order */
	SHB_TRAFFIC_EXTFRAG_MOVABLE,
	SHB_TRAFFIC_EXTFRAG_RECLAIMABLE,
	SHB_TRAFFIC_CLAIMS,	/* of those: the pageblock got the wanted type */
	SHB_NR_TRAFFIC_COUNTS,
};

/* A free that came before its allocation, perhaps. */
struct shb_owed {
	u64	stamp;
	u32	pfn, cpu;
	u8	order;
	bool	open;
};

struct shb_traffic {
	struct shb_state	*mirror;
	struct shb_candidate	candidates[SHB_CANDIDATES];
	int			nr;
	struct shb_predictor	predictor;	/* perhaps */
	struct shb_runs		runs;
	u64			second;		/* of the records' clock */
	u64			next_tick, first, last;	/* stamps */
	u64			past;		/* ticks before the clock began anew */
	u64			counted, rate;	/* events up to the last second, and in it */
	u64			kinds[SHB_NR_RECORD_KINDS];
	u64			notes[SHB_NR_NOTES];
	u64			counts[SHB_NR_TRAFFIC_COUNTS];
	struct shb_owed		owed[SHB_OWED];
	unsigned int		next_owed;
};

int shb_traffic_check_span(const struct shb_state *s);
void shb_traffic_init(struct shb_traffic *t, struct shb_state *mirror, u64 second);
void shb_traffic_apply(struct shb_traffic *t, const struct shb_record *r);
long shb_traffic_unexplained(const struct shb_traffic *t);
u64 shb_traffic_events(const struct shb_traffic *t);
void shb_traffic_show(const struct shb_traffic *t, struct seq_file *m);
void shb_traffic_compare(const struct shb_traffic *t, struct seq_file *m);
void shb_traffic_curve(const struct shb_traffic *t, struct seq_file *m);

/* The names of the columns of shb_traffic_curve(). */
#define SHB_CURVE_HEAD	"# seconds column free_pages free_9 free_10 unusable_3 unusable_4 unusable_9 fallbacks\n"

#endif
