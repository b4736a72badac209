"""Exact points: levels, a target, ridge, noise and C as fractions, and then n.

At a point that is parametrized by C everything is rational. A counterexample is shrunk:
levels are dropped and letters become 0, 1 or 2 as long as it stays a counterexample.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sympy import Idx, Indexed, Integer, Rational, Sum, Symbol, sympify

from theory import notation
from theory.constant.learnability import learnability, unlearned
from theory.errors import NotEvaluable
from theory.notation import C, levels, modes, noise, ridge

lam: Any = notation.lam
g: Any = notation.g
power: Any = notation.power
FAR = Integer(10) ** 9
"""How far apart letters are where a limit is looked at."""
PLAIN: tuple[Any, ...] = tuple(map(sympify, (1, 0, 2, "1/2", 3)))


@dataclass(frozen=True, slots=True)
class ExactPoint:
    """Values of all letters, in fractions.

    Attributes
    ----------
    rows
        For every level what each indexed letter is.
    letters
        Symbols that stand on their own, C, δ and σ² among them.
    indices
        Free indices, i and j: which level they stand for.
    """

    rows: tuple[Mapping[Any, Any], ...]
    letters: Mapping[Any, Any]
    indices: Mapping[Any, int]

    def value(self, e: Any) -> Any:
        """The value of an expression there, exact where it is rational.

        Raises
        ------
        NotEvaluable
            When a letter has no value there.
        """
        return _spelled(e, self, dict(self.indices))

    def text(self) -> str:
        """The point in words, for a counterexample."""
        parts = []
        for base, name in ((lam, "λ"), (g, "g"), (power, "v²")):
            listed = [row[base] for row in self.rows if base in row]
            if listed:
                parts.append(f"{name} = ({', '.join(map(str, listed))})")
        others = {b for row in self.rows for b in row} - {lam, g, power}
        for base in sorted(others, key=str):
            parts.append(f"{base} = ({', '.join(str(row[base]) for row in self.rows)})")
        shown = {ridge: "δ", noise: "σ²"}
        for x, value in sorted(self.letters.items(), key=lambda p: str(p[0])):
            parts.append(f"{shown.get(x, x)} = {value}")
        parts += [f"{index} = {k}" for index, k in self.indices.items()]
        return ", ".join(parts)


def _spelled(e: Any, at: ExactPoint, bound: dict[Any, int]) -> Any:
    """The expression with sums written out and letters replaced."""
    if isinstance(e, Sum):
        (index, low, high), *more = e.limits[::-1]
        body = Sum(e.function, *more[::-1]) if more else e.function
        span = range(_whole(low, at), _whole(high, at) + 1)
        return sum((_spelled(body, at, {**bound, index: k}) for k in span), Integer(0))
    if isinstance(e, Indexed):
        place = [bound.get(x, x) for x in e.indices]
        return _entry(e, place, at)
    if isinstance(e, Idx):
        return Integer(bound[e]) if e in bound else e
    if e == levels:
        return Integer(len(at.rows))
    if e == modes and modes not in at.letters:
        return sum((row.get(g, Integer(1)) for row in at.rows), Integer(0))
    if isinstance(e, Symbol):
        if e in bound:
            return Integer(bound[e])
        return at.letters.get(e, e)
    if isinstance(e, learnability | unlearned):
        x, c = (_spelled(a, at, bound) for a in e.args)
        return (c if isinstance(e, unlearned) else x) / (x + c)
    if not e.args:
        return e
    return e.func(*(_spelled(a, at, bound) for a in e.args))


def _entry(e: Any, place: list[Any], at: ExactPoint) -> Any:
    if len(place) == 1 and _is_whole(place[0]) and 1 <= int(place[0]) <= len(at.rows):
        found = at.rows[int(place[0]) - 1].get(e.base)
        if found is not None:
            return found
    raise NotEvaluable(f"{e} has no value at a point of {len(at.rows)} levels")


def _is_whole(x: Any) -> bool:
    return isinstance(x, int) or getattr(x, "is_Integer", False)


def _whole(x: Any, at: ExactPoint) -> int:
    found = _spelled(sympify(x), at, {})
    if not found.is_Integer:
        raise NotEvaluable(f"a sum to {x}, which is no whole number at a point")
    return int(found)


def drawn(random: Random, letters: set[Any], bases: set[Any], free: list[Any]) -> Any:
    """A random point for these letters; sometimes at an edge, where bounds are attained.

    Edges: no ridge, no noise, one level, one eigenvalue for all levels, one that is far
    above the others, C far above or below all of them.
    """
    size = random.randint(1, 3)
    white = random.random() < 0.15
    first = _fraction(random)
    rows = []
    for k in range(size):
        row = {}
        for base in {lam, g, power, *bases}:
            row[base] = _of_kind(random, base[1])
        row[lam] = first if white else row[lam]
        if k == 0 and random.random() < 0.1:
            row[lam] *= FAR
        rows.append(row)
    values = {}
    for x in sorted(letters, key=str):
        values[x] = _of_kind(random, x)
    for x in (ridge, noise):
        if x in values and random.random() < 0.3:
            values[x] = Integer(0)
    if C in values and random.random() < 0.2:
        values[C] *= FAR ** random.choice((-1, 1))
    indices = {x: random.randint(1, size) for x in free}
    return ExactPoint(tuple(rows), values, indices)


def _fraction(random: Random) -> Rational:
    return Rational(random.randint(1, 12), random.randint(1, 6))


def _of_kind(random: Random, x: Any) -> Any:
    """A value that the letter's assumptions allow."""
    if x.is_integer:
        value = Integer(random.randint(1, 6))
    else:
        value = _fraction(random)
    if x.is_positive or x.is_nonnegative:
        zero = not x.is_positive and random.random() < 0.15
        return Integer(0) if zero else value
    return value if random.random() < 0.5 else -value


def shrunk(point: Any, fails: Callable[[ExactPoint], bool]) -> ExactPoint:
    """A smaller point at which the same thing fails.

    Examples
    --------
    >>> from theory.notation import C
    >>> big = ExactPoint(({lam: Integer(5)}, {lam: Integer(7)}), {C: Integer(9)}, {})
    >>> shrunk(big, lambda p: p.rows[0][lam] > 1 and p.letters[C] > 0).text()
    'λ = (2), C = 1'
    """
    changed = True
    while changed:
        changed = False
        for smaller in _smaller(point):
            if fails(smaller):
                point, changed = smaller, True
                break
    return point


def _smaller(point: ExactPoint) -> Iterator[ExactPoint]:
    used = set(point.indices.values())
    for k in range(len(point.rows), 0, -1):
        if len(point.rows) > 1 and k not in used:
            rest = point.rows[: k - 1] + point.rows[k:]
            moved = {x: m - (m > k) for x, m in point.indices.items()}
            yield replace(point, rows=rest, indices=moved)
    for k, row in enumerate(point.rows):
        for base, value in row.items():
            for plain in _plainer(value, base[1]):
                rows = list(point.rows)
                rows[k] = {**row, base: plain}
                yield replace(point, rows=tuple(rows))
    for x, value in point.letters.items():
        for plain in _plainer(value, x):
            yield replace(point, letters={**point.letters, x: plain})


def _plainer(value: Any, x: Any) -> Iterator[Any]:
    plain: Any
    for plain in PLAIN:
        if plain == value:
            return
        if x.is_integer and not plain.is_integer:
            continue
        if x.is_positive and plain == 0:
            continue
        yield plain
