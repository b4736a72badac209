"""The duals of tanh and of x tanh x by Hermite coefficients, each a rigorous integral (FLINT).

E φ(X) φ(Y) = Σ a_n² cⁿ; what the first coefficients leave is bounded by |c|^N times
what they lack of E φ². Nothing here knows the moments that
``theory.activations.series_duals.tanh_dual`` takes.
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


def _square_beyond() -> arb:
    """E z² over |z| > REACH, by parts."""
    density = (-(arb(REACH) ** 2) / 2).exp() / (2 * arb.pi()).sqrt()
    return 2 * REACH * density + _beyond()


def _hermite(n: int, z: acb) -> acb:
    """He_n(z)/√n!, orthonormal."""
    before, now = acb(0), acb(1)
    for k in range(n):
        before, now = now, (z * now - arb(k).sqrt() * before) / arb(k + 1).sqrt()
    return now


def _series(
    f: Callable[[acb], acb], odd: bool, terms: int, beyond: arb
) -> tuple[list[arb], arb]:
    """a_n² for n < terms, and E f², where E f² over |z| > REACH is at most ``beyond``."""
    squares = []
    for n in range(terms):
        if n % 2 != odd:
            squares.append(arb(0))
            continue
        a = _integral(lambda z, n=n: f(z) * _hermite(n, z))
        # Cauchy and Schwarz: E |f h_n| over |z| > REACH, as E h_n² = 1
        a += beyond.sqrt() * arb(0, 1)
        squares.append(a * a)
    mean = _integral(lambda z: f(z) ** 2) + beyond * arb(0, 1)
    return squares, mean


class HermiteDuals:
    """The duals of a function and of its slope at one variance, as enclosures."""

    value: tuple[list[arb], arb]
    slope: tuple[list[arb], arb]

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
        """E φ(x) φ(y)."""
        return self._at(self.value, c)

    def slope_dual(self, c: arb) -> arb:
        """E φ′(x) φ′(y)."""
        return self._at(self.slope, c)


class TanhDuals(HermiteDuals):
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
        self.value = _series(lambda z: (root * z).tanh(), True, terms, _beyond())
        self.slope = _series(
            lambda z: 1 - (root * z).tanh() ** 2, False, terms, _beyond()
        )


class SwishDuals(HermiteDuals):
    """The duals of x tanh x and of its slope at one variance, as enclosures.

    Parameters
    ----------
    variance, terms
        As for tanh.

    Examples
    --------
    >>> pair = SwishDuals(arb(1), terms=9)
    >>> bool(pair.dual(arb(0)) > 0), pair.slope_dual(arb(0)).contains(0)
    (True, True)
    """

    def __init__(self, variance: arb, terms: int = TERMS) -> None:
        root = acb(variance.sqrt())

        def slope(z: acb) -> acb:
            x = root * z
            return x.tanh() + x * (1 - x.tanh() ** 2)

        far = variance * _square_beyond()
        self.value = _series(lambda z: root * z * (root * z).tanh(), False, terms, far)
        # |x sech² x| is below 1/2, so that the slope is below 2
        self.slope = _series(slope, True, terms, 4 * _beyond())


class SoftplusDuals(HermiteDuals):
    """The duals of log(2 cosh x) and of its slope at one variance, as enclosures.

    Parameters
    ----------
    variance, terms
        As for tanh.

    Examples
    --------
    >>> pair = SoftplusDuals(arb(1), terms=9)
    >>> bool(pair.dual(arb(0)) > 0), pair.slope_dual(arb(0)).contains(0)
    (True, True)
    """

    def __init__(self, variance: arb, terms: int = TERMS) -> None:
        root = acb(variance.sqrt())

        def value(z: acb) -> acb:
            inside = 2 * (root * z).cosh()
            # off the cut of the logarithm, or no finite value
            return inside.log() if inside.real > 0 else acb("nan")

        # log²(2 cosh x) ≤ 2 x² + 2 log² 2
        far = 2 * variance * _square_beyond() + 2 * _beyond()
        self.value = _series(value, False, terms, far)
        self.slope = TanhDuals(variance, terms).value
