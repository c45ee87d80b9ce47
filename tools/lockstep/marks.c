// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameter half: a machine on paper, with the sizes the kernel has and the tunables
 * it was given, against what the kernel made of them. Every zone: four marks,
 * lowmem_reserve; every cpu: batch, high_min, high_max (one high before 6.7). Every node:
 * the zones of both its lists, in order.
 */
#include <linux/err.h>
#include <linux/mmzone.h>
#include <linux/slab.h>
#include <linux/utsname.h>

/* All differences are told, not just the first. */
struct marks {
	struct shb_state	*s;
	struct report		*r;
	int			compared, differ;
};

static void compare(struct marks *m, const char *what, int nid, int kind, int k, long real,
		    long ours)
{
	m->compared++;
	if (real == ours)
		return;
	m->differ++;
	say(m->r, "Node %d, zone %s: %s[%d] is %ld, computed %ld\n", nid, shb_kind_name(kind), what,
	    k, real, ours);
}

static void compare_zone(struct marks *m, const struct zone *zone, struct shb_zone *z)
{
	const struct per_cpu_pages *real;
	int k, cpu;

	for (k = 0; k < SHB_NR_WMARK; k++)
		compare(m, "watermark", z->nid, z->kind, k, zone->_watermark[k], z->marks.watermark[k]);
	for (k = 0; k < SHB_NR_KINDS; k++)
		if (shb_topology_kind(k) >= 0)
			compare(m, "lowmem_reserve", z->nid, z->kind, k,
				zone->lowmem_reserve[shb_topology_kind(k)], z->marks.lowmem_reserve[k]);
	for_each_online_cpu(cpu) {
		real = per_cpu_ptr(zone->per_cpu_pageset, cpu);
		compare(m, "batch", z->nid, z->kind, cpu, real->batch, z->pcps[cpu].batch);
		if (!z->rules.pcp->auto_high) {
			compare(m, "high", z->nid, z->kind, cpu, real->high, z->pcps[cpu].high);
			continue;
		}
		compare(m, "high_min", z->nid, z->kind, cpu, SHB_PCP_FIELD(real, high_min),
			z->pcps[cpu].high_min);
		compare(m, "high_max", z->nid, z->kind, cpu, SHB_PCP_FIELD(real, high_max),
			z->pcps[cpu].high_max);
	}
}

static void compare_list(struct marks *m, int nid, bool fallback)
{
	int k = shb_topology_compare_list(m->s, nid, fallback);

	m->compared++;
	if (k < 0)
		return;
	m->differ++;
	say(m->r, "Node %d: the %s list differs from entry %d on\n", nid,
	    fallback ? "fallback" : "no-fallback", k);
}

static void compare_machine(struct marks *m)
{
	struct shb_zone *z;
	int n, nid;

	shb_for_each_zone(m->s, z, n)
		compare_zone(m, &NODE_DATA(z->nid)->node_zones[shb_topology_kind(z->kind)], z);
	for_each_online_node(nid) {
		compare_list(m, nid, true);
		compare_list(m, nid, false);
	}
}

/* "name=value ..." to the tunables; values of a list are joined by commas. */
static int set_tunables(struct shb_state *s, char *text)
{
	char *word, *value, *c;
	char error[SHB_TUNE_ERROR];
	int knob, err = 0;

	while (!err && (word = strsep(&text, " "))) {
		value = word;
		strsep(&value, "=");
		for (c = value; c && *c; c++)
			if (*c == ',')
				*c = ' ';
		for (knob = 0; shb_tune_name(knob); knob++)
			if (!strcmp(shb_tune_name(knob), word))
				break;
		err = value && shb_tune_name(knob) ? shb_tune_write(s, knob, value, error) : -EINVAL;
	}
	return err;
}

static int lockstep_marks(char *text, struct report *r)
{
	struct marks m = { .r = r };
	struct shb_state *s;
	int err;

	s = shb_topology_on_paper(shb_profile_for(init_utsname()->release, &(bool){ false }),
				  &shb_host_paper);
	if (IS_ERR(s))
		return PTR_ERR(s);
	m.s = s;
	err = set_tunables(s, text);
	if (!err) {
		compare_machine(&m);
		say(r, "marks %s kernel=%s nodes=%d zones=%d min_free_kbytes=%d compared=%d differ=%d verdict=%s\n",
		    s->profile->name, init_utsname()->release, s->online_nodes, s->nr_zones,
		    s->tune.min_free_kbytes, m.compared, m.differ,
		    m.differ ? "different" : "identical");
		err = m.differ ? -EUCLEAN : 0;
	}
	shb_state_destroy(s);
	return err;
}
