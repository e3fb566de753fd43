# The three regimes along the reward, and the critical lag: from regimes.csv in the current folder.
set datafile separator ','
set encoding utf8
set terminal svg size 560,760 enhanced font 'Arial,12' background '#FFFFFF'
set output 'regimes.svg'
set multiplot layout 3,1
set border 3 linewidth 0.7
set tics out nomirror scale 0.5
set key top left reverse Left samplen 2 spacing 1.1
set xrange [0.5:1.1]
set lmargin 9
set rmargin 3
# γ_min and γ_max of b = 0.7, d = 1.3.
set arrow 1 from 0.7,graph 0 to 0.7,graph 1 nohead dt 3 lc rgb '#6B6B6B'
set arrow 2 from 0.8434484060125204,graph 0 to 0.8434484060125204,graph 1 nohead dt 3 lc rgb '#6B6B6B'
smooth(l, value) = (column('rationality') == l ? value : NaN)
set datafile missing NaN
set ylabel 'price at rest {/:Italic x}'
set label 1 '{/:Italic γ}_{min}' at 0.7, graph 1.04 center
set label 2 '{/:Italic γ}_{max}' at 0.8434, graph 1.04 center
plot 'regimes.csv' using 'gamma_ratio':'sharp_rest_price' with lines lw 1.6 lc rgb '#B2182B' title 'sharp', \
     '' using 'gamma_ratio':(smooth(50, column('x'))) with points pt 7 ps 0.35 lc rgb '#0072B2' title 'logit, λ = 50, {/:Italic w} = 0.02', \
     '' using 'gamma_ratio':(smooth(500, column('x'))) with points pt 6 ps 0.45 lc rgb '#4D2C7A' title 'logit, λ = 500, {/:Italic w} = 0.002'
unset label 1
unset label 2
set key center right
set ylabel 'share of holders, λ = 50'
set yrange [0:1]
plot 'regimes.csv' using 'gamma_ratio':(smooth(50, column('share_lp'))) with points pt 7 ps 0.35 lc rgb '#0072B2' title 'LPs', \
     '' using 'gamma_ratio':(smooth(50, column('share_seller'))) with points pt 7 ps 0.35 lc rgb '#E69F00' title 'sellers', \
     '' using 'gamma_ratio':(smooth(50, column('share_external'))) with points pt 7 ps 0.35 lc rgb '#4D2C7A' title 'external'
set ylabel 'critical lag / {/:Italic T}, λ = 50'
set xlabel 'block reward {/:Italic γ}/({/:Italic β} + {/:Italic pθ})'
unset key
set yrange [0:*]
plot 'regimes.csv' using 'gamma_ratio':(smooth(50, column('critical_lag'))) with points pt 7 ps 0.4 lc rgb '#1A1A1A'
unset multiplot
