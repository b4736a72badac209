"""Predictions of the theory: every statistic of a target, over n, ridge and noise.

``digits=None`` computes in float64 with an error statement; ``digits=D`` encloses every
number. Both evaluate the statistics that ``theory.statistics`` defines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from flint import fmpq
from sympy import Rational

from numerics.ball import Ball, ball_of
from numerics.curves import RELATIVE_ERROR, solve_constant
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS, rational
from numerics.interpreters.program import Arithmetic, Program, build
from numerics.limits import limits
from numerics.precision import bits_for, working_precision
from numerics.solver import constant, require_root
from numerics.spectrum import Spectrum
from theory import NoConvergence, OutOfDomain, Unsupported, formulas, notation
from theory import statistics as theory_statistics
from theory.numbers import integer
from theory.numbers import rational as exact_rational

STATISTICS = {
    "E0": "overfitting_coefficient",
    "target_learnability": "target_learnability",
    "bias": "bias",
    "variance": "variance",
    "test_mse": "test_mse",
    "train_mse": "train_mse",
}
FLOAT_RANGE = (Fraction(1, 10**300), Fraction(10**300))
MAX_RAISES = 6


@dataclass(frozen=True)
class Prediction:
    """Statistics as arrays over the broadcast shape of n, ridge and noise.

    Entries are floats, or Balls where digits were asked for. ``bias`` leaves the label
    noise out, ``test_mse`` includes it.

    Attributes
    ----------
    n, ridge, noise
        The exact inputs, broadcast.
    C, E0, target_learnability, bias, variance, test_mse, train_mse
        The constant and the statistics.
    learnability
        Level → array, for the levels of the target.
    digits
        Proved digits, or None for float64.
    relative_error
        Bound of the relative error in float64 (0 where balls carry their own).
    """

    n: np.ndarray
    ridge: np.ndarray
    noise: np.ndarray
    C: np.ndarray
    E0: np.ndarray
    learnability: Mapping[int, np.ndarray]
    target_learnability: np.ndarray
    bias: np.ndarray
    variance: np.ndarray
    test_mse: np.ndarray
    train_mse: np.ndarray
    digits: int | None
    relative_error: float

    def rows(self) -> Iterator[dict[str, Any]]:
        """One mapping for each combination, in order; learnability is nested."""
        for index in np.ndindex(self.n.shape):
            row = {
                name: getattr(self, name)[index]
                for name in ("n", "ridge", "noise", "C", "E0")
            }
            row["learnability"] = {
                k: values[index] for k, values in self.learnability.items()
            }
            for name in list(STATISTICS)[1:]:
                row[name] = getattr(self, name)[index]
            yield row

    def to_xarray(self) -> Any:
        """The prediction as a labelled dataset over one axis (needs xarray)."""
        import xarray

        data = {
            name: ("case", np.ravel(getattr(self, name)).astype(float))
            for name in STATISTICS
        }
        data["C"] = ("case", np.ravel(self.C).astype(float))
        for k, values in self.learnability.items():
            data[f"learnability_{k}"] = ("case", np.ravel(values).astype(float))
        coordinates = {
            name: ("case", np.ravel(getattr(self, name)).astype(float))
            for name in ("n", "ridge", "noise")
        }
        return xarray.Dataset(data, coords=coordinates)


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
    powers = _target(s, target)
    grid = _broadcast(n=n, ridge=ridge, noise=noise)
    digits = None if digits is None else integer(digits, "digits", least=1)
    for size, delta in zip(grid["n"].flat, grid["ridge"].flat, strict=True):
        if delta == 0:
            require_root(s, size)
    columns = (
        _floats(s, powers, grid) if digits is None else _balls(s, powers, grid, digits)
    )
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


def _is_limit(s: Spectrum, size: Rational, delta: Rational) -> bool:
    return size == 0 or (delta == 0 and size == s.modes)


def _balls(s: Spectrum, powers, grid, digits: int) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {}
    cases = zip(grid["n"].flat, grid["ridge"].flat, grid["noise"].flat, strict=True)
    for size, delta, sigma2 in cases:
        if _is_limit(s, size, delta):
            row = limits(s, powers, size, delta, sigma2)
        else:
            row = _proved(s, powers, size, delta, sigma2, digits)
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


def _proved(s: Spectrum, powers, size, delta, sigma2, digits: int) -> dict[str, Ball]:
    """All statistics of one case, with precision raised until each has its digits."""
    for guard in range(4, 4 + 12 * MAX_RAISES, 12):
        fine = s.refine(digits + guard + 2)
        c = constant(fine, size, delta, digits + guard)
        with working_precision(bits_for(digits + guard) + 64):
            row = {"C": c} | _statistics(fine, powers, size, delta, sigma2, c)
        if all(ball.digits >= digits for ball in row.values()):
            return row
    weakest = min(row, key=lambda name: row[name].digits)
    msg = (
        f"{weakest} at n = {size}, ridge = {delta} reached {row[weakest].digits:.0f} of "
        f"{digits} digits; give the spectrum more digits"
    )
    raise NoConvergence(msg)


def _statistics(s: Spectrum, powers, size, delta, sigma2, c: Ball) -> dict[str, Ball]:
    bits = bits_for(1000)
    values = {
        notation.lam: [level.eigenvalue.at(bits) for level in s.levels],
        notation.g: [fmpq(level.multiplicity) for level in s.levels],
        notation.power: [rational(powers.get(x.index, Rational(0))) for x in s.levels],
        notation.C: c.value,
        notation.n: rational(size),
        notation.ridge: rational(delta),
        notation.noise: rational(sigma2),
    }
    method = "theory's formula in ball arithmetic"
    row = {name: ball_of(run(values), method) for name, run in _programs(BALLS).items()}
    for k in powers:
        at = {
            notation.lam[notation.i]: s.level(k).eigenvalue.value,
            notation.C: c.value,
        }
        row[f"L{k}"] = ball_of(_learnability(BALLS)(at), method)
    return row


def _floats(s: Spectrum, powers, grid) -> dict[str, list[Any]]:
    lam, g = _float_levels(s)
    power = np.array([float(powers.get(x.index, 0)) for x in s.levels])
    sizes, deltas, noises = (list(grid[name].flat) for name in ("n", "ridge", "noise"))
    regular = [i for i in range(len(sizes)) if not _is_limit(s, sizes[i], deltas[i])]
    n = np.array([float(sizes[i]) for i in regular])
    rest = np.array(
        [
            float(sizes[i] - Rational(*float(sizes[i]).as_integer_ratio()))
            for i in regular
        ]
    )
    ridge = np.array([float(deltas[i]) for i in regular])
    positive = lam > 0
    c = (
        solve_constant(lam[positive], g[positive], n, rest, ridge)
        if regular
        else np.empty(0)
    )
    values = {
        notation.lam: lam,
        notation.g: g,
        notation.power: power,
        notation.C: c,
        notation.n: n,
        notation.ridge: ridge,
        notation.noise: np.array([float(noises[i]) for i in regular]),
    }
    found = {"C": c}
    for name, run in _programs(ARRAYS).items():
        found[name] = np.broadcast_to(run(values), c.shape)
    for k in powers:
        row = [x.index for x in s.levels].index(k)
        at = {notation.lam[notation.i]: lam[row], notation.C: c}
        found[f"L{k}"] = np.broadcast_to(_learnability(ARRAYS)(at), c.shape)
    columns = {name: np.empty(len(sizes)) for name in found}
    for i in set(range(len(sizes))) - set(regular):
        for name, ball in limits(s, powers, sizes[i], deltas[i], noises[i]).items():
            columns[name][i] = float(ball)
    for name, result in found.items():
        columns[name][regular] = result
    return {name: list(values) for name, values in columns.items()}


def _float_levels(s: Spectrum) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and multiplicities as floats, refused where float64 cannot hold them."""
    least, most = FLOAT_RANGE
    for level in s.levels:
        value, count = level.eigenvalue, level.multiplicity
        if value.sign and not (least < value.midpoint < most and count < most):
            msg = (
                f"level {level.index} (eigenvalue {value}, multiplicity of "
                f"{len(str(count))} digits) leaves the range of float64; "
                "ask for proved digits instead (digits=15)"
            )
            raise Unsupported(msg)
        if value.sign and value.digits < 16:
            return _float_levels(s.refine(17))
    lam = np.array(
        [float(x.eigenvalue) if x.eigenvalue.sign else 0.0 for x in s.levels]
    )
    return lam, np.array([float(x.multiplicity) for x in s.levels])


@lru_cache(maxsize=2)
def _by_name(arithmetic_name: str) -> tuple[dict[str, Program], Program]:
    arithmetic = {BALLS.name: BALLS, ARRAYS.name: ARRAYS}[arithmetic_name]
    programs = {
        name: build(theory_statistics.chain(formula), arithmetic)
        for name, formula in STATISTICS.items()
    }
    return programs, build(formulas["learnability"].lhs, arithmetic)


def _programs(arithmetic: Arithmetic) -> dict[str, Program]:
    return _by_name(arithmetic.name)[0]


def _learnability(arithmetic: Arithmetic) -> Program:
    return _by_name(arithmetic.name)[1]
