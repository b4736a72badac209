"""Least squares over n, through the peak at the number of modes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from learnability.subjects import Subject, one_subject, several
from learnability.table.cell import Estimate, as_fraction, from_float
from learnability.table.table import Column, Table
from numerics import predict
from numerics.targets.target_reading import read_target
from theory.errors import OutOfDomain, Unsupported

DOMAINS, KERNELS = ("hypercube:20",), ("expr:t",)
SHARES = (0.1, 0.25, 0.5, 0.7, 0.85, 0.95, 1, 1.05, 1.2, 1.5, 2, 3, 5)
"""Training points by default, as shares of the number of modes."""


@dataclass(frozen=True)
class LeastSquaresFit:
    """Regression without ridge on finitely many modes: what is fitted, and to what."""

    subject: Subject
    spectrum: Any
    goal: Any
    noise: Any

    @property
    def modes(self) -> int:
        """The number of modes, where the test MSE is infinite."""
        return int(self.spectrum.modes)

    def predicted(self, n: Any) -> Any:
        """The prediction at any n, not whole ones only."""
        return predict(self.spectrum, self.goal, n, 0, self.noise)


def least_squares(subject: Sequence[Any], target: Any, noise: Any) -> LeastSquaresFit:
    """What is fitted; linear regression on 20 bits by default.

    Raises
    ------
    OutOfDomain
        When there are several targets.
    Unsupported
        When the kernel has infinitely many modes.

    Examples
    --------
    >>> fit = least_squares((), None, 0)
    >>> fit.modes, [round(x, 12) for x in fit.predicted([10, 15.5]).test_mse.tolist()]
    (20, [0.5, 0.225])
    """
    one = one_subject(subject, "double-descent", domains=DOMAINS, kernels=KERNELS)
    s = one.spectrum(20)
    if not np.isfinite(float(s.modes)):
        raise Unsupported(
            f"{one.words()} has infinitely many modes, so n never passes them"
        )
    goals = several({1: 1} if target is None else target)
    if len(goals) != 1:
        raise OutOfDomain(f"{len(goals)} targets; double-descent shows one")
    return LeastSquaresFit(one, s, read_target(goals[0], one.domain), noise)


def double_descent(
    *subject: Any,
    target: Any = None,
    n: Any = None,
    noise: Any = "1/10",
    measured: int | None = None,
    seed: int = 0,
    show: int = 5,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Table:
    """Linear and polynomial regression without ridge, through n = N: down, up, down.

    Parameters
    ----------
    subject
        A kernel of finitely many modes and a domain; linear regression on 20 bits by
        default.
    target
        Level powers, or a function; the first level by default.
    n
        Training points, on both sides of the number of modes.
    noise
        σ² ≥ 0.
    measured
        Data sets on which numpy.linalg.lstsq is run beside every row.
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
    Unsupported
        When the kernel has too many modes.

    Examples
    --------
    >>> made = double_descent(n=[10, 30, 60])
    >>> [round(float(row[2].value), 12) for row in made.rows]
    [0.7, 0.3, 0.15]
    """
    fit = least_squares(subject, target, noise)
    one, modes = fit.subject, fit.modes
    sizes = several(n) if n is not None else _around(modes)
    p = fit.predicted(sizes)
    columns = [
        Column("n", "n", "$n$"),
        Column(
            "E0", "E₀", r"$\mathcal{E}_0$", "", "float64", "overfitting_coefficient"
        ),
        Column("test_mse", "test MSE", r"$\mathcal{E}$", "", "float64", "test_mse"),
    ]
    if measured is not None:
        columns.append(
            Column("test_mse_measured", "lstsq", "least squares", "", "standard error",
                   "numpy.linalg.lstsq")
        )  # fmt: skip
    rows = []
    for place, size in enumerate(sizes):
        if progress is not None:
            progress(place, len(sizes), f"n = {size}")
        row: list[Any] = [as_fraction(size)]
        for name in ("E0", "test_mse"):
            value = float(getattr(p, name)[place])
            row.append(
                from_float(value, p.relative_error) if np.isfinite(value) else None
            )
        if measured is not None:
            from verify.regression.least_squares import fitted_features

            found = fitted_features(
                one.kernel, one.domain, fit.goal, size, noise, trials=measured,
                seed=seed + place,
            )  # fmt: skip
            row.append(Estimate(found.value, found.error) if size != modes else None)
        rows.append(tuple(row))
    return Table(
        tuple(columns), tuple(rows),
        f"Least squares on {modes} modes, {one.words()}, noise {noise}: at n = {modes} the "
        "test MSE is infinite.",
        15, show, command, None if measured is None else seed,
    )  # fmt: skip


def _around(modes: int) -> list[int]:
    return sorted({max(1, round(modes * share)) for share in SHARES})
