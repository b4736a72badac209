"""Any finite domain that lists its points, by their numbers.

Points come from the domain's ``vectors``, eigenfunctions from its zonal functions: by the
addition theorem, √g zonal(t(x, z)) is a function of norm 1 in its level for every z.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Expr, sympify

from theory.domains import Domain
from theory.errors import Unsupported
from verify.regression import draws

MAX_POINTS = 4096
DIGITS = 12
"""Cosines that agree to so many digits are one."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ListedArrays:
    """Points of a finite domain by number; a pair's code numbers its cosine.

    Raises
    ------
    Unsupported
        When the domain does not list its points, or they are too many.
    """

    domain: Domain

    def __post_init__(self) -> None:
        if not self.domain.addition_theorem:
            raise Unsupported(
                f"{self.domain}: without an addition theorem it has no zonal functions"
            )
        if self.points > MAX_POINTS:
            raise Unsupported(
                f"{self.domain} has {self.points} points; at most {MAX_POINTS} are listed"
            )

    @property
    def points(self) -> int:
        """How many there are."""
        return len(self._listed)

    @cached_property
    def _listed(self) -> tuple[tuple[Expr, ...], ...]:
        return self.domain.vectors()

    @property
    def variables(self) -> tuple[str, ...]:
        """A target is a function of a point's coordinates x1, x2, …"""
        return tuple(f"x{i + 1}" for i in range(len(self._listed[0])))

    @cached_property
    def _vectors(self) -> Floats:
        return np.array([[float(x) for x in row] for row in self._listed])

    @cached_property
    def _codes(self) -> tuple[NDArray[np.int64], list[Expr]]:
        """The code of every pair, and the exact cosine of every code."""
        inner = self._vectors @ self._vectors.T
        cosines = np.round(inner / inner[0, 0], DIGITS)
        _, first, codes = np.unique(cosines, return_index=True, return_inverse=True)
        square = Add(*(x * x for x in self._listed[0]))
        exact = []
        for where in first:
            x, y = (self._listed[i] for i in divmod(int(where), self.points))
            exact.append(
                sympify(Add(*(a * b for a, b in zip(x, y, strict=True))) / square)
            )
        return codes.reshape(cosines.shape).astype(np.int64), exact

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Numbers of points."""
        return draws.finite_draws(None, self.points, n, trials, seed, replace=replace)

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Codes of the cosines."""
        return xp.asarray(self._codes[0])[x[..., :, None], y[..., None, :]]

    @property
    def half(self) -> Floats:
        """U = (1 − t)/2 of every code."""
        return np.array([float((1 - t) / 2) for t in self._codes[1]])

    @property
    def zonal(self) -> Floats:
        """The zonal function of every level at every code."""
        return self._zonal

    @cached_property
    def _zonal(self) -> Floats:
        levels = range(int(self.domain.last_level) + 1)
        return np.array(
            [[float(self.domain.zonal(k, t)) for t in self._codes[1]] for k in levels]
        )

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """The zonal function about the first point, or what another one adds to it."""
        codes, zonal = self._codes[0], self.zonal[level]
        scale = float(self.domain.multiplicity(level)) ** 0.5
        about_first = scale * zonal[codes[0]]
        if number == 0:
            return about_first[x]
        overlaps = zonal[codes[0]]
        other = int(np.argmin(np.abs(overlaps)))
        rest = scale * zonal[codes[other]] - overlaps[other] * about_first
        return (rest / np.sqrt(1 - overlaps[other] ** 2))[x]

    def modes_of(self, level: int) -> int:
        """Two where the level has as many."""
        return min(2, int(self.domain.multiplicity(level)))

    def coordinates(self, x: Any) -> Floats:
        """Points as the domain lists them."""
        return self._vectors[x]

    def vectors(self, x: Any) -> Floats:
        """Points as the domain lists them."""
        return self._vectors[x]

    @cached_property
    def _projectors(self) -> Floats:
        """The projection onto every level, shape [level, M, M]."""
        counts = [int(self.domain.multiplicity(k)) for k in range(len(self.zonal))]
        scale = np.array(counts)[:, None, None] / self.points
        return scale * self.zonal[:, self._codes[0]]

    def powers(self, values: Floats) -> Floats:
        """Power of a function in every level."""
        return np.clip((self._projectors @ values) @ values / self.points, 0.0, None)

    def smooth(self, eigenvalues: Floats, values: Floats) -> Floats:
        """The function with every level times its eigenvalue."""
        return eigenvalues @ (self._projectors @ values)
