"""A queue of nets that passes through a fixed number of slots."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from verify.networks.memory import bucket
from verify.networks.net import Architecture, Parameters
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
from verify.networks.trained import Trained
from verify.networks.training import Training

_SEGMENT = 500
"""Most steps between two looks from Python: a bound on the wait for Ctrl-C."""

_COMPILATION = 2e10
"""Floating-point operations in about the time that compiling a new shape takes."""


class Batch:
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

    def _predictions(self, net: Slots, place: tuple[int, int]) -> NDArray[np.float64]:
        """Return a net's centered outputs on the test set, in units of the targets."""
        values = np.asarray(self._values(net.parameters, self.test), np.float64)
        start = self.start[place]
        if start is not None:
            values = values - np.asarray(start, np.float64)
        return values / self.training.target_scale

    def _read(self, slots: Slots, slot: int, place: tuple[int, int]) -> None:
        """Write down what became of the net in a slot."""
        net = read(slots, np.int32(slot))
        result = self.result
        result.outcome[place] = int(net.status)
        result.steps[place] = int(net.step)
        result.time[place] = float(net.time)
        result.flow_error[place] = float(net.error)
        result.train_mse[place] = float(net.loss) / self.training.target_scale**2
        if not result.diverged[place]:
            result.predictions[place] = self._predictions(net, place)
        del self.start[place]

    def _advance(self, slots: Slots, steps: int, room: int) -> Slots:
        return advance(
            slots,
            np.int32(steps),
            np.int32(room),
            self.rules,
            architecture=self.architecture,
            check_every=self.training.check_every,
            dynamics=self.training.dynamics,
        )

    def _empty(self, count: int) -> Slots:
        _, points, dim = self.inputs.shape
        return empty(self.architecture, count, points, dim, self.training.dtype)

    def follow(
        self, steps: Sequence[int]
    ) -> tuple[NDArray[np.float64], list[Parameters]]:
        """Take the first net to some numbers of steps; return it at each."""
        place = (0, 0)
        slots = self._load(self._empty(1), 0, place)
        predictions, parameters, done = [], [], 0
        for step in steps:
            slots = self._advance(slots, step - done, 2)
            done = step
            net = read(slots, np.int32(0))
            predictions.append(self._predictions(net, place))
            parameters.append(net.parameters)
        return np.stack(predictions), parameters

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
        slots = self._empty(batch)
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
            slots = self._advance(slots, _SEGMENT, len(held) - len(busy) + wanted)
            status = np.asarray(slots.status)
            for slot, place in busy:
                if status[slot] != RUNNING:
                    self._read(slots, slot, place)
                    held[slot] = None
                    finished += 1
            if progress is not None:
                progress(finished, trials * count)
        return self.result
