"""Moments of a spectrum: S_p = Σ g λ^p, and U_p = Σ g λ^−p."""

from typing import Any

from sympy import Expr, Function, Integer, Sum, sympify

from theory import notation
from theory.constant.level_sums import total
from theory.notation import i

lam: Any = notation.lam
g: Any = notation.g


class Moment(Function):
    """Σ_i g_i λ_i^p; it prints as S_p, or as U_{−p} where p is negative.

    Examples
    --------
    >>> Moment(2).definition
    Sum(g[i]*lambda[i]**2, (i, 1, ell))
    """

    nargs = 1
    is_positive = True

    @property
    def definition(self) -> Sum:
        """The sum over levels."""
        return total(g[i] * lam[i] ** self.args[0])

    def over(self, levels: tuple[tuple[Expr, Expr], ...]) -> Expr:
        """The moment of given levels (λ, g)."""
        return sum((m * value ** self.args[0] for value, m in levels), Integer(0))

    @property
    def letter(self) -> tuple[str, Any]:
        """S or U, and its order."""
        p: Any = sympify(self.args[0])
        return ("U", -p) if p.is_negative else ("S", p)

    def _sympystr(self, printer) -> str:
        letter, p = self.letter
        return f"{letter}_{printer._print(p)}"

    def _latex(self, printer, exp=None) -> str:
        letter, p = self.letter
        body = f"{letter}_{{{printer._print(p)}}}"
        return body if exp is None else f"{body}^{{{exp}}}"
