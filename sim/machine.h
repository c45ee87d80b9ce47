/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine from options or a file, and the state on it; see machine.c. */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "boot.h"
#include "format.h"
#include "state.h"

#define SIM_NODES	64
#define SIM_CPUS	1024
#define SIM_ADDRESS_MAX	(1ULL << 46)	/* bytes; x86-64 with four levels */
#define SIM_ZONES	(SIM_NODES * SHB_NR_KINDS)

/* Everything a state is built of. Options fill it in, or a file does. */
struct sim_machine {
	char			profile[32];
	struct shb_topology	topo;
	struct shb_plan_zone	zones[SIM_ZONES];
	int			nr_zones;
	u8			kinds;
	bool			hugepages;
	const struct shb_format	*format;	/* NULL: that of the profile's kernel */
	struct shb_format	read_format;	/* what @format points to when a file had one */
	char			*tunables;	/* lines "name value", in the order of the file */
	char			error[256];	/* "where: word: what is accepted" */

	unsigned long		next_pfn;	/* where the next zone may begin */
	const char		*name;		/* of the file */
	char			*text;		/* of the file; its words stand in it */
	char			*snapshot;	/* its part from the first snapshot on, or NULL */
	int			snapshot_line;

	bool			boots;		/* --boot: its zones come from a memory map */
	bool			early;		/* --early: before what is deferred comes */
	bool			appended;	/* --append: parameters of the kernel */
	bool			profile_given;	/* by --profile; otherwise a log says */
	bool			reserved_in_part;	/* the map does not tell all that is reserved */
	struct shb_ranges	cuts;		/* mem=, memmap=: no memory */
	struct shb_boot_map	map;
	struct shb_boot_options	boot_options;
	struct shb_boot		boot;
	struct shb_plan_zone	*boot_zones;
	int			nr_boot_zones;
};

struct sim_machine *sim_machine_new(void);
void sim_machine_free(struct sim_machine *m);
int sim_machine_cpus(struct sim_machine *m, const char *text);
int sim_machine_node(struct sim_machine *m, const char *text);
int sim_machine_distance(struct sim_machine *m, const char *text);
int sim_machine_read(struct sim_machine *m, const char *path);
int sim_machine_parse(struct sim_machine *m, const char *name, char *text);
__printf(3, 4) int sim_machine_refuse(struct sim_machine *m, const char *word, const char *fmt, ...);
struct shb_state *sim_machine_build(struct sim_machine *m);

const struct shb_format *sim_format(const char *profile);

#endif
