"""Learning curves on a data set: what is asked for, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from theory import OutOfDomain, kernels
from theory.numbers import rational
from verify.experiments.base import Experiment, rising, whole_numbers
from verify.experiments.learning.specification import Margins


@dataclass(frozen=True)
class Curve:
    """One curve: a task at a ridge."""

    task: str
    ridge: str
    several: bool

    @property
    def name(self) -> str:
        """Its name in legends and tables."""
        return f"{self.task}, δ = {self.ridge}" if self.several else self.task


@dataclass(frozen=True)
class DataCurves(Experiment):
    """Kernel regression on a data set's own points, and the theory from its spectrum.

    Attributes
    ----------
    data
        A bundled data set, or a file; see ``verify.data.load_data``.
    tasks
        What is learned, such as ``parity`` or ``3 against 8``.
    kernel
        A dot-product kernel; points are brought to one norm.
    sizes
        Numbers of training points; those that a task's data hold are used.
    ridges
        Absolute ridges δ, exact numbers as text.
    trials
        Data sets at every n.
    finite
        Whether theory knows that n of M points are drawn; the published form with a
        ridge does not.
    margins
        What counts as agreement; ``nets`` is not used.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    data: str = "digits"
    tasks: tuple[str, ...] = ("parity", "3 against 8", "0 against 1")
    kernel: str = "ntk:relu:depth=2,weight_variance=2,bias_variance=0.01"
    sizes: tuple[int, ...] = (16, 32, 64, 128, 256)
    ridges: tuple[str, ...] = ("0",)
    trials: int = 200
    finite: bool = True
    margins: Margins = field(default_factory=Margins)

    kind: ClassVar[str] = "data curves"
    PARTS: ClassVar[dict[str, type]] = {"margins": Margins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        whole_numbers(self, {"trials": 2, "seed": 0})
        put(self, "sizes", rising(self.sizes, "sizes", 1, None))
        for name in ("tasks", "ridges"):
            given = getattr(self, name)
            values = (given,) if isinstance(given, str) else tuple(map(str, given))
            put(self, name, values)
            if not values or len(set(values)) != len(values):
                raise OutOfDomain(
                    f"{name} = {list(values)} must be one or more different texts"
                )
        for ridge in self.ridges:
            rational(ridge, "ridges", least=0)
        if not isinstance(self.finite, bool):
            raise OutOfDomain(f"finite = {self.finite!r} must be true or false")
        kernels.parse(self.kernel)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Every task at every ridge, in the order of colors."""
        several = len(self.ridges) > 1
        return tuple(Curve(t, r, several) for t in self.tasks for r in self.ridges)
