"""Monte-Carlo kernel regression: exact laws on every data set, theory on average."""

from itertools import combinations

import numpy as np
import pytest

from numerics import predict, spectrum
from theory import Hypercube, OutOfDomain, kernels
from verify.networks.data_sources.domain_data import CircleData, HypercubeData
from verify.regression import kernel_matrix, kernel_regression, problem

KERNEL = kernels.ntk("relu", depth=2, bias_variance="0.1")


def cube(d=4):
    return HypercubeData(d, tuple(f"parity:{k}" for k in range(d + 1)))


def characters(points):
    """All 2^d parities: a complete orthonormal basis."""
    d = points.shape[1]
    chosen = [s for k in range(d + 1) for s in combinations(range(d), k)]
    return np.stack([points[:, list(s)].prod(axis=1) for s in chosen])


def test_the_kernel_matrix_is_the_kernel_of_the_cosine():
    points = cube(4).points
    matrix = kernel_matrix(KERNEL, points, norms="equal")
    from numerics.interpreters.arrays import ARRAYS
    from numerics.interpreters.program import build
    from theory.notation import t

    textbook = build(KERNEL(t), ARRAYS)
    off = ~np.eye(16, dtype=bool)
    assert np.allclose(
        matrix[off], textbook({t: (points @ points.T / 4)[off]}), rtol=1e-12
    )


def test_its_eigenvalues_are_the_spectrum():
    matrix = kernel_matrix(KERNEL, cube(4).points, norms="equal")
    found = np.sort(np.linalg.eigvalsh(matrix / 16))
    s = spectrum(KERNEL, Hypercube(4))
    expected = np.sort(
        np.repeat(
            [float(x.eigenvalue) for x in s.levels], [x.multiplicity for x in s.levels]
        )
    )
    assert np.allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("n", [1, 5, 16])
def test_learnabilities_of_all_modes_sum_to_n_on_every_data_set(n):
    data = cube(4)
    examples = data.examples(n, tuple(range(20)))
    found = kernel_regression(
        kernel_matrix(KERNEL, data.points, norms="equal"),
        examples.indices,
        characters(data.points),
    )
    assert np.allclose(found.learnability.sum(axis=1), n, rtol=1e-11)
    assert np.all(found.train_mse < 1e-20)
    assert np.all(found.rank == n)


def test_ridge_takes_its_share_of_the_sum():
    data, ridge = cube(4), 0.3
    matrix = kernel_matrix(KERNEL, data.points, norms="equal")
    examples = data.examples(6, tuple(range(10)))
    found = kernel_regression(matrix, examples.indices, characters(data.points), ridge)
    for row, chosen in enumerate(examples.indices):
        inner = matrix[np.ix_(chosen, chosen)]
        expected = np.trace(inner @ np.linalg.inv(inner + ridge * np.eye(6)))
        assert found.learnability[row].sum() == pytest.approx(expected, rel=1e-12)


def test_a_singular_kernel_matrix_learns_its_rank():
    data = cube(4)
    matrix = kernel_matrix(kernels.polynomial(1), data.points, norms="equal")
    examples = data.examples(9, tuple(range(10)))
    found = kernel_regression(matrix, examples.indices, characters(data.points))
    assert np.allclose(found.learnability.sum(axis=1), found.rank, rtol=1e-9)
    assert found.rank.max() == 4
    assert np.all(np.isinf(found.condition))


def test_noise_enters_the_test_error_as_theory_says():
    # n/M is small: without replacement the noise's share is lower by about n/M
    data = HypercubeData(10, ("parity:1",))
    kernel = kernels.ntk("relu", depth=3, bias_variance="0.05")
    examples = data.examples(30, tuple(range(400)))
    found = kernel_regression(
        kernel_matrix(kernel, data.points, norms="equal"),
        examples.indices,
        examples.test_targets,
        noise=0.3,
    )
    expected = float(
        predict(spectrum(kernel, Hypercube(10)), {1: 1}, 30, 0, "3/10").test_mse
    )
    assert found.test_mse.mean() == pytest.approx(expected, rel=0.05)


def test_the_circle_pairs_with_its_own_spectrum():
    data = CircleData(12, ("cos:0", "cos:3", "sin:3", "cos:6"))
    kernel = kernels.laplace(1)
    matrix = kernel_matrix(kernel, data.examples(1, (0,)).test_inputs, norms="equal")
    s = spectrum(kernel, "circle:12")
    waves = data.examples(1, (0,)).test_targets
    for wave, level in zip(waves, (0, 3, 3, 6), strict=True):
        image = matrix @ wave / 12
        assert np.allclose(image, float(s.level(level).eigenvalue) * wave, atol=1e-14)


def test_bad_shapes_are_named():
    with pytest.raises(OutOfDomain, match="share their points"):
        kernel_regression(np.eye(3), np.array([[0]]), np.ones((1, 4)))
    with pytest.raises(OutOfDomain, match="indices"):
        kernel_regression(np.eye(3), np.array([[3]]), np.ones((1, 3)))
    with pytest.raises(OutOfDomain, match="ridge = -1"):
        kernel_regression(np.eye(3), np.array([[0]]), np.ones((1, 3)), ridge=-1)
    with pytest.raises(OutOfDomain, match="vanishes"):
        kernel_regression(np.eye(3), np.array([[0]]), np.zeros((1, 3)))
    with pytest.raises(OutOfDomain, match="vanish"):
        kernel_matrix(KERNEL, np.zeros((2, 3)), norms="equal")


@pytest.mark.parametrize("sampling", ["without_replacement", "with_replacement"])
def test_regression_draws_the_data_sets_that_nets_train_on(sampling):
    asked = problem(KERNEL, "hypercube:4", {2: 1}, 4, sampling=sampling)
    nets = HypercubeData(4, ("parity:2",), seed=3, sampling=sampling)
    theirs = nets.examples(4, tuple(range(50)))
    replace = sampling == "with_replacement"
    ours = asked.place.draw(4, range(50), 3, replace=replace)
    assert np.array_equal(ours, theirs.indices)
    assert np.array_equal(asked.place.vectors(ours), theirs.train_inputs)
    assert np.array_equal(
        asked.targets[0].at(asked.place, ours), theirs.train_targets[:, 0]
    )


def test_more_trials_begin_with_the_same_data_sets():
    data = cube(4)
    first = data.examples(4, (0, 1)).indices
    assert np.array_equal(first, data.examples(4, tuple(range(50))).indices[:2])
