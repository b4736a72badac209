"""Random features over the width: the parts of their error, and the law in 1/w."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from learnability.subjects import Subject, one_subject, several
from learnability.table.cell import Estimate, as_fraction, from_float
from learnability.table.table import Column, Table
from numerics import Prediction, predict
from numerics.random_features import wide_coefficient
from numerics.targets.target_reading import read_target
from theory.errors import OutOfDomain
from theory.numbers import integer
from theory.random_features.errors import RANDOM_FEATURES

DOMAINS, KERNELS = ("sphere:16",), ("nngp:relu:depth=1,bias_variance=1/2",)
WIDTHS = (10, 20, 40, 60, 80, 100, 120, 150, 200, 400, 1000, 4000)
PARTS = (
    "test_mse",
    "bias",
    "variance_data",
    "variance_features",
    "variance_both",
    "ensemble_mse",
)
"""Columns, each a row of the equations of random features."""


@dataclass(frozen=True)
class FeatureQuestion:
    """One target, learned by random features from n points: what is asked over widths."""

    subject: Subject
    spectrum: Any
    goal: Any
    n: int
    ridge: Any
    noise: Any

    def predicted(self, width: Any) -> Prediction:
        """The prediction at any widths."""
        given = (self.spectrum, self.goal, self.n, self.ridge, self.noise)
        return predict(*given, width=width)

    @cached_property
    def kernel(self) -> float:
        """The kernel's test MSE."""
        given = (self.spectrum, self.goal, self.n, self.ridge, self.noise)
        return float(predict(*given).test_mse)

    @cached_property
    def coefficient(self) -> float:
        """That of 1/w."""
        given = (self.spectrum, self.goal, self.n, self.ridge, self.noise)
        return float(wide_coefficient(*given))

    def law(self, width: Any) -> Any:
        """The test MSE by the law in 1/w."""
        return self.kernel + self.coefficient / width


def feature_question(
    subject: Sequence[Any], target: Any, n: Any, ridge: Any, noise: Any
) -> FeatureQuestion:
    """What is asked; a hidden layer of ReLU on a sphere by default.

    Raises
    ------
    OutOfDomain
        When there are several targets, or n is no number.

    Examples
    --------
    >>> asked = feature_question((), None, 50, "1/100", 0)
    >>> bool(asked.law(10**6) - asked.kernel < 1e-3)
    True
    """
    one = one_subject(subject, "finite-width", domains=DOMAINS, kernels=KERNELS)
    goals = several({1: 1} if target is None else target)
    if len(goals) != 1:
        raise OutOfDomain(f"{len(goals)} targets; finite-width shows one")
    goal = read_target(goals[0], one.domain)
    sizes = several(n)
    if len(sizes) != 1:
        raise OutOfDomain(f"{len(sizes)} values of n; finite-width shows one")
    size = integer(sizes[0], "n", least=1)
    return FeatureQuestion(one, one.spectrum(20), goal, size, ridge, noise)


def finite_width(
    *subject: Any,
    target: Any = None,
    n: Any = 100,
    ridge: Any = "1/100",
    noise: Any = "1/10",
    widths: Any = None,
    measured: int | None = None,
    seed: int = 0,
    show: int = 5,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Table:
    """Random features over the width: test MSE, its parts, an ensemble's, the law in 1/w.

    Parameters
    ----------
    subject
        A kernel and a domain; a hidden layer of ReLU on sphere:16 by default.
    target
        Level powers, or a function; the first level by default.
    n
        Training points.
    ridge, noise
        δ ≥ 0 and σ² ≥ 0.
    widths
        Numbers of random features.
    measured
        Trials, each of two data sets and two sets of features, beside every row.
    seed
        Of what is measured.
    show
        Digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Raises
    ------
    OutOfDomain
        When an argument is out of range.

    Examples
    --------
    >>> made = finite_width(n=50, widths=[20, 100, 10**9])
    >>> [x.key for x in made.columns][:3]
    ['width', 'test_mse', 'bias']
    """
    asked = feature_question(subject, target, n, ridge, noise)
    listed = [integer(x, "widths", least=1) for x in several(widths or WIDTHS)]
    p = asked.predicted(listed)
    columns = [Column("width", "width", "$w$")]
    rows_of = {row.name: row for row in RANDOM_FEATURES.rows()}
    columns += [
        Column(name, row.heading, f"${row.latex}$", "", "float64", row.formula.name)
        for name, row in ((name, rows_of[name]) for name in PARTS)
    ]
    columns.append(
        Column("law", "law in 1/w", r"$\mathcal{E}+c/w$", "", "float64", "width_law")
    )
    if measured is not None:
        columns.append(
            Column("test_mse_measured", "measured", "measured", "", "standard error",
                   "random features, drawn")
        )  # fmt: skip
    rows = []
    for place, width in enumerate(listed):
        if progress is not None:
            progress(place, len(listed), f"width {width}")
        values = [float(getattr(p, name)[place]) for name in PARTS]
        values.append(float(asked.law(width)))
        row: list[Any] = [as_fraction(width)]
        row += [
            from_float(x, p.relative_error) if np.isfinite(x) else None for x in values
        ]
        if measured is not None:
            bounded = np.isfinite(p.test_mse[place])
            seen = _measured(asked, width, measured, seed) if bounded else None
            row.append(seen)
        rows.append(tuple(row))
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        title=f"{asked.subject.words()}: {asked.n} points, the kernel's test MSE is "
        f"{asked.kernel:.6g}; bias leaves the label noise out",
        digits=15,
        show=show,
        command=command,
        seed=None if measured is None else seed,
    )


def _measured(asked: FeatureQuestion, width: int, trials: int, seed: int) -> Estimate:
    from verify.regression.features.measured import feature_regression
    from verify.regression.regression_problem import problem

    one = problem(
        asked.subject.kernel,
        asked.subject.domain,
        dict(asked.goal.powers),
        asked.n,
        asked.ridge,
        asked.noise,
    )
    found = feature_regression(one, width, trials, seed).mean("test_mse")
    return Estimate(found.value, found.error)
