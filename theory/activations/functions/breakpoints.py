"""Where an activation has kinks and jumps, and its slope between them."""

from functools import lru_cache

from sympy import (
    Abs,
    DiracDelta,
    Expr,
    Heaviside,
    Integer,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    nsolve,
    sign,
    solveset,
)
from sympy.core.relational import Relational

from theory.activations.functions.given_functions import GivenFunction
from theory.activations.hermite import z

HALF = Rational(1, 2)


def slope_of(phi: Expr) -> Expr:
    """φ′ between the kinks; the jumps of φ are left out.

    Examples
    --------
    >>> slope_of(Max(z, 0)), slope_of(abs(z))
    (Heaviside(z), sign(z))
    """
    slope = phi.diff(z).doit()
    slope = slope.replace(DiracDelta, lambda *_: Integer(0))
    return slope.replace(
        lambda e: isinstance(e, Heaviside) and e.args[1] != HALF,
        lambda e: Heaviside(e.args[0], HALF),
    )


@lru_cache(maxsize=256)
def breakpoints(phi: Expr) -> tuple[Expr, ...]:
    """The points at which φ is put together from different functions, ascending.

    Examples
    --------
    >>> breakpoints(Max(-1, Min(1, z))), breakpoints(z**2)
    ((-1, 1), ())
    """
    switches: set[Expr] = set()
    for e in phi.atoms(Max, Min):
        pairs = [(a, b) for i, a in enumerate(e.args) for b in e.args[:i]]
        switches |= {a - b for a, b in pairs}
    switches |= {e.args[0] for e in phi.atoms(Abs, sign, Heaviside)}
    for e in phi.atoms(Piecewise):
        for _, condition in e.args:
            switches |= {x.lhs - x.rhs for x in condition.atoms(Relational)}
    found: set[Expr] = set()
    for switch in switches:
        found |= _roots(switch)
    for e in phi.atoms(GivenFunction):
        found |= {Rational(x) for x in type(e).breaks}
    return tuple(sorted(found, key=float))


def _roots(e: Expr) -> set[Expr]:
    """The real zeros of a function of z."""
    if not e.has(z):
        return set()
    solved = solveset(e, z, S.Reals)
    if solved.is_FiniteSet:
        return {x for x in solved if x.is_real}
    # no closed form: look for sign changes on a grid
    grid = [Rational(k, 8) for k in range(-400, 401)]
    values = [e.subs(z, x).evalf() for x in grid]
    found = set()
    for left, right, a, b in zip(grid, grid[1:], values, values[1:], strict=False):
        if a * b < 0:
            found.add(nsolve(e, z, (left, right), solver="bisect"))
    return found


@lru_cache(maxsize=256)
def jumps(phi: Expr) -> bool:
    """Whether φ jumps, which makes E φ′(x)φ′(y) infinite at c = 1.

    Examples
    --------
    >>> jumps(Heaviside(z)), jumps(Max(z, 0))
    (True, False)
    """
    if not phi.has(Heaviside, sign, Piecewise):
        return False
    tiny = Rational(1, 10**30)
    for x in breakpoints(phi):
        ends = (phi.subs(z, x + s * tiny).evalf(50) for s in (1, -1))
        if abs(next(ends) - next(ends)) > Rational(1, 10**20):
            return True
    return False
