"""Learning curves of a net or a kernel on a domain, for a few targets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from sympy import Integer, Rational

from numerics.targets.written_powers import powers_of_text
from theory import Kernel, OutOfDomain, Unsupported, domains, kernels
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

PUBLISHED_GRID = (2, 3, 6, 12, 22, 41, 76, 139, 256)
MAX_POINTS = 4096
MAX_SIZE = 4096
KINDS = ("hypercube", "sphere", "circle_points")
"""Kinds of domains of which nets have examples."""


@dataclass(frozen=True)
class Margins(PositiveFields):
    """Largest differences that count as agreement, fixed before looking.

    ``learnability`` and ``mse`` (relative) for kernel regression against theory,
    ``nets`` for the paired difference in learnability between nets and the kernel.
    """

    learnability: float = 0.01
    mse: float = 0.05
    nets: float = 0.02


@dataclass(frozen=True)
class LearningCurves(Experiment):
    """A learning-curve experiment.

    Attributes
    ----------
    domain
        ``hypercube:D`` or ``circle:M``, where all points are the test set and training
        points are drawn without replacement; or ``sphere:D``, where kernel regression is
        tested on the whole sphere and nets on ``test_points`` fresh points.
    targets
        Levels (the parity of the first k bits, cos kθ, the zonal harmonic of degree k),
        or mixtures of levels as text, ``"1=1,3=1/2"``: level and power.
    sizes
        Numbers of training points.
    net, kernel
        One of them: a net, whose kernel is its NTK, or a kernel as text without nets.
    input_variance
        ‖x‖²/d of the data.
    ridge, noises
        δ, and variances of label noise, one family of curves for each; exact numbers.
    kernel_trials, net_trials
        Data sets for kernel regression, and the first of them for nets.
    net_sizes
        The sizes at which nets are trained; all by default.
    width
        Hidden width of the nets.
    learning_rate
        None for 0.8 n/λ_max (at most 0.5), which is stable; a number to fix it.
    stop_mse, max_steps
        When training ends.
    test_points
        Fresh test points of nets on the sphere.
    theory_input_variance, theory_levels
        None, or what a published theory used in place of the data's norm, and the number
        of levels at which it cut its spectrum.
    margins
        What counts as agreement.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.

    Examples
    --------
    >>> from verify.experiments.base import canonical, from_json
    >>> mine = LearningCurves("mine", domain="hypercube:4", targets=(1, "1=1,2=1/2"),
    ...                       sizes=(2, 8), net=Net("erf", 2))
    >>> from_json(canonical(mine)) == mine
    True
    """

    domain: str = "hypercube:8"
    targets: tuple[int | str, ...] = (0, 1)
    sizes: tuple[int, ...] = PUBLISHED_GRID
    net: Net | None = None
    kernel: str | None = None
    input_variance: str = "1"
    ridge: str = "0"
    noises: tuple[str, ...] = ("0",)
    kernel_trials: int = 3000
    net_trials: int = 0
    net_sizes: tuple[int, ...] | None = None
    width: int = 128
    learning_rate: float | None = None
    stop_mse: float = 1e-5
    max_steps: int = 10_000
    test_points: int = 256
    theory_input_variance: str | None = None
    theory_levels: int | None = None
    margins: Margins = field(default_factory=Margins)

    kind: ClassVar[str] = "learning curves"
    PARTS: ClassVar[dict[str, type]] = {"net": Net, "margins": Margins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        if not isinstance(self.name, str) or not self.name:
            raise OutOfDomain(f"name = {self.name!r} must be a text that is not empty")
        if (self.net is None) == (self.kernel is None):
            raise OutOfDomain("net, kernel: exactly one of them must be given")
        whole_numbers(
            self,
            {"kernel_trials": 4, "net_trials": 0, "width": 1, "max_steps": 1, "seed": 0}
            | {"test_points": 1},
        )
        positive(self, "stop_mse")
        if self.learning_rate is not None:
            positive(self, "learning_rate")
        if self.kernel_trials < 4 or self.kernel_trials % 2:
            raise OutOfDomain(
                f"kernel_trials = {self.kernel_trials} must be even, and at least 4"
            )
        self._check_place()
        self._check_kernel()
        put(self, "targets", self._checked_targets())
        most = MAX_SIZE if not self.is_finite else int(self.place.size)
        put(self, "sizes", rising(self.sizes, "sizes", 1, most))
        self._check_nets()
        noises = (self.noises,) if isinstance(self.noises, str) else self.noises
        put(self, "noises", tuple(str(value) for value in noises))
        if not self.noises or len(set(self.noises)) != len(self.noises):
            raise OutOfDomain(
                f"noises = {list(self.noises)} must be one or more different numbers"
            )
        for value in self.noises:
            rational(value, "noises", least=0)
        put(self, "ridge", str(self.ridge))
        rational(self.ridge, "ridge", least=0)

    def _check_place(self) -> None:
        put = object.__setattr__
        place = self.place
        if place.by_angle and not self.is_finite:
            raise OutOfDomain(
                "domain = circle must be finite here: circle:M, such as circle:256"
            )
        if place.kind not in KINDS:
            raise OutOfDomain(
                f"domain = {self.domain}: must be hypercube:D, sphere:D or circle:M"
            )
        if place.is_sphere and self.dimension < 3:
            raise OutOfDomain(
                f"domain = {self.domain}: a sphere needs d ≥ 3; circle:M is there"
            )
        if self.is_finite and int(place.size) > MAX_POINTS:
            raise OutOfDomain(
                f"domain = {self.domain} has {place.size} points; at most {MAX_POINTS}"
            )
        put(self, "input_variance", str(self.input_variance))
        if rational(self.input_variance, "input_variance", least=0) == 0:
            raise OutOfDomain(
                f"input_variance = {self.input_variance} must be positive"
            )
        if place.is_cube and self.norm_squared != self.dimension:
            raise OutOfDomain(
                f"input_variance = {self.input_variance}: corners of the hypercube have "
                "input variance 1"
            )
        if self.theory_levels is not None:
            whole_numbers(self, {"theory_levels": 1})

    def _check_kernel(self) -> None:
        if self.kernel is not None:
            if self.net_trials:
                raise OutOfDomain(
                    f"net_trials = {self.net_trials}: nets need net, not kernel"
                )
            kernels.parse(self.kernel)
        elif self.net is not None and not self.net.closed and not self.is_finite:
            raise Unsupported(
                f"net: the kernel of {self.net.activation!r} has no closed form, and is "
                f"too slow at the many angles of domain = {self.domain}; take a finite one"
            )

    def _check_nets(self) -> None:
        put = object.__setattr__
        if self.net_trials == 1 or self.net_trials > self.kernel_trials:
            raise OutOfDomain(
                f"net_trials = {self.net_trials} must be 0 or between 2 and "
                f"kernel_trials = {self.kernel_trials}"
            )
        if self.net_sizes is None:
            return
        put(self, "net_sizes", rising(self.net_sizes, "net_sizes", 1, None))
        absent = sorted(set(self.net_sizes) - set(self.sizes))
        if absent:
            raise OutOfDomain(
                f"net_sizes = {absent[0]} is none of sizes = {list(self.sizes)}"
            )

    def _checked_targets(self) -> tuple[int | str, ...]:
        given = self.targets
        targets = (given,) if isinstance(given, int | str) else tuple(given)
        if not targets:
            raise OutOfDomain("targets = [] must be one or more levels or mixtures")
        top = self.place.last_level
        known = isinstance(top, Integer)
        for target in targets:
            for level in powers_of(target):
                if level < 0 or (known and level > int(top)):
                    where = f"in 0..{top}" if known else "at least 0"
                    raise OutOfDomain(
                        f"targets = {target}: levels of {self.domain} must be {where}"
                    )
            if isinstance(target, str) and not self.is_finite:
                raise OutOfDomain(
                    f"targets = {target!r}: mixtures need a finite domain"
                )
        if len({str(t) for t in targets}) != len(targets):
            raise OutOfDomain(f"targets = {list(targets)} must differ")
        return targets

    @property
    def place(self) -> Domain:
        """The domain, parsed."""
        return domains.parse(self.domain)

    @property
    def is_finite(self) -> bool:
        """Whether all points of the domain are the test set."""
        return bool(self.place.size.is_Integer)

    @property
    def dimension(self) -> int:
        """Dimension of the space around the domain."""
        return int(self.place.ambient)

    @property
    def norm_squared(self) -> Fraction:
        """‖x‖² of the data."""
        q = rational(self.input_variance, "input_variance", least=0)
        return Fraction(int(q.p), int(q.q)) * self.dimension

    @property
    def norm(self) -> float:
        """‖x‖ of the data."""
        return math.sqrt(self.norm_squared)

    @property
    def trains(self) -> bool:
        """Whether nets are trained."""
        return self.net_trials > 0

    @property
    def trained_sizes(self) -> tuple[int, ...]:
        """The numbers of points at which nets are trained."""
        if not self.trains:
            return ()
        return self.sizes if self.net_sizes is None else self.net_sizes

    def data_kernel(self, family: str = "ntk") -> Kernel:
        """The kernel of the regression: the net's at the data's norm, or the one given."""
        if self.net is not None:
            return self.net.kernel(self.input_variance, family)
        return kernels.parse(str(self.kernel))

    def theory_kernel(self) -> Kernel:
        """The kernel whose spectrum the theory takes."""
        if self.net is not None and self.theory_input_variance is not None:
            return self.net.kernel(self.theory_input_variance)
        return self.data_kernel()

    def curves(self) -> list[tuple[str, int | str, str]]:
        """Label, target and noise of every curve, in the order of colors."""
        several = len(self.noises) > 1
        found = []
        for target in self.targets:
            name = f"k = {target}" if isinstance(target, int) else f"[{target}]"
            for noise in self.noises:
                found.append(
                    (f"{name}, σ² = {noise}" if several else name, target, noise)
                )
        return found


def powers_of(target: Any) -> dict[int, Rational]:
    """Level → power of a target: a level alone has power 1.

    Raises
    ------
    OutOfDomain
        When a mixture cannot be read.

    Examples
    --------
    >>> powers_of(3), powers_of("1=1,3=1/2")
    ({3: 1}, {1: 1, 3: 1/2})
    """
    if isinstance(target, int) and not isinstance(target, bool):
        return {target: Rational(1)}
    if not isinstance(target, str):
        raise OutOfDomain(f"targets = {target!r}: a level, or text such as '1=1,3=1/2'")
    powers = powers_of_text(target, "targets")
    for level, value in powers.items():
        if value == 0:
            raise OutOfDomain(
                f"targets = {target!r}: the power of level {level} must be positive"
            )
    return powers
