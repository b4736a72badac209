"""The question of width, evaluated: the equations of random features, and their peak."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.questions.evaluation import (
    Columns,
    Evaluation,
    Progress,
    State,
    evaluates,
    floats_of_equations,
    proved_by_equations,
)
from theory import Unsupported, notation
from theory.random_features.errors import PEAK, RANDOM_FEATURES


@dataclass(frozen=True)
class WidthState:
    """Where n = w below the number of modes without ridge; flat over the grid."""

    peak: np.ndarray

    equation = RANDOM_FEATURES.balance.name


def state(
    s: Spectrum | FloatSpectrum, _targets: Sequence[Any], grid: Grid, _asked: Mapping
) -> WidthState:
    """Where the errors have no bound.

    Raises
    ------
    Unsupported
        When n and the width both are the number of modes, without ridge: the limit
        depends on the way to it.
    """
    n, width, ridge = (grid.given[name].ravel() for name in ("n", "width", "ridge"))
    same = (n == width) & (n != 0) & (ridge == 0)
    if np.any(same & (n == s.modes)):
        raise Unsupported(
            f"n = width = {s.modes} is the number of modes: without ridge the errors "
            "there depend on which is reached first; take a ridge, or another width"
        )
    return WidthState((same & (n < s.modes)).astype(bool))


def _by_part(
    evaluate: Callable[[Grid, State], Columns], grid: Grid, state: WidthState
) -> Columns:
    """Cases at the peak and all others by their own equations, in the grid's order."""
    found: list[tuple[np.ndarray, Columns]] = []
    for chosen, equations in ((~state.peak, RANDOM_FEATURES), (state.peak, PEAK)):
        if chosen.any():
            flat = {name: np.ravel(x)[chosen] for name, x in grid.given.items()}
            letters = {notation.width: flat["width"]}
            part = Grid(flat, (int(chosen.sum()),))
            found.append((chosen, evaluate(part, State(equations, letters))))
    if len(found) == 1:
        return found[0][1]

    def joined(take: Callable[[Columns], Any]) -> Any:
        first = take(found[0][1])
        whole = np.empty(len(state.peak), dtype=first.dtype)
        for chosen, part in found:
            whole[chosen] = take(part)
        return whole

    one = found[0][1]
    return Columns(
        joined(lambda x: x.C),
        [
            {
                name: joined(lambda x, t=t, name=name: x.statistics[t][name])
                for name in row
            }
            for t, row in enumerate(one.statistics)
        ],
        {k: joined(lambda x, k=k: x.learnability[k]) for k in one.learnability},
        None if one.error is None else joined(lambda x: x.error),
    )


def floats(
    s: FloatSpectrum,
    targets: Sequence[np.ndarray],
    levels: Sequence[int],
    grid: Grid,
    state: WidthState,
    progress: Progress = None,
) -> Columns:
    """Columns in float64."""
    return _by_part(
        lambda part, at: floats_of_equations(s, targets, levels, part, at, progress),
        grid,
        state,
    )


def proved(
    s: Spectrum,
    targets: Sequence[Mapping[int, Any]],
    levels: Sequence[int],
    grid: Grid,
    digits: int,
    state: WidthState,
    progress: Progress = None,
) -> Columns:
    """Columns of balls."""
    return _by_part(
        lambda part, at: proved_by_equations(
            s, targets, levels, part, digits, at, progress
        ),
        grid,
        state,
    )


evaluates("width")(Evaluation(state, floats, proved))
