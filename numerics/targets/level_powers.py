"""Where a target keeps its power: squared coefficients, summed over each level.

The hypercube takes an exact Walsh–Hadamard transform, points of the circle a fast
Fourier transform, the sphere an exact decomposition of polynomials. The powers sum to
the mean square of the function.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from math import isfinite, lcm, pi
from typing import Any

import numpy as np
from sympy import Rational, sympify

from numerics.targets.harmonic_powers import circle_powers, sphere_powers
from theory.domains import Domain
from theory.domains.registry import nothing_registered
from theory.errors import OutOfDomain, Unsupported
from theory.numbers import exact

MAX_DIMENSION = 20
MAX_POINTS = 1 << 22
MAX_LISTED = 512
Powers = dict[int, Rational]
EPS = float(np.finfo(np.float64).eps)


def level_powers(f: Callable[[Any], Any], domain: Any) -> dict[int, Rational]:
    """The power of a function in each level of a domain, without empty levels.

    Parameters
    ----------
    f
        On the hypercube, a function of one corner: a vector of d entries ±1. On the
        circle, a function of the angle θ. On the sphere, a polynomial function of the
        vector x of norm √d.
    domain
        A domain with numbers in it. Of one without a decomposition of its own, f is a
        function of each vector that the domain lists, and the powers are exact.

    Returns
    -------
    dict
        Level → Σ of squared coefficients. Exact on the hypercube, for the values that f
        returns. On the circle from float64: relative to the mean square of f, each is
        within 64 log2(M) units of 2^−52, and what is smaller than that is left out. On
        the sphere exact; on the infinite circle without 10^−12 of the power at most.

    Raises
    ------
    OutOfDomain
        When f returns something else than finite real numbers.
    Unsupported
        When the domain is symbolic or too large, or an infinite domain would need
        infinitely many levels.

    Examples
    --------
    >>> from theory import Hypercube
    >>> level_powers(lambda x: x[0] * x[1] + 2 * x[2], Hypercube(3))
    {1: 4, 2: 1}
    >>> level_powers(lambda x: int(sum(x) > 0), Hypercube(3))
    {0: 1/4, 1: 3/16, 3: 1/16}
    """
    if domain.free_symbols:
        msg = f"level powers on {domain}: a number is needed in place of its symbol"
        raise Unsupported(msg)
    known = POWERS.get(domain.kind)
    return known(f, domain) if known is not None else _by_zonal_sums(f, domain)


def register(kind: str, powers: Callable[[Callable[[Any], Any], Any], Powers]) -> None:
    """Decompose functions on domains of a kind by a function of one's own.

    Parameters
    ----------
    kind
        The ``kind`` of the domains.
    powers
        (f, domain) → {level: power}, without empty levels.

    Raises
    ------
    OutOfDomain
        When the kind has one already.
    """
    if POWERS.setdefault(kind, powers) is not powers:
        msg = f"kind = {kind!r} has level powers already"
        raise OutOfDomain(msg)


def _by_zonal_sums(f: Callable[[Any], Any], domain: Domain) -> Powers:
    """‖P_k f‖² = (g_k/M²) Σ_{x,x'} f(x) f(x') zonal_k(t), where all points are listed."""
    vectors: Any = ()
    with suppress(Unsupported):
        vectors = domain.vectors()
    if not domain.addition_theorem or not 0 < len(vectors) <= MAX_LISTED:
        where = "numerics.targets.level_powers.register"
        msg = nothing_registered(domain, "no level powers are registered", where)
        raise Unsupported(msg)
    square = sum(x * x for x in vectors[0])
    values = [_rational_value(f(np.array(x, dtype=float)), x) for x in vectors]
    cosines = [
        [
            sympify(sum(a * b for a, b in zip(x, y, strict=True)) / square)
            for y in vectors
        ]
        for x in vectors
    ]
    distinct = {t for row in cosines for t in row}
    powers = {}
    for k in range(int(domain.last_level) + 1):
        zonal = {t: sympify(domain.zonal(k, t)) for t in distinct}
        total = sum(
            values[i] * values[j] * zonal[cosines[i][j]]
            for i in range(len(values))
            for j in range(len(values))
        )
        powers[k] = domain.multiplicity(k) * total / len(values) ** 2
    if not all(x.is_Rational for x in powers.values()):
        msg = f"level powers on {domain}: a zonal function is not rational"
        raise Unsupported(msg)
    return _nonzero(powers)


def _rational_value(value: Any, where: Any) -> Rational:
    number = _fraction(value, f"f at {where}")
    return Rational(number.numerator, number.denominator)


def walsh_hadamard(values: list[int]) -> np.ndarray:
    """Σ_x f(x) Π_(i in S) x_i for every set S of bits, in whole numbers.

    Parameters
    ----------
    values
        f at corner b, whose entry i is −1 where bit i of b is set; 2^d of them.

    Examples
    --------
    >>> walsh_hadamard([1, 1, 1, -3])
    array([0, 4, 4, -4], dtype=object)
    """
    row = np.array(values, dtype=object)
    half = 1
    while half < len(row):
        pairs = row.reshape(-1, 2, half)
        row = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1)
        row, half = row.reshape(-1), 2 * half
    return row


def _on_hypercube(f: Callable[[Any], Any], d: int) -> dict[int, Rational]:
    if d > MAX_DIMENSION:
        msg = (
            f"level powers on hypercube:{d} need 2^{d} values; "
            f"d is at most {MAX_DIMENSION}"
        )
        raise Unsupported(msg)
    corners = np.arange(1 << d)
    signs = 1 - 2 * ((corners[:, None] >> np.arange(d)) & 1)
    values = [_fraction(f(corner), f"f at {corner}") for corner in signs]
    common = lcm(*{value.denominator for value in values})
    scaled = [value.numerator * (common // value.denominator) for value in values]
    totals = walsh_hadamard(scaled)
    powers: dict[int, int] = {}
    for level, total in zip(np.bitwise_count(corners), totals, strict=True):
        powers[int(level)] = powers.get(int(level), 0) + total * total
    scale = (common << d) ** 2
    return _nonzero({k: _rational(power, scale) for k, power in powers.items()})


def _on_circle(f: Callable[[Any], Any], points: int) -> dict[int, Rational]:
    if points > MAX_POINTS:
        msg = f"level powers on circle:{points}; at most {MAX_POINTS} points are taken"
        raise Unsupported(msg)
    angles = [2 * pi * j / points for j in range(points)]
    values = np.array([float(_fraction(f(x), f"f at θ = {x}")) for x in angles])
    scale = float(np.max(np.abs(values)))
    if scale == 0:
        return {}
    energies = np.abs(np.fft.rfft(values / scale) / points) ** 2
    doubled = np.full(len(energies), 2.0)
    doubled[0] = 1.0
    if points % 2 == 0:
        doubled[-1] = 1.0
    powers = energies * doubled
    noise = 64 * EPS * np.log2(max(points, 2)) * float(np.sum(powers))
    kept = {k: float(power) for k, power in enumerate(powers) if power > noise}
    square = Fraction(scale) ** 2
    exact_powers = {k: Fraction(x) * square for k, x in kept.items()}
    return _nonzero(
        {k: _rational(x.numerator, x.denominator) for k, x in exact_powers.items()}
    )


def _on_infinite_circle(f: Callable[[Any], Any]) -> dict[int, Rational]:
    def values(angles: np.ndarray) -> np.ndarray:
        return np.array([float(_fraction(f(x), f"f at θ = {x}")) for x in angles])

    found = {k: Fraction(p) for k, p in circle_powers(values).items()}
    return {k: _rational(p.numerator, p.denominator) for k, p in found.items()}


def _fraction(value: Any, where: str) -> Fraction:
    """What f returned, exactly; a float stands for its binary value."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, float):
        if not isfinite(value):
            msg = f"{where} = {value} is not a finite number"
            raise OutOfDomain(msg)
        return Fraction(value)
    number = exact(value, where)
    if isinstance(number, Rational):
        return Fraction(int(number.p), int(number.q))
    return _fraction(float(number), where)


def _rational(numerator: int, denominator: int) -> Any:
    return Rational(numerator, denominator)


def _nonzero(powers: Mapping[int, Rational]) -> dict[int, Rational]:
    return {k: powers[k] for k in sorted(powers) if powers[k] != 0}


POWERS: dict[str, Callable[[Callable[[Any], Any], Any], Powers]] = {
    "hypercube": lambda f, domain: _on_hypercube(f, int(domain.d)),
    "circle_points": lambda f, domain: _on_circle(f, int(domain.points)),
    "circle": lambda f, _: _on_infinite_circle(f),
    "sphere": lambda f, domain: sphere_powers(f, int(domain.d)),
}
"""Kind of domain → its decomposition; on other kinds by sums over listed points."""
