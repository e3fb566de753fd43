#!/usr/bin/env python3
"""Writes the expected values of figure 4 that `pinfi reproduce figure4 --check` compares with.

An independent computation: mpmath, 40 digits, the logarithmic mean as a quotient, its inverse by a root finder, the
regions by the payoffs and the signs of the buyers' gains (never by a price against a limit). Needs mpmath.
"""
import csv
import pathlib

from mpmath import findroot, log, mp, mpf, nstr

mp.dps = 40
OUT = pathlib.Path(__file__).resolve().parents[2] / "Sources/MarketCommands/Reproduction/figure4-expected.csv"

# The doubles that stand for b = 0.7 and d, exactly; c = 1.
B = mpf(0.7)
PANELS = [("a", mpf(0.7), 3), ("b", mpf(1), 3), ("c", mpf(4 / 3), 3), ("d", mpf(1.32), 3), ("e", mpf(1.3), 1.5)]


def mean(u, v):
    return v if u == v else mpf(0) if u == 0 else (u - v) / log(u / v)


def seller(x):
    return mean(x, mpf(1)) - (1 - B)


def region(x, y, d):
    buys = d - mean(x, d) > 0
    if seller(x) > B and x > 0:  # selling to the end gains over selling externally
        if seller(x) > y:
            return "aD" if buys else "aE"
        return "aG" if buys else "aF"
    if y >= B:
        return "aA" if buys else "lp-idle"
    if B - mean(x, B) > 0:
        return "aB" if buys else "speculation-only"
    return "aC" if buys else "lp-idle"


def number(value):
    return repr(float(value))


rows = []
for panel, d, widest in PANELS:
    def add(quantity, value, x="", y=""):
        rows.append([panel, quantity, x, y, number(value), ""])

    for quantity, value in [("alpha_b", B), ("alpha_s", mpf(1)), ("alpha_g", d), ("gamma_min", B)]:
        if quantity != "gamma_min" or d >= 1:
            add(quantity, value)
    if d >= 1:
        add("gamma_max", seller(d))
        add("band_width", seller(d) - B)
    for i in range(1, 13):
        x = widest * i / 12
        add("payoff_seller", seller(mpf(x)), x=number(x))
    for i in range(8):
        y = 0.7 + i / 8
        start = 1 + 2 * (mpf(y) - B)
        root = findroot(lambda x: mean(x, mpf(1)) - (1 - B) - mpf(y), start) if mpf(y) != B else mpf(1)
        add("alpha_star", root, y=number(y))
    # Between the boundaries: a point on one of them would test the rounding of this script.
    for i in range(13):
        for j in range(7):
            x, y = (i + 0.41) * widest / 13, (j + 0.37) * 1.5 / 7
            rows.append([panel, "region", number(x), number(y), "", region(mpf(x), mpf(y), d)])

with OUT.open("w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["panel", "quantity", "x", "y", "value", "region"])
    writer.writerows(rows)
print(len(rows), "rows")
