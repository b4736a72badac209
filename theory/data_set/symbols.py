"""Letters of the derivations on a fixed data set, and slopes that SymPy leaves be.

D is a data set of n points, Φ its feature matrix (Φ_ai = φ_i(x_a)), Λ the diagonal
matrix of eigenvalues. Modes are counted one by one here, i = 1, …, N, so no
multiplicity appears; indices start at 1, as on paper.
"""

from typing import Any

from sympy import Function, Symbol
from sympy.matrices.expressions import MatrixSymbol

from theory import notation
from theory.constant.learnability import learnability, unlearned
from theory.data_set import conservation
from theory.data_set.conservation import K, Lam, Phi, samples
from theory.notation import modes, points, ridge

__all__ = [
    "C_D",
    "L_D",
    "A",
    "K",
    "Lam",
    "Phi",
    "R",
    "Rest",
    "Rotation",
    "S",
    "T",
    "Tail",
    "Y",
    "entry",
    "g",
    "lam",
    "modes",
    "named",
    "phi",
    "points",
    "power",
    "ridge",
    "samples",
    "scalar",
    "sign_mean",
    "signs",
    "slope",
    "tail_eigenvalue",
    "unit",
    "v",
]

NAMED = (conservation.L_D, conservation.C_D, learnability, unlearned)
L_D: Any = conservation.L_D
C_D: Any = conservation.C_D
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
    is_commutative = True

    def _latex(self, printer, exp=None):
        e, x = self.args
        order = 1
        while isinstance(e, slope) and e.args[1] == x:
            e, order = e.args[0], order + 1
        power = "" if order == 1 else f"^{{{order}}}"
        below = rf"\partial {printer._print(x)}{power}"
        if e.is_Atom or isinstance(e, NAMED) or e.is_Indexed:
            body = rf"\frac{{\partial{power} {printer._print(e)}}}{{{below}}}"
        else:
            inner = printer._print(e)
            body = rf"\frac{{\partial{power}}}{{{below}}}\left({inner}\right)"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class scalar(Function):
    """The number that a matrix expression of size one by one is.

    Examples
    --------
    >>> scalar(v.T * T * v)
    scalar(v.T*T*v)
    """

    nargs = 1
    is_commutative = True

    def _latex(self, printer, exp=None):
        body = printer._print(self.args[0])
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class sign_mean(Function):
    """The mean over all sign vectors s of a number that depends on s.

    Examples
    --------
    >>> sign_mean(scalar(signs.T * A * signs))
    sign_mean(scalar(s.T*A*s))
    """

    nargs = 1
    is_commutative = True

    def _latex(self, printer, exp=None):
        body = rf"\mathbb{{E}}_s\left[{printer._print(self.args[0])}\right]"
        return body if exp is None else f"{body}^{{{exp}}}"


class entry(Function):
    """The entry (i, j) of a matrix expression, which SymPy would write out as sums.

    Examples
    --------
    >>> from theory.notation import i
    >>> entry(Phi.T * R * Phi, i, i)
    entry(Phi.T*R*Phi, i, i)
    """

    nargs = 3
    is_commutative = True

    def _latex(self, printer, exp=None):
        body, row, column = (printer._print(argument) for argument in self.args)
        inner = rf"\left({body}\right)_{{{row}{column}}}"
        return inner if exp is None else f"{inner}^{{{exp}}}"


def named(letter: str, rows, columns) -> MatrixSymbol:
    """A matrix by its letter."""
    return MatrixSymbol(letter, rows, columns)


R = named("R", samples, samples)
Rest = named("R_-i", samples, samples)
phi = named("phi_i", samples, 1)
unit = named("e_i", modes, 1)
A = named("A", samples, samples)
signs = named("s", samples, 1)
Tail = named("Psi", samples, samples)
tail_eigenvalue = Symbol("epsilon", positive=True)
S = named("S", modes, modes)
T = named("T", modes, modes)
Rotation = named("O", modes, modes)
v = named("v", modes, 1)
Y = named("y", samples, 1)
