"""An experiment is data: what is predicted, what is sampled, and what would refute it.

Everything is checked before anything runs. Two experiments are the same when their
canonical JSON is; a results folder belongs to one of them.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from theory import OutOfDomain, domains, kernels
from theory.domains import Hypercube, UnitCircle
from theory.numbers import integer

FORMAT = 1
PUBLISHED_GRID = (2, 3, 6, 12, 22, 41, 76, 139, 256)
MAX_POINTS = 4096


@dataclass(frozen=True, slots=True)
class Margins:
    """Largest differences that count as agreement, fixed before looking.

    ``learnability`` and ``mse`` (relative) for kernel regression against theory,
    ``nets`` for the paired difference in learnability between nets and the kernel.
    """

    learnability: float = 0.01
    mse: float = 0.05
    nets: float = 0.02


@dataclass(frozen=True)
class Experiment:
    """A learning-curve experiment on a finite domain.

    Attributes
    ----------
    name, title
        Permanent name, and a line for people.
    domain
        ``hypercube:D`` or ``circle:M``; all its points are the test set.
    depth, weight_variance, bias_variance
        The ReLU net; exact numbers as text. Its kernel is the NTK.
    targets
        Levels: parities of the first k bits, or cos kθ.
    sizes
        Numbers of training points, drawn without replacement.
    kernel_trials, net_trials
        Data sets for kernel regression, and the first of them for nets.
    width
        Hidden width of the nets.
    learning_rate
        None for 0.8 n/λ_max (at most 0.5), which is stable; a number to fix it.
    stop_mse, max_steps
        When training ends.
    seed
        Fixes data sets, initial parameters and nothing else.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.

    Examples
    --------
    >>> experiment = Experiment("mine", "a line", "hypercube:4", 1, targets=(1, 2), sizes=(2, 8))
    >>> Experiment.from_json(experiment.json()) == experiment
    True
    """

    name: str
    title: str
    domain: str
    depth: int
    weight_variance: str = "2"
    bias_variance: str = "0.01"
    targets: tuple[int, ...] = (0, 1)
    sizes: tuple[int, ...] = PUBLISHED_GRID
    kernel_trials: int = 3000
    net_trials: int = 4
    width: int = 128
    learning_rate: float | None = None
    stop_mse: float = 1e-5
    max_steps: int = 10_000
    seed: int = 0
    margins: Margins = field(default_factory=Margins)

    def __post_init__(self) -> None:
        put = object.__setattr__
        place = self.place
        for name, least in (
            ("depth", 1),
            ("width", 1),
            ("kernel_trials", 2),
            ("net_trials", 0),
            ("max_steps", 1),
            ("seed", 0),
        ):
            put(self, name, integer(getattr(self, name), name, least=least))
        if self.net_trials == 1 or self.net_trials > self.kernel_trials:
            msg = (
                f"net_trials = {self.net_trials} must be 0 or between 2 and "
                f"kernel_trials = {self.kernel_trials}"
            )
            raise OutOfDomain(msg)
        points = int(place.size)
        if points > MAX_POINTS:
            msg = f"domain = {self.domain} has {points} points; at most {MAX_POINTS}"
            raise OutOfDomain(msg)
        top = int(place.last_level)
        put(self, "targets", _numbers(self.targets, "targets", 0, top))
        put(self, "sizes", _numbers(self.sizes, "sizes", 1, points))
        kernels.parse(str(self.kernel))

    @property
    def place(self) -> Hypercube | UnitCircle:
        """The domain, parsed; a finite one."""
        place = domains.parse(self.domain)
        if not place.size.is_Integer:
            msg = f"domain = {self.domain} must be finite: hypercube:D or circle:M"
            raise OutOfDomain(msg)
        return place  # type: ignore[return-value]  # the sphere is never finite

    @property
    def kernel(self) -> kernels.Kernel:
        """The net's tangent kernel."""
        return self.net_kernel("ntk", self.depth)

    def net_kernel(self, family: str, depth: int) -> kernels.Kernel:
        """The kernel of a net that differs in family or depth: for controls."""
        read = {"ntk": kernels.ntk, "nngp": kernels.nngp}[family]
        return read(
            "relu",
            depth=depth,
            weight_variance=self.weight_variance,
            bias_variance=self.bias_variance,
        )

    @property
    def description(self) -> dict[str, Any]:
        """Everything that determines the numbers and the verdicts."""
        return {"format": FORMAT, **asdict(self)}

    def json(self) -> str:
        """Canonical JSON of the description."""
        return json.dumps(self.description, sort_keys=True, ensure_ascii=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> "Experiment":
        """Read a description back.

        Raises
        ------
        OutOfDomain
            When it is malformed, of another format, or has unknown fields.
        """
        try:
            values = json.loads(text)
        except ValueError:
            msg = "specification is not JSON"
            raise OutOfDomain(msg) from None
        if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
            msg = f"specification: this version reads format {FORMAT}"
            raise OutOfDomain(msg)
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            msg = f"specification: unknown field {unknown[0]!r} (known: {', '.join(sorted(known))})"
            raise OutOfDomain(msg)
        if "margins" in values:
            values["margins"] = Margins(**values["margins"])
        for name in ("targets", "sizes"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


def _numbers(values: Any, name: str, least: int, most: int) -> tuple[int, ...]:
    numbers = tuple(integer(v, name, least=least, most=most) for v in values)
    if not numbers or list(numbers) != sorted(set(numbers)):
        msg = f"{name} = {values} must be one or more different numbers, rising"
        raise OutOfDomain(msg)
    return numbers


def fig1(
    *, full: bool = False, as_published: bool = False, seed: int = 0
) -> Experiment:
    """Four parities on the 8-cube, a ReLU net of four hidden layers: the first figure.

    The published learning rate of 0.5 lies beyond the linear stability edge for n ≤ 6;
    ``as_published`` keeps it, otherwise the rate is 0.8 n/λ_max where that is less.

    Examples
    --------
    >>> fig1(full=True).width, fig1(full=True).net_trials, fig1().sizes[-1]
    (500, 30, 256)
    """
    return Experiment(
        name="fig1",
        title="parities of the first k bits on the 8-cube, ReLU net with 4 hidden layers",
        domain="hypercube:8",
        depth=4,
        weight_variance="2",
        bias_variance="0.01",
        targets=(0, 1, 3, 8),
        kernel_trials=4000 if full else 3000,
        net_trials=30 if full else 8,
        width=500 if full else 128,
        learning_rate=0.5 if as_published else None,
        seed=seed,
    )


EXPERIMENTS = {"fig1": fig1}
