"""Agreement within a stated margin: confirmed, refuted, or inconclusive.

A theory that is an approximation is rejected by every test with enough data. The
question that has an answer is whether it is off by less than a margin: confirmed when
the confidence interval of the difference lies inside ±margin, refuted when it lies
outside, else inconclusive. Beside each verdict stands the smallest difference that the
same sample size would have detected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from theory import OutOfDomain
from verify.verdict import Verdict

CONFIDENCE = 0.99
POWER = 0.9


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
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2 or not np.all(np.isfinite(values)):
        msg = f"differences: {values.size} values; at least 2 finite ones are needed"
        raise OutOfDomain(msg)
    if not margin > 0:
        msg = f"margin = {margin} must be positive"
        raise OutOfDomain(msg)
    freedom = len(values) - 1
    mean = float(values.mean())
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    rounding = 8 * np.finfo(np.float64).eps * float(np.abs(values).max(initial=1.0))
    error = max(error, rounding)
    quantile = float(student.ppf((1 + confidence) / 2, freedom))
    half = quantile * error
    if abs(mean) + half <= margin:
        verdict = Verdict.CONFIRMED
    elif abs(mean) - half > margin:
        verdict = Verdict.REFUTED
    else:
        verdict = Verdict.INCONCLUSIVE
    detectable = (quantile + float(student.ppf(POWER, freedom))) * error
    return Agreement(mean, error, half, margin, detectable, len(values), verdict)


def summary(grid: Sequence[int], verdicts: Sequence[Verdict]) -> str:
    """A curve's verdicts in words, by n.

    Examples
    --------
    >>> V = Verdict
    >>> summary([2, 3, 6, 12], [V.REFUTED, V.REFUTED, V.CONFIRMED, V.CONFIRMED])
    'confirmed for n ≥ 6, refuted at n = 2, 3'
    >>> summary([2, 3], [V.CONFIRMED, V.CONFIRMED])
    'confirmed at every n'
    """
    if len(set(verdicts)) == 1:
        return f"{verdicts[0].value} at every n"
    parts = []
    for kind in (Verdict.CONFIRMED, Verdict.REFUTED, Verdict.INCONCLUSIVE):
        where = [
            n for n, verdict in zip(grid, verdicts, strict=True) if verdict is kind
        ]
        if not where:
            continue
        from_here = [n for n in grid if n >= where[0]]
        if len(where) > 1 and where == from_here:
            parts.append(f"{kind.value} for n ≥ {where[0]}")
        else:
            parts.append(f"{kind.value} at n = {', '.join(map(str, where))}")
    return ", ".join(parts)
