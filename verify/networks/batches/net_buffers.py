"""Nets that wait for a slot, and nets that have left one: drawn and seen many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from verify.networks.batches.batch import Batch, Floats, Place
from verify.networks.model.net import Parameters, initialize
from verify.networks.steps.batched_nets import outputs, see
from verify.networks.steps.training_slots import Slots, collect, room_for

Draw = tuple[int, int]
"""What a net is drawn from: its trial and its key. Targets of a trial may share them."""


def draw_of(batch: Batch, place: Place) -> Draw:
    """Return what the net of a place is drawn from."""
    trial, target = place
    return trial, int(batch.key_of[trial, target])


class Stage:
    """The next nets of a lane, drawn together.

    Parameters
    ----------
    batch : Batch
        The nets and their data.
    waiting : iterable of Place
        Who comes next, in this order.
    together : int
        How many to draw; the last ones again where there are fewer.

    Attributes
    ----------
    drawn : Drawn
        The nets.
    row : dict
        Which row of them each draw is.
    test_values : ndarray
        What they put out on the test set [together, m].
    eigenvalues : ndarray
        λ_max of each one's kernel [together].
    """

    def __init__(self, batch: Batch, waiting: Iterable[Place], together: int) -> None:
        self.row: dict[Draw, int] = {}
        for place in waiting:
            if len(self.row) == together:
                break
            self.row.setdefault(draw_of(batch, place), len(self.row))
        free = together - len(self.row)
        trials = [trial for trial, _ in self.row]
        trials += trials[-1:] * free
        self.drawn = see(
            _drawn(batch, [key for _, key in self.row], free),
            batch.inputs[trials],
            batch.mask,
            batch.test,
            architecture=batch.architecture,
            eigenvalue=batch.given is None,
            looped=batch.platform == "cpu",
        )
        self.test_values = np.asarray(self.drawn.test_values, np.float64)
        self.eigenvalues = (
            np.asarray(self.drawn.eigenvalue, np.float64)
            if batch.given is None
            else batch.given[trials]
        )


def _drawn(batch: Batch, which: list[int], free: int) -> Parameters:
    """Draw the nets of some keys, the last one some times more.

    A CPU draws one after the other: compiling random numbers for every count of nets
    would take longer.
    """
    architecture, dim = batch.architecture, batch.inputs.shape[2]
    keys = jax.random.wrap_key_data(
        jnp.asarray(batch.key_data[which]), impl=batch.key_impl
    )
    if batch.platform != "cpu":
        more = jnp.concatenate([keys, jnp.repeat(keys[-1:], free)])
        return initialize(architecture, dim, more, batch.training.dtype)
    nets = [initialize(architecture, dim, key, batch.training.dtype) for key in keys]
    nets += nets[-1:] * free
    return jax.tree.map(lambda *leaves: np.stack(leaves), *nets)


class Basket:
    """Nets of a lane that have finished, until they are seen on the test set together.

    Parameters
    ----------
    batch : Batch
        The nets, their data, and where predictions go.
    slots : Slots
        Where the nets come from.
    rows : int
        How many it holds.
    """

    def __init__(self, batch: Batch, slots: Slots, rows: int) -> None:
        self.batch, self.rows = batch, rows
        self.nets = room_for(slots, rows)
        self.content: list[tuple[Place, Floats]] = []

    def put(
        self, slots: Slots, which: Sequence[int], content: list[tuple[Place, Floats]]
    ) -> None:
        """Copy the nets in some slots.

        ``which`` may repeat its last entry, to have one length: ``content`` has as many
        as there are nets, each its place and what it put out on the test set at first.
        """
        if len(self.content) + len(content) > self.rows:
            self.see()
        first, free = len(self.content), [self.rows] * (len(which) - len(content))
        rows = [*range(first, first + len(content)), *free]
        self.nets = collect(
            self.nets, slots, np.array(which, np.int32), np.array(rows, np.int32)
        )
        self.content += content

    def see(self) -> None:
        """Evaluate the nets on the test set, write that down, and be empty again."""
        if not self.content:
            return
        batch = self.batch
        trials = [trial for (trial, _), _ in self.content]
        trials += trials[-1:] * (self.rows - len(trials))
        found = outputs(
            *self.nets,
            batch.inputs[trials],
            batch.test,
            architecture=batch.architecture,
            looped=batch.platform == "cpu",
        )
        values = np.asarray(found, np.float64)
        for row, (place, start) in enumerate(self.content):
            if not batch.result.diverged[place]:
                batch.result.predictions[place] = batch.predictions(values[row], start)
        self.content = []
