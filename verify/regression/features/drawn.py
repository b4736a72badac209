"""Features as they are drawn: those of an activation, or Gaussian ones of any kernel."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Lambda

from numerics.duals.line_functions import line_function
from theory import Kernel, Unsupported
from theory.activations import activation, z
from verify.regression.regression_problem import RegressionProblem

Floats = NDArray[np.float64]
Draw = Callable[[Any, int, np.random.Generator], Floats]
"""(points [m], number, generator) → so many features at the points, shape [m, number]."""
GAUSSIAN, ACTIVATION = "gaussian", "activation"
JITTER = 1e-13
"""Added to the diagonal of a kernel matrix that has no Cholesky factor, and tenfold more."""


def features_of(problem: RegressionProblem, kind: str) -> Draw:
    """How features are drawn whose mean kernel is the problem's.

    Parameters
    ----------
    kind
        "gaussian": each feature is a Gaussian process with the kernel as its covariance,
        whatever kernel and domain; "activation": φ(√(W/d) w·x + √b b′) with standard
        normal weights, for kernels ``nngp:φ:depth=1``.

    Raises
    ------
    Unsupported
        When the kernel is not that of one hidden layer.
    """
    if kind == GAUSSIAN:
        return lambda x, width, random: _gaussian(problem, x, width, random)
    kernel = problem.kernel
    if kind != ACTIVATION or not is_one_layer(kernel):
        raise Unsupported(
            f"features = {kind!r} of {kernel}: {GAUSSIAN!r}, or {ACTIVATION!r} where the "
            "kernel is nngp:…:depth=1"
        )
    return lambda x, width, random: hidden_layer(
        kernel, problem.place.vectors(x), width, random
    )


def is_one_layer(kernel: Kernel) -> bool:
    """Whether the kernel is the mean of the features of one hidden layer."""
    return kernel.family == "nngp" and dict(kernel.parameters)["depth"] == 1


def hidden_layer(
    kernel: Kernel, x: Floats, width: int, random: np.random.Generator
) -> Floats:
    """One hidden layer with Gaussian weights at points of equal norm, shape [m, width].

    Examples
    --------
    >>> from theory import kernels
    >>> layer = hidden_layer(kernels.nngp("step", depth=1), np.eye(3), 4000,
    ...                      np.random.default_rng(0))
    >>> bool(np.all(abs(layer @ layer.T / 4000 - (1 + np.eye(3)) / 4) < 0.03))
    True
    """
    given = dict(kernel.parameters)
    norms = np.linalg.norm(x, axis=-1, keepdims=True)
    spread = float(given["weight_variance"] * given["input_variance"]) ** 0.5
    weights = random.standard_normal((x.shape[-1], width))
    before = spread * (x / norms) @ weights
    if given["bias_variance"]:
        shift = float(given["bias_variance"]) ** 0.5
        before = before + shift * random.standard_normal(width)
    phi = Lambda(z, activation(given["activation"]).expression)
    return line_function(phi)(before)


def _gaussian(
    problem: RegressionProblem, x: Any, width: int, random: np.random.Generator
) -> Floats:
    place = problem.place
    matrix = problem.pairs.kernel(place.pair(x[None], x[None], np), np)[0]
    return _root(matrix) @ random.standard_normal((len(matrix), width))


def _root(matrix: Floats) -> Any:
    jitter = 0.0
    while True:
        try:
            return np.linalg.cholesky(matrix + jitter * np.eye(len(matrix)))
        except np.linalg.LinAlgError:
            jitter = max(10 * jitter, JITTER * float(matrix[0, 0]))
