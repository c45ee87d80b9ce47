/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory comes to a zone as a machine boots; see release.c. */
#ifndef SHB_RELEASE_H
#define SHB_RELEASE_H

#include <linux/limits.h>

#include "boot.h"

#define SHB_RELEASE_DONE	U64_MAX		/* of shb_release_step(): nothing is left */

int shb_release_start(struct shb_state *s, const struct shb_boot_map *map,
		      const struct shb_boot *b);
void shb_release_again(struct shb_state *s);
u64 shb_release_step(struct shb_state *s, u64 now);
unsigned long shb_release_deferred(const struct shb_state *s, int nid);
unsigned long shb_release_waiting(const struct shb_zone *z);
bool shb_release_grow_zone(struct shb_zone *z, unsigned int order);

/**
 * shb_release_grow() - a request finds nothing: does boot still hold pages back?
 * @z: zone it asked; its lock is not held
 * @order: of the request
 *
 * Return: there is more now, and the request should try the zone whatever its marks say.
 */
static inline bool shb_release_grow(struct shb_zone *z, unsigned int order)
{
	return unlikely(z->state->release) && shb_release_grow_zone(z, order);
}

#endif
