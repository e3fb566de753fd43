#!/usr/bin/env python3
"""Fits the constants of Sources/CVectorKernels/InverseLogMean.c and prints them with the error of each fit.

Needs mpmath. Rational fits: linearised least squares with Lawson's reweighting towards the smallest largest relative
error; polynomials: Chebyshev fits. Forty digits throughout, so the printed errors are those of the forms, not of the fit.
"""
import mpmath
from mpmath import mp, mpf

mp.dps = 40


def second_phi(z):
    if abs(z) < mpf("0.5"):
        return mpmath.fsum(z**k / mpmath.factorial(k + 2) for k in range(40))
    return (mpmath.expm1(z) - z) / z**2


def log_inverse(excess):
    """The l > 0 with l * phi2(l) = excess."""
    l = 2 * excess if excess < 1 else mpmath.log1p(excess) + mpmath.log1p(mpmath.log1p(excess)) + mpf("0.3")
    for _ in range(60):
        p = second_phi(l)
        step = (l * p - excess) / (1 + l * p - p)
        l -= step
        if abs(step) < abs(l) * mpf(10) ** -36:
            return l
    raise ArithmeticError(excess)


def rational_fit(f, low, high, n, m, nodes=120):
    xs = [(low + high) / 2 + (high - low) / 2 * mpmath.cos(mpmath.pi * (2 * i + 1) / (2 * nodes)) for i in range(nodes)]
    ys = [f(x) for x in xs]
    weights, best = [mpf(1)] * nodes, None
    for _ in range(25):
        a, b = mp.matrix(nodes, n + 1 + m), mp.matrix(nodes, 1)
        for i, (x, y) in enumerate(zip(xs, ys)):
            for j in range(n + 1):
                a[i, j] = weights[i] * x**j / y
            for j in range(1, m + 1):
                a[i, n + j] = -weights[i] * x**j
            b[i] = weights[i]
        c = mpmath.lu_solve(a.T * a, a.T * b)
        p, q = [c[j] for j in range(n + 1)], [mpf(1)] + [c[n + j] for j in range(1, m + 1)]
        errors = [abs(mpmath.polyval(p[::-1], x) / mpmath.polyval(q[::-1], x) / y - 1) for x, y in zip(xs, ys)]
        worst = max(errors)
        if best is None or worst < best[0]:
            best = (worst, p, q)
        weights = [w * mpmath.sqrt(mpf("0.05") + e / worst) for w, e in zip(weights, errors)]
        weights = [w / max(weights) for w in weights]
    return best


def show(name, error, *rows):
    print(f"// {name}: relative error {mpmath.nstr(error, 2)}")
    for row in rows:
        print("    " + ", ".join(mpmath.nstr(x, 18) for x in row))


low, high = mpf("1e-9"), mpf("2.2")
show("guess of l/excess by excess, lowest power first", *rational_fit(lambda e: log_inverse(e) / e, low, high, 4, 4))
low, high = mpf("1.14"), mpf("21")
show("guess of l by ln m, lowest power first", *rational_fit(lambda s: log_inverse(mpmath.expm1(s)), low, high, 4, 4))
c, error = mpmath.chebyfit(second_phi, [0, mpf("2.01")], 15, error=True)
show("phi2 on 0 ... 2, lowest power first", error / second_phi(mpf(0)), c[::-1])
half = mpmath.log(2) / 2 * mpf("1.0001")
c, error = mpmath.chebyfit(second_phi, [-half, half], 11, error=True)
show("phi2 on -ln2/2 ... ln2/2, for e^r = 1 + r + r^2 phi2(r), lowest power first", error, c[::-1])
half = (mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1) * mpf("1.0001")
c, error = mpmath.chebyfit(lambda z: mpmath.atanh(mpmath.sqrt(z)) / mpmath.sqrt(z) * 2 if z else mpf(2), [0, half**2], 5, error=True)
show("2 atanh(s)/s by s^2, lowest power first", error / 2, c[::-1])
