"""Float columns of a spectrum, its tail listed further while that leaves digits open."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from numerics.implicit_equation.float_solver import RELATIVE_ERROR
from numerics.spectra import refinement
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from theory import OutOfDomain

FINE = 1e-13
"""A tail is listed further until it leaves no larger relative error …"""
LISTED = 500
"""… or this many levels are listed; what is left open then is stated."""
WARN_ABOVE = 1e-9


def completed(s: Any) -> Spectrum | FloatSpectrum:
    """A spectrum with all levels of a finite domain listed, or floats as they are.

    Raises
    ------
    OutOfDomain
        When it is no spectrum.
    """
    if isinstance(s, FloatSpectrum):
        return s
    if not isinstance(s, Spectrum):
        raise OutOfDomain(
            f"s = {s!r:.80} is no spectrum; see spectrum() and FloatSpectrum.from_arrays"
        )
    return refinement.completed(s)


def sharpened(
    s: Spectrum | FloatSpectrum, grid: Grid, columns: Callable[[FloatSpectrum], Any]
) -> Any:
    """What ``columns`` makes of the spectrum; its ``error`` is a bound for each case."""
    while True:
        fast = s if isinstance(s, FloatSpectrum) else s.floats()
        part = columns(fast)
        error = np.full(1, RELATIVE_ERROR) if part.error is None else part.error
        worst = float(np.max(error))
        open_part = worst if part.sharpenable is None else np.max(part.sharpenable)
        if open_part <= FINE or isinstance(s, FloatSpectrum) or s.is_complete:
            break
        if s.kernel is None or s.levels[-1].index >= LISTED:
            break
        s = s.extend()
    domain = getattr(s.source if isinstance(s, FloatSpectrum) else s, "domain", None)
    if domain is not None and domain.invariant == "pair":
        return (
            part  # float64 is all there is: the error is stated, and no digits to ask
        )
    # a spectrum that is float64 from the start has said what its eigenvalues keep
    known = 8 * s.relative_error if isinstance(s, FloatSpectrum) else 0.0
    if worst > max(WARN_ABOVE, known):
        lost = int(np.ceil(16 + np.log10(worst)))
        where = grid.places(error == worst)
        warnings.warn(
            f"float64 predictions keep a relative error of {worst:.1e}{where}: "
            f"{lost} of 16 digits are lost, to what the levels above {fast.index[-1]} "
            "and the eigenvalues' own errors leave open; list more levels, or ask for "
            "digits",
            stacklevel=4,
        )
    return part
