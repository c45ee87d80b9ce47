/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_STRING_H
#define SIM_LINUX_STRING_H

#include <linux/types.h>
#include <string.h>
#include <strings.h>

ssize_t strscpy_(char *to, const char *from, size_t size);
#define strscpy(to, from, ...)	strscpy_(to, from, strscpy_size(__VA_ARGS__ __VA_OPT__(,) sizeof(to)))
#define strscpy_size(size, ...)	(size)
char *strim(char *text);
char *skip_spaces(const char *text);
char *strreplace(char *text, char old, char new);
bool strstarts(const char *text, const char *prefix);

#endif
