// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands about following the live kernel, which only the module has:
 *
 *     candidate old linux-6.1     candidate calm watermark_boost_factor=0     candidate old off
 *     follow on|record [predict] [evidence] [slices] [min_free_kbytes=67584 ..]     follow off|audit|repair
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl/internal.h"
#include "traffic/wish.h"

#define WHAT	"expected on, record, off, audit or repair; predict, evidence, slices and tunables of the machine only behind the first two"

/* "on a=1 b=2": does it begin with this word? @rest: what is behind it. */
static bool begins(const char *words, const char *word, const char **rest)
{
	size_t len = strlen(word);

	if (strncmp(words, word, len) || (words[len] && words[len] != ' '))
		return false;
	*rest = skip_spaces(words + len);
	return true;
}

/* "on predict a=1": how, and the tunables behind it. */
static bool begins_following(const char *words, unsigned int *how, const char **tunables)
{
	*how = 0;
	if (begins(words, "record", tunables))
		*how = SHB_FOLLOW_RECORD;
	else if (!begins(words, "on", tunables))
		return false;
	if (begins(*tunables, "predict", tunables))
		*how |= SHB_FOLLOW_PREDICT;
	if (begins(*tunables, "evidence", tunables))
		*how |= SHB_FOLLOW_PREDICT | SHB_FOLLOW_EVIDENCE;
	if (begins(*tunables, "slices", tunables))
		*how |= SHB_FOLLOW_SLICES;
	return true;
}

static bool has_kernel(const struct shb_command *c)
{
	if (!c->ctl->follow_ops)
		shb_ctl_complain(c->ctl, c->verb->name, "only the module has a kernel to follow; shbsim replay plays its recordings");
	return c->ctl->follow_ops;
}

/* The machine's tunables are understood as a candidate's are. */
static int check_tunables(const struct shb_command *c, const char *text)
{
	char copy[SHB_WISH_TEXT], error[SHB_WISH_ERROR] = "too many tunables";
	struct shb_wish w;

	if (!*text || (scnprintf(copy, sizeof(copy), "name=x %s", text) < sizeof(copy) - 1 &&
		       !shb_wish_parse(&w, copy, error) && !*w.profile))
		return 0;
	return shb_ctl_complain(c->ctl, "follow", "%s", error);
}

/**
 * shb_verb_check_follow() - do the words behind "follow" make sense?
 *
 * Return: 0 or -EINVAL, with an answer.
 */
int shb_verb_check_follow(const struct shb_command *c)
{
	unsigned int how;
	const char *rest;

	if (!has_kernel(c))
		return -EINVAL;
	if (begins_following(c->words, &how, &rest))
		return check_tunables(c, rest);
	if ((begins(c->words, "off", &rest) || begins(c->words, "audit", &rest) ||
	     begins(c->words, "repair", &rest)) && !*rest)
		return 0;
	return shb_ctl_complain(c->ctl, "follow", WHAT);
}

/* What else can go wrong than a word. */
static int tell(const struct shb_command *c, int err)
{
	if (err == -EBUSY)
		shb_ctl_complain(c->ctl, c->verb->name, "following is on; follow off ends it");
	else if (err == -ENODEV)
		shb_ctl_complain(c->ctl, c->verb->name, "following is off; follow on begins it");
	else if (err == -EAGAIN)
		shb_ctl_complain(c->ctl, c->verb->name, "memory came or went meanwhile; follow off, and once more");
	else if (err == -E2BIG)
		shb_ctl_complain(c->ctl, c->verb->name, "expected zones of less than 2 TiB and no pages beyond 16 TiB");
	else if (err == -ENOMEM)
		shb_ctl_complain(c->ctl, c->verb->name, "no memory for 16 bytes a page of the machine, 16 for a prediction, and 20 for each candidate");
	return err;
}

/**
 * shb_verb_follow() - see glue/follow.c and glue/audit.c
 */
int shb_verb_follow(const struct shb_command *c)
{
	const struct shb_follow_ops *ops = c->ctl->follow_ops;
	char error[SHB_WISH_ERROR] = "";
	unsigned int how;
	const char *rest;
	int err;

	if (begins(c->words, "off", &rest))
		return tell(c, ops->off(c->ctl->follow));
	if (begins(c->words, "audit", &rest) || begins(c->words, "repair", &rest))
		return tell(c, ops->audit(c->ctl->follow, begins(c->words, "repair", &rest),
					  c->ctl->said, sizeof(c->ctl->said)));
	begins_following(c->words, &how, &rest);
	err = ops->on(c->ctl->follow, how, rest, error);
	if (*error)
		shb_ctl_complain(c->ctl, "follow", "%s", error);
	return *error ? err : tell(c, err);
}

/**
 * shb_verb_check_candidate() - do the words behind "candidate" make sense?
 *
 * Return: 0 or -EINVAL, with an answer.
 */
int shb_verb_check_candidate(const struct shb_command *c)
{
	char copy[SHB_WISH_TEXT], error[SHB_WISH_ERROR], *off;
	struct shb_wish w;

	if (!has_kernel(c))
		return -EINVAL;
	strscpy(copy, c->words, sizeof(copy));
	off = strrchr(copy, ' ');
	if (off && !strcmp(off, " off"))
		*off = '\0';
	if (!shb_wish_parse(&w, copy, error))
		return 0;
	return shb_ctl_complain(c->ctl, "candidate", "%s", error);
}

/**
 * shb_verb_candidate() - see glue/follow.c
 */
int shb_verb_candidate(const struct shb_command *c)
{
	char error[SHB_WISH_ERROR] = "";
	int err = c->ctl->follow_ops->candidate(c->ctl->follow, c->words, error);

	if (*error)
		shb_ctl_complain(c->ctl, "candidate", "%s", error);
	return err;
}
