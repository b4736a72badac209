"""Eigenvalues in float64 from Taylor coefficients: sums of positive terms.

λ_k = Σ_p a_p W(k, p), where W(k, p) is the eigenvalue of t^p. On the hypercube W obeys
the recurrence of Ehrenfest's urn, and for p ≫ d log d it is 2^(1−d) where p has the
parity of k, so that the coefficients left out enter through what K(1) and K(−1) leave.
On the sphere W falls like p^(−d/2) and the rest is negligible in high dimension.
"""

from functools import lru_cache
from math import ceil, inf, lgamma, log

import numpy as np

from numerics.spectra.domains.taylor_series import log_weight
from theory.errors import Unsupported

COMPUTES = "theory.domains.Hypercube.definition"
MAX_TERMS = 6000
LEAST_LOG = -690.0
DIGITS = 17


def cube_terms(d: int) -> int:
    """Coefficients after which t^p weighs every level of one parity alike.

    Examples
    --------
    >>> cube_terms(8)
    171
    """
    return ceil(d / 2 * (36 + 2 * log(d + 1))) + d + 1 if d > 2 else 40 * d


@lru_cache(maxsize=8)
def cube_weights(d: int) -> tuple[np.ndarray, np.ndarray]:
    """W(k, p), shape [p, k], and its limit for even and odd p, shape [parity, k].

    Raises
    ------
    Unsupported
        When d is so large that 2^−d leaves float64, or the series is too long.

    Examples
    --------
    >>> cube_weights(2)[0][2].tolist()          # t² on the square: 1/2, 0, 1/2
    [0.5, 0.0, 0.5]
    """
    terms = cube_terms(d)
    if terms > MAX_TERMS:
        raise Unsupported(
            f"hypercube:{d} takes {terms} Taylor coefficients in float64; at most "
            f"{MAX_TERMS} are computed: use spectrum(kernel, domain, digits=None)"
        )
    k = np.arange(d + 1)
    row = np.zeros(d + 1)
    row[0] = 1.0
    rows = [row]
    for _ in range(terms):
        after = np.zeros(d + 1)
        after[1:] += k[1:] / d * row[:-1]
        after[:-1] += (d - k[:-1]) / d * row[1:]
        rows.append(after)
        row = after
    last = np.ldexp(1.0, 1 - d)
    limit = np.stack([np.where(k % 2 == p, last, 0.0) for p in (0, 1)])
    return np.stack(rows), limit


def sphere_terms(d: int, top: int) -> float:
    """Coefficients that a kernel with a_p like p^−3/2 needs for float64; ∞ if too many.

    Examples
    --------
    >>> sphere_terms(3, 10), sphere_terms(100, 50) < 2000
    (inf, True)
    """
    most = 0
    for k in {0, top // 2, top}:
        peak = max(k, 2, (2 + (k - 2) * (k + d)) // max(1, d - 1))
        peak += (peak - k) % 2
        aim = log_weight(d, k, peak) - 1.5 * log(peak) - DIGITS * log(10) - 4
        p = peak + 2
        while log_weight(d, k, p) > aim:
            p = k + (int((p - k) * 1.1) // 2 + 1) * 2
            if p > MAX_TERMS:
                return inf
        most = max(most, p)
    return most


@lru_cache(maxsize=8)
def sphere_weights(d: int, top: int) -> np.ndarray:
    """W(k, p) for k ≤ top, shape [p, k].

    Raises
    ------
    Unsupported
        When the series is too long, or the weights leave float64.

    Examples
    --------
    >>> bool(abs(sphere_weights(60, 2)[2, 0] - 1 / 60) < 1e-17)
    True
    """
    terms = sphere_terms(d, top)
    first = lgamma(top + 1) + lgamma(d / 2) - lgamma(top + d / 2) - top * log(2)
    if terms == inf or first < LEAST_LOG:
        raise Unsupported(
            f"level {top} on sphere:{d} is out of reach of a series in float64; "
            "use spectrum(kernel, domain, digits=None)"
        )
    weights = np.zeros((int(terms) + 1, top + 1))
    start = np.ones(top + 1)
    for j in range(top):
        start[j + 1 :] *= (j + 1) / (2 * j + d)
    for k in range(top + 1):
        p = np.arange(k, int(terms) - 1, 2)
        ratios = (p + 1.0) * (p + 2) / ((p - k + 2.0) * (p + k + d))
        weights[k : int(terms) + 1 : 2, k] = start[k] * np.concatenate(
            [[1.0], np.cumprod(ratios)]
        )
    return weights
