"""Lines of Unicode in the order and with the letters of the papers."""

import re
from collections import Counter
from typing import Any

from flint import fmpz
from sympy import Basic, Indexed, Integer, Pow, Rational, Sum
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from theory import notation
from theory.printing.latex_printer import place

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
    """One line of Unicode: Σᵢ gᵢ λᵢ/(λᵢ + C) + δ/C, or with letters Σᵢ gᵢ Lᵢ + δ/C."""

    printmethod = "_text"

    def __init__(self, *, letters: bool = False) -> None:
        super().__init__()
        self.letters = letters

    def doprint(self, expr: Any) -> str:
        """The line; a product is a space, a point where two numbers would meet."""
        alone = _is_share(expr) and not self.letters
        written = self._by_letter(expr) if alone else super().doprint(expr)
        written = re.sub(r"(\d)\*(?=\d)", r"\1·", written)
        return re.sub(r"(?<![e\d])-|(?<=\d)-", "−", written.replace("*", " "))

    def _by_letter(self, expr: Any) -> str:
        """The letter Lᵢ, or 1 − Lᵢ: also what defines it cannot be written otherwise."""
        share = expr.args[0]
        index = getattr(share, "indices", ())
        letter = f"L{lowered(self._print(index[0]))}" if index else "L"
        if self.letters and not index:
            letter = f"L({self._print(share)})"
        return f"1 - {letter}" if type(expr).__name__ == "unlearned" else letter

    def _quotient(self, expr: Any) -> bool:
        """λ/(λ + C) and C/(λ + C), where they are written as the quotients they are."""
        return _is_share(expr) and not self.letters

    def _binding(self, expr: Any) -> int:
        if _is_share(expr):
            left = type(expr).__name__ == "unlearned"
            by_letter = PRECEDENCE["Add" if left else "Atom"]
            return by_letter if self.letters else PRECEDENCE["Mul"]
        return precedence(expr)

    def _frame(self, expr: Any, level: str = "Mul") -> str:
        """In parentheses where it binds less than its surroundings."""
        low = PRECEDENCE[level] > self._binding(expr)
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
        if expr.base == notation.power:
            return f"v{self._indices(expr.indices)}²"
        return f"{_named(str(expr.base.label))}{self._indices(expr.indices)}"

    def _indices(self, indices: Any) -> str:
        """Subscripts; a comma only where one of several is longer than a letter."""
        parts = [self._print(x) for x in indices]
        if all(SUBSCRIPT.fullmatch(x) for x in parts):
            return "".join(map(lowered, parts))
        return lowered(",".join(parts))

    def _print_MatrixElement(self, expr: Any) -> str:
        return f"{self._framed(expr.args[0])}{self._indices(expr.args[1:])}"

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return f"δ{self._indices(expr.args)}"

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
        return f"({self._print(expr.args[0])}){self._indices(expr.args[1:])}"

    def _print_learnability(self, expr: Any) -> str:
        return self._by_letter(expr) if self.letters else self._print(expr.definition)

    _print_unlearned = _print_learnability

    def _print_Limit(self, expr: Any) -> str:
        body, x, end, _ = expr.args
        return f"lim({self._print(x)} → {self._print(end)}) {self._frame(body)}"

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
                if self._quotient(factor.base):
                    top, bottom = factor.base.definition.as_numer_denom()
                    above[bottom] -= factor.exp
                    below[top] -= factor.exp
                else:
                    below[factor.base] -= factor.exp
            elif self._quotient(factor):
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
        if len(under) == 1:
            return f"{top}/{self._divisor(under[0])}"
        return f"{top}/({self._product(under, last=False)})"

    def _divisor(self, expr: Any) -> str:
        """What stands alone below a fraction's line."""
        opens = type(expr).__name__ in OPEN
        return f"({self._print(expr)})" if opens else self._frame(expr, "Pow")

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
            return f"1/{self._divisor(Pow(base, -exponent))}"
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
        plain = plain or (type(expr).__name__ == "learnability" and self.letters)
        number = bool(expr.is_Rational) and not (expr.is_Integer and expr >= 0)
        marked = number or written[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹"
        if type(expr).__name__ == "scalar":
            return written
        return written if plain and not marked else f"({written})"


OPEN = {"Sum", "Integral", "Derivative", "slope"}
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
    if rest == "star":
        return f"{head}⋆"
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
    return type(factor).__name__ in OPEN, 1 if _is_share(factor) else place(factor)


def text(expr: Any, *, letters: bool = False) -> str:
    """An expression as one line of Unicode, in the order of the papers.

    Parameters
    ----------
    expr
        The expression, or a relation.
    letters
        Whether λᵢ/(λᵢ + C) is written Lᵢ, as LaTeX has it.

    Examples
    --------
    >>> from theory.notation import lam, g, i, C, n, ridge, modes
    >>> from sympy import Eq, Sum
    >>> text(Eq(Sum(g[i] * lam[i] / (lam[i] + C), (i, 1, modes)) + ridge / C, n))
    'Σᵢ gᵢ λᵢ/(λᵢ + C) + δ/C = n'
    >>> text(1 / (1 + C) ** 2 - 2 * C)
    '1/(C + 1)² − 2 C'
    >>> from theory.constant import L, U, total
    >>> text(total(g[i] * L * U**2) / n, letters=True)
    '(Σᵢ gᵢ Lᵢ (1 − Lᵢ)²)/n'
    """
    return TextPrinter(letters=letters).doprint(expr)
