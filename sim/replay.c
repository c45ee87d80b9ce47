// SPDX-License-Identifier: GPL-2.0-only
/*
 * A recording under any candidates: the same machine once for the mirror and once for each, then
 * record after record. Nothing but the file decides what comes out.
 *
 *     head --> machine --> a state for each --> records --> how far it can be trusted, and the table
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "profiles/profiles.h"
#include "sim/library.h"
#include "sim/machine.h"
#include "sim/replay.h"
#include "traffic/recording.h"
#include "traffic/traffic.h"
#include "traffic/wish.h"

#define PROGRESS	(1UL << 23)	/* records between two words about it */
#define CURVE_POINTS	200

struct replay {
	const char			*path;
	const char			*data;		/* the file */
	size_t				size;
	char				*text;		/* its head without the first lines */
	const char			*records;
	size_t				nr;		/* of records */
	struct shb_recording_head	head;
	struct shb_traffic		t;
	FILE				*curve;		/* may be NULL */
	u64				next_point;	/* stamp */
	u64				step;
};

static int bad(const struct replay *r, const char *why)
{
	fprintf(stderr, "shbsim: %s: %s\n", r->path, why);
	return 2;
}

static int map_file(struct replay *r)
{
	int fd = open(r->path, O_RDONLY);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (size < 0)
		return bad(r, strerror(errno));
	r->size = size;
	r->data = r->size ? mmap(NULL, r->size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	close(fd);
	return r->data == MAP_FAILED ? bad(r, r->size ? strerror(errno) : "expected a recording; it is empty") : 0;
}

static const char *find(const char *data, size_t size, const char *text)
{
	size_t len = strlen(text);

	for (; size >= len; data++, size--)
		if (!memcmp(data, text, len))
			return data;
	return NULL;
}

/* Keep what belongs to the machine; understand the rest. */
static int read_head(struct replay *r)
{
	static const char mark[] = "\nrecords\n";
	const char *end = find(r->data, r->size, mark), *from = r->data;
	char line[2048], *to;
	int kind;

	if (!end || !strstarts(r->data, "recording "))
		return bad(r, "expected a recording: \"recording 1 ..\" first, and a line \"records\"");
	r->records = end + strlen(mark);
	r->nr = (r->size - (r->records - r->data)) / sizeof(struct shb_record);
	to = r->text = malloc(end - from + 2);
	if (!r->text)
		return bad(r, "out of memory");
	while (from < end) {
		const char *next = (const char *)memchr(from, '\n', end + 1 - from) + 1;

		scnprintf(line, sizeof(line), "%.*s", (int)min_t(size_t, sizeof(line), next - from - 1), from);
		kind = shb_recording_read_line(&r->head, line);
		if (kind < 0)
			return bad(r, "expected \"recording 1 clock N class A\" and \"gfp NAME BIT ..\"");
		if (!kind) {
			memcpy(to, from, next - from);
			to += next - from;
		}
		from = next;
	}
	*to = '\0';
	return r->head.second ? 0 : bad(r, "expected a line \"recording 1 clock N class A\"");
}

/* The machine as it was when the first record came, with a profile of its own (empty) or another. */
static struct shb_state *build(const struct replay *r, const char *profile)
{
	struct sim_machine *m = sim_machine_new();
	struct shb_state *s = NULL;
	int err = -ENOMEM;

	if (m)
		m->text = strdup(r->text);
	if (m && m->text) {
		m->name = r->path;
		err = sim_machine_parse(m, r->path, m->text);
		if (!err && *profile)
			strscpy(m->profile, profile);
		if (!err)
			s = sim_machine_build(m);
	}
	if (!s)
		fprintf(stderr, "shbsim: %s\n", m && m->error[0] ? m->error : "out of memory");
	if (m)
		sim_machine_free(m);
	return s;
}

static int add_candidate(struct replay *r, const char *text)
{
	struct shb_candidate *c = &r->t.candidates[r->t.nr];
	char error[SHB_WISH_ERROR] = "out of memory", words[SHB_WISH_TEXT + 1];
	struct shb_wish wish;
	struct shb_state *s;
	int k, err = sim_library_words(text, words, sizeof(words));

	if (err)
		return err;
	if (shb_wish_parse(&wish, words, error)) {
		fprintf(stderr, "shbsim: --candidate: %s\n", error);
		return 2;
	}
	for (k = 0; k < r->t.nr; k++) {
		if (strcmp(r->t.candidates[k].name, wish.name))
			continue;
		fprintf(stderr, "shbsim: --candidate: \"%s\": expected a name of its own\n", wish.name);
		return 2;
	}
	s = build(r, wish.profile);
	if (!s)
		return 2;
	err = shb_wish_apply(&wish, s, r->t.mirror->profile, error);
	if (!err)
		err = shb_candidate_init(c, s, wish.name);
	if (!err) {
		r->t.nr++;
		return 0;
	}
	fprintf(stderr, "shbsim: --candidate: %s\n", error);
	shb_state_destroy(s);
	return err == -EINVAL ? 2 : 1;
}

static u64 stamp_of(const struct replay *r, size_t k)
{
	struct shb_record one;

	memcpy(&one, r->records + k * sizeof(one), sizeof(one));
	return one.stamp;
}

/* Return: exit status. */
static int open_curve(struct replay *r, const char *path, bool more)
{
	u64 last;

	r->curve = fopen(path, more ? "a" : "w");
	if (!r->curve) {
		fprintf(stderr, "shbsim: %s: %s\n", path, strerror(errno));
		return 2;
	}
	if (!more)
		fputs(SHB_CURVE_HEAD, r->curve);
	if (r->nr) {
		r->next_point = stamp_of(r, 0);
		last = stamp_of(r, r->nr - 1);
		r->step = last > r->next_point ? (last - r->next_point) / CURVE_POINTS ?: 1 : 1;
	}
	return 0;
}

/* What is as the last record left it is so until this one comes. */
static void draw_point(struct replay *r, u64 stamp)
{
	struct seq_file m = { };

	r->next_point = stamp + r->step > stamp ? stamp + r->step : U64_MAX;
	shb_traffic_curve(&r->t, &m);
	fwrite(m.buf, 1, m.count, r->curve);
	free(m.buf);
}

static void play(struct replay *r)
{
	struct shb_record one;
	size_t k;

	for (k = 0; k < r->nr; k++) {
		memcpy(&one, r->records + k * sizeof(one), sizeof(one));
		if (one.kind == SHB_REC_ALLOC || one.kind == SHB_REC_FAIL || one.kind == SHB_REC_BULK)
			one.arg = shb_recording_gfp(&r->head, one.arg);
		shb_traffic_apply(&r->t, &one);
		if (unlikely(r->curve && one.stamp >= r->next_point))
			draw_point(r, one.stamp);
		if (!((k + 1) % PROGRESS) && isatty(STDERR_FILENO))
			fprintf(stderr, "\r%zu of %zu records", k + 1, r->nr);
	}
	one = (struct shb_record){ .kind = SHB_REC_NOTE, .order = SHB_NOTE_SETTLE, .stamp = r->t.last };
	shb_traffic_apply(&r->t, &one);
	if (r->nr >= PROGRESS && isatty(STDERR_FILENO))
		fputs("\r\n", stderr);
}

static void show(const struct replay *r)
{
	struct seq_file m = { };
	int k;

	seq_printf(&m, "class %c\n", r->t.notes[SHB_NOTE_CLASS] ? 'B' : r->head.class);
	shb_traffic_show(&r->t, &m);
	if (!r->t.notes[SHB_NOTE_END])
		seq_puts(&m, "# the recording has no end: its writer was stopped\n");
	seq_putc(&m, '\n');
	shb_traffic_compare(&r->t, &m);
	fwrite(m.buf, 1, m.count, stdout);
	free(m.buf);
	for (k = 0; k < r->t.nr; k++)
		sim_tell_refusals(r->t.candidates[k].s);
}

static void clean_up(struct replay *r)
{
	while (r->t.nr) {
		struct shb_candidate *c = &r->t.candidates[--r->t.nr];

		shb_candidate_exit(c);
		shb_state_destroy(c->s);
	}
	if (r->t.mirror)
		shb_state_destroy(r->t.mirror);
	if (r->t.predictor.s)
		shb_state_destroy(r->t.predictor.s);
	if (r->curve)
		fclose(r->curve);
	free(r->text);
	if (r->data && r->data != MAP_FAILED)
		munmap((void *)r->data, r->size);
	free(r);
}

/* Return: exit status. */
static int add_predictor(struct replay *r)
{
	struct shb_state *s = build(r, "");

	if (!s)
		return 2;
	shb_predictor_init(&r->t.predictor, s);
	return 0;
}

/* Those of @o from @from on, as many as go side by side. Return: exit status. */
static int play_group(const char *path, const struct sim_replay_options *o, int from)
{
	struct replay *r = calloc(1, sizeof(*r));
	struct shb_state *mirror;
	int status, k;

	if (!r)
		return 1;
	r->path = path;
	status = map_file(r) ?: read_head(r);
	if (!status) {
		mirror = build(r, "");
		if (mirror && !shb_traffic_check_span(mirror))
			shb_traffic_init(&r->t, mirror, r->head.second);
		else
			status = mirror ? bad(r, "expected a machine without pages beyond 16 TiB") : 2;
	}
	if (!status && !o->nr_candidates)
		status = add_candidate(r, "same");
	for (k = from; !status && k < min(o->nr_candidates, from + SHB_CANDIDATES); k++)
		status = add_candidate(r, o->candidates[k]);
	if (!status && o->predict)
		status = add_predictor(r);
	if (!status && o->curve)
		status = open_curve(r, o->curve, from);
	if (!status) {
		play(r);
		show(r);
	}
	clean_up(r);
	return status;
}

/*
 * Play the recording of a file, once for every eight candidates, a table each. Without a wish there is one
 * candidate that decides as the machine did. Return: exit status.
 */
int sim_replay(const char *path, const struct sim_replay_options *o)
{
	int from, status = 0;

	for (from = 0; !status && from < max(o->nr_candidates, 1); from += SHB_CANDIDATES) {
		if (from)
			printf("\ncandidates %d to %d of %d\n", from + 1,
			       min(from + SHB_CANDIDATES, o->nr_candidates), o->nr_candidates);
		status = play_group(path, o, from);
	}
	return status;
}
