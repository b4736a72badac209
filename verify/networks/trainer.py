"""Train many nets at once: a queue of nets passes through a fixed number of slots."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from verify.networks.errors import DivergenceError, MemoryLimitError, SettingError
from verify.networks.memory import bucket, plan
from verify.networks.net import Architecture, Parameters
from verify.networks.precision import arithmetic, find_device
from verify.networks.slots import (
    RUNNING,
    Rules,
    Slots,
    advance,
    draw,
    empty,
    keep,
    load,
    outputs,
    read,
    start_eigenvalue,
)
from verify.networks.training import OUTCOMES, Training

_SEGMENT = 500
"""Most steps between two looks from Python: a bound on the wait for Ctrl-C."""

_COMPILATION = 2e10
"""Floating-point operations in about the time that compiling a new shape takes."""

log = logging.getLogger("verify.networks")


@dataclass(frozen=True, slots=True)
class Trained:
    """What became of nets, one entry per trial and target.

    Attributes
    ----------
    predictions : ndarray
        [trials, targets, m]: centered outputs on the test inputs, in units of the
        targets.
    train_mse : ndarray
        [trials, targets] at the end.
    steps : ndarray
        [trials, targets]: updates of the parameters (of a flow: attempted steps).
    outcome : ndarray
        [trials, targets]: index into `OUTCOMES`.
    time : ndarray
        [trials, targets]: training time, Σ learning rate.
    flow_error : ndarray
        [trials, targets]: sum of the local errors of a flow, relative to the root mean
        square of the targets; 0 for descent.
    learning_rate, lambda_max, stability : ndarray
        [trials, targets]: step size (of a flow: the first), largest eigenvalue of the
        kernel, and 2·lr·λ_max/n.
    """

    predictions: NDArray[np.float64]
    train_mse: NDArray[np.float64]
    steps: NDArray[np.int64]
    outcome: NDArray[np.int64]
    time: NDArray[np.float64]
    flow_error: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    lambda_max: NDArray[np.float64]
    stability: NDArray[np.float64]

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Which nets diverged [trials, targets]."""
        return self.outcome == OUTCOMES.index("diverged")

    def divergences(self) -> list[str]:
        """Name every net that diverged, with its step, loss and stability number."""
        return [
            f"trial {i}, target {j} diverged at step {self.steps[i, j]}: training MSE "
            f"{self.train_mse[i, j]:.3g}, 2·lr·λ_max/n = {self.stability[i, j]:.3g} "
            f"(edge 2), learning rate {self.learning_rate[i, j]:.3g}"
            for i, j in np.argwhere(self.diverged)
        ]

    def check(self) -> Trained:
        """Return these nets if none diverged.

        Raises
        ------
        DivergenceError
            If one did; the message names each.
        """
        if self.diverged.any():
            raise DivergenceError("; ".join(self.divergences()))
        return self


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
    """
    key = jax.random.key(seed, impl="threefry2x32")
    for number in (n, trial, member):
        key = jax.random.fold_in(key, number)
    return key if target is None else jax.random.fold_in(key, target)


def _array(name: str, values: ArrayLike, axes: str) -> NDArray[np.float64]:
    array = np.asarray(values, np.float64)
    if array.ndim != axes.count(",") + 1 or 0 in array.shape:
        msg = f"{name}: shape {array.shape}, must be [{axes}] and not empty"
        raise SettingError(msg)
    if not np.isfinite(array).all():
        msg = f"{name}: must be finite"
        raise SettingError(msg)
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
    >>> OUTCOMES[done.outcome[0, 0]], bool(done.train_mse[0, 0] < 1e-5)
    ('converged', True)
    """
    x = _array("inputs", inputs, "trials, n, dim")
    y = _array("targets", targets, "trials, targets, n")
    test = _array("test_inputs", test_inputs, "m, dim")
    trials, count, n = y.shape
    if x.shape[:2] != (trials, n) or test.shape[1] != x.shape[2]:
        msg = (
            f"inputs {x.shape}, targets {y.shape}, test_inputs {test.shape}: must be "
            f"[trials, n, dim], [trials, targets, n], [m, dim]"
        )
        raise SettingError(msg)
    if len(keys) != trials or any(len(row) != count for row in keys):
        msg = f"keys: must be {trials} rows of {count}, one key for each net"
        raise SettingError(msg)
    given = None
    if lambda_max is not None:
        given = _array("lambda_max", lambda_max, "trials")
        if given.shape != (trials,) or not (given > 0).all():
            msg = f"lambda_max: must be {trials} numbers > 0, one for each trial"
            raise SettingError(msg)
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
    batch = chosen.slots if slots is None else min(slots, trials * count)
    log.info("%s", chosen)
    with arithmetic(training.dtype, where):
        try:
            return _Queue(architecture, training, x, y, test, keys, given).run(
                batch, progress
            )
        except jax.errors.JaxRuntimeError as reason:
            if "RESOURCE_EXHAUSTED" not in str(reason):
                raise
            msg = f"memory: the device ran out of it ({chosen}); lower memory="
            raise MemoryLimitError(msg) from reason


class _Queue:
    """The nets of one call, padded to a bucket of n, and their results."""

    def __init__(
        self,
        architecture: Architecture,
        training: Training,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        test: NDArray[np.float64],
        keys: Sequence[Sequence[jax.Array]],
        lambda_max: NDArray[np.float64] | None,
    ) -> None:
        trials, count, n = y.shape
        dtype = np.dtype(training.dtype)
        pad = bucket(n) - n
        self.architecture, self.training, self.keys, self.n = (
            architecture,
            training,
            keys,
            n,
        )
        self.inputs = np.pad(x, ((0, 0), (0, pad), (0, 0))).astype(dtype)
        scaled = y * training.target_scale
        self.targets = np.pad(scaled, ((0, 0), (0, 0), (0, pad))).astype(dtype)
        self.mask = np.pad(np.ones(n), (0, pad)).astype(dtype)
        self.test = jnp.asarray(test.astype(dtype))
        self.given = lambda_max
        self.drawn: tuple[bytes, Parameters, jax.Array] | None = None
        self.start: dict[tuple[int, int], jax.Array | None] = {}
        shape = (trials, count)
        nan = lambda: np.full(shape, np.nan)
        self.result = Trained(
            np.full((*shape, len(test)), np.nan),
            nan(),
            np.zeros(shape, np.int64),
            np.zeros(shape, np.int64),
            nan(),
            nan(),
            nan(),
            nan(),
            nan(),
        )
        eps = float(np.finfo(dtype).eps)
        max_time = np.inf if training.max_time is None else training.max_time
        self.rules = Rules(
            *(
                jnp.asarray(value, dtype)
                for value in (
                    training.stop_mse * training.target_scale**2,
                    training.divergence_factor,
                    training.flow_tolerance,
                    max_time * (1 - 4 * eps),
                )
            )
        )

    def _first(self, key: jax.Array) -> tuple[Parameters, jax.Array]:
        """Draw a net and evaluate it on the test set; the last draw is kept."""
        name = np.asarray(jax.random.key_data(key)).tobytes()
        if self.drawn is None or self.drawn[0] != name:
            net = draw(
                key,
                architecture=self.architecture,
                dim=self.test.shape[1],
                dtype=self.training.dtype,
            )
            values = self._values(net, self.test)
            self.drawn = (name, net, values)
        return self.drawn[1], self.drawn[2]

    def _values(self, net: Parameters, points: ArrayLike) -> jax.Array:
        return outputs(net, points, architecture=self.architecture)

    def _load(self, slots: Slots, slot: int, place: tuple[int, int]) -> Slots:
        """Draw a net, choose its learning rate and put it into a slot."""
        i, j = place
        dtype, result, training = self.inputs.dtype, self.result, self.training
        net, test_values = self._first(self.keys[i][j])
        x = self.inputs[i]
        start = np.zeros_like(self.mask)
        self.start[place] = None
        if training.centered:
            start = self._values(net, x)
            self.start[place] = test_values
        if self.given is None:
            top = float(
                start_eigenvalue(net, x, self.mask, architecture=self.architecture)
            )
        else:
            top = float(self.given[i])
        rate = training.rate(self.n, top)
        result.lambda_max[place] = top
        result.learning_rate[place] = rate
        result.stability[place] = training.stability(self.n, top)
        return load(
            slots,
            np.int32(slot),
            net,
            x,
            self.targets[place],
            start,
            self.mask / dtype.type(self.n),
            dtype.type(rate),
            np.int32(training.max_steps),
        )

    def _read(self, slots: Slots, slot: int, place: tuple[int, int]) -> None:
        """Write down what became of the net in a slot."""
        net = read(slots, np.int32(slot))
        result, scale = self.result, self.training.target_scale
        result.outcome[place] = int(net.status)
        result.steps[place] = int(net.step)
        result.time[place] = float(net.time)
        result.flow_error[place] = float(net.error)
        result.train_mse[place] = float(net.loss) / scale**2
        start = self.start.pop(place)
        if not result.diverged[place]:
            values = np.asarray(self._values(net.parameters, self.test), np.float64)
            if start is not None:
                values = values - np.asarray(start, np.float64)
            result.predictions[place] = values / scale

    def _advance(self, slots: Slots, room: int) -> Slots:
        return advance(
            slots,
            np.int32(_SEGMENT),
            np.int32(room),
            self.rules,
            architecture=self.architecture,
            check_every=self.training.check_every,
            dynamics=self.training.dynamics,
        )

    def _worth_compacting(self, free: int) -> bool:
        """Tell whether a segment without the free slots saves more than a compilation.

        Decided by arithmetic and not by a clock, so that a run can be repeated.
        """
        points = max(len(self.mask), 16)
        parameters = self.architecture.count(self.test.shape[1])
        return free * 6.0 * parameters * points * _SEGMENT > _COMPILATION

    def run(self, batch: int, progress: Callable[[int, int], object] | None) -> Trained:
        """Pass all nets through the slots."""
        trials, count = self.result.steps.shape
        waiting = deque((i, j) for i in range(trials) for j in range(count))
        _, points, dim = self.inputs.shape
        slots = empty(self.architecture, batch, points, dim, self.training.dtype)
        held: list[tuple[int, int] | None] = [None] * batch
        finished = 0
        while finished < trials * count:
            for slot in range(len(held)):
                if held[slot] is None and waiting:
                    place = held[slot] = waiting.popleft()
                    slots = self._load(slots, slot, place)
            busy = [slot for slot, net in enumerate(held) if net is not None]
            free = [slot for slot, net in enumerate(held) if net is None]
            if len(busy) <= len(free) and self._worth_compacting(len(free)):
                size = 1 << (len(busy) - 1).bit_length()
                order = (busy + free)[: min(size, len(held))]
                slots = keep(slots, np.array(order, np.int32))
                held = [held[slot] for slot in order]
            busy = [(slot, net) for slot, net in enumerate(held) if net is not None]
            wanted = max(1, len(busy) // 8)
            slots = self._advance(slots, len(held) - len(busy) + wanted)
            status = np.asarray(slots.status)
            for slot, place in busy:
                if status[slot] != RUNNING:
                    self._read(slots, slot, place)
                    held[slot] = None
                    finished += 1
            if progress is not None:
                progress(finished, trials * count)
        return self.result
