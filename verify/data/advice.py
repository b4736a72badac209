"""What to do with data: the ridge to use, and how many examples a goal takes.

Both follow from the predicted error on held-out points, the mean over targets; they are
as good as the prediction is, and say where it is not claimed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.choice.ridge_search import optimal_ridge
from numerics.statistics.finite_population import predict_population
from theory import OutOfDomain
from theory.numbers import integer
from theory.numbers import rational as exact_rational
from verify.data.spectrum import CLAIMED, DataSpectrum

STEPS = 40


@dataclass(frozen=True)
class Needed:
    """How many examples a goal takes.

    Attributes
    ----------
    goal
        The error on held-out points that is asked for.
    n
        The fewest examples that are predicted to reach it; None where no n < M does.
    claimed
        Whether agreement with regression is claimed there, n ≤ M/8.
    best_n, best_mse
        Where the predicted error is least, and what it is.
    """

    goal: float
    n: int | None
    claimed: bool
    best_n: int
    best_mse: float

    def __str__(self) -> str:
        if self.n is None:
            return (
                f"no n below the number of points reaches {self.goal:g}: the least that is "
                f"predicted is {self.best_mse:.4g}, at n = {self.best_n}"
            )
        where = (
            "" if self.claimed else ", beyond M/8, where theory is known to be biased"
        )
        return f"{self.goal:g} takes n = {self.n} examples{where}"


def held_out(s: DataSpectrum, n: float, ridge: float) -> float:
    """The predicted error on held-out points, the mean over targets."""
    found = predict_population(
        s.eigenvalues, s.coefficients**2, [n], ridge, s.size, s.size
    )
    return float(found.held_out_mse.mean())


def best_ridge(s: DataSpectrum, n: Any) -> float:
    """The ridge δ ≥ 0 that the theory predicts to be best at n, to three digits.

    It is searched for globally (``numerics.choice.ridge_search.optimal_ridge``), for the
    error on held-out points.

    Raises
    ------
    OutOfDomain
        When n is no whole number from 1 to M − 1, or there are no labels.

    Examples
    --------
    >>> from verify.data.kernel_spectra import spectrum_of_matrix
    >>> white = spectrum_of_matrix(np.eye(6), [1, -1, 1, -1, 1, -1])
    >>> best_ridge(white, 3)
    0.0
    """
    n = integer(n, "n", least=1, most=s.size - 1)
    powers = np.mean(s.coefficients**2, axis=0)
    found = optimal_ridge(
        s.floats, powers, n, sampling="distinct", negative=False, held_out=True
    )
    if found.where == "infinity":  # nothing is learned: as large as was looked for
        return float(f"{found.curve[0, -1]:.3g}")
    return float(f"{found.ridge:.3g}")


def examples_needed(s: DataSpectrum, goal: Any, ridge: Any = 0) -> Needed:
    """The fewest examples that are predicted to reach an error on held-out points.

    Parameters
    ----------
    s
        The eigensystem, with targets.
    goal
        The mean squared error, positive.
    ridge
        Absolute ridge δ; ``auto`` for the best one at every n.

    Raises
    ------
    OutOfDomain
        When goal or ridge is out of range.

    Examples
    --------
    >>> from verify.data.kernel_spectra import spectrum_of_matrix
    >>> line = np.linspace(-1, 1, 20)
    >>> s = spectrum_of_matrix(np.exp(-np.subtract.outer(line, line) ** 2), np.sin(line))
    >>> print(examples_needed(s, "0.01", "1e-6"))  # doctest: +ELLIPSIS
    0.01 takes n = ... examples...
    """
    wanted = float(exact_rational(goal, "goal", least=0))
    if not wanted > 0:
        raise OutOfDomain(f"goal = {goal} must be positive")
    fixed = None if ridge == "auto" else float(exact_rational(ridge, "ridge", least=0))
    most = s.size - 1 if fixed is None or fixed > 0 else min(s.size - 1, s.rank - 1)
    known: dict[int, float] = {}

    def error(n: int) -> float:
        if n not in known:
            known[n] = held_out(s, n, best_ridge(s, n) if fixed is None else fixed)
        return known[n]

    count = 12 if fixed is None else STEPS
    grid = sorted({round(float(x)) for x in np.geomspace(1, max(most, 1), count)})
    first = next((n for n in grid if error(n) <= wanted), None)
    if first is not None:
        low, first = max([n for n in grid if n < first], default=0), first
        while first - low > 1:
            middle = (low + first) // 2
            low, first = (low, middle) if error(middle) <= wanted else (middle, first)
    best = min(known, key=lambda n: known[n])
    claimed = first is not None and first <= s.size / CLAIMED
    return Needed(wanted, first, claimed, best, known[best])
