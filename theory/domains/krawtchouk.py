"""Krawtchouk polynomials: the characters of the hypercube, summed over a level."""

from math import comb

from sympy import Function, Integer, binomial


class Krawtchouk(Function):
    """K_k(m; d) = Σ_j (−1)^j C(m, j) C(d − m, k − j), the coefficient of z^k in
    (1 − z)^m (1 + z)^(d−m). The degree is k and the argument is m.

    Source: DLMF, chapter 18.19.

    Examples
    --------
    >>> [Krawtchouk(2, m, 4) for m in range(5)]
    [6, 0, -2, 0, 6]
    """

    nargs = 3

    @classmethod
    def eval(cls, k, m, d):
        """An integer where all three are integers; else only the plain special values."""
        if all(isinstance(x, Integer) for x in (k, m, d)) and 0 <= m <= d:
            k, m, d = int(k), int(m), int(d)
            terms = range(max(0, k - (d - m)), min(k, m) + 1)
            return Integer(
                sum((-1) ** j * comb(m, j) * comb(d - m, k - j) for j in terms)
            )
        if k.is_zero:
            return Integer(1)
        if m.is_zero:
            return binomial(d, k)
        return None

    def _latex(self, printer, exp=None):
        k, m, d = (printer._print(x) for x in self.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\mathcal{{K}}_{{{k}}}{power}\left({m}; {d}\right)"
