"""Duals of tanh, z tanh z and log(2 cosh z): power series with positive terms and their exact rest.

The Hermite coefficients come from the moments S_m of 1/sinh (``sinh_moments``), of which
these series are sums of squares. At c = 1 their sums are moments again, E tanh² = 1 − S_1 for
one, so that a series cut after any term leaves a mass that is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, pi, sqrt

from flint import arb, arb_poly, arb_series, ctx

from numerics.interpreters.series.sinh_moments import (
    ball_from,
    ball_key,
    checked_variance,
    sinh_moments,
    softplus_mean,
)
from numerics.numbers.precision import working_precision

MAX_MOMENT = 10_001
FIRST = 41


@dataclass(frozen=True, slots=True)
class PositiveSeries:
    """Σ a_j c^(2j + first) with a_j ≥ 0, and what the a_j listed leave of the sum at 1.

    Attributes
    ----------
    first
        0 for even powers, 1 for odd ones.
    coefficients
        a_0, a_1, …
    mass
        The sum of those not listed, at least 0.
    """

    first: int
    coefficients: list[arb]
    mass: arb

    def __call__(self, c: arb) -> arb:
        """The sum at a number from −1 to 1."""
        square, total = c * c, arb(0)
        for a in reversed(self.coefficients):
            total = total * square + a
        if self.first:
            total *= c
        power = 2 * len(self.coefficients) + self.first
        return total + arb(0, (abs(c).upper() ** power * self.mass).upper())

    def composed(self, c: arb_series) -> arb_series:
        """The sum at a power series with non-negative coefficients.

        These sum to at most 1, so what each power left out adds to any coefficient lies
        between 0 and its weight.
        """
        row = [arb(0)] * (2 * len(self.coefficients))
        row[self.first :: 2] = self.coefficients
        inner = c.coeffs()
        length = min(ctx.cap, c.prec)
        if len(inner) <= 2:
            whole = arb_poly(row)(arb_poly(inner)).coeffs()[:length]
        else:  # at c_0 + the rest of c, so that powers of the rest rise in degree
            shifted = arb_poly(row)(arb_poly([inner[0], 1])).coeffs()[:length]
            rest_of_c = arb_series([0, *inner[1:]], prec=length)
            whole = arb_series(shifted, prec=length)(rest_of_c).coeffs()
        whole = whole + [arb(0)] * (length - len(whole))
        rest = self.mass.upper() / 2
        return arb_series([x + rest + arb(0, rest) for x in whole], prec=length)


@dataclass(frozen=True, slots=True)
class Duals:
    """E φ(X)φ(Y) and E φ′(X)φ′(Y) as functions of the correlation."""

    dual: PositiveSeries
    slope: PositiveSeries


def tanh_at_one(v: arb) -> tuple[arb, arb]:
    """E tanh² X = 1 − S_1 and E sech⁴ X = (4 S_1 + S_3)/6."""
    first, third = sinh_moments(v, 3)
    return 1 - first, (4 * first + third) / 6


def swish_at_one(v: arb) -> tuple[arb, arb]:
    """E (X tanh X)² and E (tanh X + X sech² X)², by Stein's lemma from those of tanh."""
    first, third, fifth = sinh_moments(v, 5)
    square = 1 - first + v * third
    bent = v * (4 * first + third) / 6 - v * v * (4 * third + fifth) / 6
    return v * square, square + bent


def tanh_series(v: arb, top: int) -> Duals:
    """The duals of tanh at a variance, up to c^top or a little further.

    Raises
    ------
    NoConvergence
        When v is not proved positive.
    """
    return _series(_tanh, *_request(v, top))


def swish_series(v: arb, top: int) -> Duals:
    """The duals of z tanh z at a variance, up to c^top or a little further.

    Raises
    ------
    NoConvergence
        When v is not proved positive.
    """
    return _series(_swish, *_request(v, top))


def softplus_series(v: arb, top: int) -> Duals:
    """The duals of log(2 cosh z), whose slope is tanh, up to c^top or a little further.

    Raises
    ------
    NoConvergence
        When v is not proved positive.
    """
    return _series(_softplus, *_request(v, top))


def softplus_at_one(v: arb) -> tuple[arb, arb]:
    """E log²(2 cosh X), by its series, and E tanh² X."""
    found = softplus_series(v, terms_at(v, arb(1)))
    return found.dual(arb(1)), tanh_at_one(v)[0]


def terms_at(v: arb, c: arb) -> int:
    """The power of c from which on terms are below 2^−prec, in floats; of a few sizes only.

    The coefficient of c^m falls like e^(−π √(m/v)).
    """
    bits, size = ctx.prec * log(2), FIRST
    fall = -log(max(min(float(abs(c).mid()), 1.0), 1e-9))
    rate = pi / sqrt(float(checked_variance(v).mid()))
    while rate * sqrt(size) + fall * size < bits and size < MAX_MOMENT:
        size = int(1.4 * size) | 1
    return size


def _request(v: arb, top: int) -> tuple[tuple, int, int]:
    return ball_key(v), min(max(top, FIRST) | 1, MAX_MOMENT), ctx.prec


@lru_cache(maxsize=64)
def _series(
    made: Callable[[arb, int], Duals], key: tuple, top: int, bits: int
) -> Duals:
    v = ball_from(key)
    with working_precision(bits + 32):
        return made(v, top)


def _tanh(v: arb, top: int) -> Duals:
    """Coefficients v^m S_m²/m! over odd m."""
    moments = sinh_moments(v, top)
    squares = _over_factorials(v, [x * x for x in moments], 1)
    return _pair(v, squares, 1, tanh_at_one(v))


def _swish(v: arb, top: int) -> Duals:
    """Coefficients v^n (n S_(n−1) − v S_(n+1))²/n! over even n."""
    moments = sinh_moments(v, top)
    bases = [-v * moments[0]]
    for j in range(1, len(moments)):
        bases.append(2 * j * moments[j - 1] - v * moments[j])
    return _pair(v, _over_factorials(v, [x * x for x in bases], 0), 0, swish_at_one(v))


def _softplus(v: arb, top: int) -> Duals:
    """Coefficients v^n S_(n−1)²/n! over even n ≥ 2: those of tanh times v/n.

    So what is left of them is at most v/n times what is left of tanh's, at the next n.
    """
    slope = tanh_series(v, top).dual
    row = [softplus_mean(v) ** 2]
    row += [a * v / (2 * j + 2) for j, a in enumerate(slope.coefficients)]
    most = slope.mass * v / (2 * len(row))
    return Duals(PositiveSeries(0, row, arb(0).union(most.upper())), slope)


def _over_factorials(v: arb, values: Sequence[arb], first: int) -> list[arb]:
    """v^m x/m! for m = first, first + 2, …"""
    found, factor, m = [], arb(v) ** first, first
    for x in values:
        found.append(factor * x)
        factor = factor * v * v / ((m + 1) * (m + 2))
        m += 2
    return found


def _pair(v: arb, row: list[arb], first: int, at_one: tuple[arb, arb]) -> Duals:
    slopes = [(2 * j + first) * a / v for j, a in enumerate(row)]
    parts = []
    for start, values, whole in (
        (first, row, at_one[0]),
        (1 - first, slopes if first else slopes[1:], at_one[1]),
    ):
        mass = (whole - sum(values, arb(0))).nonnegative_part()
        parts.append(PositiveSeries(start, values, mass))
    return Duals(*parts)
