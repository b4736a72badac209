"""The conservation law holds for trained nets: Σ L = n over all modes of the domain.

It holds exactly for any kernel, so it needs nets that share their initial kernel and
keep it: one initialization for all modes and targets scaled down (lazy training).
"""

from dataclasses import replace

import numpy as np
import pytest

from verify.networks import Architecture, Cell, CircleData, HypercubeData, Training

LAZY = Training(dtype="float64", target_scale=1e-3, stop_mse=1e-10, max_steps=200_000)


def _total(net, data, n):
    result = Cell(net, LAZY, data, n, trials=(0, 1)).run()
    assert (result.train_mse < 1e-10).all(), result.train_mse
    return result.learnability.sum(axis=1)


@pytest.mark.parametrize(("activation", "depth", "n"), [("relu", 1, 3), ("tanh", 2, 4)])
def test_learnabilities_of_lazy_nets_on_the_circle_sum_to_n(activation, depth, n):
    """Width 64; what is left is of the order of the scale, 1e-3 times a curvature."""
    waves = ("cos:0", "cos:1", "sin:1", "cos:2", "sin:2", "cos:3", "sin:3", "cos:4")
    net = Architecture(depth, 64, activation, bias_variance=0.1)
    np.testing.assert_allclose(_total(net, CircleData(8, waves), n), n, atol=1e-3)


def test_the_law_fails_when_every_mode_has_its_own_initialization():
    """A control: with kernels that differ from mode to mode the sum is off."""
    waves = ("cos:0", "cos:1", "sin:1", "cos:2", "sin:2", "cos:3", "sin:3", "cos:4")
    net = Architecture(1, 64, bias_variance=0.1)
    own = replace(LAZY, shared_initialization=False)
    result = Cell(net, own, CircleData(8, waves), 3, trials=(0, 1)).run()
    assert np.abs(result.learnability.sum(axis=1) - 3).max() > 0.02


def test_every_single_target_may_be_added_without_changing_the_others():
    data = [HypercubeData(3, ("parity:1", "parity:2")), HypercubeData(3, ("parity:2",))]
    for shared in (True, False):
        training = Training(max_steps=50, shared_initialization=shared, dtype="float64")
        both, one = (
            Cell(Architecture(1, 8), training, d, 4, trials=(3, 0)[: 2 - i]).run()
            for i, d in enumerate(data)
        )
        np.testing.assert_allclose(both.predictions[0, 1], one.predictions[0, 0])
        same = np.array_equal(both.lambda_max[:, 0], both.lambda_max[:, 1])
        assert same == shared
