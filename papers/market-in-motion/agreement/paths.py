"""Paths of the market in motion by scipy, from one kink, jump or change of who trades to the next.

Each path has its time t and state y, and go(end) moves it on.
"""
import math

import numpy
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from model import mean

# scipy's tolerances. Its paths are then off the 30-digit references of references.py by 2e-11 at most, most by 1e-13.
PEER = {"rtol": 1e-12, "atol": 1e-14}


def advance(field, t, y, end, surfaces, method):
    """scipy's solution from t to `end`, or to the first surface passed: time, state and which.

    A surface is a function of the state and the direction in which it is passed. scipy finds the time on an interpolant
    of order 7 or less; Newton's steps on integrations that end there make up for that. What stays at 0, or starts there,
    has not been passed: the surface lies a few roundings farther.
    """
    events = []
    for surface, direction in surfaces:
        def event(_, state, surface=surface, direction=direction):
            return surface(state) - 1e-15 * direction
        event.terminal, event.direction = True, direction
        events.append(event)
    solution = solve_ivp(field, (t, end), y, method=method, events=events, **PEER)
    if solution.status < 0:
        raise ArithmeticError(f"scipy: {solution.message}")
    if solution.status == 0:
        return end, solution.y[:, -1], None
    index = next(i for i, times in enumerate(solution.t_events) if len(times))
    time, state = solution.t_events[index][0], solution.y_events[index][0]
    for _ in range(2):
        slope = numpy.array(field(time, state))
        ahead, here, behind = (events[index](time, state + h * slope) for h in (1e-6, 0, -1e-6))
        time = max(time - here / ((ahead - behind) / 2e-6), t)
        state = solve_ivp(field, (t, time), y, method=method, **PEER).y[:, -1] if time > t else numpy.array(y)
    return time, state, index


class RolePath:
    """Role dynamics by scipy, from one kink of the revision protocol to the next."""

    def __init__(self, game, start, method):
        self.game, self.method = game, method
        self.t, self.y = 0.0, start
        self.above = game.above(start)
        self.over = None  # whether z lies above the watched value

    def field(self, _, y):
        return self.game.field([float(v) for v in y], self.above)

    def surface(self, y, i):
        y = [float(v) for v in y]
        return self.game.surfaces(self.game.payoffs(self.game.observed(y)), y[-3:])[i]

    def go(self, end, watch=None):
        """On to `end`, or until z passes the watched value: whether up (1) or down (−1) then, else 0."""
        if watch is not None and self.over is None:
            self.over = self.y[0] > watch
        while self.t < end:
            surfaces = [(lambda y, i=i: self.surface(y, i), -1 if above else 1) for i, above in enumerate(self.above)]
            if watch is not None:
                surfaces.append((lambda y: y[0] - watch, -1 if self.over else 1))
            self.t, self.y, passed = advance(self.field, self.t, self.y, end, surfaces, self.method)
            if passed is not None and passed == len(self.above):
                self.over = not self.over
                return surfaces[passed][1]
            if passed is not None:
                self.above[passed] = not self.above[passed]
        return 0


class RatioPath:
    """The replicator dynamics again, in z, [q,] ln(l/e), ln(s/e): those change at ρ times differences of payoffs."""

    def __init__(self, game, start, method):
        self.game, self.method, self.t = game, method, 0.0
        self.ratios = list(start[:-3]) + [math.log(share / start[-1]) for share in start[-3:-1]]

    def field(self, _, y):
        y = [float(v) for v in y]
        payoffs = self.game.payoffs(self.game.observed(y))
        return self.game.field(self.state(y))[:-3] + [self.game.revision_rate * (p - payoffs[2]) for p in payoffs[:2]]

    def state(self, y):
        weights = [math.exp(y[-2]), math.exp(y[-1]), 1.0]
        return list(y[:-2]) + [w / sum(weights) for w in weights]

    @property
    def y(self):
        return self.state(self.ratios)

    def go(self, end):
        self.t, self.ratios, _ = advance(self.field, self.t, self.ratios, end, [], self.method)


class Flow:
    """The sharp flow (renewal time 0) and the transient pool, by integration from one change of who trades to the next.

    State: u = ln x and, in the pool, X. The net sell flow is k X, with k = κ_s [sellers] − κ_g [genuine buyers] − κ_b
    [speculating buyers], and du/dt = −k or, in the pool, −2k + g with g = (1 − 1/X)/r and dX/dt = (k − g)X. k is larger
    above each of the prices at which it changes. The path stays at one to which it would be driven from below and from
    above: then g = 2k for a k in between (Filippov), so dX/dt = −gX/2, until g leaves what is between. That happens at D
    without genuine buyers too: sellers leave more assets than are renewed, and as those expire the price would rise.
    """

    def __init__(self, game, x, renewal):
        self.game, self.renewal = game, renewal
        kept = 1 - game.fee
        sellers_stop = brentq(lambda u: mean(u + math.log(kept)) - (1 - game.b) - max(game.y, game.b), -1.0, 20.0,
                              xtol=1e-16, rtol=1e-15)
        self.limits = {"sellers": sellers_stop, "genuine buyers": math.log(kept * game.d)}
        if game.y < game.b:
            self.limits["speculating buyers"] = math.log(kept * game.b)
        self.t, self.y = 0.0, numpy.array([math.log(x), 1.0])
        self.at = None  # the limit at which the path stays
        self.sides = {name: self.y[0] > u for name, u in self.limits.items()}
        self.events = []

    def intensity(self, **changes):
        sides = self.sides | changes.get("sides", {})
        return (self.game.kappa_s * sides["sellers"] - self.game.kappa_g * (not sides["genuine buyers"])
                - self.game.kappa_b * (not sides.get("speculating buyers", True)))

    def speed(self, k, g):
        return -2 * k + g if self.renewal else -k

    def growth(self, reserve):
        return (1 - 1 / reserve) / self.renewal if self.renewal else 0.0

    def field(self, _, y):
        g = self.growth(y[1])
        if self.at:
            return [0.0, -g * y[1] / 2]
        k = self.intensity()
        return [self.speed(k, g), (k - g) * y[1] if self.renewal else 0.0]

    def either(self, name):
        """k below and above a limit."""
        return [self.intensity(sides={name: side}) for side in (False, True)]

    def go(self, end):
        while self.t < end:
            if self.at:
                below, above = self.either(self.at)
                surfaces = [(lambda y, k=k: self.growth(y[1]) - 2 * k, way) for k, way in [(above, 1), (below, -1)]]
                surfaces = surfaces if self.renewal else []
                self.t, self.y, passed = advance(self.field, self.t, self.y, end, surfaces, "DOP853")
                if passed is not None:  # driven away: up past the upper k, down past the lower
                    self.sides[self.at] = passed == 0
                    self.events.append((self.t, self.y[0], f"leaves where {self.at} stop"))
                    self.at = None
                continue
            if not self.renewal and self.intensity() == 0:
                self.t = end
                continue
            names = list(self.limits)
            surfaces = [(lambda y, u=self.limits[n]: y[0] - u, -1 if self.sides[n] else 1) for n in names]
            self.t, self.y, passed = advance(self.field, self.t, self.y, end, surfaces, "DOP853")
            if passed is None:
                continue
            name = names[passed]
            self.y[0] = self.limits[name]
            below, above = (self.speed(k, self.growth(self.y[1])) for k in self.either(name))
            # From above it stays where it would be driven, or not moved, from below; and the other way round.
            if below >= 0 >= above:
                self.at = name
            self.sides[name] = not self.sides[name]
            self.events.append((self.t, self.y[0], f"{'comes to' if self.at else 'passes'} where {name} stop"))
