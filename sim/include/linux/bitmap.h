/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_BITMAP_H
#define SIM_LINUX_BITMAP_H

#include <linux/bitops.h>

#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)

static inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int nr)
{
	for (; nr; start++, nr--)
		__set_bit(start, map);
}

static inline void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nr)
{
	for (; nr; start++, nr--)
		__clear_bit(start, map);
}

static inline unsigned long find_next_bit(const unsigned long *map, unsigned long size,
					  unsigned long at)
{
	while (at < size && !test_bit(at, map))
		at++;
	return at;
}

#define for_each_set_bit_from(bit, map, size)					\
	for ((bit) = find_next_bit(map, size, bit); (bit) < (size);		\
	     (bit) = find_next_bit(map, size, (bit) + 1))

#endif
