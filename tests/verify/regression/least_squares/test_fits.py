"""Least squares by numpy, on both sides of n = N, against the theory."""

import pytest

from numerics import predict, spectrum
from theory.errors import Unsupported
from verify.regression.least_squares import fitted_features


@pytest.mark.parametrize(("n", "mse"), [(10, 0.7), (30, 0.3), (60, 0.15)])
def test_linear_regression_descends_twice(n, mse):
    s = spectrum("expr:t", "hypercube:20")
    assert predict(s, {1: 1}, n, noise="1/10").test_mse == pytest.approx(mse)
    found = fitted_features("expr:t", "hypercube:20", {1: 1}, n, "1/10", trials=300)
    assert abs(found.value - mse) < 4 * found.error
    assert found.error < 0.05 * mse


@pytest.mark.parametrize("n", [20, 150])
def test_polynomial_regression_with_power_outside_its_modes(n):
    """Degree 2 on 8 bits: 37 modes; level 3 cannot be learned and acts like noise."""
    kernel, target = "expr:(1 + t)^2", {1: 1, 2: "1/2"}
    s = spectrum(kernel, "hypercube:8")
    said = float(predict(s, target, n, noise="1/5").test_mse)
    found = fitted_features(kernel, "hypercube:8", target, n, "1/5", trials=200)
    assert abs(found.value / said - 1) < 0.15


def test_the_sphere_is_linear_and_infinitely_many_modes_are_refused():
    found = fitted_features("expr:t", "sphere:6", {1: 1}, 40, "1/10", trials=100)
    assert abs(found.value - 0.1 * 40 / 34) < 5 * found.error
    with pytest.raises(Unsupported, match="infinitely many"):
        fitted_features("gaussian:width=2", "circle", {1: 1}, 4)
