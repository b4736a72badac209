"""How large an expression gets, estimated from its syntax tree before SymPy builds it.

SymPy computes factorials, powers and Bessel functions of numbers as soon as they are
written, and the numerics carry as many bits as the largest value has digits. A text of
ten letters can ask for more than any machine holds, so sizes are bounded first: whole
numbers by their bits, values by log2 of their absolute value where every name is at most
1, polynomials by degree and terms, everything by the number of its parts.
"""

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb, log2
from typing import Any, NoReturn

from flint import fmpz

MAX_PARTS = 4000
MAX_DEPTH = 80
MAX_BITS = 150_000
MAX_LOG2 = 150_000.0
MAX_EXPONENT = 1000
MAX_DEGREE = 2000
MAX_TERMS = 20_000
MAX_ORDER = 100
MAX_FACTORIAL = 10_000
MAX_CHOICES = 24
MAX_DIGITS = 20_000
MAX_ROOT_BITS = 4000

ARITIES = dict.fromkeys(
    (
        "sqrt exp ln sin cos tan asin acos atan sinh cosh tanh asinh atanh erf erfc "
        "gamma factorial Abs abs sign"
    ).split(),
    (1, 1),
) | {
    "log": (1, 2),
    "besseli": (2, 2),
    "besselj": (2, 2),
    **dict.fromkeys(("Max", "Min", "max", "min"), (1, MAX_CHOICES)),
}
"""How many arguments each function takes, at least and at most."""

OPERATORS: dict[type, Callable[[Any, Any], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

Refuse = Callable[[str], NoReturn]


@dataclass(frozen=True, slots=True)
class Size:
    """Upper bounds, or estimates, for one part of an expression.

    Attributes
    ----------
    log2
        log2 of the largest absolute value, with every name at most 1.
    bits
        Bits of the exact numbers that are written or computed.
    degree, terms
        As a polynomial in the names, once multiplied out.
    value
        The number, where the part is a short rational number.
    names
        The names that occur.
    """

    log2: float = 0.0
    bits: int = 1
    degree: int = 0
    terms: int = 1
    value: Fraction | None = None
    names: frozenset[str] = frozenset()


def require_bounded(tree: ast.AST, text: str, refuse: Refuse) -> Size:
    """The size of a syntax tree; calls ``refuse`` with the reason where it is too large.

    Parameters
    ----------
    tree
        The syntax tree of an expression.
    text
        What it was parsed from; numbers are read there, exactly.
    refuse
        Raises an error that holds the reason.

    Examples
    --------
    >>> def refuse(reason): raise ValueError(reason)
    >>> size = lambda text: require_bounded(
    ...     ast.parse(text, mode="eval").body, text, refuse
    ... )
    >>> size("(1 + t)**3").degree
    3
    >>> size("factorial(10**7)")
    Traceback (most recent call last):
        ...
    ValueError: factorial of a number up to 1e+07 (at most 10000)
    """
    require_shallow(tree, refuse)
    return _Measure(text, refuse).size(tree)


def require_shallow(tree: ast.AST, refuse: Refuse) -> None:
    """Bound the number of parts and the nesting, level by level, without recursion."""
    level, parts, choices = [tree], 0, 0
    for _ in range(MAX_DEPTH + 1):
        parts += len(level)
        choices += sum(_is_choice(node) for node in level)
        if parts > MAX_PARTS:
            refuse(f"more than {MAX_PARTS} parts")
        if choices > MAX_CHOICES:
            refuse(f"more than {MAX_CHOICES} of Max, Min and Abs")
        level = [
            child
            for node in level
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.operator | ast.unaryop | ast.expr_context)
        ]
        if not level:
            return
    refuse(f"nesting deeper than {MAX_DEPTH}")


def _is_choice(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("Max", "Min", "max", "min", "Abs", "abs", "sign")
    )


def read_number(literal: str, refuse: Refuse) -> Fraction:
    """The exact number that a literal such as ``0.1``, ``1e-40`` or ``0x1f`` spells."""
    literal = literal.replace("_", "").lower()
    if len(literal) > MAX_DIGITS:
        refuse(f"a number of {len(literal)} digits")
    if literal.startswith(("0x", "0b", "0o")):
        return Fraction(int(literal, 0))
    mantissa, _, exponent = literal.partition("e")
    power = int(fmpz(exponent.removeprefix("+") or "0"))
    if abs(power) > MAX_DIGITS:
        refuse(f"an exponent of more than {MAX_DIGITS} in absolute value")
    whole, _, decimals = mantissa.partition(".")
    # FLINT reads whole numbers of any length; Python stops at 4300 digits
    units = int(fmpz(whole + decimals))
    return units * Fraction(10) ** (power - len(decimals))


@dataclass(frozen=True, slots=True)
class _Measure:
    """The walk over one text's syntax tree."""

    text: str
    refuse: Refuse

    def size(self, node: ast.AST) -> Size:
        found = self.unbounded(node)
        if found.bits > MAX_BITS:
            self.refuse(f"a number of about {found.bits} bits (at most {MAX_BITS})")
        if found.log2 > MAX_LOG2:
            self.refuse(
                f"a value up to about 2^{found.log2:.3g} (at most 2^{MAX_LOG2:.0f})"
            )
        if found.degree > MAX_DEGREE:
            self.refuse(f"a polynomial of degree {found.degree} (at most {MAX_DEGREE})")
        if found.terms > MAX_TERMS:
            self.refuse(
                f"a polynomial of about {found.terms} terms (at most {MAX_TERMS})"
            )
        return found

    def unbounded(self, node: ast.AST) -> Size:
        match node:
            case ast.Constant(value=bool()):
                return Size()
            case ast.Constant(value=int() | float()):
                literal = ast.get_source_segment(self.text, node) or "0"
                return _of_number(read_number(literal, self.refuse))
            case ast.Name(id="pi" | "e" | "E"):
                return Size(log2=2.0)
            case ast.Name(id=name):
                return Size(degree=1, names=frozenset({name}))
            case ast.UnaryOp(operand=operand):
                inner = self.size(operand)
                if isinstance(node.op, ast.USub) and inner.value is not None:
                    return replace(inner, value=-inner.value)
                return inner
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return _power(self.size(left), self.size(right), self.refuse)
            case ast.BinOp(left=left, op=op, right=right):
                return _arithmetic(self.size(left), op, self.size(right))
            case ast.Call(func=ast.Name(id=name), args=args):
                return _call(name, [self.size(x) for x in args], self.refuse)
        return Size()  # what is not allowed is refused by the parser, in its own words


def _of_number(value: Fraction) -> Size:
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    return Size(log2=_log2(value), bits=bits, value=value)


def _log2(value: Fraction | None) -> float:
    """log2|value| from above, 0 for what is unknown or 0."""
    if not value:
        return 0.0
    numerator, denominator = abs(value.numerator), value.denominator
    if max(numerator, denominator).bit_length() < 1000:
        return log2(numerator) - log2(denominator)
    return float(numerator.bit_length() - denominator.bit_length() + 1)


def _arithmetic(a: Size, op: ast.AST, b: Size) -> Size:
    names = a.names | b.names
    known = a.value is not None and b.value is not None
    if known and a.bits + b.bits <= MAX_BITS and type(op) in OPERATORS:
        divides_by_zero = isinstance(op, ast.Div) and not b.value
        return (
            Size()
            if divides_by_zero
            else _of_number(OPERATORS[type(op)](a.value, b.value))
        )
    bits = a.bits + b.bits
    if isinstance(op, ast.Add | ast.Sub):
        log2 = max(a.log2, b.log2) + 1
        return Size(log2, bits, max(a.degree, b.degree), a.terms + b.terms, None, names)
    if isinstance(op, ast.Div):
        known = b.value is not None
        log2 = a.log2 - b.log2 if known else a.log2
        return Size(log2, bits, a.degree + b.degree, a.terms, None, names)
    terms = min(a.terms * b.terms, _most_terms(a.degree + b.degree, len(names)))
    return Size(a.log2 + b.log2, bits, a.degree + b.degree, terms, None, names)


def _most_terms(degree: int, names: int) -> int:
    """How many monomials there are up to a degree; a huge number beyond the limit."""
    if not names:
        return 1
    if names > 20 and degree > 20:
        return MAX_TERMS + 1
    return comb(degree + names, min(degree, names))


def _power(base: Size, exponent: Size, refuse: Refuse) -> Size:
    q = exponent.value
    if q is None:
        growth = 2.0 ** min(exponent.log2, 60.0)
        return Size(
            max(base.log2, 1.0) * growth if base.value not in {0, 1} else 0.0,
            base.bits + exponent.bits,
            names=base.names | exponent.names,
        )
    if abs(q) > MAX_EXPONENT:
        refuse(f"an exponent above {MAX_EXPONENT}")
    if q.denominator > MAX_EXPONENT:
        refuse(f"an exponent with a denominator above {MAX_EXPONENT}")
    if q.denominator != 1 and base.value is not None and base.bits > MAX_ROOT_BITS:
        refuse(f"a root of a number of {base.bits} bits (at most {MAX_ROOT_BITS})")
    whole = q.denominator == 1
    bits = base.bits * max(1, -(-abs(q.numerator) // q.denominator))
    if whole and base.value and bits <= MAX_BITS:
        return _of_number(base.value ** int(q))
    power = int(abs(q)) if whole else 1
    degree = base.degree * power
    terms = 1
    if base.terms > 1 and degree <= MAX_DEGREE:
        few = min(power, base.terms - 1)
        raised = comb(base.terms - 1 + power, few) if few < 40 else MAX_TERMS + 1
        terms = min(raised, _most_terms(degree, len(base.names)))
    log2 = base.log2 * float(abs(q)) if q > 0 or base.value is not None else 0.0
    return Size(log2, bits, degree, terms, None, base.names)


def _call(name: str, given: list[Size], refuse: Refuse) -> Size:
    if name not in ARITIES:
        return Size()
    least, most = ARITIES[name]
    if not least <= len(given) <= most:
        allowed = str(least) if least == most else f"{least} to {most}"
        refuse(f"{name!r} takes {allowed} argument(s), not {len(given)}")
    bits = sum(x.bits for x in given)
    names = frozenset[str]().union(*(x.names for x in given))
    last = given[-1]
    largest = 2.0 ** min(last.log2, 1000.0)
    if name in {"exp", "sinh", "cosh"}:
        return Size(1.4427 * largest, bits, names=names)
    if name in {"gamma", "factorial"}:
        if largest > MAX_FACTORIAL:
            refuse(f"{name} of a number up to {largest:.3g} (at most {MAX_FACTORIAL})")
        size = largest * max(log2(largest + 1), 1.0)
        return Size(size, bits + int(size), names=names)
    if name in {"besseli", "besselj"}:
        order = given[0]
        if 2.0 ** min(order.log2, 1000.0) > MAX_ORDER or order.names:
            refuse(f"{name} of an order that is no number up to {MAX_ORDER}")
        return Size(1.4427 * largest if name == "besseli" else 0.0, bits, names=names)
    if name in {"erf", "erfc"} and largest > MAX_FACTORIAL:
        refuse(f"{name} of a number up to {largest:.3g} (at most {MAX_FACTORIAL})")
    if name == "sqrt" and last.value is not None and last.bits > MAX_ROOT_BITS:
        refuse(f"a root of a number of {last.bits} bits (at most {MAX_ROOT_BITS})")
    if name in {"Max", "Min", "max", "min", "Abs", "abs", "sqrt"}:
        largest_log = max(x.log2 for x in given)
        return Size(
            largest_log / 2 if name == "sqrt" else largest_log, bits, names=names
        )
    return Size(4.0, bits, names=names)
