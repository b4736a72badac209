"""Expressions as a line of Unicode: Σᵢ gᵢ Lᵢ Uᵢ + δ/C."""

from typing import Any

from sympy.core.relational import Relational
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from theory import notation
from theory.derivations.steps.writing import GLYPHS

SUBSCRIPTS = str.maketrans("0123456789ij", "₀₁₂₃₄₅₆₇₈₉ᵢⱼ")
POWERS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LETTERS = {
    notation.ridge: "δ",
    notation.noise: "σ²",
    notation.overfitting: "E₀",
    notation.test_mse: "E",
    notation.levels: "ℓ",
    notation.target_learnability: "L(f)",
    notation.train_mse: "E_tr",
}
BASES = {"lambda": "λ", "v2": "v²", "gamma": "γ"}
SIGNS = {"==": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">", "!=": "≠"}


class UnicodePrinter(StrPrinter):
    """SymPy's text with the letters of the field."""

    printmethod = "_unicode_text"  # classes with a SymPy text of their own are ours too

    def _print_Symbol(self, expr):
        return LETTERS.get(expr, GLYPHS.get(expr.name, expr.name))

    def _print_Indexed(self, expr):
        index = ",".join(str(index) for index in expr.indices)
        name = str(expr.base.label)
        return BASES.get(name, name) + index.translate(SUBSCRIPTS)

    def _print_Moment(self, expr):
        p = expr.args[0]
        letter, order = ("U", -p) if p.is_negative else ("S", p)
        return letter + str(order).translate(SUBSCRIPTS)

    def _print_Idx(self, expr):
        return str(expr)

    def _print_learnability(self, expr):
        return self._level("L", expr)

    def _print_unlearned(self, expr):
        lam = expr.args[0]
        if hasattr(lam, "indices"):
            return f"(1 − {self._level('L', expr)})"
        return f"(1 − L({self._print(lam)}))"

    def _level(self, letter: str, expr: Any) -> str:
        lam = expr.args[0]
        if hasattr(lam, "indices"):
            return letter + str(lam.indices[0]).translate(SUBSCRIPTS)
        return f"{letter}({self._print(lam)})"

    def _print_Sum(self, expr):
        indices = "".join(str(limit[0]) for limit in expr.limits).translate(SUBSCRIPTS)
        body = self.parenthesize(expr.function, PRECEDENCE["Mul"], strict=True)
        return f"(Σ{indices} {body})"

    def _print_Limit(self, expr):
        body, x, point, _ = expr.args
        end = self._print(point).replace("oo", "∞")
        return f"lim({self._print(x)} → {end}) {self.parenthesize(body, 1000)}"

    def _print_slope(self, expr):
        body, x = expr.args
        return f"∂({self._print(body)})/∂{self._print(x)}"

    def _print_Pow(self, expr, rational=False):
        if expr.exp.is_Integer and expr.exp > 0:
            base = self.parenthesize(expr.base, PRECEDENCE["Pow"], strict=False)
            return base + str(expr.exp).translate(POWERS)
        return super()._print_Pow(expr, rational).replace("**", "^")

    def _print_Mul(self, expr):
        numerator, denominator = expr.as_numer_denom()
        if denominator != 1:
            above = self.parenthesize(numerator, PRECEDENCE["Mul"])
            below = self.parenthesize(denominator, PRECEDENCE["Mul"])
            needs = denominator.is_Mul or precedence(denominator) < PRECEDENCE["Mul"]
            below = f"({below})" if needs and not below.startswith("(") else below
            return f"{above}/{below}"
        return super()._print_Mul(expr).replace("*", "·")

    def _print_Relational(self, expr):
        left, right = (self._print(side) for side in expr.args)
        return f"{left} {SIGNS[expr.rel_op]} {right}"


def unicode(e: Any) -> str:
    """An expression, or a relation, as one line.

    Examples
    --------
    >>> from theory.constant import L, U, total
    >>> from theory.notation import g, i
    >>> unicode(total(g[i] * L * U) + notation.ridge / notation.C)
    '(Σᵢ Lᵢ·(1 − Lᵢ)·gᵢ) + δ/C'
    """
    printer = UnicodePrinter({"order": None})
    text = printer.doprint(e)
    if isinstance(e, Relational):
        text = printer._print_Relational(e)
    text = text.replace(" - ", " − ")
    return (
        text[1:-1]
        if text.startswith("(Σ") and text.count("(Σ") == 1 == text.count(")")
        else text
    )
