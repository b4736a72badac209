"""The ridge to use and the examples needed, against exhaustive search and regression."""

import numpy as np
import pytest

from theory import OutOfDomain
from verify.data import data_set, spectrum_of_data
from verify.data.advice import best_ridge, examples_needed, held_out

RNG = np.random.default_rng(4)
X = RNG.standard_normal((60, 4))
Y = np.sin(X[:, 0]) + 0.5 * RNG.standard_normal(60)


@pytest.fixture(scope="module")
def noisy():
    return spectrum_of_data("ntk:relu:depth=1,bias_variance=0.1", data_set(X, Y))


def test_no_other_ridge_is_better(noisy):
    best = best_ridge(noisy, 7)
    assert best > 0
    least = held_out(noisy, 7, best)
    for ridge in [0.0, *np.geomspace(1e-4, 1e4, 200)]:
        assert held_out(noisy, 7, float(ridge)) >= least * (1 - 1e-5)


def test_regression_agrees_that_it_is_better(noisy):
    best = best_ridge(noisy, 7)
    errors = [
        noisy.measure(7, str(x), trials=200, seed=1).held_out_mse.mean()
        for x in (best, best / 1e3, best * 1e2)
    ]
    assert errors[0] <= 1.01 * min(errors)
    assert max(errors) > 1.1 * errors[0]


def test_the_fewest_examples_by_trying_every_n(noisy):
    for goal, ridge in (("0.9", "1"), ("0.7", "1"), ("0.6", "2")):
        found = examples_needed(noisy, goal, ridge)
        every = [
            n for n in range(1, 60) if held_out(noisy, n, float(ridge)) <= float(goal)
        ]
        assert found.n == (every[0] if every else None)
        assert found.claimed == (found.n is not None and found.n <= 60 / 8)
    assert (
        examples_needed(noisy, "0.9", "auto").n <= examples_needed(noisy, "0.9", "1").n
    )
    never = examples_needed(noisy, "1e-9", "1")
    assert never.n is None
    assert "no n below the number of points" in str(never)
    with pytest.raises(OutOfDomain, match="goal"):
        examples_needed(noisy, 0)


def test_one_type_of_prediction(noisy):
    from learnability import Prediction  # the front door owns tables

    p = noisy.predict([3, 7, 30], ["1", "1/2", "2"], target="mean")
    assert isinstance(p, Prediction)
    assert p.claimed.tolist() == [True, True, False]
    for row, (n, ridge) in zip(p.rows(), [(3, 1), (7, 0.5), (30, 2)], strict=True):
        assert row["held_out_mse"] == pytest.approx(held_out(noisy, n, ridge), rel=1e-9)
    assert all("sampling" in remark for remark in p.remarks)
    assert "held_out_mse" in [column.key for column in p.table().columns]
    assert p.to_dataframe()["claimed"].tolist() == ["yes", "yes", "no"]
