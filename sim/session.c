// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands for a person or a script: those of ctl/, and a few that look.
 *
 *     show FILE            what the file of that name says
 *     draw 0:Normal [PFN]  pageblocks of a zone, and the buddies of the granule around a page
 *     tell steps           after each command, what it did; also words, events, nothing
 *     boot step            the next section of deferred memory comes; finish: all of it; tell: zones
 *     say TEXT             for scripts that explain themselves
 *     quit
 *
 * A script is checked whole before its first line runs; one that begins with - may fail.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "release.h"
#include "sim/booting.h"
#include "sim/draw.h"
#include "sim/explain.h"
#include "sim/session.h"
#include "show/show.h"

static const struct shb_show_file *const tables[] = {
	shb_show_kernel_files, shb_show_own_files, shb_show_list_files, shb_show_machine_files,
	shb_ctl_files,
};

static const struct shb_show_file *find_file(const char *name)
{
	const struct shb_show_file *f;
	size_t k;

	for (k = 0; k < ARRAY_SIZE(tables); k++)
		for (f = tables[k]; f->name; f++)
			if (!strcmp(name, f->name) ||
			    (strchr(f->name, '/') && !strcmp(name, strchr(f->name, '/') + 1)))
				return f;
	return NULL;
}

/* Line after line, as seq_read() asks for them. */
static void show_list(struct sim_session *ses, const struct seq_operations *list,
		      struct seq_file *m)
{
	struct shb_show_cursor cursor = { .s = ses->s, .ctl = &ses->ctl };
	loff_t pos = 0;
	void *v;

	m->private = &cursor;
	for (v = list->start(m, &pos); v; v = list->next(m, v, &pos))
		list->show(m, v);
	list->stop(m, v);
}

static int check_show(struct sim_session *ses, const char *word, char *error, size_t size)
{
	const struct shb_show_file *f;
	int n = 0;
	size_t k;

	if (find_file(word))
		return 0;
	n = scnprintf(error, size, "\"%s\": expected", word);
	for (k = 0; k < ARRAY_SIZE(tables); k++)
		for (f = tables[k]; f->name; f++)
			n += scnprintf(error + n, size - n, " %s", f->name);
	return -EINVAL;
}

static int do_show(struct sim_session *ses, const char *word)
{
	const struct shb_show_file *f = find_file(word);
	struct seq_file m = { };
	int err = 0;

	if (f->list)
		show_list(ses, f->list, &m);
	else
		err = f->show(ses->s, &m);
	if (m.count)
		fwrite(m.buf, 1, m.count, stdout);
	free(m.buf);
	return err;
}

static int check_draw(struct sim_session *ses, const char *words, char *error, size_t size)
{
	struct sim_drawing d;

	return sim_draw_parse(ses->s, words, &d, error, size);
}

static int do_draw(struct sim_session *ses, const char *words)
{
	struct sim_drawing d;
	char error[8];

	sim_draw_parse(ses->s, words, &d, error, sizeof(error));
	sim_draw(&d, ses->colour);
	return 0;
}

static const char *const tellings[] = {
	[SIM_SILENT] = "nothing", [SIM_EVENTS] = "events", [SIM_WORDS] = "words",
	[SIM_STEPS] = "steps",
};

static int find_telling(const char *word)
{
	size_t k;

	for (k = 0; k < ARRAY_SIZE(tellings); k++)
		if (!strcmp(word, tellings[k]))
			return k;
	return -1;
}

static int check_tell(struct sim_session *ses, const char *word, char *error, size_t size)
{
	if (find_telling(word) >= 0)
		return 0;
	scnprintf(error, size, "\"%s\": expected steps, words, events or nothing", word);
	return -EINVAL;
}

static int do_tell(struct sim_session *ses, const char *word)
{
	ses->telling = find_telling(word);
	return 0;
}

static int check_boot(struct sim_session *ses, const char *word, char *error, size_t size)
{
	if (!ses->m) {
		scnprintf(error, size, "\"boot\": expected a machine of --boot");
		return -EINVAL;
	}
	if (!strcmp(word, "step") || !strcmp(word, "finish") || !strcmp(word, "tell"))
		return 0;
	scnprintf(error, size, "\"%s\": expected step, finish or tell", word);
	return -EINVAL;
}

static int do_boot(struct sim_session *ses, const char *word)
{
	if (!strcmp(word, "tell")) {
		sim_boot_report(ses->m, ses->s);
		return 0;
	}
	if (!strcmp(word, "finish"))
		sim_boot_finish(ses->s);
	else
		shb_release_step(ses->s, 0);
	sim_boot_progress(ses->s);
	return 0;
}

static int do_say(struct sim_session *ses, const char *text)
{
	printf(ses->colour && *text ? "\033[1m%s\033[0m\n" : "%s\n", text);
	return 0;
}

static int do_quit(struct sim_session *ses, const char *words)
{
	ses->over = true;
	return 0;
}

static const struct verb {
	const char	*name, *usage;
	int		(*check)(struct sim_session *ses, const char *words, char *error, size_t size);
	int		(*run)(struct sim_session *ses, const char *words);
} verbs[] = {
	{ "show", "show FILE", check_show, do_show },
	{ "draw", "draw NODE:ZONE [PFN]", check_draw, do_draw },
	{ "tell", "tell steps|words|events|nothing", check_tell, do_tell },
	{ "boot", "boot step|finish|tell", check_boot, do_boot },
	{ "say", "say TEXT", NULL, do_say },
	{ "quit", "quit", NULL, do_quit },
};

/* A verb of ours, and what stands behind it; or NULL: ctl/ knows the line. */
static const struct verb *own_verb(const char *line, const char **words)
{
	size_t k, len;

	line = skip_spaces(line);
	for (k = 0; k < ARRAY_SIZE(verbs); k++) {
		len = strlen(verbs[k].name);
		if (!strncmp(line, verbs[k].name, len) && (!line[len] || isspace(line[len]))) {
			*words = skip_spaces(line + len);
			return &verbs[k];
		}
	}
	return NULL;
}

static void answer(struct sim_session *ses, char *error, size_t size)
{
	scnprintf(error, size, "%s", ses->ctl.said);
	error[strcspn(error, "\n")] = '\0';
}

/* Would the line be accepted? Return: 0, or -errno with the reason in @error. */
int sim_session_check(struct sim_session *ses, const char *line, char *error, size_t size)
{
	const char *words;
	const struct verb *v = own_verb(line, &words);
	int err;

	if (v)
		return v->check ? v->check(ses, words, error, size) : 0;
	err = shb_ctl_check(&ses->ctl, line, strlen(line));
	if (err)
		answer(ses, error, size);
	return err;
}

static int run_command(struct sim_session *ses, const char *line, char *error, size_t size)
{
	bool empty = !*skip_spaces(line) || *skip_spaces(line) == '#';
	int err;

	if (!empty)
		sim_explain_begin(ses, line);
	err = shb_ctl_run(&ses->ctl, line, strlen(line));
	if (!empty)
		sim_explain_end(ses);
	if (err)
		answer(ses, error, size);
	else if (strcmp(ses->ctl.said, "ok\n"))
		fputs(ses->ctl.said, stdout);
	if (!err && !strncmp(skip_spaces(line), "help", 4)) {
		size_t k;

		for (k = 0; k < ARRAY_SIZE(verbs); k++)
			printf("%s\n", verbs[k].usage);
	}
	return err;
}

/* Run a line. Return: 0, or -errno with the reason in @error. */
int sim_session_run(struct sim_session *ses, const char *line, char *error, size_t size)
{
	const char *words;
	const struct verb *v = own_verb(line, &words);
	int err = v && v->check ? v->check(ses, words, error, size) : 0;

	if (err)
		return err;
	return v ? v->run(ses, words) : run_command(ses, line, error, size);
}

/* "-alloc ..": it may fail, and the script goes on, as in a makefile. */
static const char *expected(const char *line)
{
	return *line == '-' ? line + 1 : line;
}

/* Said once for every line that did not do what it should. Return: exit status. */
static int complain(const char *name, int number, int err, const char *error)
{
	fprintf(stderr, "%s:%d: %s\n", name, number,
		err == -ENOMEM && !*error ? "out of memory" : *error ? error : strerror(-err));
	return err == -EINVAL ? 2 : 1;
}

/*
 * Run line @number of @name, which may begin with -. Return: exit status; 2 for a line that
 * makes no sense, 1 for one that could not be done, both after a line that says which and why.
 */
int sim_session_line(struct sim_session *ses, const char *name, int number, const char *line)
{
	char error[512] = "";
	int err = sim_session_run(ses, expected(line), error, sizeof(error));

	if (!err)
		return 0;
	if (expected(line) == line)
		return complain(name, number, err, error);
	printf("refused: %s\n", *error ? error : strerror(-err));
	return 0;
}

static int check_script(struct sim_session *ses, const char *name, const char *text)
{
	char error[512] = "", *copy = strdup(text), *rest = copy, *line;
	int number = 0, err = copy ? 0 : -ENOMEM;

	while (!err && (line = strsep(&rest, "\n"))) {
		number++;
		err = sim_session_check(ses, expected(line), error, sizeof(error));
	}
	free(copy);
	return err ? complain(name, number, err, error) : 0;
}

/*
 * Run a script: all of it is checked first. Return: exit status, the worst of its lines where
 * one that failed does not end it.
 */
int sim_session_script(struct sim_session *ses, const char *name, char *text)
{
	int number = 0, status = check_script(ses, name, text);
	char *line;

	if (status)
		return status;
	while ((line = strsep(&text, "\n")) && !ses->over && (!status || ses->keep_going))
		status = max(status, sim_session_line(ses, name, ++number, line));
	return status;
}

void sim_session_start(struct sim_session *ses, struct shb_state *s)
{
	ses->s = s;
	shb_ctl_init(&ses->ctl, s);
	ses->ctl.said[0] = '\0';
}

void sim_session_end(struct sim_session *ses)
{
	shb_ctl_exit(&ses->ctl);
}
