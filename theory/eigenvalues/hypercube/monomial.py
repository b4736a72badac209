"""Monomials on the hypercube: t^p is p uniform letters, each flipping one bit."""

from functools import lru_cache

from sympy import (
    Eq,
    Expr,
    Function,
    Integer,
    Piecewise,
    Poly,
    Rational,
    Symbol,
    cancel,
    factor,
    sympify,
    true,
)

from theory.domains.krawtchouk import Krawtchouk
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.notation import d, k, t
from theory.source import OURS

MAX_DEGREE = 60
MAX_NUMERIC_DEGREE = 1000


@lru_cache(maxsize=256)
def table(p: int, d: Expr) -> tuple[Expr, ...]:
    """λ_0, …, λ_p of t^p, by p shifts of the constant.

    With λ_k = N_k/d^p the shift N_k ← k N_{k−1} + (d − k) N_{k+1} stays in polynomials.

    Examples
    --------
    >>> table(3, Integer(7))
    (0, 19/343, 0, 6/343)
    """
    if d.is_Integer:
        return _numeric_table(p, int(d))
    x = d if d.is_Symbol else Symbol("x")
    size = Poly(x, x)
    zero = Poly(0, x)
    row = [Poly(1, x)]
    for _ in range(p):
        padded = [zero, *row, zero, zero]
        row = [j * padded[j] + (size - j) * padded[j + 2] for j in range(len(row) + 1)]
    values = [row[j].as_expr().subs(x, d) / d**p for j in range(p + 1)]
    return tuple(factor(cancel(e)) for e in values)


def _numeric_table(p: int, d: int) -> tuple[Expr, ...]:
    """The same in whole numbers, for a whole number d; nothing above level d.

    For p > d the sum over the d + 1 distances is shorter than p shifts.
    """
    top = min(p, d)
    if p > d:
        zero = [Integer(0)] * (p - d)
        return tuple([_by_distance(p, k, d) for k in range(d + 1)] + zero)
    row = [1]
    for _ in range(p):
        padded = [0, *row, 0, 0]
        size = min(len(row), top) + 1
        row = [j * padded[j] + (d - j) * padded[j + 2] for j in range(size)]
    scale = d**p
    return tuple([Rational(value, scale) for value in row] + [Integer(0)] * (p - top))


def _by_distance(p: int, k: int, d: int) -> Expr:
    """2^{−d} Σ_m K_m(k) (1 − 2m/d)^p in whole numbers.

    Examples
    --------
    >>> _by_distance(5, 3, 4), levels_of(5, Integer(4))(Integer(3))
    (15/128, 15/128)
    """
    size = Integer(d)
    total = sum(
        int(Krawtchouk(Integer(m), Integer(k), size)) * (d - 2 * m) ** p
        for m in range(d + 1)
    )
    return Rational(total, 2**d * d**p)


def levels_of(p: int, d: Expr) -> Levels:
    """λ_k of t^p on {±1}^d: rational in d, and 0 unless k ≤ p and p − k is even.

    Examples
    --------
    >>> levels_of(4, d)(Integer(2))
    4*(3*d - 4)/d**4
    """

    def levels(k: Expr) -> Expr:
        k = sympify(k)
        values = table(p, d)
        if k.is_Integer:
            return values[int(k)] if 0 <= k <= p else Integer(0)
        last = min(p, int(d)) if d.is_Integer else p
        cases = [(values[j], Eq(k, j)) for j in range(p % 2, last + 1, 2)]
        return Piecewise(*cases, (0, true))

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    base, exponent = e.as_base_exp()
    if e == 1:
        return levels_of(0, d)
    if base != t or not (exponent.is_Integer and exponent > 0):
        return f"{e} is not a power of t"
    if exponent > MAX_DEGREE and not d.is_Integer:
        return f"degree {exponent} with symbolic d is left out above {MAX_DEGREE}"
    if exponent > MAX_NUMERIC_DEGREE:
        return f"degree {exponent} is left out above {MAX_NUMERIC_DEGREE}"
    return levels_of(int(exponent), d)


def _prove() -> Proof:
    chi, flipped = Function("chi"), Function("chi_flipped")
    steps = [
        ProofStep(
            "t χ_S averaged: of the d bits, k shorten the parity and d − k lengthen it",
            (k * chi(k - 1) + (d - k) * flipped(k + 1)) / d,
            k / d * chi(k - 1) + (d - k) / d * flipped(k + 1),
            "rational arithmetic",
        )
    ]
    for p in range(1, 5):
        values = table(p, d)
        from sympy import binomial

        trace = sum(binomial(d, j).expand(func=True) * v for j, v in enumerate(values))
        steps.append(
            ProofStep(
                f"trace: Σ C(d, k) λ_k[t^{p}] = 1 for every d",
                trace,
                Integer(1),
                "rational arithmetic",
            )
        )
    return Proof(
        "hypercube_monomial",
        "the t-shift λ_k[t K] = (k λ_{k−1} + (d−k) λ_{k+1})/d, applied p times to the "
        "constant, with the trace as an independent check",
        tuple(steps),
    )


RULE = Rule(
    name="hypercube_monomial",
    says="t^p has λ_k = p!/d^p [z^p] sinh^k z cosh^{d−k} z, rational in d",
    source=OURS,
    conditions="p = 0, 1, 2, …",
    match=_match,
    prove=_prove,
)
