"""All modes of a small circle, learned by nets and by their kernels, and the sum of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from theory import OutOfDomain, domains
from theory.domains import Domain
from theory.numbers import rational
from verify.experiments.base import (
    Experiment,
    PositiveFields,
    positive,
    rising,
    whole_numbers,
)
from verify.experiments.net import Net

VIEWS = ("sums", "width", "scale")
MAX_MODES = 32


@dataclass(frozen=True)
class SumMargins(PositiveFields):
    """Largest differences that count as agreement, fixed before looking.

    ``total`` for |Σ − n|/n of nets, ``nets`` for the difference in learnability of a mode
    between nets and kernel, ``slope`` for that of a power law's exponent, ``covered`` for
    the share of nets that may lie outside the bound by ρ.
    """

    total: float = 0.05
    nets: float = 0.05
    slope: float = 0.15
    covered: float = 0.05


@dataclass(frozen=True)
class NetCase:
    """One bar of the figure: a net at a width, a number of points, a scale, a start."""

    net: Net
    width: int
    n: int
    scale: float
    shared: bool

    @property
    def label(self) -> str:
        """A name that measurements carry."""
        start = "one start" if self.shared else "a start each"
        return (
            f"{self.net.label}, width {self.width}, n {self.n}, scale {self.scale:g}, "
            f"{start}"
        )


@dataclass(frozen=True)
class Conservation(Experiment):
    """Nets that learn every mode of a circle of M points, one after the other.

    Attributes
    ----------
    domain
        ``circle:M`` with few points; all modes are targets, all points the test set.
    view
        What the figure shows: ``sums`` (stacked bars), ``width`` (how far nets are from
        their kernel, against the width) or ``scale`` (how the law becomes exact for lazy
        nets, against the scale of the targets).
    nets
        The nets, of any activation that nets know.
    sizes
        Numbers of training points, all different.
    widths
        Hidden widths.
    scales
        Factors on the targets; predictions are divided by them.
    starts
        Whether the modes of a data set share their initial parameters: True, False, or
        both.
    trials
        Data sets, each with its own initial parameters.
    input_variance
        ‖x‖²/2 of the data: 1/2 for norm 1.
    learning_rate, stop_mse, max_steps, dtype
        How nets are trained; None for the stable learning rate.
    margins
        What counts as agreement.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.

    Examples
    --------
    >>> mine = Conservation("mine", domain="circle:4", nets=(Net("erf", 1),), sizes=(2,))
    >>> mine.modes
    ('cos:0', 'cos:1', 'sin:1', 'cos:2')
    """

    domain: str = "circle:10"
    view: str = "sums"
    nets: tuple[Net, ...] = (Net("relu", 4),)
    sizes: tuple[int, ...] = (3, 6)
    widths: tuple[int, ...] = (128,)
    scales: tuple[float, ...] = (1.0,)
    starts: tuple[bool, ...] = (True,)
    trials: int = 4
    input_variance: str = "1/2"
    learning_rate: float | None = None
    stop_mse: float = 1e-5
    max_steps: int = 10_000
    dtype: str = "float32"
    margins: SumMargins = field(default_factory=SumMargins)

    kind: ClassVar[str] = "conservation"
    PARTS: ClassVar[dict[str, type]] = {"nets": Net, "margins": SumMargins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        if self.view not in VIEWS:
            raise OutOfDomain(f"view = {self.view!r} must be one of {', '.join(VIEWS)}")
        place = self.place
        nets = (self.nets,) if isinstance(self.nets, Net) else tuple(self.nets)
        if not nets or len(set(nets)) != len(nets):
            raise OutOfDomain("nets must be one or more different nets")
        put(self, "nets", nets)
        put(self, "sizes", rising(self.sizes, "sizes", 1, int(place.size)))
        put(self, "widths", rising(self.widths, "widths", 1, 10**6))
        put(self, "scales", tuple(float(s) for s in self.scales))
        put(self, "starts", tuple(self.starts))
        if not self.scales or not all(0 < s < float("inf") for s in self.scales):
            raise OutOfDomain(f"scales = {list(self.scales)} must be positive numbers")
        if not self.starts or not set(self.starts) <= {True, False}:
            raise OutOfDomain(
                f"starts = {list(self.starts)} must be true, false or both"
            )
        if len(set(self.scales)) < len(self.scales):
            raise OutOfDomain(f"scales = {list(self.scales)} must differ")
        whole_numbers(self, {"trials": 2, "max_steps": 1, "seed": 0})
        positive(self, "stop_mse")
        if self.learning_rate is not None:
            positive(self, "learning_rate")
        if self.dtype not in ("float32", "float64"):
            raise OutOfDomain(f"dtype = {self.dtype!r} must be float32 or float64")
        if self.view == "width" and len(self.widths) < 3:
            raise OutOfDomain(
                f"widths = {list(self.widths)}: a slope needs three or more"
            )
        put(self, "input_variance", str(self.input_variance))
        if rational(self.input_variance, "input_variance", least=0) == 0:
            raise OutOfDomain(
                f"input_variance = {self.input_variance} must be positive"
            )

    @property
    def place(self) -> Domain:
        """The circle, parsed."""
        place = domains.parse(self.domain)
        if not (place.by_angle and place.size.is_finite):
            raise OutOfDomain(
                f"domain = {self.domain}: circle:M is needed, such as circle:10"
            )
        if not 2 <= int(place.size) <= MAX_MODES:
            raise OutOfDomain(
                f"domain = {self.domain}: 2 to {MAX_MODES} points, all modes are learned"
            )
        return place

    @property
    def modes(self) -> tuple[str, ...]:
        """The orthonormal modes: constant, cosines and sines, and cos(Mθ/2)."""
        points = int(self.place.size)
        found = []
        for k in range(points // 2 + 1):
            found.append(f"cos:{k}")
            if 0 < 2 * k < points:
                found.append(f"sin:{k}")
        return tuple(found)

    @property
    def cases(self) -> tuple[NetCase, ...]:
        """All nets that are trained, in the order of the figure."""
        return tuple(
            NetCase(net, width, n, scale, shared)
            for n in self.sizes
            for net in self.nets
            for width in self.widths
            for scale in self.scales
            for shared in self.starts
        )

    @property
    def trains(self) -> bool:
        """Nets are what it is about."""
        return True
