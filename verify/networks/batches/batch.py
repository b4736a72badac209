"""The nets of one call: their data, the lanes that train them, their results."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from queue import SimpleQueue

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from verify.networks.batches.memory import bucket
from verify.networks.batches.net_queue import Lane
from verify.networks.batches.trained import Trained
from verify.networks.model.net import Architecture, Parameters
from verify.networks.model.training_rule import Training
from verify.networks.steps.fused_kernel import choice
from verify.networks.steps.precision import Device, arithmetic
from verify.networks.steps.training_loop import Rules

Floats = NDArray[np.float64]
Place = tuple[int, int]
"""Trial and target of a net."""


class Batch:
    """The nets of one call, padded to a bucket of n, and their results."""

    def __init__(
        self,
        architecture: Architecture,
        training: Training,
        x: Floats,
        y: Floats,
        test: Floats,
        keys: Sequence[Sequence[jax.Array]],
        lambda_max: Floats | None,
        device: Device,
    ) -> None:
        trials, count, n = y.shape
        dtype = np.dtype(training.dtype)
        pad = bucket(n) - n
        self.architecture, self.training, self.n = architecture, training, n
        self.inputs = np.pad(x, ((0, 0), (0, pad), (0, 0))).astype(dtype)
        scaled = y * training.target_scale
        self.targets = np.pad(scaled, ((0, 0), (0, 0), (0, pad))).astype(dtype)
        self.mask = np.pad(np.ones(n), (0, pad)).astype(dtype)
        self.test = jnp.asarray(test.astype(dtype))
        self.given = lambda_max
        self.places = [(i, j) for i in range(trials) for j in range(count)]
        # each key once, and which of them is whose
        different = {id(key): key for row in keys for key in row}
        at = {name: index for index, name in enumerate(different)}
        self.key_of = np.array([[at[id(key)] for key in row] for row in keys])
        self.key_data = np.stack(
            [np.asarray(jax.random.key_data(key)) for key in different.values()]
        )
        self.key_impl = jax.random.key_impl(keys[0][0])
        self.platform = device.platform
        kind = training.dtype, training.dynamics
        size = bucket(n), x.shape[2]
        self.kernel = choice(architecture, *size, *kind, device)
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

    def predictions(self, values: Floats, start: Floats) -> Floats:
        """Return a net's outputs [m] as results have them, from those now and at first.

        They are centered if that is asked for, and in units of the targets.
        """
        if self.training.centered:
            values = values - start
        return values / self.training.target_scale

    def follow(self, steps: Sequence[int]) -> tuple[Floats, list[Parameters]]:
        """Take the first net to some numbers of steps; return it at each."""
        return Lane(self, self.places[:1], 1, 1).follow(steps)

    def _dealt(self, lanes: int, lane: int) -> list[Place]:
        """Return the places of a lane: targets that take long are dealt to each.

        Whole trials, if there are many, since their targets may share a draw.
        """
        if len(self.inputs) >= 4 * lanes:
            return [place for place in self.places if place[0] % lanes == lane]
        return [place for place in self.places if sum(place) % lanes == lane]

    def run(
        self,
        slots: int,
        lanes: int,
        together: int,
        device: Device,
        progress: Callable[[int, int], object] | None = None,
    ) -> Trained:
        """Pass all nets through the slots, which are dealt out to the lanes."""
        lanes = max(1, min(lanes, slots))
        dealt = [some for k in range(lanes) if (some := self._dealt(lanes, k))]
        each = -(-slots // lanes)
        working = [
            Lane(self, some, min(each, len(some)), min(together, len(some)))
            for some in dealt
        ]
        finished = 0
        looks = _side_by_side(working, self.training.dtype, device)
        with closing(looks):  # an error of the caller's progress stops the lanes too
            for number in looks:
                finished += number
                if progress is not None:
                    progress(finished, len(self.places))
        return self.result


def _side_by_side(
    lanes: Sequence[Lane], dtype: str, device: Device
) -> Generator[int, None, None]:
    """Run lanes in threads; yield how many nets have finished, whenever some lane looks.

    The caller's thread waits and so can be interrupted; lanes then stop at their next
    look.
    """
    if len(lanes) == 1:
        yield from lanes[0].rounds()
        return
    # the first look of the first lane compiles what all need
    rounds = [lane.rounds() for lane in lanes]
    yield next(rounds[0])
    over = threading.Event()
    news: SimpleQueue[int | BaseException | None] = SimpleQueue()

    def work(which: int) -> None:
        end: BaseException | None = None
        try:
            with arithmetic(dtype, device):
                for number in rounds[which]:
                    news.put(number)
                    if over.is_set():
                        break
        except BaseException as error:
            end = error
        news.put(end)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(rounds))]
    for thread in threads:
        thread.start()
    try:
        running = len(threads)
        while running:
            match news.get():
                case int(number):
                    yield number
                case None:
                    running -= 1
                case error:
                    raise error
    finally:
        over.set()
        for thread in threads:
            thread.join()
