/* SPDX-License-Identifier: GPL-2.0-only */
/* What a recording begins with; see recording.c. */
#ifndef SHB_RECORDING_H
#define SHB_RECORDING_H

#include <linux/gfp.h>
#include <linux/types.h>

struct seq_file;
struct shb_state;

#define SHB_RECORDING_GFPS	32

/* The recording kernel's gfp bits and ours, bit by bit. */
struct shb_recording_head {
	u64	second;		/* ticks of the clock in a second */
	char	class;		/* 'A': all hooks are there; 'B': some are missing */
	int	nr;
	bool	alike;		/* every bit means the same here */
	struct { u32 theirs; gfp_t ours; } gfps[SHB_RECORDING_GFPS];
};

void shb_recording_show_head(struct seq_file *m, u64 second, char class);
int shb_recording_read_line(struct shb_recording_head *h, const char *line);
u32 shb_recording_gfp(const struct shb_recording_head *h, u32 gfp);

#endif
