/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_MMFLAGS_H
#define SIM_MMFLAGS_H

#define show_gfp_flags(flags)	sim_gfp_text(flags)

#endif
