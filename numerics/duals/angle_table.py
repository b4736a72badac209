"""A function of the angle between two inputs, tabulated once and read fast.

Duals of activations with kinks have a cusp at c = ±1 but are smooth in θ, c = cos θ. The
table is a Chebyshev series on [0, π], from which short polynomials on equal panels are
made: reading one value takes some nanoseconds, whatever the series' length.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.chebyshev import chebfit, chebval
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LENGTHS = (16, 32, 64, 128, 256)
RESOLVED = 2.0**-48
DEGREE = 8
PANELS = (32, 64, 128, 256, 512)


def series(f: Callable[[Floats], Floats]) -> tuple[Floats, float]:
    """Chebyshev coefficients of f on [0, π], and the relative size of what they leave.

    Values are taken at Lobatto's points, so that longer series use those of shorter ones.

    Examples
    --------
    >>> coefficients, rest = series(np.cos)
    >>> bool(abs(chebval(0.5, coefficients) - np.cos(0.75 * np.pi)) < 1e-14)
    True
    >>> rest < 1e-13
    True
    """
    known: dict[float, float] = {}
    coefficients, rest = np.zeros(1), np.inf
    for n in LENGTHS:
        share = np.arange(n + 1) / n
        new = np.array([s for s in share if s not in known])
        found = f(np.pi * (1 - np.cos(np.pi * new)) / 2)
        known.update(zip(new.tolist(), np.asarray(found).tolist(), strict=True))
        values = np.array([known[s] for s in share])
        coefficients = _coefficients(values)
        size = np.abs(values).max()
        rest = float(np.abs(coefficients[-max(3, n // 8) :]).max() / (size or 1.0))
        if rest <= RESOLVED:
            break
    return coefficients, rest


def _coefficients(values: Floats) -> Floats:
    """From values at θ = π (1 − cos(π k/n))/2, a cosine transform."""
    n = len(values) - 1
    even = np.concatenate([values[::-1], values[1:-1]])
    found: Any = np.fft.rfft(even).real / n
    found[0] /= 2
    found[-1] /= 2
    return found


def read(coefficients: Floats, theta: Floats) -> Floats:
    """The series at angles."""
    return np.asarray(chebval(2 * np.asarray(theta) / np.pi - 1, coefficients), float)


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


_CHECKS = np.array([0.03, 0.21, 0.5, 0.77, 0.98])
_MONOMIALS = np.array(
    [
        np.pad(np.polynomial.chebyshev.cheb2poly(row), (0, DEGREE))[: DEGREE + 1]
        for row in np.eye(DEGREE + 1)
    ]
) * 2.0 ** np.arange(DEGREE + 1)
