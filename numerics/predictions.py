"""Predictions of the theory: every statistic of a target, over n, ridge and noise.

``digits=None`` computes in float64 with an error statement; ``digits=D`` encloses every
number. Both evaluate the statistics that ``theory.statistics`` defines.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import Rational

from numerics.ball import Ball
from numerics.curves import RELATIVE_ERROR
from numerics.predict_floats import float_columns
from numerics.predict_proved import proved_columns
from numerics.prediction import Prediction
from numerics.solver import require_root
from numerics.spectrum import Spectrum
from theory import OutOfDomain
from theory.numbers import integer
from theory.numbers import rational as exact_rational

TAIL_DIGITS = 14
"""Digits proved for what is then given in float64, where a spectrum has a tail."""


def predict(
    s: Spectrum,
    target: Mapping[Any, Any],
    n: Any,
    ridge: Any = 0,
    noise: Any = 0,
    digits: int | None = None,
) -> Prediction:
    """Learnability, bias, variance and errors of a target, by the eigenlearning theory.

    The formulas are an approximation (see ``formulas["test_mse"].status``); the numbers
    are accurate values of the formulas.

    Parameters
    ----------
    s
        The kernel's spectrum.
    target
        Level → power, the sum of squared coefficients over the level's modes.
    n, ridge, noise
        Training points, ridge δ and noise variance σ²: numbers or sequences of exact
        numbers, broadcast against each other.
    digits
        Proved digits, or None for float64.

    Raises
    ------
    OutOfDomain
        When a level does not exist, the target has no power, an argument is negative,
        shapes do not broadcast, or n exceeds the modes without ridge.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> p = predict(Spectrum.from_levels([(1, 4)]), {0: 1}, [0, 1, 2, 4])
    >>> p.test_mse
    array([1.  , 0.75, 0.5 , 0.  ])
    """
    s = s.completed()
    powers = _target(s, target)
    grid = _broadcast(n=n, ridge=ridge, noise=noise)
    digits = None if digits is None else integer(digits, "digits", least=1)
    for size, delta in zip(grid["n"].flat, grid["ridge"].flat, strict=True):
        if delta == 0:
            require_root(s, size)
    if digits is None and s.is_complete:
        columns = float_columns(s, powers, grid)
    elif digits is None:
        proved = proved_columns(s, powers, grid, TAIL_DIGITS)
        columns = {name: [float(x) for x in found] for name, found in proved.items()}
    else:
        columns = proved_columns(s, powers, grid, digits)
    shape = grid["n"].shape
    arrays = {name: _shaped(values, shape) for name, values in columns.items()}
    learned = {k: arrays.pop(f"L{k}") for k in powers}
    return Prediction(
        **grid,
        **arrays,
        learnability=learned,
        digits=digits,
        relative_error=RELATIVE_ERROR if digits is None else 0.0,
    )


def _shaped(values: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    if values and isinstance(values[0], Ball):
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array.reshape(shape)
    return np.asarray(values, dtype=np.float64).reshape(shape)


def _target(s: Spectrum, target: Mapping[Any, Any]) -> dict[int, Rational]:
    if not target:
        msg = "target = {}: at least one level needs power"
        raise OutOfDomain(msg)
    powers = {}
    for level, power in target.items():
        index = s.level(integer(level, "target level")).index
        powers[index] = exact_rational(power, f"power of target level {level}", least=0)
    if sum(powers.values()) == 0:
        msg = f"target = {dict(target)}: its power is 0, so nothing can be learned"
        raise OutOfDomain(msg)
    return powers


def _broadcast(**given: Any) -> dict[str, np.ndarray]:
    arrays = {}
    for name, value in given.items():
        items = np.asarray(value, dtype=object)
        if items.size == 0:
            msg = f"{name} = {value!r} is empty"
            raise OutOfDomain(msg)
        flat = [exact_rational(item, name, least=0) for item in items.flat]
        filled = np.empty(len(flat), dtype=object)
        filled[:] = flat
        arrays[name] = filled.reshape(items.shape)
    try:
        return dict(zip(arrays, np.broadcast_arrays(*arrays.values()), strict=True))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        msg = f"shapes do not broadcast: {shapes}"
        raise OutOfDomain(msg) from None
