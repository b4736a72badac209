"""The dual of z tanh z, and with it that of swish: a positive series in the correlation.

Multiplying by z joins neighboring Hermite coefficients. With the moments S_m of
``theory.activations.series_duals.tanh_dual``,

    E X tanh X · Y tanh Y = (v S_1)² + Σ_n (v c)^n (n S_(n−1) − v S_(n+1))²/n!

over even n ≥ 2. By parts, n S_(n−1) − v S_(n+1) is (π/2) ∫_0^∞ s^n e^(−v s²/2)
cosh(πs/2)/sinh²(πs/2) ds, which is positive.
"""

from sympy import Function, Integer, Sum, Symbol, factorial, oo

from theory.activations.series_duals.tanh_dual import sinh_moment
from theory.formula import formulas
from theory.source import OURS

_j = Symbol("j", integer=True, nonnegative=True)
_n = 2 * _j + 2


def _square(v):
    """(n S_(n−1) − v S_(n+1))² at n = 2j + 2."""
    return (_n * sinh_moment(_n - 1, v) - v * sinh_moment(_n + 1, v)) ** 2


class swish_dual(Function):
    """E X tanh X · Y tanh Y for a centered Gaussian pair of variance v, correlation c.

    Examples
    --------
    >>> from sympy.abc import v
    >>> swish_dual(v, 0)                                # (E X tanh X)²
    v**2*sinh_moment(1, v)**2
    """

    nargs = 2

    @classmethod
    def eval(cls, v, c):
        """Even in c; 0 at v = 0, the square of the mean at c = 0, E (X tanh X)² at ±1."""
        if v == 0:
            return Integer(0)
        if c == 0:
            return v**2 * sinh_moment(1, v) ** 2
        if c in (1, -1):
            return v * (1 - sinh_moment(1, v) + v * sinh_moment(3, v))
        return None

    @property
    def definition(self):
        """(v S_1)² + Σ (v c)^n (n S_(n−1) − v S_(n+1))²/n! over even n ≥ 2."""
        v, c = self.args
        terms = (v * c) ** _n * _square(v) / factorial(_n)
        return (v * sinh_moment(1, v)) ** 2 + Sum(terms, (_j, 0, oo))

    def fdiff(self, argindex=2):
        """∂/∂c = v E φ′(X)φ′(Y) (Price)."""
        from sympy.core.function import ArgumentIndexError

        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        v, c = self.args
        return v * swish_slope_dual(v, c)

    def _latex(self, printer, exp=None):
        v, c = (printer._print(x) for x in self.args)
        body = rf"U\left({v}, {c}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


class swish_slope_dual(Function):
    """E φ′(X)φ′(Y) for φ = z tanh z and the same pair.

    Examples
    --------
    >>> from sympy.abc import v
    >>> swish_slope_dual(v, 0)
    0
    """

    nargs = 2

    @classmethod
    def eval(cls, v, c):
        """Odd in c; at 1 a sum of moments, by Stein's lemma."""
        if v == 0 or c == 0:
            return Integer(0)
        if c in (1, -1):
            first, third, fifth = (sinh_moment(m, v) for m in (1, 3, 5))
            bent = v * (4 * first + third) - v**2 * (4 * third + fifth)
            return c * (1 - first + v * third + bent / 6)
        return None

    @property
    def definition(self):
        """Σ n (v c)^(n−1) (n S_(n−1) − v S_(n+1))²/n! over even n ≥ 2."""
        v, c = self.args
        terms = _n * (v * c) ** (_n - 1) * _square(v) / factorial(_n)
        return Sum(terms, (_j, 0, oo))

    def _latex(self, printer, exp=None):
        v, c = (printer._print(x) for x in self.args)
        body = rf"U'\left({v}, {c}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


_v, _c = Symbol("v", positive=True), Symbol("c", real=True)

formulas.declare(
    name="swish_dual",
    says="The dual of z tanh z as a series of positive terms, S_m an integral.",
    lhs=swish_dual(_v, _c),
    rhs=swish_dual(_v, _c).definition,
    holds=(_c >= -1) & (_c <= 1),
    status="exact",
    source=OURS,
)
formulas.declare(
    name="swish_slope_dual",
    says="The dual of the slope of z tanh z, likewise.",
    lhs=swish_slope_dual(_v, _c),
    rhs=swish_slope_dual(_v, _c).definition,
    holds=(_c >= -1) & (_c <= 1),
    status="exact",
    source=OURS,
)

HEADS = (swish_dual, swish_slope_dual)

__all__ = ["HEADS", "swish_dual", "swish_slope_dual"]
