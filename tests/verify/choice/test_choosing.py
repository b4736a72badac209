"""Choices: rankings that regression confirms, searches that find what is known, refusals."""

import json

import numpy as np
import pytest

from theory import OutOfDomain, Unsupported
from verify.choice import choose
from verify.data import data

KERNELS = [
    "nngp:relu:depth=1,bias_variance=0.1",
    "exponential:beta=1",
    "expr:t^4+0.1*t^2+0.01",
    "ntk:erf:depth=1",
]


@pytest.fixture(scope="module")
def ranked():
    return choose("hypercube:7", "2=1/2,4=1/2", 48, KERNELS, draws=60)


def test_the_obvious_kernel_is_not_the_best(ranked):
    """An even kernel suits an even target; the odd one learns nothing at all."""
    assert str(ranked.kernel) == "expr:t**4 + t**2/10 + 1/100"
    assert ranked.candidates[-1].test_mse == pytest.approx(1, rel=1e-3)
    assert ranked.test_mse > ranked.floor.lower > ranked.framework
    assert all(x.regret >= 1 for x in ranked.candidates)


def test_learnability_is_conserved(ranked):
    for x in ranked.candidates:
        assert sum(x.spent.values()) == pytest.approx(48, rel=1e-9)
        assert x.spent["ridge"] > -1e-6


def test_regression_confirms_the_ranking(ranked):
    found = ranked.verify(60, seed=3)
    assert found, str(found)
    assert found.tau[0] == 1
    assert found.controls["the ranking reversed"] is True
    assert found.excess < 0.05
    assert len(json.dumps(found.records())) > 100
    assert "pairs:" in str(found)


def test_a_wrong_ranking_is_refuted(ranked):
    from dataclasses import replace

    from verify.choice.ranking import compared

    rows = [replace(x, test_mse=1 / x.test_mse) for x in ranked.candidates]
    errors = np.random.default_rng(0).normal(1, 0.01, size=(4, 40))
    errors += np.array([x.test_mse for x in ranked.candidates])[:, None]
    assert {x.verdict for x in compared(rows, errors)} == {"wrong"}


def test_equal_kernels_are_tied():
    found = choose(
        "sphere:6",
        {1: 1},
        20,
        ["exponential:beta=1", "exponential:beta=1.01"],
        more=False,
    )
    assert [x.tied for x in found.candidates] == [False, True]
    assert "tied with" in found.verdict


def test_a_search_goes_below_all_that_is_named():
    found = choose(
        "hypercube:5", {1: "0.6", 2: "0.4"}, 10, noise="0.1", draws=20,
        activations=("relu", "erf"), depths=(1, 2), families=("ntk", "nngp"),
    )  # fmt: skip
    named = choose(
        "hypercube:5", {1: "0.6", 2: "0.4"}, 10, ["ntk:relu", "nngp:erf:bias_variance=1"],
        noise="0.1", more=False, draws=20,
    )  # fmt: skip
    assert found.test_mse <= named.test_mse
    assert found.evaluated > 100
    assert found.cone.value <= found.test_mse * 1.001
    assert sum(found.cone.coefficients) == pytest.approx(1)
    assert set(found.sensitivity) >= {"weight_variance"}
    assert 20 in found.frontier
    assert len(json.dumps(found.records())) > 100


def test_the_cone_of_one_degree_is_the_power_that_is_known():
    """Degree 4 of the 8-cube at n = 64: t¹², whose error in classes is 0.5616."""
    from numerics.choice.cone import best_in_cone
    from numerics.choice.search import SearchProblem
    from theory import Hypercube

    problem = SearchProblem(Hypercube(8), ({4: 1.0},), 64, 0.0, "distinct")
    found = best_in_cone(problem, lambda errors: errors[0])
    assert found.value == pytest.approx(0.5616, abs=2e-4)
    assert found.powers[int(np.argmax(found.coefficients))] == 12


def test_objectives():
    rows = ["exponential:beta=1", "polynomial:degree=1"]
    least = choose(
        "sphere:5", {1: 1}, 4, rows, objective="n", goal="0.3", more=False
    ).best
    assert least.value == int(least.value)
    at = choose("sphere:5", {1: 1}, int(least.value), rows, more=False)
    assert min(x.test_mse for x in at.candidates) <= 0.3
    worst = choose(
        "sphere:5", [{1: 1}, {2: 1}], 12, rows, objective="worst", more=False
    )
    assert worst.best.value == max(worst.best.errors)
    regret = choose(
        "sphere:5", {1: 1}, 12, rows, objective="regret", more=False, noise=1
    )
    assert regret.best.value == regret.regret >= 1 - 1e-12


def test_kernels_after_a_time_of_training():
    from numerics import predict, spectrum

    made = choose("hypercube:4", {1: 1}, 4, KERNELS[:2], time=3, draws=20)
    s = spectrum(KERNELS[1], "hypercube:4")
    p = predict(s, {1: 1}, 4, time=3, sampling="distinct")
    (own,) = [x for x in made.candidates if str(x.kernel) == KERNELS[1]]
    assert own.test_mse == pytest.approx(float(p.test_mse), rel=1e-9)
    assert "time = 3" in made.text
    with pytest.raises(Unsupported, match="time = 3"):
        made.verify(10)


def test_data_are_a_domain_to_choose_on(monkeypatch):
    monkeypatch.setattr("verify.choice.choosing.ON_DATA", KERNELS[:1])
    monkeypatch.setattr("verify.choice.choosing.WIDTHS", (1.2,))
    x = np.random.default_rng(0).standard_normal((80, 3))
    place = data(x, x[:, 0] - 0.3 * x[:, 1] ** 2)
    found = choose(
        place, n=10, kernels=["gaussian:width=3", "ntk:relu:bias_variance=0.1"]
    )
    assert found.floor is None
    assert found.framework is None
    measured = found.verify(40)
    assert measured.verdict in ("confirmed", "inconclusive")
    assert found.records()["data"]["points"] == 80
    assert choose(place, n=10).kernel.family in ("gaussian", "laplace", "nngp")


@pytest.mark.parametrize(
    ("options", "error", "word"),
    [
        ({"n": 0}, OutOfDomain, "n = 0"),
        ({"target": None}, OutOfDomain, "target"),
        ({"objective": "best"}, OutOfDomain, "objective"),
        ({"goal": 1}, OutOfDomain, "goal"),
        ({"ridge": -1}, OutOfDomain, "ridge"),
        ({"kernels": None, "families": ["fourier"]}, OutOfDomain, "fourier"),
        ({"sampling": "some"}, OutOfDomain, "sampling"),
        ({"kernels": None, "time": 3}, Unsupported, "time"),
        ({"domain": "square:3"}, OutOfDomain, "square"),
    ],
)
def test_bad_input_is_named(options, error, word):
    given = {"domain": "hypercube:4", "target": {1: 1}, "n": 3, "kernels": ["ntk:relu"]}
    with pytest.raises(error, match=word):
        choose(**(given | options))


@pytest.mark.slow
def test_nets_of_finite_width_follow_the_ranking(monkeypatch):
    monkeypatch.setattr("verify.choice.trained_candidates.LEAST", 2)
    found = choose("hypercube:4", {1: 1}, 8, ["ntk:relu:depth=1"], more=False)
    made = found.verify_nets(trials=3, width=16, steps=40)
    assert len(made.kernels) == 2
    assert made.verdict in ("confirmed", "inconclusive")
    assert "width 16" in made.how
    assert "40 steps" in made.how
    assert made.floor
    with pytest.raises(Unsupported, match="finite"):
        choose("sphere:4", {1: 1}, 5, KERNELS[:2], more=False).verify_nets()
