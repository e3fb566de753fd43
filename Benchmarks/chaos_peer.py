"""What `pinfi sensitivity chaos` is measured against: OpenTURNS' least squares of the one degree 12, a whole process.

The output is alpha* of 4096 points of Sobol's sequence over beta, p, theta and gamma, as in `sensitivity sobol`.
"""
import numpy as np
import openturns as ot
from scipy.special import lambertw

DEGREE, SAMPLES = 12, 4096


def main():
    marginals = [ot.Uniform(0.5, 0.9), ot.Uniform(0.0, 0.2), ot.Uniform(0.5, 2.5), ot.Uniform(1.4, 1.9)]
    distribution = ot.JointDistribution(marginals)
    points = ot.LowDiscrepancyExperiment(ot.SobolSequence(), distribution, SAMPLES).generate()
    beta, p, theta, gamma = np.asarray(points).T
    c = beta + p * theta
    m = np.maximum((gamma + p * theta) / c, 1 + 1e-12)
    values = c * -m * lambertw(-np.exp(-1 / m) / m, -1).real
    enumeration = ot.LinearEnumerateFunction(4)
    basis = ot.OrthogonalProductPolynomialFactory([ot.LegendreFactory()] * 4, enumeration)
    size = enumeration.getBasisSizeFromTotalDegree(DEGREE)
    fit = ot.FunctionalChaosAlgorithm(
        points, ot.Sample([[value] for value in values]), distribution, ot.FixedStrategy(basis, size),
        ot.LeastSquaresStrategy())
    fit.run()
    print(ot.FunctionalChaosSobolIndices(fit.getResult()).getSobolTotalIndex(3))


main()
