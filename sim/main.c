// SPDX-License-Identifier: GPL-2.0-only
/*
 * shbsim: the allocator as an ordinary program. It decides as the module does, because it is
 * made of the same files.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <unistd.h>

#include "sim/bench.h"
#include "policy.h"
#include "sim/booting.h"
#include "sim/library.h"
#include "sim/machine.h"
#include "sim/memmap.h"
#include "sim/replay.h"
#include "sim/runtime.h"
#include "sim/session.h"
#include "profiles/profiles.h"
#include "version.h"

static const char usage[] =
"usage: shbsim [option...] [SCRIPT...]\n"
"       shbsim replay FILE [--candidate WORDS]... [--predict] [--curve FILE]\n"
"A machine, and commands to its page allocator: from scripts, or line by line from standard\n"
"input (history: rlwrap sim/shbsim). \"help\" lists the commands.\n"
"\n"
"  --profile NAME       " SHB_PROFILE_NAMES ": whose decisions (default: the newest); or a policy of\n"
"                       your own as a file: mine.so\n"
"  --node N:ZONE=SIZE,..  a node and its zones, as 0:DMA32=256M,Normal=1G; once for each\n"
"  --cpus N             one after the other to the nodes (default: 2)\n"
"  --distance A,B,..    between nodes, row by row (default: 10 at home, 20 elsewhere)\n"
"  --machine FILE       a machine as the module's files machine and snapshot tell it\n"
"  --boot FILE          a machine as it boots from a memory map: a kernel's log, /proc/iomem, or\n"
"                       lines (memory 4G+2G node=1); tells its zones\n"
"  --append TEXT        parameters of its kernel: kernelcore=, movablecore=, movable_node, mem=, memmap=\n"
"  --early              stop before the memory that is deferred; \"boot step\" goes on\n"
"  --scene N            a walk through a classic scene, 0 to 7; \"list\" lists them\n"
"  --trace              tell each event in words as it happens\n"
"  --step               after each command, tell what it did and what changed\n"
"  --events             each event as a kernel's trace file has it\n"
"  --keep-going         a command that fails does not end a script\n"
"  --colour             colours, terminal or not\n"
"  --bench              nanoseconds for an allocation and its free\n"
"  --age                fill the memory, free half of it, replace a tenth of the rest a hundred times:\n"
"                       what comes together again?\n"
"  --verbose            the allocator's own log, too\n"
"\n"
"replay: what a recording of the module (follow record) comes to under other decisions. WORDS are\n"
"a name, a profile and tunables: 'old linux-6.1', linux-4.1, 'calm watermark_boost_factor=0', mine.so;\n"
"eight to a table, up to 64.\n"
"  --predict            say each page the kernel took before it is told, and how often that was right\n"
"  --curve FILE         up to 200 moments of it, a line for the kernel and each candidate\n"
"\n"
"Exit status: 0; 1 when something could not be done; 2 when something makes no sense.\n";

enum option_code { PROFILE = 256, NODE, CPUS, DISTANCE, MACHINE, BOOT, APPEND, EARLY, SCENE, TRACE, STEP, EVENTS,
		   KEEP_GOING, COLOUR, BENCH, AGE, VERBOSE, CANDIDATE, PREDICT, CURVE, HELP, VERSION };

static const struct option options[] = {
	{ "profile", required_argument, NULL, PROFILE }, { "node", required_argument, NULL, NODE },
	{ "cpus", required_argument, NULL, CPUS },
	{ "distance", required_argument, NULL, DISTANCE },
	{ "machine", required_argument, NULL, MACHINE }, { "boot", required_argument, NULL, BOOT },
	{ "append", required_argument, NULL, APPEND }, { "early", no_argument, NULL, EARLY },
	 { "scene", required_argument, NULL, SCENE },
	{ "trace", no_argument, NULL, TRACE }, { "step", no_argument, NULL, STEP },
	{ "events", no_argument, NULL, EVENTS }, { "keep-going", no_argument, NULL, KEEP_GOING },
	{ "colour", no_argument, NULL, COLOUR }, { "bench", no_argument, NULL, BENCH },
	{ "age", no_argument, NULL, AGE },
	{ "candidate", required_argument, NULL, CANDIDATE },
	{ "predict", no_argument, NULL, PREDICT }, { "curve", required_argument, NULL, CURVE },
	{ "verbose", no_argument, NULL, VERBOSE }, { "help", no_argument, NULL, HELP },
	{ "version", no_argument, NULL, VERSION }, { }
};

/* What the command line asks for. */
struct wishes {
	struct sim_machine	*m;
	struct sim_session	ses;
	const char		*scene;
	char			scene_path[512], *scene_text;
	int			(*measure)(struct shb_state *s);	/* instead of commands */
	struct sim_replay_options	replay;
};

static int bad(const char *what, const char *why)
{
	fprintf(stderr, "shbsim: %s: %s\n", what, why);
	return 2;
}

/* A release, or a file with a policy. */
static int choose_profile(struct wishes *w, const char *name)
{
	char own[SHB_POLICY_NAME];
	int status = sim_is_library(name) ? sim_library_load(name, own) : 0;

	if (status)
		return status;
	if (sim_is_library(name))
		name = own;
	if (!shb_profile_is_known(name))
		return bad("--profile", "expected " SHB_PROFILE_NAMES ", or a policy as a file (mine.so)");
	strscpy(w->m->profile, name);
	w->m->profile_given = true;
	return 0;
}

/* A file that does not tell a machine. */
static int unreadable(struct wishes *w, int err)
{
	fprintf(stderr, "%s\n", err == -ENOMEM ? "shbsim: out of memory" : w->m->error);
	return err == -ENOMEM ? 1 : 2;
}

/* One option. Return: exit status, or -1: go on. */
static int take_option(struct wishes *w, int code, const char *value)
{
	const char *name = NULL;
	int err = 0;

	switch (code) {
	case PROFILE:	return choose_profile(w, value) ?: -1;
	case NODE:	name = "--node"; err = sim_machine_node(w->m, value); break;
	case CPUS:	name = "--cpus"; err = sim_machine_cpus(w->m, value); break;
	case DISTANCE:	name = "--distance"; err = sim_machine_distance(w->m, value); break;
	case MACHINE:
		err = sim_machine_read(w->m, value);
		if (err)
			return unreadable(w, err);
		break;
	case BOOT:
		err = sim_memmap_read(w->m, value);
		if (err)
			return unreadable(w, err);
		break;
	case APPEND:	name = "--append"; err = sim_memmap_append(w->m, value); break;
	case EARLY:	w->m->early = true; break;
	case SCENE:
		if (w->scene)
			return bad("--scene", "expected once");
		w->scene = value;
		break;
	case TRACE:	w->ses.telling = SIM_WORDS; break;
	case STEP:	w->ses.telling = SIM_STEPS; break;
	case EVENTS:	w->ses.telling = SIM_EVENTS; break;
	case KEEP_GOING: w->ses.keep_going = true; break;
	case COLOUR:	w->ses.colour = true; break;
	case BENCH:	w->measure = sim_bench; break;
	case AGE:	w->measure = sim_age; break;
	case VERBOSE:	sim_quiet = 7; break;
	case CANDIDATE:
		if (w->replay.nr_candidates == SIM_CANDIDATES)
			return bad("--candidate", "expected at most 64");
		w->replay.candidates[w->replay.nr_candidates++] = value;
		break;
	case PREDICT:	w->replay.predict = true; break;
	case CURVE:	w->replay.curve = value; break;
	case HELP:	fputs(usage, stdout); return 0;
	case VERSION:	puts("shbsim " SHB_VERSION); return 0;
	default:	fputs("try shbsim --help\n", stderr); return 2;
	}
	if (err == -EINVAL)
		return bad(name, w->m->error);
	return err ? bad(name, strerror(-err)) : -1;
}

static int run_file(struct wishes *w, const char *path)
{
	char *text;
	int err = sim_read_file(path, &text), status;

	if (err)
		return bad(path, sim_file_error(err));
	status = sim_session_script(&w->ses, path, text);
	free(text);
	return status;
}

/*
 * The options a scene is written for, in its first line: "# shbsim --node 0:Normal=16M". A map
 * lies beside the scene.
 */
static int take_scene_options(struct wishes *w, char *line)
{
	char *word, *value, path[sizeof(w->scene_path) + 64];
	int k, status = -1;

	while (status < 0 && (word = strsep(&line, " "))) {
		word += strspn(word, "-");
		for (k = 0; options[k].name && strcmp(word, options[k].name); k++)
			;
		value = options[k].has_arg ? strsep(&line, " ") : NULL;
		if (options[k].val == BOOT) {
			scnprintf(path, sizeof(path), "%.*s%s", (int)(strrchr(w->scene_path, '/') + 1 - w->scene_path),
				  w->scene_path, value);
			value = path;
		}
		status = take_option(w, options[k].val, value);
	}
	return status;
}

/* Scenes lie beside the program. Return: exit status, or -1: w->scene_text is to be run. */
static int read_scene(struct wishes *w, const char *program)
{
	static const char head[] = "# shbsim --";
	const char *slash = strrchr(program, '/');
	char first[256] = "";
	int n, err;

	if (w->m->boots)
		return bad("--scene", "expected no --boot beside it");
	if (strcmp(w->scene, "list") && (kstrtoint(w->scene, 10, &n) || n < 0 || n > 7))
		return bad("--scene", "expected a number from 0 to 7, or list");
	scnprintf(w->scene_path, sizeof(w->scene_path), "%.*s/scenes/%s",
		  slash ? (int)(slash - program) : 1, slash ? program : ".", w->scene);
	err = sim_read_file(w->scene_path, &w->scene_text);
	if (err)
		return bad(w->scene_path, sim_file_error(err));
	if (w->m->topo.nr_nodes || strncmp(w->scene_text, head, strlen(head)))
		return -1;
	scnprintf(first, sizeof(first), "%.*s", (int)strcspn(w->scene_text + strlen(head), "\n"),
		  w->scene_text + strlen(head));
	return take_scene_options(w, first);
}

/* The next line of standard input without its end. Return: exit status, or -1: there is none. */
static int next_line(char **line, size_t *room, int number)
{
	ssize_t len = getline(line, room, stdin);

	if (len < 0)
		return ferror(stdin) ? bad("standard input", strerror(EIO)) : -1;
	if (memchr(*line, '\0', len)) {
		fprintf(stderr, "standard input:%d: %s\n", number, sim_file_error(-EILSEQ));
		return 2;
	}
	(*line)[strcspn(*line, "\n")] = '\0';
	return 0;
}

/* Line by line. A person's mistake is told and the next line may be better. */
static int run_lines(struct wishes *w)
{
	bool person = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	int status = 0, one, number = 0;
	char *line = NULL;
	size_t room = 0;

	while (!w->ses.over && (!status || person || w->ses.keep_going)) {
		if (person) {
			fputs("shbsim> ", stdout);
			fflush(stdout);
		}
		one = next_line(&line, &room, ++number);
		if (one < 0)
			break;
		status = max(status, one ?: sim_session_line(&w->ses, "standard input", number, line));
	}
	free(line);
	return person ? 0 : status;
}

static int run(struct wishes *w, int argc, char **argv)
{
	struct shb_state *s = sim_machine_build(w->m);
	int status = 0;

	if (!s) {
		fprintf(stderr, "shbsim: %s\n", w->m->error);
		return 2;
	}
	if (w->measure) {
		status = w->measure(s);
		shb_state_destroy(s);
		return status;
	}
	if (w->m->boots && !w->scene)
		sim_boot_report(w->m, s);
	w->ses.m = w->m->boots ? w->m : NULL;
	sim_session_start(&w->ses, s);
	if (w->scene_text)
		status = sim_session_script(&w->ses, w->scene_path, w->scene_text);
	else if (optind == argc)
		status = run_lines(w);
	while ((!status || w->ses.keep_going) && optind < argc && !w->ses.over)
		status = max(status, run_file(w, argv[optind++]));
	sim_session_end(&w->ses);
	shb_state_destroy(s);
	return status;
}

static int replay(struct wishes *w, int argc, char **argv)
{
	if (argc != 2 || w->m->profile_given || w->scene || w->measure || w->m->topo.nr_nodes || w->m->boots)
		return bad("replay", "expected one file, and --candidate, --predict and --curve only; a profile is a word of a candidate");
	return sim_replay(argv[1], &w->replay);
}

int main(int argc, char **argv)
{
	static struct wishes w;
	int code, status = -1;

	w.m = sim_machine_new();
	if (!w.m)
		return bad("start", "out of memory");
	w.ses.colour = isatty(STDOUT_FILENO);
	while (status < 0 && (code = getopt_long(argc, argv, "", options, NULL)) >= 0)
		status = take_option(&w, code, optarg);
	if (status < 0 && optind < argc && !strcmp(argv[optind], "replay"))
		status = replay(&w, argc - optind, argv + optind);
	if (status < 0 && (w.replay.nr_candidates || w.replay.predict || w.replay.curve))
		status = bad(w.replay.nr_candidates ? "--candidate" : w.replay.predict ? "--predict" : "--curve",
			     "expected behind \"replay FILE\"");
	if (status < 0 && w.scene)
		status = read_scene(&w, argv[0]);
	if (status < 0 && (w.measure || w.scene) && optind < argc)
		status = bad(argv[optind], w.measure ? "expected no script beside --bench and --age" : "expected no script beside --scene");
	if (status < 0 && (w.m->appended || w.m->early) && !w.m->boots)
		status = bad(w.m->appended ? "--append" : "--early", "expected --boot with it");
	if (status < 0)
		status = run(&w, argc, argv);
	free(w.scene_text);
	sim_machine_free(w.m);
	if (fflush(stdout) || ferror(stdout))
		status = max(status, bad("standard output", strerror(errno)) - 1);
	return status;
}
