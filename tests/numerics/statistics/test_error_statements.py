"""What float64 states is true, and nearly met somewhere: a sixth of it would be wrong."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from flint import arb

from numerics import Ball, FloatSpectrum, Spectrum, predict
from numerics.spectra.one_level import Level

NAMES = ("C", "E0", "bias", "test_mse", "train_mse", "target_learnability")


def largest(found, other):
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = [getattr(other, x)[0] / getattr(found, x)[0] - 1 for x in NAMES]
    return float(np.nanmax(np.abs(gaps)))


@pytest.mark.filterwarnings("ignore:.*relative error")
def test_rounded_eigenvalues():
    error, n = 1e-6, np.array([30.0])
    s = FloatSpectrum.from_arrays([1.0, 0.25, 1e-3], [1, 3, 50])
    found = predict(replace(s, relative_error=error), {0: 1}, n)
    gaps = []
    for signs in product((-1, 1), repeat=3):
        moved = FloatSpectrum.from_arrays(
            s.values * (1 + error * np.array(signs)), s.counts
        )
        gaps.append(largest(found, predict(moved, {0: 1}, n)))
    assert found.relative_error / 6 < max(gaps) <= found.relative_error


@pytest.mark.filterwarnings("ignore:.*relative error")
def test_levels_of_open_sign():
    levels, n = [(1, 1), ("1e-6", 2)], np.array([1.1])
    s = Spectrum.from_levels(levels)
    last = Level(2, Ball(arb(0, "1e-14"), None, "open"), 10)
    found = predict(replace(s, levels=(*s.levels, last)), {0: 1}, n)
    full = predict(Spectrum.from_levels([*levels, ("1e-14", 10)]), {0: 1}, n)
    gap = largest(found, full)
    assert found.relative_error / 6 < gap <= found.relative_error
