"""A lane: nets that pass, one after the other, through a fixed number of slots.

A CPU has a lane for each of its cores, each in a thread of its own: which net goes
through which lane is fixed beforehand, so that a rerun gives the same bits.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import jax
import numpy as np

from verify.networks.batches.batch import Batch, Floats, Place
from verify.networks.batches.net_buffers import Basket, Stage, draw_of
from verify.networks.model.net import Parameters
from verify.networks.steps.absorbed_factors import restore
from verify.networks.steps.batched_nets import outputs
from verify.networks.steps.passes import released
from verify.networks.steps.training_loop import advance, block
from verify.networks.steps.training_slots import (
    RUNNING,
    Slots,
    Tasks,
    empty,
    keep,
    load,
)

log = logging.getLogger("verify.networks")


class Pace(NamedTuple):
    """How fast a device is, in floating-point operations.

    Attributes
    ----------
    segment : float
        Between two looks from Python: bounds a wait for Ctrl-C to about a second.
    compilation : float
        In about the time that compiling a new shape takes.
    """

    segment: float
    compilation: float


_CPU, _GPU = Pace(2e11, 2e10), Pace(2e13, 1e14)


class Lane:
    """Some places of a batch, and slots to train their nets in.

    Parameters
    ----------
    batch : Batch
        The nets and their data.
    places : sequence of Place
        Which of them pass through here, in this order.
    slots, together : int
        Nets in training at once, and nets drawn or seen at once.
    """

    def __init__(
        self, batch: Batch, places: Sequence[Place], slots: int, together: int
    ) -> None:
        self.batch, self.waiting, self.together = batch, deque(places), together
        self.held: list[Place | None] = [None] * slots
        _, points, dim = batch.inputs.shape
        self.slots = empty(batch.architecture, slots, points, dim, batch.training.dtype)
        # nets that come or go in one call: as many as are waited for, see _round
        self.group = min(together, max(16, slots // 8), slots)
        self.basket = Basket(batch, self.slots, together)
        self.stage: Stage | None = None
        # what each net put out on the test set when it was drawn
        self.start: dict[Place, Floats] = {}
        self.pace = _CPU if batch.platform == "cpu" else _GPU
        # floating-point operations of one step of one net
        self.cost = 6.0 * batch.architecture.count(dim) * max(points, 16)
        self.looked = False

    def rounds(self) -> Iterator[int]:
        """Train all nets; after every look yield how many have finished at it."""
        while self.waiting or any(place is not None for place in self.held):
            self._fill()
            self._compact()
            yield self._round()
        self.basket.see()

    def _round(self) -> int:
        """Advance the nets until some have finished, and write those down."""
        busy = [slot for slot, place in enumerate(self.held) if place is not None]
        room = len(self.held) - len(busy) + max(1, len(busy) // 8)
        steps = min(max(self.pace.segment / (self.cost * len(self.held)), 10), 10_000)
        if not self.looked:  # the other lanes wait for what this one compiles
            steps, self.looked = 1, True
        each = block(self.batch.training.check_every)
        self.slots = self._advance(self.slots, -(-int(steps) // each), room)
        status = np.asarray(self.slots.status)
        done = [slot for slot in busy if status[slot] != RUNNING]
        self._record(done)
        for first in range(0, len(done), self.group):
            self._release(done[first : first + self.group])
        return len(done)

    def _advance(self, slots: Slots, looks: int, room: int) -> Slots:
        batch = self.batch
        return advance(
            slots,
            np.int32(looks),
            np.int32(room),
            batch.rules,
            architecture=batch.architecture,
            dim=batch.inputs.shape[2],
            check_every=batch.training.check_every,
            dynamics=batch.training.dynamics,
        )

    def _fill(self) -> None:
        """Put waiting nets into free slots."""
        free = deque(slot for slot, place in enumerate(self.held) if place is None)
        while free and self.waiting:
            if self.stage is None or self._next not in self.stage.row:
                self.stage = Stage(self.batch, self.waiting, self.together)
            slots: list[int] = []
            while (
                free
                and self.waiting
                and len(slots) < self.group
                and self._next in self.stage.row
            ):
                slots.append(free.popleft())
                self.held[slots[-1]] = self.waiting.popleft()
            self._load(self.stage, slots)

    @property
    def _next(self) -> tuple[int, int]:
        """What the next net is drawn from."""
        return draw_of(self.batch, self.waiting[0])

    def _load(self, stage: Stage, slots: list[int]) -> None:
        """Choose learning rates and put nets of a stage into slots."""
        batch, training, result = self.batch, self.batch.training, self.batch.result
        places = [self._place(slot) for slot in slots]
        rows = [stage.row[draw_of(batch, place)] for place in places]
        rates = []
        for place, row in zip(places, rows, strict=True):
            top = float(stage.eigenvalues[row])
            rates.append(training.rate(batch.n, top))
            result.lambda_max[place] = top
            result.learning_rate[place] = rates[-1]
            result.stability[place] = training.stability(batch.n, top)
            self.start[place] = stage.test_values[row]
        more = self.group - len(slots)
        trials, targets = np.array(places + places[-1:] * more).T
        dtype = batch.inputs.dtype
        tasks = Tasks(
            np.array(slots + [len(self.held)] * more, np.int32),
            np.array(rows + rows[-1:] * more, np.int32),
            batch.inputs[trials],
            batch.targets[trials, targets],
            np.array(rates + rates[-1:] * more, dtype),
            batch.mask / dtype.type(batch.n),
            np.int32(training.max_steps),
        )
        self.slots = load(
            self.slots,
            stage.drawn,
            tasks,
            architecture=batch.architecture,
            centered=training.centered,
        )

    def _place(self, slot: int) -> Place:
        place = self.held[slot]
        if place is None:
            raise LookupError(f"slot {slot} holds no net")
        return place

    def _record(self, done: Sequence[int]) -> None:
        """Write down how the training of the nets in some slots ended."""
        if not done:
            return
        result, slots = self.batch.result, self.slots
        scale = self.batch.training.target_scale
        columns = (
            (result.outcome, slots.status, 1.0),
            (result.steps, slots.step, 1.0),
            (result.time, slots.time, 1.0),
            (result.flow_error, slots.error, 1.0),
            (result.train_mse, slots.loss, scale**2),
        )
        places = tuple(np.array([self._place(slot) for slot in done]).T)
        for table, values, unit in columns:
            table[places] = np.asarray(values)[list(done)] / unit

    def _release(self, done: Sequence[int]) -> None:
        """Take finished nets out of their slots."""
        places = [self._place(slot) for slot in done]
        content = [(place, self.start.pop(place)) for place in places]
        which = [*done, *[done[-1]] * (self.group - len(done))]
        self.basket.put(self.slots, which, content)
        for slot in done:
            self.held[slot] = None

    def follow(self, steps: Sequence[int]) -> tuple[Floats, list[Parameters]]:
        """Take the first net to some numbers of steps; return it at each."""
        self._fill()
        batch, architecture, place = self.batch, self.batch.architecture, self._place(0)
        x = batch.inputs[place[:1]]
        predictions, parameters, done = [], [], 0
        for step in steps:
            self.slots = self._advance(self.slots, step - done, 2)
            done = step
            held = self.slots.parameters, self.slots.points
            (found,) = outputs(
                *held, x[None], batch.test, architecture=architecture, looped=True
            )
            values = np.asarray(found, np.float64)
            predictions.append(batch.predictions(values, self.start[place]))
            net, points = jax.tree.map(lambda leaf: leaf[0], held)
            net = released(architecture, net, points, x)
            parameters.append(restore(architecture, net, x.shape[1]))
        return np.stack(predictions), parameters

    def _compact(self) -> None:
        """Drop free slots, if that saves more than compiling for fewer takes.

        Decided by arithmetic and not by a clock, so that a run can be repeated.
        """
        busy = [slot for slot, place in enumerate(self.held) if place is not None]
        free = [slot for slot, place in enumerate(self.held) if place is None]
        saved = len(free) * self.cost * 500
        if len(busy) > len(free) or saved <= self.pace.compilation:
            return
        size = 1 << (len(busy) - 1).bit_length()
        order = (busy + free)[: min(size, len(self.held))]
        self.slots = keep(self.slots, np.array(order, np.int32))
        self.held = [self.held[slot] for slot in order]
