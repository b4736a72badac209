"""The implicit equation at complex ridges in balls: C enclosed, and what a tail adds.

C at a ridge of the upper half plane is the zero of the equation in a disc there, by the
interval Newton method. There is one solution in the upper half plane
(``numerics.training.complex_constant``), so it is the right one.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from flint import acb, arb, fmpq

from numerics.implicit_equation.proved_solver import proved_constant
from numerics.interpreters.balls import BALLS, as_ball, rational
from numerics.interpreters.complex_balls import COMPLEX_BALLS, ball_array
from numerics.interpreters.program import build
from numerics.spectra.spectrum import Spectrum
from numerics.training.filtered import spectral_edge
from theory import NoConvergence, formulas, notation

_learned = build(formulas["implicit_equation"].lhs, COMPLEX_BALLS)
_slope = build(formulas["susceptibility"].rhs, COMPLEX_BALLS)
_susceptibility = build(formulas["susceptibility"].rhs, BALLS)


class EnclosedLevels:
    """A spectrum at a working precision: levels, and what its tail adds."""

    def __init__(self, s: Spectrum, powers: Mapping[int, Any], bits: int) -> None:
        if s.undecided:
            raise NoConvergence(
                f"the sign of levels {list(s.undecided)[:8]} is open, so no contour is "
                "proved to enclose the eigenvalues; ask for levels of more digits"
            )
        self.s, self.bits = s, bits
        kept = [x for x in s.levels if x.eigenvalue.sign != 0]
        self.lam = ball_array([as_ball(x.eigenvalue.at(bits)) for x in kept])
        self.g = ball_array([fmpq(x.multiplicity) for x in kept])
        held = [(s.level(k), rational(v)) for k, v in powers.items() if v != 0]
        self.target = {
            notation.lam: ball_array([as_ball(x.eigenvalue.at(bits)) for x, _ in held]),
            notation.power: ball_array([v for _, v in held]),
        }
        self.power = sum((v for _, v in held), fmpq(0))

    @property
    def trace(self) -> arb:
        """Σ g λ."""
        total = self.s.tail.mass.at(self.bits)
        for x, count in zip(self.lam, self.g, strict=True):
            total += x * count
        return as_ball(total)

    def edge(self, n: fmpq) -> arb:
        """No eigenvalue of K_DD lies above, in the theory: −s(C) for a real C < −max λ."""
        fast = self.s.floats()
        lam, g = fast.at_scale(0)
        top = max(float(x.upper()) for x in [*self.lam, arb(0)])
        size = spectral_c(lam[lam > 0], g[lam > 0], float(n.p) / float(n.q))
        c = arb(max(size, top * (1 + 1e-9)))
        total = n * c
        for x, count in zip(self.lam, self.g, strict=True):
            total += count * x * c / (c - x)
        if not self.s.tail.is_empty:
            bound = self.s.tail.bound.at(self.bits).upper()
            total += self.s.tail.mass.at(self.bits).upper() * c / (c - bound)
        if not total.is_finite() or not total > 0:
            raise NoConvergence("the largest eigenvalue of K_DD has no proved bound")
        return as_ball(total).upper()

    def values(self, c: Any, s: Any) -> dict[Any, Any]:
        """What the implicit equation's letters are."""
        return {
            notation.lam: self.lam,
            notation.g: self.g,
            notation.C: c,
            notation.ridge: s,
        }

    def balance(self, c: acb, s: acb) -> acb:
        """Σ g L + s/C."""
        total = _learned(self.values(c, s))
        if not self.s.tail.is_empty:
            total = total + self.s.tail.beside(c, self.bits)
        return total

    def slope(self, c: acb, s: acb) -> acb:
        """N − Σ g L² at a solution: minus the slope of the balance in log C."""
        total = _slope(self.values(c, s))
        if not self.s.tail.is_empty:
            total = total + self.s.tail.beside(c, self.bits, slope=True)
        return total

    def constant(self, n: fmpq, s: acb, near: complex) -> tuple[acb, acb]:
        """C at a ridge of the upper half plane, and n − Σ g L² there."""
        c, size = acb(near), arb(1)
        for _ in range(20):
            step = (self.balance(c, s) - n) / self.slope(c, s)
            c = (c * step.exp() if step.abs_upper() > 1e-3 else c + c * step).mid()
            size = step.abs_upper()
            if size < arb(2) ** -(self.bits // 3):
                break
        size = arb.max(size**2, arb(2) ** (16 - self.bits)) * 2**10
        for _ in range(6):
            radius = (c.abs_upper() * size).upper()
            disc = c + acb(arb(0, radius), arb(0, radius))
            found = c + (self.balance(c, s) - n) * disc / self.slope(disc, s)
            if (found - c).abs_upper() < radius and found.imag > 0:
                # F falls by the slope over C: one zero in the disc, and it is in ``found``
                return found, self.slope(found, s)
            size = size * 2**12
        raise NoConvergence(f"C at the complex ridge {complex(s):.6g} has no enclosure")

    def free(self, n: fmpq, ridge: arb) -> arb:
        """N − Σ g L² at a real ridge, which must be exact."""
        delta = exact_value(ridge)
        c = proved_constant(self.s, n, delta, 8).value
        found = as_ball(_susceptibility(self.values(c, delta)))
        if not self.s.tail.is_empty:
            found += self.s.tail.slope(c, self.bits)
        return found


def exact_value(x: arb) -> fmpq:
    """The exact value of a ball's middle.

    Examples
    --------
    >>> exact_value(arb(0.75))
    3/4
    """
    mantissa, exponent = x.mid().man_exp()
    power = fmpq(2) ** abs(int(exponent))
    return fmpq(mantissa) * (power if exponent > 0 else 1 / power)


def spectral_c(lam: np.ndarray, g: np.ndarray, n: float) -> float:
    """−C at which ``spectral_edge`` is attained, roughly."""
    edge = spectral_edge(lam, g, n)
    # at the edge Σ g λ²/(λ + C)² = n: bisection on the right of max λ
    low, high = float(lam.max()), float(lam.max()) + edge
    for _ in range(200):
        middle = 0.5 * (low + high)
        value = float(np.sum(g * (lam / (middle - lam)) ** 2))
        low, high = (middle, high) if value > n else (low, middle)
    return high
