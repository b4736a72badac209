"""Tests and intervals are wrong as often as they say, under nulls that are true exactly.

The null is kernel regression on a small cube, every data set of which can be listed: the
mean over the list is the truth, and draws from the list are honest experiments.
"""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
import scipy

from theory import OutOfDomain
from verify.regression import kernel_matrix, kernel_regression, problem, simulate
from verify.regression.domains.hypercube import CubeArrays
from verify.verdicts.calibrated_tests import (
    bonferroni_student,
    fisher,
    hotelling,
    hotelling_fisher,
)
from verify.verdicts.intervals import bootstrap_interval, student_interval, trials_for

# K = (1 + t)³ + 1/3 on the 3-cube
KERNEL = "expr:(1 + t)*(1 + t)*(1 + t) + 1/3"
SIZES = (2, 3, 4)


@cache
def population(n):
    """Learnability and test MSE of one mode a level, on every data set of n points."""
    place, everything = CubeArrays(3), np.arange(8)
    kernel = problem(KERNEL, "hypercube:3", {1: 1}, 1).kernel
    indices = np.array(list(combinations(range(8), n)))
    values = np.stack([place.mode(k, 0, everything) for k in range(4)])
    found = kernel_regression(
        kernel_matrix(kernel, place.coordinates(everything), norms="equal"),
        indices,
        values,
    )
    return found.learnability, found.test_mse


def test_the_list_has_the_known_rational_mean():
    assert population(4)[0][:, 3].mean() == pytest.approx(
        155237205019 / 870187442950, rel=1e-12
    )


def test_sampled_data_sets_have_the_mean_of_the_list():
    found = simulate(
        problem(KERNEL, "hypercube:3", [{k: 1} for k in range(4)], 4), 4000
    )
    truth = population(4)[0].mean(axis=0)
    assert not hotelling_fisher([found.learnability - truth]).rejects(1e-4)
    assert hotelling_fisher([found.learnability - truth * 1.02]).rejects(1e-9)


def experiments(trials, runs, column=0):
    """Experiments of several n, each with targets that share data sets."""
    generator = np.random.default_rng(5)
    lists = [population(n)[column] for n in SIZES]
    for _ in range(runs):
        yield [
            rows[generator.integers(len(rows), size=trials)] - rows.mean(axis=0)
            for rows in lists
        ]


@pytest.mark.parametrize("test", [hotelling_fisher, bonferroni_student])
@pytest.mark.parametrize("trials", [30, 200])
def test_false_alarms_come_at_the_stated_rate(test, trials):
    runs, alpha = 1000, 0.05
    alarms = sum(test(e).rejects(alpha) for e in experiments(trials, runs))
    slack = 4 * np.sqrt(alpha * (1 - alpha) / runs)
    # at 30 data sets T² still feels the skewness of the learnabilities
    extra = 0.03 if trials == 30 else 0.01
    assert alarms / runs <= alpha + slack + extra
    if test is hotelling_fisher:
        assert alarms / runs >= alpha - slack


def test_a_plain_chi_square_would_cry_wolf():
    # what a sum of squared z over targets that share data sets does
    from scipy.stats import chi2

    alarms, runs = 0, 800
    for blocks in experiments(30, runs):
        z = [x.mean(axis=0) / (x.std(axis=0, ddof=1) / 30**0.5) for x in blocks]
        total = float(np.sum(np.square(z)))
        alarms += chi2.sf(total, np.size(z)) <= 0.05
    assert alarms / runs > 0.10


def coverage(make, trials, runs=500, confidence=0.95):
    generator = np.random.default_rng(2)
    hits = 0
    for _ in range(runs):
        x = np.exp(1.2 * generator.standard_normal(trials))
        found = make(x, confidence)
        hits += found.lower <= np.exp(0.72) <= found.upper
    return hits / runs


def test_a_bootstrap_covers_skewed_means_where_student_does_not():
    plain = coverage(student_interval, 40)
    better = coverage(lambda x, c: bootstrap_interval(x, c, resamples=400), 40)
    assert plain < 0.92
    assert better > plain + 0.01
    assert better > 0.9


def test_intervals_of_errors_cover_their_exact_mean():
    rows = population(3)[1][:, 3]
    generator, hits = np.random.default_rng(3), 0
    for _ in range(400):
        x = rows[generator.integers(len(rows), size=100)]
        found = bootstrap_interval(x, 0.95, resamples=400)
        hits += found.lower <= rows.mean() <= found.upper
    assert 0.91 < hits / 400 < 0.985


def test_the_planned_number_of_data_sets_confirms_nine_times_in_ten():
    trials, generator = trials_for(1.0, 0.3, 0.99, 0.9), np.random.default_rng(8)
    inside = 0
    for _ in range(600):
        found = student_interval(generator.standard_normal(trials))
        inside += -0.3 <= found.lower and found.upper <= 0.3
    assert 0.86 < inside / 600 < 0.94
    assert trials_for(1.0, 0.3) == trials


def test_directions_without_spread_are_exact():
    generator = np.random.default_rng(0)
    x = generator.standard_normal((60, 2))
    tied = np.column_stack([x, -x.sum(axis=1)])
    assert hotelling(tied) == pytest.approx(hotelling(x), rel=1e-6)
    assert hotelling(tied + np.array([0, 0, 1e-3])) == 0.0
    assert hotelling(np.zeros((9, 2))) == 1.0


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: hotelling(np.zeros((3, 3))), "more data sets"),
        (lambda: hotelling(np.full((9, 2), np.nan)), "finite"),
        (lambda: fisher([]), "p-values"),
        (lambda: fisher([1.5]), "p-values"),
        (lambda: bootstrap_interval(np.ones(5)), "at least 10"),
        (lambda: bootstrap_interval(np.arange(20.0), 0.9999), "too few"),
        (lambda: student_interval([1.0]), "at least 2"),
        (lambda: student_interval([1.0, 2.0], 1.0), "confidence = 1"),
        (lambda: trials_for(1.0, 0.0), "margin = 0"),
    ],
)
def test_bad_arguments_are_named(call, match):
    with pytest.raises(OutOfDomain, match=match):
        call()


def test_bonferroni_is_the_least_p_value_times_their_number():
    blocks = np.random.default_rng(3).standard_normal((3, 9, 2)) + 0.4
    each = [scipy.stats.ttest_1samp(x, 0).pvalue for x in blocks]
    found = bonferroni_student(blocks).p
    assert found == pytest.approx(min(1.0, 6 * np.min(each)), rel=1e-9)
    centered = blocks - blocks.mean(axis=1, keepdims=True) + 1e-6
    assert bonferroni_student(centered).p == 1
