"""Kernels of tanh nets at few angles, against Gauss–Hermite quadrature in two directions."""

import numpy as np
import pytest

from numerics.kernel_matrices.entries import kernel_matrix
from theory import kernels

NODES = 180


def mean(function, variance, cosine):
    """E f(√q X) f(√q Y) by the rule that published code uses, with more points."""
    x, w = np.polynomial.hermite_e.hermegauss(NODES)
    w = w / w.sum()
    y = cosine * x[:, None] + np.sqrt(max(0.0, 1 - cosine**2)) * x[None, :]
    scale = np.sqrt(variance)
    return w @ (function(scale * x) * (function(scale * y) @ w))


def quadrature(cosine, depth, weight, bias, tangent):
    """The recursion of layers as papers print it, every mean by quadrature."""
    slope = lambda z: 1 / np.cosh(z) ** 2
    q, s = weight + bias, weight * cosine + bias
    theta = s
    for layer in range(depth):
        c = s / q
        change = theta * mean(slope, q, c)
        q, s = mean(np.tanh, q, 1.0), mean(np.tanh, q, c)
        last = layer == depth - 1
        w, b = (1.0, 0.0) if last else (weight, bias)
        q, s = w * q + b, w * s + b
        theta = s + w * change
    return theta if tangent else s


@pytest.mark.parametrize("tangent", [True, False])
@pytest.mark.parametrize("depth", [1, 3])
def test_tanh_kernels_agree_with_quadrature(depth, tangent):
    family = kernels.ntk if tangent else kernels.nngp
    kernel = family("tanh", depth=depth, weight_variance="2.25", bias_variance="0.01")
    angles = np.array([0.0, 0.3, 1.0, 2.0, np.pi])
    x = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    wanted = [quadrature(np.cos(a), depth, 2.25, 0.01, tangent) for a in angles]
    np.testing.assert_allclose(
        kernel_matrix(kernel, x, norms="equal")[0], wanted, rtol=0, atol=3e-8
    )
