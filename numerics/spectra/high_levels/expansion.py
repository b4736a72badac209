"""High levels on the sphere, one by one, from the kernel's expansions at t = ±1.

In s = sin(θ/2) the kernel is a power series at t = 1, and one in cos(θ/2) at t = −1. Even
powers are polynomials in t and add nothing to high levels; odd ones, with

    E_k(ν) = E[((1 − t)/2)^ν P_k(t)] = (−ν)_k Γ(d − 1) Γ(ν + (d − 1)/2)
             / (Γ((d − 1)/2) Γ(ν + k + d − 1)),

give λ_k = Σ_j (c_{2j+1} + (−1)^k c̃_{2j+1}) E_k(j + 1/2) + a remainder that is proved: the
contour of the Funk–Hecke integral is moved up into the complex angles, where P_k is a
decaying function of one sign, so what is left out is at most a constant times the first
rule term left out, plus an exponentially small rest. docs/proofs.md has the proof. The
cost of a level does not depend on k.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log, pi, sin

from flint import acb, arb, ctx, fmpq

from numerics.interpreters.complex_angles.half_angle import HALF_ANGLE
from numerics.interpreters.complex_angles.jets import NotAnalytic
from numerics.interpreters.program import build
from numerics.interpreters.series.endpoint_series import GERMS, coefficients, germ
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.kernel_evaluation import bound_chain
from numerics.spectra.quadrature.box_bounds import (
    ARCS,
    BOUNDARY_HALVINGS,
    HALVINGS,
    Rectangle,
    largest_on,
)
from numerics.spectra.quadrature.modulus_bounds import modulus
from theory.domains import Domain
from theory.errors import NoConvergence
from theory.kernels import Kernel
from theory.notation import u

COMPUTES = "theory.domains.Hypersphere.definition"
HEIGHTS = (
    1.2,
    0.85,
    0.6,
    0.45,
    0.32,
    0.23,
    0.17,
    0.12,
    0.085,
    0.06,
    0.04,
    0.025,
    0.015,
)
INSIDE = fmpq(9, 10)
MAX_TERMS = 120


@dataclass(frozen=True, slots=True)
class Ends:
    """A kernel near both ends of the angles.

    Attributes
    ----------
    d
        Dimension of the sphere, 2 for the circle.
    first, last
        Odd coefficients c_1, c_3, … in sin(θ/2) at t = 1, and in cos(θ/2) at t = −1.
    height
        K(cos θ) is analytic for −h ≤ Re θ ≤ π + h, |Im θ| ≤ h.
    size
        A bound of |K| there.
    """

    d: int
    first: list[arb]
    last: list[arb]
    height: float
    size: arb

    @property
    def terms(self) -> int:
        """How many odd coefficients are used at each end."""
        return len(self.first)

    @property
    def weight(self) -> fmpq:
        """The α of the bound far up the contour: d/2 − 1, but 1 in three dimensions."""
        return fmpq(1) if self.d == 3 else fmpq(self.d, 2) - 1

    def remainder(self, k: int) -> tuple[arb, arb]:
        """Factors of |E_k(J + 1/2)| and of |E_k(1/2)| that bound what is left out.

        Raises
        ------
        NoConvergence
            When the level is too low for the bound to hold.
        """
        y, alpha = cut(self.height), self.weight
        rate = k + alpha
        if not (k > self.terms + 1 and rate * y > alpha + 2):
            raise NoConvergence(f"level {k} is too low for its expansion at the ends")
        r, x = _radius(self.height), (y / 2).sinh()
        share = x / r
        near = 2 * self.size / r / (1 - share * share) * x ** (-2 * self.terms)
        far = 4 * arb.pi() * self.size * y.cosh() ** arb(alpha) * (-rate * y).exp()
        return near, far * arb(rate) ** arb(alpha + 2) / arb.gamma_fmpq(alpha + 2)

    def level(self, k: int) -> arb:
        """λ_k at the working precision."""
        near, far = self.remainder(k)
        rules = rule_terms(self.d, k, self.terms + 1)
        sign = -1 if k % 2 else 1
        total = arb(0)
        for a, b, rule in zip(self.first, self.last, rules, strict=False):
            total += (a + sign * b) * rule
        rest = near * abs(rules[-1]) + far * abs(rules[0])
        return total + arb(0, rest.upper())


def _radius(height: float) -> arb:
    """The radius of a disk of s whose angles θ = 2 arcsin s stay within the height."""
    return arb(sin(height / 2) * (1 - 1e-9))


def cut(height: float) -> arb:
    """How far up the contour goes: sinh(Y/2) is a fixed share of the radius."""
    y = 2 * (_radius(height) * INSIDE).asinh()
    return y.lower() if y < height else arb(height)


def rule_terms(d: int, k: int, count: int) -> list[arb]:
    """E_k(j + 1/2) for j = 0, …, count − 1, at the working precision.

    Examples
    --------
    >>> rule_terms(3, 1, 1)[0].contains(fmpq(2, 3) - fmpq(4, 5))    # E[√u (1 − 2u)]
    True
    """
    half = fmpq(1, 2)
    value = arb.gamma_fmpq(fmpq(d - 1)) * arb.gamma_fmpq(fmpq(d, 2))
    value = value / arb.gamma_fmpq(fmpq(d - 1, 2)) / arb.gamma_fmpq(-half)
    value = value * (arb(k) - half).gamma() / (arb(k) + d - half).gamma()
    found = []
    for j in range(count):
        found.append(value)
        nu = half + j
        value = (
            value * (nu + 1) * (nu + fmpq(d - 1, 2)) / ((nu + 1 - k) * (nu + d - 1 + k))
        )
    return found


@lru_cache(maxsize=64)
def _height(kernel: Kernel, domain: Domain) -> tuple[float, float]:
    """A height that is proved analytic, and log2 of the bound of |K|.

    Raises
    ------
    NoConvergence
        When no height of use is proved.
    """
    program = build(bound_chain(kernel, domain), HALF_ANGLE)
    size = modulus(program, (0.0, pi))
    with working_precision(size.bits):
        for height in _promising(size):
            found = largest_on(size, _boxes(height, not size.poles))
            if found is not None:
                return height, found
    raise NoConvergence(
        f"kernel {kernel} is not proved analytic in the angle around [0, π], "
        "so its high levels have no expansion"
    )


def _promising(bound: Callable[[acb], arb]) -> list[float]:
    """Heights up to which nothing is seen to fail straight above the ends."""
    kept = list(HEIGHTS)
    for height in sorted(HEIGHTS):
        try:
            for end in (arb(0), arb.pi()):
                bound(acb(end, height))
        except (NotAnalytic, ZeroDivisionError):
            kept = [h for h in kept if h < height]
            break
    return kept


def _boxes(height: float, boundary: bool) -> list[Rectangle]:
    """Boxes over −h ≤ Re θ ≤ π + h, 0 ≤ Im θ ≤ h, or its boundary; most dangerous last."""
    reach = height + 1e-9
    wide = pi + 2 * reach
    columns = ARCS if boundary else max(12, ceil(wide / height))
    halvings = BOUNDARY_HALVINGS if boundary else HALVINGS
    order = sorted(range(columns), key=lambda i: min(i, columns - 1 - i), reverse=True)
    step = wide / columns
    low, tall = (reach, 0.0) if boundary else (0.0, reach)
    top = [Rectangle(i * step - reach, step, low, tall, halvings) for i in order]
    if not boundary:
        return top
    sides = [Rectangle(x, 0.0, 0.0, reach, halvings) for x in (-reach, pi + reach)]
    return top + sides


def analytic_height(kernel: Kernel, domain: Domain) -> float:
    """An h with K(cos θ) analytic for −h ≤ Re θ ≤ π + h and |Im θ| ≤ h.

    Raises
    ------
    NoConvergence
        When no h of use is proved.
    """
    return _height(kernel, domain)[0]


@lru_cache(maxsize=64)
def ends(kernel: Kernel, domain: Domain, terms: int, bits: int) -> Ends:
    """A kernel near both ends, with ``terms`` odd coefficients at each.

    Raises
    ------
    NoConvergence
        When it is not proved analytic around the angles.
    NotEvaluable
        When a function has no power series.
    """
    height, size = _height(kernel, domain)
    chain = bound_chain(kernel, domain)
    program = build(chain, GERMS)
    length = 2 * terms
    known = length + 2 * len(chain.bindings) + 8
    with working_precision(bits):
        before = ctx.cap
        ctx.cap = known + 8
        try:
            rows = [
                coefficients(program({u: germ(start, known)}), length)[1::2]
                for start in ([0, 0, 1], [1, 0, -1])
            ]
        finally:
            ctx.cap = before
    d = domain.ambient
    bound = arb(2) ** ceil(size + 1e-9)
    return Ends(int(d), rows[0], rows[1], height, bound)


def terms_for(height: float, k: int, d: int, bits: int) -> int:
    """How many terms make the remainder at level k about 2^−bits of the first one.

    The terms fall until j is about k sinh(Y/2); more than that many are never taken.
    """
    x = float((cut(height) / 2).sinh())
    size, j = 0.0, 0
    while j < MAX_TERMS and size > -bits * log(2):
        ratio = (j + 1.5) * (j + d / 2) / (k - j - 1.5) / (k + d + j) / (x * x)
        if ratio >= 1 or j > k - 4:
            break
        size += log(ratio)
        j += 1
    return max(j, 1)


def levels_by_expansion(
    kernel: Kernel, domain: Domain, levels: Sequence[int], digits: int
) -> list[arb]:
    """λ_k of high levels, each to ``digits`` digits; a ball around 0 where all rule
    terms cancel.

    Raises
    ------
    NoConvergence
        When the kernel has no expansion at the ends, or a level is too low for it.
    """
    d = int(domain.ambient)
    height = analytic_height(kernel, domain)
    lowest, bits = min(levels), bits_for(digits)
    for extra in (16, 64, 160):
        terms = terms_for(height, lowest, d, bits + extra)
        wide = bits + extra + 64 + 4 * terms
        found = ends(kernel, domain, terms, wide)
        with working_precision(wide):
            values = [found.level(k) for k in levels]
            weak = [x for x in values if _lacks(x, digits)]
        if not weak:
            return values
    if all(x.contains(0) for x in weak):
        return values
    raise NoConvergence(
        f"kernel {kernel} on {domain}: its expansion at t = ±1 does not prove {digits} "
        f"digits of level {lowest} yet; higher levels have more"
    )


def _lacks(x: arb, digits: int) -> bool:
    return not x.rad() * arb(10) ** digits <= x.abs_lower()
