# SPDX-License-Identifier: GPL-2.0-only
# Shell functions all tools share. Source it from bash.
#
# Downloads and builds live outside the tree, in the XDG cache directory, and carry a
# stamp of what they were made from: a changed input makes them anew.

set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/shadowbuddy
jobs=$(nproc)

say() { printf '\033[1m>> %s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

need_root() {
	[ "$(id -u)" = 0 ] || die "$1 needs root: it builds a Debian system with mmdebstrap and chroot"
}

# need COMMAND PACKAGE: install a package when its command is missing.
missing_packages=()
need() {
	command -v "$1" >/dev/null 2>&1 || missing_packages+=("$2")
}

install_missing() {
	[ ${#missing_packages[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || die "please install: ${missing_packages[*]}"
	say "installing ${missing_packages[*]}"
	mkdir -p "$cache"
	(
		flock 8		# the lanes of a check take turns
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			"${missing_packages[@]}" >/dev/null
	) 8>"$cache/install.lock"
	missing_packages=()
}

# lock_cache: one verb at a time works in the cache; the scripts a verb calls share its turn.
lock_cache() {
	[ -z "${SHB_CACHE_LOCKED-}" ] || return 0
	mkdir -p "$cache"
	exec 9>>"$cache/lock"
	if ! flock -n 9; then
		say "waiting for $(cat "$cache/lock.owner" 2>/dev/null || echo another verb), which uses $cache"
		flock 9
	fi
	echo "$(basename "$0") (process $$)" >"$cache/lock.owner"
	export SHB_CACHE_LOCKED=1
}

# Run a long step quietly: its output goes to a log that is shown when it fails.
quiet() {
	local log=$1 start=$SECONDS
	shift
	mkdir -p "$(dirname "$log")"
	if "$@" >"$log" 2>&1; then
		say "  done in $((SECONDS - start)) s"
	else
		tail -n 40 "$log" >&2
		die "failed: $* (all of it: $log)"
	fi
}

# KERNEL=6.1|6.12|7.2 means a suite of Debian; the newest kernel it offers is taken. -rt is
# its PREEMPT_RT flavour.
flavour_of() {
	case $1 in
	*-rt)	echo rt-amd64 ;;
	*)	echo amd64 ;;
	esac
}

suite_of() {
	case ${1%-rt} in
	6.1)	echo bookworm ;;
	6.12)	echo trixie ;;
	7.2)	echo forky ;;
	*)	die "KERNEL=$1: expected 6.1, 6.12 or 7.2" ;;
	esac
}

# debootstrap SUITE DIR PACKAGES [OPTION...]: a Debian system, with the mirror of this machine.
bootstrap() {
	local suite=$1 dir=$2 packages=$3
	shift 3
	mmdebstrap "$@" --aptopt='Acquire::Check-Valid-Until "false"' \
		--include="$packages" "$suite" "$dir"
}

# sum_results LOG...: the "N passed, N failed, N skipped" of all logs as one; fails if a test did.
sum_results() {
	sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$@" | awk '
		{ p += $1; f += $2; s += $3 }
		END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }'
}

lock_cache
