"""Samples of experiments: standard errors and planned numbers, exactly."""

from math import isclose, sqrt

import pytest
from scipy.stats import t as student

from verify.experiments.measurements import Sample
from verify.experiments.resolution import samples_needed


def test_three_values_have_a_rational_variance():
    found = Sample.of([0.0, 2.0, 4.0])
    assert (found.mean, found.samples) == (2.0, 3)
    assert isclose(found.error, 2 / sqrt(3), rel_tol=1e-14)
    assert isclose(found.relative_to(-2.0).error, 1 / sqrt(3), rel_tol=1e-14)
    assert found.relative_to(-2.0).mean == -2


@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.5, 11.0])
def test_the_samples_needed_suffice_and_far_fewer_do_not(ratio):
    count = samples_needed(ratio, 1.0)

    def half(n):
        return float(student.ppf(0.995, n - 1)) * ratio / sqrt(n)

    assert half(count) <= 1
    assert count == 2 or half(max(2, count - 1 - count // 40)) > 1
