"""Integrals over the angle with a proved error: Gauss–Legendre nodes in θ on panels.

What is integrated is K(cos θ) cos(jθ) sin^(d−2) θ for all j at once. On a panel of
half-length h (``numerics.spectra.quadrature.panels``), with K analytic and |K| ≤ M on
the ellipse with parameter ρ (``numerics.spectra.quadrature.bernstein_ellipse``), where
|Im θ| ≤ β, the N-point rule errs by at most h (64/15) M cosh(jβ) cosh(β)^(d−2)
ρ^−2N/(1 − ρ^−2); docs/proofs.md has the proof. The sums over nodes are balls: no
recurrence, no rounding constant. cos(jθ) with j = aB + b comes from addition theorems,
so all j cost two products of matrices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cosh, isqrt, log2

from flint import acb, arb, arb_mat, ctx, fmpq

from numerics.numbers.magnitudes import log2_above
from numerics.numbers.precision import working_precision
from numerics.numbers.precision_search import SPARE_BITS
from numerics.spectra.quadrature.bernstein_ellipse import half_axes
from numerics.spectra.quadrature.panels import Panel
from theory.errors import NoConvergence, OutOfDomain

MAX_NODES = 20_000
GUARD_BITS = 48
MOST_TIMES, MOST_MORE = 8, 4096
"""The working precision is raised to at most so many times its bits, and so many more."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Cosine moments of a kernel in the measure of the sphere, as balls.

    Attributes
    ----------
    cosine
        E[K cos(jθ)] for j = 0, 1, …
    square
        E[K²].
    nodes
        How many quadrature nodes were used.
    """

    cosine: list[arb]
    square: arb
    nodes: int


@lru_cache(maxsize=32)
def legendre(count: int, bits: int) -> tuple[list[arb], list[arb]]:
    """Nodes in (−1, 0] and weights of the Gauss–Legendre rule; the rest by symmetry."""
    with working_precision(bits):
        pairs = [
            arb.legendre_p_root(count, i, weight=True) for i in range((count + 1) // 2)
        ]
    return [x for x, _ in pairs], [w for _, w in pairs]


def moments(panels: Sequence[Panel], d: int, top: int, bits: int) -> Moments:
    """E[K cos(jθ)] for j ≤ top and E[K²], each to about 2^−bits absolutely.

    Raises
    ------
    NoConvergence
        When no ellipse is proved, or too many nodes would be needed.
    """
    plans = [_plan(panel, d, top, bits + len(panels).bit_length()) for panel in panels]
    total = sum(plan.count for plan in plans)
    if total > MAX_NODES:
        raise NoConvergence(
            f"{panels[0].shape.label}: {total} quadrature nodes would be needed for "
            f"level {top} in d = {d}; at most {MAX_NODES} are taken"
        )
    working = bits + GUARD_BITS + 2 * total.bit_length()
    angles, masses, values, working = _all_samples(plans, d, bits, working)
    with working_precision(working):
        weighted = [m * v for m, v in zip(masses, values, strict=True)]
        symmetric = len(plans) == 1 and plans[0].panel.is_symmetric
        summed = _folded_sums if symmetric else _cosine_sums
        sums = summed(angles, weighted, top)
        square = sum((w * v for w, v in zip(weighted, values, strict=True)), arb(0))
        errors = [_errors(plan, d) for plan in plans]
        left_out = 2 * total * _negligible()
        cosine = [
            x + arb(0, sum((error(j) for error in errors), left_out).upper())
            for j, x in enumerate(sums)
        ]
        spread = sum(
            (
                (error(0) + left_out) * plan.size
                for error, plan in zip(errors, plans, strict=True)
            ),
            arb(0),
        )
        return Moments(cosine, square + arb(0, spread.upper()), total)


@dataclass(frozen=True, slots=True)
class Plan:
    """A panel, the ellipse to use, log2 of |K| on it, and how many nodes that takes."""

    panel: Panel
    rho: float
    bound: float
    count: int

    @property
    def beta(self) -> float:
        """The imaginary half-axis, rounded up."""
        return half_axes(self.rho, self.panel.shape.half)[1] * (1 + 1e-9)

    @property
    def size(self) -> arb:
        """A bound of |K| on the ellipse."""
        return arb(2) ** ceil(self.bound + 1e-9)


def _plan(panel: Panel, d: int, top: int, bits: int) -> Plan:
    half = panel.shape.half

    def nodes_for(rho: float, bound: float) -> float:
        wanted = bits + _log2_constant(rho, half, 2 * max(bound, 0.0), d, top)
        return wanted / (2 * log2(rho))

    rho, bound = panel.shape.best(nodes_for)
    return Plan(panel, rho, bound, max(8, ceil(nodes_for(rho, bound)) + 1))


def _log2_constant(rho: float, half: float, bound: float, d: int, top: int) -> float:
    """log2 of the error bound without ρ^−2N, in floats, for planning only."""
    _, beta = half_axes(rho, half)
    return (
        bound + 3 + (top * beta) * 1.4427 + (d - 2) * log2(cosh(beta)) - log2(rho - 1)
    )


def _errors(plan: Plan, d: int):
    """A bound of the error of E[K cos(jθ)] on a panel, as a function of j."""
    r, beta = arb(plan.rho), arb(plan.beta)
    _, half = plan.panel.interval()
    constant = (
        density(d)
        * half
        * fmpq(64, 15)
        * plan.size
        * beta.cosh() ** (d - 2)
        * r ** (-2 * plan.count)
        / (1 - 1 / (r * r))
    )
    return lambda j: (constant * (j * beta).cosh()).upper()


def density(d: int) -> arb:
    """ω_d = Γ(d/2)/(√π Γ((d − 1)/2)): ω_d sin^(d−2) θ dθ is the law of the angle.

    Examples
    --------
    >>> density(3)
    0.500000000000000
    """
    ratio = arb.gamma_fmpq(fmpq(d, 2)) / arb.gamma_fmpq(fmpq(d - 1, 2))
    return ratio / arb.const_sqrt_pi() if d != 3 else arb(0.5)


def _all_samples(
    plans: Sequence[Plan], d: int, bits: int, working: int
) -> tuple[list[arb], list[arb], list[arb], int]:
    """Samples of all panels, and the working precision that they were taken at.

    Deep chains lose bits in every layer, so that an angle known to the working precision
    may give no finite value, or one of few digits. Nodes are then taken again with as
    many bits more as were lost: no precision of what follows makes up for them.
    """
    most, label = MOST_TIMES * working + MOST_MORE, plans[0].panel.shape.label
    while True:
        with working_precision(working):
            try:
                found = [_samples(plan, d) for plan in plans]
            except OutOfDomain:  # on an ellipse it is proved analytic: it is finite
                lost = working
            else:
                angles, masses, values = (
                    [x for part in column for x in part]
                    for column in zip(*found, strict=True)
                )
                widest = max((x.rad() for x in values), default=arb(0))
                lost = int(log2_above(widest)) + bits + 1 if widest else 0
                if lost <= 0 or working >= most:
                    return angles, masses, values, working
        if working >= most:
            raise NoConvergence(
                f"{label}: rounding errors grow from layer to layer, and its values at "
                f"the quadrature nodes are not known to be finite with {working} bits"
            )
        working = min(most, working + lost + SPARE_BITS)


def _samples(plan: Plan, d: int) -> tuple[list[arb], list[arb], list[arb]]:
    """Angles, masses of the sphere's measure, and kernel values, at a panel's nodes.

    Nodes near the poles of a sphere of high dimension, where nothing that they could
    contribute is above ``_negligible()``, are left out.
    """
    roots, weights = legendre(plan.count, ctx.prec)
    center, half = plan.panel.interval()
    lead = density(d) * half
    evaluate = plan.panel.samples.compiled()
    least, size = _negligible(), plan.size
    angles, masses, values = [], [], []
    for index, (x, w) in enumerate(zip(roots, weights, strict=True)):
        is_middle = 2 * index + 1 == plan.count
        sides = [center] if is_middle else [center - half * x, center + half * x]
        parts = [lead * w * side.sin() ** (d - 2) for side in sides]
        if all(mass * size < least for mass in parts):
            continue
        angles += sides
        masses += parts
        values += [evaluate((side / 2).sin() ** 2) for side in sides]
    return angles, masses, values


def _negligible() -> arb:
    """What a node may contribute and be left out, far below the rounding errors."""
    return arb(2) ** -ctx.prec


def _folded_sums(angles: list[arb], weighted: list[arb], top: int) -> list[arb]:
    """The cosine sums of nodes in pairs θ, π − θ, and of one at π/2, at half the cost.

    cos(j(π − θ)) = (−1)^j cos(jθ), so that even j see the sum over two such nodes, and odd
    j the difference.
    """
    pairs = len(angles) // 2 * 2
    near, far = weighted[1:pairs:2], weighted[:pairs:2]
    lone = weighted[pairs:]
    half = angles[1:pairs:2] + angles[pairs:]
    together = [x + y for x, y in zip(near, far, strict=True)] + lone
    apart = [x - y for x, y in zip(near, far, strict=True)] + [arb(0) for _ in lone]
    turned = [g * acb(x.cos(), x.sin()) for g, x in zip(apart, half, strict=True)]
    doubled = [2 * theta for theta in half]
    even, odd = _turned_sums(doubled, [together, turned], top // 2 + 1)
    return [(odd if j % 2 else even)[j // 2] for j in range(top + 1)]


def _cosine_sums(angles: list[arb], weighted: list[arb], top: int) -> list[arb]:
    """Σ_i G_i cos(jθ_i) for j = 0, …, top."""
    return _turned_sums(angles, [weighted], top + 1)[0]


def _turned_sums(
    angles: list[arb], weights: Sequence[Sequence[arb | acb]], terms: int
) -> list[list[arb]]:
    """Re Σ_i G_i e^{ijθ_i} for j < terms, for each list of G."""
    block = isqrt(terms * len(weights)) + 1
    rows, count = (terms - 1) // block + 1, len(angles)
    fine = _turns(angles, block)
    coarse = _turns([theta * block for theta in angles], rows)
    left = [
        [g * z for g, z in zip(each, row, strict=True)]
        for each in weights
        for row in coarse
    ]
    right_sine = arb_mat(block, count, [z.imag for row in fine for z in row])
    right_cosine = arb_mat(block, count, [z.real for row in fine for z in row])
    left_sine = arb_mat(len(left), count, [z.imag for row in left for z in row])
    left_cosine = arb_mat(len(left), count, [z.real for row in left for z in row])
    product = left_cosine * right_cosine.transpose()
    product -= left_sine * right_sine.transpose()
    entries, size = product.entries(), rows * block
    return [entries[i * size : i * size + terms] for i in range(len(weights))]


def _turns(angles: list[arb], count: int) -> list[list[acb]]:
    """e^{ijθ} of every angle for j = 0, …, count − 1.

    Each from two of about half its j: radii grow with log j, where a product with e^{iθ}
    in every step would let the rectangles around turning numbers grow exponentially.
    """
    rows = [[acb(1)] * len(angles)]
    for j in range(1, count):
        if j == 1:
            rows.append([acb(c, s) for s, c in (x.sin_cos() for x in angles)])
        else:
            pairs = zip(rows[j // 2], rows[j - j // 2], strict=True)
            rows.append([x * y for x, y in pairs])
    return rows
