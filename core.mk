# SPDX-License-Identifier: GPL-2.0-only
# The core: what decides, and what shows and commands it. It needs a compiler, not a running
# kernel. Kbuild, the suites, lockstep, the program and tools/layers read this list.

core-root     := types rules host zones isolate reserve fair full fallback highatomic index own view numbers pcp place quarantine \
		 watermark zonelist count request fail alloc free owners walk names trace \
		 tune state snapshot check drain become ranges kernelcore boot \
		 bootplan release
core-pressure := staging hints suitable capture fast targets sources compact direct slowpath
core-profiles := profiles registry asking linux_4_1 linux_4_14 linux_5_4 linux_5_10 linux_5_15 linux_6_1 linux_6_12 linux_7_2
core-ctl      := spec language keys verbs following tags moving
core-show     := kernel own lists machine
core-traffic  := mirror candidate predictor runs start traffic wish recording report

# Files of the root that are headers only.
core-headers  := types rules traffic/record pressure/run

core-files    := $(filter-out $(core-headers),$(core-root)) $(addprefix profiles/,$(core-profiles)) \
		 $(addprefix pressure/,$(core-pressure)) \
		 $(addprefix show/,$(core-show)) $(addprefix ctl/,$(core-ctl)) \
		 $(addprefix traffic/,$(core-traffic))
core-objects  := $(addsuffix .o,$(core-files))
