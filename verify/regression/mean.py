"""A Monte-Carlo number: a mean and its standard error."""

from dataclasses import dataclass
from math import floor, inf, isfinite, log10
from typing import Any

import numpy as np

MOST_PLACES = 9


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of independent values, printed with no more digits than its error allows.

    Attributes
    ----------
    value, error
        The mean and its standard error; the error is ∞ for fewer than two values.
    samples
        Independent data sets, or pairs of them.

    Examples
    --------
    >>> Mean.of([1.0, 2.0, 3.0])
    Mean(value=2.0, error=0.5773502691896258, samples=3)
    >>> print(Mean(0.123456, 0.00234, 100), Mean(2.0, 0.0, 5))
    0.1235(23) 2.0
    """

    value: float
    error: float
    samples: int

    @classmethod
    def of(cls, values: Any) -> "Mean":
        """The mean of independent values, one for each data set."""
        x = np.asarray(values, dtype=np.float64).ravel()
        if len(x) < 2:
            return cls(float(x[0]) if len(x) else float("nan"), inf, len(x))
        return cls(float(x.mean()), float(x.std(ddof=1) / len(x) ** 0.5), len(x))

    def z(self, expected: float) -> float:
        """How many standard errors the mean lies above a number."""
        gap = self.value - expected
        if self.error > 0:
            return gap / self.error
        return 0.0 if gap == 0 else inf * np.sign(gap)

    def __str__(self) -> str:
        if not isfinite(self.error) or self.error <= 0:
            return f"{self.value}" if self.error == 0 else f"{self.value:.3g}(?)"
        places = max(0, 1 - floor(log10(self.error)))
        if places > MOST_PLACES:
            return f"{self.value:.2e} ± {self.error:.0e}"
        digits = round(self.error * 10**places)
        return f"{self.value:.{places}f}({digits})"


def covariance(first: Any, second: Any) -> Mean:
    """The covariance of paired values, with a standard error.

    Examples
    --------
    >>> covariance([0.0, 2.0, 4.0], [0.0, 2.0, 4.0]).value
    4.0
    """
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    products = (x - x.mean()) * (y - y.mean())
    scale = len(x) / (len(x) - 1)
    found = Mean.of(products)
    return Mean(found.value * scale, found.error * scale, found.samples)
