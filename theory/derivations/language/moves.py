"""The moves that derivations of this field consist of; each enters a judged step."""

from typing import Any

from sympy import Eq, Identity, Limit, Sum, Trace, oo
from sympy.core.relational import Relational

from theory.data_set.conservation import samples
from theory.data_set.symbols import (
    A,
    K,
    R,
    Rest,
    Rotation,
    lam,
    modes,
    phi,
    ridge,
    scalar,
    sign_mean,
    signs,
    slope,
)
from theory.derivations.workbench.claims import JudgedStatement
from theory.derivations.workbench.derivatives import total_derivative
from theory.derivations.workbench.letters import letter, read
from theory.derivations.workbench.limits import limit_of
from theory.derivations.workbench.premises import Premises, over_levels
from theory.derivations.workbench.simplification import simplify_levels
from theory.errors import OutOfDomain
from theory.formula import formulas
from theory.notation import i, n
from theory.printing import latex


class Moves:
    """Moves of a derivation: what they enter is judged like every other step."""

    __slots__ = ()
    entered: Any
    step: Any
    assumptions: Any

    def _equation(self, of: Any) -> tuple[Any, Any, tuple[int, ...]]:
        """Both sides of a step, or an expression twice, with the step's number."""
        number = getattr(of, "number", of)
        if isinstance(number, int) and not isinstance(number, bool):
            if not 1 <= number <= len(self.entered):
                raise OutOfDomain(
                    f"step {number}: there are the steps 1 to {len(self.entered)}"
                )
            statement = self.entered[number - 1].statement
            if not isinstance(statement, Eq):
                raise OutOfDomain(f"step {number} is no equation")
            return (*statement.args, (number,))
        if isinstance(of, JudgedStatement):
            raise OutOfDomain(f"{of.statement} was not entered")
        if isinstance(of, Relational):
            return (*of.args, ())
        e = read(of)
        return e, e, ()

    def substitute(self, name: str, of: Any) -> JudgedStatement:
        """Put the right side of a formula for its left side, in the right side of a step.

        Raises
        ------
        OutOfDomain
            When the formula's left side does not occur there.
        """
        left, right, numbers = self._equation(of)
        formula = formulas[name]
        changed = right.subs(formula.lhs, formula.rhs)
        if changed == right:
            raise OutOfDomain(
                f"{formula.lhs}, the left side of {name}, does not occur in {right}"
            )
        why = rf"Insert ${formula.latex()}$ (\texttt{{{name.replace('_', chr(92) + '_')}}})"
        return self.step(Eq(left, changed, evaluate=False), f"{why}.", numbers)

    def differentiate(self, of: Any, x: Any) -> JudgedStatement:
        """Take the derivative of both sides along a letter, through the constant C."""
        left, right, numbers = self._equation(of)
        x = letter(x, "x")
        found = total_derivative(right, x).expression
        why = f"Take the derivative in ${latex(x)}$; $C$ follows the implicit equation."
        return self.step(Eq(slope(left, x), found, evaluate=False), why, numbers)

    def expand(self, of: Any, x: Any, point: Any, order: int = 0) -> Any:
        """The limit of a formula or of a step's right side; with an order, the next term.

        ``order=1`` states the slope at the limit: that of what is left, over n, N − n,
        1/(n − N), δ or 1/δ. For δ → 0 assume ``n > N`` or ``Eq(n, N)`` first, where n
        is not below N.
        """
        left, right, numbers = self._equation(of)
        given = Premises.of(self.assumptions.values()).regime
        x = letter(x, "x")
        end = modes if point == "N" else point
        e = left if numbers else right
        first = limit_of(right, x, point, given=given).expression
        if order:
            series = limit_of(right, x, point, order=order, given=given).expression
            partial = limit_of(right, x, point, order=order - 1, given=given).expression
            small = _small(x, point) ** order
            e, first = (e - partial) / small, (series - partial) / small
            first = first.expand().simplify() if not first.has(Sum) else first.cancel()
        why = rf"Expand for ${latex(x)}\to{latex(end)}$: sums become moments."
        return self.step(Eq(Limit(e, x, end), first, evaluate=False), why, numbers)

    def sum_by_levels(self, of: Any) -> JudgedStatement:
        """Write sums over modes as sums over levels, each counted g times."""
        left, right, numbers = self._equation(of)
        why = r"A level $i$ has $g_i$ modes of one eigenvalue."
        return self.step(Eq(left, over_levels(right), evaluate=False), why, numbers)

    def simplify(self, of: Any) -> JudgedStatement:
        """The shortest form found of a step's right side."""
        left, right, numbers = self._equation(of)
        found = simplify_levels(right).expression
        return self.step(Eq(left, found, evaluate=False), "Collect terms.", numbers)

    def sherman_morrison(self) -> JudgedStatement:
        """Putting a mode back changes the resolvent by a matrix of rank one."""
        seen: Any = scalar(phi.T * Rest * phi)
        change = lam[i] / (1 + lam[i] * seen) * Rest * phi * phi.T * Rest
        statement = Eq(R, Rest - change, evaluate=False)
        return self.step(
            statement, r"Sherman--Morrison, for $K_D=K_{-i}+\lambda_i\phi\phi^\top$."
        )

    def trace_is_cyclic(self, first: Any, second: Any) -> JudgedStatement:
        """The trace of AB is that of BA, for matrices of a data set."""
        statement = Eq(Trace(first * second), Trace(second * first), evaluate=False)
        return self.step(statement, "The trace is cyclic.")

    def orthogonality(self) -> JudgedStatement:
        """The columns of another orthonormal basis are orthonormal."""
        statement = Eq(Rotation.T * Rotation, Identity(modes), evaluate=False)
        return self.step(statement, "Both bases are orthonormal.")

    def average_over_signs(self, matrix: Any = A) -> JudgedStatement:
        """The mean of sᵀAs over all vectors s of signs is the trace of A."""
        mean: Any = sign_mean(scalar(signs.T * matrix * signs))
        statement = Eq(mean, Trace(matrix), evaluate=False)
        return self.step(
            statement, "Cross terms $s_as_b$ vanish in the mean over signs."
        )

    def inverse_of_sum(self) -> JudgedStatement:
        """What is not fitted on the data is the ridge times the resolvent."""
        statement = Eq(Identity(samples) - K * R, ridge * R, evaluate=False)
        return self.step(statement, r"$K_DR=I-\delta R$.")


def _small(x: Any, point: Any) -> Any:
    if point == oo:
        return 1 / (n - modes) if x == n else 1 / x
    return modes - n if x == n and point in ("N", modes) else x
