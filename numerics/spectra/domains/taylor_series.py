"""Eigenvalues on the sphere from a kernel's Taylor coefficients, all terms positive.

K = Σ a_p t^p with a_p ≥ 0 has λ_k = Σ_p a_p W(k, p) over p ≥ k of the parity of k, where
W(k, p) = p! Γ(d/2)/(2^p ((p − k)/2)! Γ((p + k + d)/2)) is the eigenvalue of t^p. The terms
left out above p = M lie between 0 and (K(1) − Σ_{p≤M} a_p) max_{p>M} W(k, p): the mass of
the coefficients left out is known exactly. W rises in p until
p (d − 1) = 2 + (k − 2)(k + d), and falls from there, so its maximum is found exactly too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log

from flint import arb, arb_series, ctx, fmpq

from numerics.interpreters.program import Arithmetic, build
from numerics.interpreters.series.ball_series import SERIES, as_series, series_length
from numerics.spectra.kernel_evaluation import Evaluator, bound_chain
from theory.domains import Domain
from theory.errors import NoConvergence
from theory.kernels import Kernel

MAX_TERMS = 10_000
COMPUTES = "theory.domains.Hypersphere.definition"


@dataclass(frozen=True, slots=True)
class TaylorExpansion:
    """Proved Taylor coefficients of a kernel with non-negative ones.

    Attributes
    ----------
    coefficients
        a_0, …, a_M as balls.
    mass
        Σ a_p over p > M, as a ball.
    """

    coefficients: list[arb]
    mass: arb


def expansion(
    kernel: Kernel,
    domain: Domain,
    evaluator: Evaluator,
    terms: int,
    bits: int,
    table: Arithmetic = SERIES,
) -> TaylorExpansion:
    """a_0, …, a_M and the mass beyond, for a kernel known to have none below 0.

    By Schoenberg's theorem that is what positive semi-definite on every sphere means;
    whoever calls this knows it. ``table`` are the power series to use.

    Raises
    ------
    NoConvergence
        When the series cannot be enclosed at this precision.
    """
    program = build(bound_chain(kernel, domain), table)
    with series_length(terms + 1, bits):
        half = arb_series([arb(0.5), arb(-0.5)])
        series = as_series(program(dict.fromkeys(program.inputs, half)))
        found = series.coeffs()
        found += [arb(0)] * (terms + 1 - len(found))
        at_one = evaluator(fmpq(0))
        mass = arb(at_one) - sum(found, arb(0))
        if not mass.is_finite():
            raise NoConvergence(
                f"{kernel}: its Taylor series could not be enclosed at {bits} bits"
            )
        return TaylorExpansion(
            [x.nonnegative_part() for x in found], mass.nonnegative_part()
        )


def eigenvalues(
    series: TaylorExpansion, d: int, levels: Sequence[int], bits: int
) -> list[arb]:
    """λ_k of the given levels to about ``bits`` relative bits where the series allows."""
    left = [series.mass]
    for a in reversed(series.coefficients):
        left.append(left[-1] + a)
    left.reverse()
    enough = arb(1) / (arb(1) if bits <= 0 else arb(2) ** bits)
    return [_level(series.coefficients, left, d, k, enough) for k in levels]


def mean_square(series: TaylorExpansion, d: int, at_one: arb) -> arb:
    """E[K²] from the squared series, at the working precision."""
    top = len(series.coefficients)
    with series_length(top, _bits()):
        square = arb_series(series.coefficients)
        square = (square * square).coeffs()
        square += [arb(0)] * (top - len(square))
        rest = at_one * at_one - sum(square, arb(0))
    whole = TaylorExpansion(square, rest.nonnegative_part())
    return eigenvalues(whole, d, [0], _bits())[0]


def _bits() -> int:
    return ctx.prec


def _level(a: list[arb], left: list[arb], d: int, k: int, enough: arb) -> arb:
    """λ_k, where left[p] is the mass of a_p and all that follow."""
    weight = arb(1)
    for j in range(k):
        weight = weight * (j + 1) / (2 * j + d)
    total, p = arb(0), k
    turn = (2 + (k - 2) * (k + d)) / (d - 1)
    while p < len(a):
        total += a[p] * weight
        weight = weight * ((p + 1) * (p + 2)) / ((p - k + 2) * (p + k + d))
        p += 2
        falls = p > turn + 2 and p % 16 < 2
        if falls and left[min(p, len(a))] * weight < enough * total:
            break
    rest = left[min(p, len(a))]
    while p * (d - 1) < 2 + (k - 2) * (k + d):
        weight = weight * ((p + 1) * (p + 2)) / ((p - k + 2) * (p + k + d))
        p += 2
    spread = (rest * weight).upper() / 2
    return total + spread + arb(0, spread.upper())


def log_weight(d: int, k: int, p: int) -> float:
    """The natural logarithm of W(k, p), in floats, for planning.

    Examples
    --------
    >>> round(log_weight(3, 0, 2), 6) == round(log(1 / 3), 6)
    True
    """
    return (
        lgamma(p + 1)
        + lgamma(d / 2)
        - p * log(2)
        - lgamma((p - k) / 2 + 1)
        - lgamma((p + k + d) / 2)
    )


def terms_needed(d: int, levels: Sequence[int], digits: int) -> int:
    """How many coefficients a kernel with a_p like p^−3/2 needs; above MAX_TERMS if many.

    Examples
    --------
    >>> terms_needed(1000, [0, 50], 30) < 1000, terms_needed(3, [0], 30) > MAX_TERMS
    (True, True)
    """
    most = 0
    for k in {min(levels), max(levels), levels[len(levels) // 2]}:
        peak = max(k, 2, (2 + (k - 2) * (k + d)) // (d - 1))
        peak += (peak - k) % 2
        aim = log_weight(d, k, peak) - 1.5 * log(peak) - digits * log(10) - 4
        p = peak + 2
        while log_weight(d, k, p) > aim and p <= MAX_TERMS:
            p = k + (int((p - k) * 1.1) // 2 + 1) * 2
        most = max(most, p)
    return most
