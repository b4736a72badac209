"""Sums over eigenlevels: their slopes, and a normal form that decides equality.

A summand is a polynomial in g_i and v_i² and a rational function of λ_i. Its partial
fractions in λ_i are unique, and for a general spectrum the sums Σ g_i/(λ_i + C)^p and
Σ g_i λ_i^p are independent. So two expressions in such sums are equal exactly when
their normal forms are.
"""

from typing import Any

from sympy import (
    Dummy,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Poly,
    Rational,
    Sum,
    Symbol,
    apart,
    cancel,
    expand,
    factor_terms,
    fraction,
    together,
)

from theory import notation
from theory.constant.learnability import learnability, unlearned
from theory.notation import i, levels

lam: Any = notation.lam
LAMBDA = Symbol("x", positive=True)
"""The eigenvalue inside a sum, in normal forms."""
WEIGHTS: tuple[Any, ...] = (notation.g, notation.power)


def total(summand: Any) -> Any:
    """A sum over all levels i = 1, …, ℓ.

    Examples
    --------
    >>> total(notation.g[i])
    Sum(g[i], (i, 1, ell))
    """
    return Sum(summand, (i, 1, levels))


def written(e: Any) -> Any:
    """The expression with learnabilities written out as λ/(λ + C).

    Examples
    --------
    >>> from theory.notation import C
    >>> written(learnability(lam[i], C))
    lambda[i]/(C + lambda[i])
    """
    return e.replace(lambda a: isinstance(a, learnability | unlearned), _definition)


def _definition(e: Any) -> Any:
    return e.definition


def normal_form(e: Any, memo: dict[Any, Symbol] | None = None) -> Any:
    """A rational function of independent sums, in lowest terms; 0 if e vanishes.

    Examples
    --------
    >>> from theory.notation import C
    >>> L, U = learnability(lam[i], C), unlearned(lam[i], C)
    >>> normal_form(total(L) - total(L**2) - total(L * U))
    0
    """
    memo = {} if memo is None else memo
    form = cancel(together(_without_sums(written(e), memo)))
    deltas = sorted(form.atoms(KroneckerDelta), key=str)
    return _by_cases(form, deltas[0]) if deltas else form


def independent_sums(e: Any) -> tuple[Any, Any, dict[Any, Any]]:
    """Numerator and denominator of the normal form, and the sum each letter stands for.

    Examples
    --------
    >>> above, below, sums = independent_sums(total(lam[i]) ** 2 / 2)
    >>> len(sums), below
    (1, 2)
    """
    memo: dict[Any, Symbol] = {}
    above, below = fraction(normal_form(e, memo))
    sums = {}
    for (powers, inside, low, high), letter in memo.items():
        own = Mul(*(base[i] ** p for base, p in zip(WEIGHTS, powers, strict=True)))
        sums[letter] = Sum(own * inside.xreplace({LAMBDA: lam[i]}), (i, low, high))
    return above, below, sums


def vanishes(e: Any) -> bool:
    """Whether an expression in level sums is zero for every spectrum.

    Examples
    --------
    >>> vanishes(total(lam[i] / (1 + lam[i])) + total(1 / (1 + lam[i])) - total(1))
    True
    """
    form = _without_sums(written(e), {})
    deltas = sorted(form.atoms(KroneckerDelta), key=str)
    cases = [form.subs(delta, 0) for delta in deltas] or [form]
    for delta in deltas:
        cases.append(form.subs(delta, 1).subs(*delta.args))
    return all(_is_zero(case) for case in cases)


def _is_zero(e: Any) -> bool:
    """Try a point first, where a false identity shows at once; then prove it."""
    letters = sorted(e.atoms(Symbol, Indexed), key=str)
    letters = [x for x in letters if not isinstance(x, Idx)]
    point = {x: Rational(7 * k + 3, 2 * k + 5) for k, x in enumerate(letters)}
    value = e.xreplace(point)
    if value.is_Rational and value != 0:
        return False
    return cancel(together(e)) == 0


def _by_cases(form: Any, delta: Any) -> Any:
    """A form with δ_ij is read for different and for equal indices."""
    apart_case = cancel(form.subs(delta, 0))
    a, b = delta.args
    equal_case = cancel(form.subs(delta, 1).subs(a, b))
    return apart_case + delta * (equal_case - apart_case.subs(a, b))


def _without_sums(e: Any, memo: dict[Any, Symbol]) -> Any:
    if isinstance(e, Sum) and e.has(KroneckerDelta):
        return _without_sums(_collapsed(e), memo)
    if isinstance(e, Sum):
        return _atoms(Sum(_without_sums(e.function, memo), *e.limits), memo)
    if not e.has(Sum):
        return e
    return e.func(*(_without_sums(a, memo) for a in e.args))


def _collapsed(s: Any) -> Any:
    """Σ_i (a + δ_ij b) = Σ_i a + b at i = j."""
    index = s.limits[0][0]
    result: Any = Integer(0)
    rest = expand(s.function)
    for delta in s.function.atoms(KroneckerDelta):
        (other,) = set(delta.args) - {index}
        picked = rest.coeff(delta)
        rest = expand(rest - picked * delta)
        result += picked.subs(index, other)
    return result + (Sum(rest, *s.limits) if rest != 0 else 0)


def _atoms(s: Any, memo: dict[Any, Symbol]) -> Any:
    index, low, high = s.limits[0]
    x = LAMBDA
    weights = {base[index]: Dummy(str(base), positive=True) for base in WEIGHTS}
    body = s.function.xreplace({lam[index]: x, **weights})
    letters = list(weights.values())
    result: Any = Integer(0)
    for powers, coefficient in Poly(expand(body), *letters).terms():
        partial: Any = (
            apart(together(coefficient), x) if coefficient.has(x) else coefficient
        )
        for term in partial.as_ordered_terms():
            outside, inside = term.as_independent(x)
            key = (powers, inside, low, high)
            atom = memo.setdefault(key, Symbol(f"A{len(memo)}", positive=True))
            result += outside * atom
    return result


def slope(e: Any, x: Any) -> Any:
    """∂e/∂x at fixed C; x may be an eigenvalue λ_j or a multiplicity g_j.

    SymPy leaves Kronecker deltas inside the sums; here they are carried out.

    Examples
    --------
    >>> from theory.notation import j
    >>> slope(total(notation.g[i] * lam[i] ** 2), lam[j])
    2*g[j]*lambda[j]
    """
    sums = {s: Dummy("s", real=True) for s in e.atoms(Sum)}
    outer = e.xreplace(sums)
    result = _explicit(outer, x)
    for s, dummy in sums.items():
        chained = outer.diff(dummy)
        if chained != 0:
            result += chained * _sum_slope(s, x)
    return result.xreplace({dummy: s for s, dummy in sums.items()})


def _explicit(e: Any, x: Any) -> Any:
    if not isinstance(x, Indexed):
        return e.diff(x)
    result: Any = Integer(0)
    for entry in e.atoms(Indexed):
        if entry.base == x.base:
            dummy = Dummy("x", positive=True)
            part = e.xreplace({entry: dummy}).diff(dummy).xreplace({dummy: entry})
            (a,), (b,) = entry.indices, x.indices
            result += part * KroneckerDelta(a, b)
    return result


def _sum_slope(s: Any, x: Any) -> Any:
    index, low, high = s.limits[0]
    if not isinstance(x, Indexed):
        body = s.function.diff(x)
        return Sum(factor_terms(body), (index, low, high)) if body != 0 else body
    dummy = Dummy("x", positive=True)
    base: Any = x.base
    body = s.function.xreplace({base[index]: dummy}).diff(dummy)
    return body.xreplace({dummy: base[index]}).subs(index, x.indices[0])
