// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection: requests that fail although there is memory, as with the kernel's
 * fail_page_alloc, for each state, from a seed, and also where the kernel was built without it.
 *
 *     request -> too small? may wait? high memory? NOFAIL?    then it is left alone
 *             -> times left?  space used up?  the interval-th?  drawn below probability?
 *             -> fails, before anything was looked at
 *
 * While it is armed the short way of serve.h declines, so that every request comes by here; else
 * it costs a load in the long one. Attributes keep their values until they are given others; off
 * sets all of them back.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fail.h"
#include "watermark.h"

struct fail_attribute {
	const char	*name, *accepts;
	int		first, least, most;	/* value at the start, and what may be written */
};

static const struct fail_attribute attributes[SHB_NR_FAIL_ATTRIBUTES] = {
	[SHB_FAIL_PROBABILITY]	= { "probability", "percent, from 0 to 100", 0, 0, 100 },
	[SHB_FAIL_INTERVAL]	= { "interval", "a number from 1 to 2147483647: every so-many-th request", 1, 1, INT_MAX },
	[SHB_FAIL_TIMES]	= { "times", "how often, up to 2147483647, or -1 without end", 1, -1, INT_MAX },
	[SHB_FAIL_SPACE]	= { "space", "pages from 0 to 2147483647 that are served before", 0, 0, INT_MAX },
	[SHB_FAIL_MIN_ORDER]	= { "min-order", "an order from 0 to 10", 1, 0, SHB_MAX_ORDER },
	[SHB_FAIL_IGNORE_WAIT]	= { "ignore-gfp-wait", "1, or 0: who may wait fails, too", 1, 0, 1 },
	[SHB_FAIL_IGNORE_HIGHMEM] = { "ignore-gfp-highmem", "1, or 0: HIGHMEM requests fail, too", 1, 0, 1 },
	[SHB_FAIL_SEED]		= { "seed", "a number from 0 to 2147483647", 1, 0, INT_MAX },
};

/**
 * shb_fail_name() - name of an attribute, as the kernel's file is called; ours: seed
 *
 * Return: name, or NULL behind the last.
 */
const char *shb_fail_name(int attribute)
{
	return attribute < SHB_NR_FAIL_ATTRIBUTES ? attributes[attribute].name : NULL;
}

/**
 * shb_fail_accepts() - what may be written to an attribute, for people
 *
 * Return: text, or NULL behind the last.
 */
const char *shb_fail_accepts(int attribute)
{
	return attribute < SHB_NR_FAIL_ATTRIBUTES ? attributes[attribute].accepts : NULL;
}

/* Knuth's generator: the same numbers in every home. */
static u32 next_number(struct shb_fails *f)
{
	f->draws = f->draws * 6364136223846793005ULL + 1442695040888963407ULL;
	return f->draws >> 33;
}

/* When all that were to fail have, the long way costs a load again; the short way comes back with the next write. */
static void set_armed(struct shb_fails *f)
{
	WRITE_ONCE(f->armed, f->value[SHB_FAIL_PROBABILITY] && f->value[SHB_FAIL_TIMES]);
}

/* should_fail_ex(): the attributes in its order; what is asked early is counted early. */
static bool should_fail(struct shb_fails *f, long pages)
{
	lockdep_assert_held(&f->lock);
	if (!f->value[SHB_FAIL_PROBABILITY] || !f->value[SHB_FAIL_TIMES])
		return false;
	if (f->value[SHB_FAIL_SPACE] > pages) {
		WRITE_ONCE(f->value[SHB_FAIL_SPACE], f->value[SHB_FAIL_SPACE] - pages);
		return false;
	}
	if (f->value[SHB_FAIL_INTERVAL] > 1 && ++f->requests % f->value[SHB_FAIL_INTERVAL])
		return false;
	if (f->value[SHB_FAIL_PROBABILITY] <= next_number(f) % 100)
		return false;
	if (f->value[SHB_FAIL_TIMES] > 0)
		WRITE_ONCE(f->value[SHB_FAIL_TIMES], f->value[SHB_FAIL_TIMES] - 1);
	set_armed(f);
	return true;
}

/**
 * shb_fail_injects() - is this request to fail? The rest of shb_fail_now()
 *
 * __should_fail_alloc_page() of 6.1 to 7.2. One that is has been counted (fault_injected, alloc_fail).
 *
 * Context: any but NMI.
 */
bool shb_fail_injects(struct shb_state *s, gfp_t gfp, unsigned int order)
{
	struct shb_fails *f = &s->fails;
	unsigned long irq;
	bool fails = false;

	if (gfp & __GFP_NOFAIL)
		return false;
	raw_spin_lock_irqsave(&f->lock, irq);
	if (order >= f->value[SHB_FAIL_MIN_ORDER] &&
	    !(f->value[SHB_FAIL_IGNORE_HIGHMEM] && (gfp & __GFP_HIGHMEM)) &&
	    !(f->value[SHB_FAIL_IGNORE_WAIT] && (gfp & __GFP_DIRECT_RECLAIM)))
		fails = should_fail(f, 1L << order);
	raw_spin_unlock_irqrestore(&f->lock, irq);
	if (fails) {
		atomic_long_inc(&s->events[SHB_FAULT_INJECTED]);
		atomic_long_inc(&s->events[SHB_ALLOC_FAIL]);
	}
	return fails;
}

/* New values for the attributes of @given, all at once. The short way sees it a moment later. */
static void set(struct shb_state *s, const int *value, unsigned int given)
{
	struct shb_fails *f = &s->fails;
	struct shb_zone *z;
	unsigned long irq;
	int k, n;

	raw_spin_lock_irqsave(&f->lock, irq);
	for (k = 0; k < SHB_NR_FAIL_ATTRIBUTES; k++)
		if (given & BIT(k))
			WRITE_ONCE(f->value[k], value[k]);
	if (given & BIT(SHB_FAIL_SEED)) {
		f->draws = value[SHB_FAIL_SEED];
		f->requests = 0;
	}
	set_armed(f);
	raw_spin_unlock_irqrestore(&f->lock, irq);
	shb_for_each_zone(s, z, n) {
		raw_spin_lock_irqsave(&z->lock, irq);
		shb_watermark_set_first(z);
		raw_spin_unlock_irqrestore(&z->lock, irq);
	}
}

/**
 * shb_fail_off() - nothing fails any more, all attributes as at the start
 *
 * Context: process context.
 */
void shb_fail_off(struct shb_state *s)
{
	int value[SHB_NR_FAIL_ATTRIBUTES], k;

	for (k = 0; k < SHB_NR_FAIL_ATTRIBUTES; k++)
		value[k] = attributes[k].first;
	set(s, value, BIT(SHB_NR_FAIL_ATTRIBUTES) - 1);
}

/**
 * shb_fail_init() - attributes of a state that is being built
 */
void shb_fail_init(struct shb_state *s)
{
	int k;

	raw_spin_lock_init(&s->fails.lock);
	for (k = 0; k < SHB_NR_FAIL_ATTRIBUTES; k++)
		s->fails.value[k] = attributes[k].first;
	s->fails.draws = attributes[SHB_FAIL_SEED].first;
}

/* "name=value" into @value. Return: the attribute, or -EINVAL; *accepts: what its value may be, if there is one. */
static int read_word(const char *word, int *value, const char **accepts)
{
	size_t len = strcspn(word, "=");
	int k, n;

	*accepts = NULL;
	for (k = 0; k < SHB_NR_FAIL_ATTRIBUTES; k++)
		if (strlen(attributes[k].name) == len && !strncmp(word, attributes[k].name, len))
			break;
	if (k == SHB_NR_FAIL_ATTRIBUTES || !word[len])
		return -EINVAL;
	*accepts = attributes[k].accepts;
	if (kstrtoint(word + len + 1, 10, &n) || n < attributes[k].least || n > attributes[k].most)
		return -EINVAL;
	value[k] = n;
	return k;
}

/**
 * shb_fail_write() - give attributes other values
 * @words: "name=value .."; those not named keep theirs
 * @bad: out, room for a word: the one that was wrong
 * @accepts: out, what would have been accepted for it; NULL when there is no such attribute
 *
 * Context: process context, allocates.
 * Return: 0, -ENOMEM, or -EINVAL: nothing has changed.
 */
int shb_fail_write(struct shb_state *s, const char *words, char bad[SHB_FAIL_WORD], const char **accepts)
{
	char *copy = kstrdup(words, GFP_KERNEL), *rest = copy, *word;
	int value[SHB_NR_FAIL_ATTRIBUTES], k = 0;
	unsigned int given = 0;

	if (!copy)
		return -ENOMEM;
	while ((word = strsep(&rest, " \t"))) {
		if (!*word)
			continue;
		k = read_word(word, value, accepts);
		if (k < 0) {
			strscpy(bad, word, SHB_FAIL_WORD);
			break;
		}
		given |= BIT(k);
	}
	kfree(copy);
	if (k < 0)
		return k;
	set(s, value, given);
	return 0;
}
