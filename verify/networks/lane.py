"""A lane: nets that pass, one after the other, through a fixed number of slots.

A CPU has a lane for each of its cores, each in a thread of its own: which net goes
through which lane is fixed beforehand, so that a rerun gives the same bits.

Nets are drawn, and seen on the test set, many at a time: those to come wait in a stage,
those that have finished in a basket.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import jax
import numpy as np

from verify.networks.absorbed import restore
from verify.networks.drawing import Drawn, outputs, see
from verify.networks.net import Parameters, initialize
from verify.networks.passes import released
from verify.networks.slots import (
    RUNNING,
    Slots,
    Tasks,
    advance,
    basket,
    block,
    collect,
    empty,
    keep,
    load,
)

if TYPE_CHECKING:
    from verify.networks.batch import Batch, Floats, Place


class Pace(NamedTuple):
    """How fast a device is, in floating-point operations."""

    segment: float
    """Between two looks from Python: bounds a wait for Ctrl-C to about a second."""
    compilation: float
    """In about the time that compiling a new shape takes."""


_CPU, _GPU = Pace(2e11, 2e10), Pace(2e13, 1e14)


class Stage(NamedTuple):
    """Nets that were drawn together, and which row of them is which."""

    drawn: Drawn
    row: dict[tuple[int, int], int]
    test_values: Floats
    eigenvalues: Floats


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
        self.basket = basket(self.slots, rows=together)
        self.collected: list[Place] = []
        self.stage: Stage | None = None
        self.start: dict[Place, Floats] = {}
        self.looped = batch.platform == "cpu"
        self.pace = _CPU if batch.platform == "cpu" else _GPU
        # floating-point operations of one step of one net
        self.cost = 6.0 * batch.architecture.count(dim) * max(points, 16)

    def rounds(self) -> Iterator[int]:
        """Train all nets; after every look yield how many have finished at it."""
        while self.waiting or any(place is not None for place in self.held):
            self._fill()
            self._compact()
            yield self._round()
        self._see()

    def _round(self) -> int:
        """Advance the nets until some have finished, and write those down."""
        busy = [slot for slot, place in enumerate(self.held) if place is not None]
        room = len(self.held) - len(busy) + max(1, len(busy) // 8)
        steps = min(max(self.pace.segment / (self.cost * len(self.held)), 10), 10_000)
        each = block(self.batch.training.check_every)
        self.slots = self._advance(self.slots, -(-int(steps) // each), room)
        status = np.asarray(self.slots.status)
        done = [slot for slot in busy if status[slot] != RUNNING]
        self._record(done)
        for first in range(0, len(done), self.group):
            self._collect(done[first : first + self.group])
        for slot in done:
            self.held[slot] = None
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
            kernel=batch.kernel,
        )

    def _which(self, place: Place) -> tuple[int, int]:
        """Return what a net's draw depends on: targets of a trial may share it."""
        trial, target = place
        return trial, self.batch.key_of[trial, target]

    def _fill(self) -> None:
        """Put waiting nets into free slots."""
        free = deque(slot for slot, place in enumerate(self.held) if place is None)
        while free and self.waiting:
            stage = self._staged()
            slots: list[int] = []
            while (
                free
                and self.waiting
                and len(slots) < self.group
                and self._which(self.waiting[0]) in stage.row
            ):
                slots.append(free.popleft())
                self.held[slots[-1]] = self.waiting.popleft()
            self._load(stage, slots)

    def _staged(self) -> Stage:
        """Return a stage that holds the next net, drawing more if need be."""
        stage = self.stage
        if stage is None or self._which(self.waiting[0]) not in stage.row:
            row: dict[tuple[int, int], int] = {}
            for place in self.waiting:
                if len(row) == self.together:
                    break
                row.setdefault(self._which(place), len(row))
            self.stage = stage = self._draw(row)
        return stage

    def _draw(self, row: dict[tuple[int, int], int]) -> Stage:
        """Draw the nets of a stage; the last ones again where there are fewer."""
        batch = self.batch
        rows = [*row, *[next(reversed(row))] * (self.together - len(row))]
        trials = [trial for trial, _ in rows]
        keys = jax.random.wrap_key_data(
            batch.key_data[[key for _, key in rows]], impl=batch.key_impl
        )
        nets = initialize(
            batch.architecture, batch.inputs.shape[2], keys, batch.training.dtype
        )
        drawn = see(
            nets,
            batch.inputs[trials],
            batch.mask,
            batch.test,
            architecture=batch.architecture,
            eigenvalue=batch.given is None,
            looped=self.looped,
        )
        test_values = np.asarray(drawn.test_values, np.float64)
        top = np.asarray(drawn.eigenvalue, np.float64)
        return Stage(
            drawn, row, test_values, top if batch.given is None else batch.given[trials]
        )

    def _load(self, stage: Stage, slots: list[int]) -> None:
        """Choose learning rates and put nets of a stage into slots."""
        batch, training, result = self.batch, self.batch.training, self.batch.result
        places = [self._place(slot) for slot in slots]
        rows = [stage.row[self._which(place)] for place in places]
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
            msg = f"slot {slot} holds no net"
            raise LookupError(msg)
        return place

    def _record(self, done: Sequence[int]) -> None:
        """Write down how the training of the nets in some slots ended."""
        if not done:
            return
        result, scale, slots = (
            self.batch.result,
            self.batch.training.target_scale,
            self.slots,
        )
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

    def _collect(self, done: Sequence[int]) -> None:
        """Put finished nets into the basket."""
        if len(self.collected) + len(done) > self.together:
            self._see()
        first, more = len(self.collected), self.group - len(done)
        self.basket = collect(
            self.basket,
            self.slots,
            np.array([*done, *[0] * more], np.int32),
            np.array(
                [*range(first, first + len(done)), *[self.together] * more], np.int32
            ),
        )
        self.collected += [self._place(slot) for slot in done]

    def _see(self) -> None:
        """Evaluate the nets in the basket on the test set, and empty it."""
        batch, places = self.batch, self.collected
        if not places:
            return
        trials = [trial for trial, _ in places]
        trials += trials[-1:] * (self.together - len(places))
        found = outputs(
            *self.basket,
            batch.inputs[trials],
            batch.test,
            architecture=batch.architecture,
            looped=self.looped,
        )
        values = np.asarray(found, np.float64)
        for place, row in zip(places, values, strict=False):  # the basket has free rows
            start = self.start.pop(place)
            if not batch.result.diverged[place]:
                batch.result.predictions[place] = self._predictions(row, start)
        self.collected = []

    def _predictions(self, values: Floats, start: Floats) -> Floats:
        """Return a net's centered outputs [m], in units of the targets."""
        training = self.batch.training
        if training.centered:
            values = values - start
        return values / training.target_scale

    def follow(self, steps: Sequence[int]) -> tuple[Floats, list[Parameters]]:
        """Take the first net to some numbers of steps; return it at each."""
        self._fill()
        batch, place = self.batch, self._place(0)
        x, dim, architecture = (
            batch.inputs[place[:1]],
            batch.inputs.shape[2],
            batch.architecture,
        )
        predictions, parameters, done = [], [], 0
        for step in steps:
            self.slots = self._advance(self.slots, step - done, 2)
            done = step
            held = self.slots.parameters, self.slots.points
            (values,) = np.asarray(
                outputs(
                    *held,
                    x[None],
                    batch.test,
                    architecture=architecture,
                    looped=self.looped,
                ),
                np.float64,
            )
            predictions.append(self._predictions(values, self.start[place]))
            net, points = jax.tree.map(lambda leaf: leaf[0], held)
            parameters.append(
                restore(architecture, released(architecture, net, points, x), dim)
            )
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
