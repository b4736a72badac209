"""Theory against measured values of the learned function, with a verdict.

The theory is an approximation, so it is judged within margins fixed beforehand: means in
units of the target's root mean square, covariances in units of the mean variance of the
learned function. All intervals of one comparison hold together at the stated confidence
(Bonferroni).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics import predict, spectrum
from theory.verdict import Verdict, combine
from verify.regression.learned_values.measured_values import MeasuredValues
from verify.verdicts.agreement import CONFIDENCE, Agreement, within

MEAN_MARGIN = 0.1
COVARIANCE_MARGIN = 0.3
DISTINCT = "distinct"


@dataclass(frozen=True)
class ValuesCompared:
    """What was compared, entry by entry.

    Attributes
    ----------
    means, covariances
        Point → agreement, and pair of points → agreement, in units of the margins' units.
    predicted_mean, predicted_covariance
        Theory's arrays, shapes [point] and [point, point].
    """

    means: dict[int, Agreement]
    covariances: dict[tuple[int, int], Agreement]
    predicted_mean: np.ndarray
    predicted_covariance: np.ndarray

    @property
    def mean_verdict(self) -> Verdict:
        """Of all means."""
        return combine(x.verdict for x in self.means.values())

    @property
    def covariance_verdict(self) -> Verdict:
        """Of all covariances."""
        return combine(x.verdict for x in self.covariances.values())

    @property
    def text(self) -> str:
        """Both verdicts with the largest differences."""
        worst = lambda found: max(abs(x.difference) for x in found.values())
        return (
            f"means {self.mean_verdict.value} (largest difference "
            f"{worst(self.means):.3f} of the target's size, margin {MEAN_MARGIN}); "
            f"covariances {self.covariance_verdict.value} (largest difference "
            f"{worst(self.covariances):.3f} of the mean variance, margin "
            f"{COVARIANCE_MARGIN})"
        )


def compare_values(
    measured: MeasuredValues,
    *,
    mean_margin: float = MEAN_MARGIN,
    covariance_margin: float = COVARIANCE_MARGIN,
    confidence: float = CONFIDENCE,
    predicted: tuple[np.ndarray, np.ndarray] | None = None,
) -> ValuesCompared:
    """Judge the theory's mean and covariance of f̂ at the points that were measured.

    Parameters
    ----------
    measured
        What ``learned_values`` gave.
    mean_margin, covariance_margin
        Largest differences that count as agreement: in units of the root of the target's
        power, and of the mean variance of f̂ that theory says.
    confidence
        Of all intervals together, means and covariances apart.
    predicted
        Mean and covariance to judge in place of the theory's: a control.

    Examples
    --------
    >>> from verify.regression.learned_values import learned_values
    >>> asked = ("gaussian:width=2", "hypercube:6", {1: 1}, 12, [[1] * 6, [1] * 5 + [-1]])
    >>> found = compare_values(learned_values(*asked, trials=400, seed=1))
    >>> len(found.means), len(found.covariances)
    (2, 3)
    """
    p = theory_of(measured)
    mean, spread = (
        (p.function_mean(measured.points), p.function_covariance(measured.points))
        if predicted is None
        else predicted
    )
    size = float(sum(measured.target.values())) ** 0.5
    scale = float(p.variance)
    count = len(measured.points)
    pairs = [(i, j) for i in range(count) for j in range(i + 1)]
    means, covariances = {}, {}
    for i in range(count):
        found, level = measured.mean(i), 1 - (1 - confidence) / count
        gap = (found.value - mean[i]) / size
        means[i] = within(gap, found.error / size, found.samples, mean_margin, level)
    for i, j in pairs:
        found, level = measured.covariance(i, j), 1 - (1 - confidence) / len(pairs)
        gap = (found.value - spread[i, j]) / scale
        error = found.error / scale
        covariances[i, j] = within(gap, error, found.samples, covariance_margin, level)
    return ValuesCompared(means, covariances, mean, spread)


def theory_of(measured: MeasuredValues) -> Any:
    """The prediction that applies to what was measured."""
    one = measured.problem
    s = spectrum(one.kernel, one.domain)
    finite = one.place.points is not None
    ask: dict[str, Any] = (
        {"sampling": DISTINCT} if finite and (one.ridge or one.noise) else {}
    )
    return predict(s, measured.target, one.n, one.ridge, one.noise, **ask)
