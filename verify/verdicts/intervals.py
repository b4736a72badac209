"""Confidence intervals of a mean: Student's, and a bootstrap where values are skewed.

Squared errors are skewed, so Student's interval for their mean misses on one side. The
bootstrap of the studentized mean (Efron 1981; Hall 1988) corrects that to the next order.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from theory import OutOfDomain

CONFIDENCE = 0.99
POWER = 0.9
RESAMPLES = 2000
BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with a two-sided confidence interval.

    Attributes
    ----------
    value, error
        Mean and standard error.
    lower, upper
        The interval's ends; not symmetric about the mean where it is a bootstrap.
    samples, confidence
        Independent values, and the interval's coverage.
    detectable
        Minimum detectable effect: the true difference from a number that this sample
        size tells apart from it, at this confidence, nine times out of ten.
    method
        ``student`` or ``bootstrap``.
    """

    value: float
    error: float
    lower: float
    upper: float
    samples: int
    confidence: float
    detectable: float
    method: str


@lru_cache(maxsize=1024)
def _quantile(probability: float, freedom: int) -> float:
    return float(scipy.stats.t.ppf(probability, freedom))


def student_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Student's interval of a mean.

    Parameters
    ----------
    values
        Independent values, one for each data set; at least 2.
    confidence
        Coverage, between 0 and 1.

    Raises
    ------
    OutOfDomain
        When there are fewer than two finite values.

    Examples
    --------
    >>> found = student_interval([1.0, 2.0, 3.0], confidence=0.5)
    >>> round(found.lower, 3), found.value
    (1.529, 2.0)
    """
    x = _finite(values, confidence)
    freedom = len(x) - 1
    mean = float(x.mean())
    rounding = 8 * np.finfo(np.float64).eps * float(np.abs(x).max(initial=1.0))
    error = max(float(x.std(ddof=1) / np.sqrt(len(x))), rounding)
    quantile = _quantile((1 + confidence) / 2, freedom)
    half = quantile * error
    effect = (quantile + _quantile(POWER, freedom)) * error
    return Interval(
        mean, error, mean - half, mean + half, len(x), confidence, effect, "student"
    )


def bootstrap_interval(
    values: ArrayLike,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The interval of a mean by the bootstrap of its studentized value.

    Parameters
    ----------
    values
        Independent values, one for each data set; at least 10, since resamples of fewer
        often repeat one value.
    confidence
        Coverage, between 0 and 1.
    resamples, seed
        How many resamples, and the seed that draws them.

    Raises
    ------
    OutOfDomain
        When there are fewer than ten finite values, or too few resamples for the
        confidence.

    Examples
    --------
    >>> skewed = np.exp(np.random.default_rng(0).standard_normal(100))
    >>> found = bootstrap_interval(skewed)
    >>> found.upper - found.value > found.value - found.lower
    True
    """
    x = _finite(values, confidence)
    if len(x) < 10:
        raise OutOfDomain(f"values: {len(x)}; a bootstrap needs at least 10")
    if resamples * (1 - confidence) < 10:
        raise OutOfDomain(
            f"resamples = {resamples} are too few for a confidence of {confidence}"
        )
    plain = student_interval(x, confidence)
    if np.ptp(x) <= 1e-14 * np.abs(x).max():
        return plain
    generator = np.random.default_rng([seed, len(x)])
    block = max(1, BLOCK // len(x))
    ratios = []
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        rows = x[generator.integers(len(x), size=(size, len(x)))]
        errors = rows.std(axis=1, ddof=1) / np.sqrt(len(x))
        # a resample of one value alone says nothing about the spread
        safe = np.where(errors > 0, errors, np.inf)
        ratios.append((rows.mean(axis=1) - plain.value) / safe)
    low, high = np.quantile(
        np.concatenate(ratios), [(1 - confidence) / 2, (1 + confidence) / 2]
    )
    return Interval(
        plain.value,
        plain.error,
        plain.value - float(high) * plain.error,
        plain.value - float(low) * plain.error,
        len(x),
        confidence,
        plain.detectable,
        "bootstrap",
    )


def _finite(values: ArrayLike, confidence: float) -> NDArray[np.float64]:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or len(x) < 2 or not np.all(np.isfinite(x)):
        raise OutOfDomain(
            f"differences: {x.size} values; at least 2 finite ones are needed"
        )
    if not 0 < confidence < 1:
        raise OutOfDomain(f"confidence = {confidence} must lie between 0 and 1")
    return x


def trials_for(
    spread: float, margin: float, confidence: float = CONFIDENCE, power: float = POWER
) -> int:
    """Data sets that confirm an exact theory within a margin, nine times out of ten.

    Parameters
    ----------
    spread
        Standard deviation of the statistic from one data set to the next, from a pilot
        whose data sets are not used again.
    margin
        In the same units.
    confidence, power
        Coverage of the interval, and how often the verdict is to be reached.

    Returns
    -------
    int
        The least number T with (t_confidence + t_power) spread/√T ≤ margin.

    Raises
    ------
    OutOfDomain
        When the margin is not positive.

    Examples
    --------
    >>> trials_for(0.05, 0.01), trials_for(0.05, 0.005)
    (449, 1785)
    """
    if not margin > 0:
        raise OutOfDomain(f"margin = {margin} must be positive")

    def reached(count: int) -> bool:
        quantiles = scipy.stats.t.ppf(
            [(1 + confidence) / 2, (1 + power) / 2], count - 1
        )
        return float(quantiles.sum()) * spread / count**0.5 <= margin

    high = 2
    while not reached(high):
        high *= 2
        if high > 1 << 50:
            return high
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
