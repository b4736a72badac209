"""Results of the workbench: expressions that show as mathematics, with their proof."""

from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, sympify

from theory.printing import Shown, latex, text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LevelExpression(Shown):
    """An expression in sums over levels; SymPy takes it as that expression.

    Attributes
    ----------
    expression
        The SymPy expression.
    of
        What it is, as an expression: a derivative, a limit.
    steps
        How it was obtained, sentence by sentence.

    Examples
    --------
    >>> from theory.notation import n
    >>> found = LevelExpression(n**2)
    >>> found, found + 1, found.expression.diff(n)
    (<LevelExpression n²>, n**2 + 1, 2*n)
    """

    expression: Any
    of: str = ""
    steps: tuple[str, ...] = field(default=())

    def latex(self) -> str:
        """The result in LaTeX, after what it is."""
        body = latex(self.expression)
        return f"{self.of} = {body}" if self.of else body

    def text(self) -> str:
        """The result in Unicode."""
        return text(self.expression, letters=True)

    def proof(self) -> str:
        """How the result was obtained and checked, one sentence a line."""
        return "\n".join(self.steps)

    def subs(self, *arguments: Any) -> Any:
        """The expression with letters replaced."""
        return self.expression.subs(*arguments)

    @property
    def free_symbols(self) -> Any:
        """Letters of the expression."""
        return self.expression.free_symbols

    def _sympy_(self) -> Expr:
        return self.expression

    def __eq__(self, other: object) -> bool:
        return self.expression == getattr(other, "expression", other)

    def __hash__(self) -> int:
        return hash(self.expression)

    def __add__(self, other: Any) -> Any:
        return self.expression + sympify(other)

    def __sub__(self, other: Any) -> Any:
        return self.expression - sympify(other)

    def __mul__(self, other: Any) -> Any:
        return self.expression * sympify(other)

    def __truediv__(self, other: Any) -> Any:
        return self.expression / sympify(other)

    def __pow__(self, other: Any) -> Any:
        return self.expression ** sympify(other)

    def __neg__(self) -> Any:
        return -self.expression

    def __radd__(self, other: Any) -> Any:
        return sympify(other) + self.expression

    def __rsub__(self, other: Any) -> Any:
        return sympify(other) - self.expression

    def __rmul__(self, other: Any) -> Any:
        return sympify(other) * self.expression

    def __rtruediv__(self, other: Any) -> Any:
        return sympify(other) / self.expression

    def __str__(self) -> str:
        return self.text()

    def _latex(self, printer: Any) -> str:  # noqa: ARG002
        return latex(self.expression)
