// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zones as a machine left them: the text of the module's file snapshot, put into the zones of
 * a fresh state. A zone is read whole before it is put in; shb_snapshot_apply() refuses blocks
 * that overlap, and the invariant check what contradicts itself.
 */
#include <errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check.h"
#include "ctl/spec.h"
#include "names.h"
#include "pcp.h"
#include "sim/restore.h"
#include "snapshot.h"

/* The zone that is being read. */
struct reading {
	struct sim_machine	*m;
	struct shb_state	*s;
	struct shb_zone		*z;		/* NULL: none yet */
	struct shb_snapshot	p;
	int			order, cpu;	/* of the last free list; of the last pcp */
};

static int type_named(const char *name)
{
	int k;

	for (k = 0; k < SHB_NR_TYPES; k++)
		if (!strcmp(name, shb_type_name(k)))
			return k;
	return -1;
}

static int begin_zone(struct reading *r, char *rest)
{
	char *node = strsep(&rest, " ");
	int nid, kind = rest ? shb_spec_kind(rest) : -1;

	if (!node || kstrtoint(node, 10, &nid) || nid < 0 || nid >= r->s->topo.nr_nodes || kind < 0 ||
	    !r->s->nodes[nid].zones[kind] || !r->s->nodes[nid].zones[kind]->extent.nr_frames)
		return sim_machine_refuse(r->m, node ?: "", "a node and a zone of the machine with memory");
	r->z = r->s->nodes[nid].zones[kind];
	r->order = r->cpu = -1;
	return shb_snapshot_init(&r->p, r->z->extent.start_pfn, r->z->extent.nr_frames,
				 r->s->topo.nr_cpus);
}

static int read_number(struct reading *r, char *rest)
{
	char *name = strsep(&rest, " ");
	int n;

	for (n = 0; name && n < SHB_NR_NUMBERS; n++)
		if (!strcmp(name, shb_numbers[n].name))
			break;
	if (!name || n == SHB_NR_NUMBERS || !rest)
		return sim_machine_refuse(r->m, name ?: "", "a number of a zone and its value");
	r->p.number[n] = strtol(rest, &rest, 10);
	return *rest ? sim_machine_refuse(r->m, rest, "a whole number") : 0;
}

/* "Movable*8": so many pageblocks of a type. */
static int read_pageblocks(struct reading *r, char *rest)
{
	u32 b = 0, nr = r->p.nr_frames >> SHB_PAGEBLOCK_ORDER;
	unsigned int count;
	char *word, *star;

	while ((word = strsep(&rest, " "))) {
		star = strchr(word, '*');
		if (star)
			*star++ = '\0';
		if (!star || type_named(word) < 0 || kstrtouint(star, 10, &count) || count > nr - b)
			return sim_machine_refuse(r->m, word, "type*count, %u pageblocks in all", nr);
		while (count--)
			r->p.pageblocks[b++] = type_named(word);
	}
	return b == nr ? 0 : sim_machine_refuse(r->m, "pageblocks", "%u of them", nr);
}

static int read_movable(struct reading *r, char *rest)
{
	unsigned int first, count;
	char *word;
	int n = 0;

	while ((word = strsep(&rest, " "))) {
		if (!*word)
			continue;
		if (sscanf(word, "%u+%u%n", &first, &count, &n) != 2 || word[n] ||
		    first > r->p.nr_frames || count > r->p.nr_frames - first)
			return sim_machine_refuse(r->m, word, "pages of the zone as first+count");
		while (count--)
			set_bit(first++, r->p.movable);
	}
	return 0;
}

/* "index/type" each. */
static int read_blocks(struct reading *r, char *rest, u32 *nr)
{
	unsigned int index, type;
	char *word;
	int n = 0;

	while ((word = strsep(&rest, " "))) {
		if (sscanf(word, "%u/%u%n", &index, &type, &n) != 2 || word[n] ||
		    type >= SHB_NR_TYPES || !shb_snapshot_add(&r->p, index, type))
			return sim_machine_refuse(r->m, word, "blocks of the zone as index/type");
		++*nr;
	}
	return 0;
}

/* Free lists come by order, then type: shb_snapshot_apply() counts on that. */
static int read_free(struct reading *r, char *rest)
{
	char *order = strsep(&rest, " "), *type = strsep(&rest, " ");
	int o, t = type ? type_named(type) : -1;

	if (!order || kstrtoint(order, 10, &o) || o < 0 || o > SHB_MAX_ORDER || t < 0 ||
	    o * SHB_NR_TYPES + t <= r->order || r->cpu >= 0)
		return sim_machine_refuse(r->m, order ?: "", "free lists by order, then type, before pcp");
	r->order = o * SHB_NR_TYPES + t;
	if (read_blocks(r, rest, &r->p.blocks[t][o]))
		return -EINVAL;
	r->p.counted[o] += r->p.blocks[t][o];
	return 0;
}

static int read_pcp(struct reading *r, char *rest)
{
	char *cpu = strsep(&rest, " ");
	int c, n;

	if (!cpu || kstrtoint(cpu, 10, &c) || c != r->cpu + 1 || c >= r->p.nr_cpus)
		return sim_machine_refuse(r->m, cpu ?: "", "each cpu in turn");
	r->cpu = c;
	r->order = -1;
	for (n = 0; n < SHB_NR_PCP_NUMBERS; n++) {
		char *name = strsep(&rest, " "), *value = strsep(&rest, " ");

		if (!value || strcmp(name, shb_pcp_numbers[n].name) ||
		    kstrtoint(value, 10, &r->p.pcps[c].number[n]))
			return sim_machine_refuse(r->m, name ?: "", "%s and a number",
						  shb_pcp_numbers[n].name);
	}
	return 0;
}

static int read_list(struct reading *r, char *rest)
{
	char *cpu = strsep(&rest, " "), *list = strsep(&rest, " ");
	int c, l;

	if (!list || kstrtoint(cpu, 10, &c) || c != r->cpu || kstrtoint(list, 10, &l) ||
	    l <= r->order || l >= SHB_NR_PCP_LISTS)
		return sim_machine_refuse(r->m, list ?: "", "lists of the cpu above, in turn");
	r->order = l;
	return read_blocks(r, rest, &r->p.pcps[c].blocks[l]);
}

/* Numbers that no list contradicts, but that a list could not live with. */
static bool sane(const struct reading *r)
{
	int c, n;

	for (n = 0; n < SHB_NR_NUMBERS; n++)
		if (r->p.number[n] < 0 && n != SHB_N_FAIR_LEFT)
			return false;
	if (r->p.number[SHB_N_FLAGS] > (long)(SHB_GATE_FLAGS | BIT(SHB_ZONE_FAIR_DEPLETED)))
		return false;
	for (c = 0; c < r->p.nr_cpus; c++) {
		const int *number = r->p.pcps[c].number;

		for (n = 0; n < SHB_NR_PCP_NUMBERS; n++)
			if (number[n] < 0)
				return false;
		if (!number[SHB_P_BATCH] || number[SHB_P_BATCH] > 96 ||
		    number[SHB_P_ALLOC_FACTOR] > SHB_PCP_SCALE_MAX ||
		    number[SHB_P_FREE_FACTOR] > SHB_PCP_DOUBLINGS || number[SHB_P_FLAGS] > 3)
			return false;
	}
	return true;
}

static int end_zone(struct reading *r)
{
	static struct shb_check check;
	int err = 0, cpu;

	if (!r->z)
		return 0;
	if (!sane(r))
		err = sim_machine_refuse(r->m, "snapshot", "numbers as a kernel has them");
	if (!err && shb_snapshot_apply(&r->p, r->z))
		err = sim_machine_refuse(r->m, "snapshot", "blocks that do not overlap");
	check.nr = 0;
	if (!err)
		shb_check_zone(r->z, &check);
	for (cpu = 0; cpu < r->p.nr_cpus && !err; cpu++)
		shb_check_pcp(r->z, cpu, &check);
	if (!err && check.nr)
		err = sim_machine_refuse(r->m, "snapshot", "a zone without contradictions: %s",
					 check.text[0]);
	shb_snapshot_free(&r->p);
	r->z = NULL;
	return err;
}

static const struct {
	const char	*noun;
	int		(*read)(struct reading *r, char *rest);
} nouns[] = {
	{ "number", read_number }, { "pageblocks", read_pageblocks }, { "movable", read_movable },
	{ "free", read_free }, { "pcp", read_pcp }, { "list", read_list },
};

static int read_line(struct reading *r, char *line)
{
	char *rest = line, *noun = strsep(&rest, " ");
	size_t k;

	if (!*noun || *noun == '#')
		return 0;
	if (!strcmp(noun, "snapshot"))
		return end_zone(r) ?: begin_zone(r, rest);
	for (k = 0; k < ARRAY_SIZE(nouns); k++)
		if (!strcmp(noun, nouns[k].noun))
			return nouns[k].read(r, rest);
	return sim_machine_refuse(r->m, noun, "snapshot, number, pageblocks, movable, free, pcp or list");
}

/* Put what the file says of zones into a fresh state. Return: 0, or -errno with m->error set. */
int sim_restore_zones(struct sim_machine *m, struct shb_state *s)
{
	struct reading r = { .m = m, .s = s };
	char *rest = m->snapshot, *line, why[200];
	int number = m->snapshot_line - 1, err = 0;

	while (!err && (line = strsep(&rest, "\n"))) {
		number++;
		err = read_line(&r, line);
	}
	if (!err)
		err = end_zone(&r);
	if (r.z)
		shb_snapshot_free(&r.p);
	if (err == -EINVAL) {
		scnprintf(why, sizeof(why), "%s", m->error);
		scnprintf(m->error, sizeof(m->error), "%s:%d: %s", m->name, number, why);
	}
	return err;
}
