// SPDX-License-Identifier: GPL-2.0-only
/* The words of commands: how each is written and read. A word that is wrong changes nothing. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl/internal.h"
#include "ctl/spec.h"

static int read_tag(const struct shb_state *s, struct shb_command *c, char *value)
{
	return strscpy(c->tag, value, sizeof(c->tag)) < 0 ? -EINVAL : 0;
}

static int read_order(const struct shb_state *s, struct shb_command *c, char *value)
{
	return kstrtouint(value, 10, &c->order) ?: c->order > SHB_MAX_ORDER ? -EINVAL : 0;
}

static int read_gfp(const struct shb_state *s, struct shb_command *c, char *value)
{
	return shb_spec_gfp(value, &c->gfp, c->bad, sizeof(c->bad));
}

static int read_node(const struct shb_state *s, struct shb_command *c, char *value)
{
	if (kstrtoint(value, 10, &c->node) || c->node < 0 || c->node >= s->topo.nr_nodes)
		return -EINVAL;
	return s->nodes[c->node].online ? 0 : -EINVAL;
}

static int read_nodes(const struct shb_state *s, struct shb_command *c, char *value)
{
	char *word;
	int nid;

	nodes_clear(c->nodes);
	while ((word = strsep(&value, ","))) {
		if (kstrtoint(word, 10, &nid) || nid < 0 || nid >= s->topo.nr_nodes)
			return -EINVAL;
		node_set(nid, c->nodes);
	}
	return 0;
}

static int read_count(const struct shb_state *s, struct shb_command *c, char *value)
{
	return kstrtoul(value, 10, &c->count) ?: !c->count || c->count > SHB_COUNT_MAX ? -EINVAL : 0;
}

static int read_cpu(const struct shb_state *s, struct shb_command *c, char *value)
{
	if (kstrtoint(value, 10, &c->cpu) || c->cpu < 0 || c->cpu >= s->topo.nr_cpus)
		return -EINVAL;
	return s->topo.cpu_online[c->cpu] ? 0 : -EINVAL;
}

static int read_pfn(const struct shb_state *s, struct shb_command *c, char *value)
{
	return kstrtoul(value, 0, &c->pfn);
}

const struct shb_key shb_keys[SHB_NR_KEYS] = {
	[SHB_TAG]	= { "tag", "a name of at most 31 characters", read_tag },
	[SHB_ORDER]	= { "order", "an order from 0 to 10", read_order },
	[SHB_GFP]	= { "gfp", "gfp flags joined by |", read_gfp },
	[SHB_NODE]	= { "node", "the number of an online node", read_node },
	[SHB_NODES]	= { "nodes", "node numbers joined by commas", read_nodes },
	[SHB_COUNT]	= { "count", "a count from 1 to 67108864", read_count },
	[SHB_CPU]	= { "cpu", "the number of an online cpu", read_cpu },
	[SHB_PFN]	= { "pfn", "a page frame number, as 0x1200 or 4608", read_pfn },
	[SHB_OFF]	= { "off" },
	[SHB_COLD]	= { "cold" },
	[SHB_KNOB]	= { "TUNABLE", "a value; lists joined by commas" },
};
static_assert(SHB_COUNT_MAX == 67108864);
