"""Power series in time, and by them the role dynamics to as many digits as mpmath is set to.

A series knows how to find its next coefficient from those before; a solution of y' = f(y) is a series whose next one is
that of f(y), divided. Where the revision protocol has a kink or a jump the step ends at the surface, whose time is the
root of a polynomial, and the next one begins on the other side.
"""
import mpmath
from mpmath import fdot, mp, mpf


class Series:
    """c[0] + c[1] t + …; `following(k)` is c[k], called once for each k in order."""
    __slots__ = ("c", "following")

    def __init__(self, first, following):
        self.c, self.following = [first], following

    def __getitem__(self, k):
        while len(self.c) <= k:
            self.c.append(self.following(len(self.c)))
        return self.c[k]

    @property
    def real(self):
        return self.c[0]

    def value(self, t, terms):
        self[terms - 1]
        return mpmath.polyval(self.c[terms - 1::-1], t)

    def __neg__(self):
        return Series(-self.c[0], lambda k: -self[k])

    def __add__(self, other):
        if not isinstance(other, Series):
            return Series(self.c[0] + other, lambda k: self[k]) if other else self
        return Series(self.c[0] + other.c[0], lambda k: self[k] + other[k])

    def __sub__(self, other):
        if not isinstance(other, Series):
            return self + -other
        return Series(self.c[0] - other.c[0], lambda k: self[k] - other[k])

    def __mul__(self, other):
        if not isinstance(other, Series):
            return Series(self.c[0] * other, lambda k: self[k] * other) if other else other

        def following(k):
            self[k], other[k]
            return fdot(self.c[:k + 1], other.c[k::-1])
        return Series(self.c[0] * other.c[0], following)

    def __truediv__(self, other):
        if not isinstance(other, Series):
            return Series(self.c[0] / other, lambda k: self[k] / other)

        def following(k):
            other[k]
            return (self[k] - fdot(other.c[1:k + 1], quotient.c[k - 1::-1])) / other.c[0]
        quotient = Series(self.c[0] / other.c[0], following)
        return quotient

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return Series(mpf(other), lambda k: mpf(0)) / self

    def exp(self):
        def following(k):  # (e^u)' = u' e^u
            return fdot([j * self[j] for j in range(1, k + 1)], power.c[k - 1::-1]) / k
        power = Series(mpmath.exp(self.c[0]), following)
        return power

    def log(self):
        def following(k):  # u (ln u)' = u'
            self[k]
            rest = fdot([j * logarithm.c[j] for j in range(1, k)], self.c[k - 1:0:-1]) / k
            return (self.c[k] - rest) / self.c[0]
        logarithm = Series(mpmath.log(self.c[0]), following)
        return logarithm


class Path:
    """A path of the role dynamics from time 0 on, a step after the other.

    Each step's polynomials have `terms` terms; its length is where the last of them are 10^-digits of the solution.
    `kinks` holds the times at which a surface was passed, `steps` the times and polynomials.
    """

    def __init__(self, game, state, terms=40, digits=36):
        self.game, self.terms, self.digits = game.exact(), terms, digits
        self.time, self.state = mpf(0), [mpf(v) for v in state]
        self.above = self.game.above(self.state)
        self.kinks, self.steps = [], []

    def advance(self, limit):
        """One step, at most up to the time `limit`."""
        terms, game = self.terms, self.game
        solution = [Series(v, None) for v in self.state]
        change = game.field(solution, self.above)
        for y, f in zip(solution, change):
            y.following = lambda k, f=f: (f[k - 1] if isinstance(f, Series) else mpf(0)) / k
        tolerance = mpf(10) ** -self.digits
        length = limit - self.time
        for k in (terms - 1, terms - 2):
            size = max(abs(y[k]) for y in solution)
            if size:
                length = min(length, (tolerance / size) ** (mpf(1) / k))
        surfaces = [h for h in game.surfaces(game.payoffs(game.observed(solution)), solution[-3:])]
        end, passed = length, None
        for index, h in enumerate(surfaces):
            t = self.leaves(h, self.above[index], end)
            if t is not None:
                end, passed = t, index
        self.steps.append((self.time, solution))
        self.state = [y.value(end, terms) for y in solution]
        self.time = self.time + end if passed is not None or length < limit - self.time else limit
        if passed is not None:
            self.above[passed] = not self.above[passed]
            self.kinks.append(self.time)

    def leaves(self, h, above, end, samples=32):
        """The first time in (0, end] at which h is no longer on its side, as far as samples tell; or None."""
        if not isinstance(h, Series):
            return None
        before = mpf(0)
        for i in range(1, samples + 1):
            t = end * i / samples
            if (h.value(t, self.terms) > 0) != above:
                low, high = before, t
                while high - low > mpf(10) ** -(self.digits + 4) * max(end, mpf(10) ** -6):
                    middle = (low + high) / 2
                    low, high = (middle, high) if (h.value(middle, self.terms) > 0) == above else (low, middle)
                return high
            before = t
        return None

    def go(self, until):
        until = mpf(until)
        while self.time < until:
            self.advance(until)
        return self.state
