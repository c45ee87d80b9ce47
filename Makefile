# SPDX-License-Identifier: GPL-2.0-only
# Verbs for people. `make help` lists them; Kbuild has the objects.

KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
KERNEL	?= 6.12
VERSION	:= $(shell sed -n 's/.*SHB_VERSION "\(.*\)"/\1/p' version.h)

.DEFAULT_GOAL := all
.PHONY: all modules install dkms-install dkms-remove clean help demo check sim quick fuzz coverage kunit \
	vm-test follow same lockstep machines bench matrix layers style policies

all: modules		## build the module for the running kernel (KDIR= for another)

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

policies: sim		## build what stands in policies/, and what you put there: .so for shbsim, .ko (KDIR=)
	@$(MAKE) -s -f sim/Makefile -j$$(nproc) policies
	@if [ -d $(KDIR) ]; then $(MAKE) -C $(KDIR) M=$(CURDIR) SHB_POLICIES=1 modules; \
	 else echo "no .ko: $(KDIR) is not there (apt install linux-headers-$(KVER))"; fi

install: modules	## install it for the running kernel
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install
	depmod -a

# What the module is built of; nothing of the tests.
DKMS_FILES = $(wildcard *.c *.h $(foreach d,glue profiles pressure show ctl traffic,$d/*.c $d/*.h)) \
	     Kbuild core.mk Makefile dkms.conf tools/stat-names.awk
DKMS_TREE  = /usr/src/shadowbuddy-$(VERSION)

dkms-install: dkms-remove	## install it through dkms, for every kernel to come (KVER=)
	mkdir -p $(DKMS_TREE)
	cp --parents -t $(DKMS_TREE) $(DKMS_FILES)
	dkms install shadowbuddy/$(VERSION) -k $(KVER)

dkms-remove:		## remove this version from dkms and from all kernels
	@command -v dkms >/dev/null || { echo "dkms is missing: apt install dkms"; exit 1; }
	[ ! -d /var/lib/dkms/shadowbuddy/$(VERSION) ] || dkms remove shadowbuddy/$(VERSION) --all
	rm -rf $(DKMS_TREE)

demo:			## see it work: a throw-away machine with two nodes, from nothing
	@tools/vm/demo $(KERNEL)

check:			## all tests; ends in "N passed, N failed, N skipped"
	@tools/check

sim:			## the allocator as an ordinary program: sim/shbsim (a compiler is all it takes)
	@$(MAKE) -s -f sim/Makefile -j$$(nproc) shbsim

quick:			## the suites that need no kernel, in seconds, under sanitizers (FILTER=suite.case)
	@$(MAKE) -s -f sim/Makefile -j$$(nproc) suites

fuzz:			## operations and text from a fuzzer (SECONDS=60); OPS= SEED= PROFILE=: from a seed
	@SECONDS_FUZZ=$(or $(SECONDS),60) OPS=$(OPS) SEED=$(SEED) PROFILE=$(PROFILE) sim/fuzz

coverage:		## lines and branches of the core that the suites reach
	@sim/coverage

kunit:			## the KUnit suites under User-mode Linux (FILTER=suite.case)
	@tools/uml/kunit

vm-test:		## the tests on a stock kernel (KERNEL=6.1|6.12|7.2|6.12-rt)
	@tools/vm/test $(KERNEL)

follow:			## follow a stock kernel under load: mirror, candidates, recording (KERNEL=)
	@tools/vm/follow $(KERNEL)

same:			## a script in the module and in the program: the same files, to the byte (KERNEL=)
	@tools/vm/same $(KERNEL)

lockstep:		## a real zone and its shadow, step by step (KERNEL= SEED= OPS= SCENARIO=)
	@tools/lockstep/lockstep $(KERNEL)

machines:		## marks, reserves and zonelists against the kernel's, machines of all shapes (KERNEL=)
	@tools/lockstep/machines $(KERNEL)

bench:			## ours against the kernel's allocator: times (KERNEL=6.12 ICOUNT=1: instructions)
	@ICOUNT=$(ICOUNT) bench/bench $(if $(ICOUNT),$(KERNEL))

matrix:			## build with all warnings for 6.1, 6.12 and 7.2
	@for k in 6.1 6.12 7.2; do tools/vm/build $$k W=1 >/dev/null || exit 1; echo "ok - $$k"; done

layers:			## draw the house from the code, fail on a circle or an arrow up
	@tools/layers

style:			## checkpatch of the newest kernel on every source file
	@tools/style

clean:			## remove what a build left
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
	rm -f stat_names.h
	$(MAKE) -s -f sim/Makefile clean

help:			## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
