"""LaTeX in the order and with the letters of the papers."""

from flint import fmpz
from sympy import Add, Basic, Indexed, Mul, Sum
from sympy.printing.latex import LatexPrinter

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
            ordered = sorted(factors, key=place)
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


def place(factor: Basic) -> int:
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
