"""Time and rule as questions: limits, published numbers, rules of one's own, refusals."""

import pickle
import warnings

import numpy as np
import pytest

from learnability.table.predictions import measured_errors, records
from numerics import FloatSpectrum, Spectrum, predict, spectrum
from theory import OutOfDomain, Unsupported
from theory.statistics import STATISTICS

TARGET = {1: "3/5", 2: "2/5"}


@pytest.fixture(scope="module")
def net():
    return spectrum("ntk:relu:depth=4,bias_variance=1/100", "hypercube:8")


def test_time_is_broadcast_with_n_and_noise(net):
    p = predict(net, TARGET, [[16], [64]], noise="1/20", time=["1/10", 1, 10])
    assert p.test_mse.shape == p.asked["time"].shape == (2, 3)
    one = predict(net, TARGET, 64, noise="1/20", time=1)
    assert p.test_mse[1, 1] == pytest.approx(one.test_mse.item(), rel=1e-12)
    assert p.learnability[1][1, 1] == pytest.approx(
        one.learnability[1].item(), rel=1e-12
    )
    assert np.isnan(p.C).all()
    assert "C" in p.without_meaning


def test_copies_are_equal_and_axes_are_labelled(net):
    p = predict(net, TARGET, [16, 64], time=[1, 2])
    assert pickle.loads(pickle.dumps(p)) == p
    assert p != predict(net, TARGET, [16, 64], time=[1, 3])
    several = predict([net, net], [TARGET, {1: 1}], [16, 64], time=[1, 2])
    one = several.select(1, 0)
    assert np.array_equal(one.test_mse, p.test_mse)
    assert one.absolute_error["test_mse"].shape == (2,)


@pytest.mark.parametrize("sampling", ["independent", "distinct"])
def test_it_starts_at_the_target_and_ends_without_ridge(net, sampling):
    sizes = [0, 1, 16, 128]
    ask = {"noise": "1/10", "sampling": sampling}
    start = predict(net, TARGET, sizes, time=0, **ask)
    assert start.test_mse == pytest.approx(1.1, abs=1e-14)
    assert start.train_mse == pytest.approx(1.1, abs=1e-14)
    assert start.residual_trace.tolist() == sizes
    late = predict(net, TARGET, sizes, time=10**6, **ask)
    end = predict(net, TARGET, sizes, **ask)
    for name in STATISTICS:
        np.testing.assert_allclose(
            getattr(late, name)[1:], getattr(end, name)[1:], atol=1e-7, err_msg=name
        )


def test_late_flow_with_more_points_than_modes_is_least_squares():
    s = Spectrum.from_levels([(1, 4), ("1/10", 10), (0, 9)])
    ask = {"noise": "1/2"}
    target = {0: 1, 1: "1/2", 2: "1/5"}
    late = predict(s, target, [20, 100], time=10**6, **ask)
    end = predict(s, target, [20, 100], **ask)
    for name in STATISTICS:
        np.testing.assert_allclose(getattr(late, name), getattr(end, name), rtol=1e-9)


def test_distinct_points_have_the_published_values(net):
    """Nine digits of another program; and the rule of one round is ridge regression."""
    unit = sum(x.multiplicity * float(x.eigenvalue) for x in net.levels)
    lam = np.array([float(x.eigenvalue) for x in net.levels])
    times = np.array([0.3, 3.0, 30.0]) / unit
    p = predict(net, TARGET, 64, noise="1/20", time=times, sampling="distinct")
    wanted = [0.627929249, 0.258321134, 0.233452070]
    np.testing.assert_allclose(p.test_mse, wanted, atol=6e-10)
    q = predict(net, TARGET, 64, noise="1/20", time=times)
    np.testing.assert_allclose(q.test_mse, [0.64079, 0.27627, 0.24046], atol=6e-6)
    rule = "tikhonov:ridge=1/3"
    ask = {"noise": "1/20", "sampling": "distinct"}
    one = predict(net, TARGET, [16, 64, 200], time=1, rule=rule, **ask)
    ridge = predict(net, TARGET, [16, 64, 200], ridge="1/3", **ask)
    for name in STATISTICS:
        np.testing.assert_allclose(
            getattr(one, name), getattr(ridge, name), rtol=1e-11, err_msg=name
        )
    g = np.array([x.multiplicity for x in net.levels])
    learned = np.sum(g * lam / (lam + ridge.C[:, None]), axis=1)
    np.testing.assert_allclose(one.residual_trace, ridge.n - learned, rtol=1e-11)


def test_all_points_of_a_domain(net):
    """All points at once: f − f̂ = h(K) f, level by level, exactly."""
    p = predict(net, TARGET, 256, time=["1/100", "1/4"], sampling="distinct")
    for time, found in zip((0.01, 0.25), p.test_mse, strict=True):
        left = [np.exp(-256 * time * float(net.level(i).eigenvalue)) for i in TARGET]
        wanted = 0.6 * left[0] ** 2 + 0.4 * left[1] ** 2
        assert found == pytest.approx(wanted, rel=1e-9)


def test_error_is_stated_and_listing_more_levels_stays_within_it():
    s = spectrum("exponential:beta=2", "sphere:8", levels=range(5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        p = predict(s.floats(), {1: 1}, 120, noise="1/20", time=[1, 30])
    q = predict(s, {1: 1}, 120, noise="1/20", time=[1, 30])
    off = np.abs(p.test_mse - q.test_mse)
    assert np.all(off <= p.absolute_error["test_mse"] + q.absolute_error["test_mse"])
    assert q.relative_error < 1e-11 < p.relative_error
    values = [0.37584, 0.11749, 0.10844, 0.11075]
    times = np.array([0.03, 0.3, 3, 300])
    found = predict(s, {1: "7/10", 2: "3/10"}, 120, noise="1/20", time=times)
    np.testing.assert_allclose(found.test_mse, values, atol=6e-6)


def test_exponentially_small_errors_claim_no_digits(net):
    p = predict(net, TARGET, 16, noise="1/20", time=50)
    (row,) = records(p)
    assert float(row["train_mse_radius"]) >= abs(float(row["train_mse"])) / 2
    assert [row[x] for x in ("C", "time", "rule")] == [None, "50", "flow"]
    assert float(row["residual_trace_radius"]) < 1e-9


OWN = {
    "flow": lambda s, t: np.exp(-s * t),
    "ridge": lambda s, t: 1 / (1 + s * t),
    "two flows": lambda s, t: (np.exp(-s * t) + np.exp(-s * t / 3)) / 2,
    "root": lambda s, t: 1 / np.sqrt(1 + 2 * s * t),
    "polynomial": lambda s, t: (1 - s / 400) ** t,
}


@pytest.mark.parametrize("name", OWN)
def test_a_rule_of_ones_own_is_a_function_of_s_and_time(net, name):
    p = predict(net, TARGET, 64, noise="1/20", time=[1, 7], rule=OWN[name])
    known = {
        "flow": lambda: predict(net, TARGET, 64, noise="1/20", time=[1, 7]),
        "ridge": lambda: predict(net, TARGET, 64, [1, "1/7"], "1/20"),
        "polynomial": lambda: predict(
            net, TARGET, 64, noise="1/20", time=[1, 7], rule="descent:rate=1/400"
        ),
    }
    if name in known:
        np.testing.assert_allclose(p.test_mse, known[name]().test_mse, rtol=1e-9)
    every = {x.index: 1 for x in net.levels}
    learned = predict(net, every, 64, time=7, rule=OWN[name]).learnability
    total = sum(x.multiplicity * learned[x.index].item() for x in net.levels)
    assert total == pytest.approx(64 - p.residual_trace[1], abs=1e-7)


@pytest.mark.parametrize(
    ("rule", "error", "said"),
    [
        (lambda s, _: np.where(np.real(s) < 1, 1.0, 0.0), Unsupported, "analytic"),
        (lambda s, _: np.abs(1 - s / 9), Unsupported, "analytic"),
        (lambda s, t: 2 * np.exp(-s * t), OutOfDomain, "must be 1"),
        (lambda s, t: float(s) * t, OutOfDomain, "complex arrays"),
    ],
)
def test_rules_without_a_contour_are_refused(net, rule, error, said):
    with pytest.raises(error, match=said):
        predict(net, TARGET, 16, time=2, rule=rule)


def test_a_pole_beside_the_spectrum_is_found(net):
    """1/(1 + s/δ) with a pole much nearer than 1/τ: the contour must not enclose it."""
    near = lambda s, _: 1 / (1 + s * 300)
    p = predict(net, TARGET, 16, time="1/10", rule=near)
    ridge = predict(net, TARGET, 16, "1/300")
    np.testing.assert_allclose(p.test_mse, ridge.test_mse, rtol=1e-8)


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        ({"rule": "descent:rate=1"}, OutOfDomain, "needs a time"),
        ({"time": 1, "ridge": 1}, OutOfDomain, "weight_decay:decay"),
        ({"time": -1}, OutOfDomain, "time = -1"),
        ({"time": 1, "rule": "flw"}, OutOfDomain, "flw"),
        ({"time": "1/2", "rule": "descent:rate=1"}, OutOfDomain, "whole steps"),
        ({"time": 1, "sampling": "replacement"}, Unsupported, "repeated points"),
        (
            {"time": 1, "digits": 5, "rule": lambda s, t: 1 / (1 + s * t)},
            Unsupported,
            "proves no digits",
        ),
        ({"time": 1, "digits": 5, "sampling": "distinct"}, Unsupported, "independent"),
        ({"time": 1, "rule": "expr:1/(1 + x*t)"}, OutOfDomain, "rule.*x"),
        (
            {"time": 1, "digits": 5, "rule": "expr:2/(1 + s*t)"},
            OutOfDomain,
            "must be 1",
        ),
        ({"time": 1, "digits": 5, "rule": "expr:1/(1 - s)^2"}, Unsupported, "analytic"),
        ({"time": "1e200"}, Unsupported, "scale the kernel"),
    ],
)
def test_bad_questions_are_refused_by_name(net, ask, error, said):
    with pytest.raises(error, match=said):
        predict(net, TARGET, 16, **ask)


def test_even_kernels_and_domains_without_a_number_of_points_are_refused():
    even = spectrum("expr:t^4 + t^2/10 + 1/100", "hypercube:5")
    with pytest.raises(Unsupported, match="even or odd"):
        predict(even, {2: 1}, 8, time=1, sampling="distinct")
    s = FloatSpectrum.from_arrays([1.0, 0.5], [2, 3])
    with pytest.raises(Unsupported, match="number of points"):
        predict(s, {0: 1}, 4, time=1, sampling="distinct")


def test_regression_that_stops_stands_beside_it():
    kernel, place = "exponential:beta=2", "sphere:8"
    times = ["1/100", "1/10"]
    p = predict(spectrum(kernel, place), {1: 1}, 40, noise="1/10", time=times)
    found = measured_errors(p, kernel, place, {1: 1}, trials=200)
    for theory, mean in zip(p.test_mse, found, strict=True):
        assert abs(theory - mean.value) < 4 * mean.error + 0.02 * theory
        assert mean.error < 0.05 * theory
