"""Wide features: the coefficient of 1/w, and the width at which it no longer matters."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.random_features.levels import floats_of
from numerics.statistics.predict import predict
from theory import NoConvergence, OutOfDomain, notation
from theory.chain import Chain
from theory.numbers import rational
from theory.random_features import equations as of
from theory.random_features import width_law as law

LOOKED_AT = 241
WIDEST = 2**52
_coefficient = build(
    Chain(
        (
            (of.learned, of.learned_sum),
            (of.rise, of.modes_rise.rhs),
            (of.squares, of.modes_squared.rhs),
            (law.ridge_slope.lhs, law.ridge_slope.rhs),
        ),
        law.law.rhs,
    ),
    ARRAYS,
)
_needed = build(law.enough.rhs, ARRAYS)


def wide_coefficient(
    s: Any, target: Any, n: Any, ridge: Any = 0, noise: Any = 0
) -> np.ndarray:
    """The coefficient c of E(w) = E + c/w + O(1/w²); an approximation, as E(w) is.

    Parameters
    ----------
    s, target, n, ridge, noise
        As ``predict`` takes them, for one spectrum and one target.

    Returns
    -------
    numpy.ndarray
        Of the broadcast shape of n, ridge and noise; 0 without data, and where n exceeds
        the modes without ridge: there every w above the modes gives the same.

    Examples
    --------
    >>> from numerics import FloatSpectrum
    >>> lam = np.arange(1.0, 301) ** -1.5
    >>> power = np.arange(1.0, 301) ** -2.0
    >>> s = FloatSpectrum.from_arrays(lam)
    >>> wide_coefficient(s, power / power.sum(), [20, 50, 100], noise="1/10").round(5)
    array([ 4.34905,  7.24281, 11.83734])
    """
    fast, power, values = floats_of(s, target)
    p = predict(fast, power, n, ridge, noise)
    floats = lambda x: np.asarray(x).astype(np.float64).ravel()
    c = floats(p.C)
    some = np.isfinite(c) & (c > 0)
    case = {
        notation.C: c,
        notation.n: floats(p.n),
        notation.noise: floats(p.noise),
        notation.bias: floats(p.bias),
        notation.overfitting: floats(p.E0),
    }
    found = np.zeros(len(c))
    if some.any():
        found[some] = _coefficient(values | {k: x[some] for k, x in case.items()})
    return found.reshape(p.n.shape)


@dataclass(frozen=True, slots=True)
class WidthNeeded:
    """The width from which on the test MSE stays within a factor of the kernel's.

    Attributes
    ----------
    width
        The least such number of features.
    by_law
        What the law in 1/w says; negative where finite width lowers the error.
    test_mse, kernel_test_mse
        The test MSE at that width, and of the kernel.
    """

    width: int
    by_law: float
    test_mse: float
    kernel_test_mse: float


def width_needed(
    s: Any, target: Any, n: Any, factor: Any, ridge: Any = 0, noise: Any = 0
) -> WidthNeeded:
    """The least width from which on the test MSE is at most ``factor`` times the kernel's.

    It is searched downward from widths at which the error is the kernel's, on a fine
    grid and then one by one, since errors may rise and fall with the width.

    Parameters
    ----------
    s, target, n, ridge, noise
        As ``predict`` takes them, for one problem.
    factor
        1 + ε, above 1.

    Raises
    ------
    OutOfDomain
        When the factor is not above 1, or the kernel's error is 0 or infinite.
    NoConvergence
        When no width below 2⁵² is enough.

    Examples
    --------
    >>> from numerics import FloatSpectrum
    >>> lam = np.arange(1.0, 301) ** -1.5
    >>> s = FloatSpectrum.from_arrays(lam)
    >>> found = width_needed(s, lam / lam.sum(), 50, "1.01", noise="1/10")
    >>> found.test_mse <= 1.01 * found.kernel_test_mse, found.width > found.by_law > 1000
    (True, True)
    """
    times = rational(factor, "factor")
    if times <= 1:
        raise OutOfDomain(f"factor = {times} must be above 1")
    fast, power, _ = floats_of(s, target)
    limit = float(predict(fast, power, n, ridge, noise).test_mse)
    if not 0 < limit < np.inf:
        raise OutOfDomain(
            f"the kernel's test MSE at n = {n} is {limit:g}: no factor of it is meant"
        )

    def errors(widths: Any) -> np.ndarray:
        return predict(fast, power, n, ridge, noise, width=widths).test_mse

    allowed = float(times) * limit
    coefficient = float(wide_coefficient(fast, power, n, ridge, noise))
    values = {
        law.coefficient: coefficient,
        law.factor: float(times - 1),
        notation.test_mse: limit,
    }
    by_law = float(_needed(values))
    top = int(min(WIDEST, max(64, 4 * abs(by_law), 64 * float(rational(n, "n")))))
    grid = np.unique(np.geomspace(1, top, LOOKED_AT).astype(np.int64))
    above = np.flatnonzero(errors(grid) > allowed)
    if len(above) and above[-1] == len(grid) - 1:
        raise NoConvergence(
            f"width {top} is not enough for a factor {float(times):g}; take a larger one"
        )
    low = int(grid[above[-1]]) if len(above) else 0
    high = int(grid[above[-1] + 1]) if len(above) else 1
    while high - low > 1:
        middle = (low + high) // 2
        enough = float(errors(middle)) <= allowed
        low, high = (low, middle) if enough else (middle, high)
    return WidthNeeded(high, by_law, float(errors(high)), limit)
