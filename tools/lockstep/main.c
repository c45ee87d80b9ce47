// SPDX-License-Identifier: GPL-2.0-only
/*
 * shadowbuddy_lockstep: drives a zone of the live kernel and a shadow of it with the
 * same operations and compares everything after each. For tests only.
 *
 *     /sys/kernel/debug/shadowbuddy_lockstep/
 *         run      write: what to do, as "scenario=NAME node=N seed=N ops=N"
 *         marks    write: tunables, as "min_free_kbytes=N ..."; compares what follows from them
 *         obstacles write: "node=N seed=N count=N"; the kernel holds so many blocks more, 0: none
 *         onlined  write: "node=N"; a zone that just came online against boot's rule
 *         result   what the last write found
 *
 * A write returns when the work is done: 0 when all is identical, EBUSY when somebody
 * else used the zone, EUCLEAN when something differs, ENODEV without a suitable zone.
 *
 * The allocator is linked in, as in the suites, so that nothing is exported for tests.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "drain.h"
#include "format.h"
#include "glue/compat.h"
#include "glue/import.h"
#include "glue/topology.h"
#include "host.h"
#include "names.h"
#include "place.h"
#include "pressure/compact.h"
#include "pressure/direct.h"
#include "pressure/slowpath.h"
#include "profiles/profiles.h"
#include "serve.h"
#include "snapshot.h"
#include "state.h"
#include "trace.h"
#include "tune.h"
#include "zones.h"

#include "report.h"
#include "scenarios.h"
#include "foreign.c"
#include "reference.c"
#include "marks.c"
#include "driver.c"
#include "onlined.c"

static DEFINE_MUTEX(run_mutex);
static struct report report;
static struct dentry *root;

static ssize_t write_and_run(const char __user *buf, size_t len,
			     int (*run)(char *text, struct report *r))
{
	char *text;
	int err;

	if (len > 1024)
		return -E2BIG;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&run_mutex);
	report.len = 0;
	err = run(strim(text), &report);
	mutex_unlock(&run_mutex);
	kfree(text);
	return err ?: len;
}

static ssize_t write_run(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return write_and_run(buf, len, lockstep_run);
}

static ssize_t write_marks(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return write_and_run(buf, len, lockstep_marks);
}

static ssize_t write_onlined(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return write_and_run(buf, len, lockstep_onlined);
}

static ssize_t write_obstacles(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return write_and_run(buf, len, lockstep_obstacles);
}

static const struct file_operations obstacles_fops = { .owner = THIS_MODULE, .write = write_obstacles };
static const struct file_operations onlined_fops = { .owner = THIS_MODULE, .write = write_onlined };
static const struct file_operations run_fops = { .owner = THIS_MODULE, .write = write_run };
static const struct file_operations marks_fops = { .owner = THIS_MODULE, .write = write_marks };

static int result_show(struct seq_file *m, void *v)
{
	mutex_lock(&run_mutex);
	seq_write(m, report.text, report.len);
	mutex_unlock(&run_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

static int __init lockstep_init(void)
{
	int err = probes_start(foreign_probes);

	if (err)
		return err;
	root = debugfs_create_dir("shadowbuddy_lockstep", NULL);
	debugfs_create_file("run", 0200, root, NULL, &run_fops);
	debugfs_create_file("marks", 0200, root, NULL, &marks_fops);
	debugfs_create_file("obstacles", 0200, root, NULL, &obstacles_fops);
	debugfs_create_file("onlined", 0200, root, NULL, &onlined_fops);
	debugfs_create_file("result", 0444, root, NULL, &result_fops);
	return 0;
}

static void __exit lockstep_exit(void)
{
	debugfs_remove(root);
	free_obstacles();
	probes_stop(foreign_probes, NULL);
}

module_init(lockstep_init);
module_exit(lockstep_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Lockstep of shadowbuddy with a zone of the running kernel (tests only)");
