"""What theory predicts for a problem: against proved values, limits, and regression."""

import pytest

from numerics import predict, spectrum
from theory import OutOfDomain, Unsupported, kernels
from verify.regression import problem, simulate
from verify.regression.predicted import predicted

NTK = "ntk:relu:depth=2,bias_variance=0.1"


@pytest.mark.parametrize("domain", ["hypercube:6", "circle:20", "sphere:5"])
@pytest.mark.parametrize(("ridge", "noise"), [(0, 0), ("1/3", "1/5")])
def test_the_usual_equation_gives_the_proved_values(domain, ridge, noise):
    asked = problem(NTK, domain, [{0: 1, 2: "1/2"}], 9, ridge, noise)
    found = predicted(asked, equation="eigenlearning")
    s = spectrum(NTK, domain, levels=None if domain != "sphere:5" else range(61))
    proved = predict(s, {0: 1, 2: "1/2"}, 9, ridge, noise, digits=8)
    # on the sphere the tail is one level: third order in λ/C
    slack = 1e-9 if domain != "sphere:5" else 1e-6
    for name in ("bias", "variance", "test_mse", "train_mse"):
        expected = float(getattr(proved, name).item())
        assert found.value(name) == pytest.approx(expected, rel=slack, abs=1e-15), name
    assert found.C == pytest.approx(float(proved.C.item()), rel=slack)
    expected = float(proved.target_learnability.item())
    assert found.value("learnability") == pytest.approx(expected, rel=slack)


def test_without_ridge_and_noise_a_finite_domain_changes_nothing():
    asked = problem(NTK, "hypercube:6", {1: 1}, 20)
    here, usual = predicted(asked), predicted(asked, equation="eigenlearning")
    assert here.equation == "finite_population"
    for name in ("learnability", "bias", "variance", "test_mse"):
        assert here.value(name) == pytest.approx(usual.value(name), rel=1e-9)
    assert here.inverse_trace == pytest.approx(
        usual.inverse_trace * (1 - 20 / 64), rel=1e-9
    )


@pytest.mark.parametrize(("ridge", "noise"), [(0, "1/2"), ("1/2", "1/2"), ("1/2", 0)])
def test_all_points_of_a_domain_are_exact(ridge, noise):
    asked = problem(NTK, "hypercube:4", {2: 1}, 16, ridge, noise)
    theory, found = predicted(asked), simulate(asked, 2000)
    for name in ("learnability", "bias", "variance", "test_mse", "train_mse"):
        mean = found.mean(name)
        slack = 4.5 * mean.error + 1e-10
        assert abs(mean.value - theory.value(name)) < slack, name


def test_distinct_points_are_what_counts_with_replacement():
    asked = problem(NTK, "hypercube:6", {1: 1}, 40, sampling="with_replacement")
    assert predicted(asked).n == pytest.approx(64 * (1 - (63 / 64) ** 40))
    wrong = predicted(asked, sampling="without_replacement")
    assert wrong.n == 40
    ridged = problem(NTK, "hypercube:6", {1: 1}, 40, 1, sampling="with_replacement")
    assert (predicted(ridged).n, predicted(ridged).equation) == (40, "eigenlearning")


def test_noise_leaves_as_much_on_the_training_set_as_theory_says():
    asked = problem(NTK, "hypercube:7", {1: 1}, 40, 1, 1)
    theory, found = predicted(asked), simulate(asked, 2000)
    assert found.mean("train_mse").value == pytest.approx(
        theory.value("train_mse"), rel=0.03
    )
    usual = predicted(asked, equation="eigenlearning")
    assert usual.value("train_mse") > 1.1 * theory.value("train_mse")


def test_the_constant_is_the_inverse_trace_of_the_resolvent():
    asked = problem(NTK, "sphere:5", {1: 1}, 40, "1/10")
    theory, found = predicted(asked), simulate(asked, 300)
    assert found.mean("constant").value == pytest.approx(theory.constant, rel=0.05)
    assert found.mean("learned").value == pytest.approx(theory.learned, rel=0.005)


@pytest.mark.parametrize("sampling", ["without_replacement", "with_replacement"])
@pytest.mark.parametrize("kernel", [NTK, "expr:cosh(2*t)", "expr:sinh(2*t)"])
def test_the_constant_where_points_or_antipodes_repeat(kernel, sampling):
    asked = problem(kernel, "hypercube:6", {1: 1}, 10, sampling=sampling)
    theory, found = predicted(asked), simulate(asked, 3000)
    for name in ("constant", "learned"):
        mean = found.mean(name)
        # the equation is an approximation: about 1 % at these sizes
        slack = 4.5 * mean.error + 0.015 * mean.value
        assert abs(mean.value - theory.value(name)) < slack, name


def test_the_gradient_sees_the_levels_that_were_left_out():
    asked = problem(NTK, "sphere:5", {1: 1, 2: 1}, 30, "1/10")
    theory, found = predicted(asked), simulate(asked, 400)
    mean = found.mean("gradient")
    assert mean.value == pytest.approx(theory.value("gradient"), rel=0.05)


def test_coefficients_fluctuate_together_by_the_rank_one_piece():
    asked = problem(NTK, "hypercube:8", {1: "1/2", 3: "1/2"}, 40)
    theory, found = predicted(asked), simulate(asked, 2000)
    pair = ((1, 0), (3, 0))
    measured = found.covariance(*pair)
    assert theory.covariance(*pair, rank_one=False) == 0
    assert measured.z(0.0) > 8
    # leading order in 1/n, for Gaussian modes: parities are within a factor of two
    assert 0.5 < measured.value / theory.covariance(*pair) < 2
    other = found.covariance((1, 1), (1, 1))
    assert other.value == pytest.approx(theory.covariance((1, 1), (1, 1)), rel=0.15)


def test_bad_arguments_are_named():
    asked = problem(NTK, "sphere:5", {1: 1}, 5)
    with pytest.raises(OutOfDomain, match="finite_population"):
        predicted(asked, equation="finite_population")
    with pytest.raises(OutOfDomain, match="was cut off"):
        predicted(problem(NTK, "sphere:5", {4: 1}, 5), levels=2)
    full = problem(kernels.polynomial(1), "hypercube:4", {1: 1}, 6)
    with pytest.raises(Unsupported, match="6 classes of points"):
        predicted(full)
