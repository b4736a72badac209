"""The exact floor: known values, rules of all kinds that never go below, bad input."""

from fractions import Fraction

import numpy as np
import pytest

from theory import Hypercube, OutOfDomain, Unsupported
from verify.choice import error_floor
from verify.choice.exact_floor import framework_optimum
from verify.data import data
from verify.regression import problem, simulate
from verify.regression.domains.arrays import arrays_of

TARGET = "0=0.1,1=0.5,2=0.1,3=0.3"


@pytest.mark.parametrize(
    ("n", "noise", "value", "framework"),
    [
        (2, "0.1", 0.7797783552, 0.79556),
        (4, "0.1", 0.5236859074, 0.56475),
        (6, "0.5", 0.9135201221, 1.00387),
    ],
)
def test_enumerated_values(n, noise, value, framework):
    found = error_floor("hypercube:3", TARGET, n, noise)
    assert found.is_exact
    assert isinstance(found.value, Fraction)
    assert float(found.value) == pytest.approx(value, abs=1e-10)
    assert found.framework == pytest.approx(framework, abs=1e-5)
    assert found.lower == found.upper == float(found.value)


@pytest.mark.parametrize(
    ("target", "n", "value", "error"),
    [("4=1", 64, 0.2003, 0.0015), ("2=1", 16, 0.4453, 0.0011)],
)
def test_measured_values(target, n, value, error):
    found = error_floor("hypercube:8", target, n, draws=100)
    assert abs(found.value - value) < 4 * np.hypot(error, found.interval.error)
    assert found.framework < found.lower  # n C is no floor
    assert found.level_bound <= found.value


def test_a_measured_floor_agrees_with_the_enumerated_one(monkeypatch):
    exact = error_floor("hypercube:4", "1=1/2,2=1/2", 4, "0.2")
    monkeypatch.setattr("verify.choice.exact_floor.MOST_ENTRIES", 0)
    found = error_floor("hypercube:4", "1=1/2,2=1/2", 4, "0.2", draws=400)
    assert not found.is_exact
    assert abs(found.value - float(exact.value)) < 4 * found.interval.error


def test_its_kernel_reaches_it():
    found = error_floor("hypercube:5", "1=0.5,2=0.3,3=0.2", 24, "0.05", draws=200)
    asked = problem(
        found.kernel, "hypercube:5", dict(found_powers(found)), 24, "0.05", "0.05"
    )
    same = simulate(asked, 200, seed=5).mean("test_mse")
    assert abs(same.value - found.value) < 4 * np.hypot(
        same.error, found.interval.error
    )


def found_powers(floor):
    return {
        k: f"{v.numerator}/{v.denominator}" for k, v in floor.powers.items()
    }.items()


def nearest(far, labels):
    """The mean label of the nearest points."""
    near = far == far.min(axis=1, keepdims=True)
    return (near * labels).sum(axis=1) / near.sum(axis=1)


def smoothing(far, labels):
    weights = np.exp(-1.5 * far)
    return (weights * labels).sum(axis=1) / weights.sum(axis=1)


def majority(far, labels):
    """The mean label of all points, everywhere."""
    return np.full(len(far), labels.mean())


def early_stopping(far, labels, inner, steps=7):
    K = lambda m: np.exp(1 - 0.5 * m)
    cross, square, fit = K(far), K(inner), np.zeros(len(labels))
    weights = np.zeros(len(labels))
    for _ in range(steps):
        weights += 0.05 * (labels - fit)
        fit = square @ weights
    return cross @ weights


def random_kernel(far, labels, inner, generator):
    a = generator.exponential(size=5)
    K = lambda m: np.polyval(a, 1 - 2 * m / 4)
    ridge = generator.exponential()
    return K(far) @ np.linalg.solve(K(inner) + ridge * np.eye(len(labels)), labels)


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_no_equivariant_rule_goes_below(noise):
    """On all data sets of the 4-cube, drawn many times: every rule, every target."""
    d, n, trials = 4, 5, 400
    generator = np.random.default_rng(3)
    arrays = arrays_of(Hypercube(d))
    x = np.arange(2**d)
    values = 0.8 * arrays.mode(1, 0, x[None])[0] + 0.6 * arrays.mode(2, 0, x[None])[0]
    floor = error_floor(Hypercube(d), {1: "0.64", 2: "0.36"}, n, str(noise))
    data = arrays.draw(n, range(trials), 1, replace=False)
    errors = {
        name: [] for name in ("nearest", "smoothing", "mean", "stopped", "random")
    }
    for rows in data:
        labels = values[rows] + noise**0.5 * generator.standard_normal(n)
        far = np.bitwise_count(x[:, None] ^ rows).astype(float)
        inner = np.bitwise_count(rows[:, None] ^ rows).astype(float)
        fits = {
            "nearest": nearest(far, labels),
            "smoothing": smoothing(far, labels),
            "mean": majority(far, labels),
            "stopped": early_stopping(far, labels, inner),
            "random": random_kernel(far, labels, inner, generator),
        }
        for name, fit in fits.items():
            errors[name].append(np.mean((fit - values) ** 2) + noise)
    for name, some in errors.items():
        mean, error = np.mean(some), np.std(some) / trials**0.5
        assert mean > float(floor.value) - 4 * error, name


def test_the_framework_optimum():
    assert framework_optimum([0.6, 0.1, 0.3], [6, 15, 20], 10, 0.0) == pytest.approx(
        0.53078591, abs=1e-8
    )
    assert framework_optimum([1.0], [4], 4, 0.0) == 0


def test_bad_input_is_named():
    with pytest.raises(Unsupported, match="no group"):
        error_floor(data(np.eye(4), [0, 1, 1, 0]), {1: 1}, 3)
    with pytest.raises(OutOfDomain, match="sampling"):
        error_floor("sphere:3", {1: 1}, 3, sampling="distinct")
    with pytest.raises(OutOfDomain, match="n"):
        error_floor("hypercube:3", {1: 1}, 9)
    with pytest.raises(OutOfDomain, match="domain"):
        error_floor(3, {1: 1}, 3)
