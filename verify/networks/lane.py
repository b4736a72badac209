"""A lane: nets that pass, one after the other, through a fixed number of slots.

A CPU has a lane for each of its cores, each in a thread of its own: which net goes
through which lane is fixed beforehand, so that a rerun gives the same bits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import jax
import numpy as np

from verify.networks.absorbed import Weights, restore
from verify.networks.net import Parameters, initialize
from verify.networks.slots import (
    RUNNING,
    Slots,
    advance,
    begin,
    empty,
    keep,
    load,
    outputs,
    read,
)

if TYPE_CHECKING:
    from verify.networks.batch import Batch, Floats, Place

_SEGMENT = 2e11
"""Floating-point operations between two looks from Python: bounds a wait for Ctrl-C."""

_COMPILATION = 2e10
"""Floating-point operations in about the time that compiling a new shape takes."""


class Start(NamedTuple):
    """A net as it was drawn: its weights, its function, λ_max of its kernel."""

    key: jax.Array
    trial: int
    weights: Weights
    values: jax.Array
    test_values: Floats
    eigenvalue: float


class Lane:
    """Some places of a batch, and slots to train their nets in."""

    def __init__(self, batch: Batch, places: Sequence[Place], slots: int) -> None:
        self.batch, self.waiting = batch, deque(places)
        self.held: list[Place | None] = [None] * slots
        _, points, dim = batch.inputs.shape
        self.slots = empty(batch.architecture, slots, points, dim, batch.training.dtype)
        self.start: dict[Place, Start] = {}
        self.drawn: Start | None = None
        # floating-point operations of one step of one net
        self.cost = 6.0 * batch.architecture.count(dim) * max(points, 16)

    def rounds(self) -> Iterator[int]:
        """Train all nets; after every look yield how many have finished at it."""
        while self.waiting or any(place is not None for place in self.held):
            self._fill()
            self._compact()
            yield self._round()

    def _round(self) -> int:
        """Advance the nets until some have finished, and write those down."""
        busy = [slot for slot, place in enumerate(self.held) if place is not None]
        room = len(self.held) - len(busy) + max(1, len(busy) // 8)
        steps = min(max(_SEGMENT / (self.cost * len(self.held)), 10), 10_000)
        self.slots = self._advance(self.slots, int(steps), room)
        status = np.asarray(self.slots.status)
        done = [slot for slot in busy if status[slot] != RUNNING]
        self._read(done)
        for slot in done:
            self.held[slot] = None
        return len(done)

    def _advance(self, slots: Slots, steps: int, room: int) -> Slots:
        batch = self.batch
        return advance(
            slots,
            np.int32(steps),
            np.int32(room),
            batch.rules,
            architecture=batch.architecture,
            dim=batch.inputs.shape[2],
            check_every=batch.training.check_every,
            dynamics=batch.training.dynamics,
        )

    def _fill(self) -> None:
        """Put waiting nets into free slots."""
        for slot, place in enumerate(self.held):
            if place is None and self.waiting:
                self.held[slot] = self.waiting.popleft()
                self._load(slot, self._place(slot))

    def _begin(self, place: Place) -> Start:
        """Draw a net; the last one is kept, since targets of a trial may share it."""
        batch = self.batch
        key = batch.keys[place[0]][place[1]]
        if (
            self.drawn is None
            or self.drawn.key is not key
            or self.drawn.trial != place[0]
        ):
            x, dim = batch.inputs[place[0]], batch.inputs.shape[2]
            net = initialize(batch.architecture, dim, key, batch.training.dtype)
            weights, values, top = begin(
                net,
                x,
                batch.mask,
                architecture=batch.architecture,
                eigenvalue=batch.given is None,
            )
            self.drawn = Start(
                key,
                place[0],
                weights,
                values,
                self._values(weights),
                float(top if batch.given is None else batch.given[place[0]]),
            )
        return self.drawn

    def _values(self, weights: Weights) -> Floats:
        """Evaluate a net on the test set [m]."""
        batch = self.batch
        found = outputs(weights, batch.test, architecture=batch.architecture)
        return np.asarray(found, np.float64)

    def _load(self, slot: int, place: Place) -> None:
        """Draw a net, choose its learning rate and put it into a slot."""
        batch, training, result = self.batch, self.batch.training, self.batch.result
        start = self._begin(place)
        rate = training.rate(batch.n, start.eigenvalue)
        result.lambda_max[place] = start.eigenvalue
        result.learning_rate[place] = rate
        result.stability[place] = training.stability(batch.n, start.eigenvalue)
        self.start[place] = start
        x, dtype = batch.inputs[place[0]], batch.inputs.dtype.type
        self.slots = load(
            self.slots,
            np.int32(slot),
            start.weights,
            x,
            batch.targets[place],
            start.values if training.centered else np.zeros_like(batch.mask),
            batch.mask / dtype(batch.n),
            dtype(rate),
            np.int32(training.max_steps),
            architecture=batch.architecture,
        )

    def _place(self, slot: int) -> Place:
        place = self.held[slot]
        if place is None:
            msg = f"slot {slot} holds no net"
            raise LookupError(msg)
        return place

    def _net(self, slot: int) -> Weights:
        """Return the net in a slot, as weights."""
        batch, place = self.batch, self._place(slot)
        return read(
            self.slots,
            np.int32(slot),
            self.start[place].weights,
            batch.inputs[place[0]],
            architecture=batch.architecture,
        )

    def _predictions(self, weights: Weights, place: Place) -> Floats:
        """Return a net's centered outputs [m], in units of the targets."""
        values, training = self._values(weights), self.batch.training
        if training.centered:
            values = values - self.start[place].test_values
        return values / training.target_scale

    def _read(self, done: Sequence[int]) -> None:
        """Write down what became of the nets in some slots."""
        if not done:
            return
        result, scale = self.batch.result, self.batch.training.target_scale
        slots = self.slots
        columns = (
            (result.outcome, slots.status, 1.0),
            (result.steps, slots.step, 1.0),
            (result.time, slots.time, 1.0),
            (result.flow_error, slots.error, 1.0),
            (result.train_mse, slots.loss, scale**2),
        )
        for table, values, unit in columns:
            numbers = np.asarray(values)
            for slot in done:
                table[self._place(slot)] = numbers[slot] / unit
        for slot in done:
            place = self._place(slot)
            if not result.diverged[place]:
                net = self._net(slot)
                result.predictions[place] = self._predictions(net, place)
            del self.start[place]

    def follow(self, steps: Sequence[int]) -> tuple[Floats, list[Parameters]]:
        """Take the first net to some numbers of steps; return it at each."""
        self._fill()
        dim, architecture = self.batch.inputs.shape[2], self.batch.architecture
        predictions, parameters, done = [], [], 0
        for step in steps:
            self.slots = self._advance(self.slots, step - done, 2)
            done = step
            net = self._net(0)
            predictions.append(self._predictions(net, self._place(0)))
            parameters.append(restore(architecture, net, dim))
        return np.stack(predictions), parameters

    def _compact(self) -> None:
        """Drop free slots, if that saves more than compiling for fewer takes.

        Decided by arithmetic and not by a clock, so that a run can be repeated.
        """
        busy = [slot for slot, place in enumerate(self.held) if place is not None]
        free = [slot for slot, place in enumerate(self.held) if place is None]
        if len(busy) > len(free) or len(free) * self.cost * 500 <= _COMPILATION:
            return
        size = 1 << (len(busy) - 1).bit_length()
        order = (busy + free)[: min(size, len(self.held))]
        self.slots = keep(self.slots, np.array(order, np.int32))
        self.held = [self.held[slot] for slot in order]
