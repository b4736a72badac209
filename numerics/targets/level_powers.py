"""Where a target keeps its power: squared coefficients, summed over each level.

The hypercube takes an exact Walsh–Hadamard transform, points of the circle a fast
Fourier transform, the sphere an exact decomposition of polynomials. The powers sum to
the mean square of the function.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from sympy import Rational, sympify

from numerics.targets.harmonic_powers import circle_powers, sphere_powers
from numerics.targets.level_parts import (
    function_of_values,
    part_of,
    rational_value,
    values_on_circle,
    walsh,
)
from numerics.targets.single_direction import along_a_direction
from numerics.targets.target_function import TargetFunction
from numerics.targets.written_functions import WrittenFunction
from theory.domains import Domain
from theory.domains.registry import nothing_registered
from theory.errors import OutOfDomain, Unsupported

MAX_POINTS = 1 << 22
MAX_LISTED = 512
Powers = dict[int, Rational]
EPS = float(np.finfo(np.float64).eps)


def level_powers(f: Any, domain: Any) -> TargetFunction:
    """The power of a function in each level of a domain, without empty levels.

    Parameters
    ----------
    f
        On the hypercube, a function of one corner: a vector of d entries ±1. On the
        circle, a function of the angle θ. On the sphere, a polynomial function of the
        vector x of norm √d. Or its values on all points of a finite domain: corners as
        ``itertools.product([1, -1], repeat=d)`` lists them, angles 2πj/M, or the points
        in the domain's own order.
    domain
        A domain with numbers in it. Of one without a decomposition of its own, f is a
        function of each vector that the domain lists, and the powers are exact.

    Returns
    -------
    TargetFunction
        A mapping level → Σ of squared coefficients, which also knows the function's part
        in each level. Exact on the hypercube, for the values that f
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
        raise Unsupported(
            f"level powers on {domain}: a number is needed in place of its symbol"
        )
    f = f if callable(f) else function_of_values(f, domain)
    label = f.text if isinstance(f, WrittenFunction) else ""
    if domain.is_sphere and not domain.by_angle and isinstance(f, WrittenFunction):
        single = along_a_direction(f, domain)
        if single is not None:
            return single
    known = POWERS.get(domain.kind)
    powers = known(f, domain) if known is not None else _by_zonal_sums(f, domain)
    return TargetFunction(powers, domain, label, part=part_of(f, domain), function=f)


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
        raise OutOfDomain(f"kind = {kind!r} has level powers already")


def _by_zonal_sums(f: Callable[[Any], Any], domain: Domain) -> Powers:
    """‖P_k f‖² = (g_k/M²) Σ_{x,x'} f(x) f(x') zonal_k(t), where all points are listed."""
    vectors: Any = ()
    with suppress(Unsupported):
        vectors = domain.vectors()
    if not domain.addition_theorem or not 0 < len(vectors) <= MAX_LISTED:
        where = "numerics.targets.level_powers.register"
        raise Unsupported(
            nothing_registered(domain, "no level powers are registered", where)
        )
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
        raise Unsupported(f"level powers on {domain}: a zonal function is not rational")
    return _nonzero(powers)


def _rational_value(value: Any, where: Any) -> Rational:
    number = rational_value(value, f"f at {where}")
    return Rational(number.numerator, number.denominator)


def _on_hypercube(f: Callable[[Any], Any], d: int) -> dict[int, Rational]:
    coefficients = walsh(f, d)
    powers: dict[int, int] = {}
    levels = np.bitwise_count(np.arange(len(coefficients.totals)))
    for level, total in zip(levels, coefficients.totals, strict=True):
        powers[int(level)] = powers.get(int(level), 0) + total * total
    return _nonzero({k: _rational(x, coefficients.scale**2) for k, x in powers.items()})


def _on_circle(f: Callable[[Any], Any], points: int) -> dict[int, Rational]:
    if points > MAX_POINTS:
        raise Unsupported(
            f"level powers on circle:{points}; at most {MAX_POINTS} points are taken"
        )
    values = values_on_circle(f, points)
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
    found = {
        k: Fraction(p) for k, p in circle_powers(partial(values_on_circle, f)).items()
    }
    return {k: _rational(p.numerator, p.denominator) for k, p in found.items()}


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
