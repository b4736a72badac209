"""What a statement says at one point: expressions with matrices, sums and slopes.

A closed table: what it does not know, it refuses. Letters are looked up in a point;
a letter that stands for an expression is evaluated on demand, so that a slope reaches
through it.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import (
    Add,
    Basic,
    Function,
    Idx,
    Indexed,
    KroneckerDelta,
    MatrixSymbol,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
)
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions import (
    Determinant,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from theory.constant.learnability import learnability, unlearned
from theory.data_set.symbols import entry, scalar, sign_mean, signs, slope
from theory.derivations.checks import exact_fields
from theory.derivations.checks.exact_fields import Field, FieldDualNumber, Matrix
from theory.errors import NotEvaluable


@dataclass(frozen=True)
class Point:
    """Values of letters in a field.

    Attributes
    ----------
    field
        Integers modulo a prime, or fractions.
    numbers
        Symbol, or a pair (IndexedBase, index), to an element of the field.
    sizes
        Symbols that count something, to whole numbers.
    matrices
        A matrix letter to rows of elements.
    diagonals
        A matrix letter to the IndexedBase on its diagonal.
    means
        A letter, or the head of a function, to what it stands for: an expression, a
        pair of parameters and an expression, or a function of the free indices.
    local
        Letters whose value depends on a free index; they are not remembered.
    seen
        Values of letters that were evaluated before, by letter and slope.
    """

    field: Field
    numbers: Mapping[Any, Any]
    sizes: Mapping[Basic, int]
    matrices: Mapping[Basic, list[list[Any]]] = dataclasses.field(default_factory=dict)
    diagonals: Mapping[Basic, Any] = dataclasses.field(default_factory=dict)
    means: Mapping[Any, Any] = dataclasses.field(default_factory=dict)
    local: frozenset[Any] = frozenset()
    seen: dict[Any, Any] = dataclasses.field(default_factory=dict)


def evaluate(
    e: Basic, at: Point, indices: Mapping[Basic, int] | None = None
) -> FieldDualNumber | Matrix:
    """The value of an expression at a point, for given values of its free indices.

    Raises
    ------
    NotEvaluable
        When the expression holds a head or a letter that has no meaning there.
    ZeroDivisionError
        When the point lies on a pole.
    """
    return _Walk(at, indices or {}, None).visit(e)


@dataclass(frozen=True, slots=True)
class _Walk:
    at: Point
    indices: Mapping[Basic, int]
    along: Any

    def number(self, value: int, denominator: int = 1) -> FieldDualNumber:
        field = self.at.field
        zero = exact_fields.constant(field, 0)
        return FieldDualNumber(exact_fields.constant(field, value, denominator), zero)

    def leaf(self, key: Any) -> FieldDualNumber:
        one = key == self.along
        value = self.at.numbers[key]
        return FieldDualNumber(value, exact_fields.constant(self.at.field, int(one)))

    def bound(self, extra: Mapping[Basic, int]) -> "_Walk":
        return _Walk(self.at, {**self.indices, **extra}, self.along)

    def whole(self, e: Basic) -> int:
        """An index or a size."""
        if e in self.indices:
            return self.indices[e]
        if e in self.at.sizes:
            return self.at.sizes[e]
        if isinstance(e, Rational) and e.q == 1:
            return int(e)
        if isinstance(e, Add):
            return sum(self.whole(a) for a in e.args)
        if isinstance(e, Mul):
            left, right = e.as_two_terms()
            return self.whole(left) * self.whole(right)
        raise NotEvaluable(f"{e} is not a whole number at this point")

    def visit(self, e: Any) -> Any:
        for heads, rule in RULES:
            if isinstance(e, heads):
                return rule(self, e)
        raise NotEvaluable(f"{type(e).__name__}: a check has no rule for {e}")


def _rational(walk: _Walk, e: Any) -> FieldDualNumber:
    return walk.number(e.p, e.q)


def _symbol(walk: _Walk, e: Any) -> Any:
    if e in walk.at.numbers:
        return walk.leaf(e)
    if e in walk.indices or e in walk.at.sizes:
        return walk.number(walk.whole(e))
    if e in walk.at.means:
        meaning = walk.at.means[e]
        if not isinstance(meaning, Basic):
            return meaning(walk.at, walk.indices)
        if e in walk.at.local:
            return walk.visit(meaning)
        key = (e, walk.along)
        if key not in walk.at.seen:
            walk.at.seen[key] = walk.visit(meaning)
        return walk.at.seen[key]
    if e in walk.at.matrices:
        zero = exact_fields.constant(walk.at.field, 0)
        return [[FieldDualNumber(x, zero) for x in row] for row in walk.at.matrices[e]]
    if e in walk.at.diagonals:
        return _diagonal(walk, e)
    raise NotEvaluable(f"the letter {e} has no value at this point")


def _diagonal(walk: _Walk, e: Any) -> Matrix:
    base, size = walk.at.diagonals[e], walk.whole(e.rows)
    entries = [walk.leaf((base, index)) for index in range(1, size + 1)]
    return [
        [entries[r] if r == c else walk.number(0) for c in range(size)]
        for r in range(size)
    ]


def _indexed(walk: _Walk, e: Any) -> Any:
    position = tuple(walk.whole(index) for index in e.indices)
    if (e.base, *position) in walk.at.numbers:
        return walk.leaf((e.base, *position))
    if e.base in walk.at.means:
        parameters, body = walk.at.means[e.base]
        return walk.bound(dict(zip(parameters, position, strict=True))).visit(body)
    raise NotEvaluable(f"{e} has no value at this point")


def _applied(walk: _Walk, e: Any) -> Any:
    if e.func not in walk.at.means:
        raise NotEvaluable(f"the function {e.func} has no meaning at this point")
    parameters, body = walk.at.means[e.func]
    position = [walk.whole(a) for a in e.args]
    return walk.bound(dict(zip(parameters, position, strict=True))).visit(body)


def _sum(walk: _Walk, e: Any) -> FieldDualNumber:
    total = walk.number(0)
    (index, low, high), *rest = e.limits[::-1]
    body = Sum(e.function, *rest[::-1]) if rest else e.function
    for value in range(walk.whole(low), walk.whole(high) + 1):
        total = total + walk.bound({index: value}).visit(body)
    return total


def _plus(walk: _Walk, e: Any) -> Any:
    total = walk.visit(e.args[0])
    for a in e.args[1:]:
        total = _entrywise_sum(total, walk.visit(a))
    return total


def _entrywise_sum(a: Any, b: Any) -> Any:
    if isinstance(a, FieldDualNumber):
        return a + b
    if (len(a), len(a[0])) != (len(b), len(b[0])):
        raise NotEvaluable(
            f"a sum of {len(a)} × {len(a[0])} and {len(b)} × {len(b[0])} matrices"
        )
    return [
        [x + y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)
    ]


def _times(walk: _Walk, e: Any) -> Any:
    total = walk.visit(e.args[0])
    for a in e.args[1:]:
        total = _multiply(total, walk.visit(a))
    return total


def _multiply(a: Any, b: Any) -> Any:
    if isinstance(a, FieldDualNumber) and isinstance(b, FieldDualNumber):
        return a * b
    if isinstance(a, FieldDualNumber):
        return [[a * x for x in row] for row in b]
    if isinstance(b, FieldDualNumber):
        return [[x * b for x in row] for row in a]
    if len(a[0]) != len(b):
        raise NotEvaluable(
            f"a product of {len(a)} × {len(a[0])} and {len(b)} × {len(b[0])} matrices"
        )
    return exact_fields.product(a, b)


def _power(walk: _Walk, e: Any) -> Any:
    base, exponent = walk.visit(e.base), walk.whole(e.exp)
    field = walk.at.field
    scalar_base = isinstance(base, FieldDualNumber)
    one: Any = (
        walk.number(1) if scalar_base else exact_fields.identity(len(base), field)
    )
    if exponent < 0:
        base = one / base if scalar_base else exact_fields.inverse(base, field)
    total = one
    for _ in range(abs(exponent)):
        total = _multiply(total, base)
    return total


def _trace(walk: _Walk, e: Any) -> FieldDualNumber:
    rows = walk.visit(e.args[0])
    if len(rows) != len(rows[0]):
        raise NotEvaluable(f"the trace of a {len(rows)} × {len(rows[0])} matrix")
    total = rows[0][0]
    for r in range(1, len(rows)):
        total = total + rows[r][r]
    return total


def _element(walk: _Walk, e: Any) -> FieldDualNumber:
    rows = walk.visit(e.parent)
    return rows[walk.whole(e.i) - 1][walk.whole(e.j) - 1]


def _sign_mean(walk: _Walk, e: Any) -> FieldDualNumber:
    size = walk.whole(signs.rows)
    total = walk.number(0)
    for chosen in product((-1, 1), repeat=size):
        column = [[exact_fields.constant(walk.at.field, x)] for x in chosen]
        matrices = {**walk.at.matrices, signs: column}
        at = dataclasses.replace(walk.at, matrices=matrices, seen={})
        total = total + _Walk(at, walk.indices, walk.along).visit(e.args[0])
    return total / walk.number(2**size)


def _entry(walk: _Walk, e: Any) -> FieldDualNumber:
    body, row, column = e.args
    rows, r, c = walk.visit(body), walk.whole(row), walk.whole(column)
    if r > len(rows) or c > len(rows[0]):
        raise NotEvaluable(f"entry ({r}, {c}) of a {len(rows)} × {len(rows[0])} matrix")
    return rows[r - 1][c - 1]


def _slope(walk: _Walk, e: Any) -> FieldDualNumber:
    body, x = e.args
    if walk.along is not None:
        raise NotEvaluable(f"{e}: a slope of a slope")
    key = x
    if isinstance(x, Indexed):
        key = (x.base, *(walk.whole(index) for index in x.indices))
    value = _Walk(walk.at, walk.indices, key).visit(body)
    return FieldDualNumber(value.slope, exact_fields.constant(walk.at.field, 0))


RULES: tuple[tuple[Any, Any], ...] = (
    (Rational, _rational),
    (MatrixElement, _element),
    (Indexed, _indexed),
    ((Symbol, MatrixSymbol, Idx), _symbol),
    (Identity, lambda w, e: exact_fields.identity(w.whole(e.rows), w.at.field)),
    (
        ZeroMatrix,
        lambda w, e: [[w.number(0)] * w.whole(e.cols) for _ in range(w.whole(e.rows))],
    ),
    (Inverse, lambda w, e: exact_fields.inverse(w.visit(e.arg), w.at.field)),
    (Transpose, lambda w, e: exact_fields.transposed(w.visit(e.arg))),
    (Trace, _trace),
    (Determinant, lambda w, e: exact_fields.determinant(w.visit(e.arg), w.at.field)),
    ((MatPow, Pow), _power),
    ((MatAdd, Add), _plus),
    ((MatMul, Mul), _times),
    (Sum, _sum),
    (slope, _slope),
    (entry, _entry),
    (sign_mean, _sign_mean),
    (scalar, lambda w, e: w.visit(e.args[0])[0][0]),
    ((learnability, unlearned), lambda w, e: w.visit(e.definition)),
    (KroneckerDelta, lambda w, e: w.number(w.whole(e.args[0]) == w.whole(e.args[1]))),
    (AppliedUndef, _applied),
    (Function, _applied),
)
