"""The dual of tanh: a power series in the correlation with positive terms.

tanh x = ∫_0^∞ sin(sx)/sinh(πs/2) ds, so that with the moments

    S_m(v) = ∫_0^∞ s^m e^(−v s²/2)/sinh(πs/2) ds

the Hermite coefficients of tanh(√v x) are ±v^(m/2) S_m(v)/√m! for odd m and 0 for even
ones. Hence E tanh X tanh Y = Σ_m (v c)^m S_m(v)²/m! for a Gaussian pair of variance v and
correlation c. No closed form in elementary functions is known, and none is needed.
"""

from sympy import Function, Integer, Integral, Sum, Symbol, exp, factorial, oo, pi, sinh

from theory.formula import formulas
from theory.source import OURS

_s = Symbol("s", positive=True)
_j = Symbol("j", integer=True, nonnegative=True)


class sinh_moment(Function):
    """S_m(v) = ∫_0^∞ s^m e^(−v s²/2)/sinh(πs/2) ds for odd m ≥ 1 and v ≥ 0.

    Examples
    --------
    >>> sinh_moment(1, 0), sinh_moment(3, 0)         # E sech² 0 = 1
    (1, 2)
    """

    nargs = 2

    @classmethod
    def eval(cls, m, v):
        """At v = 0, from the series of tanh: S_1(0) = 1 and S_3(0) = 2."""
        if v == 0 and m in (1, 3):
            return Integer(1) if m == 1 else Integer(2)
        return None

    @property
    def definition(self):
        """The integral."""
        m, v = self.args
        return Integral(_s**m * exp(-v * _s**2 / 2) / sinh(pi * _s / 2), (_s, 0, oo))

    def fdiff(self, argindex=2):
        """dS_m/dv = −S_(m+2)/2."""
        if argindex != 2:
            from sympy.core.function import ArgumentIndexError

            raise ArgumentIndexError(self, argindex)
        m, v = self.args
        return -sinh_moment(m + 2, v) / 2

    def _eval_evalf(self, prec):
        return self.definition._eval_evalf(prec)

    def _eval_is_positive(self):
        return True

    def _latex(self, printer, exp=None):
        m, v = (printer._print(x) for x in self.args)
        body = rf"S_{{{m}}}\left({v}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


class tanh_dual(Function):
    """E tanh X tanh Y for a centered Gaussian pair of variance v and correlation c.

    Examples
    --------
    >>> from sympy.abc import v
    >>> tanh_dual(v, 0)
    0
    """

    nargs = 2

    @classmethod
    def eval(cls, v, c):
        """Odd in c, and 0 where either argument is."""
        if v == 0 or c == 0:
            return Integer(0)
        if c.could_extract_minus_sign() and c.is_number:
            return -cls(v, -c)
        return None

    @property
    def definition(self):
        """Σ (v c)^m S_m(v)²/m! over odd m."""
        v, c = self.args
        m = 2 * _j + 1
        return Sum((v * c) ** m * sinh_moment(m, v) ** 2 / factorial(m), (_j, 0, oo))

    def fdiff(self, argindex=2):
        """∂/∂c = v E tanh′X tanh′Y (Price)."""
        from sympy.core.function import ArgumentIndexError

        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        v, c = self.args
        return v * sech_dual(v, c)

    def _latex(self, printer, exp=None):
        v, c = (printer._print(x) for x in self.args)
        body = rf"T\left({v}, {c}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


class sech_dual(Function):
    """E sech²X sech²Y, the dual of tanh's slope, for the same pair."""

    nargs = 2

    @classmethod
    def eval(cls, v, c):
        """Even in c; the square of E sech² at c = 0, and (4 S_1 + S_3)/6 at c = 1."""
        if c == 0:
            return sinh_moment(1, v) ** 2
        if c in (1, -1):
            return (4 * sinh_moment(1, v) + sinh_moment(3, v)) / 6
        return None

    @property
    def definition(self):
        """Σ m (v c)^(m−1) S_m(v)²/m! over odd m."""
        v, c = self.args
        m = 2 * _j + 1
        term = m * (v * c) ** (m - 1) * sinh_moment(m, v) ** 2 / factorial(m)
        return Sum(term, (_j, 0, oo))

    def _latex(self, printer, exp=None):
        v, c = (printer._print(x) for x in self.args)
        body = rf"T'\left({v}, {c}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


_v, _c = Symbol("v", positive=True), Symbol("c", real=True)

formulas.declare(
    name="tanh_dual",
    says="The dual of tanh as a series of positive terms, S_m an integral.",
    lhs=tanh_dual(_v, _c),
    rhs=tanh_dual(_v, _c).definition,
    holds=(_c >= -1) & (_c <= 1),
    status="exact",
    source=OURS,
)
formulas.declare(
    name="tanh_slope_dual",
    says="The dual of tanh's slope, likewise.",
    lhs=sech_dual(_v, _c),
    rhs=sech_dual(_v, _c).definition,
    holds=(_c >= -1) & (_c <= 1),
    status="exact",
    source=OURS,
)

HEADS = (sinh_moment, tanh_dual, sech_dual)

__all__ = ["HEADS", "sech_dual", "sinh_moment", "tanh_dual"]
