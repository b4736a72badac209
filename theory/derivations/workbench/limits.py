"""Limits of formulas, and series around them, with C eliminated.

In every limit C or 1/C is small, y say. Sums over levels become power series in y whose
coefficients are moments S_p = Σ gλ^p or U_p = Σ gλ^−p; the letter that moves is a series
in y too, and Lagrange's formula turns it round.
"""

from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    Mul,
    Rational,
    Sum,
    cancel,
    expand,
    limit,
    oo,
    together,
)
from sympy.core.relational import Gt, Lt
from sympy.polys.polyerrors import PolynomialError

from theory import notation
from theory.constant.implicit.lagrange import inverse_power, power_of_series
from theory.constant.implicit.moments import Moment
from theory.constant.level_sums import WEIGHTS, written
from theory.derivations.workbench.letters import (
    expanded,
    has_C,
    letter,
    read,
)
from theory.derivations.workbench.result import LevelExpression
from theory.derivations.workbench.series.approach import (
    Approach,
    approach,
    beside_the_limit,
    y,
)
from theory.derivations.workbench.series.laurent import laurent
from theory.derivations.workbench.slopes import carried_out, total_slope
from theory.errors import OutOfDomain, Unsupported
from theory.notation import C, modes, n, ridge
from theory.printing import latex, text

lam: Any = notation.lam
g: Any = notation.g
i: Any = notation.i
moment: Any = Moment
KEPT = 2
"""Powers of y that are kept beyond those asked for, and how many are added at a time."""
MOST_KEPT = 13


def limit_of(
    formula: Any, x: Any, point: Any, order: int = 0, given: Any = None
) -> LevelExpression:
    """The limit of a formula, or its series up to a power of what is small.

    Parameters
    ----------
    formula
        A formula, its name, or an expression in the letters of ``notation``.
    x, point
        n → 0, "N" (without ridge) or oo (with a ridge, N finite); ridge → 0 or oo;
        d → oo, k → oo; or another letter that stands in the formula, to any point.
    order
        How many powers beyond the limit are kept: of n, N − n, 1/(n − N), δ or 1/δ.
    given
        For the ridge → 0: ``n > modes`` or ``Eq(n, modes)``; n < N if not given.

    Returns
    -------
    LevelExpression
        In moments S_p = Σ gλ^p and U_p = Σ gλ^−p, N, and the letters that stay. ∞ where
        the formula grows without bound.

    Raises
    ------
    OutOfDomain
        When the letter has no such limit.
    Unsupported
        When the formula is not rational in C, or SymPy knows no limit.

    Examples
    --------
    >>> from theory.notation import n, noise, ridge
    >>> print(limit_of("overfitting_coefficient", n, 0, order=1))
    n S₂/(δ + S₁)² + 1
    >>> print(limit_of("test_mse", n, "N"))
    ∞
    """
    x, e = letter(x, "x"), carried_out(read(formula))
    if given == Lt(modes, n):
        given = Gt(n, modes)
    heading = rf"\lim_{{{latex(x)} \to {_shown(point)}}} {_named(formula)}"
    if not has_C(e) and not (x == n and e.has(Sum)):
        return LevelExpression(_plain(e, x, point), heading, ("a limit by SymPy",))
    if x == ridge and point == 0 and (given is None or isinstance(given, Lt)):
        value = _taylor(e, order)
        return LevelExpression(value, heading, ("δ = 0 is no special point for n < N",))
    regime = "=" if given is not None and not isinstance(given, Gt) else ">"
    found = approach(x, point, regime)
    if found is None:
        if e.has(x) and x not in (n, ridge, C):
            return LevelExpression(_plain(e, x, point), heading, ("C stays as it is",))
        known = "n → 0, 'N', oo and ridge → 0, oo"
        raise OutOfDomain(f"{x} → {point} is no limit of a formula with C; use {known}")
    top = order * found.root
    before: dict[int, Any] = {}
    for kept in range(KEPT + top, MOST_KEPT + top, KEPT):
        terms = _series(e, found, kept)
        asked = {p: c for p, c in terms.items() if p <= top}
        if terms and asked == before:  # more terms of the sums change nothing
            steps = (found.says, f"sums over levels as series in {_small_name(found)}")
            value = _turned(terms, found, order, kept)
            steps += (beside_the_limit(e, found, value, order),)
            return LevelExpression(value, heading, steps)
        if not terms and kept > KEPT + top:
            checked = beside_the_limit(e, found, Integer(0), order)
            return LevelExpression(Integer(0), heading, (found.says, checked))
        before = asked
    raise Unsupported(
        f"{found.says}: {MOST_KEPT} terms of every sum do not settle the limit"
    )


def _small_name(found: Approach) -> str:
    return "C" if found.of_y == y else "1/C"


def _named(formula: Any) -> str:
    e = formula.lhs if hasattr(formula, "lhs") else None
    if isinstance(formula, str):
        from theory.formula import formulas

        e = formulas[formula].lhs
    if e is None:
        e = read(formula)
    return latex(e) if isinstance(e, Expr) and e.count_ops() < 8 else r"(\cdot)"


def _shown(point: Any) -> str:
    return {"N": "N", oo: r"\infty"}.get(point) or latex(Integer(0) + point)


def _plain(e: Any, x: Any, point: Any) -> Any:
    """A limit in a letter that C does not follow."""
    if point == "N":
        point = modes
    if e.has(Sum) and any(s.has(x) for s in e.atoms(Sum)):
        raise Unsupported(
            f"{x} stands inside a sum over levels: its limit there is not known"
        )
    letters = {a: Dummy("a", positive=True) for a in e.atoms(Sum)}
    try:
        found = limit(together(e.xreplace(letters)), x, point)
    except (NotImplementedError, ValueError, TypeError) as error:
        raise Unsupported(f"SymPy finds no limit for {x} → {point}: {error}") from None
    if found.has(limit) or found.func.__name__ in ("Limit", "AccumBounds"):
        raise Unsupported(f"SymPy finds no limit for {x} → {point}")
    return found.xreplace({a: s for s, a in letters.items()})


def _taylor(e: Any, order: int) -> Any:
    """Taylor's series at no ridge, C being the constant there."""
    e = expanded(e)
    result, factorial = e.xreplace({ridge: Integer(0)}), 1
    for k in range(1, order + 1):
        e, factorial = total_slope(e, ridge), factorial * k
        result += e.xreplace({ridge: Integer(0)}) * ridge**k / factorial
    return result


def _series(e: Any, found: Approach, kept: int) -> dict[int, Any]:
    """Coefficients of the powers of y, from the lowest; empty where all vanish."""
    try:
        return laurent(_in_y(expanded(e), found, kept), y, kept)
    except Unsupported:
        raise Unsupported(
            f"{text(e, letters=True)} is not rational in C: its limit is not known; "
            "that of a power or a logarithm may follow from one that is"
        ) from None


def _in_y(e: Any, found: Approach, kept: int) -> Any:
    for x, value in found.replaced.items():
        e = e.xreplace({x: value})
    e = written(e).xreplace({C: found.of_y})
    return _without_sums(e, kept)


def _without_sums(e: Any, kept: int) -> Any:
    if isinstance(e, Sum):
        return _sum_series(e, kept)
    if not e.has(Sum):
        return e
    return e.func(*(_without_sums(a, kept) for a in e.args))


def _sum_series(s: Any, kept: int) -> Any:
    index = s.limits[0][0]
    result: Any = Integer(0)
    terms = laurent(s.function, y, kept) if s.function.has(y) else {0: s.function}
    for power_, coefficient in terms.items():
        result += y**power_ * _moments(expand(coefficient), index, s.limits)
    return result


def _moments(e: Any, index: Any, limits: Any) -> Any:
    """Σ c g λ^p as c S_p; other weights stay as sums."""
    result: Any = Integer(0)
    own = {index, lam[index], *(base[index] for base in WEIGHTS)}
    for term in Add.make_args(e):
        outside, inside = term.as_independent(*own, as_Add=False)
        powers = inside.as_powers_dict()
        p = powers.pop(lam[index], Integer(0))
        if powers == {g[index]: 1} and tuple(limits[0][1:]) == (1, notation.levels):
            result += outside * (modes if p == 0 else moment(p))
        else:
            result += outside * Sum(inside, *limits)
    return result


def _turned(terms: dict[int, Any], found: Approach, order: int, kept: int) -> Any:
    """The series in y as one in the small quantity."""
    lowest = min(terms)
    if lowest < 0 and order == 0:
        return _infinite(terms[lowest])
    if order == 0:
        return terms.get(0, Integer(0))
    inner = laurent(_in_y(found.in_y, found, kept), y, kept)
    root = min(inner)
    if root != found.root:
        raise Unsupported(
            f"{found.says}: the small quantity starts with the power {root}"
        )
    head = inner[root]
    bracket = [cancel(inner.get(root + k, Integer(0)) / head) for k in range(kept)]
    phi = power_of_series(bracket, Rational(-1, root), kept - 1)
    size = (found.small / head) ** Rational(1, root)
    result: Any = Integer(0)
    for power_, coefficient in terms.items():
        if power_ == 0:
            result += coefficient
            continue
        more = order * root - power_
        if more < 0:
            continue
        for k, c in enumerate(inverse_power(phi, power_, more)):
            result += coefficient * c * size ** (power_ + k)
    return _collected(result, found.small)


def _collected(e: Any, small: Any) -> Any:
    """Powers of the small quantity with factored coefficients."""
    x = Dummy("x", positive=True)
    e = expand(e.xreplace({small: x, 1 / small: 1 / x}))
    parts: dict[Any, Any] = {}
    for term in Add.make_args(e):
        outside, inside = term.as_independent(x, as_Add=False)
        parts[inside] = parts.get(inside, Integer(0)) + outside
    total_: Any = Integer(0)
    for inside, coefficient in parts.items():
        short = cancel(together(coefficient)).factor()
        total_ += Mul(short, inside.xreplace({x: small}))
    return total_


def _infinite(coefficient: Any) -> Any:
    """∞ with the sign of a leading coefficient."""
    from theory.derivations.workbench.signs import signs

    try:
        found = signs(coefficient)
    except PolynomialError:
        found = {-1, 1}
    if found <= {0, 1} and 1 in found:
        return oo
    if found <= {0, -1} and -1 in found:
        return -oo
    raise Unsupported(
        f"it grows without bound, and the sign of {text(coefficient)} is not known"
    )
