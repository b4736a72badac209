"""Least squares: with more points than modes the limit of a small ridge is given."""

import numpy as np
import pytest
from sympy import Rational

from numerics import Spectrum, constant, predict
from verify.regression.mean import Mean


@pytest.mark.parametrize("n", [21, 30, 60])
def test_the_limit_of_a_small_ridge_is_given(n):
    s = Spectrum.from_levels([(1, 5), ("1/9", 15), (0, 3)])
    target, noise = {0: 1, 2: Rational(1, 7)}, "1/10"
    limit = predict(s, target, n, 0, noise, digits=20)
    near = predict(s, target, n, "1e-60", noise, digits=20)
    for name, values in limit.statistics.items():
        a, b = float(values[()]), float(near.statistics[name][()])
        assert a == pytest.approx(b, rel=1e-14, abs=1e-30), name
        floats = predict(s, target, n, 0, noise).statistics[name]
        assert float(floats) == pytest.approx(a, rel=1e-14), name
    assert float(limit.C[()]) == 0 == float(constant(s, n))
    assert limit.E0[()].contains(Rational(n, n - 20))


@pytest.mark.parametrize(("n", "said"), [(10, None), (30, 0.3), (60, 0.15)])
def test_least_squares_confirms_it(n, said):
    """A linear function of 20 inputs, solved by numpy.linalg.lstsq; noise 1/10."""
    theory = float(
        predict(Spectrum.from_levels([(1, 20)]), {0: 1}, n, noise="1/10").test_mse
    )
    assert said is None or theory == pytest.approx(said, rel=1e-14)
    random = np.random.default_rng(5)
    errors = []
    for _ in range(1500):
        x = random.choice([-1.0, 1.0], (n, 20))
        v = random.standard_normal(20)
        v /= np.sqrt(v @ v)
        y = x @ v + np.sqrt(0.1) * random.standard_normal(n)
        found = np.linalg.lstsq(x, y, rcond=None)[0]
        errors.append(np.sum((found - v) ** 2) + 0.1)
    mean = Mean.of(np.array(errors))
    assert abs(mean.value - theory) < 4 * mean.error + 0.06 * theory
    assert abs(mean.value - 1.3 * theory) > 4 * mean.error


def test_double_descent_peaks_at_the_number_of_modes():
    curve = predict(
        Spectrum.from_levels([(1, 20)]), {0: 1}, list(range(1, 61)), noise="1/10"
    ).test_mse
    assert np.argmax(curve) == 19
    assert curve[19] == np.inf
    assert np.all(np.diff(curve[13:19]) > 0)  # up from n = 14, where it had fallen to
    assert np.all(np.diff(curve[20:]) < 0)
