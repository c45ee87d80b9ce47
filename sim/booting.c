// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine that boots: its zones as the kernel's log tells them, to the byte, then what of
 * them is there, in numbers.
 */
#include <errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "names.h"
#include "profiles/profiles.h"
#include "release.h"
#include "show/show.h"
#include "sim/booting.h"
#include "sim/memmap.h"

static unsigned long long address(unsigned long pfn)
{
	return (unsigned long long)pfn << PAGE_SHIFT;
}

/* --- as the kernel's log ------------------------------------------------------------------------ */

static void print_range(unsigned long start, unsigned long end)
{
	printf("[mem 0x%016llx-0x%016llx]\n", address(start), address(end) - 1);
}

static void print_kinds(const struct sim_machine *m)
{
	int kind;

	puts("Zone ranges:");
	for (kind = 0; kind < SHB_NR_KINDS; kind++) {
		if (kind == SHB_MOVABLE_ZONE || !(m->kinds >> kind & 1))
			continue;
		printf("  %-8s ", shb_kind_name(kind));
		if (m->boot.low[kind] == m->boot.high[kind])
			puts("empty");
		else
			print_range(m->boot.low[kind], m->boot.high[kind]);
	}
}

static void print_nodes(const struct sim_machine *m)
{
	u32 k;
	int nid;

	puts("Movable zone start for each node");
	for (nid = 0; nid < m->boot.nr_nodes; nid++)
		if (m->boot.nodes[nid].movable)
			printf("  Node %d: 0x%016llx\n", nid, address(m->boot.nodes[nid].movable));
	puts("Early memory node ranges");
	for (k = 0; k < m->map.memory.nr; k++) {
		printf("  node %3d: ", m->map.memory.range[k].nid);
		print_range(shb_range_first(&m->map.memory.range[k]),
			    shb_range_end(&m->map.memory.range[k]));
	}
	for (nid = 0; nid < m->boot.nr_nodes; nid++) {
		const struct shb_boot_node *node = &m->boot.nodes[nid];

		if (!(m->map.known >> nid & 1))
			continue;
		printf("Initmem setup node %d ", nid);
		if (shb_boot_has_memory(node))
			print_range(node->start, node->end);
		else
			puts("as memoryless");
	}
}

static void print_holes(const struct shb_boot *b)
{
	int k;

	for (k = 0; k < b->nr_holes; k++)
		printf("On node %d, zone %s: %lu pages in unavailable ranges\n", b->holes[k].nid,
		       shb_kind_name(b->holes[k].kind), b->holes[k].pages);
}

/* --- as a picture ------------------------------------------------------------------------------- */

#define COLUMNS_MAX	72

/* One column for each stretch of @size pages with memory; ~ stands for those without. */
struct picture {
	const struct sim_machine *m;
	const struct shb_state	*s;
	unsigned long	size;
	int		nr;
	char		memory[COLUMNS_MAX + 1], came[COLUMNS_MAX + 1], zones[COLUMNS_MAX + 1];
};

/* Pages of [@a, @b) that lie in [@from, @to). */
static unsigned long overlap(unsigned long a, unsigned long b, unsigned long from, unsigned long to)
{
	a = max(a, from);
	b = min(b, to);
	return a < b ? b - a : 0;
}

/* The first range with memory in a column, or NULL. */
static const struct shb_range *range_in(const struct picture *p, unsigned long from)
{
	u32 k;

	for (k = 0; k < p->m->map.memory.nr; k++) {
		const struct shb_range *r = &p->m->map.memory.range[k];

		if (overlap(shb_range_first(r), shb_range_end(r), from, from + p->size))
			return r;
	}
	return NULL;
}

/* '.': all of it was handed over; '+': some; '#': nothing, it is reserved; 'w': it waits. */
static char what_came(const struct picture *p, int nid, unsigned long from)
{
	struct shb_free_ranges w = { .map = &p->m->map };
	unsigned long came = 0, waits = 0, memory = 0, to = from + p->size;
	unsigned long deferred = shb_release_deferred(p->s, nid);
	u32 k;

	for (k = 0; k < p->m->map.memory.nr; k++)
		memory += overlap(shb_range_first(&p->m->map.memory.range[k]),
				  shb_range_end(&p->m->map.memory.range[k]), from, to);
	while (shb_free_ranges_next(&w)) {
		unsigned long edge = w.nid == nid ? clamp(deferred, w.start, w.end) : w.end;

		came += overlap(w.start, edge, from, to);
		waits += overlap(edge, w.end, from, to);
	}
	if (came == memory)
		return '.';
	return came ? '+' : waits ? 'w' : '#';
}

static char zone_at(const struct picture *p, int nid, unsigned long from)
{
	static const char letters[SHB_NR_KINDS + 1] = "dDNM?";
	int kind;

	for (kind = SHB_NR_KINDS - 1; kind > 0; kind--) {
		const struct shb_boot_zone *z = &p->m->boot.nodes[nid].zones[kind];

		if (z->present && overlap(z->start, z->start + z->spanned, from, from + p->size))
			break;
	}
	return letters[kind];
}

static void add_column(struct picture *p, char memory, char came, char zone)
{
	if (p->nr < COLUMNS_MAX) {
		p->memory[p->nr] = memory;
		p->came[p->nr] = came;
		p->zones[p->nr] = zone;
	}
	p->nr++;
}

static void fill_picture(struct picture *p)
{
	const struct shb_ranges *memory = &p->m->map.memory;
	unsigned long from = 0, end = shb_range_end(&memory->range[memory->nr - 1]);
	const struct shb_range *r;
	u32 k = 0;

	for (p->nr = 0; from < end; from += p->size) {
		r = range_in(p, from);
		if (r) {
			add_column(p, '0' + r->nid % 10, what_came(p, r->nid, from), zone_at(p, r->nid, from));
			continue;
		}
		add_column(p, '~', '~', '~');
		while (shb_range_end(&memory->range[k]) <= from)
			k++;
		from = ALIGN_DOWN(shb_range_first(&memory->range[k]), p->size) - p->size;
	}
}

static void print_picture(const struct sim_machine *m, const struct shb_state *s)
{
	struct picture p = { .m = m, .s = s, .size = SHB_GRANULE_PAGES };

	for (fill_picture(&p); p.nr > COLUMNS_MAX; fill_picture(&p))
		p.size *= 2;
	p.memory[p.nr] = p.came[p.nr] = p.zones[p.nr] = '\0';
	printf("\nA column is %lu MiB, ~ where there is none.\n", p.size >> 8);
	printf("node         |%s|\n", p.memory);
	printf("zone         |%s|  d DMA, D DMA32, N Normal, M Movable\n", p.zones);
	printf("handed over  |%s|  . all, + some, # nothing: reserved%s\n", p.came,
	       strchr(p.came, 'w') ? ", w waits" : "");
}

/* --- in numbers --------------------------------------------------------------------------------- */

static unsigned long waiting(const struct shb_state *s, int nid)
{
	unsigned long pages = 0;
	int kind;

	for (kind = 0; kind < SHB_NR_KINDS; kind++)
		if (s->nodes[nid].zones[kind])
			pages += shb_release_waiting(s->nodes[nid].zones[kind]);
	return pages;
}

static void print_sections(const struct sim_machine *m, const struct shb_state *s)
{
	int nid;

	puts("\nStruct pages are kept for whole sections of 128 MiB; their map takes 512 pages each.");
	for (nid = 0; nid < m->boot.nr_nodes; nid++) {
		const struct shb_boot_node *node = &m->boot.nodes[nid];

		if (!shb_boot_has_memory(node))
			continue;
		printf("node %d: %lu sections, %lu pages for their map", nid, node->sections,
		       node->sections * SHB_SECTION_MAP_PAGES);
		if (node->deferred == SHB_NO_PFN)
			puts("; nothing was deferred");
		else if (shb_release_deferred(s, nid) == SHB_NO_PFN)
			printf("; from pfn %#lx on it was deferred, and has come since\n", node->deferred);
		else
			printf("; from pfn %#lx on deferred, %lu free pages still wait\n", node->deferred,
			       waiting(s, nid));
	}
}

static void print_zones(const struct sim_machine *m, struct shb_state *s)
{
	const struct shb_zone *z;
	unsigned long still;
	int n;

	puts("\nIn pages: a zone spans what is between its first and last; present is memory; reserved\n"
	     "was taken before there was an allocator; waiting is deferred; managed is what it has.");
	if (m->reserved_in_part)
		puts("Reserved is known in part: this map does not tell everything that boot took, the map of\n"
		     "struct pages above for one. A kernel's log with memblock=debug does.");
	puts("node zone       start_pfn    spanned    present      holes   reserved    waiting    managed");
	shb_for_each_zone(s, z, n) {
		still = shb_release_waiting(z);
		printf("%4d %-8s %11lu %10lu %10lu %10lu %10lu %10lu %10lu\n", z->nid,
		       shb_kind_name(z->kind), z->extent.start_pfn, z->extent.spanned,
		       z->extent.present, z->extent.spanned - z->extent.present,
		       z->extent.present - z->extent.managed - still, still, z->extent.managed);
	}
	putchar('\n');
}

/* Free blocks by order, in the kernel's format. */
static void print_lists(struct shb_state *s)
{
	struct seq_file m = { };
	const struct shb_show_file *f = shb_show_kernel_files;

	while (strcmp(f->name, "buddyinfo"))
		f++;
	puts("Free blocks by order, as in /proc/buddyinfo:");
	if (!f->show(s, &m) && m.count)
		fwrite(m.buf, 1, m.count, stdout);
	free(m.buf);
	putchar('\n');
}

/* Where a machine stands that does not have all of its memory yet. */
void sim_boot_progress(const struct shb_state *s)
{
	int nid;

	for (nid = 0; nid < s->topo.nr_nodes; nid++)
		if (shb_release_deferred(s, nid) != SHB_NO_PFN)
			printf("node %d: %lu free pages wait, from pfn %#lx on\n", nid,
			       waiting(s, nid), shb_release_deferred(s, nid));
		else
			printf("node %d: all of it is there\n", nid);
}

/* Everything between the map and the first allocation. */
void sim_boot_report(const struct sim_machine *m, struct shb_state *s)
{
	const struct shb_rules *rules = &s->rules;

	if (rules->boot->mirror_must_exist && m->boot_options.mirror && !m->boot_options.movable_node &&
	    !shb_boot_has_mirror(&m->map))
		puts("The system has no mirror memory, ignore kernelcore=mirror.");
	print_kinds(m);
	print_nodes(m);
	print_holes(&m->boot);
	print_picture(m, s);
	print_sections(m, s);
	print_zones(m, s);
	print_lists(s);
}

/* --- the machine -------------------------------------------------------------------------------- */

/* Zones for sim_machine_build(). Return: 0, or -EINVAL with m->error set, or -ENOMEM. */
int sim_boot_plan(struct sim_machine *m)
{
	const struct shb_profile *profile;
	int err = sim_memmap_cut(m);

	if (!err && !m->map.memory.nr)
		return sim_machine_refuse(m, "memory", "some of it left by mem= and memmap=");
	profile = shb_profile_get(m->profile);
	err = err ?: shb_boot_zones(&m->map, &m->boot_options, &profile->rules, &m->boot);
	shb_profile_put(profile);
	err = err ?: shb_boot_plan(&m->map, &m->boot, &m->boot_zones, &m->nr_boot_zones);
	if (err == -ERANGE) {
		scnprintf(m->error, sizeof(m->error),
			  "memory at %#llx: expected no two zones that span the same 4 MiB there, and one that has it",
			  address(m->boot.clash));
		return -EINVAL;
	}
	return err;
}

/* Step by step to the end; the marks are set then. */
void sim_boot_finish(struct shb_state *s)
{
	while (shb_release_step(s, 0) != SHB_RELEASE_DONE)
		;
}

/* Hand the memory over: all of it, or what the machine has before it is deferred. */
int sim_boot_start(struct sim_machine *m, struct shb_state *s)
{
	int err = shb_release_start(s, &m->map, &m->boot);

	if (err || m->early)
		return err;
	sim_boot_finish(s);
	return 0;
}

void sim_boot_free(struct sim_machine *m)
{
	shb_boot_plan_free(m->boot_zones, m->nr_boot_zones);
	shb_boot_free(&m->boot);
	shb_boot_map_free(&m->map);
	shb_ranges_free(&m->cuts);
}
