"""Mutants of an expression: one small mistake each, of the kinds that people make.

A sign, an exponent, a dropped term or factor, a swapped symbol, an off-by-one. Every
place of the expression tree gets each mistake that fits it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, Expr, Idx, Indexed, Mul, Pow, Rational, Sum, Symbol, Tuple
from sympy.core.function import Function
from sympy.matrices import expressions as matrices

from theory.formula import Formula

SUMS = (Add, matrices.MatAdd)
PRODUCTS = (Mul, matrices.MatMul)
BARE = (Symbol, Rational, matrices.MatrixSymbol, matrices.Identity)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A formula with one mistake.

    Attributes
    ----------
    formula
        The formula, with the mistake in it.
    kind
        ``sign``, ``exponent``, ``dropped``, ``swapped`` or ``off by one``.
    where
        The piece that was changed, and what it became.
    """

    formula: Formula
    kind: str
    where: str

    @property
    def name(self) -> str:
        """What identifies the mutant in the list of survivors."""
        return f"{self.formula.name} [{self.kind}] {self.where}"


def mutants(formula: Formula) -> Iterator[Mutant]:
    """Every mutant of a formula: of its right side, or of the left where that speaks.

    Examples
    --------
    >>> from theory import formulas
    >>> [m.where for m in mutants(formulas["test_mse"]) if m.kind == "exponent"]
    ['E_0 -> E_0**2', 'B -> B**2', 'sigma2 -> sigma2**2']
    """
    side = "lhs" if isinstance(formula.rhs, BARE) else "rhs"
    for kind, where, mutated in changed(getattr(formula, side)):
        yield Mutant(replace(formula, **{side: mutated}), kind, where)


def changed(original: Any) -> Iterator[tuple[str, str, Any]]:
    """Every expression that has one mistake: its kind, where, and the expression.

    Examples
    --------
    >>> from sympy.abc import x
    >>> [str(e) for _, _, e in changed(x**2)]
    ['-x**2', 'x**3', 'x', 'x**(-2)', 'x**4', '(x + 1)**2']
    """
    symbols = sorted(_plain_symbols(original), key=str)
    seen = {original}
    for path, piece in _places(original):
        for kind, other in _mistakes(piece, symbols):
            try:
                mutated = _put(original, path, other)
            except (TypeError, ValueError, AttributeError):
                continue
            if mutated in seen:
                continue
            seen.add(mutated)
            yield kind, f"{piece} -> {other}", mutated


def _plain_symbols(e: Any) -> set[Symbol]:
    """Scalar symbols that stand on their own, outside indices, limits and matrices."""
    found = set()
    for _, piece in _places(e):
        if isinstance(piece, Symbol) and not piece.is_Matrix:
            found.add(piece)
    return found


def _places(
    e: Any, path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Every piece of an expression with the way to it; a Sum's limits by their ends."""
    yield path, e
    if isinstance(
        e, Indexed | Idx | Symbol | matrices.MatrixSymbol | matrices.Identity
    ):
        return
    if isinstance(e, Sum):
        yield from _places(e.function, (*path, 0))
        for number in range(1, len(e.args)):
            yield (*path, number), e.args[number]
        return
    for number, part in enumerate(e.args):
        if isinstance(part, Expr | matrices.MatrixExpr):
            yield from _places(part, (*path, number))


def _put(e: Any, path: tuple[int, ...], new: Any) -> Any:
    """The expression with another piece at a place."""
    if not path:
        return new
    parts = list(e.args)
    parts[path[0]] = _put(parts[path[0]], path[1:], new)
    return e.func(*parts)


def _mistakes(e: Any, symbols: list[Symbol]) -> Iterator[tuple[str, Any]]:
    parts: Any = e.args
    if isinstance(e, Expr) and not isinstance(e, Symbol | Rational | Idx):
        yield "sign", -e
    if isinstance(e, SUMS):
        for k, term in enumerate(e.args):
            rest = [*e.args[:k], *e.args[k + 1 :]]
            yield "dropped", e.func(*rest)
            yield "sign", e.func(*rest, -1 * term)
    if isinstance(e, PRODUCTS):
        for k, factor in enumerate(e.args):
            if factor != -1:
                yield "dropped", e.func(*e.args[:k], *e.args[k + 1 :])
    if isinstance(e, Pow):
        yield "exponent", e.base ** (e.exp + 1)
        yield "exponent", e.base ** (e.exp - 1)
        yield "exponent", e.base**-e.exp
    if isinstance(e, matrices.Inverse):
        yield "exponent", e.args[0]
    if isinstance(e, matrices.Transpose):
        yield "dropped", e.args[0]
    if isinstance(e, Function | Indexed):
        yield "exponent", e**2
    if isinstance(e, Indexed) and not isinstance(parts[1], Idx):
        base: Any = e.base
        yield "off by one", base[parts[1] + 1]
    if isinstance(e, Symbol) and not e.is_Matrix:
        yield "exponent", e**2
        yield "off by one", e + 1
        for other in symbols:
            if other != e:
                yield "swapped", other
    if isinstance(e, Function) and len(e.args) == 2:
        yield "swapped", e.func(*e.args[::-1])
    if isinstance(e, Rational) and e != -1:
        yield "off by one", e + 1
        yield "off by one", e - 1
    if isinstance(e, matrices.Identity):
        yield "off by one", 2 * e
    if isinstance(e, Tuple):
        index, low, high = parts
        yield "off by one", Tuple(index, low + 1, high)
        yield "off by one", Tuple(index, low, high - 1)
