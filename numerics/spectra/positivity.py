"""Kernels of the user that are positive semi-definite on every sphere, by structure.

By Schoenberg's theorem these are the kernels with non-negative Taylor coefficients in t.
Sums, products and powers keep them, and so do functions with such coefficients of their
own: e^x, cosh, sinh, arcsin, I_n, and (c − x)^−s and −log(c − x) for x below c. So do, but
for their constant term, −(c − x)^s with 0 < s < 1 for x up to c.
"""

import sympy
from sympy import Add, Expr, Mul, Pow

from theory.chain import Chain
from theory.kernels import Kernel
from theory.notation import d as symbol_d
from theory.notation import t

REASON = "non-negative Taylor coefficients in t, by structure"
MAX_OPERATIONS = 500


def why_positive(kernel: Kernel, d: int) -> str | None:
    """Why all Taylor coefficients are known to be non-negative, or None."""
    if kernel.positive_definite is not None or kernel.family != "expr":
        return kernel.positive_definite
    written = kernel(t)
    if isinstance(written, Chain) or written.count_ops() > MAX_OPERATIONS:
        return None
    return REASON if positive_by_structure(written.subs(symbol_d, d)) else None


def positive_by_structure(e: Expr) -> bool:
    """Whether every Taylor coefficient of ``e`` in t is seen to be at least 0.

    The series then converges at t = 1 too. False says nothing.

    Examples
    --------
    >>> [positive_by_structure(x) for x in (1 / (2 - t), sympy.exp(t**2 - 1), 1 - t)]
    [True, True, False]
    """
    if not e.has(t):
        return bool(e.is_nonnegative)
    if e == t:
        return True
    if isinstance(e, Add):
        moving = [x for x in e.args if x.has(t)]
        rises = all(_rises(x) for x in moving)
        return rises and bool(e.subs(t, 0).is_nonnegative)
    if isinstance(e, Mul):
        constant, rest = e.as_independent(t, as_Add=False)
        if constant.is_negative and isinstance(rest, sympy.log):
            return _rises(e) and bool(e.subs(t, 0).is_nonnegative)
        return all(positive_by_structure(x) for x in e.args)
    if isinstance(e, Pow) and not e.exp.has(t):
        if e.exp.is_Integer and e.exp > 0:
            return positive_by_structure(e.base)
        return bool(e.exp.is_negative) and _falls_short(e.base)
    if isinstance(e, Pow) and not e.base.has(t):
        return bool((e.base - 1).is_nonnegative) and _rises(e.exp)
    if isinstance(e, sympy.exp):
        return _rises(e.args[0])
    if isinstance(e, (sympy.cosh, sympy.sinh)):
        return positive_by_structure(e.args[0])
    if isinstance(e, sympy.asin):
        inside = 1 - e.args[0].subs(t, 1)
        return positive_by_structure(e.args[0]) and bool(inside.is_nonnegative)
    if isinstance(e, sympy.besseli):
        whole = e.args[0].is_Integer and e.args[0] >= 0
        return bool(whole) and positive_by_structure(e.args[1])
    return False


def _rises(e: Expr) -> bool:
    """Whether every coefficient but the constant one is seen to be at least 0."""
    if not e.has(t):
        return True
    if isinstance(e, Add):
        return all(_rises(x) for x in e.args)
    constant, rest = e.as_independent(t, as_Add=False)
    if isinstance(rest, sympy.log) and constant.is_negative:
        return _falls_short(rest.args[0])
    if isinstance(rest, Pow) and constant.is_negative and rest.exp.is_number:
        below_one = rest.exp.is_positive and (1 - rest.exp).is_positive
        return bool(below_one) and _falls_short(rest.base, touching=True)
    return positive_by_structure(e)


def _falls_short(e: Expr, *, touching: bool = False) -> bool:
    """Whether e is c − x with x rising from 0 and below c, or with ``touching`` at most c."""
    last = e.subs(t, 1)
    return _rises(-e) and bool(last.is_nonnegative if touching else last.is_positive)
