"""Text becomes an expression by a walk over its syntax tree; nothing is executed."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn

import sympy
from sympy import Expr, Rational

from theory.errors import OutOfDomain, meant
from theory.expression_size import MAX_EXPONENT, read_number, require_bounded

FUNCTIONS = {
    name: getattr(sympy, name)
    for name in (
        "sqrt exp log sin cos tan asin acos atan sinh cosh tanh asinh atanh erf erfc "
        "besseli besselj gamma factorial Max Min Abs sign"
    ).split()
} | {"abs": sympy.Abs, "max": sympy.Max, "min": sympy.Min, "ln": sympy.log}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "E": sympy.E}
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
MAX_LENGTH = 10_000
LONG_WHOLE = re.compile(r"(?<![\w.])(\d{4001,})(?![\w.])")
"""A whole number that Python's own parser may refuse for its length."""


def parse_expression(
    text: str,
    names: Mapping[str, Expr],
    argument: str,
    functions: Mapping[str, Callable[..., Expr]] = MappingProxyType({}),
) -> Expr:
    """The SymPy expression that ``text`` spells, with exact numbers.

    Parameters
    ----------
    text
        Python arithmetic; ``^`` is a power too. Decimals are exact: 0.1 is 1/10.
    names
        The symbols that may occur.
    argument
        What to call the text in an error.
    functions
        Functions by name besides the elementary ones.

    Raises
    ------
    OutOfDomain
        When the text is not an expression in the allowed names and functions, or would
        grow beyond what can be computed; see ``theory.expression_size``.

    Examples
    --------
    >>> from theory.notation import t
    >>> parse_expression("(1 + t)^2/0.5", {"t": t}, "kernel")
    2*(t + 1)**2
    """
    if len(text) > MAX_LENGTH:
        raise OutOfDomain(
            f"{argument}: {len(text)} characters; at most {MAX_LENGTH} are allowed"
        )
    text = text.strip()
    # with a point, a long number is read by its text alone, below, and exactly
    spelled = LONG_WHOLE.sub(r"\1.", text.replace("^", "**"))

    def refuse(what: str) -> NoReturn:
        raise OutOfDomain(f"{argument}: {what} in {_short(text)}")

    try:
        tree = ast.parse(spelled, mode="eval")
        require_bounded(tree.body, spelled, refuse)
        known = {**functions, **FUNCTIONS}
        return _walk(tree.body, spelled, names, argument, known)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, OutOfDomain):
            raise
        raise OutOfDomain(
            f"{argument}: {_short(text)} is not an arithmetic expression"
        ) from None
    except ZeroDivisionError:
        raise OutOfDomain(f"{argument}: {_short(text)} divides by zero") from None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _walk(
    node: ast.AST,
    text: str,
    names: Mapping[str, Expr],
    argument: str,
    functions: Mapping[str, Callable[..., Expr]],
) -> Expr:
    def refuse(what: str) -> NoReturn:
        raise OutOfDomain(f"{argument}: {what} in {_short(text)}")

    def walk(child: ast.AST) -> Expr:
        return _walk(child, text, names, argument, functions)

    match node:
        case ast.Constant(value=bool()):
            refuse(f"{node.value} is not a number")
        case ast.Constant(value=int() | float()):
            return _number(ast.get_source_segment(text, node) or "", refuse)
        case ast.Name(id=name):
            if name in names:
                return names[name]
            if name in CONSTANTS:
                return CONSTANTS[name]
            known = ", ".join([*names, *CONSTANTS]) or "numbers only"
            near = meant(name, [*names, *CONSTANTS])
            refuse(f"unknown name {name!r} (known: {known}){near}")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -walk(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return walk(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(walk(left), walk(right), refuse)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            numerator, denominator = walk(left), walk(right)
            if isinstance(op, ast.Div) and denominator.is_zero:
                refuse("division by zero")
            return OPERATORS[type(op)](numerator, denominator)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            if name not in functions:
                known = ", ".join(functions)
                near = meant(name, functions)
                refuse(f"unknown function {name!r} (known: {known}){near}")
            try:
                return functions[name](*map(walk, args))
            except TypeError:
                refuse(f"wrong number of arguments to {name!r}")
    refuse(f"{type(node).__name__} is not allowed")


def _number(literal: str, refuse: Callable[[str], NoReturn]) -> Expr:
    value = read_number(literal, refuse)
    return Rational(value.numerator, value.denominator)


def _power(base: Expr, exponent: Expr, refuse: Callable[[str], NoReturn]) -> Expr:
    if isinstance(exponent, Rational) and abs(exponent) > MAX_EXPONENT:
        refuse(f"an exponent above {MAX_EXPONENT}")
    if base.is_zero and exponent.is_negative:
        refuse("division by zero")
    return base**exponent
