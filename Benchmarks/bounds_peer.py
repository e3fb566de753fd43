"""What `pinfi bounds --input` is measured against: polars, numpy and scipy, a whole process.

Usage: bounds_peer.py MARKETS.csv, with POLARS_MAX_THREADS set. Writes six columns to standard output: gamma_min, gamma_max,
band_width, alpha_star, rest_price and outcome, for the columns beta, delta and gamma, with p = theta = fee = 0.
"""
import sys

import numpy as np
import polars as pl
from scipy.special import lambertw


def main():
    markets = pl.read_csv(sys.argv[1])
    beta, delta, gamma = (markets[name].to_numpy() for name in ["beta", "delta", "gamma"])
    # S(alpha) = beta (x - 1)/ln x with x = alpha/beta, c = beta.
    x = delta / beta
    upper = np.where(x > 1, beta * (x - 1) / np.log(x), np.where(x == 1, beta, np.nan))
    m = gamma / beta
    with np.errstate(invalid="ignore"):
        star = np.where(m > 1, beta * -m * lambertw(-np.exp(-1 / m) / m, -1).real, np.where(m == 1, beta, np.nan))
    rest = np.where(m < 1, np.minimum(beta, delta), np.minimum(star, delta))
    outcome = np.select([np.isnan(upper), gamma < beta, gamma > upper], ["empty-band", "lp-exodus", "seller-scarcity"], "balanced")
    columns = [beta, upper, upper - beta, star, rest, outcome]
    names = ["gamma_min", "gamma_max", "band_width", "alpha_star", "rest_price", "outcome"]
    pl.DataFrame(dict(zip(names, columns))).write_csv("/dev/stdout")


main()
