"""Points of a domain, their cosines, and the zonal functions of its levels there.

The values are those of ``domain.zonal(k, t)``: by its three-term recurrence on circles and
spheres, in whole numbers on the hypercube, and by the domain's own expression elsewhere.
Cosines may be floats or balls.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import Symbol

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import build
from theory.errors import OutOfDomain, Unsupported
from theory.numbers import exact

COMPUTES = "theory.domains.Domain.zonal"
NORMS = 1e-9
"""Relative error of a point's norm that passes as rounding."""


def points_on(domain: Any, x: Any, argument: str = "x") -> tuple[np.ndarray, bool]:
    """Points as an array of objects or floats, and whether a single one was given.

    Parameters
    ----------
    domain
        A domain with numbers in it.
    x
        Angles on the circle; else vectors of the domain's dimension: corners ±1 of the
        cube, vectors of any norm on the sphere, whose directions count.

    Raises
    ------
    OutOfDomain
        When a point is none of the domain.

    Examples
    --------
    >>> from theory import Hypercube
    >>> points_on(Hypercube(3), [1, -1, 1])[0].shape
    (1, 3)
    """
    array = np.asarray(x)
    if array.dtype != object and array.dtype.kind not in "fiu":
        array = np.asarray(x, dtype=object)
    if array.dtype == object:
        flat = [exact(value, argument) for value in array.flat]
        array = np.array([*flat, None], dtype=object)[:-1].reshape(array.shape)
    elif not np.all(np.isfinite(array)):
        raise OutOfDomain(
            f"{argument} = {array[~np.isfinite(array)].flat[0]} is not a finite number"
        )
    least = 0 if domain.by_angle else 1
    if array.ndim not in (least, least + 1) or array.size == 0:
        what = "angles" if domain.by_angle else "vectors"
        raise OutOfDomain(
            f"{argument} has shape {array.shape}: {what} of points of {domain} are needed"
        )
    single = array.ndim == least
    array = array[None] if single else array
    if not domain.by_angle:
        _require_on(domain, array, argument)
    return array, single


def _require_on(domain: Any, array: np.ndarray, argument: str) -> None:
    width = int(domain.ambient) if domain.ambient is not None else array.shape[1]
    if array.shape[1] != width:
        raise OutOfDomain(
            f"{argument} has {array.shape[1]} coordinates; points of {domain} have {width}"
        )
    if domain.is_cube and not np.all((array == 1) | (array == -1)):
        bad = next(p for p in array if not np.all((p == 1) | (p == -1)))
        raise OutOfDomain(
            f"{argument} = {list(bad)} is no corner of {domain}: entries are 1 or -1"
        )
    if not np.all(np.any(array != 0, axis=1)):
        raise OutOfDomain(f"{argument}: the origin is no point of {domain}")


def cosines(domain: Any, x: np.ndarray, y: np.ndarray, *, proved: bool) -> np.ndarray:
    """The cosine of every pair, shape [x, y]: floats, or balls and fractions.

    Examples
    --------
    >>> from theory import Hypercube
    >>> x = np.array([[1, 1, -1, 1]])
    >>> cosines(Hypercube(4), x, -x, proved=False)
    array([[-1.]])
    """
    if domain.by_angle:
        gaps = x[:, None] - y[None, :]
        return _each(gaps, lambda v: ball(v).cos()) if proved else np.cos(_floats(gaps))
    if not proved:
        a, b = _floats(x), _floats(y)
        inner = a @ b.T
        norms = np.sqrt(np.sum(a * a, axis=1)[:, None] * np.sum(b * b, axis=1))
        return np.clip(inner / norms, -1.0, 1.0)
    a, b = (_each(v, fraction) for v in (x, y))
    found = np.empty((len(a), len(b)), dtype=object)
    for i, j in np.ndindex(found.shape):
        inner, square = a[i] @ b[j], (a[i] @ a[i]) * (b[j] @ b[j])
        found[i, j] = _over_root(inner, square)
    return found


def _over_root(inner: Any, square: Any) -> Any:
    root = arb(fmpq(square.numerator, square.denominator)).sqrt()
    whole = root.unique_fmpz()
    if whole is not None and int(whole) ** 2 == square:
        return fmpq(inner.numerator, inner.denominator) / fmpq(int(whole))
    return arb(fmpq(inner.numerator, inner.denominator)) / root


def zonal_values(domain: Any, levels: Sequence[int], t: np.ndarray) -> list[np.ndarray]:
    """The zonal function of every level at cosines, as ``domain.zonal`` defines it.

    Parameters
    ----------
    levels
        Levels of the domain, rising.
    t
        Cosines: float64, or objects (balls and exact rationals).

    Raises
    ------
    Unsupported
        When the domain's levels have no zonal functions.

    Examples
    --------
    >>> from theory import Hypersphere
    >>> zonal_values(Hypersphere(3), [0, 2], np.array([0.0, 1.0]))[1]
    array([-0.5,  1. ])
    """
    if not domain.addition_theorem:
        raise Unsupported(
            f"{domain}: without an addition theorem its levels have no zonal functions"
        )
    if domain.is_cube:
        return _on_cube(int(domain.d), levels, t)
    known = RECURRENCES.get(domain.kind)
    if known is None:
        return _by_expression(domain, levels, t)
    step = known(domain)
    wanted: set[int] = set(levels)
    rows: dict[int, Any] = {}
    before: Any = t * 0
    now: Any = t * 0 + 1
    for k in range(max(levels) + 1):
        if k in wanted:
            rows[k] = now
        a, b = (Fraction(1), Fraction(0)) if k == 0 else step(k)
        if t.dtype == object:
            a, b = fmpq(a.numerator, a.denominator), fmpq(b.numerator, b.denominator)
        else:
            a, b = float(a), float(b)
        before, now = now, t * now * a - before * b
    return [rows[k] for k in levels]


def _on_sphere(domain: Any) -> Callable[[int], tuple[Fraction, Fraction]]:
    d = int(domain.d)
    if d == 2:
        return _on_circle(domain)
    return lambda k: (Fraction(2 * k + d - 2, k + d - 2), Fraction(k, k + d - 2))


def _on_circle(_: Any) -> Callable[[int], tuple[Fraction, Fraction]]:
    return lambda _k: (Fraction(2), Fraction(1))


RECURRENCES: dict[str, Callable[[Any], Callable[[int], tuple[Fraction, Fraction]]]] = {
    "sphere": _on_sphere,
    "circle": _on_circle,
    "circle_points": _on_circle,
}
"""Kind → (a, b) of Z_{k+1} = a t Z_k − b Z_{k−1}, k ≥ 1 (DLMF, chapter 18.9)."""


def _on_cube(d: int, levels: Sequence[int], t: np.ndarray) -> list[np.ndarray]:
    """Krawtchouk polynomials of whole distances, in whole numbers."""
    distances = _each(t, lambda v: round(d * (1 - float(arb(v))) / 2))
    at = {h: _krawtchouk(d, h) for h in sorted(set(distances.flat))}
    proved = t.dtype == object
    rows = []
    for k in levels:
        count = comb(d, k)
        value = {
            h: fmpq(row[k], count) if proved else row[k] / count
            for h, row in at.items()
        }
        rows.append(_each(distances, value.__getitem__))
        if not proved:
            rows[-1] = rows[-1].astype(np.float64)
    return rows


def _krawtchouk(d: int, h: int) -> list[int]:
    row = [1, d - 2 * h]
    for k in range(1, d):
        row.append(((d - 2 * h) * row[k] - (d - k + 1) * row[k - 1]) // (k + 1))
    return row[: d + 1]


def _by_expression(domain: Any, levels: Sequence[int], t: np.ndarray) -> list:
    symbol = Symbol("t", real=True)
    arithmetic = BALLS if t.dtype == object else ARRAYS
    rows = []
    for k in levels:
        run = build(domain.zonal(k, symbol), arithmetic)
        value = lambda v, run=run: run({symbol: v})
        row = _each(t, value)
        rows.append(row if t.dtype == object else row.astype(np.float64))
    return rows


def first_mode(domain: Any, level: int, x: np.ndarray, *, proved: bool) -> np.ndarray:
    """The first mode of a level at points: what a target of given level powers is made of.

    The parity of the first k bits on the cube, √2 cos kθ on the circle, and elsewhere the
    zonal function about the first axis, or about the first point that the domain lists.

    Examples
    --------
    >>> from theory import Hypercube
    >>> first_mode(Hypercube(3), 2, np.array([[1, -1, -1]]), proved=False)
    array([-1.])
    """
    if domain.is_cube:
        row = np.prod(x[:, :level].astype(float), axis=1)
        return _each(row, lambda v: fmpq(int(v))) if proved else row
    count = domain.multiplicity(level)
    if domain.by_angle:
        scale = 1 if count == 1 else 2
        if proved:
            return _each(x, lambda v: arb(scale).sqrt() * (level * ball(v)).cos())
        return np.sqrt(scale) * np.cos(level * _floats(x))
    pole = _first_point(domain)
    row = zonal_values(domain, [level], cosines(domain, x, pole, proved=proved))[0][
        :, 0
    ]
    if proved:
        return _each(row, lambda v: arb(int(count)).sqrt() * v)
    return float(count) ** 0.5 * row


def _first_point(domain: Any) -> np.ndarray:
    if domain.is_sphere:
        return np.eye(1, int(domain.ambient), dtype=np.int64)
    vector = domain.vectors()[0]
    return np.array([[exact(v, "point") for v in vector]], dtype=object)


def ball(value: Any) -> arb:
    """A number of a point as a ball; floats and rationals exactly.

    Examples
    --------
    >>> float(ball(0.5))
    0.5
    """
    number = fraction(value)
    return arb(fmpq(number.numerator, number.denominator))


def fraction(value: Any) -> Fraction:
    """A number of a point, exactly; a float stands for its binary value.

    Raises
    ------
    Unsupported
        When it is irrational.
    """
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, int | float | Fraction):
        return Fraction(value)
    if getattr(value, "is_Rational", False):
        return Fraction(int(value.p), int(value.q))
    raise Unsupported(f"x = {value}: proved values are taken at rational points")


def _floats(array: np.ndarray) -> np.ndarray:
    return np.asarray(array).astype(np.float64)


def _each(array: np.ndarray, function: Callable[[Any], Any]) -> np.ndarray:
    found = np.empty(np.shape(array), dtype=object)
    for place in np.ndindex(found.shape):
        found[place] = function(array[place])
    return found
