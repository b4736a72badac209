"""Label noise: the variance that was asked for, independent over n, trials and seeds."""

from math import isclose, sqrt

import numpy as np

from verify.networks import HypercubeData
from verify.networks.data_sources.label_noise import NoisyData, normals


def noise(variance, n=6, trials=(0, 1, 2), seed=0):
    clean = HypercubeData(4, ("parity:1", "parity:2"), seed=seed)
    noisy = NoisyData(clean, variance).examples(n, trials)
    plain = clean.examples(n, trials)
    np.testing.assert_array_equal(noisy.test_targets, plain.test_targets)
    return noisy.train_targets - plain.train_targets


def test_its_variance_is_the_one_asked_for():
    sample = noise(9.0, n=12, trials=tuple(range(200)))[:, 0]
    assert isclose((sample**2).mean(), 9, rel_tol=5 * sqrt(2 / sample.size))
    np.testing.assert_allclose(noise(4.0), 4 * noise(0.25), rtol=1e-12, atol=1e-15)


def test_all_targets_share_it():
    found = noise(1.0)
    np.testing.assert_allclose(found[:, 0], found[:, 1], atol=1e-14)


def test_every_n_trial_and_seed_has_its_own():
    rows = [
        noise(1.0, n, (trial,), seed)[0, 0, :5]
        for n in (5, 6)
        for trial in (0, 1)
        for seed in (0, 1)
    ]
    assert len(np.unique(np.round(np.concatenate(rows), 9))) == 40


def test_other_sizes_share_no_randomness():
    """Not even the size of the noise at a place, which its square would tell."""
    one, other = (
        np.concatenate([noise(1.0, n, (t,))[0, 0, :11] for t in range(300)])
        for n in (11, 12)
    )
    for power in (1, 2):
        found = np.corrcoef(one**power, other**power)[0, 1]
        assert abs(found) < 6 / sqrt(len(one))


def test_normals_are_standard():
    x = normals(20_000, 1, 2)
    assert abs(x.mean()) < 5 / sqrt(20_000)
    assert abs((x**2).mean() - 1) < 5 * sqrt(2 / 20_000)
    assert abs((x**4).mean() - 3) < 5 * sqrt(96 / 20_000)
