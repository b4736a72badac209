"""Limits are what statistics tend to: the engine itself, near the end, is the second way."""

import numpy as np
import pytest
from sympy import Rational

from numerics import Spectrum, predict

LEVELS = [(1, 1), ("1/3", 4), ("1/20", 10), (0, 3)]
TARGET = {0: 1, 1: "1/2", 2: "1/5", 3: "1/7"}
NAMES = ("E0", "target_learnability", "bias", "variance", "test_mse", "train_mse")
CLOSE = Rational(1, 10**40)


def same(end, near, names=NAMES):
    for name in names:
        found, wanted = (float(getattr(p, name)[0]) for p in (end, near))
        assert found == pytest.approx(wanted, rel=1e-12, abs=1e-30), name


@pytest.mark.parametrize("noise", [0, "3/4"])
@pytest.mark.parametrize("ridge", ["1/1000", "2", "50"])
def test_no_data_is_the_limit_of_few(ridge, noise):
    s = Spectrum.from_levels(LEVELS)
    near = predict(s, TARGET, [CLOSE], ridge, noise, digits=20)
    same(predict(s, TARGET, [0], ridge, noise, digits=20), near)
    same(predict(s, TARGET, np.zeros(1), float(Rational(ridge)), noise), near)


@pytest.mark.parametrize("noise", [0, "3/4"])
@pytest.mark.parametrize("n", [16, 40])
def test_more_points_than_modes_are_the_limit_of_no_ridge(n, noise):
    s = Spectrum.from_levels(LEVELS)
    near = predict(s, TARGET, [n], CLOSE, noise, digits=20)
    end = predict(s, TARGET, [n], 0, noise, digits=20)
    same(end, near)
    assert float(end.C[0]) == 0
    assert [float(end.learnability[k][0]) for k in range(4)] == [1, 1, 1, 0]
    same(predict(s, TARGET, np.array([float(n)]), 0, noise), near)


def test_the_last_mode_is_learned_in_the_limit():
    s = Spectrum.from_levels(LEVELS[:3])
    target = {k: TARGET[k] for k in range(3)}
    near = predict(s, target, [15 - CLOSE], 0, 0, digits=20)
    end = predict(s, target, [15], 0, 0, digits=20)
    same(end, near, ("target_learnability", "bias", "test_mse", "train_mse"))
    noisy = predict(s, target, [15], 0, "1/2", digits=20)
    assert float(noisy.test_mse[0]) == float("inf")
    assert float(noisy.train_mse[0]) == 0
