"""The best time to stop beside the best ridge: published values, and a fine grid."""

import numpy as np
import pytest

from numerics import FloatSpectrum, predict
from numerics.training.stopping import best_stopping, flow_time
from theory import OutOfDomain, Unsupported

R = FloatSpectrum.from_arrays(np.arange(1, 301) ** -1.5)
POWER = np.arange(1, 301) ** -2.0 / np.sum(np.arange(1, 301) ** -2.0)


@pytest.mark.parametrize(
    ("noise", "time", "error", "other"),
    [
        ("1/100", 7.682, 0.0398050, 0.0401321),
        ("1", 0.161, 1.160279, 1.163260),
    ],
)
def test_published_optima(noise, time, error, other):
    found = best_stopping(R, POWER, 60, noise)
    assert found.time == pytest.approx(time, rel=5e-3)
    assert found.test_mse == pytest.approx(error, abs=6e-7)
    assert found.ridge_test_mse == pytest.approx(other, abs=6e-7)


def test_without_noise_training_goes_to_its_end():
    one = FloatSpectrum.from_arrays([1.0, 0.5], [4.0, 200.0])
    found = best_stopping(one, np.array([1.0, 0.0]), 2, 0)
    last = predict(one, np.array([1.0, 0.0]), 2).test_mse
    assert found.test_mse <= last


def test_steps_have_no_continuous_optimum():
    with pytest.raises(Unsupported, match="counts steps"):
        best_stopping(R, POWER, 60, rule="descent:rate=1/9")


def test_steps_of_a_trainer_are_a_time_of_flow():
    """(1 − 2ηs/n)^T of the mean squared error tends to exp(−τ s)."""
    rate, steps, n, s = 1e-4, 100_000, 40, 3.0
    left = (1 - 2 * rate * s / n) ** steps
    time = float(flow_time("1/10000", steps, n))
    assert left == pytest.approx(np.exp(-time * s), rel=1e-4)
    assert flow_time(1, 3, 5, mean=False, half=True) == 3
    with pytest.raises(OutOfDomain, match="n = 0"):
        flow_time(1, 1, 0)
