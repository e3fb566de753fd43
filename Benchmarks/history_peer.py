"""What `pinfi calibrate history` is measured against: polars and numpy, a whole process.

Usage: history_peer.py PRICES.csv, with POLARS_MAX_THREADS set. Reads times and prices, sorts the ends of the intervals of
rewards that are balanced at delta = 2.6, cumulates their weights and prints the reward that is balanced longest.
"""
import sys

import numpy as np
import polars as pl


def main():
    history = pl.read_csv(sys.argv[1], try_parse_dates=True)
    seconds = history["time"].dt.epoch("s").to_numpy()
    beta = history["price"].to_numpy()
    weights = np.append(np.diff(seconds), 0)
    x = 2.6 / beta
    with np.errstate(invalid="ignore"):
        upper = np.where(x > 1, beta * (x - 1) / np.log(x), np.nan)
    known = ~np.isnan(upper)
    ends = np.concatenate([beta[known], np.nextafter(upper[known], np.inf)])
    changes = np.concatenate([weights[known], -weights[known]])
    order = np.argsort(ends, kind="stable")
    covered = np.cumsum(changes[order])
    best = np.argmax(covered)
    print(ends[order][best], covered[best] / weights.sum())


main()
