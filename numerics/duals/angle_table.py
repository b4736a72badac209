"""A function of the angle between two inputs, tabulated once and read fast.

Duals of activations with kinks have a cusp at c = ±1 but are smooth in θ, c = cos θ, on
scales down to the distances of kinks from each other and from 0, in standard deviations.
Smooth activations have short polynomials on equal panels, others on panels that are halved
until they are resolved; reading one value takes some nanoseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial.chebyshev import chebfit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DEGREE = 8
PANELS = (32, 64, 128, 256, 512)
NARROW = 12
"""The degree on panels that are halved."""
LEAST_WIDTH = 2.0**-30
CELLS = 1 << 12


@dataclass(frozen=True, eq=False)
class AngleTable:
    """Polynomials on equal panels of [0, π].

    Attributes
    ----------
    columns
        Coefficients, shape [power, panel], in the distance from a panel's middle.
    error
        The largest deviation from the function in between, absolutely.
    """

    columns: Floats
    error: float

    def __call__(self, theta: Floats) -> Floats:
        """Values at angles, an array of any shape."""
        panels = self.columns.shape[1]
        at = np.asarray(theta) * (panels / np.pi)
        index = np.minimum(at.astype(np.intp), panels - 1)
        x = at - index
        x -= 0.5
        total = self.columns[-1][index]
        for column in self.columns[-2::-1]:
            total *= x
            total += column[index]
        return total

    @classmethod
    def of(cls, f: Callable[[Floats], Floats], allowed: float) -> "AngleTable":
        """A table of a function of arrays, with as many panels as it takes.

        Examples
        --------
        >>> table = AngleTable.of(np.sin, 1e-14)
        >>> bool(abs(table(np.array([1.0])) - np.sin(1.0))[0] < 1e-14)
        True
        """
        best = None
        for panels in PANELS:
            nodes: Any = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
            inside = (np.arange(panels)[:, None] + 0.5 + nodes / 2) * (np.pi / panels)
            cheb = chebfit(nodes, f(inside).T, DEGREE)
            columns = _MONOMIALS.T @ cheb
            between: Any = (np.arange(panels)[:, None] + _CHECKS) * (np.pi / panels)
            table = cls(columns, 0.0)
            error = float(np.abs(table(between) - f(between)).max())
            if best is None or error < best.error:
                best = cls(columns, error)
            if error <= allowed:
                break
        assert best is not None
        return best


@dataclass(frozen=True, eq=False)
class HalvedTable:
    """Polynomials on panels of [0, π] that are as narrow as the function needs.

    Attributes
    ----------
    edges
        The panels' ends, ascending, shape [panel + 1].
    columns
        Coefficients, shape [power, panel], in half widths from a panel's middle.
    error
        What the last coefficients leave, absolutely.
    """

    edges: Floats
    columns: Floats
    error: float

    @cached_property
    def _shapes(self) -> tuple[Floats, Floats, Any]:
        """Middles and inverse half widths; and which panel every cell of [0, π] is in."""
        low, high = self.edges[:-1], self.edges[1:]
        at = (np.arange(CELLS) + 0.5) * (np.pi / CELLS)
        cells = np.searchsorted(self.edges, at, side="right") - 1
        wide = float(np.diff(self.edges).min()) >= np.pi / CELLS * (1 - 1e-9)
        return (low + high) / 2, 2 / (high - low), cells if wide else None

    def panel(self, theta: Floats) -> NDArray[np.intp]:
        """The panel of each angle."""
        cells = self._shapes[2]
        if cells is not None:
            at = np.asarray(theta) * (CELLS / np.pi)
            return cells[np.minimum(at.astype(np.intp), CELLS - 1)]
        found = np.searchsorted(self.edges, theta, side="right") - 1
        return np.clip(found, 0, len(self.edges) - 2)

    def __call__(self, theta: Floats) -> Floats:
        """Values at angles, an array of any shape."""
        index = self.panel(theta)
        middle, inverse, _ = self._shapes
        x = (theta - middle[index]) * inverse[index]
        total = self.columns[-1][index]
        for column in self.columns[-2::-1]:
            total = total * x
            total += column[index]
        return np.asarray(total, dtype=np.float64)

    @classmethod
    def of(
        cls, f: Callable[[Floats], Floats], allowed: float, end: float = 0.0
    ) -> "HalvedTable":
        """A table of a function of arrays; panels are halved where it is not resolved.

        Parameters
        ----------
        f
            The function.
        allowed
            The absolute size of last coefficients on a panel that is resolved.
        end
            How far from 0 and π values are costly: panels of their own.

        Examples
        --------
        >>> table = HalvedTable.of(lambda x: np.abs(x - np.pi / 4), 1e-14)
        >>> bool(abs(table(np.array([0.5])) - (np.pi / 4 - 0.5))[0] < 1e-14)
        True
        """
        nodes: Any = np.cos(np.pi * (np.arange(NARROW + 1) + 0.5) / (NARROW + 1))
        inner = np.linspace(end, np.pi - end, 5)
        edges = np.unique(np.concatenate([[0.0], inner, [np.pi]]))
        waiting = np.stack([edges[:-1], edges[1:]], axis=1)
        kept, columns, error = [], [], 0.0
        while len(waiting):
            middle, half = waiting.mean(axis=1), np.diff(waiting, axis=1)[:, 0] / 2
            fit = chebfit(nodes, f(middle[:, None] + half[:, None] * nodes).T, NARROW)
            rough = np.abs(fit[-3:]).max(axis=0)
            done = (rough <= allowed) | (half <= LEAST_WIDTH)
            kept += waiting[done, 0].tolist()
            columns += list(fit[:, done].T)
            error = max(error, float(rough[done].max(initial=0.0)))
            ends = np.stack([waiting[:, 0], middle, waiting[:, 1]], axis=1)[~done]
            waiting = np.concatenate([ends[:, :2], ends[:, 1:]])
        order = np.argsort(kept)
        made = _monomials(NARROW).T @ np.array(columns)[order].T
        return cls(np.append(np.array(kept)[order], np.pi), made, 2 * error)


def _monomials(degree: int) -> Floats:
    """Chebyshev polynomials as rows of coefficients of powers."""
    rows = np.eye(degree + 1)
    wide = [np.polynomial.chebyshev.cheb2poly(row) for row in rows]
    padded = [np.pad(row, (0, degree))[: degree + 1] for row in wide]
    return np.array(padded, dtype=np.float64)


_CHECKS = np.array([0.03, 0.21, 0.5, 0.77, 0.98])
_MONOMIALS = _monomials(DEGREE) * 2.0 ** np.arange(DEGREE + 1)
