"""Standard errors, degrees of freedom, margins and power, against numbers known exactly.

Student's law with one and two degrees of freedom has quantiles in closed form, and small
samples have variances that are rational: what is compared is no estimate.
"""

from math import isclose, pi, sqrt, tan
from statistics import stdev

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from verify.regression.mean import Mean, covariance
from verify.verdicts.agreement import agreement, enclosed, equivalence, within
from verify.verdicts.calibrated_tests import bonferroni_student, fisher, hotelling
from verify.verdicts.intervals import (
    Interval,
    bootstrap_interval,
    student_interval,
    trials_for,
)
from verify.verdicts.verdict import Verdict

THREE = [0.0, 2.0, 4.0]  # mean 2, variance 4


def two_degrees(p):
    """The quantile of Student's law with two degrees of freedom."""
    return (2 * p - 1) / sqrt(2 * p * (1 - p))


def cauchy(p):
    return tan(pi * (p - 0.5))


def test_three_values_have_the_interval_of_two_degrees_of_freedom():
    found, error = student_interval(THREE, 0.5), 2 / sqrt(3)
    assert found.value == 2
    assert isclose(found.error, error, rel_tol=1e-14)
    assert isclose(found.upper, 2 + two_degrees(0.75) * error, rel_tol=1e-12)
    assert isclose(found.lower, 2 - two_degrees(0.75) * error, rel_tol=1e-12)
    effect = (two_degrees(0.75) + two_degrees(0.9)) * error
    assert isclose(found.detectable, effect, rel_tol=1e-12)
    assert (found.samples, found.confidence) == (3, 0.5)
    assert isclose(
        student_interval(THREE).upper, 2 + two_degrees(0.995) * error, rel_tol=1e-12
    )


def test_two_values_have_the_interval_of_cauchy():
    found = student_interval([-1.0, 1.0], 0.9)
    assert isclose(found.upper, cauchy(0.95), rel_tol=1e-12)  # the error is 1
    assert isclose(found.detectable, cauchy(0.95) + cauchy(0.9), rel_tol=1e-12)


def test_the_summary_of_three_values_is_judged_like_the_values():
    found = within(2.0, 2 / sqrt(3), 3, 20.0, 0.5)
    assert isclose(found.halfwidth, two_degrees(0.75) * 2 / sqrt(3), rel_tol=1e-12)
    other = agreement(student_interval(THREE, 0.5), 0.0, 20.0)
    for name in ("difference", "error", "halfwidth", "detectable", "samples"):
        assert isclose(getattr(found, name), getattr(other, name), rel_tol=1e-12)


def test_a_mean_and_a_covariance_of_three_values():
    found = Mean.of(THREE)
    assert (found.value, found.samples) == (2.0, 3)
    assert isclose(found.error, 2 / sqrt(3), rel_tol=1e-14)
    # products (4, 0, 4): covariance 4, standard error (3/2)·stdev/√3
    both = covariance(THREE, [5.0, 7.0, 9.0])
    assert isclose(both.value, 4, rel_tol=1e-14)
    assert isclose(both.error, 1.5 * stdev([4, 0, 4]) / sqrt(3), rel_tol=1e-14)
    assert both.samples == 3
    assert Mean.of([1.0]).error == float("inf")
    assert isclose(found.z(2 - 4 / sqrt(3)), 2, rel_tol=1e-12)


def test_the_bootstrap_studentizes_every_resample_by_its_own_error():
    x = [0.0, 1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0]
    found = bootstrap_interval(x, 0.8, resamples=60, seed=4)
    mean, error = sum(x) / 10, stdev(x) / sqrt(10)
    rows = np.random.default_rng([4, 10]).integers(10, size=(60, 10))
    ratios = []
    for row in rows:
        values = [x[i] for i in row]
        ratios.append((sum(values) / 10 - mean) / (stdev(values) / sqrt(10)))
    low, high = np.quantile(ratios, [0.1, 0.9])
    assert isclose(found.lower, mean - high * error, rel_tol=1e-10)
    assert isclose(found.upper, mean - low * error, rel_tol=1e-10)
    assert isclose(found.error, error, rel_tol=1e-12)
    assert found != bootstrap_interval(x, 0.8, resamples=60, seed=5)
    assert found == bootstrap_interval(x, 0.8, resamples=60, seed=4)


@pytest.mark.parametrize(("spread", "margin"), [(1.0, 0.9), (1.0, 2.5), (2.0, 0.61)])
def test_the_planned_number_is_the_least_that_suffices(spread, margin):
    def effect(count):
        x = np.random.default_rng(count).standard_normal(count)
        x = spread * (x - x.mean()) / stdev(x)  # a known standard deviation
        found = student_interval(x, 0.99)
        half = found.upper - found.value
        t_power = student_interval(x, 0.9)  # two-sided 0.9 is one-sided 0.95
        return half + t_power.upper - t_power.value

    planned = trials_for(spread, margin)
    assert effect(planned) <= margin < effect(planned - 1)


def interval(lower, upper):
    middle = (lower + upper) / 2
    return Interval(middle, 0.01, lower, upper, 9, 0.99, 0.03, "student")


C, R, I = Verdict.CONFIRMED, Verdict.REFUTED, Verdict.INCONCLUSIVE
SIDES = [
    (-1.0, 1.0, C),
    (-1.01, 1.0, I),
    (-1.0, 1.01, I),
    (-0.5, 1.5, I),
    (-1.5, 0.5, I),
    (1.01, 3.0, R),
    (-3.0, -1.01, R),
    (1.0, 3.0, I),
    (-3.0, -1.0, I),
    (-1.5, 1.5, I),
    (0.99, 3.0, I),
    (-3.0, -0.99, I),
]


@pytest.mark.parametrize(("low", "high", "verdict"), SIDES)
def test_a_margin_has_two_sides(low, high, verdict):
    assert agreement(interval(low, high), 0.0, 1.0).verdict is verdict
    assert agreement(interval(7 + low, 7 + high), 7.0, 1.0).verdict is verdict
    relative = interval(-4 + 4 * low, -4 + 4 * high)
    found = agreement(relative, -4.0, 1.0, relative=True)
    assert found.verdict is verdict
    assert isclose(found.difference, (low + high) / 2)
    assert isclose(found.halfwidth, (high - low) / 2)
    assert isclose(found.detectable, 0.03 / 4)
    assert isclose(found.error, 0.01 / 4)


@pytest.mark.parametrize("sign", [1, -1])
def test_summaries_and_radii_have_margins_on_both_sides(sign):
    # five values and a half-width of 0.5
    error = 0.5 / within(0.0, 1.0, 5, 1.0).halfwidth
    for shift, verdict in ((0.49, C), (0.51, I), (1.49, I), (1.51, R)):
        assert within(sign * shift, error, 5, 1.0).verdict is verdict
        assert enclosed(sign * shift, 0.5, 1.0).verdict is verdict
    assert enclosed(0.0, 0.5, 1.0).difference == 0
    assert within(1.0, error, 1, 1.0).verdict is I
    assert within(float("nan"), error, 9, 1.0).verdict is I
    z = within(sign * 3 * error, error, 5, 1.0).z
    assert isclose(z, sign * 3, rel_tol=1e-12)


def test_a_smallest_prediction_is_the_unit_below_it():
    found = agreement(interval(-0.5, 0.5), 1e-9, 0.1, relative=True, smallest=10.0)
    assert found.verdict is C
    assert isclose(found.halfwidth, 0.05)


@pytest.mark.parametrize("shift", [0.0, 0.4, -1.0])
def test_one_target_has_students_p(shift):
    x = np.array([0.3, -1.1, 0.9, 2.0, -0.2, 0.7]) + shift
    known = ttest_1samp(x, 0.0).pvalue
    assert isclose(hotelling(x[:, None]), known, rel_tol=1e-9)
    assert isclose(bonferroni_student([x[:, None]]).p, known, rel_tol=1e-9)
    two = [x[:, None], np.column_stack([x, x[::-1]])]
    assert isclose(bonferroni_student(two).p, min(1, 3 * known), rel_tol=1e-9)


def test_two_targets_by_the_matrix_formula():
    x = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0], [1.5, 1.0], [0.5, -1.0]])
    mean, s = x.mean(axis=0), np.cov(x.T)
    square = 5 * mean @ np.linalg.inv(s) @ mean
    f = square * 3 / (2 * 4)
    # the law F(2, m) has the tail (1 + 2 f/m)^(−m/2)
    assert isclose(hotelling(x), (1 + 2 * f / 3) ** -1.5, rel_tol=1e-9)


def test_two_p_values_combine_by_the_law_of_their_product():
    q = 0.03 * 0.2
    assert isclose(fisher([0.03, 0.2]), q * (1 - np.log(q)), rel_tol=1e-12)
    assert fisher([0.0, 0.5]) == 0


def test_equal_values_have_an_error_of_rounding_only():
    found = student_interval([1e3, 1e3, 1e3])
    assert 0 < found.error < 1e-11
    assert equivalence([0.0, 0.0, 0.0], 1e-3).verdict is C
