"""A question that lives in this file alone: docs/howto/question.md is this.

An ensemble of m predictors, each trained on a data set of its own, has the bias of one
and 1/m of its variance. Its training error and its overfitting coefficient mean nothing.
"""

import numpy as np
import pytest
from sympy import Symbol

from learnability import table
from learnability.table.predictions import measured_errors, records
from numerics import Spectrum, predict, spectrum
from theory import Formula, OutOfDomain, Unsupported, formulas, notation
from theory.numbers import rational
from theory.source import OURS
from theory.statistics import STATISTICS, Statistic
from theory.statistics.questions import QUESTIONS, Question
from theory.statistics.registry import Equations, outside, unbounded, whole
from verify.regression.asked import SIMULATIONS, simulates
from verify.regression.mean import Mean
from verify.regression.simulation import simulate

# question: begin
m = Symbol("m", positive=True)
n, N, noise = notation.n, notation.modes, notation.noise
MSE = Formula(
    name="ensemble_test_mse",
    says="An ensemble on independent data sets has the bias of one, and 1/m its variance.",
    lhs=notation.test_mse,
    rhs=notation.bias + noise + STATISTICS["variance"].formula.rhs / m,
    status="approximation",
    source=OURS,
)
ROW = Statistic(
    name="test_mse",
    formula=MSE,
    heading="test MSE",
    at_none=whole + noise,
    at_all=outside + noise + unbounded(outside + noise),
    beyond=outside + noise + (outside + noise) * N / (n - N) / m,
)


def read(value):
    return [rational(x, "ensemble", least=1) for x in np.atleast_1d(value)]


@pytest.fixture
def ensemble():
    question = QUESTIONS.register(
        Question(
            name="ensemble",
            says="How well do m predictors on data sets of their own do, averaged?",
            neutral=None,
            read=read,
            equations=lambda _: Equations(formulas["implicit_equation"], (ROW,)),
            letter=m,
            without_meaning=frozenset({"E0", "train_mse"}),
            per_case=True,
        )
    )

    @simulates("ensemble")
    def two(problem, value, trials, seed):
        """Neighboring data sets make an ensemble of two: bias + variance/2."""
        assert value == 2
        found = simulate(problem, trials, seed)
        values = found.values("bias") + found.values("variance") / 2
        return Mean.of(values + float(problem.noise))

    # question: end
    yield question
    QUESTIONS.remove("ensemble")
    SIMULATIONS.pop("ensemble")


def test_it_is_predicted_with_its_limits_in_both_arithmetics(ensemble):
    s = Spectrum.from_levels([(1, 4)])
    sizes = [[0], [2], [4], [6]]
    p = predict(s, {0: 1}, sizes, noise="1/2", ask={"ensemble": [1, 2]})
    usual = predict(s, {0: 1}, sizes, noise="1/2")
    assert p.test_mse[:, 0].tolist() == usual.test_mse[:, 0].tolist()
    shared = usual.bias + 0.5 + usual.variance / 2
    assert p.test_mse[:, 1].tolist() == shared[:, 0].tolist()
    q = predict(s, {0: 1}, sizes, noise="1/2", ask={"ensemble": [1, 2]}, digits=20)
    assert np.array_equal(p.test_mse, q.test_mse.astype(float))


# use: begin
def test_its_columns_say_what_was_asked_and_are_null_without_meaning(ensemble):
    p = predict(Spectrum.from_levels([(1, 4)]), {0: 1}, 2, ask={"ensemble": [1, 2]})
    rows = records(p)
    assert [(x["ensemble"], x["equation"]) for x in rows] == [
        ("1", "implicit_equation"),
        ("2", "implicit_equation"),
    ]
    assert rows[0]["E0"] is rows[1]["train_mse"] is rows[1]["E0_radius"] is None
    assert float(rows[1]["bias"]) == 0.25
    made = table.prediction(p)
    assert "ensemble" in [x.key for x in made.columns]
    assert made.text()


# use: end
def test_its_simulation_stands_beside_it(ensemble):
    kernel, place = "exponential:beta=1", "sphere:6"
    p = predict(spectrum(kernel, place), {1: 1}, 20, noise="1/5", ask={"ensemble": 2})
    (found,) = measured_errors(p, kernel, place, {1: 1}, trials=600)
    assert abs(found.value / p.test_mse.item() - 1) < 4 * found.error + 0.05
    alone = predict(spectrum(kernel, place), {1: 1}, 20, noise="1/5").test_mse.item()
    assert abs(found.value / alone - 1) > 0.2


def test_what_no_formula_covers_is_refused_by_name(ensemble):
    s = spectrum("exponential", "hypercube:3")
    with pytest.raises(Unsupported, match="ensemble and sampling are asked together"):
        predict(s, {1: 1}, 2, sampling="distinct", ask={"ensemble": 2})
    with pytest.raises(OutOfDomain, match="question 'shift' is unknown"):
        predict(s, {1: 1}, 2, ask={"shift": 1})
    with pytest.raises(OutOfDomain, match="ensemble = 1/2"):
        predict(s, {1: 1}, 2, ask={"ensemble": "1/2"})
    with pytest.raises(OutOfDomain, match="is there already"):
        QUESTIONS.register(ensemble)
