"""All eigenvalues of a kernel on the hypercube at once, with proved enclosures.

C(d, k) λ_k 2^d is the coefficient of z^k in Σ_m C(d, m) K(1 − 2m/d) (1 − z)^m (1 + z)^(d−m).
With x = (1 − z)/(1 + z) that polynomial is two Taylor shifts of Σ_m C(d, m) K_m x^m, done
here in exact integer arithmetic on K_m rounded to p bits. A rounding error of at most ε in
every K_m moves λ_k by at most 2^−d Σ_m |K_m(k)| ε ≤ ε/√C(d, k), by Cauchy–Schwarz and the
orthogonality of Krawtchouk polynomials; no ball goes through the transform.
"""

from collections.abc import Callable

from flint import arb, fmpq, fmpz, fmpz_poly

from numerics.ball import Ball
from numerics.interpreters.balls import Value, as_ball
from numerics.precision import working_precision
from theory.errors import OutOfDomain

GUARD_BITS = 96
MAX_DENOMINATOR_BITS = 60_000
METHOD = "exact transform of kernel balls"
COMPUTES = "theory.domains.Hypercube.definition"
Samples = Callable[[fmpq], Value]


def binomials(d: int) -> list[int]:
    """C(d, 0), …, C(d, d), exactly.

    Examples
    --------
    >>> binomials(4)
    [1, 4, 6, 4, 1]
    """
    row = [1]
    for m in range(d):
        row.append(row[-1] * (d - m) // (m + 1))
    return row


def transform(values: list[int] | list[fmpz]) -> list[fmpz]:
    """Σ_m C(d, m) F_m K_k-sums: the integers C(d, k) λ_k 2^d for samples F_m.

    Parameters
    ----------
    values
        d + 1 integers F_m, samples of the kernel at Hamming distance m.

    Examples
    --------
    >>> transform([1, 0, -1])      # K = t on the square: λ_1 = 1/2, twice
    [0, 4, 0]
    """
    d = len(values) - 1
    weighted = fmpz_poly([c * f for c, f in zip(binomials(d), values, strict=True)])
    shifted = weighted(fmpz_poly([-1, 1])).coeffs()
    shifted += [fmpz(0)] * (d + 1 - len(shifted))
    scaled = [c << j for j, c in enumerate(shifted)]
    result = fmpz_poly(scaled[::-1])(fmpz_poly([1, 1])).coeffs()
    return result + [fmpz(0)] * (d + 1 - len(result))


def samples(kernel: Samples, d: int, bits: int) -> list[Value]:
    """K at Hamming distances m = 0, …, d, that is at u = m/d.

    Raises
    ------
    OutOfDomain
        When the kernel has no finite value at some corner.
    """
    with working_precision(bits):
        values = []
        for m in range(d + 1):
            try:
                value = kernel(fmpq(m, d))
                finite = isinstance(value, fmpq) or value.is_finite()
            except ZeroDivisionError:
                finite = False
            if not finite:
                msg = f"kernel is not a finite real number at t = {1 - 2 * fmpq(m, d)}"
                raise OutOfDomain(msg)
            values.append(value)
        return values


def eigenvalues(kernel: Samples, d: int, bits: int) -> list[Ball]:
    """λ_0, …, λ_d of a kernel, each within 2^−bits/√C(d, k) of the truth.

    Exact rationals come back where every kernel value is rational.

    Parameters
    ----------
    kernel
        u = (1 − t)/2 → a ball or an exact rational.
    d
        Dimension, at least 1.
    bits
        Fixed-point bits of the kernel values.

    Examples
    --------
    >>> [level.rational for level in eigenvalues(lambda u: (1 - 2 * u) ** 2, 2, 64)]
    [1/2, 0, 1/2]
    """
    values = samples(kernel, d, bits + GUARD_BITS)
    exact = _exact(values, d)
    if exact is not None:
        return exact
    with working_precision(bits + GUARD_BITS):
        scale = fmpz(1) << bits
        balls = [as_ball(value) * scale for value in values]
        rounded = [ball.mid().floor().unique_fmpz() for ball in balls]
        errors = [abs(ball - f).upper() for ball, f in zip(balls, rounded, strict=True)]
        worst = arb(0)
        for error in errors:
            worst = error if error > worst else worst
        totals = transform(rounded)
        result = []
        for total, choose in zip(totals, binomials(d), strict=True):
            center = arb(total) / choose
            spread = worst * fmpz(1) / arb(choose).sqrt()
            center = _shift(center, -d - bits)
            result.append(
                Ball(center + _shift(spread, -bits) * arb(0, 1), None, METHOD)
            )
        return result


def _shift(value: arb, exponent: int) -> arb:
    return value * arb(2) ** exponent


def _exact(values: list[Value], d: int) -> list[Ball] | None:
    """Rational eigenvalues of rational samples over a manageable denominator."""
    common = fmpz(1)
    for value in values:
        if not isinstance(value, fmpq):
            return None
        common = common.lcm(fmpz(value.q))
        if common.bit_length() > MAX_DENOMINATOR_BITS:
            return None
    integers = [fmpz(value.p) * (common // fmpz(value.q)) for value in values]
    totals = transform(integers)
    return [
        Ball.exact(fmpq(total, (common << d) * choose), "exact transform in ℚ")
        for total, choose in zip(totals, binomials(d), strict=True)
    ]
