"""The conservation law holds exactly, and wrong predictors are refuted."""

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from theory import formulas
from verify import exact, suites
from verify.exact import Problem
from verify.exact.laws import conservation, floating_point
from verify.exact.problems import random_problems
from verify.exact.problems.problem import kernel_regression
from verify.exact.problems.rational_matrices import (
    block,
    columns_of,
    identity,
    matrix,
    pseudo_inverse,
)
from verify.exact.testing.choices import seeded
from verify.exact.testing.law import examine
from verify.verdicts.report import Report, as_json, as_text, overall
from verify.verdicts.verdict import Verdict, combine


def verdicts(predictor, examples=30):
    reports = exact.check_conservation(examples, seed=3, predictor=predictor)
    return {report.name.split("/")[1]: str(report.verdict) for report in reports}


def test_the_law_is_confirmed_in_every_arithmetic():
    reports = suites.run("conservation", suites.Request(examples=35, seed=11))
    assert overall(reports) is Verdict.CONFIRMED
    assert {"conservation/float64"} <= {report.name for report in reports}
    assert all(report.checks >= 30 for report in reports)


def test_a_forgotten_ridge_is_refuted():
    def forgotten(K, data, ridge, labels):
        return kernel_regression(K, data, 0 * ridge, labels)

    assert verdicts(forgotten)["ridge"] == "refuted"


def test_a_transposed_solve_is_refuted():
    def transposed(K, data, ridge, labels):
        A = block(K, data, data) + identity(len(data), ridge)
        factor = matrix(
            [
                [A[a, b] if b <= a else 0 for b in range(A.ncols())]
                for a in range(A.nrows())
            ]
        )
        return columns_of(K, data) * factor.transpose().inv() * labels

    assert verdicts(transposed)["definite"] == "refuted"


def test_labels_in_the_wrong_order_are_refuted():
    def shuffled(K, data, ridge, labels):
        return kernel_regression(K, list(data)[::-1], ridge, labels)

    assert verdicts(shuffled)["definite"] == "refuted"


def test_a_smoother_is_refuted():
    def smoother(K, data, ridge, labels):
        return columns_of(K, data) * labels * fmpq(1, len(data))

    assert verdicts(smoother)["definite"] == "refuted"


def test_a_plain_inverse_of_a_singular_matrix_is_refuted():
    def plain(K, data, ridge, labels):
        A = block(K, data, data) + identity(len(data), ridge)
        return columns_of(K, data) * A.inv() * labels

    found = verdicts(plain)
    assert found["rank"] == "refuted"
    assert found["definite"] == found["ridge"] == "confirmed"


@pytest.mark.parametrize(
    "rule", [conservation.nearest_neighbor, conservation.linear_spline]
)
def test_every_linear_interpolator_conserves_but_has_no_kernel(rule):
    found = verdicts(rule)
    assert found["definite"] == "confirmed"
    assert found["representer"] == "refuted"


def test_another_kernel_conserves_and_only_the_representer_check_sees_it():
    def other(K, data, ridge, labels):
        return kernel_regression(K + identity(K.nrows()), data, ridge, labels)

    found = verdicts(other)
    assert found["definite"] == "confirmed"
    assert found["representer"] == "refuted"


def test_a_basis_that_is_not_orthonormal_breaks_the_law():
    skewed = exact.gram([[2, 1], [1, 2]])
    basis = random_problems.Basis(matrix([[1, 1], [0, 1]]), "skewed")
    problem = Problem(skewed, [0], basis)
    assert not basis.is_orthogonal
    assert conservation.conserved(problem).failure


def test_a_wrong_right_side_is_refuted_with_a_small_counterexample():
    formula = formulas["conservation"]
    wrong = replace(formula, rhs=formula.rhs + 1)
    law = replace(
        conservation.laws()[0],
        test=lambda problem: conservation.conserved(problem, formula=wrong),
    )
    report = examine(law, 5)
    assert report.verdict is Verdict.REFUTED
    assert len(report.counterexample) < 150
    problem = eval(report.counterexample.splitlines()[-1], vars(exact).copy())
    assert conservation.conserved(problem, formula=wrong).failure
    assert not conservation.conserved(problem).failure


def test_no_data_learns_nothing():
    problem = Problem(exact.gram([[2, 1], [1, 2]]), [])
    assert sum(problem.learnabilities, fmpq(0)) == 0


def test_linear_regression_learns_as_many_functions_as_there_are_dimensions():
    linear = exact.dot_product(exact.cube(3), [0, 1])
    problem = Problem(linear, range(8), exact.walsh(3))
    assert sum(problem.learnabilities, fmpq(0)) == 3
    assert problem.learnabilities == [0, 1, 1, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("example", range(25))
def test_problems_print_as_code_that_makes_them_again(example):
    choose = seeded(5, example)
    problem = random_problems.problem(choose, ridged=True, singular=bool(example % 2))
    again = eval(repr(problem), vars(exact).copy())
    assert again == problem
    assert again.gram.values == problem.gram.values
    assert again.basis.columns == problem.basis.columns


@pytest.mark.parametrize("example", range(40))
def test_generated_kernels_and_bases_are_what_they_claim(example):
    problem = random_problems.problem(seeded(6, example))
    assert problem.basis.is_orthogonal
    assert problem.gram.is_positive_definite
    own = random_problems.modes(seeded(7, example))
    assert own.basis.normalized().nrows() == own.M


def test_single_precision_exceeds_the_double_bound():
    def single(K, data, ridge, f):
        K, f = K.astype(np.float32), f.astype(np.float32)
        return floating_point.numpy_total(K, data, np.float32(ridge), f)

    law, _ = floating_point.rounding_laws(single)[0]
    assert examine(law, 40).verdict is Verdict.REFUTED


def test_the_float_bound_is_not_vacuous():
    problem = Problem(exact.spectral(exact.walsh(3), [1] * 8), [0, 3, 5])
    f, K = problem.basis.columns, problem.gram.values
    truth, bound = floating_point.truth_and_bound(K, [0, 3, 5], fmpq(0), f)
    assert truth == 3
    assert bound < 1e-10


def test_nothing_checked_is_not_a_success():
    report = Report("a claim", Verdict.CONFIRMED, checks=0)
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.exit_code == 3
    assert "0 effective checks" in str(report)
    assert '"inconclusive"' in as_json([report])
    assert as_text([]).startswith("inconclusive: 0 claims")


def test_one_refutation_outweighs_everything():
    assert combine(list(Verdict)) is Verdict.REFUTED


def test_progress_counts_and_seeds_repeat():
    seen = []
    law = conservation.laws()[0]
    first = examine(law, 3, 9, lambda *step: seen.append(step))
    assert seen[-1] == (3, 3, law.name)
    assert seen[0] == (0, 3, law.name)
    assert examine(law, 3, 9).checks == first.checks


@pytest.mark.parametrize(("suite", "examples"), [("nonsense", 5), ("all", 0)])
def test_bad_arguments_are_named(suite, examples):
    with pytest.raises(ValueError, match=r"suite|examples"):
        suites.run(suite, suites.Request(examples=examples))


def test_pseudo_inverse_has_the_four_properties_that_define_it():
    for example in range(20):
        A = random_problems.singular_gram(seeded(8, example)).values
        B = columns_of(A, range(2))
        P = pseudo_inverse(B)
        assert (B * P * B, P * B * P) == (B, P)
        assert (B * P).transpose() == B * P
        assert (P * B).transpose() == P * B
    assert pseudo_inverse(fmpq_mat(2, 3)) == fmpq_mat(3, 2)
