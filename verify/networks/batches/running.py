"""Nets of a batch in training: dealt out to lanes, which run side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from queue import SimpleQueue

from verify.networks.batches.batch import Batch, Floats, Place
from verify.networks.batches.net_queue import Lane
from verify.networks.batches.trained import Trained
from verify.networks.model.net import Parameters
from verify.networks.steps.precision import Device, arithmetic


def follow(batch: Batch, steps: Sequence[int]) -> tuple[Floats, list[Parameters]]:
    """Take the first net to some numbers of steps; return it at each."""
    return Lane(batch, batch.places[:1], 1, 1).follow(steps)


def _dealt(batch: Batch, lanes: int, lane: int) -> list[Place]:
    """Return the places of a lane: targets that take long are dealt to each.

    Whole trials, if there are many, since their targets may share a draw.
    """
    if len(batch.inputs) >= 4 * lanes:
        return [place for place in batch.places if place[0] % lanes == lane]
    return [place for place in batch.places if sum(place) % lanes == lane]


def run(
    batch: Batch,
    slots: int,
    lanes: int,
    together: int,
    device: Device,
    progress: Callable[[int, int], object] | None = None,
) -> Trained:
    """Pass all nets through the slots, which are dealt out to the lanes."""
    lanes = max(1, min(lanes, slots))
    dealt = [some for k in range(lanes) if (some := _dealt(batch, lanes, k))]
    each = -(-slots // lanes)
    working = [
        Lane(batch, some, min(each, len(some)), min(together, len(some)))
        for some in dealt
    ]
    finished = 0
    looks = _side_by_side(working, batch.training.dtype, device)
    with closing(looks):  # an error of the caller's progress stops the lanes too
        for number in looks:
            finished += number
            if progress is not None:
                progress(finished, len(batch.places))
    return batch.result


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
