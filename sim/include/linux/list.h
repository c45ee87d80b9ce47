/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIM_LINUX_LIST_H
#define SIM_LINUX_LIST_H

#include <linux/types.h>

#define LIST_HEAD(l)			struct list_head l = { &(l), &(l) }
#define INIT_LIST_HEAD(l)		((l)->next = (l)->prev = (l))

static inline bool list_empty(const struct list_head *l)
{
	return l->next == l;
}

static inline void list_add_tail(struct list_head *item, struct list_head *l)
{
	item->next = l;
	item->prev = l->prev;
	l->prev->next = item;
	l->prev = item;
}

static inline void list_del(struct list_head *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
}

#define list_entry(ptr, type, field)	container_of(ptr, type, field)
#define list_next_entry(pos, field)	list_entry((pos)->field.next, __typeof__(*(pos)), field)
#define list_entry_is_head(pos, l, field)	(&(pos)->field == (l))
#define list_for_each_entry(pos, l, field)						\
	for (pos = list_entry((l)->next, __typeof__(*pos), field);			\
	     !list_entry_is_head(pos, l, field); pos = list_next_entry(pos, field))
#define list_for_each_entry_safe(pos, n, l, field)					\
	for (pos = list_entry((l)->next, __typeof__(*pos), field), n = list_next_entry(pos, field); \
	     !list_entry_is_head(pos, l, field); pos = n, n = list_next_entry(n, field))

#endif
