"""The eigensystem of a kernel matrix, its predictions, and regression on held-out data."""

import numpy as np
import pytest

from theory import NotPositiveDefinite, OutOfDomain, kernels
from verify.data import (
    data_set,
    load_data,
    measure,
    spectrum_of_data,
    spectrum_of_matrix,
)
from verify.regression import kernel_matrix

K = "ntk:relu:depth=2,bias_variance=0.01"


@pytest.fixture(scope="module")
def wine():
    return spectrum_of_data(K, load_data("wine"), norms="equal")


def test_it_is_the_eigensystem_of_the_uniform_measure(wine):
    M, phi = wine.size, wine.eigenfunctions
    np.testing.assert_allclose(phi.T @ phi / M, np.eye(M), atol=1e-12)
    np.testing.assert_allclose(
        wine.matrix @ phi / M, phi * wine.eigenvalues, atol=1e-12
    )
    assert np.all(np.diff(wine.eigenvalues) <= 0)
    assert wine.eigenvalues.sum() == pytest.approx(np.trace(wine.matrix) / M)
    assert np.sum(wine.coefficients**2, axis=1) == pytest.approx([1, 1, 1])


def test_regression_is_the_textbook_formula(wine):
    """Against np.linalg.solve, with the held-out error averaged where it is."""
    f = wine.targets
    for ridge in (0, 0.5):
        found = measure(wine, 20, ridge, trials=3, seed=4)
        for trial in range(3):
            data = np.random.default_rng([4, 20, trial]).permutation(178)[:20]
            rest = np.setdiff1d(np.arange(178), data)
            R = np.linalg.inv(wine.matrix[np.ix_(data, data)] + ridge * np.eye(20))
            fit = wine.matrix[:, data] @ R @ f[:, data].T
            held = np.mean((fit - f.T)[rest] ** 2, axis=0)
            np.testing.assert_allclose(found.held_out_mse[trial], held, rtol=1e-9)
            train = np.mean((fit - f.T)[data] ** 2, axis=0)
            np.testing.assert_allclose(
                found.train_mse[trial], train, rtol=1e-8, atol=1e-18
            )
            assert found.inverse_trace[trial] == pytest.approx(np.trace(R), rel=1e-9)


def test_learnabilities_of_a_basis_sum_to_n(wine):
    """The conservation law on each data set, with the indicator of every point."""
    whole = spectrum_of_matrix(wine.matrix, np.eye(wine.size))
    found = measure(whole, 30, trials=2)
    np.testing.assert_allclose(found.learnability.sum(axis=1), 30, rtol=1e-10)
    ridge = measure(whole, 30, 2, trials=2)
    expected = 30 - 2 * ridge.inverse_trace
    np.testing.assert_allclose(ridge.learnability.sum(axis=1), expected, rtol=1e-10)


def test_repeated_points_count_once_without_ridge(wine):
    found = measure(wine, 100, trials=3, replacement=True)
    assert np.all(found.distinct < 100)
    assert np.all(found.train_mse < 1e-18)
    # by hand: a ridge sees each point as often as it was drawn
    ridge = measure(wine, 50, 1, trials=1, replacement=True, seed=2)
    drawn = np.sort(np.random.default_rng([2, 50, 0]).integers(178, size=50))
    R = np.linalg.inv(wine.matrix[np.ix_(drawn, drawn)] + np.eye(50))
    assert ridge.inverse_trace[0] == pytest.approx(np.trace(R))
    fit = wine.matrix[:, drawn] @ R @ wine.targets[:, drawn].T
    rest = np.setdiff1d(np.arange(178), drawn)
    held = np.mean((fit - wine.targets.T)[rest] ** 2, axis=0)
    np.testing.assert_allclose(ridge.held_out_mse[0], held, rtol=1e-9)


def test_a_smaller_sample_has_the_same_held_out_error_on_average():
    """Exactly so: all sub-samples of 4 of 6 points, all data sets of 2 of them."""
    from itertools import combinations

    rng = np.random.default_rng(1)
    a = rng.standard_normal((6, 6))
    matrix, f = a @ a.T + np.eye(6), rng.standard_normal(6)

    def held(points):
        errors = []
        for data in combinations(points, 2):
            w = np.linalg.solve(matrix[np.ix_(data, data)], f[list(data)])
            rest = [x for x in points if x not in data]
            errors.append(np.mean((matrix[np.ix_(rest, data)] @ w - f[rest]) ** 2))
        return np.mean(errors)

    parts = [held(part) for part in combinations(range(6), 4)]
    assert np.mean(parts) == pytest.approx(held(range(6)))


def test_a_matrix_with_a_negative_eigenvalue_is_refused_with_it():
    with pytest.raises(NotPositiveDefinite, match=r"has the eigenvalue -1 < 0"):
        spectrum_of_matrix([[1, 2], [2, 1]])
    data = load_data("wine", points=40)
    with pytest.raises(NotPositiveDefinite) as caught:
        spectrum_of_data("exponential:beta=-1", data, norms="equal")
    least = np.linalg.eigvalsh(
        kernel_matrix(kernels.exponential(-1), data.points, norms="equal")
    )[0]
    assert f"{least:.6g} < 0" in str(caught.value)
    assert "exponential:beta=-1 on wine" in str(caught.value)


def test_rounding_is_no_negative_eigenvalue():
    linear = spectrum_of_data("polynomial:degree=1", load_data("wine"), norms="equal")
    assert linear.rank == 13
    assert np.all(linear.eigenvalues >= 0)
    with pytest.raises(OutOfDomain, match="only 13 modes"):
        linear.predict(13)
    assert linear.predict(13, ridge=1).C > 0


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ([[1, 2, 3]], "finite square array"),
        ([[1, np.nan], [np.nan, 1]], "finite square array"),
        ([[1, 0.5], [0.25, 1]], r"not symmetric: entries \(0, 1\)"),
        ([["a", 1], [1, 2]], "not an array of numbers"),
        ([[1]], "at least 2 points"),
    ],
)
def test_a_broken_matrix_is_named(matrix, said):
    with pytest.raises(OutOfDomain, match=said):
        spectrum_of_matrix(matrix)


def test_what_cannot_be_predicted_or_measured_is_named(wine):
    bare = spectrum_of_data(K, data_set(load_data("wine").points))
    with pytest.raises(OutOfDomain, match="no labels"):
        bare.predict(3)
    for n in (0, 178, 2.5):
        with pytest.raises(OutOfDomain, match=f"n = {n}"):
            wine.predict(n)
        with pytest.raises(OutOfDomain, match=f"n = {n}"):
            measure(wine, n)
    with pytest.raises(OutOfDomain, match="norms = 'big' is unknown"):
        spectrum_of_data(K, load_data("wine"), norms="big")
    twice = spectrum_of_matrix(np.ones((4, 4)), [1, -1, 1, -1])
    with pytest.raises(OutOfDomain, match="singular to rounding; pass a ridge"):
        measure(twice, 2, trials=1)


def test_the_constant_can_be_enclosed(wine):
    from numerics import constant

    enclosed = float(constant(wine.levels(), 40, digits=15))
    assert wine.predict(40).C.item() == pytest.approx(enclosed, rel=1e-12)


def test_all_is_public():
    import learnability

    s = learnability.spectrum_of_matrix([[2, 1], [1, 2]], [1, -1])
    assert s.predict([1]).held_out_mse.shape == (1,)
    assert s.measure(1, trials=2).learnability.shape == (2, 1)
    assert learnability.load_data("wine").size == 178


def test_norms_of_the_data_change_the_kernel_where_there_is_a_bias():
    data = load_data("wine", points=60)
    own = spectrum_of_data(K, data, norms="own")
    assert np.array_equal(
        own.matrix, kernel_matrix(kernels.parse(K), data.points, norms="own")
    )
    equal = spectrum_of_data(K, data, norms="equal")
    assert not np.allclose(own.matrix, equal.matrix, rtol=0.1)
    assert "norms of the data" in own.name


def test_float32_matrices_are_judged_by_the_rounding_of_float32():
    x = np.random.default_rng(1).standard_normal((40, 5)).astype(np.float32)
    assert spectrum_of_matrix(x @ x.T).rank == 5
    with pytest.raises(NotPositiveDefinite):
        spectrum_of_matrix((x @ x.T).astype(np.float64) - 1e-4 * np.eye(40))


def test_points_of_one_direction_are_one_point_where_norms_are_equal():
    rays = data_set([[1.0], [2.0], [-1.0], [3.0]], [1.5, 2.5, 3.5, 4.0])
    with pytest.raises(OutOfDomain, match="rows 1 and 2 point in one direction"):
        spectrum_of_data("ntk:relu", rays, norms="equal")
    plane = data_set([[1.0, 2.0], [0.5, -1], [3, 6]], [1.5, 2.5, 3.5])
    with pytest.raises(OutOfDomain, match="rows 1 and 3"):
        spectrum_of_data("ntk:relu", plane, norms="equal")
    assert spectrum_of_data("ntk:relu", plane, norms="own").size == 3


def test_kernel_matrices_that_leave_float64_are_refused():
    points = np.random.default_rng(3).standard_normal((6, 3))
    data = data_set(points, np.arange(6) + 0.5)
    for kernel in ("ntk:relu:depth=50,weight_variance=1e8", "exponential:beta=1000"):
        with pytest.raises(OutOfDomain, match="overflows float64"):
            spectrum_of_data(kernel, data, norms="equal")
