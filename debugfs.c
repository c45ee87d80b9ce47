// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files under /sys/kernel/debug/shadowbuddy: the tables of show/ and ctl/, the tunables,
 * and the loops that create them.
 *
 * State files are 0444 without ioctl or mmap, so they stay readable under lockdown.
 * What can be written here can also be written to a module parameter.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "become.h"
#include "ctl/ctl.h"
#include "debugfs.h"
#include "glue/follow.h"
#include "show/show.h"
#include "tune.h"

/* What a file shows, and of whom. A release may come later than the node's end. */
struct shb_file_node {
	struct shb_files		*files;
	const struct shb_show_file	*row;
	int				knob;
};

static int show_row(struct seq_file *m, void *v)
{
	const struct shb_file_node *node = m->private;
	struct mutex *quiet = node->files->quiet;
	int err;

	if (quiet)
		mutex_lock(quiet);
	down_read(&node->files->s->becoming);
	err = node->row->show(node->files->s, m);
	up_read(&node->files->s->becoming);
	if (quiet)
		mutex_unlock(quiet);
	return err;
}

static int open_row(struct inode *inode, struct file *file)
{
	return single_open(file, show_row, inode->i_private);
}

static const struct file_operations row_fops = {
	.owner = THIS_MODULE, .open = open_row, .read = seq_read, .llseek = seq_lseek,
	.release = single_release,
};

static int open_list(struct inode *inode, struct file *file)
{
	const struct shb_file_node *node = inode->i_private;
	struct shb_show_cursor *cursor;

	cursor = __seq_open_private(file, node->row->list, sizeof(*cursor));
	if (!cursor)
		return -ENOMEM;
	cursor->s = node->files->s;
	cursor->ctl = node->files->ctl;
	return 0;
}

static const struct file_operations list_fops = {
	.owner = THIS_MODULE, .open = open_list, .read = seq_read, .llseek = seq_lseek,
	.release = seq_release_private,
};

/* --- tunables ----------------------------------------------------------------------------------- */

static int show_knob(struct seq_file *m, void *v)
{
	const struct shb_file_node *node = m->private;

	return shb_tune_show(node->files->s, node->knob, m);
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
	const struct shb_file_node *node = m->private;
	int err = -EINVAL;

	if (IS_ERR(text))
		return PTR_ERR(text);
	if (strlen(text) == len)
		err = shb_become_tuned(node->files->s, node->knob, text, error);
	if (err == -EINVAL)
		pr_notice_ratelimited("%s: %s\n", shb_tune_name(node->knob), error);
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
	err = shb_ctl_run(((struct seq_file *)file->private_data)->private, text, len);
	kfree(text);
	return err ?: len;
}

static int show_ctl(struct seq_file *m, void *v)
{
	return shb_ctl_show(m->private, m);
}

static int open_ctl(struct inode *inode, struct file *file)
{
	return single_open(file, show_ctl, inode->i_private);
}

static const struct file_operations ctl_fops = {
	.owner = THIS_MODULE, .open = open_ctl, .read = seq_read, .write = write_ctl,
	.llseek = seq_lseek, .release = single_release,
};

/* --- following the live kernel ------------------------------------------------------------------ */

static int follow_show(struct seq_file *m, void *v)
{
	shb_follow_show(m->private, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(follow);

static int compare_show(struct seq_file *m, void *v)
{
	shb_follow_compare(m->private, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(compare);

static int curve_show(struct seq_file *m, void *v)
{
	shb_follow_curve(m->private, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(curve);

/* Who reads a recording, and which. */
struct reader {
	struct shb_stream	*stream;
	u32			number;
};

static int open_recording(struct inode *inode, struct file *file)
{
	struct shb_follow *follow = inode->i_private;
	struct reader *r = kmalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return -ENOMEM;
	*r = (struct reader){ .stream = &follow->stream, .number = READ_ONCE(follow->stream.number) };
	file->private_data = r;
	return nonseekable_open(inode, file);
}

static int release_recording(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t read_recording(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	const struct reader *r = file->private_data;

	return shb_stream_read(r->stream, &r->number, buf, len, !(file->f_flags & O_NONBLOCK));
}

static const struct file_operations recording_fops = {
	.owner = THIS_MODULE, .open = open_recording, .read = read_recording,
	.release = release_recording,
};

/* --- creation ----------------------------------------------------------------------------------- */

/* The last is only for the state that commands work on. */
static const struct shb_show_file *const tables[] = {
	shb_show_kernel_files, shb_show_own_files, shb_show_list_files, shb_show_machine_files,
	shb_ctl_files,
};

static int create(const char *name, umode_t mode, struct dentry *dir, void *data,
		  const struct file_operations *fops)
{
	return PTR_ERR_OR_ZERO(debugfs_create_file(name, mode, dir, data, fops));
}

/* Directories come into being with the first file that lies in one. */
static struct dentry *directory_of(struct shb_files *f, const char *name)
{
	const char *slash = strchr(name, '/');
	char dir[16];

	if (!slash)
		return f->root;
	strscpy(dir, name, min_t(size_t, sizeof(dir), slash - name + 1));
	if (IS_ERR_OR_NULL(f->extfrag))
		f->extfrag = debugfs_create_dir(dir, f->root);
	return f->extfrag;
}

static int create_table(struct shb_files *f, const struct shb_show_file *row,
			struct shb_file_node *node)
{
	const char *slash;
	int err = 0;

	for (; row->name && !err; row++, node++) {
		struct dentry *dir = directory_of(f, row->name);

		*node = (struct shb_file_node){ .files = f, .row = row };
		slash = strchr(row->name, '/');
		err = PTR_ERR_OR_ZERO(dir) ?:
		      create(slash ? slash + 1 : row->name, 0444, dir, node,
			     row->list ? &list_fops : &row_fops);
	}
	return err;
}

static int create_knobs(struct shb_files *f, struct shb_file_node *node)
{
	struct dentry *dir = debugfs_create_dir("sysctl", f->root);
	int knob, err = PTR_ERR_OR_ZERO(dir);

	for (knob = 0; shb_tune_name(knob) && !err; knob++) {
		if (!shb_tune_has(f->s, knob))
			continue;
		*node = (struct shb_file_node){ .files = f, .knob = knob };
		err = create(shb_tune_name(knob), 0644, dir, node++, &knob_fops);
	}
	return err;
}

static int create_follow(struct shb_files *f)
{
	return create("follow", 0444, f->root, f->follow, &follow_fops) ?:
	       create("compare", 0444, f->root, f->follow, &compare_fops) ?:
	       create("curve", 0444, f->root, f->follow, &curve_fops) ?:
	       create("recording", 0400, f->root, f->follow, &recording_fops);
}

static int rows_of(const struct shb_show_file *row)
{
	int nr = 0;

	while (row[nr].name)
		nr++;
	return nr;
}

/* The files of one state. */
static int create_state_files(struct shb_files *f)
{
	int k, err = 0, nr = 0, nr_tables = ARRAY_SIZE(tables) - !f->ctl;
	struct shb_file_node *node;

	for (k = 0; k < nr_tables; k++)
		nr += rows_of(tables[k]);
	for (k = 0; shb_tune_name(k); k++)
		nr++;
	f->nodes = kcalloc(nr, sizeof(*f->nodes), GFP_KERNEL);
	if (!f->nodes)
		return -ENOMEM;
	node = f->nodes;
	for (k = 0; k < nr_tables && !err; k++) {
		err = create_table(f, tables[k], node);
		node += rows_of(tables[k]);
	}
	return err ?: create_knobs(f, node);
}

static int create_files(struct shb_files *f)
{
	return create_state_files(f) ?: create("ctl", 0600, f->root, f->ctl, &ctl_fops) ?:
	       create_follow(f);
}

/**
 * shb_debugfs_create() - make the directory and all files
 * @f: out
 * @s: state they show
 * @ctl: commands the file ctl runs
 * @follow: who follows the live kernel
 *
 * A kernel without debugfs, or one that does not allow it, is no error: the module
 * parameters work all the same. Nor is a file that could not be made: another one may be
 * open by now, and its release needs a module that has come to stay.
 *
 * Context: process context, sleeps.
 * Return: 0 or -errno; on failure there is not even a directory.
 */
int shb_debugfs_create(struct shb_files *f, struct shb_state *s, struct shb_ctl *ctl,
		       struct shb_follow *follow)
{
	int err;

	*f = (struct shb_files){ .s = s, .ctl = ctl, .follow = follow };
	f->root = debugfs_create_dir("shadowbuddy", NULL);
	err = PTR_ERR_OR_ZERO(f->root);
	if (err == -ENODEV || err == -EPERM) {
		pr_notice("debugfs is not available; use the module parameters\n");
		f->root = NULL;
		return 0;
	}
	if (err)
		return err;
	err = create_files(f);
	if (err)
		pr_warn("not all files could be made (error %d); use the module parameters\n", err);
	return 0;
}

/**
 * shb_debugfs_remove() - remove the directory; waits for readers
 *
 * Context: process context, sleeps.
 */
void shb_debugfs_remove(struct shb_files *f)
{
	debugfs_remove(f->root);
	kfree(f->nodes);
}

static int add_state(struct shb_files *f, struct dentry *dir, struct shb_state *s)
{
	struct shb_files *one = &f->states[f->nr_states++];

	*one = (struct shb_files){ .s = s, .root = dir, .quiet = &f->follow->reading };
	return PTR_ERR_OR_ZERO(dir) ?: create_state_files(one);
}

/**
 * shb_debugfs_add_states() - directories for the mirror, the candidates and the predictor
 *
 * What cannot be made is not there, and a line says so; following goes on without.
 *
 * Context: process context, sleeps; following is on and stays so.
 */
void shb_debugfs_add_states(struct shb_files *f)
{
	struct shb_traffic *t = f->follow->t;
	int n, err;

	if (!f->root)
		return;
	f->states = kcalloc(t->nr + 2, sizeof(*f->states), GFP_KERNEL);
	if (!f->states)
		return;
	f->mirror = debugfs_create_dir("mirror", f->root);
	f->candidates = debugfs_create_dir("candidates", f->root);
	err = PTR_ERR_OR_ZERO(f->mirror) ?: PTR_ERR_OR_ZERO(f->candidates) ?:
	      add_state(f, f->mirror, t->mirror);
	for (n = 0; n < t->nr && !err; n++)
		err = add_state(f, debugfs_create_dir(t->candidates[n].name, f->candidates),
				t->candidates[n].s);
	if (!err && t->predictor.s) {
		f->predictor = debugfs_create_dir("predictor", f->root);
		err = add_state(f, f->predictor, t->predictor.s);
	}
	if (err)
		pr_warn("follow: not all files could be made (error %d)\n", err);
}

/**
 * shb_debugfs_remove_states() - remove them; waits for readers
 *
 * Context: process context, sleeps; following is still on.
 */
void shb_debugfs_remove_states(struct shb_files *f)
{
	if (!f->states)
		return;
	debugfs_remove(f->mirror);
	debugfs_remove(f->candidates);
	debugfs_remove(f->predictor);
	f->predictor = NULL;
	while (f->nr_states)
		kfree(f->states[--f->nr_states].nodes);
	kfree(f->states);
	f->states = NULL;
}
