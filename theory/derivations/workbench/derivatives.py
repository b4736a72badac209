"""Total derivatives through the implicit constant C, of any order, mixed or logarithmic.

D_x e = ∂_x e − (∂_C e) F_x/F_C, where F(C) = n is the implicit equation. The second way,
for the check: along x the constant C itself is the parameter, and the explicit x(C) that
keeps all other letters fixed gives D_x e = e′(C)/x′(C), at levels in exact numbers.
"""

from dataclasses import replace
from random import Random
from typing import Any

from sympy import Dummy, Indexed, Symbol, cancel, log, nan, oo, zoo

from theory import notation
from theory.constant import balance
from theory.derivations.workbench.letters import counted, expanded, letter, read
from theory.derivations.workbench.points import drawn
from theory.derivations.workbench.result import LevelExpression
from theory.derivations.workbench.simplification import simplify_levels
from theory.derivations.workbench.slopes import total_slope
from theory.errors import Disagreement, OutOfDomain
from theory.notation import C, i, n, ridge
from theory.printing import latex

lam: Any = notation.lam
g: Any = notation.g
power: Any = notation.power
POINTS = 2
DIGITS = 60
SURE = 1e-30


def total_derivative(
    formula: Any, *along: Any, simplify: bool = True
) -> LevelExpression:
    """The derivative of a formula along letters in turn, where C follows its equation.

    Parameters
    ----------
    formula
        A formula, its name, or an expression in the letters of ``notation``.
    along
        Letters, or their names: n, ridge, noise, ``lam[j]``, ``g[j]``, ``power[j]``, or
        one's own; twice the same letter is the second derivative. ``log(n)`` instead of
        n is the derivative in log n. Along C itself the derivative is partial.
    simplify
        Whether the shortest form is looked for.

    Returns
    -------
    LevelExpression
        Compared at exact points with the derivative along an explicit curve; its
        ``proof()`` says so.

    Raises
    ------
    OutOfDomain
        When no letter is given, or something is no letter.

    Examples
    --------
    >>> from theory.notation import C, n, ridge
    >>> print(total_derivative(C, ridge), total_derivative(log(C), log(n)))
    E₀/n −E₀
    """
    if not along:
        raise OutOfDomain("along: give at least one letter, such as n or ridge")
    start = read(formula)
    e, steps = expanded(start), []
    for given in along:
        x, logarithmic = _direction(given)
        if isinstance(x, Indexed) and x.base == g:
            e = counted(e)
        before = e
        e = total_slope(expanded(e), x)
        steps.append(f"D_{x} e = ∂_{x} e − ∂_C e · F_{x}/F_C, F the implicit equation")
        steps.append(_checked(before, e, x))
        if logarithmic:
            e = x * e
            steps.append(f"times {x}, for the derivative in log {x}")
        if simplify:
            shorter = simplify_levels(e)
            e = shorter.expression
            steps += shorter.steps
    return LevelExpression(e, _heading(start, along), tuple(steps))


def _direction(given: Any) -> tuple[Any, bool]:
    if isinstance(given, log):
        return letter(given.args[0], "along"), True
    return letter(given, "along"), False


def _heading(e: Any, along: tuple[Any, ...]) -> str:
    letters = [
        given.args[0] if isinstance(given, log) else letter(given, "along")
        for given in along
    ]
    below = []
    for given, x in zip(along, letters, strict=True):
        below.append(rf"d\log {latex(x)}" if isinstance(given, log) else f"d{latex(x)}")
    top = "d" if len(along) == 1 else f"d^{{{len(along)}}}"
    short = e.count_ops() < 4
    inner = latex(e) if short else r"\cdot"
    bottom = r"\,".join(below)
    return rf"\frac{{{top}}}{{{bottom}}}\left({inner}\right)"


def _checked(e: Any, found: Any, x: Any) -> str:
    """Compare with e′(C)/x′(C) along the curve that keeps all other letters fixed.

    Raises
    ------
    Disagreement
        When they differ: then the derivative is wrong.
    """
    e = expanded(e)
    if not e.has(C) or x == C:
        return "C does not move along it"
    if not _moves(x):
        return f"the implicit equation does not hold {x}: C does not move along it"
    random, done = Random(f"{x}"), 0
    free = e.free_symbols | found.free_symbols | {ridge, C}
    letters = {y for y in free if isinstance(y, Symbol)} - _labels(e, found)
    bases = {lam, g, power, *(a.base for a in e.atoms(Indexed))}
    for _ in range(20 * POINTS):
        if done == POINTS:
            break
        indices = [y for y in (i, notation.j) if y in free]
        point = drawn(random, letters - {n, notation.levels}, bases, indices)
        try:
            slopes = _both(e, found, x, point)
        except (ArithmeticError, ZeroDivisionError):
            continue
        if slopes is None:
            continue
        done += 1
        first, second = slopes
        if first != second and abs((first - second).evalf(DIGITS)) > SURE:
            raise Disagreement(
                f"the derivative along {x} is {first} at {point.text()}, not {second}"
            )
    return f"agrees with the derivative along an explicit curve at {done} exact points"


def _labels(*expressions: Any) -> set[Any]:
    found: set[Any] = set()
    for e in expressions:
        found |= {a.base.label for a in e.atoms(Indexed)}
    return found


def _moves(x: Any) -> bool:
    """Whether x stands in the implicit equation."""
    return x in (n, ridge) or (isinstance(x, Indexed) and x.base in (lam, g))


def _both(e: Any, found: Any, x: Any, point: Any) -> Any:
    """The slope as found, and e′(C)/x′(C)."""
    c = Dummy("C", positive=True)
    at = point.letters[C]
    moving = replace(point, letters={**point.letters, C: c})
    size = cancel(moving.value(balance.lhs))  # n as a function of C
    fixed = size.xreplace({c: at})
    if x == n:
        values: Any = {n: size}
        curve = size
    elif x == ridge:
        learned = size - point.letters[ridge] / c
        curve = cancel(c * (fixed - learned))
        values = {n: fixed, ridge: curve}
    else:
        place = point.indices.get(x.indices[0], x.indices[0])
        row = dict(point.rows[int(place) - 1])
        others = size - row[g] * row[lam] / (row[lam] + c)
        share = fixed - others  # what level `place` has to learn
        row[x.base] = (
            cancel(c * share / (row[g] - share))
            if x.base == lam
            else cancel(share * (row[lam] + c) / row[lam])
        )
        rows = list(moving.rows)
        rows[int(place) - 1] = row
        moving = replace(moving, rows=tuple(rows))
        values = {n: fixed}
        curve = row[x.base]
    moved = replace(moving, letters={**moving.letters, **values})
    towards = curve.diff(c).xreplace({c: at})
    if towards == 0:
        return None
    second = moved.value(e).diff(c).xreplace({c: at}) / towards
    still = replace(point, letters={**point.letters, n: fixed})
    both = still.value(found), second
    return None if any(v.has(nan, zoo, oo) for v in both) else both
