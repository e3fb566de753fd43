#!/usr/bin/env python3
"""Writes the reference tables beside this file: 36 digits from mpmath for the exact values of the doubles given.

Run it from anywhere; the same tables come out every time. Needs mpmath.
"""
import math
import pathlib
import random

import mpmath
from mpmath import mp, mpf

mp.dps = 160  # second derivatives lose three times the digits of u - v, which is 48 at neighbouring doubles
HERE = pathlib.Path(__file__).parent
MAX = 1.7976931348623157e308


def digits(x):
    return mpmath.nstr(x, 36, strip_zeros=False, min_fixed=0, max_fixed=0)


def write(name, comment, columns, rows):
    lines = [f"// Written by generate.py. {comment}", f"// {' '.join(columns)}", f"let {name} = ReferenceTable(", '    """']
    lines += ["    " + " ".join(repr(c) if isinstance(c, float) else digits(c) if isinstance(c, mpf) else c for c in row) for row in rows]
    lines += ['    """)', ""]
    (HERE / f"{name[0].upper() + name[1:]}.swift").write_text("import TestSupport\n\n" + "\n".join(lines))
    print(name, len(rows))


# --- the logarithmic mean -------------------------------------------------------------------------------------------

def log_mean(u, v):
    """L and its derivatives: L, Lu, Lv, Luu, Luv, Lvv."""
    if u == v:
        u = mpf(u)
        return [u, mpf(1) / 2, mpf(1) / 2, -1 / (6 * u), 1 / (6 * u), -1 / (6 * u)]
    u, v = mpf(u), mpf(v)
    l = mpmath.log(u / v)
    du = (l - 1 + v / u) / l**2
    dv = (u / v - 1 - l) / l**2
    g = (l - 2 + (l + 2) * v / u) / l**3  # phi2'(-l) = -u L_uu
    return [(u - v) / l, du, dv, -g / u, g / v, -g * u / v**2]


rng = random.Random(20260)
pairs = [(1.0, 1.0), (5e-324, 5e-324), (MAX, MAX), (1.0, math.nextafter(1, 2)), (math.nextafter(1, 0), 1.0), (2.0, 1.0), (1.0, 2.0),
         (math.nextafter(2, 3), 1.0), (math.nextafter(2, 1), 1.0), (math.e, 1.0), (math.e**2, 1.0), (math.e**4, 1.0),
         (MAX, 5e-324), (5e-324, MAX), (MAX, 1.0), (1.0, 5e-324), (1e-323, 5e-324), (1.5e-323, 5e-324), (2.2250738585072014e-308, 5e-324),
         (2.2250738585072014e-308, 2.225073858507201e-308), (MAX, math.nextafter(MAX, 0)), (1e308, 1e-10), (1e200, 1e-200), (1e10, 1e-300)]
for _ in range(60):
    v = math.exp(rng.uniform(-3, 3))
    pairs.append((v * (1 + math.ldexp(rng.uniform(-1, 1), -rng.randrange(1, 52))), v))
for _ in range(60):
    pairs.append((math.exp(rng.uniform(-700, 700)), math.exp(rng.uniform(-700, 700))))
for _ in range(60):
    v = math.exp(rng.uniform(-300, 300))
    pairs.append((v * math.exp(rng.uniform(-6, 6)), v))
for _ in range(20):
    pairs.append((rng.randrange(1, 1 << 20) * 5e-324, rng.randrange(1, 1 << 20) * 5e-324))
write("logarithmicMeanReferences", "The logarithmic mean and its derivatives.", "u v L Lu Lv Luu Luv Lvv".split(),
      [[u, v] + log_mean(u, v) for u, v in pairs])

# --- its inverse ----------------------------------------------------------------------------------------------------

def phi2(z):
    if abs(z) < mpf("1e-3"):
        return mpmath.fsum(z**k / mpmath.factorial(k + 2) for k in range(70))
    return (mpmath.expm1(z) - z) / z**2


def log_inverse(e):
    """l with l phi2(l) = e, from e = m - 1 > -1."""
    e = mpf(e)
    if e == 0:
        return mpf(0)
    if e < mpf("-0.5"):
        m = 1 + e
        l = -1 / m
    else:
        q = mpmath.log1p(e)
        l = q * (2 - q / 3) if e < 2 else q + mpmath.log(q + mpmath.log(q + 1) + 1)
    for _ in range(200):
        p = (mpmath.expm1(l) - l) / l if abs(l) > 1e-3 else l * phi2(l)
        step = (p - e) / (1 + p - p / l)
        l -= step
        if abs(step) <= abs(l) * mpf(10) ** -(mp.dps - 20):
            return l
    raise ArithmeticError(e)


def inverse(e):
    """Lambda - 1, Lambda, Lambda', condition numbers of Lambda and of Lambda' in m."""
    l = log_inverse(e)
    m = 1 + mpf(e)
    x = mpmath.exp(l)
    derivative = 1 / phi2(-l)
    # d ln Lambda' / d ln m = m l'(m) phi2'(-l)/phi2(-l), l' = Lambda'/x, phi2' = (phi1 - 2 phi2)/z + ... by differentiation
    second = mpmath.diff(lambda z: phi2(z), -l) if abs(l) > 1e-3 else mpf(1) / 6
    return [mpmath.expm1(l), x, derivative, m * derivative / x, abs(m * derivative / x * second / phi2(-l))]


ms = [1.0, math.nextafter(1, 2), math.nextafter(1, 0), 1 + 1e-8, 1 - 1e-8, 1.0001, 1.1, 2.0, 3.1945280494653252, 3.19, 3.2, 100.0, 1e6, 5e8, 6e8, 1e16, 1e100, 9.99e299,
      2e305, 0.44, 0.43, 0.45, 0.5, 0.1, 0.01, 0.0015, 0.00141, 0.00135]
ms += [1 + 10 ** rng.uniform(-15, 1) for _ in range(60)] + [10 ** rng.uniform(0, 300) for _ in range(60)]
ms += [1 - 10 ** rng.uniform(-15, -0.2) for _ in range(40)] + [10 ** rng.uniform(-2.8, 0) for _ in range(40)]
write("inverseReferences", "The inverse of x -> (x - 1)/ln x at m.", "m value derivative condition derivativeCondition".split(),
      [[m] + inverse(mpf(m) - 1)[1:] for m in ms])
es = [1e-300, -1e-300, 5e-324, 2.0**-60, 1e-20, -1e-20, 1e-12, -1e-12, 1e-8, 2.19, 2.2, -0.56, -0.57, 1e300]
es += [10 ** rng.uniform(-300, 0) for _ in range(40)] + [-(10 ** rng.uniform(-300, -0.3)) for _ in range(40)] + [10 ** rng.uniform(0, 9) for _ in range(20)]
write("inverseExcessReferences", "The inverse less one, at an excess m - 1.", "excess value".split(), [[e] + inverse(e)[:1] for e in es])

# --- the market -----------------------------------------------------------------------------------------------------

def market_row(beta, p, theta, delta, fee, gamma):
    b, pp, t, d, f, g = map(mpf, (beta, p, theta, delta, fee, gamma))
    c = b + pp * t
    k = 1 - f
    alpha_s, alpha_b, alpha_g = c / k, k * b, k * d
    L, Lu, Lv = log_mean(k * alpha_g, c)[:3]
    upper = L - pp * t
    dupper = [(Lv, Lv), (t * (Lv - 1), max(t * Lv, t)), (pp * (Lv - 1), max(pp * Lv, pp)), (k * k * Lu, 0), (-2 * k * d * Lu, 0)]
    m = (g + pp * t) / c
    x = mpmath.exp(log_inverse(m - 1))
    star = c * x / k
    Lu2, Lv2 = log_mean(c * x, c)[1:3] if m != 1 else (mpf(1) / 2, mpf(1) / 2)
    dstar = [-Lv2 / Lu2 / k, t * (1 - Lv2) / Lu2 / k, pp * (1 - Lv2) / Lu2 / k, 1 / (k * Lu2), star / k]
    # the largest terms of the sums, for the tolerance
    tstar = [-Lv2 / Lu2 / k, t * max(1, Lv2) / Lu2 / k, pp * max(1, Lv2) / Lu2 / k, 1 / (k * Lu2), star / k]
    return [c, alpha_b, alpha_s, alpha_g, upper] + [a for a, _ in dupper] + [max(t * Lv, t), max(pp * Lv, pp)] + [star] + dstar + tstar


rows = []
for i in range(120):
    beta, p, theta = 10 ** rng.uniform(-2, 2), rng.choice([0.0, 1.0, rng.random(), rng.random()]), rng.uniform(0, 3)
    fee = rng.choice([0.0, 0.0, rng.uniform(0, 0.3), rng.uniform(0, 0.9)])
    c = beta + p * theta
    delta = c / (1 - fee) ** 2 * rng.uniform(1.0001, 4)
    gamma = beta * (1 + (10 ** rng.uniform(-9, 2) if i % 4 else rng.uniform(0, 1)))
    rows.append([beta, p, theta, delta, fee, gamma] + market_row(beta, p, theta, delta, fee, gamma))
names = ("beta p theta delta fee gamma c alpha_b alpha_s alpha_g gamma_max "
         "gmax_beta gmax_p gmax_theta gmax_delta gmax_fee term_p term_theta alpha_star "
         "star_beta star_p star_theta star_gamma star_fee term_star_beta term_star_p term_star_theta term_star_gamma term_star_fee")
write("marketReferences", "Random markets: limits, bounds and derivatives.", names.split(), rows)

# --- the seller's payoff, with a stream of its own so that the tables above stay as they are --------------------------

rng = random.Random(20261)
rows = []
for i in range(140):
    beta, p, theta = 10 ** rng.uniform(-2, 2), rng.choice([0.0, 1.0, rng.random(), rng.random()]), rng.uniform(0, 3)
    fee = rng.choice([0.0, 0.0, rng.uniform(0, 0.3), rng.uniform(0, 0.9)])
    limit = (beta + p * theta) / (1 - fee)
    # Far off, near the limit, and around a quarter of it, where the formula changes.
    alpha = [limit * 10 ** rng.uniform(-6, 6), limit * (1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-15, -1)),
             limit * rng.uniform(0.2, 0.3), limit * rng.uniform(0.5, 4)][i % 4]
    cost = mpf(beta) + mpf(p) * mpf(theta)
    kept = 1 - mpf(fee)
    mean, slope = log_mean(kept * mpf(alpha), cost)[:2]
    rows.append([beta, p, theta, fee, alpha, mean - mpf(p) * mpf(theta), kept * slope, mean])
write("payoffReferences", "The seller's payoff S, its slope, and the mean L that it is made of.",
      "beta p theta fee alpha S slope L".split(), rows)
