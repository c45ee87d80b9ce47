/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_COMPILER_H
#define SIM_LINUX_COMPILER_H

#define likely(x)			__builtin_expect(!!(x), 1)
#define unlikely(x)			__builtin_expect(!!(x), 0)
#undef __always_inline
#define __always_inline			inline __attribute__((__always_inline__))
#define noinline			__attribute__((__noinline__))
#define fallthrough			__attribute__((__fallthrough__))
#define __printf(fmt, first)		__attribute__((__format__(printf, fmt, first)))
#define __maybe_unused			__attribute__((__unused__))
#define __force
#define barrier()			__asm__ __volatile__("" : : : "memory")
#define READ_ONCE(x)			(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)		(*(volatile __typeof__(x) *)&(x) = (value))
#define sizeof_field(type, field)	sizeof(((type *)0)->field)
#define container_of(ptr, type, field)	((type *)((char *)(ptr) - offsetof(type, field)))
#define _THIS_IP_			((unsigned long)__builtin_return_address(0))
#define __BITS_PER_LONG			64

#endif
