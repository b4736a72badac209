"""How many nets to train at once, and how much memory that takes."""

from __future__ import annotations

import os
from dataclasses import dataclass

from verify.networks.errors import MemoryLimitError, whole
from verify.networks.model.net import Architecture
from verify.networks.model.training_rule import Training
from verify.networks.steps.precision import Device

# Copies of a net's parameters that one step holds: the net, where it started, its
# gradient and a margin for what the compiler keeps; a flow holds four slopes and two
# solutions.
_COPIES = {"descent": 4, "flow": 9}
# Parameters and pre-activations that the cache of a CPU's core holds: with more at once
# a step of a net takes up to three times as long (measured: one hidden layer of width
# 500, n = 6, 64 and 256, 2 MiB a core).
_CORE_NUMBERS = 160_000
_CORE_SLOTS = 2, 16
# What a GPU needs at once to be busy, in the same numbers; and how many nets at most.
_GPU_NUMBERS = 2**30
_GPU_SLOTS = 256, 16384
# Nets drawn or seen on the test set together: parameters and activations, and how many
# nets at most.
_TOGETHER = {"cpu": (2**23, 64), "gpu": (2**28, 1024)}


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """Slots for nets and the bytes that they take.

    Attributes
    ----------
    slots, nets : int
        Nets in training at once, and nets in all.
    bytes, limit : int
        What they take, and what they may take.
    lanes : int
        Threads that share the slots.
    together : int
        Nets that a lane draws, or sees on the test set, at once.

    Examples
    --------
    >>> print(SlotPlan(slots=8, nets=120, bytes=64 * 2**20, limit=2**30))
    120 nets, 8 at a time: about 64 MiB of 1024 MiB
    """

    slots: int
    nets: int
    bytes: int
    limit: int
    lanes: int = 1
    together: int = 1

    def __str__(self) -> str:
        """Announce the plan."""
        mib = 2**20
        return (
            f"{self.nets} nets, {self.slots} at a time: about "
            f"{max(1, round(self.bytes / mib))} MiB of {round(self.limit / mib)} MiB"
        )


def available(device: Device) -> int:
    """Return the bytes that nets may take on a device: what's free, less a margin."""
    stats = device.memory_stats() if device.platform != "cpu" else None
    if stats and "bytes_limit" in stats:
        return int(0.8 * (stats["bytes_limit"] - stats.get("bytes_in_use", 0)))
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        free = 4 * 2**30
    return free // 2


def cores() -> int:
    """Return the number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system says
        return os.cpu_count() or 1


def bucket(n: int) -> int:
    """Return the padded size of a training set: the next of 2, 3, 4, 6, 8, 12, 16, …

    Padding costs at most a half, and all n from 2 to 256 need 15 compiled shapes.

    Examples
    --------
    >>> [bucket(n) for n in (1, 2, 5, 41, 76, 139, 256)]
    [1, 2, 6, 48, 96, 192, 256]
    """
    power = 1 << (whole("n", n, 1) - 1).bit_length()
    return 3 * power // 4 if power >= 4 and n <= 3 * power // 4 else power


def shrunk(number: int) -> int:
    """Return the largest of 1, 2, 3, 4, 6, 8, 12, … that is not above a number.

    Examples
    --------
    >>> [shrunk(n) for n in (1, 5, 13, 1213)]
    [1, 4, 12, 1024]
    """
    power = 1 << (number.bit_length() - 1)
    return 3 * power // 2 if power > 1 and number >= 3 * power // 2 else power


def plan(
    architecture: Architecture,
    training: Training,
    *,
    n: int,
    dim: int,
    test_points: int,
    nets: int,
    device: Device,
    memory: int | None = None,
) -> SlotPlan:
    """Choose the number of slots.

    Parameters
    ----------
    architecture, training : Architecture, Training
        The nets.
    n, dim, test_points : int
        Training points, their dimension, test points.
    nets : int
        How many there are to train.
    device : Device
        Where.
    memory : int, optional
        Bytes that may be used; by default half of a CPU's or 0.8 of a GPU's free
        memory.

    Raises
    ------
    MemoryLimitError
        If not even one net fits.

    Examples
    --------
    >>> import jax
    >>> cpu = jax.devices("cpu")[0]
    >>> sizes = dict(n=256, dim=8, test_points=256, nets=120, device=cpu)
    >>> chosen = plan(Architecture(4, 500), Training(), **sizes)
    >>> chosen.slots == 2 * chosen.lanes    # two nets for each core's cache
    True
    """
    limit = available(device) if memory is None else whole("memory", memory, 1)
    size = 8 if training.dtype == "float64" else 4
    parameters = architecture.count(dim)
    units = architecture.depth * architecture.width
    points = bucket(n)
    # forward values and backward signals of every layer, and the points themselves
    per_net = size * (
        _COPIES[training.dynamics] * parameters + points * (3 * units + 2 * dim + 4)
    )
    cpu = device.platform == "cpu"
    lanes = cores() if cpu else 1
    # each lane draws some nets more and keeps some: four of each, two layers on the test
    # set and on the points
    seen = parameters + (test_points + points) * 2 * architecture.width
    numbers, most = _TOGETHER["cpu" if cpu else "gpu"]
    together = max(1, min(most, numbers // seen, nets))
    one = size * (4 * parameters + seen + points**2)
    fixed = size * 2 * nets * test_points
    # training has the larger part of what is allowed
    together = max(1, min(together, (limit - fixed) // (4 * lanes * one)))
    together = min(shrunk(together), nets)
    reading = together * one
    fitting = (limit - fixed - lanes * reading) // per_net
    if fitting < 1:
        raise MemoryLimitError(
            f"memory: one net of width {architecture.width}, depth "
            f"{architecture.depth} and n = {n} needs about {fixed + per_net + reading} "
            f"bytes and {limit} are allowed; raise memory=, or use fewer test points, a smaller "
            f"width or float32"
        )
    if cpu:
        least, most = _CORE_SLOTS
        wanted = min(most, max(least, _CORE_NUMBERS // (parameters + points * units)))
        wanted *= lanes
    else:
        least, most = _GPU_SLOTS
        wanted = min(most, max(least, _GPU_NUMBERS // (parameters + points * units)))
    slots = max(1, min(wanted, int(fitting)))
    if not cpu:  # few shapes: free memory varies a little, and shapes compile slowly
        slots = shrunk(slots)
    slots = min(slots, nets)
    lanes = min(lanes, slots)
    used = fixed + slots * per_net + lanes * reading
    return SlotPlan(slots, nets, used, limit, lanes, together)
