"""From cosine moments to eigenvalues on the sphere: Legendre polynomials as cosines.

P_k(cos θ) = Σ_j w_j cos((k − 2j)θ) with w_j = a_j a_{k−j}/Σ a_i a_{k−i} and
a_j = (d/2 − 1)_j/j! (DLMF, chapter 18.5). The weights are positive and sum to 1, so λ_k is a
mean of cosine moments and inherits their error, and |P_k(cos θ)| ≤ cosh(k Im θ).
"""

from collections.abc import Sequence
from math import comb

from flint import arb, fmpq

COMPUTES = "theory.domains.Hypersphere.definition"


def multiplicities(d: int, top: int) -> list[int]:
    """N(d, 0), …, N(d, top): the dimensions of the harmonics.

    Examples
    --------
    >>> multiplicities(3, 4), multiplicities(2, 3)
    ([1, 3, 5, 7, 9], [1, 2, 2, 2])
    """
    result, rising = [1], 1
    for k in range(1, top + 1):
        # rising = (k + d − 3)!/((d − 2)! (k − 1)!) = C(k + d − 3, k − 1)
        rising = rising * (k + d - 3) // (k - 1) if k > 1 else 1
        result.append(rising * (2 * k + d - 2) // k if d > 2 else 2)
    return result


def multiplicity(d: int, k: int) -> int:
    """N(d, k), the dimension of the harmonics of one degree.

    Examples
    --------
    >>> multiplicity(3, 10**6), multiplicity(4, 2)
    (2000001, 9)
    """
    if k == 0:
        return 1
    if d == 2:
        return 2
    return comb(k + d - 3, d - 3) * (2 * k + d - 2) // (d - 2)


def eigenvalues(cosine: Sequence[arb], d: int, levels: Sequence[int]) -> list[arb]:
    """λ_k of the given levels from the moments E[K cos(jθ)], at the working precision."""
    if d == 2:
        return [cosine[k] for k in levels]
    alpha = fmpq(d, 2) - 1
    series, norms = [arb(1)], [arb(1)]
    for j in range(1, max(levels, default=0) + 1):
        series.append(series[-1] * (alpha + (j - 1)) / j)
        norms.append(norms[-1] * (2 * alpha + (j - 1)) / j)
    result = []
    for k in levels:
        total = arb(0)
        for j in range((k + 1) // 2):
            total += series[j] * series[k - j] * cosine[k - 2 * j]
        total *= 2
        if k % 2 == 0:
            total += series[k // 2] ** 2 * cosine[0]
        result.append(total / norms[k])
    return result
