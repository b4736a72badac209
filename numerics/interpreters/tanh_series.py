"""Moments of 1/sinh and the duals of tanh that they give, as balls and as power series.

S_m(v) = ∫_0^∞ s^m e^(−v s²/2)/sinh(πs/2) ds has an even integrand for odd m, analytic for
|Im s| < 2, so the trapezoidal rule with step h errs by at most 2N/(e^(2π/h) − 1) when N
bounds the integral of its absolute value along Im s = ±1; all terms are positive, and all
m share the nodes. docs/proofs.md bounds N and what lies beyond the last node.

The coefficients v^m S_m²/m! of E tanh X tanh Y are positive and sum to E tanh² = 1 − S_1, so
that the series cut after any of them leaves a mass that is known.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log, pi, sqrt

from flint import arb, arb_poly, arb_series, ctx, fmpq

from numerics.precision import working_precision
from theory.errors import NoConvergence, NotEvaluable

MAX_MOMENT = 10_001
FIRST = 41
STEP_SPARE = 1.02


@dataclass(frozen=True, slots=True)
class TanhSeries:
    """Moments S_1, S_3, … at one variance, and the squares v^m S_m²/m!.

    Attributes
    ----------
    variance
        v, a ball.
    moments
        S_1, S_3, …
    squares
        The coefficients of c, c³, … in E tanh X tanh Y.
    mass
        What they leave of 1 − S_1, at least 0.
    slope_mass
        What the derivative's coefficients leave of E sech⁴ = (4 S_1 + S_3)/6.
    """

    variance: arb
    moments: list[arb]
    squares: list[arb]
    mass: arb
    slope_mass: arb

    def dual(self, c: arb) -> arb:
        """E tanh X tanh Y at a correlation from −1 to 1."""
        square, total = c * c, arb(0)
        for a in reversed(self.squares):
            total = total * square + a
        rest = (abs(c).upper() ** (2 * len(self.squares) + 1) * self.mass).upper()
        return total * c + arb(0, rest)

    def slope(self, c: arb) -> arb:
        """E sech²X sech²Y at a correlation from −1 to 1."""
        square, total = c * c, arb(0)
        for j in range(len(self.squares) - 1, -1, -1):
            total = total * square + self.squares[j] * (2 * j + 1)
        rest = (abs(c).upper() ** (2 * len(self.squares)) * self.slope_mass).upper()
        return total / self.variance + arb(0, rest)

    def composed(self, c: arb_series, slope: bool) -> arb_series:
        """A dual at a correlation that is a series with non-negative coefficients.

        These sum to at most 1, so what each power left out adds to any coefficient lies
        between 0 and its weight.
        """
        row = [arb(0)] * (2 * len(self.squares))
        for j, a in enumerate(self.squares):
            if slope:
                row[2 * j] = a * (2 * j + 1) / self.variance
            else:
                row[2 * j + 1] = a
        inner = c.coeffs()
        length = min(ctx.cap, c.prec)
        if len(inner) <= 2:
            whole = arb_poly(row)(arb_poly(inner)).coeffs()[:length]
        else:  # at c_0 + the rest of c, so that powers of the rest rise in degree
            shifted = arb_poly(row)(arb_poly([inner[0], 1])).coeffs()[:length]
            rest_of_c = arb_series([0, *inner[1:]], prec=length)
            whole = arb_series(shifted, prec=length)(rest_of_c).coeffs()
        whole = whole + [arb(0)] * (length - len(whole))
        rest = (self.slope_mass if slope else self.mass).upper() / 2
        return arb_series([x + rest + arb(0, rest) for x in whole], prec=length)


def sinh_moment(m: int, v: arb) -> arb:
    """S_m(v) for odd m, at the working precision.

    Raises
    ------
    NotEvaluable
        When m is even: the trapezoidal rule's bound is for an even integrand.

    Examples
    --------
    >>> round(float(sinh_moment(1, arb(2))), 12)
    0.480024254336
    """
    if m < 1 or m % 2 == 0:
        msg = f"sinh_moment: m = {m} must be odd and positive"
        raise NotEvaluable(msg)
    top = max(m, 3)
    return _cached_moments(_key(_checked(v)), top, ctx.prec)[(m - 1) // 2]


def tanh_series(v: arb, top: int) -> TanhSeries:
    """The series at a variance, up to c^top or a little further.

    Raises
    ------
    NoConvergence
        When more than 10 000 coefficients would be needed, or v is not positive.
    """
    return _series(_key(_checked(v)), min(max(top, FIRST) | 1, MAX_MOMENT), ctx.prec)


def _checked(v: arb) -> arb:
    if v > 0:
        return v
    msg = f"tanh: its variance {v.str(5)} is not proved positive"
    raise NoConvergence(msg)


def terms_at(v: arb, c: arb) -> int:
    """The power of c from which on terms are below 2^−prec, in floats; of a few sizes only.

    The coefficient of c^m falls like e^(−π √(m/v)).
    """
    bits, size = ctx.prec * log(2), FIRST
    fall = -log(max(min(float(abs(c).mid()), 1.0), 1e-9))
    rate = pi / sqrt(float(_checked(v).mid()))
    while rate * sqrt(size) + fall * size < bits and size < MAX_MOMENT:
        size = int(1.4 * size) | 1
    return size


def _key(v: arb):
    return (*v.mid().man_exp(), *v.rad().man_exp())


def _ball(key) -> arb:
    middle, power, spread, place = key
    with working_precision(max(ctx.prec, 8 * int(middle).bit_length() + 64)):
        two = arb(2)
        return arb(middle) * two**power + arb(0, arb(spread) * two**place)


@lru_cache(maxsize=64)
def _cached_moments(key, top: int, bits: int) -> list[arb]:
    return _moments(_ball(key), top, bits)


@lru_cache(maxsize=64)
def _series(key, top: int, bits: int) -> TanhSeries:
    v = _ball(key)
    moments = _cached_moments(key, top, bits)
    with working_precision(bits + 32):
        squares, factor = [], arb(v)
        for j, x in enumerate(moments):
            squares.append(factor * x * x)
            m = 2 * j + 1
            factor = factor * v * v / ((m + 1) * (m + 2))
        mass = 1 - moments[0] - sum(squares, arb(0))
        slopes = sum(((2 * j + 1) * a for j, a in enumerate(squares)), arb(0)) / v
        slope_mass = (4 * moments[0] + moments[1]) / 6 - slopes
        return TanhSeries(
            v, moments, squares, mass.nonnegative_part(), slope_mass.nonnegative_part()
        )


def _moments(v: arb, top: int, bits: int) -> list[arb]:
    """S_1, S_3, …, S_top, to about ``bits`` relative bits."""
    about = max(float(v.mid()), 1e-6)
    excess = sqrt(top * about) + about + 8
    h = fmpq(int(2**30 * 2 * pi / ((bits + 40) * log(2) + excess) / STEP_SPARE), 2**30)
    last = _last_node(about, top, bits, float(h.p) / float(h.q))
    with working_precision(bits + 32 + 2 * top.bit_length()):
        points = [arb(h * j) for j in range(1, last + 1)]
        terms = [s * (-v * s * s / 2).exp() / (arb.pi() * s / 2).sinh() for s in points]
        square = [s * s for s in points]
        # the integrand at s = 0: s^m/sinh(πs/2) tends to 2/π for m = 1, to 0 else
        found, middle = [], 1 / arb.pi()
        for m in range(1, top + 1, 2):
            beyond = _beyond(terms[-1], points[-1], arb(h), v, m)
            total = h * (sum(terms, middle if m == 1 else arb(0)) + beyond)
            found.append(total + arb(0, _discretization(arb(h), v, m)))
            terms = [a * b for a, b in zip(terms, square, strict=True)]
        return found


def _last_node(v: float, top: int, bits: int, h: float) -> int:
    """The number of nodes after which nothing of weight is left, in floats."""
    s = (sqrt(pi * pi / 4 + 4 * v * top) - pi / 2) / (2 * v)  # the peak of s^top …
    high = top * log(s) - v * s * s / 2 - pi * s / 2
    while top * log(s) - v * s * s / 2 - pi * s / 2 > high - (bits + 40) * log(2):
        s *= 1.02
    return ceil(s / h) + 1


def _beyond(term: arb, s: arb, h: arb, v: arb, m: int) -> arb:
    """Terms after the last node: they fall at least by a fixed ratio."""
    ratio = (m * h / s - v * s * h - arb.pi() * h / 2).exp()
    if not ratio < 1:
        msg = f"tanh: moment {m} has no bound beyond s = {s.str(5)}"
        raise NoConvergence(msg)
    rest = (term * ratio / (1 - ratio)).upper()
    return arb(0, rest)


def _discretization(h: arb, v: arb, m: int) -> arb:
    """A bound of the trapezoidal rule's error for the integral over half of the line.

    On Im s = ±1, |sinh(πs/2)| = cosh(πx/2) ≥ e^(π|x|/2)/2 and |s| ≤ |x| + 1 = y, so the
    integral of the absolute value over the line is at most
    4 e^(π/2) ∫ y^m e^(−v y²/2 + κ y) dy with κ = v − π/2, and κ y ≤ κ²/(2vδ) + v δ y²/2.
    """
    kappa = arb.max((v - arb.pi() / 2).upper(), arb(0))
    half = fmpq(m + 1, 2)
    if kappa > 0:
        share = arb.min(arb(0.5), (kappa / (v * m).sqrt()).lower())
        grow = kappa * kappa / (2 * v * share)
    else:
        share, grow = arb(0), arb(0)
    gauss = (2 / (v * (1 - share))) ** arb(half) * arb.gamma_fmpq(half) / 2
    size = 4 * (arb.pi() / 2 + grow).exp() * gauss
    return (size / ((2 * arb.pi() / h).exp() - 1)).upper()
