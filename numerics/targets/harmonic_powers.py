"""Where a target keeps its power on the circle and on the sphere: harmonics by degree.

On the circle a fast Fourier transform, refined until nothing changes. On the sphere a
polynomial in the coordinates, exactly: h = Σ_j c_j |x|^{2j} Δ^j p is the harmonic part
of a homogeneous p of degree m, with c_0 = 1 and
c_j = −c_{j−1}/(2j (d + 2m − 2j − 2)), and (p − h)/|x|² is the polynomial that is left
(Axler, Bourdon and Ramey, Harmonic Function Theory, chapter 5).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import Expr, Poly, PolynomialError, Rational, Symbol, sympify

from theory.errors import OutOfDomain, Unsupported

FIRST, LAST = 1 << 10, 1 << 16
NEGLIGIBLE = 1e-12
MAX_DEGREE = 12
Monomials = dict[tuple[int, ...], Any]


def circle_powers(values: Callable[[int], np.ndarray]) -> dict[int, float]:
    """The power of a smooth function of the angle in each level.

    Parameters
    ----------
    values
        M → the function at the angles 2πj/M.

    Raises
    ------
    Unsupported
        When more than 1e-12 of the power lies above level 4096: the function is not
        smooth enough to be listed by levels.

    Examples
    --------
    >>> angles = lambda points: 2 * np.pi * np.arange(points) / points
    >>> found = circle_powers(lambda points: 1 + 2 * np.cos(3 * angles(points)))
    >>> {k: round(p, 12) for k, p in found.items()}
    {0: 1.0, 3: 2.0}
    """
    points = FIRST
    while points <= LAST:
        energies = np.abs(np.fft.rfft(values(points)) / points) ** 2
        energies[1:-1] *= 2
        total = float(energies.sum())
        if float(energies[points // 16 :].sum()) <= NEGLIGIBLE * total:
            kept = energies[: points // 16]
            return {
                k: float(e) for k, e in enumerate(kept) if e > NEGLIGIBLE**2 * total
            }
        points *= 4
    raise Unsupported(
        f"level powers on the circle: more than {NEGLIGIBLE:g} of the power lies above "
        f"level {LAST // 16}; take points of the circle, circle:M, or give the powers"
    )


def sphere_powers(f: Any, d: int) -> dict[int, Rational]:
    """The power of a polynomial in x1, …, xd on the sphere of radius √d, by level.

    Parameters
    ----------
    f
        An expression in x1, …, xd, or a function of the vector of them.
    d
        Dimension of the space around the sphere.

    Raises
    ------
    Unsupported
        When f is no polynomial, or of a degree above 12: give its level powers.
    OutOfDomain
        When a coefficient is not a rational number.

    Examples
    --------
    >>> sphere_powers(lambda x: x[0] ** 2, 3)             # 1 + (x₁² − 1)
    {0: 1, 2: 4/5}
    """
    poly = _polynomial(f, d)
    found = {k: _mean_square(h, d) for k, h in sorted(_levels(poly, d).items())}
    return {k: Rational(p.numerator, p.denominator) for k, p in found.items() if p != 0}


def sphere_parts(f: Any, d: int) -> dict[int, Monomials]:
    """The harmonic part in each level, as monomials; arguments as ``sphere_powers``."""
    return _levels(_polynomial(f, d), d)


def _polynomial(f: Any, d: int) -> Poly:
    """The polynomial that an expression or a function of the vector is."""
    names = [Symbol(f"x{i + 1}") for i in range(d)]
    try:
        e = getattr(f, "expression", f)
        if callable(e) and not isinstance(e, Expr):
            e = e(np.array(names, dtype=object))
        e = sympify(e)
        e = e.subs({s: Symbol(s.name) for s in e.free_symbols})
        stray = {str(s) for s in e.free_symbols} - {str(s) for s in names}
        if stray:
            raise OutOfDomain(
                f"target on sphere:{d} has the symbols {', '.join(sorted(stray))}"
            )
        poly = Poly(e, *names)
    except (PolynomialError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, OutOfDomain):
            raise
        raise Unsupported(
            f"a function on sphere:{d}: level powers are taken of polynomials in x1, …, "
            f"x{d}; give the level powers instead"
        ) from None
    if poly.total_degree() > MAX_DEGREE:
        raise Unsupported(
            f"a polynomial of degree {poly.total_degree()}; at most {MAX_DEGREE}"
        )
    return poly


def _levels(poly: Poly, d: int) -> dict[int, Monomials]:
    """Harmonic parts of a polynomial by level, on |x|² = d."""
    parts: dict[int, Monomials] = {}
    for powers, coefficient in poly.terms():
        if not coefficient.is_Rational:
            raise OutOfDomain(
                f"target on sphere:{d}: coefficient {coefficient} is not rational"
            )
        exact = Fraction(int(coefficient.p), int(coefficient.q))
        parts.setdefault(sum(powers), {})[powers] = exact
    levels: dict[int, Monomials] = {}
    for degree, part in parts.items():
        for level, harmonic in _harmonics(part, degree, d).items():
            levels[level] = _sum(levels.get(level, {}), harmonic)
    return levels


def _harmonics(part: Monomials, degree: int, d: int) -> dict[int, Monomials]:
    """Harmonic parts of a homogeneous polynomial, on |x|² = d."""
    found, scale = {}, Fraction(1)
    while part and degree >= 0:
        harmonic, term, factor = dict(part), part, Fraction(1)
        for j in range(1, degree // 2 + 1):
            term = _laplacian(term)
            if not term:
                break
            factor *= Fraction(-1, 2 * j * (d + 2 * degree - 2 * j - 2))
            harmonic = _sum(harmonic, _times_square(term, j, factor, d))
        found[degree] = _times(harmonic, scale)
        part = _over_square(_sum(part, _times(harmonic, Fraction(-1))), d)
        degree, scale = degree - 2, scale * d
    return found


def _sum(a: Monomials, b: Monomials) -> Monomials:
    total = dict(a)
    for powers, value in b.items():
        total[powers] = total.get(powers, Fraction(0)) + value
    return {powers: value for powers, value in total.items() if value != 0}


def _times(a: Monomials, factor: Fraction) -> Monomials:
    return {powers: value * factor for powers, value in a.items()}


def _laplacian(a: Monomials) -> Monomials:
    total: Monomials = {}
    for powers, value in a.items():
        for axis, power in enumerate(powers):
            if power >= 2:
                lower = (*powers[:axis], power - 2, *powers[axis + 1 :])
                total[lower] = total.get(lower, Fraction(0)) + value * power * (
                    power - 1
                )
    return {powers: value for powers, value in total.items() if value != 0}


def _times_square(a: Monomials, times: int, factor: Fraction, d: int) -> Monomials:
    """Factor · |x|^{2·times} · a."""
    for _ in range(times):
        total: Monomials = {}
        for powers, value in a.items():
            for axis in range(d):
                higher = (*powers[:axis], powers[axis] + 2, *powers[axis + 1 :])
                total[higher] = total.get(higher, Fraction(0)) + value
        a = total
    return _times(a, factor)


def _over_square(a: Monomials, d: int) -> Monomials:
    """A multiple of |x|², divided by it: the highest power of x1 leads."""
    rest, quotient = dict(a), {}
    while rest:
        lead = max(rest)
        value = rest[lead]
        lower = (lead[0] - 2, *lead[1:])
        quotient[lower] = value
        rest = _sum(rest, _times_square({lower: value}, 1, Fraction(-1), d))
    return quotient


def _mean_square(a: Monomials, d: int) -> Fraction:
    """E a² on the sphere of radius √d, from the moments of monomials."""
    total = Fraction(0)
    rows = list(a.items())
    for left, x in rows:
        for right, y in rows:
            total += x * y * _moment(tuple(map(sum, zip(left, right, strict=True))), d)
    return total


def _moment(powers: tuple[int, ...], d: int) -> Fraction:
    """E Π x_i^{a_i} = d^{m/2} Π (a_i − 1)!!/(d (d + 2) … (d + m − 2)), all a_i even."""
    if any(power % 2 for power in powers):
        return Fraction(0)
    value = Fraction(1)
    for power in powers:
        for odd in range(1, power, 2):
            value *= odd
    for step in range(sum(powers) // 2):
        value *= Fraction(d, d + 2 * step)
    return value
