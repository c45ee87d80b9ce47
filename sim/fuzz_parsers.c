// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes as text, to everything that reads what users write: parameters, gfp masks, commands,
 * tunables, machine files with snapshots, scripts. Whatever they say, nothing breaks; a machine
 * that is accepted is sound.
 */
#include <linux/kernel.h>

#include "ctl/ctl.h"
#include "ctl/spec.h"
#include "kunit/fixture.h"
#include "sim/fuzz.h"
#include "sim/machine.h"
#include "sim/memmap.h"
#include "sim/session.h"

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

static bool is_small(const struct sim_machine *m)
{
	unsigned long granules = 0;
	int n;

	for (n = 0; n < m->nr_zones; n++)
		granules += m->zones[n].nr_granules;
	return granules <= GRANULES &&
	       (!m->nr_zones || m->next_pfn - m->zones[0].pfns[0] < 1UL << 30);
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

/*
 * A map, first with allocations that fail one after the other: whatever is missing, nothing
 * remains and nothing breaks. Then what boots is sound.
 */
static void read_map(const char *text)
{
	struct kunit test = { .name = "map" };
	struct shb_state *s = NULL;
	struct sim_machine *m;
	unsigned long pages;
	int n, err = -ENOMEM;
	char *copy;
	u32 k;

	for (n = 1; err == -ENOMEM && !s; n++) {
		m = sim_machine_new();
		copy = strdup(text);
		sim_fail_alloc = n;
		err = sim_memmap_parse(m, "input", copy);
		for (pages = 0, k = 0; !err && k < m->map.memory.nr; k++)
			pages += (m->map.memory.range[k].end - m->map.memory.range[k].start) >> 12;
		if (!err && pages < GRANULES * SHB_GRANULE_PAGES) {
			m->early = n & 1;
			s = sim_machine_build(m);
			err = s ? 0 : !strstr(m->error, "emory") ? -EINVAL : -ENOMEM;
		}
		sim_fail_alloc = 0;
		if (s) {
			check_all(&test, s);
			shb_state_destroy(s);
		}
		free(copy);
		sim_machine_free(m);
	}
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
		shb_tune_write(s, k, text, error);
	sim_session_start(&ses, s);
	sim_session_script(&ses, "input", text);
	sim_session_end(&ses);
	check_all(&test, s);
	sim_kunit_undo();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	sim_quiet = 0;
	if (!freopen("/dev/null", "w", stdout))
		return 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text || !size)
		goto out;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (*data % 5) {
	case 0:	read_spec(text); break;
	case 1:	read_options(text); break;
	case 2:	read_machine(text); break;
	case 3:	run_script(text); break;
	case 4:	read_map(text); break;
	}
out:
	free(text);
	return 0;
}
