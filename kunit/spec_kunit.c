// SPDX-License-Identifier: GPL-2.0-only
/* Suite shadowbuddy_carve_spec: what users may write, and what they are told otherwise. */
#include "ctl/ctl.h"
#include "ctl/spec.h"
#include "fixture.h"

struct spec_row { const char *text; int nr, nid, kind; unsigned long granules; };

/* nr -1: refused. The last item is compared. */
static const struct spec_row spec_rows[] = {
	{ "0:DMA32:64M", 1, 0, SHB_DMA32, 16 },
	{ "0:DMA32:64M,1:Normal:256M", 2, 1, SHB_NORMAL, 64 },
	{ "*:*:4M", 1, SHB_SPEC_ANY, SHB_SPEC_ANY, 1 },
	{ "3:movable:1G\n", 1, 3, SHB_MOVABLE_ZONE, 256 },
	{ "0:Normal:4096K", 1, 0, SHB_NORMAL, 1 },
	{ "0:Normal:4194304", 1, 0, SHB_NORMAL, 1 },
	{ "", 0 },
	{ "0:DMA32", -1 }, { "0", -1 }, { "x:DMA32:4M", -1 }, { "-1:DMA32:4M", -1 },
	{ "0:DMA64:4M", -1 }, { "0:Device:4M", -1 }, { "0:DMA32:0", -1 }, { "0:DMA32:5M", -1 },
	{ "0:DMA32:4T", -1 }, { "0:DMA32:4MB", -1 }, { "0:DMA32:-4M", -1 },
	{ "0:DMA32:4M,", -1 }, { ",0:DMA32:4M", -1 }, { "0:DMA32:99999999999999999999G", -1 },
	{ "automatic", -1 },
};

static void spec_row_name(const struct spec_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "[%s]", strcmp(r->text, "3:movable:1G\n") ? r->text :
		 "3:movable:1G newline");
}
KUNIT_ARRAY_PARAM(spec_row, spec_rows, spec_row_name);

static void parse_spec(struct kunit *test)
{
	const struct spec_row *row = test->param_value;
	struct shb_spec *spec = kunit_kzalloc(test, sizeof(*spec), GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, spec);
	err = shb_spec_parse("carve", row->text, true, spec);
	KUNIT_EXPECT_FALSE(test, spec->automatic);
	if (row->nr < 0) {
		KUNIT_EXPECT_EQ(test, -EINVAL, err);
		KUNIT_EXPECT_TRUE(test, strstarts(spec->error, "carve: \""));
		KUNIT_EXPECT_NOT_NULL(test, strstr(spec->error, "expected"));
		return;
	}
	KUNIT_ASSERT_EQ(test, 0, err);
	KUNIT_ASSERT_EQ(test, row->nr, spec->nr);
	if (!row->nr)
		return;
	KUNIT_EXPECT_EQ(test, row->nid, spec->items[row->nr - 1].nid);
	KUNIT_EXPECT_EQ(test, row->kind, spec->items[row->nr - 1].kind);
	KUNIT_EXPECT_EQ(test, row->granules, spec->items[row->nr - 1].granules);
}

static void auto_and_wildcards_are_for_carve_only(struct kunit *test)
{
	struct shb_spec *spec = kunit_kzalloc(test, sizeof(*spec), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, spec);
	KUNIT_EXPECT_EQ(test, 0, shb_spec_parse("carve", "auto", true, spec));
	KUNIT_EXPECT_TRUE(test, spec->automatic);
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_spec_parse("split", "auto", false, spec));
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_spec_parse("split", "*:DMA:4M", false, spec));
	KUNIT_EXPECT_STREQ(test, "split: \"*\": expected a node number", spec->error);
}

static void more_items_than_room_are_refused(struct kunit *test)
{
	struct shb_spec *spec = kunit_kzalloc(test, sizeof(*spec), GFP_KERNEL);
	char *text = kunit_kzalloc(test, 1024, GFP_KERNEL);
	int k, len = 0;

	KUNIT_ASSERT_NOT_NULL(test, spec);
	KUNIT_ASSERT_NOT_NULL(test, text);
	for (k = 0; k <= SHB_SPEC_ITEMS; k++)
		len += scnprintf(text + len, 1024 - len, "%s0:DMA32:4M", k ? "," : "");
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_spec_parse("carve", text, true, spec));
}

static void gfp_names_are_the_kernels(struct kunit *test)
{
	char bad[32];
	gfp_t gfp;

	KUNIT_EXPECT_EQ(test, 0, shb_spec_gfp("GFP_KERNEL|__GFP_ZERO", &gfp, bad, sizeof(bad)));
	KUNIT_EXPECT_EQ(test, (__force int)(GFP_KERNEL | __GFP_ZERO), (__force int)gfp);
	KUNIT_EXPECT_EQ(test, 0, shb_spec_gfp("GFP_HIGHUSER_MOVABLE", &gfp, bad, sizeof(bad)));
	KUNIT_EXPECT_EQ(test, (__force int)GFP_HIGHUSER_MOVABLE, (__force int)gfp);
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_spec_gfp("GFP_KERNEL|GFP_KERNE", &gfp, bad, sizeof(bad)));
	KUNIT_EXPECT_STREQ(test, "GFP_KERNE", bad);
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_spec_gfp("0x20", &gfp, bad, sizeof(bad)));
}

/* --- ctl lines on a state without real memory ---------------------------------------------------- */

/* @says: what the answer begins with; NULL: "ok". */
struct ctl_row { const char *text; int err; const char *says; };

static const struct ctl_row ctl_rows[] = {
	{ "alloc tag=a\n" }, { "alloc tag=a order=3 gfp=GFP_KERNEL node=0 count=16" },
	{ "alloc tag=a; free tag=a" }, { "alloc tag=a order=2\n\n# note\nsplit tag=a\nfree tag=a" },
	{ "alloc tag=a nodes=0" }, { "drain" }, { "drain cpu=0" }, { "tick" },
	{ "kswapd node=0; kswapd node=0 off" },
	{ "reset" }, { "set min_free_kbytes=1000" }, { "set lowmem_reserve_ratio=256,256,32" },
	{ "isolate pfn=0x4000; unisolate pfn=0x4000" },
	{ "alloc tag=a; movable tag=a; movable tag=a off; free tag=a order=0" },
	{ "" }, { "# note; bogus" }, { "  # note; bogus\ntick" }, { "tick; # note; bogus" },
	{ "help", 0, "alloc tag= [order=] [gfp=] [node=] [nodes=] [count=] [cpu=] [cold]\nfree" },
	{ "alloc tag=a cold", -EINVAL, "\"cold\": expected a profile that knows it, up to linux-4.14\n" },
	{ "profile linux-2.4", -EINVAL, "\"linux-2.4\": expected linux-4.1, " },
	{ "alloc", -EINVAL, "\"alloc\": needs tag=\n" },
	{ "alloc tag=", -EINVAL, "\"tag=\": expected a name of at most 31 characters\n" },
	{ "alloc tag=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -EINVAL, "\"tag=aaaa" },
	{ "alloc tag=a order=11", -EINVAL, "\"order=11\": expected an order from 0 to 10\n" },
	{ "alloc tag=a order=-1", -EINVAL, "\"order=-1\": " },
	{ "alloc tag=a order", -EINVAL, "\"order\": expected alloc tag= [order=]" },
	{ "alloc tag=a node=7", -EINVAL, "\"node=7\": expected the number of an online node\n" },
	{ "alloc tag=a nodes=0,x", -EINVAL, "\"nodes=0,x\": expected node numbers" },
	{ "alloc tag=a gfp=GFP_KERNEL|GFP_NONE", -EINVAL,
	  "\"gfp=GFP_KERNEL|GFP_NONE\": expected gfp flags joined by |; none is GFP_NONE\n" },
	{ "alloc tag=a count=0", -EINVAL, "\"count=0\": expected a count from 1" },
	{ "alloc tag=a cpu=9", -EINVAL, "\"cpu=9\": expected the number of an online cpu\n" },
	{ "alloc tag=a pfn=1", -EINVAL, "\"pfn=1\": expected alloc tag=" },
	{ "alloc tag=a gfp=__GFP_DMA|__GFP_DMA32", -EINVAL, "\"gfp\": zone or mobility flags" },
	{ "alloc tag=a bogus=1", -EINVAL, "\"bogus=1\": expected alloc tag=" },
	{ "allocate tag=a", -EINVAL, "\"allocate\": no such command; help lists them\n" },
	{ "free tag=none", -EINVAL, "\"none\": no such tag" },
	{ "split tag=none", -EINVAL, "\"none\": no such tag" },
	{ "movable tag=none", -EINVAL, "\"none\": no such tag" },
	{ "isolate", -EINVAL, "\"isolate\": needs pfn=\n" },
	{ "isolate pfn=x", -EINVAL, "\"pfn=x\": expected a page frame number" },
	{ "isolate pfn=1", -EINVAL, "\"pfn\": not a page of shadowbuddy" },
	{ "isolate pfn=0x4000; isolate pfn=0x4000", -EBUSY, "\"pfn\": its pageblock is isolated already\n" },
	{ "unisolate pfn=0x4000", -EINVAL, "\"pfn\": its pageblock is not isolated\n" },
	{ "kswapd", -EINVAL, "\"kswapd\": needs node=\n" },
	{ "kswapd node=9", -EINVAL, "\"node=9\": " },
	{ "set", -EINVAL, "\"set\": needs TUNABLE=\n" },
	{ "set bogus=1", -EINVAL, "\"bogus\": no such tunable" },
	{ "set min_free_kbytes=x", -EINVAL,
	  "\"min_free_kbytes\": expected a whole number from 0 to 2147483647 (lists joined by commas)\n" },
	{ "set defrag_mode=1", -EINVAL, "\"defrag_mode\": no such tunable" },
	{ "drain cpu=3", -EINVAL, "\"cpu=3\": " },
	{ "reset now", -EINVAL, "\"now\": expected reset\n" },
	{ "tick off", -EINVAL, "\"off\": expected tick\n" },
	{ "alloc tag=a order=10 count=100", -ENOMEM, "\"count\": more blocks than all zones hold\n" },
	{ "alloc tag=a order=10 count=4", -ENOMEM, "\"a\": got 3 of 4 blocks of order 10, gave them back\n" },
};

static void ctl_row_name(const struct ctl_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "[%s]", r->text);
	strreplace(desc, '\n', ' ');
	strreplace(desc, '#', ' ');
}
KUNIT_ARRAY_PARAM(ctl_row, ctl_rows, ctl_row_name);

static struct shb_ctl session;

static int run_text(const char *text)
{
	return shb_ctl_run(&session, text, strlen(text));
}

/* Whatever a line does, it says so, and a failed one leaves nothing behind. */
static void ctl_line(struct kunit *test)
{
	const struct ctl_row *row = test->param_value;
	const char *says = row->says ?: "ok\n";
	struct shb_state *s = build(test, "linux-6.12", &one_zone);

	shb_ctl_init(&session, s);
	KUNIT_EXPECT_EQ(test, row->err, run_text(row->text));
	if (strncmp(says, session.said, strlen(says)))
		KUNIT_EXPECT_STREQ(test, says, (const char *)session.said);
	if (row->err) {
		KUNIT_EXPECT_TRUE(test, list_empty(&session.tags));
		KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	}
	check_all(test, s);
	shb_ctl_exit(&session);
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	check_all(test, s);
}

/* A bad line behind good ones: none of them runs. */
static void ctl_parses_all_lines_first(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);

	shb_ctl_init(&session, s);
	KUNIT_EXPECT_EQ(test, -EINVAL, run_text("alloc tag=a\nalloc tag=b order=99"));
	KUNIT_EXPECT_TRUE(test, list_empty(&session.tags));
	KUNIT_EXPECT_EQ(test, 0, run_text("alloc tag=a count=3"));
	KUNIT_EXPECT_EQ(test, -EINVAL, run_text("reset"));
	KUNIT_EXPECT_EQ(test, 0, run_text("free tag=a count=2; free tag=a; reset"));
	KUNIT_EXPECT_EQ(test, s->zones[0]->extent.nr_frames, s->zones[0]->buddy.free_pages);
	KUNIT_EXPECT_STREQ(test, "1.10:0,1024,2048,3072",
			   lists_text(test, s->zones[0], SHB_MOVABLE));
	shb_ctl_exit(&session);
}

/* Half a command is not a command. */
static void ctl_refuses_a_nul_inside(struct kunit *test)
{
	static const char text[] = "alloc tag=a\0order=3";
	struct shb_state *s = build(test, "linux-6.12", &one_zone);

	shb_ctl_init(&session, s);
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_ctl_run(&session, text, sizeof(text) - 1));
	KUNIT_EXPECT_TRUE(test, list_empty(&session.tags));
	KUNIT_EXPECT_STREQ(test, "\"commands\": expected text, found a NUL in it\n",
			   (const char *)session.said);
	shb_ctl_exit(&session);
}

/* The answer is not ratelimited: every mistake is named, however many came before. */
static void ctl_names_the_seventeenth_mistake(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	char text[32], says[64];
	int k;

	shb_ctl_init(&session, s);
	for (k = 1; k <= 17; k++) {
		snprintf(text, sizeof(text), "bogus%d", k);
		snprintf(says, sizeof(says), "\"bogus%d\": no such command; help lists them\n", k);
		KUNIT_EXPECT_EQ(test, -EINVAL, run_text(text));
		KUNIT_EXPECT_STREQ(test, (const char *)says, (const char *)session.said);
	}
	shb_ctl_exit(&session);
}

static void ctl_has_nothing_to_allocate_in_a_model(struct kunit *test)
{
	static const struct paper paper[] = { { 0, SHB_NORMAL, 4096, 4096, 4096, 4096 } };
	struct shb_topology topo;

	fill_topology(test, &one_zone, &topo);
	shb_ctl_init(&session, build_paper(test, "linux-6.12", &topo, paper, 1, false));
	KUNIT_EXPECT_EQ(test, -EINVAL, run_text("alloc tag=a"));
	KUNIT_EXPECT_STREQ(test, "\"alloc\": a model has no memory\n",
			   (const char *)session.said);
	shb_ctl_exit(&session);
}

/* Lists, types, reserves, boost, factors and tunables: all as it was built. */
static void reset_is_the_state_after_building(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &big_zone);
	struct shb_state *fresh = build(test, "linux-6.12", &big_zone);
	struct shb_snapshot *a = kunit_kzalloc(test, sizeof(*a), GFP_KERNEL);
	struct shb_snapshot *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	struct shb_zone *z = s->zones[0];
	char text[160] = "";

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	shb_ctl_init(&session, s);
	KUNIT_EXPECT_EQ(test, 0, run_text("alloc tag=m count=3000 gfp=GFP_HIGHUSER_MOVABLE; alloc tag=u order=2 count=300"));
	KUNIT_EXPECT_EQ(test, 0, run_text("set min_free_kbytes=4321; set lowmem_reserve_ratio=1,2,3; set numa_stat=0; kswapd node=0"));
	KUNIT_EXPECT_EQ(test, 0, run_text("free tag=m; free tag=u; isolate pfn=0x4000"));
	z->marks.boost = 77;
	KUNIT_EXPECT_EQ(test, 0, run_text("reset"));
	KUNIT_EXPECT_EQ(test, 0, memcmp(&s->tune, &fresh->tune, sizeof(s->tune)));
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_init(a, z->extent.start_pfn, z->extent.nr_frames, s->topo.nr_cpus));
	KUNIT_ASSERT_EQ(test, 0, shb_snapshot_init(b, z->extent.start_pfn, z->extent.nr_frames, s->topo.nr_cpus));
	KUNIT_EXPECT_EQ(test, 0, shb_snapshot_take(z, a));
	KUNIT_EXPECT_EQ(test, 0, shb_snapshot_take(fresh->zones[0], b));
	KUNIT_EXPECT_EQ(test, 0, shb_snapshot_diff(a, b, text, sizeof(text)));
	KUNIT_EXPECT_STREQ(test, "", (const char *)text);
	KUNIT_EXPECT_EQ(test, 0, z->buddy.isolated);
	shb_snapshot_free(a);
	shb_snapshot_free(b);
	check_all(test, s);
	shb_ctl_exit(&session);
}

/* The file tags in pieces: every line once, whatever the size of the buffer. */
static void tags_can_be_read_in_pieces(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_show_cursor cursor = { .ctl = &session };
	const struct seq_operations *tags = shb_ctl_files[0].list;
	struct seq_file m = { .size = 4096, .private = &cursor };
	unsigned int lines = 0;
	loff_t pos = 0;
	void *v;

	m.buf = kunit_kzalloc(test, m.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	shb_ctl_init(&session, s);
	KUNIT_EXPECT_EQ(test, 0, run_text("alloc tag=a count=7; alloc tag=b order=2 count=5"));
	do {
		v = tags->start(&m, &pos);
		m.count = 0;
		if (v) {
			KUNIT_EXPECT_EQ(test, 0, tags->show(&m, v));
			KUNIT_EXPECT_EQ(test, pos < 7 ? 'a' : 'b', m.buf[0]);
			v = tags->next(&m, v, &pos);
			lines++;
		}
		tags->stop(&m, v);
	} while (v);
	KUNIT_EXPECT_EQ(test, 12, lines);
	KUNIT_EXPECT_NULL(test, tags->start(&m, &pos));
	tags->stop(&m, NULL);
	shb_ctl_exit(&session);
}

static struct kunit_case spec_cases[] = {
	KUNIT_CASE_PARAM(parse_spec, spec_row_gen_params),
	KUNIT_CASE(auto_and_wildcards_are_for_carve_only),
	KUNIT_CASE(more_items_than_room_are_refused),
	KUNIT_CASE(gfp_names_are_the_kernels),
	KUNIT_CASE_PARAM(ctl_line, ctl_row_gen_params),
	KUNIT_CASE(ctl_parses_all_lines_first),
	KUNIT_CASE(ctl_refuses_a_nul_inside),
	KUNIT_CASE(ctl_names_the_seventeenth_mistake),
	KUNIT_CASE(ctl_has_nothing_to_allocate_in_a_model),
	KUNIT_CASE(reset_is_the_state_after_building),
	KUNIT_CASE(tags_can_be_read_in_pieces),
	{}
};

struct kunit_suite spec_suite = {
	.name = "shadowbuddy_carve_spec", .test_cases = spec_cases,
};
