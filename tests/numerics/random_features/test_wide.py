"""The law in 1/w against the equations themselves, and the width that is enough."""

import numpy as np
import pytest

from numerics import FloatSpectrum, Spectrum, predict
from numerics.random_features import wide_coefficient, width_needed
from theory import OutOfDomain

MODES = np.arange(1.0, 301)
POWER = MODES**-2.0 / np.sum(MODES**-2.0)
R = FloatSpectrum.from_arrays(MODES**-1.5)


def test_reference_numbers():
    """Computed once by an independent program."""
    found = wide_coefficient(R, POWER, [20, 50, 100], noise="1/10")
    assert np.allclose(found, [4.349047, 7.242811, 11.837340], rtol=2e-7)
    with_ridge = wide_coefficient(R, POWER, 50, "0.05", noise="1/10")
    assert np.isclose(with_ridge, 4.781176, rtol=2e-7)


@pytest.mark.parametrize("seed", range(4))
def test_the_coefficient_is_what_wide_features_have(seed):
    """Random levels, multiplicities, targets and ridges; from two widths, w² cancels."""
    random = np.random.default_rng(seed)
    levels = [
        (str(x), int(g))
        for x, g in zip(
            random.exponential(size=6).round(4) + 0.001,
            random.integers(3, 40, 6),
            strict=True,
        )
    ]
    s = Spectrum.from_levels(levels)
    target = {
        k: str(round(float(x), 3)) for k, x in enumerate(random.uniform(0.1, 1, 6))
    }
    n = int(random.integers(3, 15))
    ridge = str(round(float(random.choice([0, 0.01, 1.0])), 3))
    kernel = predict(s, target, n, ridge, "1/20").test_mse
    w = np.array([10**5, 2 * 10**5])
    once, twice = w * (predict(s, target, n, ridge, "1/20", width=w).test_mse - kernel)
    found = float(wide_coefficient(s, target, n, ridge, "1/20"))
    assert np.isclose(2 * twice - once, found, rtol=1e-5, atol=1e-5)


def test_where_all_modes_are_learned_the_width_does_not_matter():
    one = Spectrum.from_levels([(1, 4)])
    assert wide_coefficient(one, {0: 1}, [0, 10]).tolist() == [0, 0]


def test_the_width_needed_is_the_least():
    found = width_needed(R, POWER, 50, "1.1", noise="1/10")
    near = [found.width - 1, found.width]
    errors = predict(R, POWER, 50, noise="1/10", width=near).test_mse
    assert errors[0] > 1.1 * found.kernel_test_mse >= errors[1]
    assert np.isclose(errors[1], found.test_mse, rtol=1e-12)
    # beyond the peak at w = n, although few features may do as well before it
    assert found.width > 50
    # the law becomes exact for small factors
    fine = width_needed(R, POWER, 50, "1.0001", noise="1/10")
    assert abs(fine.width / fine.by_law - 1) < 1e-3


def test_a_ridge_above_the_best_gains_nothing_by_a_width_below():
    found = width_needed(R, POWER, 50, "1.01", ridge=30, noise="1/10")
    assert found.test_mse <= 1.01 * found.kernel_test_mse


def test_what_has_no_meaning_is_refused():
    with pytest.raises(OutOfDomain, match="factor = 1 must be above 1"):
        width_needed(R, POWER, 50, 1)
    one = Spectrum.from_levels([(1, 4)])
    with pytest.raises(OutOfDomain, match="no factor of it is meant"):
        width_needed(one, {0: 1}, 4, 2)
