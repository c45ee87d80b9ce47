// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes as text, to everything that reads what users write: parameters, gfp masks, commands,
 * tunables, machine files with snapshots, scripts, wishes for candidates; and as records of a
 * stream. Whatever they say, nothing breaks; a machine that is accepted is sound.
 */
#include <linux/kernel.h>

#include "become.h"
#include "ctl/ctl.h"
#include "ctl/spec.h"
#include "kunit/fixture.h"
#include "sim/fuzz.h"
#include "sim/machine.h"
#include "sim/memmap.h"
#include "sim/session.h"
#include "traffic/start.h"
#include "traffic/traffic.h"
#include "traffic/wish.h"

#define GRANULES	256	/* of a machine that is really built */

static void read_spec(const char *text)
{
	static struct shb_spec spec;
	char bad[16];
	gfp_t gfp;

	shb_spec_parse("carve", text, true, &spec);
	shb_spec_parse("split", text, false, &spec);
	shb_spec_gfp(text, &gfp, bad, sizeof(bad));
}

static void read_options(const char *text)
{
	struct sim_machine *m = sim_machine_new();

	if (!sim_machine_node(m, text))
		sim_machine_distance(m, text);
	sim_machine_cpus(m, text);
	sim_machine_free(m);
}

/* Few granules, and a map of them that is no larger than it must be. */
static bool is_small(const struct sim_machine *m)
{
	unsigned long granules = 0, first = ~0UL, last = 0;
	int n;

	for (n = 0; n < m->nr_zones; n++) {
		const struct shb_plan_zone *z = &m->zones[n];

		granules += z->nr_granules;
		if (z->nr_granules) {
			first = min(first, z->pfns[0]);
			last = max(last, z->pfns[z->nr_granules - 1]);
		}
	}
	return granules <= GRANULES && (first > last || last - first < 1UL << 30);
}

static void read_machine(char *text)
{
	struct sim_machine *m = sim_machine_new();
	struct kunit test = { .name = "machine" };
	struct shb_state *s = NULL;

	m->name = "input";
	if (!sim_machine_parse(m, "input", text) && is_small(m))
		s = sim_machine_build(m);
	if (s) {
		check_all(&test, s);
		shb_state_destroy(s);
	}
	sim_machine_free(m);
}

/* A map, with the allocation of number @fail failing, if that is not 0. Return: it failed. */
static bool boot_map(const char *text, int fail)
{
	struct sim_machine *m = sim_machine_new();
	struct kunit test = { .name = "map" };
	struct shb_state *s = NULL;
	unsigned long pages = 0;
	char *copy = strdup(text);
	bool failed;
	u32 k;

	m->early = *text & 1;
	sim_fail_alloc = fail;
	if (!sim_memmap_parse(m, "input", copy)) {
		for (k = 0; k < m->map.memory.nr; k++)
			pages += (m->map.memory.range[k].end - m->map.memory.range[k].start) >> 12;
		if (pages < GRANULES * SHB_GRANULE_PAGES && m->map.memory.range[k - 1].end < 1ULL << 42)
			s = sim_machine_build(m);
	}
	failed = fail && !sim_fail_alloc;
	sim_fail_alloc = 0;
	if (s) {
		check_all(&test, s);
		shb_state_destroy(s);
	}
	free(copy);
	sim_machine_free(m);
	return failed;
}

/* Whatever is missing, nothing remains and nothing breaks; and what boots is sound. */
static void read_map(const char *text)
{
	boot_map(text, 1 + (unsigned char)*text % 64);
	boot_map(text, 0);
}

/* One map that makes sense, with every allocation failing in turn. */
static void run_out_of_memory(void)
{
	static const char text[] = "memory 0x1000-0x9efff\nmemory 1M+63M\nmemory 4G+64M node=1\n"
				   "reserve 0+1M\nreserve 8M+5M\nappend kernelcore=30%";
	int n;

	for (n = 1; boot_map(text, n); n++)
		;
}

/* A fresh machine for each input, so that inputs mean the same in any order. */
static void run_script(char *text)
{
	static const struct shape two = {
		.nodes = 2, .cpus = 2, .distance = 20, .cpuless = -1, .nr = 2,
		.zones = { { 0, SHB_NORMAL, 2 }, { 1, SHB_NORMAL, 1 } },
	};
	struct kunit test = { .name = "script" };
	struct shb_state *s = build(&test, "linux-7.2", &two);
	struct sim_session ses = { .keep_going = true };
	char error[SHB_TUNE_ERROR];
	int k;

	for (k = 0; shb_tune_name(k); k++)
		shb_become_tuned(s, k, text, error);
	sim_session_start(&ses, s);
	sim_session_script(&ses, "input", text);
	sim_session_end(&ses);
	check_all(&test, s);
	sim_kunit_undo();
}

static void read_wish(const char *text)
{
	char error[SHB_WISH_ERROR];
	struct shb_wish wish;

	shb_wish_parse(&wish, text, error);
}

/* Eight bytes a record, of pages that there are, mostly; stamps go on, mostly. */
static struct shb_record record_of(const u8 *b, unsigned long first, u64 stamp)
{
	return (struct shb_record){
		.kind = b[0] % (SHB_NR_RECORD_KINDS + 1), .order = b[1] % 23,
		.pfn = first + ((b[2] | b[3] << 8) & 0x1fff),
		.arg = b[0] & 0x80 ? first + b[4] : b[4] | b[5] << 8 | b[6] << 16 | (b[7] & 1) << 24,
		.cpu = b[7] >> 1 & 3, .node = b[7] >> 3 & 1, .context = b[7] >> 4,
		.stamp = b[7] == 0xff ? b[6] : stamp,
	};
}

static void apply_record(void *traffic, const struct shb_record *r)
{
	shb_traffic_apply(traffic, r);
}

/* A mirror, a candidate and a predictor of another release: all stay sound. */
static void follow_records(const u8 *data, size_t size)
{
	static const struct shape shape = {
		.nodes = 1, .cpus = 2, .distance = 20, .cpuless = -1, .nr = 1,
		.zones = { { 0, SHB_NORMAL, 4 } },
	};
	struct kunit test = { .name = "records" };
	struct shb_traffic *t = calloc(1, sizeof(*t));
	struct shb_start start;
	struct shb_record r;
	unsigned long first;
	size_t k;
	int n;

	n = size ? data[0] % ARRAY_SIZE(profiles) : 0;
	shb_traffic_init(t, build(&test, profiles[n], &shape), 1000);
	if (!shb_candidate_init(&t->candidates[0], build(&test, profiles[size % ARRAY_SIZE(profiles)], &shape), "x"))
		t->nr = 1;
	shb_predictor_init(&t->predictor, build(&test, profiles[n], &shape));
	first = t->mirror->map.base << SHB_GRANULE_ORDER;
	if (!shb_start_init(&start, t->mirror, apply_record, t))
		for (n = 0; n < 3; n++)
			shb_start_copied(&start, t->mirror->zones[0], n, size % 7 * 40 * n);
	for (k = 1; k + 8 <= size; k += 8) {
		r = record_of(data + k, first, k * 10);
		shb_start_deliver(&start, &r);
	}
	shb_start_exit(&start);
	check_all(&test, t->mirror);
	check_all(&test, t->candidates[0].s);
	check_all(&test, t->predictor.s);
	for (n = 0; n < t->nr; n++)
		shb_candidate_exit(&t->candidates[n]);
	sim_kunit_undo();
	free(t);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	sim_quiet = 0;
	if (!freopen("/dev/null", "w", stdout))
		return 1;
	run_out_of_memory();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text || !size)
		goto out;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (*data % 7) {
	case 0:	read_spec(text); break;
	case 1:	read_options(text); break;
	case 2:	read_machine(text); break;
	case 3:	run_script(text); break;
	case 4:	read_map(text); break;
	case 5:	read_wish(text); break;
	case 6:	follow_records(data + 1, size - 1); break;
	}
out:
	free(text);
	return 0;
}
