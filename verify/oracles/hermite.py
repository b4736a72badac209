"""The duals of tanh by Hermite coefficients, each a rigorous integral (FLINT).

E tanh X tanh Y = Σ a_n² cⁿ; what the first coefficients leave is bounded by |c|^N times
what they lack of E tanh². Nothing here knows the moments that ``theory.tanh_dual`` takes.
"""

from collections.abc import Callable

from flint import acb, arb

REACH, TERMS = 14, 41


def _integral(f: Callable[[acb], acb]) -> arb:
    """E f(z) over |z| ≤ REACH; callers add what lies beyond."""
    density = lambda z: (-z * z / 2).exp() / acb(2 * arb.pi()).sqrt()
    total = acb.integral(lambda z, _: f(z) * density(z), acb(-REACH), acb(REACH))
    return total.real


def _beyond() -> arb:
    """P(|z| > REACH), which bounds the mean of what is at most 1 beyond it."""
    return (arb(REACH) / arb(2).sqrt()).erfc()


def _hermite(n: int, z: acb) -> acb:
    """He_n(z)/√n!, orthonormal."""
    before, now = acb(0), acb(1)
    for k in range(n):
        before, now = now, (z * now - arb(k).sqrt() * before) / arb(k + 1).sqrt()
    return now


def _series(f: Callable[[acb], acb], odd: bool, terms: int) -> tuple[list[arb], arb]:
    """a_n² for n < terms of a function bounded by 1, and E f²."""
    squares = []
    for n in range(terms):
        if n % 2 != odd:
            squares.append(arb(0))
            continue
        a = _integral(lambda z, n=n: f(z) * _hermite(n, z))
        # Cauchy and Schwarz: E |h_n| over |z| > REACH is at most √P
        a += _beyond().sqrt() * arb(0, 1)
        squares.append(a * a)
    mean = _integral(lambda z: f(z) ** 2) + _beyond() * arb(0, 1)
    return squares, mean


class TanhDuals:
    """The duals of tanh and of its slope at one variance, as enclosures.

    Parameters
    ----------
    variance
        Of the Gaussian pair.
    terms
        Hermite coefficients that are integrated; the rest is bounded.

    Examples
    --------
    >>> pair = TanhDuals(arb(1), terms=9)
    >>> pair.dual(arb(0)).contains(0), bool(pair.slope_dual(arb(0)) < pair.slope_dual(arb(1)))
    (True, True)
    """

    def __init__(self, variance: arb, terms: int = TERMS) -> None:
        root = acb(variance.sqrt())
        self.value = _series(lambda z: (root * z).tanh(), True, terms)
        self.slope = _series(lambda z: 1 - (root * z).tanh() ** 2, False, terms)

    @staticmethod
    def _at(series: tuple[list[arb], arb], c: arb) -> arb:
        squares, mean = series
        if c == 1:
            return mean
        total, power = arb(0), arb(1)
        for square in squares:
            total += square * power
            power *= c
        rest = (mean - sum(squares, arb(0))).abs_upper() * power.abs_upper()
        return total + rest * arb(0, 1)

    def dual(self, c: arb) -> arb:
        """E tanh(x) tanh(y)."""
        return self._at(self.value, c)

    def slope_dual(self, c: arb) -> arb:
        """E tanh′(x) tanh′(y)."""
        return self._at(self.slope, c)
