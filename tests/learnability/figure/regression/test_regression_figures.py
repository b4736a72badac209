"""The learned function along a path, and double descent, as tables and figures."""

import numpy as np
import pytest

from learnability.figure import (
    double_descent,
    finite_width,
    learned_function,
    training_time,
)
from learnability.table import double_descent as descent_table
from learnability.table import learned_function as function_table
from theory.errors import OutOfDomain, Unsupported


@pytest.mark.parametrize(
    ("domain", "rows"),
    [("hypercube:4", 5), ("circle", 7), ("circle:6", 6), ("sphere:4", 7)],
)
def test_paths_of_every_domain(domain, rows):
    made = function_table("polynomial:degree=3", domain, target={1: 1}, n=4, points=7)
    assert len(made.rows) == rows


def test_measured_values_stand_beside_the_theory():
    made = function_table(
        "gaussian:width=2", "hypercube:6", target="expr:sign(x1 + x2 + x3)", n=16,
        measured=400,
    )  # fmt: skip
    for row in made.rows:
        mean, spread, seen, width = (float(getattr(x, "value", x)) for x in row[2:])
        assert abs(mean - seen) < 0.1
        assert abs(spread - width) < 0.15 * spread


def test_the_figure_has_bands_and_the_measured_points():
    drawn = learned_function(
        "exponential", "circle", target={1: 1}, n=4, points=5, measured=10
    )
    (axis,) = drawn.axes
    assert len(axis.collections) == 3
    assert len(drawn.table.rows) == 5


def test_double_descent_peaks_at_the_number_of_modes():
    made = descent_table("expr:t", "hypercube:10", n=[5, 9, 10, 11, 30], measured=20)
    errors = [None if row[2] is None else float(row[2].value) for row in made.rows]
    assert errors[2] is None
    assert errors[1] > errors[0]
    assert errors[3] > errors[4]


def test_the_curve_of_double_descent_is_smooth_and_leaves_through_the_top():
    (axis,) = double_descent("expr:t", "hypercube:10", n=[2, 5, 30], noise=0).axes
    below, above = (line.get_xydata() for line in axis.lines[:2])
    for branch, formula in (
        (below, lambda n: 1 - n / 10),
        (above, lambda n: 0 * n),
    ):
        assert len(branch) > 200
        assert np.allclose(branch[:, 1], formula(branch[:, 0]), rtol=1e-9, atol=1e-12)
    (axis,) = double_descent("expr:t", "hypercube:10", n=[2, 5, 30]).axes
    below, above = (line.get_xydata() for line in axis.lines[:2])
    top = axis.get_ylim()[1]
    assert below[-1, 1] > top < above[0, 1]
    for branch in (below, above):
        shown = branch[branch[:, 1] < top]
        assert np.max(abs(np.diff(np.log(shown), axis=0))) < 0.1


def test_bad_questions_are_refused():
    with pytest.raises(OutOfDomain, match="shows one"):
        function_table("exponential", "hypercube:4", n=[1, 2])
    with pytest.raises(Unsupported, match="infinitely many"):
        descent_table("exponential", "circle")


def test_random_features_stack_up_to_the_test_mse():
    drawn = finite_width(n=20, ridge=0, widths=[10, 20, 60], measured=4)
    (axis,) = drawn.axes
    kernel, law, *_ = axis.lines
    assert law.get_ydata()[-1] > kernel.get_ydata()[0]
    rows = drawn.table.rows
    value = lambda x: float(x.value)
    # as many features as points, without ridge: no bound, and nothing is measured
    assert rows[1][1] is None
    assert rows[1][-1] is None
    for row in (rows[0], rows[2]):
        total, *parts = map(value, row[1:6])
        assert np.isclose(total, sum(parts) + 0.1)
    with pytest.raises(OutOfDomain, match="2 values of n"):
        finite_width(n=[1, 2])


def test_early_stopping_stands_beside_the_best_ridge_and_the_end():
    drawn = training_time("exponential", "hypercube:6", n=[4, 40], noise="1/2")
    over_time, over_n = drawn.axes
    end, ridge, best = (line.get_ydata() for line in over_n.lines)
    assert np.all(np.array(best) <= 1.03 * np.array(ridge))
    assert np.all(np.array(ridge) <= end + 1e-6)
    for row, at in zip(drawn.table.rows, best, strict=True):
        assert float(row[2].value) == pytest.approx(at, abs=1e-6)
    # a curve is nowhere below its best time, which is marked on it
    curve, dot = over_time.lines[-2:]
    assert dot.get_ydata()[0] <= curve.get_ydata().min() + 1e-9
    with pytest.raises(OutOfDomain, match="at most 7"):
        training_time(n=range(1, 10))
    with pytest.raises(OutOfDomain, match="2 kernels"):
        training_time("exponential", "laplace", "hypercube:4")
