"""What SALib makes of PAWN and OpenTURNS of polynomial chaos, for Tests/RewardStudiesTests/OtherMethodsAgreementTests.swift.

    other_methods.py pawn D SLICES < samples                          SALib's PAWN indices
    other_methods.py chaos DISTRIBUTIONS DEGREE < samples             OpenTURNS' chaos of a degree, by least squares

A sample a line: the parameters' values, then the output's, with blanks between them. DISTRIBUTIONS are
`uniform:low:high`, `normal:mean:sd`, `beta:a:b:low:high`, with commas between them. Prints `kind j k value` a line: median
and maximum, or s1, st, s2, mean and variance.
"""

import sys

import numpy as np


def show(kind, j, k, value):
    print(kind, j, k, repr(float(value)))


def pawn(dimension, slices):
    from SALib.analyze import pawn as analyse

    data = np.loadtxt(sys.stdin)
    problem = {"num_vars": dimension, "names": [f"x{j}" for j in range(dimension)], "bounds": [[0, 1]] * dimension}
    found = analyse.analyze(problem, data[:, :dimension], data[:, dimension], S=slices)
    for j in range(dimension):
        show("median", j, j, found["median"][j])
        show("maximum", j, j, found["maximum"][j])


def chaos(text, degree):
    import openturns as ot

    def distribution(text):
        name, *numbers = text.split(":")
        return {
            "uniform": lambda low, high: ot.Uniform(low, high),
            "normal": lambda mean, sd: ot.Normal(mean, sd),
            "beta": lambda a, b, low, high: ot.Beta(a, b, low, high),
        }[name](*map(float, numbers))

    marginals = [distribution(part) for part in text.split(",")]
    dimension = len(marginals)
    data = np.loadtxt(sys.stdin)
    enumerate_terms = ot.LinearEnumerateFunction(dimension)
    basis = ot.OrthogonalProductPolynomialFactory(
        [ot.StandardDistributionPolynomialFactory(marginal) for marginal in marginals], enumerate_terms
    )
    terms = enumerate_terms.getStrataCumulatedCardinal(degree)
    algorithm = ot.FunctionalChaosAlgorithm(
        ot.Sample(data[:, :dimension]),
        ot.Sample(data[:, dimension:]),
        ot.JointDistribution(marginals),
        ot.FixedStrategy(basis, terms),
        ot.LeastSquaresStrategy(),
    )
    algorithm.run()
    result = algorithm.getResult()
    indices = ot.FunctionalChaosSobolIndices(result)
    for j in range(dimension):
        show("s1", j, j, indices.getSobolIndex(j))
        show("st", j, j, indices.getSobolTotalIndex(j))
        for k in range(j + 1, dimension):
            show("s2", j, k, indices.getSobolIndex([j, k]))
    random = ot.FunctionalChaosRandomVector(result)
    show("mean", 0, 0, random.getMean()[0])
    show("variance", 0, 0, random.getCovariance()[0, 0])


if sys.argv[1] == "pawn":
    pawn(int(sys.argv[2]), int(sys.argv[3]))
else:
    chaos(sys.argv[2], int(sys.argv[3]))
