/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KUnit's macros, as far as our suites use them, for an ordinary program. A test that breaks
 * off leaves by longjmp(); what it allocated and asked to be undone is undone either way.
 */
#ifndef SIM_KUNIT_TEST_H
#define SIM_KUNIT_TEST_H

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define KUNIT_PARAM_DESC_SIZE	128

struct kunit {
	const void	*param_value;
	char		name[256];
	bool		failed;
};

struct kunit_case {
	const char	*name;
	void		(*run)(struct kunit *test);
	const void	*(*next)(struct kunit *test, const void *prev, char *desc);
};

struct kunit_suite {
	char			name[64];
	struct kunit_case	*test_cases;
};

#define KUNIT_CASE(test)			{ #test, test, NULL }
#define KUNIT_CASE_PARAM(test, params)		{ #test, test, params }
#define KUNIT_CASE_PARAM_ATTR(test, params, ...)	KUNIT_CASE_PARAM(test, params)

#define KUNIT_ARRAY_PARAM(name_, array, get_desc)						\
	static const void *name_##_gen_params(struct kunit *test, const void *prev, char *desc)	\
	{											\
		__typeof__((array)[0]) *next = prev ? (__typeof__(next))prev + 1 : (array);	\
												\
		if (next - (array) >= (long)ARRAY_SIZE(array))					\
			return NULL;								\
		get_desc(next, desc);								\
		return next;									\
	}

void sim_kunit_undo(void);	/* what tests asked to be undone, the last first */
void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp);
#define kunit_kcalloc(test, n, size, gfp)	kunit_kzalloc(test, (n) * (size), gfp)
int kunit_add_action_or_reset(struct kunit *test, void (*undo)(void *), void *data);
__printf(2, 3) void kunit_info(struct kunit *test, const char *fmt, ...);
#define kunit_err	kunit_info

__printf(5, 6) void sim_expect(struct kunit *test, bool ok, bool go_on, const char *what,
			       const char *fmt, ...);

#define SIM_WHERE_(line)		__FILE__ ":" #line
#define SIM_WHERE(line)			SIM_WHERE_(line)
#define SIM_EXPECT(test, ok, go_on, what, ...)	\
	sim_expect(test, ok, go_on, SIM_WHERE(__LINE__) ": expected " what, __VA_ARGS__)

#define SIM_COMPARE(test, a, op, b, go_on) do {					\
		__typeof__(a) left_ = (a);					\
		__typeof__(b) right_ = (b);					\
										\
		SIM_EXPECT(test, left_ op right_, go_on, #a " " #op " " #b,	\
			   "left %ld, right %ld", (long)left_, (long)right_);	\
	} while (0)
#define SIM_TRUE(test, c, go_on, text)	SIM_EXPECT(test, c, go_on, text, "%s", "")

#define KUNIT_EXPECT_EQ(test, a, b)		SIM_COMPARE(test, a, ==, b, true)
#define KUNIT_EXPECT_NE(test, a, b)		SIM_COMPARE(test, a, !=, b, true)
#define KUNIT_EXPECT_LT(test, a, b)		SIM_COMPARE(test, a, <, b, true)
#define KUNIT_EXPECT_LE(test, a, b)		SIM_COMPARE(test, a, <=, b, true)
#define KUNIT_EXPECT_GT(test, a, b)		SIM_COMPARE(test, a, >, b, true)
#define KUNIT_EXPECT_GE(test, a, b)		SIM_COMPARE(test, a, >=, b, true)
#define KUNIT_ASSERT_EQ(test, a, b)		SIM_COMPARE(test, a, ==, b, false)
#define KUNIT_ASSERT_NE(test, a, b)		SIM_COMPARE(test, a, !=, b, false)
#define KUNIT_ASSERT_LT(test, a, b)		SIM_COMPARE(test, a, <, b, false)
#define KUNIT_ASSERT_GT(test, a, b)		SIM_COMPARE(test, a, >, b, false)
#define KUNIT_ASSERT_LE(test, a, b)		SIM_COMPARE(test, a, <=, b, false)
#define KUNIT_ASSERT_PTR_EQ(test, a, b)		SIM_TRUE(test, (a) == (b), false, #a " == " #b)
#define KUNIT_EXPECT_PTR_EQ(test, a, b)		SIM_TRUE(test, (a) == (b), true, #a " == " #b)
#define KUNIT_EXPECT_PTR_NE(test, a, b)		SIM_TRUE(test, (a) != (b), true, #a " != " #b)
#define KUNIT_EXPECT_TRUE(test, c)		SIM_TRUE(test, c, true, #c)
#define KUNIT_EXPECT_FALSE(test, c)		SIM_TRUE(test, !(c), true, "not " #c)
#define KUNIT_ASSERT_TRUE(test, c)		SIM_TRUE(test, c, false, #c)
#define KUNIT_ASSERT_FALSE(test, c)		SIM_TRUE(test, !(c), false, "not " #c)
#define KUNIT_EXPECT_NULL(test, p)		SIM_TRUE(test, !(p), true, "no " #p)
#define KUNIT_EXPECT_NOT_NULL(test, p)		SIM_TRUE(test, p, true, #p)
#define KUNIT_ASSERT_NOT_NULL(test, p)		SIM_TRUE(test, p, false, #p)
#define KUNIT_EXPECT_TRUE_MSG(test, c, ...)	SIM_EXPECT(test, c, true, #c, __VA_ARGS__)
#define KUNIT_ASSERT_TRUE_MSG(test, c, ...)	SIM_EXPECT(test, c, false, #c, __VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(test, a, b, ...)	SIM_EXPECT(test, (a) == (b), false, #a " == " #b, __VA_ARGS__)
#define KUNIT_EXPECT_EQ_MSG(test, a, b, ...)	SIM_EXPECT(test, (a) == (b), true, #a " == " #b, __VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(test, ...)		SIM_EXPECT(test, false, false, "better", __VA_ARGS__)
#define KUNIT_EXPECT_STREQ(test, a, b) do {						\
		const char *left_ = (a), *right_ = (b);					\
											\
		SIM_EXPECT(test, !strcmp(left_, right_), true, #a " == " #b,		\
			   "\n  left  %s\n  right %s", left_, right_);			\
	} while (0)

#endif
