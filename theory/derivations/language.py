"""Letters of the derivations on a fixed data set, and slopes that SymPy leaves be.

D is a data set of n points, Φ its feature matrix (Φ_ai = φ_i(x_a)), Λ the diagonal
matrix of eigenvalues. Modes are counted one by one here, i = 1, …, N, so no
multiplicity appears; indices start at 1, as on paper.
"""

from typing import Any

from sympy import Function
from sympy.matrices.expressions import MatrixSymbol

from theory import notation
from theory.conservation import K, Lam, Phi, samples
from theory.notation import modes, points, ridge

__all__ = [
    "K",
    "Lam",
    "Phi",
    "R",
    "Rotation",
    "S",
    "T",
    "Y",
    "entry",
    "g",
    "lam",
    "modes",
    "named",
    "points",
    "power",
    "ridge",
    "samples",
    "scalar",
    "slope",
    "v",
]

lam: Any = notation.lam
g: Any = notation.g
power: Any = notation.power


class slope(Function):
    """∂e/∂x, never evaluated by SymPy: e may be an entry of a named matrix.

    Examples
    --------
    >>> from sympy.abc import x, y
    >>> slope(x * y, x)
    slope(x*y, x)
    """

    nargs = 2

    def _latex(self, printer, exp=None):
        e, x = (printer._print(argument) for argument in self.args)
        body = rf"\frac{{\partial {e}}}{{\partial {x}}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class scalar(Function):
    """The number that a matrix expression of size one by one is.

    Examples
    --------
    >>> scalar(v.T * T * v)
    scalar(v.T*T*v)
    """

    nargs = 1

    def _latex(self, printer, exp=None):
        body = printer._print(self.args[0])
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class entry(Function):
    """The entry (i, j) of a matrix expression, which SymPy would write out as sums.

    Examples
    --------
    >>> from theory.notation import i
    >>> entry(Phi.T * R * Phi, i, i)
    entry(Phi.T*R*Phi, i, i)
    """

    nargs = 3

    def _latex(self, printer, exp=None):
        body, row, column = (printer._print(argument) for argument in self.args)
        inner = rf"\left({body}\right)_{{{row}{column}}}"
        return inner if exp is None else f"{inner}^{{{exp}}}"


def named(letter: str, rows, columns) -> MatrixSymbol:
    """A matrix by its letter."""
    return MatrixSymbol(letter, rows, columns)


R = named("R", samples, samples)
S = named("S", modes, modes)
T = named("T", modes, modes)
Rotation = named("O", modes, modes)
v = named("v", modes, 1)
Y = named("y", samples, 1)
