"""Nets of several designs learn a level of the hypercube: what is asked for, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from theory import OutOfDomain, domains
from theory.domains import Domain
from verify.experiments.base import (
    Experiment,
    positive,
    rising,
    whole_numbers,
)
from verify.experiments.learning.specification import Margins
from verify.experiments.net import Net

MAX_POINTS = 4096


@dataclass(frozen=True)
class Design:
    """A net of the comparison, with its width."""

    net: Net
    width: int = 128

    PARTS: ClassVar[dict[str, type]] = {"net": Net}

    def __post_init__(self) -> None:
        whole_numbers(self, {"width": 1})


@dataclass(frozen=True)
class Engineered(Experiment):
    """Nets of several designs learn one level of the hypercube; others are held out.

    Attributes
    ----------
    domain
        ``hypercube:D``.
    target
        The level: the parity of the first k bits.
    designs
        The nets that are compared.
    sizes
        Numbers of training points; all points that were not drawn are the test set.
    kernel_trials, net_trials
        Data sets for kernel regression, and the first of them for nets.
    pairs
        Whether theory counts x and −x as one point where the kernel has one parity.
    learning_rate, stop_mse, max_steps
        How nets are trained; None for the stable learning rate.
    margins
        What counts as agreement; ``mse`` is not used.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    domain: str = "hypercube:8"
    target: int = 8
    designs: tuple[Design, ...] = (Design(Net("relu", 4)), Design(Net("sin", 1)))
    sizes: tuple[int, ...] = (128,)
    kernel_trials: int = 400
    net_trials: int = 4
    pairs: bool = True
    learning_rate: float | None = None
    stop_mse: float = 1e-3
    max_steps: int = 10_000
    margins: Margins = field(default_factory=lambda: Margins(nets=0.05))

    kind: ClassVar[str] = "engineered"
    PARTS: ClassVar[dict[str, type]] = {"designs": Design, "margins": Margins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        d = int(self.place.ambient)
        least = {"kernel_trials": 4, "net_trials": 0, "max_steps": 1, "seed": 0}
        whole_numbers(self, least | {"target": 0})
        positive(self, "stop_mse")
        if self.learning_rate is not None:
            positive(self, "learning_rate")
        if self.target > d:
            raise OutOfDomain(
                f"target = {self.target}: levels of {self.domain} are 0..{d}"
            )
        designs = self.designs
        put(
            self,
            "designs",
            (designs,) if isinstance(designs, Design) else tuple(designs),
        )
        if not self.designs:
            raise OutOfDomain("designs must be one or more nets")
        put(self, "sizes", rising(self.sizes, "sizes", 1, 2**d - 1))
        if self.kernel_trials % 2:
            raise OutOfDomain(f"kernel_trials = {self.kernel_trials} must be even")
        if self.net_trials == 1 or self.net_trials > self.kernel_trials:
            raise OutOfDomain(
                f"net_trials = {self.net_trials} must be 0 or between 2 and "
                f"kernel_trials = {self.kernel_trials}"
            )
        for design in self.designs:
            design.net.kernel()
        if not isinstance(self.pairs, bool):
            raise OutOfDomain(f"pairs = {self.pairs!r} must be true or false")

    @property
    def place(self) -> Domain:
        """The hypercube, parsed."""
        place = domains.parse(self.domain)
        if not place.is_cube or int(place.size) > MAX_POINTS:
            raise OutOfDomain(
                f"domain = {self.domain}: hypercube:D with at most {MAX_POINTS} points"
            )
        return place

    @property
    def trains(self) -> bool:
        """Whether nets are trained."""
        return self.net_trials > 0
