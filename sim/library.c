// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies from files: mine.so is loaded where the name of a profile may stand, registers its
 * policy (policy.h), and is known by that name from then on.
 */
#include <dlfcn.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <stdio.h>

#include "policy.h"
#include "profiles/profiles.h"
#include "sim/library.h"

/* Is this word a file, and not the name of a profile? */
bool sim_is_library(const char *word)
{
	size_t len = strcspn(word, " ");

	return len > 3 && !strncmp(word + len - 3, ".so", 3);
}

static int count_policies(void)
{
	char name[SHB_POLICY_NAME];
	int nr = 0;

	while (shb_profile_own_name(nr, name))
		nr++;
	return nr;
}

/*
 * Load a file once. @name: out, of the first policy in it; room for SHB_POLICY_NAME. Return: exit
 * status, 0 when it is loaded.
 */
int sim_library_load(const char *path, char *name)
{
	static struct { void *handle; int first; } loaded[16];
	char full[512];
	int n, before = count_policies();
	void *handle;

	/* A name without a slash is one of the library path, and not what people mean. */
	scnprintf(full, sizeof(full), "%s%s", strchr(path, '/') ? "" : "./", path);
	handle = dlopen(full, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		fprintf(stderr, "shbsim: %s\n", dlerror());
		return 2;
	}
	for (n = 0; n < ARRAY_SIZE(loaded) && loaded[n].handle && loaded[n].handle != handle; n++)
		;
	if (n < ARRAY_SIZE(loaded) && !loaded[n].handle) {
		loaded[n].handle = handle;
		loaded[n].first = before;
	}
	if (n < ARRAY_SIZE(loaded) && shb_profile_own_name(loaded[n].first, name))
		return 0;
	fprintf(stderr, "shbsim: %s: expected a policy that can be registered, and shb_policy_module() at its end\n", path);
	return 2;
}

/* Words for a candidate, each file in them loaded and replaced by its policy's name. Return: exit status. */
int sim_library_words(const char *words, char *text, size_t size)
{
	char path[512], name[SHB_POLICY_NAME];
	size_t len, out = 0;
	int status;

	for (text[0] = '\0'; *words; words += len) {
		words += strspn(words, " ");
		len = strcspn(words, " ");
		if (sim_is_library(words)) {
			scnprintf(path, sizeof(path), "%.*s", (int)len, words);
			status = sim_library_load(path, name);
			if (status)
				return status;
			out += scnprintf(text + out, size - out, " %s", name);
		} else {
			out += scnprintf(text + out, size - out, " %.*s", (int)len, words);
		}
	}
	return 0;
}

/* Figures of a policy that was not followed are the base's. */
void sim_tell_refusals(const struct shb_state *s)
{
	long refused = 0;
	int q;

	for (q = 0; q < SHB_NR_QUESTIONS; q++)
		refused += atomic_long_read(&s->answers[q][SHB_ANSWER_REFUSED]);
	if (refused)
		printf("policy %s: %ld answers could not be and were refused; show policy has them by rule\n",
		       s->profile->name, refused);
}
