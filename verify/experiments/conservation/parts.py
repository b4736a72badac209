"""What finite width does at initialization, and what random features would do."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from numerics import predict, spectrum
from verify.experiments.conservation.specification import Conservation
from verify.experiments.net import Net
from verify.networks import Cell, empirical_ntk, initialize
from verify.networks.steps.precision import arithmetic, find_device

_kernel = jax.jit(empirical_ntk, static_argnums=0)


def start_kernels(cell: Cell, inputs: Any, *, shared: bool) -> np.ndarray:
    """The tangent kernels of a cell's nets before training, on all points.

    Returns
    -------
    numpy.ndarray
        Shape [trial, mode or 1, m, m]: one a trial where all modes share their start.
    """
    dtype = cell.training.dtype
    found = []
    with arithmetic(dtype, find_device("cpu")):
        x = jnp.asarray(inputs, dtype)
        for keys in cell.keys():
            row = []
            for key in keys[:1] if shared else keys:
                net = initialize(cell.architecture, x.shape[1], key, dtype)
                row.append(np.asarray(_kernel(cell.architecture, net, x)))
            found.append(row)
    return np.array(found, dtype=np.float64)


def split(
    nets: np.ndarray, start: np.ndarray, infinite: np.ndarray
) -> dict[str, np.ndarray]:
    """Mean squares over modes and points, by trial; their sum is the whole exactly.

    ``start`` is the kernel at initialization less the infinite one, ``drift`` the trained
    net less that, ``both`` twice their product.

    Examples
    --------
    >>> one = np.ones((1, 1, 2))
    >>> {k: x.item() for k, x in split(4 * one, 2 * one, one).items()}
    {'whole': 9.0, 'start': 1.0, 'drift': 4.0, 'both': 4.0}
    """
    mean = lambda x: np.mean(x, axis=(1, 2))
    first, then = start - infinite, nets - start
    return {
        "whole": mean((nets - infinite) ** 2),
        "start": mean(first**2),
        "drift": mean(then**2),
        "both": mean(2 * first * then),
    }


def as_features(experiment: Conservation, net: Net, n: int) -> np.ndarray:
    """What as many random features as the width would add: V_F + V_FD, mean over modes.

    They have the tangent kernel as their mean; data points are taken as independent.
    """
    s = spectrum(net.kernel(experiment.input_variance), experiment.place, digits=None)
    rows = []
    for mode in experiment.modes:
        level = int(mode.partition(":")[2])
        p = predict(s, {level: 1}, n, width=list(experiment.widths))
        rows.append(p.variance_features + p.variance_both)
    return np.mean(rows, axis=0)
