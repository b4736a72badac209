"""Nets beside theory: columns against other ways to the same numbers."""

import numpy as np
import pytest

from numerics import predict, spectrum
from theory import Hypercube, kernels
from verify.networks import (
    Architecture,
    HypercubeData,
    TableData,
    Training,
    sample_indices,
    sweep,
)
from verify.trained_nets.beside_theory import beside_theory

DATA = HypercubeData(3, ("parity:1", "parity:2"))
QUICK = Training(max_steps=20)


@pytest.fixture(scope="module")
def rows():
    nets = [Architecture(1, width, bias_variance=0.25) for width in (8, 16)]
    cells = sweep(nets, QUICK, DATA, (3, 8), trials=4, block=2)
    return beside_theory([cell.run() for cell in cells])


def test_one_row_a_width_target_and_n_in_order(rows):
    found = [(row.settings, row.target, row.n) for row in rows]
    assert found == [
        ({"width": width}, target, n)
        for width in (8, 16)
        for target in DATA.targets
        for n in (3, 8)
    ]


def tangent_kernel(x, y):
    """One layer of ReLU with σ_w² = 2 and σ_b² = 1/4, written out."""
    inner = 2 * (x @ y.T) / x.shape[1] + 0.25
    angle = np.arccos(np.clip(inner / 2.25, -1, 1))
    last = 2.25 * (np.sin(angle) + (np.pi - angle) * np.cos(angle))
    return (last + inner * (np.pi - angle)) / (2 * np.pi)


def test_the_kernel_is_regressed_on_the_data_sets_of_the_nets(rows):
    x = DATA.points
    for row in rows:
        if row.n == 3:
            y = x[:, : int(row.target[-1])].prod(axis=1)
            learned = []
            for trial in range(4):
                chosen = sample_indices(8, 3, trial, 0)
                inner = tangent_kernel(x[chosen], x[chosen])
                fit = tangent_kernel(x, x[chosen]) @ np.linalg.solve(inner, y[chosen])
                learned.append(fit @ y / 8)
            assert row.kernel["learnability"].value == pytest.approx(np.mean(learned))
            nets, gap = row.nets["learnability"], row.difference["learnability"]
            assert gap.value == pytest.approx(nets.value - np.mean(learned))
            assert nets.samples == 4


def test_all_points_are_learned_by_kernel_and_theory(rows):
    for row in rows:
        if row.n == 8:
            assert row.kernel["learnability"].value == pytest.approx(1, abs=1e-9)
            assert row.theory == pytest.approx({"learnability": 1, "test_mse": 0})


def test_theory_is_that_of_the_tangent_kernel_with_the_nets_variances(rows):
    kernel = kernels.ntk("relu", depth=1, bias_variance="0.25")
    s = spectrum(kernel, Hypercube(3))
    for row in rows:
        if row.n == 3:
            level = int(row.target[-1])
            proved = predict(s, {level: 1}, 3, digits=12)
            expected = float(proved.target_learnability)
            assert row.theory["learnability"] == pytest.approx(expected, rel=1e-9)


def test_points_of_their_own_have_no_theory():
    table = TableData(np.eye(3), [[1.0, 2.0, 3.0]], ("a",))
    cells = sweep(Architecture(1, 8), Training(max_steps=5), table, 2, trials=2)
    (row,) = beside_theory([cell.run() for cell in cells])
    assert row.theory == row.kernel == row.difference == {}
    assert row.nets["learnability"].samples == 2
