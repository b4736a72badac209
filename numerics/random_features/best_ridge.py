"""The best ridge of random features: δ is explicit in C, so no equation is solved."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.width_solver import solve_width
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.random_features.levels import floats_of
from numerics.statistics.predict import predict
from theory import formulas, notation
from theory.chain import Chain
from theory.numbers import integer, rational
from theory.random_features import equations as of
from theory.random_features import errors
from theory.random_features import width_law as law

LOOKED_AT = 600
DECADES = 8
STEPS = 60
_chain = Chain(
    (
        (of.learned, of.learned_sum),
        (of.rise, of.modes_rise.rhs),
        (of.free_points, notation.n - of.learned),
        (of.free_features, notation.width - of.learned),
        (notation.bias, formulas["bias"].rhs),
        (errors.variance_of_features, errors.features_variance.rhs),
        (errors.stiffness, errors.denominator.rhs),
        (law.bends, law.second.rhs),
        (law.crossed_slope, law.second_of_target.rhs),
        (notation.ridge, of.equation.lhs),
    ),
    law.slope.rhs,
)
_program = build(_chain, ARRAYS)


@dataclass(frozen=True, slots=True)
class FeatureRidge:
    """The best ridge δ of random features, and the test MSE there."""

    ridge: float
    test_mse: float


def best_feature_ridge(
    s: Any, target: Any, n: Any, width: Any, noise: Any = 0
) -> FeatureRidge:
    """The ridge δ ≥ 0 at which w random features have the least test MSE.

    All zeros of ``width_test_mse_slope`` over sixteen decades of C are compared, and
    δ = 0; errors can have several minima.

    Parameters
    ----------
    s, target, n, noise
        As ``predict`` takes them, for one problem.
    width
        Random features.

    Raises
    ------
    OutOfDomain
        When an argument is out of range.

    Examples
    --------
    >>> from numerics import FloatSpectrum
    >>> lam, power = (np.arange(1.0, 301) ** -x for x in (1.5, 2.0))
    >>> s = FloatSpectrum.from_arrays(lam)
    >>> found = best_feature_ridge(s, power / power.sum(), 60, 120, noise="1/10")
    >>> round(found.ridge, 5), round(found.test_mse, 6)
    (0.68215, 0.180082)
    """
    count = integer(width, "width", least=1)
    size = float(rational(n, "n", positive=True))
    fast, power, values = floats_of(s, target)
    values |= {
        notation.n: size,
        notation.width: float(count),
        notation.noise: float(rational(noise, "noise", least=0)),
    }
    kept = values[notation.lam] > 0
    atoms = Atoms.of(values[notation.lam][kept], values[notation.g][kept])
    trace = float(atoms.lam @ atoms.g)
    one, least = np.ones(1), trace / size * 10.0**-DECADES
    if min(size, count) < float(atoms.g.sum()):
        least = solve_width(atoms, size * one, 0 * one, 0 * one, count * one)[0]
    c = np.geomspace(least * (1 + 1e-9), trace * 10.0**DECADES, LOOKED_AT)

    def slope(at: Any) -> np.ndarray:
        return _program(values | {notation.C: np.asarray(at)})

    falls = slope(c) < 0
    down = np.flatnonzero(falls[:-1] & ~falls[1:])
    low, high = c[down], c[down + 1]
    for _ in range(STEPS if len(down) else 0):
        middle = np.sqrt(low * high)
        left = slope(middle) < 0
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    at = np.sqrt(low * high)
    ridges = [0.0]
    if len(at):
        bound = _program.bound(values | {notation.C: at})
        ridges += np.maximum(bound[notation.ridge], 0.0).tolist()
    found = predict(fast, power, n, np.array(ridges), noise, width=count).test_mse
    best = int(np.argmin(found))
    return FeatureRidge(ridges[best], float(found[best]))
