/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_TYPES_H
#define SIM_LINUX_TYPES_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/compiler.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;
typedef unsigned int gfp_t;

typedef struct { int counter; } atomic_t;
typedef struct { long counter; } atomic_long_t;

#define atomic_long_read(v)		((v)->counter)
#define atomic_long_set(v, n)		((v)->counter = (n))
#define atomic_long_add(n, v)		((v)->counter += (n))
#define atomic_long_sub_return(n, v)	((v)->counter -= (n))
#define atomic_long_inc(v)		((v)->counter++)

struct list_head {
	struct list_head *next, *prev;
};

#define static_assert(expr)		_Static_assert(expr, #expr)

/* What the kernel would have lockdep say. <assert.h> would take static_assert() away. */
#define sim_assert(expr)	(likely(expr) ? (void)0 : sim_broken(#expr, __FILE__, __LINE__))
__attribute__((__noreturn__)) void sim_broken(const char *expr, const char *file, int line);

#endif
