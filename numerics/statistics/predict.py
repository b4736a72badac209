"""Predictions of the theory: every statistic of a target, over n, ridge and noise.

``digits=None`` computes in float64 with an error statement; ``digits=D`` encloses every
number. Both evaluate the statistics that ``theory.statistics`` defines.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sympy import Rational

from numerics.implicit_equation.float_solver import RELATIVE_ERROR
from numerics.implicit_equation.proved_solver import require_root
from numerics.spectra import refinement
from numerics.spectra.floats.float_spectrum import FloatSpectrum, float64_array
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.predict_floats import float_columns, learned
from numerics.statistics.predict_proved import proved_columns
from numerics.statistics.prediction import STATISTICS, Prediction
from theory import OutOfDomain, Unsupported
from theory.numbers import integer
from theory.numbers import rational as exact_rational

Progress = Callable[[int, int, str], None]
FINE = 1e-13
"""A tail is listed further until it leaves no larger relative error …"""
LISTED = 500
"""… or this many levels are listed; what is left open then is stated."""
WARN_ABOVE = 1e-9
MAX_BYTES = 8 << 30
ANNOUNCED = 1 << 28


def predict(
    s: Any,
    target: Any,
    n: Any,
    ridge: Any = 0,
    noise: Any = 0,
    digits: int | None = None,
    progress: Progress | None = None,
) -> Prediction:
    """Learnability, bias, variance and errors of a target, by the eigenlearning theory.

    The formulas are an approximation (see ``formulas["test_mse"].status``); the numbers
    are accurate values of the formulas.

    Parameters
    ----------
    s
        The kernel's spectrum, of enclosures or of floats; or a list of them.
    target
        Level → power, the sum of squared coefficients over the level's modes; or an
        array of powers, shape [level]; or a list of targets.
    n, ridge, noise
        Training points, ridge δ and noise variance σ²: numbers, sequences of exact
        numbers, or arrays of NumPy's integers or float64, broadcast against each other.
    digits
        Proved digits, or None for float64.
    progress
        Called with (done, total, what) during long work.

    Returns
    -------
    Prediction
        Arrays of the broadcast shape; with a list of spectra C and all statistics have
        a leading axis for it, with a list of targets the statistics one after that.

    Raises
    ------
    OutOfDomain
        When a level does not exist, the target has no power, an argument is negative or
        float32, shapes do not broadcast, or n exceeds the modes without ridge.
    Unsupported
        When the arrays would take more than 8 GiB, or numbers leave float64.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> p = predict(Spectrum.from_levels([(1, 4)]), {0: 1}, [0, 1, 2, 4])
    >>> p.test_mse
    array([1.  , 0.75, 0.5 , 0.  ])
    >>> two = [Spectrum.from_levels([(1, 4)]), Spectrum.from_levels([(1, 8)])]
    >>> predict(two, {0: 1}, [1, 2, 4]).test_mse
    array([[0.75 , 0.5  , 0.   ],
           [0.875, 0.75 , 0.5  ]])
    """
    several = isinstance(s, list | tuple)
    spectra = [_completed(x) for x in (s if several else [s])]
    many = isinstance(target, list | tuple)
    targets = list(target) if many else [target]
    if not spectra or not targets:
        what = "spectra" if not spectra else "targets"
        msg = f"the list of {what} is empty"
        raise OutOfDomain(msg)
    grid = Grid.of(n=n, ridge=ridge, noise=noise)
    digits = None if digits is None else integer(digits, "digits", least=1)
    wanted = [[_target(x, y) for y in targets] for x in spectra]
    levels = _levels(targets)
    _announce(grid, len(spectra), len(targets), len(levels), progress)
    parts = []
    for x, powers in zip(spectra, wanted, strict=True):
        if digits is None:
            parts.append(_floats(x, powers, levels, grid, progress))
        else:
            parts.append(_proved(x, powers, levels, grid, digits, progress))
    return _joined(parts, levels, grid, digits, several, many)


def constants(s: Spectrum | FloatSpectrum, n: Any, ridge: Any = 0) -> np.ndarray:
    """C in float64 over arrays of n and ridge; see ``constant``.

    Examples
    --------
    >>> constants(FloatSpectrum.from_arrays([1.0], [3]), [1, 2, 3])
    array([2. , 0.5, 0. ])
    """
    grid = Grid.of(n=n, ridge=ridge, noise=0)
    return _floats(_completed(s), [], [], grid, None).c.reshape(grid.shape)


def _completed(s: Any) -> Spectrum | FloatSpectrum:
    if isinstance(s, FloatSpectrum):
        return s
    if not isinstance(s, Spectrum):
        msg = f"s = {s!r:.80} is no spectrum; see spectrum() and FloatSpectrum.from_arrays"
        raise OutOfDomain(msg)
    return refinement.completed(s)


class _Part:
    """What one spectrum gives: C, statistics of each target, learnability of levels."""

    def __init__(self, c: Any, columns: list[dict[str, Any]], modes: dict[int, Any]):
        self.c, self.columns, self.modes = c, columns, modes
        self.error = 0.0


def _floats(
    s: Spectrum | FloatSpectrum,
    powers: list[dict[int, Rational] | np.ndarray],
    levels: list[int],
    grid: Grid,
    progress: Progress | None,
) -> _Part:
    while True:
        fast = s if isinstance(s, FloatSpectrum) else s.floats()
        arrays = [_array(fast, x) for x in powers]
        columns, c, error = float_columns(fast, arrays, grid, progress)
        worst = float(error.max())
        if worst <= FINE or isinstance(s, FloatSpectrum) or s.is_complete:
            break
        if s.kernel is None or s.levels[-1].index >= LISTED:
            break
        s = s.extend()
    modes = {k: learned(fast, fast.position(k), c) for k in levels}
    part = _Part(c, columns, modes)
    part.error = worst
    if worst > WARN_ABOVE:
        lost = int(np.ceil(16 + np.log10(worst)))
        where = grid.places(error == worst)
        warnings.warn(
            f"float64 predictions keep a relative error of {worst:.1e}{where}: "
            f"{lost} of 16 digits are lost, to what the levels above {fast.index[-1]} "
            "and the eigenvalues' own errors leave open; list more levels, or ask for "
            "digits",
            stacklevel=3,
        )
    return part


def _array(s: FloatSpectrum, powers: dict[int, Rational] | np.ndarray) -> np.ndarray:
    if isinstance(powers, np.ndarray):
        return powers
    found = np.zeros(len(s))
    for k, power in powers.items():
        found[s.position(k)] = float(power)
    return found


def _proved(s, powers, levels, grid: Grid, digits: int, progress) -> _Part:
    if isinstance(s, FloatSpectrum):
        msg = (
            f"digits = {digits}: a float64 spectrum proves none; pass the spectrum of "
            "enclosures (spectrum(kernel, domain)), or digits=None"
        )
        raise Unsupported(msg)
    exact = grid.exact()
    s = refinement.counted(s, max(exact["n"].flat))
    beyond = [
        delta == 0 and (size > s.modes or (s.is_open and size >= s.modes))
        for size, delta in zip(exact["n"].flat, exact["ridge"].flat, strict=True)
    ]
    if any(beyond):
        where = grid.places(np.array(beyond))
        worst = max(x for x, over in zip(exact["n"].flat, beyond, strict=True) if over)
        require_root(s, worst, where)
    columns = []
    for power in powers:
        named = {k: power.get(k, Rational(0)) for k in levels} | power
        found = proved_columns(s, named, exact, digits, progress)
        columns.append({name: _balls(values) for name, values in found.items()})
    modes = {k: columns[0][f"L{k}"] for k in levels}
    return _Part(columns[0]["C"], columns, modes)


def _balls(values: list[Any]) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _joined(parts, levels, grid: Grid, digits, several: bool, many: bool) -> Prediction:
    def stacked(arrays: list[np.ndarray]) -> np.ndarray:
        shaped = [x.reshape(grid.shape) for x in arrays]
        return np.stack(shaped) if several else shaped[0]

    def over_targets(name: str) -> np.ndarray:
        rows = []
        for part in parts:
            shaped = [x[name].reshape(grid.shape) for x in part.columns]
            rows.append(np.stack(shaped) if many else shaped[0])
        return np.stack(rows) if several else rows[0]

    given = grid.given if digits is None else grid.exact()
    return Prediction(
        **given,
        C=stacked([part.c for part in parts]),
        learnability={k: stacked([p.modes[k] for p in parts]) for k in levels},
        **{name: over_targets(name) for name in STATISTICS},
        digits=digits,
        relative_error=max(RELATIVE_ERROR, *(p.error for p in parts), 0.0)
        if digits is None
        else 0.0,
        spectra=len(parts) if several else None,
        targets=len(parts[0].columns) if many else None,
    )


def _levels(targets: Sequence[Any]) -> list[int]:
    """All levels that the targets name, in order."""
    found: dict[int, None] = {}
    for target in targets:
        if isinstance(target, Mapping):
            found |= dict.fromkeys(integer(k, "target level") for k in target)
    return list(found)


def _target(
    s: Spectrum | FloatSpectrum, target: Any
) -> dict[int, Rational] | np.ndarray:
    if isinstance(target, np.ndarray):
        return _powers(s, target)
    if not isinstance(target, Mapping):
        msg = f"target = {target!r:.80}: a mapping from level to power is needed"
        raise OutOfDomain(msg)
    if not target:
        msg = "target = {}: at least one level needs power"
        raise OutOfDomain(msg)
    powers = {}
    for level, power in target.items():
        index = integer(level, "target level")
        _ = s.position(index) if isinstance(s, FloatSpectrum) else s.level(index)
        powers[index] = exact_rational(power, f"power of target level {level}", least=0)
    if sum(powers.values()) == 0:
        msg = f"target = {dict(target)}: its power is 0, so nothing can be learned"
        raise OutOfDomain(msg)
    return powers


def _powers(s: Spectrum | FloatSpectrum, target: np.ndarray) -> Any:
    array = float64_array(target, "target")
    count = len(s) if isinstance(s, FloatSpectrum) else len(s.levels)
    if array.shape != (count,):
        msg = f"target has shape {array.shape}; the spectrum has {count} levels"
        raise OutOfDomain(msg)
    if array.min() < 0:
        worst = int(np.argmin(array))
        msg = f"target[{worst}] = {array[worst]:g} must be at least 0"
        raise OutOfDomain(msg)
    if not array.any():
        msg = "target: its power is 0 in every level, so nothing can be learned"
        raise OutOfDomain(msg)
    if isinstance(s, FloatSpectrum):
        return array
    indices = (x.index for x in s.levels)
    return {k: exact_rational(x, "target") for k, x in zip(indices, array, strict=True)}


def _announce(grid: Grid, spectra: int, targets: int, levels: int, progress) -> None:
    """Refuse what does not fit; say how much memory large results take."""
    cases = int(np.prod(grid.shape, dtype=np.float64))
    needed = 8 * cases * spectra * (1 + levels + 6 * targets)
    size = f"{cases} cases of {spectra} spectra and {targets} targets"
    if needed > MAX_BYTES:
        msg = (
            f"{size} take {needed / 2**30:.1f} GiB of results; at most "
            f"{MAX_BYTES >> 30} GiB are made at once: call predict for parts of them"
        )
        raise Unsupported(msg)
    if progress is not None and needed > ANNOUNCED:
        progress(0, 1, f"{size}: {needed / 2**30:.2f} GiB of results")
