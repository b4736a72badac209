"""Functions of one direction on the sphere: sign(x1 + x2 + x3), exp(x1), |x1|.

f(x) = h(a·x) has one coefficient in each level, that of the zonal function about a:
c_k = √g_k E h P_k, an integral over the angle to a. It is split where h has a kink or a
jump and taken by Gauss–Legendre rules that grow until nothing changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd, lcm, pi
from typing import Any

import numpy as np
import scipy
from sympy import (
    Abs,
    Expr,
    Max,
    Min,
    Poly,
    PolynomialError,
    Rational,
    Symbol,
    sign,
    sqrt,
)

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.targets.target_function import TargetFunction
from numerics.targets.written_functions import WrittenFunction
from numerics.targets.zonal_functions import cosines, zonal_values
from theory.errors import NoConvergence, OutOfDomain

TOP = 40
"""The last level that is listed by itself."""
NEGLIGIBLE = 1e-20
"""Smaller shares of the power are rounding."""
CLOSE = 1e-13
GRID = 2001
NODES = 64
MOST_NODES = 1 << 12
COSINE = Symbol("t", real=True)


@dataclass(frozen=True)
class _Direction:
    """Whole numbers without a common factor, the first of them positive."""

    entries: tuple[tuple[Symbol, int], ...]

    @property
    def square(self) -> int:
        return sum(a * a for _, a in self.entries)


def along_a_direction(f: WrittenFunction, domain: Any) -> TargetFunction | None:
    """The target of a function of one direction; None where it is a polynomial or more.

    Levels up to 40 are listed. What lies above counts at the next level of the same
    parity, and its share is stated as ``left_out``.

    Raises
    ------
    OutOfDomain
        When the function is not finite on the sphere.
    NoConvergence
        When its integrals do not settle.

    Examples
    --------
    >>> from theory import Hypersphere
    >>> from numerics.targets.written_functions import written_function
    >>> found = along_a_direction(written_function("sign(x1)", Hypersphere(3)), Hypersphere(3))
    >>> round(float(found[1]), 12), round(float(found[3]), 12)
    (0.75, 0.109375)
    """
    symbols = [s for _, s in f.symbols]
    if not symbols or _is_polynomial(f.expression, symbols):
        return None
    d = int(domain.d)
    directions: dict[_Direction, None] = {}
    e = _in_cosine(f.expression, symbols, d, directions)
    if e is None or len(directions) != 1 or e.free_symbols - {COSINE}:
        return None
    (direction,) = directions
    coefficients, square = _coefficients(e, domain, f.text)
    listed = {k: c for k, c in enumerate(coefficients) if c * c > NEGLIGIBLE * square}
    rest = max(square - sum(c * c for c in listed.values()), 0.0)
    left_out = rest / square if rest > CLOSE * square else 0.0
    powers = {k: Rational(*float(c * c).as_integer_ratio()) for k, c in listed.items()}
    if left_out:
        odd = all(k % 2 for k in listed)
        even = all(k % 2 == 0 for k in listed)
        last = TOP + 1 if odd or not even else TOP + 2
        powers[last] = Rational(*rest.as_integer_ratio())
    pole = np.zeros((1, d))
    for symbol, a in direction.entries:
        pole[0, int(symbol.name[1:]) - 1] = a
    axis = build(e, ARRAYS)

    def part(level: int, x: np.ndarray) -> np.ndarray:
        t = cosines(domain, x, pole, proved=False)[:, 0]
        wave = lambda k: (
            coefficients[k] * _norm(domain, k) * zonal_values(domain, [k], t)[0]
        )
        if level <= TOP:
            return wave(level) if level in listed else np.zeros(len(t))
        value = np.broadcast_to(axis({COSINE: t}), t.shape)
        return value - sum(wave(k) for k in listed)

    return TargetFunction(powers, domain, f.text, left_out, part)


def _norm(domain: Any, k: int) -> float:
    return float(domain.multiplicity(k)) ** 0.5


def _is_polynomial(e: Expr, symbols: list[Symbol]) -> bool:
    try:
        Poly(e, *symbols)
    except PolynomialError:
        return False
    return True


def _in_cosine(
    e: Expr, symbols: list[Symbol], d: int, directions: dict[_Direction, None]
) -> Expr | None:
    """The function with every linear form written in the cosine to its direction."""
    if not e.free_symbols & set(symbols):
        return e
    if _is_polynomial(e, symbols):
        poly = Poly(e, *symbols)
        if poly.total_degree() == 1 and all(c.is_Rational for c in poly.coeffs()):
            slopes = {s: poly.coeff_monomial(s) for s in symbols}
            direction, factor = _primitive({s: c for s, c in slopes.items() if c != 0})
            directions[direction] = None
            return factor * sqrt(direction.square * d) * COSINE + poly.coeff_monomial(1)
        if e.is_Symbol:
            return None
    if not e.args:
        return None
    parts = [_in_cosine(x, symbols, d, directions) for x in e.args]
    return None if any(x is None for x in parts) else e.func(*parts)


def _primitive(slopes: Mapping[Symbol, Rational]) -> tuple[_Direction, Rational]:
    common = lcm(*(int(c.q) for c in slopes.values()))
    whole = {s: int(c * common) for s, c in slopes.items()}
    shared = gcd(*whole.values())
    first = next(iter(whole.values()))
    shared = shared if first > 0 else -shared
    entries = tuple((s, a // shared) for s, a in whole.items())
    return _Direction(entries), Rational(shared, common)


def _coefficients(e: Expr, domain: Any, text: str) -> tuple[np.ndarray, float]:
    """c_0, …, c_TOP and the mean square, at twice as many nodes until nothing changes."""
    run = build(e, ARRAYS)
    ends = [0.0, *_kinks(e), pi]
    before: np.ndarray | None = None
    nodes = NODES
    while nodes <= MOST_NODES:
        found = _integrals(run, ends, domain, nodes)
        if not np.all(np.isfinite(found)):
            raise OutOfDomain(
                f"target {text}: its values are not all finite on {domain}"
            )
        if before is not None:
            scale = np.sqrt(found[-1])
            same = np.abs(found[:-1] - before[:-1]) <= CLOSE * scale
            if np.all(same) and abs(found[-1] - before[-1]) <= CLOSE * found[-1]:
                return found[:-1], float(found[-1])
        before, nodes = found, 2 * nodes
    raise NoConvergence(
        f"target {text} on {domain}: its level powers do not settle; give them instead"
    )


def _integrals(run: Any, ends: list[float], domain: Any, nodes: int) -> np.ndarray:
    x, w = np.polynomial.legendre.leggauss(nodes)
    low, high = np.array(ends[:-1]), np.array(ends[1:])
    theta = ((high + low)[:, None] + (high - low)[:, None] * x).ravel() / 2
    weight = ((high - low)[:, None] * w).ravel() * np.sin(theta) ** (int(domain.d) - 2)
    weight = weight / weight.sum()
    t = np.cos(theta)
    with np.errstate(all="ignore"):
        values = np.broadcast_to(run({COSINE: t}), t.shape)
    rows = zonal_values(domain, range(TOP + 1), t)
    scales = [_norm(domain, k) for k in range(TOP + 1)]
    means = [
        c * float(weight @ (values * row)) for c, row in zip(scales, rows, strict=True)
    ]
    return np.array([*means, float(weight @ values**2)])


def _kinks(e: Expr) -> list[float]:
    """Angles where an argument of sign or Abs, or a difference in Max or Min, is 0."""
    seen = [x.args[0] for x in e.atoms(sign, Abs)]
    for x in e.atoms(Max, Min):
        seen += [a - b for i, a in enumerate(x.args) for b in x.args[:i]]
    grid = np.linspace(0, pi, GRID)
    found = set()
    for argument in seen:
        run = build(argument, ARRAYS)
        at = lambda theta, run=run: float(run({COSINE: np.cos(theta)}))
        values = np.array([at(theta) for theta in grid])
        for i in np.flatnonzero(values[:-1] * values[1:] < 0):
            found.add(
                float(scipy.optimize.brentq(at, grid[i], grid[i + 1], xtol=1e-15))
            )
        found |= {float(grid[i]) for i in np.flatnonzero(values == 0)}
    inside = sorted(x for x in found if 1e-12 < x < pi - 1e-12)
    return [x for i, x in enumerate(inside) if i == 0 or x - inside[i - 1] > 1e-12]
