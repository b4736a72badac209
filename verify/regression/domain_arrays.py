"""Domains as arrays: how points are drawn, paired and fed to eigenfunctions.

Every kernel here is a function of a pair's *code*: the Hamming distance on the cube, the
lag on M points of the circle, and u = (1 − t)/2 on the circle and the sphere. A mode is
a level and a number: 0 for the published target of that level (the parity of the first k
bits, cos kθ, the zonal harmonic about the first axis), 1 for another, orthogonal to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import lgamma
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sympy import Integer

from numerics.spectra.domains.harmonics import multiplicities
from theory import OutOfDomain, Unsupported
from theory.domains import Hypercube, Hypersphere, UnitCircle
from verify.networks.data_sources.sampling import sphere_points
from verify.regression import draws

MAX_BITS = 62
Floats = NDArray[np.float64]


class Place(Protocol):
    """What regression needs of a domain."""

    @property
    def points(self) -> int | None:
        """M, or None where there are infinitely many."""
        ...

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Training points of each trial, with leading shape [trial, n]."""
        ...

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Codes of all pairs, shape [trial, n, m], in NumPy or JAX (``xp``)."""
        ...

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """An orthonormal eigenfunction at points, shape [trial, n]."""
        ...

    def modes_of(self, level: int) -> int:
        """How many modes of a level are named here: 1 or 2."""
        ...

    def vectors(self, x: Any) -> Floats:
        """Points as vectors of equal norm, shape [..., dimension]."""
        ...


@dataclass(frozen=True)
class Cube:
    """Corners of {±1}^d as whole numbers, the first coordinate in the highest bit."""

    d: int

    @property
    def points(self) -> int:
        """2^d."""
        return 1 << self.d

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Numbers of corners."""
        return draws.finite_draws(self.d, self.points, n, trials, seed, replace=replace)

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Hamming distances."""
        return xp.bitwise_count(x[..., :, None] ^ y[..., None, :])

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """The parity of the first bits, or of the last."""
        low = (1 << level) - 1
        mask = low if number else low << (self.d - level)
        return 1.0 - 2.0 * (np.bitwise_count(x & mask) & 1)

    def modes_of(self, level: int) -> int:
        """Two, except for the constant and the full parity."""
        return 1 if level in (0, self.d) else 2

    def coordinates(self, x: Any) -> NDArray[np.int64]:
        """Corners as vectors of ±1, shape [..., d]."""
        bits = np.asarray(x)[..., None] >> np.arange(self.d)[::-1]
        return 1 - 2 * (bits & 1)

    def vectors(self, x: Any) -> Floats:
        """Corners."""
        return self.coordinates(x).astype(np.float64)


@dataclass(frozen=True)
class Ring:
    """M equispaced points of the circle, by number."""

    points: int

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Numbers of points."""
        return draws.finite_draws(None, self.points, n, trials, seed, replace=replace)

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Lags."""
        del xp
        return (x[..., :, None] - y[..., None, :]) % self.points

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """√2 cos kθ or √2 sin kθ; cos kθ where the level has one mode."""
        # whole numbers first, so that the angle is reduced without rounding
        phase = 2 * np.pi * ((level * np.asarray(x)) % self.points) / self.points
        if self.modes_of(level) == 1:
            return np.cos(phase)
        return np.sqrt(2) * (np.sin(phase) if number else np.cos(phase))

    def modes_of(self, level: int) -> int:
        """One for the constant and for the alternating mode."""
        return 1 if level == 0 or 2 * level == self.points else 2

    def coordinates(self, x: Any) -> Floats:
        """Angles θ."""
        return 2 * np.pi * np.asarray(x) / self.points

    def vectors(self, x: Any) -> Floats:
        """Points of the unit circle."""
        return _on_circle(self.coordinates(x))


@dataclass(frozen=True)
class Circle:
    """The circle, by angles."""

    points: None = None

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Uniform angles."""
        del replace
        return draws.angles(n, trials, seed)

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Values of u = sin²(Δθ/2)."""
        return xp.sin((x[..., :, None] - y[..., None, :]) / 2) ** 2

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """√2 cos kθ or √2 sin kθ."""
        if level == 0:
            return np.ones(np.shape(x))
        return np.sqrt(2) * (np.sin if number else np.cos)(level * x)

    def modes_of(self, level: int) -> int:
        """Two, except for the constant."""
        return 1 if level == 0 else 2

    def vectors(self, x: Any) -> Floats:
        """Points of the unit circle."""
        return _on_circle(x)


def _on_circle(angles: Any) -> Floats:
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


@dataclass(frozen=True)
class Sphere:
    """The sphere S^{d−1}, d ≥ 3, by unit vectors."""

    d: int
    points: None = None

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Uniform unit vectors, shape [trial, n, d]."""
        del replace
        return np.stack([sphere_points(n, self.d, trial=t, seed=seed) for t in trials])

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Values of u = |x − y|²/4, which loses nothing for close points."""
        total = 0.0
        for axis in range(self.d):
            total = total + (x[..., :, None, axis] - y[..., None, :, axis]) ** 2
        return xp.clip(total / 4, 0.0, 1.0)

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """The zonal harmonic about the first axis, or the sectoral one Re (x₂ + i x₃)^k."""
        if number == 0:
            count = multiplicities(self.d, level)[level]
            return np.sqrt(count) * legendre(self.d, level, x[..., 0])[level]
        # E |x₂ + i x₃|^{2k} = k! Γ(d/2)/Γ(d/2 + k), half of it in the real part
        mean = lgamma(level + 1) + lgamma(self.d / 2) - lgamma(self.d / 2 + level)
        wave = ((x[..., 1] + 1j * x[..., 2]) ** level).real
        return np.sqrt(2) * np.exp(-mean / 2) * wave

    def modes_of(self, level: int) -> int:
        """Two, except for the constant."""
        return 1 if level == 0 else 2

    def vectors(self, x: Any) -> Floats:
        """Unit vectors, as they are."""
        return np.asarray(x)


def legendre(d: int, top: int, t: Floats) -> Floats:
    """P_0(t), …, P_top(t) in dimension d, each 1 at t = 1; shape [level, ...].

    The recurrence (k + d − 2) P_{k+1} = (2k + d − 2) t P_k − k P_{k−1} is stable on
    [−1, 1] (DLMF, chapter 18.9).

    Examples
    --------
    >>> legendre(3, 2, np.array([0.0, 1.0]))[2]
    array([-0.5,  1. ])
    """
    rows = [np.ones_like(t), np.asarray(t, dtype=np.float64)]
    for k in range(1, top):
        rows.append(((2 * k + d - 2) * t * rows[k] - k * rows[k - 1]) / (k + d - 2))
    return np.stack(rows[: top + 1])


def place_of(domain: Hypercube | Hypersphere | UnitCircle) -> Place:
    """The arrays behind a domain with numbers in it.

    Raises
    ------
    Unsupported
        When its size is a symbol, or the cube has more than 62 bits.

    Examples
    --------
    >>> from theory import domains
    >>> place_of(domains.parse("circle:12")).modes_of(6)
    1
    """
    given = domain.points if isinstance(domain, UnitCircle) else domain.d
    if given is not None and not isinstance(given, Integer):
        msg = f"domain = {domain} has a symbol in place of a number"
        raise OutOfDomain(msg)
    number = 0 if given is None else int(given)
    if isinstance(domain, Hypercube):
        if number > MAX_BITS:
            msg = f"domain = {domain}: data sets are drawn for at most {MAX_BITS} bits"
            raise Unsupported(msg)
        return Cube(number)
    if isinstance(domain, UnitCircle):
        return Circle() if given is None else Ring(number)
    return Circle() if number == 2 else Sphere(number)
