"""A block of steps of one hidden layer in one GPU kernel.

Compiled step by step, such a net moves its pre-activations [n, units] through the GPU's
memory six times a step, and that takes ten times as long as the arithmetic. Here a thread
block holds the weights of one net in registers, goes through the points in small chunks,
and touches memory only before and after a block of steps.

The kernel is written in Pallas, which compiles it with Triton. JAX has announced that this
way will go; where it is gone, or a kernel does not do on the first block of steps what the
ordinary steps do, those are taken, and the log says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from verify.networks.model.activations import activation, is_homogeneous
from verify.networks.model.net import Architecture
from verify.networks.steps.absorbed_factors import Weights, factors, unit_mask
from verify.networks.steps.passes import by_points
from verify.networks.steps.precision import Device

if TYPE_CHECKING:
    from verify.networks.steps.training_slots import Slots

_UNKNOWN = "erf", "gelu"
"""Activations that Triton cannot compile."""
_MOST_INPUTS = 16
_MOST_UNITS = 2048
_CHUNK = 4096
"""Pre-activations that a thread block holds: more of them spill out of its registers."""
_WARPS = 4


def choice(
    architecture: Architecture,
    n: int,
    dim: int,
    dtype: str,
    dynamics: str,
    device: Device,
) -> str:
    """Return ``"compiled"`` if the kernel is for such nets on this device, or ``"none"``.

    It is for descent of one hidden layer in float32 on NVIDIA's GPUs, for as many inputs
    and units as registers hold. Nets held by points move little memory as they are.

    Examples
    --------
    >>> cpu = jax.devices("cpu")[0]
    >>> choice(Architecture(1, 500), 64, 8, "float32", "descent", cpu)
    'none'
    """
    fits = (
        device.platform in {"gpu", "cuda"}
        and device.device_kind.startswith("NVIDIA")
        and architecture.depth == 1
        and dynamics == "descent"
        and dtype == "float32"
        and not by_points(architecture, n, dim)
        and architecture.activation not in _UNKNOWN
        and dim + 1 <= _MOST_INPUTS
        and architecture.width <= _MOST_UNITS - 16
        and find_spec("jax.experimental.pallas.triton") is not None
    )
    return "compiled" if fits else "none"


def objection(slots: Slots, advanced: Callable[[Slots, bool], Slots]) -> str:
    """Return why the kernel is not to be used, or nothing if it may be.

    Parameters
    ----------
    slots : Slots
        Nets that are about to take a block of steps; they stay as they are.
    advanced : callable
        ``advanced(slots, fused)`` takes it with a copy of them, by the kernel or by
        ordinary steps.

    Returns
    -------
    str
        ``""`` where the nets move alike: half of them or more within 1e-3 of how far they
        move, as far as float32 resolves it. (A few may be beyond the edge of stability,
        where rounding grows.) Else the reason.
    """
    copy = lambda: jax.tree.map(jnp.copy, slots)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The Pallas Triton", DeprecationWarning)
            fused = advanced(copy(), True)
            jax.block_until_ready(fused)
    except (ImportError, NotImplementedError, RuntimeError) as reason:
        if "RESOURCE_EXHAUSTED" in str(reason):
            raise
        return f"it cannot be compiled here: {str(reason).splitlines()[0]}"
    usual = advanced(copy(), False)
    if not np.array_equal(fused.step, usual.step):
        return "it takes another number of steps"
    before, after, other = (
        np.asarray(nets.parameters.first, np.float64) for nets in (slots, usual, fused)
    )
    size = lambda array: np.abs(array).max(axis=(1, 2))
    room = 1e-3 * size(after - before) + 1e-6 * size(before)
    off = ~(size(after - other) <= room)  # true for NaN too
    if np.mean(off) > 0.5:
        return f"{off.sum()} of {len(off)} nets move differently"
    return ""


def descend_block(
    architecture: Architecture,
    weights: Weights,
    inputs: jax.Array,
    goal: jax.Array,
    weight: jax.Array,
    rate: jax.Array,
    steps: jax.Array,
    *,
    dim: int,
    interpret: bool = False,
) -> Weights:
    """Take some steps of descent with every net.

    Parameters
    ----------
    architecture : Architecture
        One hidden layer.
    weights : Weights
        The nets [B, …], held by weights.
    inputs, goal, weight : jax.Array
        Augmented points [B, n, dim or dim + 1], what f should be there [B, n], and the
        points' weights in the loss [B, n].
    rate, steps : jax.Array
        Step size [B], and the number of steps of each net [B].
    dim : int
        Dimension of the inputs as they are given.
    interpret : bool
        Whether to run the kernel without a GPU, slowly.

    Returns
    -------
    Weights
        The nets after their steps.
    """
    # imported here, since only GPUs need it and it takes as long as all of this package
    from jax.experimental import pallas as pl
    from jax.experimental.pallas import triton

    count, n, rows = inputs.shape
    units = weights.last.shape[1]
    lanes = 1 << (units - 1).bit_length()
    chunk = max(
        r for r in (1, 2, 4, 8) if n % r == 0 and (r == 1 or r * lanes <= _CHUNK)
    )
    pad = lambda array: jnp.pad(
        array, (*[(0, 0)] * (array.ndim - 1), (0, lanes - units))
    )
    moved = pl.pallas_call(
        partial(
            _kernel,
            architecture=architecture,
            rows=rows,
            chunk=chunk,
            points=n,
            factors=tuple(a * a for a, _ in factors(architecture, dim)),
            slices=pl.ds,
        ),
        out_shape=(
            jax.ShapeDtypeStruct((count, rows, lanes), inputs.dtype),
            jax.ShapeDtypeStruct((count, lanes), inputs.dtype),
        ),
        grid=(count,),
        in_specs=[
            _row(pl, shape)
            for shape in ((rows, n), (n,), (n,), (), (), (rows, lanes), (lanes,))
        ],
        out_specs=(_row(pl, (rows, lanes)), _row(pl, (lanes,))),
        compiler_params=_options(triton),
        interpret=interpret,
    )(
        jnp.swapaxes(inputs, 1, 2),
        goal,
        weight,
        rate,
        steps,
        pad(weights.first),
        pad(weights.last),
    )
    return Weights(moved[0][..., :units], (), moved[1][..., :units])


def _row(pl: Any, shape: tuple[int, ...]) -> Any:
    """Return what a thread block sees of an array: the row of its net."""
    return pl.BlockSpec((1, *shape), lambda net: (net, *[0] * len(shape)))


def _options(triton: Any) -> Any:
    """Return the options of the compiler, whose class has had two names."""
    options = getattr(triton, "CompilerParams", None) or triton.TritonCompilerParams
    return options(num_warps=_WARPS, num_stages=1)


def _kernel(
    inputs: Any,
    goal: Any,
    weight: Any,
    rate: Any,
    steps: Any,
    first: Any,
    last: Any,
    moved_first: Any,
    moved_last: Any,
    *,
    architecture: Architecture,
    rows: int,
    chunk: int,
    points: int,
    factors: tuple[float, ...],
    slices: Any,
) -> None:
    """Train one net; each argument is a row of an array in the GPU's memory."""
    act = activation(architecture.activation)
    homogeneous = is_homogeneous(architecture.activation)
    each = range(rows)
    step_size = rate[0]

    def over_points(
        index: jax.Array,
        sums: tuple[jax.Array, ...],
        w: tuple[jax.Array, ...],
        v: jax.Array,
    ) -> tuple[jax.Array, ...]:
        """Add the slopes of some points: of each row of the weights, of the read-out."""
        some = slices(index * chunk, chunk)
        x = [inputs[0, k, some][:, None] for k in each]
        z = x[0] * w[0][None, :]
        for k in each[1:]:
            z = z + x[k] * w[k][None, :]
        h, pull = jax.vjp(act, z)
        f = jnp.sum(h * v[None, :], axis=1)
        residual = 2 * weight[0, some] * (f - goal[0, some])
        (signal,) = pull(jnp.broadcast_to(residual[:, None], z.shape))
        slopes = [jnp.sum(x[k] * signal, axis=0) for k in each]
        if not homogeneous:
            slopes.append(jnp.sum(residual[:, None] * h, axis=0))
        return tuple(a + b for a, b in zip(sums, slopes, strict=True))

    def step(
        _: jax.Array, net: tuple[tuple[jax.Array, ...], jax.Array]
    ) -> tuple[tuple[jax.Array, ...], jax.Array]:
        w, v = net
        zeros = tuple(jnp.zeros_like(v) for _ in range(rows + (not homogeneous)))
        slopes = jax.lax.fori_loop(
            0, points // chunk, lambda i, sums: over_points(i, sums, w, v), zeros
        )
        if homogeneous:
            readout = sum((slopes[k] * w[k] for k in each[1:]), start=slopes[0] * w[0])
        else:
            readout = unit_mask(architecture, slopes[rows])
        return (
            tuple(w[k] - (step_size * factors[0]) * slopes[k] * v for k in each),
            v - (step_size * factors[1]) * readout,
        )

    start = tuple(first[0, k, :] for k in each), last[0, :]
    w, v = jax.lax.fori_loop(0, steps[0], step, start)
    for k in each:
        moved_first[0, k, :] = w[k]
    moved_last[0, :] = v
