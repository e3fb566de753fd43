#!/usr/bin/env python3
"""Writes the references of Tests/RoleDynamicsTests/References: 30 digits for the exact values of the doubles given.

Run it from anywhere, with the Python that prepare makes; the same tables come out every time, in about five minutes. A
table's name as an argument writes that one alone. It ends with an error unless each number comes out the same by
polynomials of another order, other lengths of steps and fewer working digits.
"""
import pathlib
import sys
import textwrap
from dataclasses import replace

import mpmath
import numpy
from mpmath import mp, mpf

from model import Game, PROTOCOLS, jacobian_at, rest_points
from series import Path

OUT = pathlib.Path(__file__).resolve().parents[3] / "Tests/RoleDynamicsTests/References"
GAME = "protocol " + " ".join(Game().numbers())
OFF = {"b": 0.6, "d": 1.45, "kappa_g": 0.4, "kappa_b": 0.7, "kappa_s": 1.3, "demand_width": 0.05, "rationality": 30.0,
       "revision_rate": 3.0, "y": 0.8}
SHARPER = OFF | {"demand_width": 0.03, "rationality": 150.0, "y": 0.7}
SCARCE = {"kappa_g": 1.5, "kappa_b": 0.25, "kappa_s": 1.0}  # sellers alone do not hold the price below d
DIGITS = 30


def written(value):
    if isinstance(value, (float, int)):
        return repr(value)
    if mpmath.isinf(value):
        return "inf"
    if abs(value) < mpf(10) ** -(DIGITS + 3):  # what a root finder leaves of a 0
        return "0.0"
    return mpmath.nstr(value, DIGITS, strip_zeros=False, min_fixed=0, max_fixed=0)


def write(name, comment, columns, rows):
    lines = ["import TestSupport", "", "// Written by papers/market-in-motion/agreement/references.py."]
    lines += [f"// {line}" for text in (comment, columns) for line in textwrap.wrap(text, 110)]
    lines += [f"let {name} = ReferenceTable(", '    """']
    lines += ["    " + " ".join(map(written, row)) for row in rows] + ['    """)', ""]
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name[0].upper() + name[1:]}.swift").write_text("\n".join(lines))
    print(name, len(rows), flush=True)


def row(game):
    return [PROTOCOLS.index(game.protocol)] + list(game.numbers().values())


def twice(compute):
    """What `compute(terms, digits)` gives, after a second computation has agreed on all digits that are written."""
    results = []
    for terms, digits, working in [(31, 34, 46), (40, 37, 52)]:
        mp.dps = working
        results.append(compute(terms, digits))
    for a, b in zip(*results, strict=True):
        if not (a == b or abs(a - b) <= mpf(10) ** -DIGITS * max(1, abs(b))):
            sys.exit(f"references.py: {written(a)} and {written(b)}: too few digits are good")
    return results[1]


def bisect(f, low, high):
    positive = f(low) > 0
    while high - low > mpf(10) ** -(mp.dps - 3):
        middle = (low + high) / 2
        low, high = (middle, high) if (f(middle) > 0) == positive else (low, middle)
    return (low + high) / 2


def path_from(game, start, how):
    """A path at its start: z, l, s, e, and q = z."""
    return Path(game, game.state(start[0], start[1:]), *how)


def pieces(path):
    """The path's steps: begin, length, polynomials."""
    ends = [time for time, _ in path.steps[1:]] + [path.time]
    return [(time, end - time, solution) for (time, solution), end in zip(path.steps, ends)]


# --- along paths ----------------------------------------------------------------------------------------------------

START = (0.25, 0.5, 0.375, 0.125)  # z, l, s, e; dyadic, so that the shares add up to 1
HIGH = (1.5, 0.25, 0.25, 0.5)
LOW = (-0.5, 0.125, 0.125, 0.75)


def trajectories():
    runs = [(game, start) for protocol in PROTOCOLS[:4] for game, start in [
        (Game(protocol), START), (Game(protocol), LOW), (Game(protocol, lag=0.5), START),
        (Game(protocol, depth_exponent=0.5, **OFF), START), (Game(protocol, fee=0.1, **OFF), HIGH),
        (Game(protocol, lag=0.25, depth_exponent=1.0, fee=0.05, **OFF), HIGH)]]
    runs += [(Game("replicator", y=0.5), (0.25, 0.5, 0.5, 0.0)), (Game("replicator"), (0.125, 0.0, 0.5, 0.5)),
             (Game("smith"), (0.25, 1.0, 0.0, 0.0)), (Game("bnn", y=0.5), (0.25, 0.0, 1.0, 0.0)),
             (Game("best-response"), START), (Game("best-response", lag=0.5), START),
             (Game("best-response", fee=0.1, **OFF), HIGH), (Game(y=1.0), LOW), (Game(lag=1e-3), START)]
    times = (0.5, 2.0, 5.0)
    for game, start in runs:
        def states(*how):
            path = path_from(game, start, how)
            return [value for s in map(path.go, times) for value in [s[0], game.observed(s)] + list(s[-3:])]
        values = twice(states)
        for i, t in enumerate(times):
            yield row(game) + list(start) + [t] + values[5 * i:5 * i + 5]


def crossings():
    for game, start, x, until in [
            (Game(), LOW, 1.0, 10.0), (Game(), LOW, 1.3, 10.0), (Game(lag=0.5), START, 1.1854374855919412, 10.0),
            (Game("replicator"), START, 1.1852444979557, 20.0), (Game("smith"), HIGH, 1.0, 10.0),
            (Game("bnn"), HIGH, 1.0, 10.0), (Game("best-response"), START, 1.25, 3.0)]:
        def times(terms, digits):
            target, found = mpmath.log(mpf(x)), []
            path = path_from(game, start, (terms, digits))
            path.go(until)
            for time, length, (z, *_) in pieces(path):
                rises = z.value(mpf(0), terms) < target
                if rises != (z.value(length, terms) < target):
                    found += [time + bisect(lambda t: z.value(t, terms) - target, mpf(0), length), mpf(rises * 2 - 1)]
            return found
        found = twice(times)
        for time, direction in zip(found[::2], found[1::2]):
            yield row(game) + list(start) + [x, time, int(direction)]


def limit_cycle():
    game = Game(lag=0.5)

    def cycle(terms, digits):
        path = path_from(game, START, (terms, digits))
        path.go(155)  # 60 turns, each of which leaves 0.286 of the distance
        lows, highs = [], []
        for time, length, (z, *_) in pieces(path)[-120:]:
            def slope(t):
                return mpmath.polyval([k * z.c[k] for k in range(terms - 1, 0, -1)], t)
            rises = slope(mpf(0)) > 0
            if rises != (slope(length) > 0):
                t = bisect(slope, mpf(0), length)
                (highs if rises else lows).append((time + t, mpmath.exp(z.value(t, terms))))
        return [lows[-1][1], highs[-1][1], lows[-1][0] - lows[-2][0]]
    yield row(game) + twice(cycle)


# --- at rest points -------------------------------------------------------------------------------------------------

def eigenvalues(matrix):
    """By real, then by imaginary part."""
    with mpmath.workdps(2 * mp.dps):  # as a double eigenvalue has half of the digits
        values = mpmath.eig(mpmath.matrix(matrix), left=False, right=False)
    tiny = mpf(10) ** -(DIGITS + 3)  # the real parts of a pair may differ by less
    values.sort(key=lambda v: (mpmath.nint(v.real / tiny), v.imag))
    return [part for v in values for part in (v.real, v.imag)]


def stability(games):
    for game in games:
        def compute(*_):
            return [value for _, state, sides in rest_points(game.exact(), bisect) for side in sides
                    for value in [state[0]] + state[-3:] + eigenvalues(jacobian_at(game.exact(), state, side))]
        values = twice(compute)
        sides = [side for _, _, sides in rest_points(game.exact(), bisect) for side in sides]
        size = len(values) // len(sides)
        for i, side in enumerate(sides):
            side = 0 if side is None else 1 if side > 0 else -1
            yield row(game) + [side] + values[size * i:size * (i + 1)]


def plain_stability():
    games = [Game(y=0.5), Game(), Game(y=1.0), Game(**OFF), Game(depth_exponent=1.0, **OFF), Game(fee=0.1, **OFF),
             Game(y=0.5, depth_exponent=1.0), Game(rationality=1000.0, demand_width=1e-3), Game(**SCARCE)]
    for protocol in ["replicator", "smith", "bnn"]:
        games += [Game(protocol), Game(protocol, y=0.5), Game(protocol, **OFF), Game(protocol, fee=0.1, **OFF),
                  Game(protocol, **SCARCE), Game(protocol, **(OFF | {"y": 0.5, "kappa_g": 0.9}))]
    return stability(games)


def lagged_stability():
    return stability([
        Game(lag=0.5), Game(lag=0.1), Game(y=1.0, lag=2.0), Game(lag=0.3, fee=0.1, **OFF),
        Game(lag=0.3, depth_exponent=1.0, **OFF), Game("replicator", lag=0.5), Game("smith", lag=0.2),
        Game("bnn", lag=0.2)])


def critical_lags():
    for game in [Game(y=0.5), Game(y=0.7), Game(y=0.75), Game(), Game(y=0.8), Game(y=0.81), Game(y=0.8105),
                 Game(y=0.8106), Game(y=1.0), Game(**OFF), Game(depth_exponent=1.0, **OFF), Game(fee=0.1, **OFF),
                 Game(y=0.5, depth_exponent=0.25), Game(**SHARPER), Game(depth_exponent=0.5, **SHARPER),
                 Game(fee=0.05, depth_exponent=1.0, **SHARPER), Game("replicator"), Game("replicator", **SHARPER),
                 Game("replicator", **OFF)]:
        def compute(*_):
            (_, state, _), *_ = rest_points(game.exact(), bisect)
            delayed = [state[0], state[0]] + state[-3:]

            def leading(lag):
                """The pair's eigenvalue with the largest real part, as a double."""
                values = numpy.linalg.eigvals(replace(game, lag=lag).jacobian([float(v) for v in delayed]))
                return max((v for v in values if v.imag > 1e-9), key=lambda v: v.real, default=complex(-1))

            def determinant(lag, frequency):
                matrix = mpmath.matrix(game.exact(lag=lag).jacobian(delayed))
                value = lag * mpmath.det(matrix - mpmath.mpc(0, frequency) * mpmath.eye(4))
                return value.real, value.imag
            lags = [float(v) for v in numpy.geomspace(1e-3, 1e6, 1801)]
            found = []
            for low, high in zip(lags, lags[1:]):
                unstable = leading(low).real > 0
                if unstable == (leading(high).real > 0):
                    continue
                for _ in range(30):
                    middle = (low + high) / 2
                    low, high = (middle, high) if (leading(middle).real > 0) == unstable else (low, middle)
                lag, frequency = mpmath.findroot(determinant, (mpf(low), mpf(leading(low).imag)))
                found += [lag, 2 * mpmath.pi / frequency]
            return (found + [mpf("inf")] * 3)[:3]
        yield row(game) + twice(compute)


TABLES = {
    "trajectoryReferences": (
        trajectories, "Role dynamics from a start, where q = z, to a time; without a lag q is z. The protocol is its "
        f"place in {', '.join(PROTOCOLS)}.", "z0 l0 s0 e0 t z q l s e"),
    "crossingReferences": (
        crossings, "When the price passes x, and whether up (1) or down (-1): all times until 3 to 20 T.",
        "z0 l0 s0 e0 x t direction"),
    "limitCycleReferences": (
        limit_cycle, "The stable limit cycle of the logit dynamics with a lag: lowest and highest price, period.",
        "lowest highest period"),
    "restPointReferences": (
        plain_stability, "All rest points, y other than b, and the eigenvalues there, by real and then by imaginary "
        "part, in 1/T. The side is 0 where the field is smooth, 1 and -1 for a kink's side where sellers earn more or "
        "less.", "side z l s e re1 im1 re2 im2 re3 im3"),
    "laggedEigenvalueReferences": (
        lagged_stability, "The same with an observation lag.", "side z l s e re1 im1 re2 im2 re3 im3 re4 im4"),
    "criticalLagReferences": (
        critical_lags, "The lag at which the rest point (of the edge l-s) loses its stability, the period there, and "
        "the lag beyond which it is stable again; inf where there is none.", "critical period again"),
}
wanted = sys.argv[1:] or list(TABLES)
for name in wanted:
    if name not in TABLES:
        sys.exit(f"references.py: no table is called {name}; there are {', '.join(TABLES)}")
    rows, comment, columns = TABLES[name]
    write(name, comment, f"{GAME} {columns}", list(rows()))
