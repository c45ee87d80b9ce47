// SPDX-License-Identifier: GPL-2.0-only
/*
 * A recording: text, then records.
 *
 *     recording 1 clock 2400000000 class A
 *     gfp __GFP_DMA 0x1 __GFP_HIGHMEM 0x2 ...     the bits mean what this kernel means by them
 *     profile, machine, node, cpu, zone, ...      as the files machine and snapshot have it: every
 *     snapshot ...                                zone as it was when the first record came
 *     records
 *     struct shb_record, struct shb_record, ...   little endian, 24 bytes each, to the end
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "traffic/recording.h"

#define BIT_OF(flag)	{ #flag, (__force u32)(flag) }

/* What a decision may look at. */
static const struct {
	const char	*name;
	u32		bit;
} known[] = {
	BIT_OF(__GFP_DMA), BIT_OF(__GFP_HIGHMEM), BIT_OF(__GFP_DMA32), BIT_OF(__GFP_MOVABLE),
	BIT_OF(__GFP_RECLAIMABLE), BIT_OF(__GFP_HIGH), BIT_OF(__GFP_IO), BIT_OF(__GFP_FS),
	BIT_OF(__GFP_DIRECT_RECLAIM), BIT_OF(__GFP_KSWAPD_RECLAIM), BIT_OF(__GFP_WRITE),
	BIT_OF(__GFP_NOWARN), BIT_OF(__GFP_RETRY_MAYFAIL), BIT_OF(__GFP_NOFAIL), BIT_OF(__GFP_NORETRY),
	BIT_OF(__GFP_MEMALLOC), BIT_OF(__GFP_COMP), BIT_OF(__GFP_NOMEMALLOC), BIT_OF(__GFP_HARDWALL),
	BIT_OF(__GFP_THISNODE), BIT_OF(__GFP_ACCOUNT),
};
static_assert(ARRAY_SIZE(known) <= SHB_RECORDING_GFPS);

/**
 * shb_recording_show_head() - the first lines of a recording
 * @second: ticks of the clock in a second
 * @class: 'A' or 'B'
 */
void shb_recording_show_head(struct seq_file *m, u64 second, char class)
{
	int k;

	seq_printf(m, "recording 1 clock %llu class %c\ngfp", second, class);
	for (k = 0; k < ARRAY_SIZE(known); k++)
		seq_printf(m, " %s %#x", known[k].name, known[k].bit);
	seq_putc(m, '\n');
}

static int read_gfp(struct shb_recording_head *h, const char *text)
{
	char name[32];
	int k, len;
	u32 bit;

	h->alike = true;
	for (h->nr = 0; sscanf(text, " %31s %x%n", name, &bit, &len) == 2; text += len) {
		if (h->nr == SHB_RECORDING_GFPS)
			return -EINVAL;
		for (k = 0; k < ARRAY_SIZE(known) && strcmp(known[k].name, name); k++)
			;
		if (k == ARRAY_SIZE(known))
			continue;	/* what this release does not know decides nothing here */
		h->alike &= bit == known[k].bit;
		h->gfps[h->nr].theirs = bit;
		h->gfps[h->nr++].ours = (__force gfp_t)known[k].bit;
	}
	return *text && *text != '\n' ? -EINVAL : 0;
}

/**
 * shb_recording_read_line() - one of the first lines
 * @line: without its end
 *
 * Return: 1: it was one; 0: it belongs to the machine; -EINVAL: it makes no sense.
 */
int shb_recording_read_line(struct shb_recording_head *h, const char *line)
{
	if (strstarts(line, "recording "))
		return sscanf(line, "recording 1 clock %llu class %c", &h->second, &h->class) == 2 &&
		       h->second ? 1 : -EINVAL;
	if (strstarts(line, "gfp "))
		return read_gfp(h, line + strlen("gfp")) ?: 1;
	return 0;
}

/**
 * shb_recording_gfp() - a mask of the recording's kernel as one of ours
 */
u32 shb_recording_gfp(const struct shb_recording_head *h, u32 gfp)
{
	u32 ours = 0;
	int k;

	if (h->alike)
		return gfp;
	for (k = 0; k < h->nr; k++)
		if (gfp & h->gfps[k].theirs)
			ours |= (__force u32)h->gfps[k].ours;
	return ours;
}
