"""How a net's kernel depends on its width: it spreads like w^-1/2 and drifts like 1/w.

A power of the width is measured between widths; its interval comes from independent
initializations, and the question that has an answer is whether the power is within a
margin of −1/2 or −1.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import scipy

from verify.networks import (
    Architecture,
    Training,
    empirical_ntk,
    initialize,
    net_key,
    trajectory,
)
from verify.networks.steps.precision import arithmetic, find_device
from verify.suites import Request
from verify.trained_nets.measured import Claim, Found, kernels_of
from verify.verdicts.agreement import CONFIDENCE
from verify.verdicts.verdict import Verdict

WIDTHS = (64, 256, 1024)
DRAWS, NETS = 256, 48
"""Nets of a width that are drawn; nets of a width that are trained."""

MARGIN = 0.15
"""Allowed difference of a power: 64 is not infinite, and the next order is in it."""

_STEPS = 50
_ANGLES = np.arange(3) * 2 * np.pi / 3
_X = np.sqrt(2) * np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
_Y = np.array([1.0, -1.0, 0.5])


def power(widths: tuple[int, ...], samples: list[np.ndarray]) -> tuple[float, float]:
    """Return the power p in E sample ∝ width^p by least squares in logarithms.

    Parameters
    ----------
    widths
        Widths, at least two.
    samples
        For each width independent positive numbers [nets].

    Returns
    -------
    float, float
        The power and its standard error, from those of the means by the delta method.

    Examples
    --------
    >>> p, error = power((10, 1000), [np.array([2.0, 2.0]), np.array([0.2, 0.2])])
    >>> round(p, 12), error
    (-0.5, 0.0)
    """
    x = np.log(np.array(widths, float))
    means = np.array([s.mean() for s in samples])
    errors = np.array([s.std(ddof=1) / np.sqrt(len(s)) for s in samples]) / means
    weights = (x - x.mean()) / ((x - x.mean()) ** 2).sum()
    return float(weights @ np.log(means)), float(np.sqrt(weights**2 @ errors**2))


def _kernels(width: int, nets: int, request: Request) -> tuple[np.ndarray, np.ndarray]:
    """Return the kernels of nets [nets, n, n] at initialization and after training."""
    # smooth: with ReLU the units that switch make the drift width^-3/4
    net = Architecture(1, width, "tanh")
    training = Training(learning_rate=0.1, dtype="float64")
    first, last = [], []
    with arithmetic("float64", find_device(request.device)):
        for trial in range(nets):
            key = net_key(request.seed, 3, trial)
            way = trajectory(
                net, training, _X, _Y, _X, key, [0, _STEPS], device=request.device
            )
            before, after = (
                kernels_of(net, parameters, _X, _X)[0] for parameters in way.parameters
            )
            first.append(before)
            last.append(after)
    return np.stack(first), np.stack(last)


def _judge(found: float, error: float, wanted: float, checks: int) -> Found:
    half = float(scipy.stats.norm.ppf((1 + CONFIDENCE) / 2)) * error
    off = abs(found - wanted)
    verdict = Verdict.INCONCLUSIVE
    if off + half <= MARGIN:
        verdict = Verdict.CONFIRMED
    elif off - half > MARGIN:
        verdict = Verdict.REFUTED
    low, high = WIDTHS[0], WIDTHS[-1]
    effect = f"power {found:.3f} ± {half:.3f} from width {low} to {high}, {checks} nets"
    return Found(verdict, checks, effect, f"margin {MARGIN} around {wanted}")


def _spread(request: Request) -> Found:
    nets = request.examples or DRAWS
    squares = []
    for width in WIDTHS:
        net = Architecture(1, width, "tanh")
        with arithmetic("float64", find_device(request.device)):
            keys = [net_key(request.seed, width, trial) for trial in range(nets)]
            kernels = np.asarray(_drawn(net, jnp.stack(keys), jnp.asarray(_X)))
        mean = kernels.mean(axis=0)
        relative = ((kernels - mean) ** 2).sum(axis=(1, 2)) / (mean**2).sum()
        squares.append(relative)
    found, error = power(WIDTHS, squares)
    return _judge(found / 2, error / 2, -0.5, nets * len(WIDTHS))


@partial(jax.jit, static_argnums=0)
def _drawn(net: Architecture, keys: jax.Array, x: jax.Array) -> jax.Array:
    """Return the kernels [nets, n, n] of nets as they are drawn."""

    def one(key: jax.Array) -> jax.Array:
        return empirical_ntk(net, initialize(net, x.shape[1], key, str(x.dtype)), x)

    return jax.lax.map(one, keys)


def _drift(request: Request) -> Found:
    nets = request.examples or NETS
    sizes = []
    for width in WIDTHS:
        first, last = _kernels(width, nets, request)
        moved = np.sqrt(((last - first) ** 2).sum(axis=(1, 2)))
        sizes.append(moved / np.sqrt((first**2).sum(axis=(1, 2))))
    found, error = power(WIDTHS, sizes)
    return _judge(found, error, -1.0, nets * len(WIDTHS))


CLAIMS = (
    Claim(
        "networks/fluctuation",
        "the tangent kernel at initialization spreads like width^-1/2",
        _spread,
    ),
    Claim(
        "networks/drift",
        "the tangent kernel of a smooth net drifts in training like 1/width",
        _drift,
    ),
)
