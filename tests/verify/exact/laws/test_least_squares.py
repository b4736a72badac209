"""Linear regression is kernel regression with x·x′, and nothing else is."""

import pytest
from flint import fmpq

from verify import exact
from verify.exact.laws import conservation, least_squares
from verify.exact.problems.problem import kernel_regression
from verify.exact.problems.rational_matrices import identity, matrix
from verify.exact.testing.law import examine
from verify.verdicts.verdict import Verdict


def verdicts(predictor=kernel_regression, examples=60):
    laws = least_squares.laws(predictor)
    return [examine(law, examples, seed=2).verdict for law in laws]


def test_linear_regression_is_the_linear_kernel():
    assert verdicts() == [Verdict.CONFIRMED, Verdict.CONFIRMED]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda K, data, ridge, y: kernel_regression(K, data, 2 * ridge, y),
        lambda K, data, ridge, y: kernel_regression(K * K, data, ridge, y),
        lambda K, data, ridge, y: kernel_regression(K, data, ridge, y) * fmpq(1, 2),
    ],
)
def test_another_ridge_kernel_or_factor_is_refuted(wrong):
    assert Verdict.REFUTED in verdicts(wrong)


def test_a_rule_without_kernel_or_with_another_is_refuted_by_the_predictor():
    other = lambda K, data, ridge, y: kernel_regression(
        K + identity(K.nrows()), data, ridge, y
    )
    assert verdicts(other)[0] is Verdict.REFUTED
    assert verdicts(conservation.nearest_neighbor)[0] is Verdict.REFUTED


def test_the_line_through_three_points_by_hand():
    # y = 1, 2, 4 at x = 0, 1, 2: slope 3/2 and intercept 5/6, by the textbook
    design = [[1, 0], [1, 1], [1, 2]]
    K = exact.features(design)
    case = least_squares.LeastSquares(exact.Problem(K, [0, 1, 2]), design, [1, 1])
    labels = matrix([[1], [2], [4]])
    assert case.weights(labels).entries() == [fmpq(5, 6), fmpq(3, 2)]
    assert case.effective == 2
