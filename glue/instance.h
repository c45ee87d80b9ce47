/* SPDX-License-Identifier: GPL-2.0-only */
/* The owner of everything the module has; see instance.c. */
#ifndef SHB_INSTANCE_H
#define SHB_INSTANCE_H

#include "ctl/ctl.h"
#include "debugfs.h"
#include "glue/carve.h"
#include "glue/cpus.h"
#include "glue/failure.h"
#include "glue/follow.h"
#include "host.h"

/* As the user wrote them. */
struct shb_params {
	const char	*carve;
	const char	*split;
	const char	*cma;
	const char	*profile;
	bool		model;
	unsigned int	ring_records;
};

/* Callbacks get a part and find the rest by container_of(). */
struct shb_instance {
	struct shb_host		host;		/* of the state */
	struct shb_carve	carved;
	struct shb_guard	guard;
	struct shb_state	*s;
	struct shb_failure	failure;
	struct shb_cpus		cpus;
	struct shb_follow	follow;
	struct shb_ctl		ctl;
	struct shb_files	files;
};

int shb_instance_start(const struct shb_params *p);
void shb_instance_stop(void);
int shb_instance_command(const char *text);

static inline struct shb_instance *shb_instance_of(const struct shb_state *s)
{
	return container_of(s->host, struct shb_instance, host);
}

#endif
