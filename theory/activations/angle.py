"""The angle θ between two inputs, and sin θ − θ cos θ, from u = sin²(θ/2).

In u nothing is lost at either end: θ is small where u is, and t = 1 − 2u.
"""

from sympy import Function, Integer, Rational, asin, pi, sqrt


class angle(Function):
    """θ = 2 arcsin √u: the angle with cosine t = 1 − 2u.

    Examples
    --------
    >>> from sympy import acos
    >>> from theory.notation import u
    >>> angle(1), angle(Rational(1, 2)), angle(u).definition
    (pi, pi/2, 2*asin(sqrt(u)))
    """

    nargs = 1

    @classmethod
    def eval(cls, u):
        """Exact values at t = 1, 0 and −1."""
        exact = {Integer(0): Integer(0), Rational(1, 2): pi / 2, Integer(1): pi}
        return exact.get(u)

    @property
    def definition(self):
        """The angle in elementary functions."""
        return 2 * asin(sqrt(self.args[0]))

    def fdiff(self, argindex=1):  # noqa: ARG002
        """dθ/du = 1/√(u(1 − u))."""
        u = self.args[0]
        return 1 / sqrt(u * (1 - u))

    def _eval_is_real(self):
        return True

    def _eval_rewrite_as_asin(self, u, **_):
        return 2 * asin(sqrt(u))

    def _eval_evalf(self, prec):
        return self.definition._eval_evalf(prec)

    def _latex(self, printer, exp=None):
        body = rf"2\arcsin\sqrt{{{printer._print(self.args[0])}}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class sine_lag(Function):
    """sin θ − θ cos θ = θ² j_1(θ) at θ = angle(u), with the spherical Bessel function.

    It falls like θ³/3, where both terms of the difference fall like θ; arithmetics of
    fixed precision therefore have an operation of their own for it.

    Examples
    --------
    >>> from theory.notation import u
    >>> sine_lag(0), sine_lag(1), sine_lag(u).diff(u)
    (0, pi, 2*angle(u))
    """

    nargs = 1

    @classmethod
    def eval(cls, u):
        """Exact values at t = 1 and −1."""
        return {Integer(0): Integer(0), Integer(1): pi}.get(u)

    @property
    def definition(self):
        """2√(u(1 − u)) − θ(1 − 2u)."""
        u = self.args[0]
        return 2 * sqrt(u * (1 - u)) - angle(u) * (1 - 2 * u)

    def fdiff(self, argindex=1):  # noqa: ARG002
        """θ sin θ dθ/du = 2θ, regular at both ends."""
        return 2 * angle(self.args[0])

    def _eval_is_real(self):
        return True

    def _eval_evalf(self, prec):
        return self.definition._eval_evalf(prec)

    def _latex(self, printer, exp=None):
        body = rf"\left(\sin\theta - \theta\cos\theta\right)_{{{printer._print(self.args[0])}}}"
        return body if exp is None else f"{body}^{{{exp}}}"
