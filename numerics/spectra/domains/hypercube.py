"""All eigenvalues of a kernel on the hypercube at once, with proved enclosures.

C(d, k) λ_k 2^d is the coefficient of z^k in Σ_m C(d, m) K(1 − 2m/d) (1 − z)^m (1 + z)^(d−m).
With x = (1 − z)/(1 + z) that polynomial is two Taylor shifts of Σ_m C(d, m) K_m x^m, done
here in exact integer arithmetic on C(d, m) K_m rounded to ``bits`` fractional bits. No
ball goes through the transform: rounding errors e_m move λ_k by at most
2^−d Σ_m |K_k(m)|/C(d, k) e_m ≤ 2^−d Σ_m e_m, because |K_k(m)| ≤ C(d, k).

Distance m is rare, and so K_m is needed with log2 C(d, m) + ``bits`` bits only.
"""

from collections.abc import Callable
from functools import lru_cache
from math import log2
from typing import Any

from flint import arb, fmpq, fmpz, fmpz_poly

from numerics.interpreters.balls import Value, as_ball
from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from theory.errors import OutOfDomain

GUARD_BITS = 32
RESULT_GUARD_BITS = 64
GROUP_BITS = 256
MAX_GROUPS = 16
MAX_DENOMINATOR_BITS = 60_000
METHOD = "exact transform of kernel balls"
COMPUTES = "theory.domains.Hypercube.definition"


@lru_cache(maxsize=8)
def binomials(d: int) -> tuple[int, ...]:
    """C(d, 0), …, C(d, d), exactly.

    Examples
    --------
    >>> binomials(4)
    (1, 4, 6, 4, 1)
    """
    row = [1]
    for m in range(d):
        row.append(row[-1] * (d - m) // (m + 1))
    return tuple(row)


def transform(weighted: list[int] | list[fmpz]) -> list[fmpz]:
    """The integers C(d, k) λ_k 2^d for integer samples C(d, m) K_m.

    Parameters
    ----------
    weighted
        d + 1 integers, samples of the kernel at Hamming distance m times C(d, m).

    Examples
    --------
    >>> transform([1, 0, -1])      # K = t on the square: λ_1 = 1/2, twice
    [0, 4, 0]
    """
    d = len(weighted) - 1
    shifted = fmpz_poly(weighted)(fmpz_poly([-1, 1])).coeffs()
    shifted += [fmpz(0)] * (d + 1 - len(shifted))
    scaled = [c << j for j, c in enumerate(shifted)]
    result = fmpz_poly(scaled[::-1])(fmpz_poly([1, 1])).coeffs()
    return result + [fmpz(0)] * (d + 1 - len(result))


def exact_eigenvalues(kernel: Callable[[fmpq], Value], d: int) -> list[Ball] | None:
    """λ_0, …, λ_d as rational numbers, or None where a kernel value is not rational.

    Examples
    --------
    >>> [x.rational for x in exact_eigenvalues(lambda u: (1 - 2 * u) ** 2, 2)]
    [1/2, 0, 1/2]
    """
    values, common = [], fmpz(1)
    for m in range(d + 1):
        value = kernel(fmpq(m, d))
        if not isinstance(value, fmpq):
            return None
        common = common.lcm(fmpz(value.q))
        if common.bit_length() > MAX_DENOMINATOR_BITS:
            return None
        values.append(value)
    choose = binomials(d)
    integers = [
        c * fmpz(value.p) * (common // fmpz(value.q))
        for c, value in zip(choose, values, strict=True)
    ]
    return [
        Ball.exact(fmpq(total, (common << d) * c), "exact transform in ℚ")
        for total, c in zip(transform(integers), choose, strict=True)
    ]


def eigenvalues(kernel: Any, d: int, bits: int, digits: int) -> list[Ball]:
    """λ_0, …, λ_d of a kernel, each to about 2^−bits−d K(1) absolutely.

    Parameters
    ----------
    kernel
        An Evaluator: exact at rational u, ``compiled()`` for balls.
    d
        Dimension, at least 1.
    bits
        Fractional bits of C(d, m) K_m/K(1).
    digits
        Significant digits kept of each eigenvalue.

    Raises
    ------
    OutOfDomain
        When the kernel has no finite value at some corner.
    """
    with working_precision(bits + GUARD_BITS):
        ends = kernel(fmpq(0)), kernel(fmpq(1))
    scale = bits - exponent(ends[0])
    choose = binomials(d)
    rounded, error = [], arb(0)
    for width, run in _groups(choose, bits):
        with working_precision(width):
            evaluate, power = kernel.compiled(), _power_of_two(scale)
            for m in run:
                end = m in (0, d)
                value = ends[m == d] if end else _inside(kernel, evaluate, fmpq(m, d))
                value = as_ball(value) * choose[m] * power
                nearest = value.mid().floor().unique_fmpz()
                assert nearest is not None  # an exact ball that is a whole number
                rounded.append((m, nearest))
                error += abs(value - nearest).upper()
    rounded.sort()
    totals = transform([x for _, x in rounded])
    with working_precision(int(3.33 * digits) + RESULT_GUARD_BITS):
        spread = arb(0, error.upper())
        unit = _power_of_two(-d - scale)
        return [
            Ball((arb(total) / c + spread) * unit, None, METHOD)
            for total, c in zip(totals, choose, strict=True)
        ]


def _inside(kernel: Any, evaluate: Any, at: fmpq) -> Value:
    """K at a rational u, fast; with care where the fast way leaves no finite ball."""
    try:
        return evaluate(arb(at))
    except OutOfDomain:
        return kernel(at)


def exponent(value: Value) -> int:
    """The e with |value| about 2^e; 0 where the value is near 0.

    Examples
    --------
    >>> exponent(fmpq(5)), exponent(fmpq(0))
    (3, 0)
    """
    size = abs(as_ball(value)).upper()
    mantissa, power = size.man_exp()
    return int(fmpz(mantissa).bit_length() + power) if mantissa else 0


def _power_of_two(e: int) -> arb:
    """2^e, exactly; a shifted integer would not hold a net's e^(e^q)."""
    return arb(2) ** fmpz(e)


def _groups(choose: tuple[int, ...], bits: int) -> list[tuple[int, list[int]]]:
    """Distances m that share one working precision, which each of them suffices with."""
    most = log2(max(choose))
    groups = max(1, min(MAX_GROUPS, int(most / GROUP_BITS)))
    step = most / groups or 1.0
    buckets: dict[int, list[int]] = {}
    for m, c in enumerate(choose):
        buckets.setdefault(min(groups - 1, int(log2(c) / step)), []).append(m)
    return [
        (int((index + 1) * step) + bits + GUARD_BITS, run)
        for index, run in buckets.items()
    ]
