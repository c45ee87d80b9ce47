// SPDX-License-Identifier: GPL-2.0-only
/*
 * The language of commands: one a line, or separated by ;. What begins with # is a comment
 * to the end of its line. All lines are parsed before the first runs; a line that fails
 * half-way is undone, and the lines behind it do not run. Every call leaves a text behind
 * that can be read: "ok", what was asked for, or the word that was wrong and what is
 * accepted for it.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ctl/internal.h"
#include "drain.h"
#include "host.h"
#include "request.h"
#include "tune.h"

#define USAGE	96	/* the longest line of help */

/* --- answers ------------------------------------------------------------------------------------ */

/**
 * shb_ctl_say() - add to the answer of this call
 * @fmt: text
 *
 * Context: holds ctl->lock.
 */
void shb_ctl_say(struct shb_ctl *ctl, const char *fmt, ...)
{
	size_t len = strlen(ctl->said);
	va_list args;

	va_start(args, fmt);
	vscnprintf(ctl->said + len, sizeof(ctl->said) - len, fmt, args);
	va_end(args);
}

/**
 * shb_ctl_complain() - a word was wrong: the answer, and a line in the log
 * @word: word
 * @fmt: what is accepted for it
 *
 * The log may lose a burst of these; the answer is kept until the next call.
 *
 * Context: holds ctl->lock.
 * Return: -EINVAL.
 */
int shb_ctl_complain(struct shb_ctl *ctl, const char *word, const char *fmt, ...)
{
	va_list args;

	scnprintf(ctl->said, sizeof(ctl->said), "\"%s\": ", word);
	va_start(args, fmt);
	vscnprintf(ctl->said + strlen(ctl->said), sizeof(ctl->said) - strlen(ctl->said), fmt, args);
	va_end(args);
	pr_notice_ratelimited("ctl: %s\n", ctl->said);
	shb_ctl_say(ctl, "\n");
	return -EINVAL;
}

/* --- words -------------------------------------------------------------------------------------- */

/* "alloc tag= [order=] .." */
static const char *usage(const struct shb_verb *v, char *text, size_t size)
{
	int k, len = scnprintf(text, size, "%s%s%s", v->name, v->words ? " " : "", v->words ?: "");

	for (k = 0; k < SHB_NR_KEYS; k++) {
		const char *equals = shb_keys[k].parse || k == SHB_KNOB ? "=" : "";

		if (v->needs & BIT(k))
			len += scnprintf(text + len, size - len, " %s%s", shb_keys[k].name, equals);
		if (v->takes & BIT(k))
			len += scnprintf(text + len, size - len, " [%s%s]", shb_keys[k].name,
					 equals);
	}
	return text;
}

/**
 * shb_ctl_say_help() - the commands, their words, and what is accepted for them
 *
 * Context: holds ctl->lock.
 */
void shb_ctl_say_help(struct shb_ctl *ctl)
{
	const struct shb_verb *v;
	char text[USAGE];
	int k;

	for (v = shb_verbs; v->name; v++)
		shb_ctl_say(ctl, "%s\n", usage(v, text, sizeof(text)));
	for (k = 0; k < SHB_NR_KEYS; k++)
		if (shb_keys[k].accepts)
			shb_ctl_say(ctl, "  %s=: %s\n", shb_keys[k].name, shb_keys[k].accepts);
}

/* Values of a list are joined by commas here, because blanks end a word. */
static int parse_knob(struct shb_command *c, const char *name, char *value)
{
	for (c->knob = 0; shb_tune_name(c->knob); c->knob++) {
		if (strcmp(name, shb_tune_name(c->knob)) || !shb_tune_has(c->ctl->s, c->knob))
			continue;
		c->given |= BIT(SHB_KNOB);
		strreplace(value, ',', ' ');
		c->value = value;
		return 0;
	}
	return shb_ctl_complain(c->ctl, name, "no such tunable; see the directory sysctl");
}

static int find_key(const char *name, bool has_value)
{
	int k;

	for (k = 0; k < SHB_KNOB; k++)
		if (!strcmp(name, shb_keys[k].name) && has_value == !!shb_keys[k].parse)
			return k;
	return -1;
}

/* One word: key=value, or a key that has none. @shown is the word as the user wrote it. */
static int parse_word(struct shb_command *c, char *word, const char *shown)
{
	unsigned int accepted = c->verb->needs | c->verb->takes;
	char *value = word;
	const char *name = strsep(&value, "=");
	char text[USAGE];
	int k;

	if ((accepted & BIT(SHB_KNOB)) && value)
		return parse_knob(c, name, value);
	k = find_key(name, value);
	if (k < 0 || !(accepted & BIT(k)))
		return shb_ctl_complain(c->ctl, shown, "expected %s",
					usage(c->verb, text, sizeof(text)));
	c->given |= BIT(k);
	if (!shb_keys[k].parse)
		return 0;
	if (*value && !shb_keys[k].parse(c->ctl->s, c, value))
		return 0;
	return shb_ctl_complain(c->ctl, shown, "expected %s%s%s", shb_keys[k].accepts,
				*c->bad ? "; none is " : "", c->bad);
}

static int parse_verb(struct shb_command *c, const char *word)
{
	for (c->verb = shb_verbs; c->verb->name; c->verb++)
		if (!strcmp(word, c->verb->name))
			return 0;
	return shb_ctl_complain(c->ctl, word, "no such command; help lists them");
}

static int check_arguments(struct shb_ctl *ctl, const struct shb_command *c)
{
	unsigned int missing = c->verb->needs & ~c->given;

	if (missing)
		return shb_ctl_complain(ctl, c->verb->name, "needs %s=",
					shb_keys[__ffs(missing)].name);
	if (shb_gfp_highest(ctl->s, c->gfp) >= SHB_NR_KINDS)
		return shb_ctl_complain(ctl, "gfp", "zone or mobility flags exclude each other");
	return 0;
}

/* Whoever writes commands works on its own node, unless they say otherwise. */
static int this_node(const struct shb_state *s)
{
	int nid = s->topo.cpu_node[s->host->pin(SHB_EVERY_CPU)];

	s->host->unpin();
	return nid;
}

/* Parse a command in place. Return: 1 for a command, 0 for an empty one, or -errno. */
static int parse_command(struct shb_ctl *ctl, char *text, struct shb_command *c)
{
	char *word, shown[48];
	int err, words = 0;

	*c = (struct shb_command){ .ctl = ctl, .gfp = GFP_KERNEL, .count = 1,
				   .cpu = SHB_EVERY_CPU, .node = this_node(ctl->s) };
	text = strim(text);
	if (!*text)
		return 0;
	while ((word = strsep(&text, " \t"))) {
		if (!*word)
			continue;
		strscpy(shown, word, sizeof(shown));
		err = words++ ? parse_word(c, word, shown) : parse_verb(c, word);
		if (err)
			return err;
		if (c->verb->words) {
			c->words = text ? skip_spaces(text) : "";
			return c->verb->check(c) ?: 1;
		}
	}
	err = check_arguments(ctl, c);
	return err ?: 1;
}

/* --- running ------------------------------------------------------------------------------------ */

static int run_verb(void *arg)
{
	const struct shb_command *c = arg;

	return c->verb->run(c);
}

static int run_command(struct shb_command *c)
{
	if (c->verb->on_cpu && c->cpu != SHB_EVERY_CPU)
		return c->ctl->s->host->run_on(c->cpu, false, run_verb, c);
	return run_verb(c);
}

/* A line: commands, until one begins with #. Return: of the last one, as parse_command(). */
static int each_command(struct shb_ctl *ctl, char *line, bool run)
{
	struct shb_command c;
	char *text;
	int err = 0;

	while (err >= 0 && (text = strsep(&line, ";"))) {
		if (*skip_spaces(text) == '#')
			break;
		err = parse_command(ctl, text, &c);
		if (err > 0 && run)
			err = run_command(&c);
	}
	return err;
}

static int each_line(struct shb_ctl *ctl, const char *text, bool run)
{
	char *copy = kstrdup(text, GFP_KERNEL), *rest = copy, *line;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	while (err >= 0 && (line = strsep(&rest, "\n")))
		err = each_command(ctl, line, run);
	kfree(copy);
	return err < 0 ? err : 0;
}

static int check_text(struct shb_ctl *ctl, const char *text, size_t len)
{
	if (len >= SHB_CTL_TEXT)
		return shb_ctl_complain(ctl, "commands", "expected less than %d bytes at a time",
				SHB_CTL_TEXT);
	if (strlen(text) != len)
		return shb_ctl_complain(ctl, "commands", "expected text, found a NUL in it");
	return 0;
}

/* Parse all lines; what is wrong is in ctl->said. */
static int check(struct shb_ctl *ctl, const char *text, size_t len)
{
	int err;

	ctl->said[0] = '\0';
	err = check_text(ctl, text, len);
	return err ?: each_line(ctl, text, false);
}

/**
 * shb_ctl_check() - would shb_ctl_run() accept these commands?
 * @text: lines, ended by a NUL
 * @len: their length
 *
 * Context: process context, sleeps.
 * Return: 0, -ENOMEM, or -EINVAL after an answer that names the word and the accepted form.
 */
int shb_ctl_check(struct shb_ctl *ctl, const char *text, size_t len)
{
	int err;

	mutex_lock(&ctl->lock);
	err = check(ctl, text, len);
	mutex_unlock(&ctl->lock);
	return err;
}

/**
 * shb_ctl_run() - run commands
 * @text: lines, ended by a NUL
 * @len: their length; a NUL before is refused
 *
 * Context: process context, sleeps.
 * Return: 0; -EINVAL after a line that names the word and the accepted form, with
 * nothing run; or the error of the first command that failed and was undone.
 */
int shb_ctl_run(struct shb_ctl *ctl, const char *text, size_t len)
{
	int err;

	mutex_lock(&ctl->lock);
	err = check(ctl, text, len);
	if (!err)
		err = each_line(ctl, text, true);
	if (!ctl->said[0])
		shb_ctl_say(ctl, err ? "failed with error %d\n" : "ok\n", -err);
	mutex_unlock(&ctl->lock);
	return err;
}

/**
 * shb_ctl_show() - what the last call of shb_ctl_run() had to say
 *
 * Return: 0.
 */
int shb_ctl_show(struct shb_ctl *ctl, struct seq_file *m)
{
	mutex_lock(&ctl->lock);
	seq_puts(m, ctl->said);
	mutex_unlock(&ctl->lock);
	return 0;
}

/**
 * shb_ctl_init() - no tags yet
 * @ctl: out
 * @s: state the commands work on
 */
void shb_ctl_init(struct shb_ctl *ctl, struct shb_state *s)
{
	mutex_init(&ctl->lock);
	INIT_LIST_HEAD(&ctl->tags);
	ctl->s = s;
	ctl->follow_ops = NULL;
	ctl->said[0] = '\0';
	shb_ctl_say_help(ctl);
}

/**
 * shb_ctl_exit() - free the blocks of all tags and forget them
 *
 * Says how many blocks were still out.
 *
 * Context: process context, sleeps.
 */
void shb_ctl_exit(struct shb_ctl *ctl)
{
	struct shb_command c = { .ctl = ctl, .cpu = SHB_EVERY_CPU };
	struct shb_tag *t, *next;
	unsigned long blocks = 0;

	mutex_lock(&ctl->lock);
	list_for_each_entry_safe(t, next, &ctl->tags, link) {
		blocks += t->nr;
		shb_verb_undo_alloc(&c, t, 0);
		shb_tag_put_empty(t);
	}
	mutex_unlock(&ctl->lock);
	if (blocks)
		pr_info("freed %lu blocks that tags still held\n", blocks);
	mutex_destroy(&ctl->lock);
}
