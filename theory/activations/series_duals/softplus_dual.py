"""The dual of log(2 cosh z), and with it that of softplus: a series of squares of moments.

The slope of log(2 cosh z) is tanh z, so by Price's theorem its dual is the integral of
tanh's over the covariance, and with the moments S_m of ``tanh_dual``

    E log(2 cosh X) log(2 cosh Y) = (E log(2 cosh X))² + Σ (v c)^n S_(n−1)²/n!

over even n ≥ 2. Softplus is log(1 + e^z) = z/2 + log(2 cosh(z/2)).
"""

from sympy import Function, Integral, Sum, Symbol, exp, factorial, log, oo, pi, sinh

from theory.activations.series_duals.tanh_dual import sinh_moment, tanh_dual
from theory.formula import formulas
from theory.source import OURS

_j = Symbol("j", integer=True, nonnegative=True)
_s = Symbol("s", positive=True)


class softplus_mean(Function):
    """E log(2 cosh X) for X of variance v ≥ 0.

    Its derivative in v is half of E sech² X = S_1.

    Examples
    --------
    >>> softplus_mean(0)
    log(2)
    """

    nargs = 1

    @classmethod
    def eval(cls, v):
        """Log 2 at v = 0."""
        return log(2) if v == 0 else None

    @property
    def definition(self):
        """Log 2 + ∫ (1 − e^(−v s²/2))/(s sinh(πs/2)) ds."""
        (v,) = self.args
        rise = (1 - exp(-v * _s**2 / 2)) / (_s * sinh(pi * _s / 2))
        return log(2) + Integral(rise, (_s, 0, oo))

    def fdiff(self, argindex=1):
        """S_1/2."""
        del argindex
        return sinh_moment(1, self.args[0]) / 2

    def _eval_evalf(self, prec):
        return self.definition._eval_evalf(prec)

    def _eval_is_positive(self):
        return True


class softplus_dual(Function):
    """E log(2 cosh X) log(2 cosh Y) for a centered Gaussian pair of variance v, correlation c.

    Examples
    --------
    >>> from sympy.abc import v
    >>> softplus_dual(v, 0)
    softplus_mean(v)**2
    """

    nargs = 2

    @classmethod
    def eval(cls, v, c):
        """Even in c; the square of the mean at c = 0."""
        if v == 0 or c == 0:
            return softplus_mean(v) ** 2
        return None

    @property
    def definition(self):
        """(E log 2 cosh)² + Σ (v c)^n S_(n−1)²/n! over even n ≥ 2."""
        v, c = self.args
        n = 2 * _j + 2
        terms = (v * c) ** n * sinh_moment(n - 1, v) ** 2 / factorial(n)
        return softplus_mean(v) ** 2 + Sum(terms, (_j, 0, oo))

    def fdiff(self, argindex=2):
        """∂/∂c = v E tanh X tanh Y (Price)."""
        from sympy.core.function import ArgumentIndexError

        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        v, c = self.args
        return v * tanh_dual(v, c)

    def _latex(self, printer, exp=None):
        v, c = (printer._print(x) for x in self.args)
        body = rf"V\left({v}, {c}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


_v, _c = Symbol("v", positive=True), Symbol("c", real=True)

formulas.declare(
    name="softplus_dual",
    says="The dual of log(2 cosh z) as a series of positive terms, S_m an integral.",
    lhs=softplus_dual(_v, _c),
    rhs=softplus_dual(_v, _c).definition,
    holds=(_c >= -1) & (_c <= 1),
    status="exact",
    source=OURS,
)

HEADS = (softplus_mean, softplus_dual)

__all__ = ["HEADS", "softplus_dual", "softplus_mean"]
