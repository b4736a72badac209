"""LaTeX and lines of Unicode, in the order and with the letters of the papers."""

import re
from collections import Counter
from typing import Any

from flint import fmpz
from sympy import Add, Basic, Indexed, Integer, Mul, Pow, Rational, Sum
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from theory import notation

SETTINGS = {"symbol_names": notation.LATEX_NAMES, "inv_trig_style": "full"}


class PaperPrinter(LatexPrinter):
    """SymPy's LaTeX, with our letters, and with sums before the terms that follow."""

    # FLINT writes whole numbers of any length; Python stops at 4300 digits
    def _print_Integer(self, expr):
        return fmpz(int(expr)).str()

    def _print_Rational(self, expr):
        sign, p = ("-" if expr.p < 0 else ""), fmpz(abs(int(expr.p)))
        return rf"{sign}\frac{{{p.str()}}}{{{fmpz(int(expr.q)).str()}}}"

    def _print_Add(self, expr, order=None):
        terms = self._as_ordered_terms(expr, order=order)
        if not any(term.has(Sum) for term in terms):
            return super()._print_Add(expr, order=order)
        terms = sorted(terms, key=lambda term: not term.has(Sum))
        text = self._print(terms[0])
        for term in terms[1:]:
            minus = term.could_extract_minus_sign()
            body = self._print(-term if minus else term)
            if isinstance(term, Add):
                body = rf"\left({body}\right)"
            text += (" - " if minus else " + ") + body
        return text

    def _print_Mul(self, expr):
        factors = expr.args
        # SymPy hands negative powers to this method too; their args are no factors
        if expr.is_Mul and any(isinstance(factor, Indexed) for factor in factors):
            ordered = sorted(factors, key=_place)
            if all(factor.is_commutative for factor in factors):
                numbers = [factor for factor in ordered if factor.is_Number]
                rest = [factor for factor in ordered if not factor.is_Number]
                return self._print_in_order(Mul(*numbers, *rest, evaluate=False))
        return super()._print_Mul(expr)

    def _print_in_order(self, product):
        """A product whose factors keep their order."""
        order, self._settings["order"] = self._settings["order"], "none"
        try:
            return super()._print_Mul(product)
        finally:
            self._settings["order"] = order

    def _print_Indexed(self, expr, exp=None):
        index = ",".join(self._print(index) for index in expr.indices)
        if expr.base == notation.power:
            text = f"v_{{{index}}}^{{2}}"
            return text if exp is None else rf"\left({text}\right)^{{{exp}}}"
        text = self._print(expr.base.label)
        head, under, rest = text.partition("_{")
        # a label with a subscript of its own: TeX takes one subscript, not two
        text = f"{head}_{{{rest[:-1]},{index}}}" if under else f"{text}_{{{index}}}"
        return text if exp is None else f"{text}^{{{exp}}}"


def _place(factor: Basic) -> int:
    """Multiplicities first, then what is indexed, then the rest: g_i λ_i C."""
    if not isinstance(factor, Indexed):
        return 2
    return 0 if factor.base == notation.g else 1


def latex(expr: Basic) -> str:
    r"""LaTeX of an expression, as a paper would set it.

    Examples
    --------
    >>> from theory.notation import lam, i, C
    >>> latex(lam[i] / (lam[i] + C))
    '\\frac{\\lambda_{i}}{C + \\lambda_{i}}'
    """
    return PaperPrinter(SETTINGS).doprint(expr)


TEXT_NAMES = {
    notation.ridge: "δ",
    notation.noise: "σ²",
    notation.levels: "ℓ",
    notation.weight_variance: "σ_w²",
    notation.bias_variance: "σ_b²",
    notation.test_mse: "E",
    notation.target_learnability: "L(f)",
    notation.batch: "b",
}
FUNCTIONS = {
    "gamma": "Γ",
    "acos": "arccos",
    "asin": "arcsin",
    "atan": "arctan",
    "Trace": "tr",
}
RELATIONS = {"==": "=", "<=": "≤", ">=": "≥", "!=": "≠"}
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma "
    "tau phi chi psi omega Gamma Delta Theta Lambda Pi Sigma Phi Psi Omega"
).split()
LETTERS: dict[str, str] = dict(
    zip(GREEK, "αβγδεζηθκλμνξπρστφχψωΓΔΘΛΠΣΦΨΩ", strict=True)
)
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LOWERED = str.maketrans(
    "0123456789-+aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₋₊ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
SUBSCRIPT = re.compile(r"[0-9aehijklmnoprstuvx+]")
WHOLE_SPECTRUM = (notation.levels, notation.modes)


class TextPrinter(StrPrinter):
    """One line of Unicode: Σᵢ gᵢ λᵢ/(λᵢ + C) + δ/C."""

    printmethod = "_text"

    def doprint(self, expr: Any) -> str:
        """The line; a product is a space, a point where two numbers would meet."""
        written = self._print_alone(expr) if _is_share(expr) else super().doprint(expr)
        written = re.sub(r"(\d)\*(?=\d)", r"\1·", written)
        return re.sub(r"(?<![e\d])-|(?<=\d)-", "−", written.replace("*", " "))

    def _print_alone(self, expr: Any) -> str:
        """What defines Lᵢ cannot be written by its definition."""
        index = getattr(expr.args[0], "indices", ())
        letter = f"L{lowered(self._print(index[0]))}" if index else "L"
        return f"1 - {letter}" if type(expr).__name__ == "unlearned" else letter

    def _frame(self, expr: Any, level: str = "Mul") -> str:
        """In parentheses where it binds less than its surroundings."""
        low = PRECEDENCE[level] > (
            PRECEDENCE["Mul"] if _is_share(expr) else precedence(expr)
        )
        return f"({self._print(expr)})" if low else self._print(expr)

    # FLINT writes whole numbers of any length; Python stops at 4300 digits
    def _print_Integer(self, expr: Any) -> str:
        return fmpz(int(expr)).str()

    def _print_Rational(self, expr: Any) -> str:
        return f"{fmpz(int(expr.p)).str()}/{fmpz(int(expr.q)).str()}"

    def _print_Symbol(self, expr: Any) -> str:
        return TEXT_NAMES[expr] if expr in TEXT_NAMES else _named(expr.name)

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return _named(expr.name)

    def _print_Idx(self, expr: Any) -> str:
        return self._print(expr.label)

    def _print_Pi(self, expr: Any) -> str:  # noqa: ARG002
        return "π"

    def _print_Infinity(self, expr: Any) -> str:  # noqa: ARG002
        return "∞"

    def _print_NegativeInfinity(self, expr: Any) -> str:  # noqa: ARG002
        return "-∞"

    def _print_ImaginaryUnit(self, expr: Any) -> str:  # noqa: ARG002
        return "i"

    def _print_Indexed(self, expr: Any) -> str:
        index = ",".join(self._print(x) for x in expr.indices)
        if expr.base == notation.power:
            return f"v{lowered(index)}²"
        name = str(expr.base.label)
        return f"{LETTERS.get(name, name)}{lowered(index)}"

    def _print_Sum(self, expr: Any) -> str:
        signs = []
        for x, low, high in reversed(expr.limits):
            letter = self._print(x)
            usual = low == 1 and high in WHOLE_SPECTRUM
            span = (
                letter if usual else f"{letter}={self._print(low)}..{self._print(high)}"
            )
            signs.append(f"Σ{lowered(span)}")
        return f"{' '.join(signs)} {self._frame(expr.function)}"

    def _print_Integral(self, expr: Any) -> str:
        signs, ends = [], []
        for limit in reversed(expr.limits):
            span = "..".join(self._print(end) for end in limit[1:])
            signs.append(f"∫{lowered(span)}" if span else "∫")
            ends.insert(0, f"d{self._print(limit[0])}")
        return f"{' '.join(signs)} {self._frame(expr.function)} {' '.join(ends)}"

    def _print_Derivative(self, expr: Any) -> str:
        below = " ".join(f"∂{self._print(x)}" for x in expr.variables)
        return f"∂{self._framed(expr.expr)}/{below}"

    def _print_slope(self, expr: Any) -> str:
        return f"∂{self._framed(expr.args[0])}/∂{self._print(expr.args[1])}"

    def _print_scalar(self, expr: Any) -> str:
        return f"({self._print(expr.args[0])})"

    def _print_entry(self, expr: Any) -> str:
        index = ",".join(self._print(x) for x in expr.args[1:])
        return f"({self._print(expr.args[0])}){lowered(index)}"

    def _print_learnability(self, expr: Any) -> str:
        return self._print(expr.definition)

    def _print_unlearned(self, expr: Any) -> str:
        return self._print(expr.definition)

    def _print_besseli(self, expr: Any) -> str:
        order, x = (self._print(part) for part in expr.args)
        return f"I{lowered(order)}({x})"

    def _print_Moment(self, expr: Any) -> str:
        letter, order = expr.letter
        return f"{letter}{lowered(self._print(order))}"

    def _print_factorial(self, expr: Any) -> str:
        return f"{self._framed(expr.args[0])}!"

    def _print_Function(self, expr: Any) -> str:
        name = expr.func.__name__
        inner = ", ".join(self._print(x) for x in expr.args)
        return f"{FUNCTIONS.get(name) or _named(name)}({inner})"

    def _print_Trace(self, expr: Any) -> str:
        return f"tr({self._print(expr.arg)})"

    def _print_Transpose(self, expr: Any) -> str:
        return f"{self._framed(expr.arg)}ᵀ"

    def _print_Relational(self, expr: Any) -> str:
        sign = RELATIONS.get(expr.rel_op, expr.rel_op)
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        line = ""
        for term in sorted(self._as_ordered_terms(expr, order=order), key=_term_place):
            minus = term.could_extract_minus_sign()
            body = self._frame(-term if minus else term, "Mul" if minus else "Add")
            sign = " - " if minus else " + "
            line += (sign if line else sign.strip() * minus) + body
        return line

    def _print_Mul(self, expr: Any) -> str:
        if any(not factor.is_commutative for factor in expr.args):
            return super()._print_Mul(expr)
        if expr.could_extract_minus_sign():
            return f"-{self._frame(-expr)}"
        above: Counter[Any] = Counter()
        below: Counter[Any] = Counter()
        for factor in expr.as_ordered_factors():
            if isinstance(factor, Rational):
                above[Integer(factor.p)] += factor.p != 1
                below[Integer(factor.q)] += factor.q != 1
            elif isinstance(factor, Pow) and _is_divisor(factor):
                below[factor.base] -= factor.exp
            elif _is_share(factor):
                top, bottom = factor.definition.as_numer_denom()
                above[top] += 1
                below[bottom] += 1
            else:
                above[factor] += 1
        over, under = (
            [
                Pow(base, power) if power != 1 else base
                for base, power in some.items()
                if power
            ]
            for some in (above, below)
        )
        top = self._product(over, last=not under) if over else "1"
        if not under:
            return top
        bottom = self._product(under, last=False)
        return f"{top}/({bottom})" if len(under) > 1 else f"{top}/{bottom}"

    def _product(self, factors: list[Any], *, last: bool) -> str:
        """Factors side by side; a sum takes what follows it, so it is framed."""
        factors = sorted(factors, key=_factor_place)
        parts = []
        for factor in factors:
            ends = last and factor is factors[-1]
            opens = type(factor).__name__ in OPEN and not ends
            parts.append(f"({self._print(factor)})" if opens else self._frame(factor))
        return "*".join(parts)

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        del rational
        base, exponent = expr.base, expr.exp
        if exponent == Rational(1, 2):
            return f"√{self._framed(base)}"
        if _is_divisor(expr):
            return f"1/{self._product([Pow(base, -exponent)], last=False)}"
        if exponent.is_Integer:
            return self._framed(base) + str(exponent).translate(RAISED)
        return f"{self._framed(base)}^{self._framed(exponent)}"

    def _print_MatPow(self, expr: Any) -> str:
        power = self._print(expr.exp)
        raised = power.translate(RAISED) if expr.exp.is_Integer else f"^{power}"
        return f"{self._framed(expr.base)}{raised}"

    def _print_Inverse(self, expr: Any) -> str:
        return f"{self._framed(expr.arg)}⁻¹"

    def _framed(self, expr: Any) -> str:
        """In parentheses unless it is a number, a letter, or a function of something."""
        written = self._print(expr)
        plain = expr.is_Atom or isinstance(expr, Indexed) or _is_call(expr)
        number = bool(expr.is_Rational) and not (expr.is_Integer and expr >= 0)
        marked = number or written[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹"
        if type(expr).__name__ == "scalar":
            return written
        return written if plain and not marked else f"({written})"


OPEN = {"Sum", "Integral", "Derivative"}
"""What takes a factor that follows it for its own."""


def _is_share(expr: Any) -> bool:
    """λ/(λ + C) and C/(λ + C), printed as the quotients that they are."""
    return type(expr).__name__ in {"learnability", "unlearned"}


def _is_call(expr: Any) -> bool:
    """Printed as a name, with arguments in parentheses where it has some."""
    name = type(expr).__name__
    if name in {"MatrixSymbol", "Trace", "Moment"}:
        return True
    other = _is_share(expr) or name in {"factorial", "scalar", "entry", "slope"}
    return bool(getattr(expr, "is_Function", False)) and not other


def _named(name: str) -> str:
    """A letter by its name, such as Theta_2."""
    head, under, rest = name.partition("_")
    head = LETTERS.get(head, head)
    return f"{head}{lowered(rest)}" if under and head and rest else head or name


def lowered(text: str) -> str:
    """A subscript, by letters that have one, or after an underscore."""
    if SUBSCRIPT.fullmatch(text) or text.isdecimal():
        return text.translate(LOWERED)
    return f"_{text}" if text.replace("_", "").isalnum() else f"_({text})"


def _is_divisor(power: Any) -> bool:
    return bool(power.exp.is_Rational and power.exp.is_negative)


def _term_place(term: Basic) -> tuple[bool, bool, bool]:
    """Sums first, then what has an index, then the rest; minus signs inside."""
    minus = term.could_extract_minus_sign()
    return minus, not term.has(Sum), not term.has(Indexed)


def _factor_place(factor: Basic) -> tuple[bool, int]:
    """Numbers, multiplicities, what has an index, the rest; sums at the end."""
    if factor.is_Number:
        return False, -1
    return type(factor).__name__ in OPEN, _place(factor)


def text(expr: Any) -> str:
    """An expression as one line of Unicode, in the order of the papers.

    Examples
    --------
    >>> from theory.notation import lam, g, i, C, n, ridge, modes
    >>> from sympy import Eq, Sum
    >>> text(Eq(Sum(g[i] * lam[i] / (lam[i] + C), (i, 1, modes)) + ridge / C, n))
    'Σᵢ gᵢ λᵢ/(λᵢ + C) + δ/C = n'
    >>> text(1 / (1 + C) ** 2 - 2 * C)
    '1/(C + 1)² − 2 C'
    """
    return TextPrinter().doprint(expr)


class Shown:
    """How objects show themselves: one line, a text, and LaTeX in notebooks.

    A class says ``_line()``, what one line tells of it; where it has ``latex()`` that is
    what notebooks set.
    """

    __slots__ = ()

    def _line(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        line = " ".join(self._line().split())
        if len(line) > LONGEST_LINE:
            line = f"{line[:LONGEST_LINE]}…"
        return f"<{type(self).__name__} {line}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows in a terminal: the text."""
        printer.text(repr(self) if cycle else str(self))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"  # type: ignore[attr-defined]


LONGEST_LINE = 100
