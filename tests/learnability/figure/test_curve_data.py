"""Measured points of learning curves carry the standard error of their data sets."""

from fractions import Fraction
from math import isclose, sqrt
from statistics import mean, stdev
from types import SimpleNamespace

import numpy as np

from learnability.figure.curve_data import CurveCase, curve
from learnability.subjects import subjects
from verify.regression import problem, simulate

ZERO = Fraction(0)


def silent(*_):
    pass


def test_points_of_a_domain_are_means_over_their_data_sets():
    [subject] = subjects(["gaussian", "hypercube:4"])
    case = CurveCase(subject, {1: 1}, ZERO, Fraction(1, 4))
    found = curve(case, [3, 5], 6, 2, silent).measured
    for place, n in enumerate((3, 5)):
        run = simulate(problem("gaussian", "hypercube:4", {1: 1}, n, 0, "1/4"), 6, 2)
        for name, values in (
            ("target_learnability", run.learnability[:, 0]),
            ("test_mse", run.test_mse[:, 0]),
        ):
            sizes, means, errors = (column[place] for column in found[name])
            assert sizes == n
            assert isclose(means, mean(values), rel_tol=1e-12)
            assert isclose(errors, stdev(values) / sqrt(6), rel_tol=1e-12)


def test_points_of_a_data_set_are_means_over_its_splits():
    s = SimpleNamespace(
        name="three splits",
        size=6,
        rank=6,
        rounding=1e-12,
        eigenvalues=np.array([1.0, 0.5, 0.25, 0.2, 0.1, 0.05]),
        coefficients=np.ones((1, 6)),
        measure=lambda *_, **__: SimpleNamespace(
            held_out_mse=np.array([[0.0], [2.0], [4.0]])
        ),
    )
    subject = SimpleNamespace(is_data=True, given=s)
    found = curve(CurveCase(subject, "label", ZERO, ZERO), [2], 3, 0, silent)
    assert found.measured["test_mse"][:2] == ([2.0], [2.0])
    assert isclose(found.measured["test_mse"][2][0], 2 / sqrt(3), rel_tol=1e-12)
