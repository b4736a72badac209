"""Levels and a target's powers as arrays, a tail as one level."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.statistics.sharpened_floats import completed
from numerics.targets.target_reading import read_target
from theory import notation

Floats = NDArray[np.float64]


def floats_of(s: Any, target: Any) -> tuple[Any, Floats, dict[Any, Floats]]:
    """A float spectrum, the target's power by position, and values of λ, g and v².

    Raises
    ------
    OutOfDomain
        When it is no spectrum, or a level of the target is not listed.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> _, power, values = floats_of(Spectrum.from_levels([(1, 2), (3, 4)]), {1: 1})
    >>> power.tolist(), values[notation.lam].tolist()
    ([0.0, 1.0], [1.0, 3.0])
    """
    whole = completed(s)
    fast = whole if isinstance(whole, FloatSpectrum) else whole.floats()
    if isinstance(target, np.ndarray):
        power = target
    else:
        source = fast.source
        powers = read_target(target, None if source is None else source.domain)
        power = np.zeros(len(fast))
        for level, value in powers.items():
            power[fast.position(level)] = float(value)
    lam, g = fast.at_scale(0)
    padded = np.append(power, np.zeros(len(lam) - len(power)))
    return fast, power, {notation.lam: lam, notation.g: g, notation.power: padded}
