"""Tests of a null hypothesis that are wrong as often as they say.

Targets share data sets, so their deviations are correlated, and a χ² over them rejects a
true theory too often. Hotelling's T² takes the correlation from the data; numbers of
training points are independent, and Fisher's method combines them. Bonferroni's Student
test assumes nothing about correlations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import scipy
from numpy.typing import ArrayLike

from theory import OutOfDomain

FLAT = 1e-12
"""Variance, relative to the largest, below which a direction counts as fixed."""


@dataclass(frozen=True, slots=True)
class Test:
    """A p-value, and how it was obtained.

    Attributes
    ----------
    p
        Probability of a deviation at least as large, if the null is true.
    name
        ``Hotelling and Fisher`` or ``Bonferroni's Student``.
    """

    p: float
    name: str
    __test__ = False

    def rejects(self, alpha: float) -> bool:
        """Whether the null is rejected with false-alarm rate ``alpha``."""
        return self.p <= alpha


def hotelling(differences: ArrayLike) -> float:
    """The p-value of Hotelling's T² for the mean of rows being 0.

    Directions in which the rows do not vary at all are dropped where their mean is 0
    too; otherwise they refute the null by themselves.

    Parameters
    ----------
    differences
        Measured − predicted, shape [data set, target]; more data sets than targets.

    Raises
    ------
    OutOfDomain
        When the shape does not allow it or a value is not finite.

    Examples
    --------
    >>> x = np.random.default_rng(0).standard_normal((50, 3))
    >>> hotelling(x) > 0.01, hotelling(x + 1) < 1e-6
    (True, True)
    """
    x = np.asarray(differences, dtype=np.float64)
    if x.ndim != 2 or not np.all(np.isfinite(x)) or x.shape[0] <= x.shape[1] + 1:
        raise OutOfDomain(
            f"differences of shape {x.shape} must be finite [data set, target], with "
            "more data sets than targets"
        )
    count = len(x)
    mean = x.mean(axis=0)
    scale = np.maximum(np.abs(x).max(axis=0), np.finfo(float).tiny)
    variances, axes = np.linalg.eigh(np.atleast_2d(np.cov((x / scale).T)))
    along = axes.T @ (mean / scale)
    varies = variances > FLAT * variances[-1]
    if np.any(np.abs(along[~varies]) > 10 * FLAT**0.5):
        return 0.0
    rank = int(varies.sum())
    if rank == 0:
        return 1.0
    square = count * float(np.sum(along[varies] ** 2 / variances[varies]))
    ratio = square * (count - rank) / (rank * (count - 1))
    return float(scipy.stats.f.sf(ratio, rank, count - rank))


def fisher(values: Sequence[float]) -> float:
    """One p-value from independent ones, by Fisher's method.

    Raises
    ------
    OutOfDomain
        When there are none, or one is outside 0..1.

    Examples
    --------
    >>> round(fisher([0.5]), 12), fisher([0.01, 0.01]) < 0.01
    (0.5, True)
    """
    if not len(values) or not all(0 <= p <= 1 for p in values):
        raise OutOfDomain(
            f"p-values {list(values)} must be one or more numbers in 0..1"
        )
    if min(values) == 0:
        return 0.0
    return float(scipy.stats.chi2.sf(-2 * sum(log(p) for p in values), 2 * len(values)))


def hotelling_fisher(by_n: Sequence[ArrayLike]) -> Test:
    """The null that every mean is 0: Hotelling for each n, Fisher over n.

    Parameters
    ----------
    by_n
        Independent blocks, one for each n, each [data set, target].

    Examples
    --------
    >>> blocks = np.random.default_rng(1).standard_normal((4, 30, 2))
    >>> hotelling_fisher(blocks).rejects(1e-3)
    False
    """
    return Test(fisher([hotelling(x) for x in by_n]), "Hotelling and Fisher")


def bonferroni_student(by_n: Sequence[ArrayLike]) -> Test:
    """The null that every mean is 0: the least Student p-value times their number.

    Examples
    --------
    >>> blocks = np.random.default_rng(1).standard_normal((4, 30, 2))
    >>> bonferroni_student(blocks + 2).rejects(1e-6)
    True
    """
    least, total = 1.0, 0
    for block in by_n:
        x = np.asarray(block, dtype=np.float64)
        error = x.std(axis=0, ddof=1) / len(x) ** 0.5
        mean = x.mean(axis=0)
        rounding = 1e-13 * np.abs(x).max(axis=0)
        ratio = np.abs(mean) / np.maximum(error, np.maximum(rounding, 1e-300))
        least = min(least, float(2 * scipy.stats.t.sf(ratio.max(), len(x) - 1)))
        total += x.shape[1]
    return Test(min(1.0, least * total), "Bonferroni's Student")
