"""Agreement within a stated margin: confirmed, refuted, or inconclusive.

A theory that is an approximation is rejected by every test with enough data. The
question that has an answer is whether it is off by less than a margin: confirmed when
the confidence interval of the difference lies inside ±margin, refuted when it lies
outside, else inconclusive. Beside each verdict stands the smallest difference that the
same sample size would have detected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import scipy

from theory import OutOfDomain
from verify.verdicts.intervals import CONFIDENCE, POWER, Interval, student_interval
from verify.verdicts.verdict import Verdict

__all__ = [
    "CONFIDENCE",
    "POWER",
    "Agreement",
    "agreement",
    "enclosed",
    "equivalence",
    "summary",
    "told_apart",
    "within",
]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One comparison, in the units of the margin.

    Attributes
    ----------
    difference
        Mean of measured − predicted.
    error
        Standard error of that mean.
    halfwidth
        Half the confidence interval's length.
    margin
        What was allowed, fixed beforehand.
    detectable
        Minimum detectable effect: the true difference that this sample size tells
        apart from 0, at this confidence, nine times out of ten.
    samples
        Independent data sets.
    verdict
        Whether the difference is inside the margin.
    """

    difference: float
    error: float
    halfwidth: float
    margin: float
    detectable: float
    samples: int
    verdict: Verdict

    @property
    def z(self) -> float:
        """The difference in standard errors."""
        return (
            self.difference / self.error
            if self.error
            else float("inf") * np.sign(self.difference)
        )


def equivalence(
    differences: Sequence[float] | np.ndarray,
    margin: float,
    confidence: float = CONFIDENCE,
) -> Agreement:
    """Judge independent differences, one for each data set, against a margin.

    Parameters
    ----------
    differences
        Measured − predicted, or paired differences; one-dimensional, at least 2.
    margin
        Largest difference that counts as agreement, positive.
    confidence
        Coverage of the two-sided Student interval.

    Raises
    ------
    OutOfDomain
        When there are fewer than two finite differences or the margin is not positive.

    Examples
    --------
    >>> equivalence([0.001, -0.001, 0.002, -0.002], 0.01).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    >>> equivalence([0.5, 0.501, 0.499, 0.5], 0.01).verdict
    <Verdict.REFUTED: 'refuted'>
    """
    return agreement(student_interval(differences, confidence), 0.0, margin)


def agreement(
    interval: Interval,
    predicted: float,
    margin: float,
    *,
    relative: bool = False,
    smallest: float = 0.0,
) -> Agreement:
    """Judge a measured mean against a prediction.

    Parameters
    ----------
    interval
        The measured mean with its confidence interval, of any kind.
    predicted
        What theory says.
    margin
        Largest difference that counts as agreement, positive.
    relative
        Whether the margin, and everything in the result, is in units of the prediction.
    smallest
        Predictions below this are compared in units of it: an error that is 0 in theory
        is rounding in practice.

    Raises
    ------
    OutOfDomain
        When the margin is not positive, or a relative one is asked for about 0.

    Examples
    --------
    >>> from verify.verdicts.intervals import student_interval
    >>> found = student_interval([1.01, 0.99, 1.02, 0.98])
    >>> print(agreement(found, 1.0, 0.1, relative=True).verdict)
    confirmed
    """
    if not margin > 0:
        raise OutOfDomain(f"margin = {margin} must be positive")
    scale = max(abs(predicted), smallest)
    if relative and not (np.isfinite(scale) and scale > 0):
        raise OutOfDomain(
            f"predicted = {predicted}: a relative margin needs a finite number but 0"
        )
    unit = scale if relative else 1.0
    low, high = (interval.lower - predicted) / unit, (interval.upper - predicted) / unit
    if -margin <= low and high <= margin:
        verdict = Verdict.CONFIRMED
    elif low > margin or high < -margin:
        verdict = Verdict.REFUTED
    else:
        verdict = Verdict.INCONCLUSIVE
    return Agreement(
        (interval.value - predicted) / unit,
        interval.error / unit,
        (high - low) / 2,
        margin,
        interval.detectable / unit,
        interval.samples,
        verdict,
    )


def within(
    mean: float,
    error: float,
    samples: int,
    margin: float,
    confidence: float = CONFIDENCE,
) -> Agreement:
    """Judge a mean difference from its summary, as ``equivalence`` judges its values.

    Parameters
    ----------
    mean, error, samples
        Mean of independent differences, its standard error, and their number. Fewer than
        two samples, or a mean that is not finite, decide nothing.
    margin
        Largest difference that counts as agreement, positive.
    confidence
        Coverage of the two-sided Student interval.

    Raises
    ------
    OutOfDomain
        When the margin is not positive.

    Examples
    --------
    >>> values = [0.001, -0.001, 0.002, -0.002]
    >>> error = np.std(values, ddof=1) / 2
    >>> within(0.0, error, 4, 0.01) == equivalence(values, 0.01)
    True
    """
    if not margin > 0:
        raise OutOfDomain(f"margin = {margin} must be positive")
    if samples < 2 or not np.isfinite(mean) or not np.isfinite(error):
        nothing, far = float("nan"), float("inf")
        return Agreement(nothing, far, far, margin, far, samples, Verdict.INCONCLUSIVE)
    quantile = float(scipy.stats.t.ppf((1 + confidence) / 2, samples - 1))
    half = quantile * error
    if abs(mean) + half <= margin:
        verdict = Verdict.CONFIRMED
    elif abs(mean) - half > margin:
        verdict = Verdict.REFUTED
    else:
        verdict = Verdict.INCONCLUSIVE
    detectable = (quantile + float(scipy.stats.t.ppf(POWER, samples - 1))) * error
    return Agreement(mean, error, half, margin, detectable, samples, verdict)


def enclosed(difference: float, radius: float, margin: float) -> Agreement:
    """Judge a difference that is no sample but known up to a radius.

    Examples
    --------
    >>> print(enclosed(0.02, 1e-9, 0.05).verdict, enclosed(0.05, 1e-3, 0.05).verdict)
    confirmed inconclusive
    """
    if not margin > 0:
        raise OutOfDomain(f"margin = {margin} must be positive")
    size = abs(difference)
    if size + radius <= margin:
        verdict = Verdict.CONFIRMED
    elif size - radius > margin:
        verdict = Verdict.REFUTED
    else:
        verdict = Verdict.INCONCLUSIVE
    return Agreement(difference, radius, radius, margin, radius, 1, verdict)


Key = TypeVar("Key")


def told_apart(
    right: Mapping[Key, Agreement], wrong: Mapping[Key, Agreement]
) -> list[Key]:
    """Where a wrong theory is refuted and the right one is confirmed by the same data.

    Examples
    --------
    >>> near, far = within(0.0, 0.1, 99, 1.0), within(3.0, 0.1, 99, 1.0)
    >>> told_apart({1: near, 2: far}, {1: far, 2: far, 3: far})
    [1]
    """
    return [
        key
        for key, found in wrong.items()
        if found.verdict is Verdict.REFUTED
        and key in right
        and right[key].verdict is Verdict.CONFIRMED
    ]


def summary(
    grid: Sequence[float | str], verdicts: Sequence[Verdict], name: str = "n"
) -> str:
    """A curve's verdicts in words, by n or what else the grid is called.

    Examples
    --------
    >>> V = Verdict
    >>> summary([2, 3, 6, 12], [V.REFUTED, V.REFUTED, V.CONFIRMED, V.CONFIRMED])
    'confirmed for n ≥ 6, refuted at n = 2, 3'
    >>> summary([2, 3], [V.CONFIRMED, V.CONFIRMED])
    'confirmed at every n'
    """
    if len(set(verdicts)) == 1:
        return f"{verdicts[0].value} at every {name}"
    parts = []
    for kind in (Verdict.CONFIRMED, Verdict.REFUTED, Verdict.INCONCLUSIVE):
        where = [
            n for n, verdict in zip(grid, verdicts, strict=True) if verdict is kind
        ]
        if not where:
            continue
        from_here = list(grid)[list(grid).index(where[0]) :]
        ordered = not isinstance(where[0], str)
        if ordered and len(where) > 1 and where == from_here:
            parts.append(f"{kind.value} for {name} ≥ {where[0]}")
        else:
            parts.append(f"{kind.value} at {name} = {', '.join(map(str, where))}")
    return ", ".join(parts)
