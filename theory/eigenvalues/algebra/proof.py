"""A proof is a list of equations in symbols; each is decided by exact algebra."""

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, KroneckerDelta, Piecewise, cancel, expand, simplify
from sympy.core.relational import Relational

from theory.eigenvalues.algebra.differences import differ
from theory.eigenvalues.algebra.equality import STEPPED, identical
from theory.eigenvalues.algebra.gamma_quotients import ratio
from theory.notation import d, k
from theory.printing import latex


def _by_gammas(lhs: Expr, rhs: Expr) -> bool:
    return bool(lhs == rhs or ratio(lhs, rhs) == 1)


def _by_cancelling(lhs: Expr, rhs: Expr) -> bool:
    return cancel(expand(lhs - rhs)) == 0


def _by_simplifying(lhs: Expr, rhs: Expr) -> bool:
    return simplify(lhs - rhs) == 0


METHODS: dict[str, Callable[[Expr, Expr], bool]] = {
    "Gamma quotients": _by_gammas,
    "rational arithmetic": _by_cancelling,
    "simplification": _by_simplifying,
}


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One equation of a proof, for symbolic level and dimension.

    Attributes
    ----------
    says
        What the equation means and why it is the one to check.
    lhs, rhs
        The two sides.
    by
        How equality is decided: ``Gamma quotients``, ``rational arithmetic`` or
        ``simplification``; each decides by reducing to an identical form.
    """

    says: str
    lhs: Expr
    rhs: Expr
    by: str = "Gamma quotients"

    def holds(self) -> bool:
        """Whether the two sides reduce to the same form, and agree at many points.

        Deltas and cases are decided level by level, as in ``check_formula``: no method
        here reads them.
        """
        if differ(self.lhs, self.rhs):
            return False
        heads = (KroneckerDelta, Piecewise, Relational, *STEPPED)
        if self.lhs.has(*heads) or self.rhs.has(*heads):
            return identical(self.lhs, self.rhs, k, d)
        return METHODS[self.by](self.lhs, self.rhs)

    def latex(self) -> str:
        """The equation in LaTeX."""
        return f"{latex(self.lhs)} = {latex(self.rhs)}"

    def __str__(self) -> str:
        return f"{self.says}: {self.lhs} = {self.rhs}  [{self.by}]"


@dataclass(frozen=True, slots=True)
class Proof:
    """The checked steps by which a rule proves itself.

    Attributes
    ----------
    rule
        Name of the rule.
    method
        The argument that joins the steps, as a referee would want to read it.
    steps
        The equations, in order.
    """

    rule: str
    method: str
    steps: tuple[ProofStep, ...]

    def failures(self) -> tuple[ProofStep, ...]:
        """The steps that do not hold."""
        return tuple(step for step in self.steps if not step.holds())

    def __bool__(self) -> bool:
        return bool(self.steps) and not self.failures()

    def latex(self) -> str:
        """All steps as lines of an ``aligned`` block."""
        lines = (
            rf"&{latex(step.lhs)} = {latex(step.rhs)} && \text{{{step.says}}}"
            for step in self.steps
        )
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        return "\n".join([f"{self.rule}: {self.method}", *map(str, self.steps)])
