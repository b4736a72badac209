"""Kernels of the user with kinks: Abs, sign, Max and Min are split where they switch.

Where the arguments are polynomials in t with rational coefficients, the cosines at which
such a function switches are roots of polynomials, and between two neighbors among them it
is one of its branches. What is left on each piece is smooth; other arguments are refused
by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import sympy
from flint import arb, fmpq, fmpq_poly, fmpz_poly
from sympy import Expr, Poly, PolynomialError

from numerics.interpreters.balls import rational
from numerics.numbers.precision import working_precision
from theory.errors import NotEvaluable
from theory.notation import t

KINKED = (sympy.Abs, sympy.sign, sympy.Max, sympy.Min)
LOCATE_BITS = 128


@dataclass(frozen=True, slots=True)
class Switch:
    """A root in (−1, 1) of a squarefree polynomial: a cosine where a kernel switches."""

    polynomial: tuple[int, ...]
    index: int

    def cosine(self) -> arb:
        """The root as a ball, at the working precision."""
        return _real_roots(fmpz_poly(list(self.polynomial)))[self.index]


@dataclass(frozen=True, slots=True)
class Piece:
    """One branch of a kernel between two cosines; None stands for an end, −1 or 1."""

    below: Switch | None
    above: Switch | None
    expression: Expr


def has_kinks(e: Expr) -> bool:
    """Whether the expression holds a function that switches.

    Examples
    --------
    >>> has_kinks(sympy.Abs(t)), has_kinks(sympy.sqrt(1 - t))
    (True, False)
    """
    return e.has(*KINKED)


def pieces(e: Expr) -> list[Piece]:
    """The smooth pieces of an expression in t, from t = −1 to t = 1.

    Raises
    ------
    NotEvaluable
        When a function switches where no polynomial with rational coefficients says.

    Examples
    --------
    >>> [piece.expression for piece in pieces(sympy.Max(t, t**2 - 1))]
    [t**2 - 1, t]
    """
    product = fmpz_poly([1])
    while True:
        wanted: list[fmpz_poly] = []
        found = []
        for below, above, inside in _intervals(product):
            branch = _branch(e, inside, product, wanted)
            found.append(Piece(below, above, branch))
        if not wanted:
            return _merged(found)
        for polynomial in wanted:
            product = _squarefree(product * polynomial)


def _merged(found: list[Piece]) -> list[Piece]:
    """Neighbors with one expression are one piece."""
    result = found[:1]
    for piece in found[1:]:
        if piece.expression == result[-1].expression:
            result[-1] = Piece(result[-1].below, piece.above, piece.expression)
        else:
            result.append(piece)
    return result


def _intervals(
    product: fmpz_poly,
) -> Iterator[tuple[Switch | None, Switch | None, fmpq]]:
    """Neighboring switches, and a rational cosine strictly between them."""
    coefficients = tuple(int(c) for c in product.coeffs())
    with working_precision(LOCATE_BITS):
        roots = _real_roots(product)
        places = [(arb(-1), None)]
        places += [(x, Switch(coefficients, i)) for i, x in enumerate(roots)]
        places += [(arb(1), None)]
        for (low, below), (high, above) in pairwise(places):
            middle = ((low + high) / 2).mid()
            assert low < middle < high
            mantissa, power = middle.man_exp()
            inside = (
                fmpq(mantissa, 1 << -power) if power < 0 else fmpq(mantissa << power)
            )
            yield below, above, inside


def _real_roots(polynomial: fmpz_poly) -> list[arb]:
    """Roots in (−1, 1) of a squarefree polynomial that has none at −1 and 1, rising.

    FLINT isolates all complex roots and returns real ones as exactly real.
    """
    if polynomial.degree() < 1:
        return []
    pairs: Any = polynomial.complex_roots()
    roots = [x.real for x, _ in pairs if x.imag.is_zero()]
    return sorted((x for x in roots if x > -1 and x < 1), key=lambda x: float(x.mid()))


def _branch(e: Expr, inside: fmpq, product: fmpz_poly, wanted: list[fmpz_poly]) -> Expr:
    """The branch of e on the interval around ``inside``; asks for what it cannot decide."""
    if not has_kinks(e):
        return e
    arguments = [_branch(x, inside, product, wanted) for x in e.args]
    if any(has_kinks(x) for x in arguments) or not isinstance(e, KINKED):
        return e.func(*arguments)
    if isinstance(e, (sympy.Abs, sympy.sign)):
        (x,) = arguments
        side = _side(e, x, inside, product, wanted)
        if side is None:
            return e.func(x, evaluate=False)
        return side * x if isinstance(e, sympy.Abs) else sympy.Integer(side)
    best = arguments[0]
    undecided = False
    for a, b in combinations(arguments, 2):
        undecided |= _side(e, a - b, inside, product, wanted) is None
    if undecided:
        return e.func(*arguments, evaluate=False)
    for x in arguments[1:]:
        side = _side(e, x - best, inside, product, wanted) or 0
        best = x if (side > 0) == isinstance(e, sympy.Max) else best
    return best


def _side(
    e: Expr, x: Expr, inside: fmpq, product: fmpz_poly, wanted: list[fmpz_poly]
) -> int | None:
    """The sign of x on the interval; None where its roots are no ends of intervals yet."""
    try:
        coefficients = Poly(x, t).all_coeffs()[::-1]
    except PolynomialError:
        coefficients = []
    if not coefficients or not all(c.is_Rational for c in coefficients):
        raise NotEvaluable(
            f"{e.func.__name__} in a kernel: where {x} changes its sign is found only "
            "for polynomials in t with rational coefficients"
        )
    polynomial = fmpq_poly([rational(c) for c in coefficients])
    whole = _squarefree(polynomial.numer())
    if whole.degree() >= 1 and _squarefree(product * whole) != product:
        wanted.append(whole)
        return None
    value = polynomial(inside)
    return (value > 0) - (value < 0)


def _squarefree(polynomial: fmpz_poly) -> fmpz_poly:
    """The squarefree part with its roots at −1 and 1 taken out, primitive."""
    if polynomial.degree() < 1:
        return fmpz_poly([1])
    result = fmpz_poly([1])
    for factor, _ in polynomial.factor()[1]:
        if factor not in (fmpz_poly([1, 1]), fmpz_poly([-1, 1]), fmpz_poly([1, -1])):
            result *= factor if factor[factor.degree()] > 0 else -factor
    return result
