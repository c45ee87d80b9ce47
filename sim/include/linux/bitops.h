/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_BITOPS_H
#define SIM_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

static inline bool test_bit(unsigned long n, const unsigned long *word)
{
	return word[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

static inline void set_bit(unsigned long n, unsigned long *word)
{
	word[n / BITS_PER_LONG] |= BIT(n % BITS_PER_LONG);
}

static inline void clear_bit(unsigned long n, unsigned long *word)
{
	word[n / BITS_PER_LONG] &= ~BIT(n % BITS_PER_LONG);
}

static inline bool test_and_set_bit(unsigned long n, unsigned long *word)
{
	bool was = test_bit(n, word);

	set_bit(n, word);
	return was;
}

static inline void assign_bit(unsigned long n, unsigned long *word, bool value)
{
	if (value)
		set_bit(n, word);
	else
		clear_bit(n, word);
}

#define __set_bit(n, word)		set_bit(n, word)
#define __clear_bit(n, word)		clear_bit(n, word)
#define set_mask_bits(word, mask, bits)	(*(word) = (*(word) & ~(mask)) | (bits))
#define __ffs(x)			((unsigned long)__builtin_ctzl(x))
#define __fls(x)			((unsigned long)(63 - __builtin_clzl(x)))

static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

#endif
