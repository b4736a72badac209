"""Slopes carried out along the implicit equation, letters of statistics written out."""

from collections.abc import Iterable
from typing import Any

from sympy import Derivative
from sympy.core.function import AppliedUndef

from theory.constant.implicit import implicit_equation
from theory.constant.level_sums import slope as partial_slope
from theory.data_set.symbols import slope
from theory.derivations.workbench.letters import NAMES, expanded
from theory.notation import C


def total_slope(e: Any, x: Any) -> Any:
    """The derivative of e along x through C; a slope in C itself is partial."""
    if x == C:
        return partial_slope(e, C)
    equation = implicit_equation()
    if partial_slope(equation.left - equation.n, x) == 0 or not e.has(C):
        return partial_slope(e, x)
    return equation.derivative_of(e, x)


def carried_out(e: Any) -> Any:
    """All slopes and derivatives, with the letters of statistics written out.

    Examples
    --------
    >>> from theory import notation
    >>> from theory.notation import n
    >>> carried_out(slope(notation.ridge / C, n) * 0 + slope(n**2, n))
    2*n
    """
    e = with_slopes(e)
    while e.has(slope):
        inner = {s for s in e.atoms(slope) if not s.args[0].has(slope)}
        e = e.xreplace({s: total_slope(expanded(s.args[0]), s.args[1]) for s in inner})
    return expanded(e)


def with_slopes(e: Any) -> Any:
    """SymPy's derivatives as slopes through C, which letters of statistics have too.

    Examples
    --------
    >>> from theory.notation import n, test_mse
    >>> with_slopes(Derivative(test_mse, n))
    slope(E, n)
    """
    if not hasattr(e, "replace") or not e.has(Derivative):
        return e
    e = e.replace(
        lambda a: isinstance(a, Derivative) and isinstance(a.expr, AppliedUndef),
        lambda a: _of_function(a),
    )
    return e.replace(
        lambda a: isinstance(a, Derivative),
        lambda a: _nested(a.expr, a.variables),
    )


def _of_function(a: Any) -> Any:
    named = {str(x): x for x in NAMES.values()} | {"C": C}
    head = named.get(a.expr.func.__name__)
    return a if head is None else _nested(head, a.variables)


def _nested(e: Any, letters: Iterable[Any]) -> Any:
    for x in letters:
        e = slope(e, x)
    return e
