"""From a few exact eigenvalues to a formula: a guess, until a rule or a move proves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sympy import (
    Expr,
    Integer,
    Matrix,
    Mul,
    Symbol,
    cancel,
    factor,
    factor_list,
    gamma,
    sympify,
)
from sympy.polys.matrices import DomainMatrix

from theory.domains import Domain
from theory.eigenvalues.algebra.gamma_quotients import ratio
from theory.errors import OutOfDomain, Unsupported
from theory.kernels import Kernel
from theory.notation import k as symbol_k
from theory.printing import latex

HELD_OUT = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """A hypergeometric term through given values; labelled a guess, never a theorem.

    Attributes
    ----------
    ratio
        Value at k + step over value at k, a rational function of k.
    term
        A closed form with that ratio, through the first value; None where the ratio
        does not split into linear factors.
    step
        The distance of the levels.
    used, confirmed
        How many values fixed the ratio, and how many more agreed with it.
    """

    ratio: Expr
    term: Expr | None
    step: int
    used: int
    confirmed: int

    start: int = 0

    @property
    def level(self) -> Expr:
        """The levels that the values were for, in a symbol m = 0, 1, 2, …."""
        return self.start + self.step * Symbol("m", integer=True, nonnegative=True)

    def check(self, domain: Domain, kernel: Kernel):
        """Try to prove the term as the eigenvalue of a kernel; see ``check_formula``."""
        from theory.eigenvalues.checks.definition import check_formula

        if self.term is None:
            raise OutOfDomain("the ratio has no closed term to check")
        form = self.term.subs(symbol_k, self.level)
        return check_formula(domain, kernel, form, level=self.level)

    def latex(self) -> str:
        """The ratio, and the term where there is one, in LaTeX."""
        ratio = (
            rf"\frac{{\lambda_{{k+{self.step}}}}}{{\lambda_k}} = {latex(self.ratio)}"
        )
        return ratio if self.term is None else rf"{ratio},\quad {latex(self.term)}"

    def __str__(self) -> str:
        return (
            f"guess: {self.term if self.term is not None else self.ratio} "
            f"({self.used} values used, {self.confirmed} more agree; not proved)"
        )


def _rational(xs: Sequence[Expr], ys: Sequence[Expr], degree: int) -> Expr | None:
    """The quotient of polynomials of a degree through the points, if it is unique."""
    rows = [
        [x**j for j in range(degree + 1)] + [-y * x**j for j in range(degree + 1)]
        for x, y in zip(xs, ys, strict=True)
    ]
    kernel = DomainMatrix.from_Matrix(Matrix(rows)).to_field().nullspace().to_Matrix()
    if kernel.rows != 1:
        return None
    numerator = sum(kernel[0, j] * symbol_k**j for j in range(degree + 1))
    denominator = sum(
        kernel[0, degree + 1 + j] * symbol_k**j for j in range(degree + 1)
    )
    return None if denominator == 0 else factor(cancel(numerator / denominator))


def _term(quotient: Expr, step: int) -> Expr | None:
    """A term with that ratio of neighbours: Γ's for linear factors, P for P(k+step)/P."""
    numerator, denominator = quotient.as_numer_denom()
    above, below = factor_list(numerator, symbol_k), factor_list(denominator, symbol_k)
    result = Mul((above[0] / below[0]) ** (symbol_k / step))
    curved = [f for f, times in above[1] for _ in range(times) if _slope(f) is None]
    for sign, factors in ((1, above[1]), (-1, below[1])):
        for f, times in factors:
            slope = _slope(f)
            if slope is not None:
                at = (symbol_k + f.subs(symbol_k, 0) / slope) / step
                part = (slope * step) ** (symbol_k / step) * gamma(at)
                result *= part ** (sign * times)
            elif sign < 0:
                shifted = f.subs(symbol_k, symbol_k + step)
                match = next(
                    (g for g in curved if not cancel(g / shifted).has(symbol_k)), None
                )
                if match is None:
                    return None
                curved.remove(match)
                result *= f**times
    return None if curved else result


def _slope(f: Expr) -> Expr | None:
    slope = f.diff(symbol_k)
    return None if slope.has(symbol_k) else slope


def guess(values: Sequence[Any], *, start: int = 0, step: int = 1) -> Guess | None:
    """A hypergeometric term through exact values, or None where there is none.

    Parameters
    ----------
    values
        Exact eigenvalues at levels start, start + step, …, none of them zero; they may
        hold symbols, such as d, as long as quotients are rational in them.
    start, step
        The first level and the distance; step 2 where parities differ.

    Returns
    -------
    Guess or None
        Of the lowest degree that fits all values, two of them at least held out.

    Raises
    ------
    OutOfDomain
        With fewer than five values, or a zero among them.

    Examples
    --------
    >>> from theory.eigenvalues.sphere.monomial import levels_of
    >>> exact = [levels_of(Integer(j), Integer(3))(Integer(j)) for j in range(8)]
    >>> found = guess(exact)
    >>> found.ratio, found.confirmed
    ((k + 1)/(2*k + 3), 4)
    """
    exact = [sympify(value) for value in values]
    if len(exact) < 5 or any(value.is_zero for value in exact):
        raise OutOfDomain("guess takes at least five exact values, none of them zero")
    xs = [Integer(start + step * j) for j in range(len(exact) - 1)]
    ys = [ratio(after, here) for here, after in pairwise(exact)]
    if any(y.atoms(gamma) for y in ys):
        return None
    for degree in range((len(xs) - HELD_OUT) // 2 + 1):
        needed = 2 * degree + 1
        if needed + HELD_OUT > len(xs):
            break
        quotient = _rational(xs[:needed], ys[:needed], degree)
        if quotient is None:
            continue
        rest = range(needed, len(xs))
        if all(cancel(quotient.subs(symbol_k, xs[j]) - ys[j]) == 0 for j in rest):
            return _dressed(quotient, exact[0], xs[0], step, needed + 1, len(rest))
    return None


def _dressed(
    quotient: Expr, first: Expr, at: Expr, step: int, used: int, confirmed: int
) -> Guess:
    shape = _term(quotient, step)
    term = None if shape is None else first / shape.subs(symbol_k, at) * shape
    return Guess(quotient, term, step, used, confirmed, int(at))


def guess_eigenvalue(
    domain: Domain, kernel: Kernel, *, start: int = 0, step: int = 1, count: int = 16
) -> Guess | None:
    """A hypergeometric term through a kernel's own exact eigenvalues, or None.

    Exact values come from closed forms, and where there is none for a symbol, from exact
    sums and integrals at one level and dimension; ``.check(domain, kernel)`` then tries
    to prove the guess.

    Parameters
    ----------
    domain, kernel
        Whose eigenvalues; the dimension may be a symbol where a rule knows it.
    start, step, count
        The levels start, start + step, …; step 2 where one parity vanishes.

    Raises
    ------
    Unsupported
        When a value is not known exactly.
    OutOfDomain
        When a value is 0, with the level at which it is.

    Examples
    --------
    >>> from theory import kernels
    >>> from theory.domains import Hypersphere
    >>> found = guess_eigenvalue(Hypersphere(3), kernels.ntk("relu"), start=2, step=2)
    >>> found.term
    (k**2 + k + 4)*gamma(k/2 - 1/2)**2/(32*pi*gamma(k/2 + 2)**2)
    >>> found.check(Hypersphere(3), kernels.ntk("relu")).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """
    from theory.eigenvalues.lookup import find
    from theory.eigenvalues.question import understood

    domain, kernel = understood(domain, kernel)
    values = []
    last = sympify(domain.last_level)
    levels = range(start, start + step * count, step)
    for level in (n for n in levels if not (last.is_Integer and n > last)):
        e = find(domain, kernel, level)
        if e.rule is None:
            raise Unsupported(f"λ_{level} of {kernel} on {domain} is not known exactly")
        if e.expression.is_zero:
            raise OutOfDomain(
                f"λ_{level} of {kernel} is 0; choose start and step to avoid zeros"
            )
        values.append(e.expression)
    return guess(values, start=start, step=step)


__all__ = ["Guess", "guess", "guess_eigenvalue"]
