"""Online gradient descent that is run stands beside its exact recursion."""

import pytest

from learnability.table.predictions import measured_errors
from numerics import predict, spectrum
from theory import OutOfDomain
from theory.training.online import OnlineDescent
from verify.regression import problem
from verify.regression.training.online import online_errors

CASES = (
    ("hypercube:4", "sgd:rate=2/5", "independent", 40),
    ("hypercube:4", "sgd:rate=1,batch=8,momentum=1/4", "distinct", 32),
    ("sphere:4", "sgd:rate=1/2,batch=2,averaged", "independent", 20),
)


@pytest.mark.parametrize(("place", "rule", "sampling", "n"), CASES)
def test_runs_agree_with_the_recursion(place, rule, sampling, n):
    kernel, target = "exponential:beta=1", {1: "1/2", 2: "1/2"}
    ask = {"noise": "1/5", "rule": rule, "sampling": sampling}
    p = predict(spectrum(kernel, place), target, n, **ask)
    (found,) = measured_errors(p, kernel, place, target, trials=400)
    assert abs(found.value - p.test_mse.item()) < 4 * found.error
    assert found.error < 0.03 * found.value


def test_distinct_batches_differ_from_independent_ones():
    kernel, place, target = "exponential:beta=1", "hypercube:4", {1: 1}
    ask = {"noise": "1/5", "rule": "sgd:rate=1,batch=16", "sampling": "distinct"}
    s = spectrum(kernel, place)
    p = predict(s, target, 32, **ask)
    usual = predict(s, target, 32, **(ask | {"sampling": "independent"}))
    (found,) = measured_errors(p, kernel, place, target, trials=400)
    assert abs(found.value - p.test_mse.item()) < 4 * found.error
    assert abs(found.value - usual.test_mse.item()) > 8 * found.error


def test_broken_batches_are_refused():
    one = problem("exponential:beta=1", "hypercube:4", {1: 1}, 9)
    with pytest.raises(OutOfDomain, match="whole batches of 2"):
        online_errors(one, OnlineDescent.parse("sgd:rate=1,batch=2"), 4)
