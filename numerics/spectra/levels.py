"""Levels of a kernel on a domain, every eigenvalue enclosed, and what lies above them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any

from flint import arb
from sympy import Integer

from numerics.numbers.ball import Ball
from numerics.spectra.floats.float_spectrum import FloatSpectrum, rounded
from numerics.spectra.one_level import Level, read_eigenvalues, read_levels
from numerics.spectra.tails import Tail
from theory import (
    Kernel,
    NotPositiveDefinite,
    OutOfDomain,
    Unsupported,
)
from theory.domains import Domain
from theory.methods import FromAbove
from theory.numbers import integer, shortened
from theory.numbers import rational as exact_rational


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Levels of a kernel, immutable, and what lies above them.

    Attributes
    ----------
    levels
        In the order of the domain's level index.
    tail
        Σ g λ and Σ g λ² over the levels above the last one listed, and a bound of their
        eigenvalues; all 0 where nothing is left out.
    kernel, domain
        What the levels belong to; None for a spectrum given by its levels.
    asked
        The digits that were asked for.
    recompute
        Makes the spectrum again, with other ``levels`` or ``digits``; None where there
        is no more to be known of it.

    Two spectra are equal when kernel, domain and all enclosures are the same.

    Raises
    ------
    OutOfDomain
        When ``levels`` is empty, not in order, or holds something else than levels.
    """

    levels: tuple[Level, ...]
    tail: Tail = field(default_factory=Tail.empty)
    kernel: Kernel | None = None
    domain: Domain | None = None
    asked: int = 30
    recompute: Callable[..., Spectrum] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        strange = next((x for x in self.levels if not isinstance(x, Level)), None)
        if strange is not None or not isinstance(self.tail, Tail):
            raise OutOfDomain(
                f"levels = {self.levels!r:.80}, tail = {self.tail!r:.80}: levels and a "
                "tail are needed; Spectrum.from_levels takes pairs (λ, multiplicity)"
            )
        if not self.levels:
            raise OutOfDomain("levels = []: a spectrum needs at least one level")
        if any(a.index >= b.index for a, b in pairwise(self.levels)):
            raise OutOfDomain("levels: each index must be above the one before it")
        if not isinstance(self.levels, tuple):
            object.__setattr__(self, "levels", tuple(self.levels))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Spectrum):
            return NotImplemented
        mine, others = self.tail, other.tail
        return (
            (self.kernel, self.domain, self.levels)
            == (other.kernel, other.domain, other.levels)
            and mine.mass.same_enclosure(others.mass)
            and mine.square.same_enclosure(others.square)
            and mine.bound.same_enclosure(others.bound)
        )

    def __hash__(self) -> int:
        return hash((self.kernel, self.domain, self.levels))

    @property
    def tail_mass(self) -> Ball:
        """Σ g λ over the levels above the last one listed."""
        return self.tail.mass

    @property
    def tail_square(self) -> Ball:
        """Σ g λ² over the levels above the last one listed."""
        return self.tail.square

    @property
    def tail_bound(self) -> Ball:
        """A number that no eigenvalue above the last level listed exceeds."""
        return self.tail.bound

    @property
    def is_complete(self) -> bool:
        """Whether nothing lies above the last level listed."""
        return self.tail.is_empty

    @property
    def is_contiguous(self) -> bool:
        """Whether the levels listed start at 0 and leave none out up to the last."""
        return [x.index for x in self.levels] == list(range(len(self.levels)))

    @classmethod
    def from_levels(
        cls, levels: Iterable[tuple[Any, Any]], tail_mass: Any = 0
    ) -> Spectrum:
        """A spectrum from pairs (λ, g) of exact numbers, listed as levels 0, 1, 2, …

        Parameters
        ----------
        levels
            Eigenvalues (numbers, strings such as "1e-40", or Balls) and multiplicities.
        tail_mass
            Σ g λ of what is left out; acts like ridge in the limit of small λ.

        Raises
        ------
        OutOfDomain
            When the list is empty, or a multiplicity is not a positive whole number.
        NotPositiveDefinite
            When an eigenvalue is negative.

        Examples
        --------
        >>> Spectrum.from_levels([("1/2", 1), ("1e-40", 3)]).modes
        4
        """
        mass = exact_rational(tail_mass, "tail_mass", least=0)
        if mass != 0:
            raise Unsupported(
                f"tail_mass = {tail_mass}: only 0 is supported for a list of levels"
            )
        spectrum = cls(read_levels(levels), Tail.empty(), None, None, 10**6)
        spectrum.require_positive(strict=True)
        return spectrum

    @classmethod
    def from_eigenvalues(cls, eigenvalues: Any) -> Spectrum:
        """A spectrum from an array of eigenvalues, every one a single mode.

        Floats are taken exactly as they are, so C and the learning curve can be proved of
        them. Zeros are kept as levels that are exactly 0.

        Parameters
        ----------
        eigenvalues
            A sequence or array [mode] of numbers that are not negative.

        Raises
        ------
        OutOfDomain
            When it is no array of one axis, empty, or an entry is not finite.
        NotPositiveDefinite
            When an eigenvalue is negative.

        Examples
        --------
        >>> s = Spectrum.from_eigenvalues([1.0, 0.5, 0.1])
        >>> s.modes, len(s.levels)
        (3, 3)
        """
        return cls.from_levels([(x, 1) for x in read_eigenvalues(eigenvalues)])

    def require_positive(self, *, strict: bool = False) -> None:
        """Refuse a negative eigenvalue; with ``strict`` also one whose sign is open.

        Raises
        ------
        NotPositiveDefinite
            Naming the level and its eigenvalue, and whether its sign is proved.
        """
        where = f"kernel {self.kernel} on {self.domain}" if self.kernel else "spectrum"
        for level in self.levels:
            if level.eigenvalue.sign == -1:
                raise NotPositiveDefinite(
                    f"{where} is not positive semi-definite: "
                    f"level {level.index} has eigenvalue {level.eigenvalue} < 0 (proved)"
                )
            if strict and level.eigenvalue.sign is None:
                raise NotPositiveDefinite(
                    f"{where}: the sign of level {level.index} is undecided, "
                    f"its eigenvalue is {level.eigenvalue}"
                )
        if self.tail.mass.sign == -1:
            last = self.levels[-1].index
            raise NotPositiveDefinite(
                f"{where} is not positive semi-definite: the levels above {last} have "
                f"Σ g λ = {self.tail.mass} < 0 (proved)"
            )

    @cached_property
    def modes(self) -> int | float:
        """N, the number of modes whose eigenvalue is proved positive; ∞ with a tail.

        A kernel that is no polynomial has infinitely many on an infinite domain. Where
        ``is_open``, N may be larger.
        """
        if self.tail.square.sign or self.tail.mass.sign:
            return inf
        return sum(x.multiplicity for x in self.levels if x.eigenvalue.sign == 1)

    @cached_property
    def is_open(self) -> bool:
        """Whether more modes than ``modes`` may have a positive eigenvalue."""
        if self.modes == inf:
            return False
        return bool(self.undecided) or not self.is_complete

    def enclosures(self, bits: int) -> list[arb]:
        """The eigenvalues for use at a working precision, shape [level]."""
        return [x.at(bits) for x in self.levels]

    @cached_property
    def undecided(self) -> tuple[int, ...]:
        """Levels whose enclosure contains 0 without being proved 0."""
        return tuple(x.index for x in self.levels if x.eigenvalue.sign is None)

    @property
    def digits(self) -> float:
        """Digits proved for every positive eigenvalue."""
        return min(
            (x.eigenvalue.digits for x in self.levels if x.eigenvalue.sign), default=0.0
        )

    table = FromAbove("learnability")
    plot = FromAbove("learnability")
    to_dataframe = FromAbove("learnability")
    save = FromAbove("learnability")

    def latex(self, **options: Any) -> str:
        """The table of levels in LaTeX; needs the front door, which owns tables."""
        return self.table(**options).latex()

    def __len__(self) -> int:
        """How many levels are listed."""
        return len(self.levels)

    def __iter__(self) -> Iterator[Level]:
        """The levels that are listed, in order."""
        return iter(self.levels)

    def __getitem__(self, index: int) -> Level:
        """The level with that index, as ``level`` gives it."""
        return self.level(index)

    @property
    def eigenvalues(self) -> tuple[Ball, ...]:
        """The eigenvalues of the levels that are listed, enclosed.

        Examples
        --------
        >>> s = Spectrum.from_levels([("1/2", 1), ("1/4", 3)])
        >>> len(s), s[1].multiplicity, [str(x) for x in s.eigenvalues]
        (2, 3, ['0.5', '0.25'])
        """
        return tuple(x.eigenvalue for x in self.levels)

    def __repr__(self) -> str:
        if self.kernel is None:
            head = "given levels"
        else:
            head = f"{self.kernel} on {self.domain}"
        more = "" if self.is_complete else ", and a tail"
        return f"<Spectrum of {head}: {len(self)} levels{more}>"

    def level(self, index: int) -> Level:
        """The level with that index.

        Raises
        ------
        OutOfDomain
            When there is none.
        """
        for level in self.levels:
            if level.index == index:
                return level
        first, last = self.levels[0].index, self.levels[-1].index
        where = f" of {self.domain}" if self.domain else ""
        raise OutOfDomain(
            f"level = {shortened(index)} is outside {first}..{last}{where}"
        )

    def refine(self, digits: int) -> Spectrum:
        """The same levels with more digits; a list of levels stays as it is."""
        if self.recompute is None or digits <= self.asked:
            return self
        return self.recompute(levels=[x.index for x in self.levels], digits=digits)

    def extend(self, last: int | None = None) -> Spectrum:
        """The spectrum with levels up to ``last``, by default about twice as many.

        Raises
        ------
        OutOfDomain
            When ``last`` is no level of the domain.

        Examples
        --------
        >>> from numerics import spectrum
        >>> s = spectrum("exponential:beta=1", "sphere:3", levels=range(3))
        >>> len(s.extend(5).levels)
        6
        """
        if self.recompute is None or self.domain is None or self.is_complete:
            return self
        now = self.levels[-1].index
        last = 2 * now + 10 if last is None else integer(last, "last", least=0)
        top = self.domain.last_level
        if isinstance(top, Integer):
            last = min(last, int(top))
        return self.recompute(levels=range(last + 1), digits=self.asked)

    @cached_property
    def _rounded(self) -> FloatSpectrum:
        return rounded(self.refine(17) if self.digits < 16 else self)

    def floats(self) -> FloatSpectrum:
        """The spectrum in float64, each level rounded once; beyond its range with exponents.

        Examples
        --------
        >>> Spectrum.from_levels([("1/3", 2)]).floats().mass.tolist()
        [0.6666666666666666]
        """
        return self._rounded

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{x.index}</td><td>{shortened(x.multiplicity)}</td><td>{x.eigenvalue}</td></tr>"
            for x in self.levels[:20]
        )
        more = len(self.levels) - 20
        rows += f"<tr><td>… {more} more</td></tr>" if more > 0 else ""
        return f"<table><tr><th>level</th><th>multiplicity</th><th>λ</th></tr>{rows}</table>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows in a terminal: the levels, not every field."""
        printer.text("Spectrum(…)" if cycle else str(self))

    def __str__(self) -> str:
        head = f"{self.kernel} on {self.domain}" if self.kernel else "given levels"
        lines = [
            f"  {x.index}: {x.eigenvalue}  ×{shortened(x.multiplicity)}"
            for x in self.levels[:12]
        ]
        if len(self.levels) > 12:
            lines.append(f"  … {len(self.levels) - 12} more")
        return "\n".join([f"Spectrum of {head}", *lines])
