"""Random features in time: reference numbers, and limits against static ones."""

import numpy as np
import pytest

from numerics import FloatSpectrum, predict
from theory import Unsupported

MODES = np.arange(1, 301)
POWER = MODES**-2.0 / np.sum(MODES**-2.0)
R = FloatSpectrum.from_arrays(MODES**-1.5)
N, WIDTHS = [60, 90, 60, 50], [90, 60, 60, 400]


def of(n, width, **asked):
    return predict(R, POWER, n, noise="1/10", width=width, **asked)


def test_reference_numbers():
    """Computed once by an independent program, and simulated there."""
    p = of([60, 60, 90, 60], [90, 90, 60, 60], time=["0.3", 3, 3, 30])
    wanted = [0.195715111, 0.204373050, 0.205682492, 0.395537027]
    assert np.allclose(p.test_mse, wanted, rtol=3e-9)
    signal = p.test_mse - 0.1 * p.E0
    assert np.allclose(
        signal, [0.084159712, 0.054154071, 0.060270116, 0.108668693], rtol=1e-7
    )
    assert np.isnan(p.variance_features).all()


def test_one_round_of_tikhonov_is_the_ridge():
    p = of(N, WIDTHS, time=1, rule="tikhonov:ridge=1/5")
    q = of(N, WIDTHS, ridge="1/5")
    for name in ("E0", "bias", "variance", "test_mse", "train_mse"):
        assert np.allclose(getattr(p, name), getattr(q, name), rtol=1e-10), name
    z = np.array(N) - p.residual_trace
    learned = np.sum(MODES**-1.5 / (MODES**-1.5 + q.C[:, None]), axis=1)
    assert np.allclose(z, learned)


def test_training_to_its_end_is_no_ridge_and_none_is_no_predictor():
    n, w = N[:2], WIDTHS[:2]
    late = of(n, w, time=1e5)
    assert np.allclose(late.test_mse, of(n, w).test_mse, rtol=1e-5)
    assert np.allclose(of(n, w, time=0).test_mse, 1.1)


@pytest.mark.parametrize("rule", ["flow", "descent:rate=1/100", "weight_decay:decay=1"])
def test_wide_features_are_the_kernel(rule):
    wide = of(N, 10**10, time=8, rule=rule)
    kernel = predict(R, POWER, N, noise="1/10", time=8, rule=rule)
    for name in ("E0", "bias", "test_mse", "train_mse", "residual_trace"):
        assert np.allclose(getattr(wide, name), getattr(kernel, name), rtol=1e-7), name


def test_small_steps_are_the_flow():
    steps = of(N, WIDTHS, time=3000, rule="descent:rate=1/1000")
    assert np.allclose(steps.test_mse, of(N, WIDTHS, time=3).test_mse, rtol=1e-4)


def test_samples_seen_once_are_refused():
    with pytest.raises(Unsupported, match="with a width"):
        of(60, 60, rule="sgd:rate=1/10")
