"""The questions of time and rule, evaluated: contour integrals, with an error statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.implicit_equation.compressed_sums import FROM_LEVELS, compress
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import rational
from numerics.interpreters.program import build
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import NAMES, Grid
from numerics.statistics.questions import online
from numerics.statistics.questions import sampling as samplings
from numerics.statistics.questions.evaluation import (
    Columns,
    Evaluation,
    Progress,
    State,
    evaluates,
    objects,
)
from numerics.training.filtered import Filtered, filtered_statistics
from numerics.training.proved_filtered import proved_filtered
from theory import OutOfDomain, Unsupported, formulas, notation
from theory.statistics import STATISTICS
from theory.statistics.questions import QUESTIONS
from theory.statistics.questions.sampling import DISTINCT, INDEPENDENT
from theory.training import Filter
from theory.training import filtered_regression as letters
from theory.training.online import OnlineDescent

SAME = 1e-8
"""Two contours of a rule of unknown kind agree so well, in units of the power."""
RANGE = 1e100
_gain = build(formulas["filtered_overfitting_coefficient"].rhs, ARRAYS)
_variance = build(formulas["filtered_variance"].rhs, ARRAYS)


@dataclass(frozen=True)
class TrainingState:
    """The rule; M where the points are distinct ones of so many; or the width."""

    rule: Filter
    points: float | None
    width: np.ndarray | None = None
    """Random features of each case."""

    equation = "filtered_test_mse"


def state(
    s: Spectrum | FloatSpectrum, targets: Sequence[Any], grid: Grid, asked: Mapping
) -> TrainingState | online.OnlineState:
    """The rule on a spectrum's domain.

    Raises
    ------
    OutOfDomain
        When there is a rule without a time, or a ridge, or a number of steps is not
        whole.
    Unsupported
        When no formula covers the sampling.
    """
    rule = asked["rule"]
    if isinstance(rule, OnlineDescent):
        if "width" in asked:
            raise Unsupported(
                f"rule = '{rule}' with a width: no formula covers random features that "
                "see every sample once"
            )
        return online.state(s, targets, grid, asked)
    if "time" not in asked:
        raise OutOfDomain(
            f"rule = '{rule}' needs a time: how long is trained (in {rule.unit})"
        )
    if np.any(grid.floats("ridge") != 0):
        raise OutOfDomain(
            "a ridge and a time together: gradient flow with the ridge δ is "
            'rule="weight_decay:decay=δ"; take ridge = 0'
        )
    if rule.unit != "time":
        times = grid.floats("time")
        broken = times[times != np.floor(times)]
        if len(broken):
            raise OutOfDomain(
                f"time = {broken[0]:g}: rule {rule.name} counts whole {rule.unit}"
            )
    if "width" in asked:
        return TrainingState(rule, None, grid.floats("width"))
    sampling = asked.get("sampling", INDEPENDENT)
    if sampling == INDEPENDENT:
        return TrainingState(rule, None)
    if sampling != DISTINCT:
        raise Unsupported(
            f"sampling = {sampling!r} with a time: no formula covers repeated points"
        )
    usual = Grid({name: grid.given[name] for name in NAMES}, grid.shape)
    drawn = samplings.state(s, targets, usual, {"sampling": sampling})
    if not isinstance(drawn, State):
        raise Unsupported(
            "sampling = 'distinct' with a time: an even or odd kernel does not tell x "
            "from −x, and no formula covers that before training has ended"
        )
    return TrainingState(rule, float(drawn.given[notation.points]))


def floats(
    s: FloatSpectrum,
    targets: Sequence[np.ndarray],
    levels: Sequence[int],
    grid: Grid,
    state: TrainingState | online.OnlineState,
    progress: Progress = None,
) -> Columns:
    """Columns in float64.

    Raises
    ------
    Unsupported
        When numbers leave float64, or a rule of unknown kind has no contour.
    """
    del progress
    grid.require_range()
    if isinstance(state, online.OnlineState):
        return online.floats(s, targets, levels, grid, state)
    cases = tuple(grid.floats(name) for name in ("n", "time", "noise"))
    n, time, noise = cases
    lam, g = s.at_scale(0)
    sizes = np.concatenate([[lam @ g], time[time > 0] * (lam @ g)])
    if not (sizes.max() < RANGE and sizes.min() > 1 / RANGE):
        raise Unsupported(
            f"Σ g λ = {lam @ g:g} or its product with a time is outside "
            f"{1 / RANGE:g} … {RANGE:g}; scale the kernel"
        )
    columns, bounds, modes = [], [], {}
    worst, lost = np.zeros(len(n)), np.zeros(len(n))
    for given in targets:
        whole = np.append(given, np.zeros(len(lam) - len(given)))
        tail = _left_open(s, whole, cases, state)
        at = [s.position(k) for k in levels]
        few = (lam, g, whole, at)
        values, counts, power, at = _few(*few) if s.tail is None else few
        chosen = list(dict.fromkeys([*map(int, np.flatnonzero(power)), *at]))
        found, between = _filtered(values, counts, power, cases, state, chosen)
        rounding = 4 * s.relative_error * (1 + found.noise_gain)
        off = found.error + rounding + (between + tail) / (power.sum() + noise)
        columns.append(_columns(found, power, noise, chosen))
        bounds.append(_bounds(power, noise, n, off))
        left = dict(zip(chosen, found.unlearned.T, strict=True))
        modes = {k: 1 - left[j] for k, j in zip(levels, at, strict=True)}
        # exponentially small errors have no relative accuracy: units are the power's
        worst = np.maximum(worst, off)
        lost = np.maximum(lost, tail / (power.sum() + noise))
    return Columns(np.full(len(n), np.nan), columns, modes, worst, bounds, lost)


def _few(lam, g, power, at: list[int]) -> tuple[Any, Any, Any, list[int]]:
    """Atoms in place of thousands of levels, and the levels at ``at`` behind them.

    Sums over modes and powers are kept to about 1e-15; levels that are only looked at have
    no modes there, and what lies in levels of eigenvalue 0 stays in one.
    """
    if len(lam) < FROM_LEVELS:
        return lam, g, power, at
    kept = lam > 0
    atoms = compress(lam[kept], g[kept], (power[kept],))
    nothing = np.zeros(len(at) + 1)
    lost = np.append(np.zeros(len(at)), power[~kept].sum())
    return (
        np.concatenate([atoms.lam, lam[at], [0.0]]),
        np.concatenate([atoms.g, nothing]),
        np.concatenate([atoms.loads[0], lost]),
        [len(atoms.lam) + j for j in range(len(at))],
    )


def proved(
    s: Spectrum,
    targets: Sequence[Mapping[int, Any]],
    levels: Sequence[int],
    grid: Grid,
    digits: int,
    state: TrainingState | online.OnlineState,
    progress: Progress = None,
) -> Columns:
    """Columns of balls.

    Raises
    ------
    Unsupported
        For distinct points of a finite domain, and rules without a proved contour.
    """
    if isinstance(state, online.OnlineState):
        return online.proved(s, targets, levels, grid, digits, state)
    if state.width is not None:
        raise Unsupported(
            f"digits = {digits} with a width and a time: proved digits are for the kernel "
            "itself; digits=None covers random features"
        )
    if state.points is not None:
        raise Unsupported(
            f"digits = {digits} with sampling = 'distinct' and a time: proved digits are "
            "for independent points; digits=None covers distinct ones"
        )
    exact = grid.exact()
    cases = [exact[name].flat for name in ("n", "time", "noise")]
    rows: list[list[Mapping[str, Any]]] = [[] for _ in targets]
    letters_of = (notation.n, notation.time, notation.noise)
    for done, case in enumerate(zip(*cases, strict=True)):
        if progress is not None:
            progress(done, exact["n"].size, f"n = {case[0]}, time = {case[1]}")
        given = dict(zip(letters_of, map(rational, case), strict=True))
        for power, found in zip(targets, rows, strict=True):
            found.append(proved_filtered(s, power, levels, given, state.rule, digits))
    column = lambda found, name: objects([x.get(name) for x in found])
    names = [*STATISTICS, "residual_trace"]
    return Columns(
        objects([None] * exact["n"].size),
        [{name: column(found, name) for name in names} for found in rows],
        {k: column(rows[0], f"L{k}") for k in levels},
    )


def _filtered(
    lam, g, power, cases, state: TrainingState, chosen
) -> tuple[Filtered, Any]:
    """The statistics, and how far another contour moves the test MSE of unknown rules."""
    rule, (n, time, noise) = state.rule, cases
    kind = {"points": state.points, "width": state.width}
    found = filtered_statistics(lam, g, power, n, time, noise, rule, chosen, **kind)
    if rule.shape != "bounded":
        return found, 0.0
    other = filtered_statistics(
        lam, g, power, n, time, noise, rule, chosen, **kind, attempt=1
    )
    moved = np.abs(found.test_mse - other.test_mse)
    if np.max(moved / (power.sum() + noise)) > SAME:
        raise Unsupported(
            f"rule = {rule.name}: two contours differ by {np.max(moved):.1e} in the test "
            "MSE; h is not analytic around the eigenvalues of K_DD"
        )
    return found, moved


def _left_open(s: FloatSpectrum, power, cases, state: TrainingState) -> np.ndarray:
    """What the test MSE may miss by taking the tail as one level.

    It is computed again with the tail's mass in the largest eigenvalue that the tail can
    have, at the cases with most and fewest points and the longest times.
    """
    n, time, noise = cases
    if s.tail is None:
        return np.zeros(len(n))
    lam, g = s.at_scale(0)
    other_lam, other_g = lam.copy(), g.copy()
    other_lam[-1], other_g[-1] = s.tail.bound, s.tail.mass / s.tail.bound
    late = np.lexsort((n, time))[-1], np.lexsort((-n, time))[-1]
    early = np.lexsort((-time, n))[-1]
    at = np.unique([*late, early])
    sizes, times, noises = (x[at] for x in cases)
    rest = (sizes, times, noises, state.rule, (), state.points)
    width = None if state.width is None else state.width[at]
    here = filtered_statistics(lam, g, power, *rest, width=width)
    there = filtered_statistics(other_lam, other_g, power, *rest, width=width)
    moved = np.max(np.abs(here.test_mse - there.test_mse))
    mass = s.tail.mass_error / max(float(lam @ g), 1e-300) * (power.sum() + noise)
    return np.full(len(n), moved) + 4 * mass


def _columns(found: Filtered, power, noise, chosen) -> dict[str, np.ndarray]:
    """Name → array; statistics without a meaning in time are NaN."""
    share = np.zeros(len(power))
    share[chosen] = power[chosen]
    bias = found.unlearned**2 @ share[chosen]
    values = {
        letters.signal: found.signal,
        letters.noise_gain: found.noise_gain,
        notation.noise: noise,
        notation.bias: bias,
    }
    names = (*STATISTICS, *QUESTIONS["width"].adds)
    columns = {name: np.full(len(noise), np.nan) for name in names}
    learned = (1 - found.unlearned) @ share[chosen]
    return columns | {
        "E0": _gain(values),
        "target_learnability": learned / max(power.sum(), 1e-300),
        "bias": bias,
        "variance": np.maximum(_variance(values), 0.0),
        "test_mse": found.test_mse,
        "train_mse": found.train_mse,
        "residual_trace": found.trace,
    }


def _bounds(power, noise, n, off) -> dict[str, np.ndarray]:
    """How far each column may be off."""
    whole = off * (power.sum() + noise)
    bounds = {name: whole for name in ("bias", "variance", "test_mse", "train_mse")}
    bounds |= {name: off for name in ("E0", "target_learnability", "learnability")}
    return bounds | {"residual_trace": off * n}


for names in (
    ("time", "rule"),
    ("rule",),
    ("time", "rule", "sampling"),
    ("rule", "sampling"),
    ("time", "rule", "width"),
    ("rule", "width"),
):
    evaluates(*names)(Evaluation(state, floats, proved))
