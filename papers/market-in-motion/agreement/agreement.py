#!/usr/bin/env python3
"""Compares pinfi with scipy: trajectories, events, rest points, eigenvalues, critical lags.

Run it with the Python that prepare makes, or by the script run beside it. It calls the executable of --pinfi on a
table of cases, computes each again from model.py with scipy, writes agreement.csv (--output) and prints a short table.
Status 1 if something differs by more than is allowed, 69 where pinfi or scipy is missing.
"""
import argparse
import csv
import io
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace

try:
    import numpy
    from scipy.linalg import eig
    from scipy.optimize import brentq

    from model import Game, jacobian_at, rest_points
    from paths import Flow, RatioPath, RolePath
except ImportError as missing:
    print(f"agreement.py: skipped, as Python has no {missing.name}: run prepare, or see run.", file=sys.stderr)
    sys.exit(69)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]

# pinfi's: the error of a step is at most RTOL |y| + ATOL, with |y| of the order of 1.
RTOL, ATOL = 1e-12, 1e-14
# None of the paths lets errors grow (they come to rest, or to a cycle along which errors stay), so they add up at most:
# 1000 steps is more than any method of order 5 to 8 takes here.
ONE_STEP = 1000 * RTOL
# The multistep methods take some ten times as many, and control an estimate of the error, not a difference of two.
MULTISTEP = 10_000 * RTOL
# A time of passage has the path's error divided by the speed with which the price passes, 0.1 or more here.
PASSAGE = 10 * ONE_STEP
# The closed forms of sharp flow are exponentials with rates of the order of 1; brentq leaves 4 ulp and scipy 1e-13.
FLOW = 1e-11
# Roots: both sides end within some ulp, and rounding in the function moves them by a few more.
ROOT_POINT = 1e-13
# Eigenvalues: entries of the Jacobian change by 1/w² = 2500 times an error of 1e-16 in x, rounding adds ulps of its norm,
# and the eigenvalues' own condition is 30 at most, where a pair is all but double. In units of the largest entry, if > 1.
EIGENVALUE = 1e-10
# A critical lag: an error of the eigenvalue's real part divided by its speed with the lag, which is 0.05 or more here.
CRITICAL = 1e-9


class PinfiFailed(Exception):
    """pinfi ended with a status other than 0, or did not say what was asked."""


# --- the two sides --------------------------------------------------------------------------------------------------

class Pinfi:
    def __init__(self, path):
        self.path = path

    def run(self, *arguments):
        done = subprocess.run([self.path, *arguments], capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or ["nothing on standard error"])[0]
            raise PinfiFailed(f"status {done.returncode}: {said}")
        return done.stdout

    def table(self, text):
        rows = list(csv.DictReader(io.StringIO(text)))
        if not rows:
            raise PinfiFailed("a table without rows")
        return rows

    def simulate(self, *arguments, events=False):
        """Columns of numbers by name, and the events, if asked for, as rows."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "events.csv"
            arguments += ("--events", str(file)) if events else ()
            rows = self.table(self.run("simulate", "--format", "csv", "--rtol", repr(RTOL), "--atol", repr(ATOL),
                                       *arguments))
            found = list(csv.DictReader(file.open())) if events else []
        return {name: [number(row[name]) for row in rows] for name in rows[0]}, found

    def rest_points(self, game, *arguments):
        said = self.run("equilibrium", "--protocol", game.protocol, *options(game), *arguments, "--format", "json")
        return json.loads(said)["rest_points"]


def number(text):
    try:
        return float(text)
    except ValueError:
        return math.nan


def column(table, name):
    if name not in table:
        raise PinfiFailed(f"no column {name}")
    return table[name]


# --- the comparison -------------------------------------------------------------------------------------------------

class Comparison:
    def __init__(self):
        self.rows = []

    def add(self, case, quantity, pinfi, peer, allowed, relative=False):
        """Numbers, or two lists of them, of which the worst pair is kept."""
        pairs = list(zip(pinfi, peer)) if isinstance(pinfi, list) else [(pinfi, peer)]
        differences = [abs(a - b) / (abs(b) if relative and b else 1) for a, b in pairs]
        differences = [math.inf if math.isnan(d) else d for d in differences]  # no number agrees with nothing
        worst = max(range(len(pairs)), key=lambda i: differences[i])
        self.rows.append([case, quantity, *pairs[worst], differences[worst], allowed, differences[worst] <= allowed])

    def same(self, case, quantity, pinfi, peer):
        self.rows.append([case, quantity, pinfi, peer, "", 0, pinfi == peer])

    def attempt(self, case, work):
        try:
            work()
        except (PinfiFailed, ArithmeticError, KeyError, subprocess.TimeoutExpired, json.JSONDecodeError) as failure:
            print(f"{case}: {failure!r}", file=sys.stderr)
            self.rows.append([case, "run", "failed", "", "", "", False])


OFF = {"b": 0.6, "d": 1.45, "kappa_g": 0.4, "kappa_b": 0.7, "kappa_s": 1.3, "demand_width": 0.05, "rationality": 30.0,
       "revision_rate": 3.0, "y": 0.8}
START = (1.25, 0.5, 0.375)  # x, l, s
LOW = (0.6, 0.125, 0.125)
HIGH = (3.0, 0.25, 0.25)


def options(game):
    """pinfi's options, all of them, so that its defaults play no part."""
    return [text for name, value in game.numbers().items() for text in ("--" + name.replace("_", "-"), repr(value))]


def simulate_role(pinfi, game, start, method, *arguments, **more):
    x, l, s = start
    return pinfi.simulate("--model", "role", "--protocol", game.protocol, "--method", method, *options(game),
                          "--from", f"x={x!r},lp={l!r},seller={s!r}", *arguments, **more)


def state_of(game, start):
    return game.state(math.log(start[0]), [start[1], start[2], 1 - start[1] - start[2]])


def trajectories(pinfi, comparison):
    cases = []
    for protocol in ["logit", "replicator", "smith", "bnn"]:
        cases += [(protocol, Game(protocol), START), (f"{protocol}, from below", Game(protocol), LOW),
                  (f"{protocol}, lag 0.5", Game(protocol, lag=0.5), START),
                  (f"{protocol}, off baseline", Game(protocol, **OFF), START),
                  (f"{protocol}, depth 0.5", Game(protocol, depth_exponent=0.5, **OFF), START),
                  (f"{protocol}, fee 0.1", Game(protocol, fee=0.1, **OFF), HIGH)]
    cases += [("best-response", Game("best-response"), START),
              ("best-response, lag 0.5", Game("best-response", lag=0.5), START),
              ("best-response, fee 0.1", Game("best-response", fee=0.1, **OFF), HIGH)]
    cases = [(*case, "rk8pd", "DOP853", 5.0) for case in cases]
    # The best response passes its tie ever faster as it comes to rest: 13 times until 3, and no end to it.
    cases = [(*case[:5], 2.0) if case[1].protocol == "best-response" else case for case in cases]
    cases += [(f"logit by {m}", Game(), START, m, "DOP853", 5.0) for m in ("rkf45", "rkck", "adams", "bdf")]
    # Revision in a thousandth of the period: stiff.
    stiff = Game(revision_rate=2000.0, demand_width=0.2, rationality=5.0)
    cases += [(f"stiff logit, {peer}", stiff, START, "bdf", peer, 5.0) for peer in ("Radau", "LSODA")]
    cases += [("replicator, log ratios", Game("replicator"), START, "rk8pd", "ratios", 5.0),
              ("replicator, lag, log ratios", Game("replicator", lag=0.5), START, "rk8pd", "ratios", 5.0)]
    for case, game, start, method, peer, until in cases:
        def work():
            table, _ = simulate_role(pinfi, game, start, method, "--until", repr(until), "--every", repr(until / 20))
            times = column(table, "t")
            path = (RatioPath(game, state_of(game, start), "DOP853") if peer == "ratios"
                    else RolePath(game, state_of(game, start), peer))
            states = []
            for t in times:
                path.go(t)
                states.append(list(path.y))
            comparison.same(case, "rows", len(times), 21)
            allowed = MULTISTEP if method in ("adams", "bdf") else ONE_STEP
            comparison.add(case, "x", column(table, "x"), [math.exp(y[0]) for y in states], allowed, relative=True)
            for i, name in [(-3, "share_lp"), (-2, "share_seller"), (-1, "share_external")]:
                comparison.add(case, name, column(table, name), [float(y[i]) for y in states], allowed)
        comparison.attempt(case, work)


def direction(text):
    return {"rising": 1, "falling": -1}.get(text, 0)


def crossings(pinfi, comparison):
    for case, game, start, x, until in [
            ("logit, x = 1", Game(), LOW, 1.0, 10.0), ("logit, x = d", Game(y=1.0), LOW, 1.3, 10.0),
            ("logit, x = d, falling", Game(), HIGH, 1.3, 10.0),
            ("logit, lag 0.5, x = 1.18", Game(lag=0.5), START, 1.18, 10.0),
            ("logit, fee 0.1, x = 1.4", Game(fee=0.1, **OFF), HIGH, 1.4, 10.0),
            ("replicator, x = 1.2", Game("replicator"), START, 1.2, 20.0),
            ("smith, x = 1", Game("smith"), HIGH, 1.0, 10.0), ("bnn, x = 1", Game("bnn"), HIGH, 1.0, 10.0),
            ("best-response, x = 1.2", Game("best-response"), START, 1.2, 1.0)]:
        def work():
            _, events = simulate_role(pinfi, game, start, "rk8pd", "--until", repr(until), "--every", "1.0", "--watch",
                                      f"x={x!r}", events=True)
            found = [(number(row["t"]), direction(row["direction"])) for row in events if row["event"].startswith("x=")]
            path, expected = RolePath(game, state_of(game, start), "DOP853"), []
            while way := path.go(until, watch=math.log(x)):
                expected.append((path.t, way))
            comparison.same(case, "directions", [way for _, way in found], [way for _, way in expected])
            if found and len(found) == len(expected):
                comparison.add(case, "time", [t for t, _ in found], [t for t, _ in expected], PASSAGE)
        comparison.attempt(case, work)


def limit_cycle(pinfi, comparison):
    """x from 1.09357 to 1.27348 with a period of 2.58566: from the same samples, and crossings, of both sides."""
    game, case = Game(lag=0.5), "limit cycle, lag 0.5"

    def extremes(times, prices):
        """Lowest and highest of the samples by the parabola through three; its error is the same on both sides."""
        found = []
        for sign in (-1, 1):
            i = max(range(1, len(prices) - 1), key=lambda i: sign * prices[i])
            a, b, c = prices[i - 1:i + 2]
            found.append(b + (c - a) ** 2 / (8 * (2 * b - a - c)))
        return found

    def work():
        until, step = 50.0, 0.002
        table, events = simulate_role(pinfi, game, START, "rk8pd", "--until", repr(until), "--every", repr(step),
                                      "--watch", "x=1.18", events=True)
        times, prices = column(table, "t"), column(table, "x")
        first = next(i for i, t in enumerate(times) if t > until - 3)
        path, expected, rising = RolePath(game, state_of(game, START), "DOP853"), [], []
        while path.t < until - 4:
            if path.go(until - 4, watch=math.log(1.18)) > 0:
                rising.append(path.t)
        for t in times[first:]:
            path.go(t)
            expected.append(math.exp(path.y[0]))
        found = [number(row["t"]) for row in events
                 if row["event"].startswith("x=") and direction(row["direction"]) > 0][:len(rising)]
        low, high = extremes(times[first:], prices[first:])
        peer_low, peer_high = extremes(times[first:], expected)
        comparison.add(case, "lowest x", low, peer_low, ONE_STEP)
        comparison.add(case, "highest x", high, peer_high, ONE_STEP)
        # Along the cycle errors of time stay, and 20 turns of them add up.
        comparison.add(case, "period", found[-1] - found[-2], rising[-1] - rising[-2], 10 * PASSAGE)
    comparison.attempt(case, work)


# --- the sharp flow and the transient pool --------------------------------------------------------------------------

def flows(pinfi, comparison):
    slow, keen, many = {"y": 0.79}, {"y": 0.5, "kappa_b": 0.9}, {"kappa_g": 0.8}
    cases = [("sharp, y 0.79, from 2", Game(), 2.0, 0.0), ("sharp, y 0.79, from 0.3", Game(), 0.3, 0.0),
             ("sharp, y 0.5, from 0.2", Game(**keen), 0.2, 0.0), ("sharp, y 0.5, from 2", Game(**keen), 2.0, 0.0),
             ("sharp, y 1, from 0.3", Game(y=1.0), 0.3, 0.0), ("sharp, y 1, from 3", Game(y=1.0), 3.0, 0.0),
             ("sharp, d 0.9, from 2", Game(d=0.9), 2.0, 0.0),
             ("sharp, fee 0.05, from 3", Game(fee=0.05, d=1.5), 3.0, 0.0),
             ("pool, y 0.79, from 2", Game(**slow), 2.0, 0.05), ("pool, y 0.79, from 0.5", Game(**slow), 0.5, 0.05),
             ("pool, y 0.5, from 0.2", Game(**keen), 0.2, 0.1), ("pool, y 0.5, from 2", Game(**keen), 2.0, 0.1),
             ("pool, y 1, from 0.5", Game(y=1.0), 0.5, 0.1), ("pool, y 1, from 3", Game(y=1.0), 3.0, 0.1),
             ("pool, many buyers, from 3", Game(**many), 3.0, 0.1)]
    for case, game, x, renewal in cases:
        def work():
            market = [text for name in ("b", "d", "y", "fee", "kappa_g", "kappa_b", "kappa_s")
                      for text in ("--" + name.replace("_", "-"), repr(getattr(game, name)))]
            model = ["--model", "transient", "--renewal-time", repr(renewal)] if renewal else ["--model", "sharp"]
            table, events = pinfi.simulate(*model, *market, "--from", f"x={x!r}", "--until", "4.0", "--every", "0.2",
                                           events=True)
            flow, states = Flow(game, x, renewal), []
            for t in column(table, "t"):
                flow.go(t)
                states.append(flow.y.copy())
            allowed = ONE_STEP if renewal else FLOW
            prices, reserves = [math.exp(u) for u, _ in states], [float(reserve) for _, reserve in states]
            comparison.same(case, "rows", len(states), 21)
            comparison.add(case, "x", column(table, "x"), prices, allowed, relative=True)
            if renewal:
                comparison.add(case, "asset_reserve", column(table, "asset_reserve"), reserves, allowed)
                comparison.add(case, "token_reserve", column(table, "token_reserve"),
                               [p * reserve for p, reserve in zip(prices, reserves)], allowed)
            times = [number(row["t"]) for row in events]
            for t, u, name in flow.events:
                nearest = min(times, key=lambda time: abs(time - t), default=math.nan)
                comparison.add(case, name, nearest, t, PASSAGE if renewal else FLOW)
        comparison.attempt(case, work)


# --- rest points, eigenvalues, critical lags ------------------------------------------------------------------------

def root(f, low, high):
    return brentq(f, low, high, xtol=1e-300, rtol=4 * numpy.finfo(float).eps)


def ordered(values):
    """By real, then by imaginary part; the real parts of a pair may differ by rounding."""
    return sorted((complex(v) for v in values), key=lambda v: (round(v.real, 9), v.imag))


def equilibria(pinfi, comparison):
    scarce, few = {"kappa_g": 1.5, "kappa_b": 0.25, "kappa_s": 1.0}, OFF | {"y": 0.5, "kappa_g": 0.9}
    cases = [("logit, y 0.5", Game(y=0.5)), ("logit", Game()), ("logit, y 1", Game(y=1.0)),
             ("logit, off baseline", Game(**OFF)), ("logit, depth 1", Game(depth_exponent=1.0, **OFF)),
             ("logit, fee 0.1", Game(fee=0.1, **OFF)), ("logit, lag 0.5", Game(lag=0.5)),
             ("logit, many buyers", Game(**scarce))]
    for protocol in ["replicator", "smith", "bnn"]:
        cases += [(protocol, Game(protocol)), (f"{protocol}, y 0.5", Game(protocol, y=0.5)),
                  (f"{protocol}, off baseline", Game(protocol, **OFF)),
                  (f"{protocol}, lag 0.2", Game(protocol, lag=0.2)),
                  (f"{protocol}, fee 0.1", Game(protocol, fee=0.1, **OFF)),
                  (f"{protocol}, many buyers", Game(protocol, **scarce)),
                  (f"{protocol}, few sellers", Game(protocol, **few))]
    for case, game in cases:
        def work():
            found, expected = pinfi.rest_points(game), rest_points(game, root)
            comparison.same(case, "rest points", len(found), len(expected))
            for name, state, sides in expected:
                want = [math.exp(state[0])] + state[-3:]
                near = [[p["x"], p["share_lp"], p["share_seller"], p["share_external"]] for p in found]
                if not near:
                    continue
                i = min(range(len(near)), key=lambda i: max(abs(a - b) for a, b in zip(near[i], want)))
                comparison.add(case, f"{name}: x", near[i][0], want[0], ROOT_POINT, relative=True)
                # P_s changes by λ π_s′ = 25 times an error in x, demand by κ/4w = 12 times.
                comparison.add(case, f"{name}: shares", near[i][1:], want[1:], 100 * ROOT_POINT)
                for side, key in zip(sides, ["eigenvalues", "eigenvalues_below"]):
                    matrix = numpy.array(jacobian_at(game, state, side))
                    values = ordered(eig(matrix, right=False))
                    got = ordered(complex(*pair) for pair in found[i][key])
                    where = {None: "", "eigenvalues": " above", "eigenvalues_below": " below"}[key if side else None]
                    comparison.same(case, f"{name}: eigenvalues{where}, number", len(got), len(values))
                    size = max(1.0, numpy.abs(matrix).max())
                    comparison.add(case, f"{name}: Re μ{where}", [v.real for v in got], [v.real for v in values],
                                   EIGENVALUE * size)
                    comparison.add(case, f"{name}: Im μ{where}", [v.imag for v in got], [v.imag for v in values],
                                   EIGENVALUE * size)
        comparison.attempt(case, work)


def critical_lags(pinfi, comparison):
    sharper = OFF | {"demand_width": 0.03, "rationality": 150.0, "y": 0.7}
    for case, game in [
            *((f"critical lag, logit, y {y}", Game(y=y)) for y in (0.5, 0.7, 0.75, 0.79, 0.8, 0.81, 0.82, 1.0)),
            ("critical lag, off baseline", Game(**sharper)),
            ("critical lag, depth 0.5", Game(depth_exponent=0.5, **sharper)),
            ("critical lag, fee 0.05", Game(fee=0.05, **sharper)), ("critical lag, replicator", Game("replicator"))]:
        def work():
            (_, state, _), *_ = rest_points(game, root)
            delayed = [state[0], state[0]] + state[-3:]

            def leading(lag):
                """The eigenvalue with the largest real part, of those that are no real numbers."""
                values = eig(numpy.array(replace(game, lag=lag).jacobian(delayed)), right=False)
                return max((v for v in values if v.imag > 1e-9), key=lambda v: v.real, default=complex(-1))
            lags = [float(v) for v in numpy.geomspace(1e-3, 1e3, 601)]
            ends = next((pair for pair in zip(lags, lags[1:])
                         if leading(pair[0]).real < 0 < leading(pair[1]).real), None)
            found = pinfi.rest_points(game, "--critical-lag")
            nearest = min(found, key=lambda p: abs(p["x"] - math.exp(state[0])))
            if ends is None or nearest["critical_lag"] is None:
                comparison.same(case, "lag", nearest["critical_lag"], None if ends is None else "some")
                return
            lag = root(lambda lag: leading(lag).real, *ends)
            comparison.add(case, "lag", nearest["critical_lag"], lag, CRITICAL, relative=True)
            comparison.add(case, "period", nearest["critical_period"], 2 * math.pi / leading(lag).imag, CRITICAL,
                           relative=True)
        comparison.attempt(case, work)


# --- the report -----------------------------------------------------------------------------------------------------

def text(value):
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    return repr(float(value)) if isinstance(value, float) else str(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pinfi", help="the executable; default: that on PATH, else .build/release/pinfi")
    parser.add_argument("--output", default=str(HERE / "agreement.csv"), help="the table of all comparisons")
    arguments = parser.parse_args()
    path = arguments.pinfi or shutil.which("pinfi") or str(ROOT / ".build/release/pinfi")
    if not shutil.which(path):
        print(f"agreement.py: skipped, as there is no executable {path}: build it, or give --pinfi.", file=sys.stderr)
        return 69
    comparison, pinfi = Comparison(), Pinfi(path)
    parts = [("trajectories", trajectories), ("passages of a price", crossings), ("limit cycle", limit_cycle),
             ("sharp flow and transient pool", flows), ("rest points and eigenvalues", equilibria),
             ("critical lags", critical_lags)]
    summary = []
    for title, part in parts:
        before = len(comparison.rows)
        part(pinfi, comparison)
        summary.append((title, comparison.rows[before:]))
    with open(arguments.output, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", "quantity", "pinfi", "peer", "difference", "allowed", "agrees"])
        writer.writerows([[text(cell) for cell in row] for row in comparison.rows])
    print(f"{'pinfi and scipy':<32}{'rows':>6}{'worst':>10}{'of allowed':>12}  differ")
    for title, rows in summary:
        measured = [(row[4], row[4] / row[5]) for row in rows if isinstance(row[4], float)]
        worst, part = max((d for d, _ in measured), default=math.nan), max((p for _, p in measured), default=math.nan)
        print(f"{title:<32}{len(rows):>6}{worst:>10.1e}{part:>12.1e}  {sum(not row[6] for row in rows) or 'none'}")
    differ = [row for row in comparison.rows if not row[6]]
    for case, quantity, ours, peer, difference, allowed, _ in differ[:20]:
        print(f"\n{case}: {quantity}\n  pinfi {text(ours)}\n  scipy {text(peer)}")
        print(f"  differ by {text(difference)}, allowed {text(allowed)}")
    if len(differ) > 20:
        print(f"\nand {len(differ) - 20} more: {arguments.output}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
