"""Predictions for n distinct points of a domain of M, in float64: spectra of data.

The implicit equation and its statistics are those of
``theory.statistics.finite_population``; with ``points = ∞`` they are the usual ones. C
is found in log C, so its error is relative whatever its size: left of δ/M the balance
exceeds n, right of (tr K + δ)/n it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.float_solver import solve_constant
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import OutOfDomain, formulas, notation
from theory.formula import Formula
from theory.notation import j, lam
from theory.statistics import finite_population

RELATIVE_ERROR = 1e-11
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PopulationPrediction:
    """Statistics of every target at every n, on a domain of M points.

    Attributes
    ----------
    n
        Distinct training points, shape [size].
    ridge
        Absolute ridge δ.
    points
        M; ∞ where the usual formulas were asked for.
    C, learned, inverse_trace
        The constant, Σ L_i over all modes, and tr (K_DD + δ)⁻¹, shape [size].
    learnability, test_mse, train_mse
        Shape [size, target]; ``test_mse`` averages over all M points.
    held_out_mse
        The error on the points that were not in the data, shape [size, target].
    """

    n: NDArray[Any]
    ridge: float
    points: float
    C: Floats
    learned: Floats
    inverse_trace: Floats
    learnability: Floats
    test_mse: Floats
    train_mse: Floats
    held_out_mse: Floats


_programs: dict[str, Any] = {}
_learnability = build(formulas["learnability"].lhs, ARRAYS)


def _value(formula: Formula, values: dict[Any, Any]) -> Any:
    """A formula's right side, or the left side of a balance whose right side is n."""
    name = formula.name
    if name not in _programs:
        e = formula.lhs if formula.rhs == notation.n else formula.rhs
        _programs[name] = build(e, ARRAYS)
    return _programs[name](values)


def population_constant(
    eigenvalues: Floats,
    n: float,
    ridge: float = 0.0,
    points: float = inf,
    multiplicities: Floats | None = None,
) -> float:
    """C for n distinct points of a domain of M, within a relative error of 1e-11.

    Parameters
    ----------
    eigenvalues
        One for each mode, with respect to the uniform measure; at least 0.
    n
        Distinct points, 0 < n < M, and below the number of positive eigenvalues where
        there is no ridge.
    ridge
        Absolute ridge δ ≥ 0.
    points
        M, or ∞ for the usual equation.
    multiplicities
        How many modes share each eigenvalue; one each by default.

    Raises
    ------
    OutOfDomain
        When there is no root: the message says which n or ridge would have one.

    Examples
    --------
    >>> white = np.full(4, 2.0)                   # L = nλ/(Mλ + δ), exactly
    >>> round(population_constant(white, 2, ridge=1.0, points=4), 12)
    2.5
    """
    positive = eigenvalues > 0
    modes = eigenvalues[positive]
    counts = np.ones(len(modes)) if multiplicities is None else multiplicities[positive]
    total = float(counts.sum())
    if not 0 < n < points:
        raise OutOfDomain(
            f"n = {n:g} must lie between 1 and {points:g} − 1, the domain's points"
        )
    if ridge < 0:
        raise OutOfDomain(f"ridge = {ridge} must be at least 0")
    if ridge == 0:
        if n >= total:
            raise OutOfDomain(
                f"n = {n:g}: the kernel has only {total:g} modes, so without ridge "
                f"there is no C; pass a ridge or n < {total:g}"
            )
        one = np.ones(1)
        found = solve_constant(Atoms.of(modes, counts), n * one, 0 * one, 0 * one)
        return float(found[0])

    def excess(logarithm: float) -> float:
        values = _known(modes, n, ridge, points) | {notation.C: np.exp(logarithm)}
        values |= {notation.g: counts}
        return float(_value(finite_population.balance, values)) - n

    low = log(ridge) - log(min(points, 2 * n))
    high = log(float(np.sum(counts * modes)) + ridge) - log(n) + 1e-9
    root = scipy.optimize.brentq(excess, low, high, xtol=1e-14, rtol=1e-14, maxiter=200)
    return float(np.exp(root))


def predict_population(
    eigenvalues: Floats,
    powers: Floats,
    sizes: Sequence[float],
    ridge: float = 0.0,
    points: float = inf,
    held_out_of: int | None = None,
    constant_factor: float = 1.0,
) -> PopulationPrediction:
    """The learning curve of regression on n distinct points of a domain of M.

    The formulas are a conjecture with a ridge and the eigenlearning approximation
    without; the numbers are values of the formulas within a relative error of 1e-11.
    Where label noise is wanted, it belongs into the powers: labels on M points are a
    function on them.

    Parameters
    ----------
    eigenvalues
        λ_i of the M modes, shape [mode], with respect to the uniform measure.
    powers
        v_i² of each target, shape [target, mode].
    sizes
        Values of n, each from 1 to M − 1.
    ridge
        Absolute ridge δ.
    points
        M for the formula of a finite domain; ∞ for the usual one, which a ridge biases
        by O(n/M).
    held_out_of
        The domain's true number of points, of which n are drawn; M by default.
    constant_factor
        What C is multiplied by after it is solved for: a wrong theory, as a control.

    Raises
    ------
    OutOfDomain
        When shapes do not match, a target has no power, or an n has no root.

    Examples
    --------
    >>> found = predict_population(np.full(4, 2.0), np.ones((1, 4)) / 4, [2], points=4)
    >>> found.learnability.round(12).tolist(), found.held_out_mse.round(12).tolist()
    ([[0.5]], [[1.0]])
    """
    lam_values = np.asarray(eigenvalues, dtype=np.float64)
    power = np.atleast_2d(np.asarray(powers, dtype=np.float64))
    if lam_values.ndim != 1 or power.shape[1:] != lam_values.shape:
        raise OutOfDomain(
            f"eigenvalues {lam_values.shape} and powers {power.shape} must share their "
            "modes"
        )
    total = power.sum(axis=1)
    if not np.all(total > 0):
        raise OutOfDomain("powers: a target has no power, so nothing can be learned")
    real = float(points if held_out_of is None else held_out_of)
    rows = []
    for n in sizes:
        c = constant_factor * population_constant(lam_values, n, ridge, points)
        rows.append(_row(lam_values, power, total, n, ridge, points, real, c))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return PopulationPrediction(
        np.array(list(sizes)), float(ridge), float(points), *columns
    )


def _known(modes: Floats, n: float, ridge: float, points: float) -> dict[Any, Any]:
    return {
        lam: modes,
        notation.g: np.ones_like(modes),
        notation.n: float(n),
        notation.ridge: float(ridge),
        notation.points: float(points),
    }


def _row(modes, power, total, n: float, ridge: float, points: float, real: float, c):
    """C, Σ L, tr R, then L, the three errors, of every target at one n."""
    values = _known(modes, n, ridge, points) | {notation.C: c, lam[j]: modes}
    values |= {lam[notation.i]: modes}
    slope = _value(finite_population.ridge_slope, values)
    values[finite_population.slope_of_C] = slope
    learned = _learnability(values)
    mode_mse = _value(finite_population.test_mse, values)
    mode_train = _value(finite_population.train_formula, values)
    mse, train = power @ mode_mse, power @ mode_train
    errors = {notation.test_mse: mse, notation.train_mse: train}
    counts = {notation.points: real, notation.n: float(n)}
    endless = real == inf  # then the points drawn weigh nothing
    off = mse if endless else _value(finite_population.off_sample_mse, errors | counts)
    return (
        c,
        float(np.sum(learned)),
        float(_value(finite_population.trace, values)),
        power @ learned / total,
        mse,
        train,
        off,
    )
