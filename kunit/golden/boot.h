/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory maps and zones of machines that booted, written by tools/lockstep/boot-golden. */
struct logged_range {
	u64	start, end;	/* bytes, the last one included */
	int	nid;
	u8	flags;
};

static const struct logged {
	const char		*name, *profile;
	struct shb_boot_options	options;
	struct logged_range	memory[12];
	const char		*zones;		/* node.zone start+spanned/present */
	const char		*holes;		/* node.zone pages in unavailable ranges */
} logged[] = {
	{
		.name = "core-2G linux-6.12", .profile = "linux-6.12",
		.options = { .kernelcore = 524288 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x00000001bfffffff, 0 },
			{ 0x00000001c0000000, 0x00000001ffffffff, 1 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Normal 1048576+1024/1024 0.Movable 1049600+785408/785408 1.Normal 1835008+1024/1024 1.Movable 1836032+261120/261120",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39",
	},
	{
		.name = "core-percent linux-6.12", .profile = "linux-6.12",
		.options = { .kernelcore_percent = 30 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000003fffffff, 0 },
			{ 0x0000000040000000, 0x000000007ffd8fff, 1 },
			{ 0x0000000100000000, 0x000000017fffffff, 1 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+258048/258048 1.DMA32 262144+786432/262105 1.Movable 1048576+524288/524288",
		.holes = "0.DMA 1 0.DMA 97 1.Movable 39",
	},
	{
		.name = "core-small-node linux-6.12", .profile = "linux-6.12",
		.options = { .kernelcore = 786432 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x000000017fffffff, 0 },
			{ 0x0000000180000000, 0x000000018fffffff, 1 },
			{ 0x0000000190000000, 0x000000020fffffff, 2 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Normal 1048576+66560/66560 0.Movable 1115136+457728/457728 1.Normal 1572864+65536/65536 2.Normal 1638400+132096/132096 2.Movable 1770496+392192/392192",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39",
	},
	{
		.name = "movable-1G linux-6.12", .profile = "linux-6.12",
		.options = { .movablecore = 262144 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000003fffffff, 0 },
			{ 0x0000000040000000, 0x000000005fffffff, 1 },
			{ 0x0000000060000000, 0x000000007ffd8fff, 2 },
			{ 0x0000000100000000, 0x000000015fffffff, 2 },
			{ 0x0000000160000000, 0x000000018fffffff, 3 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+258048/258048 1.DMA32 262144+131072/131072 2.DMA32 393216+655360/131033 2.Normal 1048576+131072/131072 2.Movable 1179648+262144/262144 3.Normal 1441792+196608/196608",
		.holes = "0.DMA 1 0.DMA 97 2.Normal 39",
	},
	{
		.name = "movable-percent linux-6.12", .profile = "linux-6.12",
		.options = { .movablecore_percent = 45 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x00000001ffffffff, 0 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Normal 1048576+339968/339968 0.Movable 1388544+708608/708608",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39",
	},
	{
		.name = "core-and-movable linux-6.12", .profile = "linux-6.12",
		.options = { .kernelcore = 262144, .movablecore = 524288 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x00000001ffffffff, 1 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+520153/520153 1.Normal 1048576+524288/524288 1.Movable 1572864+524288/524288",
		.holes = "0.DMA 1 0.DMA 97 1.Normal 39",
	},
	{
		.name = "core-mirror linux-6.12", .profile = "linux-6.12",
		.options = { .mirror = true },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x000000013fffffff, 0 },
			{ 0x0000000140000000, 0x00000001ffffffff, 1 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Normal 1048576+262144/262144 1.Normal 1310720+786432/786432",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39",
	},
	{
		.name = "mem-4500M linux-6.12", .profile = "linux-6.12",
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x00000001193fffff, 0 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Normal 1048576+103424/103424",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39 0.Normal 27648",
	},
	{
		.name = "memmap-holes linux-6.12", .profile = "linux-6.12",
		.options = { .kernelcore_percent = 50 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000003fffffff, 0 },
			{ 0x0000000050000000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x000000014fffffff, 0 },
			{ 0x0000000156400000, 0x00000001ffffffff, 0 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/454617 0.Normal 1048576+282624/282624 0.Movable 1331200+765952/740352",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39 0.Movable 25600",
	},
	{
		.name = "odd-sizes linux-6.12", .profile = "linux-6.12",
		.options = { .movablecore = 85248 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000003e8fffff, 0 },
			{ 0x000000003e900000, 0x000000006a7d8fff, 1 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+172032/172032 0.Movable 176128+80128/80128 1.DMA32 256256+175872/175872 1.Movable 432128+4057/4057",
		.holes = "0.DMA 1 0.DMA 97 1.Movable 22567",
	},
	{
		.name = "fake-nodes linux-6.12", .profile = "linux-6.12",
		.options = { .movablecore = 179200 },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x0000000040000fff, 0 },
			{ 0x0000000040001000, 0x000000007ffd8fff, 1 },
			{ 0x0000000100000000, 0x000000013fffffff, 2 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+258049/258049 1.DMA32 262145+262104/262104 2.Normal 1048576+82944/82944 2.Movable 1131520+179200/179200",
		.holes = "0.DMA 1 0.DMA 97 2.Normal 39",
	},
	{
		.name = "core-mirror linux-6.1", .profile = "linux-6.1",
		.options = { .mirror = true },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x000000013fffffff, 0 },
			{ 0x0000000140000000, 0x00000001ffffffff, 1 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Movable 1048576+262144/262144 1.Movable 1310720+786432/786432",
		.holes = "0.DMA 1 0.DMA 97 0.Movable 39",
	},
	{
		.name = "core-mirror linux-7.2", .profile = "linux-7.2",
		.options = { .mirror = true },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x000000013fffffff, 0 },
			{ 0x0000000140000000, 0x00000001ffffffff, 1 },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Normal 1048576+262144/262144 1.Normal 1310720+786432/786432",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39",
	},
	{
		.name = "hotplug-node linux-7.2", .profile = "linux-7.2",
		.options = { .movable_node = true },
		.memory = {
			{ 0x0000000000001000, 0x000000000009efff, 0 },
			{ 0x0000000000100000, 0x000000007ffd8fff, 0 },
			{ 0x0000000100000000, 0x000000013fffffff, 0 },
			{ 0x0000000140000000, 0x00000001bfffffff, 1, SHB_RANGE_HOTPLUG },
		},
		.zones = "0.DMA 1+4095/3998 0.DMA32 4096+1044480/520153 0.Normal 1048576+262144/262144 1.Movable 1310720+524288/524288",
		.holes = "0.DMA 1 0.DMA 97 0.Normal 39",
	},
};
