"""The published experiments by name, in their smallest and in their published form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from theory import OutOfDomain
from verify.experiments.learning.specification import PUBLISHED_GRID, LearningCurves
from verify.experiments.net import Net

Make = Callable[..., Any]
FOUR_LAYERS = Net("relu", 4, "2", "0.01")


@dataclass(frozen=True)
class Entry:
    """A published experiment.

    Attributes
    ----------
    make
        ``make(full=, as_published=, seed=)`` gives the specification.
    says
        What it shows, in a line.
    trap
        What ``as_published`` keeps that the corrected form mends; "" where nothing.
    """

    make: Make
    says: str
    trap: str = ""


CATALOG: dict[str, Entry] = {}


def experiment(
    name: str, *, full: bool = False, as_published: bool = False, seed: int = 0
) -> Any:
    """The specification of a published experiment.

    Parameters
    ----------
    name
        One of ``CATALOG``.
    full
        The published sizes instead of the smallest form.
    as_published
        With the trap of the published run, where it has one.
    seed
        Fixes data sets and initial parameters.

    Raises
    ------
    OutOfDomain
        When the name is unknown; the message lists the known ones.

    Examples
    --------
    >>> experiment("fig1", full=True).width, experiment("fig1").sizes[-1]
    (500, 256)
    """
    if name not in CATALOG:
        msg = f"experiment {name!r} is unknown (known: {', '.join(CATALOG)})"
        raise OutOfDomain(msg)
    return CATALOG[name].make(full=full, as_published=as_published, seed=seed)


def fig1(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Four parities on the 8-cube, a ReLU net of four hidden layers: the first figure.

    The published learning rate of 0.5 lies beyond the linear stability edge for n ≤ 6;
    ``as_published`` keeps it, otherwise the rate is 0.8 n/λ_max where that is less.
    """
    return LearningCurves(
        name="fig1",
        title="parities of the first k bits on the 8-cube, ReLU net with 4 hidden layers",
        domain="hypercube:8",
        targets=(0, 1, 3, 8),
        net=FOUR_LAYERS,
        kernel_trials=4000 if full else 3000,
        net_trials=30 if full else 8,
        width=500 if full else 128,
        learning_rate=0.5 if as_published else None,
        seed=seed,
    )


def fig1_circle(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Four cosines on 256 points of the unit circle, the same net."""
    return LearningCurves(
        name="fig1-circle",
        title="cos kθ on 256 points of the circle, ReLU net with 4 hidden layers",
        domain="circle:256",
        input_variance="1/2",
        targets=(0, 2, 5, 10),
        net=FOUR_LAYERS,
        kernel_trials=4000 if full else 3000,
        net_trials=30 if full else 6,
        net_sizes=None if full else (2, 3, 6, 12, 22),
        width=500 if full else 128,
        max_steps=10_000 if full or as_published else 4000,
        learning_rate=0.5 if as_published else None,
        seed=seed,
    )


def fig1_sphere(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Zonal harmonics on the unit sphere of R^8, the same net.

    The published theory took the spectrum for inputs of norm √d where the data has norm
    1, and dropped the levels above 50; ``as_published`` does the same.
    """
    return LearningCurves(
        name="fig1-sphere",
        title="zonal harmonics on the sphere of R^8, ReLU net with 4 hidden layers",
        domain="sphere:8",
        input_variance="1/8",
        targets=(0, 1, 2, 3, 4),
        net=FOUR_LAYERS,
        sizes=PUBLISHED_GRID if full else PUBLISHED_GRID[:8],
        kernel_trials=4000 if full else 3000,
        net_trials=30 if full else 6,
        net_sizes=None if full else (2, 3, 6, 12, 22),
        width=500 if full else 128,
        max_steps=10_000 if full or as_published else 4000,
        learning_rate=0.5 if as_published else None,
        theory_input_variance="1" if as_published else None,
        theory_levels=51 if as_published else None,
        seed=seed,
    )


CATALOG["fig1"] = Entry(
    fig1,
    "learnability and error of four parities on the 8-cube",
    "the learning rate of 0.5, beyond the edge of stability for n ≤ 6",
)
CATALOG["fig1-circle"] = Entry(
    fig1_circle,
    "learnability and error of four cosines on 256 points of the circle",
    "the learning rate of 0.5, beyond the edge of stability for few points",
)
CATALOG["fig1-sphere"] = Entry(
    fig1_sphere,
    "learnability and error of zonal harmonics on the sphere of R^8",
    "a spectrum for inputs of another norm, cut at 51 levels, and the learning rate 0.5",
)
