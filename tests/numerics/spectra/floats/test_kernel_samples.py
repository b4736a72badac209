"""Float64 samples of a kernel: what they determine, and the warning where they do not."""

import numpy as np
import pytest

from numerics import spectrum
from numerics.spectra.floats.kernel_samples import from_samples
from theory import OutOfDomain


@pytest.mark.filterwarnings("ignore:float64 samples")
@pytest.mark.parametrize("d", [1, 12, 60])
def test_the_error_that_is_stated_holds_the_truth(d):
    found = from_samples(np.exp(1 - 2 * np.arange(d + 1) / d))
    s = spectrum("exponential:beta=1", f"hypercube:{d}")
    exact = np.array([float(x.eigenvalue) for x in s.levels])
    # exp itself rounds to one unit more
    assert np.all(np.abs(found.eigenvalue - exact) <= 3 * found.error)
    off = np.minimum(np.abs(found.eigenvalue / exact - 1), 1.0)
    assert np.all(np.log2(np.maximum(off, 2.0**-53)) + 53 <= found.lost_bits + 2.5)


def test_levels_without_a_digit_are_named_with_the_bits_that_others_lack():
    with pytest.warns(UserWarning, match=r"leave levels 1\d to 40 .* up to 4\d bits"):
        from_samples(np.exp(1 - 2 * np.arange(41) / 40))


@pytest.mark.parametrize(
    ("values", "match"),
    [
        (np.ones(5, np.float32), "float32"),
        ([1.0], r"shape \(1,\)"),
        ([[1.0, 2.0]], r"shape \(1, 2\)"),
        ([1.0, np.nan], r"samples\[1\] = nan"),
    ],
)
def test_bad_samples_are_refused(values, match):
    with pytest.raises(OutOfDomain, match=match):
        from_samples(values)
