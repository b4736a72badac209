"""Training sets are fixed by their content; targets are orthonormal."""

import json

import numpy as np
import pytest

from verify.networks import (
    CircleData,
    HypercubeData,
    SettingError,
    SphereData,
    TableData,
    sample_indices,
)
from verify.networks.data_sources.sampling import sphere_points
from verify.networks.data_sources.sources import source_from

SOURCES = [
    HypercubeData(4, tuple(f"parity:{k}" for k in range(5)), seed=2),
    HypercubeData(4, ("parity:1",), sampling="with_replacement"),
    CircleData(10, ("cos:0", "cos:1", "sin:1", "sin:4", "cos:5"), norm=1.0),
    SphereData(5, ("zonal:0", "zonal:1", "zonal:3"), seed=1, test_points=7, norm=1.0),
]
IDS = ["hypercube", "with replacement", "circle", "sphere"]


def test_draws_are_frozen():
    """These numbers are part of the format: kernels elsewhere are paired by them."""
    assert sample_indices(256, 6, trial=3, seed=0).tolist() == FROZEN
    again = sample_indices(256, 6, trial=3, seed=0, replace=True)
    assert again.tolist() == FROZEN_WITH


FROZEN = [71, 1, 124, 120, 64, 100]
FROZEN_WITH = [67, 30, 147, 65, 78, 140]


def test_draws_differ_with_every_part_of_their_key():
    draws = {
        tuple(sample_indices(64, n, trial=trial, seed=seed, replace=replace)[:4])
        for n in (4, 5)
        for trial in (0, 1)
        for seed in (0, 1)
        for replace in (False, True)
    }
    assert len(draws) == 16


def test_draws_without_replacement_are_uniform():
    """Every point is drawn equally often, in every place."""
    draws = np.stack([sample_indices(6, 6, trial=t, seed=1) for t in range(3000)])
    assert (np.sort(draws, axis=1) == np.arange(6)).all()
    counts = np.stack([np.bincount(draws[:, k], minlength=6) for k in range(6)])
    # (6 − 1)² = 25 free counts; P(χ²₂₅ > 75) = 7e-7
    assert ((counts - 500) ** 2 / 500).sum() < 75


def test_draws_with_replacement_repeat_and_cover():
    draw = sample_indices(5, 2000, trial=0, seed=0, replace=True)
    counts = np.bincount(draw, minlength=5)
    assert len(counts) == 5
    assert ((counts - 400) ** 2 / 400).sum() < 37  # P(χ²₄ > 37) = 2e-7


def test_sphere_points_are_uniform():
    x = sphere_points(4000, 4, trial=0, seed=0)
    np.testing.assert_allclose((x**2).sum(axis=1), 1, rtol=1e-12)
    assert np.abs(x.mean(axis=0)).max() < 5 * 0.5 / np.sqrt(4000)
    moments = x.T @ x / 4000 - np.eye(4) / 4
    assert np.abs(moments).max() < 5 * 0.25 / np.sqrt(4000)
    assert not np.allclose(x, sphere_points(4000, 4, trial=0, seed=0, purpose=1))


@pytest.mark.parametrize("data", SOURCES, ids=IDS)
def test_a_description_survives_json_and_rebuilds_the_data(data):
    again = source_from(json.loads(json.dumps(data.description)))
    assert again == data
    for ours, theirs in zip(
        data.examples(3, (0, 4)), again.examples(3, (0, 4)), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("data", SOURCES, ids=IDS)
def test_a_trial_is_the_same_in_every_block(data):
    one, two = data.examples(3, (5,)), data.examples(3, (1, 5))
    np.testing.assert_array_equal(one.train_inputs[0], two.train_inputs[1])
    np.testing.assert_array_equal(one.train_targets[0], two.train_targets[1])


def test_targets_are_orthonormal_and_training_points_are_test_points():
    for data in SOURCES[:3]:
        example = data.examples(4, (0, 1))
        y = example.test_targets
        gram = y @ y.T / y.shape[1]
        np.testing.assert_allclose(gram, np.eye(len(y)), atol=1e-12)
        for trial in range(2):
            rows = example.indices[trial]
            np.testing.assert_array_equal(
                example.train_inputs[trial], example.test_inputs[rows]
            )
            np.testing.assert_array_equal(example.train_targets[trial], y[:, rows])
    parity = SOURCES[0].examples(4, (0,))
    np.testing.assert_array_equal(
        parity.test_targets[3], parity.test_inputs[:, :3].prod(axis=1)
    )


def test_zonal_harmonics_are_orthonormal_on_the_sphere():
    """By quadrature with weight (1 − t²)^((d−3)/2), exact for d = 5."""
    data = SphereData(5, tuple(f"zonal:{k}" for k in range(6)))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    values = data._values(nodes)
    weights = weights * (1 - nodes**2)
    gram = (values * weights) @ values.T / weights.sum()
    np.testing.assert_allclose(gram, np.eye(6), atol=1e-12)


def test_norms_are_those_asked_for():
    for data, norm in (
        (CircleData(5, ("cos:1",)), np.sqrt(2)),
        (CircleData(5, ("cos:1",), norm=1.0), 1),
        (SphereData(7, ("zonal:1",)), np.sqrt(7)),
        (HypercubeData(7, ("parity:1",)), np.sqrt(7)),
    ):
        x = data.examples(2, (0,)).train_inputs
        np.testing.assert_allclose(np.linalg.norm(x, axis=2), norm)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: sample_indices(5, 6, 0, 0), "n = 6: there are 5 points"),
        (lambda: sample_indices(5, 0, 0, 0), "n = 0"),
        (lambda: sample_indices(5, 1, -1, 0), "trial = -1"),
        (lambda: sample_indices(5, 1, 0, 1.5), r"seed = 1\.5"),
        (lambda: HypercubeData(25, ("parity:0",)), "dimension = 25"),
        (lambda: HypercubeData(3, ("parity:4",)), "level of target 'parity:4' = 4"),
        (lambda: HypercubeData(3, ("cos:1",)), "must be parity:LEVEL"),
        (lambda: HypercubeData(3, ()), "must be one or more different names"),
        (lambda: HypercubeData(3, ("parity:1",) * 2), "different names"),
        (lambda: HypercubeData(3, ("parity:1",), sampling="iid"), "sampling = 'iid'"),
        (lambda: CircleData(4, ("sin:2",)), "level of target 'sin:2'"),
        (lambda: CircleData(4, ("cos:1",), norm=0), "norm = 0"),
        (lambda: SphereData(2, ("zonal:1",)), "dimension = 2"),
        (lambda: TableData(np.eye(2), np.eye(3), ("a",)), r"points \(2, 2\)"),
        (lambda: TableData([[np.nan]], [[1.0]], ("a",)), "must be finite"),
        (lambda: source_from({"domain": "torus:3"}), "domain = 'torus:3'"),
        (lambda: source_from({"domain": "table:ab"}), "domain = 'table:ab'"),
    ],
)
def test_bad_data_is_named_with_what_is_allowed(make, words):
    with pytest.raises(SettingError, match=words):
        make()
