"""Constants of two parities: limits that are known, the exact value, and regression."""

import numpy as np
import pytest

from numerics import predict, spectrum
from numerics.choice.two_parities import TwoParities, signs_of
from theory import Hypercube, kernels
from verify.regression import problem, simulate

CUBE = Hypercube(7)
SIGNS = signs_of(CUBE, range(8))


def both(kernel, target, n, ridge, noise, domain=CUBE):
    s = spectrum(kernels.parse(kernel), domain, digits=15)
    lam, g = s.floats().eigenvalue[None], s.floats().multiplicity
    power = np.array([float(target.get(k, 0)) for k in range(len(g))])
    signs, points = signs_of(domain, range(len(g))), int(domain.size)
    found = TwoParities(lam, g, power, signs, n, points, noise)
    error, learned = found.at(np.array([float(ridge)]))
    return s, error[0], learned[0], g


def test_an_even_kernel_without_ridge_is_the_equation_in_classes():
    for noise, target in ((0, {2: 1}), ("0.3", {2: 0.5, 1: 0.5})):
        s, error, *_ = both("expr:t^2+0.3*t^6+0.02", target, 40, 0, float(noise))
        exact = {k: str(v) for k, v in target.items()}
        p = predict(s, exact, 40, 0, noise, sampling="distinct")
        assert error == pytest.approx(float(p.test_mse), rel=1e-6)


def test_learnabilities_sum_to_n_without_ridge():
    _, _, learned, g = both("ntk:relu:depth=2,bias_variance=0.01", {2: 1}, 30, 0, 0)
    assert learned @ g == pytest.approx(30, rel=1e-8)


def test_full_parity_has_its_exact_error():
    """White on even levels: 191/340 of 64 points on the 8-cube, by counting classes."""
    _, error, *_ = both("expr:t^200", {8: 1}, 64, 0, 0, Hypercube(8))
    assert error == pytest.approx(191 / 340, rel=1e-6)


@pytest.mark.parametrize(
    ("kernel", "target", "ridge", "noise"),
    [  # one parity dominates, where the finite-population equation is far off
        ("nngp:cos:depth=1,weight_variance=2,bias_variance=0.001", {2: 1}, "0", "0"),
        ("expr:t^4+0.1*t^2+0.01", {2: 0.5, 4: 0.5}, "0.05", "0.1"),
        ("ntk:sin:depth=1,bias_variance=0.001", {1: 0.6, 3: 0.4}, "0.02", "0.05"),
    ],
)
def test_regression_agrees(kernel, target, ridge, noise):
    _, error, *_ = both(kernel, target, 48, ridge, float(noise))
    exact = {k: str(v) for k, v in target.items()}
    found = simulate(problem(kernel, CUBE, exact, 48, ridge, noise), 200).mean(
        "test_mse"
    )
    assert abs(error - found.value) < 3 * found.error + 0.03 * found.value


def test_the_best_ridge_is_close_to_the_best_of_many():
    s, *_ = both("exponential:beta=2", {1: 0.6, 2: 0.4}, 40, 0, 0.2)
    lam, g = s.floats().eigenvalue[None], s.floats().multiplicity
    power = np.array([0, 0.6, 0.4, 0, 0, 0, 0, 0])
    found = TwoParities(lam, g, power, SIGNS, 40, 128, 0.2)
    ridge, error = found.best(24)
    pairs = 40 * 39 / 2 / 127
    other = [
        found.errors(np.array([x]), pairs, found.constants(np.array([x]), pairs))[0]
        for x in np.geomspace(1e-3, 1e3, 100)
    ]
    assert ridge[0] > 0
    assert error[0] <= min(other) * (1 + 2e-3)
