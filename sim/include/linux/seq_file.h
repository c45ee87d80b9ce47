/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_SEQ_FILE_H
#define SIM_LINUX_SEQ_FILE_H

#include <linux/mutex.h>
#include <linux/types.h>

/* Text that grows in @buf. Without a @size it grows as it must, and sim_text_free() ends it. */
struct seq_file {
	char	*buf;
	size_t	size, count;
	void	*private;
	struct mutex lock;
};

struct seq_operations {
	void	*(*start)(struct seq_file *m, loff_t *pos);
	void	(*stop)(struct seq_file *m, void *v);
	void	*(*next)(struct seq_file *m, void *v, loff_t *pos);
	int	(*show)(struct seq_file *m, void *v);
};

__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
void seq_puts(struct seq_file *m, const char *text);
void seq_putc(struct seq_file *m, char c);

#endif
