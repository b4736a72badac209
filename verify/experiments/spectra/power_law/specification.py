"""Power-law spectra: what is asked for, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from theory import OutOfDomain
from theory.numbers import rational
from verify.experiments.base import (
    Experiment,
    PositiveFields,
    rising,
    whole_numbers,
)

MAX_MODES = 20_000_000


@dataclass(frozen=True)
class LawMargins(PositiveFields):
    """Largest relative differences that count as agreement.

    ``limit`` for E₀ against its limit, ``constant`` for C against the law's expansion,
    ``measured`` for E₀ of regression against theory.
    """

    limit: float = 0.05
    constant: float = 0.01
    measured: float = 0.05


@dataclass(frozen=True)
class PowerLaw(Experiment):
    """Spectra λ_i = i^−α without ridge: C, and the overfitting coefficient E₀, by n.

    Attributes
    ----------
    alphas
        Exponents above 1, exact numbers as text.
    sizes
        Numbers of training points for theory.
    modes
        Modes that are listed; the others enter as a tail with known sums.
    sampled_sizes, sampled_modes, trials
        Where regression on Gaussian features measures E₀.
    leading_term
        Whether C in the figure is compared with its leading term (A/n)^α alone, as
        published, in place of the expansion.
    margins
        What counts as agreement.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    alphas: tuple[str, ...] = ("1.5", "2", "3")
    sizes: tuple[int, ...] = (10, 32, 100, 316, 1000, 3162, 10_000)
    modes: int = 1_000_000
    sampled_sizes: tuple[int, ...] = (10, 32, 100)
    sampled_modes: int = 4000
    trials: int = 400
    leading_term: bool = False
    margins: LawMargins = field(default_factory=LawMargins)

    kind: ClassVar[str] = "power law"
    PARTS: ClassVar[dict[str, type]] = {"margins": LawMargins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        given = (self.alphas,) if isinstance(self.alphas, str) else self.alphas
        put(self, "alphas", tuple(str(a) for a in given))
        if not self.alphas or len(set(self.alphas)) != len(self.alphas):
            raise OutOfDomain(
                f"alphas = {list(self.alphas)} must be one or more different numbers"
            )
        for alpha in self.alphas:
            if not rational(alpha, "alphas", least=0) > 1:
                raise OutOfDomain(
                    f"alphas = {alpha} must be above 1: the trace is infinite"
                )
        whole_numbers(self, {"modes": 100, "sampled_modes": 2, "trials": 2, "seed": 0})
        if self.modes > MAX_MODES:
            raise OutOfDomain(f"modes = {self.modes}: at most {MAX_MODES}")
        put(self, "sizes", rising(self.sizes, "sizes", 1, self.modes // 4))
        most = min(self.sampled_modes // 4, 2048)
        put(self, "sampled_sizes", rising(self.sampled_sizes, "sampled_sizes", 1, most))
        absent = sorted(set(self.sampled_sizes) - set(self.sizes))
        if absent:
            raise OutOfDomain(
                f"sampled_sizes = {absent[0]} is none of sizes = {list(self.sizes)}"
            )
