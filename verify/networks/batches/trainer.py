"""Train many nets at once, or follow one step by step."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import jax
import numpy as np
from numpy.typing import ArrayLike, NDArray

from verify.networks.batches.batch import Batch
from verify.networks.batches.memory import plan
from verify.networks.batches.running import follow, run
from verify.networks.batches.trained import Trained
from verify.networks.errors import MemoryLimitError, SettingError, whole
from verify.networks.model.net import Architecture, Parameters
from verify.networks.model.training_rule import Training
from verify.networks.steps.precision import arithmetic, find_device

log = logging.getLogger("verify.networks")


def net_key(
    seed: int, n: int, trial: int, target: int | None = None, member: int = 0
) -> jax.Array:
    """Return the random key of a net's initial parameters.

    It depends on what the net is, never on its position in a batch.

    Parameters
    ----------
    seed, n, trial : int
        Of the cell, each from 0 to 2³² − 1.
    target : int, optional
        A number for the target, where each target has an initialization of its own.
    member : int
        Which member of an ensemble.

    Raises
    ------
    SettingError
        If a number is out of range.
    """
    numbers = {"seed": seed, "n": n, "trial": trial, "member": member}
    if target is not None:
        numbers["target"] = target
    return _folded(*(np.uint32(whole(*item, 0, 2**32 - 1)) for item in numbers.items()))


@jax.jit
def _folded(seed: jax.Array, *numbers: jax.Array) -> jax.Array:
    key = jax.random.key(seed, impl="threefry2x32")
    for number in numbers:
        key = jax.random.fold_in(key, number)
    return key


def _array(name: str, values: ArrayLike, axes: str) -> NDArray[np.float64]:
    array = np.asarray(values, np.float64)
    if array.ndim != axes.count(",") + 1 or 0 in array.shape:
        raise SettingError(
            f"{name}: shape {array.shape}, must be [{axes}] and not empty"
        )
    if not np.isfinite(array).all():
        raise SettingError(f"{name}: must be finite")
    return array


def train(
    architecture: Architecture,
    training: Training,
    inputs: ArrayLike,
    targets: ArrayLike,
    test_inputs: ArrayLike,
    keys: Sequence[Sequence[jax.Array]],
    *,
    lambda_max: ArrayLike | None = None,
    device: str | None = None,
    memory: int | None = None,
    slots: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Trained:
    """Train a net for every trial and target.

    Parameters
    ----------
    architecture, training : Architecture, Training
        Which nets, and how.
    inputs : array_like
        Training inputs [trials, n, dim].
    targets : array_like
        Training targets [trials, targets, n].
    test_inputs : array_like
        Test inputs [m, dim].
    keys : sequence of sequences of keys
        Random key of each net, [trials][targets].
    lambda_max : array_like, optional
        Largest eigenvalue of the kernel matrix of each trial [trials], from the
        analytic kernel; by default that of each net's own kernel at initialization.
    device : str, optional
        See `find_device`.
    memory : int, optional
        Bytes that may be used.
    slots : int, optional
        Nets at a time; by default chosen from the memory and the device.
    progress : callable, optional
        Called with the number of finished nets and of all nets.

    Returns
    -------
    Trained
        Entries of diverged nets are recorded as such; their predictions are NaN.

    Raises
    ------
    SettingError
        If arrays don't fit together or aren't finite.
    MemoryLimitError
        If one net doesn't fit into memory.

    Examples
    --------
    >>> x = [[[1.0, 1.0], [1.0, -1.0]]]
    >>> y = [[[1.0, -1.0]]]
    >>> net = Architecture(depth=1, width=64)
    >>> done = train(net, Training(), x, y, x[0], [[net_key(0, 2, 0)]])
    >>> done.outcome.tolist(), bool(done.train_mse[0, 0] < 1e-5)
    ([[1]], True)
    """
    x = _array("inputs", inputs, "trials, n, dim")
    y = _array("targets", targets, "trials, targets, n")
    test = _array("test_inputs", test_inputs, "m, dim")
    trials, count, n = y.shape
    if x.shape[:2] != (trials, n) or test.shape[1] != x.shape[2]:
        raise SettingError(
            f"inputs {x.shape}, targets {y.shape}, test_inputs {test.shape}: must be "
            f"[trials, n, dim], [trials, targets, n], [m, dim]"
        )
    if len(keys) != trials or any(len(row) != count for row in keys):
        raise SettingError(
            f"keys: must be {trials} rows of {count}, one key for each net"
        )
    given = None
    if lambda_max is not None:
        given = _array("lambda_max", lambda_max, "trials")
        if given.shape != (trials,) or not (given > 0).all():
            raise SettingError(
                f"lambda_max: must be {trials} numbers > 0, one for each trial"
            )
    where = find_device(device)
    chosen = plan(
        architecture,
        training,
        n=n,
        dim=x.shape[2],
        test_points=len(test),
        nets=trials * count,
        device=where,
        memory=memory,
    )
    at_once = chosen.slots
    if slots is not None:
        at_once = min(whole("slots", slots, 1), trials * count)
    log.info("%s", chosen)
    with arithmetic(training.dtype, where):
        try:
            batch = Batch(architecture, training, x, y, test, keys, given, where)
            return run(batch, at_once, chosen.lanes, chosen.together, where, progress)
        except jax.errors.JaxRuntimeError as reason:
            if "RESOURCE_EXHAUSTED" not in str(reason):
                raise
            raise MemoryLimitError(
                f"memory: the device ran out of it ({chosen}); lower memory="
            ) from reason


class Trajectory(NamedTuple):
    """One net on its way, at the steps that were asked for.

    Attributes
    ----------
    predictions : ndarray
        [steps, m]: centered outputs on the test inputs, in units of the targets.
    parameters : list of tuple of Layer
        The net itself.
    learning_rate : float
        Step size.
    """

    predictions: NDArray[np.float64]
    parameters: list[Parameters]
    learning_rate: float


def trajectory(
    architecture: Architecture,
    training: Training,
    inputs: ArrayLike,
    targets: ArrayLike,
    test_inputs: ArrayLike,
    key: jax.Array,
    steps: Sequence[int],
    *,
    lambda_max: float | None = None,
    device: str | None = None,
) -> Trajectory:
    """Follow one net; it takes the very steps that `train` takes.

    Parameters
    ----------
    architecture, training : Architecture, Training
        Which net, and how it's trained; its rules for stopping are not applied.
    inputs, targets : array_like
        Training points [n, dim] and targets [n].
    test_inputs : array_like
        Test inputs [m, dim].
    key : jax.Array
        Random key of the initial parameters.
    steps : sequence of int
        Numbers of updates (of a flow: attempted steps) at which to look, increasing.
    lambda_max : float, optional
        Largest eigenvalue of the kernel matrix, as for `train`.
    device : str, optional
        See `find_device`.

    Returns
    -------
    Trajectory
        One entry for each of ``steps``.

    Raises
    ------
    SettingError
        If arrays don't fit together, or steps don't increase.

    Examples
    --------
    >>> net, x = Architecture(depth=1, width=64), [[1.0, 1.0], [1.0, -1.0]]
    >>> key = net_key(seed=0, n=2, trial=0)
    >>> way = trajectory(net, Training(), x, [1.0, -1.0], x, key, [0, 5, 50])
    >>> way.predictions[0].tolist()           # the output is centered
    [0.0, 0.0]
    """
    looks = [whole("steps", step, 0, 2**31 - 1) for step in steps]
    if not looks or any(b <= a for a, b in pairwise(looks)):
        raise SettingError(f"steps = {steps!r}: must be one or more increasing numbers")
    x = _array("inputs", inputs, "n, dim")
    y = _array("targets", targets, "n")
    test = _array("test_inputs", test_inputs, "m, dim")
    if len(x) != len(y) or test.shape[1] != x.shape[1]:
        raise SettingError(
            f"inputs {x.shape}, targets {y.shape}, test_inputs {test.shape}: must be "
            f"[n, dim], [n], [m, dim]"
        )
    endless = replace(
        training, max_steps=2**31 - 1, stop_mse=0.0, max_time=None, check_every=1
    )
    top = None if lambda_max is None else _array("lambda_max", [lambda_max], "trials")
    where = find_device(device)
    with arithmetic(training.dtype, where):
        batch = Batch(
            architecture,
            endless,
            x[None],
            y[None, None],
            test,
            [[key]],
            top,
            where,
        )
        predictions, parameters = follow(batch, looks)
    rate = float(batch.result.learning_rate[0, 0])
    return Trajectory(predictions, parameters, rate)
