"""What float64 states about tails is true, and not far above what happens."""

from dataclasses import replace

import numpy as np
import pytest

from numerics import FloatSpectrum, Spectrum, predict
from numerics.spectra.floats.float_tail import FloatTail

M, MASS, TINY = 2.0**-6, 0.5, 2.0**-40


def worst(share, n):
    """The largest relative error of any statistic, and the error that is stated.

    A tail of two kinds of levels, at its bound and near 0, moves C by as much as the
    statement allows for; float64 sees it as one level.
    """
    mean = share * M + (1 - share) * TINY
    seen = replace(
        FloatSpectrum.from_arrays([1.0, 0.5], [1, 3]), tail=FloatTail(MASS, mean, M)
    )
    levels = [
        (1, 1),
        ("1/2", 3),
        (f"{M}", int(share * MASS / M)),
        (f"{TINY:.60f}", int((1 - share) * MASS / TINY)),
    ]
    with pytest.warns(UserWarning, match="relative error"):
        found = predict(seen, {0: 1, 1: 1}, np.array([n]))
    exact = predict(Spectrum.from_levels(levels), {0: 1, 1: 1}, [n], digits=20)
    gaps = [
        abs(getattr(found, name)[0] / float(getattr(exact, name)[0]) - 1)
        for name in ("C", "E0", "bias", "test_mse")
    ]
    return max(gaps), found.relative_error


@pytest.mark.parametrize("share", [0.25, 0.5])
@pytest.mark.parametrize("n", [2.0, 8.0, 20.0])
def test_the_error_of_a_tail_is_stated_and_is_nearly_met(share, n):
    gap, stated = worst(share, n)
    assert stated / 6 < gap <= stated


def test_the_spread_of_a_tail_is_what_two_kinds_of_levels_make():
    share = 0.5
    tail = FloatTail(MASS, share * M, M)
    for c in (M / 3, M, 30 * M):
        total, steep = (float(x) for x in tail.spread(np.array(c)))
        one = MASS / (share * M + c)
        two = MASS * (share / (M + c) + (1 - share) / c)
        assert total == pytest.approx(two - one, rel=1e-12)
        flat = MASS * c / (share * M + c) ** 2
        bent = MASS * c * (share / (M + c) ** 2 + (1 - share) / c**2)
        assert steep >= abs(bent - flat) * (1 - 1e-12)
        assert steep <= 4 * abs(bent - flat)


def test_errors_of_the_two_sums_enter():
    exact, rough = FloatTail(2.0, 0.5, 0.5), FloatTail(2.0, 0.5, 0.5, 0.25, 0.125)
    c = np.array(1.5)
    assert [float(x) for x in exact.spread(c)] == [0, 0]
    total, steep = (float(x) for x in rough.spread(c))
    assert total == pytest.approx(0.25 / 1.5 + 2 * 0.125 / (1.5 * 2))
    assert steep == pytest.approx(2 * total)


def test_a_tail_below_the_range_of_float64_takes_nothing():
    listed = FloatSpectrum.from_arrays([1.0, 0.5], [1, 3])
    seen = replace(listed, tail=FloatTail(0.0, 0.0, 0.0))
    with_tail, without = predict(seen, {1: 1}, 2), predict(listed, {1: 1}, 2)
    assert with_tail.test_mse == without.test_mse
    assert with_tail.C == without.C
