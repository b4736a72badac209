"""A function's part in each level, at points: by the transform that gave its powers.

Parts are computed when they are first asked for. On the cube they come from an exact
Walsh–Hadamard transform over the coordinates that the function depends on, on circles
from a fast Fourier transform, on the sphere from harmonic polynomials, and on other
domains from sums over the listed points.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isfinite, lcm, pi
from typing import Any

import numpy as np
from sympy import Rational

from numerics.targets.harmonic_powers import sphere_parts
from numerics.targets.written_functions import WrittenFunction
from numerics.targets.zonal_functions import cosines, zonal_values
from theory.errors import OutOfDomain, Unsupported
from theory.numbers import exact

MAX_DIMENSION = 20
FOURIER_POINTS = 1 << 14
MOST_PRODUCTS = 1 << 26
Function = Callable[[Any], Any]
Part = Callable[[int, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class WalshCoefficients:
    """Σ_x f(x) Π_(i in S) x_i for every set S of the coordinates that f depends on.

    Attributes
    ----------
    used
        These coordinates, from 0; bit i of S stands for ``used[i]``.
    totals
        Whole numbers, shape [2^m].
    scale
        What to divide them by to have coefficients.
    """

    used: tuple[int, ...]
    totals: np.ndarray
    scale: int


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


@lru_cache(maxsize=8)
def walsh(f: Function, d: int) -> WalshCoefficients:
    """The exact coefficients of a function on {±1}^d, for the values that it returns.

    Raises
    ------
    Unsupported
        When it depends on more than 20 coordinates.
    OutOfDomain
        When a value is not a finite real number.

    Examples
    --------
    >>> walsh(lambda x: x[0] * x[1], 2).totals.tolist()
    [0, 0, 0, 4]
    """
    used = f.used if isinstance(f, WrittenFunction) else tuple(range(d))
    if len(used) > MAX_DIMENSION:
        raise Unsupported(
            f"level powers on hypercube:{d} need 2^{len(used)} values; a function may "
            f"depend on at most {MAX_DIMENSION} coordinates"
        )
    corners = np.arange(1 << len(used))
    signs = 1 - 2 * ((corners[:, None] >> np.arange(len(used))) & 1)
    if isinstance(f, WrittenFunction):
        columns = {s: signs[:, place] for place, (_, s) in enumerate(f.symbols)}
        found = f.on(columns or {None: corners})  # type: ignore[dict-item]  # a number
    else:
        found = [f(corner) for corner in signs]
    values = [
        rational_value(v, f"f at {corner}")
        for v, corner in zip(found, signs, strict=True)
    ]
    common = lcm(*{value.denominator for value in values})
    scaled = [value.numerator * (common // value.denominator) for value in values]
    return WalshCoefficients(used, walsh_hadamard(scaled), common << len(used))


def rational_value(value: Any, where: str) -> Fraction:
    """What f returned, exactly; a float stands for its binary value.

    Raises
    ------
    OutOfDomain
        When it is not a finite real number.

    Examples
    --------
    >>> rational_value(0.5, "f at 1")
    Fraction(1, 2)
    """
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise OutOfDomain(f"{where} = {value} is not a finite number")
        return Fraction(value)
    number = exact(value, where)
    if isinstance(number, Rational):
        return Fraction(int(number.p), int(number.q))
    return rational_value(float(number), where)


def values_on_circle(f: Function, points: int) -> np.ndarray:
    """A function at the angles 2πj/M, in float64.

    Examples
    --------
    >>> values_on_circle(lambda theta: theta, 2).round(3).tolist()
    [0.0, 3.142]
    """
    if isinstance(f, WrittenFunction):
        return f.on_circle(points)
    angles = [2 * pi * j / points for j in range(points)]
    return np.array([float(rational_value(f(x), f"f at θ = {x}")) for x in angles])


def function_of_values(values: Any, domain: Any) -> Function:
    """The function that has these values on all points of a finite domain.

    Raises
    ------
    OutOfDomain
        When their number is not that of the points.
    Unsupported
        When the domain has infinitely many points, or does not list them.

    Examples
    --------
    >>> from theory import Hypercube
    >>> function_of_values([1, 2, 3, 4], Hypercube(2))([1, -1])
    2
    """
    if not getattr(domain.size, "is_Integer", False):
        raise Unsupported(
            f"values on {domain}: it has no finite number of points; give a function"
        )
    row = list(values)
    count = int(domain.size)
    if len(row) != count or any(np.ndim(v) for v in row):
        shape = np.shape(values) if not any(np.ndim(v) for v in row) else "rows"
        raise OutOfDomain(
            f"target: values of shape {shape}; {domain} has {count} points, one value each"
        )
    if domain.is_cube:
        weights = [1 << i for i in reversed(range(int(domain.d)))]
        bits = lambda x: sum(w for w, v in zip(weights, x, strict=True) if v < 0)
        return lambda x: row[bits(x)]
    if domain.by_angle:
        return lambda theta: row[round(float(theta) * count / (2 * pi)) % count]
    place = {tuple(map(float, x)): i for i, x in enumerate(domain.vectors())}
    return lambda x: row[place[tuple(map(float, x))]]


def part_of(f: Function, domain: Any) -> Part | None:
    """(level, points) → the function's part in the level there, or None: not known."""
    known = PARTS.get(domain.kind, _listed)
    made: list[Part] = []

    def part(level: int, x: np.ndarray) -> np.ndarray:
        if not made:
            made.append(known(f, domain))
        return made[0](level, x)

    return part


def _on_cube(f: Function, domain: Any) -> Part:
    found = walsh(f, int(domain.d))
    m = len(found.used)
    levels = np.bitwise_count(np.arange(1 << m))

    def part(level: int, x: np.ndarray) -> np.ndarray:
        sets = [int(s) for s in np.flatnonzero(levels == level) if found.totals[s]]
        if len(sets) * len(x) > MOST_PRODUCTS:
            raise Unsupported(
                f"a target of {len(sets)} products at {len(x)} points: take fewer points"
            )
        total = np.zeros(len(x))
        for s in sets:
            chosen = [found.used[i] for i in range(m) if s >> i & 1]
            wave = np.prod(x[:, chosen].astype(np.float64), axis=1)
            total += float(Fraction(found.totals[s], found.scale)) * wave
        return total

    return part


def _on_circle(f: Function, domain: Any) -> Part:
    finite = domain.size.is_finite
    points = int(domain.points) if finite else FOURIER_POINTS
    found = np.fft.rfft(values_on_circle(f, points)) / points

    def part(level: int, x: np.ndarray) -> np.ndarray:
        single = level == 0 or 2 * level == points
        wave = np.exp(1j * level * x.astype(np.float64))
        return (1 if single else 2) * np.real(found[level] * wave)

    return part


def _on_sphere(f: Function, domain: Any) -> Part:
    d = int(domain.d)
    harmonics = sphere_parts(f, d)

    def part(level: int, x: np.ndarray) -> np.ndarray:
        rows = x.astype(np.float64)
        rows = rows * np.sqrt(d / np.sum(rows**2, axis=1))[:, None]
        total = np.zeros(len(rows))
        for powers, value in harmonics.get(level, {}).items():
            total += float(value) * np.prod(rows ** np.array(powers), axis=1)
        return total

    return part


def _listed(f: Function, domain: Any) -> Part:
    points = np.array(domain.vectors(), dtype=object)
    values = np.array([float(f(x.astype(float))) for x in points])

    def part(level: int, x: np.ndarray) -> np.ndarray:
        t = cosines(domain, x, points, proved=False)
        zonal = zonal_values(domain, [level], t)[0]
        return float(domain.multiplicity(level)) * (zonal @ values) / len(values)

    return part


PARTS: dict[str, Callable[[Function, Any], Part]] = {
    "hypercube": _on_cube,
    "circle_points": _on_circle,
    "circle": _on_circle,
    "sphere": _on_sphere,
}
"""Kind of domain → how parts of a function are found; by listed points elsewhere."""
