/* SPDX-License-Identifier: GPL-2.0-only */
/* Following the live kernel; see follow.c. */
#ifndef SHB_FOLLOW_H
#define SHB_FOLLOW_H

#include <linux/mutex.h>

#include "glue/stream.h"
#include "traffic/start.h"
#include "traffic/traffic.h"
#include "traffic/wish.h"

struct seq_file;
struct shb_ring;
struct task_struct;
struct zone;

struct shb_follow {
	struct mutex		lock;		/* on and off; wishes */
	struct shb_wish		wishes[SHB_CANDIDATES];
	int			nr_wishes;
	struct shb_stream	stream;
	unsigned int		ring_records;	/* I: a power of two */
	bool			closed;		/* never on again */

	/* While it is on. */
	struct shb_traffic	*t;		/* NULL: it is off */
	struct shb_ring __percpu *rings;
	struct task_struct	*thread;
	struct mutex		reading;	/* of the rings: one at a time; what comes of them */
	struct shb_start	start;		/* while not all zones have had their moments */
	u64			told[SHB_NR_NOTES];
	u64			late;		/* records behind a newer one of another cpu */
	u64			frozen;		/* ns the longest copy held a zone's locks */
	u64			repaired;	/* pages */
	unsigned int		how;		/* I: SHB_FOLLOW_* */
	bool			watching;	/* the class may sink */
	char			class;		/* of the hooks, the lowest since it began */

	char			*last_state, *last_table;	/* of the files, when it ended last */
};

void shb_follow_init(struct shb_follow *f, unsigned int ring_records);
int shb_follow_on(struct shb_follow *f, unsigned int how, const char *tunables, char *error);
int shb_follow_off(struct shb_follow *f);
int shb_follow_audit(struct shb_follow *f, bool repair, char *said, size_t size);
int shb_follow_candidate(struct shb_follow *f, const char *words, char *error);
void shb_follow_show(struct shb_follow *f, struct seq_file *m);
void shb_follow_compare(struct shb_follow *f, struct seq_file *m);
void shb_follow_curve(struct shb_follow *f, struct seq_file *m);
void shb_follow_close(struct shb_follow *f);
void shb_follow_exit(struct shb_follow *f);

/* Between follow.c and audit.c. */
void shb_follow_read(struct shb_follow *f, u64 until);
void shb_follow_deliver(struct shb_follow *f, const struct shb_record *r);
struct zone *shb_follow_zone(const struct shb_zone *z);

#endif
