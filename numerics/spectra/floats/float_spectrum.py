"""A spectrum in float64: for curves, arrays of eigenvalues, and millions of modes.

It comes from enclosures, rounded once (``Spectrum.floats``, ``spectrum(digits=None)``),
or from arrays. Eigenvalues and multiplicities beyond the range of float64 are held with
an exponent of their own. What an infinite spectrum does not list stays a tail.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
from flint import fmpq

from numerics.numbers.ball import Ball
from numerics.numbers.scaled_floats import Scaled
from numerics.spectra.floats.float_tail import FloatTail
from theory.errors import NotPositiveDefinite, OutOfDomain
from theory.methods import FromAbove

EPS = float(np.finfo(np.float64).eps)
ROOM = 900
"""Levels handed to formulas have exponents of two within ±ROOM."""


@dataclass(frozen=True, eq=False, repr=False)
class FloatSpectrum:
    """Levels as arrays; make one with ``from_arrays`` or ``Spectrum.floats``.

    Attributes
    ----------
    values, counts
        Eigenvalues and multiplicities as given: float64 arrays, or Scaled.
    index
        The level index of each entry.
    tail
        What lies above the listed levels; None: nothing does.
    relative_error
        How far each eigenvalue may be from the truth, relatively.
    absolute_error
        How far it may be besides, whatever its size, as eigenvalues of a matrix are.
    source
        The spectrum of enclosures it was rounded from, if any.
    """

    values: np.ndarray | Scaled
    counts: np.ndarray | Scaled
    index: np.ndarray
    tail: FloatTail | None = None
    relative_error: float = EPS
    absolute_error: float = 0.0
    source: Any = field(default=None, repr=False)

    @classmethod
    def from_arrays(cls, eigenvalues: Any, multiplicities: Any = None) -> FloatSpectrum:
        """A spectrum from arrays, such as the eigenvalues of a kernel matrix over n.

        Parameters
        ----------
        eigenvalues
            float64, shape [level], none negative.
        multiplicities
            The same shape, positive; 1 each by default.

        Raises
        ------
        OutOfDomain
            When an array is empty, not one-dimensional, not finite, in float32, or the
            shapes differ.
        NotPositiveDefinite
            When an eigenvalue is negative; the message names the first.

        Examples
        --------
        >>> s = FloatSpectrum.from_arrays([1.0, 0.5, 0.0], [1, 3, 2])
        >>> len(s), s.modes, s.mass.tolist()
        (3, 4.0, [1.0, 1.5, 0.0])
        """
        lam = float64_array(eigenvalues, "eigenvalues")
        ones = multiplicities is None
        g = (
            np.ones_like(lam)
            if ones
            else float64_array(multiplicities, "multiplicities")
        )
        for name, array in (("eigenvalues", lam), ("multiplicities", g)):
            if array.ndim != 1 or not array.size:
                raise OutOfDomain(
                    f"{name} has shape {array.shape}; one axis of levels is needed"
                )
        if lam.shape != g.shape:
            raise OutOfDomain(
                f"eigenvalues {lam.shape} and multiplicities {g.shape} differ in shape"
            )
        if not ones and g.min() <= 0:
            worst = int(np.argmin(g))
            raise OutOfDomain(
                f"multiplicities[{worst}] = {g[worst]:g} must be positive"
            )
        if lam.min() < 0:
            worst = int(np.flatnonzero(lam < 0)[0])
            raise NotPositiveDefinite(
                f"eigenvalues[{worst}] = {lam[worst]:g} < 0; set what is rounding "
                f"noise to 0 ({int((lam < 0).sum())} are negative)"
            )
        return cls(lam, g, np.arange(len(lam)))

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        s = self.source
        where = "" if s is None or s.kernel is None else f" of {s.kernel} on {s.domain}"
        tail = "" if self.tail is None else f", and Σ g λ = {self.tail.mass:.3g} above"
        least = "≥" if s is not None and s.is_open else "="
        return (
            f"FloatSpectrum{where}: {len(self)} levels, N {least} {self.modes:g}{tail}"
        )

    @cached_property
    def eigenvalues(self) -> Scaled:
        """Eigenvalues with mantissa and exponent, shape [level]."""
        return _scaled(self.values)

    @cached_property
    def multiplicities(self) -> Scaled:
        """Multiplicities with mantissa and exponent, shape [level]."""
        return _scaled(self.counts)

    plot = FromAbove("learnability")

    @property
    def eigenvalue(self) -> np.ndarray:
        """Eigenvalues in float64, shape [level]; 0 where they are below its range."""
        return self.values.floats() if isinstance(self.values, Scaled) else self.values

    @property
    def multiplicity(self) -> np.ndarray:
        """Multiplicities in float64, shape [level]; ∞ where they are above its range."""
        return self.counts.floats() if isinstance(self.counts, Scaled) else self.counts

    @property
    def mass(self) -> np.ndarray:
        """G λ, shape [level]: no over- or underflow on the way."""
        return (self.eigenvalues * self.multiplicities).floats()

    @property
    def tail_mass(self) -> float:
        """Σ g λ over the levels that are not listed."""
        return 0.0 if self.tail is None else self.tail.mass

    @cached_property
    def open_mass(self) -> Scaled | None:
        """A bound of Σ g λ over the listed levels whose sign is open, shape [1].

        They count as 0 here. None where every sign is decided.
        """
        if self.source is None or not self.source.undecided:
            return None
        total = Fraction(0)
        for level in self.source.levels:
            if level.eigenvalue.sign is None:
                total += level.multiplicity * level.eigenvalue.upper
        bound = Scaled.of_balls([Ball.exact(fmpq(total.numerator, total.denominator))])
        return Scaled(bound.mantissa * (1 + 4 * EPS), bound.exponent)

    @cached_property
    def modes(self) -> float:
        """N, the number of modes with a positive eigenvalue; ∞ with a tail."""
        return self.modes_and_rest[0]

    @cached_property
    def modes_and_rest(self) -> tuple[float, float]:
        """N as a float, and what it has beyond that."""
        if self.tail is not None:
            return inf, 0.0
        if self.source is not None:
            whole = int(self.source.modes)
            try:
                return float(whole), float(whole - int(float(whole)))
            except OverflowError:
                return inf, 0.0
        lam = self.values.mantissa if isinstance(self.values, Scaled) else self.values
        return float(np.sum(self.multiplicity, where=lam > 0)), 0.0

    def beyond(self, n: np.ndarray, rest: np.ndarray) -> np.ndarray:
        """N + rest − N, with the digits that the two parts of n carry."""
        whole, part = self.modes_and_rest
        return ((n - whole) - part) + rest

    @cached_property
    def is_plain(self) -> bool:
        """Whether float64 holds every eigenvalue and multiplicity in full."""
        return _in_room(self.values) and _in_room(self.counts)

    @cached_property
    def is_counted(self) -> bool:
        """Whether all multiplicities are whole numbers, so that counts of modes are exact."""
        if isinstance(self.counts, Scaled):
            return self.source is not None
        return bool(np.all(self.counts == np.floor(self.counts)))

    def position(self, level: int) -> int:
        """Where a level is listed.

        Raises
        ------
        OutOfDomain
            When it is not.
        """
        found = np.flatnonzero(self.index == level)
        if not len(found):
            first, last = self.index[0], self.index[-1]
            where = f" of {self.source.domain}" if self.source is not None else ""
            raise OutOfDomain(f"level = {level} is outside {first}..{last}{where}")
        return int(found[0])

    def at_scale(self, power: int) -> tuple[np.ndarray, np.ndarray]:
        """(λ, g) in units of 2^−power, as formulas can take them, shape [level].

        Far below the unit a level acts through its mass g λ alone, far above it through
        g alone; so λ is brought into range at the same mass below and at the same g
        above, and a multiplicity above 2^900 at the same mass. For C near the unit and
        n below 2^800 no sum moves by more than 2^−90 of itself.
        """
        if self.is_plain and power == 0:
            lam, g = self.eigenvalue, self.multiplicity
        else:
            lam = np.minimum(self.eigenvalues.shifted(power), 2.0**ROOM)
            mass = (self.eigenvalues * self.multiplicities).shifted(power)
            positive = self.eigenvalues.mantissa > 0
            low = positive & (lam < 2.0**-ROOM)
            lam = np.where(low, 2.0**-ROOM, lam)
            with np.errstate(over="ignore"):
                g = np.where(low, mass * 2.0**ROOM, self.multiplicity)
            many = positive & ~(g < 2.0**ROOM)
            lam = np.where(many, np.maximum(mass * 2.0**-ROOM, 2.0**-ROOM), lam)
            g = np.where(many, 2.0**ROOM, g)
        if self.tail is None or self.tail.mean == 0:  # below the range of float64
            return lam, g
        return (
            np.append(lam, np.ldexp(self.tail.mean, power)),
            np.append(g, self.tail.mass / self.tail.mean),
        )


def _scaled(values: np.ndarray | Scaled) -> Scaled:
    return values if isinstance(values, Scaled) else Scaled.of(values)


def _in_room(values: np.ndarray | Scaled) -> bool:
    if isinstance(values, Scaled):
        used = values.exponent[values.mantissa != 0]
        return bool(not len(used) or np.abs(used).max() < ROOM)
    positive = values[values > 0] if not values.min() > 0 else values
    return bool(
        not len(positive)
        or (positive.min() > 2.0**-ROOM and positive.max() < 2.0**ROOM)
    )


def float64_array(values: Any, name: str) -> np.ndarray:
    """The values as float64, where that loses nothing.

    Raises
    ------
    OutOfDomain
        When they are float32 or not finite numbers.

    Examples
    --------
    >>> float64_array([1, 2], "n").dtype
    dtype('float64')
    """
    array = np.asarray(values)
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        raise OutOfDomain(
            f"{name} is an array of {array.dtype}, which has 7 digits or fewer; pass "
            "float64 (.astype(float) if these digits are all there is)"
        )
    if array.dtype.kind not in "iuf":
        raise OutOfDomain(f"{name} is an array of {array.dtype}, not of real numbers")
    array = np.asarray(array, dtype=np.float64)
    if array.size and not np.isfinite(array.sum()) and not np.all(np.isfinite(array)):
        at = tuple(int(x) for x in np.argwhere(~np.isfinite(array))[0])
        raise OutOfDomain(
            f"{name}[{', '.join(map(str, at))}] = {array[at]} is not a finite number"
        )
    return array


def rounded(s: Any) -> FloatSpectrum:
    """The levels of a Spectrum of enclosures in float64, each rounded once.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> rounded(Spectrum.from_levels([("1e-400", 2)])).eigenvalues.exponent.tolist()
    [-1328]
    """
    balls = [x.eigenvalue for x in s.levels]
    tail = None if s.is_complete else FloatTail.of(s.tail)
    lam = Scaled.of_balls(balls)
    g = Scaled.of_integers([x.multiplicity for x in s.levels])
    index = np.array([x.index for x in s.levels])
    plain = _in_room(lam) and _in_room(g)
    if s.domain is not None and s.domain.invariant == "pair":
        off = max(float(x.radius) for x in balls)
        return FloatSpectrum(lam.floats(), g.floats(), index, tail, EPS, off, s)
    return FloatSpectrum(
        lam.floats() if plain else lam,
        g.floats() if plain else g,
        index,
        tail,
        max(EPS, 10.0**-s.digits) if s.digits else EPS,
        source=s,
    )
