"""Theory's expressions evaluated in ℚ: numbers, sums over levels, and matrices.

A closed table: a head that it lacks is refused, never guessed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import comb, factorial
from typing import Any

import sympy
from flint import fmpq, fmpq_mat, fmpz
from sympy import Add, Expr, Idx, Indexed, Mul, Pow, Rational, Sum, Symbol
from sympy.matrices import expressions as matrices
from sympy.matrices.expressions.matexpr import MatrixElement

from theory.errors import NotEvaluable
from verify.exact.problems.rational_matrices import identity, trace

Values = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Raw:
    """The meaning of a head whose arguments must not be evaluated first: a slope."""

    of: Callable[[Any, Values], Any]


def evaluate(e: Any, values: Values) -> Any:
    """The exact value of an expression.

    Parameters
    ----------
    e
        A SymPy expression of rational operations.
    values
        Symbol → fmpq or int; IndexedBase → list, counted from 1; MatrixSymbol →
        fmpq_mat; an undefined function → a callable; or any subexpression → its value.

    Raises
    ------
    NotEvaluable
        When some head has no exact evaluation here, or a symbol has no value.

    Examples
    --------
    >>> from theory import formulas
    >>> from theory.notation import C, g, lam, levels, ridge
    >>> at = {C: 1, ridge: 2, levels: 2, lam: [1, 3], g: [1, 4]}
    >>> evaluate(formulas["implicit_equation"].lhs, at)
    11/2
    """
    if e in values:
        return _number(values[e])
    rule = values.get(e.func)
    if isinstance(rule, Raw):
        return rule.of(e, values)
    match e:
        case Rational():
            return fmpq(int(e.p), int(e.q))
        case Idx() if e.label in values:
            return _number(values[e.label])
        case Indexed():
            return _indexed(e, values)
        case Sum():
            return _sum(e, values)
        case Add() | matrices.MatAdd():
            return _fold(e.args, values, lambda a, b: a + b)
        case Mul() | matrices.MatMul():
            return _fold(e.args, values, lambda a, b: a * b)
        case matrices.Inverse():
            return evaluate(e.args[0], values).inv()
        case Pow() | matrices.MatPow():
            return _power(evaluate(e.base, values), evaluate(e.exp, values), e)
        case matrices.Identity():
            return identity(int(evaluate(e.args[0], values).p))
        case matrices.Transpose():
            return evaluate(e.args[0], values).transpose()
        case matrices.Trace():
            return trace(evaluate(e.args[0], values))
        case matrices.Determinant():
            return evaluate(e.args[0], values).det()
        case MatrixElement():
            return _element(e, values)
        case sympy.KroneckerDelta():
            a, b = (evaluate(x, values) for x in e.args)
            return fmpq(int(a == b))
    return _function(e, values)


def _number(value: Any) -> Any:
    return fmpq(value) if isinstance(value, int) else value


def _fold(parts: tuple, values: Values, operation: Any) -> Any:
    total = None
    for part in parts:
        value = evaluate(part, values)
        total = value if total is None else operation(total, value)
    return total


def _power(base: Any, exponent: fmpq, e: Expr) -> Any:
    if exponent.q != 1:
        root = _root(base, int(exponent.q)) if isinstance(base, fmpq) else None
        if root is not None:
            return _power(root, fmpq(exponent.p), e)
        raise NotEvaluable(
            f"exact arithmetic: the power {exponent} in {e} is not a whole number"
        )
    power = int(exponent.p)
    if isinstance(base, fmpq_mat):
        base, power = (base.inv(), -power) if power < 0 else (base, power)
        result = identity(base.nrows())
        for _ in range(power):
            result = result * base
        return result
    return base**power if power >= 0 else 1 / base**-power


def _root(base: fmpq, degree: int) -> fmpq | None:
    """The root where it is rational."""
    if base < 0:
        return None
    parts = [fmpz(x).root(degree) for x in (base.p, base.q)]
    found = fmpq(*parts)
    return found if found**degree == base else None


def _indexed(e: Indexed, values: Values) -> fmpq:
    if e.base not in values:
        raise NotEvaluable(f"exact arithmetic: no value for {e}")
    place = values[e.base]
    for index in e.indices:
        place = place[int(evaluate(index, values).p) - 1]
    return _number(place)


def _sum(e: Sum, values: Values) -> fmpq:
    (index, low, high), *inner = e.limits[::-1]
    body = e.function if not inner else Sum(e.function, *inner[::-1])
    bounds = (int(evaluate(x, values).p) for x in (low, high))
    first, last = bounds
    total = fmpq(0)
    for k in range(first, last + 1):
        total += evaluate(body, {**values, index: k})
    return total


def _element(e: MatrixElement, values: Values) -> fmpq:
    """Rows and columns are counted from 1, as on paper."""
    a, b = (int(evaluate(x, values).p) for x in e.args[1:])
    return evaluate(e.args[0], values)[a - 1, b - 1]


def _function(e: Any, values: Values) -> Any:
    if e.func in values:
        return _number(values[e.func](*(evaluate(a, values) for a in e.args)))
    if hasattr(e, "definition"):
        return evaluate(e.definition, values)
    if isinstance(e, sympy.Max | sympy.Min | sympy.Abs):
        parts = [evaluate(a, values) for a in e.args]
        return {"Max": max, "Min": min, "Abs": lambda x: abs(x[0])}[e.func.__name__](
            parts
        )
    if isinstance(e, sympy.factorial | sympy.binomial):
        whole = [int(evaluate(a, values).p) for a in e.args]
        return fmpq((factorial if len(whole) == 1 else comb)(*whole))
    what = (
        f"no value for {e}"
        if isinstance(e, Symbol)
        else f"no rule for {type(e)} in {e}"
    )
    raise NotEvaluable(f"exact arithmetic: {what}")
