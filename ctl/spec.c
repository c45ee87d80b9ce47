// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsing of what users write. A spec is read whole before anything happens; an
 * error names the parameter, the word and the accepted form.
 *
 *     carve=auto                     split=0:DMA:4M,0:DMA32:60M
 *     carve=0:DMA32:64M,1:Normal:256M,*:*:32M         carve=force,0:Normal:4G
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "names.h"
#include "ctl/spec.h"

#define GRANULE_BYTES	((unsigned long)SHB_GRANULE_PAGES * PAGE_SIZE)

/**
 * shb_spec_size() - a size with an optional suffix K, M or G
 * @text: "64M"
 * @bytes: out
 *
 * Return: 0, or -EINVAL: no number, something behind the suffix, 0, or too large.
 */
int shb_spec_size(const char *text, unsigned long *bytes)
{
	char digits[24];
	size_t len = strspn(text, "0123456789");
	unsigned long value;
	int shift = 0;

	if (!len || len >= sizeof(digits))
		return -EINVAL;
	strscpy(digits, text, len + 1);
	if (kstrtoul(digits, 10, &value))
		return -EINVAL;
	switch (text[len]) {
	case 'g': case 'G':
		shift += 10;
		fallthrough;
	case 'm': case 'M':
		shift += 10;
		fallthrough;
	case 'k': case 'K':
		shift += 10;
		len++;
	}
	if (text[len] || !value || value > LONG_MAX >> shift)
		return -EINVAL;
	*bytes = value << shift;
	return 0;
}

/**
 * shb_spec_kind() - zone kind by the kernel's name
 * @text: "DMA32", in any case
 *
 * Return: enum shb_kind, or -EINVAL.
 */
int shb_spec_kind(const char *text)
{
	int k;

	for (k = 0; k < SHB_DEVICE; k++)
		if (!strcasecmp(text, shb_kind_name(k)))
			return k;
	return -EINVAL;
}

static int parse_node(const char *text, bool wildcards, int *nid)
{
	*nid = SHB_SPEC_ANY;
	if (wildcards && !strcmp(text, "*"))
		return 0;
	if (kstrtoint(text, 10, nid) || *nid < 0)
		return -EINVAL;
	return 0;
}

static int parse_kind(const char *text, bool wildcards, int *kind)
{
	*kind = SHB_SPEC_ANY;
	if (wildcards && !strcmp(text, "*"))
		return 0;
	*kind = shb_spec_kind(text);
	return *kind < 0 ? -EINVAL : 0;
}

static int spec_error(struct shb_spec *spec, const char *name, const char *word, const char *want)
{
	snprintf(spec->error, sizeof(spec->error), "%s: \"%s\": %s", name, word, want);
	return -EINVAL;
}

/* node:zone:size */
static int parse_item(struct shb_spec *spec, const char *name, char *text, bool wildcards)
{
	struct shb_spec_item *item = &spec->items[spec->nr];
	char *node = strsep(&text, ":"), *zone = strsep(&text, ":");
	unsigned long bytes;

	if (!zone || !text)
		return spec_error(spec, name, node, "expected node:zone:size, as in 0:DMA32:64M");
	if (parse_node(node, wildcards, &item->nid))
		return spec_error(spec, name, node, wildcards ? "expected a node number or *" :
							      "expected a node number");
	if (parse_kind(zone, wildcards, &item->kind))
		return spec_error(spec, name, zone, wildcards ?
				"expected DMA, DMA32, Normal, Movable or *" :
				"expected DMA, DMA32, Normal or Movable");
	if (shb_spec_size(text, &bytes))
		return spec_error(spec, name, text, "expected a size above 0 with suffix K, M or G");
	if (bytes % GRANULE_BYTES)
		return spec_error(spec, name, text, "expected a multiple of 4M");
	item->granules = bytes / GRANULE_BYTES;
	spec->nr++;
	return 0;
}

/**
 * shb_spec_parse() - parse carve= or split=
 * @name: parameter, for the error text
 * @text: value
 * @wildcards: "auto", * and "force" are accepted
 * @spec: out; spec->error is set on failure
 *
 * An empty text is an empty spec.
 *
 * Context: process context, allocates.
 * Return: 0, -EINVAL with spec->error, or -ENOMEM.
 */
int shb_spec_parse(const char *name, const char *text, bool wildcards, struct shb_spec *spec)
{
	char *copy, *rest, *word;
	int err = 0;

	memset(spec, 0, sizeof(*spec));
	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = strim(copy);
	if (wildcards && !strcmp(rest, "auto")) {
		spec->automatic = true;
		rest = NULL;
	} else if (!*rest) {
		rest = NULL;
	}
	while (!err && (word = strsep(&rest, ","))) {
		if (wildcards && !strcmp(word, "force"))
			spec->force = true;
		else if (spec->nr == SHB_SPEC_ITEMS)
			err = spec_error(spec, name, word, "too many items, at most 32");
		else
			err = parse_item(spec, name, word, wildcards);
	}
	kfree(copy);
	return err;
}

static const struct { const char *name; gfp_t bits; } gfp_names[] = {
	{ "GFP_ATOMIC", GFP_ATOMIC },
	{ "GFP_KERNEL", GFP_KERNEL },
	{ "GFP_KERNEL_ACCOUNT", GFP_KERNEL_ACCOUNT },
	{ "GFP_NOWAIT", GFP_NOWAIT },
	{ "GFP_NOIO", GFP_NOIO },
	{ "GFP_NOFS", GFP_NOFS },
	{ "GFP_USER", GFP_USER },
	{ "GFP_DMA", GFP_DMA },
	{ "GFP_DMA32", GFP_DMA32 },
	{ "GFP_HIGHUSER", GFP_HIGHUSER },
	{ "GFP_HIGHUSER_MOVABLE", GFP_HIGHUSER_MOVABLE },
	{ "GFP_TRANSHUGE", GFP_TRANSHUGE },
	{ "GFP_TRANSHUGE_LIGHT", GFP_TRANSHUGE_LIGHT },
	{ "__GFP_DMA", __GFP_DMA },
	{ "__GFP_HIGHMEM", __GFP_HIGHMEM },
	{ "__GFP_DMA32", __GFP_DMA32 },
	{ "__GFP_MOVABLE", __GFP_MOVABLE },
	{ "__GFP_RECLAIMABLE", __GFP_RECLAIMABLE },
	{ "__GFP_HIGH", __GFP_HIGH },
	{ "__GFP_IO", __GFP_IO },
	{ "__GFP_FS", __GFP_FS },
	{ "__GFP_ZERO", __GFP_ZERO },
	{ "__GFP_DIRECT_RECLAIM", __GFP_DIRECT_RECLAIM },
	{ "__GFP_KSWAPD_RECLAIM", __GFP_KSWAPD_RECLAIM },
	{ "__GFP_RECLAIM", __GFP_RECLAIM },
	{ "__GFP_WRITE", __GFP_WRITE },
	{ "__GFP_NOWARN", __GFP_NOWARN },
	{ "__GFP_RETRY_MAYFAIL", __GFP_RETRY_MAYFAIL },
	{ "__GFP_NOFAIL", __GFP_NOFAIL },
	{ "__GFP_NORETRY", __GFP_NORETRY },
	{ "__GFP_MEMALLOC", __GFP_MEMALLOC },
	{ "__GFP_COMP", __GFP_COMP },
	{ "__GFP_NOMEMALLOC", __GFP_NOMEMALLOC },
	{ "__GFP_HARDWALL", __GFP_HARDWALL },
	{ "__GFP_THISNODE", __GFP_THISNODE },
	{ "__GFP_ACCOUNT", __GFP_ACCOUNT },
};

/**
 * shb_spec_gfp() - a gfp mask by the kernel's names
 * @text: "GFP_KERNEL|__GFP_ZERO"
 * @gfp: out
 * @bad: the word nobody knows, out on failure
 * @size: room in @bad
 *
 * Return: 0 or -EINVAL.
 */
int shb_spec_gfp(const char *text, gfp_t *gfp, char *bad, size_t size)
{
	*gfp = 0;
	while (*text) {
		size_t len = strcspn(text, "|");
		int k;

		for (k = 0; k < ARRAY_SIZE(gfp_names); k++)
			if (strlen(gfp_names[k].name) == len &&
			    !strncmp(text, gfp_names[k].name, len))
				break;
		if (k == ARRAY_SIZE(gfp_names)) {
			snprintf(bad, size, "%.*s", (int)len, text);
			return -EINVAL;
		}
		*gfp |= gfp_names[k].bits;
		text += len;
		if (*text == '|')
			text++;
	}
	return 0;
}
