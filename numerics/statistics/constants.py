"""The constant C of a spectrum: enclosed, or in float64 over arrays."""

from typing import Any, overload

import numpy as np

from numerics.implicit_equation.proved_solver import proved_constant
from numerics.numbers.ball import Ball
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.predict_floats import float_columns
from numerics.statistics.questions.evaluation import Columns
from numerics.statistics.sharpened_floats import completed, sharpened


@overload
def constant(s: Spectrum, n: Any, ridge: Any = 0, digits: int = 30) -> Ball: ...
@overload
def constant(
    s: Spectrum | FloatSpectrum, n: Any, ridge: Any = 0, *, digits: None
) -> np.ndarray: ...
@overload
def constant(s: FloatSpectrum, n: Any, ridge: Any = 0) -> np.ndarray: ...
def constant(
    s: Spectrum | FloatSpectrum, n: Any, ridge: Any = 0, digits: int | None = 30
) -> Ball | np.ndarray:
    """The root C of Σ g λ/(λ + C) + δ/C = n, enclosed to ``digits`` digits.

    Parameters
    ----------
    s
        A spectrum; it is refined by itself when it has too few digits.
    n
        Number of training points, any exact real number. "256 - 1e-20" is read without
        loss.
    ridge
        δ ≥ 0, absolute: the predictor inverts K + δ.
    digits
        Proved significant digits; None for float64, where n and ridge may be arrays. A
        spectrum of floats has no other C.

    Returns
    -------
    Ball
        C; ∞ at n = 0, and without ridge exactly 0 from n = N on, the limit of a ridge
        that falls to 0. In float64 an array of the broadcast shape, with the relative
        error that ``predict`` states.

    Raises
    ------
    OutOfDomain
        When n or ridge is negative.
    Disagreement
        When it is open whether n is below the number of modes, without ridge.
    NoConvergence
        When the digits could not be reached.
    Unsupported
        When so many digits would not fit into memory.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> one = Spectrum.from_levels([(1, 3)])       # C = λ(g − n)/n
    >>> constant(one, 2).contains("1/2"), str(constant(one, 3)), str(constant(one, 0))
    (True, '0', 'inf')
    """
    if digits is None or isinstance(s, FloatSpectrum):
        return constants(s, n, ridge)
    return proved_constant(s, n, ridge, digits)


def constants(s: Spectrum | FloatSpectrum, n: Any, ridge: Any = 0) -> np.ndarray:
    """C in float64 over arrays of n and ridge; see ``constant``.

    Examples
    --------
    >>> constants(FloatSpectrum.from_arrays([1.0], [3]), [1, 2, 3, 4])
    array([2. , 0.5, 0. , 0. ])
    """
    grid = Grid.of(n=n, ridge=ridge, noise=0)

    def columns(fast: FloatSpectrum) -> Columns:
        _, c, error = float_columns(fast, [], grid)
        return Columns(c, [], {}, error)

    return sharpened(completed(s), grid, columns).C.reshape(grid.shape)
