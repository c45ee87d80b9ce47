// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's vm tunables, for the shadow: names, ranges and what a write sets off
 * are those of /proc/sys/vm. A write is parsed and checked whole before anything
 * changes.
 *
 *     min_free_kbytes ---------> marks ---> pcp high; in 4.1 what is kept, and turns
 *     watermark_scale_factor --> marks ---> pcp high
 *     transparent_hugepage ----> min_free_kbytes ---> marks ---> pcp high
 *     lowmem_reserve_ratio ----> lowmem_reserve
 *     percpu_pagelist_high_fraction -------> pcp high
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fair.h"
#include "pcp.h"
#include "reserve.h"
#include "tune.h"
#include "watermark.h"

struct knob {
	const char	*name;
	size_t		offset;		/* of an int, or of the first int of an array */
	bool		per_kind;	/* one value for each zone kind */
	int		min, max;
	int		zero_or_min;	/* 0 is accepted, too, otherwise at least this */
	bool		needs_defrag_mode, needs_zone_order;
	const char *const *words;	/* for the values, from 0 on; the first letter is enough */
	void		(*apply)(struct shb_state *s);
};

static void apply_marks(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	shb_watermark_setup(s);
	shb_for_each_zone(s, z, n) {
		shb_reserve_setup(z);
		shb_fair_begin(z);
		shb_pcp_setup_zone(z, 0);
	}
}

static void apply_pcp(struct shb_state *s)
{
	struct shb_zone *z;
	int n;

	shb_for_each_zone(s, z, n)
		shb_pcp_setup_zone(z, 0);
}

static void apply_min_free(struct shb_state *s)
{
	s->tune.user_min_free_kbytes = s->tune.min_free_kbytes;
	apply_marks(s);
}

/* set_recommended_min_free_kbytes(): khugepaged raises the value, or lets go of it. */
static void apply_hugepage(struct shb_state *s)
{
	if (s->tune.transparent_hugepage)
		s->tune.min_free_kbytes = max(s->tune.min_free_kbytes,
					      shb_watermark_recommended_kbytes(s));
	else
		s->tune.min_free_kbytes = shb_watermark_min_free_kbytes(s);
	apply_marks(s);
}

#define KNOB(field) .name = #field, .offset = offsetof(struct shb_tunables, field)

static const char *const zonelist_orders[] = { "default", "node", "zone" };

static const struct knob knobs[] = {
	{ KNOB(min_free_kbytes), .max = INT_MAX, .apply = apply_min_free },
	{ KNOB(watermark_scale_factor), .min = 1, .max = 3000, .apply = apply_marks },
	{ KNOB(watermark_boost_factor), .max = INT_MAX },
	{ KNOB(lowmem_reserve_ratio), .per_kind = true, .min = INT_MIN, .max = INT_MAX,
	  .apply = shb_watermark_setup_lowmem },
	{ KNOB(percpu_pagelist_high_fraction), .max = INT_MAX, .zero_or_min = 8,
	  .apply = apply_pcp },
	{ KNOB(extfrag_threshold), .max = 1000 },
	{ KNOB(stat_interval), .max = INT_MAX / 1000 },
	{ KNOB(numa_stat), .max = 1 },
	{ KNOB(transparent_hugepage), .max = 1, .apply = apply_hugepage },
	{ KNOB(defrag_mode), .max = 1, .needs_defrag_mode = true },
	{ KNOB(numa_zonelist_order), .max = SHB_ORDER_ZONE, .needs_zone_order = true, .words = zonelist_orders },
	{ }
};

/**
 * shb_tune_init() - defaults, then everything that follows from the sizes
 * @s: state with zones and zonelists
 * @transparent_hugepage: khugepaged runs and raises min_free_kbytes
 *
 * init_per_zone_wmark_min() at boot, then the start of khugepaged. As there, the
 * second step reads the marks the first one set.
 */
void shb_tune_init(struct shb_state *s, bool transparent_hugepage)
{
	struct shb_zone *z;
	int n;

	mutex_lock(&s->tune_lock);
	/* How much memory there is for buffers goes by the marks, of which there are none yet. */
	shb_for_each_zone(s, z, n)
		memset(z->marks.watermark, 0, SHB_NR_WMARK * sizeof(*z->marks.watermark));
	s->tune = (struct shb_tunables){
		.min_free_kbytes = 1024,
		.user_min_free_kbytes = -1,
		.watermark_scale_factor = 10,
		.watermark_boost_factor = 15000,
		.lowmem_reserve_ratio = { 256, 256, 32, 0, 0 },
		.extfrag_threshold = 500,
		.stat_interval = 1,
		.numa_stat = 1,
		.transparent_hugepage = transparent_hugepage,
		.numa_zonelist_order = s->tune.numa_zonelist_order,
	};
	s->tune.min_free_kbytes = shb_watermark_min_free_kbytes(s);
	apply_marks(s);
	shb_watermark_setup_thresholds(s);
	shb_watermark_setup_lowmem(s);
	if (transparent_hugepage)
		apply_hugepage(s);
	s->tune_at_start = s->tune;
	s->tune_at_start.numa_zonelist_order = SHB_ORDER_DEFAULT;
	mutex_unlock(&s->tune_lock);
}

/**
 * shb_tune_reset() - the tunables the state began with
 *
 * Context: process context, takes tune_lock.
 */
void shb_tune_reset(struct shb_state *s)
{
	mutex_lock(&s->tune_lock);
	s->tune = s->tune_at_start;
	apply_marks(s);
	shb_watermark_setup_lowmem(s);
	mutex_unlock(&s->tune_lock);
}

/**
 * shb_tune_renew() - everything that follows from the tunables, anew
 * @s: state whose zones got marks and sizes from elsewhere
 *
 * Context: process context, takes tune_lock.
 */
void shb_tune_renew(struct shb_state *s)
{
	mutex_lock(&s->tune_lock);
	apply_marks(s);
	shb_watermark_setup_lowmem(s);
	mutex_unlock(&s->tune_lock);
}

/**
 * shb_tune_renew_lists() - sizes of per-cpu lists, anew
 *
 * Context: process context, takes tune_lock.
 */
void shb_tune_renew_lists(struct shb_state *s)
{
	mutex_lock(&s->tune_lock);
	apply_pcp(s);
	mutex_unlock(&s->tune_lock);
}

/**
 * shb_tune_cpu_changed() - a cpu came or went, and with it sizes
 * @online: it is there now
 *
 * A coming cpu is counted as one more before it is among the online ones, as
 * page_alloc_cpu_online() does it.
 *
 * Context: process context, takes tune_lock.
 */
void shb_tune_cpu_changed(struct shb_state *s, int cpu, bool online)
{
	struct shb_zone *z;
	int n;

	mutex_lock(&s->tune_lock);
	WRITE_ONCE(s->topo.cpu_online[cpu], false);
	shb_for_each_zone(s, z, n)
		shb_pcp_setup_zone(z, online);
	shb_watermark_setup_thresholds(s);
	WRITE_ONCE(s->topo.cpu_online[cpu], online);
	mutex_unlock(&s->tune_lock);
}

static int *value_of(struct shb_state *s, const struct knob *k)
{
	return (int *)((char *)&s->tune + k->offset);
}

/**
 * shb_tune_name() - name of a knob
 *
 * Return: name, or NULL behind the last.
 */
const char *shb_tune_name(int knob)
{
	return knobs[knob].name;
}

/**
 * shb_tune_has() - does the profile know this knob?
 */
bool shb_tune_has(const struct shb_state *s, int knob)
{
	return (!knobs[knob].needs_defrag_mode || s->rules.walk->defrag_mode) &&
	       (!knobs[knob].needs_zone_order || s->rules.walk->zone_order);
}

/**
 * shb_tune_show() - print a knob as /proc/sys/vm does
 *
 * Return: 0.
 */
int shb_tune_show(struct shb_state *s, int knob, struct seq_file *m)
{
	const struct knob *k = &knobs[knob];
	const int *v = value_of(s, k);
	const char *tab = "";
	int kind;

	if (k->words) {
		seq_printf(m, "%s\n", k->words[READ_ONCE(*v)]);
		return 0;
	}
	if (!k->per_kind) {
		seq_printf(m, "%d\n", READ_ONCE(*v));
		return 0;
	}
	for (kind = 0; kind < SHB_NR_KINDS; kind++) {
		if (!(s->kinds & BIT(kind)))
			continue;
		seq_printf(m, "%s%d", tab, READ_ONCE(v[kind]));
		tab = "\t";
	}
	seq_putc(m, '\n');
	return 0;
}

static bool is_accepted(const struct knob *k, int v)
{
	if (k->zero_or_min && v && v < k->zero_or_min)
		return false;
	return v >= k->min && v <= k->max;
}

static int bad_value(const struct knob *k, char *error)
{
	if (k->words)
		strscpy(error, "expected default, node or zone", SHB_TUNE_ERROR);
	else if (k->per_kind)
		strscpy(error, "expected up to one whole number for each zone; below 1 means no reserve",
			SHB_TUNE_ERROR);
	else if (k->zero_or_min)
		snprintf(error, SHB_TUNE_ERROR, "expected 0 or a whole number from %d",
			 k->zero_or_min);
	else
		snprintf(error, SHB_TUNE_ERROR, "expected a whole number from %d to %d", k->min,
			 k->max);
	return -EINVAL;
}

static int missing(char *error)
{
	strscpy(error, "expected another profile: this one has no such tunable", SHB_TUNE_ERROR);
	return -EINVAL;
}

/* A number, or a word that begins as one of the knob's. */
static int read_value(const struct knob *k, const char *word, int *v)
{
	int n;

	if (!k->words)
		return kstrtoint(word, 10, v);
	for (n = 0; n <= k->max; n++)
		if ((*word | 0x20) == *k->words[n])
			break;
	*v = n;
	return 0;
}

/* Up to one value a kind, those of kinds the machine knows; the rest keeps its value. */
static int parse(const struct shb_state *s, const struct knob *k, char *text, int *v)
{
	int kind = 0, nr = 0;
	char *word;

	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		while (k->per_kind && kind < SHB_NR_KINDS && !(s->kinds & BIT(kind)))
			kind++;
		if (kind >= (k->per_kind ? SHB_NR_KINDS : 1) ||
		    read_value(k, word, &v[kind]) || !is_accepted(k, v[kind]))
			return -EINVAL;
		if (k->per_kind && v[kind] < 1)
			v[kind] = 0;
		kind++;
		nr++;
	}
	return nr ? 0 : -EINVAL;
}

/**
 * shb_tune_write() - set a knob
 * @text: new value; per-zone knobs take several, separated by blanks
 * @error: the accepted form, out on -EINVAL; room for SHB_TUNE_ERROR
 *
 * Context: process context, sleeps; takes tune_lock.
 * Return: 0, -EINVAL, -ENOMEM.
 */
int shb_tune_write(struct shb_state *s, int knob, const char *text, char *error)
{
	const struct knob *k = &knobs[knob];
	size_t size = k->per_kind ? sizeof(int) * SHB_NR_KINDS : sizeof(int);
	int v[SHB_NR_KINDS], err;
	char *copy;

	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	mutex_lock(&s->tune_lock);
	memcpy(v, value_of(s, k), size);
	err = shb_tune_has(s, knob) ? 0 : missing(error);
	if (!err && parse(s, k, copy, v))
		err = bad_value(k, error);
	if (!err) {
		memcpy(value_of(s, k), v, size);
		if (k->apply)
			k->apply(s);
	}
	mutex_unlock(&s->tune_lock);
	kfree(copy);
	return err;
}
