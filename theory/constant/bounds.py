"""Bounds on C that need no root: traces, means, single eigenvalues, symmetric sums.

Modes are counted one by one here, in falling order of eigenvalue.
"""

from typing import Any

from sympy import Function, Rational, Sum, Symbol

from theory import notation
from theory.constant.definition import trace_bound
from theory.formula import formulas
from theory.notation import C, i, modes, n, ridge
from theory.source import OURS

lam: Any = notation.lam
p = Symbol("p", integer=True, nonnegative=True)
m = Symbol("m", integer=True, positive=True)


class Elementary(Function):
    """e_k(λ), the elementary symmetric polynomial of all N eigenvalues.

    Examples
    --------
    >>> Elementary(0), Elementary.over([(2, 2), (3, 1)], 2)
    (1, 16)
    """

    nargs = 1

    @classmethod
    def eval(cls, *args: Any) -> Any:
        """e_0 = 1."""
        (k,) = args
        return Rational(1) if k.is_zero else None

    @staticmethod
    def over(levels, k: int):
        """e_k of levels (λ, g), by multiplying out Π(1 + λ x)."""
        coefficients = [Rational(1)] + [Rational(0)] * k
        for value, many in levels:
            for _ in range(int(many)):
                for j in range(k, 0, -1):
                    coefficients[j] += value * coefficients[j - 1]
        return coefficients[k]

    def _eval_is_positive(self):
        return True

    def _latex(self, printer, exp=None):
        body = f"e_{{{printer._print(self.args[0])}}}"
        return body if exp is None else f"{body}^{{{exp}}}"


elementary: Any = Elementary

partial_trace_bound = formulas.declare(
    name="partial_trace_bound",
    says="Take the p largest eigenvalues as infinite: C is at most the rest, shared.",
    lhs=C,
    rhs=(Sum(lam[i], (i, p + 1, modes)) + ridge) / (n - p),
    relation="<=",
    status="exact",
    source=OURS,
    given="C is the constant, λ falls, p < n whole; p = 0 is the trace bound",
)
ridge_bound = formulas.declare(
    name="ridge_bound",
    says="Without any modes C would be the ridge, shared among n points.",
    lhs=C,
    rhs=ridge / n,
    relation=">=",
    status="exact",
    source=OURS,
    given="C is the constant",
)
single_eigenvalue_bound = formulas.declare(
    name="single_eigenvalue_bound",
    says="Lower the m largest eigenvalues to the m-th and drop the rest.",
    lhs=C,
    rhs=lam[m] * (m - n) / n,
    relation=">=",
    status="exact",
    source=OURS,
    given="C is the constant, λ falls, m > n",
)
arithmetic_mean_bound = formulas.declare(
    name="arithmetic_mean_bound",
    says="Without ridge C is at most that of a white spectrum with the same trace.",
    lhs=C,
    rhs=Sum(lam[i], (i, 1, modes)) / modes * (modes - n) / n,
    relation="<=",
    status="exact",
    source=OURS,
    given="C is the constant, ridge 0, N finite",
)
harmonic_mean_bound = formulas.declare(
    name="harmonic_mean_bound",
    says=(
        "Without ridge C is at least that of a white spectrum with the same inverse "
        "trace."
    ),
    lhs=C,
    rhs=modes / Sum(1 / lam[i], (i, 1, modes)) * (modes - n) / n,
    relation=">=",
    status="exact",
    source=OURS,
    given="C is the constant, ridge 0, N finite",
)
elementary_upper_bound = formulas.declare(
    name="elementary_upper_bound",
    says="C is at most the canonical ratio of symmetric sums below n.",
    lhs=C,
    rhs=elementary(n) / elementary(n - 1),
    relation="<=",
    status="exact",
    source=OURS,
    given="C is the constant, ridge 0, n a whole number",
)
elementary_lower_bound = formulas.declare(
    name="elementary_lower_bound",
    says="C is at least the canonical ratio of symmetric sums above n.",
    lhs=C,
    rhs=elementary(n + 1) / elementary(n),
    relation=">=",
    status="exact",
    source=OURS,
    given="C is the constant, ridge 0, n a whole number",
)

ALL = (
    trace_bound,
    partial_trace_bound,
    ridge_bound,
    single_eigenvalue_bound,
    arithmetic_mean_bound,
    harmonic_mean_bound,
    elementary_upper_bound,
    elementary_lower_bound,
)
