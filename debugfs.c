// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files under /sys/kernel/debug/shadowbuddy: tables of {name, mode, show, write}
 * and one loop that creates them.
 *
 * State files are 0444 without ioctl or mmap, so they stay readable under lockdown.
 * What can be written here can also be written to a module parameter.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "show.h"
#include "tune.h"

struct file_row {
	const char	*name;
	umode_t		mode;
	int		(*show)(struct shb_state *s, struct seq_file *m);
	const struct seq_operations *list;
};

static const struct file_row top_files[] = {
	{ "buddyinfo", 0444, shb_show_buddyinfo },
	{ "pagetypeinfo", 0444, shb_show_pagetypeinfo },
	{ "zoneinfo", 0444, shb_show_zoneinfo },
	{ "vmstat", 0444, shb_show_vmstat },
	{ "pcp", 0444, shb_show_pcp },
	{ "zonelists", 0444, shb_show_zonelists },
	{ "meta", 0444, shb_show_meta },
	{ "selfcheck", 0444, shb_show_selfcheck },
	{ "carve", 0444, .list = &shb_show_carve },
	{ "freelists", 0444, .list = &shb_show_freelists },
	{ "pageblocks", 0444, .list = &shb_show_pageblocks },
	{ }
};

static const struct file_row extfrag_files[] = {
	{ "unusable_index", 0444, shb_show_unusable_index },
	{ "extfrag_index", 0444, shb_show_extfrag_index },
	{ }
};

static struct dentry *root;
static struct shb_state *state;
static struct shb_ctl *commands;

static int show_row(struct seq_file *m, void *v)
{
	const struct file_row *row = m->private;

	return row->show(state, m);
}

static int open_row(struct inode *inode, struct file *file)
{
	const struct file_row *row = inode->i_private;
	struct shb_show_cursor *cursor;

	if (!row->list)
		return single_open(file, show_row, inode->i_private);
	cursor = __seq_open_private(file, row->list, sizeof(*cursor));
	if (!cursor)
		return -ENOMEM;
	cursor->s = state;
	return 0;
}

static int release_row(struct inode *inode, struct file *file)
{
	const struct file_row *row = inode->i_private;

	return row->list ? seq_release_private(inode, file) : single_release(inode, file);
}

static const struct file_operations row_fops = {
	.owner = THIS_MODULE, .open = open_row, .read = seq_read, .llseek = seq_lseek,
	.release = release_row,
};

/* --- tunables ----------------------------------------------------------------------------------- */

static int show_knob(struct seq_file *m, void *v)
{
	return shb_tune_show(state, (long)m->private, m);
}

static int open_knob(struct inode *inode, struct file *file)
{
	return single_open(file, show_knob, inode->i_private);
}

/* The text of a write as a string; at most @max bytes. */
static char *text_from_user(const char __user *buf, size_t len, size_t max)
{
	if (len > max)
		return ERR_PTR(-E2BIG);
	return memdup_user_nul(buf, len);
}

static ssize_t write_knob(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	char error[SHB_TUNE_ERROR] = "expected numbers, found a NUL";
	char *text = text_from_user(buf, len, 256);
	long knob = (long)m->private;
	int err = -EINVAL;

	if (IS_ERR(text))
		return PTR_ERR(text);
	if (strlen(text) == len)
		err = shb_tune_write(state, knob, text, error);
	if (err == -EINVAL)
		pr_notice_ratelimited("%s: %s\n", shb_tune_name(knob), error);
	kfree(text);
	return err ?: len;
}

static const struct file_operations knob_fops = {
	.owner = THIS_MODULE, .open = open_knob, .read = seq_read, .write = write_knob,
	.llseek = seq_lseek, .release = single_release,
};

/* --- commands ----------------------------------------------------------------------------------- */

static ssize_t write_ctl(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *text = text_from_user(buf, len, 2 * SHB_CTL_TEXT);
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	err = shb_ctl_run(commands, text, len);
	kfree(text);
	return err ?: len;
}

static int show_ctl(struct seq_file *m, void *v)
{
	return shb_ctl_show(commands, m);
}

static int open_ctl(struct inode *inode, struct file *file)
{
	return single_open(file, show_ctl, NULL);
}

static const struct file_operations ctl_fops = {
	.owner = THIS_MODULE, .open = open_ctl, .read = seq_read, .write = write_ctl,
	.llseek = seq_lseek, .release = single_release,
};

static int open_tags(struct inode *inode, struct file *file)
{
	struct shb_tag_cursor *cursor = __seq_open_private(file, &shb_ctl_tags, sizeof(*cursor));

	if (!cursor)
		return -ENOMEM;
	cursor->ctl = commands;
	return 0;
}

static const struct file_operations tags_fops = {
	.owner = THIS_MODULE, .open = open_tags, .read = seq_read, .llseek = seq_lseek,
	.release = seq_release_private,
};

/* --- creation ----------------------------------------------------------------------------------- */

static int create_rows(struct dentry *dir, const struct file_row *row)
{
	for (; row->name; row++) {
		struct dentry *file = debugfs_create_file(row->name, row->mode, dir,
							  (void *)row, &row_fops);

		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	return 0;
}

static int create_knobs(struct dentry *dir)
{
	struct dentry *file;
	long knob;

	for (knob = 0; shb_tune_name(knob); knob++) {
		if (!shb_tune_has(state, knob))
			continue;
		file = debugfs_create_file(shb_tune_name(knob), 0644, dir, (void *)knob,
					   &knob_fops);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	return 0;
}

static int create_files(void)
{
	struct dentry *dir, *file;
	int err;

	err = create_rows(root, top_files);
	if (err)
		return err;
	dir = debugfs_create_dir("extfrag", root);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	err = create_rows(dir, extfrag_files);
	if (err)
		return err;
	dir = debugfs_create_dir("sysctl", root);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	err = create_knobs(dir);
	if (err)
		return err;
	file = debugfs_create_file("tags", 0444, root, NULL, &tags_fops);
	if (IS_ERR(file))
		return PTR_ERR(file);
	file = debugfs_create_file("ctl", 0600, root, NULL, &ctl_fops);
	return PTR_ERR_OR_ZERO(file);
}

/**
 * shb_debugfs_create() - make the directory and all files
 * @s: state they show; one at a time
 * @ctl: commands the file ctl runs
 *
 * A kernel without debugfs, or one that does not allow it, is no error: the module
 * parameters work all the same.
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno; on failure nothing remains.
 */
int shb_debugfs_create(struct shb_state *s, struct shb_ctl *ctl)
{
	int err;

	state = s;
	commands = ctl;
	root = debugfs_create_dir("shadowbuddy", NULL);
	err = PTR_ERR_OR_ZERO(root);
	if (err == -ENODEV || err == -EPERM) {
		pr_notice("debugfs is not available; use the module parameters\n");
		root = NULL;
		return 0;
	}
	if (err)
		return err;
	err = create_files();
	if (err)
		debugfs_remove(root);
	return err;
}

/**
 * shb_debugfs_remove() - remove the directory; waits for readers
 *
 * Context: process context, sleeps.
 */
void shb_debugfs_remove(void)
{
	debugfs_remove(root);
	root = NULL;
}
