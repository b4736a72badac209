"""Contours in the plane of the complex ridge s whose quadrature errors are proved.

A contour is the image of the real axis under a map θ → s that is analytic in a strip
|Im θ| ≤ b; the trapezoidal rule with the step h then errs by at most

    [∫ |f(x + ib)| dx + ∫ |f(x − ib)| dx] / (e^{2πb/h} − 1).

Both integrals are bounded on boxes that cover the two lines. What is needed of f beside
the residual function is known beforehand, since C(s) maps the upper half plane into
itself with arg C ≤ arg s:

* 1 − L = ∫ s/(s + x) dμ(x) and 1/C = n ∫ dν(x)/(s + x) with probability measures μ, ν on
  the eigenvalues 0 ≤ x ≤ edge of K_DD, so they are at most u = sup |s/(s + x)| and n u/|s|;
* 1 − Σ g |L|²/n = Im s/(n Im C), which is at least κ² times its value at a real s_0, with
  κ = inf |s + x|/(s_0 + x); and a two-ridge factor is at most the geometric mean of both
  inverses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil, log, sqrt
from typing import Any

from flint import acb, arb

from numerics.numbers.precision import working_precision
from numerics.training.contour_maps import TURN, ContourMap, Hyperbola
from theory.errors import Unsupported

COARSE = 72
"""Bits at which bounds are computed."""
FIRST_WIDTH = 1 / 16
LOOSE = 100
"""Boxes are split until bounds on them exceed values by no more."""
MOST_BOXES = 2000
MOST_SPLITS = 14
MOST_NODES = 3000
HUGE = 1e60


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bounds of ∫ |f| dθ along a line, of what statistics integrate; s_0 and the rest apart.

    Attributes
    ----------
    mode
        |h ds/s| u.
    noise
        |h (2 − h) ds/s²| u.
    square
        |h² ds/s| u, and with one u more.
    pair
        |h ds/s| u/κ.
    """

    mode: arb
    noise: arb
    square: arb
    square_twice: arb
    pair: arb

    def __add__(self, other: "Sizes") -> "Sizes":
        return Sizes(*(getattr(self, x) + getattr(other, x) for x in self.__slots__))

    def scaled(self, factor: Any) -> "Sizes":
        """All of them times a number."""
        return Sizes(*(getattr(self, x) * factor for x in self.__slots__))

    @property
    def is_finite(self) -> bool:
        """Whether all bounds are finite numbers."""
        return all(getattr(self, x).is_finite() for x in self.__slots__)


def nothing() -> Sizes:
    """Bounds of an empty line."""
    return Sizes(*[arb(0)] * 5)


@dataclass(frozen=True, slots=True)
class Place:
    """What bounds at a ridge depend on: the reference s_0, and the largest eigenvalue."""

    start: arb
    edge: arb | None

    def sizes(self, s: acb, slope: acb, h: arb) -> Sizes:
        """Bounds of the integrands, where |h(−s)| ≤ h, for all s of a box."""
        size, low = s.abs_upper(), s.abs_lower()
        height = abs(s.imag).lower()
        if s.real.lower() >= 0:
            u, half = arb(1), arb(1) / 2
            kappa = arb.min(arb(1), low / self.start) * half.sqrt()
        else:
            apart = height
            if self.edge is not None:
                beyond = (-s.real - self.edge).lower()
                apart = arb.max(apart, beyond)
            u = (size / apart).upper()
            kappa = arb.min(arb(1), low / self.start) * height / (2 * size)
            if self.edge is not None:
                kappa = arb.max(kappa, apart / (self.edge + self.start))
        first = (h * slope.abs_upper() / low * u).upper()
        return Sizes(
            first,
            (first * (2 + h) / low).upper(),
            (first * h).upper(),
            (first * h * u).upper(),
            (first / kappa).upper(),
        )


Bound = Callable[[acb], arb]
"""An upper bound of |h(−s)| on a box of s."""


def along(
    curve: ContourMap, place: Place, bound: Bound, height: float, last: float
) -> Sizes:
    """∫ over 0 ≤ x ≤ last at Im θ = height, twice (the other half is its mirror image)."""
    total = nothing()
    count = ceil(last / FIRST_WIDTH)
    todo = [(last * k / count, last * (k + 1) / count, 0) for k in range(count)]
    while todo:
        left, right, splits = todo.pop()
        x, middle = arb(left).union(arb(right)), (left + right) / 2
        s, slope = curve.at(acb(x, arb(height)))
        part = place.sizes(s, slope, bound(s))
        if part.is_finite:
            s, slope = curve.at(acb(middle, height))
            typical = place.sizes(s, slope, bound(s))
            fits = part.noise < LOOSE * typical.noise
        else:
            fits = False
        if fits or (splits == MOST_SPLITS and part.is_finite):
            total = total + part.scaled(arb(right) - arb(left))
        elif splits == MOST_SPLITS:
            return Sizes(*[arb("inf")] * 5)
        else:
            todo += [(left, middle, splits + 1), (middle, right, splits + 1)]
    return total.scaled(2)


def is_analytic(curve: ContourMap, bound: Bound) -> bool:
    """Whether h is proved to be analytic within a closed curve and in its strip.

    ``bound`` must have no finite value on boxes where h may fail to be. The lower half
    follows, h being real on the real axis.
    """
    low, high = -curve.strip, curve.rim
    columns, rows = 24, 6
    across, up = curve.period / 2 / columns, (high - low) / rows
    todo = [
        (j * across, low + k * up, across, up, 0)
        for j in range(columns)
        for k in range(rows)
    ]
    for _ in range(MOST_BOXES):
        if not todo:
            return True
        x, y, width, height, splits = todo.pop()
        box = acb(arb(x).union(arb(x + width)), arb(y).union(arb(y + height)))
        if bound(curve.at(box)[0]).is_finite():
            continue
        if splits == MOST_SPLITS // 2:
            return False
        width, height = width / 2, height / 2
        todo += [
            (x + i * width, y + j * height, width, height, splits + 1)
            for i in (0, 1)
            for j in (0, 1)
        ]
    return False


def beyond(curve: Hyperbola, place: Place, time: arb, height: float, x: arb) -> Sizes:
    """∫ over |Re θ| ≥ x for h = e^{sτ}, on a hyperbola.

    All factors but the exponential fall with x: |ds| ≤ μ cosh x, and |s| is at least the
    imaginary part μ cos α sinh x and at most μ (1 + cosh x).
    """
    alpha = arb.pi() / 4 + arb(height)
    sine, cosine = alpha.sin_cos()
    wide, high = x.cosh(), x.sinh()
    low = curve.mu * cosine * high
    if not (low > place.start and sine > 0 and cosine > 0):
        return Sizes(*[arb("inf")] * 5)
    rate = curve.mu * time
    u = (1 + wide) / (cosine * high)
    h = (rate * (1 - sine * wide)).exp()
    # cosh y ≥ cosh x + (y − x) sinh x
    first = 2 * h / (rate * sine * high) * wide / (cosine * high) * u
    kappa = cosine * high / (2 * (1 + wide))
    return Sizes(first, first * (2 + h) / low, first * h, first * h * u, first / kappa)


@dataclass(frozen=True, slots=True)
class Quadrature:
    """The trapezoidal rule on a curve, with proved bounds of its errors.

    Attributes
    ----------
    count
        Nodes in the upper half.
    step
        Between nodes; None for closed curves: π over the count.
    off
        How far sums over all nodes may be off integrals, in the bounds of ``Sizes``; for
        ``pair`` in each of the two variables.
    whole
        ∫ |f|/2π and the sum over all nodes, of ``pair``, whichever is larger.
    start
        s_0, exact.
    """

    curve: ContourMap
    count: int
    step: float | None
    off: Sizes
    whole: arb
    start: arb

    def nodes(self) -> tuple[list[acb], list[acb]]:
        """Nodes from the real axis on, and weights ds/(2πi), at the working precision."""
        width = arb.pi() / self.count if self.step is None else arb(self.step)
        half, turn = arb(1) / 2, acb(0, 1) * 2 * arb.pi()
        places = [self.curve.at(acb((j + half) * width)) for j in range(self.count)]
        return [s for s, _ in places], [slope * width / turn for _, slope in places]


def quadrature(
    curve: ContourMap,
    bound: Bound,
    digits: float,
    edge: arb | None,
    time: arb,
) -> Quadrature | None:
    """A rule on a curve whose errors are about 10^−digits, in units of the integrands.

    None where the residual function is not proved to be analytic within the strip, or is
    too large there.

    Raises
    ------
    Unsupported
        When it would take more than 3000 nodes.
    """
    with working_precision(COARSE):
        place = Place(curve.at(acb(0))[0].real.mid(), edge)
        is_open = isinstance(curve, Hyperbola)
        aim = digits * log(10) + 8
        last = curve.period / 2
        rest: Callable[[float, arb], Sizes] = lambda *_: nothing()
        if isinstance(curve, Hyperbola):
            rate = float((curve.mu * time).mid())
            x = (aim + rate) / (rate * sqrt(0.5))
            last = log(x + sqrt(x * x - 1)) + 0.2
            rest = partial(beyond, curve, place, time)
        lines = [
            along(curve, place, bound, height, last) + rest(height, arb(last))
            for height in (curve.strip, -curve.strip, 0.0)
        ]
        worst = max(float(getattr(x, name)) for x in lines for name in Sizes.__slots__)
        if not worst < HUGE:
            return None
        step = TURN * curve.strip / (aim + log(max(worst, 1.0)))
        count = ceil(last / step) + is_open
        if count > MOST_NODES:
            raise Unsupported(
                f"{digits:.0f} digits would take {count} nodes of a contour (at most "
                f"{MOST_NODES}): fewer steps, fewer digits, or digits=None"
            )
        width = arb(step) if is_open else arb.pi() / count
        turn = 2 * arb.pi()
        gain = 1 / ((turn * curve.strip / width).exp() - 1)
        far = rest(0.0, width * (count - arb(1) / 2))
        off = (lines[0] + lines[1]).scaled(gain / turn) + far.scaled(1 / turn)
        sum_of_pairs = far.pair
        for j in range(count):
            s, slope = curve.at(acb((j + arb(1) / 2) * width))
            sum_of_pairs += 2 * width * place.sizes(s, slope, bound(s)).pair
        whole = arb.max(lines[2].pair.upper(), sum_of_pairs.upper()) / turn
        kept = step if is_open else None
        return Quadrature(curve, count, kept, off, whole.upper(), place.start)
