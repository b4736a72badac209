"""Kernels from kernels: sums, products, functions of a kernel, and K/K(1).

The text of a combination holds its parts in brackets, ``sum:[ntk:relu][exponential]``,
and a chain stays a chain: the parts' steps follow each other under new names.
"""

from typing import Any

from sympy import Expr, Symbol

from theory.chain import Chain
from theory.errors import OutOfDomain
from theory.expression_size import MAX_DEGREE
from theory.notation import t, u

MAX_NESTING = 16
MAX_OPERATIONS = 20_000
PARTS = {"sum": 2, "product": 2, "compose": 2, "normalized": 1}


def brackets(text: str) -> list[str]:
    """The parts of ``[…][…]``, which may themselves hold brackets.

    Raises
    ------
    OutOfDomain
        When the brackets do not match, or are nested deeper than 16.

    Examples
    --------
    >>> brackets("[a:b][sum:[c][d]]")
    ['a:b', 'sum:[c][d]']
    """
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        if letter == "[":
            if depth == 0:
                start = place + 1
            depth += 1
            if depth > MAX_NESTING:
                raise OutOfDomain(
                    f"kernel {text[:60]!r}…: brackets nested deeper than {MAX_NESTING}"
                )
        elif letter == "]":
            depth -= 1
            if depth == 0:
                parts.append(text[start:place])
        elif depth == 0 and not letter.isspace():
            depth = -1
        if depth < 0:
            break
    if depth:
        raise OutOfDomain(f"kernel {text[:200]!r}: the brackets do not match")
    return parts


def as_chain(e: Expr | Chain) -> Chain:
    """An expression as a chain without steps."""
    return e if isinstance(e, Chain) else Chain((), e)


def renamed(chain: Chain, suffix: str) -> Chain:
    """The chain with a suffix on the name of every step."""
    names = {s: Symbol(f"{s.name}{suffix}", real=True) for s, _ in chain.bindings}
    replaced = tuple((names[s], e.xreplace(names)) for s, e in chain.bindings)
    return Chain(replaced, chain.result.xreplace(names))


def joined(chains: list[Chain], combine: Any) -> Chain:
    """Several chains as one; the results are combined.

    Examples
    --------
    >>> joined([Chain((), t), Chain((), t**2)], lambda a, b: a + b).expand()
    t**2 + t
    """
    parts = [renamed(chain, f"^{place}") for place, chain in enumerate(chains)]
    steps = tuple(step for part in parts for step in part.bindings)
    return Chain(steps, combine(*(part.result for part in parts)))


def combined(kind: str, parts: list[Any], *, half: bool) -> Expr | Chain:
    """K of a combination, in t or in u; one expression if all its parts are."""
    top = {u: 0} if half else {t: 1}
    forms = [part.half() if half else part(t) for part in parts]
    chains = [as_chain(form) for form in forms]
    if kind == "sum":
        chain = joined(chains, lambda a, b: a + b)
    elif kind == "product":
        chain = joined(chains, lambda a, b: a * b)
    elif kind == "compose":
        outer = parts[0](t)
        if isinstance(outer, Chain):
            raise OutOfDomain(
                f"compose: the outer kernel {parts[0]} must be one expression in t"
            )
        chain = joined([chains[1]], lambda inner: outer.subs(t, inner))
    else:
        ends = [chains[0], chains[0].subs(top)]
        if ends[1].result.is_zero:
            raise OutOfDomain(f"normalized: {parts[0]} is 0 at t = 1")
        chain = joined(ends, lambda value, at_one: value / at_one)
    written = half or any(isinstance(form, Chain) for form in forms)
    return chain if written else chain.result


def positive_definite(kind: str, parts: list[Any]) -> str | None:
    """Why a combination is positive semi-definite, or None if that is not known."""
    reasons = [part.positive_definite for part in parts]
    if any(reason is None for reason in reasons):
        return None
    if kind == "compose":
        taylor = "non-negative Taylor coefficients in t"
        same = reasons[0] == taylor
        return f"{taylor} of a positive semi-definite kernel" if same else None
    words = {"sum": "a sum", "product": "a product", "normalized": "a multiple"}
    return f"{words[kind]} of positive semi-definite kernels"


def require_bounded(kind: str, parts: list[Any]) -> None:
    """Refuse a combination that would be written with too many operations.

    Raises
    ------
    OutOfDomain
        When it would have more than 20 000 operations, or a degree above 2000 in t.
    """
    degree, operations = extent(kind, parts)
    if degree > MAX_DEGREE:
        raise OutOfDomain(
            f"{kind}: a polynomial of degree {degree} in t (at most {MAX_DEGREE})"
        )
    if operations > MAX_OPERATIONS:
        raise OutOfDomain(
            f"{kind}: about {operations} operations (at most {MAX_OPERATIONS})"
        )


def extent(kind: str, parts: list[Any]) -> tuple[int, int]:
    """Degree in t (0: no polynomial) and operations of a combination, from above."""
    degrees, operations = zip(*map(_extent_of, parts), strict=True)
    if kind == "compose":
        inner = 1 if isinstance(parts[1](t), Chain) else operations[1]
        return degrees[0] * degrees[1], operations[0] * inner + operations[1]
    if kind == "normalized":
        return degrees[0], 2 * operations[0] + 1
    both = sum(degrees) if kind == "product" else max(degrees)
    return (both if all(degrees) else 0), sum(operations) + 1


def _extent_of(kernel: Any) -> tuple[int, int]:
    if kernel.family in PARTS:
        return extent(kernel.family, [part for _, part in kernel.parameters])
    given = dict(kernel.parameters)
    if "degree" in given:
        return int(given["degree"]), 3
    if "depth" in given:
        return 0, int(given["depth"])
    if kernel.family == "expr":
        written = given["expression"]
        return _degree(written), int(written.count_ops()) + 1
    return 0, 10


def _degree(e: Expr) -> int:
    """The degree in t of what is a polynomial as it is written; 0 for all else."""
    if e == t:
        return 1
    below = [_degree(x) for x in e.args] if e.has(t) else []
    if e.is_Add:
        return max(below, default=0)
    if e.is_Mul:
        return sum(below)
    if e.is_Pow and e.exp.is_Integer and e.exp > 0:
        return below[0] * int(e.exp) if below else 0
    return 0
