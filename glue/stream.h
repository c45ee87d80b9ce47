/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording on its way to its reader; see stream.c. */
#ifndef SHB_STREAM_H
#define SHB_STREAM_H

#include <linux/fs.h>
#include <linux/kfifo.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include "traffic/record.h"

#define SHB_STREAM_RECORDS	(1U << 19)	/* 12 MiB: half a second of a busy machine */

struct seq_file;

struct shb_stream {
	struct mutex		lock;		/* of the reader */
	char			*head;		/* text before the records */
	size_t			head_len, head_read;
	struct shb_record	*buffer;
	DECLARE_KFIFO_PTR(records, struct shb_record);	/* one writer, one reader */
	u32			number;		/* of the recording */
	u32			unwritten;	/* records that found no room, still to be told of */
	bool			on;		/* somebody writes */
	wait_queue_head_t	wait;
};

int shb_text_print(int (*show)(struct seq_file *m, void *arg), void *arg, char **text, size_t *len);
void shb_stream_init(struct shb_stream *st);
int shb_stream_start(struct shb_stream *st, int (*show)(struct seq_file *m, void *arg), void *arg);
void shb_stream_put(struct shb_stream *st, const struct shb_record *r);
void shb_stream_wake(struct shb_stream *st);
void shb_stream_end(struct shb_stream *st);
void shb_stream_exit(struct shb_stream *st);
ssize_t shb_stream_read(struct shb_stream *st, const u32 *number, char __user *buf, size_t len,
			bool wait);

#endif
