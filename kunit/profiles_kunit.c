// SPDX-License-Identifier: GPL-2.0-only
/* Suite shadowbuddy_profiles: which profile speaks for which release. */
#include "fixture.h"

struct release_row { const char *release, *profile; bool exact; };

static const struct release_row release_rows[] = {
	{ "6.1.0-56-cloud-amd64", "linux-6.1", true },
	{ "6.12.107+deb13-amd64", "linux-6.12", true },
	{ "7.2.13-amd64", "linux-7.2", true },
	{ "7.2", "linux-7.2", true },
	{ "4.1.52", "linux-4.1", true },
	{ "4.4.0", "linux-4.1", false },
	{ "4.14.177", "linux-4.14", true },
	{ "4.19.5", "linux-4.14", false },
	{ "5.4.286", "linux-5.4", true },
	{ "5.10.0-30-amd64", "linux-5.10", true },
	{ "5.15.135", "linux-5.15", true },
	{ "6.6.30", "linux-6.1", false },
	{ "6.18.1", "linux-6.12", false },
	{ "7.3.0-rc1", "linux-7.2", false },
	{ "10.0.1", "linux-7.2", false },
	{ "nonsense", "linux-6.1", false },
};

static void release_name(const struct release_row *r, char *desc)
{
	strscpy(desc, r->release, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(release, release_rows, release_name);

static void profile_of_release(struct kunit *test)
{
	const struct release_row *row = test->param_value;
	bool exact;

	KUNIT_EXPECT_STREQ(test, row->profile, shb_profile_for(row->release, &exact)->name);
	KUNIT_EXPECT_EQ(test, row->exact, exact);
}

static void profile_by_name(struct kunit *test)
{
	int k;

	for (k = 0; k < ARRAY_SIZE(profiles); k++)
		KUNIT_EXPECT_STREQ(test, profiles[k], shb_profile_find(profiles[k])->name);
	KUNIT_EXPECT_NULL(test, shb_profile_find("linux-6.13"));
	KUNIT_EXPECT_NULL(test, shb_profile_find(""));
}

/* Every room and every function is there: a hole would be found by a crash only. */
static void messages_name_every_profile(struct kunit *test)
{
	const char *at = SHB_PROFILE_NAMES;
	int k;

	for (k = 0; k < shb_nr_profiles; k++) {
		at = strstr(at, shb_profiles[k]->name);
		KUNIT_ASSERT_NOT_NULL(test, at);
		at += strlen(shb_profiles[k]->name);
	}
	KUNIT_EXPECT_STREQ(test, at, "");
}

static void rows_are_complete(struct kunit *test)
{
	int k;

	for (k = 0; k < shb_nr_profiles; k++) {
		const struct shb_profile *p = shb_profiles[k];

		KUNIT_ASSERT_NOT_NULL(test, p->rules.buddy);
		KUNIT_ASSERT_NOT_NULL(test, p->rules.pcp);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.gate);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.marks);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.walk);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.slow);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.buddy->propose);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.buddy->highatomic_limit);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.pcp->refill);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.pcp->excess);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.boot);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.compact);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.slow->grant);
		KUNIT_EXPECT_NOT_NULL(test, p->rules.slow->nofail);
		KUNIT_EXPECT_GT(test, p->rules.pcp->nr_lists, 2);
		KUNIT_EXPECT_GT(test, p->rules.pcp->batch_max, 31);
		KUNIT_EXPECT_GT(test, p->rules.marks->min_free_max, 65535);
		KUNIT_EXPECT_NE(test, 0, p->rules.gate->past_reserve);
		if (k)
			KUNIT_EXPECT_GT(test, p->since, shb_profiles[k - 1]->since);
	}
}

struct limit_row { unsigned long managed, old, new; };

/* managed/100 + 512 in 6.1; rounded up to 512 later, 0 when below a pageblock. */
static const struct limit_row limit_rows[] = {
	{ 4096, 552, 0 }, { 51199, 1023, 0 }, { 51200, 1024, 512 }, { 51300, 1025, 1024 },
	{ 65536, 1167, 1024 }, { 1UL << 20, 10997, 10752 },
};

static void limit_name(const struct limit_row *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "managed_%lu", r->managed);
}
KUNIT_ARRAY_PARAM(limit, limit_rows, limit_name);

static void highatomic_limit_of_zone_size(struct kunit *test)
{
	const struct limit_row *row = test->param_value;
	struct shb_zone *z = kunit_kzalloc(test, sizeof(*z), GFP_KERNEL);
	int k;

	KUNIT_ASSERT_NOT_NULL(test, z);
	z->extent.managed = row->managed;
	for (k = 0; k < shb_nr_profiles; k++)
		KUNIT_EXPECT_EQ(test, shb_profiles[k]->since < 4010 ? 0 :
				shb_profiles[k]->since < 6012 ? row->old : row->new,
				shb_profiles[k]->rules.buddy->highatomic_limit(z));
}

static struct kunit_case profiles_cases[] = {
	KUNIT_CASE_PARAM(profile_of_release, release_gen_params),
	KUNIT_CASE(profile_by_name),
	KUNIT_CASE(messages_name_every_profile),
	KUNIT_CASE(rows_are_complete),
	KUNIT_CASE_PARAM(highatomic_limit_of_zone_size, limit_gen_params),
	{}
};

struct kunit_suite profiles_suite = {
	.name = "shadowbuddy_profiles", .test_cases = profiles_cases,
};
