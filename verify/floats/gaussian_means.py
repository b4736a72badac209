"""Means over Gaussian pairs in many digits, for activations without a closed dual.

What has kinks and jumps is written in pieces p(z) e^{κz}: given x, the mean of φ(y) is a
sum of truncated moments, and one integral over x is left, in panels that end at every
break and around where the other one meets it. What is smooth is summed by its Hermite
coefficients, each by the trapezoidal rule. Nothing of the engine is used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from flint import arb, fmpq
from mpmath import mp, mpf

LAYERS = (0.7, 1.7, 3, 5, 7.5, 11, 16)
"""Where panels end around a break that is met, in widths of the other Gaussian."""


def from_mp(x: Any) -> arb:
    """A number of mpmath as a ball."""
    sign, man, exponent, _ = mpf(x)._mpf_
    value = arb(int(man)) * arb(2) ** int(exponent)
    return -value if sign else value


def to_mp(x: arb) -> Any:
    """The middle of a ball, as a number of mpmath."""
    man, exponent = x.mid().man_exp()
    return mp.ldexp(mpf(int(man)), int(exponent))


@lru_cache(maxsize=8)
def _rule(nodes: int, bits: int) -> list[tuple[arb, arb]]:
    del bits  # the working precision, part of what is remembered
    pairs = [arb.legendre_p_root(nodes, k, weight=True) for k in range(nodes)]
    return [(arb(x.mid()), arb(w.mid())) for x, w in pairs]


@dataclass(frozen=True)
class Stretch:
    """p(z) e^{κz} between two ends; None is infinity.

    Attributes
    ----------
    low, high
        The ends.
    powers
        Coefficients of 1, z, z², …
    rate
        κ.
    """

    low: fmpq | None
    high: fmpq | None
    powers: tuple[fmpq, ...]
    rate: fmpq

    @property
    def slope(self) -> "Stretch":
        """Its derivative."""
        down = [*(k * c for k, c in enumerate(self.powers) if k), fmpq(0)]
        kept = [self.rate * c for c in self.powers]
        powers = tuple(a + b for a, b in zip(down, kept, strict=True))
        return Stretch(self.low, self.high, powers, self.rate)

    def at(self, x: arb) -> arb:
        """The value."""
        total = arb(0)
        for c in reversed(self.powers):
            total = total * x + c
        return total * (x * self.rate).exp() if self.rate else total

    def mean(self, m: arb, variance: arb, deviation: arb) -> arb:
        """Its mean over a Gaussian of mean m, by truncated moments."""
        tilted = m + variance * self.rate
        # density and distribution function at both ends
        edges = [(arb(0), arb(0)), (arb(0), arb(1))]
        for k, end in enumerate((self.low, self.high)):
            if end is not None:
                z = (end - tilted) / deviation
                edges[k] = _density(z), (-z / arb(2).sqrt()).erfc() / 2
        moments = [edges[1][1] - edges[0][1]]
        for k in range(1, len(self.powers)):
            ends = arb(0)
            for sign, end, (density, _) in zip(
                (1, -1), (self.low, self.high), edges, strict=True
            ):
                if end is not None:
                    ends += sign * arb(end) ** (k - 1) * density
            before = (k - 1) * variance * moments[k - 2] if k > 1 else arb(0)
            moments.append(tilted * moments[k - 1] + before + deviation * ends)
        pairs = zip(self.powers, moments, strict=True)
        total = sum((c * x for c, x in pairs), arb(0))
        if self.rate:
            total *= (m * self.rate + variance * self.rate * self.rate / 2).exp()
        return total


def _density(z: arb) -> arb:
    return (-z * z / 2).exp() / (2 * arb.pi()).sqrt()


@dataclass(frozen=True)
class InPieces:
    """An activation in pieces."""

    parts: tuple[Stretch, ...]

    @cached_property
    def slope(self) -> "InPieces":
        """Its derivative between the breaks."""
        return InPieces(tuple(part.slope for part in self.parts))

    @cached_property
    def breaks(self) -> list[fmpq]:
        """Where the pieces meet."""
        return [part.high for part in self.parts[:-1] if part.high is not None]

    def mean(self, a: Any, b: Any, s: Any, digits: int) -> Any:
        """E φ(x)φ(y) for variances a and b and the covariance s."""
        from numerics.numbers.precision import working_precision

        bits = int(digits * 3.4) + 24
        share = 1 - mpf(s) ** 2 / (mpf(a) * mpf(b))
        if share > 0:  # what is left of y, given x, has its own digits
            bits += max(0, int(-mp.log(share, 2)))
        with working_precision(bits):
            pair = from_mp(a), from_mp(b), from_mp(s)
            return to_mp(self._mean(*pair, digits, bits))

    def _mean(self, a: arb, b: arb, s: arb, digits: int, bits: int) -> arb:
        root, one_point = a.sqrt(), a.mid() == b.mid() == s.mid()
        rate = s / a
        rest = b - s * s / a
        left = arb(0) if one_point or not rest > 0 else arb(rest.mid())
        deviation = left.sqrt()
        reach = int((4.7 * digits) ** 0.5) + 2
        edges = [x * root for x in range(-reach, reach + 1)]
        edges += [arb(x) for x in self.breaks]
        if not rate.contains(0):
            for x in self.breaks:
                at, width = x / rate, deviation / rate
                layers = [w for w in LAYERS if w < 2 * reach]
                edges += [at, *(at + k * w * width for w in layers for k in (1, -1))]
        edges = [arb(e.mid()) for e in edges if abs(e) <= reach * root]
        edges.sort(key=lambda e: e.fmpq())
        total = arb(0)
        for low, high in pairwise(edges):
            half, middle = (high - low) / 2, (high + low) / 2
            part = next(p for p in self.parts if p.high is None or middle < p.high)
            for x, weight in _rule(2 * digits // 3 + 4, bits):
                at = middle + half * x
                m = rate * at
                other = self._given(m, left, deviation)
                total += half * weight * part.at(at) * other * _density(at / root)
        return total / root

    def _given(self, m: arb, variance: arb, deviation: arb) -> arb:
        if variance == 0:
            return next(p for p in self.parts if p.high is None or m < p.high).at(m)
        return sum((p.mean(m, variance, deviation) for p in self.parts), arb(0))


@dataclass(frozen=True)
class Smooth:
    """An activation that is analytic in a strip around the real line.

    Attributes
    ----------
    value
        φ of a ball.
    strip
        Half the strip's width.
    """

    value: Callable[[arb], arb]
    strip: float

    def mean(self, a: Any, b: Any, s: Any, digits: int) -> Any:
        """E φ(x)φ(y): Σ a_n b_n cⁿ."""
        return self._sum(a, b, s, digits, 0)

    def slope_mean(self, a: Any, b: Any, s: Any, digits: int) -> Any:
        """E φ′(x)φ′(y), the same differentiated by s (Price)."""
        return self._sum(a, b, s, digits, 1)

    def _sum(self, a: Any, b: Any, s: Any, digits: int, order: int) -> Any:
        from numerics.numbers.precision import working_precision

        bits = int(digits * 3.4) + 24
        with working_precision(bits):
            one, other = (_coefficients(self, x, digits) for x in (a, b))
            root = (from_mp(a) * from_mp(b)).sqrt()
            c, total = from_mp(s) / root, arb(0)
            for n in range(min(len(one), len(other)) - 1, order - 1, -1):
                weight = n if order else 1
                total = total * c + weight * one[n] * other[n]
            return to_mp(total / root**order)


@lru_cache(maxsize=256)
def _coefficients(phi: Smooth, variance: Any, digits: int) -> list[arb]:
    """a_n = E φ(√q x) h_n(x), until what follows cannot count."""
    root = from_mp(variance).sqrt()
    width = min(phi.strip / float(root), 3.0)
    least = arb(10) ** (-digits - 6)
    count = 256
    while True:
        # on the strip's edge h_n grows like e^(√n width)
        nats = 2.4 * digits + 10 + width * count**0.5 + width**2
        h = arb(6.28 * width / nats)
        reach = int(18 * (digits / 30) ** 0.5 / float(h)) + 1
        x = [h * k for k in range(-reach, reach + 1)]
        here = [(-v * v / 4).exp() for v in x]
        scale = h / (2 * arb.pi()).sqrt()
        load = [phi.value(root * v) * e * scale for v, e in zip(x, here, strict=True)]
        below = [arb(0)] * len(x)
        found = []
        for n in range(count):
            total = sum((p * q for p, q in zip(load, here, strict=True)), arb(0))
            found.append(arb(total.mid()))
            up, down = 1 / arb(n + 1).sqrt(), (arb(n) / (n + 1)).sqrt()
            below, here = (
                here,
                [
                    arb((v * up * p - down * q).mid())
                    for v, p, q in zip(x, here, below, strict=True)
                ],
            )
        last = [v * v for v in found[-16:]]
        if all(v < least for v in last) or count >= 4096:
            return found
        count *= 2
