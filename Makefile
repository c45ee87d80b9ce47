# SPDX-License-Identifier: GPL-2.0-only
# Verbs for people. `make help` lists them; Kbuild has the objects.

KDIR	?= /lib/modules/$(shell uname -r)/build
KERNEL	?= 6.12
VERSION	:= $(shell sed -n 's/.*SHB_VERSION "\(.*\)"/\1/p' version.h)

.DEFAULT_GOAL := all
.PHONY: all modules install dkms-install clean help demo check kunit vm-test lockstep machines bench matrix layers style

all: modules		## build the module for the running kernel (KDIR= for another)

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

install: modules	## install it for the running kernel
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install
	depmod -a

dkms-install:		## install it through dkms, for every kernel to come
	mkdir -p /usr/src/shadowbuddy-$(VERSION)
	git ls-files -z -- '*.c' '*.h' Kbuild Makefile dkms.conf tools/stat-names.awk | \
		xargs -0 cp --parents -t /usr/src/shadowbuddy-$(VERSION)
	dkms install shadowbuddy/$(VERSION)

demo:			## see it work: a throw-away machine with two nodes, from nothing
	@tools/vm/demo $(KERNEL)

check:			## all tests; ends in "N passed, N failed, N skipped"
	@tools/check

kunit:			## the KUnit suites under User-mode Linux (FILTER=suite.case)
	@tools/uml/kunit

vm-test:		## the test on a stock kernel (KERNEL=6.1|6.12|7.2)
	@tools/vm/test $(KERNEL)

lockstep:		## a real zone and its shadow, step by step (KERNEL= SEED= OPS= SCENARIO=)
	@tools/lockstep/lockstep $(KERNEL)

machines:		## marks, reserves and zonelists against the kernel's, machines of all shapes (KERNEL=)
	@tools/lockstep/machines $(KERNEL)

bench:			## ours against the kernel's allocator (KERNEL=6.12 ICOUNT=1: instructions on a stock kernel)
	@ICOUNT=$(ICOUNT) bench/bench $(if $(ICOUNT),$(KERNEL))

matrix:			## build with all warnings for 6.1, 6.12 and 7.2
	@for k in 6.1 6.12 7.2; do tools/vm/build $$k W=1 >/dev/null || exit 1; echo "ok - $$k"; done

layers:			## draw which file includes which, fail on an upward edge
	@tools/layers

style:			## checkpatch of the newest kernel on every source file
	@tools/style

clean:			## remove what a build left
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
	rm -f stat_names.h

help:			## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
