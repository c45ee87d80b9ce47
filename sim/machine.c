// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine from options or from a file, and the state on it.
 *
 *     --node 0:DMA32=256M,Normal=1G --cpus 4 --distance 10,21,21,10
 *     --boot FILE          what a boot makes of a memory map; see sim/memmap.c and sim/booting.c
 *     --machine FILE       what the module's files machine and snapshot say, one behind the
 *                          other; see docs/interface.md
 *
 * A file is read whole before anything is built; what is wrong is said with its line, the
 * word, and what is accepted for it.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "become.h"
#include "ctl/spec.h"
#include "names.h"
#include "profiles/profiles.h"
#include "sim/booting.h"
#include "sim/machine.h"
#include "sim/runtime.h"
#include "sim/restore.h"
#include "tune.h"

#define refuse		sim_machine_refuse
#define FIRST_PFN	SHB_GRANULE_PAGES	/* pfn 0 is nobody's */

/* What is wrong with a word, as far as it can be shown, and what would not be. Return: -EINVAL. */
int sim_machine_refuse(struct sim_machine *m, const char *word, const char *fmt, ...)
{
	va_list args;
	int n = scnprintf(m->error, sizeof(m->error), "\"%.60s\": expected ", word), k;

	for (k = 0; k < n; k++)
		if (!isprint((unsigned char)m->error[k]))
			m->error[k] = '?';

	va_start(args, fmt);
	vscnprintf(m->error + n, sizeof(m->error) - n, fmt, args);
	va_end(args);
	return -EINVAL;
}

/* A machine with room for the largest; nodes and cpus come with what names them. */
struct sim_machine *sim_machine_new(void)
{
	struct sim_machine *m = sim_alloc(sizeof(*m));
	int a;

	if (!m)
		return NULL;
	strscpy(m->profile, shb_profiles[shb_nr_profiles - 1]->name);
	m->kinds = GENMASK(SHB_DEVICE, 0);
	m->next_pfn = FIRST_PFN;
	m->hugepages = true;
	m->topo = (struct shb_topology){
		.max_nodes = 1024, .cpus_uncounted = true,
		.node_online = sim_alloc(SIM_NODES * sizeof(bool)),
		.distance = sim_alloc(SIM_NODES * SIM_NODES * sizeof(int)),
		.cpu_node = sim_alloc(SIM_CPUS * sizeof(int)),
		.cpu_online = sim_alloc(SIM_CPUS * sizeof(bool)),
		.cache_slice = sim_alloc(SIM_CPUS * sizeof(unsigned long)),
	};
	for (a = 0; a < SIM_NODES * SIM_NODES && m->topo.distance; a++)
		m->topo.distance[a] = -1;	/* nobody said */
	if (m->topo.node_online && m->topo.distance && m->topo.cpu_node && m->topo.cpu_online &&
	    m->topo.cache_slice)
		return m;
	sim_machine_free(m);
	return NULL;
}

void sim_machine_free(struct sim_machine *m)
{
	int n;

	for (n = 0; n < m->nr_zones; n++)
		sim_free(m->zones[n].pfns);
	sim_boot_free(m);
	shb_topology_free(&m->topo);
	sim_free(m->read_format.zone_stats);
	sim_free(m->read_format.node_stats);
	sim_free(m->tunables);
	free(m->text);
	sim_free(m);
}

/* --- options ------------------------------------------------------------------------------------ */

/* --cpus 4: one after the other to the nodes, once these are known. */
int sim_machine_cpus(struct sim_machine *m, const char *text)
{
	if (kstrtoint(text, 10, &m->topo.nr_cpus) || m->topo.nr_cpus < 1 ||
	    m->topo.nr_cpus > SIM_CPUS)
		return refuse(m, text, "a count of cpus from 1 to %d", SIM_CPUS);
	return 0;
}

static int add_zone(struct sim_machine *m, int nid, int kind, unsigned long granules)
{
	struct shb_plan_zone *z = &m->zones[m->nr_zones];
	unsigned long *pfns = sim_alloc(granules * sizeof(*pfns)), g;

	if (!pfns)
		return -ENOMEM;
	for (g = 0; g < granules; g++, m->next_pfn += SHB_GRANULE_PAGES)
		pfns[g] = m->next_pfn;
	*z = (struct shb_plan_zone){ .nid = nid, .kind = kind, .nr_granules = granules, .pfns = pfns };
	m->nr_zones++;
	return 0;
}

static bool has_zone(const struct sim_machine *m, int nid, int kind)
{
	int n;

	for (n = 0; n < m->nr_zones; n++)
		if (m->zones[n].nid == nid && m->zones[n].kind == kind)
			return true;
	return false;
}

/* "Normal=1G"; zones of a node come in the order of their addresses. */
static int parse_zone(struct sim_machine *m, int nid, char *text)
{
	const unsigned long granule = SHB_GRANULE_PAGES * PAGE_SIZE;
	char *size = text, *name = strsep(&size, "=");
	unsigned long bytes = 0;
	int kind = shb_spec_kind(name);

	if (kind < 0 || !size)
		return refuse(m, text, "zone=size with DMA, DMA32, Normal or Movable, as in Normal=1G");
	if (shb_spec_size(size, &bytes) || bytes % granule)
		return refuse(m, size, "a multiple of 4M, with suffix K, M or G");
	if (bytes / granule > SHB_ZONE_GRANULES_MAX)
		return refuse(m, size, "at most %luG", SHB_ZONE_GRANULES_MAX / 256UL);
	if (has_zone(m, nid, kind))
		return refuse(m, name, "each zone of a node once");
	if (m->nr_zones && m->zones[m->nr_zones - 1].nid == nid &&
	    m->zones[m->nr_zones - 1].kind > kind)
		return refuse(m, name, "zones from DMA up to Movable");
	return add_zone(m, nid, kind, bytes / granule);
}

/* --node 0:DMA32=256M,Normal=1G: the next node; without zones it has no memory. */
int sim_machine_node(struct sim_machine *m, const char *text)
{
	char *copy = kstrdup(text, 0), *rest = copy, *word;
	int nid, err = 0;

	if (!copy)
		return -ENOMEM;
	word = strsep(&rest, ":");
	if (m->boots)
		err = refuse(m, word, "no --boot beside it");
	else if (kstrtoint(word, 10, &nid) || nid != m->topo.nr_nodes || nid >= SIM_NODES)
		err = refuse(m, word, "the number of the next node, %d (of at most %d)",
			     m->topo.nr_nodes, SIM_NODES);
	else
		m->topo.node_online[m->topo.nr_nodes++] = true;
	while (!err && rest && *rest && (word = strsep(&rest, ",")))
		err = parse_zone(m, nid, word);
	sim_free(copy);
	return err;
}

/* --distance 10,21,21,10: row by row, behind the nodes it is for. */
int sim_machine_distance(struct sim_machine *m, const char *text)
{
	char *copy = kstrdup(text, 0), *rest = copy, *word;
	int k = 0, nr = m->topo.nr_nodes * m->topo.nr_nodes, err = 0, *distance = m->topo.distance;

	if (!copy)
		return -ENOMEM;
	while (!err && (word = strsep(&rest, ",")))
		if (k >= nr || kstrtoint(word, 10, &distance[k++]) || distance[k - 1] < 10 ||
		    distance[k - 1] > 255)
			err = refuse(m, word, "%d distances from 10 to 255, row by row", nr);
	if (!err && k != nr)
		err = refuse(m, text, "%d distances from 10 to 255, row by row", nr);
	sim_free(copy);
	return err;
}

/* What nobody said: one node with 1 GiB, two cpus, distances of 10 and 20. */
static int fill_up(struct sim_machine *m)
{
	struct shb_topology *t = &m->topo;
	int k, err = 0;

	if (!t->nr_nodes)
		err = sim_machine_node(m, "0:Normal=1G");
	if (!t->nr_cpus) {
		t->nr_cpus = 2;
		for (k = 0; k < SIM_CPUS && t->cpu_online[k]; k++)
			t->nr_cpus = max(t->nr_cpus, k + 1);
	}
	for (k = 0; k < t->nr_cpus && !m->read_format.zone_stats; k++) {
		t->cpu_node[k] = k % t->nr_nodes;
		t->cpu_online[k] = true;
	}
	for (k = 0; k < t->nr_nodes * t->nr_nodes; k++)
		if (t->distance[k] < 0)
			t->distance[k] = k / t->nr_nodes == k % t->nr_nodes ? 10 : 20;
	return err;
}

/* --- files -------------------------------------------------------------------------------------- */

/* The next word of a line as a number. */
static int next_number(struct sim_machine *m, char **rest, unsigned long *value)
{
	char *word = strsep(rest, " ");

	if (!word || kstrtoul(word, 0, value))
		return refuse(m, word ?: "", "a number");
	return 0;
}

/* "name value name value": only these names, in this order. */
static int named_numbers(struct sim_machine *m, char **rest, const char *const *names,
			 unsigned long *values, int nr)
{
	int k, err = 0;

	for (k = 0; k < nr && !err; k++) {
		char *word = strsep(rest, " ");

		if (!word || strcmp(word, names[k]))
			return refuse(m, word ?: "", "%s", names[k]);
		err = next_number(m, rest, &values[k]);
	}
	return err;
}

static int read_profile(struct sim_machine *m, char *rest)
{
	if (!rest || !shb_profile_is_known(rest))
		return refuse(m, rest ?: "", SHB_PROFILE_NAMES);
	strscpy(m->profile, rest);
	return 0;
}

static int read_topology(struct sim_machine *m, char *rest)
{
	static const char *const names[] = { "nodes", "cpus", "max_nodes", "cpus_uncounted" };
	unsigned long v[4];
	int err = named_numbers(m, &rest, names, v, 4);

	if (err)
		return err;
	if (!v[0] || v[0] > SIM_NODES || !v[1] || v[1] > SIM_CPUS)
		return refuse(m, "machine", "1 to %d nodes and 1 to %d cpus", SIM_NODES, SIM_CPUS);
	m->topo.nr_nodes = v[0];
	m->topo.nr_cpus = v[1];
	m->topo.max_nodes = v[2];
	m->topo.cpus_uncounted = v[3];
	return 0;
}

static int read_node(struct sim_machine *m, char *rest)
{
	static const char *const names[] = { "online" };
	unsigned long nid, v;
	int err = next_number(m, &rest, &nid), b;
	char *word;

	if (err)
		return err;
	if (nid >= (unsigned long)m->topo.nr_nodes)
		return refuse(m, "node", "a node below %d", m->topo.nr_nodes);
	err = named_numbers(m, &rest, names, &v, 1);
	if (err)
		return err;
	m->topo.node_online[nid] = v;
	word = strsep(&rest, " ");
	if (!word || strcmp(word, "distance"))
		return refuse(m, word ?: "", "distance");
	for (b = 0; b < m->topo.nr_nodes && !err; b++) {
		err = next_number(m, &rest, &v);
		m->topo.distance[nid * m->topo.nr_nodes + b] = min(v, 255UL);
	}
	return err;
}

static int read_cpu(struct sim_machine *m, char *rest)
{
	static const char *const names[] = { "node", "online", "cache" };
	unsigned long cpu, v[3];
	int err = next_number(m, &rest, &cpu);

	if (!err)
		err = named_numbers(m, &rest, names, v, 3);
	if (err)
		return err;
	if (cpu >= (unsigned long)m->topo.nr_cpus || v[0] >= (unsigned long)m->topo.nr_nodes)
		return refuse(m, "cpu", "a cpu below %d and a node below %d", m->topo.nr_cpus,
			      m->topo.nr_nodes);
	m->topo.cpu_node[cpu] = v[0];
	m->topo.cpu_online[cpu] = v[1];
	m->topo.cache_slice[cpu] = v[2];
	return 0;
}

static int read_kinds(struct sim_machine *m, char *rest)
{
	unsigned long v;
	int err = next_number(m, &rest, &v);

	if (!err && (v >> SHB_NR_KINDS || !(v & BIT(SHB_NORMAL))))
		return refuse(m, "kinds", "a mask of zone kinds with Normal");
	m->kinds = v;
	return err;
}

/* "0x108000+4" each; ascending, whole granules. */
static int read_granules(struct sim_machine *m, char *rest, struct shb_plan_zone *z)
{
	unsigned long room = 0, first, nr, next = 0, *pfns = NULL, *more;
	char *word, *plus;

	z->nr_granules = 0;
	while ((word = strsep(&rest, " "))) {
		plus = strchr(word, '+');
		if (plus)
			*plus++ = '\0';
		if (!plus || kstrtoul(word, 0, &first) || kstrtoul(plus, 10, &nr) || !nr ||
		    first % SHB_GRANULE_PAGES || first < next ||
		    nr > SHB_ZONE_GRANULES_MAX - z->nr_granules ||
		    first > ~0UL / 2 - nr * SHB_GRANULE_PAGES) {
			sim_free(pfns);
			return refuse(m, word, "ascending granules as pfn+count");
		}
		room += nr;
		more = sim_alloc(room * sizeof(*pfns));
		if (!more) {
			sim_free(pfns);
			return -ENOMEM;
		}
		if (pfns)
			memcpy(more, pfns, z->nr_granules * sizeof(*pfns));
		sim_free(pfns);
		pfns = more;
		for (; nr--; first += SHB_GRANULE_PAGES)
			pfns[z->nr_granules++] = first;
		next = first;
	}
	z->pfns = pfns;
	return 0;
}

static int read_zone(struct sim_machine *m, char *rest)
{
	static const char *const names[] = { "managed", "present", "spanned", "start", "cma" };
	struct shb_plan_zone *z = &m->zones[m->nr_zones];
	unsigned long nid, v[5];
	char *word;
	int kind, err = next_number(m, &rest, &nid);

	if (err)
		return err;
	word = strsep(&rest, " ");
	kind = word ? shb_spec_kind(word) : -1;
	if (kind < 0 || nid >= (unsigned long)m->topo.nr_nodes || has_zone(m, nid, kind))
		return refuse(m, word ?: "", "a node and one of its zones, each once");
	err = named_numbers(m, &rest, names, v, 5);
	if (err)
		return err;
	word = strsep(&rest, " ");
	if (!word || strcmp(word, "granules"))
		return refuse(m, word ?: "", "granules");
	*z = (struct shb_plan_zone){
		.nid = nid, .kind = kind, .managed = v[0], .present = v[1], .spanned = v[2],
		.start_pfn = v[3], .cma_granules = v[4],
	};
	err = read_granules(m, rest, z);
	if (err)
		return err;
	m->nr_zones++;
	if (z->cma_granules > z->nr_granules)
		return refuse(m, "cma", "at most the granules of the zone");
	return 0;
}

static int read_format(struct sim_machine *m, char *rest)
{
	static const char *const names[] = { "types", "numa", "smp", "promo", "wide" };
	unsigned long v[5];
	int err = named_numbers(m, &rest, names, v, 5);

	m->read_format.types = v[0];
	m->read_format.numa = v[1];
	m->read_format.smp = v[2];
	m->read_format.promo = v[3];
	m->read_format.wide_pagesets = v[4];
	m->format = &m->read_format;
	return err;
}

/* The names lie behind the table of them. */
static int read_names(char *rest, const char *const **names, int *nr)
{
	size_t len = rest ? strlen(rest) : 0, room = len / 2 + 1;
	const char **table = sim_alloc(room * sizeof(*table) + len + 1);
	char *text = (char *)(table + room), *word;

	if (!table)
		return -ENOMEM;
	memcpy(text, rest ?: "", len);
	sim_free(*names);
	*names = table;
	*nr = 0;
	while ((word = strsep(&text, " ")))
		if (*word)
			table[(*nr)++] = word;
	return 0;
}

static int read_zone_stats(struct sim_machine *m, char *rest)
{
	return read_names(rest, &m->read_format.zone_stats, &m->read_format.nr_zone_stats);
}

static int read_node_stats(struct sim_machine *m, char *rest)
{
	return read_names(rest, &m->read_format.node_stats, &m->read_format.nr_node_stats);
}

static int read_hugepages(struct sim_machine *m, char *rest)
{
	unsigned long v;
	int err = next_number(m, &rest, &v);

	m->hugepages = v;
	return err;
}

/* Kept as text: a tunable is known only to the state. */
static int read_tunable(struct sim_machine *m, char *rest)
{
	size_t had = m->tunables ? strlen(m->tunables) : 0;
	char *more = sim_alloc(had + strlen(rest ?: "") + 2);

	if (!more)
		return -ENOMEM;
	if (had)
		memcpy(more, m->tunables, had);
	strcpy(more + had, rest ?: "");
	strcat(more, "\n");
	sim_free(m->tunables);
	m->tunables = more;
	return 0;
}

static const struct {
	const char	*noun;
	int		(*read)(struct sim_machine *m, char *rest);
} nouns[] = {
	{ "profile", read_profile }, { "machine", read_topology }, { "node", read_node },
	{ "cpu", read_cpu }, { "kinds", read_kinds }, { "zone", read_zone },
	{ "format", read_format }, { "zone_stats", read_zone_stats },
	{ "node_stats", read_node_stats }, { "hugepages", read_hugepages },
	{ "tunable", read_tunable },
};

static int read_line(struct sim_machine *m, char *line)
{
	char *rest = line, *noun = strsep(&rest, " ");
	size_t k;

	if (!*noun || *noun == '#')
		return 0;
	for (k = 0; k < ARRAY_SIZE(nouns); k++)
		if (!strcmp(noun, nouns[k].noun))
			return nouns[k].read(m, rest);
	return refuse(m, noun, "profile, machine, node, cpu, kinds, zone, format, zone_stats, node_stats, hugepages, tunable or snapshot");
}

/* Read a file's text; @name is for the error. A snapshot is kept and put in last. */
int sim_machine_parse(struct sim_machine *m, const char *name, char *text)
{
	char at[160], *line;
	int number = 0, err = 0;

	while (!err && (line = strsep(&text, "\n"))) {
		number++;
		if (strstarts(line, "snapshot ")) {
			m->snapshot = line;
			m->snapshot_line = number;
			if (text)
				text[-1] = '\n';
			break;
		}
		err = read_line(m, line);
	}
	if (err == -EINVAL) {
		scnprintf(at, sizeof(at), "%s", m->error);
		scnprintf(m->error, sizeof(m->error), "%s:%d: %s", name, number, at);
	}
	return err;
}

/* Read all of a file. Return: 0, or -errno with m->error set. */
int sim_machine_read(struct sim_machine *m, const char *path)
{
	int err = sim_read_file(path, &m->text);

	if (err) {
		scnprintf(m->error, sizeof(m->error), "%s: %s", path, sim_file_error(err));
		return err;
	}
	m->name = path;
	err = sim_machine_parse(m, path, m->text);
	if (!err && !m->topo.nr_nodes && !m->nr_zones) {
		scnprintf(m->error, sizeof(m->error), "%s: expected a machine: lines machine, node, cpu and zone", path);
		return -EINVAL;
	}
	return err;
}

/* --- the state ---------------------------------------------------------------------------------- */

static int knob_named(const char *name)
{
	int k;

	for (k = 0; shb_tune_name(k); k++)
		if (!strcmp(shb_tune_name(k), name))
			return k;
	return -1;
}

/* As the machine had them. Those that are as they came out by themselves are left alone. */
static int set_tunables(struct sim_machine *m, struct shb_state *s)
{
	char *rest = m->tunables, *line, *name, error[SHB_TUNE_ERROR];
	struct seq_file text = { };
	int k, err = 0;

	while (!err && (line = strsep(&rest, "\n")) && *line) {
		name = strsep(&line, " ");
		k = knob_named(name);
		if (k < 0 || !line)
			return refuse(m, name, "a tunable and its value");
		if (!shb_tune_has(s, k))	/* another release's: it decides nothing here */
			continue;
		text.count = 0;
		shb_tune_show(s, k, &text);
		text.buf[text.count - 1] = '\0';
		if (!strcmp(text.buf, line))
			continue;
		err = shb_become_tuned(s, k, line, error);
		if (err)
			refuse(m, name, "%s", error + strlen("expected "));
	}
	free(text.buf);
	return err;
}

static int compare_zones(const void *a, const void *b)
{
	const struct shb_plan_zone *x = a, *y = b;

	return x->nid != y->nid ? x->nid - y->nid : x->kind - y->kind;
}

/* Build the state. Return: it, or NULL with m->error set. */
struct shb_state *sim_machine_build(struct sim_machine *m)
{
	const struct shb_profile *profile;
	struct shb_state *s;
	struct shb_plan plan;
	int err = fill_up(m);

	if (!err && m->boots)
		err = m->nr_zones ? refuse(m, "--boot", "no --node beside it") : sim_boot_plan(m);
	else if (!err && !m->nr_zones)
		err = refuse(m, "machine", "memory on some node");
	if (err == -ENOMEM)
		scnprintf(m->error, sizeof(m->error), "out of memory");
	if (err)
		return NULL;
	qsort(m->zones, m->nr_zones, sizeof(*m->zones), compare_zones);
	profile = shb_profile_get(m->profile);
	plan = (struct shb_plan){
		.profile = profile, .host = &shb_host_paper,
		.format = m->format ?: sim_format((profile->base ?: profile)->name), .topo = &m->topo,
		.kinds = m->kinds, .transparent_hugepage = m->hugepages, .held_back = m->boots,
		.zones = m->boots ? m->boot_zones : m->zones,
		.nr_zones = m->boots ? m->nr_boot_zones : m->nr_zones,
	};
	s = shb_state_create(&plan);
	shb_profile_put(profile);
	if (IS_ERR(s)) {
		scnprintf(m->error, sizeof(m->error), "no memory for the tables of this machine");
		return NULL;
	}
	err = m->boots ? sim_boot_start(m, s) : set_tunables(m, s);
	if (err == -ENOMEM)
		scnprintf(m->error, sizeof(m->error), "out of memory");
	if (!err && m->snapshot)
		err = sim_restore_zones(m, s);
	if (!err)
		return s;
	shb_state_destroy(s);
	return NULL;
}
