"""A target function that is written as text: ``x1*x2*x3``, ``sign(x1+x2)``, ``cos(theta)``.

Text is read by a bounded walk, nothing in it is executed. On the corners of a cube the
values are exact where the function is made of rational numbers, ±, ·, powers, sign, Abs,
Max and Min; only the coordinates that occur are run through, so the cube may be large.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Symbol,
    nan,
    oo,
    pi,
    sign,
    zoo,
)

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory.errors import EngineError, NotEvaluable, OutOfDomain, Unsupported
from theory.parser import parse_expression

ANGLE = Symbol("theta", real=True)
MOST_EXACT_ANGLES = 1024
COORDINATE = re.compile(r"x([1-9][0-9]{0,8})")


class Coordinates(Mapping[str, Expr]):
    """The names x1, …, xd, made when they are asked for: d may be large."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __contains__(self, name: object) -> bool:
        found = COORDINATE.fullmatch(str(name))
        return found is not None and int(found[1]) <= self.count

    def __getitem__(self, name: str) -> Expr:
        if name not in self:
            raise KeyError(name)
        return Symbol(name, real=True)

    def __iter__(self) -> Iterator[str]:
        return iter(("x1",) if self.count == 1 else ("x1", "…", f"x{self.count}"))

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, eq=False)
class WrittenFunction:
    """An expression as a function of a point of the domain.

    Attributes
    ----------
    text
        What was written.
    expression
        In x1, x2, … or theta.
    used
        Numbers of the coordinates that occur, from 0; empty on the circle.
    """

    text: str
    expression: Expr
    used: tuple[int, ...]

    def __call__(self, point: Any) -> Any:
        """The value at one point: exact at rational ones where it is rational."""
        if self.expression.has(ANGLE) or not self.used:
            return self.on({ANGLE: np.atleast_1d(np.asarray(point).ravel()[:1])})[0]
        row = np.asarray(point)
        return self.on({symbol: row[i : i + 1] for i, symbol in self.symbols})[0]

    @property
    def symbols(self) -> list[tuple[int, Symbol]]:
        """The coordinates that occur: number and symbol."""
        return [(i, Symbol(f"x{i + 1}", real=True)) for i in self.used]

    def on(self, columns: Mapping[Symbol, np.ndarray]) -> np.ndarray:
        """Values at many points: fractions where all is rational, else floats.

        Raises
        ------
        OutOfDomain
            When a value is not a finite real number.
        """
        count = len(next(iter(columns.values())))
        whole = all(x.dtype.kind in "iu" for x in columns.values())
        if whole:
            exact = {s: np.array(x.tolist(), dtype=object) for s, x in columns.items()}
            try:
                found = _exact(self.expression, exact)
            except NotEvaluable:
                pass
            except ZeroDivisionError:
                raise OutOfDomain(
                    f"target {self.text}: it divides by zero at a point of the domain"
                ) from None
            else:
                return np.broadcast_to(np.asarray(found, dtype=object), (count,))
        floats = {s: np.asarray(x).astype(np.float64) for s, x in columns.items()}
        with np.errstate(all="ignore"):
            found = np.asarray(build(self.expression, ARRAYS)(floats))
        if np.iscomplexobj(found) or not np.all(np.isfinite(found.astype(float))):
            raise OutOfDomain(
                f"target {self.text}: its values are not all finite real numbers"
            )
        return np.broadcast_to(found.astype(np.float64), (count,))

    def at_points(self, points: np.ndarray) -> np.ndarray:
        """Values at vectors, shape [point, coordinate]."""
        if not self.used:
            return np.broadcast_to(self(points[0]), (len(points),))
        return self.on({symbol: points[:, i] for i, symbol in self.symbols})

    def on_circle(self, points: int) -> np.ndarray:
        """Values at the angles 2πj/M, floats.

        Where a sign could turn on a rounding error of cos(π/2), angles are exact.
        """
        numbers = np.arange(points)
        sharp = self.expression.atoms(sign)
        if not sharp or points > MOST_EXACT_ANGLES:
            return self.on({ANGLE: 2 * np.pi * numbers / points}).astype(np.float64)
        angles = [2 * pi * Rational(int(j), points) for j in numbers]
        signs = {
            Dummy(real=True): np.array([float(x.subs(ANGLE, a)) for a in angles])
            for x in sharp
        }
        named = dict(zip(sharp, signs, strict=True))
        smooth = WrittenFunction(self.text, self.expression.xreplace(named), ())
        return smooth.on({ANGLE: 2 * np.pi * numbers / points, **signs}).astype(float)


def written_function(
    text: str, domain: Any, argument: str = "target"
) -> WrittenFunction:
    """Read a function of the point from text.

    Parameters
    ----------
    text
        An expression in x1, x2, …, or in theta on the circle.
    domain
        The domain that the point belongs to.

    Raises
    ------
    OutOfDomain
        When it is malformed, too large, or holds a name that the domain has not.
    Unsupported
        When points of the domain have no coordinates.

    Examples
    --------
    >>> from theory import Hypercube
    >>> f = written_function("sign(x1 + x2 + x3)/2", Hypercube(100))
    >>> f(np.array([1, -1, -1] + 97 * [1])), f.used
    (Fraction(-1, 2), (0, 1, 2))
    """
    if domain.by_angle:
        names: Mapping[str, Expr] = {"theta": ANGLE}
    else:
        names = Coordinates(_coordinates(domain))
    try:
        e = parse_expression(text, names, argument)
    except RecursionError:
        raise OutOfDomain(f"{argument}: {text[:60]!r} is nested too deeply") from None
    if e.is_real is False or e.has(oo, -oo, zoo, nan):
        raise OutOfDomain(f"{argument}: {text[:60]!r} is not a real function")
    used = sorted(int(s.name[1:]) - 1 for s in e.free_symbols if s != ANGLE)
    return WrittenFunction(text.strip(), e, tuple(used))


def _coordinates(domain: Any) -> int:
    if domain.ambient is not None and (domain.is_cube or domain.is_sphere):
        return int(domain.ambient)
    try:
        return len(domain.vectors()[0])
    except EngineError:
        raise Unsupported(
            f"points of {domain} have no coordinates that a function could be written in"
        ) from None


def _exact(e: Expr, columns: Mapping[Symbol, np.ndarray]) -> Any:
    """Values in whole numbers and fractions; NotEvaluable where a part is irrational."""
    walk = lambda part: _exact(part, columns)
    if isinstance(e, Rational):
        value = Fraction(int(e.p), int(e.q))
        return value.numerator if value.denominator == 1 else value
    if isinstance(e, Symbol):
        return columns[e]
    if isinstance(e, Add | Mul):
        plus = isinstance(e, Add)
        join: Callable[[Any, Any], Any] = lambda a, b: a + b if plus else a * b
        return reduce(join, map(walk, e.args))
    if isinstance(e, Pow) and e.exp.is_Integer:
        base, exponent = walk(e.base), int(e.exp)
        if exponent >= 0:
            return base**exponent
        inverse = np.frompyfunc(lambda v: Fraction(1) / v**-exponent, 1, 1)
        return inverse(base)
    if isinstance(e, sign):
        return np.frompyfunc(lambda v: (v > 0) - (v < 0), 1, 1)(walk(e.args[0]))
    if isinstance(e, Abs):
        return np.frompyfunc(abs, 1, 1)(walk(e.args[0]))
    if isinstance(e, Max | Min):
        choose = max if isinstance(e, Max) else min
        return reduce(np.frompyfunc(choose, 2, 1), map(walk, e.args))
    raise NotEvaluable(str(e))
