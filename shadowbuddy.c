// SPDX-License-Identifier: GPL-2.0-only
/* Module glue: parameters, init, exit. */
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "glue/instance.h"
#include "profiles/profiles.h"
#include "version.h"

static char *carve = "auto";
module_param(carve, charp, 0444);
MODULE_PARM_DESC(carve, "What to take from the kernel: auto, or node:zone:size,... with * for any node or zone (0:DMA32:64M,1:Normal:256M)");

static char *split = "";
module_param(split, charp, 0444);
MODULE_PARM_DESC(split, "Give a node more zones than it has: node:zone:size,... from the lowest memory up; the rest is Normal (0:DMA:4M,0:DMA32:60M)");

static char *cma = "";
module_param(cma, charp, 0444);
MODULE_PARM_DESC(cma, "Make the highest part of a zone a CMA region: node:zone:size,...");

static char *profile = "";
module_param(profile, charp, 0444);
MODULE_PARM_DESC(profile, "Decide as this release: " SHB_PROFILE_NAMES "; default: as the running kernel");

static bool model;
module_param(model, bool, 0444);
MODULE_PARM_DESC(model, "Take no memory: show what the formulas make of this machine's own zones; sysctl/ says what a tunable would do");

static unsigned int ring_records = 65536;
module_param(ring_records, uint, 0444);
MODULE_PARM_DESC(ring_records, "Room for what happens on a cpu until it is read, when the kernel is followed: a power of two; 24 bytes each");

static int set_ctl(const char *text, const struct kernel_param *kp)
{
	return shb_instance_command(text);
}

static const struct kernel_param_ops ctl_ops = { .set = set_ctl };
module_param_cb(ctl, &ctl_ops, NULL, 0200);
MODULE_PARM_DESC(ctl, "Commands, as in the debugfs file ctl; works under lockdown, too");

static int __init shadowbuddy_init(void)
{
	const struct shb_params params = {
		.carve = carve, .split = split, .cma = cma, .profile = profile,
		.model = model, .ring_records = ring_records,
	};

	return shb_instance_start(&params);
}

static void __exit shadowbuddy_exit(void)
{
	shb_instance_stop();
}

module_init(shadowbuddy_init);
module_exit(shadowbuddy_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The shadowbuddy developers");
MODULE_DESCRIPTION("Instrumented shadow page allocator on memory carved from the live kernel");
MODULE_VERSION(SHB_VERSION);
