"""The market in motion, written down again from its definitions: no line of this comes from pinfi's Swift code.

One text for floats, complex numbers, mpmath's numbers and power series, so that it serves scipy, derivatives by complex
steps, and references of many digits alike. Prices are x = α/c, payoffs in units of c, times in units of T; a state is
(z, [q,] l, s, e) with z = ln x, with a lag the observed q, and the shares of liquidity providers, sellers and those who
sell externally.
"""
import cmath
import math
from dataclasses import dataclass, replace

import mpmath

PROTOCOLS = ["logit", "replicator", "smith", "bnn", "best-response"]


# --- elementary functions of whatever kind of number comes ----------------------------------------------------------

def library(u):
    """What has exp and log for u; a kind of number of our own has them itself."""
    return (math if isinstance(u, float) else cmath if isinstance(u, complex)
            else mpmath if isinstance(u, (mpmath.mpf, mpmath.mpc)) else type(u))


def exp(u):
    return library(u).exp(u)


def log(u):
    return library(u).log(u)


def real(u):
    return u if isinstance(u, float) else u.real


def mean(u):
    """L(e^u, 1) = (e^u − 1)/u, the logarithmic mean; near 0, where that cancels, Σ u^k/(k + 1)!."""
    if abs(real(u)) > 0.1:
        return (exp(u) - 1) / u
    smallest = 2.0**-53 if isinstance(real(u), float) else mpmath.eps
    terms = 1
    while 0.1**terms > smallest * math.factorial(terms + 1):
        terms += 1
    total = 0 * real(u)
    for k in range(terms, -1, -1):
        total = u * total + 1 / (real(u) * 0 + math.factorial(k + 1))
    return total


def logistic(u):
    """F(u) = 1/(1 + e^−u), by the exponential that cannot overflow."""
    if real(u) >= 0:
        return 1 / (1 + exp(-u))
    grown = exp(u)
    return grown / (1 + grown)


def softmax(values):
    top = max(real(v) for v in values)
    weights = [exp(v - top) for v in values]
    total = weights[0] + weights[1] + weights[2]
    return [w / total for w in weights]


# --- the game -------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Game:
    """A market in ratio form (c = 1), its trade intensities, and how holders revise; the defaults are the baseline."""
    protocol: str = "logit"
    b: float = 0.7
    d: float = 1.3
    y: float = 0.79
    fee: float = 0.0
    kappa_g: float = 0.5
    kappa_b: float = 0.5
    kappa_s: float = 1.0
    demand_width: float = 0.02
    rationality: float = 50.0
    revision_rate: float = 2.0
    depth_exponent: float = 0.0
    lag: float = 0.0

    def numbers(self):
        """All but the protocol, in order."""
        return {name: value for name, value in self.__dict__.items() if name != "protocol"}

    def exact(self, **changes):
        """The same with the doubles' exact values as mpmath's numbers, but for the changes."""
        return replace(self, **{name: mpmath.mpf(value) for name, value in (self.numbers() | changes).items()})

    def payoffs(self, q):
        """π of liquidity providers, of sellers, of those who sell externally, at an observed q = ln x."""
        return [self.y, mean(q + log(1 - self.fee)) - (1 - self.b), self.b]

    def demand(self, z):
        """G = κ_g F((d − x)/w) + κ_b F((b − x)/w), with (1 − φ)d and (1 − φ)b where there is a fee."""
        x, w = exp(z), self.demand_width
        return (self.kappa_g * logistic(((1 - self.fee) * self.d - x) / w)
                + self.kappa_b * logistic(((1 - self.fee) * self.b - x) / w))

    def surfaces(self, payoffs, shares):
        """What changes its sign where the revision protocol has a kink or a jump; above it where positive."""
        l, s, e = payoffs
        if self.protocol == "smith":
            return [s - l, s - e]
        if self.protocol == "bnn":
            average = shares[0] * l + shares[1] * s + shares[2] * e
            return [l - average, s - average, e - average]
        if self.protocol == "best-response":
            return [s - max(l, e)]
        return []

    def revision(self, payoffs, shares, above):
        """d(l, s, e)/dt on the sides `above` of the surfaces; there it is smooth."""
        if self.protocol == "logit":
            target = softmax([self.rationality * p for p in payoffs])
            change = [p - s for p, s in zip(target, shares)]
        elif self.protocol == "replicator":
            average = shares[0] * payoffs[0] + shares[1] * payoffs[1] + shares[2] * payoffs[2]
            change = [s * (p - average) for s, p in zip(shares, payoffs)]
        elif self.protocol == "smith":
            change = [0, 0, 0]
            for worse, better in [(0, 1) if above[0] else (1, 0), (2, 1) if above[1] else (1, 2),
                                  (2, 0) if self.y > self.b else (0, 2)]:
                flow = shares[worse] * (payoffs[better] - payoffs[worse])
                change[better] += flow
                change[worse] -= flow
        elif self.protocol == "bnn":
            excess = [h if positive else 0 for h, positive in zip(self.surfaces(payoffs, shares), above)]
            change = [k - s * (excess[0] + excess[1] + excess[2]) for k, s in zip(excess, shares)]
        else:  # best response; at γ = β, where the idle roles tie, liquidity provision
            best = 1 if above[0] else 0 if self.y >= self.b else 2
            change = [int(i == best) - s for i, s in enumerate(shares)]
        return [self.revision_rate * c for c in change]

    def observed(self, state):
        return state[1] if self.lag > 0 else state[0]

    def above(self, state, nudge=0.0):
        """The sides of the surfaces at a state, of sellers who earn `nudge` more than they do."""
        l, s, e = self.payoffs(self.observed(state))
        return [real(h) > 0 for h in self.surfaces([l, s + nudge, e], state[-3:])]

    def field(self, state, above=None):
        """d(z, [q,] l, s, e)/dt, on given sides of the surfaces or on those where the state is."""
        z, q, shares = state[0], self.observed(state), state[-3:]
        slope = self.demand(z) - self.kappa_s * shares[1]
        if self.depth_exponent != 0:
            slope = slope * exp(-self.depth_exponent * log(shares[0]))
        return ([slope] + ([(z - q) / self.lag] if self.lag > 0 else [])
                + self.revision(self.payoffs(q), shares, self.above(state) if above is None else above))

    def jacobian(self, point, above=None):
        """∂f/∂(z, [q,] l, s) with e = 1 − l − s taken out, by complex steps: exact to rounding."""
        step, i = (mpmath.mpf(10) ** -mpmath.mp.dps, mpmath.j) if isinstance(point[0], mpmath.mpf) else (1e-30, 1j)
        above = self.above(point) if above is None else above
        columns = []
        for k in range(len(point) - 1):
            moved = [p + i * (step if j == k else 0) for j, p in enumerate(point[:-1])]
            columns.append([f.imag / step for f in self.field(moved + [1 - moved[-2] - moved[-1]], above)[:-1]])
        return [list(row) for row in zip(*columns)]

    def state(self, z, shares):
        """The state at z = ln x, where holders observe what is."""
        return [z] + ([z] if self.lag > 0 else []) + list(shares)


# --- rest points ----------------------------------------------------------------------------------------------------

def bracket(f, sample):
    """Two z between which the falling f changes its sign; None where it is nowhere positive. `sample` is of z's kind."""
    low, high = 0 * sample - 1, 0 * sample + 1
    while f(low) <= 0:
        low *= 2
        if low < -1e6:
            return None
    while f(high) >= 0:
        high *= 2
    return low, high


def rest_points(game, root):
    """All rest points of a smooth or kinked protocol for γ ≠ β: tuples of a name, the state, and the sides there.

    `root(f, low, high)` finds a root. Where nothing ties the one side is None; at a kink they are what sellers earn more
    on either side, above first.
    """
    y, b, ks, one = game.y, game.b, game.kappa_s, game.b / game.b
    points = []
    if game.protocol == "logit":
        def target(z):
            return softmax([game.rationality * p for p in game.payoffs(z)])

        def surplus(z):  # falls: demand does, and the sellers' target share rises
            return game.demand(z) - ks * target(z)[1]
        ends = bracket(surplus, one)
        if ends:
            z = root(surplus, *ends)
            points.append(("interior", game.state(z, target(z)), [None]))
        return points
    for name, payoff, role in [("edge l-s", y, 0), ("edge s-e", b, 2)]:
        if game.protocol != "replicator" and payoff < max(y, b):
            continue  # not a Nash point
        ends = bracket(lambda z: payoff - game.payoffs(z)[1], one) if payoff + 1 - b > 0 else None
        if not ends:
            continue
        z = root(lambda z: payoff - game.payoffs(z)[1], *ends)
        sellers = game.demand(z) / ks
        if sellers < 1:
            shares = [0 * one, sellers, 0 * one]
            shares[role] = 1 - sellers
            points.append((name, game.state(z, shares), [1e-9, -1e-9] if game.protocol in ("smith", "bnn") else [None]))
    ends = bracket(lambda z: game.demand(z) - ks, one)
    if ends:
        z = root(lambda z: game.demand(z) - ks, *ends)
        if game.protocol == "replicator" or game.payoffs(z)[1] > max(y, b):
            points.append(("vertex s", game.state(z, [0 * one, one, 0 * one]), [None]))
    return points


def jacobian_at(game, point, nudge):
    """The Jacobian at a rest point, on the side where sellers earn `nudge` more where that is no None."""
    return game.jacobian(point, game.above(point, nudge) if nudge else None)
