"""The angle θ between two inputs, from u = sin²(θ/2), without loss at either end."""

from sympy import Function, Integer, Rational, asin, pi, sqrt


class angle(Function):  # noqa: N801  SymPy's functions are lower case
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
