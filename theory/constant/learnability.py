"""The learnability of a mode, and what is left of it, as functions of λ and C."""

from sympy import Function, S


class learnability(Function):
    """L(λ, C) = λ/(λ + C): the fraction of a mode that is learned.

    It stays a function of its own so that a Sum prints as in the papers and no
    interpreter ever forms (λ + C)².

    Examples
    --------
    >>> from theory.notation import C, i, lam
    >>> learnability(1, 3).definition, learnability(lam[i], C).diff(C).doit()
    (1/4, -learnability(lambda[i], C)*unlearned(lambda[i], C)/C)
    """

    nargs = 2

    @property
    def definition(self):
        """λ/(λ + C)."""
        lam, C = self.args
        return lam / (lam + C)

    def fdiff(self, argindex=1):
        """∂L/∂λ = L(1 − L)/λ and ∂L/∂C = −L(1 − L)/C."""
        lam, C = self.args
        slope = learnability(lam, C) * unlearned(lam, C)
        return slope / lam if argindex == 1 else -slope / C

    def _eval_is_positive(self):
        return True if self.args[0].is_positive and self.args[1].is_positive else None

    def _eval_rewrite_as_Pow(self, lam, C, **_):
        return lam / (lam + C)

    def _latex(self, printer, exp=None):
        return _latex(self, printer, exp, "{}")


class unlearned(Function):
    """1 − L(λ, C) = C/(λ + C), free of the cancellation in 1 − L as L → 1.

    Examples
    --------
    >>> unlearned(1, 3).definition, unlearned(1, 3).definition + learnability(1, 3).definition
    (3/4, 1)
    """

    nargs = 2

    @property
    def definition(self):
        """C/(λ + C)."""
        lam, C = self.args
        return C / (lam + C)

    def fdiff(self, argindex=1):
        """The derivative of learnability with the other sign."""
        return -learnability(*self.args).fdiff(argindex)

    def _eval_is_positive(self):
        return True if self.args[0].is_positive and self.args[1].is_positive else None

    def _eval_rewrite_as_Pow(self, lam, C, **_):
        return C / (lam + C)

    def _latex(self, printer, exp=None):
        return _latex(self, printer, exp, r"\left(1 - {}\right)")


def _latex(function, printer, exp, frame: str) -> str:
    lam, _ = function.args
    indices = getattr(lam, "indices", (S.EmptySet,))
    body = rf"\mathcal{{L}}_{{{printer._print(indices[0])}}}"
    if not hasattr(lam, "indices"):
        body = rf"\mathcal{{L}}\left({printer._print(lam)}\right)"
    body = frame.replace("{}", body)
    if exp is None:
        return body
    return f"{body}^{{{exp}}}"
