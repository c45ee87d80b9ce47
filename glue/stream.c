// SPDX-License-Identifier: GPL-2.0-only
/*
 * A recording on its way to its reader: a text, then records through the kernel's kfifo. A
 * reader that is too slow loses some and finds a note of how many where they would have been.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "glue/stream.h"

/* Places that are kept: for notes, and of those for the two that come once, with what was missed. */
#define NOTES_LEFT	20
#define LAST_LEFT	4
#define TEXT_MAX	(1UL << 30)

/**
 * shb_stream_init() - nothing to read yet
 */
void shb_stream_init(struct shb_stream *st)
{
	*st = (struct shb_stream){ };
	mutex_init(&st->lock);
	init_waitqueue_head(&st->wait);
}

static void forget(struct shb_stream *st)
{
	kvfree(st->head);
	kvfree(st->buffer);
	st->head = NULL;
	st->buffer = NULL;
	st->head_len = 0;
	st->head_read = 0;
}

/**
 * shb_text_print() - a text, in as much room as it takes
 * @text: out, ended by a NUL; kvfree() it
 * @len: of it, out
 *
 * Context: process context, sleeps; @show may be called several times.
 * Return: 0, -ENOMEM, -E2BIG, or what @show returned.
 */
int shb_text_print(int (*show)(struct seq_file *m, void *arg), void *arg, char **text, size_t *len)
{
	struct seq_file m = { .size = 1 << 16 };
	int err;

	for (;;) {
		m.count = 0;
		m.buf = kvmalloc(m.size, GFP_KERNEL);
		if (!m.buf)
			return -ENOMEM;
		err = show(&m, arg);
		seq_putc(&m, '\0');
		if (!err && !seq_has_overflowed(&m))
			break;
		kvfree(m.buf);
		m.size *= 2;
		if (err || m.size > TEXT_MAX)
			return err ?: -E2BIG;
	}
	*text = m.buf;
	*len = m.count - 1;
	return 0;
}

/**
 * shb_stream_start() - begin a recording; what is left of one before is forgotten
 * @show: prints what comes before the records
 *
 * Context: process context, sleeps; nobody writes.
 * Return: 0, -ENOMEM, -E2BIG, or what @show returned.
 */
int shb_stream_start(struct shb_stream *st, int (*show)(struct seq_file *m, void *arg), void *arg)
{
	size_t size = SHB_STREAM_RECORDS * sizeof(*st->buffer);
	int err;

	mutex_lock(&st->lock);
	forget(st);
	st->buffer = kvmalloc(size, GFP_KERNEL);
	err = st->buffer ? shb_text_print(show, arg, &st->head, &st->head_len) : -ENOMEM;
	if (!err)
		err = kfifo_init(&st->records, st->buffer, size);
	if (err)
		forget(st);
	st->unwritten = 0;
	st->number++;
	st->on = !err;
	mutex_unlock(&st->lock);
	return err;
}

static unsigned int places_needed(const struct shb_record *r)
{
	if (r->kind != SHB_REC_NOTE)
		return 2 + NOTES_LEFT;
	if (r->order == SHB_NOTE_END)
		return 2;
	return r->order == SHB_NOTE_CLASS ? LAST_LEFT : 2 + LAST_LEFT;
}

/**
 * shb_stream_put() - one more record; nothing where no recording is on
 *
 * Context: one writer.
 */
void shb_stream_put(struct shb_stream *st, const struct shb_record *r)
{
	struct shb_record note = {
		.stamp = r->stamp, .kind = SHB_REC_NOTE, .order = SHB_NOTE_LOST,
		.arg = st->unwritten,
	};

	if (!st->on)
		return;
	if (unlikely(kfifo_avail(&st->records) < places_needed(r))) {
		st->unwritten++;
		return;
	}
	if (unlikely(st->unwritten))
		kfifo_put(&st->records, note);
	st->unwritten = 0;
	kfifo_put(&st->records, *r);
}

/**
 * shb_stream_wake() - there may be something to read
 */
void shb_stream_wake(struct shb_stream *st)
{
	if (st->on && !kfifo_is_empty(&st->records))
		wake_up_interruptible(&st->wait);
}

/**
 * shb_stream_end() - no more records; what there are may still be read
 *
 * Context: process context; the writer has written for the last time.
 */
void shb_stream_end(struct shb_stream *st)
{
	mutex_lock(&st->lock);
	st->on = false;
	mutex_unlock(&st->lock);
	wake_up_all(&st->wait);
}

/**
 * shb_stream_exit() - free everything; nobody reads any more
 */
void shb_stream_exit(struct shb_stream *st)
{
	forget(st);
	mutex_destroy(&st->lock);
}

static bool is_ready(struct shb_stream *st, u32 number)
{
	return READ_ONCE(st->number) != number || st->head_read < st->head_len || !READ_ONCE(st->on) || !kfifo_is_empty(&st->records);
}

static ssize_t read_head(struct shb_stream *st, char __user *buf, size_t len)
{
	len = min(len, st->head_len - st->head_read);
	if (copy_to_user(buf, st->head + st->head_read, len))
		return -EFAULT;
	st->head_read += len;
	return len;
}

static ssize_t read_some(struct shb_stream *st, char __user *buf, size_t len)
{
	unsigned int copied;
	int err;

	if (!st->head)
		return 0;
	if (st->head_read < st->head_len)
		return read_head(st, buf, len);
	if (len < sizeof(struct shb_record))
		return -EINVAL;
	err = kfifo_to_user(&st->records, buf, len, &copied);
	return err ?: copied;
}

/**
 * shb_stream_read() - read on
 * @number: st->number when the reader came: another recording is not for it
 * @len: room; behind the text at least a record's
 * @wait: for more, as long as the recording goes on
 *
 * Context: process context, sleeps.
 * Return: bytes; 0: the recording has ended, or there is none; -EAGAIN, -ERESTARTSYS, -EFAULT,
 * -EINVAL: no room for a record.
 */
ssize_t shb_stream_read(struct shb_stream *st, const u32 *number, char __user *buf, size_t len,
			bool wait)
{
	ssize_t got;

	if (!len)
		return 0;
	for (;;) {
		if (mutex_lock_interruptible(&st->lock))
			return -ERESTARTSYS;
		got = *number == st->number ? read_some(st, buf, len) : 0;
		if (got || !st->on || *number != st->number) {
			mutex_unlock(&st->lock);
			return got;
		}
		mutex_unlock(&st->lock);
		if (!wait)
			return -EAGAIN;
		if (wait_event_interruptible(st->wait, is_ready(st, *number)))
			return -ERESTARTSYS;
	}
}
