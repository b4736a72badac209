"""The curves of a learning-curve figure: every subject, target, ridge and noise."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from learnability.subjects import Subject, several
from learnability.table.cell import as_fraction, exact_text
from numerics import predict
from theory.errors import OutOfDomain, Unsupported
from theory.numbers import integer

FINE_GRID = 240
MOST_POINTS = 1000
MEASURED_SIZES = 8
DATA_FACTOR = 100
"""Bound of how far rounding ρ of a data set's eigenvalues moves a statistic, in ρ/C."""
STATISTICS = ("C", "target_learnability", "test_mse", "train_mse")
Target = Mapping[int, Any]


@dataclass(frozen=True)
class CurveCase:
    """What one curve is of."""

    subject: Subject
    target: Any
    ridge: Fraction
    noise: Fraction

    def words(self, varied: Sequence[str], *, domain: bool) -> str:
        """Its name, from what differs between curves."""
        parts = {
            "subject": self.subject.words(math=True, domain=domain),
            "target": target_words(self.target),
            "ridge": rf"$\delta = {exact_text(self.ridge)}$",
            "noise": rf"$\sigma^2 = {exact_text(self.noise)}$",
        }
        return ", ".join(parts[name] for name in varied)


@dataclass(frozen=True)
class LearningCurve:
    """Statistics over a fine grid and at the n of the table; and what was measured.

    Attributes
    ----------
    grid, rows
        Statistic → floats over n, with ``n`` itself.
    measured
        Statistic → (n, mean, standard error), where kernel regression was run.
    relative_error
        Of the statistics.
    """

    case: CurveCase
    grid: dict[str, np.ndarray]
    rows: dict[str, np.ndarray]
    relative_error: float
    measured: dict[str, tuple[list[float], list[float], list[float]]] = field(
        default_factory=dict
    )


def cases(
    subjects: Sequence[Subject],
    target: Any,
    levels: Sequence[int] | None,
    ridge: Any,
    noise: Any,
) -> list[CurveCase]:
    """Every combination, in order.

    Raises
    ------
    OutOfDomain
        When a ridge or a noise is negative, or a target is malformed.
    Unsupported
        When label noise is asked for on a data set, whose labels are what they are.
    """
    ridges = [_number(x, "ridge") for x in several(ridge)]
    noises = [_number(x, "noise") for x in several(noise)]
    found = []
    for subject in subjects:
        for goal in _targets(subject, target, levels):
            if subject.is_data and any(noises):
                raise Unsupported("noise: labels of a data set are taken as they are")
            found += [CurveCase(subject, goal, *x) for x in product(ridges, noises)]
    return found


VISIBLE = 1e-3


def curve(
    case: CurveCase, n: Sequence[Any] | None, trials: int | None, seed: int, tell: Any
) -> LearningCurve:
    """The statistics of one case.

    Raises
    ------
    OutOfDomain
        When an n has no root, or cannot be measured.
    """
    if case.subject.is_data:
        return _of_data(case, n, trials, seed)
    s = case.subject.spectrum()
    # an infinite domain is drawn as far as its listed levels reach
    most = min(s.modes - 1, sum(int(x.multiplicity) for x in s.levels))
    asked = _asked(n, most)
    fine = _fine(asked)
    power = dict(case.target)
    with warnings.catch_warnings():
        # the error stands beside the curve, and is finer than any line is thick
        warnings.filterwarnings("ignore", "float64 predictions keep")
        grid = predict(s, power, fine, case.ridge, case.noise)
        rows = predict(s, power, asked, case.ridge, case.noise)
    if grid.relative_error > VISIBLE:
        warnings.warn(
            f"the curve of {case.subject} has a relative error of "
            f"{grid.relative_error:.1e}; take smaller n",
            stacklevel=2,
        )
    measured: dict[str, Any] = {}
    if trials is not None:
        measured = _simulated(case, n, asked, trials, seed, tell)
    return LearningCurve(
        case, _read(grid, fine), _read(rows, asked), grid.relative_error, measured
    )


def target_words(target: Any) -> str:
    """A target in words.

    Examples
    --------
    >>> target_words({1: 1}), target_words({1: 1, 3: "1/2"}), target_words("class 0")
    ('$k = 1$', '$v^2$: 1 at $k=1$, 0.5 at $k=3$', 'class 0')
    """
    if isinstance(target, str):
        return target
    if getattr(target, "label", ""):
        return target.label
    if len(target) == 1 and as_fraction(next(iter(target.values()))) == 1:
        return f"$k = {next(iter(target))}$"
    parts = (f"{exact_text(as_fraction(v))} at $k={k}$" for k, v in target.items())
    return "$v^2$: " + ", ".join(parts)


def _number(x: Any, name: str) -> Fraction:
    from theory.numbers import rational

    value = rational(x, name, least=0)
    return Fraction(int(value.p), int(value.q))


def _targets(subject: Subject, target: Any, levels: Any) -> list[Any]:
    if subject.is_data:
        if target is not None or levels is not None:
            raise OutOfDomain("target: the labels of a data set are its targets")
        count = len(subject.given.functions())
        return ["labels"] if count == 1 else [f"class {i + 1}" for i in range(count)]
    if target is not None and levels is not None:
        raise OutOfDomain(f"give target = {target} or levels = {levels}, not both")
    if target is not None:
        from numerics.targets.target_reading import read_target

        given = target if isinstance(target, (list, tuple)) else [target]
        return [read_target(one, subject.domain) for one in given]
    if levels is not None:
        return [{integer(k, "level"): 1} for k in levels]
    positive = [x.index for x in subject.spectrum().levels if x.eigenvalue.sign]
    few = {*positive[:3], positive[-1]} if len(positive) < 20 else set(positive[:4])
    return [{k: 1} for k in sorted(few)]


def _asked(n: Sequence[Any] | None, most: Any) -> list[Any]:
    if n is not None:
        return several(n)
    return _whole_grid(min(most, MOST_POINTS), 25)


def _whole_grid(most: Any, count: int) -> list[int]:
    most = max(int(most), 1)
    return sorted({round(float(x)) for x in np.geomspace(1, most, count)})


def _fine(asked: Sequence[Any]) -> np.ndarray:
    """A continuous grid over the n that are asked for; they are part of it."""
    places = np.array(sorted(float(x) for x in asked))
    if len(places) == 1 or places[0] == places[-1]:
        return places
    if places[0] <= 0:
        return np.unique([*np.linspace(places[0], places[-1], FINE_GRID), *places])
    fine = np.geomspace(places[0], places[-1], FINE_GRID)
    fine[0], fine[-1] = places[0], places[-1]
    return np.unique([*fine, *places])


def _read(prediction: Any, n: Any) -> dict[str, np.ndarray]:
    found = {name: np.asarray(getattr(prediction, name), float) for name in STATISTICS}
    return {"n": np.array([float(x) for x in n]), **found}


def _simulated(
    case: CurveCase, n: Any, asked: Sequence[Any], trials: int, seed: int, tell: Any
) -> dict[str, Any]:
    from verify.regression import problem, simulate

    subject = case.subject
    if subject.kernel is None:
        raise OutOfDomain(
            "measured: a list of eigenvalues has no points on which to regress"
        )
    whole = [int(x) for x in asked if x == int(x) and x >= 1]
    if n is None:
        whole = _whole_grid(min(whole[-1], 256), MEASURED_SIZES)
    problems = [
        problem(subject.kernel, subject.domain, case.target, size, case.ridge, case.noise)
        for size in whole
    ]  # fmt: skip
    seen: dict[str, Any] = {
        "target_learnability": ([], [], []),
        "test_mse": ([], [], []),
    }
    for done, (size, one) in enumerate(zip(whole, problems, strict=True)):
        tell(done, len(whole), f"{trials} data sets of n = {size}")
        found = simulate(one, trials, seed)
        for name, key in (("target_learnability", "learnability"), ("test_mse",) * 2):
            mean = found.mean(key)
            for column, x in zip(
                seen[name], (size, mean.value, mean.error), strict=True
            ):
                column.append(float(x))
    return seen


def _of_data(case: CurveCase, n: Any, trials: int | None, seed: int) -> LearningCurve:
    from numerics.statistics.finite_population import predict_population

    s, row = case.subject.given, _row_of(case.target)
    most = min(s.size - 1, s.rank - 1 if case.ridge == 0 else s.size)
    asked = _whole_grid(most // 2, 25) if n is None else several(n)
    for size in asked:
        if not 0 < float(size) <= most:
            raise OutOfDomain(f"n = {size} is outside 1..{most} of {s.name}")

    def at(places: Any) -> dict[str, np.ndarray]:
        places = np.array([float(x) for x in places])
        found = predict_population(
            s.eigenvalues, s.coefficients**2, places, float(case.ridge), s.size, s.size
        )
        return {
            "n": places,
            "C": found.C,
            "target_learnability": found.learnability[:, row],
            "test_mse": found.held_out_mse[:, row],
            "train_mse": found.train_mse[:, row],
        }

    rows = at(asked)
    error = DATA_FACTOR * s.rounding / max(float(np.min(rows["C"])), s.rounding)
    measured = {}
    if trials is not None:
        whole = [int(x) for x in asked if x == int(x)]
        if n is None:
            whole = _whole_grid(whole[-1], MEASURED_SIZES)
        runs = [s.measure(size, case.ridge, trials=trials, seed=seed) for size in whole]
        values = [np.asarray(run.held_out_mse)[..., row] for run in runs]
        means = [float(np.mean(x)) for x in values]
        errors = [float(np.std(x, ddof=1) / np.sqrt(x.size)) for x in values]
        measured["test_mse"] = ([float(x) for x in whole], means, errors)
    return LearningCurve(case, at(_fine(asked)), rows, min(error, 1.0), measured)


def _row_of(target: str) -> int:
    return int(target.split()[1]) - 1 if target.startswith("class") else 0
