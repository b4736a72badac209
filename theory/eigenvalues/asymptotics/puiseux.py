"""A kernel near t = ±1 in powers of √u: the half powers decide how λ_k decays.

Series with coefficients of fixed precision run through a chain of layers step by step, in
x = √u at t = 1 and x = √(1 − u) at t = −1. Odd powers of x are singular in t.
"""

from dataclasses import dataclass
from typing import Any

import mpmath
import sympy
from sympy import Expr, Symbol

from theory.activations.angle import angle, sine_lag
from theory.chain import Chain
from theory.errors import Unsupported
from theory.notation import u

DIGITS = 200
TINY = mpmath.mpf(10) ** -120


@dataclass(frozen=True, slots=True)
class Puiseux:
    """x^offset Σ c_j x^j, cut after a fixed number of coefficients."""

    offset: int
    coefficients: tuple[Any, ...]

    def trimmed(self) -> "Puiseux":
        """Without leading zeros, which were zero up to rounding."""
        rest, offset = list(self.coefficients), self.offset
        size = max((abs(c) for c in rest), default=0) + 1
        while rest and abs(rest[0]) < TINY * size:
            rest.pop(0)
            offset += 1
        return Puiseux(offset, tuple(rest))

    def __add__(self, other: "Puiseux") -> "Puiseux":
        low = min(self.offset, other.offset)
        ends = [s.offset + len(s.coefficients) for s in (self, other)]
        total = [mpmath.mpf(0)] * (min(ends) - low)
        for series in (self, other):
            for j, c in enumerate(series.coefficients):
                if series.offset - low + j < len(total):
                    total[series.offset - low + j] += c
        return Puiseux(low, tuple(total))

    def __mul__(self, other: "Puiseux") -> "Puiseux":
        size = min(len(self.coefficients), len(other.coefficients))
        total = [
            mpmath.fsum(
                self.coefficients[i] * other.coefficients[j - i] for i in range(j + 1)
            )
            for j in range(size)
        ]
        return Puiseux(self.offset + other.offset, tuple(total))

    def power(self, r: Any) -> "Puiseux":
        """The series to a rational power."""
        base = self.trimmed()
        if not base.coefficients:
            raise Unsupported(
                "a series that vanishes to working precision cannot be inverted"
            )
        offset = sympy.Rational(r) * base.offset
        if not offset.is_Integer:
            raise Unsupported(
                f"x^({offset}): the kernel has no expansion in half powers of 1 − t"
            )
        lead, r = base.coefficients[0], mpmath.mpf(r.p) / r.q
        a = [c / lead for c in base.coefficients]
        b = [mpmath.mpf(1)]
        for n in range(1, len(a)):
            b.append(
                mpmath.fsum(
                    (r * j - (n - j)) * a[j] * b[n - j] for j in range(1, n + 1)
                )
                / n
            )
        return Puiseux(int(offset), tuple(lead**r * c for c in b))

    def derivative(self) -> "Puiseux":
        """d/dx."""
        terms = tuple((self.offset + j) * c for j, c in enumerate(self.coefficients))
        return Puiseux(self.offset - 1, terms)

    def integral(self, constant: Any) -> "Puiseux":
        """∫ dx from 0, plus a constant."""
        base = self.trimmed()
        if base.offset < 0:
            raise Unsupported(
                "the kernel has a logarithm or a pole here: no expansion in half powers"
            )
        terms = [c / (base.offset + j + 1) for j, c in enumerate(base.coefficients)]
        lifted = Puiseux(base.offset + 1, tuple(terms))
        if constant == 0:
            return lifted
        size = base.offset + 1 + len(terms)
        return lifted + Puiseux(0, (constant, *[mpmath.mpf(0)] * (size - 1)))

    def at_zero(self) -> Any:
        """The value at x = 0."""
        return self.coefficients[-self.offset] if self.offset <= 0 else mpmath.mpf(0)


SLOPES = {
    sympy.asin: (mpmath.asin, lambda f, one: (one + f * f * MINUS(f)).power(-HALF)),
    sympy.atan: (mpmath.atan, lambda f, one: (one + f * f).power(sympy.Integer(-1))),
    sympy.log: (mpmath.log, lambda f, one: f.power(sympy.Integer(-1))),  # noqa: ARG005
}
HALF = sympy.Rational(1, 2)


def MINUS(f: Puiseux) -> Puiseux:
    """−1 as a series of the same length."""
    return constant(mpmath.mpf(-1), len(f.coefficients))


def constant(value: Any, size: int) -> Puiseux:
    """A constant series, longer than the others, so that it never cuts them."""
    return Puiseux(0, (mpmath.mpf(value), *[mpmath.mpf(0)] * (2 * size)))


def _elementary(head: Any, f: Puiseux, size: int) -> Puiseux:
    one = constant(1, size)
    if head is angle:
        return constant(2, size) * _elementary(sympy.asin, f.power(HALF), size)
    if head is sine_lag:
        lag = f.derivative() * _elementary(angle, f, size) * constant(2, size)
        start = f.at_zero()
        turn = 2 * mpmath.asin(mpmath.sqrt(start))
        return lag.integral(mpmath.sin(turn) - turn * mpmath.cos(turn))
    if head is sympy.acos:
        turned = _elementary(sympy.asin, f, size) * constant(-1, size)
        return constant(mpmath.pi / 2, size) + turned
    if head is sympy.exp:
        return _exponential(f, size)
    if head in SLOPES:
        function, slope = SLOPES[head]
        start = f.at_zero()
        return (f.derivative() * slope(f, one)).integral(function(start))
    raise Unsupported(f"{head.__name__}: no expansion in half powers of 1 − t")


def _exponential(f: Puiseux, size: int) -> Puiseux:
    start = f.at_zero()
    padded = f + constant(0, size)
    g = [mpmath.exp(start)]
    for n in range(1, len(padded.coefficients)):
        terms = (j * padded.coefficients[j] * g[n - j] for j in range(1, n + 1))
        g.append(mpmath.fsum(terms) / n)
    return Puiseux(0, tuple(g))


def _walk(e: Expr, values: dict[Symbol, Puiseux], size: int) -> Puiseux:
    if e in values:
        return values[e]
    if e.is_number:
        return constant(mpmath.mpmathify(e.evalf(DIGITS)), size)
    parts = [_walk(a, values, size) for a in e.args if not (e.is_Pow and a.is_Rational)]
    if e.is_Add or e.is_Mul:
        total = parts[0]
        for part in parts[1:]:
            total = total + part if e.is_Add else total * part
        return total
    if e.is_Pow and e.exp.is_Rational:
        return parts[0].power(e.exp)
    return _elementary(e.func, parts[0], size)


def around(chain: Chain, a: Any, *, size: int = 14) -> Puiseux:
    """K near t = a, |a| > 1, in x = √((a − t)/2), or √((t − a)/2) for negative a.

    Raises
    ------
    Unsupported
        When a function in the kernel has no such expansion here.

    Examples
    --------
    >>> from theory import kernels
    >>> near = around(kernels.geometric("1/2").half(), 2, size=6)
    >>> near.offset, mpmath.nstr(near.coefficients[0], 8)
    (-2, '1.0')
    """
    with mpmath.workdps(DIGITS):
        a = mpmath.mpf(a)
        step = mpmath.mpf(1 if a > 0 else -1)
        square = (step, *[mpmath.mpf(0)] * (size - 3))
        at = constant((1 - a) / 2, size) + Puiseux(2, square)
        values = {u: at}
        for symbol, e in chain.bindings:
            values[symbol] = _walk(e, values, size)
        return _walk(chain.result, values, size).trimmed()


def expansion(chain: Chain, *, end: int, size: int = 14) -> Puiseux:
    """K near t = 1 (``end`` = 1) in √u, or near t = −1 (``end`` = −1) in √(1 − u).

    Raises
    ------
    Unsupported
        When a function in the kernel has no such expansion here.

    Examples
    --------
    >>> from theory import kernels
    >>> near = expansion(kernels.ntk("relu").half(), end=1)
    >>> [mpmath.nstr(c, 8) for c in near.coefficients[:3]]
    ['2.0', '-0.63661977', '-4.0']
    """
    with mpmath.workdps(DIGITS):
        square = [mpmath.mpf(0)] * size
        square[2] = mpmath.mpf(1)
        at = Puiseux(2, tuple(square[2:]))
        if end < 0:
            at = constant(1, size) + at * constant(-1, size)
        values = {u: at}
        for symbol, e in chain.bindings:
            values[symbol] = _walk(e, values, size)
        result = _walk(chain.result, values, size)
        zeros = (mpmath.mpf(0),) * max(result.offset, 0)
        return Puiseux(0, zeros + result.coefficients)
