/* SPDX-License-Identifier: GPL-2.0-only */
/* A state, the commands that came to it, and how it is looked at; see session.c. */
#ifndef SIM_SESSION_H
#define SIM_SESSION_H

#include "ctl/ctl.h"

enum sim_telling {
	SIM_SILENT,
	SIM_EVENTS,	/* every event as the kernel's trace file has it */
	SIM_WORDS,	/* every event in words */
	SIM_STEPS,	/* after each command, what it did and what changed */
};

struct sim_machine;

struct sim_session {
	struct shb_state	*s;
	const struct sim_machine *m;	/* that booted; NULL: memory came at once */
	struct shb_ctl		ctl;
	enum sim_telling	telling;
	bool			colour;
	bool			keep_going;	/* a command that failed does not end the script */
	bool			over;		/* "quit" */
};

void sim_session_start(struct sim_session *ses, struct shb_state *s);
void sim_session_end(struct sim_session *ses);
int sim_session_check(struct sim_session *ses, const char *line, char *error, size_t size);
int sim_session_run(struct sim_session *ses, const char *line, char *error, size_t size);
int sim_session_line(struct sim_session *ses, const char *name, int number, const char *line);
int sim_session_script(struct sim_session *ses, const char *name, char *text);

#endif
