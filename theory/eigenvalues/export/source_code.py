"""A closed form as source code: a function of the level, the dimension and parameters.

1/Γ is written as the entire function that it is, so that zeros by parity are computed
as zeros and not as a division by a pole.
"""

from collections.abc import Sequence
from typing import Any

from sympy import (
    Abs,
    Eq,
    Expr,
    Function,
    KroneckerDelta,
    Piecewise,
    Pow,
    Symbol,
    besseli,
    exp,
    gamma,
    powsimp,
    true,
)
from sympy.printing.mathematica import MCodePrinter
from sympy.printing.numpy import SciPyPrinter
from sympy.printing.pycode import MpmathPrinter

from theory.errors import OutOfDomain, Unsupported, meant
from theory.notation import d, k, t

FEW = {(0, 1): "hyp0f1", (1, 1): "hyp1f1", (2, 1): "hyp2f1"}


class rgamma(Function):
    """1/Γ, an entire function; only ever printed."""

    nargs = 1


class scaled_besseli(Function):
    """e^(−|x|) I_ν(x), which float64 holds where I_ν overflows; only ever printed."""

    nargs = 2


def with_scaled(e: Expr) -> Expr:
    """I_ν(x) as e^|x| times the scaled function, with exponentials joined.

    Examples
    --------
    >>> from sympy import besseli, exp
    >>> with_scaled(exp(-800) * besseli(3, 800))
    scaled_besseli(3, 800)
    """
    e = e.replace(besseli, lambda nu, x: exp(Abs(x)) * scaled_besseli(nu, x))
    return powsimp(e, combine="exp")


def with_reciprocals(e: Expr) -> Expr:
    """1/Γ(x)^n as the entire function rgamma(x)^n, and δ as a case.

    Examples
    --------
    >>> from sympy import pi
    >>> with_reciprocals(pi / gamma(k) ** 2)
    pi*rgamma(k)**2
    """
    e = e.replace(lambda x: isinstance(x, KroneckerDelta), _case)
    return e.replace(
        lambda x: (
            isinstance(x, Pow)
            and isinstance(x.base, gamma)
            and x.exp.is_Integer
            and x.exp < 0
        ),
        lambda x: rgamma(x.base.args[0]) ** -x.exp,
    )


def _case(delta: Expr) -> Expr:
    return Piecewise((1, Eq(*delta.args)), (0, true))


class _Mpmath(MpmathPrinter):
    """SymPy's printer, with reciprocal Gamma functions and pFq."""

    def _print_rgamma(self, expr):
        return self._called("mpmath.rgamma", expr.args)

    def _print_hyper(self, expr):
        above, below = (
            "[" + ", ".join(map(self._print, part)) + "]" for part in expr.args[:2]
        )
        head = self._module_format("mpmath.hyper")
        return f"{head}({above}, {below}, {self._print(expr.args[2])})"

    def _print_besseli(self, expr):
        return self._called("mpmath.besseli", expr.args)

    def _print_besselj(self, expr):
        return self._called("mpmath.besselj", expr.args)

    def _called(self, name: str, arguments: Sequence[Any]) -> str:
        printed = ", ".join(map(self._print, arguments))
        return f"{self._module_format(name)}({printed})"


class _SciPy(SciPyPrinter):
    """SymPy's printer, with reciprocal Gamma functions and the pFq that SciPy has."""

    def _print_rgamma(self, expr):
        head = self._module_format("scipy.special.rgamma")
        return f"{head}({self._print(expr.args[0])})"

    def _print_scaled_besseli(self, expr):
        head = self._module_format("scipy.special.ive")
        return f"{head}({', '.join(map(self._print, expr.args))})"

    def _print_Piecewise(self, expr):
        text = "nan"
        for value, condition in reversed(expr.args):
            chosen = self._print(value)
            if condition == True:  # noqa: E712
                text = chosen
            else:
                text = f"({chosen} if {self._print(condition)} else {text})"
        return text

    def _print_hyper(self, expr):
        size = (len(expr.args[0]), len(expr.args[1]))
        if size not in FEW:
            raise Unsupported(
                f"{size[0]}F{size[1]} is not in SciPy; take language = 'mpmath'"
            )
        parts = [*expr.args[0], *expr.args[1], expr.args[2]]
        printed = ", ".join(map(self._print, parts))
        return f"{self._module_format(f'scipy.special.{FEW[size]}')}({printed})"


class _Mathematica(MCodePrinter):
    """SymPy's printer, with cases."""

    def _print_Piecewise(self, expr):
        cases = ", ".join(
            f"{{{self._print(value)}, {self._print(condition)}}}"
            for value, condition in expr.args
        )
        return f"Piecewise[{{{cases}}}]"

    def _print_Relational(self, expr):
        left, right = self._print(expr.lhs), self._print(expr.rhs)
        return f"{left} {expr.rel_op} {right}"

    def _print_BooleanTrue(self, expr):  # noqa: ARG002
        return "True"


def _arguments(e: Expr) -> list[Symbol]:
    first = [symbol for symbol in (k, d) if symbol in e.free_symbols]
    return first + sorted(e.free_symbols - {k, d}, key=str)


def _python(e: Expr, printer: Any, module: str, says: str) -> str:
    body = printer.doprint(e)
    names = ", ".join(map(str, _arguments(e)))
    return f'import {module}\n\n\ndef eigenvalue({names}):\n    """{says}"""\n    return {body}\n'


_CHECKED = '''import numpy
import scipy.special


def eigenvalue({names}):
    """{says}

    In float64, where exp(x) overflows from x = 709.8 and gamma(x) from x = 171.6: a value
    that is not finite on the way raises OverflowError.
    """
    with numpy.errstate(all="ignore"):
        value = {body}
    if not numpy.all(numpy.isfinite(value)):
        raise OverflowError("this closed form leaves float64 here; take mpmath")
    return value
'''


def _checked(e: Expr, printer: Any, says: str) -> str:
    """SciPy's version, which refuses to return what overflowed."""
    names = ", ".join(map(str, _arguments(e)))
    return _CHECKED.format(names=names, says=says, body=printer.doprint(e))


LANGUAGES = ("mpmath", "scipy", "mathematica")


def source_of(e: Any, language: str = "mpmath") -> str:
    """The closed form of an eigenvalue as source of a function.

    Parameters
    ----------
    e
        An Eigenvalue with a closed form.
    language
        ``mpmath`` (any precision), ``scipy`` (float64), or ``mathematica``.

    Returns
    -------
    str
        For Python a module with one function ``eigenvalue(k, d, …)``.

    Raises
    ------
    OutOfDomain
        When the language is unknown.
    Unsupported
        When there is no closed form, or SciPy lacks a function that it needs.

    Examples
    --------
    >>> from theory import kernels
    >>> from theory.domains import Hypersphere
    >>> from theory.eigenvalues import eigenvalue
    >>> text = source_of(eigenvalue(Hypersphere(d), kernels.arc_cosine(1), k), "scipy")
    >>> made = {}
    >>> exec(text, made)
    >>> [round(float(made["eigenvalue"](level, 3)), 9) for level in range(4)]
    [0.375, 0.166666667, 0.0234375, 0.0]
    """
    if language not in LANGUAGES:
        raise OutOfDomain(
            f"language = {language!r} is unknown (known: {', '.join(LANGUAGES)})"
            f"{meant(language, LANGUAGES)}"
        )
    if e.rule is None or t in e.expression.free_symbols:
        raise Unsupported(
            f"{e.kernel} on {e.domain} has no closed form to write as code"
        )
    form = e.expression if language == "mathematica" else with_reciprocals(e.expression)
    if language == "mathematica":
        names = ", ".join(f"{symbol}_" for symbol in _arguments(form))
        return f"eigenvalue[{names}] := {_Mathematica().doprint(form)}"
    says = f"λ_{e.level} of {e.kernel} on {e.domain}, by the rule {e.rule.name}."
    if language == "scipy":
        printer: Any = _SciPy({"fully_qualified_modules": True})
        return _checked(with_scaled(form), printer, says)
    return _python(form, _Mpmath({"fully_qualified_modules": True}), "mpmath", says)
