"""Mean and covariance of the learned function, against regression at chosen points."""

import numpy as np
import pytest

from theory.errors import OutOfDomain
from theory.verdict import Verdict
from verify.regression.learned_values import compare_values, learned_values
from verify.regression.learned_values.judging import theory_of
from verify.regression.regression_problem import problem
from verify.regression.simulation import simulate

MAJORITY = "expr:sign(x1 + x2 + x3 + x4 + x5 + x6 + x7)"


def some_corners(count, seed=0):
    return 1 - 2 * np.random.default_rng(seed).integers(0, 2, (count, 8))


@pytest.fixture(scope="module")
def majority():
    x = some_corners(4)
    return learned_values(
        "gaussian:width=2", "hypercube:8", MAJORITY, 24, x, trials=1500
    )


def test_values_of_a_function_that_is_no_eigenfunction_are_predicted(majority):
    found = compare_values(majority)
    assert found.mean_verdict is Verdict.CONFIRMED, found.text
    assert found.covariance_verdict is Verdict.CONFIRMED, found.text


def test_errors_equal_everywhere_are_refuted_there(majority):
    """The closed form for Gaussian modes misses how the variance moves with the point."""
    p = theory_of(majority)
    x = majority.points
    even = p.function_mean(x), p.function_covariance(x, local=False)
    found = compare_values(majority, predicted=even)
    assert found.covariance_verdict is Verdict.REFUTED
    doubled = p.function_mean(x), 2 * p.function_covariance(x)
    assert (
        compare_values(majority, predicted=doubled).covariance_verdict
        is Verdict.REFUTED
    )
    shifted = p.function_mean(x) * 0.8, p.function_covariance(x)
    assert compare_values(majority, predicted=shifted).mean_verdict is Verdict.REFUTED


def test_noise_and_ridge_on_the_sphere():
    x = np.random.default_rng(1).standard_normal((3, 6))
    found = compare_values(
        learned_values(
            "gaussian:width=2", "sphere:6", "expr:x1 + x2*x3", 24, x, "1/20", "1/10", trials=600
        ),
        covariance_margin=0.5,
    )  # fmt: skip
    assert found.mean_verdict is not Verdict.REFUTED, found.text
    assert found.covariance_verdict is Verdict.CONFIRMED, found.text


def test_values_are_those_of_the_simulation_of_all_statistics():
    """Over all points of a small cube the mean squared gap is the measured test MSE."""
    x = 1 - 2 * ((np.arange(16)[:, None] >> np.arange(4)[::-1]) & 1)
    asked = ("exponential", "hypercube:4", "expr:x1*x2 + x3/2", 6)
    values = learned_values(*asked, x, "1/10", "1/5", trials=20, seed=3)
    gaps = np.mean((values.values - values.truth) ** 2, axis=1) + 0.2
    whole = simulate(problem(*asked, "1/10", "1/5"), 20, seed=3)
    assert np.allclose(gaps, whole.test_mse[:, 0])


@pytest.mark.parametrize(
    ("domain", "x"),
    [("circle", [0.3, 2.0]), ("circle:8", [0.0, np.pi / 4]), ("sphere:3", [[1, 2, 2]])],
)
def test_every_domain_is_evaluated_at_its_points(domain, x):
    found = learned_values("exponential", domain, {1: 1}, 4, x, trials=4)
    assert found.values.shape == (4, len(x))
    assert np.all(np.isfinite(found.values))


def test_points_that_the_domain_lacks_are_refused():
    with pytest.raises(OutOfDomain, match="no point of circle:8"):
        learned_values("exponential", "circle:8", {1: 1}, 4, [0.1], trials=4)
    with pytest.raises(OutOfDomain, match="never drawn twice"):
        learned_values(
            "exponential", "circle", {1: 1}, 4, [0.1], trials=4, repeated=True
        )
