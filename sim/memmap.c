// SPDX-License-Identifier: GPL-2.0-only
/*
 * A memory map from a file, in one of three forms:
 *
 *     a kernel's log     "Early memory node ranges" is the memory; with memblock=debug on its
 *                        command line the log tells every reservation, without it only some;
 *                        SRAT tells what is hotpluggable
 *     /proc/iomem        as root: "System RAM", and what lies inside; one node
 *     plain lines        memory 4G+2G node=1          also 0x100000-0x7fffffff, hotplug, mirror
 *                        reserve 0x1000000+32M
 *                        node 2                       a node without memory
 *                        append kernelcore=512M       parameters of the kernel
 *
 * Logs and iomem have lines of all kinds, of which these are taken; a file of plain lines has
 * no others.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "profiles/profiles.h"
#include "sim/memmap.h"
#include "sim/runtime.h"

#define LOW_MEMORY	(1ULL << 20)	/* x86 reserves all of it, whatever firmware says */

/* What is known while a file is read. */
struct map_reading {
	struct sim_machine *m;
	struct shb_ranges firmware;	/* SRAT: nodes and what is hotpluggable */
	u64	kernel_nodes;		/* nodes that hold what the kernel cannot move */
	bool	in_ranges;		/* the log is at the early node ranges */
	bool	nodes_set;		/* the log has come to NODE_DATA */
	bool	has_command_line, has_memblock;	/* what the log has told */
};

/* --- numbers ------------------------------------------------------------------------------------ */

/* memparse(): a number in any base and K, M, G or T. Return: what follows, or NULL. */
static const char *parse_bytes(const char *text, u64 *bytes)
{
	static const char suffixes[] = "kmgt";
	const char *suffix;
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	*bytes = strtoull(text, &end, 0);
	if (errno)
		return NULL;
	suffix = *end ? strchr(suffixes, *end | 0x20) : NULL;
	if (!suffix)
		return end;
	if (*bytes > ~0ULL >> (10 * (suffix - suffixes + 1)))
		return NULL;
	*bytes <<= 10 * (suffix - suffixes + 1);
	return end + 1;
}

/* "0x1000-0x9efff", the last byte included, or "1M+64M". */
static int parse_range(struct sim_machine *m, const char *word, u64 *start, u64 *end)
{
	const char *rest = word ? parse_bytes(word, start) : NULL;
	char how = rest ? *rest : 0;

	rest = how == '-' || how == '+' ? parse_bytes(rest + 1, end) : NULL;
	if (rest && !*rest)
		*end += how == '+' ? *start : 1;
	if (!rest || *rest || *end <= *start || *end > SIM_ADDRESS_MAX)
		return sim_machine_refuse(m, word ?: "", "a range as 0x100000-0x7fffffff or 4G+2G, below 64T");
	return 0;
}

/* --- what a line says --------------------------------------------------------------------------- */

static int name_node(struct sim_machine *m, int nid)
{
	if (nid < 0 || nid >= SHB_BOOT_NODES) {
		scnprintf(m->error, sizeof(m->error), "node %d: expected a node below %d", nid,
			  SHB_BOOT_NODES);
		return -EINVAL;
	}
	m->map.known |= 1ULL << nid;
	m->map.nr_nodes = max(m->map.nr_nodes, nid + 1);
	return 0;
}

/* Of a log or iomem; plain lines have been checked. */
static int check_range(struct sim_machine *m, u64 start, u64 end)
{
	if (start < end && end <= SIM_ADDRESS_MAX)
		return 0;
	scnprintf(m->error, sizeof(m->error), "%#llx-%#llx: expected a range of addresses below 64T",
		  (unsigned long long)start, (unsigned long long)end - 1);
	return -EINVAL;
}

/* Whole pages only, as memblock_trim_memory() leaves them. */
static int add_memory(struct sim_machine *m, u64 start, u64 end, int nid, u8 flags)
{
	int err = name_node(m, nid) ?: check_range(m, start, end);

	start = ALIGN(start, PAGE_SIZE);
	end = ALIGN_DOWN(end, PAGE_SIZE);
	if (!err && start < end)
		err = shb_ranges_add(&m->map.memory, start, end, nid, flags);
	if (err == -EEXIST) {
		scnprintf(m->error, sizeof(m->error),
			  "memory at %#llx: expected each page once", (unsigned long long)start);
		return -EINVAL;
	}
	return err;
}

static int reserve(struct sim_machine *m, u64 start, u64 end)
{
	int err = check_range(m, start, end);

	return err ?: shb_ranges_add(&m->map.reserved, start, end, -1, 0);
}

/* --- kernel parameters -------------------------------------------------------------------------- */

/* kernelcore=512M or 30%: cmdline_parse_core(). */
static int parse_core(struct sim_machine *m, const char *value, unsigned long *pages,
		      unsigned int *percent)
{
	u64 number;
	const char *rest = parse_bytes(value, &number);

	if (rest && !strcmp(rest, "%") && number <= 100) {
		*percent = number;
		return 0;
	}
	if (!rest || *rest || number > SIM_ADDRESS_MAX)
		return sim_machine_refuse(m, value, "a size as 512M, or a percentage up to 100%%");
	*pages = number >> PAGE_SHIFT;
	*percent = 0;
	return 0;
}

static int set_kernelcore(struct sim_machine *m, const char *value)
{
	if (!strcmp(value, "mirror")) {
		m->boot_options.mirror = true;
		return 0;
	}
	return parse_core(m, value, &m->boot_options.kernelcore, &m->boot_options.kernelcore_percent);
}

static int set_movablecore(struct sim_machine *m, const char *value)
{
	return parse_core(m, value, &m->boot_options.movablecore,
			  &m->boot_options.movablecore_percent);
}

static int set_movable_node(struct sim_machine *m, const char *value)
{
	m->boot_options.movable_node = true;
	return 0;
}

/* mem=2G: nothing behind it is used. */
static int set_mem(struct sim_machine *m, const char *value)
{
	u64 end;
	const char *rest = parse_bytes(value, &end);

	if (!rest || *rest || !end)
		return sim_machine_refuse(m, value, "a size as 2G");
	return shb_ranges_add(&m->cuts, ALIGN_DOWN(end, PAGE_SIZE), ~0ULL, -1, 0);
}

/* memmap=64M$1G,..: that is no memory. */
static int set_memmap(struct sim_machine *m, const char *value)
{
	u64 size, start;
	const char *rest;
	int err;

	do {
		rest = parse_bytes(value, &size);
		rest = rest && *rest == '$' ? parse_bytes(rest + 1, &start) : NULL;
		if (!rest || (*rest && *rest != ',') || !size || start > SIM_ADDRESS_MAX ||
		    size > SIM_ADDRESS_MAX)
			return sim_machine_refuse(m, value, "size$start, as 64M$1G");
		err = shb_ranges_add(&m->cuts, ALIGN_DOWN(start, PAGE_SIZE),
				     ALIGN(start + size, PAGE_SIZE), -1, 0);
		value = rest + 1;
	} while (!err && *rest);
	return err;
}

/* What mem= and memmap= leave of memory, wherever they stood. Return: 0 or -ENOMEM. */
int sim_memmap_cut(struct sim_machine *m)
{
	int err = 0;
	u32 k;

	for (k = 0; k < m->cuts.nr && !err; k++)
		err = shb_ranges_remove(&m->map.memory, m->cuts.range[k].start, m->cuts.range[k].end);
	return err;
}

static const struct {
	const char	*name;
	bool		has_value, in_log;	/* in_log: what a log says is not yet in its ranges */
	int		(*set)(struct sim_machine *m, const char *value);
} parameters[] = {
	{ "kernelcore", true, true, set_kernelcore }, { "movablecore", true, true, set_movablecore },
	{ "movable_node", false, true, set_movable_node }, { "mem", true, false, set_mem },
	{ "memmap", true, false, set_memmap },
};

/* One parameter; a log's command line has many others. */
static int take_parameter(struct sim_machine *m, char *word, bool log)
{
	char *value = word, *name = strsep(&value, "=");
	size_t k;

	for (k = 0; k < ARRAY_SIZE(parameters); k++) {
		if (strcmp(name, parameters[k].name) || (log && !parameters[k].in_log))
			continue;
		if (!value == parameters[k].has_value)
			break;
		return parameters[k].set(m, value);
	}
	if (log)
		return 0;
	return sim_machine_refuse(m, name, "kernelcore=, movablecore=, movable_node, mem= or memmap=size$start");
}

/* Words between blanks; what stands between quotes is nobody's. */
static int take_parameters(struct sim_machine *m, const char *text, bool log)
{
	char *copy = strdup(text), *rest = copy, *word, *quote;
	int err = copy ? 0 : -ENOMEM;
	bool quoted = false;

	while (!err && (word = strsep(&rest, " \t"))) {
		if (*word && !quoted && !strchr(word, '"'))
			err = take_parameter(m, word, log);
		for (quote = word; (quote = strchr(quote, '"')); quote++)
			quoted = !quoted;
	}
	free(copy);
	return err;
}

/* --append "kernelcore=2G movable_node", before or behind the map. Return: 0 or -errno. */
int sim_memmap_append(struct sim_machine *m, const char *text)
{
	m->appended = true;
	return take_parameters(m, text, false);
}

/* --- a kernel's log ----------------------------------------------------------------------------- */

/*
 * Behind "[    0.123456] ", "[    0.123456][    T0] ", "<6>", "kern  :info  : " or
 * "Nov 26 12:00:00 host kernel: ".
 */
static char *message_of(char *line)
{
	char *start = strstr(line, "kernel: ");

	if (start)
		line = start + strlen("kernel: ");
	else if (!strncmp(line, "kern ", 5) && strchr(line, '['))
		line = strchr(line, '[');
	if (*line == '<' && strchr(line, '>'))
		line = strchr(line, '>') + 1;
	if (*line != '[')
		return line;
	while (*line == '[' && strchr(line, ']'))
		line = strchr(line, ']') + 1;
	return *line == ' ' ? line + 1 : line;
}

/* numa_clear_kernel_node_hotplug(): a node with reservations before it is set up stays. */
static int find_kernel_nodes(struct map_reading *r)
{
	const struct shb_ranges *f = &r->firmware, *reserved = &r->m->map.reserved;
	u32 a, b;

	for (a = 0; a < f->nr && !r->nodes_set; a++)
		for (b = 0; b < reserved->nr; b++)
			if (f->range[a].start < reserved->range[b].end &&
			    reserved->range[b].start < f->range[a].end)
				r->kernel_nodes |= 1ULL << f->range[a].nid;
	r->nodes_set = true;
	return 0;
}

static int read_srat(struct map_reading *r, const char *text)
{
	unsigned long long start, end;
	int nid, pxm, n = 0, err;

	if (sscanf(text, "Node %d PXM %d [mem %llx-%llx]%n", &nid, &pxm, &start, &end, &n) < 4 || !n)
		return 0;
	err = name_node(r->m, nid) ?: check_range(r->m, start, end + 1);
	err = err ?: shb_ranges_add(&r->firmware, start, end + 1, nid,
				    strstr(text + n, "hotplug") ? SHB_RANGE_HOTPLUG : 0);
	if (err == -EEXIST)
		return sim_machine_refuse(r->m, text, "memory of one node; is this one boot?");
	return err;
}

static int read_apic(struct map_reading *r, const char *text)
{
	const char *node = strstr(text, "-> Node ");
	int nid;

	return node && sscanf(node, "-> Node %d", &nid) == 1 ? name_node(r->m, nid) : 0;
}

static int read_reserved(struct map_reading *r, const char *text)
{
	unsigned long long start, end;

	if (sscanf(text, "[%llx-%llx]", &start, &end) != 2)
		return 0;
	return reserve(r->m, start, end + 1);
}

/* "reserved[0x0]	[0x0000-0xffff], ..": memblock's own listing. */
static int read_listed(struct map_reading *r, const char *text)
{
	const char *range = strchr(text, '[');

	r->has_memblock = true;
	return range ? read_reserved(r, range) : 0;
}

static int read_ramdisk(struct map_reading *r, const char *text)
{
	unsigned long long start, end;

	return sscanf(text, "[mem %llx-%llx]", &start, &end) == 2 ? reserve(r->m, start, end + 1) : 0;
}

static int read_free(struct map_reading *r, const char *text)
{
	unsigned long long start, end;

	if (sscanf(text, "[%llx-%llx]", &start, &end) != 2)
		return 0;
	return shb_ranges_remove(&r->m->map.reserved, start, end + 1);
}

static int read_command_line(struct map_reading *r, const char *text)
{
	r->has_command_line = true;
	return take_parameters(r->m, text, true);
}

/* A kernel begins: of several boots the last one counts. Its release decides, unless one says. */
static int read_version(struct map_reading *r, const char *text)
{
	struct sim_machine *m = r->m;
	bool exact;

	shb_boot_map_free(&m->map);
	m->map = (struct shb_boot_map){ };
	if (!m->appended)
		m->boot_options = (struct shb_boot_options){ };
	shb_ranges_free(&r->firmware);
	r->kernel_nodes = 0;
	r->nodes_set = r->has_command_line = r->has_memblock = false;
	if (!m->profile_given)
		strscpy(m->profile, shb_profile_for(text, &exact)->name);
	return reserve(m, 0, LOW_MEMORY);
}

static int read_ranges(struct map_reading *r, const char *text)
{
	r->in_ranges = true;
	return 0;
}

static int read_node_data(struct map_reading *r, const char *text)
{
	return find_kernel_nodes(r);
}

static const struct {
	const char	*begin;
	int		(*read)(struct map_reading *r, const char *rest);
} log_lines[] = {
	{ "Linux version ", read_version }, { "Command line: ", read_command_line }, { "RAMDISK: ", read_ramdisk },
	{ "memblock_reserve: ", read_reserved }, { "__memblock_reserve: ", read_reserved },
	{ "memblock_phys_free: ", read_free }, { " reserved[", read_listed },
	{ "ACPI: SRAT: PXM ", read_apic }, { "ACPI: SRAT: ", read_srat },
	{ "SRAT: PXM ", read_apic }, { "SRAT: ", read_srat },
	{ "NODE_DATA(", read_node_data }, { "Early memory node ranges", read_ranges },
};

/* "  node   0: [mem 0x..-0x..]" */
static bool is_early_range(const char *text, int *nid, unsigned long long *start,
			   unsigned long long *end)
{
	return sscanf(text, " node %d: [mem %llx-%llx]", nid, start, end) == 3;
}

static int read_log_line(struct map_reading *r, char *line)
{
	const char *text = message_of(line);
	unsigned long long start, end;
	size_t k;
	int nid;

	if (r->in_ranges && is_early_range(text, &nid, &start, &end))
		return add_memory(r->m, start, end + 1, nid, 0);
	r->in_ranges = false;
	for (k = 0; k < ARRAY_SIZE(log_lines); k++)
		if (!strncmp(text, log_lines[k].begin, strlen(log_lines[k].begin)))
			return log_lines[k].read(r, text + strlen(log_lines[k].begin));
	return 0;
}

/* Memory that firmware calls hotpluggable, on nodes without anything of the kernel's. */
static int mark_hotpluggable(struct map_reading *r)
{
	struct shb_ranges memory = r->m->map.memory;
	u32 a, b;
	int err = 0;

	r->m->map.memory = (struct shb_ranges){ };
	for (a = 0; a < memory.nr && !err; a++) {
		const struct shb_range *x = &memory.range[a];
		u64 at = x->start;

		for (b = 0; b < r->firmware.nr && !err; b++) {
			const struct shb_range *f = &r->firmware.range[b];
			u64 from = max(at, f->start), to = min(x->end, f->end);

			if (from >= to || !(f->flags & SHB_RANGE_HOTPLUG) || f->nid != x->nid ||
			    (r->kernel_nodes >> f->nid & 1))
				continue;
			err = shb_ranges_add(&r->m->map.memory, at, from, x->nid, 0) ?:
			      shb_ranges_add(&r->m->map.memory, from, to, x->nid, SHB_RANGE_HOTPLUG);
			at = to;
		}
		err = err ?: shb_ranges_add(&r->m->map.memory, at, x->end, x->nid, 0);
	}
	shb_ranges_free(&memory);
	return err;
}

/* --- /proc/iomem -------------------------------------------------------------------------------- */

static int read_iomem_line(struct map_reading *r, char *line)
{
	unsigned long long start, end;
	int n = 0;

	if (sscanf(line, " %llx-%llx : %n", &start, &end, &n) != 2 || !n)
		return 0;
	if (*line != ' ')
		r->in_ranges = !strcmp(line + n, "System RAM");
	if (*line == ' ')
		return r->in_ranges ? reserve(r->m, start, end + 1) : 0;
	if (r->in_ranges && !end)
		return sim_machine_refuse(r->m, line, "addresses; /proc/iomem has them for root only");
	return r->in_ranges ? add_memory(r->m, start, end + 1, 0, 0) : 0;
}

/* --- plain lines -------------------------------------------------------------------------------- */

static int read_plain_memory(struct map_reading *r, char *rest)
{
	u64 start, end;
	int nid = 0, err = parse_range(r->m, strsep(&rest, " "), &start, &end);
	u8 flags = 0;
	char *word;

	while (!err && (word = strsep(&rest, " "))) {
		if (!strcmp(word, "hotplug"))
			flags |= SHB_RANGE_HOTPLUG;
		else if (!strcmp(word, "mirror"))
			flags |= SHB_RANGE_MIRROR;
		else if (*word && (strncmp(word, "node=", 5) || kstrtoint(word + 5, 10, &nid)))
			err = sim_machine_refuse(r->m, word, "node=N, hotplug or mirror");
	}
	return err ?: add_memory(r->m, start, end, nid, flags);
}

static int read_plain_reserve(struct map_reading *r, char *rest)
{
	u64 start, end;

	return parse_range(r->m, rest, &start, &end) ?: reserve(r->m, start, end);
}

static int read_plain_node(struct map_reading *r, char *rest)
{
	int nid;

	if (!rest || kstrtoint(rest, 10, &nid))
		return sim_machine_refuse(r->m, rest ?: "", "the number of a node");
	return name_node(r->m, nid);
}

static int read_plain_append(struct map_reading *r, char *rest)
{
	return take_parameters(r->m, rest ?: "", false);
}

static const struct {
	const char	*noun;
	int		(*read)(struct map_reading *r, char *rest);
} plain_lines[] = {
	{ "memory", read_plain_memory }, { "reserve", read_plain_reserve },
	{ "node", read_plain_node }, { "append", read_plain_append },
};

/* Without a comment at the end, and with single blanks. */
static char *tidy(char *line)
{
	char *from = line, *to = line;

	line[strcspn(line, "#\r")] = '\0';
	for (; *from; from++) {
		if (!isspace(*from))
			*to++ = *from;
		else if (to > line && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > line && to[-1] == ' ')
		to--;
	*to = '\0';
	return line;
}

static int read_plain_line(struct map_reading *r, char *line)
{
	char *rest = tidy(line), *noun = strsep(&rest, " ");
	size_t k;

	if (!*noun)
		return 0;
	for (k = 0; k < ARRAY_SIZE(plain_lines); k++)
		if (!strcmp(noun, plain_lines[k].noun))
			return plain_lines[k].read(r, rest);
	return sim_machine_refuse(r->m, noun, "memory, reserve, node or append; or a kernel's log; or /proc/iomem");
}

/* --- the file ----------------------------------------------------------------------------------- */

typedef int (*line_reader)(struct map_reading *r, char *line);

static line_reader form_of(const char *text)
{
	if (strstr(text, "Early memory node ranges"))
		return read_log_line;
	if (strstr(text, " : System RAM"))
		return read_iomem_line;
	return *text == '[' || *text == '<' || strstr(text, "Linux version ") ? NULL : read_plain_line;
}

static int read_lines(struct map_reading *r, char *text, line_reader read, int *number)
{
	char *line;
	int err = 0;

	while (!err && (line = strsep(&text, "\n"))) {
		++*number;
		err = read(r, line);
	}
	return err;
}

/* What a log should have told. */
static int finish_log(struct map_reading *r, const char *name)
{
	if (!r->has_command_line)
		fprintf(stderr, "shbsim: %s: no command line in this log: kernelcore= and the like are unknown\n",
			name);
	r->m->reserved_in_part = !r->has_memblock;
	return find_kernel_nodes(r) ?: mark_hotpluggable(r);
}

/* Return: 0, -EINVAL with m->error set, or -ENOMEM. */
static int read_form(struct map_reading *r, const char *name, char *text, line_reader read,
		     int *number)
{
	int err = read == read_plain_line ? 0 : reserve(r->m, 0, LOW_MEMORY);

	err = err ?: read_lines(r, text, read, number);
	if (!err && read == read_log_line)
		err = finish_log(r, name);
	if (read == read_iomem_line)
		r->m->reserved_in_part = true;
	if (!err && !r->m->map.memory.nr)
		err = sim_machine_refuse(r->m, "memory", read == read_log_line ?
					 "ranges below \"Early memory node ranges\"" : "a page of it somewhere");
	return err;
}

/*
 * Read a map's text; @name is for the error. Return: 0, -EINVAL with m->error set, or -ENOMEM.
 */
int sim_memmap_parse(struct sim_machine *m, const char *name, char *text)
{
	struct map_reading r = { .m = m };
	line_reader read = form_of(text);
	char why[sizeof(m->error)];
	int number = 0, err, nid;

	if (m->boots || m->topo.nr_nodes)
		return sim_machine_refuse(m, name, "one --boot, and no --node beside it");
	m->boots = true;
	err = read ? read_form(&r, name, text, read, &number) :
		     sim_machine_refuse(m, "log", "its line \"Early memory node ranges\"");
	shb_ranges_free(&r.firmware);
	for (nid = 0; !err && nid < m->map.nr_nodes; nid++)
		m->topo.node_online[nid] = m->map.known >> nid & 1;
	m->topo.nr_nodes = m->map.nr_nodes;
	if (err == -EINVAL) {
		strscpy(why, m->error);
		scnprintf(m->error, sizeof(m->error), "%s:%d: %.*s", name, number, 180, why);
	}
	return err;
}

/* --boot FILE: the machine is what a boot makes of it. Return: as sim_memmap_parse(). */
int sim_memmap_read(struct sim_machine *m, const char *path)
{
	char *text;
	int err = sim_read_file(path, &text);

	if (err) {
		scnprintf(m->error, sizeof(m->error), "%s: %s", path, sim_file_error(err));
		return err;
	}
	err = sim_memmap_parse(m, path, text);
	free(text);
	return err;
}
