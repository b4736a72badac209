"""Sums over all high levels at once: Σ g λ^m above a level, enclosed by Hurwitz zetas.

With x = k + d/2 − 1 and y = 1/x², g_k and the rule terms E_k of
``numerics.spectra.high_levels.expansion`` are powers of x times products of (1 − o² y)
with fixed offsets o. So for every k above a level

    λ_k = x^−d (P(y) + (−1)^k Q(y) + r),    |r| ≤ ε y^J,

with polynomials P and Q: a Taylor model. Products of such models are models, and the sum of
x^−s over k is a Hurwitz zeta function.
"""

from dataclasses import dataclass
from functools import lru_cache

from flint import arb, fmpq

from numerics.numbers.precision import working_precision
from numerics.spectra.high_levels.expansion import (
    Ends,
    analytic_height,
    cut,
    ends,
    terms_for,
)
from theory.domains import Domain
from theory.errors import NoConvergence
from theory.kernels import Kernel


@dataclass(frozen=True, slots=True)
class Model:
    """P(y) + (−1)^k Q(y), within ``rest`` · y^J, for all y from 0 to ``most``.

    J is the number of coefficients of P, and of Q.
    """

    even: list[arb]
    odd: list[arb]
    rest: arb
    most: arb

    def __mul__(self, other: "Model") -> "Model":
        size = len(self.even)
        even, odd = [arb(0)] * size, [arb(0)] * size
        over = arb(0)
        for a, b, into in (
            (self.even, other.even, even),
            (self.odd, other.odd, even),
            (self.even, other.odd, odd),
            (self.odd, other.even, odd),
        ):
            for i, x in enumerate(a):
                if x.is_zero():
                    continue
                for j, y in enumerate(b):
                    if i + j < size:
                        into[i + j] += x * y
                    elif not y.is_zero():
                        over += (abs(x * y) * self.most ** (i + j - size)).upper()
        rest = over + self.rest * other.reach() + other.rest * self.reach()
        rest += self.rest * other.rest * self.most**size
        return Model(even, odd, rest.upper(), self.most)

    def reach(self) -> arb:
        """A bound of the polynomial part's absolute value."""
        total, power = arb(0), arb(1)
        for a, b in zip(self.even, self.odd, strict=True):
            total += (abs(a) + abs(b)) * power
            power *= self.most
        return total.upper()


def eigenvalue_model(ends: Ends, after: int) -> Model:
    """x^d λ_k for every k above ``after``, at the working precision.

    Raises
    ------
    NoConvergence
        When the levels are too low for the bound of the remainder.
    """
    d, size, first = ends.d, ends.terms, after + 1
    x = arb(first) + fmpq(d, 2) - 1
    most = (1 / (x * x)).upper()
    near, far = ends.remainder(first)
    alpha = ends.weight
    if not 2 * size / x + (alpha + 2) / (first + alpha) < cut(ends.height):
        raise NoConvergence(f"level {first} is too low for sums of {size} terms")
    even, odd, rest = [arb(0)] * size, [arb(0)] * size, arb(0)
    for j, (a, b) in enumerate(zip(ends.first, ends.last, strict=True)):
        row, spread = _rule(d, j, size - j, most)
        for i, c in enumerate(row):
            even[i + j] += a * c
            odd[i + j] += b * c
        rest += ((abs(a) + abs(b)) * spread).upper()
    lead = abs(_lead(d, size)) * _product_at(d, size, most)
    rest += (near * lead).upper()
    # from here on, as was just seen, far |E_k(1/2)| falls faster than x^−d y^J
    start = abs(_lead(d, 0)) * _product_at(d, 0, most)
    rest += (far * start * x ** (2 * size)).upper()
    return Model(even, odd, rest.upper(), most)


def _offsets(d: int, j: int) -> list[fmpq]:
    """Positive offsets o with E_k(j + 1/2) = A x^−(d + 2j) Π 1/(1 − o² y)."""
    top = fmpq(2 * j + d - 1, 2)
    return [top - i for i in range((2 * j + d) // 2)]


def _lead(d: int, j: int) -> arb:
    """The A of ``_offsets``."""
    nu, half = fmpq(2 * j + 1, 2), fmpq(d - 1, 2)
    value = arb.gamma_fmpq(fmpq(d - 1)) * arb.gamma_fmpq(half + nu)
    return value / arb.gamma_fmpq(half) / arb.gamma_fmpq(-nu)


def _product_at(d: int, j: int, y: arb) -> arb:
    """Π 1/(1 − o² y), which must have all factors positive."""
    value = arb(1)
    for o in _offsets(d, j):
        factor = 1 - o * o * y
        if not factor > 0:
            raise NoConvergence(
                f"1/√{y.str(5)} is too low a level for {j} terms in d = {d}"
            )
        value /= factor
    return value


def _rule(d: int, j: int, length: int, most: arb) -> tuple[list[arb], arb]:
    """A Π 1/(1 − o² y) to ``length`` coefficients, and a bound of the rest over y^length.

    All coefficients of the product are positive, so that rest rises with y.
    """
    row = [arb(1)] + [arb(0)] * (length - 1)
    for o in _offsets(d, j):
        square = o * o
        for i in range(1, length):
            row[i] += square * row[i - 1]
    partial, power = arb(0), arb(1)
    for c in row:
        partial += c * power
        power *= most
    spread = (_product_at(d, j, most) - partial).upper()
    lead = _lead(d, j)
    return [lead * c for c in row], abs(lead) * arb.max(spread, arb(0)) / power


def multiplicity_model(d: int, like: Model) -> Model:
    """g_k/x^(d−2), which is a polynomial in y (g_k = 2 for k ≥ 1 on the circle)."""
    size = len(like.even)
    row = [arb(2) / arb.fac_ui(d - 2)] + [arb(0)] * (size - 1)
    rest = arb(0)
    if d > 3:
        top = fmpq(d, 2) - 2
        for i in range((d - 3) // 2 if d % 2 else (d - 3 + 1) // 2):
            square = (top - i) ** 2
            rest = (rest + square * (abs(row[-1]) + rest * like.most)).upper()
            for place in range(size - 1, 0, -1):
                row[place] -= square * row[place - 1]
    return Model(row, [arb(0)] * size, rest, like.most)


class Sums:
    """Σ g λ^m over all levels above one, for m = 1, 2, …, at a precision of its own."""

    def __init__(self, ends: Ends, after: int, bits: int) -> None:
        self.d, self.after, self.bits = ends.d, after, bits
        with working_precision(bits):
            self.x = arb(after + 1) + fmpq(ends.d, 2) - 1
            self.model = eigenvalue_model(ends, after)
            self.powers = [multiplicity_model(ends.d, self.model)]
        self.moments: list[arb] = []
        self.zetas: dict[int, tuple[arb, arb]] = {}

    def bound(self) -> arb:
        """A number that no eigenvalue above the level exceeds in absolute value."""
        with working_precision(self.bits):
            y = self.model.most
            size = self.model.reach() + self.model.rest * y ** len(self.model.even)
            return (size / self.x**self.d).upper()

    def moment(self, m: int) -> arb:
        """Σ g λ^m, enclosed."""
        with working_precision(self.bits):
            while len(self.moments) < m:
                self.powers.append(self.powers[-1] * self.model)
                self.moments.append(self._sum(len(self.moments) + 1))
        return self.moments[m - 1]

    def _sum(self, m: int) -> arb:
        model, total = self.powers[m], arb(0)
        s = self.d * m - self.d + 2
        for i, (a, b) in enumerate(zip(model.even, model.odd, strict=True)):
            plain, alternating = self._zeta(s + 2 * i)
            total += a * plain + b * alternating
        plain, _ = self._zeta(s + 2 * len(model.even))
        return total + arb(0, (model.rest * plain).upper())

    def _zeta(self, s: int) -> tuple[arb, arb]:
        """Σ x^−s and Σ (−1)^k x^−s over the levels above."""
        if s not in self.zetas:
            plain = arb(s).zeta(self.x)
            half = arb(s).zeta(self.x / 2) - arb(s).zeta((self.x + 1) / 2)
            sign = 1 if self.after % 2 else -1
            self.zetas[s] = plain, sign * half / arb(2) ** s
        return self.zetas[s]


@lru_cache(maxsize=32)
def sums_above(kernel: Kernel, domain: Domain, after: int, bits: int) -> Sums:
    """Sums over the levels of a kernel above one, as narrow as ``bits`` can make them.

    Raises
    ------
    NoConvergence
        When the kernel has no expansion at the ends, or the level is too low for it.
    """
    d = int(domain.ambient)
    height = analytic_height(kernel, domain)
    share = float(cut(height)) - (d / 2 + 1.5) / (after + d / 2)
    most = int(0.45 * (after + d / 2) * share)
    terms = max(1, min(terms_for(height, after + 1, d, bits), most))
    bits += 64 + 4 * terms
    return Sums(ends(kernel, domain, terms, bits), after, bits)
