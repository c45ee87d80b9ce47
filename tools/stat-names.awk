# SPDX-License-Identifier: GPL-2.0-only
# Names of the statistics /proc/zoneinfo prints, from include/linux/mmzone.h of the
# kernel one builds for. The table is called vmstat_text in the kernel and is not in
# any header; it is the enumerators in lower case but for those below. The #if lines
# between the enumerators are kept, so the compiler picks what is configured.
BEGIN {
	special["NR_FREE_CMA_PAGES"] = "nr_free_cma"
	special["NR_SLAB_RECLAIMABLE_B"] = "nr_slab_reclaimable"
	special["NR_SLAB_UNRECLAIMABLE_B"] = "nr_slab_unreclaimable"
	special["NR_ANON_MAPPED"] = "nr_anon_pages"
	special["NR_FILE_MAPPED"] = "nr_mapped"
	special["NR_FILE_DIRTY"] = "nr_dirty"
	special["NR_SHMEM_THPS"] = "nr_shmem_hugepages"
	special["NR_FILE_THPS"] = "nr_file_hugepages"
	special["NR_ANON_THPS"] = "nr_anon_transparent_hugepages"
	special["NR_VMSCAN_IMMEDIATE"] = "nr_vmscan_immediate_reclaim"
	special["NR_KERNEL_STACK_KB"] = "nr_kernel_stack"
	special["NR_KERNEL_SCS_KB"] = "nr_shadow_call_stack"
	special["NR_PAGETABLE"] = "nr_page_table_pages"
	special["NR_SECONDARY_PAGETABLE"] = "nr_sec_page_table_pages"
	special["NR_SWAPCACHE"] = "nr_swapcached"
	print "/* Made by tools/stat-names.awk from linux/mmzone.h. */"
}

/^enum zone_stat_item/ { print "static const char *const zone_stats[NR_VM_ZONE_STAT_ITEMS] = {"; inside = 1; next }
/^enum node_stat_item/ { print "static const char *const node_stats[NR_VM_NODE_STAT_ITEMS] = {"; inside = 1; next }
!inside { next }
/^#/ { print; next }
{
	end = /}/
	gsub(/\/\*[^*]*\*\//, "")
	while (match($0, /[A-Z][A-Z0-9_]+( *= *[A-Z0-9_]+)? *(,|$| *})/)) {
		name = substr($0, RSTART, RLENGTH)
		$0 = substr($0, RSTART + RLENGTH)
		alias = name ~ /=/
		sub(/[ =,}].*/, "", name)
		if (name ~ /_BASE$/ || name ~ /^NR_VM_/)
			continue
		text = (name in special) ? special[name] : tolower(name)
		printf "\t[%s] = \"%s\",\n", name, text
	}
	if (end) {
		print "};"
		inside = 0
	}
}
