"""Grids of nets: the same eigenvalues as one by one, at every depth and level."""

import numpy as np
import pytest

from numerics import spectrum
from numerics.spectra.floats.net_grid import net_grid
from theory import OutOfDomain, kernels
from theory.domains import Hypercube, Hypersphere


@pytest.mark.parametrize(
    ("family", "activation"), [("ntk", "relu"), ("nngp", "relu"), ("ntk", "erf")]
)
def test_the_grid_holds_what_single_spectra_hold(family, activation):
    weights, biases, depths = (2, "1/2"), ("0", "0.1"), (1, 2, 5)
    grid = net_grid(
        Hypercube(5), depths, weights, biases, family=family, activation_name=activation
    )
    make = getattr(kernels, family)
    for (i, j, p), _ in np.ndenumerate(np.empty(grid.balls.shape[:3])):
        kernel = make(
            activation,
            depth=depths[p],
            weight_variance=weights[i],
            bias_variance=biases[j],
        )
        s = spectrum(kernel, "hypercube:5", digits=18)
        for k, level in enumerate(s.levels):
            assert level.eigenvalue.overlaps(grid.balls[i, j, p, k])
            assert level.eigenvalue.sign == grid.balls[i, j, p, k].sign
        assert np.allclose(
            grid.eigenvalue[i, j, p],
            [float(x.eigenvalue) for x in s.levels],
            rtol=3e-16,
        )


def test_fractional_variances_sum_to_one_at_depth_128_in_dimension_128():
    grid = net_grid(Hypercube(128), (1, 64, 128), [2], ["0.1"])
    assert grid.balls.shape == (1, 1, 3, 129)
    assert np.all(grid.eigenvalue > 0)
    assert np.allclose(grid.fractional_variance.sum(axis=-1), 1, rtol=1e-14)
    assert min(x.digits for x in grid.balls.flat) >= 18
    depth, share = grid.best_depth(0, 0, 20)
    assert depth == 64
    assert share.digits > 15


@pytest.mark.parametrize(
    ("call", "match"),
    [
        ((Hypersphere(5), [1]), "sphere:5: grids of nets"),
        ((Hypercube(4), [0]), "depth = 0"),
        ((Hypercube(4), [1000]), "depth = 1000"),
        ((Hypercube(4), []), "depths is empty"),
        ((Hypercube(4), [1], [-1]), "weight_variance = -1"),
        ((Hypercube(4), [1], [2], []), "bias_variances is empty"),
    ],
)
def test_bad_input_is_named(call, match):
    with pytest.raises(OutOfDomain, match=match):
        net_grid(*call)
