// SPDX-License-Identifier: GPL-2.0-only
/* What tests allocate, and what they ask to be undone when they end. */
#include <linux/errno.h>

#include "kunit/test.h"

/* What a test is to undo, the last first; an allocation is one of these. */
static struct undo {
	struct undo	*next;
	void		(*undo)(void *);
	void		*data;
} *undos;

static int add_undo(void (*undo)(void *), void *data)
{
	struct undo *u = malloc(sizeof(*u));

	if (!u)
		return -ENOMEM;
	*u = (struct undo){ undos, undo, data };
	undos = u;
	return 0;
}

void sim_kunit_undo(void)
{
	struct undo *u;

	while ((u = undos)) {
		undos = u->next;
		u->undo(u->data);
		free(u);
	}
}

int kunit_add_action_or_reset(struct kunit *test, void (*undo)(void *), void *data)
{
	int err = add_undo(undo, data);

	if (err)
		undo(data);
	return err;
}

static void free_memory(void *p)
{
	sim_free(p);
}

void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	void *p = sim_alloc(size);

	return p && !add_undo(free_memory, p) ? p : NULL;
}
