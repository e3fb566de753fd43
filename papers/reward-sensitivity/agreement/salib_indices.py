"""What SALib makes of the reference functions and of α*, for Tests/RewardStudiesTests/SALibAgreementTests.swift.

    salib_indices.py own FUNCTION N                      samples, evaluates and analyses; prints the indices
    salib_indices.py given D N SECOND_ORDER < outputs    analyses outputs of pinfi's design, one a line, block by block

Prints `kind j k value half_width` a line; kind s1, st or s2. The level is 0.95, by 100 resamples.
"""

import sys

import numpy as np
from SALib.analyze import sobol as analyse
from SALib.sample import sobol as sample
from scipy.special import lambertw


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x):
    a = np.array([0, 1, 4.5, 9])
    return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)


def equilibrium_price(x):
    """α* = c·Λ((γ + pθ)/c), Λ(m) = −m·W₋₁(−e^{−1/m}/m)."""
    beta, p, theta, gamma = x.T
    cost = beta + p * theta
    m = (gamma + p * theta) / cost
    return cost * -m * lambertw(-np.exp(-1 / m) / m, -1).real


FUNCTIONS = {
    "ishigami": (ishigami, [[-np.pi, np.pi]] * 3),
    "sobol-g": (sobol_g, [[0, 1]] * 4),
    "equilibrium-price": (equilibrium_price, [[0.5, 0.9], [0, 0.2], [0.5, 2.5], [0.9, 1.4]]),
}


def show(indices, dimension):
    for kind, value in [("s1", "S1"), ("st", "ST")]:
        for j in range(dimension):
            print(kind, j, j, indices[value][j], indices[value + "_conf"][j])
    if "S2" in indices:
        for j in range(dimension):
            for k in range(j + 1, dimension):
                print("s2", j, k, indices["S2"][j, k], indices["S2_conf"][j, k])


def problem(bounds):
    return {"num_vars": len(bounds), "names": [f"x{j}" for j in range(len(bounds))], "bounds": bounds}


if sys.argv[1] == "own":
    function, bounds = FUNCTIONS[sys.argv[2]]
    points = sample.sample(problem(bounds), int(sys.argv[3]), calc_second_order=True, seed=1)
    show(analyse.analyze(problem(bounds), function(points), calc_second_order=True, seed=2), len(bounds))
else:
    dimension, count, second = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "1"
    # SALib has the points of a base sample beside each other.
    outputs = np.loadtxt(sys.stdin).reshape(-1, count).T.ravel()
    bounds = [[0, 1]] * dimension
    show(analyse.analyze(problem(bounds), outputs, calc_second_order=second, seed=2), dimension)
