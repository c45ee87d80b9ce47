// SPDX-License-Identifier: GPL-2.0-only
/* What the core uses of the kernel's library, for an ordinary program. */
#include <ctype.h>
#include <errno.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "sim/runtime.h"

/* --- memory ------------------------------------------------------------------------------------ */

long sim_fail_alloc;

#define LINE	64	/* some types want a cache line to themselves */

/*
 * Zeroed, and from calloc(), so that a large table costs nothing before it is touched. In
 * front of it stands what calloc() gave.
 *
 *     |<- calloc ->| .. | pointer | table, at a multiple of 64 ...
 */
void *sim_alloc(size_t bytes)
{
	char *start, *table;

	if (sim_fail_alloc && !--sim_fail_alloc)
		return NULL;
	if (bytes > SIZE_MAX - 2 * LINE)
		return NULL;
	start = calloc(1, bytes + 2 * LINE);
	if (!start)
		return NULL;
	table = (char *)ALIGN((uintptr_t)start + sizeof(void *), LINE);
	((void **)table)[-1] = start;
	return table;
}

void sim_free(const void *p)
{
	if (p)
		free(((void *const *)p)[-1]);
}

void sim_broken(const char *expr, const char *file, int line)
{
	fprintf(stderr, "%s:%d: expected %s\n", file, line, expr);
	abort();
}

/* --- text -------------------------------------------------------------------------------------- */

int vscnprintf(char *text, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(text, size, fmt, args);

	return n < (int)size ? n : size ? (int)size - 1 : 0;
}

int scnprintf(char *text, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(text, size, fmt, args);
	va_end(args);
	return n;
}

ssize_t strscpy_(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	if (!size)
		return -E2BIG;
	if (len == size)
		len--;
	memcpy(to, from, len);
	to[len] = '\0';
	return from[len] ? -E2BIG : (ssize_t)len;
}

char *skip_spaces(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return (char *)text;
}

char *strim(char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return skip_spaces(text);
}

char *strreplace(char *text, char old, char new)
{
	char *c;

	for (c = text; *c; c++)
		if (*c == old)
			*c = new;
	return text;
}

bool strstarts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* As the kernel reads numbers: nothing before, and at most a newline behind. */
static int read_number(const char *text, unsigned int base, bool negative, unsigned long *value)
{
	const char *digits = text + (*text == '+' || (negative && *text == '-'));
	char *end;

	if (!isxdigit((unsigned char)*digits))
		return -EINVAL;
	errno = 0;
	*value = strtoul(digits, &end, base);
	if (errno)
		return -ERANGE;
	if (*end == '\n')
		end++;
	return *end ? -EINVAL : 0;
}

int kstrtoul(const char *text, unsigned int base, unsigned long *value)
{
	unsigned long v;
	int err = read_number(text, base, false, &v);

	if (!err)
		*value = v;
	return err;
}

int kstrtouint(const char *text, unsigned int base, unsigned int *value)
{
	unsigned long v;
	int err = kstrtoul(text, base, &v);

	if (err)
		return err;
	if (v > UINT32_MAX)
		return -ERANGE;
	*value = v;
	return 0;
}

int kstrtoint(const char *text, unsigned int base, int *value)
{
	unsigned long v;
	int err = read_number(text, base, true, &v);

	if (err)
		return err;
	if (v > (unsigned long)INT32_MAX + (*text == '-'))
		return -ERANGE;
	*value = *text == '-' ? (int)-(long)v : (int)v;
	return 0;
}

unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0, bit = 1UL << 31;

	for (; bit; bit >>= 1)
		if ((root | bit) * (root | bit) <= x)
			root |= bit;
	return root;
}

/* All of a file as a string for free(); "-" is standard input. Return: 0 or -errno. */
int sim_read_file(const char *path, char **text)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
	size_t room = 1 << 16, len = 0, got;
	int err = 0;
	char *more;

	*text = NULL;
	if (!f)
		return -errno;
	errno = 0;
	do {
		room *= 2;
		more = realloc(*text, room);
		if (!more) {
			err = -ENOMEM;
			break;
		}
		*text = more;
		got = fread(*text + len, 1, room - len - 1, f);
		len += got;
	} while (len == room - 1);
	if (!err && ferror(f))
		err = errno ? -errno : -EIO;
	if (!err && memchr(*text, '\0', len))
		err = -EILSEQ;
	if (!err)
		(*text)[len] = '\0';
	if (f != stdin)
		fclose(f);
	if (err) {
		free(*text);
		*text = NULL;
	}
	return err;
}

/* What sim_read_file() ran into. */
const char *sim_file_error(int err)
{
	return err == -EILSEQ ? "expected text; it has a NUL" : strerror(-err);
}

/* --- the log ----------------------------------------------------------------------------------- */

int sim_quiet = 4;

void sim_print(int level, const char *fmt, ...)
{
	va_list args;

	if (level > sim_quiet)
		return;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
}

/* --- files ------------------------------------------------------------------------------------- */

static void grow(struct seq_file *m, size_t more)
{
	size_t size = max(m->size * 2, m->count + more + 1);
	char *buf = realloc(m->buf, size);

	if (!buf) {
		fprintf(stderr, "shbsim: no memory for the text of a file\n");
		exit(1);
	}
	m->buf = buf;
	m->size = size;
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (m->count + n >= m->size)
		grow(m, n);
	va_start(args, fmt);
	vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);
	va_end(args);
	m->count += n;
}

void seq_puts(struct seq_file *m, const char *text)
{
	seq_printf(m, "%s", text);
}

void seq_putc(struct seq_file *m, char c)
{
	seq_printf(m, "%c", c);
}

/* --- events ------------------------------------------------------------------------------------ */

void (*sim_events)(const char *name, const char *text);

void sim_event_line(const char *name, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	sim_events(name, text);
}

const char *sim_symbol_text(long value, const struct sim_symbol *symbols)
{
	static char number[24];

	for (; symbols->text; symbols++)
		if (symbols->value == value)
			return symbols->text;
	snprintf(number, sizeof(number), "%#lx", value);
	return number;
}

/* In the kernel's order: what several bits have a name for comes before the bits. */
const char *sim_gfp_text(unsigned long flags)
{
	static const struct { const char *name; unsigned long bits; } names[] = {
		{ "GFP_TRANSHUGE", GFP_TRANSHUGE }, { "GFP_TRANSHUGE_LIGHT", GFP_TRANSHUGE_LIGHT },
		{ "GFP_HIGHUSER_MOVABLE", GFP_HIGHUSER_MOVABLE }, { "GFP_HIGHUSER", GFP_HIGHUSER },
		{ "GFP_USER", GFP_USER }, { "GFP_KERNEL_ACCOUNT", GFP_KERNEL_ACCOUNT },
		{ "GFP_KERNEL", GFP_KERNEL }, { "GFP_NOFS", GFP_NOFS },
		{ "GFP_ATOMIC", GFP_ATOMIC }, { "GFP_NOIO", GFP_NOIO },
		{ "GFP_NOWAIT", GFP_NOWAIT }, { "GFP_DMA", GFP_DMA },
		{ "__GFP_HIGHMEM", __GFP_HIGHMEM }, { "GFP_DMA32", GFP_DMA32 },
		{ "__GFP_HIGH", __GFP_HIGH }, { "__GFP_IO", __GFP_IO }, { "__GFP_FS", __GFP_FS },
		{ "__GFP_NOWARN", __GFP_NOWARN }, { "__GFP_RETRY_MAYFAIL", __GFP_RETRY_MAYFAIL },
		{ "__GFP_NOFAIL", __GFP_NOFAIL }, { "__GFP_NORETRY", __GFP_NORETRY },
		{ "__GFP_COMP", __GFP_COMP }, { "__GFP_ZERO", __GFP_ZERO },
		{ "__GFP_NOMEMALLOC", __GFP_NOMEMALLOC }, { "__GFP_MEMALLOC", __GFP_MEMALLOC },
		{ "__GFP_HARDWALL", __GFP_HARDWALL }, { "__GFP_THISNODE", __GFP_THISNODE },
		{ "__GFP_RECLAIMABLE", __GFP_RECLAIMABLE }, { "__GFP_MOVABLE", __GFP_MOVABLE },
		{ "__GFP_ACCOUNT", __GFP_ACCOUNT }, { "__GFP_WRITE", __GFP_WRITE },
		{ "__GFP_RECLAIM", __GFP_RECLAIM }, { "__GFP_DIRECT_RECLAIM", __GFP_DIRECT_RECLAIM },
		{ "__GFP_KSWAPD_RECLAIM", __GFP_KSWAPD_RECLAIM },
	};
	static char text[256];
	size_t k;
	int n = 0;

	if (!flags)
		return "none";
	text[0] = '\0';
	for (k = 0; k < ARRAY_SIZE(names); k++) {
		if ((flags & names[k].bits) != names[k].bits)
			continue;
		n += scnprintf(text + n, sizeof(text) - n, "%s%s", n ? "|" : "", names[k].name);
		flags &= ~names[k].bits;
	}
	return text;
}
