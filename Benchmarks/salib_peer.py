"""Sobol indices of α* with SALib and a numpy model, as one process: the peer of the row sobol-process.

Prints a line for each parameter: name, S1, its half-width, ST, its half-width. The sample is SALib's own, N = 65536 base
points of four parameters (393,216 evaluations); the intervals are from 100 resamples at the level 0.95.
"""

import numpy as np
from SALib.analyze import sobol as analyse
from SALib.sample import sobol as sample

PROBLEM = {
    "num_vars": 4,
    "names": ["beta", "p", "theta", "gamma"],
    "bounds": [[0.5, 0.9], [0, 0.2], [0.5, 2.5], [0.9, 1.4]],
}


def equilibrium_price(x):
    """α* = c·Λ(m), m = (γ + pθ)/c: Newton's method on (e^l − 1)/l = m in l = ln Λ, six steps on whole arrays."""
    beta, p, theta, gamma = x.T
    cost = beta + p * theta
    m = 1 + (gamma - beta) / cost
    q = np.log(m)
    l = q * (2 - q / 3)
    for _ in range(6):
        e = np.expm1(l)
        l -= (e - m * l) / (e + 1 - m)
    return cost * (1 + m * l)


points = sample.sample(PROBLEM, 65536, calc_second_order=False, seed=1)
indices = analyse.analyze(
    PROBLEM, equilibrium_price(points), calc_second_order=False, num_resamples=100, conf_level=0.95, seed=2)
for j, name in enumerate(PROBLEM["names"]):
    print(name, indices["S1"][j], indices["S1_conf"][j], indices["ST"][j], indices["ST_conf"][j])
