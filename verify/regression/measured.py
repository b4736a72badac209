"""What regression on many data sets gave: every statistic of the theory, by data set."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory import OutOfDomain
from theory.errors import meant
from verify.regression.mean import Mean, covariance
from verify.regression.regression_problem import RegressionProblem

Floats = NDArray[np.float64]
BY_TARGET = (
    "learnability",
    "bias",
    "variance",
    "test_mse",
    "train_mse",
    "gradient",
)
BY_DATA_SET = ("constant", "learned")
FORMULAS = {
    "learnability": "target_learnability",
    "bias": "bias",
    "variance": "variance",
    "test_mse": "test_mse",
    "train_mse": "train_mse",
    "gradient": "mean_squared_gradient",
    "constant": "implicit_equation",
    "learned": "conservation",
}
"""Statistic → name of the formula that predicts it."""


@dataclass(frozen=True)
class Measured:
    """One row for each data set, or for each pair of neighboring ones.

    Attributes
    ----------
    problem, seed
        What was regressed, and the seed of its data sets.
    learnability, test_mse, train_mse
        Shape [trial, target]. ``test_mse`` is ‖f − f̂‖² over the whole domain plus the
        noise variance; ``train_mse`` is against the noisy labels.
    gradient
        ‖∇f̂‖² over the circle or the sphere of radius 1, shape [trial, target]; None on
        domains without one.
    bias, variance
        ⟨f − f̂, f − f̂′⟩ and ‖f̂ − f̂′‖²/2 for independent data sets, shape [pair,
        target]: unbiased for ‖f − E f̂‖² and E ‖f̂ − E f̂‖². In every pair they sum to
        the mean of the two errors without noise.
    coefficients
        Learned coefficients of the modes ``problem.modes``, [trial, target, mode].
    inverse_trace
        tr (K_DD + δ)⁻¹, whose inverse estimates C; ∞ where K_DD is singular. [trial]
    learned
        tr K_DD (K_DD + δ)⁻¹: the sum of all learnabilities, [trial].
    slack
        Bound of what ``test_mse`` may be off by in its evaluation, [trial, target].
    rank, condition, lambda_max
        Of the first data sets: numerical rank of K_DD, condition number of K_DD + δ (∞
        where singular), largest eigenvalue of K_DD.
    """

    problem: RegressionProblem
    seed: int
    learnability: Floats
    test_mse: Floats
    train_mse: Floats
    gradient: Floats | None
    bias: Floats
    variance: Floats
    coefficients: Floats
    inverse_trace: Floats
    learned: Floats
    slack: Floats
    rank: NDArray[np.int64]
    condition: Floats
    lambda_max: Floats

    @classmethod
    def joined(cls, parts: "Sequence[Measured]") -> "Measured":
        """Data sets of one problem that were regressed one block after the other.

        Examples
        --------
        >>> from verify.regression import problem, simulate
        >>> asked = problem("gaussian:width=2", "hypercube:4", {1: 1}, 4)
        >>> Measured.joined([simulate(asked, 4, seed=s) for s in (0, 1)]).trials
        8
        """
        arrays = {}
        for name in (f.name for f in fields(cls) if f.name not in ("problem", "seed")):
            columns = [getattr(part, name) for part in parts]
            arrays[name] = None if columns[0] is None else np.concatenate(columns)
        return cls(parts[0].problem, parts[0].seed, **arrays)

    @property
    def trials(self) -> int:
        """Data sets."""
        return len(self.learnability)

    @property
    def constant(self) -> Floats:
        """1/tr (K_DD + δ)⁻¹ of every data set, the estimate of C."""
        return 1 / self.inverse_trace

    def values(self, name: str, target: int = 0) -> Floats:
        """Independent values of a statistic: of data sets, or of pairs of them.

        Raises
        ------
        OutOfDomain
            When there is no such statistic.
        """
        if name not in BY_TARGET + BY_DATA_SET:
            raise OutOfDomain(
                f"statistic {name!r} is unknown (known: {', '.join(BY_TARGET + BY_DATA_SET)})"
                f"{meant(name, BY_TARGET + BY_DATA_SET)}"
            )
        column: Any = getattr(self, name)
        if column is None:
            raise OutOfDomain(
                f"statistic {name!r}: {self.problem.domain} has no gradient"
            )
        return column if name in BY_DATA_SET else column[:, target]

    def mean(self, name: str, target: int = 0) -> Mean:
        """Mean and standard error of a statistic."""
        return Mean.of(self.values(name, target))

    def covariance(
        self, first: tuple[int, int], second: tuple[int, int], target: int = 0
    ) -> Mean:
        """Covariance of the learned coefficients of two recorded modes."""
        i, j = (self.problem.modes.index(mode) for mode in (first, second))
        rows = self.coefficients[:, target]
        return covariance(rows[:, i], rows[:, j])

    @property
    def tail_mass(self) -> float:
        """Σ g λ over the levels that sums over levels left out."""
        return float(self.problem.pairs.spectrum.tail_mass)

    def beside(self) -> str:
        """What stands beside a comparison: rank, condition, tail mass, slack."""
        n = self.problem.n
        ranks = sorted({int(r) for r in self.rank})
        rank = f"{ranks[0]}" if len(ranks) == 1 else f"{ranks[0]} to {ranks[-1]}"
        worst = float(np.max(self.condition))
        return (
            f"rank {rank} of {n}, condition up to {worst:.2g}, tail mass "
            f"{self.tail_mass:.2g}, test error evaluated within "
            f"{float(np.median(self.slack)):.1g}"
        )
