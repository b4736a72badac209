"""Analytic values on a box of a complex variable: center, slope, and range.

A jet holds the value at the box's midpoint, an enclosure of the derivative on the box,
and an enclosure of the values on the box. The latter is the intersection of what an
operation gives on ranges and of the mean value form center + slope·(box − midpoint), so
that a long composition does not widen exponentially. The mean of the derivative over a
segment lies in every rectangle that holds the derivative, because rectangles are convex.

A jet also remembers which jet it was made from, its origin, and its derivative by that
one. Where the terms of a sum have an origin in common, these rates are added before they
meet the origin's slope: u − f(u) has the slope (1 − f′) u′, far narrower than u′ − f′ u′
where f′ is near 1, as it is in every layer of a deep net.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flint import acb, arb

GENERATIONS = 3


class NotAnalytic(Exception):
    """Some step is not analytic on the box, or not proved to be."""


@dataclass(slots=True)
class Jet:
    """An analytic function on a box whose midpoint lies at −reach from its points.

    Where ``origin`` is set, this is a function of it, and ``rate`` encloses the
    derivative by it on the whole box.
    """

    center: acb
    range: acb
    slope: acb
    reach: acb
    origin: "Jet | None" = field(default=None, repr=False)
    rate: acb | None = None

    @classmethod
    def variable(cls, box: acb) -> "Jet":
        """The variable itself on a box."""
        middle = box.mid()
        return cls(middle, box, acb(1), box - middle)

    def _tight(self, center: acb, reach_range: acb, slope: acb) -> "Jet":
        linear = center + slope * self.reach
        if not (reach_range.is_finite() and linear.is_finite()):
            raise NotAnalytic
        return Jet(center, _both(linear, reach_range), slope, self.reach)

    def narrowed(self, slope: acb) -> "Jet":
        """The same function, with a second enclosure of its slope."""
        if not slope.is_finite():
            return self
        jet = self._tight(self.center, self.range, _both(slope, self.slope))
        jet.origin, jet.rate = self.origin, self.rate
        return jet

    def following(self, origin: "Jet", rate: acb) -> "Jet":
        """The same function, with an enclosure of its derivative by ``origin``."""
        jet = self.narrowed(rate * origin.slope)
        if jet is not self:
            jet.origin, jet.rate = origin, rate
        return jet

    def lineage(self) -> Iterator[tuple["Jet", acb | int]]:
        """This jet and those it was made from, each with the derivative by it."""
        jet, rate = self, 1
        yield jet, rate
        for _ in range(GENERATIONS):
            if jet.origin is None or jet.rate is None:
                return
            jet, rate = jet.origin, jet.rate * rate
            yield jet, rate

    def __add__(self, other: "Jet | acb | arb") -> "Jet":
        if not isinstance(other, Jet):
            jet = Jet(self.center + other, self.range + other, self.slope, self.reach)
            jet.origin, jet.rate = self, acb(1)
            return jet
        total = self._tight(
            self.center + other.center,
            self.range + other.range,
            self.slope + other.slope,
        )
        theirs = list(other.lineage())
        for origin, rate in self.lineage():
            for same, more in theirs:
                if same is origin:
                    return total.following(origin, acb(rate) + more)
        return total

    def __mul__(self, other: "Jet | acb | arb") -> "Jet":
        if isinstance(other, Jet):
            return self._tight(
                self.center * other.center,
                self.range * other.range,
                self.slope * other.range + self.range * other.slope,
            )
        jet = Jet(
            self.center * other, self.range * other, self.slope * other, self.reach
        )
        jet.origin, jet.rate = self, acb(other)
        return jet

    def through(
        self, function: Callable[[acb], acb], slope: Callable[[acb, acb], acb]
    ) -> "Jet":
        """F of this, for f analytic on the range; ``slope(x, f(x))`` is its derivative."""
        image = function(self.range)
        rate = slope(self.range, image)
        jet = self._tight(function(self.center), image, rate * self.slope)
        jet.origin, jet.rate = self, rate
        return jet

    def power(self, exponent: int) -> "Jet":
        """A whole power, negative ones where the range avoids 0."""
        if exponent == 0:
            return Jet(acb(1), acb(1), acb(0), self.reach)
        if exponent == 1:
            return self
        return self.through(
            lambda x: x**exponent, lambda x, _: exponent * x ** (exponent - 1)
        )

    def root(self) -> "Jet":
        """The principal square root, off its cut."""
        off_cut(self.range)
        return self.through(square_root, lambda _, y: 1 / (2 * y))

    def log(self) -> "Jet":
        """The principal logarithm, off its cut."""
        off_cut(self.range)
        return self.through(acb.log, lambda x, _: 1 / x)

    def exp(self) -> "Jet":
        """The exponential."""
        return self.through(acb.exp, lambda _, y: y)

    def arcsine(self) -> "Jet":
        """Arcsin, beside its cuts."""
        inside_cuts(self.range)
        return self.through(arcsine, lambda x, _: _arcsine_slope(x))


def off_cut(x: acb) -> acb:
    """The box, if it avoids (−∞, 0]."""
    if x.real > 0 or not x.imag.contains(0):
        return x
    raise NotAnalytic


def inside_cuts(x: acb) -> acb:
    """The box, if it avoids (−∞, −1] and [1, ∞)."""
    if not x.imag.contains(0) or (x.real > -1 and x.real < 1):
        return x
    raise NotAnalytic


def _both(a: acb, b: acb) -> acb:
    """The intersection of two enclosures of the same numbers."""
    return acb(a.real.intersection(b.real), a.imag.intersection(b.imag))


def _around(center: acb, spread: arb) -> acb:
    rest = arb(0, spread.upper())
    return center + acb(rest, rest)


def arcsine(x: acb) -> acb:
    """Arcsin on a box beside its cuts, by the mean value: far narrower than its formula."""
    middle = x.mid()
    spread = (x - middle).abs_upper() * (1 - x * x).abs_lower().rsqrt()
    return _around(middle.asin(), spread)


def _arcsine_slope(x: acb) -> acb:
    square = 1 - x * x
    if square.real > 0 or not square.imag.contains(0):
        return 1 / square_root(square)
    return _around(acb(0), square.abs_lower().rsqrt())


def square_root(x: acb) -> acb:
    """The principal root on a box off its cut, by the mean value."""
    middle = x.mid()
    spread = (x - middle).abs_upper() * x.abs_lower().rsqrt() / 2
    return _around(middle.sqrt(), spread)
