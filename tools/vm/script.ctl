# a bit of everything
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=m60 count=41 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
alloc tag=h60 count=23 gfp=GFP_HIGHUSER_MOVABLE node=1 cpu=0
free tag=h60 cpu=0
drain
movable tag=m60
compact node=1 cpu=0
free tag=m60 cpu=1
drain
alloc tag=t1 order=0 gfp=GFP_KERNEL node=1 count=300 cpu=1
alloc tag=t2 order=5 gfp=GFP_KERNEL node=1 count=1 cpu=0
drain cpu=0
alloc tag=t3 order=3 gfp=GFP_ATOMIC node=1 count=37 cpu=0
alloc tag=t4 order=3 gfp=GFP_HIGHUSER_MOVABLE node=1 count=1 cpu=1
kswapd node=1
alloc tag=k5 order=0 node=1 count=100 cpu=0
free tag=k5 cpu=0
kswapd node=1 off
free tag=t1 cpu=1
alloc tag=t5 order=0 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=1
alloc tag=t6 order=0 gfp=GFP_NOWAIT node=1 count=900 cpu=0
free tag=t3 cpu=0
free tag=t4 cpu=1
alloc tag=t7 order=9 gfp=GFP_KERNEL node=1 count=1 cpu=1
free tag=t7 cpu=1
free tag=t5 cpu=1
alloc tag=t8 order=0 gfp=GFP_ATOMIC node=1 count=8 cpu=1
alloc tag=t9 order=1 gfp=GFP_DMA node=1 count=450 cpu=0
free tag=t8 cpu=0
alloc tag=t10 order=3 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=0
tick
alloc tag=t11 order=9 gfp=GFP_DMA node=1 count=1 cpu=1
alloc tag=t12 order=2 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=225 cpu=0
alloc tag=t13 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=60 cpu=0
alloc tag=t14 order=9 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=1
alloc tag=t15 order=3 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=7 cpu=0
alloc tag=t16 order=7 gfp=GFP_KERNEL node=1 count=1 cpu=0
alloc tag=t17 order=1 gfp=GFP_ATOMIC node=1 count=4 cpu=1
alloc tag=t18 order=4 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=0
alloc tag=t19 order=1 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=4 cpu=0
alloc tag=t20 order=3 gfp=GFP_DMA32 node=1 count=7 cpu=1
set watermark_scale_factor=10
alloc tag=t21 order=0 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=0
alloc tag=t22 order=0 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=8 cpu=0
alloc tag=t23 order=7 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=1 cpu=0
set percpu_pagelist_high_fraction=8
alloc tag=t24 order=3 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=37 cpu=0
free tag=t6 cpu=0
alloc tag=t25 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=300 cpu=0
alloc tag=t26 order=0 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=0
free tag=t19 cpu=0
alloc tag=t27 order=0 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=900 cpu=0
free tag=t20 cpu=1
alloc tag=t28 order=0 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=300 cpu=0
alloc tag=t29 order=0 gfp=GFP_DMA node=1 count=8 cpu=0
free tag=t25 cpu=0
free tag=t14 cpu=1
alloc tag=t30 order=5 gfp=GFP_NOWAIT node=1 count=1 cpu=1
set min_free_kbytes=2000
alloc tag=f31 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=0
alloc tag=f32 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=1
alloc tag=f33 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f34 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=1
alloc tag=f35 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f36 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f37 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f38 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f39 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f40 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=1
alloc tag=f41 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f42 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=1
free tag=f31 cpu=1
free tag=f32 cpu=1
free tag=f33 cpu=1
free tag=f34 cpu=1
free tag=f35 cpu=1
free tag=f36 cpu=1
free tag=f37 cpu=1
free tag=f38 cpu=1
free tag=f39 cpu=1
free tag=f40 cpu=1
free tag=f41 cpu=1
free tag=f42 cpu=1
free tag=t15 cpu=0
free tag=t17 count=1 cpu=1
alloc tag=t43 order=0 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=0
alloc tag=t44 order=9 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=0
free tag=t23 count=3 cpu=0
alloc tag=t45 order=0 gfp=GFP_DMA node=1 count=300 cpu=0
alloc tag=t46 order=7 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=7 cpu=0
drain cpu=1
free tag=t10 count=40 cpu=0
drain cpu=0
alloc tag=t47 order=0 gfp=GFP_DMA node=1 count=300 cpu=1
alloc tag=t48 order=9 gfp=GFP_DMA32 node=1 count=1 cpu=0
free tag=t10 cpu=0
alloc tag=t49 order=0 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=0
free tag=t13 count=40 cpu=1
free tag=t24 cpu=0
free tag=t13 cpu=0
alloc tag=t50 order=9 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=1
alloc tag=t51 order=0 gfp=GFP_NOWAIT node=1 count=8 cpu=0
alloc tag=t52 order=5 gfp=GFP_DMA node=1 count=1 cpu=1
alloc tag=t53 order=3 gfp=GFP_DMA node=1 count=1 cpu=0
split tag=t49
free tag=t44 cpu=1
free tag=t45 count=1 cpu=0
free tag=t2 cpu=1
free tag=t49 cpu=0
free tag=t17 cpu=0
alloc tag=t54 order=7 gfp=GFP_KERNEL node=1 count=1 cpu=1
alloc tag=t55 order=5 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=28 cpu=1
free tag=t16 count=40 cpu=0
alloc tag=t56 order=1 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=1 cpu=0
alloc tag=t57 order=0 gfp=GFP_DMA node=1 count=1 cpu=0
free tag=t47 cpu=0
free tag=t45 cpu=1
free tag=t23 cpu=1
tick
split tag=t22
free tag=t18 count=3 cpu=0
alloc tag=t58 order=2 gfp=GFP_ATOMIC node=1 count=1 cpu=1
alloc tag=t59 order=0 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=60 cpu=0
tick
free tag=t30 cpu=0
alloc tag=t60 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=300 cpu=0
alloc tag=t61 order=4 gfp=GFP_ATOMIC node=1 count=1 cpu=1
alloc tag=t62 order=3 gfp=GFP_DMA node=1 count=112 cpu=0
alloc tag=t63 order=2 gfp=GFP_DMA node=1 count=15 cpu=0
alloc tag=t64 order=5 gfp=GFP_KERNEL node=1 count=9 cpu=0
alloc tag=t65 order=5 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=28 cpu=0
fail probability=30 times=-1 min-order=0 ignore-gfp-wait=0 ignore-gfp-highmem=0 seed=3
alloc tag=f1 count=1 cpu=0
alloc tag=f2 count=1 order=3 cpu=0
alloc tag=f3 count=1 node=1 cpu=0
alloc tag=f4 count=1 cpu=1
alloc tag=f5 order=1 count=1 cpu=0
fail off
set min_free_kbytes=1500
alloc tag=t66 order=0 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=8 cpu=0
free tag=t63 count=40 cpu=1
alloc tag=t67 order=5 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=28 cpu=1
free tag=t21 cpu=1
alloc tag=t68 order=9 gfp=GFP_HIGHUSER_MOVABLE node=1 count=1 cpu=0
alloc tag=t69 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=1 cpu=0
free tag=t51 cpu=0
alloc tag=t70 order=0 gfp=GFP_DMA node=1 count=300 cpu=0
set min_free_kbytes=2000
alloc tag=f71 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f72 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=1
alloc tag=f73 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f74 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f75 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=0
alloc tag=f76 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=1
alloc tag=f77 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f78 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f79 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=0
alloc tag=f80 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f81 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f82 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
free tag=f71 cpu=1
free tag=f72 cpu=1
free tag=f73 cpu=1
free tag=f74 cpu=1
free tag=f75 cpu=1
free tag=f76 cpu=1
free tag=f77 cpu=1
free tag=f78 cpu=1
free tag=f79 cpu=1
free tag=f80 cpu=1
free tag=f81 cpu=1
free tag=f82 cpu=1
alloc tag=t83 order=1 gfp=GFP_ATOMIC node=1 count=30 cpu=1
alloc tag=t84 order=5 gfp=GFP_DMA node=1 count=1 cpu=0
free tag=t54 count=1 cpu=0
alloc tag=t85 order=5 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=28 cpu=0
alloc tag=t86 order=4 gfp=GFP_DMA32 node=1 count=1 cpu=1
free tag=t84 cpu=1
set min_free_kbytes=2000
alloc tag=f87 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f88 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=1
alloc tag=f89 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=0
alloc tag=f90 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f91 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f92 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f93 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f94 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=1
alloc tag=f95 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f96 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f97 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f98 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=1
free tag=f87 cpu=1
free tag=f88 cpu=1
free tag=f89 cpu=1
free tag=f90 cpu=1
free tag=f91 cpu=1
free tag=f92 cpu=1
free tag=f93 cpu=1
free tag=f94 cpu=1
free tag=f95 cpu=1
free tag=f96 cpu=1
free tag=f97 cpu=1
free tag=f98 cpu=1
set min_free_kbytes=2000
alloc tag=f99 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=0
alloc tag=f100 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f101 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=0
alloc tag=f102 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=1
alloc tag=f103 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f104 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=1
alloc tag=f105 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=0
alloc tag=f106 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f107 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=0
alloc tag=f108 order=0 gfp=GFP_KERNEL node=1 count=2500 cpu=1
alloc tag=f109 order=0 gfp=GFP_ATOMIC node=1 count=2500 cpu=0
alloc tag=f110 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=2500 cpu=1
free tag=f99 cpu=1
free tag=f100 cpu=1
free tag=f101 cpu=1
free tag=f102 cpu=1
free tag=f103 cpu=1
free tag=f104 cpu=1
free tag=f105 cpu=1
free tag=f106 cpu=1
free tag=f107 cpu=1
free tag=f108 cpu=1
free tag=f109 cpu=1
free tag=f110 cpu=1
movable tag=t56
free tag=t56 cpu=0
alloc tag=t111 order=0 gfp=GFP_KERNEL node=1 count=60 cpu=0
alloc tag=t112 order=2 gfp=GFP_ATOMIC node=1 count=225 cpu=0
alloc tag=t113 order=1 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=4 cpu=0
alloc tag=t114 order=3 gfp=GFP_NOWAIT node=1 count=1 cpu=0
free tag=t48 cpu=0
free tag=t9 cpu=0
alloc tag=t115 order=0 gfp=GFP_KERNEL node=1 count=8 cpu=0
alloc tag=t116 order=1 gfp=GFP_ATOMIC node=1 count=30 cpu=1
alloc tag=t117 order=5 gfp=GFP_DMA32 node=1 count=1 cpu=1
free tag=t85 cpu=0
alloc tag=t118 order=7 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=1 cpu=0
free tag=t111 cpu=0
drain cpu=0
free tag=t117 count=40 cpu=0
alloc tag=t119 order=0 gfp=GFP_DMA node=1 count=8 cpu=1
set min_free_kbytes=3000
free tag=t114 cpu=0
alloc tag=t120 order=0 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=300 cpu=0
split tag=t26
free tag=t22 cpu=1
alloc tag=t121 order=0 gfp=GFP_ATOMIC node=1 count=60 cpu=0
alloc tag=t122 order=9 gfp=GFP_DMA32 node=1 count=1 cpu=0
alloc tag=t123 order=9 gfp=GFP_ATOMIC node=1 count=1 cpu=0
alloc tag=t124 order=0 gfp=GFP_NOWAIT node=1 count=60 cpu=0
free tag=t43 cpu=0
alloc tag=t125 order=4 gfp=GFP_HIGHUSER_MOVABLE node=1 count=3 cpu=1
free tag=t113 cpu=1
free tag=t61 cpu=1
alloc tag=t126 order=10 gfp=GFP_ATOMIC node=1 count=1 cpu=1
movable tag=t13
movable tag=t134
compact node=1 cpu=0
compact node=0 cpu=1
alloc tag=t127 order=0 gfp=GFP_NOWAIT node=1 count=300 cpu=0
alloc tag=t128 order=5 gfp=GFP_DMA32 node=1 count=9 cpu=0
alloc tag=t129 order=0 gfp=GFP_HIGHUSER_MOVABLE node=1 count=1 cpu=1
alloc tag=t130 order=5 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=0
free tag=t125 cpu=1
split tag=t67
alloc tag=t131 order=4 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=18 cpu=0
alloc tag=t132 order=4 gfp=GFP_NOWAIT node=1 count=18 cpu=0
free tag=t70 cpu=1
alloc tag=t133 order=0 gfp=GFP_DMA node=1 count=60 cpu=0
free tag=t69 cpu=0
tick
alloc tag=t134 order=0 gfp=GFP_DMA node=1 count=60 cpu=0
alloc tag=t135 order=3 gfp=GFP_DMA node=1 count=112 cpu=0
tick
free tag=t18 cpu=1
alloc tag=t136 order=9 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=1
alloc tag=t137 order=1 gfp=GFP_DMA node=1 count=150 cpu=1
alloc tag=t138 order=2 gfp=GFP_DMA32 node=1 count=75 cpu=0
drain cpu=0
free tag=t26 cpu=1
alloc tag=t139 order=10 gfp=GFP_NOWAIT node=1 count=1 cpu=1
alloc tag=t140 order=5 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=0
alloc tag=t141 order=1 gfp=GFP_NOWAIT node=1 count=30 cpu=0
alloc tag=t142 order=0 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=60 cpu=0
free tag=t50 cpu=0
free tag=t28 cpu=0
free tag=t122 cpu=0
alloc tag=t143 order=2 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=75 cpu=0
free tag=t63 cpu=0
alloc tag=t144 order=5 gfp=GFP_ATOMIC node=1 count=1 cpu=0
alloc tag=t145 order=10 gfp=GFP_KERNEL node=1 count=1 cpu=0
free tag=t118 cpu=1
alloc tag=t146 order=5 gfp=GFP_NOWAIT node=1 count=1 cpu=0
alloc tag=t147 order=0 gfp=GFP_DMA node=1 count=300 cpu=0
alloc tag=t148 order=5 gfp=GFP_ATOMIC node=1 count=28 cpu=1
alloc tag=t149 order=0 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=300 cpu=0
alloc tag=t150 order=1 gfp=GFP_KERNEL node=1 count=1 cpu=0
alloc tag=t151 order=10 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=1
alloc tag=t152 order=3 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=112 cpu=0
alloc tag=t153 order=0 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=8 cpu=0
free tag=t138 cpu=0
kswapd node=1
alloc tag=k186 order=0 node=1 count=100 cpu=0
free tag=k186 cpu=0
kswapd node=1 off
free tag=t136 cpu=1
alloc tag=t154 order=10 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=0
alloc tag=t155 order=0 gfp=GFP_NOWAIT node=1 count=60 cpu=0
free tag=t120 cpu=0
alloc tag=t156 order=1 gfp=GFP_ATOMIC node=1 count=450 cpu=1
alloc tag=t157 order=0 gfp=GFP_KERNEL node=1 count=900 cpu=0
free tag=t124 cpu=1
set percpu_pagelist_high_fraction=8
alloc tag=t158 order=0 gfp=GFP_NOWAIT node=1 count=1 cpu=0
alloc tag=t159 order=0 gfp=GFP_DMA32 node=1 count=300 cpu=1
alloc tag=t160 order=0 gfp=GFP_ATOMIC node=1 count=300 cpu=0
alloc tag=t161 order=9 gfp=GFP_DMA32 node=1 count=1 cpu=1
alloc tag=t162 order=3 gfp=GFP_NOWAIT node=1 count=1 cpu=0
free tag=t54 cpu=0
alloc tag=t163 order=0 gfp=GFP_ATOMIC node=1 count=60 cpu=0
alloc tag=t164 order=1 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=30 cpu=0
free tag=t126 cpu=1
alloc tag=t165 order=9 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=1
tick
alloc tag=t166 order=0 gfp=GFP_DMA32 node=1 count=900 cpu=0
alloc tag=t167 order=0 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=8 cpu=0
split tag=t141
free tag=t58 cpu=0
alloc tag=t168 order=0 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=900 cpu=1
alloc tag=t169 order=9 gfp=GFP_DMA node=1 count=1 cpu=0
alloc tag=t170 order=0 gfp=GFP_NOWAIT node=1 count=1 cpu=0
alloc tag=t171 order=3 gfp=GFP_ATOMIC node=1 count=1 cpu=1
alloc tag=t172 order=10 gfp=GFP_HIGHUSER_MOVABLE node=1 count=1 cpu=0
alloc tag=t173 order=4 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=1 cpu=0
drain cpu=0
alloc tag=t174 order=9 gfp=GFP_DMA32 node=1 count=1 cpu=0
alloc tag=t175 order=9 gfp=GFP_DMA32 node=1 count=1 cpu=0
alloc tag=t176 order=0 gfp=GFP_ATOMIC node=1 count=1 cpu=0
free tag=t145 cpu=1
alloc tag=t177 order=7 gfp=GFP_DMA node=1 count=1 cpu=0
tick
alloc tag=t178 order=9 gfp=GFP_HIGHUSER_MOVABLE node=1 count=1 cpu=1
alloc tag=t179 order=0 gfp=GFP_HIGHUSER_MOVABLE|__GFP_THISNODE node=1 count=1 cpu=0
set watermark_boost_factor=15000
alloc tag=t180 order=4 gfp=GFP_NOWAIT node=1 count=1 cpu=0
free tag=t86 count=40 cpu=0
alloc tag=t181 order=2 gfp=GFP_HIGHUSER_MOVABLE node=1 count=75 cpu=0
free tag=t153 cpu=0
alloc tag=t182 order=0 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=1 cpu=0
free tag=t112 cpu=1
split tag=t57
alloc tag=t183 order=0 gfp=GFP_DMA32 node=1 count=8 cpu=0
alloc tag=t184 order=9 gfp=GFP_ATOMIC node=1 count=1 cpu=0
alloc tag=t185 order=4 gfp=GFP_ATOMIC node=1 count=56 cpu=1
free tag=t66 cpu=1
alloc tag=t186 order=7 gfp=GFP_NOWAIT node=1 count=1 cpu=0
free tag=t127 cpu=1
alloc tag=t187 order=0 gfp=GFP_NOWAIT node=1 count=8 cpu=0
split tag=t181
alloc tag=t188 order=0 gfp=GFP_ATOMIC node=1 count=300 cpu=0
free tag=t132 cpu=0
free tag=t29 cpu=0
alloc tag=t189 order=0 gfp=GFP_KERNEL node=1 count=300 cpu=0
movable tag=t134
alloc tag=t190 order=0 gfp=GFP_ATOMIC node=1 count=900 cpu=1
tick
alloc tag=t191 order=0 gfp=GFP_NOWAIT node=1 count=300 cpu=1
free tag=t11 cpu=0
free tag=t189 cpu=1
alloc tag=t192 order=2 gfp=GFP_KERNEL node=1 count=15 cpu=0
alloc tag=t193 order=1 gfp=GFP_ATOMIC node=1 count=1 cpu=1
free tag=t150 count=3 cpu=1
alloc tag=t194 order=1 gfp=GFP_KERNEL node=1 count=1 cpu=0
free tag=t180 count=3 cpu=0
alloc tag=t195 order=10 gfp=GFP_KERNEL|__GFP_MEMALLOC node=1 count=1 cpu=1
alloc tag=t196 order=5 gfp=GFP_KERNEL|__GFP_RECLAIMABLE node=1 count=1 cpu=1
alloc tag=t197 order=1 gfp=GFP_NOWAIT node=1 count=150 cpu=0
alloc tag=t198 order=0 gfp=GFP_DMA node=1 count=60 cpu=1
alloc tag=
free tag=nobody
