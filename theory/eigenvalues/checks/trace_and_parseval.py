"""Trace and Parseval: what all eigenvalues of a kernel together must satisfy."""

from dataclasses import dataclass

import mpmath
from sympy import (
    Eq,
    Expr,
    Function,
    Sum,
    expand,
    symbols,
    sympify,
)

from theory.chain import Chain
from theory.domains import Domain
from theory.eigenvalues.checks import quadrature
from theory.eigenvalues.checks.definition import Checked
from theory.eigenvalues.lookup import find
from theory.eigenvalues.question import K, function_of_t
from theory.kernels import Kernel
from theory.notation import k, t
from theory.printing import latex
from theory.verdict import Verdict

lam = Function("lambda")
MAX_LEVELS = 200


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum over all levels and its value; it can be checked level by level.

    Attributes
    ----------
    name
        ``trace`` or ``parseval``.
    domain, kernel
        For which it is stated.
    lhs, rhs
        Σ g_k λ_k or Σ g_k λ_k², and K(1) or the mean of K².
    """

    name: str
    domain: Domain
    kernel: Kernel
    lhs: Expr
    rhs: Expr

    @property
    def equation(self) -> Eq:
        """Both sides as one relation."""
        return Eq(self.lhs, self.rhs, evaluate=False)

    def _right(self, written: Expr | Chain):
        if self.name == "trace":
            return quadrature.value(self.rhs)
        return quadrature.integral(self.domain, _squared(written), 0)

    def latex(self) -> str:
        """The equation in LaTeX."""
        return f"{latex(self.lhs)} = {latex(self.rhs)}"

    def check(self, *, levels: int = 30) -> Checked:
        """Add up the levels: all of them where they are finite, else from below.

        An infinite sum of a positive semi-definite kernel must stay below the right
        side; how near it comes is said, and is no proof.
        """
        top = sympify(self.domain.last_level)
        finite = bool(top.is_Integer) and int(top) <= MAX_LEVELS
        last = int(top) if finite else levels
        power = 1 if self.name == "trace" else 2
        with mpmath.workdps(quadrature.DIGITS):
            total = mpmath.mpf(0)
            written = function_of_t(self.domain, self.kernel)
            for level in range(last + 1):
                e = find(self.domain, self.kernel, level)
                value = (
                    quadrature.value(e.expression)
                    if e.rule is not None
                    else quadrature.integral(self.domain, written, level)
                )
                total += int(self.domain.multiplicity(level)) * value**power
            right = self._right(written)
            gap = (right - total) / right
        how = f"levels 0 to {last}: the sum misses {mpmath.nstr(gap, 3)} of the right"
        if finite:
            close = abs(gap) < mpmath.mpf(10) ** -20
            return Checked(Verdict.CONFIRMED if close else Verdict.REFUTED, how)
        if abs(gap) < mpmath.mpf(10) ** -15:
            return Checked(Verdict.CONFIRMED, how)
        refuted = gap < 0 and self.kernel.positive_definite
        return Checked(Verdict.REFUTED if refuted else Verdict.INCONCLUSIVE, how)


def _squared(written: Expr | Chain) -> Expr | Chain:
    if isinstance(written, Chain):
        return Chain(written.bindings, written.result**2)
    return written**2


def _sum(domain: Domain, power: int) -> Expr:
    g = domain.multiplicity(k)
    if g.subs(k, 0) != domain.multiplicity(0):  # no one expression for all levels
        g = symbols("g", cls=Function)(k)
    return Sum(g * lam(k) ** power, (k, 0, domain.last_level))


def trace(domain: Domain, kernel: Kernel) -> Identity:
    """Σ g_k λ_k = K(1).

    Examples
    --------
    >>> from theory import Hypercube, kernels
    >>> identity = trace(Hypercube(4), kernels.exponential(1))
    >>> identity.rhs, identity.check().verdict
    (E, <Verdict.CONFIRMED: 'confirmed'>)
    """
    written = function_of_t(domain, kernel)
    right = written.subs({t: 1})
    right = right.expand() if isinstance(right, Chain) else right
    return Identity("trace", domain, kernel, _sum(domain, 1), right)


def parseval(domain: Domain, kernel: Kernel) -> Identity:
    """Σ g_k λ_k² is the mean of K² over the domain.

    Examples
    --------
    >>> from theory import Hypercube, kernels
    >>> parseval(Hypercube(3), kernels.polynomial(2)).check().verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """
    written = function_of_t(domain, kernel)
    square = K(t) ** 2 if isinstance(written, Chain) else expand(written**2)
    right = domain.definition(lambda at: square.subs(t, at), 0)
    return Identity("parseval", domain, kernel, _sum(domain, 2), right)
