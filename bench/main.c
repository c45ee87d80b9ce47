// SPDX-License-Identifier: GPL-2.0-only
/*
 * shadowbuddy_bench: the kernel's allocator and shadowbuddy's in the same boot, in turns.
 *
 *     round 1: kernel, shadow, empty    round 2: kernel, shadow, empty    ...
 *
 * A round is one kthread on each cpu, started together. A cell is a workload, an order
 * and a number of cpus; its figures are medians over the rounds, less the empty loop.
 * A ratio is taken inside a round, so that a slow moment of the machine hits both sides.
 *
 *     /sys/kernel/debug/shadowbuddy_bench/
 *         run      write: "[workload=NAME] [order=N] [cpus=N] [rounds=N]"; returns when done
 *         table    for people
 *         results  tab-separated: workload order cpus real_ns shadow_ns ratio min max
 *         floors   read: what locks, interrupts and lists cost here; see floors.c
 *         age      read: fragmentation after ageing; see age.c
 *         contig   write: pfns; time of bare alloc_contig_range() over those granules
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/prandom.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "glue/compat.h"
#include "shadowbuddy.h"
#include "bench/age.h"
#include "bench/bench.h"

#define MAX_ROUNDS	31
#define MAX_CELLS	512
#define GRANULE		1024UL
#define MAX_HELD	4096

static int pages;
module_param(pages, int, 0444);
MODULE_PARM_DESC(pages, "Pages of the shadow's zone; both sides use as many");

struct cell {
	const struct workload	*workload;
	int			order, cpus, rounds;
	u32			ps[NR_SIDES][MAX_ROUNDS];	/* picoseconds a pair */
	int			switched;	/* rounds in which a thread was preempted */
};

static struct cell cells[MAX_CELLS];
static int nr_cells;
static DEFINE_MUTEX(bench_mutex);
static struct page **blocks;
static u8 *orders;
static struct draw *draws;

/* --- threads -------------------------------------------------------------------------------- */

static struct {
	int		cpus;
	atomic_t	waiting, generation;
} gate;

void bench_gate(void)
{
	int generation = atomic_read(&gate.generation);

	if (atomic_inc_return(&gate.waiting) == gate.cpus) {
		atomic_set(&gate.waiting, 0);
		atomic_inc(&gate.generation);
		return;
	}
	while (atomic_read(&gate.generation) == generation)
		cpu_relax();
}

struct thread {
	struct work		work;
	const struct workload	*workload;
	bool			switched;
	struct completion	done;
};

static int thread_fn(void *arg)
{
	struct thread *t = arg;
	unsigned long switches = current->nivcsw;

	t->workload->run(&t->work);
	t->switched = current->nivcsw != switches;
	complete(&t->done);
	return 0;
}

static void set_up(struct thread *t, const struct cell *c, enum server side, int cpu)
{
	u32 share = (c->workload->every_order ? (u32)pages : 2 * (u32)pages) / c->cpus;

	*t = (struct thread){ .workload = c->workload, .work = {
		.side = side, .order = c->order, .cpu = cpu, .cpus = c->cpus,
		.pages = blocks, .orders = orders, .draws = draws,
	} };
	init_completion(&t->done);
	t->work.nr = c->workload->pairs(&t->work, pages);
	t->work.all = t->work.nr * c->cpus;
	t->work.first = cpu * t->work.nr;
	if (c->workload->every_order)
		return;
	/* Mixed: 60 % of the pages; a block of order 0 to 4 has 6.2 on average. */
	t->work.first = cpu * share;
	t->work.held = !strcmp(c->workload->name, "mixed") ? pages * 3 / 31 / c->cpus :
							     share - t->work.nr;
}

/* One side of one round. Return: picoseconds a pair, or -errno. */
static long run_side(struct cell *c, enum server side)
{
	struct thread *threads = kcalloc(c->cpus, sizeof(*threads), GFP_KERNEL);
	struct task_struct **tasks = kcalloc(c->cpus, sizeof(*tasks), GFP_KERNEL);
	u64 ns = 0, done = 0;
	int cpu, err = -ENOMEM;

	if (!threads || !tasks)
		goto free;
	gate.cpus = c->cpus;
	atomic_set(&gate.waiting, 0);
	for (cpu = 0; cpu < c->cpus; cpu++) {
		set_up(&threads[cpu], c, side, cpu);
		tasks[cpu] = kthread_create_on_cpu(thread_fn, &threads[cpu], cpu, "bench/%u");
		if (IS_ERR(tasks[cpu])) {
			err = PTR_ERR(tasks[cpu]);
			while (cpu--)
				kthread_stop(tasks[cpu]);
			goto free;
		}
	}
	for (cpu = 0; cpu < c->cpus; cpu++)
		wake_up_process(tasks[cpu]);
	for (cpu = 0; cpu < c->cpus; cpu++) {
		wait_for_completion(&threads[cpu].done);
		ns += threads[cpu].work.ns;
		done += threads[cpu].work.done;
		c->switched += threads[cpu].switched;
	}
	err = done ? 0 : -ENOMEM;
free:
	kfree(tasks);
	kfree(threads);
	return err ?: (long)div64_u64(ns * 1000, done);
}

/* --- equal split depth -------------------------------------------------------------------------- */

/*
 * How far the kernel splits for a block depends on what smaller blocks lie about. They
 * are held while a cell runs whose orders come from the zone, so that both sides take
 * apart a block of order 10.
 */
static struct { struct page *page; int order; } held[MAX_HELD];
static int nr_held;

static void hold_smaller(int order)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct zone *zone;
	int cur;

	if (!page)
		return;
	zone = page_zone(page);
	__free_page(page);
	for (cur = order; cur < 10; cur++) {
		struct list_head *list = &zone->free_area[cur].free_list[MIGRATE_UNMOVABLE];

		while (nr_held < MAX_HELD && !list_empty_careful(list)) {
			page = alloc_pages(GFP_KERNEL | __GFP_NORETRY, cur);
			if (!page)
				return;
			held[nr_held].page = page;
			held[nr_held++].order = cur;
		}
	}
}

static void release_smaller(void)
{
	while (nr_held--)
		__free_pages(held[nr_held].page, held[nr_held].order);
	nr_held = 0;
}

static int run_cell(const struct workload *w, int order, int cpus, int rounds)
{
	struct cell *c = &cells[nr_cells];
	int round, side;
	long ps;

	if (nr_cells == MAX_CELLS)
		return -ENOSPC;
	*c = (struct cell){ .workload = w, .order = order, .cpus = cpus, .rounds = rounds };
	for (round = 0; round < rounds; round++) {
		for (side = 0; side < NR_SIDES; side++) {
			if (side == REAL && order > PAGE_ALLOC_COSTLY_ORDER)
				hold_smaller(order);
			ps = run_side(c, side);
			release_smaller();
			if (ps < 0)
				return ps;
			c->ps[side][round] = ps;
			if (fatal_signal_pending(current))
				return -EINTR;
			cond_resched();
		}
	}
	nr_cells++;
	return 0;
}

/* --- what to run -------------------------------------------------------------------------------- */

static int run_words(char *text)
{
	static const int all_orders[] = { 0, 1, 2, 3, 4, 6, 9, 10 };
	int only_order = -1, only_cpus = 0, rounds = 7, k, n, cpus, err = 0;
	char name[16] = "", *word;

	while ((word = strsep(&text, " "))) {
		if (*word && sscanf(word, "workload=%15s", name) != 1 &&
		    sscanf(word, "order=%d", &only_order) != 1 &&
		    sscanf(word, "cpus=%d", &only_cpus) != 1 &&
		    sscanf(word, "rounds=%d", &rounds) != 1)
			return -EINVAL;
	}
	if (rounds < 1 || rounds > MAX_ROUNDS || only_cpus > (int)num_online_cpus())
		return -EINVAL;
	nr_cells = 0;
	for (k = 0; k < bench_nr_workloads; k++) {
		const struct workload *w = &bench_workloads[k];

		if (*name && strcmp(name, w->name))
			continue;
		for (n = 0; n < ARRAY_SIZE(all_orders); n++) {
			int order = all_orders[n];

			if (w->every_order ? only_order >= 0 && order != only_order : order)
				continue;
			for (cpus = 1; !err && cpus <= num_online_cpus(); cpus++)
				if (!only_cpus || cpus == only_cpus)
					err = run_cell(w, order, cpus, rounds);
		}
	}
	return err;
}

static char *text_of(const char __user *buf, size_t len, size_t max)
{
	return len > max ? ERR_PTR(-E2BIG) : memdup_user_nul(buf, len);
}

static ssize_t write_run(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *text = text_of(buf, len, 256);
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&bench_mutex);
	err = run_words(strim(text));
	mutex_unlock(&bench_mutex);
	kfree(text);
	return err ?: len;
}

static const struct file_operations run_fops = { .owner = THIS_MODULE, .write = write_run };

/* --- figures ------------------------------------------------------------------------------------ */

static int compare_u32(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

struct summary { u32 median, min, max; };

static struct summary summarize(const u32 *values, int nr)
{
	u32 sorted[MAX_ROUNDS];

	memcpy(sorted, values, nr * sizeof(*values));
	sort(sorted, nr, sizeof(*sorted), compare_u32, NULL);
	return (struct summary){ sorted[nr / 2], sorted[0], sorted[nr - 1] };
}

struct figures {
	struct summary real, shadow, ratio;	/* picoseconds; ratio in thousandths */
	u32 empty;
};

static struct figures figures_of(const struct cell *c)
{
	u32 ratios[MAX_ROUNDS], values[MAX_ROUNDS];
	struct figures f = { .empty = summarize(c->ps[EMPTY], c->rounds).median };
	int r, side;

	for (side = REAL; side <= SHADOW; side++) {
		for (r = 0; r < c->rounds; r++)
			values[r] = c->ps[side][r] - min(c->ps[side][r], f.empty);
		*(side == REAL ? &f.real : &f.shadow) = summarize(values, c->rounds);
	}
	for (r = 0; r < c->rounds; r++) {
		u32 real = max(c->ps[REAL][r] - min(c->ps[REAL][r], f.empty), 1U);

		ratios[r] = div_u64((c->ps[SHADOW][r] - min(c->ps[SHADOW][r], f.empty)) * 1000ULL,
				    real);
	}
	f.ratio = summarize(ratios, c->rounds);
	return f;
}

/* A number in thousandths, as a decimal with so many places. */
static void put(struct seq_file *m, int width, u32 thousandths, int places)
{
	u32 rest = thousandths % 1000;

	seq_printf(m, "%*u.%0*u", width, thousandths / 1000, places, places == 2 ? rest / 10 : rest);
}

static void put_range(struct seq_file *m, const struct summary *f, int width, int places)
{
	put(m, width, f->median, places);
	seq_puts(m, " [");
	put(m, width, f->min, places);
	seq_puts(m, "..");
	put(m, width, f->max, places);
	seq_puts(m, "] ");
}

static int results_show(struct seq_file *m, void *v)
{
	int n;

	mutex_lock(&bench_mutex);
	seq_puts(m, "workload\torder\tcpus\treal_ns\tshadow_ns\tratio\tmin\tmax\n");
	for (n = 0; n < nr_cells; n++) {
		const struct cell *c = &cells[n];
		struct figures f = figures_of(c);

		seq_printf(m, "%s\t%d\t%d\t", c->workload->name, c->order, c->cpus);
		put(m, 0, f.real.median, 2);
		seq_putc(m, '\t');
		put(m, 0, f.shadow.median, 2);
		seq_putc(m, '\t');
		put(m, 0, f.ratio.median, 3);
		seq_putc(m, '\t');
		put(m, 0, f.ratio.min, 3);
		seq_putc(m, '\t');
		put(m, 0, f.ratio.max, 3);
		seq_putc(m, '\n');
	}
	mutex_unlock(&bench_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static int table_show(struct seq_file *m, void *v)
{
	int n;

	mutex_lock(&bench_mutex);
	seq_printf(m, "ns for an allocation and its free, median [min..max] of %d rounds, less the empty loop;\n",
		   nr_cells ? cells[0].rounds : 0);
	seq_puts(m, "* a thread was preempted in a round\n\n");
	seq_printf(m, "%-9s %5s %4s   %-27s  %-27s  %-21s  %s\n", "workload", "order", "cpus",
		   "Linux", "shadowbuddy", "ratio", "loop");
	for (n = 0; n < nr_cells; n++) {
		const struct cell *c = &cells[n];
		struct figures f = figures_of(c);

		seq_printf(m, "%-9s %5d %4d ", c->workload->name, c->order, c->cpus);
		put_range(m, &f.real, 5, 2);
		put_range(m, &f.shadow, 5, 2);
		put_range(m, &f.ratio, 1, 3);
		put(m, 2, f.empty, 2);
		seq_printf(m, "%s\n", c->switched ? " *" : "");
	}
	mutex_unlock(&bench_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(table);

static int floors_show(struct seq_file *m, void *v)
{
	bench_floors(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(floors);

/* --- ageing ------------------------------------------------------------------------------------------ */

#define AGE_GFP	((GFP_HIGHUSER_MOVABLE & ~__GFP_RECLAIM) | __GFP_NOWARN | __GFP_NOMEMALLOC)

static unsigned long pfn_of(struct page *page)
{
	return page ? page_to_pfn(page) : AGE_NO_PAGE;
}

static unsigned long take_real(void *arg)
{
	return pfn_of(alloc_pages(AGE_GFP, 0));
}

static void give_real(void *arg, unsigned long pfn)
{
	__free_pages(pfn_to_page(pfn), 0);
}

static unsigned long take_shadow(void *arg)
{
	return pfn_of(shb_alloc_pages(AGE_GFP, 0));
}

static void give_shadow(void *arg, unsigned long pfn)
{
	shb_free_pages(pfn_to_page(pfn), 0);
}

static void show_age(struct seq_file *m, const char *name, int point, const struct age_point *at)
{
	u32 blocks = max(at->blocks, 1U);

	seq_printf(m, "%5d  %-11s %11u %6u %8llu.%llu\n", age_rounds[point], name, at->blocks, at->free,
		   div_u64(at->moves, blocks), div_u64(at->moves * 10, blocks) % 10);
}

/* The kernel's side is filled until it has no more, or twice as many as the shadow's zone has. */
static int age_show(struct seq_file *m, void *v)
{
	static const struct age_side real = { take_real, give_real }, shadow = { take_shadow, give_shadow };
	struct age_point kernel[AGE_POINTS], ours[AGE_POINTS];
	int err, p;

	mutex_lock(&bench_mutex);
	err = age_run(&real, 2 * pages, kernel) ?: age_run(&shadow, pages, ours);
	mutex_unlock(&bench_mutex);
	if (err)
		return err;
	seq_puts(m, "round  side          2M blocks   free  moves a block\n");
	for (p = 0; p < AGE_POINTS; p++) {
		show_age(m, "Linux", p, &kernel[p]);
		show_age(m, "shadowbuddy", p, &ours[p]);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(age);

/* --- bare alloc_contig_range() -------------------------------------------------------------------- */

static struct { unsigned long granules, failed; u64 ns; } contig;

static int take_granules(char *text)
{
	unsigned long *pfns = kvmalloc_array(strlen(text) / 2 + 1, sizeof(*pfns), GFP_KERNEL), nr, k;
	char *word;
	int err = pfns ? 0 : -ENOMEM;
	u64 start;

	for (nr = 0; !err && (word = strsep(&text, " "));)
		if (*word)
			err = kstrtoul(word, 0, &pfns[nr++]);
	memset(&contig, 0, sizeof(contig));
	start = ktime_get_ns();
	for (k = 0; !err && k < nr; k++) {
		if (alloc_contig_range(pfns[k], pfns[k] + GRANULE, ACR_FLAGS_NONE,
				       GFP_KERNEL | __GFP_NOWARN)) {
			pfns[k] = 0;
			contig.failed++;
		}
	}
	contig.ns = ktime_get_ns() - start;
	contig.granules = err ? 0 : nr;
	for (k = 0; !err && k < nr; k++)
		if (pfns[k])
			free_contig_range(pfns[k], GRANULE);
	kvfree(pfns);
	return err;
}

static ssize_t write_contig(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *text = text_of(buf, len, 1 << 20);
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&bench_mutex);
	err = take_granules(text);
	mutex_unlock(&bench_mutex);
	kfree(text);
	return err ?: len;
}

static int contig_show(struct seq_file *m, void *v)
{
	seq_printf(m, "granules %lu failed %lu ns %llu\n", contig.granules, contig.failed,
		   contig.ns);
	return 0;
}

static int open_contig(struct inode *inode, struct file *file)
{
	return single_open(file, contig_show, NULL);
}

static const struct file_operations contig_fops = {
	.owner = THIS_MODULE, .open = open_contig, .read = seq_read, .write = write_contig,
	.llseek = seq_lseek, .release = single_release,
};

/* --- module --------------------------------------------------------------------------------------- */

static struct dentry *root;

static void draw_all(void)
{
	struct rnd_state rnd;
	u32 n, held = pages * 3 / 31 / num_online_cpus();

	prandom_seed_state(&rnd, 1);
	for (n = 0; n < NR_DRAWS; n++)
		draws[n] = (struct draw){ .index = prandom_u32_state(&rnd) % held,
					  .order = prandom_u32_state(&rnd) % 5,
					  .type = prandom_u32_state(&rnd) % 3 };
}

static int __init bench_init(void)
{
	size_t nr;

	if (pages < 64 * GRANULE) {
		pr_err("pages: expected the size of the shadow's zone, at least 65536\n");
		return -EINVAL;
	}
	nr = max_t(size_t, 2 * pages, totalram_pages());
	blocks = vzalloc(nr * sizeof(*blocks));
	orders = vzalloc(nr);
	draws = vzalloc(NR_DRAWS * sizeof(*draws));
	if (!blocks || !orders || !draws) {
		vfree(blocks);
		vfree(orders);
		vfree(draws);
		return -ENOMEM;
	}
	draw_all();
	root = debugfs_create_dir("shadowbuddy_bench", NULL);
	debugfs_create_file("run", 0200, root, NULL, &run_fops);
	debugfs_create_file("table", 0444, root, NULL, &table_fops);
	debugfs_create_file("results", 0444, root, NULL, &results_fops);
	debugfs_create_file("floors", 0444, root, NULL, &floors_fops);
	debugfs_create_file("age", 0444, root, NULL, &age_fops);
	debugfs_create_file("contig", 0644, root, NULL, &contig_fops);
	return 0;
}

static void __exit bench_exit(void)
{
	debugfs_remove(root);
	vfree(blocks);
	vfree(orders);
	vfree(draws);
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Benchmark of shadowbuddy against the running kernel's allocator");
