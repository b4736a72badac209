"""All eigenvalues of a kernel on M equispaced points of the circle, as balls.

λ_k = (1/M) Σ_j K(cos θ_j) cos kθ_j with θ_j = 2πj/M: a discrete Fourier transform of M
samples, in ball arithmetic. Points and sums that are rational stay rational.
"""

from flint import acb, arb, ctx, fmpq

from numerics.interpreters.balls import Value, as_ball
from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from numerics.spectra.kernel_evaluation import Samples
from theory.errors import OutOfDomain

METHOD = "Fourier transform of kernel balls"
COMPUTES = "theory.domains.UnitCircle.definition"
GUARD_BITS = 32


def exact_cosine(j: int, points: int) -> fmpq | None:
    """Cos 2πj/M where it is rational (Niven: only 0, ±1/2 and ±1), or None.

    Examples
    --------
    >>> exact_cosine(1, 6), exact_cosine(1, 5)
    (1/2, None)
    """
    twelfths = fmpq(12 * j, points)
    if twelfths.q != 1:
        return None
    value = {0: 2, 2: 1, 3: 0, 4: -1, 6: -2, 8: -1, 9: 0, 10: 1}.get(
        int(twelfths.p) % 12
    )
    return None if value is None else fmpq(value, 2)


def eigenvalues(kernel: Samples, points: int, bits: int) -> list[Ball]:
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
    """
    half = points // 2
    with working_precision(bits + GUARD_BITS):
        values = _samples(kernel, points)
        exact = _exact(values, points)
        if exact is not None:
            return exact
        balls = [as_ball(value) for value in values]
        row = balls + balls[1 : points - half][::-1]
        sums = acb.dft([acb(x) for x in row])
        return [Ball(sums[k].real / points, None, METHOD) for k in range(half + 1)]


def _samples(kernel: Samples, points: int) -> list[Value]:
    """K at the angles 2πj/M, j ≤ M/2, from u = sin²(πj/M)."""
    fast = kernel.compiled()
    values: list[Value] = []
    for j in range(points // 2 + 1):
        cosine = exact_cosine(j, points)
        if cosine is None:
            try:
                values.append(fast(arb.sin_pi_fmpq(fmpq(j, points)) ** 2))
            except OutOfDomain:  # a deep chain widens balls: with far more bits, then
                with working_precision(8 * ctx.prec + 1024):
                    values.append(kernel(arb.sin_pi_fmpq(fmpq(j, points)) ** 2))
        else:
            values.append(kernel((1 - cosine) / 2))
    return values


def _exact(values: list[Value], points: int) -> list[Ball] | None:
    """Rational sums, where every sample and every cosine is rational."""
    half = points // 2
    cosines = [exact_cosine(j, points) for j in range(points)]
    result = []
    for k in range(half + 1):
        total = fmpq(0)
        for j in range(points):
            value, cosine = values[min(j, points - j)], cosines[j * k % points]
            if not isinstance(value, fmpq) or cosine is None:
                return None
            total += value * cosine
        result.append(Ball.exact(total / points, "exact cosine sum in ℚ"))
    return result
