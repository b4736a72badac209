"""Shorter forms of expressions in level sums, with n, E₀ and B brought back.

With L + U = 1 and λ = C L/U every summand is a rational function of L alone. Sums of
powers of L are independent, and two of them are known: Σ gL = n − δ/C and
Σ gL² = n − n/E₀, as is Σ v²U² = B. Of all the forms the shortest is taken.
"""

from typing import Any

from sympy import (
    Add,
    Dummy,
    Eq,
    Indexed,
    Integer,
    Mul,
    Poly,
    Sum,
    Symbol,
    cancel,
    expand,
    factor,
    factor_terms,
    together,
)
from sympy.polys.polyerrors import PolynomialError

from theory import notation
from theory.constant.learnability import learnability, unlearned
from theory.derivations.workbench.judging import FAILURES, agreeing_points, judged
from theory.derivations.workbench.letters import read
from theory.derivations.workbench.result import LevelExpression
from theory.notation import C, levels, n, ridge
from theory.notation import bias as B
from theory.notation import overfitting as E0

lam: Any = notation.lam
g: Any = notation.g
power: Any = notation.power
x = Dummy("L", positive=True)
weights = {g: Dummy("g", positive=True), power: Dummy("v2", positive=True)}
CANDIDATES = 6
MOST_PROVED = 150
"""Operations up to which the new form is proved equal by partial fractions too."""


def simplify_levels(expr: Any) -> LevelExpression:
    """The shortest form of an expression in sums over levels, proved equal to it.

    Parameters
    ----------
    expr
        A formula, its name, or an expression in the letters of ``notation``.

    Returns
    -------
    LevelExpression
        Its ``proof()`` says by which means the new form was found equal to the old one.
        The expression comes back unchanged where no shorter form is proved.

    Examples
    --------
    >>> from sympy import factor
    >>> from theory.constant import L, U, total
    >>> from theory.notation import g, i
    >>> print(simplify_levels(total(g[i] * L * U) + notation.ridge / C))
    n/E₀
    >>> square = simplify_levels(total(g[i] * L) - total(g[i] * L * U))
    >>> factor(square.expression)
    n*(E_0 - 1)/E_0
    """
    e = read(expr)
    best, how = e, "nothing shorter was found"
    for form in sorted(_forms(e), key=_size)[:CANDIDATES]:
        if _size(form) >= _size(best):
            break
        found = _shown_equal(e, form)
        if found:
            best, how = form, found
            break
    return LevelExpression(best, steps=(f"equal to what was given: {how}",))


def _shown_equal(a: Any, b: Any) -> str:
    """How two forms are found equal, or nothing; long ones at exact points alone."""
    if a.count_ops() > MOST_PROVED:
        tried = agreeing_points(a, b)
        return f"at {tried} exact points, as L + U = 1 says" if tried else ""
    found = judged(Eq(a, b, evaluate=False))
    return found.how if found else ""


def _size(e: Any) -> int:
    """How long an expression is in print; a sum counts as more than a letter."""
    return int(e.count_ops()) + 6 * len(e.atoms(Sum)) + 2 * _sums_printed(e)


def _sums_printed(e: Any) -> int:
    return int(e.count(Sum))


def _forms(e: Any) -> set[Any]:
    found, seen = set(), set()
    for target_by_error in (True, False):
        for known in (True, False):
            try:
                brought, back = _brought(e, known, target_by_error)
                if brought.xreplace(back) in seen:
                    continue
                seen.add(brought.xreplace(back))
                rational = cancel(together(brought))
                for form in (
                    rational,
                    factor(rational),
                    factor_terms(expand(rational)),
                ):
                    found.add(_restored(form, back))
            except (*FAILURES, PolynomialError):
                continue
    return found


def _brought(e: Any, known: bool, by_error: bool) -> tuple[Any, dict[Any, Any]]:
    """Sums as letters of their own; ``by_error``: Σ v²U^k rather than Σ v²L^k."""
    back: dict[Any, Any] = {}

    def named(s: Any) -> Any:
        for letter, meaning in back.items():
            if meaning == s:
                return letter
        letter = Symbol(f"Sum_{len(back)}", positive=True)
        back[letter] = s
        return letter

    def term(coefficient: Any, weight: Any, k: int, in_error: bool, limits: Any) -> Any:
        index = limits[0][0]
        whole = tuple(limits[0][1:]) == (1, levels)
        body = unlearned(lam[index], C) if in_error else learnability(lam[index], C)
        own = weight.xreplace({letter: b[index] for b, letter in weights.items()})
        if known and whole and not in_error and weight == weights[g] and k == 1:
            return coefficient * (n - ridge / C)
        if known and whole and not in_error and weight == weights[g] and k == 2:
            return coefficient * (n - n / E0)
        if known and whole and in_error and weight == weights[power] and k == 2:
            return coefficient * B
        return coefficient * named(Sum(own * body**k, *limits))

    def of_sum(s: Any) -> Any:
        index = s.limits[0][0]
        own = {base[index]: letter for base, letter in weights.items()}
        body = s.function.xreplace(own)
        if not body.has(C):
            return named(Sum(factor(s.function), *s.limits))
        body = _in_x(body, index)
        if body.has(Indexed):
            return named(s)
        total: Any = Integer(0)
        for powers, coefficient in Poly(expand(body), *weights.values()).terms():
            weight = Mul(*(w**p for w, p in zip(weights.values(), powers, strict=True)))
            in_error = by_error and bool(powers[1])
            rational = cancel(together(coefficient))
            if in_error:
                rational = cancel(together(rational.xreplace({x: 1 - x})))
            if not rational.is_polynomial(x):
                return named(s)
            for (k,), factor_ in Poly(expand(rational), x).terms():
                total += term(factor_, weight, k, in_error, s.limits)
        return total

    sums = {s: of_sum(s) for s in e.atoms(Sum)}
    return e.xreplace(sums), back


def _in_x(body: Any, index: Any) -> Any:
    body = body.replace(
        lambda a: isinstance(a, learnability | unlearned) and a.args == (lam[index], C),
        lambda a: x if isinstance(a, learnability) else 1 - x,
    )
    return body.xreplace({lam[index]: C * x / (1 - x)})


def _restored(e: Any, back: dict[Any, Any]) -> Any:
    """Letters become sums again; sums that stand in one sum are joined."""
    e = e.replace(
        lambda a: a.is_Add and bool(a.free_symbols & set(back)), _joined(back)
    )
    return e.xreplace(back)


def _joined(back: dict[Any, Any]) -> Any:
    def join(a: Any) -> Any:
        groups: dict[Any, Any] = {}
        rest = []
        for t in a.args:
            own = list(t.free_symbols & set(back))
            factor_ = t / own[0] if len(own) == 1 else None
            if factor_ is None or factor_.has(*back):
                rest.append(t)
                continue
            s = back[own[0]]
            number, others = factor_.as_coeff_Mul()
            key = (others, s.limits)
            groups[key] = groups.get(key, Integer(0)) + number * s.function
        for (others, limits), summand in groups.items():
            number, body = _in_both(summand, limits[0][0]).as_coeff_Mul()
            rest.append(number * others * Sum(body, *limits))
        return Add(*rest)

    return join


def _in_both(summand: Any, index: Any) -> Any:
    """The summand g L − g L² as g L U."""
    whole = factor(_in_x(summand, index))
    L, U = learnability(lam[index], C), unlearned(lam[index], C)
    numerator = whole.xreplace({x - 1: -U, 1 - x: U})
    return numerator.xreplace({x: L})
