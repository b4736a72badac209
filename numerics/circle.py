"""All eigenvalues of a kernel on M equispaced points of the circle, as balls.

λ_k = (1/M) Σ_j K(cos θ_j) cos kθ_j with θ_j = 2πj/M: the cosine transform of M samples,
summed in ball arithmetic; only the M distinct cosines are ever computed.
"""

from collections.abc import Callable

from flint import arb, fmpq

from numerics.ball import Ball
from numerics.interpreters.balls import Value, as_ball
from numerics.precision import working_precision
from theory.errors import OutOfDomain

METHOD = "cosine sum of kernel balls"
COMPUTES = "theory.domains.UnitCircle.definition"
GUARD_BITS = 32


def eigenvalues(kernel: Callable[[Value], Value], points: int, bits: int) -> list[Ball]:
    """λ_0, …, λ_{M//2} of a kernel on M points.

    Parameters
    ----------
    kernel
        u = (1 − t)/2 → a ball or an exact rational.
    points
        M, at least 1.
    bits
        Working precision.

    Raises
    ------
    OutOfDomain
        When the kernel has no finite value at some angle.

    Examples
    --------
    >>> [level.contains(1) for level in eigenvalues(lambda u: fmpq(1), 3, 64)]
    [True, False]
    """
    with working_precision(bits + GUARD_BITS):
        half = points // 2
        values = [as_ball(_sample(kernel, j, points)) for j in range(half + 1)]
        weights = [1 if j == 0 or 2 * j == points else 2 for j in range(half + 1)]
        weighted = [w * v for w, v in zip(weights, values, strict=True)]
        cosines = [arb.cos_pi_fmpq(fmpq(2 * j, points)) for j in range(points)]
        result = []
        for k in range(half + 1):
            total = arb(0)
            for j, value in enumerate(weighted):
                total += value * cosines[j * k % points]
            result.append(Ball(total / points, None, METHOD))
        return result


def _sample(kernel: Callable[[Value], Value], j: int, points: int) -> Value:
    """K at angle 2πj/M, from u = sin²(πj/M), exact at 0 and π."""
    if j == 0:
        u: Value = fmpq(0)
    elif 2 * j == points:
        u = fmpq(1)
    else:
        u = arb.sin_pi_fmpq(fmpq(j, points)) ** 2
    try:
        value = kernel(u)
        finite = isinstance(value, fmpq) or value.is_finite()
    except ZeroDivisionError:
        finite = False
    if not finite:
        msg = f"kernel is not a finite real number at angle 2π·{j}/{points}"
        raise OutOfDomain(msg)
    return value
