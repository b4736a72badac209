"""Random streams differ in every part of their key, and have the law they claim."""

from itertools import product
from math import isclose, sqrt

import numpy as np
import pytest

from verify.regression import problem, simulate
from verify.regression.blocks import draw
from verify.regression.draws import angles, finite_draws, noises

KEYS = list(product((6, 9), (0, 1), (0, 5)))  # n, trial, seed


def big(n, trials, seed):
    return finite_draws(40, 2**40, n, trials, seed, replace=False).astype(float)


@pytest.mark.parametrize("stream", [noises, angles, big])
def test_every_part_of_the_key_makes_another_stream(stream):
    rows = [stream(n, [trial], seed)[0, :6] for n, trial, seed in KEYS]
    # no value of one stream is a value of another, at any place
    assert len(np.unique(np.concatenate(rows))) == 6 * len(KEYS)
    for row, (n, trial, seed) in zip(rows, KEYS, strict=True):
        assert np.array_equal(row, stream(n, [trial], seed)[0, :6])


@pytest.mark.parametrize("stream", [noises, angles])
def test_streams_of_neighboring_keys_are_uncorrelated(stream):
    n = 4000
    rows = [stream(n, [trial], seed)[0] for trial in (0, 1) for seed in (0, 1)]
    rows += [stream(n + 1, [0], 0)[0][:n]]
    # squares too: radii that are shared leave the normals uncorrelated
    for sample in (np.array(rows), np.square(rows)):
        assert np.abs(np.corrcoef(sample) - np.eye(5)).max() < 6 / sqrt(n)


def test_noise_is_standard_normal():
    x = noises(100, range(400), seed=3).ravel()
    count = len(x)
    assert abs(x.mean()) < 5 / sqrt(count)
    assert abs((x**2).mean() - 1) < 5 * sqrt(2 / count)
    assert abs((x**4).mean() - 3) < 5 * sqrt(96 / count)
    assert abs((x**3).mean()) < 5 * sqrt(15 / count)


def test_angles_are_uniform():
    x = angles(100, range(200), seed=3).ravel()
    assert 0 < x.min() < 1e-2
    assert 2 * np.pi - 1e-2 < x.max() < 2 * np.pi
    for k in (1, 2):
        assert abs(np.exp(1j * k * x).mean()) < 5 / sqrt(len(x))


def test_points_and_noise_of_one_key_are_independent():
    x, y = angles(4000, [0], 0)[0], noises(4000, [0], 0)[0]
    assert abs(np.corrcoef(x, y)[0, 1]) < 5 / sqrt(4000)
    assert abs(np.corrcoef(x, y**2)[0, 1]) < 5 / sqrt(4000)


def test_labels_have_the_noise_that_was_asked_for():
    def noise(variance):
        asked = problem("gaussian", "hypercube:4", {1: 1}, 8, noise=variance)
        clean = problem("gaussian", "hypercube:4", {1: 1}, 8)
        found = draw(asked, range(100), 2).labels - draw(clean, range(100), 2).labels
        return found[..., 0]

    quarter, four = noise("1/4"), noise(4)
    np.testing.assert_allclose(four, 4 * quarter, rtol=1e-12, atol=1e-14)
    assert isclose((quarter**2).mean(), 1 / 4, rel_tol=5 * sqrt(2 / 800))


ASKED = ("gaussian:width=2", "hypercube:3", {1: 1}, 3, "1/7", "1/5", None)
OTHERS = [
    (0, "laplace:width=2"),
    (1, "hypercube:4"),
    (2, {2: 1}),
    (3, 4),
    (4, "1/8"),
    (5, "1/4"),
    (6, "with_replacement"),
]


def numbers(asked, **kept):
    found = simulate(problem(*asked), 4, **kept)
    return np.concatenate([found.test_mse.ravel(), found.learnability.ravel()])


@pytest.mark.parametrize(("place", "other"), OTHERS)
def test_a_kept_run_answers_no_other_question(tmp_path, place, other):
    numbers(ASKED, folder=tmp_path)
    changed = [*ASKED[:place], other, *ASKED[place + 1 :]]
    found = numbers(changed, folder=tmp_path)
    assert np.array_equal(found, numbers(changed))
    assert not np.array_equal(found, numbers(ASKED))


def test_a_kept_run_answers_no_other_seed_or_number_of_trials(tmp_path):
    asked = problem(*ASKED)
    first = simulate(asked, 4, seed=1, folder=tmp_path)
    other = simulate(asked, 4, seed=2, folder=tmp_path)
    assert np.array_equal(other.test_mse, simulate(asked, 4, seed=2).test_mse)
    assert not np.intersect1d(first.test_mse, other.test_mse).size
    assert simulate(asked, 6, seed=1, folder=tmp_path).trials == 6


def test_the_test_error_holds_the_noise_once():
    found = simulate(problem("gaussian:width=2", "hypercube:4", {1: 1}, 5, 0, "3/4"), 8)
    pairs = (found.test_mse[0::2] + found.test_mse[1::2]) / 2
    np.testing.assert_allclose(pairs, found.bias + found.variance + 0.75, rtol=1e-9)
