// SPDX-License-Identifier: GPL-2.0-only
/* Suite shadowbuddy_carve_spec: what users may write, and what they are told otherwise. */

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

struct ctl_row { const char *text; int err; };

static const struct ctl_row ctl_rows[] = {
	{ "alloc tag=a\n", 0 }, { "alloc tag=a order=3 gfp=GFP_KERNEL node=0 count=16", 0 },
	{ "alloc tag=a; free tag=a", 0 }, { "alloc tag=a order=2\n\n# note\nsplit tag=a\nfree tag=a", 0 },
	{ "alloc tag=a nodes=0", 0 }, { "drain", 0 }, { "drain cpu=0", 0 }, { "tick", 0 },
	{ "kswapd node=0; kswapd node=0 off", 0 }, { "kswapd", -EINVAL }, { "kswapd node=9", -EINVAL },
	{ "reset", 0 }, { "set min_free_kbytes=1000", 0 }, { "isolate pfn=0x4000; unisolate pfn=0x4000", 0 },
	{ "alloc tag=a; movable tag=a; movable tag=a off; free tag=a order=0", 0 },
	{ "", 0 },
	{ "alloc", -EINVAL }, { "alloc tag=", -EINVAL }, { "alloc tag=a order=11", -EINVAL },
	{ "alloc tag=a order=-1", -EINVAL }, { "alloc tag=a node=7", -EINVAL },
	{ "alloc tag=a gfp=GFP_NONE", -EINVAL }, { "alloc tag=a count=0", -EINVAL },
	{ "alloc tag=a cpu=9", -EINVAL }, { "alloc tag=a pfn=1", -EINVAL },
	{ "alloc tag=a gfp=__GFP_DMA|__GFP_DMA32", -EINVAL }, { "alloc tag=a bogus=1", -EINVAL },
	{ "alloc tag=a order", -EINVAL }, { "alloc tag=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -EINVAL },
	{ "allocate tag=a", -EINVAL }, { "free tag=none", -EINVAL }, { "split tag=none", -EINVAL },
	{ "movable tag=none", -EINVAL }, { "isolate pfn=1", -EINVAL }, { "isolate", -EINVAL },
	{ "unisolate pfn=0x4000", -EINVAL }, { "set", -EINVAL }, { "set bogus=1", -EINVAL },
	{ "set min_free_kbytes=x", -EINVAL }, { "set defrag_mode=1", -EINVAL },
	{ "drain cpu=3", -EINVAL }, { "reset now", -EINVAL },
	{ "alloc tag=a order=10 count=100", -ENOMEM },
};

static void ctl_row_name(const struct ctl_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "[%s]", r->text);
	strreplace(desc, '\n', ' ');
	strreplace(desc, '#', ' ');
}
KUNIT_ARRAY_PARAM(ctl_row, ctl_rows, ctl_row_name);

/* Whatever a line does, a failed one leaves nothing behind. */
static void ctl_line(struct kunit *test)
{
	const struct ctl_row *row = test->param_value;
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_ctl commands;

	shb_ctl_init(&commands, s);
	KUNIT_EXPECT_EQ(test, row->err, shb_ctl_run(&commands, row->text));
	if (row->err) {
		KUNIT_EXPECT_TRUE(test, list_empty(&commands.tags));
		KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	}
	check_all(test, s);
	shb_ctl_exit(&commands);
	KUNIT_EXPECT_EQ(test, 0, shb_state_used_pages(s));
	check_all(test, s);
}

/* A bad line behind good ones: none of them runs. */
static void ctl_parses_all_lines_first(struct kunit *test)
{
	struct shb_state *s = build(test, "linux-6.12", &one_zone);
	struct shb_ctl commands;

	shb_ctl_init(&commands, s);
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_ctl_run(&commands, "alloc tag=a\nalloc tag=b order=99"));
	KUNIT_EXPECT_TRUE(test, list_empty(&commands.tags));
	KUNIT_EXPECT_EQ(test, 0, shb_ctl_run(&commands, "alloc tag=a count=3"));
	KUNIT_EXPECT_EQ(test, -EINVAL, shb_ctl_run(&commands, "reset"));
	KUNIT_EXPECT_EQ(test, 0, shb_ctl_run(&commands, "free tag=a count=2; free tag=a; reset"));
	KUNIT_EXPECT_EQ(test, s->zones[0]->nr_frames, s->zones[0]->nr_free);
	KUNIT_EXPECT_STREQ(test, "1.10:0,1024,2048,3072",
			   lists_text(test, s->zones[0], SHB_MOVABLE));
	shb_ctl_exit(&commands);
}

static struct kunit_case spec_cases[] = {
	KUNIT_CASE_PARAM(parse_spec, spec_row_gen_params),
	KUNIT_CASE(auto_and_wildcards_are_for_carve_only),
	KUNIT_CASE(more_items_than_room_are_refused),
	KUNIT_CASE(gfp_names_are_the_kernels),
	KUNIT_CASE_PARAM(ctl_line, ctl_row_gen_params),
	KUNIT_CASE(ctl_parses_all_lines_first),
	{}
};

static struct kunit_suite carve_spec_suite = {
	.name = "shadowbuddy_carve_spec", .test_cases = spec_cases,
};
